use gradus::differentiable;

/// A walk over differences in place, and a `Vec` that grows.
#[differentiable]
pub fn smoothed(xs: &[f64], weight: f64) -> f64 {
    let mut y = xs.to_vec();
    for i in 1..y.len() {
        y[i] = weight * y[i] + y[i - 1] * y[i];
    }
    let mut kept = Vec::new();
    for v in &y {
        if *v > 0.5 {
            kept.push(v * v);
        }
    }
    kept.iter().sum::<f64>() - y[0]
}
