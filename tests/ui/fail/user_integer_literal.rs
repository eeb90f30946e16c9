//! An integer where a float is asked for: rustc says so, once.
use gradus::differentiable;

#[differentiable]
fn product(x: f64) -> f64 {
    2 * x
}

#[differentiable]
fn quotient(x: f64) -> f64 {
    x / 2
}

#[differentiable]
fn sum(x: f64) -> f64 {
    let y = x + 1;
    y * y
}

#[differentiable]
fn difference(x: f64) -> f64 {
    2 - x
}

#[differentiable]
fn update(mut x: f64) -> f64 {
    x *= 2;
    x
}

#[differentiable]
fn argument(x: f64) -> f64 {
    product(2) * x
}

#[differentiable]
fn method(x: f64) -> f64 {
    x.max(1) + x.clamp(0.0, 1.0)
}

#[differentiable]
fn branches(x: f64) -> f64 {
    if x > 0.0 { x } else { 0 }
}

#[differentiable]
fn list(x: f64) -> f64 {
    let list = [x, 1];
    list[0]
}

#[differentiable]
fn mean(xs: &[f64]) -> f64 {
    xs.iter().sum::<f64>() / xs.len()
}

#[differentiable]
fn items(xs: &[f64]) -> f64 {
    xs.iter().map(|x| 2 * x).sum()
}

#[differentiable]
fn several(x: f64) -> (f64, f64) {
    (x, 2 * x)
}

#[differentiable]
fn folded(xs: &[f64]) -> f64 {
    xs.iter().fold(0, |sum, x| sum + x)
}

#[differentiable]
fn exponent(x: f64) -> f64 {
    x.powi(2.0)
}

fn main() {
    let _ = (product_grad(1.0), several_jacobian(1.0), mean::BACKEND);
}
