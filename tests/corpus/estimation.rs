//! Estimates from data and decisions over time: differential equations that are fitted, filters, alignments, splines, images,
//! networks, prices.

use super::dual::Dual;
use gradus::differentiable;

/// How far a model of hunters and hunted is from what was counted once a year; by Runge and Kutta.
#[differentiable(second)]
fn population_misfit(rates: &[f64; 4], start: (f64, f64), counted: &[(f64, f64)]) -> f64 {
    let [birth, hunt, growth, death] = *rates;
    let flow = |(x, y): (f64, f64)| (x * (birth - hunt * y), y * (growth * x - death));
    let h = 0.25;
    let mut state = start;
    let mut misfit = 0.0;
    for &(hunted, hunters) in counted {
        for _ in 0..4 {
            let (x, y) = state;
            let a = flow(state);
            let b = flow((x + 0.5 * h * a.0, y + 0.5 * h * a.1));
            let c = flow((x + 0.5 * h * b.0, y + 0.5 * h * b.1));
            let d = flow((x + h * c.0, y + h * c.1));
            state.0 += h / 6.0 * (a.0 + 2.0 * b.0 + 2.0 * c.0 + d.0);
            state.1 += h / 6.0 * (a.1 + 2.0 * b.1 + 2.0 * c.1 + d.1);
        }
        misfit += (state.0.ln() - hunted.ln()).powi(2) + (state.1.ln() - hunters.ln()).powi(2);
    }
    misfit
}

/// The same on dual numbers: four rates, two starts, then the counts.
fn population_misfit_on_duals(v: &[Dual]) -> Dual {
    let (h, mut x, mut y, mut misfit) = (0.25, v[4], v[5], Dual::from(0.0));
    let flow = |x: Dual, y: Dual| (x * (v[0] - v[1] * y), y * (v[2] * x - v[3]));
    for counted in v[6..].chunks(2) {
        for _ in 0..4 {
            let a = flow(x, y);
            let b = flow(x + 0.5 * h * a.0, y + 0.5 * h * a.1);
            let c = flow(x + 0.5 * h * b.0, y + 0.5 * h * b.1);
            let d = flow(x + h * c.0, y + h * c.1);
            x = x + h / 6.0 * (a.0 + 2.0 * b.0 + 2.0 * c.0 + d.0);
            y = y + h / 6.0 * (a.1 + 2.0 * b.1 + 2.0 * c.1 + d.1);
        }
        let (r, s) = (x.ln() - counted[0].ln(), y.ln() - counted[1].ln());
        misfit = misfit + r * r + s * s;
    }
    misfit
}

case! {
    population_misfit, population_misfit_grad, population_misfit_grad_add, population_misfit_graph;
    with |rates: [f64; 4], start: (f64, f64), counted: Vec<(f64, f64)>| (&rates, start, &counted);
    at ([0.6, 0.3, 0.2, 0.5], (3.0, 1.5), vec![(3.5, 2.0), (2.5, 2.8), (1.2, 2.4)]), ([0.9; 4], (1.0, 2.0), vec![]);
    forward |v| population_misfit_on_duals(v);
}

/// A Kalman filter for place and speed, from measured places: the log likelihood, up to constants.
#[differentiable(second)]
fn tracked(measured: &[f64], acceleration: f64, noise: f64) -> f64 {
    let dt: f64 = 0.5;
    let (mut place, mut speed) = (0.0, 0.0);
    let mut p = [[4.0, 0.0], [0.0, 1.0]];
    let mut likelihood = 0.0;
    for z in measured {
        place += dt * speed;
        let q = acceleration * acceleration;
        let cross = p[0][1] + dt * p[1][1];
        p[0][0] += dt * (p[0][1] + cross) + 0.25 * q * dt.powi(4);
        p[0][1] = cross + 0.5 * q * dt.powi(3);
        p[1][0] = p[0][1];
        p[1][1] += q * dt * dt;
        let variance = p[0][0] + noise * noise;
        let gain = [p[0][0] / variance, p[1][0] / variance];
        let surprise = z - place;
        likelihood -= 0.5 * (surprise * surprise / variance + variance.ln());
        place += gain[0] * surprise;
        speed += gain[1] * surprise;
        p = [
            [(1.0 - gain[0]) * p[0][0], (1.0 - gain[0]) * p[0][1]],
            [p[1][0] - gain[1] * p[0][0], p[1][1] - gain[1] * p[0][1]],
        ];
    }
    likelihood
}

