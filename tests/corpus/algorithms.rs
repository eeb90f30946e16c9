//! Algorithms as they stand in code bases: linear algebra on rows, filters, recurrences, lattices, dynamic programming.

use gradus::differentiable;

/// Gaussian elimination with row exchanges.
#[differentiable(second)]
fn solved(a: &[Vec<f64>], b: &[f64]) -> Vec<f64> {
    let n = b.len();
    let mut a = a.to_vec();
    let mut b = b.to_vec();
    for k in 0..n {
        let pivot = (k..n).max_by(|&i, &j| a[i][k].abs().total_cmp(&a[j][k].abs())).unwrap();
        a.swap(k, pivot);
        b.swap(k, pivot);
        for i in k + 1..n {
            let factor = a[i][k] / a[k][k];
            for j in k..n {
                let above = a[k][j];
                a[i][j] -= factor * above;
            }
            b[i] -= factor * b[k];
        }
    }
    let mut x = vec![0.0; n];
    for i in (0..n).rev() {
        let known: f64 = (i + 1..n).map(|j| a[i][j] * x[j]).sum();
        x[i] = (b[i] - known) / a[i][i];
    }
    x
}

#[differentiable(second)]
fn energy_of_solution(a: &[Vec<f64>], b: &[f64]) -> f64 {
    solved(a, b).iter().map(|x| x * x).sum::<f64>() * 0.5
}

case! {
    energy_of_solution, energy_of_solution_grad, energy_of_solution_grad_add, energy_of_solution_graph;
    with |a: Vec<Vec<f64>>, b: Vec<f64>| (&a, &b);
    at
        (vec![vec![1.0, 4.0], vec![3.0, -1.0]], vec![2.0, 0.5]),
        (vec![vec![0.5, 2.0, 1.0], vec![4.0, 1.0, -1.0], vec![2.0, -3.0, 6.0]], vec![1.0, -2.0, 0.3]);
    gradient {
        // With A x = b: λ = A⁻ᵀ x, dE/db = λ, dE/dA = −λ xᵀ.
        let x = solved(&a, &b);
        let transposed: Vec<Vec<f64>> = (0..b.len()).map(|j| a.iter().map(|row| row[j]).collect()).collect();
        let adjoint = solved(&transposed, &x);
        (adjoint.iter().map(|l| x.iter().map(|x| -l * x).collect()).collect(), adjoint)
    };
}

/// The logarithm of a determinant, by Cholesky.
#[differentiable(second)]
fn log_determinant(a: &[Vec<f64>]) -> f64 {
    let n = a.len();
    let mut l = vec![vec![0.0; n]; n];
    for i in 0..n {
        for j in 0..=i {
            let s: f64 = (0..j).map(|k| l[i][k] * l[j][k]).sum();
            if i == j {
                l[i][j] = (a[i][i] - s).sqrt();
            } else {
                l[i][j] = (a[i][j] - s) / l[j][j];
            }
        }
    }
    2.0 * (0..n).map(|i| l[i][i].ln()).sum::<f64>()
}

case! {
    log_determinant, log_determinant_grad, log_determinant_grad_add, log_determinant_graph;
    with |a: Vec<Vec<f64>>| (&a);
    at vec![vec![4.0, 1.0], vec![1.0, 3.0]], vec![vec![2.0]];
    gradient {
        // It reads the lower triangle, so what stands there counts twice: d ln(ac − b²).
        match a.as_slice() {
            [row] => vec![vec![1.0 / row[0]]],
            rows => {
                let (p, q, r) = (rows[0][0], rows[1][0], rows[1][1]);
                let det = p * r - q * q;
                vec![vec![r / det, 0.0], vec![-2.0 * q / det, p / det]]
            }
        }
    };
}

/// Gram–Schmidt: the diagonal of R.
#[differentiable(second)]
fn volume(columns: &[Vec<f64>]) -> f64 {
    let mut basis: Vec<Vec<f64>> = Vec::new();
    let mut volume = 1.0;
    for column in columns {
        let mut v = column.clone();
        for q in &basis {
            let along: f64 = q.iter().zip(&v).map(|(a, b)| a * b).sum();
            for (x, y) in v.iter_mut().zip(q) {
                *x -= along * y;
            }
        }
        let norm = v.iter().map(|x| x * x).sum::<f64>().sqrt();
        volume *= norm;
        basis.push(v.into_iter().map(|x| x / norm).collect());
    }
    volume
}

