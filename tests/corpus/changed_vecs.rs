//! `Vec`s, `VecDeque`s and slices that change in place.

use gradus::differentiable;
use std::collections::VecDeque;

#[differentiable(second)]
fn put_and_taken(xs: &[f64], k: f64) -> f64 {
    let mut v = Vec::new();
    for &x in xs {
        v.push(x * k);
    }
    v.push(1.0);
    v.insert(1, k);
    let removed = v.remove(0);
    v.truncate(3);
    v.resize(5, k);
    v.resize(6, 0.5);
    let popped = v.pop().unwrap();
    let swapped = v.swap_remove(0);
    removed * popped + swapped + v.iter().map(|x| x * x).sum::<f64>()
}

case! {
    put_and_taken, put_and_taken_grad, put_and_taken_grad_add, put_and_taken_graph;
    with |xs: Vec<f64>, k: f64| (&xs, k);
    at (vec![1.5, -2.0, 0.5, 4.0, 3.0], 0.7), (vec![9.0], 2.0), (vec![2.0, 1.0], -1.0);
}

#[differentiable(second)]
fn extended(xs: &[f64], #[constant] more: &[f64], k: f64) -> f64 {
    let mut v: Vec<f64> = Vec::with_capacity(3 * xs.len());
    v.extend(xs.iter().map(|x| x * k));
    v.extend_from_slice(xs);
    v.extend_from_slice(&[1.0, 2.0]);
    v.extend([3.0, k]);
    v.extend(vec![0.5; 2]);
    v.extend(more);
    v.extend(more.iter().map(|m| m * 2.0));
    v.append(&mut vec![k, 2.0]);
    v.extend_from_within(..1);
    v.iter().enumerate().map(|(i, x)| (x * 0.1 * i as f64).sin()).sum()
}

case! {
    extended, extended_grad, extended_grad_add, extended_graph;
    with |xs: Vec<f64>, k: f64| (&xs, &[0.3, 0.6], k);
    at (vec![1.5, -2.0, 0.5], 0.7), (vec![9.0], 2.0), (vec![], -1.0);
}

#[differentiable(second)]
fn cut_out(xs: &[f64], k: f64) -> f64 {
    let mut v = xs.to_vec();
    let middle: Vec<f64> = v.drain(1..3).collect();
    let head: f64 = v.drain(..1).sum();
    let tail = v.split_off(1);
    let replaced: f64 = v.splice(..1, [k, 2.0, k]).product();
    v.retain(|x| *x > -10.0);
    v.dedup();
    middle[0] * middle[1] * head + tail.iter().sum::<f64>() * replaced + v.iter().product::<f64>()
}

case! {
    cut_out, cut_out_grad, cut_out_grad_add, cut_out_graph;
    with |xs: Vec<f64>, k: f64| (&xs, k);
    at (vec![1.5, -2.0, 0.5, 4.0, 3.0], 0.7), (vec![1.0, 2.0, 3.0, 5.0], -3.0);
    gradient {
        let [a, b, c, d, ..] = xs[..] else { panic!("four numbers") };
        let tail: f64 = xs[4..].iter().sum();
        let mut g = vec![b * c, a * c, a * b, tail];
        g.extend(vec![d; xs.len() - 4]);
        (g, 4.0 * k)
    };
}

#[differentiable(second)]
fn overwritten(xs: &[f64], k: f64) -> f64 {
    let mut v = vec![0.0; xs.len()];
    v.copy_from_slice(xs);
    let mut pair = [0.0; 2];
    pair.clone_from_slice(&xs[1..3]);
    v[..2].fill(k);
    v[2..].copy_from_slice(&xs[..xs.len() - 2]);
    v.copy_within(1..3, 0);
    let mut w = vec![1.0; 2];
    w.fill_with(|| k * 2.0);
    w.swap_with_slice(&mut pair);
    w.resize_with(3, || k);
    pair[0] * w[0] + w[2] * v.iter().enumerate().map(|(i, x)| i as f64 * x).sum::<f64>()
}

case! {
    overwritten, overwritten_grad, overwritten_grad_add, overwritten_graph;
    with |xs: Vec<f64>, k: f64| (&xs, k);
    at (vec![1.5, -2.0, 0.5, 4.0, 3.0], 0.7), (vec![1.0, 2.0, 3.0], -3.0);
}

#[differentiable(second)]
fn put_together(xs: &[f64], k: f64) -> f64 {
    let rows = [xs.to_vec(), vec![k, 2.0]].concat();
    let twice = xs[..2].repeat(2);
    let joined = [&xs[..1], &[k][..]].join(&2.0);
    let grid = [[k, 1.0], [xs[0], xs[1]]];
    let flat = grid.as_flattened();
    let from: Vec<f64> = Vec::from([k, xs[0]]);
    let owned: Vec<f64> = xs.into();
    let three: [f64; 3] = xs[..3].try_into().unwrap();
    let again = Vec::from_iter(xs.iter().map(|x| x * x));
    let [a, b] = grid.map(|row| row[0] * row[1]);
    rows[xs.len()] * twice[3]
        + joined[1] * joined[2]
        + flat[2] * flat[0]
        + from[1]
        + owned[2] * three[1]
        + again[0]
        + a * b
}

