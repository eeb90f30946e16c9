//! Attributes, doc comments and visibility are kept.
#![deny(warnings, missing_docs, unreachable_pub, unused_qualifications, clippy::pedantic)]

use gradus::differentiable;

mod inner {
    use gradus::differentiable;

    /// Visible to the crate, and to be used.
    #[must_use]
    #[inline]
    #[differentiable]
    pub(crate) fn square(x: f64) -> f64 {
        x * x
    }

    /// The attribute first.
    #[differentiable]
    #[must_use]
    #[allow(clippy::suboptimal_flops, reason = "as in the textbook")]
    pub(super) fn line(x: f64, #[constant] slope: f64) -> f64 {
        slope * x + 1.0
    }
}

/// Not in this build.
#[cfg(any())]
#[differentiable]
fn absent(x: f64) -> NoSuchType {
    x
}

/// In this build.
#[differentiable]
#[cfg(all())]
fn present(x: f64) -> f64 {
    2.0 * x
}

/// Deprecated: those who call it hear of it, generated code does not.
#[differentiable]
#[deprecated = "there is a better one"]
fn old(x: f64) -> f64 {
    x
}

/// Attributes inside the body.
#[differentiable]
fn inside(x: f64) -> f64 {
    #[allow(unused_variables)]
    let unused = x;
    #[allow(clippy::let_and_return)]
    let y = x * x;
    #[cfg(any())]
    let y = no_such_name;
    y
}

fn main() {
    assert_eq!(inner::square_grad(3.0), (9.0, 6.0));
    assert_eq!(inner::line_grad(3.0, 2.0), (7.0, 2.0));
    assert_eq!(present_grad(3.0), (6.0, 2.0));
    assert_eq!(inside_grad(3.0), (9.0, 6.0));
}
