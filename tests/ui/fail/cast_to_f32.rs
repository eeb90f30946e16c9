use gradus::differentiable;

#[differentiable]
fn rounded(x: f64) -> f64 {
    (x * x) as f32 as f64
}

fn main() {
    println!("{:?}", rounded_grad(2.0));
}
