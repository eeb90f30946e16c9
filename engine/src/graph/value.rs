//! `Value`: a number that knows where it came from.

use super::{Graph, Node, Operand};
use crate::ops::Op;
use std::borrow::Cow;

/// A number to compute with as with an `f64`: a node of a [`Graph`], or a constant, which needs no graph.
///
/// Operators and methods are those of `f64`, give the same values bit for bit, and take `f64`s and `Value`s alike.
/// An operation on constants is a constant; every other is recorded as a new node.
///
/// It is `Copy` and 24 bytes. Comparing compares the numbers.
///
/// # Panics
///
/// Everything that looks at a node panics if the node was removed by [`rewind`](Graph::rewind) or
/// [`clear`](Graph::clear); an operation on nodes of two different graphs panics.
///
/// ```
/// use gradus::Graph;
/// let graph = Graph::new();
/// let x = graph.value(0.5);
/// let y = (2.0 * x).tanh();
/// assert_eq!(y.data(), 1.0_f64.tanh());
/// y.backward();
/// assert_eq!(x.grad(), 2.0 * (1.0 - y.data() * y.data()));
/// ```
#[derive(Clone, Copy)]
pub struct Value<'g> {
    /// None for a constant.
    pub(crate) graph: Option<&'g Graph>,
    /// The number itself for a constant; for a node what it was when this handle was made. The number that holds is the graph's.
    pub(crate) number: f64,
    /// Where the node stands in the graph, and the generation it was born in; 0 for a constant.
    pub(crate) index: u32,
    pub(crate) generation: u32,
}

impl<'g> Value<'g> {
    /// The number.
    #[inline]
    #[track_caller]
    pub fn data(self) -> f64 {
        match self.node() {
            Some(node) => node.data(),
            None => self.number,
        }
    }

    /// The gradient: the derivative of what [`backward`](Value::backward) was called on for this value. 0 before, and
    /// 0 for constants.
    #[inline]
    #[track_caller]
    pub fn grad(self) -> f64 {
        match self.node() {
            Some(node) => node.grad(),
            None => 0.0,
        }
    }

    /// The node, unless it is a constant.
    #[inline]
    pub fn node(self) -> Option<Node<'g>> {
        let Value { graph, index, generation, .. } = self;
        graph.map(|graph| Node { graph, index, generation })
    }

    /// A constant.
    #[inline]
    pub(crate) const fn of_number(number: f64) -> Self {
        Value { graph: None, number, index: 0, generation: 0 }
    }

    /// The node that is born as this one of its graph, with this number.
    #[inline]
    pub(crate) fn of_node(node: Node<'g>, number: f64) -> Self {
        let Node { graph, index, generation } = node;
        Value { graph: Some(graph), number, index, generation }
    }

    /// Adds to the gradient of every node the derivative of this value for it. On a constant it does nothing.
    ///
    /// ```
    /// use gradus::Graph;
    /// let graph = Graph::new();
    /// let x = graph.value(3.0);
    /// let y = x * x;
    /// y.backward();
    /// y.backward();
    /// assert_eq!(x.grad(), 12.0);
    /// graph.zero_grad();
    /// y.backward();
    /// assert_eq!(x.grad(), 6.0);
    /// ```
    #[track_caller]
    pub fn backward(self) {
        self.backward_with(1.0);
    }

    /// [`backward`](Value::backward) with the derivatives times `seed`.
    #[track_caller]
    pub fn backward_with(self, seed: f64) {
        if let Some(node) = self.node() {
            node.graph.backward(&[(self, seed)]);
        }
    }

    /// Changes an input. What was computed from it follows at the next [`recompute`](Graph::recompute).
    ///
    /// # Panics
    ///
    /// If it is not an input, but a constant or the result of an operation.
    #[track_caller]
    pub fn set_data(self, data: f64) {
        self.input().set_data(data);
    }

    /// Panics as [`set_data`](Value::set_data) would.
    #[track_caller]
    pub(crate) fn assert_input(self) {
        self.input().assert_input();
    }

    #[track_caller]
    fn input(self) -> Node<'g> {
        self.node().expect("only an input's data can be set, and this value is a constant")
    }

    /// The number as a constant: nothing flows back through it.
    ///
    /// ```
    /// use gradus::Graph;
    /// let graph = Graph::new();
    /// let x = graph.value(3.0);
    /// (x * x.stop_gradient()).backward();
    /// assert_eq!(x.grad(), 3.0);
    /// ```
    #[inline]
    #[track_caller]
    #[must_use = "it makes a new value"]
    pub fn stop_gradient(self) -> Value<'g> {
        Value::from(self.data())
    }
}

impl From<f64> for Value<'_> {
    #[inline]
    fn from(data: f64) -> Self {
        Value::of_number(data)
    }
}

impl<'g> From<Node<'g>> for Value<'g> {
    #[inline]
    fn from(node: Node<'g>) -> Self {
        Value::of_node(node, node.number())
    }
}

impl<'g> Node<'g> {
    /// The handle to compute with.
    #[inline]
    pub fn value(self) -> Value<'g> {
        Value::from(self)
    }
}

/// What a value shows of its node.
impl<'g> Value<'g> {
    /// The operation that made it, unless it is a constant.
    #[track_caller]
    pub fn op(self) -> Option<Op> {
        self.node().map(Node::op)
    }

    /// The operands of the operation that made it; none for inputs and constants.
    #[track_caller]
    pub fn operands(self) -> impl Iterator<Item = Operand> + use<> {
        self.node().map(Node::operands).into_iter().flatten()
    }

    /// The derivatives of the operation that made it for each of its [`operands`](Value::operands).
    #[track_caller]
    pub fn local_partials(self) -> impl Iterator<Item = f64> + use<> {
        self.node().map(Node::local_partials).into_iter().flatten()
    }

    /// Gives the node a name, for printing and drawing. A constant has none.
    #[track_caller]
    #[must_use = "it is the value itself, for chaining"]
    pub fn named(self, name: impl Into<Cow<'static, str>>) -> Value<'g> {
        if let Some(node) = self.node() {
            node.set_name(name.into());
        }
        self
    }

    /// The name given by [`named`](Value::named).
    #[track_caller]
    pub fn name(self) -> Option<Cow<'static, str>> {
        self.node().and_then(Node::name)
    }
}
