//! An integer literal beside a passive float: rustc says so, once.
use gradus::differentiable;

#[differentiable]
fn f(x: f64, #[constant] weights: &[f64]) -> f64 {
    let mut scale: f64 = 0.5;
    scale *= 2;
    x * scale * weights[0]
}

fn main() {}