case! {
    tracked, tracked_grad, tracked_grad_add, tracked_graph;
    with |measured: Vec<f64>, acceleration: f64, noise: f64| (&measured, acceleration, noise);
    at (vec![0.3, 1.1, 1.6, 2.9], 0.7, 0.4), (vec![1.0], 0.2, 1.5);
    forward |v| {
        // With the covariance written out as three numbers.
        let (measured, q, r) = (&v[..v.len() - 2], v[v.len() - 2] * v[v.len() - 2], v[v.len() - 1] * v[v.len() - 1]);
        let zero = Dual::from(0.0);
        let (mut at, mut speed, mut likelihood) = (zero, zero, zero);
        let (mut a, mut b, mut c) = (zero + 4.0, zero, zero + 1.0);
        for &z in measured {
            at = at + 0.5 * speed;
            (a, b, c) = (a + b + 0.25 * c + q / 64.0, b + 0.5 * c + q / 16.0, c + 0.25 * q);
            let variance = a + r;
            let surprise = z - at;
            likelihood = likelihood - 0.5 * (surprise * surprise / variance + variance.ln());
            at = at + a / variance * surprise;
            speed = speed + b / variance * surprise;
            (a, b, c) = (a - a * a / variance, b - a * b / variance, c - b * b / variance);
        }
        likelihood
    };
}

/// A smooth minimum over all ways through a grid of costs, right or down: dynamic programming in `−ln Σ exp(−cost)`.
#[differentiable(second)]
fn soft_shortest_way(costs: &[Vec<f64>]) -> f64 {
    let (rows, columns) = (costs.len(), costs[0].len());
    let soft_min = |a: f64, b: f64| {
        let smaller = a.min(b);
        smaller - (-(a - b).abs()).exp().ln_1p()
    };
    let mut to = vec![vec![0.0; columns]; rows];
    to[0][0] = costs[0][0];
    for j in 1..columns {
        to[0][j] = to[0][j - 1] + costs[0][j];
    }
    for i in 1..rows {
        to[i][0] = to[i - 1][0] + costs[i][0];
        for j in 1..columns {
            to[i][j] = costs[i][j] + soft_min(to[i - 1][j], to[i][j - 1]);
        }
    }
    to[rows - 1][columns - 1]
}

/// The cells of every way from the cell `(i, j)` to the last one.
fn ways(i: usize, j: usize, rows: usize, columns: usize) -> Vec<Vec<(usize, usize)>> {
    if (i + 1, j + 1) == (rows, columns) {
        return vec![vec![(i, j)]];
    }
    let down = if i + 1 < rows { ways(i + 1, j, rows, columns) } else { vec![] };
    let right = if j + 1 < columns { ways(i, j + 1, rows, columns) } else { vec![] };
    down.into_iter().chain(right).map(|way| [vec![(i, j)], way].concat()).collect()
}

case! {
    soft_shortest_way, soft_shortest_way_grad, soft_shortest_way_grad_add, soft_shortest_way_graph;
    with |costs: Vec<Vec<f64>>| (&costs);
    at vec![vec![1.0, 0.2, 0.9], vec![0.4, 0.7, 0.3], vec![1.1, 0.1, 0.5]], vec![vec![1.0, 2.0]];
    gradient {
        // How often each cell is visited, if ways are taken with probability exp(−cost).
        let mut visits: Vec<Vec<f64>> = costs.iter().map(|row| vec![0.0; row.len()]).collect();
        let mut all = 0.0;
        for way in ways(0, 0, costs.len(), costs[0].len()) {
            let weight = (-way.iter().map(|&(i, j)| costs[i][j]).sum::<f64>()).exp();
            way.iter().for_each(|&(i, j)| visits[i][j] += weight);
            all += weight;
        }
        visits.iter().map(|row| row.iter().map(|v| v / all).collect()).collect()
    };
}

/// The most likely states of a chain, by Viterbi: its score.
#[differentiable(second)]
fn best_states(emissions: &[[f64; 2]], stay: f64) -> f64 {
    let leave = (1.0 - stay.exp()).ln();
    let mut scores = emissions[0];
    for emission in &emissions[1..] {
        let keep = scores.map(|s| s + stay);
        let change = [scores[1] + leave, scores[0] + leave];
        scores = std::array::from_fn(|k| keep[k].max(change[k]) + emission[k]);
    }
    scores.into_iter().fold(f64::NEG_INFINITY, f64::max)
}

case! {
    best_states, best_states_grad, best_states_grad_add, best_states_graph;
    with |emissions: Vec<[f64; 2]>, stay: f64| (&emissions, stay);
    at (vec![[-0.1, -2.0], [-1.5, -0.3], [-3.0, -0.2]], -0.4), (vec![[-0.1, -2.0], [-0.5, -0.3], [-0.1, -0.9]], -0.2);
    gradient {
        // One where the best of all sequences passes, and its number of stays and changes.
        let n = emissions.len();
        let sequence = |code: usize| (0..n).map(move |t| code >> t & 1);
        let leave = (1.0 - f64::exp(stay)).ln();
        let changes = |code: usize| sequence(code).zip(sequence(code).skip(1)).filter(|(a, b)| a != b).count();
        let score = |code: usize| {
            let seen: f64 = sequence(code).zip(&emissions).map(|(k, e)| e[k]).sum();
            seen + changes(code) as f64 * leave + (n - 1 - changes(code)) as f64 * stay
        };
        let best = (0..1 << n).max_by(|a, b| score(*a).total_cmp(&score(*b))).unwrap();
        let by_leave = -f64::exp(stay) / (1.0 - f64::exp(stay));
        let chosen = sequence(best).map(|k| if k == 0 { [1.0, 0.0] } else { [0.0, 1.0] }).collect();
        (chosen, changes(best) as f64 * by_leave + (n - 1 - changes(best)) as f64)
    };
}

