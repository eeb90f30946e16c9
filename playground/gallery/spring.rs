/// A damped spring: how far it is after some steps
/// depends on its stiffness `k`.
#[differentiable]
fn spring(k: f64, c: f64, x0: f64, steps: usize) -> f64 {
    let dt = 0.1;
    let (mut x, mut v) = (x0, 0.0);
    for _ in 0..steps {
        let a = -k * x - c * v;
        v += a * dt;
        x += v * dt;
    }
    x
}
