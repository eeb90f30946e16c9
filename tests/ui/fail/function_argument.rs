use gradus::differentiable;

#[differentiable]
fn slope(f: fn(f64) -> f64, x: f64) -> f64 {
    (f(x + 1e-3) - f(x)) / 1e-3
}

#[differentiable]
fn changing(mut f: impl FnMut(f64) -> f64, x: f64) -> f64 {
    f(1.0) * x
}

fn main() {
    println!("{} {}", slope(f64::sin, 2.0), changing(f64::sin, 2.0));
}
