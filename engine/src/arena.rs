//! The memory of a graph, and the walks over it.
//!
//! * A **node** is a slot of 32 bytes: value, gradient, two operands, operation, generation. What few nodes have lies
//!   beside the slots: third operands, custom operations, names, origins.
//! * A **constant** operand is never a node: it is one `f64` beside the slots, and nothing flows to it.
//! * Removal is from the end. Each node carries the **generation** it was born in, one more after every removal, and
//!   so does each handle: a handle outlives its node, but never takes a newer node for it. (After 2³² removals
//!   generations come round again.)

use crate::custom::CustomNodes;
use crate::graph::Graph;
use crate::node::Node;
use crate::ops::Op;
use crate::table::Known;
use crate::trace::{Origin, record};
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::{mem, ptr};

#[derive(Default)]
pub(crate) struct Arena {
    pub(crate) slots: Vec<Slot>,
    constants: Vec<f64>,
    /// The second and third operands of operations that have three.
    pairs: Vec<[u32; 2]>,
    pub(crate) customs: CustomNodes,
    pub(crate) names: BTreeMap<usize, Cow<'static, str>>,
    /// Of a graph `with_sites`.
    keeps_origins: bool,
    /// One entry a node, if they are kept.
    pub(crate) origins: Vec<Option<Origin>>,
    /// Beside the origins: the scope of the record that each node was born in.
    pub(crate) scopes: Vec<u32>,
    /// The way through the program, of graphs made by `f_graph`.
    pub(crate) record: Option<Box<record::Record>>,
    /// That of new nodes.
    pub(crate) generation: u32,
    /// The generation whose handles know their node's number, and that it is there: the one that runs. [`NEVER`] where
    /// new nodes need more than their slot.
    pub(crate) at_once: u32,
    /// Of the nodes that a sweep has passed; those above have the gradient 0. While a sweep runs its adjoints.
    gradients: Vec<f64>,
    /// Memory for a second sweep's adjoints, kept to be reused.
    spare: Vec<f64>,
}

#[derive(Clone, Copy)]
pub(crate) struct Slot {
    pub(crate) data: f64,
    /// Links; of an operation with three operands the first, and the index of the others in `pairs`; of a custom one its
    /// index in `customs`.
    pub(crate) operands: [u32; 2],
    pub(crate) generation: u32,
    pub(crate) op: Op,
}

/// How far an arena has grown.
#[derive(Clone, Copy, PartialEq, Default)]
pub(crate) struct Size {
    pub(crate) nodes: usize,
    constants: usize,
    pairs: usize,
    customs: usize,
    /// The last node's; 0 if there is none.
    generation: u32,
}

/// A link with this bit is an index into the constants, without it an index into the slots.
const CONSTANT: u32 = 1 << 31;
/// The number of nodes that links can tell apart.
pub(crate) const MOST_NODES: usize = (1 << 31) - 1;
/// The generation that no node is born in.
pub(crate) const NEVER: u32 = u32::MAX;
/// The link of an operand that the operation does not have.
pub(crate) const NONE: u32 = u32::MAX;

/// The adjoint of a node before anything has arrived: the number that makes no difference when added, not even to the sign of
/// a 0. What has arrived is never this one.
const NOTHING: f64 = -0.0;

/// Whether it is [`NOTHING`], which compares equal to 0.
#[inline]
fn is_nothing(adjoint: f64) -> bool {
    adjoint.to_bits() == NOTHING.to_bits()
}

/// Adds a contribution to an adjoint. The first one is not added but put there: in a chain of operations each waits for
/// the adjoint of the next, and an addition less shortens the wait.
#[inline]
pub(crate) fn receive(adjoint: &mut f64, contribution: f64) {
    *adjoint = match is_nothing(*adjoint) {
        true if is_nothing(contribution) => 0.0,
        true => contribution,
        false => *adjoint + contribution,
    };
}

impl Arena {
    /// The slot of a node, if it is one of this graph's and has not been removed.
    #[inline]
    #[track_caller]
    pub(crate) fn slot(&self, graph: &Graph, node: Node<'_>) -> &Slot {
        if !ptr::eq(graph, node.graph) {
            foreign();
        }
        match self.find(node.index, node.generation) {
            Some(slot) => slot,
            None => stale(),
        }
    }

