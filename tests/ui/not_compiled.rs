use gradus::differentiable;

#[differentiable(compiled)]
fn halved(mut x: f64) -> f64 {
    while x > 1.0 {
        x *= 0.5;
    }
    x
}

fn main() {
    println!("{:?}", halved_grad(3.0));
}
