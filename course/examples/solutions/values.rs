//! Solutions about values and their graph: lessons 0, 1, 3 and 5.

use super::lesson_00;
use gradus::graph::Operand;
use gradus::{Graph, Value};

/// Lesson 0. The local derivative is known from the value: 1 − tanh².
pub fn tanh(x: &lesson_00::Value) -> lesson_00::Value {
    let y = x.data().tanh();
    lesson_00::Value::made_of(y, vec![(x.clone(), 1.0 - y * y)])
}

/// Lesson 1. An operand counts if it is this node.
pub fn uses(graph: &Graph, index: usize) -> usize {
    let counts = |operand: &Operand| *operand == Operand::Node(index);
    graph.nodes().map(|node| node.operands().filter(counts).count()).sum()
}

/// Lesson 3. A depth-first search puts a node down when it leaves it, after everything the node was made of; the reverse of
/// that has every user first.
pub fn users_first(operands: &[Vec<usize>], result: usize) -> Vec<usize> {
    fn visit(operands: &[Vec<usize>], index: usize, visited: &mut [bool], order: &mut Vec<usize>) {
        if !std::mem::replace(&mut visited[index], true) {
            for &operand in &operands[index] {
                visit(operands, operand, visited, order);
            }
            order.push(index);
        }
    }
    let mut order = Vec::new();
    visit(operands, result, &mut vec![false; operands.len()], &mut order);
    order.reverse();
    order
}

/// Lesson 5. As the formula says; the rules of the parts make its derivative.
pub fn sigmoid(n: Value<'_>) -> Value<'_> {
    1.0 / (1.0 + (-n).exp())
}
