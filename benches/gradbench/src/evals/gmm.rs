//! The posterior density of a mixture of normal distributions.

use gradus::differentiable;
use serde::{Deserialize, Serialize};
use std::f64::consts::{LN_2, PI, TAU};

/// Parameters, points, and the prior.
#[derive(Deserialize)]
pub struct Input {
    alpha: Vec<f64>,
    mu: Vec<Vec<f64>>,
    q: Vec<Vec<f64>>,
    l: Vec<Vec<f64>>,
    x: Vec<Vec<f64>>,
    m: usize,
    gamma: f64,
}

/// The logarithm of the gamma function at half of an integer.
fn ln_gamma_of_half(twice: usize) -> f64 {
    let start = if twice.is_multiple_of(2) { 0.0 } else { 0.5 * PI.ln() };
    (1..twice.div_ceil(2))
        .map(|i| (i as f64 - if twice.is_multiple_of(2) { 0.0 } else { 0.5 }).ln())
        .sum::<f64>()
        + start
}

/// What does not depend on the parameters.
fn constant(points: usize, components: usize, dimension: usize, m: usize, gamma: f64) -> f64 {
    let (d, freedom) = (dimension as f64, dimension + m + 1);
    let gammas: f64 = (0..dimension).map(|j| ln_gamma_of_half(freedom - j)).sum();
    let ln_gamma = 0.25 * d * (d - 1.0) * PI.ln() + gammas;
    let prior = freedom as f64 * d * (gamma.ln() - 0.5 * LN_2) - ln_gamma;
    components as f64 * prior - points as f64 * 0.5 * d * TAU.ln()
}

#[differentiable(compiled)]
fn log_sum_exp(x: &[f64]) -> f64 {
    let mut greatest = f64::NEG_INFINITY;
    for x in x {
        greatest = greatest.max(*x);
    }
    greatest + x.iter().map(|x| (x - greatest).exp()).sum::<f64>().ln()
}

/// The logarithm of the density but for a constant.
#[differentiable(compiled)]
fn log_density(
    alpha: &[f64],
    means: &[Vec<f64>],
    q: &[Vec<f64>],
    l: &[Vec<f64>],
    #[constant] points: &[Vec<f64>],
    m: usize,
    #[constant] gamma: f64,
) -> f64 {
    let (components, dimension) = (alpha.len(), means[0].len());
    let mut diagonals = vec![vec![0.0; dimension]; components];
    let mut sums = vec![0.0; components];
    let mut total = 0.0;
    for k in 0..components {
        let mut squares = 0.0;
        for j in 0..dimension {
            diagonals[k][j] = q[k][j].exp();
            squares += diagonals[k][j] * diagonals[k][j];
            sums[k] += q[k][j];
        }
        for below in &l[k] {
            squares += below * below;
        }
        total += m as f64 * sums[k] - 0.5 * gamma * gamma * squares;
    }
    for point in points {
        let mut terms = vec![0.0; components];
        for k in 0..components {
            // Row by row of the lower triangular matrix, the part below the diagonal of which lies column by column.
            let mut squares = 0.0;
            for row in 0..dimension {
                let mut sum = diagonals[k][row] * (point[row] - means[k][row]);
                for column in 0..row {
                    let at = column * dimension - column * (column + 1) / 2 + row - column - 1;
                    sum += l[k][at] * (point[column] - means[k][column]);
                }
                squares += sum * sum;
            }
            terms[k] = alpha[k] + sums[k] - 0.5 * squares;
        }
        total += log_sum_exp(&terms);
    }
    total - points.len() as f64 * log_sum_exp(alpha)
}

/// The logarithm of the posterior density.
pub fn objective(input: &Input) -> f64 {
    let Input { alpha, mu, q, l, x, m, gamma } = input;
    log_density(alpha, mu, q, l, x, *m, *gamma) + constant(x.len(), alpha.len(), mu[0].len(), *m, *gamma)
}

/// The gradient for each parameter.
#[derive(Serialize)]
pub struct Gradient {
    alpha: Vec<f64>,
    mu: Vec<Vec<f64>>,
    q: Vec<Vec<f64>>,
    l: Vec<Vec<f64>>,
}

/// Its gradient.
pub fn jacobian(input: &Input) -> Gradient {
    let Input { alpha, mu, q, l, x, m, gamma } = input;
    let (_, (alpha, mu, q, l)) = log_density_grad(alpha, mu, q, l, x, *m, *gamma);
    Gradient { alpha, mu, q, l }
}
