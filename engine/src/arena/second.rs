//! The reverse pass over pairs of an adjoint and its tangent: forward mode over reverse mode, for second derivatives.

use super::sweep::{NOTHING, is_nothing, receive};
use super::{Arena, Slot, is_node, links};
use crate::arena::operation::CustomOperation;
use crate::ops::{Kind, Op};

/// A reverse pass with tangents, over the nodes before an end.
struct Second<'a> {
    arena: &'a Arena,
    /// The tangent of each node.
    tangents: &'a [f64],
    adjoints: Vec<f64>,
    /// The tangents of the adjoints.
    moves: Vec<f64>,
}

impl Arena {
    /// The adjoint of each node before `end`, and how fast it changes when some nodes change with the given speeds: the product of
    /// the Hessian and the direction. [`NOTHING`] is that of a node whose adjoint does not change. The roots are nodes with an
    /// adjoint and its tangent.
    ///
    /// # Errors
    ///
    /// A custom operation without second derivatives through which the derivative leads.
    pub(crate) fn second(
        &self,
        roots: impl Iterator<Item = (usize, f64, f64)>,
        given: impl Iterator<Item = (usize, f64)>,
        end: usize,
    ) -> Result<(Vec<f64>, Vec<f64>), CustomOperation> {
        let tangents = self.tangents(given, end);
        let mut second = Second {
            arena: self,
            tangents: &tangents,
            adjoints: vec![NOTHING; end],
            moves: vec![NOTHING; end],
        };
        for (root, adjoint, moving) in roots {
            if !is_nothing(adjoint) {
                receive(&mut second.adjoints[root], adjoint);
            }
            if !is_nothing(moving) {
                receive(&mut second.moves[root], moving);
            }
        }
        for index in (0..end).rev() {
            if is_nothing(second.adjoints[index]) {
                continue;
            }
            match self.slots[index].op {
                Op::Input => {}
                Op::Custom => second.pass_on_custom(index)?,
                op => second.pass_on(index, op),
            }
        }
        Ok((second.adjoints, second.moves))
    }
}

impl Second<'_> {
    fn pass_on(&mut self, index: usize, op: Op) {
        let (arena, slot) = (self.arena, &self.arena.slots[index]);
        let (adjoint, moving) = (self.adjoints[index], self.moves[index]);
        let links = links(slot.operands, op, &arena.pairs);
        let (mut data, mut active, mut tangents) = ([0.0; 3], [false; 3], [NOTHING; 3]);
        for k in 0..op.arity() {
            data[k] = arena.read(links[k]);
            active[k] = is_node(links[k]);
            if active[k] {
                tangents[k] = self.tangents[links[k] as usize];
            }
        }
        let partials = op.partials(&data, slot.data, &active);
        let changes = tangents.iter().any(|tangent| !is_nothing(*tangent));
        let seconds = if changes { op.seconds(&data, slot.data) } else { [[0.0; 3]; 3] };
        for k in (0..op.arity()).filter(|k| active[*k] && op.has_partial(*k)) {
            let operand = links[k] as usize;
            if let Some(contribution) = op.pull(partials[k], adjoint) {
                receive(&mut self.adjoints[operand], contribution);
            }
            if !is_nothing(moving)
                && let Some(contribution) = op.pull(partials[k], moving)
            {
                receive(&mut self.moves[operand], contribution);
            }
            for j in (0..op.arity()).filter(|j| !is_nothing(tangents[*j]) && op.second(k, *j).is_some()) {
                // What was not selected has no second derivative either.
                if op.kind() == Kind::Smooth || seconds[k][j] != 0.0 {
                    receive(&mut self.moves[operand], adjoint * (seconds[k][j] * tangents[j]));
                }
            }
        }
    }

    fn pass_on_custom(&mut self, index: usize) -> Result<(), CustomOperation> {
        let slot: &Slot = &self.arena.slots[index];
        let (adjoint, moving) = (self.adjoints[index], self.moves[index]);
        let edges = self.arena.customs.edges(slot);
        let direction: Vec<f64> = edges
            .iter()
            .map(|edge| if is_node(edge.link) { self.tangents[edge.link as usize] } else { NOTHING })
            .collect();
        let mut seconds = None;
        if direction.iter().any(|tangent| !is_nothing(*tangent)) {
            let operands: Vec<f64> = edges.iter().map(|edge| self.arena.read(edge.link)).collect();
            let operation = self.arena.customs.operation(slot);
            seconds = Some(operation.second(&operands, &direction).ok_or_else(|| operation.clone())?);
        }
        for (at, edge) in edges.iter().enumerate().filter(|(_, edge)| is_node(edge.link)) {
            let operand = edge.link as usize;
            receive(&mut self.adjoints[operand], edge.partial * adjoint);
            if !is_nothing(moving) {
                receive(&mut self.moves[operand], edge.partial * moving);
            }
            if let Some(seconds) = &seconds {
                receive(&mut self.moves[operand], seconds[at] * adjoint);
            }
        }
        Ok(())
    }
}
