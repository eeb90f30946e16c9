use gradus::differentiable;

#[differentiable(crate = 1)]
fn area(radius: f64) -> f64 {
    radius * radius * std::f64::consts::PI
}

fn main() {
    println!("{:?}", area_grad(1.0));
}
