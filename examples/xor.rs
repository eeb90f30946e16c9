//! The exclusive or, which no single neuron can compute: `cargo run --release --example xor`.
//!
//! The whole of training in a few lines: parameters on a graph, a loss, its gradient, a step, and again.

#[path = "support/progress.rs"]
pub mod progress;

use gradus::Graph;
use gradus::datasets::{self, Dataset};
use gradus::nn::{Activation, Mlp, Scalar, mean_squared_error};
use gradus::optim::{Optimizer, Sgd};
use progress::Progress;

/// The mean squared error of the network's one output against the class, 0 or 1.
fn loss<T: Scalar>(network: &Mlp<T>, data: &Dataset<2>) -> T {
    let outputs: Vec<T> = data.inputs.iter().map(|x| network.forward(x)[0]).collect();
    let targets: Vec<f64> = data.labels.iter().map(|&label| label as f64).collect();
    mean_squared_error(&outputs, &targets)
}

/// The trained network, and its loss.
pub fn train(steps: usize, mut progress: Progress) -> (Mlp, f64) {
    let data = datasets::xor(4, 0.0, 0);
    let graph = Graph::new();
    let network = Mlp::new(2, &[4, 1], 42).hidden(Activation::Tanh).on(&graph);
    let mut optimizer = Sgd::new(0.1).momentum(0.9);
    let start = graph.mark();
    for _ in 0..steps {
        graph.rewind(start); // removes what the step before recorded
        network.zero_grad();
        let loss = loss(&network, &data);
        loss.backward();
        optimizer.step_values(&network.parameters());
        progress.step(|| format!("loss {:.2e}", loss.data()));
    }
    progress.finish();
    let trained = network.plain();
    let loss = loss(&trained, &data);
    (trained, loss)
}

fn main() {
    let (network, loss) = train(300, Progress::new(300, 50));
    println!("\n{network}\n\nfinal loss {loss:.2e}");
    for x in datasets::xor(4, 0.0, 0).inputs {
        println!("    {} xor {} = {:.4}", x[0], x[1], network.forward(&x)[0]);
    }
}
