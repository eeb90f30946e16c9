use gradus::differentiable;
use std::ops::Mul;

#[differentiable]
fn energy(mass: f64, speed: f64) -> f64 {
    mass.mul(0.5) * Mul::mul(speed, speed)
}

fn main() {
    println!("{:?}", energy_grad(1.0, 2.0));
}
