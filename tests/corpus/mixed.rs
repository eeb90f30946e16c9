//! Programs in which several constructs meet: where derivatives get lost in tools that do not follow every value.

use gradus::{Activations, differentiable, stop_gradient};
use std::collections::VecDeque;

/// `break` out of `while true`, and `continue`.
#[allow(while_true, reason = "as people write it")]
#[differentiable(second)]
fn left_by_break(xs: &[f64]) -> f64 {
    let mut s = 0.0;
    let mut i = 0;
    while true {
        if i >= xs.len() {
            break;
        }
        if i % 2 == 1 {
            i += 1;
            continue;
        }
        s += xs[i] * xs[i];
        i += 1;
    }
    s
}

case! {
    left_by_break, left_by_break_grad, left_by_break_grad_add, left_by_break_graph;
    with |xs: Vec<f64>| (&xs);
    at vec![0.5, 1.7, 2.3, 0.9, 1.1], vec![1.25, 0.75, 3.5];
}

/// `split_at_mut` and `iter_mut` on a copy.
#[differentiable(second)]
fn split_and_written(xs: &[f64]) -> f64 {
    let mut b = xs.to_vec();
    {
        let (l, r) = b.split_at_mut(1);
        l[0] *= r[0];
        for v in r.iter_mut() {
            *v = v.sin();
        }
    }
    b.iter().sum()
}

case! {
    split_and_written, split_and_written_grad, split_and_written_grad_add, split_and_written_graph;
    with |xs: Vec<f64>| (&xs);
    at vec![0.5, 1.7, 2.3, 0.9, 1.1], vec![1.25, 0.75, 3.5];
}

/// A passive `Vec` becomes active by one assignment.
#[differentiable(second)]
fn from_passive_to_active(x: f64, n: usize) -> f64 {
    let mut k = 1.0;
    for _ in 0..n {
        k *= 0.5;
    }
    let mut acc = vec![k; 3];
    acc[1] = x * k;
    acc.iter().product::<f64>() + acc[1]
}

case! {
    from_passive_to_active, from_passive_to_active_grad, from_passive_to_active_grad_add, from_passive_to_active_graph;
    with |x: f64| (x, 3);
    at 1.3, 0.7;
}

/// A passive condition that counts its calls.
#[differentiable(second)]
fn counted_condition(x: f64) -> f64 {
    let mut calls = 0;
    let mut cond = || {
        calls += 1;
        calls < 3
    };
    let mut y = x;
    while cond() {
        y = y * x;
    }
    y
}

case! {
    counted_condition, counted_condition_grad, counted_condition_grad_add, counted_condition_graph;
    with |x: f64| (x);
    at 1.3, 0.7;
}

/// Late initialisation, and a literal in one branch.
#[differentiable(second)]
fn initialised_late(x: f64) -> f64 {
    let y;
    if x > 1.0 {
        y = 2.0;
    } else {
        y = x;
    }
    let z = match 3 {
        3 if x > 0.0 => y * x,
        _ => 0.0,
    };
    z
}

case! {
    initialised_late, initialised_late_grad, initialised_late_grad_add, initialised_late_graph;
    with |x: f64| (x);
    at 1.3, 0.7;
}

/// The running maximum by comparison.
#[differentiable(second)]
fn largest(xs: &[f64]) -> f64 {
    let mut best = f64::NEG_INFINITY;
    for &x in xs {
        if x > best {
            best = x;
        }
    }
    best
}

case! {
    largest, largest_grad, largest_grad_add, largest_graph;
    with |xs: Vec<f64>| (&xs);
    at vec![0.5, 1.7, 2.3, 0.9];
}

/// A `VecDeque`.
#[differentiable(second)]
fn queue(x: f64) -> f64 {
    let mut q = VecDeque::new();
    q.push_back(x);
    q.push_back(2.0);
    let a = q.pop_front().unwrap();
    q.push_back(a * 3.0);
    q.iter().map(|v| v * v).sum::<f64>()
}

case! {
    queue, queue_grad, queue_grad_add, queue_graph;
    with |x: f64| (x);
    at 1.3, 0.7;
}

/// `let … else` with an early return of a constant.
#[differentiable(second)]
fn let_else(xs: &[f64]) -> f64 {
    let Some((first, rest)) = xs.split_first() else { return 0.0 };
    rest.iter().fold(*first, |a, b| a * b)
}

case! {
    let_else, let_else_grad, let_else_grad_add, let_else_graph;
    with |xs: Vec<f64>| (&xs);
    at vec![0.5, 1.7, 2.3, 0.9, 1.1], vec![1.25, 0.75, 3.5];
}

/// Filtered, collected, sorted: the gradient follows the permutation.
#[differentiable(second)]
fn sorted(xs: &[f64]) -> f64 {
    let mut v: Vec<f64> = xs.iter().copied().filter(|x| *x > 0.0).collect();
    v.sort_by(|a, b| a.partial_cmp(b).unwrap());
    v.iter().enumerate().map(|(i, x)| i as f64 * x).sum()
}

