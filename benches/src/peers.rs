//! What the other crates' numbers have in common, so that a kernel is written for them once.

use crate::variant::{Column, Variant};
use nalgebra::SVector;
use num_dual::{DualNum, DualSVec64};
use reverse::{Tape, Var};
use std::hint::black_box;
use std::ops::{Add, Div, Mul, Neg, Sub};

/// A number of another crate.
pub trait Number:
    Copy
    + Neg<Output = Self>
    + Add<Output = Self>
    + Sub<Output = Self>
    + Mul<Output = Self>
    + Div<Output = Self>
    + Add<f64, Output = Self>
    + Sub<f64, Output = Self>
    + Mul<f64, Output = Self>
    + Div<f64, Output = Self>
{
    /// A constant: `reverse` makes one on the tape of another number.
    fn constant(self, c: f64) -> Self;
    /// The plain value, which comparisons see.
    fn value(self) -> f64;
    /// `c - self`.
    fn taken_from(self, c: f64) -> Self;
    /// 1/x. (`f64 / Var` of `reverse` 0.2.2 has a derivative that forgets the dividend and a square.)
    fn recip(self) -> Self;
    /// |x|.
    fn abs(self) -> Self;
    /// √x.
    fn sqrt(self) -> Self;
    /// eˣ.
    fn exp(self) -> Self;
    /// The natural logarithm.
    fn ln(self) -> Self;
    /// ln(1 + x).
    fn ln_1p(self) -> Self;
    /// The sine.
    fn sin(self) -> Self;
    /// The hyperbolic tangent.
    fn tanh(self) -> Self;
}

macro_rules! forward {
    ($T:ident: $($method:ident)*) => {
        $(
            #[inline]
            fn $method(self) -> Self {
                $T::$method(&self)
            }
        )*
    };
}

impl Number for Var<'_> {
    #[inline]
    fn constant(self, c: f64) -> Self {
        self.tape.add_var(c)
    }
    #[inline]
    fn value(self) -> f64 {
        self.val
    }
    #[inline]
    fn taken_from(self, c: f64) -> Self {
        c - self
    }
    forward!(Var: recip abs sqrt exp ln ln_1p sin tanh);
}

impl<const N: usize> Number for DualSVec64<N> {
    #[inline]
    fn constant(self, c: f64) -> Self {
        Self::from_re(c)
    }
    #[inline]
    fn value(self) -> f64 {
        self.re
    }
    #[inline]
    fn taken_from(self, c: f64) -> Self {
        -self + c
    }
    #[inline]
    fn abs(self) -> Self {
        if self.re < 0.0 { -self } else { self }
    }
    forward!(DualNum: recip sqrt exp ln ln_1p sin tanh);
}

impl<'a> Variant<'a> {
    /// By `reverse`, on a tape that is cleared and used again.
    pub fn reverse(x: &'a [f64], function: impl for<'t> Fn(&[Var<'t>]) -> Var<'t> + 'a) -> Variant<'a> {
        let tape = Tape::new();
        let call = move |gradient: &mut Vec<f64>| {
            tape.clear();
            let inputs = tape.add_vars(black_box(x));
            let y = function(&inputs);
            // The inputs are the oldest entries of the tape.
            *gradient = y.grad();
            gradient.truncate(x.len());
            y.val
        };
        Variant::new(Column::Reverse, Vec::new(), call)
    }

    /// By the dual numbers of `num-dual`, all components at once.
    pub fn num_dual<const N: usize>(
        x: [f64; N],
        function: impl Fn(&[DualSVec64<N>; N]) -> DualSVec64<N> + 'a,
    ) -> Variant<'a> {
        let call = move |gradient: &mut [f64; N]| {
            let (y, by_x) = num_dual::gradient(|x: SVector<_, N>| function(&x.into()), &black_box(x).into());
            *gradient = by_x.into();
            y
        };
        Variant::new(Column::NumDual, [0.0; N], call)
    }
}
