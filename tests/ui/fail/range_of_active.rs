use gradus::differentiable;

#[differentiable]
fn inside(x: f64) -> f64 {
    if (0.0..x).contains(&0.5) { x } else { 0.0 }
}

fn main() {
    println!("{:?}", inside_grad(2.0));
}
