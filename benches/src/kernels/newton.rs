//! Roots of `x³ + ax = 2` by Newton's method, one for each `a`: a loop that ends by its data, a `match`, an early return.

use super::Kernel;
use crate::data::uniform;
use crate::peers::Number;
use crate::session::Session;
use crate::variant::{Variant, on_graph};
use gradus::{Graph, differentiable};
use reverse::Var;
use std::hint::black_box;

pub const KERNEL: Kernel = Kernel { name: "Newton, match, early return", sizes: &[1_000], run };

/// Where the sum is cut short: after some three quarters of the roots.
const LIMIT: f64 = 600.0;
/// A root has been found when the equation holds to this.
const RESIDUAL: f64 = 1e-12;
/// No root takes more steps.
const STEPS: usize = 30;

#[differentiable]
fn roots(coefficients: &[f64]) -> f64 {
    let mut sum = 0.0;
    for (i, a) in coefficients.iter().enumerate() {
        let mut x = 1.0;
        let mut residual = x * x * x + a * x - 2.0;
        let mut steps = 0;
        while residual.abs() > RESIDUAL && steps < STEPS {
            x -= residual / (3.0 * x * x + a);
            residual = x * x * x + a * x - 2.0;
            steps += 1;
        }
        sum += match i % 3 {
            0 => x,
            1 => x * x,
            _ => x.sin(),
        };
        if sum > LIMIT {
            return 0.5 * sum;
        }
    }
    sum
}

/// Differentiates the iteration as it ran: each root's right after it was found.
fn by_hand(coefficients: &[f64], gradient: &mut [f64]) -> f64 {
    gradient.fill(0.0);
    let mut visited = [0.0; STEPS];
    let mut sum = 0.0;
    for (i, &a) in coefficients.iter().enumerate() {
        let mut x: f64 = 1.0;
        let mut residual: f64 = x * x * x + a * x - 2.0;
        let mut steps = 0;
        while residual.abs() > RESIDUAL && steps < STEPS {
            visited[steps] = x;
            x -= residual / (3.0 * x * x + a);
            residual = x * x * x + a * x - 2.0;
            steps += 1;
        }
        let (term, mut by_x) = match i % 3 {
            0 => (x, 1.0),
            1 => (x * x, 2.0 * x),
            _ => x.sin_cos(),
        };
        sum += term;
        let mut by_a = 0.0;
        for &x in visited[..steps].iter().rev() {
            // The step is x − f/f' with f' = 3x² + a: its derivative for x is f f''/f'², for a −(x − f/f')/f'.
            let inverse = 1.0 / (3.0 * x * x + a);
            let quotient = (x * x * x + a * x - 2.0) * inverse;
            by_a -= by_x * inverse * (x - quotient);
            by_x *= quotient * inverse * 6.0 * x;
        }
        gradient[i] = by_a;
        if sum > LIMIT {
            for by_a in gradient {
                *by_a *= 0.5;
            }
            return 0.5 * sum;
        }
    }
    sum
}

fn of_numbers<'t>(coefficients: &[Var<'t>]) -> Var<'t> {
    let mut sum = coefficients[0].constant(0.0);
    for (i, &a) in coefficients.iter().enumerate() {
        let mut x = a.constant(1.0);
        let mut residual = x * x * x + a * x - 2.0;
        let mut steps = 0;
        while residual.val.abs() > RESIDUAL && steps < STEPS {
            x = x - residual / (3.0 * x * x + a);
            residual = x * x * x + a * x - 2.0;
            steps += 1;
        }
        let term = match i % 3 {
            0 => x,
            1 => x * x,
            _ => x.sin(),
        };
        sum = sum + term;
        if sum.val > LIMIT {
            return 0.5 * sum;
        }
    }
    sum
}

fn run(n: usize, session: &mut Session) {
    let a = uniform(n, 8, 0.0..2.0);
    let graph = Graph::new();
    let values = on_graph(&graph, &a);
    let variants = vec![
        Variant::hand(vec![0.0; n], |g| by_hand(black_box(&a), g)),
        Variant::grad_add(roots::BACKEND, vec![0.0; n], |g| roots_grad_add(black_box(&a), g)),
        Variant::grad(|| roots_grad(black_box(&a))),
        Variant::graph(&graph, &values, roots::on_values),
        Variant::reverse(&a, of_numbers),
    ];
    session.measure(Some(n), variants);
}
