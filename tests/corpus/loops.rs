//! Loops: over ranges and slices, until convergence, with exits in the middle.

use gradus::differentiable;

#[differentiable(second)]
fn geometric_series(x: f64, n: usize) -> f64 {
    let mut sum = 0.0;
    let mut term = 1.0;
    for _ in 0..n {
        sum += term;
        term *= x;
    }
    sum
}

case! {
    geometric_series, geometric_series_grad, geometric_series_grad_add, geometric_series_graph;
    for n in [0, 1, 2, 12];
    with |x: f64| (x, n);
    at 0.5, -0.9, 2.0, 0.0;
    gradient (1..n).map(|k| k as f64 * x.powi(k as i32 - 1)).sum();
}

#[differentiable(second)]
fn inclusive_and_reversed(x: f64, n: i32) -> f64 {
    let mut s = x;
    for k in 1..=n {
        s += x.powi(k) / f64::from(k);
    }
    for k in (0..n).rev() {
        s = s * 0.5 + x * f64::from(k);
    }
    for k in (0..n).step_by(2) {
        s *= 1.0 + 0.1 * f64::from(k) * x;
    }
    s
}

case! {
    inclusive_and_reversed, inclusive_and_reversed_grad, inclusive_and_reversed_grad_add, inclusive_and_reversed_graph;
    for n in [0, 1, 5];
    with |x: f64| (x, n);
    at 0.5, -0.9, 2.0;
}

/// Horner's rule, from the highest coefficient down.
#[differentiable(second)]
fn horner(coefficients: &[f64], x: f64) -> f64 {
    let mut y = 0.0;
    for c in coefficients.iter().rev() {
        y = y * x + c;
    }
    y
}

case! {
    horner, horner_grad, horner_grad_add, horner_graph;
    with |coefficients: Vec<f64>, x: f64| (&coefficients, x);
    at (vec![1.0, -2.0, 0.5, 3.0], 0.7), (vec![4.0], 2.0), (vec![], 2.0);
    gradient (
        (0..coefficients.len()).map(|k| x.powi(k as i32)).collect(),
        coefficients.iter().enumerate().skip(1).map(|(k, c)| c * k as f64 * x.powi(k as i32 - 1)).sum(),
    );
}

#[differentiable(second)]
fn over_references(xs: &[f64], ys: &[f64]) -> f64 {
    let mut s = 0.0;
    for x in xs {
        s += x * *x;
    }
    for &y in ys {
        s -= y.sin();
    }
    for (i, x) in xs.iter().enumerate() {
        s += x * i as f64;
    }
    for (x, &y) in xs.iter().zip(ys) {
        s += x * y;
    }
    for i in 0..xs.len().min(ys.len()) {
        s += xs[i] / ys[i];
    }
    s
}

case! {
    over_references, over_references_grad, over_references_grad_add, over_references_graph;
    with |xs: Vec<f64>, ys: Vec<f64>| (&xs, &ys);
    at (vec![1.0, -2.0, 0.5], vec![0.3, 4.0, -1.0]), (vec![2.0], vec![1.0, 5.0]), (vec![], vec![]);
    gradient {
        let both = xs.len().min(ys.len());
        let by_x = |i: usize| 2.0 * xs[i] + i as f64 + if i < both { ys[i] + 1.0 / ys[i] } else { 0.0 };
        let by_y = |i: usize| if i < both { xs[i] - xs[i] / (ys[i] * ys[i]) } else { 0.0 } - ys[i].cos();
        ((0..xs.len()).map(by_x).collect(), (0..ys.len()).map(by_y).collect())
    };
}

/// Newton's square root, until it stands still.
#[differentiable(second)]
fn newton_sqrt(x: f64) -> f64 {
    let mut y = 0.5 * (1.0 + x);
    while (y * y - x).abs() > 1e-14 * x {
        y = 0.5 * (y + x / y);
    }
    y
}

case! {
    newton_sqrt, newton_sqrt_grad, newton_sqrt_grad_add, newton_sqrt_graph;
    with |x: f64| (x);
    at 2.0, 0.01, 400.0;
}

#[differentiable(second)]
fn passive_while(x: f64, mut n: u32) -> f64 {
    let mut base = x;
    let mut product = 1.0;
    while n > 0 {
        if n % 2 == 1 {
            product *= base;
        }
        base *= base;
        n /= 2;
    }
    product
}

case! {
    passive_while, passive_while_grad, passive_while_grad_add, passive_while_graph;
    for n in [0, 1, 6, 11];
    with |x: f64| (x, n);
    at 1.1, -0.5;
    gradient f64::from(n) * x.powi(n as i32 - 1);
}

/// Collatz on a float: which way it goes depends on the numbers.
#[differentiable(second)]
fn shrink_or_grow(x: f64) -> f64 {
    let mut y = x;
    let mut steps = 0;
    loop {
        if y < 1.0 {
            break y * f64::from(steps);
        }
        steps += 1;
        if steps % 3 == 0 {
            y *= 1.5;
            continue;
        }
        y /= 2.0;
    }
}

case! {
    shrink_or_grow, shrink_or_grow_grad, shrink_or_grow_grad_add, shrink_or_grow_graph;
    with |x: f64| (x);
    at 0.5, 1.7, 23.0, 1000.0;
}

#[differentiable(second)]
fn labelled(rows: &[Vec<f64>], cap: f64) -> f64 {
    let mut total = 0.0;
    'rows: for row in rows {
        for &entry in row {
            if entry < 0.0 {
                continue 'rows;
            }
            total += entry * entry;
            if total > cap {
                break 'rows;
            }
        }
        total *= 2.0;
    }
    total + cap
}

case! {
    labelled, labelled_grad, labelled_grad_add, labelled_graph;
    with |rows: Vec<Vec<f64>>, cap: f64| (&rows, cap);
    at (vec![vec![1.0, 2.0], vec![0.5, -1.0, 7.0], vec![0.3]], 1e3),
       (vec![vec![1.0, 2.0], vec![3.0, 1.0]], 12.0), (vec![vec![], vec![2.0]], 50.0);
}

#[differentiable(second)]
fn pairwise_energy(xs: &[f64]) -> f64 {
    let mut energy = 0.0;
    for i in 0..xs.len() {
        for j in i + 1..xs.len() {
            let d = xs[i] - xs[j];
            energy += 1.0 / (d * d + 0.01);
        }
    }
    energy
}

case! {
    pairwise_energy, pairwise_energy_grad, pairwise_energy_grad_add, pairwise_energy_graph;
    with |xs: Vec<f64>| (&xs);
    at vec![0.0, 0.3, -0.5, 2.0], vec![1.0];
    gradient {
        let pull = |a: f64, b: f64| -2.0 * (a - b) / ((a - b).powi(2) + 0.01).powi(2);
        xs.iter().map(|&a| xs.iter().map(|&b| pull(a, b)).sum()).collect()
    };
}
