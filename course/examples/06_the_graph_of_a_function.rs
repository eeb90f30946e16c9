//! Lesson 6: the macro and its graph. `cargo run --example 06_the_graph_of_a_function`.
//!
//! Nobody wants to write `Value` all over a program. `#[differentiable]` reads an ordinary function and writes its companions:
//! the gradient, and the graph with every node linked to the expression that made it.

#[path = "support/course.rs"]
mod course;

use course::expect;

use gradus::graph::Node;
use gradus::trace::Origin;
use gradus::{Op, Trace, differentiable};
use std::error::Error;

#[differentiable]
fn neuron(x: &[f64], w: &[f64], b: f64) -> f64 {
    let mut n = b;
    for (x, w) in x.iter().zip(w) {
        n += w * x;
    }
    n.tanh()
}

/// The inputs: x, w, and a b for which n = asinh 1, so that tanh n = 1/√2 and its derivative is 1/2.
pub fn inputs() -> ([f64; 2], [f64; 2], f64) {
    ([2.0, 0.0], [-3.0, 1.0], 6.0 + 1.0_f64.asinh())
}

/// What the three companions say: the value thrice, and the gradients for w from `_grad` and from the graph.
pub fn figures() -> ([f64; 3], [Vec<f64>; 2]) {
    let (x, w, b) = inputs();
    let (value, (_, dw, _)) = neuron_grad(&x, &w, b);
    let trace = neuron_graph(&x, &w, b);
    ([neuron(&x, &w, b), value, trace.value()], [dw, trace.gradient("w")])
}

/// The expression of each operation of the graph, with the line of the function that it stands on, and its value.
pub fn operations() -> Vec<(u32, &'static str, f64)> {
    let trace = trace();
    let first = trace.source().line;
    let operation = |node: Node| match node.origin()? {
        Origin::Site(site) if node.op() != Op::Input => {
            Some((Origin::Site(site).position().0 - first + 1, site.text(), node.data()))
        }
        _ => None,
    };
    trace.graph().nodes().filter_map(operation).collect()
}

/// The neuron's graph, for the page.
pub fn trace() -> Trace {
    let (x, w, b) = inputs();
    neuron_graph(&x, &w, b)
}

fn main() -> Result<(), Box<dyn Error>> {
    println!("The function is untouched; beside it stand neuron_grad and neuron_graph.\n");
    let ([plain, compiled, recorded], [compiled_dw, recorded_dw]) = figures();
    println!("{:<16}{plain:>10.6}", "neuron");
    println!("{:<16}{compiled:>10.6}    ∂w {compiled_dw:.4?}", "neuron_grad");
    println!("{:<16}{recorded:>10.6}    ∂w {recorded_dw:.4?}", "neuron_graph");

    println!("\nEvery operation of the graph knows its expression, and every expression what it computed:\n");
    for (line, text, value) in operations() {
        println!("line {line}   {text:<12}{value:>10.4}");
    }
    println!(
        "\nPrinted, the graph is the function again, with values and derivatives (∂) beside its lines:\n"
    );
    print!("{}", trace());

    let lesson = "06_the_graph_of_a_function";
    course::save_page(&trace(), lesson)?;
    course::announce_exercise(lesson, "`alignment` in this file is a dot product. Make it the cosine.");
    Ok(())
}

// ── The exercise ─────────────────────────────────────────────────────────────────────────────────

/// The cosine of the angle between two vectors: a · b / (|a| |b|).
///
/// As it stands the lengths are missing. Write ordinary Rust; the gradient comes by itself.
#[differentiable]
pub fn alignment(a: &[f64], b: &[f64]) -> f64 {
    let mut dot = 0.0;
    for (a, b) in a.iter().zip(b) {
        dot += a * b;
    }
    dot
}

/// A gradient for two vectors.
pub type OfTwoVectors = (f64, (Vec<f64>, Vec<f64>));

/// Whether a cosine and its gradient b/(|a| |b|) − cos · a/|a|² are right; that for b is alike.
///
/// # Panics
///
/// If it is not, with what it should be.
pub fn check_exercise(alignment_grad: impl Fn(&[f64], &[f64]) -> OfTwoVectors) {
    for (a, b) in [([3.0, 4.0], [4.0, 3.0]), ([1.0, 0.0], [0.0, 2.0]), ([1.0, -2.0], [-3.0, 0.5])] {
        let (value, (da, db)) = alignment_grad(&a, &b);
        let (length_a, length_b) = (a[0].hypot(a[1]), b[0].hypot(b[1]));
        let cosine = (a[0] * b[0] + a[1] * b[1]) / (length_a * length_b);
        let dot = a[0] * b[0] + a[1] * b[1];
        let mistakes = [
            (dot, "This is a · b; divide by the lengths."),
            (dot / length_a, "The length of b is missing."),
            (dot / length_b, "The length of a is missing."),
            (dot / (length_a * length_b).powi(2), "The lengths are squared: the root is missing."),
            (dot / length_a * length_b, "This divides by one length and multiplies by the other."),
        ];
        expect(&format!("the cosine of {a:?} and {b:?}"), value, cosine, 1e-15, &mistakes);
        for k in 0..2 {
            let for_a = b[k] / (length_a * length_b) - cosine * a[k] / length_a.powi(2);
            let for_b = a[k] / (length_a * length_b) - cosine * b[k] / length_b.powi(2);
            let constant = "The lengths depend on the vectors, too: their gradient was cut off.";
            let exchanged = "The gradients of a and b are exchanged.";
            let mistakes = [
                (b[k] / (length_a * length_b), constant),
                (for_b, exchanged),
                (b[k], "This is the gradient of a · b."),
            ];
            expect(&format!("its derivative for a[{k}]"), da[k], for_a, 1e-14, &mistakes);
            let mistakes = [
                (a[k] / (length_a * length_b), constant),
                (for_a, exchanged),
                (a[k], "This is the gradient of a · b."),
            ];
            expect(&format!("its derivative for b[{k}]"), db[k], for_b, 1e-14, &mistakes);
        }
    }
}

#[test]
#[ignore = "the exercise: run it with `-- --ignored`"]
fn exercise() {
    check_exercise(alignment_grad);
}
