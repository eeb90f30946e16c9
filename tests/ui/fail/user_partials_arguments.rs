use gradus::differentiable;

#[differentiable(partials = softabs_partials)]
fn softabs(x: f64, k: f64) -> f64 {
    x.hypot(k)
}

fn softabs_partials(x: f64) -> (f64, f64) {
    (x, 1.0)
}

#[differentiable(partials = scaled_partials)]
fn scaled(x: f64, n: i32) -> f64 {
    x * f64::from(n)
}

fn scaled_partials(_: f64, n: f64) -> f64 {
    n
}

fn main() {
    println!("{:?} {:?}", softabs_grad(1.0, 2.0), scaled_grad(1.0, 2));
}
