use gradus::differentiable;
use std::cell::Cell;

#[differentiable]
fn accumulate(total: &Cell<f64>, x: f64) -> f64 {
    total.set(total.get() + x);
    total.get()
}

fn main() {
    println!("{}", accumulate(&Cell::new(0.0), 2.0));
}
