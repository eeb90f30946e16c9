use gradus::differentiable;

#[differentiable(partials = softabs_partial)]
fn softabs(x: f64, k: f64) -> f64 {
    x.hypot(k)
}

fn softabs_partials(x: f64, k: f64) -> (f64, f64) {
    (x / x.hypot(k), k / x.hypot(k))
}

fn main() {
    println!("{:?} {:?}", softabs_grad(1.0, 2.0), softabs_partials(1.0, 2.0));
}
