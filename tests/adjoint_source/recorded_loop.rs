use gradus::differentiable;

#[differentiable]
pub fn growth(rates: &[f64], limit: f64) -> f64 {
    let mut size = 1.0;
    for rate in rates {
        if *rate > 0.0 {
            size *= rate.exp();
        }
        if size > limit {
            return size / limit;
        }
    }
    size - limit
}
