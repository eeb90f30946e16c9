//! The graph: every node in the order of its birth, which is a topological order.
//!
//! A node's operands are always older than the node, so the forward pass walks the arena upwards, the reverse pass
//! downwards, and nothing is recursive: a chain of ten million additions is no deeper than one.
//!
//! * A **node** is 32 bytes: value, gradient, two operands, operation, generation. What few nodes have lies beside
//!   the arena: third operands, names, origins.
//! * A **constant** operand is never a node: it is one `f64` beside the arena, and nothing flows to it.
//! * The graph grows through a shared reference, so that [`Value`]s can be `Copy` and borrow it.
//! * `rewind` removes the newest nodes. Each node carries the **generation** it was born in, one more after every
//!   removal, and so does each handle: a handle outlives its node, but never takes a newer node for it. (After 2³²
//!   removals generations come round again.)

pub use crate::node::{Node, Operand};
use crate::ops::Op;
use crate::trace::Origin;
use crate::value::Value;
use std::borrow::Cow;
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::{fmt, mem, ptr};

/// The graph that operations on [`Value`]s are recorded in.
///
/// It holds at most 2³¹ − 1 nodes, and panics when it would need more.
///
/// ```
/// use gradus::Graph;
/// let graph = Graph::new();
/// let x = graph.value(2.0);
/// let y = graph.value(3.0);
/// let z = x * y + x;
/// z.backward();
/// assert_eq!((z.data(), x.grad(), y.grad()), (8.0, 4.0, 2.0));
/// ```
#[derive(Default)]
pub struct Graph {
    pub(crate) arena: RefCell<Arena>,
}

#[derive(Default)]
pub(crate) struct Arena {
    pub(crate) slots: Vec<Slot>,
    constants: Vec<f64>,
    /// The second and third operands of operations that have three.
    pairs: Vec<[u32; 2]>,
    pub(crate) names: BTreeMap<u32, Cow<'static, str>>,
    /// Kept only by graphs `with_sites`: one entry a node.
    pub(crate) origins: Option<Vec<Option<Origin>>>,
    generation: u32,
    /// No sweep has begun at this index or above: the gradients there are 0.
    swept: usize,
    /// Gradients of earlier sweeps, while a sweep runs; kept to be reused.
    aside: Vec<f64>,
}

#[derive(Clone, Copy)]
pub(crate) struct Slot {
    pub(crate) data: f64,
    pub(crate) grad: f64,
    /// Links; of an operation with three operands the first, and the index of the others in `pairs`.
    operands: [u32; 2],
    generation: u32,
    pub(crate) op: Op,
    /// Whether an adjoint has arrived in the sweep that is running.
    reached: bool,
}

/// A link with this bit is an index into the constants, without it an index into the slots.
const CONSTANT: u32 = 1 << 31;
/// The link of an operand that the operation does not have.
const NONE: u32 = u32::MAX;

impl Graph {
    /// An empty graph that records values and operations only: the leanest.
    pub fn new() -> Graph {
        Graph::default()
    }

    /// An empty graph that also records where each node came from ([`Node::origin`]).
    ///
    /// ```
    /// use gradus::Graph;
    /// let graph = Graph::with_sites();
    /// let x = graph.value(2.0);
    /// let y = x * x;
    /// let here = y.node().unwrap().origin().unwrap();
    /// assert_eq!(here.position().0, x.node().unwrap().origin().unwrap().position().0 + 1);
    /// ```
    pub fn with_sites() -> Graph {
        Graph { arena: RefCell::new(Arena { origins: Some(Vec::new()), ..Arena::default() }) }
    }

