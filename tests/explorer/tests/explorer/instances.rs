//! Which of the instances of an expression is meant, and what the page counts.

use super::{assert_quiet, line_of, open, texts};
use explorer_tests::browser::Browser;
use explorer_tests::functions::{
    busy_graph, dot_graph, greatest_graph, halved_graph, newton_graph, recurrence_graph, settled_graph,
    total_graph, two_layers_graph,
};
use serde_json::json;

/// The names or places of the nodes that the page marks when this text of the source is pointed at.
const MARKED: &str = "(text, k) => { const spans = listing.spans.filter(span => \
    model.sources[span.source].text.slice(span.start, span.end) === text); \
    return instancesOf(model, spans[k].nodes).map(index => labelOf(model, model.nodes[index])); }";

#[test]
fn an_expression_in_a_loop_is_that_of_the_present_iteration() {
    let Some(mut browser) = Browser::open("instances") else { return };
    for expanded in [0, 1] {
        // Four iterations of an addition and a product each.
        open(&mut browser, &recurrence_graph(&[1.0, 2.0, 3.0, 4.0]), &format!("expanded={expanded}&step=1"));
        for (step, value, sum) in [(1, "x[0]", "h"), (3, "x[1]", "h₁"), (7, "x[3]", "h₃")] {
            browser.eval(&format!("actions.go({step})"));
            assert_eq!(browser.eval(&format!("({MARKED})('value', 0)")), json!([value]), "step {step}");
            if step > 1 {
                assert_eq!(browser.eval(&format!("({MARKED})('h', 0)")), json!([sum]), "step {step}");
            }
        }
        // Backward, too: the last iteration comes first.
        browser.eval("actions.go(derived.timeline.steps.length - 1)");
        assert_eq!(browser.eval(&format!("({MARKED})('value', 0)")), json!(["x[0]"]));
        // A click pins the same node as is marked.
        browser.eval("actions.go(5)");
        let span = browser.eval(
            "listing.spans.findIndex(span => model.sources[0].text.slice(span.start, span.end) === 'value')",
        );
        browser.click(&format!(".span[data-span='{span}']"));
        assert_eq!(
            browser.eval("titleOf(model.nodes[state.selected])"),
            json!("x[2]"),
            "expanded: {expanded}"
        );
    }
    // Of a function that is called several times the call of the present step is meant.
    open(&mut browser, &two_layers_graph(-0.7, 1.5), "step=0");
    let spans =
        "listing.spans.find(span => model.sources[span.source].text.slice(span.start, span.end) === '-x')";
    for (call, value) in [(0, "1.05"), (1, "0.1815"), (2, "−1.5")] {
        let negated = browser.eval(&format!(
            "(() => {{ actions.go(derived.timeline.steps.findIndex(step => step.node !== undefined && \
             model.nodes[step.node].frames[0]?.loop === model.calls[{call}]) + 1); \
             return instancesOf(model, {spans}.nodes).map(index => format(derived.run.values[index])); }})()"
        ));
        assert_eq!(negated, json!([value]), "call {call}");
    }
    assert_quiet(&mut browser);
}

#[test]
fn a_variable_that_a_loop_carries_keeps_its_arrow() {
    let Some(mut browser) = Browser::open("carried") else { return };
    for expanded in [0, 1] {
        open(&mut browser, &busy_graph(0.4), &format!("expanded={expanded}&loop0=2"));
        let carried = browser.eval(
            "model.loops[0].iterations === 4 && model.nodes.filter(node => node.name === 'x' && node.frames[0]?.number === 0).every(({ index }) => \
             derived.view ?? drawn.edges.some(({ edge }) => edge.value === index && edge.whole && edge.uses.length > 8))",
        );
        assert_eq!(carried, json!(true), "expanded: {expanded}");
        assert!(texts(&mut browser, ".port text").iter().filter(|port| *port == "x").count() >= 2);
    }
    assert_quiet(&mut browser);
}

#[test]
fn iterations_are_counted_as_in_the_listing() {
    let Some(mut browser) = Browser::open("counts") else { return };
    let trace = halved_graph(37.0);
    let iterations = trace.loops()[0].iterations;
    assert!(trace.to_string().contains(&format!("{iterations} iterations")));
    open(&mut browser, &trace, "expanded=0");
    assert_eq!(browser.eval("model.loops[0].iterations"), json!(iterations));
    assert!(texts(&mut browser, ".frame-head .title").contains(&format!("iteration 1 of {iterations}")));
    assert!(texts(&mut browser, ".stack .title").contains(&format!("iter 2–{iterations}")));
    // Where the condition computes, it is asked once more than the body runs: that is no iteration.
    let trace = settled_graph(9.0);
    let iterations = trace.loops()[0].iterations;
    let line = line_of("while (x * x - a)");
    assert!(trace.to_string().contains(&format!("{iterations} iterations")), "{trace}");
    open(&mut browser, &trace, "expanded=0&step=1");
    assert!(texts(&mut browser, ".frame-head .title").contains(&format!("iteration 1 of {iterations}")));
    assert!(texts(&mut browser, ".stack .title").contains(&format!("iter 2–{iterations}")));
    browser.eval("actions.go(derived.timeline.forward)");
    let ended = format!("condition after {iterations} iterations");
    assert!(
        texts(&mut browser, ".frame-head .title").contains(&ended),
        "{:?}",
        texts(&mut browser, ".frame-head .title")
    );
    assert!(browser.text("#step").contains(&format!("{ended} (line {line})")), "{}", browser.text("#step"));
    assert_quiet(&mut browser);
}

