//! Operators between structs and numbers, in every form.
#![deny(warnings)]

use gradus::check::assert_gradient;
use gradus::{Differentiable, differentiable};
use std::ops::{Add, AddAssign, Div, DivAssign, Mul, MulAssign, Neg, Rem, RemAssign, Sub, SubAssign};

#[derive(Clone, Copy, Debug, PartialEq, Differentiable)]
struct V {
    x: f64,
    y: f64,
}

fn v(x: f64, y: f64) -> V {
    V { x, y }
}

#[differentiable]
impl Add for V {
    type Output = V;
    fn add(self, other: V) -> V {
        V { x: self.x + other.x, y: self.y + other.y }
    }
}

#[differentiable]
impl Add<&V> for V {
    type Output = V;
    fn add(self, other: &V) -> V {
        self + *other
    }
}

#[differentiable]
impl Add<V> for &V {
    type Output = V;
    fn add(self, other: V) -> V {
        *self + other
    }
}

#[differentiable]
impl Add<&V> for &V {
    type Output = V;
    fn add(self, other: &V) -> V {
        *self + *other
    }
}

#[differentiable]
impl Sub for V {
    type Output = Self;
    fn sub(self, other: Self) -> Self::Output {
        Self { x: self.x - other.x, y: self.y - other.y }
    }
}

#[differentiable]
impl Mul<f64> for V {
    type Output = V;
    fn mul(self, by: f64) -> V {
        V { x: self.x * by, y: self.y * by }
    }
}

#[differentiable]
impl Mul<V> for f64 {
    type Output = V;
    fn mul(self, by: V) -> V {
        by * self
    }
}

/// A product that is a number.
#[differentiable]
impl Mul for V {
    type Output = f64;
    fn mul(self, other: V) -> f64 {
        self.x * other.x + self.y * other.y
    }
}

#[differentiable]
impl Div<f64> for V {
    type Output = V;
    fn div(self, by: f64) -> V {
        V { x: self.x / by, y: self.y / by }
    }
}

#[differentiable]
impl Rem<f64> for V {
    type Output = V;
    fn rem(self, by: f64) -> V {
        V { x: self.x % by, y: self.y % by }
    }
}

#[differentiable]
impl Neg for V {
    type Output = V;
    fn neg(self) -> V {
        V { x: -self.x, y: -self.y }
    }
}

#[differentiable]
impl AddAssign for V {
    fn add_assign(&mut self, other: V) {
        self.x += other.x;
        self.y += other.y;
    }
}

#[differentiable]
impl SubAssign for V {
    fn sub_assign(&mut self, other: V) {
        *self = *self - other;
    }
}

#[differentiable]
impl MulAssign<f64> for V {
    fn mul_assign(&mut self, by: f64) {
        self.x *= by;
        self.y *= by;
    }
}

#[differentiable]
impl DivAssign<f64> for V {
    fn div_assign(&mut self, by: f64) {
        *self *= 1.0 / by;
    }
}

#[differentiable]
impl RemAssign<f64> for V {
    fn rem_assign(&mut self, by: f64) {
        *self = *self % by;
    }
}

/// Between two structs, const generic.
#[derive(Clone, Copy, Debug, PartialEq, Differentiable)]
struct Diagonal<const N: usize>([f64; N]);

#[differentiable]
impl Mul<V> for Diagonal<2> {
    type Output = V;
    fn mul(self, v: V) -> V {
        V { x: self.0[0] * v.x, y: self.0[1] * v.y }
    }
}

#[differentiable]
impl<const N: usize> Mul for Diagonal<N> {
    type Output = Diagonal<N>;
    fn mul(self, other: Diagonal<N>) -> Diagonal<N> {
        let mut product = self;
        for i in 0..N {
            product.0[i] *= other.0[i];
        }
        product
    }
}

#[differentiable]
fn by_value(a: V, b: V, k: f64) -> V {
    let sum = a + b * k - 2.0 * a / k;
    -sum % 1.7 + V { x: 1.0, y: k }
}

#[differentiable]
fn by_reference(a: &V, b: &V) -> f64 {
    let sum = a + b + (*a + b) + (a + *b);
    sum * *a
}

#[differentiable]
fn assigned(a: V, b: V, k: f64) -> f64 {
    let mut sum = a;
    for _ in 0..2 {
        sum += b;
        sum *= k;
        sum -= a;
        sum /= k + 1.0;
    }
    sum %= 5.0;
    let mut many = [sum, a];
    many[1] += sum;
    many[0] * many[1]
}

#[differentiable]
fn products(d: Diagonal<2>, a: V) -> f64 {
    let scaled = d * d * a;
    scaled * a + (d * a).x
}

const ORIGIN: V = V { x: 0.5, y: 0.25 };

#[differentiable]
fn with_constants(a: V) -> f64 {
    (a - ORIGIN) * (ORIGIN + a * 2.0)
}

fn main() {
    let (a, b) = (v(0.7, 1.3), v(1.1, -0.4));
    assert_eq!(by_value(a, b, 2.0), by_value_vjp(a, b, 2.0, a).0);
    assert_gradient!(by_value, a, b, 1.9);
    assert_gradient!(by_reference, &a, &b);
    assert_gradient!(assigned, a, b, 1.9);
    assert_gradient!(products, Diagonal([0.3, 0.8]), a);
    assert_gradient!(with_constants, a);
    assert_eq!(&a + &b, a + b);
}
