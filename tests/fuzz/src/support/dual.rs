//! Dual numbers: a value, and its derivatives with respect to all inputs of a program at once.
//!
//! Every `f64` of a program is a [`D`] in its reference version, so `D` has the methods of `f64`. Values are computed by
//! `f64`'s own methods and agree to the last bit. A component of the derivative exists only where a path leads from that input
//! (`paths`); one that does not exist is never multiplied, so that a singular partial makes no NaN of it.

use std::cell::Cell;

/// The most inputs that a program has.
pub const WIDTH: usize = 24;

/// A number with its derivatives.
#[derive(Clone, Copy)]
pub struct D {
    pub(crate) value: f64,
    pub(crate) tangent: [f64; WIDTH],
    pub(crate) paths: u32,
}

/// A number without derivatives.
pub const fn d(value: f64) -> D {
    D { value, tangent: [0.0; WIDTH], paths: 0 }
}

/// The same value, with the derivative 0.
pub trait Stop {
    /// Removes the derivatives.
    #[must_use]
    fn stop(self) -> Self;
}

impl Stop for D {
    fn stop(self) -> D {
        d(self.value)
    }
}
impl<const N: usize> Stop for [D; N] {
    fn stop(self) -> Self {
        self.map(Stop::stop)
    }
}
impl Stop for Vec<D> {
    fn stop(self) -> Self {
        self.into_iter().map(Stop::stop).collect()
    }
}

/// What the engine calls `stop_gradient`.
pub fn stop_gradient<T: Stop>(x: T) -> T {
    x.stop()
}

/// What `as f64` is here.
pub trait IntoD {
    /// The number as a dual one.
    fn into_d(self) -> D;
}

macro_rules! into_d {
    ($($number:ty),*) => { $(
        impl IntoD for $number {
            fn into_d(self) -> D {
                d(self as f64)
            }
        }
    )* };
}
into_d!(i8, i16, i32, i64, i128, isize, u8, u16, u32, u64, u128, usize, f32);

thread_local! {
    static KINK: Cell<bool> = const { Cell::new(false) };
    static LARGEST: Cell<f64> = const { Cell::new(0.0) };
}

/// Begins a program.
pub fn reset() {
    KINK.set(false);
    LARGEST.set(0.0);
}

/// Whether a derivative did not exist since [`reset`], and the largest finite partial or tangent.
pub fn extremes() -> (bool, f64) {
    (KINK.get(), LARGEST.get())
}

fn kink(here: bool) {
    if here {
        KINK.set(true);
    }
}

fn noticed(number: f64) -> f64 {
    let size = number.abs();
    if size.is_finite() && size > LARGEST.get() {
        LARGEST.set(size);
    }
    number
}

impl D {
    pub const MAX: D = d(f64::MAX);
    pub const MIN: D = d(f64::MIN);
    pub const INFINITY: D = d(f64::INFINITY);
    pub const NEG_INFINITY: D = d(f64::NEG_INFINITY);
    pub const EPSILON: D = d(f64::EPSILON);
    pub const MIN_POSITIVE: D = d(f64::MIN_POSITIVE);
    pub const NAN: D = d(f64::NAN);

    pub(crate) fn input(value: f64, index: usize) -> D {
        let mut input = d(value);
        input.tangent[index] = 1.0;
        input.paths = 1 << index;
        input
    }

    /// The value alone: where a cast or a pattern needs an `f64`.
    pub fn plain(self) -> f64 {
        self.value
    }

    pub(crate) fn one(self, value: f64, partial: f64) -> D {
        noticed(partial);
        let mut result = d(value);
        result.paths = self.paths;
        for index in bits(self.paths) {
            result.tangent[index] = noticed(self.tangent[index] * partial);
        }
        result
    }

    pub(crate) fn two(self, other: D, value: f64, partial: f64, partial_of_other: f64) -> D {
        let mut result = self.one(value, partial);
        result.paths |= other.paths;
        if other.paths != 0 {
            noticed(partial_of_other);
        }
        for index in bits(other.paths) {
            result.tangent[index] = noticed(result.tangent[index] + other.tangent[index] * partial_of_other);
        }
        result
    }

    fn is_active(self) -> bool {
        self.paths != 0
    }
}

