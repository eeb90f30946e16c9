//! Models and losses of statistics and machine learning.

use gradus::differentiable;

/// A network 2-16-16-1 over one flat slice: each neuron's weights, then its bias.
#[differentiable(second)]
fn network(parameters: &[f64], x: f64, y: f64) -> f64 {
    let mut first = [0.0; 16];
    for i in 0..16 {
        let w = &parameters[3 * i..3 * i + 3];
        first[i] = (w[0] * x + w[1] * y + w[2]).tanh();
    }
    let rest = &parameters[48..];
    let mut second = [0.0; 16];
    for i in 0..16 {
        let w = &rest[17 * i..17 * (i + 1)];
        let mut s = w[16];
        for j in 0..16 {
            s += w[j] * first[j];
        }
        second[i] = s.max(0.0);
    }
    let last = &rest[17 * 16..];
    last[..16].iter().zip(&second).map(|(w, a)| w * a).sum::<f64>() + last[16]
}

/// Weights between −1 and 1, by a linear congruential generator.
fn weights(n: usize, seed: u32) -> Vec<f64> {
    let next = |state: &u32| Some(state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223));
    let states = std::iter::successors(Some(seed), next);
    states.skip(1).take(n).map(|s| f64::from(s) / f64::from(u32::MAX) * 2.0 - 1.0).collect()
}

case! {
    network, network_grad, network_grad_add, network_graph;
    with |parameters: Vec<f64>, x: f64, y: f64| (&parameters, x, y);
    at (weights(337, 1), 0.5, -0.25), (weights(337, 7), -1.0, 2.0);
}

/// The mean cross entropy of a linear classifier with an L2 penalty.
#[differentiable(second)]
fn logistic_regression(w: &[f64], bias: f64, samples: &[Vec<f64>], labels: &[bool]) -> f64 {
    let mut loss = 0.0;
    for (sample, &label) in samples.iter().zip(labels) {
        let z: f64 = sample.iter().zip(w).map(|(x, w)| x * w).sum::<f64>() + bias;
        let z = if label { z } else { -z };
        loss += (-z).exp().ln_1p();
    }
    loss / samples.len() as f64 + 0.01 * w.iter().map(|w| w * w).sum::<f64>()
}

case! {
    logistic_regression, logistic_regression_grad, logistic_regression_grad_add, logistic_regression_graph;
    with |w: Vec<f64>, bias: f64, samples: Vec<Vec<f64>>| (&w, bias, &samples, &[true, false, true]);
    at (vec![0.5, -1.0], 0.3, vec![vec![1.0, 2.0], vec![-0.5, 0.4], vec![3.0, 0.0]]);
    gradient {
        let labels = [1.0, 0.0, 1.0];
        let mut by_w: Vec<f64> = w.iter().map(|w| 0.02 * w).collect();
        let (mut by_bias, mut by_samples) = (0.0, Vec::new());
        for (sample, label) in samples.iter().zip(labels) {
            let z = sample[0] * w[0] + sample[1] * w[1] + bias;
            let miss = (1.0 / (1.0 + (-z).exp()) - label) / 3.0;
            by_w[0] += miss * sample[0];
            by_w[1] += miss * sample[1];
            by_bias += miss;
            by_samples.push(vec![miss * w[0], miss * w[1]]);
        }
        (by_w, by_bias, by_samples)
    };
}

#[differentiable(second)]
fn huber_loss(predictions: &[f64], targets: &[f64], delta: f64) -> f64 {
    let mut loss = 0.0;
    for (p, t) in predictions.iter().zip(targets) {
        let r = (p - t).abs();
        loss += if r < delta { 0.5 * r * r } else { delta * (r - 0.5 * delta) };
    }
    loss / predictions.len() as f64
}

case! {
    huber_loss, huber_loss_grad, huber_loss_grad_add, huber_loss_graph;
    with |predictions: Vec<f64>, targets: Vec<f64>, delta: f64| (&predictions, &targets, delta);
    at (vec![1.0, 2.0, -3.0], vec![1.5, 0.0, 4.0], 1.0), (vec![0.0, 5.0], vec![0.999, 3.999], 1.0);
    gradient {
        let n = predictions.len() as f64;
        let residuals: Vec<f64> = predictions.iter().zip(&targets).map(|(p, t)| p - t).collect();
        let by_prediction: Vec<f64> = residuals.iter().map(|r| r.clamp(-delta, delta) / n).collect();
        let by_delta = residuals.iter().map(|r| (r.abs() - delta).max(0.0) / n).sum();
        (by_prediction.clone(), by_prediction.iter().map(|d| -d).collect(), by_delta)
    };
}

