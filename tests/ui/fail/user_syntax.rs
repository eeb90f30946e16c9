use gradus::differentiable;

#[differentiable]
fn square(x: f64) -> f64 {
    let y = x * ;
    y
}

fn main() {
    println!("{:?}", square_grad(1.0));
}
