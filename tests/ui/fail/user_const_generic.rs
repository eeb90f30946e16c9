//! A mistake in a function with const generics or lifetimes is reported once, as in any other.
use gradus::differentiable;

#[differentiable]
fn norm<const N: usize>(xs: [f64; N]) -> f64 {
    let total: usize = xs.iter().map(|x| x * x).sum::<f64>();
    total as f64
}

#[differentiable]
fn integer<const N: usize>(xs: [f64; N]) -> f64 {
    let two: f64 = 2;
    two * xs[0]
}

#[differentiable]
fn flags<const B: bool, const C: char>(x: f64) -> f64 {
    let v: i32 = if B { 1.0 } else { 2 };
    let c: u8 = C;
    x * f64::from(v) * f64::from(c)
}

#[differentiable]
fn lifetimes<'a, 'b: 'a>(xs: &'a [f64], ys: &'b [f64]) -> f64 {
    let both: &'a [f64] = ys;
    let first: bool = both[0];
    xs[0]
}

#[differentiable]
fn array<const N: usize>(xs: [f64; N]) -> [f64; N] {
    let mut v = xs;
    v[0] *= unknown;
    v
}

fn main() {
    println!("{}", norm([1.0, 2.0]));
}
