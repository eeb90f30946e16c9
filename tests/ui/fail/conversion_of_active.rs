use gradus::differentiable;

#[differentiable]
fn square(x: f64) -> f64 {
    let y: f64 = x.into();
    y * y
}

fn main() {
    println!("{:?}", square_grad(2.0));
}
