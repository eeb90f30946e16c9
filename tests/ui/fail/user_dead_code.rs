//! Functions that nothing calls are reported, as without the attribute; their companions are not.
#![deny(dead_code)]
use gradus::differentiable;

#[differentiable]
fn unused(x: f64) -> f64 {
    helper(x)
}

#[differentiable]
fn helper(x: f64) -> f64 {
    x * x
}

#[differentiable]
fn unused_on_a_graph(xs: &[f64]) -> f64 {
    xs.chunk_by(|a, b| a < b).map(|run| run[0]).sum()
}

#[differentiable]
fn unused_constant<const N: usize>(xs: [f64; N]) -> (f64, f64) {
    (xs[0], xs[1])
}

#[differentiable(partials = unused_partials)]
fn unused_operation(x: f64) -> f64 {
    x
}

fn unused_partials(_: f64) -> f64 {
    1.0
}

fn main() {}
