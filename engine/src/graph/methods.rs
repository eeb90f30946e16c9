//! The methods of `Value` that `f64` has too; sums, comparisons and printing. What an operator does in `operators.rs` is done
//! here by name.

use super::{Value, apply, apply_mixed};
use crate::ops::Op;
use crate::provenance::Origin;
use std::cmp::Ordering;
use std::fmt;
use std::iter::{Product, Sum};
use std::num::FpCategory;

/// The constant 0, as for `f64`.
impl Default for Value<'_> {
    fn default() -> Self {
        Value::from(0.0)
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
