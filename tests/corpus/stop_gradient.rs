//! `stop_gradient`: values that count, derivatives that do not.

use gradus::{differentiable, stop_gradient};

/// Rounds forwards and lets the gradient straight through.
#[differentiable(second)]
fn straight_through(x: f64, scale: f64) -> f64 {
    let rounded = x + stop_gradient(x.round() - x);
    scale * rounded * rounded
}

case! {
    straight_through, straight_through_grad, straight_through_grad_add, straight_through_graph;
    with |x: f64, scale: f64| (x, scale);
    at (2.3, 0.5), (-1.6, 2.0);
    without differences;
    gradient (2.0 * scale * x.round(), x.round() * x.round());
}

/// Linear interpolation in a table: which interval it is, is data.
#[differentiable(second)]
fn interpolated(table: &[f64], t: f64) -> f64 {
    let i = (stop_gradient(t).floor() as usize).min(table.len() - 2);
    let f = t - i as f64;
    table[i] * (1.0 - f) + table[i + 1] * f
}

case! {
    interpolated, interpolated_grad, interpolated_grad_add, interpolated_graph;
    with |table: Vec<f64>, t: f64| (&table, t);
    at (vec![1.0, 4.0, 2.0, 8.0], 1.25), (vec![1.0, 4.0, 2.0, 8.0], 0.999), (vec![3.0, 5.0], 1.5);
    gradient {
        let i = (t.floor() as usize).min(table.len() - 2);
        let mut by_table = vec![0.0; table.len()];
        by_table[i] = 1.0 - (t - i as f64);
        by_table[i + 1] = t - i as f64;
        (by_table, table[i + 1] - table[i])
    };
}

fn argmax(xs: &[f64]) -> usize {
    (0..xs.len()).max_by(|&i, &j| xs[i].total_cmp(&xs[j])).unwrap()
}

#[differentiable(second)]
fn hardest(xs: &[f64], margin: f64) -> f64 {
    let worst = argmax(stop_gradient(xs));
    let mean = stop_gradient(xs.iter().sum::<f64>() / xs.len() as f64);
    let frozen = stop_gradient(xs.iter().map(|x| x * margin).collect::<Vec<f64>>());
    xs[worst] * xs[worst] - mean * margin + frozen[0] * xs[0]
}

case! {
    hardest, hardest_grad, hardest_grad_add, hardest_graph;
    with |xs: Vec<f64>, margin: f64| (&xs, margin);
    at (vec![1.0, 4.0, 2.0], 0.5), (vec![-1.0], 3.0);
    without differences;
    gradient {
        let mut by_xs = vec![0.0; xs.len()];
        by_xs[0] += margin * xs[0];
        by_xs[argmax(&xs)] += 2.0 * xs[argmax(&xs)];
        (by_xs, -xs.iter().sum::<f64>() / xs.len() as f64)
    };
}
