use gradus::differentiable;

#[differentiable]
fn skipping_zeros(xs: &[f64], k: f64) -> f64 {
    match xs {
        [0.0, rest @ ..] => rest.iter().sum::<f64>() * k,
        [first, ..] => first * k,
        [] => k,
    }
}

#[differentiable]
fn root(xs: &[f64]) -> f64 {
    match xs.first().copied() {
        Some(1.0..) => xs[0].sqrt(),
        Some(small) => small,
        None => 0.0,
    }
}

fn main() {
    println!("{:?} {:?}", skipping_zeros_grad(&[0.0, 2.0], 3.0), root_grad(&[4.0]));
}
