//! Arrays and `Vec`s of the function's own, written in place; slices of slices.

use gradus::differentiable;

#[differentiable(second)]
fn written_in_place(x: f64, y: f64) -> f64 {
    let mut a = [x, y, 1.0, 0.0];
    a[3] = a[0] * a[1];
    for i in 1..4 {
        a[i] = a[i] + a[i - 1] * a[i];
    }
    a[0] *= a[3];
    a[0] - a[2]
}

case! {
    written_in_place, written_in_place_grad, written_in_place_grad_add, written_in_place_graph;
    with |x: f64, y: f64| (x, y);
    at (0.5, 2.0), (-1.5, 0.4);
    forward |v| {
        let (x, y) = (v[0], v[1]);
        let a1 = y + x * y;
        let a2 = 1.0 + a1;
        let a3 = x * y + a2 * (x * y);
        x * a3 - a2
    };
}

#[differentiable(second)]
fn nested_array(angle: f64, v: [f64; 2]) -> f64 {
    let mut rotation = [[0.0; 2]; 2];
    rotation[0][0] = angle.cos();
    rotation[1][1] = rotation[0][0];
    rotation[1][0] = angle.sin();
    rotation[0][1] = -rotation[1][0];
    let mut w = [0.0; 2];
    for (i, row) in rotation.iter().enumerate() {
        for j in 0..2 {
            w[i] += row[j] * v[j];
        }
    }
    w[0] + 3.0 * w[1]
}

case! {
    nested_array, nested_array_grad, nested_array_grad_add, nested_array_graph;
    with |angle: f64, v: [f64; 2]| (angle, v);
    at (0.5, [1.0, 2.0]), (-2.0, [0.3, -7.0]);
    gradient {
        let (s, c) = angle.sin_cos();
        let turned = (-s + 3.0 * c) * v[0] - (c + 3.0 * s) * v[1];
        (turned, [c + 3.0 * s, 3.0 * c - s])
    };
}

#[differentiable(second)]
fn prefix_sums(xs: &[f64]) -> f64 {
    let n = xs.len();
    let mut sums = vec![0.0; n + 1];
    for i in 0..n {
        sums[i + 1] = sums[i] + xs[i];
    }
    let mut squares = 0.0;
    for s in &sums {
        squares += s * s;
    }
    squares
}

case! {
    prefix_sums, prefix_sums_grad, prefix_sums_grad_add, prefix_sums_graph;
    with |xs: Vec<f64>| (&xs);
    at vec![1.0, -2.0, 0.5], vec![];
    gradient {
        let sum_to = |end: usize| xs[..end].iter().sum::<f64>();
        (0..xs.len()).map(|i| (i + 1..=xs.len()).map(|end| 2.0 * sum_to(end)).sum()).collect()
    };
}

#[differentiable(second)]
fn slices_of_slices(xs: &[f64]) -> f64 {
    let n = xs.len();
    let inner = &xs[1..n - 1];
    let (head, tail) = inner.split_at(2);
    let mut s = head[0] * tail[0];
    for (a, b) in xs[1..].iter().zip(&xs[..n - 1]) {
        s += (a - b) * (a - b);
    }
    s + inner[inner.len() - 1]
}

case! {
    slices_of_slices, slices_of_slices_grad, slices_of_slices_grad_add, slices_of_slices_graph;
    with |xs: Vec<f64>| (&xs);
    at vec![1.0, 2.0, -0.5, 4.0, 0.25], vec![0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7];
    gradient {
        let n = xs.len();
        let mut g = vec![0.0; n];
        g[1] += xs[3];
        g[3] += xs[1];
        g[n - 2] += 1.0;
        for i in 1..n {
            g[i] += 2.0 * (xs[i] - xs[i - 1]);
            g[i - 1] -= 2.0 * (xs[i] - xs[i - 1]);
        }
        g
    };
}

#[differentiable(second)]
fn grown_and_shrunk(xs: &[f64], scale: f64) -> f64 {
    let mut stack = Vec::new();
    for &x in xs {
        stack.push(x * scale);
        if stack.len() > 2 {
            let top = stack.pop().unwrap();
            let below = stack.pop().unwrap();
            stack.push(top * below);
        }
    }
    stack.extend_from_slice(&[scale, 2.0]);
    stack.reverse();
    let mut s = 0.0;
    for (i, v) in stack.iter().enumerate() {
        s += v / (i + 1) as f64;
    }
    s
}

