use gradus::differentiable;

#[differentiable]
fn first(x: (f64, f64, f64, f64, f64, f64, f64)) -> f64 {
    x.0
}

fn main() {
    println!("{:?}", first_grad((1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0)));
}
