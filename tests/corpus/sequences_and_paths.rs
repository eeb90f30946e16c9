//! What comes one after the other: gated networks, attention, prices along paths, arms of many joints, spectra.

use super::dual::Dual;
use gradus::{Activations, differentiable};

/// A gated recurrent unit over a sequence; `weights` holds a row for each gate of each unit: input, states, bias.
#[differentiable(second)]
fn gated(inputs: &[f64], weights: &[Vec<f64>], units: usize) -> f64 {
    let mut state = vec![0.0; units];
    for &x in inputs {
        let gate = |row: &[f64], state: &[f64]| -> f64 {
            let recurrent: f64 = row[1..=units].iter().zip(state).map(|(w, s)| w * s).sum();
            row[0] * x + recurrent + row[units + 1]
        };
        let reset: Vec<f64> =
            (0..units).map(|i| gate(&weights[3 * i], &state).sigmoid() * state[i]).collect();
        let mut next = Vec::with_capacity(units);
        for i in 0..units {
            let update = gate(&weights[3 * i + 1], &state).sigmoid();
            let candidate = gate(&weights[3 * i + 2], &reset).tanh();
            next.push((1.0 - update) * state[i] + update * candidate);
        }
        state = next;
    }
    state.iter().map(|s| s * s).sum()
}

/// The same on dual numbers, for two units: inputs, then the weights.
fn gated_on_duals(v: &[Dual]) -> Dual {
    let (inputs, weights) = v.split_at(v.len() - 24);
    let logistic = |z: Dual| 1.0 / (1.0 + (-z).exp());
    let mut state = [Dual::from(0.0); 2];
    for &x in inputs {
        let gate = |k: usize, s: [Dual; 2]| {
            let row = &weights[4 * k..4 * k + 4];
            row[0] * x + row[1] * s[0] + row[2] * s[1] + row[3]
        };
        let reset = [0, 1].map(|i| logistic(gate(3 * i, state)) * state[i]);
        state = [0, 1].map(|i| {
            let update = logistic(gate(3 * i + 1, state));
            (1.0 - update) * state[i] + update * gate(3 * i + 2, reset).tanh()
        });
    }
    state[0] * state[0] + state[1] * state[1]
}

/// Six rows of four weights between −1 and 1.
fn gate_weights() -> Vec<Vec<f64>> {
    (0..6).map(|i| (0..4).map(|j| ((7 * i + 3 * j + 1) as f64).sin()).collect()).collect()
}

case! {
    gated, gated_grad, gated_grad_add, gated_graph;
    with |inputs: Vec<f64>, weights: Vec<Vec<f64>>| (&inputs, &weights, 2);
    at (vec![0.5, -1.0, 0.3], gate_weights()), (vec![1.2], gate_weights()), (vec![], gate_weights());
    forward |v| gated_on_duals(v);
}

/// What a query picks from values by the softmax of its products with keys.
#[differentiable(second)]
fn attended(query: &[f64], keys: &[Vec<f64>], values: &[f64]) -> f64 {
    let scale = 1.0 / (query.len() as f64).sqrt();
    let scores: Vec<f64> =
        keys.iter().map(|key| key.iter().zip(query).map(|(k, q)| k * q).sum::<f64>() * scale).collect();
    let peak = scores.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let weights: Vec<f64> = scores.iter().map(|s| (s - peak).exp()).collect();
    let total: f64 = weights.iter().sum();
    weights.iter().zip(values).map(|(w, v)| w / total * v).sum()
}

case! {
    attended, attended_grad, attended_grad_add, attended_graph;
    with |query: Vec<f64>, keys: Vec<Vec<f64>>, values: Vec<f64>| (&query, &keys, &values);
    at (vec![0.5, -1.0], vec![vec![1.0, 0.3], vec![-0.4, 0.8], vec![0.2, -0.6]], vec![2.0, -1.0, 0.5]);
    gradient {
        // With weights p and the mean m of the values under them: dv = p, d score = p (v − m).
        let scale = 1.0 / (query.len() as f64).sqrt();
        let score = |key: &Vec<f64>| (key.iter().zip(&query).map(|(k, q)| k * q).sum::<f64>() * scale).exp();
        let all: f64 = keys.iter().map(score).sum();
        let p: Vec<f64> = keys.iter().map(|key| score(key) / all).collect();
        let mean: f64 = p.iter().zip(&values).map(|(p, v)| p * v).sum();
        let by_score: Vec<f64> = p.iter().zip(&values).map(|(p, v)| p * (v - mean) * scale).collect();
        (
            (0..query.len()).map(|d| keys.iter().zip(&by_score).map(|(key, s)| s * key[d]).sum()).collect(),
            by_score.iter().map(|s| query.iter().map(|q| s * q).collect()).collect(),
            p,
        )
    };
}

/// An Asian call along given paths of normal steps: the payoff of the mean price, discounted.
#[differentiable(second)]
fn asian_call(spot: f64, strike: f64, rate: f64, volatility: f64, #[constant] steps: &[[f64; 4]]) -> f64 {
    let dt: f64 = 0.25;
    let drift = (rate - 0.5 * volatility * volatility) * dt;
    let payoffs = steps.iter().map(|path| {
        let mut price = spot;
        let mut total = 0.0;
        for z in path {
            price *= (drift + volatility * dt.sqrt() * z).exp();
            total += price;
        }
        (total / path.len() as f64 - strike).max(0.0)
    });
    (-rate).exp() * payoffs.sum::<f64>() / steps.len() as f64
}

