//! A determinant, expanded by minors.

use gradus::differentiable;
use serde::Deserialize;

/// A square matrix, row by row.
#[derive(Deserialize)]
pub struct Input {
    #[serde(rename = "A")]
    a: Vec<f64>,
    ell: usize,
}

/// The determinant of the rows from `row` on, in the columns that are free.
#[differentiable(compiled)]
fn minor(a: &[f64], size: usize, row: usize, free: u64) -> f64 {
    if row == size {
        return 1.0;
    }
    let mut sum = 0.0;
    let mut sign = 1.0;
    for column in 0..size {
        if free >> column & 1 == 1 {
            sum += sign * a[row * size + column] * minor(a, size, row + 1, free & !(1 << column));
            sign = -sign;
        }
    }
    sum
}

/// The determinant.
pub fn primal(input: &Input) -> f64 {
    minor(&input.a, input.ell, 0, u64::MAX)
}

/// Its gradient, row by row.
pub fn gradient(input: &Input) -> Vec<f64> {
    minor_grad(&input.a, input.ell, 0, u64::MAX).1
}
