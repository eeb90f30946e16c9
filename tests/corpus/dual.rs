//! Forward mode as a second opinion: numbers that carry their derivative in one direction.

use std::ops::{Add, Div, Mul, Neg, Sub};

/// `value + slope·ε` with `ε² = 0`.
#[derive(Clone, Copy, Debug)]
pub struct Dual {
    pub value: f64,
    pub slope: f64,
}

/// The gradient of `function` at `point`, one forward pass for each component.
pub fn gradient(function: &dyn Fn(&[Dual]) -> Dual, point: &[f64]) -> Vec<f64> {
    let seeded = |direction: usize| -> Vec<Dual> {
        let lift = |(index, &value)| Dual { value, slope: if index == direction { 1.0 } else { 0.0 } };
        point.iter().enumerate().map(lift).collect()
    };
    (0..point.len()).map(|direction| function(&seeded(direction)).slope).collect()
}

impl Dual {
    fn chain(self, value: f64, derivative: f64) -> Self {
        Self { value, slope: derivative * self.slope }
    }

    pub fn exp(self) -> Self {
        self.chain(self.value.exp(), self.value.exp())
    }

    pub fn ln(self) -> Self {
        self.chain(self.value.ln(), self.value.recip())
    }

    pub fn sin(self) -> Self {
        self.chain(self.value.sin(), self.value.cos())
    }

    pub fn cos(self) -> Self {
        self.chain(self.value.cos(), -self.value.sin())
    }

    pub fn sqrt(self) -> Self {
        self.chain(self.value.sqrt(), 0.5 / self.value.sqrt())
    }

    pub fn tanh(self) -> Self {
        self.chain(self.value.tanh(), self.value.cosh().powi(-2))
    }
}

impl From<f64> for Dual {
    fn from(value: f64) -> Self {
        Self { value, slope: 0.0 }
    }
}

impl Neg for Dual {
    type Output = Self;
    fn neg(self) -> Self {
        Self { value: -self.value, slope: -self.slope }
    }
}

/// The four operations, between two duals and between a dual and a plain number.
macro_rules! operation {
    ($trait:ident $method:ident |$a:ident, $b:ident| $value:expr, $slope:expr) => {
        impl $trait for Dual {
            type Output = Self;
            fn $method(self, other: Self) -> Self {
                let ($a, $b) = (self, other);
                Self { value: $value, slope: $slope }
            }
        }

        impl $trait<f64> for Dual {
            type Output = Self;
            fn $method(self, other: f64) -> Self {
                self.$method(Self::from(other))
            }
        }

        impl $trait<Dual> for f64 {
            type Output = Dual;
            fn $method(self, other: Dual) -> Dual {
                Dual::from(self).$method(other)
            }
        }
    };
}

operation! { Add add |a, b| a.value + b.value, a.slope + b.slope }
operation! { Sub sub |a, b| a.value - b.value, a.slope - b.slope }
operation! { Mul mul |a, b| a.value * b.value, a.slope * b.value + a.value * b.slope }
operation! { Div div |a, b| a.value / b.value, (a.slope * b.value - a.value * b.slope) / (b.value * b.value) }
