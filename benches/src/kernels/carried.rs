//! One carried number, each step made of expensive operations: Euler's method for `x' = p sin x e^(−x²)/√(1 + x²)`.

use super::Kernel;
use crate::peers::Number;
use crate::session::Session;
use crate::variant::{Variant, on_graph};
use gradus::{Graph, differentiable};
use std::hint::black_box;

pub const KERNEL: Kernel = Kernel { name: "carried scalar, 1e4 steps", sizes: &[10_000], run };

/// The length of a step.
const H: f64 = 1e-3;

#[differentiable]
fn flow(start: f64, p: f64, steps: usize) -> f64 {
    let mut x = start;
    for _ in 0..steps {
        let d = x.sin() * (-x * x).exp() / (1.0 + x * x).sqrt();
        x += H * p * d;
    }
    x
}

/// Stores of each step what the sweep back multiplies by, the derivative of the step for x, and that for p.
fn by_hand(start: f64, p: f64, steps: usize, gradient: &mut [f64; 2], stored: &mut Vec<[f64; 2]>) -> f64 {
    stored.clear();
    stored.reserve(steps);
    let hp = H * p;
    let mut x = start;
    for _ in 0..steps {
        let (sin, cos) = x.sin_cos();
        let square = x * x;
        let inverse = 1.0 / (1.0 + square);
        let decay = (-square).exp() * inverse.sqrt();
        let d = sin * decay;
        // d ln d/dx = cot x − 2x − x/(1 + x²), times d.
        let slope = cos * decay - d * x * (2.0 + inverse);
        stored.push([1.0 + hp * slope, H * d]);
        x += hp * d;
    }
    let (mut by_x, mut by_p) = (1.0, 0.0);
    for [step_by_x, step_by_p] in stored.iter().rev() {
        by_p += by_x * step_by_p;
        by_x *= step_by_x;
    }
    *gradient = [by_x, by_p];
    x
}

fn of_numbers<T: Number>(start: T, p: T, steps: usize) -> T {
    let mut x = start;
    for _ in 0..steps {
        let d = x.sin() * (-x * x).exp() / (x * x + 1.0).sqrt();
        x = x + p * H * d;
    }
    x
}

fn run(steps: usize, session: &mut Session) {
    let at = [0.4, 1.5];
    let [start, p] = at;
    let graph = Graph::new();
    let values = on_graph(&graph, &at);
    let mut stored = Vec::new();
    let variants = vec![
        Variant::hand([0.0; 2], |g| by_hand(black_box(start), black_box(p), steps, g, &mut stored)),
        Variant::grad_add(flow::BACKEND, [0.0; 2], |[by_start, by_p]| {
            flow_grad_add(black_box(start), black_box(p), steps, by_start, by_p)
        }),
        Variant::grad(|| flow_grad(black_box(start), black_box(p), steps)),
        Variant::graph(&graph, &values, |v| flow::on_values(v[0], v[1], steps)),
        Variant::reverse(&at, |v| of_numbers(v[0], v[1], steps)),
        Variant::num_dual(at, |v| of_numbers(v[0], v[1], steps)),
    ];
    session.measure(Some(steps), variants);
}
