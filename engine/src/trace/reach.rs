//! Which nodes lead to the results.

use super::Trace;
use crate::graph::{Node, Operand};

/// The nodes that the adjoints of what was differentiated reach.
pub(super) fn by_adjoints(trace: &Trace) -> Vec<bool> {
    let roots: Vec<usize> = trace.roots().map(|(node, _)| node).collect();
    down(trace, &roots, |node, partial| node.op().pull(partial, 1.0).is_some())
}

/// The nodes that any result is made of.
pub(super) fn by_operands(trace: &Trace) -> Vec<bool> {
    down(trace, &outputs(trace), |_, _| true)
}

/// The nodes that a result depends on at this point: no local partial on the way is 0.
pub(super) fn by_partials(trace: &Trace) -> Vec<bool> {
    down(trace, &outputs(trace), |_, partial| partial != 0.0)
}

fn outputs(trace: &Trace) -> Vec<usize> {
    let node = |output: &Operand| match output {
        Operand::Node(index) => Some(*index),
        Operand::Constant(_) => None,
    };
    trace.outputs.iter().filter_map(node).collect()
}

/// From the roots down to the operands that `passes` lets through.
fn down(trace: &Trace, roots: &[usize], passes: impl Fn(Node<'_>, f64) -> bool) -> Vec<bool> {
    let mut reached = vec![false; trace.graph().len()];
    roots.iter().for_each(|&root| reached[root] = true);
    for node in trace.graph().nodes().rev() {
        if !reached[node.index()] {
            continue;
        }
        for (operand, partial) in node.operands().zip(node.local_partials()) {
            if let Operand::Node(index) = operand
                && passes(node, partial)
            {
                reached[index] = true;
            }
        }
    }
    reached
}
