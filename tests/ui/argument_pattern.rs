use gradus::differentiable;

#[differentiable]
fn length((x, y): (f64, f64)) -> f64 {
    x.hypot(y)
}

fn main() {
    println!("{:?}", length_grad((3.0, 4.0)));
}
