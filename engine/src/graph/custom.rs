//! Nodes of custom operations: how they are recorded and recomputed.

use super::{Graph, Node, Value};
use crate::arena::{CustomOperation, Edge, NONE, link};
use crate::ops::Op;
use crate::provenance::Origin;

impl Graph {
    /// A new node that is a custom operation of the operands, at least one of which is a node.
    #[track_caller]
    pub(crate) fn record_custom<'g>(
        &'g self,
        operation: &CustomOperation,
        operands: &[Value<'g>],
        value: f64,
        partials: &[f64],
        origin: Option<Origin>,
    ) -> Value<'g> {
        let arena = &mut *self.arena.borrow_mut();
        for node in operands.iter().filter_map(|operand| operand.node()) {
            self.slot(arena, node);
        }
        let mut edges = Vec::with_capacity(operands.len());
        for (operand, &partial) in operands.iter().zip(partials) {
            edges.push(match operand.node() {
                Some(node) => Edge { link: node.index, partial },
                None => Edge { link: arena.constant(operand.number), partial: 0.0 },
            });
        }
        let custom = arena.customs.push(operation.clone(), edges.into_iter());
        arena.make_room();
        let (index, generation) = arena.push(Op::Custom, value, [custom, NONE], origin);
        Value::of_node(Node { graph: self, index, generation }, value)
    }

    /// The forward pass: the arena's, and between its runs the functions of custom operations.
    #[track_caller]
    pub(super) fn recompute_with_customs(&self) {
        let mut arena = self.arena.borrow_mut();
        arena.forget_numbers();
        let end = arena.slots.len();
        let mut index = arena.recompute(0, end);
        while index < end {
            // The user's functions run while the graph is not borrowed: they may use it.
            let (node, operation, operands) = arena.custom_at(index);
            drop(arena);
            let (value, partials) = (operation.value(&operands), operation.partials(&operands));
            arena = self.arena.borrow_mut();
            assert!(
                arena.slots.get(end - 1).is_some() && arena.find(link(index), node).is_some(),
                "the functions of `{}` have removed nodes of the graph that is being recomputed",
                operation.shown_name()
            );
            arena.set_custom(index, value, &partials);
            index = arena.recompute(index + 1, end);
        }
    }
}