case! {
    sorted, sorted_grad, sorted_grad_add, sorted_graph;
    with |xs: Vec<f64>| (&xs);
    at vec![0.5, 1.7, 2.3, 0.9, 1.1], vec![1.25, 0.75, 3.5];
}

/// A closure with an early constant and a captured slice.
#[differentiable(second)]
fn capturing_table(xs: &[f64]) -> f64 {
    let t = |i: usize| -> f64 { if i == 0 { 1.0 } else { xs[i - 1] } };
    (0..=xs.len()).map(t).product()
}

case! {
    capturing_table, capturing_table_grad, capturing_table_grad_add, capturing_table_graph;
    with |xs: Vec<f64>| (&xs);
    at vec![0.5, 1.7, 2.3, 0.9, 1.1], vec![1.25, 0.75, 3.5];
}

/// `break` with a value, and labels.
#[differentiable(second)]
fn loop_with_value(x: f64) -> f64 {
    let r = loop {
        let y = x * 2.0;
        if y > -1e9 {
            break y;
        }
    };
    'o: for i in 0..3 {
        for j in 0..3 {
            if j == 2 {
                continue 'o;
            }
            if i == 2 {
                break 'o;
            }
        }
    }
    r
}

case! {
    loop_with_value, loop_with_value_grad, loop_with_value_grad_add, loop_with_value_graph;
    with |x: f64| (x);
    at 1.3, 0.7;
}

/// Nested arrays by reference.
#[differentiable(second)]
fn rows_of_a_matrix(x: f64) -> f64 {
    let m = [[x, 1.0], [0.0, x]];
    let mut s = 0.0;
    for row in &m {
        for (j, v) in row.iter().enumerate() {
            s += v * (j + 1) as f64;
        }
    }
    s
}

case! {
    rows_of_a_matrix, rows_of_a_matrix_grad, rows_of_a_matrix_grad_add, rows_of_a_matrix_graph;
    with |x: f64| (x);
    at 1.3, 0.7;
}

/// A tuple of a number, an integer and an array.
#[differentiable(second)]
fn mixed_tuple(x: f64) -> f64 {
    let p = (x, 3usize, [x * x; 2]);
    let (a, n, b) = p;
    a * n as f64 + b[1] + p.2[0]
}

case! {
    mixed_tuple, mixed_tuple_grad, mixed_tuple_grad_add, mixed_tuple_graph;
    with |x: f64| (x);
    at 1.3, 0.7;
}

/// A `Vec` filled through `iter_mut`, read through `windows`.
#[differentiable(second)]
fn powers_by_iter_mut(x: f64) -> f64 {
    let mut v = vec![0.0; 4];
    for (i, e) in v.iter_mut().enumerate() {
        *e = x.powi(i as i32);
    }
    v.windows(2).map(|w| w[0] * w[1]).sum()
}

case! {
    powers_by_iter_mut, powers_by_iter_mut_grad, powers_by_iter_mut_grad_add, powers_by_iter_mut_graph;
    with |x: f64| (x);
    at 1.3, 0.7;
}

/// One branch passive, one active.
#[differentiable(second)]
fn chosen_by_flag(x: f64, flag: bool) -> f64 {
    let k = if flag { x } else { 1.0 };
    let s: f64 = [k, 2.0].iter().sum();
    s.max(0.0).relu()
}

case! {
    chosen_by_flag, chosen_by_flag_grad, chosen_by_flag_grad_add, chosen_by_flag_graph;
    with |x: f64| (x, true);
    at 1.3, 0.7;
}

/// A collected `Vec` that is used twice.
#[differentiable(second)]
fn entropy(xs: &[f64]) -> f64 {
    let total: f64 = xs.iter().sum();
    let w: Vec<f64> = xs.iter().map(|x| x / total).collect();
    -w.iter().map(|p| p * p.ln()).sum::<f64>()
}

case! {
    entropy, entropy_grad, entropy_grad_add, entropy_graph;
    with |xs: Vec<f64>| (&xs);
    at vec![0.5, 1.7, 2.3, 0.9, 1.1], vec![1.25, 0.75, 3.5];
}

/// An index found by comparison, and one from `stop_gradient`.
#[differentiable(second)]
fn found_and_indexed(xs: &[f64]) -> f64 {
    let i = xs.iter().position(|x| *x > 1.0).unwrap_or(0);
    let k = stop_gradient(xs[i]).floor() as usize;
    xs[k % xs.len()] * xs[i]
}

case! {
    found_and_indexed, found_and_indexed_grad, found_and_indexed_grad_add, found_and_indexed_graph;
    with |xs: Vec<f64>| (&xs);
    at vec![0.5, 1.7, 2.3, 0.9, 1.1], vec![1.25, 0.75, 3.5];
}

