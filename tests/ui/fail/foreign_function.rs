use gradus::differentiable;

#[differentiable]
extern "C" fn square(x: f64) -> f64 {
    x * x
}

fn main() {
    println!("{:?}", square_grad(2.0));
}
