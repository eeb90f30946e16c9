use gradus::differentiable;

#[differentiable(partials = polar_partials)]
fn polar(x: f64, y: f64) -> (f64, f64) {
    (x.hypot(y), y.atan2(x))
}

fn polar_partials(x: f64, y: f64) -> (f64, f64) {
    (x, y)
}

fn main() {
    println!("{:?}", polar_jacobian(1.0, 2.0));
}
