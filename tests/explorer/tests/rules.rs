//! The page computes with the engine's own table: every operation, over many operands, agrees with Rust.

use explorer_tests::browser::Browser;
use gradus::graph::Operand;
use gradus::rt::apply;
use gradus::trace::{Input, Source, Trace};
use gradus::{Graph, Op};
use serde_json::{Value, json};

static SOURCE: Source =
    Source { function: "everything", file: "everything.rs", line: 1, column: 1, text: "", adjoint: "" };

/// A trace in which every operation occurs once.
fn everything() -> Trace {
    let graph = Graph::new();
    let operands = [0.5, 0.25, 0.75].map(|number| graph.value(number));
    for &op in Op::ALL {
        match op.arity() {
            1 => drop(apply(op, [operands[0]], None)),
            2 => drop(apply(op, [operands[0], operands[1]], None)),
            3 => drop(apply(op, operands, None)),
            _ => {}
        }
    }
    let input = Input { name: "x", nodes: vec![0, 1, 2] };
    let last = Operand::Node(graph.len() - 1);
    Trace::new(graph, &SOURCE, vec![input], vec![last])
}

/// Ordinary numbers of many sizes, kinks, jumps, ties, and what is no number.
const NUMBERS: [f64; 37] = [
    0.0,
    -0.0,
    1.0,
    -1.0,
    0.5,
    -0.5,
    1.5,
    2.5,
    -2.5,
    2.0,
    3.0,
    -3.0,
    0.49999999999999994,
    0.1,
    -0.3,
    0.7,
    -0.999,
    0.999,
    1e-3,
    1e-9,
    -1e-9,
    1e-300,
    7.25,
    -11.75,
    30.0,
    -30.0,
    100.125,
    -745.5,
    710.5,
    1e6,
    -1e6,
    1e15,
    1e200,
    -1e200,
    f64::INFINITY,
    f64::NEG_INFINITY,
    f64::NAN,
];

/// Every choice of so many operands that the operation takes without a panic.
fn choices(op: Op) -> Vec<Vec<f64>> {
    let mut all: Vec<Vec<f64>> = vec![vec![]];
    for place in 0..op.arity() {
        // Three operands at a time are many: every second number will do for the third.
        let step = if place == 2 { 2 } else { 1 };
        let numbers = NUMBERS.iter().step_by(step);
        all = numbers
            .flat_map(|&number| all.iter().map(move |given| [&given[..], &[number]].concat()))
            .collect();
    }
    match op {
        // The exponent of `powi` is an `i32`.
        Op::Powi => all.retain(|given| given[1].fract() == 0.0 && given[1].abs() < 1e9),
        // As in the standard library, bounds must be in order.
        Op::Clamp => all.retain(|given| given[1] <= given[2]),
        _ => {}
    }
    all
}

fn number(value: &Value) -> f64 {
    value.as_f64().or_else(|| value.as_str()?.parse().ok()).expect("a number")
}

fn agree(page: f64, engine: f64) -> bool {
    page == engine || (page.is_nan() && engine.is_nan()) || (page - engine).abs() <= 1e-12 * engine.abs()
}

#[test]
fn every_rule_agrees_with_the_engine() {
    let Some(mut browser) = Browser::open("rules") else { return };
    browser.load(&everything().to_html().expect("a small graph"), "");
    let mut compared = 0;
    for &op in Op::ALL.iter().filter(|op| op.arity() > 0) {
        let choices = choices(op);
        let texts: Vec<Vec<String>> =
            choices.iter().map(|given| given.iter().map(f64::to_string).collect()).collect();
        let answers = browser.eval(&format!(
            "(() => {{ const operation = model.operations[{}], active = [true, true, true]; \
             const text = value => Number.isFinite(value) ? value : String(value).replace('Infinity', 'inf'); \
             return {}.map(texts => {{ const operands = texts.map(text => Number(text.replace('inf', 'Infinity'))); \
             const y = operation.value(operands); \
             const seconds = operation.seconds(operands, y); \
             const curved = active.flatMap((_, k) => active.map((_, j) => seconds.find(([one, other]) => one === k && other === j)?.[2] ?? 0)); \
             return [y, ...operation.partials(operands, y, active), ...curved].map(text); }}); }})()",
            json!(op.name()),
            json!(texts)
        ));
        let answers = answers.as_array().expect("a list");
        assert_eq!(answers.len(), choices.len());
        for (given, answer) in choices.iter().zip(answers) {
            let page: Vec<f64> = answer.as_array().expect("a list").iter().map(number).collect();
            let value = op.value(given);
            assert!(agree(page[0], value), "{op:?}{given:?} is {value}, in the page {}", page[0]);
            // Partials may read the value; that they are the same function of it is what is held here.
            let partials = op.partials(given, page[0], &[true; 3]);
            let (first, second) = page[1..].split_at(op.arity());
            for (slot, (&page, engine)) in first.iter().zip(partials).enumerate() {
                assert!(
                    agree(page, engine),
                    "∂{op:?}{given:?} for operand {slot} is {engine}, in the page {page}"
                );
            }
            let seconds = op.seconds(given, page[0]).concat();
            for (slots, (&page, engine)) in second.iter().zip(seconds).enumerate() {
                let (k, j) = (slots / 3, slots % 3);
                assert!(
                    agree(page, engine),
                    "∂²{op:?}{given:?} for operands {k} and {j} is {engine}, in the page {page}"
                );
            }
            compared += 10 + op.arity();
        }
    }
    println!("{compared} numbers agree");
    assert_eq!(browser.complaints(), [""; 0]);
}
