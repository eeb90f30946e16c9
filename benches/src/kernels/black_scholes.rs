//! The price of a European call option by Black and Scholes: calls and branches. The normal distribution is Abramowitz and
//! Stegun's approximation 26.2.17.

use super::Kernel;
use crate::peers::Number;
use crate::session::Session;
use crate::variant::{Variant, on_graph};
use gradus::{Graph, differentiable};
use std::hint::black_box;

pub const KERNEL: Kernel = Kernel { name: "Black–Scholes", sizes: &[5], run };

/// The cumulative normal distribution.
#[differentiable]
fn cnd(d: f64) -> f64 {
    let k = 1.0 / (1.0 + 0.2316419 * d.abs());
    let polynomial =
        k * (0.31938153 + k * (-0.356563782 + k * (1.781477937 + k * (-1.821255978 + k * 1.330274429))));
    let tail = 0.3989422804 * (-0.5 * d * d).exp() * polynomial;
    if d < 0.0 { tail } else { 1.0 - tail }
}

#[differentiable]
fn call_price(spot: f64, strike: f64, rate: f64, volatility: f64, years: f64) -> f64 {
    let deviation = volatility * years.sqrt();
    let d1 = ((spot / strike).ln() + (rate + 0.5 * volatility * volatility) * years) / deviation;
    let d2 = d1 - deviation;
    spot * cnd(d1) - strike * (-rate * years).exp() * cnd(d2)
}

/// The distribution and its derivative, that of the approximation.
fn cnd_by_hand(d: f64) -> (f64, f64) {
    const A: [f64; 5] = [0.31938153, -0.356563782, 1.781477937, -1.821255978, 1.330274429];
    let a = d.abs();
    let k = 1.0 / (1.0 + 0.2316419 * a);
    let polynomial = k * (A[0] + k * (A[1] + k * (A[2] + k * (A[3] + k * A[4]))));
    let slope = A[0] + k * (2.0 * A[1] + k * (3.0 * A[2] + k * (4.0 * A[3] + k * (5.0 * A[4]))));
    let density = 0.3989422804 * (-0.5 * d * d).exp();
    let tail = density * polynomial;
    // The same on both sides: the tail falls with |d|, and turns from `tail` to `1 - tail` where d changes its sign.
    let by_d = density * (a * polynomial + 0.2316419 * k * k * slope);
    (if d < 0.0 { tail } else { 1.0 - tail }, by_d)
}

fn by_hand(s: f64, k: f64, r: f64, v: f64, t: f64, gradient: &mut [f64; 5]) -> f64 {
    let root = t.sqrt();
    let deviation = v * root;
    let per_deviation = 1.0 / deviation;
    let moneyness = s / k;
    let drift = r + 0.5 * v * v;
    let d1 = (moneyness.ln() + drift * t) * per_deviation;
    let d2 = d1 - deviation;
    let ((n1, slope1), (n2, slope2)) = (cnd_by_hand(d1), cnd_by_hand(d2));
    let discount = (-r * t).exp();
    let discounted = k * discount;

    let by_d2 = -discounted * slope2;
    let by_d1 = s * slope1 + by_d2;
    let by_top = by_d1 * per_deviation;
    let by_deviation = -by_d2 - by_top * d1;
    let by_exponent = discounted * n2;
    *gradient = [
        n1 + by_top / s,
        -discount * n2 - by_top / k,
        by_top * t + by_exponent * t,
        by_top * v * t + by_deviation * root,
        by_top * drift + by_deviation * 0.5 * v / root + by_exponent * r,
    ];
    s * n1 - discounted * n2
}

fn cnd_of_number<T: Number>(d: T) -> T {
    let k = (d.abs() * 0.2316419 + 1.0).recip();
    let polynomial =
        k * (k * (k * (k * (k * 1.330274429 + -1.821255978) + 1.781477937) + -0.356563782) + 0.31938153);
    let tail = (d * d * -0.5).exp() * polynomial * 0.3989422804;
    if d.value() < 0.0 { tail } else { tail.taken_from(1.0) }
}

fn of_numbers<T: Number>(&[spot, strike, rate, volatility, years]: &[T; 5]) -> T {
    let deviation = volatility * years.sqrt();
    let d1 = ((spot / strike).ln() + (rate + volatility * volatility * 0.5) * years) / deviation;
    let d2 = d1 - deviation;
    spot * cnd_of_number(d1) - strike * (-rate * years).exp() * cnd_of_number(d2)
}

fn run(_: usize, session: &mut Session) {
    let at = [100.0, 110.0, 0.05, 0.2, 0.75];
    let graph = Graph::new();
    let values = on_graph(&graph, &at);
    let variants = vec![
        Variant::hand([0.0; 5], |g| {
            let [s, k, r, v, t] = black_box(at);
            by_hand(s, k, r, v, t, g)
        }),
        Variant::grad_add(call_price::BACKEND, [0.0; 5], |[ds, dk, dr, dv, dt]| {
            let [s, k, r, v, t] = black_box(at);
            call_price_grad_add(s, k, r, v, t, ds, dk, dr, dv, dt)
        }),
        Variant::grad(|| {
            let [s, k, r, v, t] = black_box(at);
            call_price_grad(s, k, r, v, t)
        }),
        Variant::graph(&graph, &values, |v| call_price::on_values(v[0], v[1], v[2], v[3], v[4])),
        Variant::reverse(&at, |v| of_numbers(v.first_chunk().expect("five inputs"))),
        Variant::num_dual(at, of_numbers),
    ];
    session.measure(None, variants);
}
