//! Filters and likelihoods: Kalman, hidden Markov models, GARCH.

use super::small_matrices::{Mat2, mat2};
use gradus::{Differentiable, differentiable};

#[derive(Clone, Copy, Debug, Differentiable)]
struct Kalman {
    state: [f64; 2],
    covariance: Mat2,
}

#[derive(Clone, Copy, Debug, Differentiable)]
struct Model {
    transition: Mat2,
    process_noise: Mat2,
    measurement_noise: f64,
}

#[differentiable]
impl Kalman {
    fn predict(&self, model: &Model) -> Kalman {
        let f = model.transition;
        Kalman {
            state: f.apply(self.state),
            covariance: f * self.covariance * f.transpose() + model.process_noise,
        }
    }

    fn update(&self, model: &Model, measured: f64) -> Kalman {
        let p = self.covariance.rows;
        let s = p[0][0] + model.measurement_noise;
        let gain = [p[0][0] / s, p[1][0] / s];
        let residual = measured - self.state[0];
        Kalman {
            state: [self.state[0] + gain[0] * residual, self.state[1] + gain[1] * residual],
            covariance: Mat2 {
                rows: [
                    [(1.0 - gain[0]) * p[0][0], (1.0 - gain[0]) * p[0][1]],
                    [p[1][0] - gain[1] * p[0][0], p[1][1] - gain[1] * p[0][1]],
                ],
            },
        }
    }

    fn surprise(&self, model: &Model, measured: f64) -> f64 {
        let s = self.covariance.rows[0][0] + model.measurement_noise;
        0.5 * ((measured - self.state[0]).powi(2) / s + s.ln())
    }
}

fn start() -> Kalman {
    Kalman { state: [0.1, 1.0], covariance: mat2(1.0, 0.1, 0.1, 0.5) }
}

fn model() -> Model {
    Model {
        transition: mat2(1.0, 0.1, 0.0, 1.0),
        process_noise: mat2(0.01, 0.0, 0.0, 0.02),
        measurement_noise: 0.3,
    }
}

case! {
    Kalman::PREDICT_BACKEND => Compiled;
    Kalman::predict, Kalman::predict_vjp, Kalman::predict_jacobian, Kalman::predict_graph;
    with predict |filter: Kalman, model: Model| (&filter, &model);
    at (start(), model());
}

case! {
    Kalman::UPDATE_BACKEND => Compiled;
    Kalman::update, Kalman::update_vjp, Kalman::update_jacobian, Kalman::update_graph;
    with update |filter: Kalman, model: Model, measured: f64| (&filter, &model, measured);
    at (start(), model(), 0.4);
}

#[differentiable]
fn negative_log_likelihood(start: Kalman, model: &Model, measured: &[f64]) -> f64 {
    let mut filter = start;
    let mut sum = 0.0;
    for &z in measured {
        filter = filter.predict(model);
        sum += filter.surprise(model, z);
        filter = filter.update(model, z);
    }
    sum
}

case! {
    negative_log_likelihood::BACKEND => Compiled;
    negative_log_likelihood, negative_log_likelihood_grad, negative_log_likelihood_graph;
    with kalman_likelihood |start: Kalman, model: Model, measured: Vec<f64>| (start, &model, &measured);
    at (start(), model(), vec![0.2, 0.35, 0.4, 0.6]);
}

/// A hidden Markov model with normal emissions, its states in a `Vec`.
#[derive(Clone, Debug, Differentiable)]
struct Emission {
    mean: f64,
    log_scale: f64,
}

#[differentiable]
impl Emission {
    fn log_density(&self, y: f64) -> f64 {
        let z = (y - self.mean) / self.log_scale.exp();
        -0.5 * z * z - self.log_scale
    }
}

#[derive(Clone, Debug, Differentiable)]
struct Markov {
    initial: Vec<f64>,
    transition: Vec<Vec<f64>>,
    emissions: Vec<Emission>,
}

#[differentiable]
fn forward_algorithm(m: &Markov, observed: &[f64]) -> f64 {
    let k = m.initial.len();
    let mut alpha = m.initial.clone();
    let mut log_likelihood = 0.0;
    for (t, &y) in observed.iter().enumerate() {
        let mut next = vec![0.0; k];
        for j in 0..k {
            let mut mass = alpha[j];
            if t > 0 {
                mass = (0..k).map(|i| alpha[i] * m.transition[i][j]).sum();
            }
            next[j] = mass * m.emissions[j].log_density(y).exp();
        }
        let total: f64 = next.iter().sum();
        for j in 0..k {
            next[j] /= total;
        }
        log_likelihood += total.ln();
        alpha = next;
    }
    log_likelihood
}

