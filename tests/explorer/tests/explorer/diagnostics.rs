//! What the page says of a gradient: the first NaN, inputs without effect, the paths that contribute most.

use super::{assert_quiet, lecture, line_of, open, texts};
use explorer_tests::browser::Browser;
use explorer_tests::functions::{layered_graph, leaning_graph, logs_graph, shared_graph, spring_graph};
use serde_json::json;

#[test]
fn the_overview_says_where_the_first_nan_appears() {
    let Some(mut browser) = Browser::open("nan") else { return };
    let trace = logs_graph(0.5, 2.0);
    open(&mut browser, &trace, "");
    let found = browser.text("#step .finding.wrong");
    let expected = "The first NaN appears in the forward pass: ln(−0.5) = NaN";
    assert!(
        found.starts_with(expected) && found.contains(&format!("line {}:", line_of("shifted.ln()"))),
        "{found}"
    );
    // The same node as the engine names.
    let node = trace.first_non_finite().expect("a NaN").node.index();
    assert_eq!(browser.eval("firstNonFinite(model).node"), json!(node));
    browser.click("#step .finding.wrong");
    assert_eq!(browser.eval("state.selected"), json!(node));

    // Other inputs, other findings: at x = 1 the logarithm is −∞, at 2 all is well.
    browser.eval("actions.change(0, 1)");
    assert!(browser.text("#step .finding.wrong").contains("ln(0) = −∞"), "{}", browser.text("#step"));
    browser.eval("actions.change(0, 2)");
    assert_eq!(texts(&mut browser, "#step .finding.wrong"), [""; 0]);
    assert_quiet(&mut browser);
}

#[test]
fn inputs_without_effect_are_named_with_the_reason() {
    let Some(mut browser) = Browser::open("dead") else { return };
    for trace in
        [logs_graph(3.0, 2.0), leaning_graph(0.5, 1.2), lecture(), shared_graph(1.5), shared_graph(0.0)]
    {
        open(&mut browser, &trace, "");
        let told: Vec<String> = trace.dead_inputs().iter().map(|dead| format!("No effect: {dead}")).collect();
        assert_eq!(texts(&mut browser, "#step .finding:not(.row):not(.wrong)"), told, "{trace:?}");
    }
    open(&mut browser, &logs_graph(3.0, 2.0), "");
    assert_eq!(texts(&mut browser, "#step .finding"), ["No effect: `_unused`: no operation uses it"]);
    assert_quiet(&mut browser);
}

#[test]
fn the_largest_paths_are_those_of_the_engine() {
    let Some(mut browser) = Browser::open("paths") else { return };
    let traces = [
        (lecture(), vec![("x1", 0), ("b", 4)]),
        (shared_graph(1.5), vec![("a", 0)]),
        (layered_graph(&[0.3, -0.2, 0.5], 0.7), vec![("x", 3)]),
        (spring_graph(1.5, 0.2, 1.0), vec![("k", 0), ("x0", 2)]),
    ];
    for (trace, inputs) in traces {
        open(&mut browser, &trace, "");
        for (name, node) in inputs {
            let exact = trace.contributions(name);
            let shown = browser.eval(&format!("largestPaths(model, {node})"));
            let close = |a: f64, b: f64| (a - b).abs() <= 1e-9 * b.abs();
            assert!(close(shown["magnitude"].as_f64().unwrap(), exact.magnitude), "{name} of {trace:?}");
            for (path, exact) in shown["paths"].as_array().unwrap().iter().zip(&exact.largest) {
                assert!(
                    close(path["value"].as_f64().unwrap().abs(), exact.value.abs()),
                    "{name}: {path} {exact:?}"
                );
            }
        }
    }
    // y = b·b + b with b = a·a has six paths from a; those by b·b are worth 2.25 · 1.5 each, the other two 1.5.
    open(&mut browser, &shared_graph(1.5), "select=0");
    assert_eq!(texts(&mut browser, "#node .paths b"), ["3.375", "3.375", "3.375", "3.375", "1.5"]);
    assert!(texts(&mut browser, "#node .paths li")[0].contains("20.5 %  a → b → b * b → out"));
    browser.point_at("#node .paths li");
    assert_eq!(browser.eval("state.hovered.length"), json!(4), "the path is marked");
    assert_quiet(&mut browser);
}
