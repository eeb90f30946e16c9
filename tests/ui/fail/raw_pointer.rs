use gradus::differentiable;

#[differentiable]
fn twice(x: *const f64, y: f64) -> f64 {
    if x.is_null() { y } else { 2.0 * y }
}

fn main() {
    println!("{}", twice(&1.0, 2.0));
}
