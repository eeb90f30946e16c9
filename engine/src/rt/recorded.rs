//! A graph between the two halves of a function that runs on it.

use crate::graph::{Graph, Operand};

/// The graph, and the nodes of its inputs and outputs.
pub struct Recorded {
    pub(super) graph: Graph,
    pub(super) inputs: Vec<Operand>,
    pub(super) outputs: Vec<Operand>,
}
