use gradus::differentiable;

#[differentiable]
pub fn gains(xs: &[f64]) -> f64 {
    let mut kept = xs.to_vec();
    kept.retain(|x| *x > 0.0);
    kept.iter().sum()
}
