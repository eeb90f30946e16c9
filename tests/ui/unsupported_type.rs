use gradus::differentiable;
use std::collections::HashMap;

#[differentiable]
fn applied(f: fn(f64) -> f64, x: f64) -> f64 {
    f(1.0) * x
}

#[differentiable]
fn lookup(prices: &HashMap<u32, f64>, amount: f64) -> f64 {
    prices[&1] * amount
}

fn main() {
    println!("{:?} {:?}", applied_grad(f64::sin, 2.0), lookup_grad(&HashMap::new(), 1.0));
}
