//! What moves elements: sorting by the user's own comparison, queues, `drain`; iterators that make each item of the one before;
//! what looks for a number among others.

use super::effects::{log_of, note};
use gradus::differentiable;
use std::collections::VecDeque;

#[differentiable(compiled)]
fn sorted_by_value(v: &[f64], x: f64) -> f64 {
    let mut up = v.to_vec();
    up.sort_by(|a, b| a.total_cmp(b));
    let mut down: Vec<f64> = v.iter().map(|a| a * x).collect();
    down.sort_by(|a, b| b.partial_cmp(a).unwrap());
    let mut total = [v[0] * v[1], x, v[1]];
    total.sort_unstable_by(f64::total_cmp);
    up[0] * x + up[up.len() - 1] * up[1] + down.iter().take(2).sum::<f64>() * total[0] + total[2] * total[1]
}

case! {
    sorted_by_value, sorted_by_value_grad, sorted_by_value_grad_add, sorted_by_value_graph;
    with |v: Vec<f64>, x: f64| (&v, x);
    at (vec![0.3, 0.9, 0.5], 0.7), (vec![1.5, -0.9], -0.5), (vec![0.1, 0.7, 0.4, 0.9, -0.6], 1.3);
}

#[differentiable(compiled)]
fn sorted_by_key(v: &[f64], #[constant] rank: &[usize], x: f64) -> f64 {
    let mut w = v.to_vec();
    w.sort_by_key(|a| (rank.len(), *a < 0.5));
    let mut pairs: Vec<(f64, f64)> = v.iter().map(|a| (a * x, a + x)).collect();
    pairs.sort_by(|a, b| a.0.total_cmp(&b.0));
    let mut rows: Vec<[f64; 2]> = v.iter().map(|a| [a * a, a - x]).collect();
    rows.sort_by(|&[a, _], &[b, _]| b.total_cmp(&a));
    let ranked: f64 = w.iter().enumerate().map(|(i, a)| (i + 1) as f64 * a).sum();
    ranked + pairs[0].1 * pairs[1].0 * x + rows[0][1] * rows[1][0]
}

case! {
    sorted_by_key, sorted_by_key_grad, sorted_by_key_grad_add, sorted_by_key_graph;
    with |v: Vec<f64>, x: f64| (&v, &[2, 1], x);
    at (vec![0.3, 0.9, 0.6, -0.5], 0.7), (vec![1.5, -0.9], -0.8);
}

#[differentiable(compiled)]
fn sorted_in_loops(v: &[f64], x: f64, n: usize) -> f64 {
    let mut w = v.to_vec();
    let mut sum = 0.0;
    for k in 0..n {
        w.sort_by(|a, b| (a * a).total_cmp(&(b * b)));
        sum += w[0] * w[1] * x;
        w[0] = w[0] * x + k as f64;
        if k % 2 == 0 {
            w[1..].sort_by(|a, b| b.total_cmp(a));
        }
        sum += w[1] * w[w.len() - 1];
    }
    sum
}

case! {
    sorted_in_loops, sorted_in_loops_grad, sorted_in_loops_grad_add, sorted_in_loops_graph;
    for n in [0, 1, 2, 5];
    with |v: Vec<f64>, x: f64| (&v, x, n);
    at (vec![0.3, 0.9, -0.6, 0.5], 0.7), (vec![1.5, -0.9], 0.8);
}

#[differentiable(compiled)]
fn indices_sorted(v: &[f64], x: f64) -> f64 {
    let mut order: Vec<usize> = (0..v.len()).collect();
    order.sort_by(|&i, &j| v[i].total_cmp(&v[j]));
    order.iter().enumerate().map(|(rank, &i)| v[i] * rank as f64 * x).sum()
}

case! {
    indices_sorted, indices_sorted_grad, indices_sorted_grad_add, indices_sorted_graph;
    with |v: Vec<f64>, x: f64| (&v, x);
    at (vec![0.3, 0.9, -0.6, 0.5], 0.7);
}

