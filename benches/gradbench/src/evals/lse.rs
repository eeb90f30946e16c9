//! The logarithm of a sum of exponentials.

use gradus::differentiable;
use serde::Deserialize;

/// The numbers.
#[derive(Deserialize)]
pub struct Input {
    x: Vec<f64>,
}

#[differentiable(compiled)]
fn log_sum_exp(x: &[f64]) -> f64 {
    let mut greatest = f64::NEG_INFINITY;
    for x in x {
        greatest = greatest.max(*x);
    }
    greatest + x.iter().map(|x| (x - greatest).exp()).sum::<f64>().ln()
}

/// The function.
pub fn primal(input: &Input) -> f64 {
    log_sum_exp(&input.x)
}

/// Its gradient.
pub fn gradient(input: &Input) -> Vec<f64> {
    log_sum_exp_grad(&input.x).1
}
