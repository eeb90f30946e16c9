//! Lesson 5: a neuron learns. `cargo run --example 05_a_neuron`.
//!
//! Two weights, a bias and a tanh learn the logical *or*, on values by hand: forward, backward, a small step against the
//! gradient, and again.

#[path = "support/course.rs"]
mod course;

use course::expect;

use gradus::{Graph, Trace, Value, differentiable};
use std::error::Error;

/// The logical *or*, with −1 for false and 1 for true: two inputs and the wanted output.
pub const SAMPLES: [([f64; 2], f64); 4] =
    [([-1.0, -1.0], -1.0), ([-1.0, 1.0], 1.0), ([1.0, -1.0], 1.0), ([1.0, 1.0], 1.0)];

/// The two weights and the bias before the first step.
pub const START: [f64; 3] = [0.5, -0.3, 0.0];

/// How long a step is, measured in gradients.
pub const RATE: f64 = 0.1;

fn neuron([w1, w2, b]: [Value<'_>; 3], x: [f64; 2]) -> Value<'_> {
    (w1 * x[0] + w2 * x[1] + b).tanh()
}

/// The loss before each step, and the parameters after the last.
pub fn train(steps: usize) -> (Vec<f64>, [f64; 3]) {
    let graph = Graph::new();
    let parameters = START.map(|start| graph.value(start));
    let after_parameters = graph.mark();
    let mut losses = Vec::new();
    for _ in 0..steps {
        graph.rewind(after_parameters); // what the last step has recorded goes, the parameters stay
        graph.zero_grad();
        let loss: Value = SAMPLES.iter().map(|&(x, wanted)| (neuron(parameters, x) - wanted).powi(2)).sum();
        loss.backward();
        losses.push(loss.data());
        for parameter in parameters {
            parameter.set_data(parameter.data() - RATE * parameter.grad());
        }
    }
    (losses, parameters.map(Value::data))
}

/// The loss of one sample, for the page.
#[differentiable]
fn loss(w1: f64, w2: f64, b: f64, #[constant] x: [f64; 2], #[constant] wanted: f64) -> f64 {
    let n = w1 * x[0] + w2 * x[1] + b;
    let output = n.tanh();
    (output - wanted).powi(2)
}

/// The graph of the loss of the second sample before the first step, for the page.
pub fn trace() -> Trace {
    let ([w1, w2, b], (x, wanted)) = (START, SAMPLES[1]);
    loss_graph(w1, w2, b, x, wanted)
}

fn main() -> Result<(), Box<dyn Error>> {
    let steps = 200;
    let (losses, [w1, w2, b]) = train(steps);
    println!("A neuron learns `or`: tanh(w1 x1 + w2 x2 + b), {steps} steps against the gradient.\n");
    println!("{:>6}{:>12}", "step", "loss");
    for step in [0, 1, 2, 5, 10, 50, 199] {
        println!("{step:>6}{:>12.6}", losses[step]);
    }
    println!(
        "\nw1 = {w1:.4}, w2 = {w2:.4}, b = {b:.4}: either input outweighs the other, and the bias decides.\n"
    );
    println!("{:>6}{:>6}{:>10}{:>10}", "x1", "x2", "wanted", "output");
    for (x, wanted) in SAMPLES {
        let output = (w1 * x[0] + w2 * x[1] + b).tanh();
        println!("{:>6}{:>6}{wanted:>10}{output:>10.4}", x[0], x[1]);
    }

    let lesson = "05_a_neuron";
    course::save_page(&trace(), lesson)?;
    course::announce_exercise(
        lesson,
        "`sigmoid` in this file is the identity. Build it from `exp`, `+` and `/`.",
    );
    Ok(())
}

// ── The exercise ─────────────────────────────────────────────────────────────────────────────────

/// The logistic sigmoid, 1/(1 + e⁻ⁿ), another way to squash a sum; made of operations that values have.
///
/// As it stands it hands its operand through.
pub fn sigmoid(n: Value<'_>) -> Value<'_> {
    n
}

/// Whether a sigmoid s is right: its value, and its derivative s (1 − s).
///
/// # Panics
///
/// If it is not, with what it should be.
pub fn check_exercise(sigmoid: impl for<'g> Fn(Value<'g>) -> Value<'g>) {
    for at in [-2.0, 0.0, 0.4, 3.0] {
        let graph = Graph::new();
        let n = graph.value(at);
        let s = sigmoid(n);
        s.backward();
        let expected = 0.5 + 0.5 * (0.5 * at).tanh();
        let mistakes = [
            (at, "This is the operand."),
            (1.0 - expected, "The sign in the exponent is wrong: e⁻ⁿ."),
            (at.tanh(), "This is tanh, which lies between −1 and 1."),
            (1.0 + (-at).exp(), "This is the denominator; take 1 divided by it."),
        ];
        expect(&format!("sigmoid({at})"), s.data(), expected, 1e-15, &mistakes);
        let slope = expected * (1.0 - expected);
        let mistakes = [
            (0.0, "Nothing flows back: a plain number was taken on the way."),
            (expected, "This is the value s; the derivative is s (1 − s)."),
            (-slope, "The sign is wrong."),
        ];
        expect(&format!("the derivative of sigmoid at {at}"), n.grad(), slope, 1e-15, &mistakes);
    }
}

#[test]
#[ignore = "the exercise: run it with `-- --ignored`"]
fn exercise() {
    check_exercise(sigmoid);
}