/// A cubic B-spline with equally spaced knots, by de Boor's scheme; `x` is at least 3 and below the number of coefficients.
#[differentiable(second)]
fn b_spline(coefficients: &[f64], x: f64) -> f64 {
    let cell = gradus::stop_gradient(x).floor() as usize;
    let mut d = coefficients[cell - 3..=cell].to_vec();
    for level in 1..=3 {
        for j in (level..=3).rev() {
            let left = (cell + j - 3) as f64;
            let alpha = (x - left) / (4 - level) as f64;
            d[j] = (1.0 - alpha) * d[j - 1] + alpha * d[j];
        }
    }
    d[3]
}

case! {
    b_spline, b_spline_grad, b_spline_grad_add, b_spline_graph;
    with |coefficients: Vec<f64>, x: f64| (&coefficients, x);
    at (vec![1.0, -0.5, 2.0, 0.3, 1.4], 3.3), (vec![1.0, -0.5, 2.0, 0.3, 1.4], 4.8);
    gradient {
        // The uniform cubic basis and its slopes.
        let (cell, u) = (x.floor() as usize, x.fract());
        let basis = [(1.0 - u).powi(3), 3.0 * u.powi(3) - 6.0 * u * u + 4.0, 1.0 + 3.0 * u + 3.0 * u * u - 3.0 * u.powi(3), u.powi(3)];
        let slopes = [-(1.0 - u).powi(2), 3.0 * u * u - 4.0 * u, 1.0 + 2.0 * u - 3.0 * u * u, u * u];
        let mut by_coefficient = vec![0.0; coefficients.len()];
        (0..4).for_each(|k| by_coefficient[cell - 3 + k] = basis[k] / 6.0);
        (by_coefficient, (0..4).map(|k| slopes[k] / 2.0 * coefficients[cell - 3 + k]).sum())
    };
}

/// An image convolved with a kernel, rectified, and averaged.
#[differentiable(second)]
fn convolved(image: &[Vec<f64>], kernel: &[[f64; 3]; 3], bias: f64) -> f64 {
    let (height, width) = (image.len(), image[0].len());
    let mut out = vec![vec![0.0; width - 2]; height - 2];
    for y in 0..height - 2 {
        for x in 0..width - 2 {
            let mut sum = bias;
            for (dy, row) in kernel.iter().enumerate() {
                for (dx, k) in row.iter().enumerate() {
                    sum += k * image[y + dy][x + dx];
                }
            }
            out[y][x] = sum.max(0.0);
        }
    }
    out.iter().flatten().map(|v| v * v).sum::<f64>() / (out.len() * out[0].len()) as f64
}

case! {
    convolved, convolved_grad, convolved_grad_add, convolved_graph;
    with |image: Vec<Vec<f64>>, kernel: [[f64; 3]; 3], bias: f64| (&image, &kernel, bias);
    at (
        vec![vec![1.0, 0.2, 0.9, -0.3], vec![0.4, -0.7, 0.3, 0.8], vec![1.1, 0.1, -0.5, 0.6]],
        [[0.5, -0.2, 0.3], [0.1, 0.9, -0.4], [-0.6, 0.2, 0.7]],
        0.1,
    );
    gradient {
        let (height, width) = (image.len() - 2, image[0].len() - 2);
        let mut by_image: Vec<Vec<f64>> = image.iter().map(|row| vec![0.0; row.len()]).collect();
        let (mut by_kernel, mut by_bias) = ([[0.0; 3]; 3], 0.0);
        for (y, x) in (0..height * width).map(|i| (i / width, i % width)) {
            let cells = || (0..9).map(|i| (i / 3, i % 3));
            let sum: f64 = bias + cells().map(|(i, j)| kernel[i][j] * image[y + i][x + j]).sum::<f64>();
            let slope = 2.0 * sum.max(0.0) / (height * width) as f64;
            by_bias += slope;
            for (i, j) in cells() {
                by_kernel[i][j] += slope * image[y + i][x + j];
                by_image[y + i][x + j] += slope * kernel[i][j];
            }
        }
        (by_image, by_kernel, by_bias)
    };
}
