//! The graph of micrograd's demo: a network 2-16-16-1 with `relu`s, its max-margin loss on 100 samples, and the squares of
//! its 337 parameters. <https://github.com/karpathy/micrograd/blob/master/demo.ipynb>

use crate::data::{rows, uniform};
use std::ops::{Add, Mul};

/// A number of a tape. Everything here makes one node.
pub trait Scalar:
    Copy + Add<Output = Self> + Mul<Output = Self> + Add<f64, Output = Self> + Mul<f64, Output = Self>
{
    /// The plain value.
    fn value(self) -> f64;

    /// max(x, 0); where a tape has no such operation the cheapest that does it.
    #[inline]
    fn relu(self) -> Self {
        self * if self.value() > 0.0 { 1.0 } else { 0.0 }
    }
}

/// Neurons of a hidden layer.
const H: usize = 16;
/// Weights and biases of the network.
pub const PARAMETERS: usize = 3 * H + (H + 1) * H + H + 1;
/// Samples of the demo.
pub const SAMPLES: usize = 100;

/// How many operations the graph has: 640 a sample for the network and 3 for its loss, the sums, and the squares.
pub const fn operations(samples: usize) -> usize {
    let network = H * (2 + 2 + 1) + H * (H + H + 1) + (H + H);
    let sums = (samples - 1) + (PARAMETERS - 1);
    samples * (network + 3) + PARAMETERS + sums + 3
}

/// Parameters, inputs, and labels of ±1.
pub struct Data {
    /// Every neuron's weights and then its bias, layer by layer.
    pub parameters: Vec<f64>,
    /// The points.
    pub inputs: Vec<[f64; 2]>,
    /// What they are.
    pub labels: Vec<f64>,
}

impl Data {
    /// The same every time.
    pub fn new(samples: usize) -> Data {
        let inputs = rows(samples, 22, -1.0..1.0);
        // On which side of a wave.
        let labels =
            inputs.iter().map(|[x, y]| if *y > 0.5 * (3.0 * x).sin() { 1.0 } else { -1.0 }).collect();
        Data { parameters: uniform(PARAMETERS, 21, -1.0..1.0), inputs, labels }
    }
}

/// The loss, as the demo computes it: neurons begin with their bias, sums with their first element.
#[inline]
pub fn loss<T: Scalar>(parameters: &[T], inputs: &[[T; 2]], labels: &[f64]) -> T {
    let scores = inputs.iter().map(|input| {
        let (mut rest, mut first, mut second) = (parameters, [parameters[0]; H], [parameters[0]; H]);
        for output in &mut first {
            *output = neuron(&mut rest, input).relu();
        }
        for output in &mut second {
            *output = neuron(&mut rest, &first).relu();
        }
        neuron(&mut rest, &second)
    });
    let losses = scores.zip(labels).map(|(score, &label)| (score * -label + 1.0).relu());
    let data = sum(losses) * (1.0 / inputs.len() as f64);
    let squares = sum(parameters.iter().map(|&p| p * p)) * 1e-4;
    data + squares
}

/// Takes a neuron's parameters from the front.
#[inline]
fn neuron<T: Scalar, const N: usize>(parameters: &mut &[T], inputs: &[T; N]) -> T {
    let (weights, rest) = parameters.split_at(N);
    let (bias, rest) = rest.split_first().expect("a neuron has a bias");
    *parameters = rest;
    weights.iter().zip(inputs).fold(*bias, |sum, (&w, &x)| sum + w * x)
}

#[inline]
fn sum<T: Scalar>(terms: impl Iterator<Item = T>) -> T {
    terms.reduce(|sum, term| sum + term).expect("a sum of something")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_count_is_the_demos() {
        assert_eq!((PARAMETERS, operations(SAMPLES)), (337, 65_075));
    }

    #[test]
    fn the_graph_has_as_many_nodes() {
        let graph = gradus::Graph::new();
        let data = Data::new(7);
        let parameters: Vec<_> = data.parameters.iter().map(|&p| graph.value(p)).collect();
        let inputs: Vec<_> = data.inputs.iter().map(|input| input.map(|x| graph.value(x))).collect();
        let before = graph.len();
        loss(&parameters, &inputs, &data.labels);
        assert_eq!(graph.len() - before, operations(7));
    }
}
