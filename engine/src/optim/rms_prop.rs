//! `RMSProp`.

use super::{Optimizer, prepare, rate_is_a_field};

/// `RMSProp`: each parameter's step is measured in root mean squares of its recent derivatives.
///
/// `v ← α v + (1 − α) g²`, `p ← p − rate · g / (√v + ε)`, with α = 0.99 and ε = 10⁻⁸ unless told otherwise.
///
/// Tieleman and Hinton, *Lecture 6.5: rmsprop* (2012), in the form of `torch.optim.RMSprop`.
///
/// ```
/// use gradus::optim::{Optimizer, RmsProp};
/// let mut x = [1.0, 1.0];
/// RmsProp::new(0.01).smoothing(0.75).step(&mut x, &[1000.0, 0.001]);
/// // √v is half of |g| after one step: both have moved by 0.01 / 0.5, whatever their derivative.
/// assert!((x[0] - 0.98).abs() < 1e-6 && (x[1] - 0.98).abs() < 1e-6);
/// ```
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct RmsProp {
    rate: f64,
    smoothing: f64,
    epsilon: f64,
    mean_square: Vec<f64>,
}

impl RmsProp {
    /// `RMSProp` with this learning rate.
    pub fn new(rate: f64) -> RmsProp {
        RmsProp { rate, smoothing: 0.99, epsilon: 1e-8, mean_square: Vec::new() }
    }

    /// With this share α of the past in the mean square.
    #[must_use = "it makes another optimizer"]
    pub fn smoothing(self, smoothing: f64) -> RmsProp {
        RmsProp { smoothing, ..self }
    }

    /// With this ε, which bounds the step where derivatives vanish.
    #[must_use = "it makes another optimizer"]
    pub fn epsilon(self, epsilon: f64) -> RmsProp {
        RmsProp { epsilon, ..self }
    }
}

impl Optimizer for RmsProp {
    #[track_caller]
    fn step(&mut self, parameters: &mut [f64], gradient: &[f64]) {
        prepare(&mut self.mean_square, parameters, gradient);
        for ((p, &g), v) in parameters.iter_mut().zip(gradient).zip(&mut self.mean_square) {
            *v = self.smoothing * *v + (1.0 - self.smoothing) * g * g;
            *p -= self.rate * g / (v.sqrt() + self.epsilon);
        }
    }

    rate_is_a_field!();
}
