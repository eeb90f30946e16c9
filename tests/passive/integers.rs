//! Methods of integers that give something other than an integer: an `Option`, a pair, a truth value, an ordering.

use gradus::differentiable;
use std::cmp::Ordering;

#[differentiable(compiled)]
fn previous(x: &[f64]) -> f64 {
    let mut s = 0.0;
    for j in 0..x.len() {
        if let Some(at) = j.checked_sub(1) {
            s += x[at] * x[j];
        }
    }
    s
}

case! {
    previous, previous_grad, previous_grad_add, previous_graph;
    with |x: Vec<f64>| (&x);
    at (vec![0.5, -1.25, 2.0]);
}

#[differentiable(compiled)]
fn previous_or_zero(x: &[f64]) -> f64 {
    let mut s = 0.0;
    for j in 0..x.len() {
        s += j.checked_sub(1).map_or(0.0, |at| x[at]) * x[j];
    }
    s
}

case! {
    previous_or_zero, previous_or_zero_grad, previous_or_zero_grad_add, previous_or_zero_graph;
    with |x: Vec<f64>| (&x);
    at (vec![0.5, -1.25, 2.0]);
}

#[differentiable(compiled)]
fn previous_or_last(x: &[f64]) -> f64 {
    let mut s = 0.0;
    for (j, k) in x.iter().enumerate() {
        let at = j.checked_sub(1).unwrap_or(2);
        s += k * x[at];
    }
    s
}

case! {
    previous_or_last, previous_or_last_grad, previous_or_last_grad_add, previous_or_last_graph;
    with |x: Vec<f64>| (&x);
    at (vec![0.5, -1.25, 2.0]);
}

#[differentiable(compiled)]
fn without_overflow(x: &[f64]) -> f64 {
    let mut s = 0.0;
    for (j, k) in x.iter().enumerate() {
        let (at, overflows) = (j as u8).overflowing_sub(1);
        if !overflows {
            s += k * x[at as usize];
        }
    }
    s
}

case! {
    without_overflow, without_overflow_grad, without_overflow_grad_add, without_overflow_graph;
    with |x: Vec<f64>| (&x);
    at (vec![0.5, -1.25, 2.0]);
}

#[differentiable(compiled)]
fn by_order(x: &[f64]) -> f64 {
    let mut s = 0.0;
    for (j, k) in x.iter().enumerate() {
        s += match j.cmp(&1) {
            Ordering::Less => k * k,
            Ordering::Equal => *k,
            Ordering::Greater => x[0] * k.sin(),
        };
    }
    s
}

case! {
    by_order, by_order_grad, by_order_grad_add, by_order_graph;
    with |x: Vec<f64>| (&x);
    at (vec![0.5, -1.25, 2.0]);
}

#[differentiable(compiled)]
fn next_or_half(x: &[f64]) -> f64 {
    let mut s = 0.0;
    for (j, k) in x.iter().enumerate() {
        s += match j.checked_add(1).filter(|n| *n < x.len()) {
            Some(n) => x[n] * k,
            None => 0.5 * k,
        };
    }
    s
}

case! {
    next_or_half, next_or_half_grad, next_or_half_grad_add, next_or_half_graph;
    with |x: Vec<f64>| (&x);
    at (vec![0.5, -1.25, 2.0]);
}

#[differentiable(compiled)]
fn left_out(x: &[f64]) -> f64 {
    let mut s = 0.0;
    for (j, k) in x.iter().enumerate() {
        let Some(n) = j.checked_sub(1) else { continue };
        s += x[n] * k;
    }
    s
}

case! {
    left_out, left_out_grad, left_out_grad_add, left_out_graph;
    with |x: Vec<f64>| (&x);
    at (vec![0.5, -1.25, 2.0]);
}

#[differentiable(compiled)]
fn asked_of_integers(x: &[f64]) -> f64 {
    let mut s = 0.0;
    for (j, k) in x.iter().enumerate() {
        if j.is_power_of_two() {
            s += x[0] * k;
        }
        if j.checked_sub(1).is_some_and(|i| i > 0) {
            s += k.sin();
        }
        s += j.checked_rem(2).map(|r| r as f64).unwrap_or_default() * k;
    }
    s
}

case! {
    asked_of_integers, asked_of_integers_grad, asked_of_integers_grad_add, asked_of_integers_graph;
    with |x: Vec<f64>| (&x);
    at (vec![0.5, -1.25, 2.0, 0.75]);
}

/// Keys behind references, which only a method tells to be integers.
#[differentiable(compiled)]
fn keys_of_a_map_that_grows(x: f64) -> f64 {
    let mut known: std::collections::BTreeMap<u8, f64> = [(1, 0.5)].into();
    known.insert(200, 2.5);
    let mut s = 0.0;
    for (k, w) in known.iter() {
        let p = k.pow(1);
        s += x * w * p as f64 * k.count_ones() as f64;
    }
    s * x
}

case! {
    keys_of_a_map_that_grows, keys_of_a_map_that_grows_grad, keys_of_a_map_that_grows_grad_add, keys_of_a_map_that_grows_graph;
    with |x: f64| (x);
    at 0.83, -0.6;
}
