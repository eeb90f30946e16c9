use gradus::differentiable;

#[differentiable]
fn lowest(xs: &[f64]) -> f64 {
    let mut sorted = xs.to_vec();
    sorted.sort_by(f64::total_cmp);
    sorted[0]
}

#[differentiable]
fn twice(xs: &[f64]) -> f64 {
    2.0 * lowest(xs)
}

#[differentiable(compiled)]
fn loss(xs: &[f64]) -> f64 {
    xs[0] * twice(xs)
}

fn main() {
    println!("{:?}", loss_grad(&[5.0, 1.0, 3.0]));
}
