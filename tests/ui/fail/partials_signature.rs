use gradus::differentiable;

#[differentiable(partials = softabs_partials)]
fn softabs(x: f64, k: f64, #[constant] scale: f64) -> f64 {
    scale * x.hypot(k)
}

fn softabs_partials(x: f64, k: f64, scale: f64) -> f64 {
    scale * x / x.hypot(k)
}

#[differentiable(partials = norm_partials)]
fn norm(xs: &[f64]) -> f64 {
    xs.iter().map(|x| x * x).sum::<f64>().sqrt()
}

fn norm_partials(xs: &[f64]) -> f64 {
    xs[0] / norm(xs)
}

fn main() {
    println!("{:?} {:?}", softabs_grad(1.0, 2.0, 3.0), norm_grad(&[1.0]));
}
