use gradus::differentiable;

#[differentiable]
fn total(xs: &[f64]) -> f64 {
    let mut rest = xs.to_vec();
    assert!(rest.pop().is_some(), "nothing to add up");
    rest.iter().sum()
}

fn main() {
    println!("{:?}", total_grad(&[1.0, 2.0]));
}
