//! The three mistakes that everyone makes once who writes a backward pass, with the numbers they lead to.
//! `cargo run --release --example three_mistakes`.
//!
//! The graph shows its nodes, their operands and local derivatives, so that the reverse sweep can be written out here,
//! right and wrong.

use gradus::Graph;
use gradus::graph::Operand;

/// What a sweep does with a derivative that reaches a node.
#[derive(Clone, Copy)]
pub enum Keep {
    /// `+=`: all ways from the node to the result count.
    Sum,
    /// `=`: the mistake; only the way that came last counts.
    Last,
}

/// The reverse sweep: the last node's derivative is the seed, and every node hands its own on to its operands, times the
/// local derivative. `gradients` holds one for each node, zeros at first.
pub fn sweep(graph: &Graph, seed: f64, keep: Keep, gradients: &mut [f64]) {
    if let Some(last) = gradients.last_mut() {
        *last = seed;
    }
    for node in graph.nodes().rev() {
        let gradient = gradients[node.index()];
        for (operand, partial) in node.operands().zip(node.local_partials()) {
            if let Operand::Node(index) = operand {
                match keep {
                    Keep::Sum => gradients[index] += gradient * partial,
                    Keep::Last => gradients[index] = gradient * partial,
                }
            }
        }
    }
}

/// The right derivative of x² + x at 3, and what the three mistakes make of it.
pub struct Outcome {
    /// By the sweep as it should be.
    pub right: f64,
    /// By a second backward pass on top of the first.
    pub not_zeroed: f64,
    /// By a sweep that starts with nothing.
    pub no_seed: f64,
    /// By a sweep that keeps the last way only.
    pub assigned: f64,
}

/// The right derivative and the wrong ones.
pub fn outcome() -> Outcome {
    let derivative = |seed: f64, keep: Keep| {
        let graph = Graph::new();
        let x = graph.value(3.0);
        let y = x * x + x;
        debug_assert_eq!(
            y.node().map(|node| node.index() + 1),
            Some(graph.len()),
            "the result is the last node"
        );
        let mut gradients = vec![0.0; graph.len()];
        sweep(&graph, seed, keep, &mut gradients);
        gradients[0]
    };
    let twice = || {
        let graph = Graph::new();
        let x = graph.value(3.0);
        let y = x * x + x;
        y.backward();
        y.backward();
        x.grad()
    };
    Outcome {
        right: derivative(1.0, Keep::Sum),
        not_zeroed: twice(),
        no_seed: derivative(0.0, Keep::Sum),
        assigned: derivative(1.0, Keep::Last),
    }
}

/// Twenty steps down (w − 3)² from 0 at a rate of 0.1, with gradients zeroed between the steps or not.
pub fn descend(zeroing: bool) -> Vec<f64> {
    let graph = Graph::new();
    let w = graph.value(0.0);
    let start = graph.mark();
    let step = |_| {
        graph.rewind(start);
        if zeroing {
            graph.zero_grad();
        }
        (w - 3.0).powi(2).backward();
        w.set_data(w.data() - 0.1 * w.grad());
        w.data()
    };
    (0..20).map(step).collect()
}

fn main() {
    let Outcome { right, not_zeroed, no_seed, assigned } = outcome();
    println!("The derivative of y = x·x + x at x = 3 is 2x + 1 = 7.\n");
    println!("{:<58}{right:>8}", "the reverse sweep as it should be");
    println!("{:<58}{not_zeroed:>8}", "1. gradients not zeroed before a second backward pass");
    println!("{:<58}{no_seed:>8}", "2. no seed: dy/dy was left at 0");
    println!("{:<58}{assigned:>8}", "3. `=` in place of `+=`: of x's three uses one counts");

    println!("\nWhat the first does to learning: w on its way down (w - 3)^2, rate 0.1\n");
    println!("{:>8}{:>14}{:>14}", "step", "zeroed", "not zeroed");
    let (zeroed, kept) = (descend(true), descend(false));
    for step in [0, 1, 2, 3, 4, 9, 14, 19] {
        println!("{:>8}{:>14.4}{:>14.4}", step + 1, zeroed[step], kept[step]);
    }
}
