//! Complex numbers as a type of the user's.

use gradus::{Differentiable, differentiable};
use std::ops::{Add, AddAssign, Div, Mul, Neg, Sub};

#[derive(Clone, Copy, Debug, Default, PartialEq, Differentiable)]
struct Complex {
    re: f64,
    im: f64,
}

const fn c(re: f64, im: f64) -> Complex {
    Complex { re, im }
}

#[differentiable]
impl Add for Complex {
    type Output = Complex;
    fn add(self, o: Complex) -> Complex {
        Complex { re: self.re + o.re, im: self.im + o.im }
    }
}

#[differentiable]
impl Add<f64> for Complex {
    type Output = Complex;
    fn add(self, o: f64) -> Complex {
        Complex { re: self.re + o, im: self.im }
    }
}

#[differentiable]
impl Sub for Complex {
    type Output = Complex;
    fn sub(self, o: Complex) -> Complex {
        Complex { re: self.re - o.re, im: self.im - o.im }
    }
}

#[differentiable]
impl Mul for Complex {
    type Output = Complex;
    fn mul(self, o: Complex) -> Complex {
        Complex { re: self.re * o.re - self.im * o.im, im: self.re * o.im + self.im * o.re }
    }
}

#[differentiable]
impl Mul<f64> for Complex {
    type Output = Complex;
    fn mul(self, k: f64) -> Complex {
        Complex { re: self.re * k, im: self.im * k }
    }
}

#[differentiable]
impl Div for Complex {
    type Output = Complex;
    fn div(self, o: Complex) -> Complex {
        let d = o.norm_sqr();
        Complex { re: (self.re * o.re + self.im * o.im) / d, im: (self.im * o.re - self.re * o.im) / d }
    }
}

#[differentiable]
impl Neg for Complex {
    type Output = Complex;
    fn neg(self) -> Complex {
        Complex { re: -self.re, im: -self.im }
    }
}

#[differentiable]
impl AddAssign for Complex {
    fn add_assign(&mut self, o: Complex) {
        self.re += o.re;
        self.im += o.im;
    }
}

#[differentiable]
impl Complex {
    const ONE: Complex = Complex { re: 1.0, im: 0.0 };

    fn norm_sqr(&self) -> f64 {
        self.re * self.re + self.im * self.im
    }

    fn arg(self) -> f64 {
        self.im.atan2(self.re)
    }

    fn exp(self) -> Complex {
        let r = self.re.exp();
        Complex { re: r * self.im.cos(), im: r * self.im.sin() }
    }
}

case! {
    Complex::EXP_BACKEND => Compiled;
    Complex::exp, Complex::exp_vjp, Complex::exp_jacobian, Complex::exp_graph;
    with exp |z: Complex| (z);
    at c(0.3, -1.2), c(0.0, 2.0);
}

#[differentiable]
fn quotient(a: Complex, b: Complex) -> f64 {
    let q = a / b - a * b;
    q.norm_sqr() + q.arg()
}

case! {
    quotient::BACKEND => Compiled;
    quotient, quotient_grad, quotient_graph;
    with quotients |a: Complex, b: Complex| (a, b);
    at (c(0.3, -1.2), c(2.0, 0.7));
}

/// Horner's rule.
#[differentiable]
fn polynomial(coefficients: &[Complex], z: Complex) -> Complex {
    let mut value = Complex { re: 0.0, im: 0.0 };
    for &a in coefficients.iter().rev() {
        value = value * z + a;
    }
    value / (z + Complex::ONE)
}

case! {
    polynomial::BACKEND => Compiled;
    polynomial, polynomial_vjp, polynomial_jacobian, polynomial_graph;
    with horner |coefficients: Vec<Complex>, z: Complex| (&coefficients, z);
    at (vec![c(1.0, 0.5), c(-0.3, 0.2), c(0.7, 1.0)], c(0.4, 0.9));
}

/// The power of a discrete Fourier transform at one frequency.
#[differentiable]
fn spectrum(signal: &[f64], #[constant] k: usize) -> f64 {
    let n = signal.len() as f64;
    let mut sum = Complex::default();
    for (t, &x) in signal.iter().enumerate() {
        let angle = -2.0 * std::f64::consts::PI * (k * t) as f64 / n;
        sum += Complex { re: angle.cos(), im: angle.sin() } * x;
    }
    sum.norm_sqr()
}

case! {
    spectrum::BACKEND => Compiled;
    spectrum, spectrum_grad, spectrum_graph;
    with fourier |signal: Vec<f64>| (&signal, 2);
    at vec![1.0, -0.5, 0.25, 2.0, 0.3];
}

/// Steps until an orbit leaves, and how far out it is then: a `while` over a struct.
#[differentiable]
fn escape(z0: Complex, shift: Complex) -> f64 {
    let mut z = z0;
    let mut steps = 0;
    while z.norm_sqr() < 4.0 && steps < 20 {
        z = z * z + shift;
        steps += 1;
    }
    steps as f64 - z.norm_sqr().ln().ln()
}

case! {
    escape::BACKEND => Compiled;
    escape, escape_grad, escape_graph;
    with escaping |z0: Complex, shift: Complex| (z0, shift);
    at (c(0.1, 0.2), c(0.6, 0.9));
}
