//! Adam, and Adam with decoupled weight decay.

use super::{Optimizer, prepare, rate_is_a_field};

/// Adam: momentum, with each parameter's step measured as by `RMSProp`, both freed of their start at zero.
///
/// In step t: `m ← β₁ m + (1 − β₁) g`, `v ← β₂ v + (1 − β₂) g²`, `m̂ = m / (1 − β₁ᵗ)`, `v̂ = v / (1 − β₂ᵗ)`,
/// `p ← p − rate · m̂ / (√v̂ + ε)`, with β₁ = 0.9, β₂ = 0.999 and ε = 10⁻⁸ unless told otherwise. Weight decay λ puts
/// `g + λ p` in the place of the gradient `g`; [`AdamW`] has the better one.
///
/// Kingma and Ba, *Adam: a method for stochastic optimization* (2015), algorithm 1.
///
/// ```
/// use gradus::optim::{Adam, Optimizer};
/// let mut x = [1.0, 1.0];
/// Adam::new(0.01).step(&mut x, &[1000.0, -0.001]);
/// // The first step is the rate, against the sign of the derivative.
/// assert!((x[0] - 0.99).abs() < 1e-6 && (x[1] - 1.01).abs() < 1e-6);
/// ```
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Adam {
    rate: f64,
    betas: (f64, f64),
    epsilon: f64,
    weight_decay: f64,
    steps: u32,
    /// Of each parameter the mean `m` and the mean square `v`.
    moments: Vec<(f64, f64)>,
}

impl Adam {
    /// Adam with this learning rate.
    pub fn new(rate: f64) -> Adam {
        let moments = Vec::new();
        Adam { rate, betas: (0.9, 0.999), epsilon: 1e-8, weight_decay: 0.0, steps: 0, moments }
    }

    /// With these shares β₁ and β₂ of the past in the mean and in the mean square.
    #[must_use = "it makes another optimizer"]
    pub fn betas(self, mean: f64, mean_square: f64) -> Adam {
        Adam { betas: (mean, mean_square), ..self }
    }

    /// With this ε, which bounds the step where derivatives vanish.
    #[must_use = "it makes another optimizer"]
    pub fn epsilon(self, epsilon: f64) -> Adam {
        Adam { epsilon, ..self }
    }

    /// With weight decay λ as a part of the gradient.
    #[must_use = "it makes another optimizer"]
    pub fn weight_decay(self, weight_decay: f64) -> Adam {
        Adam { weight_decay, ..self }
    }
}

impl Optimizer for Adam {
    #[track_caller]
    fn step(&mut self, parameters: &mut [f64], gradient: &[f64]) {
        prepare(&mut self.moments, parameters, gradient);
        // Both powers are 0 long before the count saturates.
        self.steps = self.steps.saturating_add(1);
        let (beta1, beta2) = self.betas;
        let unbias1 = 1.0 - beta1.powf(f64::from(self.steps));
        let unbias2 = 1.0 - beta2.powf(f64::from(self.steps));
        for ((p, &g), (m, v)) in parameters.iter_mut().zip(gradient).zip(&mut self.moments) {
            let g = g + self.weight_decay * *p;
            *m = beta1 * *m + (1.0 - beta1) * g;
            *v = beta2 * *v + (1.0 - beta2) * g * g;
            *p -= self.rate * (*m / unbias1) / ((*v / unbias2).sqrt() + self.epsilon);
        }
    }

    rate_is_a_field!();
}

/// Adam with decoupled weight decay: in each step parameters first shrink by `rate · λ` of themselves, then [`Adam`]
/// moves them by the gradient alone. λ = 0.01 unless told otherwise.
///
/// Loshchilov and Hutter, *Decoupled weight decay regularization* (2019), in the form of `torch.optim.AdamW`, where the
/// rate multiplies the decay too.
///
/// ```
/// use gradus::optim::{AdamW, Optimizer};
/// let mut x = [10.0];
/// AdamW::new(0.1).weight_decay(0.5).step(&mut x, &[0.0]);
/// assert_eq!(x, [10.0 - 10.0 * 0.1 * 0.5]);
/// ```
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct AdamW {
    adam: Adam,
    weight_decay: f64,
}

impl AdamW {
    /// `AdamW` with this learning rate.
    pub fn new(rate: f64) -> AdamW {
        AdamW { adam: Adam::new(rate), weight_decay: 0.01 }
    }

    /// With these shares β₁ and β₂ of the past in the mean and in the mean square.
    #[must_use = "it makes another optimizer"]
    pub fn betas(self, mean: f64, mean_square: f64) -> AdamW {
        AdamW { adam: self.adam.betas(mean, mean_square), ..self }
    }

    /// With this ε, which bounds the step where derivatives vanish.
    #[must_use = "it makes another optimizer"]
    pub fn epsilon(self, epsilon: f64) -> AdamW {
        AdamW { adam: self.adam.epsilon(epsilon), ..self }
    }

    /// With weight decay λ.
    #[must_use = "it makes another optimizer"]
    pub fn weight_decay(self, weight_decay: f64) -> AdamW {
        AdamW { weight_decay, ..self }
    }
}

impl Optimizer for AdamW {
    #[track_caller]
    fn step(&mut self, parameters: &mut [f64], gradient: &[f64]) {
        // Refuse a wrong gradient before anything has moved.
        prepare(&mut self.adam.moments, parameters, gradient);
        let keep = 1.0 - self.adam.rate * self.weight_decay;
        for p in &mut *parameters {
            *p *= keep;
        }
        self.adam.step(parameters, gradient);
    }

    fn rate(&self) -> f64 {
        self.adam.rate()
    }

    fn set_rate(&mut self, rate: f64) {
        self.adam.set_rate(rate);
    }
}
