//! One function an operation.
//!
//! Operands may be numbers or `Value`s, by value or by reference: generated code calls these where the user wrote an
//! operator or a method, and what rustc infers stays as in the user's function.

use crate::graph::{Value, apply, apply_mixed};
use crate::ops::Op;
use crate::provenance::{Origin, Site};

/// What an operation takes.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a number that `#[differentiable]` can compute with",
    label = "expected an `f64` here"
)]
pub trait Operand<'g> {
    /// Whether it is a plain number for certain.
    const IS_NUMBER: bool;
    /// The operand as a value.
    fn operand(self) -> Value<'g>;
}

impl<'g> Operand<'g> for f64 {
    const IS_NUMBER: bool = true;
    #[inline]
    fn operand(self) -> Value<'g> {
        Value::from(self)
    }
}

impl<'g> Operand<'g> for Value<'g> {
    const IS_NUMBER: bool = false;
    #[inline]
    fn operand(self) -> Value<'g> {
        self
    }
}

impl<'g, T: Operand<'g> + Copy> Operand<'g> for &T {
    const IS_NUMBER: bool = T::IS_NUMBER;
    #[inline]
    fn operand(self) -> Value<'g> {
        (*self).operand()
    }
}

impl<'g, T: Operand<'g> + Copy> Operand<'g> for &mut T {
    const IS_NUMBER: bool = T::IS_NUMBER;
    #[inline]
    fn operand(self) -> Value<'g> {
        (*self).operand()
    }
}

#[inline]
fn is_number<'g, T: Operand<'g>>(_: &T) -> bool {
    T::IS_NUMBER
}

/// The functions, grouped by the operands they take. Without optimizations they are not inlined: rustc would give every inlined
/// copy space of its own in the stack frame, and functions that recurse would need a larger stack.
macro_rules! operations {
    ($($operands:tt: $($name:ident $Op:ident),*;)*) => { $( $( operations!(@ $name $Op $operands); )* )* };
    (@ $name:ident $Op:ident ($($operand:ident),*)) => {
        #[doc = concat!("`", stringify!($name), "` of numbers or values, from a site.")]
        #[cfg_attr(not(debug_assertions), inline(always))]
        #[cfg_attr(debug_assertions, inline(never))]
        #[track_caller]
        pub fn $name<'g>(site: &'static Site, $($operand: impl Operand<'g>),*) -> Value<'g> {
            let mixed = $(is_number(&$operand))||*;
            let operands = [$($operand.operand()),*];
            if mixed {
                apply_mixed(Op::$Op, operands, Some(Origin::Site(site)))
            } else {
                apply(Op::$Op, operands, Some(Origin::Site(site)))
            }
        }
    };
}

operations! {
    (a): neg Neg, abs Abs, sqrt Sqrt, cbrt Cbrt, exp Exp, exp2 Exp2, exp_m1 ExpM1, ln Ln, ln_1p Ln1p, log2 Log2,
        log10 Log10, sin Sin, cos Cos, tan Tan, asin Asin, acos Acos, atan Atan, sinh Sinh, cosh Cosh, tanh Tanh,
        asinh Asinh, acosh Acosh, atanh Atanh, to_degrees ToDegrees, to_radians ToRadians, ceil Ceil, floor Floor,
        round Round, round_ties_even RoundTiesEven, trunc Trunc, fract Fract, signum Signum, relu Relu,
        sigmoid Sigmoid, softplus Softplus, silu Silu, gelu Gelu;
    (a, b): add Add, sub Sub, mul Mul, div Div, rem Rem, atan2 Atan2, hypot Hypot, max Max, min Min,
        div_euclid DivEuclid, rem_euclid RemEuclid, powf Powf, copysign Copysign, leaky_relu LeakyRelu;
    (a, b, c): mul_add MulAdd, clamp Clamp;
}

/// `powi` of a number or value, from a site.
#[inline]
#[track_caller]
pub fn powi<'g>(site: &'static Site, a: impl Operand<'g>, n: i32) -> Value<'g> {
    apply_mixed(Op::Powi, [a.operand(), Value::from(f64::from(n))], Some(Origin::Site(site)))
}

/// `recip` is `1 / a`, as in the standard library.
#[inline]
#[track_caller]
pub fn recip<'g>(site: &'static Site, a: impl Operand<'g>) -> Value<'g> {
    div(site, 1.0, a)
}

/// `log` is `ln a / ln base`, as in the standard library.
#[inline]
#[track_caller]
pub fn log<'g>(site: &'static Site, a: impl Operand<'g>, base: impl Operand<'g>) -> Value<'g> {
    div(site, ln(site, a), ln(site, base))
}

