//! Iterator chains, as far as possible one adapter a function.

use gradus::differentiable;

#[differentiable(second)]
fn map_and_sum(xs: &[f64]) -> f64 {
    xs.iter().map(|x| x * x).sum()
}

case! {
    map_and_sum, map_and_sum_grad, map_and_sum_grad_add, map_and_sum_graph;
    with |xs: Vec<f64>| (&xs);
    at vec![1.0, -2.0, 0.5], vec![], vec![1e6, 1e-3];
    gradient xs.iter().map(|x| 2.0 * x).collect();
    forward |v| v.iter().fold(super::super::dual::Dual::from(0.0), |s, &x| s + x * x);
}

#[differentiable(second)]
fn dot(xs: &[f64], ys: &[f64]) -> f64 {
    xs.iter().zip(ys).map(|(x, y)| x * y).sum::<f64>()
}

case! {
    dot, dot_grad, dot_grad_add, dot_graph;
    with |xs: Vec<f64>, ys: Vec<f64>| (&xs, &ys);
    at (vec![1.0, -2.0, 0.5], vec![3.0, 0.1, 7.0]), (vec![], vec![]), (vec![2.0], vec![1.0, 4.0]);
    gradient {
        let padded = |n: usize, other: &[f64]| other.iter().copied().chain([0.0; 9]).take(n).collect();
        (padded(xs.len(), &ys), padded(ys.len(), &xs))
    };
}

#[differentiable(second)]
fn mean_and_variance(xs: &[f64]) -> f64 {
    let n = xs.len() as f64;
    let mean = xs.iter().sum::<f64>() / n;
    let variance = xs.iter().map(|&x| (x - mean).powi(2)).sum::<f64>() / (n - 1.0);
    mean / variance.sqrt()
}

case! {
    mean_and_variance, mean_and_variance_grad, mean_and_variance_grad_add, mean_and_variance_graph;
    with |xs: Vec<f64>| (&xs);
    at vec![1.0, -2.0, 0.5], vec![1.0, 2.0, 4.0, 8.0];
    gradient {
        let n = xs.len() as f64;
        let mean = xs.iter().sum::<f64>() / n;
        let variance = xs.iter().map(|x| (x - mean) * (x - mean)).sum::<f64>() / (n - 1.0);
        let slope = |x: &f64| 1.0 / (n * variance.sqrt()) - mean * (x - mean) / ((n - 1.0) * variance.powf(1.5));
        xs.iter().map(slope).collect()
    };
}

#[differentiable(second)]
fn enumerated(xs: &[f64]) -> f64 {
    xs.iter().enumerate().map(|(i, x)| i as f64 * x.exp()).sum()
}

case! {
    enumerated, enumerated_grad, enumerated_grad_add, enumerated_graph;
    with |xs: Vec<f64>| (&xs);
    at vec![1.0, -2.0, 0.5], vec![];
    gradient xs.iter().enumerate().map(|(i, x)| i as f64 * x.exp()).collect();
}

#[differentiable(second)]
fn cut_and_reversed(xs: &[f64]) -> f64 {
    let mut s = 0.0;
    for (x, y) in xs.iter().rev().skip(1).take(3).zip(xs.iter().step_by(2)) {
        s += x * y;
    }
    s
}

case! {
    cut_and_reversed, cut_and_reversed_grad, cut_and_reversed_grad_add, cut_and_reversed_graph;
    with |xs: Vec<f64>| (&xs);
    at vec![1.0, -2.0, 0.5, 4.0, 3.0, -1.0, 9.0], vec![2.0, 5.0], vec![3.0], vec![];
    gradient {
        let n = xs.len();
        let mut g = vec![0.0; n];
        for k in 0..3.min(n.saturating_sub(1)).min(n.div_ceil(2)) {
            let (i, j) = (n - 2 - k, 2 * k);
            g[i] += xs[j];
            g[j] += xs[i];
        }
        g
    };
}

#[differentiable(second)]
fn chained(xs: &[f64], y: f64, zs: &[f64; 2]) -> f64 {
    xs.iter().chain(std::iter::once(&y)).chain(zs.iter()).map(|v| 1.0 / v).sum()
}

case! {
    chained, chained_grad, chained_grad_add, chained_graph;
    with |xs: Vec<f64>, y: f64, zs: [f64; 2]| (&xs, y, &zs);
    at (vec![1.0, -2.0], 0.5, [4.0, 8.0]), (vec![], -1.0, [0.1, 3.0]);
    gradient (xs.iter().map(|v| -1.0 / (v * v)).collect(), -1.0 / (y * y), zs.map(|v| -1.0 / (v * v)));
}

#[differentiable(second)]
fn filtered(xs: &[f64], threshold: f64) -> f64 {
    let above: f64 = xs.iter().filter(|&&x| x > threshold).map(|x| x - threshold).sum();
    let even: f64 = xs.iter().enumerate().filter(|(i, _)| i % 2 == 0).map(|(_, x)| x * x).sum();
    above * even
}

