use gradus::differentiable;

#[differentiable]
fn gains(xs: &[f64]) -> f64 {
    let mut kept = xs.to_vec();
    kept.retain(|x| *x > 0.0);
    kept.iter().sum()
}

#[differentiable]
fn twice(xs: &[f64]) -> f64 {
    2.0 * gains(xs)
}

#[differentiable(compiled)]
fn loss(xs: &[f64]) -> f64 {
    xs[0] * twice(xs)
}

fn main() {
    println!("{:?}", loss_grad(&[5.0, 1.0, 3.0]));
}
