//! Leaving: labels, `break` with a value, `continue`, `return` from anywhere, loops that end by a pattern.

use gradus::differentiable;

/// Pairs up to the first negative number.
#[differentiable(second)]
fn labelled(xs: &[f64], k: f64) -> f64 {
    let mut s = 0.0;
    'rows: for i in 0..xs.len() {
        for j in 0..xs.len() {
            if j > i {
                continue 'rows;
            }
            if xs[i] < 0.0 {
                break 'rows;
            }
            s += xs[i] * xs[j] * k;
        }
    }
    s
}

case! {
    labelled, labelled_grad, labelled_grad_add, labelled_graph;
    with |xs: Vec<f64>, k: f64| (&xs, k);
    at (vec![1.0, 2.0, 0.5], 0.7), (vec![1.5, 3.0, -1.0, 9.0], 2.0), (vec![-1.0], 1.0), (vec![], 4.0);
    gradient {
        let n = xs.iter().position(|&x| x < 0.0).unwrap_or(xs.len());
        let (total, squares) = (xs[..n].iter().sum::<f64>(), xs[..n].iter().map(|x| x * x).sum::<f64>());
        let slope = |(i, x): (usize, &f64)| if i < n { k * (total + x) } else { 0.0 };
        (xs.iter().enumerate().map(slope).collect(), 0.5 * (total * total + squares))
    };
}

/// The fixed point of a contraction, and how it is left.
#[differentiable(second)]
fn settles(x: f64, rate: f64) -> f64 {
    let mut y = x;
    let mut count = 0;
    let last = loop {
        let next = rate * y.cos();
        count += 1;
        if count == 200 {
            break next;
        }
        if (next - y).abs() < 1e-14 {
            break next * 1.0;
        }
        y = next;
    };
    last + y
}

case! {
    settles, settles_grad, settles_grad_add, settles_graph;
    with |x: f64, rate: f64| (x, rate);
    at (1.0, 0.5), (-2.0, 0.3);
}

#[differentiable(second)]
fn labelled_blocks(xs: &[f64], fallback: f64) -> f64 {
    let first_large = 'found: {
        for &x in xs {
            if x > 2.0 {
                break 'found x * fallback;
            }
        }
        fallback
    };
    let checked = 'outer: {
        let inner = 'inner: {
            if first_large > 100.0 {
                break 'outer 100.0;
            }
            if first_large < -100.0 {
                break 'inner -first_large;
            }
            first_large
        };
        inner * inner
    };
    checked + first_large
}

case! {
    labelled_blocks, labelled_blocks_grad, labelled_blocks_grad_add, labelled_blocks_graph;
    with |xs: Vec<f64>, fallback: f64| (&xs, fallback);
    at (vec![1.0, 3.0, 4.0], 0.5), (vec![1.0], 0.25), (vec![5.0], 50.0), (vec![], -200.0);
}

/// The first number that takes the sum over the limit decides.
#[differentiable(second)]
fn returns_from_loops(xs: &[f64], limit: f64) -> f64 {
    if xs.is_empty() {
        return limit;
    }
    let mut sum = 0.0;
    for (i, &x) in xs.iter().enumerate() {
        for _ in 0..2 {
            sum += x;
            if sum > limit {
                return sum * (i + 1) as f64 - limit;
            }
        }
    }
    return sum * limit;
}

case! {
    returns_from_loops, returns_from_loops_grad, returns_from_loops_grad_add, returns_from_loops_graph;
    with |xs: Vec<f64>, limit: f64| (&xs, limit);
    at (vec![1.0, 2.0, 0.5], 4.5), (vec![1.0, 2.0], 100.0), (vec![], 3.0), (vec![9.0], 1.0);
}

#[differentiable(second)]
fn closure_returns(xs: &[f64], scale: f64) -> f64 {
    let log = |x: f64| -> f64 {
        if x <= 0.0 {
            return 0.0;
        }
        x.ln() * scale
    };
    xs.iter().map(|&x| log(x)).sum()
}

case! {
    closure_returns, closure_returns_grad, closure_returns_grad_add, closure_returns_graph;
    with |xs: Vec<f64>, scale: f64| (&xs, scale);
    at (vec![1.5, -2.0, 0.5], 0.7), (vec![], 3.0);
    gradient (
        xs.iter().map(|&x| if x > 0.0 { scale / x } else { 0.0 }).collect(),
        xs.iter().map(|&x| if x > 0.0 { x.ln() } else { 0.0 }).sum(),
    );
}

