use gradus::differentiable;

struct Spring;

impl Spring {
    const STIFFNESS: f64 = 2.0;

    #[differentiable]
    fn energy(extension: f64) -> f64 {
        0.5 * Spring::STIFFNESS * extension * extension
    }
}

fn main() {
    println!("{}", Spring::energy(1.0));
}
