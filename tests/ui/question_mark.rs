use gradus::differentiable;

#[differentiable]
fn scaled(x: f64, text: &str) -> f64 {
    let parse = || -> Option<f64> { Some(text.parse::<f64>().ok()? + 1.0) };
    x * parse().unwrap_or(1.0)
}

fn main() {
    println!("{:?}", scaled_grad(2.0, "3"));
}