/// `break` out of `while true`.
#[differentiable(second)]
fn square_root(x: f64) -> f64 {
    let mut root = x;
    let mut steps = 0;
    while true {
        root = 0.5 * (root + x / root);
        steps += 1;
        if steps == 40 {
            break;
        }
    }
    root
}

case! {
    square_root, square_root_grad, square_root_grad_add, square_root_graph;
    with |x: f64| (x);
    at 2.0, 9.0, 0.3;
    gradient 0.5 / x.sqrt();
}

/// `continue` and `split_at_mut` in one loop.
#[differentiable(second)]
fn carried_over(xs: &[f64], k: f64) -> f64 {
    let mut v = xs.to_vec();
    for i in 1..v.len() {
        if i % 3 == 0 {
            continue;
        }
        let (before, after) = v.split_at_mut(i);
        after[0] += before[i - 1] * k;
    }
    v.iter().map(|x| x * x).sum()
}

case! {
    carried_over, carried_over_grad, carried_over_grad_add, carried_over_graph;
    with |xs: Vec<f64>, k: f64| (&xs, k);
    at (vec![1.0, -2.0, 0.5, 4.0, 3.0], 0.7), (vec![1.0], 2.0), (vec![], 2.0);
}

#[differentiable(second)]
fn taken_from_the_end(xs: &[f64], k: f64) -> f64 {
    let mut rest = xs.to_vec();
    let mut s = 0.0;
    while let Some(x) = rest.pop() {
        s = s * k + x;
    }
    s
}

case! {
    taken_from_the_end, taken_from_the_end_grad, taken_from_the_end_grad_add, taken_from_the_end_graph;
    with |xs: Vec<f64>, k: f64| (&xs, k);
    at (vec![1.0, -2.0, 0.5], 0.7), (vec![], 2.0);
    gradient (
        (0..xs.len()).map(|i| k.powi(i as i32)).collect(),
        xs.iter().enumerate().skip(1).map(|(i, x)| i as f64 * x * k.powi(i as i32 - 1)).sum(),
    );
}

/// An iterator that is asked by hand, two conditions in one `while`.
#[differentiable(second)]
fn asked_by_hand(xs: &[f64], k: f64) -> f64 {
    let mut items = xs.iter();
    let mut s = 0.0;
    while let Some(a) = items.next()
        && let Some(b) = items.next()
    {
        s += a * b * k;
    }
    let mut peeked = xs.iter().enumerate().peekable();
    while let Some((i, &x)) = peeked.next() {
        if let Some((_, next)) = peeked.peek() {
            s += x * **next * i as f64;
        }
    }
    s
}

case! {
    asked_by_hand, asked_by_hand_grad, asked_by_hand_grad_add, asked_by_hand_graph;
    with |xs: Vec<f64>, k: f64| (&xs, k);
    at (vec![1.0, -2.0, 0.5, 4.0, 3.0], 0.7), (vec![1.0], 2.0), (vec![], 2.0);
}

/// A stack of work instead of recursion.
#[differentiable(second)]
fn tree_of_halves(x: f64, y: f64) -> f64 {
    let mut stack = vec![(x, 0)];
    let mut s = 0.0;
    while let Some((value, depth)) = stack.pop() {
        if depth == 3 {
            s += value * value;
            continue;
        }
        stack.push((value * 0.5, depth + 1));
        stack.push((value + y, depth + 1));
    }
    s
}

case! {
    tree_of_halves, tree_of_halves_grad, tree_of_halves_grad_add, tree_of_halves_graph;
    with |x: f64, y: f64| (x, y);
    at (1.0, 0.5), (-2.0, 3.0);
}

/// A passive condition that counts its calls: it is asked as often as in the plain function.
#[differentiable(second)]
fn counts_its_calls(xs: &[f64], k: f64) -> f64 {
    let mut asked = 0;
    let mut every_second = || {
        asked += 1;
        asked % 2 == 0
    };
    let mut s = 0.0;
    for x in xs {
        if every_second() {
            s += x * k;
        } else {
            s -= x;
        }
    }
    s * asked as f64
}

case! {
    counts_its_calls, counts_its_calls_grad, counts_its_calls_grad_add, counts_its_calls_graph;
    with |xs: Vec<f64>, k: f64| (&xs, k);
    at (vec![1.0, -2.0, 0.5, 4.0, 3.0], 0.7), (vec![], 2.0);
    gradient {
        let n = xs.len() as f64;
        let sign = |i: usize| if i % 2 == 1 { k } else { -1.0 };
        ((0..xs.len()).map(|i| n * sign(i)).collect(), n * xs.iter().skip(1).step_by(2).sum::<f64>())
    };
}
