//! The explorer's pages in a real browser: what a reader points at, presses and reads, against the engine.

mod calls;
mod diagnostics;
mod forward;
mod inputs;
mod instances;
mod linked;
mod modes;
mod navigation;
mod page;
mod passes;
mod views;

use explorer_tests::browser::Browser;
use explorer_tests::functions::{
    busy_graph, constant_graph, continued_graph, dense_graph, dot_graph, greatest_graph, halved_graph,
    layered_graph, leaning_graph, neuron_graph, newton_graph, root_graph, scaled_graph, settled_graph,
    shared_graph, softened_graph, spring_graph, total_graph, two_layers_graph, unchanged_graph,
    variance_graph,
};
use gradus::Trace;
use serde_json::{Value, json};

/// A page of a trace, opened at a fragment.
fn open(browser: &mut Browser, trace: &Trace, fragment: &str) {
    browser.load(&trace.to_html().expect("small enough"), fragment);
}

/// A trace of every kind of function.
fn every_kind() -> Vec<Trace> {
    vec![
        lecture(),
        shared_graph(1.5),
        newton_graph(5.0, 3),
        spring_graph(1.5, 0.2, 1.0),
        layered_graph(&[0.3, -0.2, 0.5], 0.7),
        leaning_graph(0.5, 1.2),
        scaled_graph(3.0, 4.0),
        root_graph(2.0),
        variance_graph(&[1.0, 2.5, -0.5, 4.0, 0.25]),
        halved_graph(37.0),
        continued_graph(0.5, 6),
        softened_graph(3.0, 1.0),
        unchanged_graph(3.0),
        constant_graph(3.0, 1),
        two_layers_graph(-0.7, 1.5),
        total_graph(&hundred(), 3.0),
        dot_graph(&hundred(), &hundred()),
        dense_graph([[0.1, -0.2, 0.3], [0.4, 0.5, -0.6]], [1.0, 2.0, 3.0]),
        busy_graph(0.4),
        settled_graph(9.0),
        greatest_graph(&[1.0, 3.0, 2.0]),
    ]
}

/// A hundred numbers and more, none of them 0.
fn hundred() -> Vec<f64> {
    (0..120).map(|k| f64::from(k) * 0.5 - 10.25).collect()
}

fn lecture() -> Trace {
    neuron_graph(2.0, 0.0, -3.0, 1.0, 6.881373587019543)
}

fn numbers(value: &Value) -> Vec<f64> {
    value.as_array().expect("a list").iter().map(|number| number.as_f64().expect("a number")).collect()
}

fn engine_gradients(trace: &Trace) -> Vec<f64> {
    trace.graph().nodes().map(|node| node.grad()).collect()
}

/// The texts of all elements that a selector finds.
fn texts(browser: &mut Browser, selector: &str) -> Vec<String> {
    let script =
        format!("[...document.querySelectorAll({})].map(element => element.textContent)", json!(selector));
    let found = browser.eval(&script);
    found.as_array().expect("a list").iter().map(|text| text.as_str().expect("text").to_owned()).collect()
}

/// The line of the functions' file that contains a text.
fn line_of(text: &str) -> usize {
    let file = include_str!("../../src/functions.rs");
    1 + file.lines().position(|line| line.contains(text)).expect("a line of the functions' file")
}

fn assert_quiet(browser: &mut Browser) {
    assert_eq!(browser.complaints(), [""; 0], "the console is empty, and nothing was requested");
}

fn assert_close(computed: f64, exact: f64, what: &str) {
    assert!((computed - exact).abs() <= 1e-12 * exact.abs().max(1e-3), "{what}: {computed} is not {exact}");
}
