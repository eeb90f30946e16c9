use gradus::differentiable;

#[differentiable]
fn harmonic(terms: usize) -> f64 {
    (1..=terms).map(|n| 1.0 / n as f64).sum()
}

fn main() {
    println!("{:?}", harmonic_grad(10));
}