#[differentiable(compiled)]
fn queue(x: f64, y: f64) -> f64 {
    let mut q = VecDeque::from([x, y]);
    q.push_back(x * y);
    let a = q.pop_front().unwrap_or(0.5);
    q.push_front(a * 2.0);
    q.extend([x * x, 0.5]);
    let b = q.pop_back().unwrap_or(y) * q.pop_back().unwrap_or(y);
    if let Some(first) = q.front_mut() {
        *first *= y;
    }
    q.truncate(3);
    a * q[0]
        + b * q.iter().rev().map(|z| z * z).sum::<f64>()
        + q.back().copied().unwrap_or(1.0) * q.len() as f64
}

case! {
    queue, queue_grad, queue_grad_add, queue_graph;
    with |x: f64, y: f64| (x, y);
    at (0.7, -0.4), (1.3, 0.6);
}

#[differentiable(compiled)]
fn moving_mean(v: &[f64], n: usize) -> f64 {
    let mut window: VecDeque<f64> = VecDeque::with_capacity(n);
    let mut sum = 0.0;
    for &a in v {
        window.push_back(a);
        if window.len() > n {
            window.pop_front();
        }
        let mean = window.iter().sum::<f64>() / window.len() as f64;
        sum += mean * mean;
    }
    while let Some(a) = window.pop_front() {
        sum = sum * a + 1.0;
    }
    if window.is_empty() { sum } else { sum * window[0] }
}

case! {
    moving_mean, moving_mean_grad, moving_mean_grad_add, moving_mean_graph;
    for n in [1, 2, 3];
    with |v: Vec<f64>| (&v, n);
    at (vec![0.3, 0.9, -0.6, 0.5]);
}

#[differentiable(compiled)]
fn queue_of_data(#[constant] weights: &[f64], x: f64) -> f64 {
    let mut q: VecDeque<f64> = weights.iter().copied().collect();
    let mut fixed = VecDeque::from(vec![0.5, 1.5]);
    fixed.push_back(x);
    let mut sum = x;
    for w in &q {
        sum = sum * w + x;
    }
    q.push_front(sum);
    q.iter().zip(fixed.iter()).map(|(a, b)| a * b).sum::<f64>() * q[1] * fixed[2]
}

case! {
    queue_of_data, queue_of_data_grad, queue_of_data_grad_add, queue_of_data_graph;
    with |x: f64| (&[0.5, -1.5], x);
    at 0.7, -0.4;
}

#[differentiable(compiled)]
fn drained(v: &[f64], x: f64, n: usize) -> f64 {
    let mut w = v.to_vec();
    w.push(x);
    let front: f64 = w.drain(..n).map(|a| a * x).sum();
    let mut middle = 0.0;
    for (i, a) in w.drain(1..=1).enumerate() {
        middle += a * (i + 2) as f64;
    }
    let rest: Vec<f64> = w.drain(1..).collect();
    w.push(front * middle);
    w.iter().product::<f64>() * w.len() as f64 + rest.iter().map(|a| a * a).sum::<f64>()
}

case! {
    drained, drained_grad, drained_grad_add, drained_graph;
    for n in [0, 1, 2];
    with |v: Vec<f64>, x: f64| (&v, x, n);
    at (vec![0.3, 0.9, -0.6, 0.5], 0.7);
}

#[differentiable(compiled)]
fn successors(x: f64, n: usize) -> f64 {
    let doubled: f64 =
        std::iter::successors(Some(x), |z| if z.abs() < 10.0 { Some(z * 2.0 + x) } else { None }).sum();
    let powers: Vec<f64> = std::iter::successors(Some(1.0), |z| Some(z * x)).take(n).collect();
    let last = std::iter::successors(Some(x), |&z| (z < 3.0).then_some(z + 0.75)).last().unwrap_or(0.5);
    let mut sum = doubled * last;
    for (i, p) in powers.iter().enumerate() {
        sum += p * i as f64;
    }
    sum
}