    /// The slot at this index, if it is still the one of this generation.
    #[inline]
    pub(crate) fn find(&self, index: u32, generation: u32) -> Option<&Slot> {
        self.slots.get(index as usize).filter(|slot| slot.generation == generation)
    }

    /// Whether there is memory for one more slot.
    #[inline]
    pub(crate) fn has_room(&self) -> bool {
        self.slots.len() != self.slots.capacity()
    }

    /// The number of a node of this graph, if it is still there and a node made of it needs no more than its slot.
    #[inline]
    pub(crate) fn number_of_older(&self, index: u32, generation: u32) -> Option<f64> {
        let slot = self.find(index, generation).filter(|_| self.at_once != NEVER);
        slot.map(|slot| slot.data)
    }

    /// Keeps the origins of nodes from now on.
    pub(crate) fn keep_origins(&mut self) {
        (self.keeps_origins, self.at_once) = (true, NEVER);
    }

    /// Ends a generation, so that its handles look their numbers up, and do not take newer nodes for their own.
    fn end_generation(&mut self) {
        self.generation += 1;
        if self.generation == NEVER {
            (self.generation, self.at_once) = (0, NEVER);
        } else if self.at_once != NEVER {
            self.at_once = self.generation;
        }
    }

    /// Ends the generation if there are handles that have numbers of it.
    fn forget_numbers(&mut self) {
        if self.slots.last().is_some_and(|slot| slot.generation == self.generation) {
            self.end_generation();
        }
    }

    pub(crate) fn set_data(&mut self, index: usize, data: f64) {
        self.forget_numbers();
        self.slots[index].data = data;
    }

    /// Makes room for a slot. Done before a new node's value is computed, which else would be kept in memory, not in a
    /// register, over a call that is hardly ever made. It is a loop, which never turns twice, because behind a loop
    /// the compiler knows that there is room, and `push` need not look again.
    #[inline]
    pub(crate) fn make_room(&mut self) {
        while self.slots.len() == self.slots.capacity() {
            self.grow();
        }
    }

    /// Twice the memory, and never for more than [`MOST_NODES`], so that where there is room nobody need count.
    #[cold]
    #[inline(never)]
    fn grow(&mut self) {
        let len = self.slots.len();
        self.slots.reserve_exact(next_capacity(len) - len);
    }

    /// A new slot without an origin: its index and generation.
    #[inline]
    #[allow(clippy::cast_possible_truncation, reason = "there are not more than `MOST_NODES`")]
    pub(crate) fn push_slot(&mut self, op: Op, data: f64, operands: [u32; 2], generation: u32) -> u32 {
        let index = self.slots.len() as u32;
        self.slots.push(Slot { data, operands, generation, op });
        index
    }

    /// A new slot, for which [`make_room`](Arena::make_room) has been called: its index and generation.
    #[inline]
    pub(crate) fn push(
        &mut self,
        op: Op,
        data: f64,
        operands: [u32; 2],
        origin: Option<Origin>,
    ) -> (u32, u32) {
        let generation = self.generation;
        let new = (self.push_slot(op, data, operands, generation), generation);
        if self.keeps_origins {
            self.push_origin(origin);
        }
        new
    }

    #[cold]
    #[inline(never)]
    fn push_origin(&mut self, origin: Option<Origin>) {
        self.origins.push(origin);
        self.scopes.push(record::scope());
    }

    /// The links to the operands of the node at this index, `NONE` past the arity.
    #[inline]
    pub(crate) fn links(&self, index: usize) -> [u32; 3] {
        let slot = &self.slots[index];
        links(slot.operands, slot.op, &self.pairs)
    }

    /// The number behind a link; 0 where there is none.
    #[inline]
    pub(crate) fn read(&self, link: u32) -> f64 {
        match self.slots.get(link as usize) {
            Some(slot) => slot.data,
            None => read_constant(&self.constants, link),
        }
    }

    /// The numbers behind the links.
    #[inline]
    pub(crate) fn operands(&self, [a, b, c]: [u32; 3]) -> [f64; 3] {
        [self.read(a), self.read(b), self.read(c)]
    }

