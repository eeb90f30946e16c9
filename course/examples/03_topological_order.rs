//! Lesson 3: topological order, and why. `cargo run --example 03_topological_order`.
//!
//! A node may hand its gradient on only when all of it has arrived. So every node must come after all that use it; three
//! walks from the result to the input show what happens otherwise.

#[path = "support/course.rs"]
mod course;

use gradus::graph::Operand;
use gradus::{Graph, Trace, differentiable};
use std::collections::VecDeque;
use std::error::Error;

/// x² + x⁴: the square reaches the result on a short way, and on a long one.
#[differentiable]
fn two_ways(x: f64) -> f64 {
    let square = x * x;
    let fourth = square * square;
    square + fourth
}

/// The derivative of x² + x⁴, the nodes taken in this order.
pub fn sweep(x: f64, order: impl Fn(&Graph) -> Vec<usize>) -> f64 {
    let trace = two_ways_graph(x);
    let graph = trace.graph();
    let mut gradients = vec![0.0; graph.len()];
    gradients[graph.len() - 1] = 1.0;
    for index in order(graph) {
        let node = graph.node(index);
        for (operand, partial) in node.operands().zip(node.local_partials()) {
            if let Operand::Node(operand) = operand {
                gradients[operand] += gradients[index] * partial;
            }
        }
    }
    gradients[0]
}

/// The youngest node first. What is used is older than what uses it, so every node comes after all its users.
pub fn youngest_first(graph: &Graph) -> Vec<usize> {
    (0..graph.len()).rev().collect()
}

/// The nodes by their distance from the result. Nothing says that the users of a near node are near.
pub fn nearest_first(graph: &Graph) -> Vec<usize> {
    let operands: Vec<Vec<usize>> = (0..graph.len()).map(|index| operands_of(graph, index)).collect();
    breadth_first(&operands, graph.len() - 1)
}

fn operands_of(graph: &Graph, index: usize) -> Vec<usize> {
    let node = |operand| match operand {
        Operand::Node(index) => Some(index),
        Operand::Constant(_) => None,
    };
    graph.node(index).operands().filter_map(node).collect()
}

/// Each node once, as a breadth-first search from the result meets it.
fn breadth_first(operands: &[Vec<usize>], result: usize) -> Vec<usize> {
    let (mut order, mut waiting, mut met) = (vec![], VecDeque::from([result]), vec![false; operands.len()]);
    met[result] = true;
    while let Some(index) = waiting.pop_front() {
        order.push(index);
        for &operand in &operands[index] {
            if !met[operand] {
                met[operand] = true;
                waiting.push_back(operand);
            }
        }
    }
    order
}

/// How many nodes x doubled so many times has, and how many visits a recursion pays that walks every way by itself.
pub fn visits(doublings: usize) -> (usize, usize) {
    fn walk(graph: &Graph, index: usize) -> usize {
        1 + operands_of(graph, index).into_iter().map(|operand| walk(graph, operand)).sum::<usize>()
    }
    let graph = Graph::new();
    (0..doublings).fold(graph.value(1.0), |x, _| x + x);
    (graph.len(), walk(&graph, graph.len() - 1))
}

/// The graph of both ways at 2, for the page.
pub fn trace() -> Trace {
    two_ways_graph(2.0)
}

fn main() -> Result<(), Box<dyn Error>> {
    println!("x² + x⁴ at x = 2 has the derivative 2 x + 4 x³ = 36. With s = x², the result is s + s · s.\n");
    println!("{:<46}{:>8}", "youngest node first: a topological order", sweep(2.0, youngest_first));
    println!("{:<46}{:>8}", "nearest node first", sweep(2.0, nearest_first));
    println!(
        "\nNearest-first visits s before all of its gradient has arrived: it passes on 1 · 2 x = 4, and the later"
    );
    println!("8 · 4 = 32 is lost.\n");
    println!("A recursion that walks every way by itself is right, and pays for it. x doubled n times:\n");
    println!("{:>6}{:>10}{:>14}", "n", "nodes", "visits");
    for doublings in [2, 10, 16] {
        let (nodes, visits) = visits(doublings);
        println!("{doublings:>6}{nodes:>10}{visits:>14}");
    }

    let lesson = "03_topological_order";
    course::save_page(&trace(), lesson)?;
    course::announce_exercise(
        lesson,
        "`users_first` in this file is nearest first. Make a topological order of it.",
    );
    Ok(())
}

// ── The exercise ─────────────────────────────────────────────────────────────────────────────────

/// An order of all nodes that lead to the result, in which each comes after every node that uses it. `operands[i]` are
/// the operands of node `i`; the numbers say nothing about the order of birth.
///
/// As it stands it is the order of a breadth-first search. (Two ways out: a depth-first search that puts a node down when it
/// leaves it; or a count, for each node, of the users that have not had their turn.)
pub fn users_first(operands: &[Vec<usize>], result: usize) -> Vec<usize> {
    breadth_first(operands, result)
}

/// Whether an order is topological, for several graphs.
///
/// # Panics
///
/// If it is not, with what it should be.
pub fn check_exercise(users_first: impl Fn(&[Vec<usize>], usize) -> Vec<usize>) {
    let graphs: [(&[&[usize]], usize, usize); 4] = [
        (&[&[]], 0, 1),
        // The graph of this lesson, its nodes numbered in another order; node 4 has no part in it.
        (&[&[3, 3], &[0, 2], &[0, 0], &[], &[3]], 1, 4),
        // A ladder: each rung is reached from the two above it.
        (&[&[1, 2], &[2, 3], &[3, 4], &[4], &[]], 0, 5),
        // A long way and a short one to node 0.
        (&[&[], &[0], &[1], &[2], &[0, 3], &[4, 1]], 5, 6),
    ];
    for (graph, result, nodes) in graphs {
        let graph: Vec<Vec<usize>> = graph.iter().map(|operands| operands.to_vec()).collect();
        let order = users_first(&graph, result);
        let place = |node: usize| order.iter().position(|&other| other == node);
        let operands_first = order.len() == nodes
            && order.iter().all(|&user| graph[user].iter().all(|&operand| place(operand) < place(user)));
        let hint = if nodes > 1 && operands_first {
            "\n    This is the order of the forward pass: operands first. Reverse it."
        } else if order.len() > nodes && (1..order.len()).any(|at| order[..at].contains(&order[at])) {
            "\n    A node stands in it twice: remember which nodes are done."
        } else if order == breadth_first(&graph, result) {
            "\n    This is the order of a breadth-first search: nearest to the result first."
        } else if order.len() == graph.len() && order.len() > nodes {
            "\n    Nodes that do not lead to the result are in it."
        } else {
            ""
        };
        assert!(
            order.len() == nodes,
            "of the graph {graph:?}, {nodes} nodes lead to {result}\n    your order: {order:?}{hint}"
        );
        for &user in &order {
            for &operand in &graph[user] {
                assert!(
                    place(operand) > place(user),
                    "of the graph {graph:?}, node {operand} has its turn before {user}, which uses it\n    \
                     your order: {order:?}{hint}"
                );
            }
        }
    }
}

#[test]
#[ignore = "the exercise: run it with `-- --ignored`"]
fn exercise() {
    check_exercise(users_first);
}
