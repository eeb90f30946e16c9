//! A charge that controls where another one hits a line: a minimum over a function that contains derivatives itself.
//!
//! The force on the particle is the derivative of a potential, in forward mode by [`Dual`] numbers. gradus differentiates the path.

use super::dual::Dual;
use super::search::least;
use gradus::differentiable;
use serde::Deserialize;

/// Where the search begins.
#[derive(Deserialize)]
pub struct Input {
    w: f64,
}

/// 1 over the distance from a fixed charge.
#[differentiable]
fn potential_of(x: Dual, y: Dual, charge: [f64; 2]) -> Dual {
    let dx = x - Dual { value: charge[0], slope: 0.0 };
    let dy = y - Dual { value: charge[1], slope: 0.0 };
    let squared = dx * dx + dy * dy;
    squared.root().inverse()
}

/// The derivative of the potential of both charges in one direction.
#[differentiable]
fn slope(at: [f64; 2], #[constant] direction: [f64; 2], w: f64) -> f64 {
    let x = Dual { value: at[0], slope: direction[0] };
    let y = Dual { value: at[1], slope: direction[1] };
    let potential = potential_of(x, y, [10.0, 10.0 - w]) + potential_of(x, y, [10.0, 0.0]);
    potential.slope
}

/// The square of the place at which the particle crosses the axis, by Euler's method.
#[differentiable]
fn crossing(w: f64) -> f64 {
    let step = 0.1;
    let (mut at, mut speed) = ([0.0, 8.0], [0.75, 0.0]);
    loop {
        let force = [-slope(at, [1.0, 0.0], w), -slope(at, [0.0, 1.0], w)];
        at = [at[0] + step * speed[0], at[1] + step * speed[1]];
        if at[1] <= 0.0 {
            let rest = -at[1] / speed[1];
            let place = at[0] + rest * speed[0];
            return place * place;
        }
        speed = [speed[0] + step * force[0], speed[1] + step * force[1]];
    }
}

/// The best control, with the path in reverse mode.
pub fn reverse(input: &Input) -> f64 {
    least([input.w], |[w]| crossing(w), |[w]| [crossing_grad(w).1])[0]
}

/// The best control, with the path in forward mode.
pub fn forward(input: &Input) -> f64 {
    least([input.w], |[w]| crossing(w), |[w]| [crossing_jvp(w, 1.0).1])[0]
}
