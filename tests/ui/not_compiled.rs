use gradus::differentiable;

#[differentiable(compiled)]
fn median(xs: &[f64]) -> f64 {
    let mut sorted = xs.to_vec();
    sorted.sort_by(f64::total_cmp);
    sorted[sorted.len() / 2]
}

fn main() {
    println!("{:?}", median_grad(&[5.0, 1.0, 3.0]));
}
