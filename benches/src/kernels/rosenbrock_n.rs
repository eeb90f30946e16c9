//! Rosenbrock's function of many numbers: a sum over neighbours.

use super::Kernel;
use crate::data::uniform;
use crate::peers::Number;
use crate::session::Session;
use crate::variant::{Variant, on_graph};
use gradus::{Graph, differentiable};
use std::hint::black_box;

pub const KERNEL: Kernel = Kernel { name: "Rosenbrock N-D", sizes: &[10, 1_000, 100_000, 1_000_000], run };

#[differentiable]
fn rosenbrock_n(x: &[f64]) -> f64 {
    let mut sum = 0.0;
    for i in 0..x.len() - 1 {
        let t = x[i + 1] - x[i] * x[i];
        let u = 1.0 - x[i];
        sum += 100.0 * t * t + u * u;
    }
    sum
}

/// One pass: what a term gives to its second number waits in a register until that number is the first of a term.
fn by_hand(x: &[f64], gradient: &mut [f64]) -> f64 {
    let n = x.len();
    let gradient = &mut gradient[..n];
    let (mut sum, mut waiting) = (0.0, 0.0);
    for i in 0..n - 1 {
        let t = x[i + 1] - x[i] * x[i];
        let u = 1.0 - x[i];
        sum += 100.0 * t * t + u * u;
        gradient[i] = waiting - 400.0 * t * x[i] - 2.0 * u;
        waiting = 200.0 * t;
    }
    gradient[n - 1] = waiting;
    sum
}

fn of_numbers<T: Number>(x: &[T]) -> T {
    let mut sum = x[0].constant(0.0);
    for pair in x.windows(2) {
        let t = pair[1] - pair[0] * pair[0];
        let u = pair[0].taken_from(1.0);
        sum = sum + (t * t * 100.0 + u * u);
    }
    sum
}

fn run(n: usize, session: &mut Session) {
    let x = uniform(n, 1, -2.0..2.0);
    let graph = Graph::new();
    let values = on_graph(&graph, &x);
    let mut variants = vec![
        Variant::hand(vec![0.0; n], |g| by_hand(black_box(&x), g)),
        Variant::grad_add(rosenbrock_n::BACKEND, vec![0.0; n], |g| rosenbrock_n_grad_add(black_box(&x), g)),
        Variant::grad(|| rosenbrock_n_grad(black_box(&x))),
        Variant::graph(&graph, &values, rosenbrock_n::on_values),
        Variant::reverse(&x, |x| of_numbers(x)),
    ];
    if let Ok(few) = <[f64; 10]>::try_from(x.as_slice()) {
        variants.push(Variant::num_dual(few, |x| of_numbers(x)));
    }
    session.measure(Some(n - 1), variants);
}
