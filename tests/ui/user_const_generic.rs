//! The code that keeps rustc from telling a mistake twice is a constant, which cannot name a const generic of the
//! function around it: in such a function a type error is told for the generated code too.
use gradus::differentiable;

#[differentiable]
fn norm<const N: usize>(xs: [f64; N]) -> f64 {
    let total: usize = xs.iter().map(|x| x * x).sum::<f64>();
    total as f64
}

fn main() {
    println!("{}", norm([1.0, 2.0]));
}
