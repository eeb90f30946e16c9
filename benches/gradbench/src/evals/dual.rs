//! Dual numbers, as a struct with differentiable operators: derivatives of what gradus differentiates.
//!
//! A function on dual numbers computes a derivative in one direction. If it is annotated, gradus differentiates that derivative once more.

use gradus::{Differentiable, differentiable};
use std::ops::{Add, Mul, Sub};

/// A number and its derivative.
#[derive(Clone, Copy, Debug, PartialEq, Differentiable)]
pub struct Dual {
    /// The number.
    pub value: f64,
    /// How fast it changes.
    pub slope: f64,
}

#[differentiable]
impl Dual {
    /// √x.
    #[must_use]
    pub fn root(self) -> Dual {
        let value = self.value.sqrt();
        Dual { value, slope: self.slope / (2.0 * value) }
    }

    /// 1/x.
    #[must_use]
    pub fn inverse(self) -> Dual {
        let value = 1.0 / self.value;
        Dual { value, slope: -self.slope * value * value }
    }
}

#[differentiable]
impl Add for Dual {
    type Output = Dual;
    fn add(self, other: Dual) -> Dual {
        Dual { value: self.value + other.value, slope: self.slope + other.slope }
    }
}

#[differentiable]
impl Sub for Dual {
    type Output = Dual;
    fn sub(self, other: Dual) -> Dual {
        Dual { value: self.value - other.value, slope: self.slope - other.slope }
    }
}

#[differentiable]
impl Mul for Dual {
    type Output = Dual;
    fn mul(self, other: Dual) -> Dual {
        Dual { value: self.value * other.value, slope: self.slope * other.value + self.value * other.slope }
    }
}
