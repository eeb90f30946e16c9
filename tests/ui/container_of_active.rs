use gradus::differentiable;
use std::collections::HashMap;

#[differentiable]
fn lookup(prices: &HashMap<u32, f64>, amount: f64) -> f64 {
    prices[&1] * amount
}

#[differentiable]
fn boxed(x: f64) -> f64 {
    let y: Box<f64> = Box::new(x);
    *y * x
}

fn main() {
    println!("{:?} {:?}", lookup_grad(&HashMap::new(), 1.0), boxed_grad(1.0));
}
