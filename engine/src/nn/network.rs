//! Neurons, layers of them, and layers upon layers.

use super::{Activation, Scalar};
use crate::graph::Graph;
use crate::graph::Value;
use rand::rngs::Xoshiro256PlusPlus;
use rand::{RngExt, SeedableRng};
use std::fmt;

/// A neuron: the weighted sum of its inputs and a bias, passed through an activation.
///
/// ```
/// use gradus::nn::{Activation, Neuron};
/// let neuron = Neuron { weights: vec![2.0, -1.0], bias: 0.5, activation: Activation::Relu };
/// assert_eq!(neuron.forward(&[1.0, 0.5]), 2.0);
/// assert_eq!(neuron.to_string(), "ReLUNeuron(2)");
/// ```
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Neuron<T = f64> {
    /// A weight for each input.
    pub weights: Vec<T>,
    /// What is added to the weighted inputs.
    pub bias: T,
    /// What the sum is passed through.
    pub activation: Activation,
}

/// Neurons side by side, all with the same inputs.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(
    feature = "serde",
    serde(bound(serialize = "T: serde::Serialize", deserialize = "T: serde::Deserialize<'de>"))
)]
pub struct Layer<T = f64> {
    /// The neurons; each makes one output.
    #[cfg_attr(feature = "serde", serde(with = "super::fitting::of_layer"))]
    pub neurons: Vec<Neuron<T>>,
}

/// A multi-layer perceptron: layers one after the other, each fed with the outputs of the one before.
///
/// ```
/// use gradus::nn::Mlp;
/// let network = Mlp::new(2, &[2, 1], 0);
/// assert_eq!(
///     network.to_string(),
///     "MLP of [Layer of [ReLUNeuron(2), ReLUNeuron(2)], Layer of [LinearNeuron(2)]]",
/// );
/// ```
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(
    feature = "serde",
    serde(bound(serialize = "T: serde::Serialize", deserialize = "T: serde::Deserialize<'de>"))
)]
pub struct Mlp<T = f64> {
    /// The layers, the one that meets the inputs first.
    #[cfg_attr(feature = "serde", serde(with = "super::fitting::of_network"))]
    pub layers: Vec<Layer<T>>,
}

// ── Making them ──────────────────────────────────────────────────────────────────────────────────

impl Neuron {
    /// A neuron with random weights, uniform in [−1, 1), and no bias. The same seed makes the same neuron.
    pub fn new(inputs: usize, activation: Activation, seed: u64) -> Neuron {
        Neuron::random(inputs, activation, &mut Xoshiro256PlusPlus::seed_from_u64(seed))
    }

    fn random(inputs: usize, activation: Activation, rng: &mut Xoshiro256PlusPlus) -> Neuron {
        let weights = (0..inputs).map(|_| rng.random_range(-1.0..1.0)).collect();
        Neuron { weights, bias: 0.0, activation }
    }
}

impl Layer {
    /// A layer of `outputs` neurons with random weights, as by [`Neuron::new`].
    pub fn new(inputs: usize, outputs: usize, activation: Activation, seed: u64) -> Layer {
        Layer::random(inputs, outputs, activation, &mut Xoshiro256PlusPlus::seed_from_u64(seed))
    }

    fn random(inputs: usize, outputs: usize, activation: Activation, rng: &mut Xoshiro256PlusPlus) -> Layer {
        Layer { neurons: (0..outputs).map(|_| Neuron::random(inputs, activation, rng)).collect() }
    }
}

impl Mlp {
    /// A network with so many inputs, and a layer of each of these numbers of neurons; as in micrograd, the weights
    /// are random, uniform in [−1, 1), the biases 0, the last layer is linear, and the others are rectifiers.
    /// The same seed makes the same network.
    ///
    /// # Panics
    ///
    /// If there is no layer, or a layer or the inputs are empty.
    #[track_caller]
    pub fn new(inputs: usize, layers: &[usize], seed: u64) -> Mlp {
        assert!(!layers.is_empty(), "a network needs a layer");
        assert!(inputs > 0 && !layers.contains(&0), "a network needs inputs, and neurons in each layer");
        let rng = &mut Xoshiro256PlusPlus::seed_from_u64(seed);
        let widths = [&[inputs], layers].concat();
        let layers = widths.windows(2).map(|width| Layer::random(width[0], width[1], Activation::Relu, rng));
        Mlp { layers: layers.collect() }.output(Activation::Linear)
    }

