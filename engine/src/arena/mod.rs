//! The memory of a graph, and the forward walk over it.
//!
//! * A **node** is a slot of 24 bytes: value, two operands, generation, operation. Its gradient, of 8 bytes, is made by the first
//!   reverse pass: see `sweep.rs`. What few nodes have lies beside the slots: third operands, custom operations, names, origins.
//! * A **constant** operand is never a node: it is one `f64` beside the slots, and nothing flows to it.
//! * Removal is from the end. Each node carries the **generation** in which it was created, one more after every removal, and
//!   so does each handle: a handle outlives its node, but never reads a newer node. Generations are not used twice: when
//!   the last of the 2³² − 1 would end, the graph panics.
//! * A handle also carries its node's number, so that an operation need not wait until the one before has written it. A
//!   generation ends when a number changes, too: a handle of the one that runs has the right number of a node that is
//!   there, and nothing is looked up; all others find theirs in the slot.

mod customs;
mod operation;
mod second;
mod sweep;
mod tangent;

use crate::ops::Op;
use crate::provenance::{Origin, current_scope};
use customs::{CustomNodes, RemovedOperations};
use std::borrow::Cow;
use std::collections::BTreeMap;
use sweep::Gradients;

pub(crate) use customs::Edge;
pub use operation::CustomOperation;
pub(crate) use sweep::NOTHING;

