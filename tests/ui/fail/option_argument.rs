use gradus::differentiable;

#[differentiable]
fn damped(speed: f64, damping: Option<f64>) -> f64 {
    speed * damping.unwrap_or(1.0)
}

fn main() {
    println!("{:?}", damped_grad(2.0, None));
}