/// `scan` with a state that is written through `&mut`.
#[differentiable(second)]
fn scanned_state(x: f64) -> f64 {
    let mut state = 1.0;
    let out: Vec<f64> = (0..3)
        .scan(x, |s, i| {
            *s *= 2.0;
            Some(*s + i as f64)
        })
        .collect();
    for o in &out {
        state *= o;
    }
    state
}

case! {
    scanned_state, scanned_state_grad, scanned_state_grad_add, scanned_state_graph;
    with |x: f64| (x);
    at 1.3, 0.7;
}

/// Differences of neighbours by `zip` and `skip`.
#[differentiable(second)]
fn path_length(xs: &[f64]) -> f64 {
    xs.iter().zip(xs.iter().skip(1)).map(|(a, b)| (b - a).powi(2)).sum::<f64>().sqrt()
}

case! {
    path_length, path_length_grad, path_length_grad_add, path_length_graph;
    with |xs: Vec<f64>| (&xs);
    at vec![0.5, 1.7, 2.3, 0.9, 1.1], vec![1.25, 0.75, 3.5];
}

/// `chunks` of uneven length.
#[differentiable(second)]
fn products_of_chunks(xs: &[f64]) -> f64 {
    xs.chunks(2).map(|c| c.iter().product::<f64>()).sum()
}

case! {
    products_of_chunks, products_of_chunks_grad, products_of_chunks_grad_add, products_of_chunks_graph;
    with |xs: Vec<f64>| (&xs);
    at vec![0.5, 1.7, 2.3, 0.9, 1.1], vec![1.25, 0.75, 3.5];
}

/// A closure that calls a closure, called with active and with passive.
#[differentiable(second)]
fn closures_in_closures(x: f64) -> f64 {
    let f = |a: f64, b: f64| a * b + x;
    let g = |t| f(t, 2.0);
    g(x) + g(3.0)
}

case! {
    closures_in_closures, closures_in_closures_grad, closures_in_closures_grad_add, closures_in_closures_graph;
    with |x: f64| (x);
    at 1.3, 0.7;
}

/// Arrays are copied by value: what is written later is not seen.
#[differentiable(second)]
fn copied_before_written(x: f64) -> f64 {
    let mut a = [1.0, 2.0, 3.0];
    a.swap(0, 2);
    a[1] = x;
    let b = a;
    a[0] = x * x;
    b[0] * b[1] + a[0] + a.iter().copied().fold(f64::MAX, f64::min)
}

case! {
    copied_before_written, copied_before_written_grad, copied_before_written_grad_add, copied_before_written_graph;
    with |x: f64| (x);
    at 1.3, 0.7;
}

/// A borrowed temporary, written and read.
#[differentiable(second)]
fn through_borrows(x: f64) -> f64 {
    let r = &mut [x, 2.0 * x];
    r[0] += 1.0;
    let q = &r[1];
    r[0] * q
}

case! {
    through_borrows, through_borrows_grad, through_borrows_grad_add, through_borrows_graph;
    with |x: f64| (x);
    at 1.3, 0.7;
}

/// A closure that changes what it captures.
#[differentiable(second)]
fn mutating_capture(x: f64) -> f64 {
    let mut s = x;
    let mut add = |d: f64| s += d * d;
    add(2.0);
    add(x);
    s
}

case! {
    mutating_capture, mutating_capture_grad, mutating_capture_grad_add, mutating_capture_graph;
    with |x: f64| (x);
    at 1.3, 0.7;
}

/// Rows cloned, moved and concatenated.
#[differentiable(second)]
fn cloned_rows(x: f64) -> f64 {
    let mut m = vec![vec![0.0; 2]; 2];
    m[0][1] = x;
    let row = m[0].clone();
    m[1] = row;
    m[1][1] * m.concat()[3]
}

case! {
    cloned_rows, cloned_rows_grad, cloned_rows_grad_add, cloned_rows_graph;
    with |x: f64| (x);
    at 1.3, 0.7;
}

/// Macros of the standard library see the plain numbers.
#[differentiable(second)]
fn asserted_and_printed(x: f64) -> f64 {
    assert!(x > -100.0, "x was {x}");
    println!("{x:.1} {}", x * 2.0);
    let y = x * x;
    debug_assert!(y >= 0.0);
    y
}

case! {
    asserted_and_printed, asserted_and_printed_grad, asserted_and_printed_grad_add, asserted_and_printed_graph;
    with |x: f64| (x);
    at 1.3, 0.7;
}

/// What an attribute leaves out takes no part.
#[differentiable(second)]
fn configured(x: f64, n: usize) -> f64 {
    let mut y = x;
    #[cfg(any())]
    {
        y = 100.0 * x;
    }
    #[cfg(not(any()))]
    {
        y *= x;
    }
    match n {
        #[cfg(any())]
        0 => y * 1000.0,
        0 => y,
        _ => y + x,
    }
}

case! {
    configured, configured_grad, configured_grad_add, configured_graph;
    for n in [0, 1];
    with |x: f64| (x, n);
    at 1.5;
    gradient if n == 0 { 2.0 * x } else { 2.0 * x + 1.0 };
}
