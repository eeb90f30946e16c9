//! Lesson 9: a custom operation. `cargo run --example 09_a_custom_operation`.
//!
//! Where the derivative is known better than the steps of the computation tell, say it yourself. The probability that a normal
//! variable is below x takes an integral; its derivative is the integrand.

#[path = "support/course.rs"]
mod course;

use course::expect;

use gradus::custom::{CustomOperation, assert_partials};
use gradus::{Trace, differentiable};
use std::error::Error;
use std::f64::consts::TAU;

/// The density of the normal distribution.
#[differentiable]
pub fn density(x: f64) -> f64 {
    (-0.5 * x * x).exp() / TAU.sqrt()
}

/// Its integral from 0 to x by Simpson's rule on 100 pairs of steps, and 1/2 for what lies below 0.
#[differentiable]
pub fn probability_by_steps(x: f64) -> f64 {
    let h = x / 200.0;
    // Weights 1, 4, 2, 4, …, 4, 1; the loop gives the last one a 2.
    let mut sum = density(0.0) - density(x);
    for k in 0..100 {
        let at = 2.0 * h * f64::from(k);
        sum += 4.0 * density(at + h) + 2.0 * density(at + 2.0 * h);
    }
    0.5 + sum * h / 3.0
}

/// The same, with its derivative from a function beside it.
#[differentiable(partials = density)]
pub fn probability(x: f64) -> f64 {
    probability_by_steps(x)
}

/// How surprising it is, in units of e, that a normal variable of this mean is below 0.
#[differentiable]
pub fn surprise(mean: f64) -> f64 {
    -probability(-mean).ln()
}

/// The operations that a probability records: step by step, and as an operation of its own.
pub fn operations(x: f64) -> (usize, usize) {
    (probability_by_steps_graph(x).graph().len() - 1, probability_graph(x).graph().len() - 1)
}

/// Whether the derivative that was said is the right one, by finite differences. Such a check belongs beside every custom
/// operation, for what it says is believed.
pub fn check() {
    let operation = CustomOperation::new("probability", |[x]| probability(x), |[x]| [density(x)]);
    assert_partials(&operation, &[[-2.0], [-0.3], [0.0], [1.0], [2.5]]);
}

/// The graph of the surprise at 1, for the page.
pub fn trace() -> Trace {
    surprise_graph(1.0)
}

fn main() -> Result<(), Box<dyn Error>> {
    check();
    println!("The density agrees with finite differences of the probability.\n");
    println!("{:>6}{:>14}{:>14}{:>14}", "x", "probability", "derivative", "density");
    for x in [-1.0, 0.0, 1.0, 2.0] {
        let (value, slope) = probability_grad(x);
        println!("{x:>6}{value:>14.8}{slope:>14.8}{:>14.8}", density(x));
    }
    let (by_steps, of_its_own) = operations(1.0);
    println!("\nStep by step it records {by_steps} operations; as a custom operation {of_its_own}.");
    let (value, slope) = surprise_grad(1.0);
    println!("Other functions call it like any: the surprise is {value:.6}, its slope {slope:.6}.");

    let lesson = "09_a_custom_operation";
    course::save_page(&trace(), lesson)?;
    course::announce_exercise(
        lesson,
        "`lambert_partial` in this file forgets a term of the product rule. Find it.",
    );
    Ok(())
}

// ── The exercise ─────────────────────────────────────────────────────────────────────────────────

/// Lambert's W: the w with w eʷ = x, for x ≥ 0, by Newton's method.
#[differentiable(partials = lambert_partial)]
pub fn lambert(x: f64) -> f64 {
    let mut w = x.ln_1p();
    for _ in 0..50 {
        let step = (w * w.exp() - x) / (w.exp() * (1.0 + w));
        w -= step;
        if step.abs() < 1e-15 {
            break;
        }
    }
    w
}

/// The derivative of W. Differentiate w eʷ = x on both sides, by the product rule.
///
/// As it stands one of the two terms is missing.
pub fn lambert_partial(x: f64) -> f64 {
    1.0 / lambert(x).exp()
}

/// Whether a derivative of Lambert's W is right: at x = w eʷ it is the reciprocal of that function's slope in w.
///
/// # Panics
///
/// If it is not, with what it should be.
pub fn check_exercise(partial: impl Fn(f64) -> f64) {
    let slope = |f: &dyn Fn(f64) -> f64, at: f64| (f(at + 1e-5) - f(at - 1e-5)) / 2e-5;
    for w in [0.1, 0.5, 1.0, 2.0] {
        let x = w * f64::exp(w);
        let expected = 1.0 / slope(&|w| w * w.exp(), w);
        let said = partial(x);
        let mistakes = [
            (w.exp().recip(), "A term is missing: the product rule gives eʷ + w eʷ."),
            ((w * w.exp()).recip(), "A term is missing: the product rule gives eʷ + w eʷ."),
            (expected.recip(), "This is the derivative of w eʷ for w; that of W is its reciprocal."),
            (w, "This is W, not its derivative."),
        ];
        expect(&format!("the derivative of W at {x:.4}"), said, expected, 1e-8, &mistakes);
    }
}

#[test]
#[ignore = "the exercise: run it with `-- --ignored`"]
fn exercise() {
    check_exercise(lambert_partial);
}
