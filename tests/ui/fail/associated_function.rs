use gradus::differentiable;

#[differentiable]
fn first(xs: &[f64], otherwise: f64) -> f64 {
    Option::unwrap_or(xs.first().copied(), otherwise)
}

fn main() {
    println!("{:?}", first_grad(&[1.0], 2.0));
}
