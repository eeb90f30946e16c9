//! Learning-rate schedules.

use std::f64::consts::PI;

/// The learning rate as a function of the step, which counts from 0.
///
/// ```
/// use gradus::optim::{Optimizer, Schedule, Sgd};
/// let schedule = Schedule::Linear { from: 1.0, to: 0.1, steps: 100 };
/// let mut sgd = Sgd::new(1.0);
/// for step in 0..100 {
///     sgd.set_rate(schedule.rate(step));
///     // … sgd.step(…)
/// }
/// assert!((sgd.rate() - 0.109).abs() < 1e-12);
/// ```
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub enum Schedule {
    /// Always the same.
    Constant(f64),
    /// In a straight line to `to` at `steps`, and there from then on.
    Linear {
        /// The rate of step 0.
        from: f64,
        /// The rate of step `steps` and later ones.
        to: f64,
        /// How many steps it takes.
        steps: usize,
    },
    /// Multiplied by `factor` every so many steps.
    Stairs {
        /// The rate of step 0.
        from: f64,
        /// What it is multiplied by.
        factor: f64,
        /// After how many steps each time.
        every: usize,
    },
    /// Multiplied by `factor` in every step.
    Exponential {
        /// The rate of step 0.
        from: f64,
        /// What it is multiplied by.
        factor: f64,
    },
    /// Along half a cosine to `to` at `steps`, and there from then on. Loshchilov and Hutter, *SGDR: stochastic
    /// gradient descent with warm restarts* (2017), equation 5, without restarts.
    Cosine {
        /// The rate of step 0.
        from: f64,
        /// The rate of step `steps` and later ones.
        to: f64,
        /// How many steps it takes.
        steps: usize,
    },
    /// In a straight line up to the first rate of another schedule, which starts at `steps`. Step 0 already moves: its
    /// rate is 1/`steps` of that.
    Warmup {
        /// How many steps it takes.
        steps: usize,
        /// What follows.
        then: Box<Schedule>,
    },
}

impl Schedule {
    /// The rate of this step.
    pub fn rate(&self, step: usize) -> f64 {
        match *self {
            Schedule::Constant(rate) => rate,
            Schedule::Linear { from, to, steps } => {
                let part = part(step, steps);
                between(from, to, 1.0 - part, part)
            }
            Schedule::Stairs { from, factor, every } => decayed(from, factor, step / every.max(1)),
            Schedule::Exponential { from, factor } => decayed(from, factor, step),
            Schedule::Cosine { from, to, steps } => {
                let cosine = (PI * part(step, steps)).cos();
                between(from, to, 0.5 * (1.0 + cosine), 0.5 * (1.0 - cosine))
            }
            Schedule::Warmup { steps, ref then } if step < steps => then.rate(0) * part(step + 1, steps),
            Schedule::Warmup { steps, ref then } => then.rate(step - steps),
        }
    }
}

/// How much of the way is done, from 0 to 1.
fn part(step: usize, steps: usize) -> f64 {
    if step < steps { step as f64 / steps as f64 } else { 1.0 }
}

/// A weighted mean of two rates. A rate with the weight 0 does not count, even if it is infinite.
fn between(from: f64, to: f64, weight_of_from: f64, weight_of_to: f64) -> f64 {
    if weight_of_to == 0.0 {
        from
    } else if weight_of_from == 0.0 {
        to
    } else {
        from * weight_of_from + to * weight_of_to
    }
}

/// `from` multiplied by `factor` so many times: the product can be a number where the power overflows or underflows.
fn decayed(from: f64, factor: f64, times: usize) -> f64 {
    let power = factor.powf(times as f64);
    if power.is_normal() || factor < 0.0 {
        return from * power;
    }
    // Zero and infinity stay what they are, as they do in a product of so many finite factors.
    if (from == 0.0 || from.is_infinite()) && factor > 0.0 && factor.is_finite() {
        return from;
    }
    let part = factor.powf(times as f64 / 4.0);
    from * part * part * part * part
}
