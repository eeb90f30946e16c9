//! A network with long short-term memory, the weights of which are diagonal.

use gradus::{Activations, differentiable};
use serde::Deserialize;

/// Parameters, the state at the beginning, and a text in bits.
#[derive(Deserialize)]
pub struct Input {
    /// Of each layer weights, then biases: forget, input, output, change.
    main_params: Vec<Vec<f64>>,
    /// The weights of the input, and weights and biases of the output.
    extra_params: Vec<Vec<f64>>,
    /// Of each layer the hidden state, then the cells.
    state: Vec<Vec<f64>>,
    sequence: Vec<Vec<f64>>,
}

#[differentiable(compiled)]
fn loss(
    main: &[Vec<f64>],
    extra: &[Vec<f64>],
    #[constant] start: &[Vec<f64>],
    #[constant] sequence: &[Vec<f64>],
) -> f64 {
    let (layers, bits) = (main.len() / 2, extra[0].len());
    let mut state = start.to_vec();
    let mut total = 0.0;
    for t in 0..sequence.len() - 1 {
        let mut flowing = vec![0.0; bits];
        for i in 0..bits {
            flowing[i] = sequence[t][i] * extra[0][i];
        }
        for layer in 0..layers {
            let (weights, biases) = (&main[2 * layer], &main[2 * layer + 1]);
            for i in 0..bits {
                let hidden = state[2 * layer][i];
                let forget = (flowing[i] * weights[i] + biases[i]).sigmoid();
                let ingate = (hidden * weights[bits + i] + biases[bits + i]).sigmoid();
                let outgate = (flowing[i] * weights[2 * bits + i] + biases[2 * bits + i]).sigmoid();
                let change = (hidden * weights[3 * bits + i] + biases[3 * bits + i]).tanh();
                let cell = state[2 * layer + 1][i] * forget + ingate * change;
                state[2 * layer + 1][i] = cell;
                flowing[i] = outgate * cell.tanh();
                state[2 * layer][i] = flowing[i];
            }
        }
        let mut exponentials = 2.0;
        for i in 0..bits {
            flowing[i] = flowing[i] * extra[1][i] + extra[2][i];
            exponentials += flowing[i].exp();
        }
        let normal = exponentials.ln();
        for i in 0..bits {
            total += sequence[t + 1][i] * (flowing[i] - normal);
        }
    }
    -total / (bits * (sequence.len() - 1)) as f64
}

/// The loss.
pub fn objective(input: &Input) -> f64 {
    loss(&input.main_params, &input.extra_params, &input.state, &input.sequence)
}

/// Its gradient for all parameters, in a row.
pub fn jacobian(input: &Input) -> Vec<f64> {
    let (_, (main, extra)) =
        loss_grad(&input.main_params, &input.extra_params, &input.state, &input.sequence);
    main.into_iter().chain(extra).flatten().collect()
}
