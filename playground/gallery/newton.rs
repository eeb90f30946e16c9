/// The square root of `a` by Newton's method: the
/// derivative of a loop.
#[differentiable]
fn newton(a: f64, steps: usize) -> f64 {
    let mut x = a;
    for _ in 0..steps {
        x = 0.5 * (x + a / x);
    }
    x
}
