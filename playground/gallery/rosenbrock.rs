/// Rosenbrock's valley, on which optimizers are tried.
/// Its minimum is at (1, 1).
#[differentiable]
fn rosenbrock(x: f64, y: f64) -> f64 {
    let valley = y - x * x;
    let along = 1.0 - x;
    100.0 * valley * valley + along * along
}
