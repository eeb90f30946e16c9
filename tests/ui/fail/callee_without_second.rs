use gradus::differentiable;

#[differentiable]
fn cube(x: f64) -> f64 {
    x * x * x
}

#[differentiable(second)]
fn loss(x: f64) -> f64 {
    1.0 + cube(x.sin())
}

fn main() {
    println!("{:?}", loss_hessian(1.0));
}
