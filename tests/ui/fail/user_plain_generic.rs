//! A plain function with generic arguments is refused once a call.
use gradus::differentiable;

fn square<T: std::ops::Mul<Output = T> + Copy>(x: T) -> T {
    x * x
}

fn first<const N: usize>(xs: [f64; N]) -> f64 {
    xs[0]
}

#[differentiable]
fn of_types(x: f64) -> f64 {
    square::<f64>(x)
}

#[differentiable]
fn of_constants(x: f64) -> f64 {
    first::<2>([x, x]) * first::<{ 1 + 2 }>([x; 3])
}

fn kept<const KEEP: bool>(x: f64) -> f64 {
    if KEEP { x } else { 0.0 }
}

#[differentiable]
fn of_a_flag(x: f64) -> f64 {
    kept::<true>(x)
}

#[differentiable]
fn of_its_own<const M: usize>(xs: [f64; M]) -> f64 {
    first::<M>(xs)
}

fn main() {}
