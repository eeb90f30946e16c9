use gradus::{Differentiable, differentiable};

#[derive(Clone, Differentiable)]
struct Spring {
    stiffness: f64,
    damping: Option<f64>,
}

#[differentiable]
fn energy(spring: &Spring, extension: f64) -> f64 {
    0.5 * spring.stiffness * extension * extension
}

fn main() {
    println!("{}", energy_grad(&Spring { stiffness: 2.0, damping: None }, 1.0).0);
}