case! {
    volume, volume_grad, volume_grad_add, volume_graph;
    with |columns: Vec<Vec<f64>>| (&columns);
    at vec![vec![1.0, 2.0], vec![-0.5, 3.0]], vec![vec![4.0, -1.0], vec![1.0, 0.5]];
    gradient {
        let (a, b) = (&columns[0], &columns[1]);
        let sign = (a[0] * b[1] - a[1] * b[0]).signum();
        vec![vec![sign * b[1], -sign * b[0]], vec![-sign * a[1], sign * a[0]]]
    };
}

/// The largest eigenvalue of a symmetric matrix, by power iteration.
#[differentiable(second)]
fn largest_eigenvalue(p: f64, q: f64, r: f64) -> f64 {
    let m = [[p, q], [q, r]];
    let mut v = [1.0, 0.5];
    let mut value = 0.0;
    for _ in 0..80 {
        let w = m.map(|row| row[0] * v[0] + row[1] * v[1]);
        value = w[0].hypot(w[1]);
        v = [w[0] / value, w[1] / value];
    }
    value
}

case! {
    largest_eigenvalue, largest_eigenvalue_grad, largest_eigenvalue_grad_add, largest_eigenvalue_graph;
    with |p: f64, q: f64, r: f64| (p, q, r);
    at (4.0, 1.0, 1.0), (3.0, -0.5, 0.2);
    gradient {
        let root = ((p - r) * (p - r) + 4.0 * q * q).sqrt();
        (0.5 + 0.5 * (p - r) / root, 2.0 * q / root, 0.5 - 0.5 * (p - r) / root)
    };
}

/// A tridiagonal system, by the algorithm of Thomas.
#[differentiable(second)]
fn tridiagonal(lower: &[f64], diagonal: &[f64], upper: &[f64], right: &[f64]) -> f64 {
    let n = diagonal.len();
    let (mut c, mut d) = (vec![0.0; n], vec![0.0; n]);
    for i in 0..n {
        let pivot = if i == 0 { diagonal[0] } else { diagonal[i] - lower[i - 1] * c[i - 1] };
        if i + 1 < n {
            c[i] = upper[i] / pivot;
        }
        d[i] = if i == 0 { right[0] / pivot } else { (right[i] - lower[i - 1] * d[i - 1]) / pivot };
    }
    for i in (0..n - 1).rev() {
        let next = d[i + 1];
        d[i] -= c[i] * next;
    }
    d.iter().enumerate().map(|(i, x)| (i + 1) as f64 * x).sum()
}

case! {
    tridiagonal, tridiagonal_grad, tridiagonal_grad_add, tridiagonal_graph;
    with |lower: Vec<f64>, diagonal: Vec<f64>, upper: Vec<f64>, right: Vec<f64>| (&lower, &diagonal, &upper, &right);
    at (vec![1.0, 0.5], vec![4.0, 5.0, 3.0], vec![-1.0, 0.3], vec![1.0, 2.0, -1.0]);
}

/// A scalar Kalman filter: what the state is believed to be, and how much so.
#[differentiable(second)]
fn kalman(measured: &[f64], process: f64, noise: f64) -> f64 {
    let (mut state, mut variance) = (0.0, 1.0);
    let mut likelihood = 0.0;
    for &z in measured {
        variance += process * process;
        let total = variance + noise * noise;
        let gain = variance / total;
        let innovation = z - state;
        likelihood -= 0.5 * (innovation * innovation / total + total.ln());
        state += gain * innovation;
        variance *= 1.0 - gain;
    }
    likelihood + state * variance
}

case! {
    kalman, kalman_grad, kalman_grad_add, kalman_graph;
    with |measured: Vec<f64>, process: f64, noise: f64| (&measured, process, noise);
    at (vec![1.0, 1.2, 0.7, 1.1], 0.3, 0.8), (vec![], 0.1, 1.0);
}

