//! Lesson 1: a value remembers. `cargo run --example 01_a_value_remembers`.
//!
//! What a node of the graph keeps: its operation, its operands, its number, the local derivatives, and after `backward` its
//! gradient.

#[path = "support/course.rs"]
mod course;

use course::expect;

use gradus::graph::{Node, Operand};
use gradus::{Graph, Trace, differentiable};
use std::error::Error;

/// A node in numbers: what it is called, its value, its gradient, and its local derivatives.
pub type Row = (String, f64, f64, Vec<f64>);

/// All nodes of L = (a b + c) f at a = 2, b = −3, c = 10, f = −2, in the order of birth.
pub fn figures() -> Vec<Row> {
    let graph = Graph::new();
    let [a, b, c, f] =
        [("a", 2.0), ("b", -3.0), ("c", 10.0), ("f", -2.0)].map(|(name, x)| graph.value(x).named(name));
    let e = (a * b).named("e");
    let d = (e + c).named("d");
    let loss = (d * f).named("L");
    loss.backward();
    let name = |node: Node| node.name().unwrap_or_default().into_owned();
    graph
        .nodes()
        .map(|node| (name(node), node.data(), node.grad(), node.local_partials().collect()))
        .collect()
}

/// The same as a function, for the page.
#[differentiable]
fn loss(a: f64, b: f64, c: f64, f: f64) -> f64 {
    let e = a * b;
    let d = e + c;
    d * f
}

/// The graph of that function, for the page.
pub fn trace() -> Trace {
    loss_graph(2.0, -3.0, 10.0, -2.0)
}

fn main() -> Result<(), Box<dyn Error>> {
    println!(
        "e = a · b,  d = e + c,  L = d · f. A value looks like a number, and remembers how it was made:\n"
    );
    println!("{:<6}{:>8}{:>24}{:>16}", "", "value", "local derivatives", "∂L/∂ this");
    for (name, value, gradient, partials) in figures() {
        let partials = if partials.is_empty() { "input".to_owned() } else { format!("{partials:?}") };
        println!("{name:<6}{value:>8}{partials:>24}{gradient:>16}");
    }
    println!(
        "\nRead the row of e: it is a · b, so it moves by b = −3 when a moves by 1, and by a = 2 when b does."
    );
    println!("L moves by −2 when e does. So L moves by −2 · −3 = 6 when a moves by 1: the gradient of a.");

    let lesson = "01_a_value_remembers";
    course::save_page(&trace(), lesson)?;
    course::announce_exercise(
        lesson,
        "`uses` in this file counts too much. Let it count the uses of one node.",
    );
    Ok(())
}

// ── The exercise ─────────────────────────────────────────────────────────────────────────────────

/// How often the node at `index` is an operand of others: the number of ways on which a gradient reaches it.
///
/// As it stands it counts the operands of all nodes, whichever node they are.
pub fn uses(graph: &Graph, index: usize) -> usize {
    debug_assert!(index < graph.len(), "there is no node {index}");
    let counts = |operand: &Operand| matches!(operand, Operand::Node(_));
    graph.nodes().map(|node| node.operands().filter(counts).count()).sum()
}

/// Whether a count of uses is right.
///
/// # Panics
///
/// If it is not, with what it should be.
pub fn check_exercise(uses: impl Fn(&Graph, usize) -> usize) {
    let graph = Graph::new();
    let x = graph.value(1.5);
    let y = graph.value(0.5);
    let square = x * x; // x twice
    let sum = square + 2.0 * x; // x once more, and the square once; 2.0 is no node
    let result = sum * square; // the square again
    let index = |value: gradus::Value| value.node().map_or(usize::MAX, Node::index);
    for (name, value, expected) in
        [("x", x, 3), ("y", y, 0), ("x²", square, 2), ("the sum", sum, 1), ("the result", result, 0)]
    {
        let counted = uses(&graph, index(value));
        let operations = graph.nodes().filter(|node| {
            node.operands().any(|operand| matches!(operand, Operand::Node(used) if used == index(value)))
        });
        let all =
            graph.nodes().flat_map(Node::operands).filter(|operand| matches!(operand, Operand::Node(_)));
        let mistakes = [
            (operations.count() as f64, "This counts the operations that use it. x * x uses x twice."),
            (all.count() as f64, "This counts the operands of all nodes, whichever they are."),
            (graph.nodes().flat_map(Node::operands).count() as f64, "This counts the constants, too."),
        ];
        expect(&format!("how often {name} is used"), counted as f64, f64::from(expected), 0.0, &mistakes);
    }
}

#[test]
#[ignore = "the exercise: run it with `-- --ignored`"]
fn exercise() {
    check_exercise(uses);
}
