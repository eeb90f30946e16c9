//! Functions generic over `num_traits::Float`, on `f64`s and on values.
#![cfg(feature = "num-traits")]

use gradus::Graph;
use num_traits::{Float, FloatConst, FromPrimitive, Signed};

/// The derivative of `f` at `x` and its value, by a graph.
fn derivative(f: impl for<'g> Fn(gradus::Value<'g>) -> gradus::Value<'g>, x: f64) -> (f64, f64) {
    let graph = Graph::new();
    let x = graph.value(x);
    let y = f(x);
    y.backward();
    (y.data(), x.grad())
}

/// Asserts value to the last bit and the derivative against central differences.
macro_rules! assert_generic {
    ($f:ident, $x:expr) => {
        let (value, slope) = derivative(|x| $f(x), $x);
        assert_eq!(value.to_bits(), $f($x).to_bits(), "{} at {}", stringify!($f), $x);
        let step = 1e-5;
        let differences = ($f($x + step) - $f($x - step)) / (2.0 * step);
        assert!(
            (slope - differences).abs() < 1e-7 * (1.0 + slope.abs()),
            "{slope}, differences say {differences}"
        );
    };
}

fn smooth<T: Float + FloatConst>(x: T) -> T {
    let two = T::from(2.0).unwrap();
    let (sine, cosine) = (T::PI() * x).sin_cos();
    let y = sine * x.exp() + cosine.powi(3) / (T::one() + x * x).sqrt();
    let z = x.mul_add(two, y).hypot(T::one()).ln() + x.tanh().powf(two) - x.atan2(two) + (x / two).asinh();
    (z + x.exp_m1() * x.ln_1p()).cbrt() + x.log(two) + x.recip() + x.to_degrees() % two
}

fn in_pieces<T: Float + Signed + FromPrimitive>(x: T) -> T {
    let mut total = T::zero();
    for k in 1..5 {
        let k = T::from_i32(k).unwrap();
        let away = Float::abs(x - k);
        total =
            total + if away < T::one() { away * away } else { away.max(k).min(T::from_f64(2.5).unwrap()) };
        total = total + x.abs_sub(k) * Signed::signum(&k) + x.fract() * x.floor() + Float::clamp(x, k, k + k);
    }
    total.copysign(-T::one())
}

#[test]
fn values_and_derivatives_are_those_of_the_function() {
    for x in [0.3, 0.7, 1.9] {
        assert_generic!(smooth, x);
    }
    for x in [0.4, 1.7, 2.3, 3.6] {
        assert_generic!(in_pieces, x);
    }
}

#[test]
fn casts_take_the_number_alone() {
    let (value, slope) =
        derivative(|x| <gradus::Value<'_> as num_traits::NumCast>::from(x).unwrap() * x, 3.0);
    assert_eq!((value, slope), (9.0, 3.0));
    let graph = Graph::new();
    assert_eq!(num_traits::ToPrimitive::to_i64(&graph.value(2.75)), Some(2));
    assert_eq!(Float::integer_decode(graph.value(1.5)), Float::integer_decode(1.5_f64));
}

#[test]
fn a_generic_function_has_a_gradient_in_one_call() {
    fn distance<T: Float>(p: &[T]) -> T {
        p[0].hypot(p[1]) * T::from(2.0).unwrap()
    }
    assert_eq!(gradus::gradient(|p| distance(p), &[3.0, 4.0, 5.0]), (10.0, vec![1.2, 1.6, 0.0]));
    // What depends on no input.
    assert_eq!(gradus::gradient(|_| 7.0.into(), &[3.0, 4.0]), (7.0, vec![0.0, 0.0]));
    assert_eq!(gradus::gradient(|p| p[1], &[3.0, 4.0]), (4.0, vec![0.0, 1.0]));
}
