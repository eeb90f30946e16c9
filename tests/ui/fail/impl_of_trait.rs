use gradus::{Differentiable, differentiable};

trait Potential {
    fn energy(&self, extension: f64) -> f64;
}

#[derive(Clone, Differentiable)]
struct Spring {
    stiffness: f64,
}

#[differentiable]
impl Potential for Spring {
    fn energy(&self, extension: f64) -> f64 {
        0.5 * self.stiffness * extension * extension
    }
}

fn main() {
    println!("{}", Spring { stiffness: 2.0 }.energy(1.0));
}