#[test]
fn ports_and_operands_have_their_own_names() {
    let Some(mut browser) = Browser::open("names") else { return };
    let sorted = browser_sorted(&mut browser);
    assert_eq!(sorted, json!(["x[0]", "x[2]", "x[10]", "x[100]", "x[101]"]));
    open(&mut browser, &greatest_graph(&[1.0, 3.0, 2.0]), "step=1");
    let last = browser.eval("derived.timeline.steps.length - 1").as_u64().unwrap();
    for step in 0..=last {
        browser.eval(&format!("actions.go({step})"));
        let card = browser.text("#step");
        assert!(!card.contains("f64::max is a constant"), "{card}");
    }
    browser.eval("actions.go(derived.timeline.steps.length - 1)");
    assert!(browser.text("#step").contains("−∞ is a constant"), "{}", browser.text("#step"));
    assert_quiet(&mut browser);
}

fn browser_sorted(browser: &mut Browser) -> serde_json::Value {
    open(browser, &newton_graph(5.0, 3), "");
    browser.eval(
        "['x[101]', 'x[10]', 'x[2]', 'x[100]', 'x[0]'].map((name, index) => ({ ...model.nodes[0], name, index })).sort(byTitle).map(titleOf)",
    )
}

#[test]
fn the_present_step_stays_in_sight_when_loops_open_and_close() {
    let Some(mut browser) = Browser::open("expanding") else { return };
    open(&mut browser, &newton_graph(5.0, 12), "expanded=1&step=30");
    for _ in 0..3 {
        browser.press("e");
        let shown = browser.eval(
            "(() => { const box = drawn.boxes.find(box => box.index === derived.at.node && !box.chip).element.getBoundingClientRect(), \
             pane = document.getElementById('graph-scroll').getBoundingClientRect(); \
             return box.left >= pane.left - 1 && box.right <= pane.right + 1 && box.top >= pane.top - 1 && box.bottom <= pane.bottom + 1; })()",
        );
        assert_eq!(shown, json!(true));
        assert_eq!(browser.eval("state.step"), json!(30));
    }
    assert_quiet(&mut browser);
}

#[test]
fn long_sums_and_arrays_are_one_box_that_opens() {
    let Some(mut browser) = Browser::open("arrays") else { return };
    let xs: Vec<f64> = (0..120).map(|k| f64::from(k) * 0.5 - 10.0).collect();
    let trace = total_graph(&xs, 3.0);
    open(&mut browser, &trace, "");
    assert!(browser.eval("derived.picture.boxes.length").as_u64().unwrap() < 8);
    let titles = texts(&mut browser, ".stack .title");
    assert_eq!(titles, ["xs", "sum"]);
    assert_eq!(texts(&mut browser, ".stack .small"), ["120 numbers", "119 times +"]);
    assert_eq!(texts(&mut browser, ".stack .value"), ["−10 … 49.5", "2370"]);
    assert_eq!(texts(&mut browser, ".stack .gradient"), ["∂ 3", "∂ 3"]);
    // A closure's results that are summed are one arrow.
    open(&mut browser, &dot_graph(&xs, &xs), "");
    let boxes = browser.eval("derived.picture.boxes.length").as_u64().unwrap();
    assert!(boxes < 12, "{boxes} boxes");
    assert_eq!(browser.eval("derived.picture.edges.length < 20"), json!(true));
    open(&mut browser, &trace, "");
    // In the middle of the sum the box says how far the pass has come.
    browser.eval("actions.go(40)");
    assert!(texts(&mut browser, ".stack.current .small")[0].starts_with("40 of "));
    browser.eval("document.querySelector('.stack').focus()");
    browser.press("Enter");
    assert!(browser.eval("derived.picture.boxes.length").as_u64().unwrap() > 120);
    browser.eval("document.querySelector('[data-key=\"array0 −\"]').focus()");
    browser.press("Enter");
    assert!(browser.eval("derived.picture.boxes.length").as_u64().unwrap() < 8);
    assert_quiet(&mut browser);
}
