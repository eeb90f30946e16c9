//! Three species of iris from four measurements. `cargo run --release --example iris`.
//!
//! Three scores, cross-entropy, and flowers held out to judge by.

#[path = "support/judge.rs"]
mod judge;
#[path = "support/picture.rs"]
mod picture;
#[path = "support/progress.rs"]
pub mod progress;

use gradus::Graph;
use gradus::datasets::{self, DataError, Dataset};
use gradus::nn::{Activation, Mlp, Scalar, argmax, mean_cross_entropy};
use gradus::optim::{Adam, Optimizer};
use progress::Progress;
use std::error::Error;

/// What the training came to.
pub struct Run {
    /// The loss in each step.
    pub losses: Vec<f64>,
    /// What was held out to judge by.
    pub held_out: Dataset<4>,
    /// The class that each of those was taken for.
    pub guesses: Vec<usize>,
    /// The share of right guesses.
    pub accuracy: f64,
}

/// Shifts and scales each measurement by the mean and the deviation that it has in `by`.
fn standardise(data: &mut Dataset<4>, by: &Dataset<4>) {
    for measurement in 0..4 {
        let column = || by.inputs.iter().map(|flower| flower[measurement]);
        let mean = column().sum::<f64>() / by.len() as f64;
        let variance = column().map(|x| (x - mean).powi(2)).sum::<f64>() / by.len() as f64;
        for flower in &mut data.inputs {
            flower[measurement] = (flower[measurement] - mean) / variance.sqrt();
        }
    }
}

fn loss<T: Scalar>(network: &Mlp<T>, data: &Dataset<4>) -> T {
    let scores: Vec<Vec<T>> = data.inputs.iter().map(|flower| network.forward(flower)).collect();
    mean_cross_entropy(&scores, &data.labels)
}

/// Learns from 105 flowers in so many steps, and is judged by 45 others.
///
/// # Errors
///
/// If the file of the data cannot be read.
pub fn train(steps: usize, mut progress: Progress) -> Result<Run, DataError> {
    let iris = datasets::iris(concat!(env!("CARGO_MANIFEST_DIR"), "/examples/data/iris.csv"))?;
    let (measured, mut held_out) = iris.split(45, 7);
    let mut data = measured.clone();
    standardise(&mut data, &measured);
    standardise(&mut held_out, &measured);

    let graph = Graph::new();
    let network = Mlp::new(4, &[8, 3], 7).hidden(Activation::Tanh).scaled().on(&graph);
    let mut optimizer = Adam::new(0.05);
    let mut losses = Vec::new();
    let start = graph.mark();
    for _ in 0..steps {
        graph.rewind(start);
        network.zero_grad();
        let loss = loss(&network, &data);
        loss.backward();
        optimizer.step_values(&network.parameters());
        losses.push(loss.data());
        progress.step(|| format!("loss {:.4}", loss.data()));
    }
    progress.finish();
    let network = network.plain();
    let guesses: Vec<usize> = held_out.inputs.iter().map(|flower| argmax(&network.forward(flower))).collect();
    let accuracy = judge::accuracy(&held_out.labels, &guesses);
    Ok(Run { losses, held_out, guesses, accuracy })
}

fn main() -> Result<(), Box<dyn Error>> {
    let run = train(100, Progress::new(100, 10))?;
    println!("\nfinal loss {:.4}", run.losses.last().copied().unwrap_or(f64::NAN));
    println!("accuracy on {} flowers held out: {:.1} %", run.held_out.len(), 100.0 * run.accuracy);
    println!("\na row for each species, a column for what it was taken for:");
    judge::print_confusion(&judge::confusion(&run.held_out.labels, &run.guesses, 3), &run.held_out.names);

    let curve = picture::place("iris-loss")?;
    picture::loss_curve(&curve, "Iris: the loss in each step", "step", &run.losses)?;
    println!("\npicture in target/pictures: iris-loss.svg");
    Ok(())
}
