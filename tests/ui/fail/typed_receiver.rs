use gradus::{Differentiable, differentiable};

#[derive(Clone, Differentiable)]
struct Spring {
    stiffness: f64,
}

#[differentiable]
impl Spring {
    fn energy(self: Box<Self>, extension: f64) -> f64 {
        0.5 * self.stiffness * extension * extension
    }
}

fn main() {
    println!("{}", Box::new(Spring { stiffness: 2.0 }).energy(1.0));
}