case! {
    put_together, put_together_grad, put_together_grad_add, put_together_graph;
    with |xs: Vec<f64>, k: f64| (&xs, k);
    at (vec![1.5, -2.0, 0.5, 4.0, 3.0], 0.7), (vec![1.0, 2.0, 3.0], -3.0);
    gradient {
        let mut g = vec![0.0; xs.len()];
        g[0] = k + 1.0 + 2.0 * xs[0] + k * xs[1];
        g[1] = k + xs[2] + k * xs[0];
        g[2] = xs[1];
        (g, xs[1] + 2.0 + xs[0] + xs[0] * xs[1])
    };
}

/// The gradient follows the permutation.
#[differentiable(second)]
fn sorted(xs: &[f64], k: f64) -> f64 {
    let mut v = xs.to_vec();
    v.sort_by(|a, b| a.partial_cmp(b).unwrap());
    let median = v[v.len() / 2];
    v.sort_by(f64::total_cmp);
    let least = v[0];
    v.sort_unstable_by(|a, b| a.abs().total_cmp(&b.abs()).then_with(|| a.total_cmp(b)).reverse());
    let (_, second, _) = v.select_nth_unstable_by(1, |a, b| b.total_cmp(a));
    *second *= k;
    v.rotate_left(1);
    v.reverse();
    let mut order: Vec<usize> = (0..xs.len()).collect();
    order.sort_by(|&i, &j| xs[i].total_cmp(&xs[j]));
    let ranked: f64 = order.iter().enumerate().map(|(rank, &i)| rank as f64 * xs[i]).sum();
    median * least + v.iter().sum::<f64>() * k + ranked
}

case! {
    sorted, sorted_grad, sorted_grad_add, sorted_graph;
    with |xs: Vec<f64>, k: f64| (&xs, k);
    at (vec![1.5, -2.0, 0.5, 4.0, 3.0], 0.7), (vec![1.0, 2.0, -3.0], -3.0);
}

#[differentiable(second)]
fn queue(xs: &[f64], k: f64) -> f64 {
    let mut window: VecDeque<f64> = VecDeque::new();
    let mut smooth = 0.0;
    for &x in xs {
        window.push_back(x * k);
        if window.len() > 3 {
            window.pop_front();
        }
        smooth += window.iter().sum::<f64>() / window.len() as f64;
    }
    window.push_front(k);
    if let Some(back) = window.back_mut() {
        *back *= 2.0;
    }
    window.rotate_left(1);
    let mut line = VecDeque::from(vec![1.0, k]);
    line[0] += k;
    line.extend([0.5, k]);
    let mut s = 0.0;
    while let Some(x) = line.pop_front() {
        s = s * 0.5 + x;
    }
    let ends = window.front().unwrap() * window.back().unwrap();
    window.make_contiguous();
    let (a, b) = window.as_slices();
    smooth + s + ends + a.iter().chain(b).map(|x| x * x).sum::<f64>()
}

case! {
    queue, queue_grad, queue_grad_add, queue_graph;
    with |xs: Vec<f64>, k: f64| (&xs, k);
    at (vec![1.5, -2.0, 0.5, 4.0, 3.0], 0.7), (vec![1.0, 2.0, -3.0], -3.0);
}

/// Breadth first, by a queue.
#[differentiable(second)]
fn breadth_first(xs: &[f64], root: f64) -> f64 {
    let mut waiting = VecDeque::new();
    waiting.push_back((0, root));
    let mut total = 0.0;
    while let Some((at, value)) = waiting.pop_front() {
        total += value;
        for child in [2 * at + 1, 2 * at + 2] {
            if child < xs.len() {
                waiting.push_back((child, value * xs[child]));
            }
        }
    }
    total
}

case! {
    breadth_first, breadth_first_grad, breadth_first_grad_add, breadth_first_graph;
    with |xs: Vec<f64>, root: f64| (&xs, root);
    at (vec![1.5, -2.0, 0.5, 4.0, 3.0], 0.7), (vec![], -3.0);
}

/// Looked at, not changed: what comes out is data.
#[differentiable(second)]
fn looked_at(xs: &[f64], k: f64) -> f64 {
    let known = if xs.contains(&0.5) { k } else { 1.0 };
    let rising = if xs.is_sorted() { 2.0 } else { k };
    let starts = if xs.starts_with(&[1.5]) { 3.0 } else { 1.0 };
    let knots = [0.0, 1.0, 2.0, 3.0];
    let cell = knots.partition_point(|&knot| knot <= k);
    let found = match knots.binary_search_by(|knot| knot.total_cmp(&k)) {
        Ok(at) => at,
        Err(at) => at + 1,
    };
    let same = if xs == [1.5, -2.0] || (k, xs.len()) > (2.0, 1) { k } else { 0.0 };
    known * rising * starts + (cell * found) as f64 * k * k + same
}

case! {
    looked_at, looked_at_grad, looked_at_grad_add, looked_at_graph;
    with |xs: Vec<f64>, k: f64| (&xs, k);
    at (vec![1.5, -2.0, 0.5], 0.7), (vec![1.5, -2.0], 1.5), (vec![1.0, 2.0], 2.5), (vec![], 0.3);
    gradient {
        let known = xs.contains(&0.5);
        let rising = xs.is_sorted();
        let starts = if xs.first() == Some(&1.5) { 3.0 } else { 1.0 };
        let first = starts * match (known, rising) {
            (true, true) => 2.0,
            (true, false) => 2.0 * k,
            (false, true) => 0.0,
            (false, false) => 1.0,
        };
        let (cell, found) = (k.floor() + 1.0, k.floor() + 2.0);
        let same = xs == [1.5, -2.0] || k > 2.0;
        (vec![0.0; xs.len()], first + 2.0 * cell * found * k + if same { 1.0 } else { 0.0 })
    };
}