case! {
    successors, successors_grad, successors_grad_add, successors_graph;
    for n in [0, 1, 4];
    with |x: f64| (x, n);
    at 0.7, -0.4;
}

#[differentiable(compiled)]
fn among(x: f64, v: &[f64], #[constant] known: &[usize], n: usize) -> f64 {
    let list = [x, 0.5, v[0]];
    let a = if (0..3).contains(&n) { x } else { x * x };
    let b = if v.contains(&x) { x * 2.0 } else { v[0] };
    let c = if known.contains(&(v.len() + n)) { x.sin() } else { v[1] * x };
    let d = if (0.5..=1.5).contains(&x) { v[0] * v[1] } else { x };
    let e = if list.contains(&v[1]) || v.to_vec().contains(&0.9) { x * v[1] } else { 1.0 };
    a * b + c * d + e * usize::from(list.contains(&0.5)) as f64
}

case! {
    among, among_grad, among_grad_add, among_graph;
    for n in [1, 3];
    with |x: f64, v: Vec<f64>| (x, &v, &[3, 7], n);
    at (0.75, vec![0.3, 0.7]), (-0.4, vec![0.95, 0.45]);
}

#[differentiable(compiled)]
fn counting(v: &[f64], x: f64) -> f64 {
    let mut w = v.to_vec();
    w.sort_by(|a, b| {
        note("compared");
        a.total_cmp(b)
    });
    let sum: f64 = std::iter::successors(Some(x), |z| {
        note("next");
        if z.abs() < 3.0 { Some(z * 2.0) } else { None }
    })
    .take(3)
    .sum();
    w[0] * sum + w[1]
}

#[test]
fn comparisons_and_successors_are_called_as_often() {
    let v = [0.3, 0.9, -0.6, 0.5, 0.1, 0.8];
    let expected = log_of(|| _ = counting(&v, 0.4));
    assert!(expected.len() > 5);
    assert_eq!(log_of(|| _ = counting_grad(&v, 0.4)), expected);
    assert_eq!(log_of(|| _ = counting_graph(&v, 0.4)), expected);
}

#[differentiable(compiled)]
fn beyond(x: f64, n: usize) -> f64 {
    let mut q = VecDeque::from([x, x * x]);
    q.push_back(x);
    q[n] * x
}

#[differentiable(compiled)]
fn drained_beyond(x: f64, n: usize) -> f64 {
    let mut w = vec![x, x * x];
    w.drain(1..n).map(|a| a * x).sum::<f64>() + w[0]
}

#[differentiable(compiled)]
fn unordered(v: &[f64]) -> f64 {
    let mut w = v.to_vec();
    w.sort_by(|a, b| a.partial_cmp(b).unwrap());
    w[0] * w[1]
}

fn panic_of(call: impl FnOnce()) -> String {
    let error = std::panic::catch_unwind(std::panic::AssertUnwindSafe(call)).expect_err("it panics");
    let text = error.downcast_ref::<String>().cloned();
    text.or_else(|| error.downcast_ref::<&str>().map(|text| (*text).to_owned())).expect("a text")
}

#[test]
fn panics_are_those_of_the_plain_functions() {
    let expected = panic_of(|| _ = beyond(0.5, 3));
    assert_eq!(panic_of(|| _ = beyond_grad(0.5, 3)), expected);
    let expected = panic_of(|| _ = drained_beyond(0.5, 3));
    assert_eq!(panic_of(|| _ = drained_beyond_grad(0.5, 3)), expected);
    let expected = panic_of(|| _ = unordered(&[0.5, f64::NAN, 1.5]));
    assert_eq!(panic_of(|| _ = unordered_grad(&[0.5, f64::NAN, 1.5])), expected);
}
