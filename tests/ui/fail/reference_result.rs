use gradus::differentiable;

#[differentiable]
fn largest(xs: &[f64]) -> &f64 {
    xs.iter().max_by(|a, b| a.total_cmp(b)).unwrap()
}

#[differentiable]
fn tail(xs: &[f64]) -> &[f64] {
    &xs[1..]
}

fn main() {
    println!("{} {:?}", largest(&[1.0]), tail(&[1.0, 2.0]));
}
