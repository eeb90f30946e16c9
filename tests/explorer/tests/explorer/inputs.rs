//! Inputs that change: agreement with the engine, or a warning.

use super::{assert_close, assert_quiet, engine_gradients, lecture, line_of, numbers, open, texts};
use explorer_tests::browser::Browser;
use explorer_tests::functions::{
    layered_graph, leaning_graph, neuron_graph, root_graph, scaled_graph, softened_graph, spring_graph,
};
use gradus::{Differentiable, Trace, differentiable};
use serde_json::json;

#[test]
fn sliders_agree_with_the_engine() {
    let Some(mut browser) = Browser::open("sliders") else { return };
    let original = [2.0, 0.0, -3.0, 1.0, 6.881373587019543];
    open(&mut browser, &lecture(), "");
    // The sliders end at numbers near the recorded ones; the fields beside them take any.
    for (field, inputs) in [("slider", [1.25, 0.5, -0.3, 2.0, 0.1]), ("number", [-2.0, 30.0, 0.7, 0.2, -1.0])]
    {
        for (index, value) in inputs.iter().enumerate() {
            browser.eval(&format!(
                "(() => {{ const field = fields.rows[{index}].{field}; field.value = {value}; \
                 field.dispatchEvent(new Event('input')); }})()"
            ));
        }
        let [x1, x2, w1, w2, b] = inputs;
        compare(&mut browser, &neuron_graph(x1, x2, w1, w2, b), "neuron");
    }
    browser.click("#reset");
    assert_eq!(numbers(&browser.eval("fields.rows.map(row => row.number.valueAsNumber)")), original);
    assert_eq!(numbers(&browser.eval("[...derived.at.gradients]")), engine_gradients(&lecture()));

    open(&mut browser, &spring_graph(1.5, 0.2, 1.0), "node0=2.5&node1=0.05&node2=-0.4");
    compare(&mut browser, &spring_graph(2.5, 0.05, -0.4), "spring");
    open(&mut browser, &layered_graph(&[0.3, -0.2, 0.5], 0.7), "node1=0.45&node3=1.1");
    compare(&mut browser, &layered_graph(&[0.3, 0.45, 0.5], 1.1), "layered");
    assert_quiet(&mut browser);
}

/// The page's values and gradients against those of a trace.
fn compare(browser: &mut Browser, trace: &Trace, what: &str) {
    let values = numbers(&browser.eval("derived.run.values"));
    let gradients = numbers(&browser.eval("[...derived.right.gradients]"));
    assert_eq!(values.len(), trace.graph().len());
    for (node, (value, gradient)) in trace.graph().nodes().zip(values.into_iter().zip(gradients)) {
        assert_close(value, node.data(), what);
        assert_close(gradient, node.grad(), what);
    }
}

#[test]
fn another_path_is_a_warning_and_no_numbers() {
    let Some(mut browser) = Browser::open("guards") else { return };
    open(&mut browser, &leaning_graph(0.5, 1.2), "");
    assert_eq!(browser.eval("document.getElementById('warning').hidden"), json!(true));
    // The branch that was not taken is dimmed.
    assert_eq!(texts(&mut browser, ".span.unused"), ["{ 2.0 * z - 1.0 }"]);

    // 0.5 · 3 is not less than 1: the numbers are typed into the field, as a reader does.
    browser.eval("fields.rows[1].number.select()");
    browser.click(".input:nth-child(2) input[type=number]");
    browser.eval("fields.rows[1].number.select()");
    browser.type_text("3");
    let warning = browser.text("#warning");
    let expected = format!("With y = 3, `z < 1.0` (line {}) is false, where it was true", line_of("z < 1.0"));
    assert!(warning.contains(&expected), "{warning}");
    assert_eq!(browser.eval("document.getElementById('warning').hidden"), json!(false));
    assert_eq!(
        browser.text("[data-key='node 2'] .value"),
        "1.5",
        "what comes before the comparison still holds"
    );
    assert_eq!(browser.text("[data-key='node 3'] .value"), "?");
    assert_eq!(texts(&mut browser, "#graph .gradient"), [""; 5]);

    browser.click("#reset");
    assert_eq!(browser.eval("document.getElementById('warning').hidden"), json!(true));
    assert_eq!(browser.text("[data-key='node 3'] .value"), "0.36");

    open(&mut browser, &scaled_graph(3.0, 4.0), "node0=2");
    let warning = browser.text("#warning");
    assert!(warning.contains("stop_gradient turned its number into plain data"), "{warning}");
    open(&mut browser, &scaled_graph(3.0, 4.0), "node1=2");
    assert_eq!(browser.text("#warning"), "", "y is not cut");

    // An operation of the user's own is recorded, but cannot be computed anew; what does not hang on it can.
    open(&mut browser, &softened_graph(3.0, 1.0), "node0=5");
    let warning = browser.text("#warning");
    assert!(warning.contains("`softabs`") && warning.contains("an operation of your own"), "{warning}");
    open(&mut browser, &softened_graph(3.0, 1.0), "node1=5");
    compare(&mut browser, &softened_graph(3.0, 5.0), "softened");
    assert_eq!(browser.text("#warning"), "", "y does not go into it");

    // An assertion changes no number; it may fail.
    open(&mut browser, &root_graph(4.0), "node0=9");
    let note = browser.text("#warning");
    assert!(note.contains("the function may panic"), "{note}");
    assert_eq!(browser.text("[data-key='node 1'] .value"), "3");
    assert_quiet(&mut browser);
}

#[derive(Clone, Copy, Differentiable)]
struct Vec2 {
    x: f64,
    y: f64,
}

#[derive(Clone, Copy, Differentiable)]
struct Body {
    velocity: Vec2,
    mass: f64,
}

#[differentiable]
fn energy(body: Body, factor: f64) -> f64 {
    let v = body.velocity;
    factor * body.mass * (v.x * v.x + v.y * v.y)
}

/// The fields of a struct are named by their paths, in which their own names stand out; a new part begins at a distance.
#[test]
fn numbers_of_structs_are_named_and_grouped() {
    let Some(mut browser) = Browser::open("structs") else { return };
    let body = Body { velocity: Vec2 { x: 3.0, y: 4.0 }, mass: 2.0 };
    open(&mut browser, &energy_graph(body, 0.5), "");
    let rows = browser.eval(
        "[...document.querySelectorAll('#inputs-list .input')].map(row => \
         [row.querySelector('.path')?.textContent ?? '', row.querySelector('b').textContent, row.classList.contains('first')])",
    );
    let expected = json!([
        ["body.velocity.", "body.velocity.x", true],
        ["body.velocity.", "body.velocity.y", false],
        ["body.", "body.mass", true],
        ["", "factor", false],
    ]);
    assert_eq!(rows, expected);
    let boxes = browser.eval(
        "[...document.querySelectorAll('.box.input')].map(box => box.querySelector('text').textContent).sort()",
    );
    assert_eq!(boxes, json!(["body.mass", "body.velocity.x", "body.velocity.y", "factor"]));
    let overview = browser.eval(
        "[...document.querySelectorAll('table.overview td:first-child')].map(cell => cell.textContent)",
    );
    assert_eq!(overview, json!(["body.velocity.x", "body.velocity.y", "body.mass", "factor"]));
    // The field is the number, with its gradient.
    browser.eval("actions.change(0, 1)");
    assert_eq!(browser.eval("derived.right.gradients[1]"), json!(8));
    assert_eq!(browser.eval("derived.right.gradients[2]"), json!(8.5));
    assert_quiet(&mut browser);
}
