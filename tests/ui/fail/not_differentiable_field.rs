use gradus::{Differentiable, differentiable};

#[derive(Clone, Copy)]
enum Kind {
    Linear,
    Cubic,
}

#[derive(Clone, Differentiable)]
struct Spring {
    kind: Kind,
    stiffness: f64,
}

#[differentiable]
fn force(spring: &Spring, extension: f64) -> f64 {
    match spring.kind {
        Kind::Linear => spring.stiffness * extension,
        Kind::Cubic => spring.stiffness * extension.powi(3),
    }
}

fn main() {
    println!("{:?}", force_grad(&Spring { kind: Kind::Cubic, stiffness: 2.0 }, 1.0).0);
    let _ = Kind::Linear;
}
