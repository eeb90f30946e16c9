//! Handwritten digits, by a network 64-32-10 that is an ordinary function. `cargo run --release --example digits`.
//!
//! `loss` is plain Rust over `f64`; `#[differentiable]` writes `loss_grad_add` beside it, which adds the gradient into a
//! buffer that the training loop keeps. How many of the images held out are read rightly depends on which they are: other
//! splits give from 96 to 98 %.

#[path = "support/judge.rs"]
mod judge;
#[path = "support/picture.rs"]
mod picture;
#[path = "support/progress.rs"]
pub mod progress;

use gradus::datasets::{self, DataError, Dataset};
use gradus::differentiable;
use gradus::nn::{Mlp, argmax};
use gradus::optim::{Adam, Optimizer, Schedule};
use progress::Progress;
use std::error::Error;
use std::time::Instant;

const PIXELS: usize = 64;
const HIDDEN: usize = 32;
const CLASSES: usize = 10;

/// A score for each digit. Of every neuron the parameters hold its weights, then its bias.
#[differentiable]
fn scores(parameters: &[f64], #[constant] image: &[f64; PIXELS]) -> [f64; CLASSES] {
    let (first, second) = parameters.split_at(HIDDEN * (PIXELS + 1));
    let mut hidden = [0.0; HIDDEN];
    for i in 0..HIDDEN {
        let neuron = &first[i * (PIXELS + 1)..(i + 1) * (PIXELS + 1)];
        let sum: f64 = neuron[..PIXELS].iter().zip(image).map(|(w, x)| w * x).sum();
        hidden[i] = (sum + neuron[PIXELS]).max(0.0);
    }
    let mut scores = [0.0; CLASSES];
    for i in 0..CLASSES {
        let neuron = &second[i * (HIDDEN + 1)..(i + 1) * (HIDDEN + 1)];
        let sum: f64 = neuron[..HIDDEN].iter().zip(&hidden).map(|(w, x)| w * x).sum();
        scores[i] = sum + neuron[HIDDEN];
    }
    scores
}

/// The mean cross entropy of the images' classes.
#[differentiable]
fn loss(parameters: &[f64], #[constant] images: &[[f64; PIXELS]], labels: &[usize]) -> f64 {
    let mut total = 0.0;
    for (image, &label) in images.iter().zip(labels) {
        let scores = scores(parameters, image);
        // The greatest score is taken off, so that no exponential overflows.
        let greatest = scores.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let sum: f64 = scores.iter().map(|score| (score - greatest).exp()).sum();
        total += greatest + sum.ln() - scores[label];
    }
    total / images.len() as f64
}

/// What the training came to.
pub struct Run {
    /// The loss of each epoch.
    pub losses: Vec<f64>,
    /// What was held out to judge by.
    pub held_out: Dataset<PIXELS>,
    /// The class that each of those was taken for.
    pub guesses: Vec<usize>,
    /// The share of right guesses.
    pub accuracy: f64,
}

/// Learns from so many images in so many epochs, and is judged by 360 others.
///
/// # Errors
///
/// If the file of the data cannot be read.
pub fn train(images: usize, epochs: usize, mut progress: Progress) -> Result<Run, DataError> {
    let digits = datasets::digits(concat!(env!("CARGO_MANIFEST_DIR"), "/examples/data/digits.csv"))?;
    let (rest, held_out) = digits.split(360, 2);
    let data = rest.select(&(0..images.min(rest.len())).collect::<Vec<_>>());

    let mut parameters = Mlp::new(PIXELS, &[HIDDEN, CLASSES], 1).scaled().parameters();
    let mut gradient = vec![0.0; parameters.len()];
    let schedule = Schedule::Cosine { from: 0.01, to: 0.0, steps: epochs };
    let mut optimizer = Adam::new(0.01);
    let mut losses = Vec::new();
    for epoch in 0..epochs {
        optimizer.set_rate(schedule.rate(epoch));
        let mut total = 0.0;
        for batch in data.batches(32, epoch as u64) {
            gradient.fill(0.0);
            let loss = loss_grad_add(&parameters, &batch.inputs, &batch.labels, &mut gradient);
            optimizer.step(&mut parameters, &gradient);
            total += loss * batch.len() as f64;
        }
        losses.push(total / data.len() as f64);
        progress.step(|| format!("loss {:.4}", losses[epoch]));
    }
    progress.finish();
    let guesses: Vec<usize> =
        held_out.inputs.iter().map(|image| argmax(&scores(&parameters, image))).collect();
    let accuracy = judge::accuracy(&held_out.labels, &guesses);
    Ok(Run { losses, held_out, guesses, accuracy })
}

fn main() -> Result<(), Box<dyn Error>> {
    let start = Instant::now();
    let run = train(usize::MAX, 30, Progress::new(30, 5))?;
    let seconds = start.elapsed().as_secs_f64();
    println!("\nfinal loss {:.4}, in {seconds:.1} s", run.losses.last().copied().unwrap_or(f64::NAN));
    println!("accuracy on {} images held out: {:.1} %", run.held_out.len(), 100.0 * run.accuracy);
    println!("\na row for each digit, a column for what it was taken for:");
    judge::print_confusion(
        &judge::confusion(&run.held_out.labels, &run.guesses, CLASSES),
        &run.held_out.names,
    );

    let mistaken: Vec<([f64; PIXELS], String)> = (0..run.held_out.len())
        .filter(|&i| run.guesses[i] != run.held_out.labels[i])
        .map(|i| (run.held_out.inputs[i], format!("{} taken for {}", run.held_out.labels[i], run.guesses[i])))
        .collect();
    let (pictures, curve) = (picture::place("digits")?, picture::place("digits-loss")?);
    picture::images(&pictures, "The digits that were mistaken", &mistaken)?;
    picture::loss_curve(&curve, "Digits: the mean loss in each epoch", "epoch", &run.losses)?;
    println!("\npictures in target/pictures: digits.svg (the mistaken ones), digits-loss.svg");
    Ok(())
}