    /// A new input.
    #[inline]
    #[track_caller]
    pub fn value(&self, data: f64) -> Value<'_> {
        self.input(data, Origin::here())
    }

    /// A new input that came from `origin`.
    #[doc(hidden)]
    #[inline]
    pub fn input(&self, data: f64, origin: Option<Origin>) -> Value<'_> {
        self.push(&mut self.arena.borrow_mut(), Op::Input, data, [NONE; 2], origin)
    }

    /// The number of nodes.
    pub fn len(&self) -> usize {
        self.arena.borrow().slots.len()
    }

    /// Whether there are no nodes.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The node at this index.
    ///
    /// # Panics
    ///
    /// If there is none.
    #[track_caller]
    pub fn node(&self, index: usize) -> Node<'_> {
        let generation = self.arena.borrow().slots[index].generation;
        Node { graph: self, index: link(index), generation }
    }

    /// All nodes, operands before what is made of them.
    pub fn nodes(&self) -> impl DoubleEndedIterator<Item = Node<'_>> + ExactSizeIterator {
        (0..self.len()).map(|index| self.node(index))
    }

    /// Adds to the gradient of every node the derivatives of the roots for it, weighted by the roots' seeds: the
    /// gradient of `Σ seed · root`. Constants among the roots have no gradient and are passed over.
    ///
    /// Only nodes that lead to a root take part: the others, and what they are made of, cannot spoil a gradient with
    /// a `0 · ∞`.
    ///
    /// ```
    /// use gradus::Graph;
    /// let graph = Graph::new();
    /// let x = graph.value(3.0);
    /// graph.backward(&[(x * x, 1.0), (x * 2.0, 10.0)]);
    /// assert_eq!(x.grad(), 6.0 + 20.0);
    /// ```
    ///
    /// # Panics
    ///
    /// If a root belongs to another graph, or to a node that was removed.
    #[track_caller]
    pub fn backward(&self, roots: &[(Value<'_>, f64)]) {
        let arena = &mut *self.arena.borrow_mut();
        let mut end = 0;
        for (root, _) in roots {
            if let Some(node) = root.node() {
                arena.slot(self, node);
                end = end.max(node.index as usize + 1);
            }
        }
        // A sweep passes on whatever stands in the gradients; what earlier ones left there must not flow again.
        let earlier = arena.swept.min(end);
        arena.aside.clear();
        arena.aside.extend(arena.slots[..earlier].iter_mut().map(|slot| mem::take(&mut slot.grad)));
        for (root, seed) in roots {
            if let Some(node) = root.node() {
                arena.slots[node.index as usize].receive(*seed);
            }
        }
        arena.sweep(end);
        for (slot, earlier) in arena.slots.iter_mut().zip(&arena.aside) {
            slot.grad += earlier;
        }
        arena.swept = arena.swept.max(end);
    }

    /// Makes every gradient 0.
    pub fn zero_grad(&self) {
        let arena = &mut *self.arena.borrow_mut();
        arena.slots[..arena.swept].iter_mut().for_each(|slot| slot.grad = 0.0);
        arena.swept = 0;
    }

    /// Computes every value anew from the inputs, in the recorded order: the forward pass after
    /// [`set_data`](Value::set_data). Which operations were recorded does not change, whatever branches of the
    /// program the new inputs would have taken; nor do the gradients.
    ///
    /// # Panics
    ///
    /// Where an operation panics (`clamp` with wrong bounds).
    ///
    /// ```
    /// use gradus::Graph;
    /// let graph = Graph::new();
    /// let x = graph.value(3.0);
    /// let y = x * x;
    /// x.set_data(4.0);
    /// graph.recompute();
    /// assert_eq!(y.data(), 16.0);
    /// ```
    pub fn recompute(&self) {
        let arena = &mut *self.arena.borrow_mut();
        for index in 0..arena.slots.len() {
            let op = arena.slots[index].op;
            if op != Op::Input {
                arena.slots[index].data = op.value(&arena.operands(arena.links(index)));
            }
        }
    }

    /// Remembers how far the graph has grown, for [`rewind`](Graph::rewind).
    pub fn mark(&self) -> Mark<'_> {
        let arena = self.arena.borrow();
        Mark {
            graph: self,
            nodes: arena.slots.len(),
            constants: arena.constants.len(),
            pairs: arena.pairs.len(),
            generation: arena.slots.last().map(|slot| slot.generation),
        }
    }

    /// Removes all nodes that are younger than the mark, and keeps their memory for new ones. The nodes before the
    /// mark keep their values and gradients. A training loop marks after the parameters and rewinds every step:
    ///
    /// ```
    /// use gradus::Graph;
    /// let graph = Graph::new();
    /// let w = graph.value(1.0);
    /// let mark = graph.mark();
    /// for _ in 0..50 {
    ///     graph.rewind(mark);
    ///     graph.zero_grad();
    ///     let loss = (w * 2.0 - 6.0).powi(2);
    ///     loss.backward();
    ///     w.set_data(w.data() - 0.1 * w.grad());
    /// }
    /// assert!((w.data() - 3.0).abs() < 1e-9);
    /// ```
    ///
    /// # Panics
    ///
    /// If the mark is another graph's, or if the nodes before it have been removed since.
    #[track_caller]
    pub fn rewind(&self, mark: Mark<'_>) {
        assert!(ptr::eq(self, mark.graph), "the mark belongs to another graph");
        let arena = &mut *self.arena.borrow_mut();
        let last = mark.nodes.checked_sub(1).map(|last| arena.slots.get(last).map(|slot| slot.generation));
        assert!(last.is_none_or(|last| last == mark.generation), "the nodes before the mark were removed");
        if arena.slots.len() > mark.nodes {
            arena.generation = arena.generation.wrapping_add(1);
        }
        arena.slots.truncate(mark.nodes);
        arena.constants.truncate(mark.constants);
        arena.pairs.truncate(mark.pairs);
        arena.names.split_off(&link(mark.nodes));
        if let Some(origins) = &mut arena.origins {
            origins.truncate(mark.nodes);
        }
        arena.swept = arena.swept.min(mark.nodes);
    }

    /// Removes all nodes, and keeps their memory for new ones.
    pub fn clear(&self) {
        self.rewind(Mark { graph: self, nodes: 0, constants: 0, pairs: 0, generation: None });
    }

    /// A new node that is `op` of the operands, at least one of which is a node.
    #[inline(always)]
    #[allow(
        clippy::inline_always,
        reason = "it folds: the operation is known, and often which operands are constants"
    )]
    #[track_caller]
    pub(crate) fn record<'g, const N: usize>(
        &'g self,
        op: Op,
        operands: [Value<'g>; N],
        origin: Option<Origin>,
    ) -> Value<'g> {
        let arena = &mut *self.arena.borrow_mut();
        let mut data = [0.0; N];
        for k in 0..N {
            data[k] = operands[k].node().map_or(operands[k].constant(), |node| arena.slot(self, node).data);
        }
        let value = op.value(&data);
        let mut links = [NONE; 3];
        for k in 0..N {
            links[k] = operands[k].node().map_or_else(|| arena.constant(data[k]), |node| node.index);
        }
        if N == 3 {
            arena.pairs.push([links[1], links[2]]);
            links[1] = link(arena.pairs.len() - 1);
        }
        self.push(arena, op, value, [links[0], links[1]], origin)
    }

    #[inline]
    fn push(
        &self,
        arena: &mut Arena,
        op: Op,
        data: f64,
        operands: [u32; 2],
        origin: Option<Origin>,
    ) -> Value<'_> {
        let index = link(arena.slots.len());
        let generation = arena.generation;
        arena.slots.push(Slot { data, grad: 0.0, operands, generation, op, reached: false });
        if let Some(origins) = &mut arena.origins {
            origins.push(origin);
        }
        Value::from(Node { graph: self, index, generation })
    }
}

