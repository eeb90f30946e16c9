use gradus::differentiable;

#[differentiable]
fn lookup(table: &[f64], x: f64) -> f64 {
    table[(x * 10.0) as usize] * x
}

fn main() {
    println!("{:?}", lookup_grad(&[1.0, 2.0], 0.05));
}
