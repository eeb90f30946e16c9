//! Closures called where they are written, and closures that reach active values only through what they capture.

use gradus::{differentiable, stop_gradient};

#[differentiable(second)]
fn called_where_it_is_written(x: f64, y: f64) -> f64 {
    let squared = (|| x * x)();
    let scaled = (|a: f64| a * y)(2.0);
    squared * scaled + (|a: f64, b: f64| -> f64 { a * b })(1.5, x)
}

case! {
    called_where_it_is_written, called_where_it_is_written_grad, called_where_it_is_written_grad_add,
    called_where_it_is_written_graph;
    with |x: f64, y: f64| (x, y);
    at (0.83, 0.53), (-1.5, 2.0);
    gradient (4.0 * x * y + 1.5, 2.0 * x * x);
}

/// `return` leaves the closure alone, with a number or with a value.
#[differentiable(second)]
fn left_early(v: &[f64], x: f64, n: usize) -> f64 {
    let found = (|| {
        for i in 0..v.len() {
            if i == n {
                return v[i];
            }
        }
        if x > 2.0 {
            return 1.0;
        }
        x * x
    })();
    found * x
}

case! {
    left_early, left_early_grad, left_early_grad_add, left_early_graph;
    for n in [0, 1, 5];
    with |v: Vec<f64>, x: f64| (&v, x, n);
    at (vec![0.5, -1.5], 0.7), (vec![2.0, 3.0], 2.5);
}

/// It changes what it captures, by assignment, through an element and through a method.
#[differentiable(second)]
fn changes_what_it_captures(v: &[f64], x: f64) -> f64 {
    let mut sum = 0.0;
    (|| sum += x * x)();
    let mut scaled = [0.0; 3];
    for i in 0..3 {
        (|k: f64| scaled[i] = k * v[i])(2.0);
    }
    (move |i: usize| v[i])(1) * sum + scaled.iter().sum::<f64>()
}

case! {
    changes_what_it_captures, changes_what_it_captures_grad, changes_what_it_captures_grad_add,
    changes_what_it_captures_graph;
    with |v: Vec<f64>, x: f64| (&v, x);
    at (vec![0.5, -1.5, 2.0], 0.7);
    gradient (vec![2.0, 2.0 + x * x, 2.0], 2.0 * x * v[1]);
}

/// Called as statements with nothing, or with data alone.
#[differentiable(second)]
fn called_with_data(v: &[f64], k: f64) -> f64 {
    let (mut sum, mut calls) = (0.0, 0);
    let mut start = || sum = k;
    start();
    let mut add = |i: usize| sum += v[i] * v[i];
    for i in 0..v.len() {
        add(i);
    }
    let mut count = || calls += 1;
    count();
    count();
    let mut best = v[0];
    let mut consider = |i: usize| {
        if v[i] > best {
            best = v[i];
        }
    };
    (0..v.len()).for_each(|i| consider(i));
    sum * best * calls as f64
}

case! {
    called_with_data, called_with_data_grad, called_with_data_grad_add, called_with_data_graph;
    with |v: Vec<f64>, k: f64| (&v, k);
    at (vec![0.5, -1.5, 2.0], 0.7), (vec![1.25, 0.3], -1.0);
}

/// What it tells is data, of values that it captures.
#[differentiable(second)]
fn tells_data(v: &[f64], y: f64) -> f64 {
    let at = |i: usize, j: usize| (i + j) % v.len();
    let is_large = || y > 1.0;
    let k = at(1, 2);
    let factor = if is_large() { v[k] } else { v[at(2, 3)] };
    factor * y
}

case! {
    tells_data, tells_data_grad, tells_data_grad_add, tells_data_graph;
    with |v: Vec<f64>, y: f64| (&v, y);
    at (vec![0.5, -1.5, 2.0], 0.7), (vec![1.25, 0.3], 1.5);
}

/// A closure over a stopped value, called with data.
#[differentiable(second)]
fn stopped_inside(x: f64, y: f64, #[constant] m: f64) -> f64 {
    let scaled = |e: f64| e * stop_gradient(x);
    let s: f64 = scaled(m);
    s * y
}

case! {
    stopped_inside, stopped_inside_grad, stopped_inside_grad_add, stopped_inside_graph;
    for m in [1.5, -0.5];
    with |x: f64, y: f64| (x, y, m);
    at (0.7, 2.0);
    without differences;
    gradient (0.0, m * x);
}

/// Closures that call closures: the innermost alone names an active value.
#[differentiable(second)]
fn one_in_another(v: &[f64], x: f64) -> f64 {
    let at = |i: usize| v[i];
    let twice = |i: usize| at(i) * 2.0;
    let shifted = move |i: usize| twice(i) + 1.0;
    let mut product = 1.0;
    let mut times = |i: usize| product *= shifted(i);
    times(0);
    (|| times(1))();
    product * x
}

case! {
    one_in_another, one_in_another_grad, one_in_another_grad_add, one_in_another_graph;
    with |v: Vec<f64>, x: f64| (&v, x);
    at (vec![0.5, -1.5], 0.7);
    gradient {
        let (a, b) = (2.0 * v[0] + 1.0, 2.0 * v[1] + 1.0);
        (vec![2.0 * b * x, 2.0 * a * x], a * b)
    };
}
