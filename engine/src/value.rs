//! `Value`: a number that knows where it came from.

use crate::graph::{Graph, Node, Operand};
use crate::ops::Op;
use crate::trace::Origin;
use std::borrow::Cow;
use std::cmp::Ordering;
use std::fmt;
use std::iter::{Product, Sum};
use std::num::FpCategory;
use std::ops::{Add, AddAssign, Div, DivAssign, Mul, MulAssign, Neg, Rem, RemAssign, Sub, SubAssign};
use std::ptr;

/// A number to compute with as with an `f64`: a node of a [`Graph`], or a constant, which needs no graph.
///
/// Operators and methods are those of `f64`, give the same values bit for bit, and take `f64`s and `Value`s alike.
/// An operation on constants is a constant; every other is recorded as a new node.
///
/// It is `Copy` and 16 bytes. Comparing compares the numbers.
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
    graph: Option<&'g Graph>,
    /// The number itself for a constant; for a node its generation, and above that its index. Two words travel in
    /// registers where an enum of the two cases would go through memory.
    bits: u64,
}

/// `op` of the operands, as many as its arity, recorded as coming from `origin`: what every operator and method is
/// made of, and generated code too.
#[doc(hidden)]
#[inline(always)]
#[allow(clippy::inline_always, reason = "as for `Graph::record`")]
#[track_caller]
pub fn apply<const N: usize>(op: Op, operands: [Value<'_>; N], origin: Option<Origin>) -> Value<'_> {
    debug_assert_eq!(N, op.arity(), "operands of `{}`", op.name());
    match operands[0].graph.and_then(|graph| graph.record_at_once(op, operands)) {
        Some(value) => value,
        // A copy, so that the operands themselves need no place in memory on the way that is nearly always taken.
        None => apply_with_care(op, operands.map(|operand| operand), origin),
    }
}

/// The same, out of the way of the commonest case.
#[inline(never)]
#[track_caller]
fn apply_with_care<const N: usize>(op: Op, operands: [Value<'_>; N], origin: Option<Origin>) -> Value<'_> {
    apply_mixed(op, operands, origin)
}

/// The same where constants are expected among the operands.
#[doc(hidden)]
#[inline(always)]
#[allow(clippy::inline_always, reason = "as for `Graph::record`")]
#[track_caller]
pub fn apply_mixed<const N: usize>(op: Op, operands: [Value<'_>; N], origin: Option<Origin>) -> Value<'_> {
    match operands.iter().find_map(|operand| operand.graph) {
        Some(graph) => graph.record(op, operands, origin),
        None => Value::from(op.value(&operands.map(Value::constant))),
    }
}

impl<'g> Value<'g> {
    /// The number.
    #[inline]
    #[track_caller]
    pub fn data(self) -> f64 {
        match self.node() {
            Some(node) => node.data(),
            None => self.constant(),
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
        let (index, generation) = self.index_and_generation();
        self.graph.map(|graph| Node { graph, index, generation })
    }

    /// The index and the generation of a node; of a constant, nonsense.
    #[inline]
    #[allow(clippy::cast_possible_truncation, reason = "the halves are taken")]
    pub(crate) fn index_and_generation(self) -> (u32, u32) {
        ((self.bits >> 32) as u32, self.bits as u32)
    }

    /// Whether it is a node of this graph, which may have been removed.
    #[inline]
    pub(crate) fn is_of(self, graph: &Graph) -> bool {
        self.graph.map_or(ptr::null(), ptr::from_ref) == ptr::from_ref(graph)
    }

    /// The number of a constant; of a node, nonsense.
    #[inline]
    pub(crate) fn constant(self) -> f64 {
        f64::from_bits(self.bits)
    }

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
        self.node().expect("only an input's data can be set, and this value is a constant").set_data(data);
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
        Value { graph: None, bits: data.to_bits() }
    }
}

impl<'g> From<Node<'g>> for Value<'g> {
    #[inline]
    fn from(node: Node<'g>) -> Self {
        Value { graph: Some(node.graph), bits: u64::from(node.index) << 32 | u64::from(node.generation) }
    }
}

impl From<&f64> for Value<'_> {
    #[inline]
    fn from(data: &f64) -> Self {
        Value::from(*data)
    }
}

impl<'g> From<&Value<'g>> for Value<'g> {
    #[inline]
    fn from(value: &Value<'g>) -> Self {
        *value
    }
}

/// The methods that are operations of the table, grouped by the operands they take beside `self`.
macro_rules! methods {
    ($($operands:tt: $($method:ident $Op:ident),*;)*) => {
        impl<'g> Value<'g> { $( $( methods!(@ $method $Op $operands); )* )* }
    };
    (@ $method:ident $Op:ident ()) => { methods!(@ apply $method $Op ()); };
    (@ $method:ident $Op:ident $operands:tt) => { methods!(@ apply_mixed $method $Op $operands); };
    (@ $apply:ident $method:ident $Op:ident ($($operand:ident),*)) => {
        #[doc = concat!("`", stringify!($method), "` as for `f64`; for its derivative see [`Op::", stringify!($Op), "`].")]
        #[inline]
        #[track_caller]
        #[must_use = "it makes a new value"]
        pub fn $method(self, $($operand: impl Into<Value<'g>>),*) -> Value<'g> {
            $apply(Op::$Op, [self, $($operand.into()),*], Origin::here())
        }
    };
}

methods! {
    (): abs Abs, sqrt Sqrt, cbrt Cbrt, exp Exp, exp2 Exp2, exp_m1 ExpM1, ln Ln, ln_1p Ln1p, log2 Log2, log10 Log10,
        sin Sin, cos Cos, tan Tan, asin Asin, acos Acos, atan Atan, sinh Sinh, cosh Cosh, tanh Tanh, asinh Asinh,
        acosh Acosh, atanh Atanh, to_degrees ToDegrees, to_radians ToRadians, ceil Ceil, floor Floor, round Round,
        round_ties_even RoundTiesEven, trunc Trunc, fract Fract, signum Signum, relu Relu, sigmoid Sigmoid,
        softplus Softplus, silu Silu, gelu Gelu;
    (other): atan2 Atan2, hypot Hypot, max Max, min Min;
    (rhs): div_euclid DivEuclid, rem_euclid RemEuclid;
    (n): powf Powf;
    (sign): copysign Copysign;
    (slope): leaky_relu LeakyRelu;
    (a, b): mul_add MulAdd;
    (min, max): clamp Clamp;
}

/// The methods that are made of others, as in the standard library.
impl<'g> Value<'g> {
    /// `powi` as for `f64`; for its derivative see [`Op::Powi`].
    #[inline]
    #[track_caller]
    #[must_use = "it makes a new value"]
    pub fn powi(self, n: i32) -> Value<'g> {
        apply_mixed(Op::Powi, [self, Value::from(f64::from(n))], Origin::here())
    }

    /// `recip` as for `f64`: 1/x.
    #[inline]
    #[track_caller]
    #[must_use = "it makes a new value"]
    pub fn recip(self) -> Value<'g> {
        1.0 / self
    }

    /// `log` as for `f64`: the logarithm to any base, `ln x / ln base`.
    #[inline]
    #[track_caller]
    #[must_use = "it makes a new value"]
    pub fn log(self, base: impl Into<Value<'g>>) -> Value<'g> {
        self.ln() / base.into().ln()
    }

    /// `sin_cos` as for `f64`: both, the sine first.
    #[inline]
    #[track_caller]
    #[must_use = "it makes new values"]
    pub fn sin_cos(self) -> (Value<'g>, Value<'g>) {
        (self.sin(), self.cos())
    }
}

/// Questions about the number; the answers carry no derivative.
macro_rules! predicates {
    ($($method:ident -> $Answer:ty),*) => {
        impl Value<'_> { $(
            #[doc = concat!("`", stringify!($method), "` as for `f64`.")]
            #[inline]
            #[track_caller]
            pub fn $method(self) -> $Answer {
                self.data().$method()
            }
        )* }
    };
}

predicates! {
    is_nan -> bool, is_infinite -> bool, is_finite -> bool, is_normal -> bool, is_subnormal -> bool,
    is_sign_positive -> bool, is_sign_negative -> bool, classify -> FpCategory
}

impl Value<'_> {
    /// `total_cmp` as for `f64`.
    #[inline]
    #[track_caller]
    pub fn total_cmp(&self, other: &Self) -> Ordering {
        self.data().total_cmp(&other.data())
    }
}

/// Binary operators between `Value`, `&Value`, `f64` and `&f64`, one of them at least a value; and the assigning ones.
macro_rules! operators {
    ($($Trait:ident $method:ident, $Assign:ident $assign:ident;)*) => { $(
        operators!(@ apply $Trait $method Value<'g>: Value<'g>, &Value<'g>);
        operators!(@ apply $Trait $method &Value<'g>: Value<'g>, &Value<'g>);
        operators!(@ apply_mixed $Trait $method Value<'g>: f64, &f64);
        operators!(@ apply_mixed $Trait $method &Value<'g>: f64, &f64);
        operators!(@ apply_mixed $Trait $method f64: Value<'g>, &Value<'g>);
        operators!(@ apply_mixed $Trait $method &f64: Value<'g>, &Value<'g>);
        impl<'g, T: Into<Value<'g>>> $Assign<T> for Value<'g> {
            #[inline]
            #[track_caller]
            fn $assign(&mut self, rhs: T) {
                *self = apply(Op::$Trait, [*self, rhs.into()], Origin::here());
            }
        }
    )* };
    (@ neg $Operand:ty) => {
        impl<'g> Neg for $Operand {
            type Output = Value<'g>;
            #[inline]
            #[track_caller]
            fn neg(self) -> Value<'g> {
                apply(Op::Neg, [self.into()], Origin::here())
            }
        }
    };
    (@ $apply:ident $Trait:ident $method:ident $Left:ty: $($Right:ty),*) => { $(
        impl<'g> $Trait<$Right> for $Left {
            type Output = Value<'g>;
            #[inline]
            #[track_caller]
            fn $method(self, rhs: $Right) -> Value<'g> {
                $apply(Op::$Trait, [self.into(), rhs.into()], Origin::here())
            }
        }
    )* };
}

