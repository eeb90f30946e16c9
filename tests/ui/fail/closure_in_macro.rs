use gradus::differentiable;

#[differentiable]
fn model(x: f64) -> f64 {
    let energy = |v: f64| 0.5 * x * v * v;
    assert!(energy(1.0) > 0.0);
    energy(2.0)
}

fn main() {
    println!("{:?}", model_grad(1.0));
}
