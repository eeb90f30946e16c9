//! Gradients of ordinary Rust functions, and a scalar autograd engine to read in one sitting.
//!
//! # Values by hand
//!
//! A [`Graph`] records what is computed with its [`Value`]s; [`backward`](Value::backward) then walks the record from
//! the result to the inputs and leaves in each the derivative of the result.
//!
//! ```
//! use gradus::Graph;
//!
//! let graph = Graph::new();
//! let x = graph.value(2.0);
//! let y = graph.value(3.0);
//! let z = x * y + x;
//! z.backward();
//! assert_eq!(z.data(), 8.0);
//! assert_eq!(x.grad(), 4.0); // ∂z/∂x = y + 1
//! assert_eq!(y.grad(), 2.0); // ∂z/∂y = x
//! ```
//!
//! Values are written like `f64`s: operators mix them with plain numbers, methods have the names of `f64`'s and give
//! the same numbers bit for bit, comparisons steer ordinary control flow. Plain numbers are constants; they need no
//! graph, and nothing flows to them.
//!
//! ```
//! use gradus::{Graph, Value};
//!
//! fn neuron<'g>(inputs: &[f64], weights: &[Value<'g>], bias: Value<'g>) -> Value<'g> {
//!     let weighted: Value = weights.iter().zip(inputs).map(|(w, x)| w * x).sum();
//!     (weighted + bias).tanh()
//! }
//!
//! let graph = Graph::new();
//! let weights = [0.5, -1.0].map(|w| graph.value(w));
//! let bias = graph.value(0.25);
//! let output = neuron(&[1.0, 2.0], &weights, bias);
//! output.backward();
//! let slope = 1.0 - output.data() * output.data();
//! assert_eq!([weights[0].grad(), weights[1].grad(), bias.grad()], [slope, slope * 2.0, slope]);
//! ```
//!
//! # Training
//!
//! Gradients accumulate until [`zero_grad`](Graph::zero_grad). What a step has recorded is removed by
//! [`rewind`](Graph::rewind), which keeps the parameters and the memory.
//!
//! ```
//! use gradus::Graph;
//!
//! let samples = [(0.0, 1.0), (1.0, 3.0), (2.0, 5.0)]; // y = 2x + 1
//! let graph = Graph::new();
//! let (slope, offset) = (graph.value(0.0), graph.value(0.0));
//! let parameters = graph.mark();
//! for _ in 0..500 {
//!     graph.rewind(parameters);
//!     graph.zero_grad();
//!     for (x, y) in samples {
//!         (slope * x + offset - y).powi(2).backward();
//!     }
//!     for parameter in [slope, offset] {
//!         parameter.set_data(parameter.data() - 0.05 * parameter.grad());
//!     }
//! }
//! assert!((slope.data() - 2.0).abs() < 1e-6 && (offset.data() - 1.0).abs() < 1e-6);
//! ```
//!
//! # Every gear visible
//!
//! Each node shows the [operation](Op) that made it, its operands, its value and gradient, and the local derivatives
//! that the chain rule multiplies; each operation states its rule, and what holds where there is no derivative.
//!
//! ```
//! use gradus::{Graph, Op};
//!
//! let graph = Graph::new();
//! let x = graph.value(3.0);
//! let y = x * x;
//! assert_eq!(y.op(), Some(Op::Mul));
//! assert!(y.local_partials().eq([3.0, 3.0]));
//! assert_eq!(Op::Mul.rule(), "∂(a × b)/∂a = b, ∂(a × b)/∂b = a");
//! assert_eq!(Op::Relu.conventions(), "0 at 0");
//! ```
//!
//! # To read
//!
//! [`ops`] is the table of derivatives, [`graph`] the forward record and the reverse walk, [`value`] the handle with
//! its operators and methods. Nothing is recursive, nothing is `unsafe`.

mod arena;
mod backend;
#[cfg(feature = "nn")]
pub mod datasets;
pub mod float;
pub mod graph;
#[cfg(feature = "nn")]
pub mod nn;
mod node;
pub mod ops;
pub mod optim;
#[cfg(feature = "parallel")]
pub mod parallel;
#[doc(hidden)]
pub mod rt;
#[cfg(feature = "serde")]
pub mod save;
mod table;
pub mod trace;
pub mod value;
pub mod view;

pub use backend::Backend;
pub use float::{Activations, stop_gradient};
pub use gradus_macros::differentiable;
pub use graph::Graph;
pub use ops::Op;
pub use trace::Trace;
pub use value::Value;

/// What most programs need: `use gradus::prelude::*;`.
pub mod prelude {
    pub use crate::{Activations, Graph, Value, differentiable, stop_gradient};
}
