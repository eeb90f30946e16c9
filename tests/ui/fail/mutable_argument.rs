use gradus::{Differentiable, differentiable};

#[derive(Clone, Differentiable)]
struct Spring {
    stiffness: f64,
}

#[differentiable]
impl Spring {
    fn force(&self, x: f64, calls: &mut usize) -> f64 {
        *calls += 1;
        -self.stiffness * x
    }
}

fn main() {
    println!("{}", Spring { stiffness: 2.0 }.force(3.0, &mut 0));
}
