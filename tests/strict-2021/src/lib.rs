//! Functions of all kinds under lints as strict as they come, in the edition before, with the library under another name:
//! what the attribute generates is to pass them all.
#![deny(warnings, missing_docs, clippy::pedantic, clippy::nursery)]
#![forbid(unsafe_code)]
#![allow(clippy::suboptimal_flops, reason = "sums of products are written as in the textbook")]

use autodiff::differentiable;

/// A point in space, in metres.
pub type Point = [f64; 3];

/// The acceleration of free fall, in m/s².
pub const GRAVITY: f64 = 9.81;

/// The logistic function.
#[differentiable(second, crate = autodiff)]
#[must_use]
pub fn logistic(x: f64) -> f64 {
    1.0 / (1.0 + (-x).exp())
}

/// A neuron with one output.
#[differentiable(second, crate = autodiff)]
#[must_use]
pub fn neuron(inputs: &[f64], weights: &[f64], bias: f64) -> f64 {
    let sum: f64 = inputs.iter().zip(weights).map(|(x, w)| x * w).sum();
    logistic(sum + bias)
}

/// A square root, where there is one.
#[differentiable(second, crate = autodiff)]
#[must_use]
pub fn real_root(x: f64) -> Option<f64> {
    if x < 0.0 {
        None
    } else {
        Some(x.sqrt())
    }
}

/// The sum of square roots; what has none is named.
///
/// # Errors
///
/// If a number is negative.
#[differentiable(second, crate = autodiff)]
pub fn sum_of_roots(xs: &[f64], scale: f64) -> Result<f64, String> {
    let mut sum = 0.0;
    for x in xs {
        sum += scale * real_root(*x).ok_or_else(|| format!("{x} is negative"))?;
    }
    Ok(sum)
}

/// Both square roots.
#[differentiable(second, crate = autodiff)]
#[must_use]
pub fn both_roots(x: f64) -> Option<(f64, f64)> {
    let root = real_root(x)?;
    Some((root, -root))
}

/// The squared error of a line over samples that carry no gradient.
#[differentiable(second, crate = autodiff)]
#[must_use]
pub fn squared_error(slope: f64, offset: f64, #[constant] samples: &[(f64, f64)]) -> f64 {
    samples.iter().map(|(x, y)| (slope * x + offset - y).powi(2)).sum()
}

/// The norm of some weighted numbers, with derivatives of its own.
#[differentiable(crate = autodiff, partials = norm_partials, second_partials = norm_second)]
#[must_use]
pub fn norm(values: &[f64], #[constant] weights: &[f64], scale: f64, power: i32) -> f64 {
    let sum: f64 = values.iter().zip(weights).map(|(x, w)| w * x * x).sum();
    scale.powi(power) * sum.sqrt()
}

fn norm_partials(values: &[f64], weights: &[f64], scale: f64, power: i32) -> (Vec<f64>, f64) {
    let length = norm(values, weights, 1.0, power);
    let of = |(x, w): (&f64, &f64)| scale.powi(power) * w * x / length;
    (values.iter().zip(weights).map(of).collect(), f64::from(power) * scale.powi(power - 1) * length)
}

fn norm_second(
    values: &[f64],
    weights: &[f64],
    scale: f64,
    power: i32,
    moved: &[f64],
    scale_moved: f64,
) -> (Vec<f64>, f64) {
    let (length, n) = (norm(values, weights, 1.0, power), f64::from(power));
    let along: f64 = values.iter().zip(weights).zip(moved).map(|((x, w), dx)| w * x * dx / length).sum();
    let (factor, change) = (scale.powi(power), n * scale.powi(power - 1));
    let of = |((x, w), dx): ((&f64, &f64), &f64)| {
        w * (change * scale_moved * x + factor * (dx - x * along / length)) / length
    };
    let of_scale = n * (n - 1.0) * scale.powi(power - 2) * scale_moved * length + change * along;
    (values.iter().zip(weights).zip(moved).map(of).collect(), of_scale)
}

