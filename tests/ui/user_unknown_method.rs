//! A method that is no method of `f64` may come from a trait that is not seen here: the attribute tells that it has no
//! rule for it, rustc that there is none.
use gradus::differentiable;

#[differentiable]
fn model(x: f64) -> f64 {
    x.squared()
}

fn main() {
    println!("{:?}", model_grad(1.0));
}
