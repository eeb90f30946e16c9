//! An attribute does not see what stands around it: in an `impl` block rustc tells what is not to be there.
use gradus::differentiable;

struct Spring;

impl Spring {
    #[differentiable]
    fn energy(extension: f64) -> f64 {
        0.5 * extension * extension
    }
}

fn main() {
    println!("{}", Spring::energy(1.0));
}
