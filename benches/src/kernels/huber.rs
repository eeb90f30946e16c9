//! Huber's loss of a line through 100,000 points: a branch in a reduction.

use super::Kernel;
use crate::data::uniform;
use crate::peers::Number;
use crate::session::Session;
use crate::variant::{Variant, on_graph};
use gradus::{Graph, differentiable};
use std::hint::black_box;

pub const KERNEL: Kernel = Kernel { name: "Huber loss 1e5", sizes: &[100_000], run };

/// Where the parabola becomes a line.
const DELTA: f64 = 1.0;

#[differentiable]
fn huber(slope: f64, offset: f64, #[constant] xs: &[f64], #[constant] ys: &[f64]) -> f64 {
    let mut loss = 0.0;
    for (x, y) in xs.iter().zip(ys) {
        let r = slope * x + offset - y;
        loss += if r.abs() <= DELTA { 0.5 * r * r } else { DELTA * (r.abs() - 0.5 * DELTA) };
    }
    loss
}

/// The derivative of the loss is the residual, clamped.
fn by_hand(slope: f64, offset: f64, xs: &[f64], ys: &[f64], gradient: &mut [f64; 2]) -> f64 {
    let (mut loss, mut by_slope, mut by_offset) = (0.0, 0.0, 0.0);
    for (x, y) in xs.iter().zip(ys) {
        let r = slope * x + offset - y;
        let by_r = r.clamp(-DELTA, DELTA);
        // One formula for both arms: inside `by_r` is r, outside it is ±Δ.
        loss += by_r * (r - 0.5 * by_r);
        by_slope += by_r * x;
        by_offset += by_r;
    }
    *gradient = [by_slope, by_offset];
    loss
}

fn of_numbers<T: Number>(slope: T, offset: T, xs: &[f64], ys: &[f64]) -> T {
    let mut loss = slope.constant(0.0);
    for (&x, &y) in xs.iter().zip(ys) {
        let r = slope * x + offset - y;
        let term = if r.value().abs() <= DELTA { r * r * 0.5 } else { (r.abs() - 0.5 * DELTA) * DELTA };
        loss = loss + term;
    }
    loss
}

fn run(n: usize, session: &mut Session) {
    let at = [0.5, 0.25];
    let [slope, offset] = at;
    let xs = uniform(n, 6, -4.0..4.0);
    let ys = uniform(n, 7, -2.0..2.0);
    let graph = Graph::new();
    let values = on_graph(&graph, &at);
    let variants = vec![
        Variant::hand([0.0; 2], |g| by_hand(black_box(slope), black_box(offset), &xs, &ys, g)),
        Variant::grad_add(huber::BACKEND, [0.0; 2], |[by_slope, by_offset]| {
            huber_grad_add(black_box(slope), black_box(offset), &xs, &ys, by_slope, by_offset)
        }),
        Variant::grad(|| huber_grad(black_box(slope), black_box(offset), &xs, &ys)),
        Variant::graph(&graph, &values, |v| huber::on_values(v[0], v[1], &xs, &ys)),
        Variant::reverse(&at, |v| of_numbers(v[0], v[1], &xs, &ys)),
        Variant::num_dual(at, |v| of_numbers(v[0], v[1], &xs, &ys)),
    ];
    session.measure(Some(n), variants);
}
