use gradus::differentiable;

#[differentiable]
fn square(x: f64) -> f64 {
    let address = &raw const x;
    if address.is_null() { 0.0 } else { x * x }
}

fn main() {
    println!("{:?}", square_grad(2.0));
}