/// The log likelihood of samples under a mixture of normal distributions; the weights are given as logits.
#[differentiable(second)]
fn gaussian_mixture(samples: &[f64], logits: &[f64], means: &[f64], log_sigmas: &[f64]) -> f64 {
    let norm: f64 = logits.iter().map(|a| a.exp()).sum::<f64>().ln();
    let mut total = 0.0;
    for &x in samples {
        let terms: Vec<f64> = (0..means.len())
            .map(|k| {
                let z = (x - means[k]) / log_sigmas[k].exp();
                logits[k] - norm - log_sigmas[k] - 0.5 * z * z
            })
            .collect();
        let peak = terms.iter().cloned().fold(f64::NEG_INFINITY, f64::max);
        total += peak + terms.iter().map(|t| (t - peak).exp()).sum::<f64>().ln();
    }
    total - samples.len() as f64 * 0.5 * (2.0 * std::f64::consts::PI).ln()
}

case! {
    gaussian_mixture, gaussian_mixture_grad, gaussian_mixture_grad_add, gaussian_mixture_graph;
    with |samples: Vec<f64>, logits: Vec<f64>, means: Vec<f64>, log_sigmas: Vec<f64>|
        (&samples, &logits, &means, &log_sigmas);
    at (vec![0.1, 1.9, -0.4, 2.2], vec![0.5, -0.2], vec![0.0, 2.1], vec![-0.5, 0.3]);
    gradient {
        // With responsibilities r: d/d mean = r z/σ, d/d log σ = r (z² − 1), d/d logit = r − weight,
        // d/dx = −r z/σ.
        let n = means.len();
        let norm: f64 = logits.iter().map(|a| a.exp()).sum();
        let (mut by_x, mut by_logit) = (vec![0.0; samples.len()], vec![0.0; n]);
        let (mut by_mean, mut by_log_sigma) = (vec![0.0; n], vec![0.0; n]);
        for (i, x) in samples.iter().enumerate() {
            let z = |k: usize| (x - means[k]) / log_sigmas[k].exp();
            let density = |k: usize| (logits[k] - log_sigmas[k] - 0.5 * z(k) * z(k)).exp();
            let all: f64 = (0..n).map(density).sum();
            for k in 0..n {
                let r = density(k) / all;
                by_x[i] -= r * z(k) / log_sigmas[k].exp();
                by_mean[k] += r * z(k) / log_sigmas[k].exp();
                by_log_sigma[k] += r * (z(k) * z(k) - 1.0);
                by_logit[k] += r - logits[k].exp() / norm;
            }
        }
        (by_x, by_logit, by_mean, by_log_sigma)
    };
}

/// The value at `x` of the natural cubic spline through equally spaced knots 0, 1, 2, …
#[differentiable(second)]
fn cubic_spline(ys: &[f64], x: f64) -> f64 {
    let n = ys.len();
    let mut bend = vec![0.0; n];
    let mut carry = vec![0.0; n];
    for i in 1..n - 1 {
        let p = 4.0 - carry[i - 1];
        carry[i] = 1.0 / p;
        bend[i] = (6.0 * (ys[i + 1] - 2.0 * ys[i] + ys[i - 1]) - bend[i - 1]) / p;
    }
    for i in (1..n - 1).rev() {
        bend[i] -= carry[i] * bend[i + 1];
    }
    let mut k = 0;
    while k + 2 < n && x > (k + 1) as f64 {
        k += 1;
    }
    let b = x - k as f64;
    let a = 1.0 - b;
    a * ys[k] + b * ys[k + 1] + ((a * a * a - a) * bend[k] + (b * b * b - b) * bend[k + 1]) / 6.0
}

case! {
    cubic_spline, cubic_spline_grad, cubic_spline_grad_add, cubic_spline_graph;
    with |ys: Vec<f64>, x: f64| (&ys, x);
    at (vec![1.0, 3.0, 2.0, 5.0, 4.0], 0.4), (vec![1.0, 3.0, 2.0, 5.0, 4.0], 2.7), (vec![1.0, 2.5], 0.25);
}

/// Batch normalisation, then the energy of what exceeds one.
#[differentiable(second)]
fn normalised_energy(batch: &[[f64; 2]], gain: [f64; 2]) -> f64 {
    let n = batch.len() as f64;
    let mut energy = 0.0;
    for feature in 0..2 {
        let mean = batch.iter().map(|row| row[feature]).sum::<f64>() / n;
        let variance = batch.iter().map(|row| (row[feature] - mean).powi(2)).sum::<f64>() / n;
        let scale = gain[feature] / (variance + 1e-5).sqrt();
        for row in batch {
            let z = (row[feature] - mean) * scale;
            energy += if z > 1.0 { z * z } else { z / 10.0 };
        }
    }
    energy
}

case! {
    normalised_energy, normalised_energy_grad, normalised_energy_grad_add, normalised_energy_graph;
    with |batch: Vec<[f64; 2]>, gain: [f64; 2]| (&batch, gain);
    at (vec![[1.0, 0.5], [2.0, -1.0], [-0.5, 3.0], [0.3, 0.2]], [1.0, 2.0]);
}
