//! What plain `f64` gains: the activations of neural networks as methods, and `stop_gradient`.

use crate::ops::rules;
use std::collections::VecDeque;

/// The activations of neural networks as methods of `f64`. [`Value`](crate::Value) has methods of the same names.
///
/// ```
/// use gradus::Activations;
/// assert_eq!((-3.0_f64).relu(), 0.0);
/// assert_eq!(0.0_f64.sigmoid(), 0.5);
/// ```
///
/// It is implemented for these two alone, so that it can gain methods.
pub trait Activations: Sized + sealed::Sealed {
    /// The rectifier: `x` for `x > 0`, else 0 (also for NaN).
    #[must_use = "it makes a new number"]
    fn relu(self) -> Self;
    /// `x` for `x > 0`, else `slope * x`.
    #[must_use = "it makes a new number"]
    fn leaky_relu(self, slope: Self) -> Self;
    /// The logistic function 1/(1 + e⁻ˣ).
    #[must_use = "it makes a new number"]
    fn sigmoid(self) -> Self;
    /// ln(1 + eˣ), a smooth [`relu`](Activations::relu).
    #[must_use = "it makes a new number"]
    fn softplus(self) -> Self;
    /// The Gaussian error linear unit in the tanh approximation ½ x (1 + tanh(√(2/π) (x + 0.044715 x³))) of
    /// Hendrycks and Gimpel, *Gaussian Error Linear Units* (2016).
    #[must_use = "it makes a new number"]
    fn gelu(self) -> Self;
    /// `x` times its [`sigmoid`](Activations::sigmoid), also called swish.
    #[must_use = "it makes a new number"]
    fn silu(self) -> Self;
}

/// What only this crate can implement.
pub(crate) mod sealed {
    pub trait Sealed {}
    impl Sealed for f64 {}
    impl Sealed for crate::graph::Value<'_> {}
}

macro_rules! activations {
    ($($name:ident($($operand:ident),*);)*) => {
        impl Activations for f64 { $(
            #[inline]
            fn $name(self, $($operand: f64),*) -> f64 {
                rules::$name(self, $($operand),*)
            }
        )* }
    };
}
activations! { relu(); leaky_relu(slope); sigmoid(); softplus(); gelu(); silu(); }

/// `x` itself; inside a differentiable function its derivative is 0, and the result is passive.
///
/// On plain numbers this is the identity. A [`Value`](crate::Value) is no plain number: it has a method
/// [`stop_gradient`](crate::Value::stop_gradient) of its own.
///
/// ```
/// use gradus::stop_gradient;
/// assert_eq!(stop_gradient(2.5), 2.5);
/// assert_eq!(stop_gradient(&[1.0, 2.0]).len(), 2);
/// ```
#[inline]
pub fn stop_gradient<T: Plain>(x: T) -> T {
    x
}

/// Data without derivatives: numbers, tuples, slices, arrays and collections of them, and structs that derive
/// [`Differentiable`](macro@crate::Differentiable).
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not made of plain numbers",
    label = "may carry a derivative",
    note = "a `Value` has the method `stop_gradient`"
)]
pub trait Plain {}

macro_rules! plain {
    ($($number:ty),*; $(($($T:ident),*))*) => {
        $(impl Plain for $number {})*
        $(impl<$($T: Plain),*> Plain for ($($T,)*) {})*
    };
}
plain! {
    f64, f32, i8, i16, i32, i64, i128, isize, u8, u16, u32, u64, u128, usize, bool, char, str, String;
    () (A) (A, B) (A, B, C) (A, B, C, D) (A, B, C, D, E) (A, B, C, D, E, F)
    (A, B, C, D, E, F, G) (A, B, C, D, E, F, G, H)
}
impl<T: Plain + ?Sized> Plain for &T {}
impl<T: Plain + ?Sized> Plain for &mut T {}
impl<T: Plain> Plain for [T] {}
impl<T: Plain, const N: usize> Plain for [T; N] {}
impl<T: Plain> Plain for Vec<T> {}
impl<T: Plain> Plain for VecDeque<T> {}
impl<T: Plain> Plain for Option<T> {}