    /// The network with each neuron's weights divided by the square root of their number, so that sums stay of the
    /// size of the inputs however many there are: uniform in ±1/√inputs, as `torch.nn.Linear` draws them.
    ///
    /// ```
    /// use gradus::nn::Mlp;
    /// let network = Mlp::new(64, &[32, 10], 1).scaled();
    /// assert!(network.layers[0].neurons[0].weights.iter().all(|w| w.abs() <= 1.0 / 8.0));
    /// ```
    #[must_use = "it makes a new network"]
    pub fn scaled(mut self) -> Mlp {
        for neuron in self.layers.iter_mut().flat_map(|layer| &mut layer.neurons) {
            let scale = 1.0 / (neuron.weights.len() as f64).sqrt();
            neuron.weights.iter_mut().for_each(|weight| *weight *= scale);
        }
        self
    }

    /// Takes the parameters from a row in the order of [`parameters`](Mlp::parameters).
    ///
    /// # Panics
    ///
    /// If their number is another.
    #[track_caller]
    pub fn set_parameters(&mut self, parameters: &[f64]) {
        let number = self.parameters().len();
        assert_eq!(parameters.len(), number, "{} parameters for a network of {number}", parameters.len());
        let mut parameters = parameters.iter();
        *self = self.map(|old| parameters.next().copied().unwrap_or(old));
    }

    /// The network on a graph: a copy whose parameters are inputs of the graph.
    #[track_caller]
    pub fn on<'g>(&self, graph: &'g Graph) -> Mlp<Value<'g>> {
        self.map(|parameter| graph.value(parameter))
    }

    /// The value of a loss, and its gradient for the parameters in the order of [`parameters`](Mlp::parameters), by
    /// a graph of its own.
    ///
    /// ```
    /// use gradus::nn::Mlp;
    /// let network = Mlp::new(1, &[1], 3); // w·x + b
    /// let (value, gradient) = network.value_and_grad(|network| network.forward(&[5.0])[0]);
    /// assert_eq!(value, network.forward(&[5.0])[0]);
    /// assert_eq!(gradient, [5.0, 1.0]);
    /// ```
    pub fn value_and_grad<F>(&self, loss: F) -> (f64, Vec<f64>)
    where
        F: for<'g> FnOnce(&Mlp<Value<'g>>) -> Value<'g>,
    {
        let graph = Graph::new();
        let network = self.on(&graph);
        let loss = loss(&network);
        loss.backward();
        (loss.data(), network.gradient())
    }
}

impl<T> Mlp<T> {
    /// The network with this activation in all layers but the last.
    #[must_use = "it makes a new network"]
    pub fn hidden(mut self, activation: Activation) -> Mlp<T> {
        let last = self.layers.len().saturating_sub(1);
        let hidden = self.layers[..last].iter_mut().flat_map(|layer| &mut layer.neurons);
        hidden.for_each(|neuron| neuron.activation = activation);
        self
    }

    /// The network with this activation in the last layer.
    #[must_use = "it makes a new network"]
    pub fn output(mut self, activation: Activation) -> Mlp<T> {
        let last = self.layers.iter_mut().next_back();
        last.into_iter()
            .flat_map(|layer| &mut layer.neurons)
            .for_each(|neuron| neuron.activation = activation);
        self
    }
}

// ── Computing with them ──────────────────────────────────────────────────────────────────────────

