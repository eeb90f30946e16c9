use gradus::differentiable;

#[differentiable]
fn scaled(x: f64) -> f64 {
    static FACTOR: f64 = 3.0;
    FACTOR * x
}

fn main() {
    println!("{:?}", scaled_grad(2.0));
}
