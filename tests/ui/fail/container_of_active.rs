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

#[differentiable]
fn inserted(x: f64) -> f64 {
    let mut values = HashMap::new();
    values.insert(1, x);
    x
}

fn main() {
    println!("{:?} {:?} {:?}", lookup_grad(&HashMap::new(), 1.0), boxed_grad(1.0), inserted_grad(1.0));
}
