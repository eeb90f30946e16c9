//! A function that is used through a companion is used, and what is not there has no companions.
#![deny(warnings)]

use gradus::differentiable;

#[differentiable]
fn by_grad(x: f64) -> f64 {
    callee(x)
}

#[differentiable]
fn callee(x: f64) -> f64 {
    x
}

#[differentiable]
fn by_grad_add(x: f64) -> f64 {
    x
}

#[differentiable]
fn by_graph(x: f64) -> f64 {
    x
}

#[differentiable]
fn by_vjp(x: f64) -> (f64, f64) {
    (x, x)
}

#[differentiable]
fn by_jacobian(x: f64) -> (f64, f64) {
    (x, x)
}

#[differentiable]
fn by_values(x: f64) -> f64 {
    x
}

#[differentiable]
fn by_check(x: f64) -> f64 {
    x
}

#[differentiable]
fn by_name(x: f64) -> f64 {
    x
}

#[differentiable]
fn on_graph(xs: &[f64]) -> f64 {
    xs.chunk_by(|a, b| a < b).map(|run| run[0]).sum()
}

#[differentiable]
fn constant<const N: usize>(xs: [f64; N]) -> f64 {
    xs[0]
}

#[differentiable]
fn hidden(hidden: f64) -> f64 {
    hidden
}

#[differentiable(partials = operation_partials)]
fn operation(x: f64) -> f64 {
    x
}

fn operation_partials(_: f64) -> f64 {
    1.0
}

#[differentiable]
#[deprecated]
fn old(x: f64) -> f64 {
    x
}

#[differentiable]
#[allow(deprecated)]
fn calls_old(x: f64) -> f64 {
    old(x)
}

#[differentiable]
#[cfg(any())]
fn gone(x: f64) -> f64 {
    x
}

#[differentiable]
#[cfg_attr(all(), cfg(any()))]
fn gone(x: f64) -> (f64, f64) {
    (x, x)
}

fn gone() {}

fn main() {
    let _ = (by_grad_grad(1.0), by_graph_graph(1.0), by_vjp_vjp(1.0, (1.0, 1.0)), by_jacobian_jacobian(1.0));
    let _ = (on_graph_grad(&[1.0]), constant_grad([1.0]), hidden_grad(1.0), operation_grad(1.0));
    by_grad_add_grad_add(1.0, &mut 0.0);
    by_name(1.0);
    calls_old(1.0);
    gone();
    let graph = gradus::Graph::new();
    by_values::on_values(graph.value(1.0));
    gradus::check::assert_gradient!(by_check, 1.0);
}
