//! The reverse pass, and the gradients that it leaves.
//!
//! They lie beside the slots, in the same order, as far as a sweep has come: recording need not write them, and to make
//! them 0 is to forget them.

use super::customs::CustomNodes;
use super::{Arena, Slot, is_node, links, read_constant};
use crate::ops::{Known, Op};
use std::mem;

#[derive(Default)]
pub(crate) struct Gradients {
    /// Of the nodes that a sweep has passed; those above have the gradient 0. While a sweep runs its adjoints.
    numbers: Vec<f64>,
    /// Memory for the adjoints of a second sweep, kept to be reused.
    spare: Vec<f64>,
}

impl Gradients {
    /// That of the node at this index.
    #[inline]
    pub(crate) fn of(&self, index: usize) -> f64 {
        0.0 + self.numbers.get(index).copied().unwrap_or(NOTHING) // -0.0 becomes 0.0
    }

    /// Whether a reverse pass has reached the node at this index.
    #[inline]
    pub(crate) fn reached(&self, index: usize) -> bool {
        self.numbers.get(index).is_some_and(|number| !is_nothing(*number))
    }

    /// The memory that they take.
    pub(crate) fn bytes(&self) -> usize {
        size_of::<f64>() * (self.numbers.capacity() + self.spare.capacity())
    }

    /// Puts others in their place.
    pub(crate) fn replace(&mut self, numbers: Vec<f64>) {
        self.numbers = numbers;
    }

    /// Makes those of the nodes from here on 0.
    pub(crate) fn truncate(&mut self, nodes: usize) {
        self.numbers.truncate(nodes);
    }
}

/// The adjoint of a node before anything has arrived: the number that makes no difference when added, not even to the sign of
/// a 0. What has arrived is never this one.
pub(crate) const NOTHING: f64 = -0.0;

/// Whether it is [`NOTHING`], which compares equal to 0.
#[inline]
pub(super) fn is_nothing(adjoint: f64) -> bool {
    adjoint.to_bits() == NOTHING.to_bits()
}

/// Adds a contribution to an adjoint. The first one is not added but put there: in a chain of operations each waits for
/// the adjoint of the next, and an addition less shortens the wait.
#[inline]
pub(super) fn receive(adjoint: &mut f64, contribution: f64) {
    *adjoint = match is_nothing(*adjoint) {
        true if is_nothing(contribution) => 0.0,
        true => contribution,
        false => *adjoint + contribution,
    };
}

impl Arena {
    /// Adds to the gradients those of the roots, which are nodes with seeds, all before `end`. The sweep has adjoints of its
    /// own: what earlier ones left must not flow again.
    pub(crate) fn backward(&mut self, roots: impl Iterator<Item = (usize, f64)>, end: usize) {
        let Gradients { numbers, spare } = &mut self.gradients;
        let mut earlier = Vec::new();
        if !numbers.is_empty() {
            earlier = mem::replace(numbers, mem::take(spare));
        }
        numbers.resize(end, NOTHING);
        roots.for_each(|(index, seed)| receive(&mut numbers[index], seed));
        self.sweep();
        if !earlier.is_empty() {
            let Gradients { numbers, spare } = &mut self.gradients;
            numbers.resize(end.max(earlier.len()), NOTHING);
            for (gradient, earlier) in numbers.iter_mut().zip(earlier.drain(..)) {
                *gradient += earlier;
            }
            *spare = earlier;
        }
    }

    /// The reverse pass: every node that an adjoint has reached passes it on to its operands, which are all older, so that
    /// a node's adjoint is complete when its turn comes.
    #[inline(never)]
    fn sweep(&mut self) {
        let Arena { slots, constants, pairs, customs, gradients, .. } = self;
        let end = gradients.numbers.len();
        let (slots, adjoints) = (&slots[..end], &mut gradients.numbers[..end]);
        for index in (0..end).rev() {
            let adjoint = adjoints[index];
            if !is_nothing(adjoint) {
                let slot = &slots[index];
                let (older, adjoints) = (&slots[..index], &mut adjoints[..index]);
                slot.op.known(PassOn { slot, adjoint, older, adjoints, constants, pairs, customs });
            }
        }
    }
}

/// A slot's part in the reverse pass: its adjoint goes to its operands. A link into the slots is one into those that are
/// older; to find that it is tells nodes from constants too.
struct PassOn<'a> {
    slot: &'a Slot,
    adjoint: f64,
    older: &'a [Slot],
    adjoints: &'a mut [f64],
    constants: &'a [f64],
    pairs: &'a [[u32; 2]],
    customs: &'a CustomNodes,
}

impl Known for PassOn<'_> {
    #[inline(always)]
    #[allow(clippy::inline_always, reason = "it folds: the operation is known")]
    fn on(self, op: Op) {
        let PassOn { slot, adjoint, older, adjoints, constants, pairs, customs } = self;
        if op == Op::Custom {
            return pass_on_custom(customs, slot, adjoint, adjoints);
        }
        let links = links(slot.operands, op, pairs);
        let (mut data, mut active) = ([0.0; 3], [false; 3]);
        for k in 0..op.arity() {
            (data[k], active[k]) = match older.get(links[k] as usize) {
                Some(operand) => (operand.data, true),
                None => (read_constant(constants, links[k]), false),
            };
        }
        let partials = op.partials(&data, slot.data, &active);
        for k in 0..op.arity() {
            if active[k]
                && let Some(contribution) = op.pull(partials[k], adjoint)
            {
                receive(&mut adjoints[links[k] as usize], contribution);
            }
        }
    }
}

/// The part of a custom operation's slot in the reverse pass: its adjoint goes to its operands.
#[cold]
#[inline(never)]
fn pass_on_custom(customs: &CustomNodes, slot: &Slot, adjoint: f64, adjoints: &mut [f64]) {
    for edge in customs.edges(slot) {
        if is_node(edge.link) {
            receive(&mut adjoints[edge.link as usize], edge.partial * adjoint);
        }
    }
}
