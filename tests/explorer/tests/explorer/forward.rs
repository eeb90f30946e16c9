//! Forward mode, and second derivatives.

use super::{assert_quiet, every_kind, lecture, open, texts};
use explorer_tests::browser::Browser;
use explorer_tests::functions::{newton_graph, shared_graph, two_layers_graph};
use gradus::Trace;
use serde_json::{Value, json};

fn numbers(value: &Value) -> Vec<f64> {
    value.as_array().expect("a list").iter().map(|one| one.as_f64().expect("a number")).collect()
}

fn assert_close(page: &[f64], engine: &[f64], what: &str) {
    assert_eq!(page.len(), engine.len(), "{what}");
    for (page, engine) in page.iter().zip(engine) {
        assert!((page - engine).abs() <= 1e-9 * engine.abs().max(1.0), "{what}: {page}, not {engine}");
    }
}

/// The nodes of the arguments.
fn inputs(trace: &Trace) -> Vec<usize> {
    trace.inputs().iter().flat_map(|input| input.nodes.clone()).collect()
}

#[test]
fn tangents_travel_with_the_values() {
    let Some(mut browser) = Browser::open("tangents") else { return };
    open(&mut browser, &lecture(), "");
    browser.press("g");
    assert_eq!(
        browser.eval("[state.tangents, state.overview, derived.timeline.steps.length]"),
        json!([true, true, 6])
    );
    assert_eq!(browser.text("#directions"), "tangents along x1x2w1w2b");
    assert_eq!(browser.eval("byId('along').selectedOptions[0].textContent"), json!("x1"));
    assert!(browser.text("#step").contains("d out / d x1 = −1.5"), "{}", browser.text("#step"));
    assert_eq!(browser.text("[data-key='node 0'] .gradient"), "d 1");
    assert_eq!(browser.text("#flow"), "d: tangent");
    // A step has the tangent beside the value, and the factor on the arrow.
    browser.press("Home");
    assert_eq!(texts(&mut browser, ".box:not(.input) .gradient")[0], "", "nothing is known yet");
    browser.press("ArrowRight");
    let card = browser.text("#step");
    for part in ["= (−3) × 2 = −6", "d(w1 * x1) = ", " × d(x1)", "(−3) × 1"] {
        assert!(card.contains(part), "no {part} in {card}");
    }
    assert!(texts(&mut browser, ".labels text").contains(&"×−3".to_owned()));
    browser.press("End");
    assert!(browser.text("#step").contains("= 0.5 × (−3) = −1.5"), "{}", browser.text("#step"));
    // Another input moves.
    browser.eval("(() => { const select = byId('along'); select.value = '2'; select.dispatchEvent(new Event('change')); })()");
    assert!(browser.text("#step").contains("= 0.5 × 2 = 1"), "{}", browser.text("#step"));
    browser.wait_for("location.hash.includes('tangents=1') && location.hash.includes('along=2')");
    let fragment = browser.eval("location.hash.slice(1)");
    open(&mut browser, &lecture(), fragment.as_str().unwrap());
    assert_eq!(browser.eval("[state.tangents, state.along, state.step]"), json!([true, 2, 5]));
    // Questions and mistakes are those of the reverse pass.
    browser.press("p");
    assert_eq!(browser.eval("[state.tangents, state.predict]"), json!([false, true]));
    browser.press("p");
    browser.press("g");
    browser.press("m");
    assert_eq!(browser.eval("[state.tangents, state.mistake]"), json!([false, "assign"]));
    browser.press("g");
    assert_eq!(browser.eval("[state.tangents, state.mistake]"), json!([true, null]));
    browser.press("g");
    browser.press("o");
    assert_eq!(browser.text("[data-key='node 0'] .gradient"), "∂ −1.5");
    assert_quiet(&mut browser);
}

#[test]
fn tangents_are_the_engine_s() {
    let Some(mut browser) = Browser::open("jvp") else { return };
    for trace in every_kind() {
        open(&mut browser, &trace, "tangents=1");
        let graph = trace.graph();
        let values: Vec<_> = graph.nodes().map(gradus::graph::Node::value).collect();
        for along in inputs(&trace).into_iter().take(6) {
            browser.eval(&format!("actions.along({along})"));
            let page = numbers(&browser.eval("[...derived.tangents.tangents]"));
            assert_close(
                &page,
                &graph.jvp(&values, &[(values[along], 1.0)]),
                &format!("{trace:?} along {along}"),
            );
        }
    }
    assert_quiet(&mut browser);
}

#[test]
fn second_derivatives_are_the_engine_s() {
    let Some(mut browser) = Browser::open("hvp") else { return };
    for trace in every_kind() {
        let graph = trace.graph();
        // Of an operation that is not in the table the page knows no second derivative, and shows none.
        if graph.nodes().any(|node| node.op() == gradus::Op::Custom) {
            continue;
        }
        open(&mut browser, &trace, "");
        let [gradus::graph::Operand::Node(root)] = trace.outputs() else { continue };
        let root = graph.node(*root).value();
        let nodes = inputs(&trace);
        let values: Vec<_> = nodes.iter().map(|&node| graph.node(node).value()).collect();
        for (at, along) in nodes.iter().enumerate().take(6) {
            let page = browser.eval(&format!(
                "(() => {{ const moves = secondOf(model, derived.run, derived.roots, {along}); return {}.map(index => moves[index]); }})()",
                json!(nodes)
            ));
            let mut direction = vec![0.0; nodes.len()];
            direction[at] = 1.0;
            assert_close(
                &numbers(&page),
                &graph.hvp(root, &values, &direction),
                &format!("{trace:?} along {along}"),
            );
        }
    }
    assert_quiet(&mut browser);
}

#[test]
fn the_card_of_an_input_has_its_curvature() {
    let Some(mut browser) = Browser::open("curvature") else { return };
    // y = a⁴ + a² at 1.5: y″ = 12 a² + 2.
    open(&mut browser, &shared_graph(1.5), "select=0");
    let card = browser.text("#node");
    assert!(card.contains("curvature d²out/da² = 29"), "{card}");
    assert!(card.contains("its gradient 16.5 would change by about 0.29"), "{card}");
    assert_eq!(browser.eval("document.querySelectorAll('.curvature .spark circle').length"), json!(1));
    // Of an input that stands in products with others, what these gradients change by.
    open(&mut browser, &lecture(), "select=0");
    let card = browser.text("#node");
    assert!(card.contains("What other gradients change by, for each unit of x1:w1.grad"), "{card}");
    // Not before the pass has ended, not where the answers are asked for, and not of other nodes.
    for (trace, fragment) in [
        (lecture(), "select=0&step=7"),
        (lecture(), "select=0&predict=1"),
        (lecture(), "select=0&mistake=assign"),
        (two_layers_graph(0.7, 1.5), "select=4"),
        (newton_graph(5.0, 80), "select=0"),
    ] {
        open(&mut browser, &trace, fragment);
        assert!(!browser.text("#node").contains("curvature"), "{trace:?}, {fragment}");
    }
    assert_quiet(&mut browser);
}
