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
    /// The derivative in the direction of [`speed`], and its derivatives with respect to the inputs.
    pub(crate) along: f64,
    pub(crate) bent: [f64; WIDTH],
    pub(crate) paths: u32,
}

/// A number without derivatives.
pub const fn d(value: f64) -> D {
    D { value, tangent: [0.0; WIDTH], along: 0.0, bent: [0.0; WIDTH], paths: 0 }
}

/// The partials of an operation with one operand.
#[derive(Clone, Copy)]
pub(crate) struct One {
    pub first: f64,
    pub second: f64,
}

/// The partials of an operation with two operands `a` and `b`.
#[derive(Clone, Copy)]
pub(crate) struct Two {
    pub first: [f64; 2],
    /// By `a` twice, by both, by `b` twice.
    pub second: [f64; 3],
}

/// A product.
pub(crate) fn product(a: f64, b: f64) -> Two {
    Two { first: [b, a], second: [0.0, 1.0, 0.0] }
}

/// An operation that is linear in both.
pub(crate) fn linear(a: f64, b: f64) -> Two {
    Two { first: [a, b], second: [0.0; 3] }
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
    static LARGEST_BENT: Cell<f64> = const { Cell::new(0.0) };
}

/// Begins a program.
pub fn reset() {
    KINK.set(false);
    LARGEST.set(0.0);
    LARGEST_BENT.set(0.0);
}

/// Whether a derivative did not exist since [`reset`], and the largest finite partial or tangent.
pub fn extremes() -> (bool, f64) {
    (KINK.get(), LARGEST.get())
}

/// The largest finite second partial or second derivative since [`reset`].
pub fn largest_bent() -> f64 {
    LARGEST_BENT.get()
}

/// How fast the input with this index changes in the direction of second derivatives. The machine writes the same.
pub fn speed(index: usize) -> f64 {
    let size = 0.25 + ((index * 7 + 3) % 11) as f64 / 8.0;
    if index % 3 == 1 { -size } else { size }
}

fn kink(here: bool) {
    if here {
        KINK.set(true);
    }
}

fn noticed(number: f64) -> f64 {
    largest_of(&LARGEST, number)
}

fn noticed_bent(number: f64) -> f64 {
    largest_of(&LARGEST_BENT, number)
}

fn largest_of(largest: &'static std::thread::LocalKey<Cell<f64>>, number: f64) -> f64 {
    let size = number.abs();
    if size.is_finite() && size > largest.get() {
        largest.set(size);
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
        input.along = speed(index);
        input.paths = 1 << index;
        input
    }

    /// The value alone: where a cast or a pattern needs an `f64`.
    pub fn plain(self) -> f64 {
        self.value
    }

    pub(crate) fn one(self, value: f64, partials: One) -> D {
        let One { first, second } = partials;
        let mut result = d(value);
        result.paths = self.paths;
        noticed(first);
        noticed_bent(second);
        result.along = noticed(self.along * first);
        for index in bits(self.paths) {
            result.tangent[index] = noticed(self.tangent[index] * first);
            let bent = self.bent[index] * first + times(second, self.along * self.tangent[index]);
            result.bent[index] = noticed_bent(bent);
        }
        result
    }

    pub(crate) fn two(self, other: D, value: f64, partials: Two) -> D {
        let [first, of_other] = partials.first;
        let [own, both, others] = partials.second;
        let mut result = self.one(value, One { first, second: own });
        result.paths |= other.paths;
        if other.paths == 0 {
            return result;
        }
        noticed(of_other);
        noticed_bent(both);
        noticed_bent(others);
        result.along = noticed(result.along + other.along * of_other);
        for index in bits(other.paths) {
            result.tangent[index] = noticed(result.tangent[index] + other.tangent[index] * of_other);
            let bent = other.bent[index] * of_other + times(others, other.along * other.tangent[index]);
            result.bent[index] = noticed_bent(result.bent[index] + bent);
        }
        for index in bits(result.paths) {
            let crossed = self.along * other.tangent[index] + other.along * self.tangent[index];
            result.bent[index] = noticed_bent(result.bent[index] + times(both, crossed));
        }
        result
    }

    fn is_active(self) -> bool {
        self.paths != 0
    }
}

/// A product in which a partial that is 0 has no part.
fn times(partial: f64, number: f64) -> f64 {
    if partial == 0.0 { 0.0 } else { partial * number }
}

