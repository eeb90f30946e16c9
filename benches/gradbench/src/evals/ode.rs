//! A differential equation, by the method of Runge and Kutta.

use gradus::differentiable;
use serde::Deserialize;

/// The factors of the equation, and the number of steps.
#[derive(Deserialize)]
pub struct Input {
    x: Vec<f64>,
    s: usize,
}

#[differentiable(compiled)]
fn change(x: &[f64], y: &[f64]) -> Vec<f64> {
    let mut change = x.to_vec();
    for i in 1..x.len() {
        change[i] = x[i] * y[i - 1];
    }
    change
}

#[differentiable(compiled)]
fn moved(y: &[f64], change: &[f64], step: f64) -> Vec<f64> {
    y.iter().zip(change).map(|(y, change)| y + step * change).collect()
}

/// The state at time 2.
#[differentiable(compiled)]
fn solved(x: &[f64], steps: usize) -> Vec<f64> {
    let step = 2.0 / steps as f64;
    let mut y = vec![0.0; x.len()];
    for _ in 0..steps {
        let a = change(x, &y);
        let b = change(x, &moved(&y, &a, step / 2.0));
        let c = change(x, &moved(&y, &b, step / 2.0));
        let d = change(x, &moved(&y, &c, step));
        for i in 0..y.len() {
            y[i] += step * (a[i] + 2.0 * b[i] + 2.0 * c[i] + d[i]) / 6.0;
        }
    }
    y
}

/// The state at the end.
pub fn primal(input: &Input) -> Vec<f64> {
    solved(&input.x, input.s)
}

/// The gradient of its last element.
pub fn gradient(input: &Input) -> Vec<f64> {
    let mut seed = vec![0.0; input.x.len()];
    if let Some(last) = seed.last_mut() {
        *last = 1.0;
    }
    solved_vjp(&input.x, input.s, seed).1
}
