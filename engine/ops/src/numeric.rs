//! Small functions that the rules of the table call. Their intermediate results neither overflow nor cancel. No derivative is
//! stated here.

use std::f64::consts::{FRAC_2_SQRT_PI, SQRT_2};

#[inline]
pub(crate) fn one_if(chosen: bool) -> f64 {
    if chosen { 1.0 } else { 0.0 }
}

/// `signum`, but 0 at ±0.
#[inline]
pub(crate) fn sign(a: f64) -> f64 {
    if a == 0.0 { 0.0 } else { a.signum() }
}

/// The exponent of `powi`, which the table holds as an `f64`.
#[inline]
#[allow(clippy::cast_possible_truncation, reason = "it was an `i32`")]
pub(crate) fn integer(b: f64) -> i32 {
    b as i32
}

/// aⁿ⁻¹, also for the least `n`, whose predecessor is not an `i32`.
#[inline]
pub(crate) fn one_power_less(a: f64, n: i32) -> f64 {
    n.checked_sub(1).map_or_else(|| a.powi(n) / a, |less| a.powi(less))
}

/// aⁿ⁻², also for the least `n`.
#[inline]
pub(crate) fn two_powers_less(a: f64, n: i32) -> f64 {
    n.checked_sub(2).map_or_else(|| a.powi(n) / a / a, |less| a.powi(less))
}

/// aᵇ⁻¹ (1 + b ln a), or its limit where a is 0; NaN where aᵇ has no logarithm.
#[inline]
pub(crate) fn mixed_power(a: f64, b: f64) -> f64 {
    if a > 0.0 {
        let power = a.powf(b - 1.0);
        if power == 0.0 { 0.0 } else { power * (1.0 + b * a.ln()) }
    } else if a == 0.0 && b > 1.0 {
        0.0
    } else if a == 0.0 && b > 0.0 {
        f64::NEG_INFINITY
    } else {
        f64::NAN
    }
}

/// (a/y)(b/y)/y for a norm y that is at least as large as both; 0 where it is 0 or ∞.
#[inline]
pub(crate) fn square_over(a: f64, b: f64, y: f64) -> f64 {
    if y == 0.0 || y.is_infinite() { 0.0 } else { (a / y) * (b / y) / y }
}

/// b × aᵇ⁻¹ where `y` is aᵇ. It is b × y/a, which needs no second power and does not round the exponent, unless an
/// intermediate result is no normal number.
#[inline]
pub(crate) fn times_power_less(b: f64, a: f64, y: f64) -> f64 {
    let product = b * y;
    let quotient = product / a;
    if y.is_normal() && product.is_normal() && quotient.is_normal() {
        quotient
    } else {
        times_power_in_halves(b, a)
    }
}

/// The same from the power itself, or, where the power is too large or too small for a number, from its root, twice.
#[cold]
fn times_power_in_halves(b: f64, a: f64) -> f64 {
    let power = a.powf(b - 1.0);
    if power == 0.0 && b.is_infinite() {
        0.0
    } else if power.is_normal() || power.is_nan() {
        b * power
    } else {
        let root = a.abs().powf(0.5 * (b - 1.0));
        (b * root * root).copysign(b * power)
    }
}

/// x/(a² + b²), where a² + b² alone could overflow; 0 at the origin and at infinity.
#[inline]
pub(crate) fn over_squared_norm(x: f64, a: f64, b: f64) -> f64 {
    let norm = a.hypot(b);
    if norm == 0.0 {
        0.0
    } else if norm.is_infinite() {
        far_over_squared_norm(x, a, b)
    } else {
        x / norm / norm
    }
}

/// The same where even the norm overflows.
#[cold]
fn far_over_squared_norm(x: f64, a: f64, b: f64) -> f64 {
    if a.is_nan() || b.is_nan() {
        f64::NAN
    } else if a.is_infinite() || b.is_infinite() {
        0.0
    } else {
        let quarter = (0.25 * a).hypot(0.25 * b);
        0.25 * x / quarter / quarter * 0.25
    }
}

/// 1/(1 + e⁻ᵃ) from the exponential that cannot overflow.
#[inline]
pub(crate) fn logistic(a: f64) -> f64 {
    let e = (-a.abs()).exp();
    let rest = e / (1.0 + e);
    if a >= 0.0 { 1.0 - rest } else { rest }
}

pub(crate) const SQRT_8_OVER_PI: f64 = FRAC_2_SQRT_PI * SQRT_2;
pub(crate) const GELU_CUBIC: f64 = 0.044715;

/// Twice the `u` of `gelu`.
#[inline]
pub(crate) fn gelu_inner(a: f64) -> f64 {
    SQRT_8_OVER_PI * (a + GELU_CUBIC * a * a * a)
}
