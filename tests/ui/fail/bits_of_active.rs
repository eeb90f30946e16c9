use gradus::differentiable;

#[differentiable]
fn rough_log(x: f64) -> f64 {
    (x.to_bits() >> 52) as f64 - 1023.0
}

fn main() {
    println!("{:?}", rough_log_grad(8.0));
}
