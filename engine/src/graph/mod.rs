//! The graph: every node in the order of its birth, which is a topological order.
//!
//! A node's operands are always older than the node, so the forward pass walks the arena upwards, the reverse pass
//! downwards, and nothing is recursive: a chain of ten million additions is no deeper than one.
//! The walks themselves are in `arena/mod.rs` and `arena/sweep.rs`.
//!
//! The graph grows through a shared reference, so that [`Value`]s can be `Copy` and borrow it.

mod apply;
mod custom;
#[cfg(feature = "num-traits")]
mod generic;
mod gradient;
mod methods;
mod node;
mod operators;
mod rewind;
mod tangent;
mod value;

use crate::arena::{Arena, MOST_NODES, NONE, Slot, link};
use crate::ops::Op;
use crate::provenance::Origin;
use std::cell::RefCell;
use std::ptr;

#[doc(hidden)]
pub use apply::{apply, apply_mixed};
pub use gradient::gradient;
pub use node::{Node, Operand};
pub use rewind::Mark;
pub use value::Value;

/// The graph that operations on [`Value`]s are recorded in.
///
/// It holds at most [`MAX_NODES`](Graph::MAX_NODES) nodes, 32 bytes each with its gradient, and panics when it would need more.
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

impl Graph {
    /// The number of nodes that a graph can hold: 2³¹ − 1, which are 64 GiB with their gradients. It can hold as many constants.
    pub const MAX_NODES: usize = MOST_NODES;

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
        let graph = Graph::default();
        graph.arena.borrow_mut().keep_origins();
        graph
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
        let arena = &mut *self.arena.borrow_mut();
        arena.make_room();
        let (index, generation) = arena.push(Op::Input, data, [NONE; 2], origin);
        Value::of_node(Node { graph: self, index, generation }, data)
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
                self.slot(arena, node);
                end = end.max(node.index as usize + 1);
            }
        }
        let nodes = roots.iter().filter_map(|(root, seed)| Some((root.node()?.index(), *seed)));
        arena.backward(nodes, end);
    }

    /// Makes every gradient 0.
    pub fn zero_grad(&self) {
        self.arena.borrow_mut().gradients.truncate(0);
    }

    /// Computes every value anew from the inputs, in the recorded order: the forward pass after
    /// [`set_data`](Value::set_data). Which operations were recorded does not change, whatever branches of the
    /// program the new inputs would have taken; nor do the gradients.
    ///
    /// # Panics
    ///
    /// Where an operation panics (`clamp` with wrong bounds), and if a custom operation's functions remove nodes of this graph.
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
    #[track_caller]
    pub fn recompute(&self) {
        self.recompute_with_customs();
    }

    /// A new node that is `op` of the operands, at least one of which is a node.
    #[inline(always)]
    #[allow(clippy::inline_always, reason = "it folds: also which operands are constants is often known")]
    #[track_caller]
    pub(crate) fn record<'g, const N: usize>(
        &'g self,
        op: Op,
        operands: [Value<'g>; N],
        origin: Option<Origin>,
    ) -> Value<'g> {
        let arena = &mut *self.arena.borrow_mut();
        let mut links = [NONE; 3];
        for k in 0..N {
            links[k] = match operands[k].node() {
                Some(node) => node.index,
                None => arena.constant(operands[k].number),
            };
        }
        if N == 3 {
            links[1] = arena.pair(links[1], links[2]);
        }
        arena.make_room();
        let mut data = [0.0; N];
        for k in 0..N {
            data[k] = match operands[k].node() {
                Some(node) => self.slot(arena, node).data,
                None => operands[k].number,
            };
        }
        let value = op.value(&data);
        let (index, generation) = arena.push(op, value, [links[0], links[1]], origin);
        Value::of_node(Node { graph: self, index, generation }, value)
    }

    /// The slot of a node, if it is one of this graph's and has not been removed.
    #[inline]
    #[track_caller]
    fn slot<'a>(&self, arena: &'a Arena, node: Node<'_>) -> &'a Slot {
        if !ptr::eq(self, node.graph) {
            foreign();
        }
        arena.slot(node.index, node.generation)
    }
}

#[cold]
#[track_caller]
fn foreign() -> ! {
    panic!("this value belongs to another graph: values of two graphs cannot meet in one operation")
}
