//! Methods of structs that numbers have as well: which are meant, the rest of the function shows.

use gradus::{Differentiable, differentiable};

#[derive(Clone, Copy, Debug, PartialEq, Differentiable)]
struct Phasor {
    re: f64,
    im: f64,
}

fn p(re: f64, im: f64) -> Phasor {
    Phasor { re, im }
}

#[differentiable]
impl Phasor {
    fn exp(self) -> Phasor {
        let r = self.re.exp();
        Phasor { re: r * self.im.cos(), im: r * self.im.sin() }
    }
    fn powi(self, n: i32) -> Phasor {
        let mut power = Phasor { re: 1.0, im: 0.0 };
        for _ in 0..n {
            power = Phasor {
                re: power.re * self.re - power.im * self.im,
                im: power.re * self.im + power.im * self.re,
            };
        }
        power
    }
    fn abs(self) -> f64 {
        self.re.hypot(self.im)
    }
}

/// What a call gives shows it.
#[differentiable]
fn growth(z: Phasor) -> f64 {
    let w = z.exp();
    w.re
}

case! {
    growth::BACKEND => Compiled;
    growth, growth_grad, growth_graph;
    with growth_of |z: Phasor| (z);
    at p(0.1, 0.2), p(-0.5, 2.0);
}

/// So does what is done with the number afterwards; `abs` gives a number.
#[differentiable]
fn chained(z: Phasor) -> f64 {
    z.exp().powi(2).abs() + z.abs().sqrt() + z.re.sin()
}

case! {
    chained::BACKEND => Compiled;
    chained, chained_grad, chained_graph;
    with chain |z: Phasor| (z);
    at p(0.1, 0.2), p(-0.5, 2.0);
}

#[differentiable]
fn behind_a_reference(z: &Phasor) -> f64 {
    let w: Phasor = z.exp();
    w.im + z.exp().re + z.abs()
}

case! {
    behind_a_reference::BACKEND => Compiled;
    behind_a_reference, behind_a_reference_grad, behind_a_reference_graph;
    with borrowed |z: Phasor| (&z);
    at p(0.1, 0.2), p(-0.5, 2.0);
}

/// Elements of loops and closures.
#[differentiable]
fn elements(zs: &[Phasor]) -> f64 {
    let mut total = 0.0;
    for z in zs {
        let w = z.powi(3);
        total += w.im * z.abs();
    }
    let real: f64 = zs.iter().map(|z| z.exp().re).sum();
    let weighted = zs.iter().enumerate().fold(0.0, |sum, (i, z)| sum + i as f64 * z.exp().im);
    total + real + weighted
}

case! {
    elements::BACKEND => Compiled;
    elements, elements_grad, elements_graph;
    with elements_of |zs: Vec<Phasor>| (&zs);
    at vec![p(0.1, 0.2), p(0.3, -0.4), p(-0.5, 1.0)];
}

type Real = f64;

/// Another name of `f64` beside a struct stays one, also where elements of both are taken in step.
#[differentiable]
fn beside_an_alias(x: Real, xs: Vec<Real>, z: Phasor) -> Real {
    let y = x.exp();
    let mut total = y.powi(2) + z.re;
    for (a, b) in xs.iter().zip([z, z]) {
        total += a.sin() * b.im;
    }
    total
}

case! {
    beside_an_alias::BACKEND => Compiled;
    beside_an_alias, beside_an_alias_grad, beside_an_alias_graph;
    with aliased |x: f64, xs: Vec<f64>, z: Phasor| (x, xs, z);
    at (0.3, vec![0.1, 0.2], p(0.4, 0.5));
}
