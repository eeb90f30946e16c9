//! Lesson 7: control flow. `cargo run --example 07_control_flow`.
//!
//! Branches and loops need no rules of their own: a run takes one way through the program, and the derivative is that of the
//! way taken.

#[path = "support/course.rs"]
mod course;

use course::expect;

use gradus::{Trace, differentiable};
use std::error::Error;

/// The square root of `a` by Newton's method, until it no longer moves.
#[differentiable]
pub fn root(a: f64) -> f64 {
    let mut x = a;
    loop {
        let next = 0.5 * (x + a / x);
        if (next - x).abs() < 1e-12 {
            return next;
        }
        x = next;
    }
}

/// Above 0 its operand, beneath a tenth of it.
#[differentiable]
pub fn leaky(x: f64) -> f64 {
    if x > 0.0 { x } else { 0.1 * x }
}

/// The root of `a`, its derivative, and how many iterations the run had.
pub fn figures(a: f64) -> (f64, f64, usize) {
    let (value, slope) = root_grad(a);
    (value, slope, root_graph(a).loops().iter().map(|run| run.iterations).sum())
}

/// Which arm of `leaky` ran, and the slope there.
pub fn arm(x: f64) -> (usize, f64) {
    let branches = leaky_graph(x).branches();
    let taken = branches[0].arms().position(|(_, times)| times > 0).unwrap_or(usize::MAX);
    (taken, leaky_grad(x).1)
}

/// The graph of √2, for the page.
pub fn trace() -> Trace {
    root_graph(2.0)
}

fn main() -> Result<(), Box<dyn Error>> {
    println!("A loop whose end depends on the numbers: √a by Newton's method. Its derivative is 1/(2 √a).\n");
    println!("{:>6}{:>12}{:>12}{:>12}{:>14}", "a", "root", "slope", "1/(2 √a)", "iterations");
    for a in [0.25, 1.0, 2.0, 100.0] {
        let (value, slope, iterations) = figures(a);
        println!("{a:>6}{value:>12.6}{slope:>12.6}{:>12.6}{iterations:>14}", 0.5 / a.sqrt());
    }
    println!(
        "\nA branch: if x > 0 {{ x }} else {{ 0.1 x }}. The arm that ran is differentiated, at the kink too.\n"
    );
    println!("{:>6}{:>10}{:>10}", "x", "arm", "slope");
    for x in [2.0, 0.0, -2.0] {
        let (arm, slope) = arm(x);
        println!("{x:>6}{:>10}{slope:>10}", if arm == 0 { "if" } else { "else" });
    }
    println!("\nThe condition is a `bool` and has no derivative.");

    let lesson = "07_control_flow";
    course::save_page(&trace(), lesson)?;
    course::announce_exercise(lesson, "`huber` in this file has one arm of two. Add the other.");
    Ok(())
}

// ── The exercise ─────────────────────────────────────────────────────────────────────────────────

/// Huber's loss of a residual: r²/2 where |r| ≤ 1, and |r| − 1/2 further out, so that an outlier does not rule the fit.
///
/// As it stands it is r²/2 everywhere.
#[differentiable]
pub fn huber(r: f64) -> f64 {
    0.5 * r * r
}

/// Whether value and slope of Huber's loss are right: the slope is r, but never beyond ±1.
///
/// # Panics
///
/// If it is not, with what it should be.
pub fn check_exercise(huber_grad: impl Fn(f64) -> (f64, f64)) {
    for (r, value, slope) in [
        (0.0, 0.0, 0.0),
        (0.5, 0.125, 0.5),
        (-0.5, 0.125, -0.5),
        (1.0, 0.5, 1.0),
        (3.0, 2.5, 1.0),
        (-10.0, 9.5, -1.0),
    ] {
        let (v, s) = huber_grad(r);
        let mistakes = [
            (r.abs(), "The − 1/2 is missing: the two pieces must meet at 1."),
            (0.5 * r * r, "This is r²/2, which holds for |r| ≤ 1 alone."),
            (r - 0.5, "The magnitude is missing: r may be negative."),
            (r * r, "The 1/2 is missing."),
        ];
        expect(&format!("the loss at {r}"), v, value, 0.0, &mistakes);
        let mistakes = [
            (r, "This is the slope of r²/2, which holds for |r| ≤ 1 alone."),
            (-slope, "The sign is wrong: further out the slope has the sign of r."),
            (0.0, "The slope is lost: a plain number was taken on the way."),
        ];
        expect(&format!("the slope at {r}"), s, slope, 0.0, &mistakes);
    }
}

#[test]
#[ignore = "the exercise: run it with `-- --ignored`"]
fn exercise() {
    check_exercise(huber_grad);
}
