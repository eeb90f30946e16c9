//! Neural networks: [`Neuron`], [`Layer`] and [`Mlp`] as in micrograd, and their losses.
//!
//! A network is made of plain numbers. [`Mlp::on`] copies it onto a [`Graph`](crate::Graph), where its parameters
//! are [`Value`](crate::Value)s; what is computed with those can be differentiated. The two are one generic type,
//! `Mlp<f64>` (or just `Mlp`) to predict, to save and to send to other threads, and `Mlp<Value>` to learn; so a loss
//! written over any [`Scalar`] serves both, and no lifetime is written to build a network or to train it.
//!
//! ```
//! use gradus::nn::{Activation, Mlp, Scalar, mean_squared_error};
//! use gradus::optim::{Optimizer, Sgd};
//! use gradus::Graph;
//!
//! /// How far the network is from computing `xor`.
//! fn loss<T: Scalar>(network: &Mlp<T>) -> T {
//!     let inputs = [[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]];
//!     let outputs: Vec<T> = inputs.iter().map(|x| network.forward(x)[0]).collect();
//!     mean_squared_error(&outputs, &[0.0, 1.0, 1.0, 0.0])
//! }
//!
//! // Two inputs, four hidden neurons with tanh, one linear output; 42 seeds the initial weights.
//! let network = Mlp::new(2, &[4, 1], 42).hidden(Activation::Tanh);
//!
//! let graph = Graph::new();
//! let learner = network.on(&graph);
//! let start = graph.mark();
//! let mut optimizer = Sgd::new(0.1).momentum(0.9);
//! for _ in 0..300 {
//!     graph.rewind(start); // removes what the step before recorded
//!     learner.zero_grad();
//!     loss(&learner).backward();
//!     optimizer.step_values(&learner.parameters());
//! }
//!
//! let trained = learner.plain();
//! assert!(loss(&trained) < 1e-3);
//! assert!(trained.forward(&[0.0, 1.0])[0] > 0.9);
//! ```
//!
//! # Parameters in one row
//!
//! [`Mlp::parameters`] lists layer after layer, in a layer neuron after neuron, of a neuron its weights, then its
//! bias. A network can as well be an ordinary `#[differentiable]` function over a slice in this order; it computes the
//! same, and its gradients are the same:
//!
//! ```
//! use gradus::differentiable;
//! use gradus::nn::Mlp;
//!
//! /// Two inputs, three rectifiers, one linear output.
//! #[differentiable]
//! fn network(parameters: &[f64], #[constant] x: [f64; 2]) -> f64 {
//!     let (hidden, output) = parameters.split_at(9);
//!     let mut score = output[3];
//!     for i in 0..3 {
//!         let neuron = &hidden[3 * i..3 * i + 3];
//!         let sum = neuron[2] + neuron[0] * x[0] + neuron[1] * x[1];
//!         score += output[i] * sum.max(0.0);
//!     }
//!     score
//! }
//!
//! let mlp = Mlp::new(2, &[3, 1], 7);
//! let x = [0.5, -1.5];
//! let (score, gradient) = network_grad(&mlp.parameters(), x);
//! assert_eq!(score, mlp.forward(&x)[0]);
//! let (same, by_graph) = mlp.value_and_grad(|mlp| mlp.forward(&x)[0]);
//! assert_eq!((score, gradient), (same, by_graph));
//! ```

mod activation;
#[cfg(feature = "serde")]
mod fitting;
mod loss;
mod network;
mod scalar;

pub use activation::Activation;
pub use loss::{argmax, cross_entropy, l2, log_softmax, max_margin, mean_cross_entropy, mean_squared_error};
pub use network::{Layer, Mlp, Neuron};
pub use scalar::Scalar;