/// A hidden Markov model of two states: the forward algorithm, scaled.
#[differentiable(second)]
fn hidden_states(observed: &[f64], mean: f64, stay: f64) -> f64 {
    let transition = [[stay, 1.0 - stay], [0.4, 0.6]];
    let mut belief = [0.5, 0.5];
    let mut log_likelihood = 0.0;
    for x in observed {
        let mut next = [0.0; 2];
        for (j, n) in next.iter_mut().enumerate() {
            for i in 0..2 {
                *n += belief[i] * transition[i][j];
            }
            *n *= (-(x - mean * j as f64).powi(2)).exp();
        }
        let total = next[0] + next[1];
        log_likelihood += total.ln();
        belief = next.map(|n| n / total);
    }
    log_likelihood
}

case! {
    hidden_states, hidden_states_grad, hidden_states_grad_add, hidden_states_graph;
    with |observed: Vec<f64>, mean: f64, stay: f64| (&observed, mean, stay);
    at (vec![0.1, 1.3, 0.9, -0.2], 1.1, 0.7), (vec![2.0], 1.5, 0.9);
}

/// A mixture of Gaussians, by log-sum-exp.
#[differentiable(second)]
fn mixture(data: &[f64], means: &[f64], log_scales: &[f64]) -> f64 {
    data.iter()
        .map(|x| {
            let terms: Vec<f64> =
                means.iter().zip(log_scales).map(|(m, s)| -0.5 * ((x - m) / s.exp()).powi(2) - s).collect();
            let peak = terms.iter().copied().fold(f64::NEG_INFINITY, f64::max);
            peak + terms.iter().map(|t| (t - peak).exp()).sum::<f64>().ln()
        })
        .sum()
}

case! {
    mixture, mixture_grad, mixture_grad_add, mixture_graph;
    with |data: Vec<f64>, means: Vec<f64>, log_scales: Vec<f64>| (&data, &means, &log_scales);
    at (vec![0.1, 1.3, -0.9], vec![0.0, 1.0], vec![0.2, -0.3]), (vec![2.0], vec![1.5], vec![0.5]);
    gradient {
        let share = |x: f64, k: usize| {
            let density = |k: usize| (-0.5 * ((x - means[k]) / log_scales[k].exp()).powi(2) - log_scales[k]).exp();
            density(k) / (0..means.len()).map(density).sum::<f64>()
        };
        let z = |x: f64, k: usize| (x - means[k]) / log_scales[k].exp();
        let over = |k: usize, f: &dyn Fn(f64) -> f64| data.iter().map(|&x| share(x, k) * f(x)).sum::<f64>();
        let ks = 0..means.len();
        (
            data.iter().map(|&x| ks.clone().map(|k| -share(x, k) * z(x, k) / log_scales[k].exp()).sum()).collect(),
            ks.clone().map(|k| over(k, &|x| z(x, k) / log_scales[k].exp())).collect(),
            ks.clone().map(|k| over(k, &|x| z(x, k) * z(x, k) - 1.0)).collect(),
        )
    };
}

/// An American put on a binomial lattice.
#[differentiable(second)]
fn american_put(spot: f64, strike: f64, rate: f64, volatility: f64) -> f64 {
    let steps = 12;
    let dt = 1.0 / steps as f64;
    let up = (volatility * dt.sqrt()).exp();
    let down = 1.0 / up;
    let growth = (rate * dt).exp();
    let q = (growth - down) / (up - down);
    let price = |moves: i32| spot * up.powi(moves);
    let mut values: Vec<f64> =
        (0..=steps).map(|i| (strike - price(2 * i as i32 - steps as i32)).max(0.0)).collect();
    for step in (0..steps).rev() {
        for i in 0..=step {
            let held = (q * values[i + 1] + (1.0 - q) * values[i]) / growth;
            values[i] = held.max(strike - price(2 * i as i32 - step as i32));
        }
        values.truncate(step + 1);
    }
    values[0]
}

