use gradus::differentiable;

#[differentiable]
fn mantissa(x: f64) -> f64 {
    (x.to_bits() & 0xffff) as f64
}

#[differentiable]
fn smoothed(x: f64) -> f64 {
    x.midpoint(1.0) + f64::midpoint(x, 2.0)
}

fn main() {
    println!("{} {}", mantissa(2.0), smoothed(2.0));
}
