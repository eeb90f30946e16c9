//! Gradient descent, with momentum.

use super::{Optimizer, prepare, rate_is_a_field};

/// Gradient descent: `p ← p − rate · g`.
///
/// With momentum μ the steps gather speed: `v ← μ v + g` (`v = g` in the first step), `p ← p − rate · v`. Nesterov's
/// form looks ahead: `p ← p − rate · (g + μ v)`. Weight decay λ pulls parameters to zero: `g + λ p` takes the place of
/// the gradient `g`.
///
/// Polyak, *Some methods of speeding up the convergence of iteration methods* (1964); Sutskever et al., *On the
/// importance of initialization and momentum in deep learning* (2013). The rate multiplies `v` when it is used, as in
/// `torch.optim.SGD`, so that a change of the rate is felt at once.
///
/// ```
/// use gradus::optim::{Optimizer, Sgd};
/// let mut sgd = Sgd::new(0.1).momentum(0.5);
/// let mut x = [10.0];
/// sgd.step(&mut x, &[1.0]); // v = 1
/// sgd.step(&mut x, &[1.0]); // v = 1.5
/// assert_eq!(x, [10.0 - 0.1 - 0.1 * 1.5]);
/// ```
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Sgd {
    rate: f64,
    momentum: f64,
    nesterov: bool,
    weight_decay: f64,
    velocity: Vec<f64>,
}

impl Sgd {
    /// Plain gradient descent with this learning rate.
    pub fn new(rate: f64) -> Sgd {
        Sgd { rate, momentum: 0.0, nesterov: false, weight_decay: 0.0, velocity: Vec::new() }
    }

    /// With momentum μ, from 0 (none) to below 1.
    #[must_use = "it makes another optimizer"]
    pub fn momentum(self, momentum: f64) -> Sgd {
        Sgd { momentum, ..self }
    }

    /// With Nesterov's form of the momentum.
    #[must_use = "it makes another optimizer"]
    pub fn nesterov(self) -> Sgd {
        Sgd { nesterov: true, ..self }
    }

    /// With weight decay λ.
    #[must_use = "it makes another optimizer"]
    pub fn weight_decay(self, weight_decay: f64) -> Sgd {
        Sgd { weight_decay, ..self }
    }
}

impl Optimizer for Sgd {
    #[track_caller]
    fn step(&mut self, parameters: &mut [f64], gradient: &[f64]) {
        prepare(&mut self.velocity, parameters, gradient);
        for ((p, &g), v) in parameters.iter_mut().zip(gradient).zip(&mut self.velocity) {
            let g = g + self.weight_decay * *p;
            *v = self.momentum * *v + g;
            *p -= self.rate * if self.nesterov { g + self.momentum * *v } else { *v };
        }
    }

    rate_is_a_field!();
}
