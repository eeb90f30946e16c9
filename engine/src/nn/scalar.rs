//! `Scalar`: what `f64` and `Value` have in common.

use crate::float::Activations;
use crate::graph::Value;
use std::iter::Sum;
use std::ops::{Add, AddAssign, Div, Mul, Neg, Sub};

/// A number to compute with: an `f64`, or a [`Value`], which can be differentiated.
///
/// Code over any `Scalar` takes its numbers as from an `f64`: `T::from(0.5)`, `x * 2.0`, `x.tanh()`; the activations
/// come with [`Activations`], a supertrait. The trait is implemented for these two alone, so that it can gain methods.
///
/// ```
/// use gradus::Graph;
/// use gradus::nn::Scalar;
///
/// fn distance<T: Scalar>(x: T, y: T) -> T {
///     (x * x + y * y).sqrt()
/// }
///
/// assert_eq!(distance(3.0, 4.0), 5.0);
/// let graph = Graph::new();
/// let (x, y) = (graph.value(3.0), graph.value(4.0));
/// distance(x, y).backward();
/// assert!((x.grad() - 0.6).abs() < 1e-9);
/// ```
pub trait Scalar:
    Activations
    + Copy
    + PartialOrd
    + From<f64>
    + Sum
    + Neg<Output = Self>
    + Add<Output = Self>
    + Sub<Output = Self>
    + Mul<Output = Self>
    + Div<Output = Self>
    + Add<f64, Output = Self>
    + Sub<f64, Output = Self>
    + Mul<f64, Output = Self>
    + Div<f64, Output = Self>
    + AddAssign
{
    /// The plain number, to print and to compare.
    fn data(self) -> f64;
    /// √x.
    #[must_use = "it makes a new number"]
    fn sqrt(self) -> Self;
    /// eˣ.
    #[must_use = "it makes a new number"]
    fn exp(self) -> Self;
    /// The natural logarithm.
    #[must_use = "it makes a new number"]
    fn ln(self) -> Self;
    /// The hyperbolic tangent.
    #[must_use = "it makes a new number"]
    fn tanh(self) -> Self;
    /// |x|.
    #[must_use = "it makes a new number"]
    fn abs(self) -> Self;
}

/// Each method is the type's own of the same name.
macro_rules! scalar {
    ($Type:ty, $data:expr; $($method:ident)*) => {
        impl Scalar for $Type {
            #[inline]
            fn data(self) -> f64 {
                let data: fn($Type) -> f64 = $data;
                data(self)
            }
            $(
                #[inline]
                fn $method(self) -> Self {
                    <$Type>::$method(self)
                }
            )*
        }
    };
}
scalar! { f64, |x| x; sqrt exp ln tanh abs }
scalar! { Value<'_>, |value| value.data(); sqrt exp ln tanh abs }

macro_rules! activations {
    ($($method:ident($($operand:ident),*);)*) => {
        impl Activations for Value<'_> { $(
            #[inline]
            fn $method(self, $($operand: Self),*) -> Self {
                Value::$method(self, $($operand),*)
            }
        )* }
    };
}
activations! { relu(); leaky_relu(slope); sigmoid(); softplus(); gelu(); silu(); }
