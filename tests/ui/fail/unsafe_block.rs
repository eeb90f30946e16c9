use gradus::differentiable;

#[differentiable]
fn first(xs: &[f64]) -> f64 {
    let x = unsafe { *xs.get_unchecked(0) };
    x * x
}

fn main() {
    println!("{:?}", first_grad(&[2.0]));
}
