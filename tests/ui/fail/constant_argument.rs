use gradus::differentiable;

#[differentiable]
fn residual(parameter: f64, #[constant] time: f64) -> f64 {
    parameter * time
}

#[differentiable]
fn model(parameter: f64, time: f64) -> f64 {
    residual(parameter, time * 2.0)
}

fn main() {
    println!("{:?}", model_grad(1.0, 2.0));
}
