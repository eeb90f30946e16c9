use gradus::differentiable;

#[differentiable]
fn shifted(xs: &[f64]) -> f64 {
    let mut ys = xs.to_vec();
    let first = &ys[0];
    ys[1] = 2.0 * xs[0];
    first * ys[1]
}

fn main() {
    println!("{}", shifted(&[1.0, 2.0]));
}
