//! micrograd's demo: a network 2-16-16-1 tells two moons apart. `cargo run --release --example moons`.
//!
//! <https://github.com/karpathy/micrograd/blob/master/demo.ipynb>: a hundred points, the max-margin loss with a little L2,
//! a hundred steps of gradient descent over all points, with a rate that falls from 1 to 0.1.

#[path = "support/picture.rs"]
mod picture;
#[path = "support/progress.rs"]
pub mod progress;

use gradus::Graph;
use gradus::datasets::{self, Dataset};
use gradus::nn::{Mlp, Scalar, l2, max_margin};
use gradus::optim::{Optimizer, Schedule, Sgd};
use progress::Progress;
use std::error::Error;

/// What the training came to.
pub struct Run {
    /// The points.
    pub data: Dataset<2>,
    /// The network after the last step.
    pub network: Mlp,
    /// The loss in each step.
    pub losses: Vec<f64>,
    /// The share of right guesses.
    pub accuracy: f64,
}

/// The total loss, and the share of points on their side.
fn judge<T: Scalar>(network: &Mlp<T>, data: &Dataset<2>) -> (T, f64) {
    let scores: Vec<T> = data.inputs.iter().map(|x| network.forward(x)[0]).collect();
    let signs = data.signs();
    let right = scores.iter().zip(&signs).filter(|(score, sign)| score.data() * **sign > 0.0).count();
    let loss = max_margin(&scores, &signs) + l2(&network.parameters()) * 1e-4;
    (loss, right as f64 / data.len() as f64)
}

/// Trains on so many points in so many steps.
pub fn train(points: usize, steps: usize, mut progress: Progress) -> Run {
    let data = datasets::moons(points, 0.1, 1337);
    let graph = Graph::new();
    let network = Mlp::new(2, &[16, 16, 1], 1337).on(&graph);
    let schedule = Schedule::Linear { from: 1.0, to: 0.1, steps };
    let mut optimizer = Sgd::new(1.0);
    let mut losses = Vec::new();
    let start = graph.mark();
    for step in 0..steps {
        graph.rewind(start);
        network.zero_grad();
        let (loss, accuracy) = judge(&network, &data);
        loss.backward();
        optimizer.set_rate(schedule.rate(step));
        optimizer.step_values(&network.parameters());
        losses.push(loss.data());
        progress.step(|| format!("loss {:.4}  accuracy {:.0} %", loss.data(), 100.0 * accuracy));
    }
    progress.finish();
    let network = network.plain();
    let (_, accuracy) = judge(&network, &data);
    Run { data, network, losses, accuracy }
}

fn main() -> Result<(), Box<dyn Error>> {
    let run = train(100, 100, Progress::new(100, 10));
    let parameters = run.network.parameters().len();
    println!("\n{parameters} parameters; final loss {:.4}", judge(&run.network, &run.data).0);
    println!("accuracy {:.0} %", 100.0 * run.accuracy);

    let (plane, curve) = (picture::place("moons")?, picture::place("moons-loss")?);
    let score = |x: &[f64; 2]| run.network.forward(x)[0];
    picture::decision_boundary(&plane, "Two moons, told apart by a network 2-16-16-1", &run.data, score)?;
    picture::loss_curve(&curve, "Two moons: the loss in each step", "step", &run.losses)?;
    println!("pictures in target/pictures: moons.svg, moons-loss.svg");
    Ok(())
}
