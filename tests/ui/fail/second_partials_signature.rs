use gradus::differentiable;

#[differentiable(partials = softabs_partials, second_partials = softabs_second)]
fn softabs(x: f64, k: f64) -> f64 {
    x.hypot(k)
}

fn softabs_partials(x: f64, k: f64) -> (f64, f64) {
    (x / x.hypot(k), k / x.hypot(k))
}

fn softabs_second(x: f64, k: f64, dx: f64, _dk: f64) -> f64 {
    k * k / x.hypot(k).powi(3) * dx
}

fn main() {
    println!("{:?}", softabs_hessian(1.0, 2.0));
}