fn bits(paths: u32) -> impl Iterator<Item = usize> {
    (0..WIDTH).filter(move |index| paths >> index & 1 == 1)
}

macro_rules! smooth {
    ($($name:ident |$a:ident, $y:ident| $partial:expr;)*) => { impl D { $(
        pub fn $name(self) -> D {
            let $a = self.value;
            let $y = $a.$name();
            let _ = ($a, $y);
            self.one($y, $partial)
        }
    )* } };
}
smooth! {
    sin |a, y| a.cos();
    cos |a, y| -a.sin();
    tan |a, y| 1.0 / (a.cos() * a.cos());
    asin |a, y| 1.0 / (1.0 - a * a).sqrt();
    acos |a, y| -1.0 / (1.0 - a * a).sqrt();
    atan |a, y| 1.0 / (1.0 + a * a);
    sinh |a, y| a.cosh();
    cosh |a, y| a.sinh();
    tanh |a, y| 1.0 / (a.cosh() * a.cosh());
    asinh |a, y| 1.0 / (a * a + 1.0).sqrt();
    acosh |a, y| 1.0 / (a * a - 1.0).sqrt();
    atanh |a, y| 1.0 / (1.0 - a * a);
    exp |a, y| y;
    exp2 |a, y| y * 2.0_f64.ln();
    exp_m1 |a, y| a.exp();
    ln |a, y| 1.0 / a;
    ln_1p |a, y| 1.0 / (1.0 + a);
    log2 |a, y| 1.0 / (a * 2.0_f64.ln());
    log10 |a, y| 1.0 / (a * 10.0_f64.ln());
    sqrt |a, y| 0.5 / y;
    cbrt |a, y| 1.0 / (3.0 * y * y);
    recip |a, y| -1.0 / (a * a);
    to_degrees |a, y| 180.0 / std::f64::consts::PI;
    to_radians |a, y| std::f64::consts::PI / 180.0;
    fract |a, y| { kink(y == 0.0); 1.0 };
}

macro_rules! flat {
    ($($name:ident),*) => { impl D { $(
        pub fn $name(self) -> D {
            d(self.value.$name())
        }
    )* } };
}
flat!(floor, ceil, round, round_ties_even, trunc, signum);

macro_rules! predicates {
    ($($name:ident),*) => { impl D { $(
        pub fn $name(self) -> bool {
            self.value.$name()
        }
    )* } };
}
predicates!(is_nan, is_finite, is_infinite, is_sign_negative, is_sign_positive, is_normal);

impl D {
    pub fn abs(self) -> D {
        let a = self.value;
        self.one(a.abs(), if a == 0.0 { 0.0 } else { a.signum() })
    }

    pub fn powi(self, n: i32) -> D {
        let a = self.value;
        let partial = if n == 0 { 0.0 } else { f64::from(n) * a.powi(n - 1) };
        self.one(a.powi(n), partial)
    }

    pub fn powf(self, exponent: D) -> D {
        let (a, b) = (self.value, exponent.value);
        let y = a.powf(b);
        kink(a <= 0.0);
        let partial = if b == 0.0 { 0.0 } else { b * a.powf(b - 1.0) };
        self.two(exponent, y, partial, y * a.ln())
    }

    pub fn hypot(self, other: D) -> D {
        let (a, b) = (self.value, other.value);
        let y = a.hypot(b);
        let (da, db) = if y == 0.0 { (0.0, 0.0) } else { (a / y, b / y) };
        self.two(other, y, da, db)
    }

    pub fn atan2(self, other: D) -> D {
        let (a, b) = (self.value, other.value);
        let squared = a * a + b * b;
        let (da, db) = if squared == 0.0 { (0.0, 0.0) } else { (b / squared, -a / squared) };
        self.two(other, a.atan2(b), da, db)
    }

    pub fn mul_add(self, factor: D, term: D) -> D {
        let value = self.value.mul_add(factor.value, term.value);
        let product = self.two(factor, value, factor.value, self.value);
        product.two(term, value, 1.0, 1.0)
    }

    pub fn sin_cos(self) -> (D, D) {
        let (sin, cos) = self.value.sin_cos();
        (self.one(sin, cos), self.one(cos, -sin))
    }

