//! A saddle point, by a search inside of a search.
//!
//! The inner search climbs by derivatives in forward mode, by [`Dual`] numbers. gradus differentiates the whole of it.

use super::dual::Dual;
use super::search::least;
use gradus::differentiable;
use serde::Deserialize;

/// Where all searches begin.
#[derive(Deserialize)]
pub struct Input {
    start: [f64; 2],
}

#[differentiable]
fn height(x: [f64; 2], y: [f64; 2]) -> f64 {
    x[0] * x[0] + x[1] * x[1] - (y[0] * y[0] + y[1] * y[1])
}

/// How fast the height grows with one of `y`'s coordinates.
#[differentiable]
fn slope(x: [f64; 2], y: [f64; 2], #[constant] direction: [f64; 2]) -> f64 {
    let (a, b) = (Dual { value: y[0], slope: direction[0] }, Dual { value: y[1], slope: direction[1] });
    let fixed = Dual { value: x[0] * x[0] + x[1] * x[1], slope: 0.0 };
    let height = fixed - (a * a + b * b);
    height.slope
}

/// The `y` with the greatest height: gradient descent as in [`least`], on minus the height.
#[differentiable]
fn highest(x: [f64; 2], #[constant] start: [f64; 2]) -> [f64; 2] {
    let mut y = [start[0], start[1]];
    let mut value = height(x, y);
    let mut up = [slope(x, y, [1.0, 0.0]), slope(x, y, [0.0, 1.0])];
    let (mut rate, mut successes) = (1e-5, 0);
    while (up[0] * up[0] + up[1] * up[1]).sqrt() > 1e-5 {
        if successes == 10 {
            rate *= 2.0;
            successes = 0;
            continue;
        }
        let next = [y[0] + rate * up[0], y[1] + rate * up[1]];
        if ((y[0] - next[0]).powi(2) + (y[1] - next[1]).powi(2)).sqrt() <= 1e-5 {
            break;
        }
        let there = height(x, next);
        if there > value {
            y = next;
            value = there;
            up = [slope(x, y, [1.0, 0.0]), slope(x, y, [0.0, 1.0])];
            successes += 1;
        } else {
            rate /= 2.0;
            successes = 0;
        }
    }
    y
}

/// The greatest height over `y`.
#[differentiable]
fn greatest(x: [f64; 2], #[constant] start: [f64; 2]) -> f64 {
    height(x, highest(x, start))
}

fn saddle(start: [f64; 2], gradient: impl Fn([f64; 2]) -> [f64; 2]) -> [f64; 4] {
    let x = least(start, |x| greatest(x, start), gradient);
    let y = highest(x, start);
    [x[0], x[1], y[0], y[1]]
}

/// The saddle point, with the outer search in reverse mode.
pub fn reverse(input: &Input) -> [f64; 4] {
    saddle(input.start, |x| greatest_grad(x, input.start).1)
}

/// The saddle point, with the outer search in forward mode.
pub fn forward(input: &Input) -> [f64; 4] {
    saddle(input.start, |x| {
        [[1.0, 0.0], [0.0, 1.0]].map(|direction| greatest_jvp(x, input.start, direction).1)
    })
}
