/// Huber's loss: a parabola near 0, straight lines
/// beyond `delta`. Only the arm that is taken has a
/// derivative.
#[differentiable]
fn huber(residual: f64, delta: f64) -> f64 {
    let size = residual.abs();
    if size <= delta {
        0.5 * residual * residual
    } else {
        delta * (size - 0.5 * delta)
    }
}