/// The distance between two points.
#[differentiable(second, crate = autodiff)]
#[must_use]
pub fn distance(a: Point, b: Point) -> f64 {
    let mut squares = 0.0;
    for (p, q) in a.iter().zip(&b) {
        squares += (p - q) * (p - q);
    }
    squares.sqrt()
}

/// A polynomial by Horner's rule.
#[differentiable(second, crate = autodiff)]
#[must_use]
pub fn polynomial<const N: usize>(coefficients: [f64; N], x: f64) -> f64 {
    coefficients.iter().rev().fold(0.0, |sum, c| sum * x + c)
}

/// The softmax of a slice.
#[differentiable(second, crate = autodiff)]
#[must_use]
pub fn softmax(xs: &[f64]) -> Vec<f64> {
    let peak = xs.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let weights: Vec<f64> = xs.iter().map(|x| (x - peak).exp()).collect();
    let total: f64 = weights.iter().sum();
    weights.iter().map(|w| w / total).collect()
}

/// The cross entropy of a class among scores.
#[differentiable(second, crate = autodiff)]
#[must_use]
pub fn cross_entropy(scores: &[f64], class: usize) -> f64 {
    -softmax(scores)[class].ln()
}

/// Polar coordinates of a point in the plane.
#[differentiable(second, crate = autodiff)]
#[must_use]
pub fn polar(x: f64, y: f64) -> (f64, f64) {
    (x.hypot(y), y.atan2(x))
}

/// The product of a matrix and a vector.
#[differentiable(second, crate = autodiff)]
#[must_use]
pub fn apply(matrix: &[[f64; 2]], vector: [f64; 2]) -> Vec<f64> {
    matrix.iter().map(|row| row[0] * vector[0] + row[1] * vector[1]).collect()
}

/// Falls with drag for a number of steps, and gives the height.
#[differentiable(second, crate = autodiff)]
#[must_use]
pub fn fall(height: f64, drag: f64, steps: usize) -> f64 {
    let (mut height, mut speed, step) = (height, 0.0, 0.01);
    for _ in 0..steps {
        speed += (GRAVITY - drag * speed * speed) * step;
        height -= speed * step;
        if height <= 0.0 {
            break;
        }
    }
    height
}

/// The root of a positive number by Newton's method.
#[differentiable(second, crate = autodiff)]
#[must_use]
pub fn root(x: f64) -> f64 {
    let mut guess = x;
    loop {
        let next = 0.5 * (guess + x / guess);
        if (next - guess).abs() <= 1e-12 * x {
            return next;
        }
        guess = next;
    }
}

/// A piecewise function of a kind.
#[differentiable(second, crate = autodiff)]
#[must_use]
pub fn kernel(kind: u8, x: f64) -> f64 {
    match kind {
        0 => (-x * x).exp(),
        1 if x.abs() < 1.0 => 1.0 - x.abs(),
        1 => 0.0,
        _ => 1.0 / (1.0 + x * x),
    }
}

/// A recursion: the power of a number.
#[differentiable(second, crate = autodiff)]
#[must_use]
pub fn power(x: f64, exponent: u32) -> f64 {
    if exponent == 0 {
        return 1.0;
    }
    let half = power(x, exponent / 2);
    if exponent.is_multiple_of(2) {
        half * half
    } else {
        half * half * x
    }
}

/// The sum of what is longest among borrowed rows.
#[differentiable(second, crate = autodiff)]
#[must_use]
pub fn longest<'a>(first: &'a [f64], second: &'a [f64]) -> f64 {
    let row = if first.len() > second.len() { first } else { second };
    row.iter().sum()
}

