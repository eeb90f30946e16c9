//! Rustc reports a method that does not exist, and suggests one that does.
use gradus::differentiable;

#[differentiable]
fn model(x: f64) -> f64 {
    x.sinn()
}

#[differentiable]
fn summed(xs: &[f64]) -> f64 {
    xs.iter().map(|x| x.sqr()).sum()
}

fn main() {
    println!("{:?} {:?}", model_grad(1.0), summed_grad(&[1.0]));
}