impl Slot {
    /// Adds a contribution to the adjoint.
    #[inline]
    fn receive(&mut self, contribution: f64) {
        self.grad += contribution;
        self.reached = true;
    }
}

impl Arena {
    /// The slot of a node, if it is one of this graph's and has not been removed.
    #[inline]
    #[track_caller]
    pub(crate) fn slot(&self, graph: &Graph, node: Node<'_>) -> &Slot {
        if !ptr::eq(graph, node.graph) {
            foreign();
        }
        match self.slots.get(node.index as usize) {
            Some(slot) if slot.generation == node.generation => slot,
            _ => stale(),
        }
    }

    /// The links to the operands of the node at this index, `NONE` past the arity.
    #[inline]
    pub(crate) fn links(&self, index: usize) -> [u32; 3] {
        let Slot { operands: [a, b], op, .. } = self.slots[index];
        if op.arity() < 3 {
            return [a, b, NONE];
        }
        let [b, c] = self.pairs[b as usize];
        [a, b, c]
    }

    /// The number behind a link; 0 where there is none.
    #[inline]
    pub(crate) fn read(&self, link: u32) -> f64 {
        if is_node(link) {
            self.slots[link as usize].data
        } else {
            self.constants.get((link & !CONSTANT) as usize).copied().unwrap_or(0.0)
        }
    }

    /// The numbers behind the links.
    #[inline]
    pub(crate) fn operands(&self, [a, b, c]: [u32; 3]) -> [f64; 3] {
        [self.read(a), self.read(b), self.read(c)]
    }

    /// The link to a new constant.
    #[inline]
    fn constant(&mut self, data: f64) -> u32 {
        self.constants.push(data);
        CONSTANT | link(self.constants.len() - 1)
    }

    /// The reverse pass over the slots before `end`: every node that an adjoint has reached passes it on to its
    /// operands, which are all older, so that a node's adjoint is complete when its turn comes.
    fn sweep(&mut self, end: usize) {
        for index in (0..end).rev() {
            let slot = &mut self.slots[index];
            if !mem::take(&mut slot.reached) {
                continue;
            }
            let (op, data, adjoint) = (slot.op, slot.data, slot.grad);
            let links = self.links(index);
            let active = links.map(is_node);
            let partials = op.partials(&self.operands(links), data, &active);
            for k in 0..3 {
                if active[k]
                    && let Some(contribution) = op.pull(partials[k], adjoint)
                {
                    self.slots[links[k] as usize].receive(contribution);
                }
            }
        }
    }
}

#[inline]
pub(crate) fn is_node(link: u32) -> bool {
    link & CONSTANT == 0
}

/// An index as a link.
#[inline]
fn link(index: usize) -> u32 {
    match u32::try_from(index) {
        Ok(link) if link < CONSTANT => link,
        _ => panic!("a graph holds at most 2³¹ − 1 nodes"),
    }
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

impl fmt::Debug for Graph {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.nodes()).finish()
    }
}

/// A point in the growth of a graph, made by [`Graph::mark`].
#[derive(Clone, Copy)]
pub struct Mark<'g> {
    graph: &'g Graph,
    nodes: usize,
    constants: usize,
    pairs: usize,
    /// The last node's.
    generation: Option<u32>,
}

impl fmt::Debug for Mark<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Mark").field("nodes", &self.nodes).finish_non_exhaustive()
    }
}
