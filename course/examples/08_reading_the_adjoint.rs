//! Lesson 8: reading the adjoint. `cargo run --example 08_reading_the_adjoint`.
//!
//! The gradient is a program, too. `NAME_grad` is compiled from one that has no graph: a forward sweep that records what the
//! derivatives need, and a reverse sweep that reads it. `NAME::ADJOINT_SOURCE` is its text.

#[path = "support/course.rs"]
mod course;

use course::expect;

use gradus::{Trace, differentiable};
use std::error::Error;

/// A polynomial by Horner's rule; `c[0]` belongs to the highest power.
#[differentiable]
pub fn horner(c: &[f64], x: f64) -> f64 {
    let mut sum = 0.0;
    for c in c {
        sum = sum * x + c;
    }
    sum
}

/// The reverse sweep of `horner` by hand, as the text of the adjoint has it: what is recorded is the sum before each step.
pub fn by_hand(c: &[f64], x: f64) -> (f64, (Vec<f64>, f64)) {
    // Forward sweep.
    let (mut sum, mut kept) = (0.0, Vec::new());
    for c in c {
        kept.push(sum);
        sum = sum * x + c;
    }
    // Reverse sweep.
    let (mut c_b, mut x_b, mut sum_b) = (vec![0.0; c.len()], 0.0, 1.0);
    for (k, sum_before) in kept.into_iter().enumerate().rev() {
        c_b[k] += sum_b;
        x_b += sum_b * sum_before;
        sum_b *= x;
    }
    (sum, (c_b, x_b))
}

/// The polynomial that the lesson takes, and where.
pub const POLYNOMIAL: ([f64; 4], f64) = ([2.0, -3.0, 0.5, 1.0], 2.0);

/// Its graph, for the page.
pub fn trace() -> Trace {
    let (c, x) = POLYNOMIAL;
    horner_graph(&c, x)
}

fn main() -> Result<(), Box<dyn Error>> {
    println!("{}\n", horner::SOURCE);
    println!("has this gradient. x_b is the derivative of the result for x, summed up from its uses; each");
    println!("statement stands under the line of the function that it reverses:\n");
    println!("{}", horner::ADJOINT_SOURCE);

    let (c, x) = POLYNOMIAL;
    let (value, (dc, dx)) = horner_grad(&c, x);
    let (hand, (hand_dc, hand_dx)) = by_hand(&c, x);
    println!("2 x³ − 3 x² + x/2 + 1 at x = 2: its slope is 6 x² − 6 x + 1/2, for c it is the powers of x.\n");
    println!("{:<12}{:>8}{:>8}   ∂c", "", "value", "∂x");
    println!("{:<12}{value:>8}{dx:>8}   {dc:?}", "compiled");
    println!("{:<12}{hand:>8}{hand_dx:>8}   {hand_dc:?}", "by hand");

    let lesson = "08_reading_the_adjoint";
    course::save_page(&trace(), lesson)?;
    course::announce_exercise(lesson, "`sines_by_hand` in this file keeps too little. Give it a record.");
    Ok(())
}

// ── The exercise ─────────────────────────────────────────────────────────────────────────────────

/// The sine of the sine of … of x, so many times, and its derivative: an adjoint by hand.
///
/// As it stands the reverse sweep takes the last y at each step, where it needs the one that the step began with.
pub fn sines_by_hand(x: f64, times: usize) -> (f64, f64) {
    let mut y = x;
    for _ in 0..times {
        y = y.sin();
    }
    let value = y;
    let mut y_b = 1.0;
    for _ in 0..times {
        y_b *= y.cos();
    }
    (value, y_b)
}

/// Whether value and derivative are right, for up to three sines: by the chain rule, written out.
///
/// # Panics
///
/// If it is not, with what it should be.
pub fn check_exercise(sines: impl Fn(f64, usize) -> (f64, f64)) {
    for x in [0.3_f64, 2.0, -1.2] {
        let (once, twice) = (x.sin(), x.sin().sin());
        let expected = [
            (x, 1.0),
            (once, x.cos()),
            (twice, x.cos() * once.cos()),
            (twice.sin(), x.cos() * once.cos() * twice.cos()),
        ];
        for (times, (value, slope)) in expected.into_iter().enumerate() {
            let (v, s) = sines(x, times);
            expect(&format!("{times} sines of {x}"), v, value, 0.0, &[(x, "This is the argument.")]);
            let steps = i32::try_from(times).unwrap_or(0);
            let all = [x, once, twice];
            let last = times.checked_sub(1).map_or(1.0, |last| all[last].cos());
            let shifted: f64 = (1..=times).map(|step| expected[step].0.cos()).product();
            let mistakes = [
                (value.cos().powi(steps), "Each step takes the last y. It needs the one that it began with."),
                (shifted, "Each step takes the y that it made. It needs the one that it began with."),
                (x.cos().powi(steps), "Each step takes x. It needs the y that it began with."),
                (last, "This is the derivative of the last step alone: multiply those of all steps."),
                (-slope, "The sign is wrong."),
            ];
            expect(&format!("the derivative of {times} sines at {x}"), s, slope, 1e-15, &mistakes);
        }
    }
}

#[test]
#[ignore = "the exercise: run it with `-- --ignored`"]
fn exercise() {
    check_exercise(sines_by_hand);
}