case! {
    american_put, american_put_grad, american_put_grad_add, american_put_graph;
    with |spot: f64, strike: f64, rate: f64, volatility: f64| (spot, strike, rate, volatility);
    at (36.3, 40.1, 0.06, 0.2), (44.7, 40.1, 0.03, 0.4);
}

/// Dynamic time warping of two series.
#[differentiable(second)]
fn warped(a: &[f64], b: &[f64]) -> f64 {
    let mut cost = vec![vec![f64::INFINITY; b.len() + 1]; a.len() + 1];
    cost[0][0] = 0.0;
    for (i, x) in a.iter().enumerate() {
        for (j, y) in b.iter().enumerate() {
            let best = cost[i][j].min(cost[i][j + 1]).min(cost[i + 1][j]);
            cost[i + 1][j + 1] = (x - y).powi(2) + best;
        }
    }
    cost[a.len()][b.len()]
}

case! {
    warped, warped_grad, warped_grad_add, warped_graph;
    with |a: Vec<f64>, b: Vec<f64>| (&a, &b);
    at (vec![1.0, 2.0, 0.5, 0.4], vec![1.1, 0.6, 2.2]), (vec![3.0], vec![1.0, 2.0]);
}

/// A cubic spline through the points, with the slopes of Catmull and Rom.
#[differentiable(second)]
fn spline(ys: &[f64], t: f64) -> f64 {
    let n = ys.len();
    let slope = |i: usize| match i {
        0 => ys[1] - ys[0],
        i if i + 1 == n => ys[n - 1] - ys[n - 2],
        i => 0.5 * (ys[i + 1] - ys[i - 1]),
    };
    let cell = (gradus::stop_gradient(t).floor() as usize).min(n - 2);
    let u = t - cell as f64;
    let (u2, u3) = (u * u, u * u * u);
    (2.0 * u3 - 3.0 * u2 + 1.0) * ys[cell]
        + (u3 - 2.0 * u2 + u) * slope(cell)
        + (3.0 * u2 - 2.0 * u3) * ys[cell + 1]
        + (u3 - u2) * slope(cell + 1)
}

case! {
    spline, spline_grad, spline_grad_add, spline_graph;
    with |ys: Vec<f64>, t: f64| (&ys, t);
    at (vec![1.0, 2.0, 0.5, 0.4], 1.3), (vec![1.0, 2.0, 0.5], 0.2), (vec![1.0, 2.0, 0.5], 1.9);
}

/// An image smoothed by a stencil, its edges mirrored.
#[differentiable(second)]
fn roughness(image: &[f64], width: usize, weight: f64) -> f64 {
    let height = image.len() / width;
    let at = |x: isize, y: isize| -> f64 {
        let mirrored = |i: isize, n: usize| i.clamp(0, n as isize - 1) as usize;
        image[mirrored(y, height) * width + mirrored(x, width)]
    };
    let mut total = 0.0;
    for y in 0..height as isize {
        for x in 0..width as isize {
            let laplacian = at(x - 1, y) + at(x + 1, y) + at(x, y - 1) + at(x, y + 1) - 4.0 * at(x, y);
            total += laplacian * laplacian * weight;
        }
    }
    total
}

case! {
    roughness, roughness_grad, roughness_grad_add, roughness_graph;
    for width in [2, 3];
    with |image: Vec<f64>, weight: f64| (&image, width, weight);
    at (vec![1.0, 2.0, 0.5, 0.4, -1.0, 3.0], 0.7);
}

/// A recurrent network over a sequence.
#[differentiable(second)]
fn recurrent(inputs: &[f64], within: &[[f64; 2]; 2], from_input: &[f64; 2]) -> f64 {
    let mut hidden = [0.0; 2];
    for &x in inputs {
        let mut next = [0.0; 2];
        for i in 0..2 {
            let sum: f64 = within[i].iter().zip(&hidden).map(|(w, h)| w * h).sum();
            next[i] = (sum + from_input[i] * x).tanh();
        }
        hidden = next;
    }
    hidden.iter().map(|h| h * h).sum()
}

