//! A circle within a circle, learned in batches. `cargo run --release --example circles`.
//!
//! The network stays plain numbers; each batch makes a graph of its own, gives its gradient, and is gone.

#[path = "support/picture.rs"]
mod picture;
#[path = "support/progress.rs"]
pub mod progress;

use gradus::datasets::{self, Dataset};
use gradus::nn::{Activation, Mlp, Scalar, max_margin};
use gradus::optim::{AdamW, Optimizer, Schedule};
use progress::Progress;
use std::error::Error;

/// What the training came to.
pub struct Run {
    /// The network after the last step.
    pub network: Mlp,
    /// The loss of each epoch.
    pub losses: Vec<f64>,
    /// What was held out to judge by.
    pub held_out: Dataset<2>,
    /// The share of right guesses.
    pub accuracy: f64,
}

fn loss<T: Scalar>(network: &Mlp<T>, data: &Dataset<2>) -> T {
    let scores: Vec<T> = data.inputs.iter().map(|x| network.forward(x)[0]).collect();
    max_margin(&scores, &data.signs())
}

/// The share of samples on their side of 0.
fn accuracy(network: &Mlp, data: &Dataset<2>) -> f64 {
    let on_its_side = |(x, sign): &(&[f64; 2], f64)| network.forward(*x)[0] * sign > 0.0;
    let right = data.inputs.iter().zip(data.signs()).filter(on_its_side).count();
    right as f64 / data.len() as f64
}

/// Learns from 200 points in so many epochs, and is judged by 100 others.
pub fn train(epochs: usize, mut progress: Progress) -> Run {
    let (data, held_out) = datasets::circles(300, 0.08, 3).split(100, 3);
    let mut network = Mlp::new(2, &[8, 1], 5).hidden(Activation::Tanh);
    let mut parameters = network.parameters();
    let schedule = Schedule::Cosine { from: 0.05, to: 0.005, steps: epochs };
    let mut optimizer = AdamW::new(0.05);
    let mut losses = Vec::new();
    for epoch in 0..epochs {
        optimizer.set_rate(schedule.rate(epoch));
        for batch in data.batches(25, epoch as u64) {
            let (_, gradient) = network.value_and_grad(|network| loss(network, &batch));
            optimizer.step(&mut parameters, &gradient);
            network.set_parameters(&parameters);
        }
        losses.push(loss(&network, &data));
        progress.step(|| format!("loss {:.4}", losses[epoch]));
    }
    progress.finish();
    let accuracy = accuracy(&network, &held_out);
    Run { network, losses, held_out, accuracy }
}

fn main() -> Result<(), Box<dyn Error>> {
    let run = train(60, Progress::new(60, 10));
    println!("\nfinal loss {:.4}", run.losses.last().copied().unwrap_or(f64::NAN));
    println!("accuracy on {} points held out: {:.0} %", run.held_out.len(), 100.0 * run.accuracy);

    let (plane, curve) = (picture::place("circles")?, picture::place("circles-loss")?);
    let score = |x: &[f64; 2]| run.network.forward(x)[0];
    picture::decision_boundary(&plane, "Circles: the points held out", &run.held_out, score)?;
    picture::loss_curve(&curve, "Circles: the loss after each epoch", "epoch", &run.losses)?;
    println!("pictures in target/pictures: circles.svg, circles-loss.svg");
    Ok(())
}
