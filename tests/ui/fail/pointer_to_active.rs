use gradus::differentiable;

#[differentiable]
fn total(xs: &[f64]) -> f64 {
    let start = xs.as_ptr();
    let at = &xs[0] as *const f64;
    if start == at { xs.iter().sum() } else { 0.0 }
}

fn main() {
    println!("{:?}", total_grad(&[8.0]));
}