/// The prefix sums of a slice, the last of which is weighted.
#[differentiable(second, crate = autodiff)]
fn prefix_sums(xs: &[f64], weight: f64) -> f64 {
    let mut sums = Vec::with_capacity(xs.len());
    let mut sum = 0.0;
    for x in xs {
        sum += *x;
        sums.push(sum);
    }
    assert!(!sums.is_empty(), "no sums of {} numbers", xs.len());
    weight * sums[sums.len() - 1] + sums[0]
}

/// Prefix sums from inside the crate.
#[must_use]
pub fn summary(xs: &[f64]) -> (f64, (Vec<f64>, f64)) {
    prefix_sums_grad(xs, 2.0)
}

/// Names that are keywords of a later edition.
pub mod names {
    use autodiff::differentiable;

    /// A line.
    #[differentiable(second, crate = autodiff)]
    #[must_use]
    pub fn line(x: f64, #[constant] gen: f64) -> f64 {
        x * gen
    }

    /// A sum, and a tenth of it.
    #[differentiable(second, crate = autodiff)]
    #[must_use]
    pub fn gen(gen: &[f64], x: f64) -> (f64, f64) {
        let sum = gen.iter().map(|gen| line(gen * x, 2.0)).sum::<f64>();
        (sum, sum / 10.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn close(a: f64, b: f64) -> bool {
        (a - b).abs() < 1e-12
    }

    #[test]
    fn gradients_are_what_calculus_says() {
        let (y, slope) = logistic_grad(0.3);
        assert!(close(slope, y * (1.0 - y)));
        let (_, (slope, offset)) = squared_error_grad(1.0, 0.0, &[(1.0, 0.0), (2.0, 0.0)]);
        assert!(close(slope, 10.0) && close(offset, 6.0));
        let (length, (towards, _)) = distance_grad([3.0, 4.0, 0.0], [0.0; 3]);
        assert!(close(length, 5.0) && close(towards[0], 0.6));
        let (_, (powers, _)) = polynomial_grad([1.0, 2.0, 3.0], 2.0);
        assert!(powers.iter().zip([1.0, 2.0, 4.0]).all(|(a, b)| close(*a, b)));
        let (_, scores) = cross_entropy_grad(&[1.0, 2.0], 0);
        assert!(close(scores[0], softmax(&[1.0, 2.0])[0] - 1.0));
        assert!(close(root_grad(9.0).1, 1.0 / 6.0));
        assert!(close(power_grad(2.0, 5).1, 80.0));
        let (_, (xs, weight)) = summary(&[1.0, 2.0]);
        assert!(close(xs[0], 3.0) && close(xs[1], 2.0) && close(weight, 3.0));
    }

    #[test]
    fn results_of_several_numbers_have_rows() {
        let ((radius, _), rows) = polar_jacobian(3.0, 4.0);
        assert!(close(radius, 5.0) && close(rows[0].0, 0.6) && close(rows[1].0, -4.0 / 25.0));
        let (_, (_, vector)) = apply_vjp(&[[1.0, 2.0], [3.0, 4.0]], [1.0, 1.0], vec![1.0, 10.0]);
        assert!(close(vector[0], 31.0) && close(vector[1], 42.0));
    }

    #[test]
    fn functions_that_may_fail_have_companions_that_may() {
        assert_eq!(real_root_grad(4.0), Some((2.0, 0.25)));
        assert_eq!(sum_of_roots_grad(&[4.0], 2.0), Ok((4.0, (vec![0.5], 2.0))));
        assert_eq!(sum_of_roots_grad(&[-1.0], 2.0).unwrap_err(), "-1 is negative");
        assert_eq!(both_roots_jacobian(4.0), Some(((2.0, -2.0), vec![0.25, -0.25])));
    }

    #[test]
    fn keywords_of_a_later_edition_are_names() {
        assert!(close(names::line_grad(2.0, 3.0).1, 3.0));
        autodiff::check::assert_gradient!(names::gen, &[1.0, 2.0], 3.0);
    }
}
