use gradus::differentiable;

#[differentiable]
fn price(spot: f64, volatility: f64) -> f64 {
    (spot * volatility).exp()
}

#[differentiable]
fn delta(spot: f64, volatility: f64) -> f64 {
    price_grad(spot, volatility).1.0
}

fn main() {
    let _ = delta_grad(1.0, 0.5);
}