operators! {
    Add add, AddAssign add_assign;
    Sub sub, SubAssign sub_assign;
    Mul mul, MulAssign mul_assign;
    Div div, DivAssign div_assign;
    Rem rem, RemAssign rem_assign;
}
operators!(@ neg Value<'g>);
operators!(@ neg &Value<'g>);

/// Sums and products, of values and of references to them. The first element stands for itself: as in the standard
/// library an empty sum is `-0.0` and an empty product 1, which added to or multiplied by a number leave it as it is.
macro_rules! folds {
    ($($Trait:ident $method:ident $Op:ident $empty:literal;)*) => { $(
        impl<'g, T: Into<Value<'g>>> $Trait<T> for Value<'g> {
            fn $method<I: Iterator<Item = T>>(values: I) -> Value<'g> {
                // No origin: the call is not in the user's code, but in the standard library's.
                let whole = values.map(T::into).reduce(|whole, value| apply(Op::$Op, [whole, value], None));
                whole.unwrap_or(Value::from($empty))
            }
        }
    )* };
}

folds! {
    Sum sum Add -0.0;
    Product product Mul 1.0;
}

/// Comparisons are of the numbers.
macro_rules! comparisons {
    ($($Left:ty, $Right:ty;)*) => { $(
        impl PartialEq<$Right> for $Left {
            #[inline]
            #[track_caller]
            fn eq(&self, other: &$Right) -> bool {
                Value::from(self).data() == Value::from(other).data()
            }
        }
        impl PartialOrd<$Right> for $Left {
            #[inline]
            #[track_caller]
            fn partial_cmp(&self, other: &$Right) -> Option<Ordering> {
                Value::from(self).data().partial_cmp(&Value::from(other).data())
            }
        }
    )* };
}

comparisons! {
    Value<'_>, Value<'_>;
    Value<'_>, f64;
    f64, Value<'_>;
}

/// `Value(data=2.5, grad=0)`; a precision, as in `{:.2}`, holds for both numbers.
impl fmt::Display for Value<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Value(data=")?;
        fmt::Display::fmt(&self.data(), f)?;
        f.write_str(", grad=")?;
        fmt::Display::fmt(&self.grad(), f)?;
        f.write_str(")")
    }
}

impl fmt::Debug for Value<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}
