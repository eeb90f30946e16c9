//! A polynomial fitted to the sign function by least squares.

use gradus::differentiable;
use serde::Deserialize;

/// The coefficients, and the number of points.
#[derive(Deserialize)]
pub struct Input {
    x: Vec<f64>,
    n: usize,
}

/// The sign as the suite defines it: 0 at 0.
fn sign(t: f64) -> f64 {
    f64::from(i8::from(t > 0.0) - i8::from(t < 0.0))
}

#[differentiable(compiled)]
fn cost(x: &[f64], n: usize) -> f64 {
    let mut total = 0.0;
    for i in 0..n {
        let t = -1.0 + i as f64 * 2.0 / (n as f64 - 1.0);
        let mut miss = sign(t);
        let mut power = 1.0;
        for x in x {
            miss -= x * power;
            power *= t;
        }
        total += miss * miss;
    }
    total / 2.0
}

/// Half of the sum of squares.
pub fn primal(input: &Input) -> f64 {
    cost(&input.x, input.n)
}

/// Its gradient for the coefficients.
pub fn gradient(input: &Input) -> Vec<f64> {
    cost_grad(&input.x, input.n).1
}
