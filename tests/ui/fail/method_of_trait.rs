use gradus::differentiable;

trait Squared {
    fn squared(self) -> f64;
}

impl Squared for f64 {
    fn squared(self) -> f64 {
        self * self
    }
}

#[differentiable]
fn energy(extension: f64) -> f64 {
    0.5 * extension.squared()
}

fn main() {
    println!("{:?}", energy_grad(1.0));
}