    /// The link to a new constant.
    #[inline]
    pub(crate) fn constant(&mut self, data: f64) -> u32 {
        self.constants.push(data);
        CONSTANT | link(self.constants.len() - 1)
    }

    /// The link to a new constant, if there is room for it.
    #[inline]
    pub(crate) fn constant_at_once(&mut self, number: f64) -> Option<u32> {
        (self.constants.len() != self.constants.capacity()).then(|| self.constant(number))
    }

    /// The index of a new pair of second and third operands.
    #[inline]
    pub(crate) fn pair(&mut self, second: u32, third: u32) -> u32 {
        self.pairs.push([second, third]);
        link(self.pairs.len() - 1)
    }

    /// The reverse pass: every node that an adjoint has reached passes it on to its operands, which are all older, so that
    /// a node's adjoint is complete when its turn comes.
    fn sweep(&mut self) {
        let Arena { slots, constants, pairs, customs, gradients, .. } = self;
        let end = gradients.len();
        let (slots, gradients) = (&slots[..end], &mut gradients[..end]);
        for index in (0..end).rev() {
            let adjoint = gradients[index];
            if !is_nothing(adjoint) {
                let slot = &slots[index];
                let (older, adjoints) = (&slots[..index], &mut gradients[..index]);
                slot.op.known(PassOn { slot, older, adjoint, adjoints, constants, pairs, customs });
            }
        }
    }

    /// Computes every value anew from the inputs.
    pub(crate) fn recompute(&mut self) {
        self.forget_numbers();
        for index in 0..self.slots.len() {
            let op = self.slots[index].op;
            match op {
                Op::Input => {}
                Op::Custom => self.recompute_custom(index),
                _ => self.slots[index].data = op.value(&self.operands(self.links(index))),
            }
        }
    }

    /// Makes every gradient 0.
    pub(crate) fn zero_grad(&mut self) {
        self.gradients.clear();
    }

    /// The gradient of the node at this index.
    #[inline]
    pub(crate) fn gradient(&self, index: usize) -> f64 {
        0.0 + self.gradients.get(index).copied().unwrap_or(NOTHING)
    }

    /// Adds to the gradients those of the roots, which are nodes with seeds, all before `end`. The sweep has adjoints of its
    /// own: what earlier ones left must not flow again.
    pub(crate) fn backward(&mut self, roots: impl Iterator<Item = (usize, f64)>, end: usize) {
        let mut earlier = Vec::new();
        if !self.gradients.is_empty() {
            earlier = mem::replace(&mut self.gradients, mem::take(&mut self.spare));
        }
        self.gradients.resize(end, NOTHING);
        roots.for_each(|(index, seed)| receive(&mut self.gradients[index], seed));
        self.sweep();
        if !earlier.is_empty() {
            self.gradients.resize(end.max(earlier.len()), NOTHING);
            for (gradient, earlier) in self.gradients.iter_mut().zip(&earlier) {
                *gradient += earlier;
            }
            earlier.clear();
            self.spare = earlier;
        }
    }

    /// How far it has grown.
    pub(crate) fn size(&self) -> Size {
        Size {
            nodes: self.slots.len(),
            constants: self.constants.len(),
            pairs: self.pairs.len(),
            customs: self.customs.len(),
            generation: self.slots.last().map_or(0, |slot| slot.generation),
        }
    }

    /// Whether the nodes that made this size are all still there.
    pub(crate) fn reaches(&self, size: Size) -> bool {
        let last = |last: usize| self.slots.get(last).is_some_and(|slot| slot.generation == size.generation);
        size.nodes.checked_sub(1).is_none_or(last)
    }

