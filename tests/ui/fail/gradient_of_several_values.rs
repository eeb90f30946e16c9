use gradus::differentiable;

#[differentiable]
fn polar(x: f64, y: f64) -> (f64, f64) {
    (x.hypot(y), y.atan2(x))
}

fn main() {
    let (value, gradient) = polar_grad(3.0, 4.0);
    println!("{value} {gradient:?}");
}
