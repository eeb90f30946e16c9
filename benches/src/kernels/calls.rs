//! Calls of another differentiable function in a loop; the callee has a loop of its own.

use super::Kernel;
use crate::data::uniform;
use crate::session::Session;
use crate::variant::{Variant, on_graph};
use gradus::{Graph, differentiable};
use reverse::Var;
use std::hint::black_box;

pub const KERNEL: Kernel = Kernel { name: "calls in a loop 1000×8", sizes: &[1_000], run };

/// The number of weights.
const DEPTH: usize = 8;

#[differentiable]
fn nested(x: f64, weights: &[f64]) -> f64 {
    let mut y = 0.0;
    for w in weights {
        y = (y * x + w).sin();
    }
    y
}

#[differentiable]
fn energy(xs: &[f64], weights: &[f64]) -> f64 {
    let mut sum = 0.0;
    for &x in xs {
        let y = nested(x, weights);
        sum += y * y;
    }
    sum
}

/// Differentiates each call right after it: a few numbers are stored, and used again by the next call.
fn by_hand(
    xs: &[f64],
    weights: &[f64],
    (by_x, by_weight): &mut (Vec<f64>, Vec<f64>),
    stored: &mut Vec<(f64, f64)>,
) -> f64 {
    by_weight.fill(0.0);
    stored.resize(weights.len(), (0.0, 0.0));
    let mut sum = 0.0;
    for (&x, by_x) in xs.iter().zip(by_x) {
        let mut y = 0.0;
        for (w, stored) in weights.iter().zip(stored.iter_mut()) {
            let (sin, cos) = (y * x + w).sin_cos();
            *stored = (y, cos);
            y = sin;
        }
        sum += y * y;
        let mut by_y = 2.0 * y;
        *by_x = 0.0;
        for (by_weight, (y, cos)) in by_weight.iter_mut().zip(&*stored).rev() {
            let by_sum = by_y * cos;
            *by_weight += by_sum;
            *by_x += by_sum * y;
            by_y = by_sum * x;
        }
    }
    sum
}

fn of_numbers<'t>(xs: &[Var<'t>], weights: &[Var<'t>]) -> Var<'t> {
    let mut sum = xs[0].tape.add_var(0.0);
    for &x in xs {
        let mut y = x.tape.add_var(0.0);
        for &w in weights {
            y = (y * x + w).sin();
        }
        sum = sum + y * y;
    }
    sum
}

fn run(n: usize, session: &mut Session) {
    let inputs = uniform(n + DEPTH, 10, -1.0..1.0);
    let (xs, weights) = inputs.split_at(n);
    let graph = Graph::new();
    let values = on_graph(&graph, &inputs);
    let mut stored = Vec::new();
    let zeros = || (vec![0.0; n], vec![0.0; DEPTH]);
    let variants = vec![
        Variant::hand(zeros(), |g| by_hand(black_box(xs), black_box(weights), g, &mut stored)),
        Variant::grad_add(energy::BACKEND, zeros(), |(by_x, by_weight)| {
            energy_grad_add(black_box(xs), black_box(weights), by_x, by_weight)
        }),
        Variant::grad(|| energy_grad(black_box(xs), black_box(weights))),
        Variant::graph(&graph, &values, |v| energy::on_values(&v[..n], &v[n..])),
        Variant::reverse(&inputs, |v| of_numbers(&v[..n], &v[n..])),
    ];
    session.measure(Some(n), variants);
}