/// The sine and the cosine.
#[inline]
#[track_caller]
pub fn sin_cos<'g>(site: &'static Site, a: impl Operand<'g>) -> (Value<'g>, Value<'g>) {
    let a = a.operand();
    (sin(site, a), cos(site, a))
}

/// What an iterator gives of which a sum or a product is taken: numbers, or numbers that may be missing.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a number that `#[differentiable]` can compute with",
    label = "expected an `f64` here"
)]
pub trait Summand<'g>: Sized {
    /// The sum: a number; of those that may be missing nothing, if one of them is.
    type Total;
    /// All items in one, by `step`; of no items `empty`.
    fn total(
        items: impl Iterator<Item = Self>,
        empty: f64,
        step: impl Fn(Value<'g>, Value<'g>) -> Value<'g>,
    ) -> Self::Total;
}

/// Those that are numbers.
macro_rules! summands {
    ($([$($generic:tt)*] $ty:ty)*) => {$(
        impl<'g, $($generic)*> Summand<'g> for $ty {
            type Total = Value<'g>;
            #[inline]
            #[track_caller]
            fn total(
                items: impl Iterator<Item = Self>,
                empty: f64,
                step: impl Fn(Value<'g>, Value<'g>) -> Value<'g>,
            ) -> Value<'g> {
                folded(items, step).unwrap_or(Value::from(empty))
            }
        }
    )*};
}

summands! {
    [] f64
    [] Value<'g>
    [T: Operand<'g> + Copy] &T
    [T: Operand<'g> + Copy] &mut T
}

impl<'g, T: Operand<'g>> Summand<'g> for Option<T> {
    type Total = Option<Value<'g>>;
    #[track_caller]
    fn total(
        items: impl Iterator<Item = Self>,
        empty: f64,
        step: impl Fn(Value<'g>, Value<'g>) -> Value<'g>,
    ) -> Self::Total {
        Result::total(items.map(|item| item.ok_or(())), empty, step).ok()
    }
}

impl<'g, T: Operand<'g>, E> Summand<'g> for Result<T, E> {
    type Total = Result<Value<'g>, E>;
    #[track_caller]
    fn total(
        mut items: impl Iterator<Item = Self>,
        empty: f64,
        step: impl Fn(Value<'g>, Value<'g>) -> Value<'g>,
    ) -> Self::Total {
        let whole = items.try_fold(None, |whole, item| {
            let item = item?.operand();
            Ok(Some(match whole {
                Some(whole) => step(whole, item),
                None => item,
            }))
        })?;
        Ok(whole.unwrap_or(Value::from(empty)))
    }
}

/// The sum of an iterator, from one site; as in the standard library an empty one is `-0.0`.
#[inline]
#[track_caller]
pub fn sum<'g, T: Summand<'g>>(site: &'static Site, values: impl IntoIterator<Item = T>) -> T::Total {
    T::total(values.into_iter(), -0.0, |whole, value| add(site, whole, value))
}

/// The product of an iterator, from one site.
#[inline]
#[track_caller]
pub fn product<'g, T: Summand<'g>>(site: &'static Site, values: impl IntoIterator<Item = T>) -> T::Total {
    T::total(values.into_iter(), 1.0, |whole, value| mul(site, whole, value))
}

/// All items in one, asked for at once as `sum` and `product` do: `reduce` asks for the first one before the others, which a
/// `zip` notices.
#[inline]
#[track_caller]
fn folded<'g, T: Operand<'g>>(
    values: impl IntoIterator<Item = T>,
    step: impl Fn(Value<'g>, Value<'g>) -> Value<'g>,
) -> Option<Value<'g>> {
    values.into_iter().map(T::operand).fold(None, |whole, value| {
        Some(match whole {
            Some(whole) => step(whole, value),
            None => value,
        })
    })
}
