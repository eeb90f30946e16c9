//! Functions of several numbers that every classifier needs, each in the form that neither overflows nor underflows.
//!
//! They are ordinary [`differentiable`] functions, without a rule of their own in the table of [operations](crate::ops):
//! what is said of annotated functions holds of them, companions included.
//!
//! Both subtract the maximum *m* before exponentiating: e^(x − m) is at most 1, and at least one of them is 1.
//! The result does not depend on *m*, so no derivative goes through it: [`stop_gradient`] cuts it off. See Blanchard,
//! Higham and Higham, *Accurately computing the log-sum-exp and softmax functions*, IMA Journal of Numerical Analysis
//! 41 (2021).
//!
//! On [`Value`](crate::Value)s they are called by their companion items:
//!
//! ```
//! use gradus::{Graph, log_sum_exp, softmax};
//!
//! let graph = Graph::new();
//! let scores = [1.0, 2.0, 3.0].map(|score| graph.value(score));
//! log_sum_exp::on_values(&scores).backward();
//! let probabilities = softmax::on_values(&scores);
//! for (score, probability) in scores.iter().zip(probabilities) {
//!     assert!((score.grad() - probability.data()).abs() < 1e-15); // the gradient of the one is the other
//! }
//! ```

use crate::differentiable;
use crate::float::stop_gradient;

/// The exponentials of `xs`, scaled to the sum 1: a discrete distribution with the log-odds `xs`.
///
/// Element *i* of the result is e^xᵢ / Σₖ e^xₖ, and its derivative for xₖ is yᵢ (δᵢₖ − yₖ). For the logarithm of one of
/// its elements write `xs[i] - log_sum_exp(xs)`, which stays exact where the element itself is 0 for an `f64`.
///
/// * Nothing in, nothing out: an empty slice gives an empty `Vec`.
/// * An element −∞ has the share 0. If all are −∞, no share is defined: all are NaN.
/// * An element +∞ gets NaN, the finite ones beside it 0.
/// * One NaN makes all of them NaN.
///
/// ```
/// use gradus::{differentiable, softmax};
///
/// assert_eq!(softmax(&[1000.0, 1000.0]), [0.5, 0.5]);
///
/// /// The expected number of points, if the scores of 0, 1 and 2 points are given.
/// #[differentiable]
/// fn expected(scores: &[f64]) -> f64 {
///     softmax(scores).iter().enumerate().map(|(points, share)| points as f64 * share).sum()
/// }
///
/// let (value, gradient) = expected_grad(&[0.0, 0.0, 0.0]);
/// assert!((value - 1.0).abs() < 1e-15);
/// assert!((gradient[2] - 1.0 / 3.0).abs() < 1e-15); // share × (points − expected points)
/// ```
#[differentiable(compiled, second, crate = crate)]
pub fn softmax(xs: &[f64]) -> Vec<f64> {
    // Kept finite, so that −∞ stays below it and +∞ above: ∞ − ∞ would be NaN.
    let shift = xs.iter().map(|x| stop_gradient(*x)).fold(f64::MIN, f64::max).min(f64::MAX);
    let exponentials: Vec<f64> = xs.iter().map(|x| (x - shift).exp()).collect();
    let total: f64 = exponentials.iter().sum();
    exponentials.iter().map(|exponential| exponential / total).collect()
}

/// ln Σₖ e^xₖ, a smooth maximum of `xs`. Its gradient is their [`softmax()`].
///
/// * An empty slice gives −∞, the logarithm of an empty sum.
/// * An element −∞ counts for nothing. If all are −∞ so is the result, and the gradient is NaN.
/// * An element +∞ makes the result +∞; its own derivative is NaN, that of the finite ones 0.
/// * One NaN makes the result and the whole gradient NaN.
///
/// ```
/// use gradus::log_sum_exp;
/// use gradus::functions::log_sum_exp_grad;
///
/// assert_eq!(log_sum_exp(&[]), f64::NEG_INFINITY);
/// assert_eq!(log_sum_exp(&[-1000.0, -1000.0]), -1000.0 + 2.0_f64.ln());
/// let (_, gradient) = log_sum_exp_grad(&[-1000.0, -1000.0]);
/// assert_eq!(gradient, [0.5, 0.5]);
/// ```
#[differentiable(compiled, second, crate = crate)]
pub fn log_sum_exp(xs: &[f64]) -> f64 {
    // Kept finite, so that −∞ stays below it and +∞ above: ∞ − ∞ would be NaN.
    let shift = xs.iter().map(|x| stop_gradient(*x)).fold(f64::MIN, f64::max).min(f64::MAX);
    let total: f64 = xs.iter().map(|x| (x - shift).exp()).sum();
    shift + total.ln()
}
