use gradus::differentiable;

#[differentiable]
pub fn square(x: f64, #[constant] scale: f64) -> f64 {
    scale * x * x
}

#[differentiable]
pub fn length(v: &[f64]) -> f64 {
    v.iter().map(|x| x * x).sum::<f64>().sqrt()
}

#[differentiable]
pub fn energy(v: &[f64], mass: f64, n: usize) -> f64 {
    let mut total = 0.0;
    for i in 0..n {
        total += square(mass, i as f64) * length(v);
    }
    total
}
