//! What a graph keeps of the nodes of custom operations, beside their slots: the operation, and for each operand a link and
//! the partial derivative.

use super::operation::CustomOperation;
use super::{Arena, Slot, is_node, link};
use std::ops::Range;

/// All of them, in the order of birth. The slot of one holds its index in the place of its first operand.
#[derive(Default)]
pub(crate) struct CustomNodes {
    nodes: Vec<CustomNode>,
    edges: Vec<Edge>,
}

struct CustomNode {
    operation: CustomOperation,
    edges: Range<usize>,
}

/// The operations of removed nodes, for the caller to drop.
pub(crate) struct RemovedOperations(
    #[allow(dead_code, reason = "it is held to be dropped")] Vec<CustomOperation>,
);

/// The way from a node to one of its operands.
#[derive(Clone, Copy)]
pub(crate) struct Edge {
    pub(crate) link: u32,
    /// 0 to a constant, as nothing flows there.
    pub(crate) partial: f64,
}

impl CustomNodes {
    pub(crate) fn len(&self) -> usize {
        self.nodes.len()
    }

    /// A new one: its index.
    pub(crate) fn push(&mut self, operation: CustomOperation, edges: impl Iterator<Item = Edge>) -> u32 {
        let start = self.edges.len();
        self.edges.extend(edges);
        self.nodes.push(CustomNode { operation, edges: start..self.edges.len() });
        link(self.nodes.len() - 1)
    }

    pub(crate) fn operation(&self, slot: &Slot) -> &CustomOperation {
        &self.nodes[slot.operands[0] as usize].operation
    }

    pub(crate) fn edges(&self, slot: &Slot) -> &[Edge] {
        &self.edges[self.nodes[slot.operands[0] as usize].edges.clone()]
    }

    /// The memory that the edges take; operations are the user's.
    pub(crate) fn bytes(&self) -> usize {
        size_of::<Edge>() * self.edges.capacity() + size_of::<CustomNode>() * self.nodes.capacity()
    }

    /// Keeps the first `nodes`, and returns the operations of the others.
    pub(crate) fn truncate(&mut self, nodes: usize) -> RemovedOperations {
        let removed = self.nodes.drain(nodes.min(self.nodes.len())..).map(|node| node.operation).collect();
        self.edges.truncate(self.nodes.last().map_or(0, |node| node.edges.end));
        RemovedOperations(removed)
    }
}

impl Arena {
    /// The generation of a custom operation's slot, the operation, and its operands.
    pub(crate) fn custom_at(&self, index: usize) -> (u32, CustomOperation, Vec<f64>) {
        let slot = &self.slots[index];
        let operands = self.customs.edges(slot).iter().map(|edge| self.read(edge.link)).collect();
        (slot.generation, self.customs.operation(slot).clone(), operands)
    }

    /// Gives a custom operation's slot another value, and its edges the partials.
    pub(crate) fn set_custom(&mut self, index: usize, value: f64, partials: &[f64]) {
        let slot = self.slots[index];
        self.slots[index].data = value;
        let range = self.customs.nodes[slot.operands[0] as usize].edges.clone();
        for (edge, partial) in self.customs.edges[range].iter_mut().zip(partials) {
            edge.partial = if is_node(edge.link) { *partial } else { 0.0 };
        }
    }
}
