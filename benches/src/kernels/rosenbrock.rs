//! Rosenbrock's function of two numbers: straight-line code.

use super::Kernel;
use crate::peers::Number;
use crate::session::Session;
use crate::variant::{Variant, on_graph};
use gradus::{Graph, differentiable};
use std::hint::black_box;

pub const KERNEL: Kernel = Kernel { name: "Rosenbrock 2-D", sizes: &[2], run };

#[differentiable]
fn rosenbrock(x: f64, y: f64) -> f64 {
    let a = 1.0 - x;
    let b = y - x * x;
    a * a + 100.0 * b * b
}

fn by_hand(x: f64, y: f64, gradient: &mut [f64; 2]) -> f64 {
    let a = 1.0 - x;
    let b = y - x * x;
    *gradient = [-2.0 * a - 400.0 * b * x, 200.0 * b];
    a * a + 100.0 * b * b
}

fn of_numbers<T: Number>(x: T, y: T) -> T {
    let a = x.taken_from(1.0);
    let b = y - x * x;
    a * a + b * b * 100.0
}

fn run(_: usize, session: &mut Session) {
    let at = [-1.2, 1.0];
    let [x, y] = at;
    let graph = Graph::new();
    let values = on_graph(&graph, &at);
    let variants = vec![
        Variant::hand([0.0; 2], |g| by_hand(black_box(x), black_box(y), g)),
        Variant::grad_add(rosenbrock::BACKEND, [0.0; 2], |[dx, dy]| {
            rosenbrock_grad_add(black_box(x), black_box(y), dx, dy)
        }),
        Variant::grad(|| rosenbrock_grad(black_box(x), black_box(y))),
        Variant::graph(&graph, &values, |v| rosenbrock::on_values(v[0], v[1])),
        Variant::reverse(&at, |v| of_numbers(v[0], v[1])),
        Variant::num_dual(at, |v| of_numbers(v[0], v[1])),
    ];
    session.measure(None, variants);
}
