//! The dot product of two slices: a reduction that vectorises.

use super::Kernel;
use crate::data::uniform;
use crate::session::Session;
use crate::variant::{Variant, on_graph};
use gradus::{Graph, differentiable};
use reverse::Var;
use std::hint::black_box;

pub const KERNEL: Kernel = Kernel { name: "dot product 1000", sizes: &[1_000], run };

#[differentiable]
fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

/// The gradient for each slice is the other one.
fn by_hand(a: &[f64], b: &[f64], by_a: &mut [f64], by_b: &mut [f64]) -> f64 {
    by_a.copy_from_slice(b);
    by_b.copy_from_slice(a);
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

fn of_numbers<'t>(a: &[Var<'t>], b: &[Var<'t>]) -> Var<'t> {
    a.iter().zip(b).map(|(&a, &b)| a * b).sum()
}

fn run(n: usize, session: &mut Session) {
    let both = uniform(2 * n, 2, -1.0..1.0);
    let (a, b) = both.split_at(n);
    let graph = Graph::new();
    let values = on_graph(&graph, &both);
    let room = (vec![0.0; n], vec![0.0; n]);
    let variants = vec![
        Variant::hand(room.clone(), |(by_a, by_b)| by_hand(black_box(a), black_box(b), by_a, by_b)),
        Variant::grad_add(dot::BACKEND, room.clone(), |(by_a, by_b)| {
            dot_grad_add(black_box(a), black_box(b), by_a, by_b)
        }),
        Variant::grad(|| dot_grad(black_box(a), black_box(b))),
        Variant::graph(&graph, &values, |v| dot::on_values(&v[..n], &v[n..])),
        Variant::reverse(&both, |v| of_numbers(&v[..n], &v[n..])),
    ];
    session.measure(Some(n), variants);
}
