//! Lesson 10: a struct. `cargo run --example 10_a_struct`.
//!
//! Numbers that belong together stand in a struct. Its gradient is a struct of the same type, so that a step of gradient descent is
//! written as it is on paper: line − rate · gradient.

#[path = "support/course.rs"]
mod course;

use course::expect;

use gradus::{Differentiable, Trace, differentiable};
use std::error::Error;
use std::ops::{Mul, Sub};

/// A line in the plane.
#[derive(Clone, Copy, Debug, PartialEq, Differentiable)]
pub struct Line {
    /// How much it rises from x to x + 1.
    pub slope: f64,
    /// Its y at 0.
    pub height: f64,
}

#[differentiable]
impl Line {
    /// Its y at x.
    pub fn at(&self, x: f64) -> f64 {
        self.slope * x + self.height
    }
}

#[differentiable]
impl Sub for Line {
    type Output = Line;
    fn sub(self, other: Line) -> Line {
        Line { slope: self.slope - other.slope, height: self.height - other.height }
    }
}

#[differentiable]
impl Mul<f64> for Line {
    type Output = Line;
    fn mul(self, factor: f64) -> Line {
        Line { slope: self.slope * factor, height: self.height * factor }
    }
}

/// How far a line is from points: the sum of squares.
#[differentiable]
pub fn misfit(line: &Line, #[constant] points: &[[f64; 2]]) -> f64 {
    let mut sum = 0.0;
    for point in points {
        let error = line.at(point[0]) - point[1];
        sum += error * error;
    }
    sum
}

/// Points near y = 2x + 1.
pub const POINTS: [[f64; 2]; 4] = [[0.0, 1.1], [1.0, 2.9], [2.0, 5.2], [3.0, 6.8]];

/// The line that fits best, by gradient descent: the gradient of a line is a line.
pub fn fitted(steps: usize) -> Line {
    let mut line = Line { slope: 0.0, height: 0.0 };
    for _ in 0..steps {
        let (_, gradient) = misfit_grad(&line, &POINTS);
        line = line - gradient * 0.03;
    }
    line
}

/// The graph of the misfit of the first line, for the page: its numbers are named `line.slope` and `line.height`.
pub fn trace() -> Trace {
    misfit_graph(&Line { slope: 0.0, height: 0.0 }, &POINTS)
}

fn main() -> Result<(), Box<dyn Error>> {
    println!("{:>6}{:>10}{:>10}{:>12}", "steps", "slope", "height", "misfit");
    for steps in [0, 1, 10, 100, 500] {
        let line = fitted(steps);
        println!("{steps:>6}{:>10.4}{:>10.4}{:>12.6}", line.slope, line.height, misfit(&line, &POINTS));
    }
    let (height, (gradient, speed)) = Line { slope: 2.0, height: 1.0 }.at_grad(3.0);
    println!(
        "\nA method has a gradient as a function has: at 3 the line is at {height}. Its derivative for the line is"
    );
    println!("{gradient:?}, and for x it is {speed}.");

    let lesson = "10_a_struct";
    course::save_page(&trace(), lesson)?;
    course::announce_exercise(
        lesson,
        "`gradient_by_hand` in this file is right for the height, and not for the slope. Mend it.",
    );
    Ok(())
}

// ── The exercise ─────────────────────────────────────────────────────────────────────────────────

/// The gradient of the misfit, by hand: a line whose slope is ∂misfit/∂slope, and whose height is ∂misfit/∂height.
///
/// As it stands one of the two forgets a factor.
pub fn gradient_by_hand(line: &Line, points: &[[f64; 2]]) -> Line {
    let mut gradient = Line { slope: 0.0, height: 0.0 };
    for point in points {
        let error = line.at(point[0]) - point[1];
        gradient.slope += 2.0 * error;
        gradient.height += 2.0 * error;
    }
    gradient
}

/// Whether a gradient of the misfit is right.
///
/// # Panics
///
/// If it is not, with what it should be.
pub fn check_exercise(gradient: impl Fn(&Line, &[[f64; 2]]) -> Line) {
    for line in [Line { slope: 0.0, height: 0.0 }, Line { slope: 2.5, height: -1.0 }] {
        let (_, right) = misfit_grad(&line, &POINTS);
        let yours = gradient(&line, &POINTS);
        let mistakes = [
            (right.height, "This is the derivative for the height. The slope is multiplied by x."),
            (0.5 * right.slope, "A factor 2 is missing: the derivative of e² is 2e."),
            (-right.slope, "The sign is wrong: the error is the line's y less the point's."),
        ];
        expect("the derivative of the misfit for the slope", yours.slope, right.slope, 1e-9, &mistakes);
        let mistakes = [
            (right.slope, "This is the derivative for the slope."),
            (0.5 * right.height, "A factor 2 is missing: the derivative of e² is 2e."),
        ];
        expect("the derivative of the misfit for the height", yours.height, right.height, 1e-9, &mistakes);
    }
}

#[test]
#[ignore = "the exercise: run it with `-- --ignored`"]
fn exercise() {
    check_exercise(gradient_by_hand);
}
