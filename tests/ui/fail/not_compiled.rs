use gradus::differentiable;

#[differentiable(compiled)]
fn gains(xs: &[f64]) -> f64 {
    let mut kept = xs.to_vec();
    kept.retain(|x| *x > 0.0);
    kept.iter().sum()
}

fn main() {
    println!("{:?}", gains_grad(&[5.0, 1.0, 3.0]));
}
