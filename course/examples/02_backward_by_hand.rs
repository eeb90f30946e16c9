//! Lesson 2: backward by hand. `cargo run --example 02_backward_by_hand`.
//!
//! The chain rule from the result of a neuron to its inputs, one line an operation. The bias is chosen so that every number
//! comes out even.

#[path = "support/course.rs"]
mod course;

use course::expect;

use gradus::{Trace, differentiable};
use std::error::Error;

#[differentiable]
fn neuron(x1: f64, x2: f64, w1: f64, w2: f64, b: f64) -> f64 {
    let n = x1 * w1 + x2 * w2 + b;
    n.tanh()
}

/// The inputs: x1, x2, w1, w2, and a b for which n = asinh 1, so that tanh n = 1/√2 and 1 − tanh² n = 1/2.
pub fn inputs() -> [f64; 5] {
    let (x1, x2, w1, w2) = (2.0, 0.0, -3.0, 1.0);
    [x1, x2, w1, w2, 1.0_f64.asinh() - (x1 * w1 + x2 * w2)]
}

/// The derivatives of the neuron for its five inputs, by hand. What ends in `_b` is the derivative of the result for what
/// stands before it: read it "x1 backward".
pub fn by_hand([x1, x2, w1, w2, b]: [f64; 5]) -> [f64; 5] {
    // Forward, and nothing forgotten.
    let (product_1, product_2) = (x1 * w1, x2 * w2);
    let n = product_1 + product_2 + b;
    let output = n.tanh();
    // Backward, in the opposite order: what arrived at the result, times the local derivative.
    let output_b = 1.0;
    let n_b = output_b * (1.0 - output * output); // tanh
    let (product_1_b, product_2_b, b_b) = (n_b, n_b, n_b); // a sum hands on what it gets
    let (x1_b, w1_b) = (product_1_b * w1, product_1_b * x1); // a product hands on, times the other factor
    let (x2_b, w2_b) = (product_2_b * w2, product_2_b * x2);
    [x1_b, x2_b, w1_b, w2_b, b_b]
}

/// The same by the compiled gradient.
pub fn by_gradus([x1, x2, w1, w2, b]: [f64; 5]) -> [f64; 5] {
    let (_, (dx1, dx2, dw1, dw2, db)) = neuron_grad(x1, x2, w1, w2, b);
    [dx1, dx2, dw1, dw2, db]
}

/// The neuron's graph, for the page.
pub fn trace() -> Trace {
    let [x1, x2, w1, w2, b] = inputs();
    neuron_graph(x1, x2, w1, w2, b)
}

fn main() -> Result<(), Box<dyn Error>> {
    let inputs = inputs();
    let b = inputs[4];
    println!("o = tanh(x1 w1 + x2 w2 + b), with b = {b:.4} so that o = 1/√2 and 1 − o² = 1/2.\n");
    println!("{:<8}{:>10}{:>12}{:>12}", "", "value", "by hand", "gradus");
    let names = ["x1", "x2", "w1", "w2", "b"];
    for (k, (hand, machine)) in by_hand(inputs).into_iter().zip(by_gradus(inputs)).enumerate() {
        println!("{:<8}{:>10.4}{hand:>12.4}{machine:>12.4}", names[k], inputs[k]);
    }
    println!(
        "\nThree rules did it: tanh scales by 1 − o², a sum copies, a product scales by the other factor."
    );
    println!("w2 has no effect here, for it is multiplied by x2 = 0: its gradient is 0.");

    let lesson = "02_backward_by_hand";
    course::save_page(&trace(), lesson)?;
    course::announce_exercise(lesson, "`wave_by_hand` in this file has a rule wrong. Find it, and mend it.");
    Ok(())
}

// ── The exercise ─────────────────────────────────────────────────────────────────────────────────

/// The derivatives of sin(x y) + x for x and y, by hand.
///
/// As it stands a rule is wrong.
pub fn wave_by_hand(x: f64, y: f64) -> (f64, f64) {
    // Forward.
    let product = x * y;
    // Backward: the sum copies to the sine and to x, …
    let (sine_b, mut x_b, mut y_b) = (1.0, 1.0, 0.0);
    // … the sine scales by the cosine, …
    let product_b = sine_b * product.cos();
    // … and the product hands on.
    x_b += product_b;
    y_b += product_b;
    (x_b, y_b)
}

/// Whether derivatives of sin(x y) + x are right: against finite differences.
///
/// # Panics
///
/// If it is not, with what it should be.
pub fn check_exercise(by_hand: impl Fn(f64, f64) -> (f64, f64)) {
    let wave = |x: f64, y: f64| (x * y).sin() + x;
    let h = 1e-5;
    for (x, y) in [(0.5, 2.0), (-1.0, 0.7), (3.0, 0.0)] {
        let (dx, dy) = by_hand(x, y);
        let expected_x = (wave(x + h, y) - wave(x - h, y)) / (2.0 * h);
        let expected_y = (wave(x, y + h) - wave(x, y - h)) / (2.0 * h);
        let cosine = (x * y).cos();
        let mistakes = [
            (1.0 + cosine, "The product passes on its gradient as it is. Multiply by the other factor, y."),
            (cosine * y, "The second term, + x, is missing: gradients of several uses add up."),
            (1.0 + cosine * x, "x and y are exchanged: the derivative of x y for x is y."),
            (1.0 + (x * y).sin() * y, "The derivative of the sine is the cosine."),
            (1.0 - cosine * y, "The sign of the cosine is wrong."),
        ];
        expect(&format!("∂/∂x at ({x}, {y})"), dx, expected_x, 1e-8, &mistakes);
        let mistakes = [
            (cosine, "The product passes on its gradient as it is. Multiply by the other factor, x."),
            (1.0 + cosine * x, "y has one use; the term + x has no part in it."),
            (cosine * y, "x and y are exchanged: the derivative of x y for y is x."),
            ((x * y).sin() * x, "The derivative of the sine is the cosine."),
            (-cosine * x, "The sign of the cosine is wrong."),
        ];
        expect(&format!("∂/∂y at ({x}, {y})"), dy, expected_y, 1e-8, &mistakes);
    }
}

#[test]
#[ignore = "the exercise: run it with `-- --ignored`"]
fn exercise() {
    check_exercise(wave_by_hand);
}
