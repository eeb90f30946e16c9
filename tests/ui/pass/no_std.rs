//! A crate without the standard library of its own: generated code takes it from the engine.
#![no_std]
extern crate alloc;
use alloc::vec::Vec;
use gradus::differentiable;

#[differentiable]
fn squares(xs: &[f64], k: f64) -> f64 {
    let mut sum = k;
    for x in xs {
        sum += x * x;
    }
    sum
}

#[differentiable]
fn scaled(xs: &[f64], k: f64) -> Vec<f64> {
    let n = squares(xs, k);
    xs.iter().map(|x| x * k + n).collect()
}

/// On a graph.
#[differentiable]
fn sorted(xs: &[f64]) -> f64 {
    xs.chunk_by(|a, b| a < b).map(|run| run[0] * run[0]).sum()
}

#[differentiable(partials = cube_partials)]
fn cube(x: f64) -> f64 {
    x * x * x
}

fn cube_partials(x: f64) -> f64 {
    3.0 * x * x
}

fn main() {
    assert_eq!(squares_grad(&[1.0, 2.0], 3.0), (8.0, (alloc::vec![2.0, 4.0], 1.0)));
    assert_eq!(scaled_jacobian(&[1.0, 2.0], 3.0).0, [11.0, 14.0]);
    assert_eq!(sorted_grad(&[1.0, 2.0]).1, [2.0, 0.0]);
    assert_eq!(cube_grad(2.0), (8.0, 12.0));
    gradus::check::assert_gradient!(squares, &[1.0, 2.0], 3.0);
    assert_eq!(squares_graph(&[1.0], 3.0).values(), [4.0]);
}
