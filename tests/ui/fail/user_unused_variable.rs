#![deny(warnings)]
use gradus::differentiable;

#[differentiable]
fn square(x: f64, y: f64) -> f64 {
    let twice = 2.0 * x;
    x * x
}

fn main() {
    println!("{:?}", square_grad(1.0, 2.0));
}
