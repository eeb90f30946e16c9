//! Calls as frames: folded and unfolded, with their results and their path.

use super::{assert_quiet, line_of, open, texts};
use explorer_tests::browser::Browser;
use explorer_tests::functions::{continued_graph, layered_graph, two_layers_graph};
use serde_json::json;

#[test]
fn a_call_is_a_frame_that_folds() {
    let Some(mut browser) = Browser::open("calls") else { return };
    open(&mut browser, &two_layers_graph(-0.7, 1.5), "");
    let titles = ["first = sigmoid(w * x)", "sigmoid(w * first)", "sigmoid(x)"];
    assert_eq!(texts(&mut browser, ".frame-head .title"), titles);
    browser.eval("document.querySelector('[data-key=\"call0 −\"]').focus()");
    browser.press("Enter");
    assert_eq!(texts(&mut browser, ".frame-head .title"), titles[1..]);
    assert_eq!(texts(&mut browser, ".stack .title"), [titles[0]]);
    // σ(−1.05) = 0.2592, not the argument.
    assert_eq!(browser.text(".stack .value"), "0.2592");
    browser.wait_for("location.hash.includes('call0=0')");
    let fragment = browser.eval("location.hash.slice(1)");
    open(&mut browser, &two_layers_graph(-0.7, 1.5), fragment.as_str().unwrap());
    assert_eq!(texts(&mut browser, ".stack .title"), [titles[0]]);
    browser.eval("document.querySelector('.stack').focus()");
    browser.press(" ");
    assert_eq!(texts(&mut browser, ".frame-head .title"), titles, "Space opens what it is on");
    assert_eq!(browser.eval("state.playing"), json!(null));
    // A step into a folded call opens it.
    browser.press("Home");
    browser.eval("actions.iteration(model.calls[0], -1)");
    browser.press("ArrowRight");
    assert_eq!(texts(&mut browser, ".stack .title"), [titles[0]]);
    browser.press("ArrowRight");
    assert_eq!(texts(&mut browser, ".stack .title"), [""; 0]);
    let step = browser.text("#step");
    let called = format!("in sigmoid, called from line {}", line_of("let first = sigmoid"));
    assert!(step.contains(&called), "{step}");
    assert_quiet(&mut browser);
}

#[test]
fn the_line_of_a_call_shows_its_result() {
    let Some(mut browser) = Browser::open("results-of-calls") else { return };
    open(&mut browser, &two_layers_graph(-0.7, 1.5), "");
    let ghost = |browser: &mut Browser, line: usize| {
        browser.eval(&format!(
            "listing.lines.find(one => one.source === 0 && one.line === {line}).ghost.textContent"
        ))
    };
    let shown = ghost(&mut browser, line_of("let first = sigmoid"));
    assert!(shown.as_str().unwrap().starts_with("first = 0.2592 ∂"), "{shown}");
    // Before the call has returned, the line has its argument alone.
    browser.eval("actions.go(1)");
    assert!(
        ghost(&mut browser, line_of("let first = sigmoid")).as_str().unwrap().starts_with("w * x = −1.05")
    );
    // In a loop, the line has the result of the iteration that is looked at.
    open(&mut browser, &layered_graph(&[0.3, -0.2, 0.5], 0.7), "step=12&expanded=0");
    let shown = ghost(&mut browser, line_of("h = squashed(s)"));
    assert!(shown.as_str().unwrap().starts_with("#1 h = "), "{shown}");
    // Pointing at the call marks its result.
    open(&mut browser, &two_layers_graph(-0.7, 1.5), "");
    let marked = browser.eval(
        "(() => { const span = listing.spans.find(span => model.sources[span.source].text.slice(span.start, span.end) === 'sigmoid(w * x)'); \
         return instancesOf(model, span.nodes).map(index => format(derived.run.values[index])); })()",
    );
    assert_eq!(marked, json!(["0.2592"]));
    assert_quiet(&mut browser);
}

#[test]
fn a_recursion_has_a_path_that_can_be_read() {
    let Some(mut browser) = Browser::open("recursion") else { return };
    open(&mut browser, &continued_graph(0.5, 12), "step=1");
    let path = browser.text("#step .heading");
    assert!(
        path.contains(&format!(
            "in continued, called from line {} (11 deep)",
            line_of("1.0 / (1.0 + continued")
        )),
        "{path}"
    );
    assert!(path.matches("called from").count() == 1, "{path}");
    let depth = browser.eval("derived.picture.frames.length");
    assert_eq!(depth, json!(11), "a frame for each call that computes");
    assert_quiet(&mut browser);
}

#[test]
fn a_deep_recursion_is_drawn_too() {
    let Some(mut browser) = Browser::open("deep") else { return };
    let trace = continued_graph(0.5, 900);
    assert!(trace.graph().len() > 1700);
    open(&mut browser, &trace, "");
    assert!(browser.eval("derived.picture.boxes.length").as_u64().unwrap() < 20, "calls are closed");
    let times = browser.eval(
        "[1, 2, 700, 1500, derived.timeline.forward].map(step => { const start = performance.now(); actions.go(step); \
         return [performance.now() - start, drawn.boxes.length, derived.picture.frames.length]; })",
    );
    println!("[ms, boxes, frames] at five steps: {times}");
    for step in times.as_array().unwrap() {
        assert!(step[0].as_f64().unwrap() < 500.0, "{times}");
        assert!(step[1].as_u64().unwrap() < 40, "{times}");
    }
    // In the middle of it the innermost calls are frames; those around them are summed up.
    browser.eval("actions.go(1)");
    assert_eq!(browser.eval("derived.picture.frames.length"), json!(4));
    assert_eq!(texts(&mut browser, ".stack .title"), ["895 calls of continued"]);
    browser.click(".stack");
    assert_eq!(browser.eval("derived.picture.frames.length"), json!(4), "the calls further out");
    assert!(texts(&mut browser, ".stack .title").contains(&"891 calls of continued".to_owned()));
    browser.press("o");
    assert_eq!(browser.eval("derived.picture.frames.length"), json!(0));
    assert_quiet(&mut browser);
}
