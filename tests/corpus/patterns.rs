//! Patterns that do not fit every value, in `match`, `if let`, `while let`, `let … else` and chains of conditions: all compiled.

use gradus::differentiable;

#[differentiable(compiled, second)]
fn by_length(xs: &[f64], k: f64) -> f64 {
    match xs {
        [] => k,
        [x] => x * k,
        [x, y] if x > y => x - y * k,
        [zero, rest @ ..] if *zero == 0.0 => rest.iter().map(|r| r * r).sum::<f64>() * k,
        [first, .., last] if *first < 0.0 => first * last * k,
        [first, middle @ .., last] => first * last + middle.iter().sum::<f64>() * k,
    }
}

case! {
    by_length, by_length_grad, by_length_grad_add, by_length_graph;
    with |xs: Vec<f64>, k: f64| (&xs, k);
    at (vec![], 2.0), (vec![3.0], 2.0), (vec![3.0, 1.5], 0.5), (vec![1.0, 1.5], 0.5), (vec![-1.0, 1.5, 4.0], 0.5),
        (vec![1.0, 1.5, 2.5, 4.0], 0.5);
    gradient match xs.as_slice() {
        [] => (vec![], 1.0),
        [x] => (vec![k], *x),
        [x, y] if x > y => (vec![1.0, -k], -y),
        [x, .., y] if *x < 0.0 => {
            let mut by = vec![0.0; xs.len()];
            (by[0], by[xs.len() - 1]) = (y * k, x * k);
            (by, x * y)
        }
        [x, middle @ .., y] => {
            let mut by = vec![k; xs.len()];
            (by[0], by[xs.len() - 1]) = (*y, *x);
            (by, middle.iter().sum::<f64>())
        }
    };
}

/// Two options at once, guards that fall through, alternatives.
#[differentiable(compiled, second)]
fn both_ends(xs: &[f64], k: f64) -> f64 {
    let ends = match (xs.first(), xs.get(2)) {
        (Some(a), Some(b)) if a < b => a * b,
        (Some(a), Some(_)) => a * k,
        (Some(only), None) => only + k,
        (None, _) => k * k,
    };
    let count = match xs {
        [] | [_] => 1.0,
        [_, x] | [_, _, x] if *x > 0.0 => 2.0,
        _ => 3.0,
    };
    ends * count
}

case! {
    both_ends, both_ends_grad, both_ends_grad_add, both_ends_graph;
    with |xs: Vec<f64>, k: f64| (&xs, k);
    at (vec![], 2.0), (vec![3.0], 2.0), (vec![3.0, 1.5], 0.5), (vec![1.0, 1.5, 4.0], 0.5), (vec![1.0, 1.5, -4.0], 0.5);
}

/// Conditions in a chain, each seeing what those before have bound; what follows a `false` is not computed.
#[differentiable(compiled, second)]
fn chains(xs: &[f64], k: f64) -> f64 {
    let mut seen = 0.0;
    let mut look = |x: f64| {
        seen += 1.0;
        x
    };
    let chosen = if let Some(first) = xs.first()
        && *first > 0.0
        && let [_, second, ..] = xs
        && look(*second) > *first
    {
        first * second * k
    } else if k > 1.0
        && let Some(last) = xs.last()
    {
        last * k
    } else {
        k
    };
    chosen + seen * k
}

case! {
    chains, chains_grad, chains_grad_add, chains_graph;
    with |xs: Vec<f64>, k: f64| (&xs, k);
    at (vec![], 2.0), (vec![3.0], 2.0), (vec![-3.0, 1.5], 0.5), (vec![1.0, 1.5], 0.5), (vec![2.0, 1.5, 4.0], 1.5);
}

/// A chain that leaves from within, in a loop.
#[differentiable(compiled, second)]
fn chains_that_leave(xs: &[f64], k: f64) -> f64 {
    let mut stack = xs.to_vec();
    let mut sum = k;
    while let Some(top) = stack.pop()
        && top < 5.0
    {
        if let [.., below] = stack.as_slice()
            && *below > top
        {
            sum += below * top;
            continue;
        } else if top < -2.0 {
            return sum * top;
        }
        sum *= top;
    }
    sum + stack.len() as f64
}

case! {
    chains_that_leave, chains_that_leave_grad, chains_that_leave_grad_add, chains_that_leave_graph;
    with |xs: Vec<f64>, k: f64| (&xs, k);
    at (vec![], 2.0), (vec![3.0, 1.5, 0.5], 2.0), (vec![-3.0, 1.5], 0.5), (vec![6.0, 1.0, 1.5], 0.5);
}

#[differentiable(compiled, second)]
fn or_else_left(xs: &[f64], k: f64) -> f64 {
    let [first, rest @ ..] = xs else { return k };
    let mut sum = 0.0;
    for window in xs.windows(2) {
        let [a, b] = window else { continue };
        let Some(root) = (if a > b { Some(a.abs().sqrt()) } else { None }) else { continue };
        sum += root * b;
    }
    let [.., _, last] = rest else { return first * k + sum };
    first * last * k + sum + rest.len() as f64
}

case! {
    or_else_left, or_else_left_grad, or_else_left_grad_add, or_else_left_graph;
    with |xs: Vec<f64>, k: f64| (&xs, k);
    at (vec![], 2.0), (vec![3.0], 2.0), (vec![3.0, 1.5], 0.5), (vec![1.0, 1.5, 4.0], 0.5), (vec![4.0, 1.5, 2.0, 1.0], 0.5);
}

/// Data is taken apart by the pattern as it is written.
#[differentiable(compiled, second)]
fn data_taken_apart(x: f64, #[constant] table: &[(usize, f64)], kind: (bool, Option<i32>)) -> f64 {
    let mut y = x;
    for &(power, weight) in table {
        y += weight * x.powi(power as i32);
    }
    for (i, (power, weight)) in table.iter().enumerate() {
        y *= weight + (i * power) as f64;
    }
    match kind {
        (true, Some(n @ 1..=3)) => y * f64::from(n),
        (true, _) => y * x,
        (false, Some(n)) if n > 2 => y + x * f64::from(n),
        (false, _) => y - x,
    }
}

case! {
    data_taken_apart, data_taken_apart_grad, data_taken_apart_grad_add, data_taken_apart_graph;
    for kind in [(true, Some(2)), (true, None), (false, Some(4)), (false, Some(1))];
    with |x: f64| (x, &[(1, 0.5), (3, 2.0)], kind);
    at 0.7, -1.5;
}
