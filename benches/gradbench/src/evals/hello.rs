//! The simplest function, which shows that the protocol works.

use gradus::differentiable;

/// The square.
#[differentiable(compiled)]
pub fn square(x: f64) -> f64 {
    x * x
}
