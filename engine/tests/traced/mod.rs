//! Traces as generated code makes them, made by hand.

#![allow(dead_code)] // each test file uses some of them

use gradus::graph::Operand;
use gradus::rt::apply;
use gradus::trace::{Input, Origin, Site, Source, Span, Trace};
use gradus::{Graph, Op, Value};

/// The source of a function.
pub fn source(
    function: &'static str,
    (file, line, column): (&'static str, u32, u32),
    text: &'static str,
) -> &'static Source {
    Box::leak(Box::new(Source { function, file, line, column, text, adjoint: "" }))
}

/// The first place of `text` in the source.
pub fn span(source: &Source, text: &str) -> Span {
    let start = source.text.find(text).unwrap_or_else(|| panic!("no `{text}` in the source"));
    bytes(start, text.len())
}

fn bytes(start: usize, length: usize) -> Span {
    let number = |count: usize| u32::try_from(count).expect("a short text");
    Span { start: number(start), end: number(start + length) }
}

/// The expression `text`; its operands are found within it.
pub fn site(source: &'static Source, text: &str, operands: &[&str], name: Option<&'static str>) -> Origin {
    let whole = span(source, text);
    let inner = |operand: &&str| {
        let start = text.find(*operand).unwrap_or_else(|| panic!("no `{operand}` in `{text}`"));
        bytes(whole.start as usize + start, operand.len())
    };
    let operands = operands.iter().map(inner).collect::<Vec<_>>().leak();
    Origin::Site(Box::leak(Box::new(Site { source, span: whole, operands, name })))
}

fn node(value: Value<'_>) -> usize {
    value.node().expect("a node").index()
}

pub const NEURON: &str = "\
fn neuron(x1: f64, x2: f64, w1: f64, w2: f64, b: f64) -> f64 {
    let s = x1 * w1 + x2 * w2;
    let n = s + b;
    let out = n.tanh();
    out
}";

/// The neuron of micrograd's lecture, as the file's line 8.
pub fn neuron([x1, x2, w1, w2, b]: [f64; 5]) -> Trace {
    let source = source("neuron", ("examples/neuron.rs", 8, 1), NEURON);
    let graph = Graph::with_sites();
    let [x1, x2, w1, w2, b] = [("x1", x1), ("x2", x2), ("w1", w1), ("w2", w2), ("b", b)]
        .map(|(name, value)| graph.input(value, Some(site(source, name, &[], None))));
    let p = apply(Op::Mul, [x1, w1], Some(site(source, "x1 * w1", &["x1", "w1"], None)));
    let q = apply(Op::Mul, [x2, w2], Some(site(source, "x2 * w2", &["x2", "w2"], None)));
    let s =
        apply(Op::Add, [p, q], Some(site(source, "x1 * w1 + x2 * w2", &["x1 * w1", "x2 * w2"], Some("s"))));
    let n = apply(Op::Add, [s, b], Some(site(source, "s + b", &["s", "b"], Some("n"))));
    let out = apply(Op::Tanh, [n], Some(site(source, "n.tanh()", &["n"], Some("out"))));
    out.backward();
    let outputs = vec![Operand::Node(node(out))];
    let names = ["x1", "x2", "w1", "w2", "b"];
    let inputs = names.iter().enumerate().map(|(index, name)| Input { name, nodes: vec![index] }).collect();
    Trace::new(graph, source, inputs, outputs)
}

/// The lecture's numbers: chosen so that the output is 1/√2 and its gradients come out round.
pub const LECTURE: [f64; 5] = [2.0, 0.0, -3.0, 1.0, 6.881373587019543];

pub const NEWTON: &str = "\
fn newton_sqrt(a: f64) -> f64 {
    let mut x = a;
    for _ in 0..STEPS {
        x = 0.5 * (x + a / x);
    }
    x
}";

/// Newton's square root.
pub fn newton(a: f64, steps: usize) -> Trace {
    let source = source("newton_sqrt", ("examples/newton.rs", 3, 1), NEWTON);
    let quotient = site(source, "a / x", &["a", "x"], None);
    let sum = site(source, "(x + a / x)", &["x", "a / x"], None);
    let half = site(source, "0.5 * (x + a / x)", &["0.5", "(x + a / x)"], Some("x"));
    let graph = Graph::with_sites();
    let a = graph.input(a, Some(site(source, "a: f64", &[], None)));
    let mut x = a;
    for _ in 0..steps {
        let q = apply(Op::Div, [a, x], Some(quotient));
        let s = apply(Op::Add, [x, q], Some(sum));
        x = apply(Op::Mul, [Value::from(0.5), s], Some(half));
    }
    x.backward();
    let output = Operand::Node(node(x));
    Trace::new(graph, source, vec![Input { name: "a", nodes: vec![0] }], vec![output])
}
