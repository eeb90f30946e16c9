//! A node as its graph shows it.

use crate::arena::{Arena, Slot, is_node};
use crate::graph::Graph;
use crate::ops::Op;
use crate::trace::{Origin, Step};
use crate::value::Value;
use std::borrow::Cow;
use std::fmt;

/// What an operation works on.
#[derive(Clone, Copy, PartialEq, Debug)]
pub enum Operand {
    /// The node at this index.
    Node(usize),
    /// A constant: nothing flows to it.
    Constant(f64),
}

/// A view of one node of a [`Graph`]: every gear visible.
///
/// All methods panic if the node was removed.
///
/// ```
/// use gradus::{Graph, Op, graph::Operand};
/// let graph = Graph::new();
/// let x = graph.value(2.0);
/// let y = 3.0 * x;
/// let node = y.node().unwrap();
/// assert_eq!((node.index(), node.op(), node.data()), (1, Op::Mul, 6.0));
/// assert!(node.operands().eq([Operand::Constant(3.0), Operand::Node(0)]));
/// assert!(node.local_partials().eq([0.0, 3.0]));
/// ```
#[derive(Clone, Copy)]
pub struct Node<'g> {
    pub(crate) graph: &'g Graph,
    pub(crate) index: u32,
    pub(crate) generation: u32,
}

impl<'g> Node<'g> {
    /// The place in the graph, in the order of birth.
    #[inline]
    pub fn index(self) -> usize {
        self.index as usize
    }

    /// The operation that made it.
    #[track_caller]
    pub fn op(self) -> Op {
        self.look(|_, slot| slot.op)
    }

    /// Its value.
    #[inline]
    #[track_caller]
    pub fn data(self) -> f64 {
        self.look(|_, slot| slot.data)
    }

    /// Its gradient: the derivative of what [`backward`](Graph::backward) was called on, 0 before.
    #[inline]
    #[track_caller]
    pub fn grad(self) -> f64 {
        self.look(|_, slot| slot.grad)
    }

    /// Its operands, in the operation's order.
    #[track_caller]
    pub fn operands(self) -> impl ExactSizeIterator<Item = Operand> + use<> {
        self.look(|arena, slot| {
            let operands = arena.links(self.index()).map(|link| {
                if is_node(link) { Operand::Node(link as usize) } else { Operand::Constant(arena.read(link)) }
            });
            operands.into_iter().take(slot.op.arity())
        })
    }

    /// The derivatives of its value for each operand, at the present values; 0 for constants, to which nothing flows.
    #[track_caller]
    pub fn local_partials(self) -> impl ExactSizeIterator<Item = f64> + use<> {
        self.look(|arena, slot| {
            let links = arena.links(self.index());
            let partials = slot.op.partials(&arena.operands(links), slot.data, &links.map(is_node));
            partials.into_iter().take(slot.op.arity())
        })
    }

    /// The name it was given by [`Value::named`].
    #[track_caller]
    pub fn name(self) -> Option<Cow<'static, str>> {
        self.look(|arena, _| arena.names.get(&self.index()).cloned())
    }

    /// Where it came from, in a graph [`with_sites`](Graph::with_sites).
    #[track_caller]
    pub fn origin(self) -> Option<Origin> {
        self.look(|arena, _| arena.origins.as_ref().and_then(|origins| origins[self.index()]))
    }

    /// The way through the program to it, from the outside in: calls, iterations, branches. Empty in a graph that
    /// was not made by `f_graph`.
    ///
    /// ```
    /// use gradus::differentiable;
    /// use gradus::trace::Step;
    ///
    /// #[differentiable]
    /// fn power(x: f64, n: usize) -> f64 {
    ///     let mut product = x;
    ///     for _ in 1..n {
    ///         product *= x;
    ///     }
    ///     product
    /// }
    ///
    /// let trace = power_graph(2.0, 3);
    /// let last = trace.graph().nodes().last().unwrap();
    /// assert!(matches!(last.path()[..], [Step::Iteration { number: 1, .. }]));
    /// ```
    #[track_caller]
    pub fn path(self) -> Vec<Step> {
        self.look(|arena, _| match (&arena.record, arena.scopes.get(self.index())) {
            (Some(record), Some(&scope)) => record.path(scope),
            _ => Vec::new(),
        })
    }

    /// The handle to compute with.
    #[inline]
    pub fn value(self) -> Value<'g> {
        Value::from(self)
    }

    #[track_caller]
    pub(crate) fn set_name(self, name: Cow<'static, str>) {
        self.look(|_, _| ());
        self.graph.arena.borrow_mut().names.insert(self.index(), name);
    }

    #[track_caller]
    pub(crate) fn set_data(self, data: f64) {
        let op = self.op();
        assert!(
            op == Op::Input,
            "only an input's data can be set, and this value is made by `{}`",
            op.name()
        );
        self.graph.arena.borrow_mut().slots[self.index()].data = data;
    }

    #[inline]
    #[track_caller]
    fn look<T>(self, see: impl FnOnce(&Arena, &Slot) -> T) -> T {
        let arena = self.graph.arena.borrow();
        see(&arena, arena.slot(self.graph, self))
    }
}

impl fmt::Debug for Node<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {} = {:?}, grad {:?}", self.index, self.op().name(), self.data(), self.grad())
    }
}