#[derive(Default)]
pub(crate) struct Arena {
    pub(crate) slots: Vec<Slot>,
    pub(crate) constants: Vec<f64>,
    /// The second and third operands of operations that have three.
    pub(crate) pairs: Vec<[u32; 2]>,
    pub(crate) customs: CustomNodes,
    pub(crate) names: BTreeMap<usize, Cow<'static, str>>,
    /// Of a graph `with_sites`.
    keeps_origins: bool,
    /// One entry a node, if they are kept.
    pub(crate) origins: Vec<Option<Origin>>,
    /// Beside the origins: the scope in which each node was created.
    pub(crate) scopes: Vec<u32>,
    /// That of new nodes.
    generation: u32,
    /// The same if operators may use the recording shortcut, else [`NEVER`]: while origins are kept.
    pub(crate) at_once: u32,
    pub(crate) gradients: Gradients,
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
/// The generation in which no node is created.
pub(crate) const NEVER: u32 = u32::MAX;
/// The link of an operand that the operation does not have.
pub(crate) const NONE: u32 = u32::MAX;

impl Arena {
    /// The slot at this index, which must still be the one of this generation.
    #[inline]
    #[track_caller]
    pub(crate) fn slot(&self, index: u32, generation: u32) -> &Slot {
        match self.find(index, generation) {
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

    /// The number of a node of an older generation, if it is still there and what is made of it can be recorded at once.
    #[inline]
    pub(crate) fn number_of_older(&self, index: u32, generation: u32) -> Option<f64> {
        let slot = self.find(index, generation).filter(|_| self.at_once != NEVER);
        slot.map(|slot| slot.data)
    }

    /// Keeps the origins of nodes from now on.
    pub(crate) fn keep_origins(&mut self) {
        (self.keeps_origins, self.at_once) = (true, NEVER);
    }

    /// Ends the generation: its handles look up what they stand for from now on.
    #[track_caller]
    fn end_generation(&mut self) {
        if self.is_worn() {
            worn();
        }
        self.generation += 1;
        if self.at_once != NEVER {
            self.at_once = self.generation;
        }
    }

    /// Whether this is the last generation: after it, new nodes would have the generation of old ones.
    pub(crate) fn is_worn(&self) -> bool {
        self.generation == NEVER - 1
    }

    /// The bytes that it holds, of what the graphs of generated code use.
    pub(crate) fn bytes(&self) -> usize {
        size_of::<Slot>() * self.slots.capacity()
            + size_of::<f64>() * self.constants.capacity()
            + size_of::<[u32; 2]>() * self.pairs.capacity()
            + self.customs.bytes()
            + self.gradients.bytes()
    }

    /// Ends the generation if any handle has a number of it, which is about to change.
    #[track_caller]
    pub(crate) fn forget_numbers(&mut self) {
        if self.slots.last().is_some_and(|slot| slot.generation == self.generation) {
            self.end_generation();
        }
    }

    /// Gives an input another number.
    #[track_caller]
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

    /// A new slot without an origin, of the generation that runs: its index.
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
        let index = self.push_slot(op, data, operands, generation);
        if self.keeps_origins {
            self.push_origin(origin);
        }
        (index, generation)
    }

    #[cold]
    #[inline(never)]
    fn push_origin(&mut self, origin: Option<Origin>) {
        self.origins.push(origin);
        self.scopes.push(current_scope());
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

    /// Computes the values of the nodes from `start` on, up to a custom operation or `end`: the index where it stopped.
    pub(crate) fn recompute(&mut self, start: usize, end: usize) -> usize {
        for index in start..end {
            let op = self.slots[index].op;
            match op {
                Op::Input => {}
                Op::Custom => return index,
                _ => self.slots[index].data = op.value(&self.operands(self.links(index))),
            }
        }
        end
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

    /// Removes what is past this size. It returns the custom operations among it, since dropping one can run the user's code,
    /// which may use the graph.
    #[track_caller]
    #[must_use = "it is to be dropped when the graph is no longer borrowed"]
    pub(crate) fn truncate(&mut self, size: Size) -> RemovedOperations {
        if self.slots.len() > size.nodes {
            self.end_generation();
        }
        self.slots.truncate(size.nodes);
        self.constants.truncate(size.constants);
        self.pairs.truncate(size.pairs);
        let removed = self.customs.truncate(size.customs);
        self.names.split_off(&size.nodes);
        self.origins.truncate(size.nodes);
        self.scopes.truncate(size.nodes);
        self.gradients.truncate(size.nodes);
        removed
    }
}

/// The links to the operands of a slot that `op` has made, from those that stand in it; `NONE` past the arity.
#[inline]
pub(crate) fn links([a, b]: [u32; 2], op: Op, pairs: &[[u32; 2]]) -> [u32; 3] {
    if op.arity() < 3 {
        return [a, b, NONE];
    }
    let [b, c] = pairs[b as usize];
    [a, b, c]
}

/// The constant behind a link; 0 where there is none.
#[inline]
pub(crate) fn read_constant(constants: &[f64], link: u32) -> f64 {
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
fn worn() -> ! {
    panic!(
        "this graph was rewound, cleared or given new inputs {} times: it could not tell values of removed nodes from new ones \
         any longer\n\nhelp: make a new `Graph` from time to time",
        NEVER - 1
    )
}

#[cold]
#[track_caller]
fn stale() -> ! {
    panic!("this value's node was removed from its graph by `rewind` or `clear`")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::graph::Graph;

    #[test]
    fn a_slot_is_24_bytes() {
        assert_eq!(size_of::<Slot>(), 24);
    }

    #[test]
    fn truncating_goes_back_to_the_size() {
        let mut arena = Arena::default();
        arena.keep_origins();
        arena.push(Op::Input, 1.0, [NONE; 2], None);
        let before = arena.size();
        let (three, four) = (arena.constant(3.0), arena.constant(4.0));
        let pair = arena.pair(three, four);
        arena.push(Op::MulAdd, 7.0, [0, pair], None);
        assert!(arena.size() != before && arena.reaches(before));
        drop(arena.truncate(before));
        assert!(arena.size() == before);
        assert_eq!(arena.origins.len(), 1);
    }

    /// A graph with so many generations left after this one.
    fn old_graph(left: u32) -> Graph {
        let graph = Graph::new();
        let mut arena = graph.arena.borrow_mut();
        (arena.generation, arena.at_once) = (NEVER - 1 - left, NEVER - 1 - left);
        drop(arena);
        graph
    }

    #[test]
    fn generations_do_not_come_round() {
        let panics = |act: &dyn Fn()| {
            let payload = std::panic::catch_unwind(std::panic::AssertUnwindSafe(act)).unwrap_err();
            payload.downcast_ref::<String>().is_some_and(|message| message.contains("4294967294 times"))
        };
        let graph = old_graph(1);
        let x = graph.value(1.0);
        let mark = graph.mark();
        let stale = x * 111.0;
        graph.rewind(mark);
        let y = x * 222.0;
        assert!(panics(&|| graph.rewind(mark)));
        assert!(panics(&|| graph.clear()));
        assert!(panics(&|| x.set_data(2.0)));
        assert!(panics(&|| graph.recompute()));
        // Nothing was removed or changed, and the graph can still be used.
        y.backward();
        assert_eq!((y.data(), x.grad(), (y + x).data()), (222.0, 222.0, 223.0));
        assert!(std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| stale.data())).is_err());
    }

    #[test]
    fn generated_code_makes_a_new_graph_in_time() {
        assert!(!old_graph(1).is_worn() && old_graph(0).is_worn());
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
