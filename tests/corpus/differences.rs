//! Gradients from values alone: central differences, extrapolated to step zero.

use super::flat::{Flat, flat};

/// The gradient of `function` at `point`, flattened.
pub fn gradient<A: Flat>(function: &dyn Fn(A) -> f64, point: &A) -> Vec<f64> {
    let partial_in = |(index, x): (usize, f64)| {
        let along = |x: f64| {
            let mut moved = point.clone();
            *moved.components()[index] = x;
            function(moved)
        };
        partial(&along, x)
    };
    flat(point).into_iter().enumerate().map(partial_in).collect()
}

/// The derivative of `function` at `x` by Richardson's extrapolation of central differences over halved steps.
///
/// Of all the estimates the one is taken that agrees best with its neighbours in the table (C. Ridders, "Accurate
/// computation of F′(x) and F′(x)F″(x)", Advances in Engineering Software 4, 1982), where agreement counts no better
/// than the rounding of the two values allows. Steps begin at `x / 64`: large ones over several jumps of a step
/// function can agree by accident. Those that leave the domain give NaN and lose.
fn partial(function: &dyn Fn(f64) -> f64, x: f64) -> f64 {
    const ORDERS: usize = 4;
    let scale = if x == 0.0 { 1.0 } else { x.abs() };
    let (mut best, mut best_error) = (f64::NAN, f64::INFINITY);
    let mut coarser: Vec<f64> = Vec::new();
    for halvings in 6..=28 {
        let (above, below) = (x + scale * 0.5_f64.powi(halvings), x - scale * 0.5_f64.powi(halvings));
        let (up, down) = (function(above), function(below));
        let rounding = f64::EPSILON * (up.abs() + down.abs()) / (above - below);
        let mut row = vec![(up - down) / (above - below)];
        for (order, &coarse) in coarser.iter().take(ORDERS).enumerate() {
            let finer = row[order] + (row[order] - coarse) / (4_f64.powi(order as i32 + 1) - 1.0);
            let error = (finer - row[order]).abs().max((finer - coarse).abs()) + rounding;
            if error < best_error {
                (best, best_error) = (finer, error);
            }
            row.push(finer);
        }
        coarser = row;
    }
    best
}

#[test]
fn differences_of_functions_with_known_derivatives() {
    let close =
        |ours: f64, known: f64| assert!((ours - known).abs() <= 1e-10 * known.abs(), "{ours} is not {known}");
    close(partial(&f64::exp, 1.5), 1.5_f64.exp());
    close(partial(&f64::ln, 1e-3), 1e3);
    close(partial(&|x| x.powi(3), 1e6), 3e12);
    close(partial(&f64::abs, -1e-3), -1.0);
    close(partial(&|x| (x - 1.0).max(0.0), 1.001), 1.0);
}