fn bits(paths: u32) -> impl Iterator<Item = usize> {
    (0..WIDTH).filter(move |index| paths >> index & 1 == 1)
}

macro_rules! smooth {
    ($($name:ident |$a:ident, $y:ident| $first:expr, $second:expr;)*) => { impl D { $(
        pub fn $name(self) -> D {
            let $a = self.value;
            let $y = $a.$name();
            let _ = ($a, $y);
            self.one($y, One { first: $first, second: $second })
        }
    )* } };
}
smooth! {
    sin |a, y| a.cos(), -y;
    cos |a, y| -a.sin(), -y;
    tan |a, y| 1.0 / (a.cos() * a.cos()), 2.0 * y / (a.cos() * a.cos());
    asin |a, y| 1.0 / (1.0 - a * a).sqrt(), a / (1.0 - a * a).sqrt().powi(3);
    acos |a, y| -1.0 / (1.0 - a * a).sqrt(), -a / (1.0 - a * a).sqrt().powi(3);
    atan |a, y| 1.0 / (1.0 + a * a), -2.0 * a / ((1.0 + a * a) * (1.0 + a * a));
    sinh |a, y| a.cosh(), y;
    cosh |a, y| a.sinh(), y;
    tanh |a, y| 1.0 / (a.cosh() * a.cosh()), -2.0 * y / (a.cosh() * a.cosh());
    asinh |a, y| 1.0 / (a * a + 1.0).sqrt(), -a / (a * a + 1.0).sqrt().powi(3);
    acosh |a, y| 1.0 / (a * a - 1.0).sqrt(), -a / (a * a - 1.0).sqrt().powi(3);
    atanh |a, y| 1.0 / (1.0 - a * a), 2.0 * a / ((1.0 - a * a) * (1.0 - a * a));
    exp |a, y| y, y;
    exp2 |a, y| y * 2.0_f64.ln(), y * 2.0_f64.ln() * 2.0_f64.ln();
    exp_m1 |a, y| a.exp(), a.exp();
    ln |a, y| 1.0 / a, -1.0 / (a * a);
    ln_1p |a, y| 1.0 / (1.0 + a), -1.0 / ((1.0 + a) * (1.0 + a));
    log2 |a, y| 1.0 / (a * 2.0_f64.ln()), -1.0 / (a * a * 2.0_f64.ln());
    log10 |a, y| 1.0 / (a * 10.0_f64.ln()), -1.0 / (a * a * 10.0_f64.ln());
    sqrt |a, y| 0.5 / y, -0.25 / (y * y * y);
    cbrt |a, y| 1.0 / (3.0 * y * y), -2.0 / (9.0 * y.powi(5));
    recip |a, y| -1.0 / (a * a), 2.0 / (a * a * a);
    to_degrees |a, y| 180.0 / std::f64::consts::PI, 0.0;
    to_radians |a, y| std::f64::consts::PI / 180.0, 0.0;
    fract |a, y| { kink(y == 0.0); 1.0 }, 0.0;
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
        self.one(a.abs(), One { first: if a == 0.0 { 0.0 } else { a.signum() }, second: 0.0 })
    }

    pub fn powi(self, n: i32) -> D {
        let a = self.value;
        let first = if n == 0 { 0.0 } else { f64::from(n) * a.powi(n - 1) };
        let second = if matches!(n, 0 | 1) { 0.0 } else { f64::from(n) * f64::from(n - 1) * a.powi(n - 2) };
        self.one(a.powi(n), One { first, second })
    }

    pub fn powf(self, exponent: D) -> D {
        let (a, b) = (self.value, exponent.value);
        let y = a.powf(b);
        kink(a <= 0.0);
        let first = if b == 0.0 { 0.0 } else { b * a.powf(b - 1.0) };
        let own = if b == 0.0 || b == 1.0 { 0.0 } else { b * (b - 1.0) * a.powf(b - 2.0) };
        let both = a.powf(b - 1.0) * (1.0 + b * a.ln());
        self.two(exponent, y, Two { first: [first, y * a.ln()], second: [own, both, y * a.ln() * a.ln()] })
    }

    pub fn hypot(self, other: D) -> D {
        let (a, b) = (self.value, other.value);
        let y = a.hypot(b);
        if y == 0.0 {
            return self.two(other, y, linear(0.0, 0.0));
        }
        let cube = y * y * y;
        self.two(other, y, Two { first: [a / y, b / y], second: [b * b / cube, -a * b / cube, a * a / cube] })
    }

    pub fn atan2(self, other: D) -> D {
        let (a, b) = (self.value, other.value);
        let squared = a * a + b * b;
        if squared == 0.0 {
            return self.two(other, a.atan2(b), linear(0.0, 0.0));
        }
        let mixed = 2.0 * a * b / (squared * squared);
        let both = (a * a - b * b) / (squared * squared);
        self.two(other, a.atan2(b), Two { first: [b / squared, -a / squared], second: [-mixed, both, mixed] })
    }

    pub fn mul_add(self, factor: D, term: D) -> D {
        let value = self.value.mul_add(factor.value, term.value);
        let product = self.two(factor, value, product(self.value, factor.value));
        product.two(term, value, linear(1.0, 1.0))
    }

    pub fn sin_cos(self) -> (D, D) {
        let (sin, cos) = self.value.sin_cos();
        (self.one(sin, One { first: cos, second: -sin }), self.one(cos, One { first: -sin, second: -cos }))
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
        self.one(a.copysign(b), One { first: partial, second: 0.0 })
    }

    pub fn rem_euclid(self, other: D) -> D {
        let y = self.value.rem_euclid(other.value);
        kink(y == 0.0);
        let times = ((self.value - y) / other.value).round();
        self.two(other, y, linear(1.0, -times))
    }

    pub fn div_euclid(self, other: D) -> D {
        d(self.value.div_euclid(other.value))
    }

    pub fn total_cmp(&self, other: &D) -> std::cmp::Ordering {
        self.value.total_cmp(&other.value)
    }

    pub fn relu(self) -> D {
        let a = self.value;
        if a > 0.0 { self } else { self.one(0.0, One { first: 0.0, second: 0.0 }) }
    }

    pub fn leaky_relu(self, slope: D) -> D {
        if self.value > 0.0 { self } else { slope * self }
    }

    pub fn sigmoid(self) -> D {
        let (y, rest) = (logistic(self.value), logistic(-self.value));
        self.one(y, One { first: y * rest, second: y * rest * (rest - y) })
    }

    pub fn softplus(self) -> D {
        let a = self.value;
        let (first, rest) = (logistic(a), logistic(-a));
        self.one(a.max(0.0) + (-a.abs()).exp().ln_1p(), One { first, second: first * rest })
    }

    pub fn silu(self) -> D {
        let a = self.value;
        let (s, rest) = (logistic(a), logistic(-a));
        let slope = s * rest;
        self.one(a * s, One { first: s + a * slope, second: 2.0 * slope + a * slope * (rest - s) })
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
    fn second_partials_are_slopes_of_slopes() {
        let functions: [fn(D, D) -> D; 27] = [
            |a, _| a.sin(),
            |a, _| a.cos(),
            |a, _| a.tan(),
            |a, _| a.asin(),
            |a, _| a.acos(),
            |a, _| a.atan(),
            |a, _| a.sinh(),
            |a, _| a.tanh(),
            |a, _| a.asinh(),
            |a, _| (a + d(1.0)).acosh(),
            |a, _| a.atanh(),
            |a, _| a.exp2(),
            |a, _| a.ln(),
            |a, _| a.ln_1p(),
            |a, _| a.log2(),
            |a, _| a.log10(),
            |a, _| a.sqrt(),
            |a, _| a.cbrt(),
            |a, _| a.recip() * a.powi(3),
            |a, _| a.sigmoid(),
            |a, _| a.softplus(),
            |a, _| a.silu(),
            |a, b| a.powf(b),
            |a, b| a.hypot(b),
            |a, b| a.atan2(b),
            |a, b| a.mul_add(b, a / b),
            |a, b| a.log(b),
        ];
        let step = 1e-5;
        for (index, f) in functions.into_iter().enumerate() {
            let at = |by: f64| f(D::input(0.4 + by * speed(0), 0), D::input(0.7 + by * speed(1), 1));
            let (here, above, below) = (at(0.0), at(step), at(-step));
            for input in [0, 1] {
                let quotient = (above.tangent[input] - below.tangent[input]) / (2.0 * step);
                assert!((here.bent[input] - quotient).abs() < 1e-6, "function {index} by {input}");
            }
            let along = here.tangent[0] * speed(0) + here.tangent[1] * speed(1);
            assert!((here.along - along).abs() < 1e-12, "function {index}");
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
