use gradus::differentiable;
use std::cell::Cell;

#[differentiable]
fn scaled(factor: &Cell<f64>, x: f64) -> f64 {
    factor.get() * x
}

fn main() {
    println!("{:?}", scaled_grad(&Cell::new(3.0), 2.0));
}
