use gradus::differentiable;

#[differentiable]
fn swapped(x: f64, y: f64) -> f64 {
    let (mut a, mut b) = (x, y);
    [a, b] = [b, a];
    a - 2.0 * b
}

fn main() {
    println!("{:?}", swapped_grad(1.0, 2.0));
}
