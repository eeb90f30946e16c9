use gradus::differentiable;

#[differentiable]
fn weighted(x: f64, #[constant] weight: impl Fn(usize) -> f64) -> f64 {
    x * weight(2)
}

fn main() {
    println!("{}", weighted(1.0, |n| n as f64));
}
