//! Another crate with differentiable functions, to test calls across crates.

use gradus::differentiable;

/// The logistic function `1 / (1 + e⁻ˣ)`.
#[differentiable(second)]
pub fn logistic(x: f64) -> f64 {
    1.0 / (1.0 + (-x).exp())
}

/// Both roots of `t² − sum·t + product`, the lower one first; they are real if `sum² ≥ 4·product`.
#[differentiable(second)]
pub fn roots(sum: f64, product: f64) -> (f64, f64) {
    let half = (sum * sum - 4.0 * product).sqrt() / 2.0;
    (sum / 2.0 - half, sum / 2.0 + half)
}

/// The cross product of two vectors.
#[differentiable(second)]
pub fn cross(a: [f64; 3], b: [f64; 3]) -> [f64; 3] {
    [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]]
}

/// Positive weights that sum to one, in the proportions of `eˣ`.
#[differentiable(second)]
pub fn softmax(xs: &[f64]) -> Vec<f64> {
    let peak = xs.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let weights: Vec<f64> = xs.iter().map(|x| (x - peak).exp()).collect();
    let total: f64 = weights.iter().sum();
    weights.iter().map(|w| w / total).collect()
}

/// Mechanics, one module down.
pub mod mechanics {
    use gradus::differentiable;

    /// The energy in a spring of a given stiffness (N/m) at an extension (m).
    #[differentiable(second)]
    pub fn spring(extension: f64, #[constant] stiffness: f64) -> f64 {
        0.5 * stiffness * extension * extension
    }
}

/// The middle one of some numbers, by a function that sorts.
#[differentiable(second)]
pub fn median(xs: &[f64]) -> f64 {
    middle(xs, xs.len() / 2)
}

/// The number at `at` when they are sorted.
#[differentiable(second)]
pub fn middle(xs: &[f64], #[constant] at: usize) -> f64 {
    let mut sorted = xs.to_vec();
    sorted.sort_by(f64::total_cmp);
    sorted[at]
}