case! {
    grown_and_shrunk, grown_and_shrunk_grad, grown_and_shrunk_grad_add, grown_and_shrunk_graph;
    with |xs: Vec<f64>, scale: f64| (&xs, scale);
    at (vec![1.0, 2.0, 3.0, 0.5], 0.7), (vec![], 2.0), (vec![4.0], -1.0);
}

#[differentiable(second)]
fn swapped_elements(xs: &[f64]) -> f64 {
    let mut v = xs.to_vec();
    let n = v.len();
    v.swap(0, n - 1);
    for x in v.iter_mut() {
        *x = *x * *x;
    }
    let mut w = v.clone();
    w[0] += v[1];
    v[0] = 0.0;
    w[0] * v[n - 1] + v[0]
}

case! {
    swapped_elements, swapped_elements_grad, swapped_elements_grad_add, swapped_elements_graph;
    with |xs: Vec<f64>| (&xs);
    at vec![1.0, 2.0, 3.0], vec![0.4, -0.3, 5.0, 2.5];
    gradient {
        let last = xs.len() - 1;
        let mut g = vec![0.0; xs.len()];
        g[last] = 2.0 * xs[last] * xs[0] * xs[0];
        g[1] = 2.0 * xs[1] * xs[0] * xs[0];
        g[0] = 2.0 * xs[0] * (xs[last] * xs[last] + xs[1] * xs[1]);
        g
    };
}

/// The difference of the largest and the smallest two, by sorting.
#[differentiable(second)]
fn sorted_spread(xs: &[f64]) -> f64 {
    let mut v = xs.to_vec();
    v.sort_by(f64::total_cmp);
    let n = v.len();
    v[n - 1] * v[n - 2] - v[0] * v[1]
}

case! {
    sorted_spread, sorted_spread_grad, sorted_spread_grad_add, sorted_spread_graph;
    with |xs: Vec<f64>| (&xs);
    at vec![3.0, 1.0, 2.5, 4.0, 0.5], vec![-1.0, -2.0], vec![9.0, 8.0, 7.0];
    gradient {
        let mut order: Vec<usize> = (0..xs.len()).collect();
        order.sort_by(|&i, &j| xs[i].total_cmp(&xs[j]));
        let (n, mut g) = (xs.len(), vec![0.0; xs.len()]);
        g[order[n - 1]] += xs[order[n - 2]];
        g[order[n - 2]] += xs[order[n - 1]];
        g[order[0]] -= xs[order[1]];
        g[order[1]] -= xs[order[0]];
        g
    };
}

/// Explicit heat conduction on a rod, in place, both ends held.
#[differentiable(second)]
fn heat_in_place(rod: &[f64], conductivity: f64, steps: usize) -> f64 {
    let n = rod.len();
    let mut t = rod.to_vec();
    for _ in 0..steps {
        let mut left = t[0];
        for i in 1..n - 1 {
            let old = t[i];
            t[i] = old + conductivity * (left - 2.0 * old + t[i + 1]);
            left = old;
        }
    }
    t[n / 2] * t[n / 2] + t[1]
}

case! {
    heat_in_place, heat_in_place_grad, heat_in_place_grad_add, heat_in_place_graph;
    for steps in [0, 1, 7];
    with |rod: Vec<f64>, conductivity: f64| (&rod, conductivity, steps);
    at (vec![1.0, 0.0, 0.5, 3.0, 0.2, -1.0], 0.2), (vec![2.0, 1.0, 4.0], 0.45);
}

#[differentiable(second)]
fn filled_and_copied(xs: &[f64; 4], y: f64) -> f64 {
    let mut a = [0.0; 4];
    a.copy_from_slice(xs);
    let mut b = [1.0; 4];
    b[1..3].fill(y);
    b[3] = a[3];
    let total: f64 = a.iter().zip(&b).map(|(p, q)| p * q * q).sum();
    total
}

case! {
    filled_and_copied, filled_and_copied_grad, filled_and_copied_grad_add, filled_and_copied_graph;
    with |xs: [f64; 4], y: f64| (&xs, y);
    at ([1.0, 2.0, 3.0, 4.0], 0.5), ([-0.1, 7.0, 0.0, 1.5], 2.0);
    gradient ([1.0, y * y, y * y, 3.0 * xs[3] * xs[3]], 2.0 * y * (xs[1] + xs[2]));
}
