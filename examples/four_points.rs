//! Four points and a network 3-4-4-1, as published and mended. `cargo run --release --example four_points`.
//!
//! A classic first lesson: four samples of three numbers, targets 1, −1, −1, 1, the sum of the squared errors, 100 epochs
//! of gradient descent at a rate of 0.01. In one published form every neuron is a rectifier, the last one too. A rectifier
//! never puts out less than 0: for the two targets of −1 it misses by at least 1 each, and however long it learns, the
//! loss cannot fall below 2. With most other seeds it is worse: once the output is 0 for all four samples the derivative of
//! the rectifier is 0 too, nothing learns any more, and the loss stays at 4. A linear last neuron can put out anything.

use gradus::Graph;
use gradus::nn::{Activation, Mlp, Scalar};
use gradus::optim::{Optimizer, Sgd};

const INPUTS: [[f64; 3]; 4] = [[2.0, 3.0, -1.0], [3.0, -1.0, 0.5], [0.5, 1.0, 1.0], [1.0, 1.0, -1.0]];
const TARGETS: [f64; 4] = [1.0, -1.0, -1.0, 1.0];

/// The sum of the squared errors.
fn loss<T: Scalar>(network: &Mlp<T>) -> T {
    let misses = INPUTS.iter().zip(TARGETS).map(|(x, target)| network.forward(x)[0] - target);
    misses.map(|miss| miss * miss).sum()
}

/// The network, with the loss before each of so many epochs and after the last.
pub fn train(last: Activation, epochs: usize) -> (Mlp, Vec<f64>) {
    let graph = Graph::new();
    let network = Mlp::new(3, &[4, 4, 1], 6).output(last).on(&graph);
    let mut optimizer = Sgd::new(0.01);
    let mut losses = Vec::new();
    let start = graph.mark();
    for _ in 0..epochs {
        graph.rewind(start);
        network.zero_grad();
        let loss = loss(&network);
        loss.backward();
        optimizer.step_values(&network.parameters());
        losses.push(loss.data());
    }
    let network = network.plain();
    losses.push(loss(&network));
    (network, losses)
}

fn main() {
    let (published, published_losses) = train(Activation::Relu, 100);
    let (mended, mended_losses) = train(Activation::Linear, 100);
    println!("{published}\nand with a linear last neuron\n{mended}\n");
    println!("{:>8}{:>18}{:>18}", "epoch", "ReLU last: loss", "linear last: loss");
    for (epoch, (published, mended)) in published_losses.iter().zip(&mended_losses).enumerate().step_by(10) {
        println!("{epoch:>8}{published:>18.6}{mended:>18.6}");
    }
    println!("\n{:>8}{:>18}{:>18}", "target", "ReLU last", "linear last");
    for (x, target) in INPUTS.iter().zip(TARGETS) {
        println!("{target:>8}{:>18.6}{:>18.6}", published.forward(x)[0], mended.forward(x)[0]);
    }
    println!(
        "\nA rectifier's output is never below 0: each target of -1 is missed by at least 1, and the loss is at least 2."
    );
}