case! {
    filtered, filtered_grad, filtered_grad_add, filtered_graph;
    with |xs: Vec<f64>, threshold: f64| (&xs, threshold);
    at (vec![1.0, -2.0, 0.5, 4.0], 0.7), (vec![1.0, -2.0, 0.5, 4.0], -9.0), (vec![1.0], 3.0);
    gradient {
        let kept = |x: f64| if x > threshold { 1.0 } else { 0.0 };
        let above: f64 = xs.iter().map(|&x| kept(x) * (x - threshold)).sum();
        let even: f64 = xs.iter().step_by(2).map(|x| x * x).sum();
        let slope = |(i, &x): (usize, &f64)| kept(x) * even + if i % 2 == 0 { 2.0 * x * above } else { 0.0 };
        let count: f64 = xs.iter().map(|&x| kept(x)).sum();
        (xs.iter().enumerate().map(slope).collect(), -count * even)
    };
}

#[differentiable(second)]
fn windowed(xs: &[f64]) -> f64 {
    xs.windows(3).map(|w| (w[0] - 2.0 * w[1] + w[2]).powi(2)).sum()
}

case! {
    windowed, windowed_grad, windowed_grad_add, windowed_graph;
    with |xs: Vec<f64>| (&xs);
    at vec![1.0, -2.0, 0.5, 4.0, 3.0], vec![1.0, 2.0];
    gradient {
        let mut g = vec![0.0; xs.len()];
        for i in 2..xs.len() {
            let bend = 2.0 * (xs[i] - 2.0 * xs[i - 1] + xs[i - 2]);
            g[i] += bend;
            g[i - 1] -= 2.0 * bend;
            g[i - 2] += bend;
        }
        g
    };
}

#[differentiable(second)]
fn in_chunks(xs: &[f64]) -> f64 {
    let mut s = 0.0;
    for (k, chunk) in xs.chunks(2).enumerate() {
        s += chunk.iter().product::<f64>() * (k + 1) as f64;
    }
    s + xs.chunks_exact(3).map(|c| c[0] * c[2]).sum::<f64>()
}

case! {
    in_chunks, in_chunks_grad, in_chunks_grad_add, in_chunks_graph;
    with |xs: Vec<f64>| (&xs);
    at vec![1.0, -2.0, 0.5, 4.0, 3.0], vec![1.5], vec![];
    gradient {
        let n = xs.len();
        let partner = |i: usize| if (i ^ 1) < n { xs[i ^ 1] } else { 1.0 };
        let whole = |i: usize| i / 3 * 3 + 2 < n;
        let outer = |i: usize| match i % 3 {
            0 if whole(i) => xs[i + 2],
            2 => xs[i - 2],
            _ => 0.0,
        };
        (0..n).map(|i| (i / 2 + 1) as f64 * partner(i) + outer(i)).collect()
    };
}

#[differentiable(second)]
fn folded(xs: &[f64], start: f64) -> f64 {
    xs.iter().fold(start, |carried, x| carried * 0.5 + x.sin())
}

case! {
    folded, folded_grad, folded_grad_add, folded_graph;
    with |xs: Vec<f64>, start: f64| (&xs, start);
    at (vec![1.0, -2.0, 0.5], 0.7), (vec![], 3.0);
    gradient {
        let weight = |later: usize| 0.5_f64.powi(later as i32);
        (xs.iter().enumerate().map(|(i, x)| weight(xs.len() - 1 - i) * x.cos()).collect(), weight(xs.len()))
    };
}

#[differentiable(second)]
fn product_of_all(xs: &[f64]) -> f64 {
    xs.iter().product()
}

case! {
    product_of_all, product_of_all_grad, product_of_all_grad_add, product_of_all_graph;
    with |xs: Vec<f64>| (&xs);
    at vec![1.0, -2.0, 0.5, 4.0], vec![2.0, 0.0, 3.0], vec![0.0, 0.0, 3.0], vec![];
    gradient (0..xs.len()).map(|i| xs[..i].iter().chain(&xs[i + 1..]).product()).collect();
}

#[differentiable(second)]
fn copied_and_cloned(xs: &[f64]) -> f64 {
    let squares: f64 = xs.iter().copied().map(|x| x * x).sum();
    let cubes = xs.iter().cloned().map(|x| x.powi(3)).sum::<f64>();
    squares * cubes
}

case! {
    copied_and_cloned, copied_and_cloned_grad, copied_and_cloned_grad_add, copied_and_cloned_graph;
    with |xs: Vec<f64>| (&xs);
    at vec![1.0, -2.0, 0.5], vec![0.1];
    gradient {
        let sum = |power: i32| xs.iter().map(|x| x.powi(power)).sum::<f64>();
        xs.iter().map(|x| 2.0 * x * sum(3) + 3.0 * x * x * sum(2)).collect()
    };
}

