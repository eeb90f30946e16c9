use gradus::differentiable;

#[differentiable]
fn positive(x: f64) -> f64 {
    let y;
    if x > 0.0 {
        y = x * x;
    }
    y
}

fn main() {
    println!("{}", positive(1.0));
}