impl<T: Scalar> Neuron<T> {
    /// The neuron's output for these inputs, plain numbers or outputs of other neurons.
    ///
    /// # Panics
    ///
    /// If there are more inputs than weights, or fewer.
    #[track_caller]
    pub fn forward<X: Copy + Into<T>>(&self, inputs: &[X]) -> T {
        let (given, needed) = (inputs.len(), self.weights.len());
        assert_eq!(given, needed, "{given} inputs for a neuron with {needed} weights");
        let mut sum = self.bias;
        for (&weight, &input) in self.weights.iter().zip(inputs) {
            let input: T = input.into();
            sum += weight * input;
        }
        self.activation.of(sum)
    }

    /// The weights, then the bias.
    pub fn parameters(&self) -> Vec<T> {
        self.weights.iter().copied().chain([self.bias]).collect()
    }

    fn map<U>(&self, f: &mut impl FnMut(T) -> U) -> Neuron<U> {
        let weights = self.weights.iter().map(|&weight| f(weight)).collect();
        Neuron { weights, bias: f(self.bias), activation: self.activation }
    }
}

impl<T: Scalar> Layer<T> {
    /// The outputs of all neurons for these inputs.
    ///
    /// # Panics
    ///
    /// If the number of inputs is not the neurons'.
    #[track_caller]
    pub fn forward<X: Copy + Into<T>>(&self, inputs: &[X]) -> Vec<T> {
        self.neurons.iter().map(|neuron| neuron.forward(inputs)).collect()
    }

    /// The parameters of neuron after neuron.
    pub fn parameters(&self) -> Vec<T> {
        self.neurons.iter().flat_map(Neuron::parameters).collect()
    }
}

impl<T: Scalar> Mlp<T> {
    /// The outputs of the last layer for these inputs.
    ///
    /// # Panics
    ///
    /// If the number of inputs is not the first layer's.
    #[track_caller]
    pub fn forward<X: Copy + Into<T>>(&self, inputs: &[X]) -> Vec<T> {
        let (first, rest) = self.layers.split_first().expect("a network has a layer");
        rest.iter().fold(first.forward(inputs), |outputs, layer| layer.forward(&outputs))
    }

    /// All parameters in one row: layer after layer, in a layer neuron after neuron, of a neuron its weights, then
    /// its bias.
    pub fn parameters(&self) -> Vec<T> {
        self.layers.iter().flat_map(Layer::parameters).collect()
    }

    /// The same network over other numbers, which `f` makes of the parameters in their order.
    fn map<U>(&self, mut f: impl FnMut(T) -> U) -> Mlp<U> {
        let mut layer = |layer: &Layer<T>| Layer {
            neurons: layer.neurons.iter().map(|neuron| neuron.map(&mut f)).collect(),
        };
        Mlp { layers: self.layers.iter().map(&mut layer).collect() }
    }
}

impl Mlp<Value<'_>> {
    /// Makes the gradients 0, of the parameters and of all else in their graph.
    pub fn zero_grad(&self) {
        if let Some(node) = self.parameters().iter().find_map(|parameter| parameter.node()) {
            node.graph.zero_grad();
        }
    }

    /// The gradients of the [`parameters`](Mlp::parameters), in the same order.
    pub fn gradient(&self) -> Vec<f64> {
        self.parameters().iter().map(|parameter| parameter.grad()).collect()
    }

    /// The network as plain numbers, as they are now: to predict with, to keep or to save.
    pub fn plain(&self) -> Mlp {
        self.map(Value::data)
    }
}

// ── Printing them ────────────────────────────────────────────────────────────────────────────────

impl<T> fmt::Display for Neuron<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}Neuron({})", self.activation, self.weights.len())
    }
}

impl<T> fmt::Display for Layer<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Layer of ")?;
        list(&self.neurons, f)
    }
}

impl<T> fmt::Display for Mlp<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("MLP of ")?;
        list(&self.layers, f)
    }
}

/// `[a, b, c]`.
fn list(items: &[impl fmt::Display], f: &mut fmt::Formatter<'_>) -> fmt::Result {
    f.write_str("[")?;
    for (index, item) in items.iter().enumerate() {
        f.write_str(if index == 0 { "" } else { ", " })?;
        write!(f, "{item}")?;
    }
    f.write_str("]")
}
