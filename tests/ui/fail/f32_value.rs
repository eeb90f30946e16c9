use gradus::differentiable;

#[differentiable]
fn square(x: f32) -> f64 {
    f64::from(x * x)
}

fn main() {
    println!("{:?}", square_grad(2.0));
}
