use gradus::differentiable;

#[differentiable]
#[differentiable(compiled)]
fn square(x: f64) -> f64 {
    x * x
}

fn main() {
    println!("{:?}", square_grad(2.0));
}