    pub fn log(self, base: D) -> D {
        let mut result = self.ln() / base.ln();
        result.value = self.value.log(base.value);
        result
    }

    pub fn max(self, other: D) -> D {
        self.chosen(other, self.value.max(other.value), self.value > other.value || other.value.is_nan())
    }

    pub fn min(self, other: D) -> D {
        self.chosen(other, self.value.min(other.value), self.value < other.value || other.value.is_nan())
    }

    fn chosen(self, other: D, value: f64, mine: bool) -> D {
        kink(self.value == other.value && (self.is_active() || other.is_active()));
        D { value, ..if mine { self } else { other } }
    }

    pub fn clamp(self, low: D, high: D) -> D {
        let (a, b, c) = (self.value, low.value, high.value);
        kink(a == b || a == c);
        let value = a.clamp(b, c);
        let from = if a < b {
            low
        } else if a > c {
            high
        } else {
            self
        };
        D { value, ..from }
    }

    pub fn copysign(self, other: D) -> D {
        let (a, b) = (self.value, other.value);
        let partial = if a == 0.0 { 0.0 } else { a.signum() * 1.0_f64.copysign(b) };
        self.one(a.copysign(b), partial)
    }

    pub fn rem_euclid(self, other: D) -> D {
        let y = self.value.rem_euclid(other.value);
        kink(y == 0.0);
        let times = ((self.value - y) / other.value).round();
        self.two(other, y, 1.0, -times)
    }

    pub fn div_euclid(self, other: D) -> D {
        d(self.value.div_euclid(other.value))
    }

    pub fn total_cmp(&self, other: &D) -> std::cmp::Ordering {
        self.value.total_cmp(&other.value)
    }

    pub fn relu(self) -> D {
        let a = self.value;
        if a > 0.0 { self } else { D { value: 0.0, ..self.one(0.0, 0.0) } }
    }

    pub fn leaky_relu(self, slope: D) -> D {
        if self.value > 0.0 { self } else { slope * self }
    }

    pub fn sigmoid(self) -> D {
        let y = logistic(self.value);
        self.one(y, y * logistic(-self.value))
    }

    pub fn softplus(self) -> D {
        let a = self.value;
        self.one(a.max(0.0) + (-a.abs()).exp().ln_1p(), logistic(a))
    }

    pub fn silu(self) -> D {
        let a = self.value;
        let s = logistic(a);
        self.one(a * s, s + a * s * logistic(-a))
    }
}

/// 1/(1 + e⁻ᵃ), rounded as the plain function is: an oracle that disagrees says where that has changed.
fn logistic(a: f64) -> f64 {
    let e = (-a.abs()).exp();
    let rest = e / (1.0 + e);
    if a >= 0.0 { 1.0 - rest } else { rest }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn slope(f: impl Fn(D) -> D, at: f64) -> f64 {
        f(D::input(at, 3)).tangent[3]
    }

    #[test]
    fn partials_are_slopes() {
        let functions: [fn(D) -> D; 18] = [
            D::sin,
            D::cos,
            D::tan,
            D::asin,
            D::acos,
            D::atan,
            D::sinh,
            D::cosh,
            D::tanh,
            D::exp,
            D::exp2,
            D::ln,
            D::sqrt,
            D::cbrt,
            D::recip,
            D::sigmoid,
            D::softplus,
            D::silu,
        ];
        for (index, f) in functions.into_iter().enumerate() {
            let step = 1e-6;
            let quotient = (f(d(0.4 + step)).value - f(d(0.4 - step)).value) / (2.0 * step);
            assert!((slope(f, 0.4) - quotient).abs() < 1e-7, "function {index}");
        }
    }

    #[test]
    fn no_path_no_nan() {
        let (x, y) = (D::input(3.0, 0), D::input(1.0, 1));
        let singular = x / (y - y);
        assert!(singular.tangent[0].is_infinite());
        let root = (x - x).sqrt();
        assert_eq!(root.tangent[1], 0.0);
    }

    #[test]
    fn ties_are_reported() {
        reset();
        let _ = D::input(1.0, 0).max(d(1.0));
        assert!(extremes().0);
    }
}
