//! Lesson 4: accumulation and zeroing. `cargo run --example 04_accumulation`.
//!
//! Gradients add up: within a pass, where ways meet; over passes, where samples are summed. Both are wanted, and so
//! somebody must say when a new sum begins.

#[path = "support/course.rs"]
mod course;

use course::expect;

use gradus::{Graph, Trace, differentiable};
use std::error::Error;

/// Uses its argument three times.
#[differentiable]
fn parabola(a: f64) -> f64 {
    a * a + a
}

/// The gradient of a² + a at 3 after one backward pass, after a second on top of it, and after zeroing and a third.
pub fn passes() -> [f64; 3] {
    let graph = Graph::new();
    let a = graph.value(3.0);
    let y = a * a + a;
    y.backward();
    let first = a.grad();
    y.backward();
    let second = a.grad();
    graph.zero_grad();
    y.backward();
    [first, second, a.grad()]
}

/// Points on the line of slope 2.
pub const SAMPLES: [(f64, f64); 3] = [(1.0, 2.0), (2.0, 4.0), (3.0, 6.0)];

/// How far the line of slope `w` is from a sample: the samples carry no gradient.
#[differentiable]
pub fn miss(w: f64, #[constant] x: f64, #[constant] y: f64) -> f64 {
    (w * x - y).powi(2)
}

/// The gradient of the sum of all misses at `w`, as it grows sample by sample in one buffer.
pub fn running_sum(w: f64) -> Vec<f64> {
    let mut gradient = 0.0;
    let add = |(x, y)| {
        miss_grad_add(w, x, y, &mut gradient);
        gradient
    };
    SAMPLES.map(add).to_vec()
}

/// The slopes after each step of gradient descent from 0, where the buffer is zeroed before each step or never.
pub fn descend(zeroing: bool, steps: usize) -> Vec<f64> {
    let (mut w, mut gradient) = (0.0, 0.0);
    let step = |_| {
        if zeroing {
            gradient = 0.0;
        }
        for (x, y) in SAMPLES {
            miss_grad_add(w, x, y, &mut gradient);
        }
        w -= 0.01 * gradient;
        w
    };
    (0..steps).map(step).collect()
}

/// The parabola's graph at 3, for the page.
pub fn trace() -> Trace {
    parabola_graph(3.0)
}

fn main() -> Result<(), Box<dyn Error>> {
    println!("Within a pass: y = a · a + a at a = 3 uses a three times, worth 3, 3 and 1.\n");
    let [first, second, third] = passes();
    println!("{:<40}{first:>6}", "after backward");
    println!("{:<40}{second:>6}", "after backward once more");
    println!("{:<40}{third:>6}", "after zero_grad and backward");

    println!(
        "\nOver passes: the gradient of a sum over samples is the sum of their gradients, in one buffer:\n"
    );
    for ((x, y), gradient) in SAMPLES.iter().zip(running_sum(0.0)) {
        println!("after the sample ({x}, {y}){gradient:>12}");
    }

    println!("\nWhen a step begins, a new sum begins. The slope of those samples on its way to 2:\n");
    println!("{:>6}{:>12}{:>14}", "step", "zeroed", "never zeroed");
    let (zeroed, kept) = (descend(true, 24), descend(false, 24));
    for step in [1, 2, 3, 4, 6, 8, 12, 16, 24] {
        println!("{step:>6}{:>12.4}{:>14.4}", zeroed[step - 1], kept[step - 1]);
    }
    println!(
        "\nWithout zeroing, every step repeats all earlier gradients, so w oscillates and never converges."
    );

    let lesson = "04_accumulation";
    course::save_page(&trace(), lesson)?;
    course::announce_exercise(
        lesson,
        "`train` in this file learns from samples in batches, and never arrives. Mend it.",
    );
    Ok(())
}

// ── The exercise ─────────────────────────────────────────────────────────────────────────────────

/// The slope after so many *epochs* of gradient descent from 0: an epoch takes the batches one after the other, and makes one
/// step for each, along the sum of its samples' gradients.
///
/// As it stands something is missing, or in the wrong place.
pub fn train(batches: &[&[(f64, f64)]], epochs: usize, rate: f64) -> f64 {
    let mut w = 0.0;
    let mut gradient = 0.0;
    for _ in 0..epochs {
        for batch in batches {
            for &(x, y) in *batch {
                miss_grad_add(w, x, y, &mut gradient);
            }
            w -= rate * gradient;
        }
    }
    w
}

/// When a mistaken training zeroes its gradient.
#[derive(Clone, Copy, PartialEq)]
enum Zeroed {
    Never,
    EachEpoch,
    EachBatch,
    EachSample,
}

/// The slope by a training that zeroes its gradient at these times: what the check knows wrong answers by.
fn mistaken(batches: &[&[(f64, f64)]], epochs: usize, rate: f64, zeroed: Zeroed) -> f64 {
    let (mut w, mut gradient) = (0.0, 0.0);
    for _ in 0..epochs {
        if zeroed == Zeroed::EachEpoch {
            gradient = 0.0;
        }
        for batch in batches {
            if zeroed == Zeroed::EachBatch {
                gradient = 0.0;
            }
            for (x, y) in *batch {
                if zeroed == Zeroed::EachSample {
                    gradient = 0.0;
                }
                gradient += 2.0 * x * (w * x - y);
            }
            w -= rate * gradient;
        }
    }
    w
}

/// Whether training is right: a step makes the distance from 2 smaller by the factor 1 − 2 · rate · Σ x².
///
/// # Panics
///
/// If it is not, with what it should be.
pub fn check_exercise(train: impl Fn(&[&[(f64, f64)]], usize, f64) -> f64) {
    let batches: &[&[(f64, f64)]] = &[&SAMPLES[..2], &SAMPLES[2..]];
    for epochs in [1, 2, 10, 40] {
        let expected = 2.0 - (0..epochs).fold(2.0, |distance, _| distance * 0.9 * 0.82);
        let w = train(batches, epochs, 0.01);
        let mistakes = [
            (
                mistaken(batches, epochs, 0.01, Zeroed::Never),
                "The gradient is never zeroed: each step takes all earlier ones again.",
            ),
            (
                mistaken(batches, epochs, 0.01, Zeroed::EachEpoch),
                "The gradient is zeroed once an epoch. Each batch is a step of its own.",
            ),
            (
                mistaken(batches, epochs, 0.01, Zeroed::EachSample),
                "The gradient is zeroed before each sample: of a batch only the last one counts.",
            ),
            (
                mistaken(&[&SAMPLES], epochs, 0.01, Zeroed::EachBatch),
                "There is one step an epoch. Each batch is a step of its own.",
            ),
            (4.0 - expected, "The step goes up: subtract the gradient."),
        ];
        expect(&format!("w after {epochs} epochs"), w, expected, 1e-12, &mistakes);
    }
}

#[test]
#[ignore = "the exercise: run it with `-- --ignored`"]
fn exercise() {
    check_exercise(train);
}
