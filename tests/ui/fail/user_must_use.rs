//! What only computes is to be used; what adds into buffers has done its work.
#![deny(unused_must_use, deprecated)]
use gradus::differentiable;

#[differentiable]
#[must_use = "it costs a second"]
fn square(x: f64) -> f64 {
    x * x
}

#[differentiable]
fn plain(x: f64) -> f64 {
    x * x
}

#[differentiable]
#[deprecated(note = "use `square`")]
fn old(x: f64) -> f64 {
    x * x
}

fn main() {
    square_grad(1.0);
    plain_graph(1.0);
    square_grad_add(1.0, &mut 0.0);
    plain(1.0);
    let _ = old_grad(1.0);
}
