use gradus::differentiable;

const MODELS: [fn(f64) -> f64; 2] = [f64::sin, f64::cos];

#[differentiable]
fn model(#[constant] which: usize, x: f64) -> f64 {
    MODELS[which](x)
}

fn main() {
    println!("{:?}", model_grad(0, 1.0));
}
