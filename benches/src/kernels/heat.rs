//! Heat that spreads along a rod and drifts, in place: each point is overwritten by what its neighbours make of it, the left
//! one already new, the right one still old.

use super::Kernel;
use crate::data::uniform;
use crate::session::Session;
use crate::variant::{Variant, on_graph};
use gradus::{Graph, differentiable};
use reverse::Var;
use std::hint::black_box;

pub const KERNEL: Kernel = Kernel { name: "in-place heat stencil 200×100", sizes: &[POINTS], run };

const POINTS: usize = 200;
const STEPS: usize = 100;

#[differentiable]
fn heat(initial: &[f64], conduction: f64, drift: f64, steps: usize) -> f64 {
    let mut u = initial.to_vec();
    for _ in 0..steps {
        for i in 1..u.len() - 1 {
            let curvature = u[i + 1] - 2.0 * u[i] + u[i - 1];
            let slope = u[i + 1] - u[i - 1];
            u[i] += conduction * curvature - drift * u[i] * slope;
        }
    }
    u.iter().map(|u| u * u).sum()
}

/// What the hand-written gradient keeps between calls.
#[derive(Default)]
struct Room {
    /// The temperatures.
    u: Vec<f64>,
    /// Every temperature that was overwritten, in the order of the writes.
    overwritten: Vec<f64>,
}

/// Undoes the writes one by one. The adjoints of three neighbours stay in registers while the stencil moves.
fn by_hand(
    initial: &[f64],
    [conduction, drift]: [f64; 2],
    steps: usize,
    (by_u, by_conduction, by_drift): &mut (Vec<f64>, f64, f64),
    room: &mut Room,
) -> f64 {
    let n = initial.len();
    let Room { u, overwritten } = room;
    u.clear();
    u.extend_from_slice(initial);
    let u = &mut u[..n];
    overwritten.resize((n - 2) * steps, 0.0);
    for old in overwritten.chunks_exact_mut(n - 2) {
        for (i, old) in (1..n - 1).zip(old) {
            *old = u[i];
            let curvature = u[i + 1] - 2.0 * u[i] + u[i - 1];
            let slope = u[i + 1] - u[i - 1];
            u[i] += conduction * curvature - drift * u[i] * slope;
        }
    }
    let value = u.iter().map(|u| u * u).sum();

    let by_u = &mut by_u[..n];
    for (by_u, u) in by_u.iter_mut().zip(&*u) {
        *by_u = 2.0 * u;
    }
    (*by_conduction, *by_drift) = (0.0, 0.0);
    for old in overwritten.chunks_exact(n - 2).rev() {
        let mut right = u[n - 1];
        let (mut by_right, mut by_middle) = (by_u[n - 1], by_u[n - 2]);
        for (i, &middle) in (1..n - 1).zip(old).rev() {
            let left = u[i - 1];
            let (curvature, slope) = (right - 2.0 * middle + left, right - left);
            let by_new = by_middle;
            let by_slope = -by_new * drift * middle;
            *by_conduction += by_new * curvature;
            *by_drift -= by_new * middle * slope;
            by_u[i + 1] = by_right + by_new * conduction + by_slope;
            by_right = by_new * (1.0 - 2.0 * conduction - drift * slope);
            by_middle = by_u[i - 1] + by_new * conduction - by_slope;
            u[i] = middle;
            right = middle;
        }
        by_u[1] = by_right;
        by_u[0] = by_middle;
    }
    value
}

fn of_numbers<'t>(initial: &[Var<'t>], conduction: Var<'t>, drift: Var<'t>, steps: usize) -> Var<'t> {
    let mut u = initial.to_vec();
    for _ in 0..steps {
        for i in 1..u.len() - 1 {
            let curvature = u[i + 1] - 2.0 * u[i] + u[i - 1];
            let slope = u[i + 1] - u[i - 1];
            u[i] = u[i] + conduction * curvature - drift * u[i] * slope;
        }
    }
    u.iter().map(|&u| u * u).sum()
}

fn run(n: usize, session: &mut Session) {
    let mut inputs = uniform(n, 9, 0.0..1.0);
    let [conduction, drift] = [0.2, 0.1];
    inputs.extend([conduction, drift]);
    let initial = &inputs[..n];
    let graph = Graph::new();
    let values = on_graph(&graph, &inputs);
    let mut room = Room::default();
    let zeros = || (vec![0.0; n], 0.0, 0.0);
    let variants = vec![
        Variant::hand(zeros(), |g| {
            by_hand(black_box(initial), black_box([conduction, drift]), STEPS, g, &mut room)
        }),
        Variant::grad_add(heat::BACKEND, zeros(), |(by_initial, by_conduction, by_drift)| {
            let [conduction, drift] = black_box([conduction, drift]);
            heat_grad_add(black_box(initial), conduction, drift, STEPS, by_initial, by_conduction, by_drift)
        }),
        Variant::grad(|| heat_grad(black_box(initial), black_box(conduction), black_box(drift), STEPS)),
        Variant::graph(&graph, &values, |v| heat::on_values(&v[..n], v[n], v[n + 1], STEPS)),
        Variant::reverse(&inputs, |v| of_numbers(&v[..n], v[n], v[n + 1], STEPS)),
    ];
    session.measure(Some((n - 2) * STEPS), variants);
}
