//! Functions that take functions: closures that capture active values, differentiable functions by name, each against finite
//! differences and closed forms; and their own companions, which take functions of values.

#![allow(clippy::all, clippy::pedantic, reason = "users write what clippy would reword")]

use gradus::check::assert_gradient;
use gradus::{Backend, Value, differentiable};

/// The trapezoidal rule.
#[differentiable]
fn integrate(f: impl Fn(f64) -> f64, a: f64, b: f64, #[constant] n: usize) -> f64 {
    let h = (b - a) / n as f64;
    let mut sum = 0.5 * (f(a) + f(b));
    for i in 1..n {
        sum += f(a + i as f64 * h);
    }
    sum * h
}

#[differentiable]
fn twice<F: Fn(f64) -> f64>(f: F, x: f64) -> f64 {
    f(f(x))
}

/// By reference, which is handed on.
#[differentiable]
fn in_halves<F>(f: &F, a: f64, b: f64) -> f64
where
    F: Fn(f64) -> f64,
{
    let middle = 0.5 * (a + b);
    integrate(f, a, middle, 4) + integrate(f, middle, b, 4)
}

/// No number of its own.
#[differentiable]
fn at_one(f: impl Fn(f64) -> f64) -> f64 {
    f(1.0)
}

/// A step of Euler's method for a system.
#[differentiable]
fn euler(rate: impl Fn(f64, &[f64]) -> Vec<f64>, y: &[f64], dt: f64) -> Vec<f64> {
    let slope = rate(0.5, y);
    y.iter().zip(&slope).map(|(y, slope)| y + dt * slope).collect()
}

#[differentiable]
fn dense<const N: usize>(activation: impl Fn(f64) -> f64, xs: [f64; N]) -> [f64; N] {
    xs.map(|x| activation(x))
}

#[differentiable]
fn square(x: f64) -> f64 {
    x * x
}

#[differentiable]
fn bell(k: f64) -> f64 {
    integrate(|t| (-k * t * t).exp(), 0.0, 1.0, 64)
}

#[differentiable]
fn by_name(k: f64) -> f64 {
    twice(square, k) + twice(f64::sin, k) + integrate(square, 0.0, k, 8)
}

#[differentiable]
fn branching(k: f64) -> f64 {
    let line = |t: f64| k * t;
    let kinked = twice(|t| if t > 0.0 { t * 2.0 } else { 1.0 }, k);
    kinked + in_halves(&line, 0.0, k) + twice(line, 3.0) + at_one(|t| t + k * k)
}

#[differentiable]
fn system(y: &[f64], frequency: f64) -> f64 {
    let next = euler(|t, y| vec![y[1] + t, -frequency * y[0]], y, 0.1);
    next[0] * next[1]
}

#[differentiable]
fn layers(xs: [f64; 2], slope: f64) -> f64 {
    let hidden = dense(|x| if x > 0.0 { x } else { slope * x }, xs);
    let out = dense(f64::tanh, hidden);
    out[0] * out[1]
}

#[test]
fn gradients_agree_with_differences() {
    for checked in [
        assert_gradient!(bell, 1.3),
        assert_gradient!(by_name, 0.7),
        assert_gradient!(branching, 0.7),
        assert_gradient!(system, &[1.0, 2.0], 0.3),
        assert_gradient!(layers, [0.4, -0.3], 0.1),
    ] {
        assert!(checked.kinks.is_empty(), "{checked}");
    }
}

#[test]
fn closed_forms() {
    // x ↦ x⁴ + sin sin x + a trapezoidal rule of x², which is exact but for h² x / 6.
    let (value, derivative) = by_name_grad(0.5);
    let exact = 0.5_f64.powi(4) + 0.5_f64.sin().sin() + 0.125 / 3.0 * (1.0 + 0.5 / 64.0);
    assert!((value - exact).abs() < 1e-12);
    let slope = 4.0 * 0.125 + 0.5_f64.sin().cos() * 0.5_f64.cos() + 0.25 * (1.0 + 0.5 / 64.0);
    assert!((derivative - slope).abs() < 1e-12);
    assert_eq!(system_grad(&[1.0, 2.0], 0.3).0, system(&[1.0, 2.0], 0.3));
}

#[test]
fn own_companions_take_functions_of_values() {
    assert_eq!(twice_grad(|t: Value<'_>| t * t, 2.0), (16.0, 32.0));
    assert_eq!(twice_grad(square::on_values, 2.0), (16.0, 32.0));
    let mut gradient = 1.0;
    assert_eq!(twice_grad_add(|t| 3.0 * t, 2.0, &mut gradient), 18.0);
    assert_eq!(gradient, 10.0);
    assert_eq!(twice_graph(|t| t * t, 2.0).value(), 16.0);
    assert_eq!(integrate_grad(|t| t + 1.0, 0.0, 2.0, 2), (4.0, (-1.0, 3.0)));
    assert_eq!(dense_jacobian(|x| x * x, [1.0, 3.0]), ([1.0, 9.0], vec![[2.0, 0.0], [0.0, 6.0]]));
    assert_eq!(at_one_grad(|t| t * 2.0), (2.0, ()));
}

#[test]
fn the_reason_names_the_function() {
    let Backend::Graph { construct, .. } = bell::BACKEND else { panic!("compiled") };
    assert_eq!(construct, "a function as an argument of `integrate`");
    let Backend::Graph { construct, .. } = integrate::BACKEND else { panic!("compiled") };
    assert_eq!(construct, "`f`, a parameter that is a function");
}
