use gradus::differentiable;

struct Spring {
    stiffness: f64,
}

impl Spring {
    #[differentiable]
    fn energy(&self, extension: f64) -> f64 {
        0.5 * self.stiffness * extension * extension
    }
}

fn main() {
    println!("{}", Spring { stiffness: 2.0 }.energy(1.0));
}
