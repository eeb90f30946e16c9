//! Logistic regression: the loss of 1000 samples of 10 features, differentiated for the 10 weights.

use super::Kernel;
use crate::data::{rows, uniform};
use crate::peers::Number;
use crate::session::Session;
use crate::variant::{Variant, on_graph};
use gradus::{Graph, differentiable};
use std::hint::black_box;

pub const KERNEL: Kernel = Kernel { name: "logistic regression 1000×10", sizes: &[1_000], run };

const FEATURES: usize = 10;

#[differentiable]
fn cross_entropy(weights: &[f64], #[constant] samples: &[[f64; FEATURES]], labels: &[bool]) -> f64 {
    let mut loss = 0.0;
    for (sample, &label) in samples.iter().zip(labels) {
        let score: f64 = sample.iter().zip(weights).map(|(x, w)| x * w).sum();
        let margin = if label { score } else { -score };
        loss += (-margin).exp().ln_1p();
    }
    loss
}

/// One pass: `eᵐ/(1 + eᵐ)` comes from the exponential that the loss needs anyway.
fn by_hand(weights: &[f64], samples: &[[f64; FEATURES]], labels: &[bool], gradient: &mut [f64]) -> f64 {
    let weights: &[f64; FEATURES] = weights.try_into().expect("a weight a feature");
    let mut by_weight = [0.0; FEATURES];
    let mut loss = 0.0;
    for (sample, &label) in samples.iter().zip(labels) {
        let score: f64 = sample.iter().zip(weights).map(|(x, w)| x * w).sum();
        let sign = if label { 1.0 } else { -1.0 };
        let e = (-sign * score).exp();
        loss += e.ln_1p();
        let by_score = -sign * e / (1.0 + e);
        for (by_weight, x) in by_weight.iter_mut().zip(sample) {
            *by_weight += by_score * x;
        }
    }
    gradient.copy_from_slice(&by_weight);
    loss
}

fn of_numbers<T: Number>(weights: &[T], samples: &[[f64; FEATURES]], labels: &[bool]) -> T {
    let mut loss = weights[0].constant(0.0);
    for (sample, &label) in samples.iter().zip(labels) {
        let mut score = weights[0] * sample[0];
        for (&w, &x) in weights.iter().zip(sample).skip(1) {
            score = score + w * x;
        }
        let margin = if label { score } else { -score };
        loss = loss + (-margin).exp().ln_1p();
    }
    loss
}

fn run(n: usize, session: &mut Session) {
    let weights: [f64; FEATURES] = rows(1, 3, -1.0..1.0)[0];
    let samples = rows::<FEATURES>(n, 4, -1.0..1.0);
    let labels: Vec<bool> = uniform(n, 5, 0.0..1.0).iter().map(|u| *u < 0.5).collect();
    let graph = Graph::new();
    let values = on_graph(&graph, &weights);
    let room = || vec![0.0; FEATURES];
    let variants = vec![
        Variant::hand(room(), |g| by_hand(black_box(&weights), &samples, &labels, g)),
        Variant::grad_add(cross_entropy::BACKEND, room(), |g| {
            cross_entropy_grad_add(black_box(&weights), &samples, &labels, g)
        }),
        Variant::grad(|| cross_entropy_grad(black_box(&weights), &samples, &labels)),
        Variant::graph(&graph, &values, |w| cross_entropy::on_values(w, &samples, &labels)),
        Variant::reverse(&weights, |w| of_numbers(w, &samples, &labels)),
        Variant::num_dual(weights, |w| of_numbers(w, &samples, &labels)),
    ];
    session.measure(Some(n), variants);
}
