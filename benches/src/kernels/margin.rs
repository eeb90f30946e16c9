//! The max-margin loss of a network of 2, 16 and 1 units over 200 points, its parameters in one slice that is cut by `split_at`.

use super::Kernel;
use crate::data::{rows, uniform};
use crate::peers::Number;
use crate::session::Session;
use crate::variant::{Variant, on_graph};
use gradus::{Graph, differentiable};
use std::hint::black_box;

pub const KERNEL: Kernel = Kernel { name: "max-margin, one slice", sizes: &[200], run };

const UNITS: usize = 16;
const NUMBERS: usize = 4 * UNITS + 1;

#[differentiable]
fn margin(parameters: &[f64], #[constant] points: &[[f64; 2]], #[constant] labels: &[f64]) -> f64 {
    let (inner, rest) = parameters.split_at(2 * UNITS);
    let (offsets, rest) = rest.split_at(UNITS);
    let (outer, offset) = rest.split_at(UNITS);
    let mut loss = 0.0;
    for (point, label) in points.iter().zip(labels) {
        let mut score = offset[0];
        for unit in 0..UNITS {
            let a = inner[2 * unit] * point[0] + inner[2 * unit + 1] * point[1] + offsets[unit];
            score += outer[unit] * a.max(0.0);
        }
        loss += (1.0 - label * score).max(0.0);
    }
    loss / points.len() as f64
}

/// One pass; a point beyond the margin costs nothing.
fn by_hand(parameters: &[f64], points: &[[f64; 2]], labels: &[f64], gradient: &mut [f64]) -> f64 {
    let parameters: &[f64; NUMBERS] = parameters.try_into().expect("the parameters of the network");
    let gradient: &mut [f64; NUMBERS] = gradient.try_into().expect("as many");
    gradient.fill(0.0);
    let share = 1.0 / points.len() as f64;
    let mut loss = 0.0;
    for (point, label) in points.iter().zip(labels) {
        let mut active = [0.0; UNITS];
        let mut score = parameters[4 * UNITS];
        for unit in 0..UNITS {
            let a = parameters[2 * unit] * point[0]
                + parameters[2 * unit + 1] * point[1]
                + parameters[2 * UNITS + unit];
            active[unit] = a.max(0.0);
            score += parameters[3 * UNITS + unit] * active[unit];
        }
        let missing = 1.0 - label * score;
        if missing > 0.0 {
            loss += missing;
            let by_score = -label * share;
            for unit in 0..UNITS {
                gradient[3 * UNITS + unit] += by_score * active[unit];
                let by_a = if active[unit] > 0.0 { by_score * parameters[3 * UNITS + unit] } else { 0.0 };
                gradient[2 * unit] += by_a * point[0];
                gradient[2 * unit + 1] += by_a * point[1];
                gradient[2 * UNITS + unit] += by_a;
            }
            gradient[4 * UNITS] += by_score;
        }
    }
    loss * share
}

fn of_numbers<T: Number>(parameters: &[T], points: &[[f64; 2]], labels: &[f64]) -> T {
    let zero = parameters[0].constant(0.0);
    let relu = |x: T| if x.value() > 0.0 { x } else { zero };
    let mut loss = zero;
    for (point, &label) in points.iter().zip(labels) {
        let mut score = parameters[4 * UNITS];
        for unit in 0..UNITS {
            let a = parameters[2 * unit] * point[0]
                + parameters[2 * unit + 1] * point[1]
                + parameters[2 * UNITS + unit];
            score = score + parameters[3 * UNITS + unit] * relu(a);
        }
        loss = loss + relu((score * label).taken_from(1.0));
    }
    loss / points.len() as f64
}

fn run(n: usize, session: &mut Session) {
    let parameters = uniform(NUMBERS, 10, -1.0..1.0);
    let points = rows::<2>(n, 11, -1.0..1.0);
    let labels: Vec<f64> = points.iter().map(|[x, y]| if x * y > 0.0 { 1.0 } else { -1.0 }).collect();
    let graph = Graph::new();
    let values = on_graph(&graph, &parameters);
    let room = || vec![0.0; NUMBERS];
    let variants = vec![
        Variant::hand(room(), |g| by_hand(black_box(&parameters), &points, &labels, g)),
        Variant::grad_add(margin::BACKEND, room(), |g| {
            margin_grad_add(black_box(&parameters), &points, &labels, g)
        }),
        Variant::grad(|| margin_grad(black_box(&parameters), &points, &labels)),
        Variant::graph(&graph, &values, |p| margin::on_values(p, &points, &labels)),
        Variant::reverse(&parameters, |p| of_numbers(p, &points, &labels)),
    ];
    session.measure(Some(n), variants);
}
