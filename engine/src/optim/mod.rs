//! Gradient-descent optimizers.
//!
//! They work on plain slices, so they serve the `_grad_add` companions of `#[differentiable]` functions, and by
//! [`Optimizer::step_values`] parameters on a [`Graph`](crate::Graph) alike. Each optimizer keeps state
//! for one parameter slice; its rate may change at any time, by a [`Schedule`] for
//! example.
//!
//! ```
//! use gradus::differentiable;
//! use gradus::optim::{Adam, Optimizer};
//!
//! /// Rosenbrock's banana valley, with its lowest point at (1, 1).
//! #[differentiable]
//! fn valley(p: &[f64]) -> f64 {
//!     (1.0 - p[0]).powi(2) + 100.0 * (p[1] - p[0] * p[0]).powi(2)
//! }
//!
//! let mut point = [-1.0, 1.0];
//! let mut gradient = [0.0; 2];
//! let mut adam = Adam::new(0.02);
//! for _ in 0..5000 {
//!     gradient.fill(0.0); // `_grad_add` adds
//!     valley_grad_add(&point, &mut gradient);
//!     adam.step(&mut point, &gradient);
//! }
//! assert!(point.iter().all(|x| (x - 1.0).abs() < 1e-3), "{point:?}");
//! ```
//!
//! The equations are those of the papers that each optimizer names, in the form in which `torch.optim` publishes and
//! computes them.

mod adam;
mod clip;
mod rms_prop;
mod schedule;
mod sgd;

pub use adam::{Adam, AdamW};
pub use clip::{clip_norm, clip_values};
pub use rms_prop::RmsProp;
pub use schedule::Schedule;
pub use sgd::Sgd;

use crate::graph::Value;

/// Something that moves parameters a step against their gradient.
pub trait Optimizer {
    /// Moves the parameters a step.
    ///
    /// # Panics
    ///
    /// If there is not one derivative for each parameter, or if the steps before had another number of them.
    fn step(&mut self, parameters: &mut [f64], gradient: &[f64]);

    /// The learning rate.
    fn rate(&self) -> f64;

    /// Changes the learning rate of the steps to come.
    fn set_rate(&mut self, rate: f64);

    /// Moves parameters that are inputs of a graph a step against their gradients.
    ///
    /// ```
    /// use gradus::Graph;
    /// use gradus::optim::{Optimizer, Sgd};
    /// let graph = Graph::new();
    /// let x = graph.value(3.0);
    /// (x * x).backward();
    /// Sgd::new(0.5).step_values(&[x]);
    /// assert_eq!(x.data(), 3.0 - 0.5 * 6.0);
    /// ```
    ///
    /// # Panics
    ///
    /// As [`step`](Optimizer::step), and if a value is not an input; then no value and no memory of the optimizer has changed.
    #[track_caller]
    fn step_values(&mut self, parameters: &[Value<'_>]) {
        // Refuse a value before anything changes, the optimizer's memory included.
        parameters.iter().for_each(|parameter| parameter.assert_input());
        let mut data: Vec<f64> = parameters.iter().map(|parameter| parameter.data()).collect();
        let gradient: Vec<f64> = parameters.iter().map(|parameter| parameter.grad()).collect();
        self.step(&mut data, &gradient);
        for (parameter, data) in parameters.iter().zip(data) {
            parameter.set_data(data);
        }
    }
}

/// Makes what an optimizer remembers ready for these parameters: zeros before the first step.
#[track_caller]
fn prepare<M: Clone + Default>(memory: &mut Vec<M>, parameters: &[f64], gradient: &[f64]) {
    let (number, given) = (parameters.len(), gradient.len());
    assert_eq!(given, number, "{given} derivatives for {number} parameters");
    if memory.is_empty() {
        memory.resize(number, M::default());
    }
    let known = memory.len();
    assert_eq!(known, number, "an optimizer of {known} parameters is given {number}");
}

/// The trait's two methods about the rate, for a struct that has it as a field.
macro_rules! rate_is_a_field {
    () => {
        fn rate(&self) -> f64 {
            self.rate
        }

        fn set_rate(&mut self, rate: f64) {
            self.rate = rate;
        }
    };
}
use rate_is_a_field;