/// Collects, then uses the collection twice.
#[differentiable(second)]
fn log_softmax_of_first(xs: &[f64]) -> f64 {
    let peak = xs.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let weights = xs.iter().map(|x| (x - peak).exp()).collect::<Vec<_>>();
    let total: f64 = weights.iter().sum();
    (weights[0] / total).ln()
}

case! {
    log_softmax_of_first, log_softmax_of_first_grad, log_softmax_of_first_grad_add, log_softmax_of_first_graph;
    with |xs: Vec<f64>| (&xs);
    at vec![1.0, -2.0, 0.5], vec![0.1], vec![3.0, 11.0, 2.0, 10.0];
    gradient {
        let total: f64 = xs.iter().map(|x| x.exp()).sum();
        xs.iter().enumerate().map(|(i, x)| if i == 0 { 1.0 } else { 0.0 } - x.exp() / total).collect()
    };
}

#[differentiable(second)]
fn range_of_values(xs: &[f64]) -> f64 {
    let highest = xs.iter().copied().fold(f64::MIN, f64::max);
    let lowest = xs.iter().fold(f64::INFINITY, |low, &x| low.min(x));
    let largest = xs.iter().copied().reduce(f64::max).unwrap_or(0.0);
    highest * highest - lowest + largest
}

case! {
    range_of_values, range_of_values_grad, range_of_values_grad_add, range_of_values_graph;
    with |xs: Vec<f64>| (&xs);
    at vec![1.0, -2.0, 0.5], vec![0.1], vec![3.0, 2.999, 3.001];
    gradient {
        let high = (0..xs.len()).max_by(|&i, &j| xs[i].total_cmp(&xs[j])).unwrap();
        let low = (0..xs.len()).min_by(|&i, &j| xs[i].total_cmp(&xs[j])).unwrap();
        let mut g = vec![0.0; xs.len()];
        g[high] += 2.0 * xs[high] + 1.0;
        g[low] -= 1.0;
        g
    };
}

#[differentiable(second)]
fn over_a_range(x: f64, n: usize) -> f64 {
    let series: f64 = (1..=n).map(|k| x.powi(k as i32) / k as f64).sum();
    let nested: f64 = (0..n).map(|i| (0..i).map(|j| (i + j) as f64 * x).product::<f64>()).sum();
    series + nested
}

case! {
    over_a_range, over_a_range_grad, over_a_range_grad_add, over_a_range_graph;
    for n in [0, 1, 4];
    with |x: f64| (x, n);
    at 0.5, -1.3;
    gradient {
        let series: f64 = (0..n).map(|k| x.powi(k as i32)).sum();
        let factors = |i: usize| (i..2 * i).map(|f| f as f64).product::<f64>();
        series + (1..n).map(|i| i as f64 * factors(i) * x.powi(i as i32 - 1)).sum::<f64>()
    };
}

#[differentiable(second)]
fn flattened(rows: &[Vec<f64>]) -> f64 {
    let squares: f64 = rows.iter().flatten().map(|x| x * x).sum();
    let scaled: f64 =
        rows.iter().enumerate().flat_map(|(i, row)| row.iter().map(move |x| x * i as f64)).sum();
    squares - scaled
}

case! {
    flattened, flattened_grad, flattened_grad_add, flattened_graph;
    with |rows: Vec<Vec<f64>>| (&rows);
    at vec![vec![1.0, -2.0], vec![], vec![0.5]], vec![];
    gradient rows.iter().enumerate().map(|(i, row)| row.iter().map(|x| 2.0 * x - i as f64).collect()).collect();
}

#[differentiable(second)]
fn scanned(xs: &[f64]) -> f64 {
    let running = xs.iter().scan(1.0, |state, &x| {
        *state *= x;
        Some(*state)
    });
    running.take_while(|&p| p < 10.0).sum()
}

case! {
    scanned, scanned_grad, scanned_grad_add, scanned_graph;
    with |xs: Vec<f64>| (&xs);
    at vec![1.0, -2.0, 0.5], vec![2.0, 3.0, 4.0, 0.1], vec![];
    gradient {
        let products: Vec<f64> = (1..=xs.len()).map(|end| xs[..end].iter().product()).collect();
        let counted = products.iter().position(|&p| p >= 10.0).unwrap_or(xs.len());
        (0..xs.len()).map(|i| (i..counted).map(|end| products[end] / xs[i]).sum()).collect()
    };
}

#[differentiable(second)]
fn for_each_of_mut(xs: &[f64], rate: f64) -> f64 {
    let mut ys = xs.to_vec();
    ys.iter_mut().zip(xs.iter().rev()).for_each(|(y, x)| *y += rate * x);
    let norm = ys.iter().map(|y| y * y).sum::<f64>().sqrt();
    ys.into_iter().map(|y| y / norm).last().unwrap_or(rate)
}

case! {
    for_each_of_mut, for_each_of_mut_grad, for_each_of_mut_grad_add, for_each_of_mut_graph;
    with |xs: Vec<f64>, rate: f64| (&xs, rate);
    at (vec![1.0, -2.0, 0.5], 0.3), (vec![], 2.0);
}
