use gradus::differentiable;

#[differentiable]
fn square(x: f64) -> f64 {
    x * x
}

#[differentiable]
fn too_many(x: f64) -> f64 {
    square(x, 2.0)
}

#[differentiable]
fn wrong_type(x: f64) -> f64 {
    square(&[x])
}

fn main() {
    println!("{} {}", too_many(1.0), wrong_type(1.0));
    println!("{:?} {:?}", square_grad(1.0, 2.0), square_grad("1"));
}