const STEPS: [[f64; 4]; 3] = [[0.3, -1.1, 0.8, 1.7], [-0.4, -0.9, 0.2, -1.3], [1.2, 0.5, -0.6, 0.1]];

case! {
    asian_call, asian_call_grad, asian_call_grad_add, asian_call_graph;
    with |spot: f64, strike: f64, rate: f64, volatility: f64| (spot, strike, rate, volatility, &STEPS);
    at (100.0, 95.0, 0.05, 0.2), (80.0, 81.0, 0.01, 0.4);
    gradient {
        // Price by price: S_k = S exp((r − σ²/2) k/4 + σ w_k / 2), where w is the walk.
        let (mut by_spot, mut by_strike, mut by_rate, mut by_volatility) = (0.0, 0.0, 0.0, 0.0);
        for path in STEPS {
            let prices: Vec<(f64, f64, f64)> = (1..=4).map(|k| {
                let (t, walk) = (k as f64 / 4.0, 0.5 * path[..k].iter().sum::<f64>());
                (spot * f64::exp((rate - 0.5 * volatility * volatility) * t + volatility * walk), t, walk)
            }).collect();
            let mean = |f: &dyn Fn(f64, f64, f64) -> f64| prices.iter().map(|&(s, t, w)| f(s, t, w)).sum::<f64>() / 4.0;
            let payoff = mean(&|s, _, _| s) - strike;
            if payoff > 0.0 {
                let discount = f64::exp(-rate) / 3.0;
                by_spot += discount * mean(&|s, _, _| s) / spot;
                by_strike -= discount;
                by_rate += discount * (mean(&|s, t, _| s * t) - payoff);
                by_volatility += discount * mean(&|s, t, w| s * (w - volatility * t));
            }
        }
        (by_spot, by_strike, by_rate, by_volatility)
    };
}

#[differentiable(second)]
fn turned(m: &[[f64; 3]; 3], v: [f64; 3]) -> [f64; 3] {
    m.map(|row| row[0] * v[0] + row[1] * v[1] + row[2] * v[2])
}

/// The rotation about an axis of space: `x`, `y` or `z` for 0, 1, 2.
#[differentiable(second)]
fn rotation(axis: usize, angle: f64) -> [[f64; 3]; 3] {
    let (s, c) = angle.sin_cos();
    let (i, j) = ((axis + 1) % 3, (axis + 2) % 3);
    let mut m = [[0.0; 3]; 3];
    m[axis][axis] = 1.0;
    m[i][i] = c;
    m[j][j] = c;
    m[i][j] = -s;
    m[j][i] = s;
    m
}

/// How far the hand of an arm is from where it should be: each joint turns about one axis all that comes after it.
#[differentiable(second)]
fn hand_off_target(angles: &[f64], lengths: &[f64], axes: &[usize], target: [f64; 3]) -> f64 {
    let mut hand = [0.0; 3];
    for ((angle, length), &axis) in angles.iter().zip(lengths).zip(axes).rev() {
        hand[0] += length;
        hand = turned(&rotation(axis, *angle), hand);
    }
    let apart: f64 = hand.iter().zip(&target).map(|(h, t)| (h - t).powi(2)).sum();
    apart.sqrt()
}

case! {
    hand_off_target, hand_off_target_grad, hand_off_target_grad_add, hand_off_target_graph;
    for axes in [[2, 2, 2], [2, 1, 0]];
    with |angles: Vec<f64>, lengths: Vec<f64>, target: [f64; 3]| (&angles, &lengths, &axes, target);
    at (vec![0.4, -0.7, 1.1], vec![1.0, 0.8, 0.5], [0.9, 0.3, 0.2]);
    forward |v| {
        let mut hand = [Dual::from(0.0); 3];
        for k in [2, 1, 0] {
            hand[0] = hand[0] + v[3 + k];
            let (i, j) = ((axes[k] + 1) % 3, (axes[k] + 2) % 3);
            let (s, c) = (v[k].sin(), v[k].cos());
            (hand[i], hand[j]) = (c * hand[i] - s * hand[j], s * hand[i] + c * hand[j]);
        }
        (0..3).fold(Dual::from(0.0), |sum, i| sum + (hand[i] - v[6 + i]) * (hand[i] - v[6 + i])).sqrt()
    };
}

/// The power of a signal in its lower frequencies, by the definition of the transform.
#[differentiable(second)]
fn low_power(signal: &[f64], frequencies: usize) -> f64 {
    let n = signal.len() as f64;
    let mut power = 0.0;
    for k in 0..frequencies {
        let (mut re, mut im) = (0.0, 0.0);
        for (t, x) in signal.iter().enumerate() {
            let phase = std::f64::consts::TAU * (k * t) as f64 / n;
            re += x * phase.cos();
            im -= x * phase.sin();
        }
        power += re * re + im * im;
    }
    power
}

case! {
    low_power, low_power_grad, low_power_grad_add, low_power_graph;
    for frequencies in [0, 2, 4];
    with |signal: Vec<f64>| (&signal, frequencies);
    at vec![0.5, -1.0, 0.3, 0.8];
    gradient {
        // dP/dx_t = 2 Σ_s x_s Σ_k cos(2π k (t − s) / n)
        let n = signal.len();
        let cosines = |t: usize, s: usize| (0..frequencies).map(|k| {
            (std::f64::consts::TAU * k as f64 * (t as f64 - s as f64) / n as f64).cos()
        }).sum::<f64>();
        (0..n).map(|t| (0..n).map(|s| 2.0 * signal[s] * cosines(t, s)).sum()).collect()
    };
}
