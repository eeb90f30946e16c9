//! Solutions as annotated functions: lessons 6, 7 and 9.

use super::lesson_09::lambert;
use gradus::differentiable;

/// Lesson 6.
#[differentiable]
pub fn alignment(a: &[f64], b: &[f64]) -> f64 {
    let (mut dot, mut square_a, mut square_b) = (0.0, 0.0, 0.0);
    for (a, b) in a.iter().zip(b) {
        dot += a * b;
        square_a += a * a;
        square_b += b * b;
    }
    dot / (square_a * square_b).sqrt()
}

/// Lesson 7. The two arms meet at |r| = 1 with the same value and the same slope.
#[differentiable]
pub fn huber(r: f64) -> f64 {
    if r.abs() <= 1.0 { 0.5 * r * r } else { r.abs() - 0.5 }
}

/// Lesson 9. Of w eʷ = x: (eʷ + w eʷ) w′ = 1.
pub fn lambert_partial(x: f64) -> f64 {
    let w = lambert(x);
    1.0 / (w.exp() + w * w.exp())
}
