use gradus::differentiable;

#[differentiable]
fn total(xs: Vec<f64>) -> f64 {
    let ys = xs;
    ys[0] * xs[1]
}

#[differentiable]
fn local(x: f64) -> f64 {
    let ys = vec![x, x * x];
    let zs = ys;
    ys[0] * zs[1]
}

fn main() {
    println!("{} {}", total(vec![1.0, 2.0]), local(1.0));
}
