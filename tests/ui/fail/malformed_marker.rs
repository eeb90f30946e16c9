use gradus::differentiable;

#[differentiable]
fn weighted(x: f64, #[constant(true)] weight: f64) -> f64 {
    x * weight
}

fn main() {
    println!("{:?}", weighted_grad(2.0, 3.0));
}
