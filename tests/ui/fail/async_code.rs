use gradus::differentiable;

#[differentiable]
fn square(x: f64) -> f64 {
    drop(async { 1.0 });
    x * x
}

fn main() {
    println!("{:?}", square_grad(2.0));
}