case! {
    recurrent, recurrent_grad, recurrent_grad_add, recurrent_graph;
    with |inputs: Vec<f64>, within: [[f64; 2]; 2], from_input: [f64; 2]| (&inputs, &within, &from_input);
    at (vec![0.5, -1.0, 0.3], [[0.4, 0.1], [-0.2, 0.6]], [0.5, -0.3]), (vec![], [[1.0; 2]; 2], [1.0, 2.0]);
}

/// Two links of an arm: how far its hand is from a target, after steps of coordinate descent that are differentiated too.
#[differentiable(second)]
fn reached(target: (f64, f64), lengths: [f64; 2], start: f64) -> f64 {
    let hand = |a: f64, b: f64| {
        let [l, m] = lengths;
        (l * a.cos() + m * (a + b).cos(), l * a.sin() + m * (a + b).sin())
    };
    let (mut a, mut b) = (start, 0.5);
    for _ in 0..5 {
        let (x, y) = hand(a, b);
        let (dx, dy) = (target.0 - x, target.1 - y);
        a += 0.1 * (dx * -y + dy * x);
        b += 0.1 * lengths[1] * (-dx * (a + b).sin() + dy * (a + b).cos());
    }
    let (x, y) = hand(a, b);
    (target.0 - x).hypot(target.1 - y)
}

case! {
    reached, reached_grad, reached_grad_add, reached_graph;
    with |target: (f64, f64), lengths: [f64; 2], start: f64| (target, lengths, start);
    at ((1.0, 0.7), [1.0, 0.8], 0.2), ((-0.5, 1.1), [0.9, 0.6], 1.0);
}

/// Mean and variance in one pass, as by Welford.
#[differentiable(second)]
fn running_variance(xs: &[f64]) -> f64 {
    let (mut mean, mut squares, mut n) = (0.0, 0.0, 0.0);
    for x in xs {
        n += 1.0;
        let delta = x - mean;
        mean += delta / n;
        squares += delta * (x - mean);
    }
    if n > 1.0 { squares / (n - 1.0) } else { 0.0 }
}

case! {
    running_variance, running_variance_grad, running_variance_grad_add, running_variance_graph;
    with |xs: Vec<f64>| (&xs);
    at vec![1.0, 2.0, 0.5, 0.4], vec![3.0, -1.0], vec![3.0], vec![];
    gradient {
        let n = xs.len() as f64;
        let mean = xs.iter().sum::<f64>() / n;
        xs.iter().map(|x| if n > 1.0 { 2.0 * (x - mean) / (n - 1.0) } else { 0.0 }).collect()
    };
}

/// Adaptive steps: how many are taken depends on the numbers.
#[differentiable(second)]
fn adaptive(rate: f64, start: f64) -> f64 {
    let slope = |y: f64| -rate * y + y.sin();
    let (mut t, mut y, mut h) = (0.0, start, 0.5);
    while t < 1.0 {
        let h_now = if t + h > 1.0 { 1.0 - t } else { h };
        let euler = y + h_now * slope(y);
        let heun = y + 0.5 * h_now * (slope(y) + slope(euler));
        if (heun - euler).abs() > 0.05 {
            h *= 0.5;
            continue;
        }
        t += h_now;
        y = heun;
    }
    y
}

case! {
    adaptive, adaptive_grad, adaptive_grad_add, adaptive_graph;
    with |rate: f64, start: f64| (rate, start);
    at (1.5, 1.0), (0.3, 2.0);
}

/// The integral of a closure, by the rule of Simpson.
#[differentiable(second)]
fn integrated(k: f64, upper: f64) -> f64 {
    let n = 40;
    let h = upper / n as f64;
    let f = |x: f64| (k * x).exp();
    let inner: f64 = (1..n).map(|i| f(i as f64 * h) * if i % 2 == 1 { 4.0 } else { 2.0 }).sum();
    h / 3.0 * (f(0.0) + inner + f(upper))
}

case! {
    integrated, integrated_grad, integrated_grad_add, integrated_graph;
    with |k: f64, upper: f64| (k, upper);
    at (0.5, 1.0), (-1.0, 2.0);
}
