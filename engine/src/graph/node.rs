//! A node as its graph shows it.

use super::Graph;
use crate::arena::{Arena, CustomOperation, Slot, is_node};
use crate::ops::Op;
use crate::provenance::{OFF, Origin};
use crate::text::operation_name;
use std::borrow::Cow;
use std::{array, fmt, iter, vec};

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

impl Node<'_> {
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

    /// The operation's sign or name, as listings and pictures show it: that of the [table](Op::symbol), or the name that a
    /// custom operation has.
    #[track_caller]
    pub fn symbol(self) -> &'static str {
        self.look(|arena, slot| match slot.op {
            Op::Custom => arena.customs.operation(slot).name(),
            op => op.symbol(),
        })
    }

    /// The operation that made it, if that is a custom one.
    #[track_caller]
    pub fn custom_operation(self) -> Option<CustomOperation> {
        self.look(|arena, slot| (slot.op == Op::Custom).then(|| arena.customs.operation(slot).clone()))
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
        self.look(|arena, _| arena.gradients.of(self.index()))
    }

    /// Its operands, in the operation's order.
    #[track_caller]
    pub fn operands(self) -> impl ExactSizeIterator<Item = Operand> + use<> {
        self.look(|arena, slot| {
            let operand = |link| {
                if is_node(link) { Operand::Node(link as usize) } else { Operand::Constant(arena.read(link)) }
            };
            if slot.op == Op::Custom {
                let edges = arena.customs.edges(slot).iter();
                return List::Many(edges.map(|edge| operand(edge.link)).collect::<Vec<_>>().into_iter());
            }
            List::Few(arena.links(self.index()).map(operand).into_iter().take(slot.op.arity()))
        })
    }

    /// The derivatives of its value for each operand, at the present values; 0 for constants, to which nothing flows.
    #[track_caller]
    pub fn local_partials(self) -> impl ExactSizeIterator<Item = f64> + use<> {
        self.look(|arena, slot| {
            if slot.op == Op::Custom {
                let edges = arena.customs.edges(slot).iter();
                return List::Many(edges.map(|edge| edge.partial).collect::<Vec<_>>().into_iter());
            }
            let links = arena.links(self.index());
            let partials = slot.op.partials(&arena.operands(links), slot.data, &links.map(is_node));
            List::Few(partials.into_iter().take(slot.op.arity()))
        })
    }

    /// The name it was given by [`Value::named`](crate::Value::named).
    #[track_caller]
    pub fn name(self) -> Option<Cow<'static, str>> {
        self.look(|arena, _| arena.names.get(&self.index()).cloned())
    }

    /// Where it came from, in a graph [`with_sites`](Graph::with_sites).
    #[track_caller]
    pub fn origin(self) -> Option<Origin> {
        self.look(|arena, _| arena.origins.get(self.index()).copied().flatten())
    }

    /// The number of the scope in which it was created, which the trace knows; none if nothing was traced.
    pub(crate) fn scope(self) -> Option<u32> {
        self.look(|arena, _| arena.scopes.get(self.index()).copied()).filter(|&scope| scope != OFF)
    }

    #[track_caller]
    pub(crate) fn set_name(self, name: Cow<'static, str>) {
        self.look(|_, _| ());
        self.graph.arena.borrow_mut().names.insert(self.index(), name);
    }

    #[track_caller]
    pub(crate) fn set_data(self, data: f64) {
        self.assert_input();
        self.graph.arena.borrow_mut().set_data(self.index(), data);
    }

    #[track_caller]
    pub(crate) fn assert_input(self) {
        assert!(
            self.op() == Op::Input,
            "only an input's data can be set, and this value is made by `{}`",
            self.shown_name()
        );
    }

    /// The operation's name as messages show it.
    fn shown_name(self) -> String {
        match self.op() {
            Op::Custom => operation_name(self.symbol()),
            op => op.name().into(),
        }
    }

    /// Its value for a new handle; 0 if the node was removed, which no use of the handle will overlook.
    #[inline]
    pub(crate) fn number(self) -> f64 {
        self.graph.arena.borrow().find(self.index, self.generation).map_or(0.0, |slot| slot.data)
    }

    #[inline]
    #[track_caller]
    fn look<T>(self, see: impl FnOnce(&Arena, &Slot) -> T) -> T {
        let arena = self.graph.arena.borrow();
        see(&arena, arena.slot(self.index, self.generation))
    }
}

impl fmt::Debug for Graph {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.nodes()).finish()
    }
}

impl fmt::Debug for Node<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {} = {:?}, grad {:?}", self.index, self.shown_name(), self.data(), self.grad())
    }
}

/// What there is one of for each operand: at most three for operations of the table, any number for custom ones.
enum List<T> {
    Few(iter::Take<array::IntoIter<T, 3>>),
    Many(vec::IntoIter<T>),
}

impl<T> Iterator for List<T> {
    type Item = T;
    fn next(&mut self) -> Option<T> {
        match self {
            List::Few(few) => few.next(),
            List::Many(many) => many.next(),
        }
    }
    fn size_hint(&self) -> (usize, Option<usize>) {
        match self {
            List::Few(few) => few.size_hint(),
            List::Many(many) => many.size_hint(),
        }
    }
}

impl<T> ExactSizeIterator for List<T> {}