case! {
    forward_algorithm::BACKEND => Compiled;
    forward_algorithm, forward_algorithm_grad, forward_algorithm_graph;
    with hidden_markov |m: Markov, observed: Vec<f64>| (&m, &observed);
    at (Markov {
        initial: vec![0.6, 0.4],
        transition: vec![vec![0.9, 0.1], vec![0.3, 0.7]],
        emissions: vec![Emission { mean: 0.0, log_scale: 0.1 }, Emission { mean: 2.0, log_scale: -0.3 }],
    }, vec![0.1, 1.8, 2.2, -0.4]);
}

#[derive(Clone, Copy, Debug, Differentiable)]
struct Garch {
    omega: f64,
    alpha: f64,
    beta: f64,
    mean: f64,
}

#[differentiable]
impl Garch {
    fn next_variance(&self, variance: f64, shock: f64) -> f64 {
        self.omega + self.alpha * shock * shock + self.beta * variance
    }

    fn stationary(&self) -> f64 {
        self.omega / (1.0 - self.alpha - self.beta)
    }

    fn log_likelihood(&self, returns: &[f64]) -> f64 {
        let mut variance = self.stationary();
        let mut sum = 0.0;
        for r in returns {
            let shock = r - self.mean;
            sum -= 0.5 * (variance.ln() + shock * shock / variance);
            variance = self.next_variance(variance, shock);
        }
        sum
    }
}

case! {
    Garch::LOG_LIKELIHOOD_BACKEND => Compiled;
    Garch::log_likelihood, Garch::log_likelihood_grad, Garch::log_likelihood_graph;
    with garch |garch: Garch, returns: Vec<f64>| (&garch, &returns);
    at (Garch { omega: 0.1, alpha: 0.15, beta: 0.7, mean: 0.05 }, vec![0.3, -0.5, 0.2, 1.1]);
}

/// Weights that carry no gradient beside those that do.
#[derive(Clone, Debug, Differentiable)]
struct Regression {
    slope: f64,
    intercept: f64,
    #[constant]
    weights: Vec<f64>,
    #[constant]
    ridge: f64,
}

#[differentiable]
impl Regression {
    fn loss(&self, #[constant] x: &[f64], #[constant] y: &[f64]) -> f64 {
        let mut sum = self.ridge * (self.slope * self.slope + self.intercept * self.intercept);
        for i in 0..x.len() {
            sum += self.weights[i] * (self.slope * x[i] + self.intercept - y[i]).powi(2);
        }
        sum
    }
}

case! {
    Regression::LOSS_BACKEND => Compiled;
    Regression::loss, Regression::loss_grad, Regression::loss_graph;
    with weighted_regression |model: Regression| (&model, &[0.0, 1.0, 2.0], &[0.1, 1.3, 1.9]);
    at Regression { slope: 0.8, intercept: 0.1, weights: vec![1.0, 2.0, 0.5], ridge: 0.01 };
}

#[test]
fn constant_fields_stay_in_gradients() {
    let model = Regression { slope: 0.8, intercept: 0.1, weights: vec![1.0, 2.0], ridge: 0.01 };
    let (_, gradient) = model.loss_grad(&[0.0, 1.0], &[0.1, 1.3]);
    assert_eq!((gradient.weights, gradient.ridge), (vec![1.0, 2.0], 0.01));
}

/// A running mean and variance, by Welford's method.
#[derive(Clone, Copy, Debug, Default, Differentiable)]
struct Welford {
    count: usize,
    mean: f64,
    squares: f64,
}

#[differentiable]
impl Welford {
    fn include(&mut self, x: f64) {
        self.count += 1;
        let delta = x - self.mean;
        self.mean += delta / self.count as f64;
        self.squares += delta * (x - self.mean);
    }

    fn variance(&self) -> f64 {
        self.squares / (self.count as f64 - 1.0)
    }
}

#[differentiable]
fn sample_variance(xs: &[f64]) -> f64 {
    let mut welford = Welford::default();
    for &x in xs {
        welford.include(x);
    }
    welford.variance()
}

case! {
    sample_variance::BACKEND => Compiled;
    sample_variance, sample_variance_grad, sample_variance_graph;
    with running_variance |xs: Vec<f64>| (&xs);
    at vec![1.0, 2.5, -0.3, 0.7];
}