    /// Removes what is past this size.
    pub(crate) fn truncate(&mut self, size: Size) {
        if self.slots.len() > size.nodes {
            self.end_generation();
        }
        self.slots.truncate(size.nodes);
        self.constants.truncate(size.constants);
        self.pairs.truncate(size.pairs);
        self.customs.truncate(size.customs);
        self.names.split_off(&size.nodes);
        self.origins.truncate(size.nodes);
        self.scopes.truncate(size.nodes);
        self.gradients.truncate(size.nodes);
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
            return customs.pass_on(slot, adjoint, adjoints);
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

/// The links to the operands of a slot that `op` has made, from those that stand in it; `NONE` past the arity.
#[inline]
fn links([a, b]: [u32; 2], op: Op, pairs: &[[u32; 2]]) -> [u32; 3] {
    if op.arity() < 3 {
        return [a, b, NONE];
    }
    let [b, c] = pairs[b as usize];
    [a, b, c]
}

/// The constant behind a link; 0 where there is none.
#[inline]
fn read_constant(constants: &[f64], link: u32) -> f64 {
    constants.get((link & !CONSTANT) as usize).copied().unwrap_or(0.0)
}

#[inline]
pub(crate) fn is_node(link: u32) -> bool {
    link & CONSTANT == 0
}

/// How many nodes there is room for next, when there are `len`.
fn next_capacity(len: usize) -> usize {
    if len >= MOST_NODES {
        full();
    }
    (2 * len).clamp(64, MOST_NODES)
}

/// An index as a link.
#[inline]
pub(crate) fn link(index: usize) -> u32 {
    match u32::try_from(index) {
        Ok(link) if index < MOST_NODES => link,
        _ => full(),
    }
}

#[cold]
#[track_caller]
fn full() -> ! {
    panic!(
        "a graph holds at most {MOST_NODES} nodes, and as many constants: compute in parts, and `rewind` or `clear` the graph \
         between them"
    )
}

#[cold]
#[track_caller]
fn stale() -> ! {
    panic!("this value's node was removed from its graph by `rewind` or `clear`")
}

#[cold]
#[track_caller]
fn foreign() -> ! {
    panic!("this value belongs to another graph: values of two graphs cannot meet in one operation")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slot_is_24_bytes() {
        assert_eq!(size_of::<Slot>(), 24);
    }

    #[test]
    fn truncating_goes_back_to_the_size() {
        let mut arena = Arena { gradients: vec![1.0; 2], keeps_origins: true, at_once: NEVER, ..Arena::default() };
        arena.push(Op::Input, 1.0, [NONE; 2], None);
        let before = arena.size();
        let (three, four) = (arena.constant(3.0), arena.constant(4.0));
        let pair = arena.pair(three, four);
        arena.push(Op::MulAdd, 7.0, [0, pair], None);
        assert!(arena.size() != before && arena.reaches(before));
        arena.truncate(before);
        assert!(arena.size() == before);
        assert_eq!((arena.gradients.len(), arena.origins.len()), (1, 1));
    }

    #[test]
    fn the_last_index_is_a_link() {
        assert!(is_node(link((1 << 31) - 2)));
        assert_ne!(CONSTANT | link((1 << 31) - 2), NONE);
    }

    #[test]
    #[should_panic(expected = "at most 2147483647 nodes")]
    fn there_are_no_more() {
        link((1 << 31) - 1);
    }

    // A graph at its limit would take 64 GiB. What decides is this: there is never room for more nodes than the limit, and
    // asking for room when they are there ends in the same message.
    #[test]
    fn memory_grows_by_doubling_up_to_the_limit() {
        let capacities = std::iter::successors(Some(next_capacity(0)), |&full| {
            (full < MOST_NODES).then(|| next_capacity(full))
        });
        let capacities: Vec<usize> = capacities.collect();
        assert_eq!(capacities[..3], [64, 128, 256]);
        assert_eq!(capacities[capacities.len() - 2..], [1 << 30, MOST_NODES]);
    }

    #[test]
    #[should_panic(expected = "compute in parts, and `rewind` or `clear` the graph between them")]
    fn a_full_graph_has_no_room() {
        next_capacity(MOST_NODES);
    }

    #[test]
    fn there_is_room_only_where_there_is_memory() {
        let mut arena = Arena::default();
        assert!(!arena.has_room());
        arena.make_room();
        assert!(arena.has_room());
        while arena.slots.len() < arena.slots.capacity() {
            arena.push(Op::Input, 1.0, [NONE; 2], None);
        }
        assert_eq!((arena.has_room(), arena.slots.len()), (false, 64));
    }
}
