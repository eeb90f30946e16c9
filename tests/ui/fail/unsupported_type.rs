use gradus::differentiable;

#[differentiable]
fn applied(fs: &[&dyn Fn(f64) -> f64], x: f64) -> f64 {
    fs[0](1.0) * x
}

fn main() {
    println!("{:?}", applied_grad(&[&f64::sin], 2.0));
}
