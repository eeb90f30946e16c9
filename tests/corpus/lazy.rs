//! Iterators that leave items out, stop early or hold others, and what counts what comes through: all compiled.

use gradus::differentiable;

/// Every adapter that needs to know how many items came before, of items that are not found by index.
#[differentiable(compiled, second)]
fn counted_after_filter(xs: &[f64], k: f64) -> f64 {
    let positive = |x: &&f64| **x > 0.0;
    let weighted: f64 = xs.iter().filter(positive).enumerate().map(|(i, x)| (i + 1) as f64 * x * k).sum();
    let skipped: f64 = xs.iter().filter(|x| **x > 0.0).skip(1).map(|x| x * x).sum();
    let taken: f64 = xs.iter().filter(|x| **x > 0.0).take(2).map(|x| x * k).product();
    let stepped: f64 = xs.iter().filter(|x| **x > 0.0).step_by(2).sum();
    let zipped: f64 = xs.iter().filter(|x| **x > 0.0).zip(&[1.0, k]).map(|(x, w)| x * w).sum();
    let turned: f64 = [k, 2.0, k * k].iter().zip(xs.iter().filter(|x| **x > 0.0)).map(|(w, x)| w * x).sum();
    weighted + skipped + taken * stepped + zipped * turned
}

case! {
    counted_after_filter, counted_after_filter_grad, counted_after_filter_grad_add, counted_after_filter_graph;
    with |xs: Vec<f64>, k: f64| (&xs, k);
    at (vec![1.0, -2.0, 0.5, 4.0, -1.0, 3.0], 0.7), (vec![-1.0], 2.0), (vec![], 1.5), (vec![2.0], -0.5);
}

/// What is not asked for is not computed: the fourth number has no logarithm, the last index is out of bounds.
#[differentiable(compiled, second)]
fn asks_for_no_more(xs: &[f64], k: f64) -> f64 {
    let mut asked = 0.0;
    let two: f64 = (0..100)
        .filter(|i| i % 2 == 1)
        .map(|i| {
            asked += 1.0;
            xs[i] * k
        })
        .take(2)
        .sum();
    let none: f64 = (7..).map(|i| xs[i]).filter(|x| *x > 0.0).take(0).sum();
    let until: f64 = xs.iter().map(|x| x * k).take_while(|x| *x < 3.0).map(|x| x.exp()).sum();
    two * asked + none + until
}

case! {
    asks_for_no_more, asks_for_no_more_grad, asks_for_no_more_grad_add, asks_for_no_more_graph;
    with |xs: Vec<f64>, k: f64| (&xs, k);
    at (vec![1.0, 2.0, 0.5, 0.25], 0.7), (vec![1.0, 2.25, 3.0, 0.5], 1.5);
    gradient {
        let mut by_xs = vec![0.0; 4];
        by_xs[1] += 2.0 * k;
        by_xs[3] += 2.0 * k;
        let mut by_k = 2.0 * (xs[1] + xs[3]);
        for (i, x) in xs.iter().enumerate().take_while(|(_, x)| **x * k < 3.0) {
            by_xs[i] += k * (x * k).exp();
            by_k += x * (x * k).exp();
        }
        (by_xs, by_k)
    };
}

/// Exits through loops within loops of one iterator.
#[differentiable(compiled, second)]
fn left_from_within(rows: &[Vec<f64>], k: f64) -> f64 {
    let mut sum = 0.0;
    for x in rows.iter().flatten() {
        if *x < 0.0 {
            continue;
        }
        if *x > 10.0 {
            break;
        }
        sum += x * x * k;
    }
    'rows: for row in rows {
        for (i, x) in row.iter().skip_while(|x| **x < 0.0).enumerate() {
            if *x > 6.5 && *x < 7.5 {
                continue 'rows;
            }
            if i > 2 {
                return sum * k;
            }
            sum += x * k.powi(i as i32);
        }
    }
    sum + rows.iter().flat_map(|row| row.iter().rev().take(1)).map(|last| last * k).sum::<f64>()
}

case! {
    left_from_within, left_from_within_grad, left_from_within_grad_add, left_from_within_graph;
    with |rows: Vec<Vec<f64>>, k: f64| (&rows, k);
    at (vec![vec![1.0, -2.0], vec![], vec![3.0, 7.0, 2.0]], 0.7),
        (vec![vec![1.0, 11.0], vec![5.0, 1.0, 2.0, 3.0]], 1.5), (vec![], 2.0), (vec![vec![-1.0, -2.0, 4.0]], 0.5);
}

/// Chains in a loop that is left, and from the back.
#[differentiable(compiled, second)]
fn chained_and_left(xs: &[f64], ys: &[f64], limit: f64) -> f64 {
    let mut sum = 0.0;
    for x in xs.iter().chain(ys) {
        if *x > limit {
            break;
        }
        sum += x * x;
    }
    let mut back = 1.0;
    for (i, x) in xs.iter().chain(ys).rev().enumerate() {
        if i == 3 {
            break;
        }
        back = back * x + limit;
    }
    let first = xs.iter().chain(ys).find(|x| **x < 0.0).copied().unwrap_or(limit);
    sum + back * first
}

case! {
    chained_and_left, chained_and_left_grad, chained_and_left_grad_add, chained_and_left_graph;
    with |xs: Vec<f64>, ys: Vec<f64>, limit: f64| (&xs, &ys, limit);
    at (vec![1.0, 0.5], vec![0.7, 5.0, 2.0], 3.0), (vec![4.0], vec![1.0], 2.0), (vec![], vec![-1.0], 0.5);
}

/// A state beside each item, which may end it.
#[differentiable(compiled, second)]
fn with_a_state(xs: &[f64], k: f64) -> f64 {
    let running: f64 = xs
        .iter()
        .scan(k, |state, x| {
            *state = *state * k + x;
            Some(*state)
        })
        .map(|s| s * s)
        .sum();
    let bounded: f64 = xs
        .iter()
        .scan((1.0, 0), |state, x| {
            state.0 *= x;
            state.1 += 1;
            if state.1 > 3 { None } else { Some(state.0 * k) }
        })
        .sum();
    let halves: f64 = xs.iter().map_while(|x| if *x > 0.0 { Some(x.ln() * k) } else { None }).sum();
    running + bounded + halves
}

case! {
    with_a_state, with_a_state_grad, with_a_state_grad_add, with_a_state_graph;
    with |xs: Vec<f64>, k: f64| (&xs, k);
    at (vec![1.0, 2.0, 0.5, 1.5, 3.0], 0.7), (vec![0.3, -1.0, 2.0], 1.2), (vec![], 2.0);
}

/// The first, the least, the n-th: what is found is found once.
#[differentiable(compiled, second)]
fn found_among_items(xs: &[f64], k: f64) -> f64 {
    let third = xs.iter().map(|x| x * k).nth(2).unwrap_or(k);
    let first = xs.iter().filter(|x| **x > 1.25).map(|x| x * x).next().unwrap_or(0.5 * k);
    let root = xs.iter().find_map(|x| if *x > 2.0 { Some(x.sqrt()) } else { None }).unwrap_or(1.0);
    let (at, least) = xs.iter().enumerate().min_by(|a, b| a.1.total_cmp(b.1)).unwrap();
    let farthest = (0..xs.len()).max_by(|&i, &j| (xs[i] * k).abs().total_cmp(&(xs[j] * k).abs())).unwrap();
    third * first + root * least * (at + 1) as f64 + xs[farthest] * k
}

case! {
    found_among_items, found_among_items_grad, found_among_items_grad_add, found_among_items_graph;
    with |xs: Vec<f64>, k: f64| (&xs, k);
    at (vec![1.0, 2.5, 0.5, -3.0], 0.7), (vec![0.25], 1.5);
}

/// Iterators without an end.
#[differentiable(compiled, second)]
fn without_an_end(xs: &[f64], k: f64) -> f64 {
    let cycled: f64 = xs.iter().cycle().take(7).enumerate().map(|(i, x)| x * k.powi(i as i32)).sum();
    let series: f64 = (1..).map(|n| k.powi(n) / f64::from(n)).take_while(|term| term.abs() > 1e-6).sum();
    let made = xs.iter().cycle().skip(1).zip(xs).map(|(a, b)| a * b).sum::<f64>();
    cycled + series * made
}

case! {
    without_an_end, without_an_end_grad, without_an_end_grad_add, without_an_end_graph;
    with |xs: Vec<f64>, k: f64| (&xs, k);
    at (vec![1.0, 2.5, 0.5], 0.3), (vec![2.0], -0.4), (vec![], 0.5);
}

/// An iterator with a name, used later.
#[differentiable(compiled, second)]
fn named_iterators(xs: &[f64], k: f64) -> f64 {
    let squares = xs.iter().map(|x| x * x * k);
    let pairs = xs.iter().zip(xs.iter().skip(1));
    let sum: f64 = squares.clone().sum();
    let most = squares.fold(f64::NEG_INFINITY, f64::max);
    let mut steps = 0.0;
    for (a, b) in pairs {
        steps += (b - a).powi(2);
    }
    sum * steps + if xs.is_empty() { 0.0 } else { most }
}

case! {
    named_iterators, named_iterators_grad, named_iterators_grad_add, named_iterators_graph;
    with |xs: Vec<f64>, k: f64| (&xs, k);
    at (vec![1.0, 2.5, 0.5], 0.3), (vec![2.0], -0.4), (vec![], 0.5);
}

/// Grids: a loop within a loop, by closures.
#[differentiable(compiled, second)]
fn over_a_grid(xs: &[f64], k: f64) -> f64 {
    let n = xs.len();
    let pairs: f64 =
        (0..n).flat_map(|i| (0..i).map(move |j| (i, j))).map(|(i, j)| (xs[i] - xs[j]).powi(2)).sum();
    let products: f64 = xs.iter().flat_map(|x| xs.iter().map(move |y| x * y * k)).sum();
    let kept: f64 = xs.iter().map(|x| if *x > 0.0 { Some(x * k) } else { None }).flatten().sum();
    pairs + products * kept
}

case! {
    over_a_grid, over_a_grid_grad, over_a_grid_grad_add, over_a_grid_graph;
    with |xs: Vec<f64>, k: f64| (&xs, k);
    at (vec![1.0, 2.5, -0.5], 0.3), (vec![2.0], -0.4), (vec![], 0.5);
}

/// Parts that are written to.
#[differentiable(compiled, second)]
fn written_in_parts(xs: &[f64], k: f64) -> f64 {
    let mut ys = xs.to_vec();
    for (i, chunk) in ys.chunks_mut(2).enumerate() {
        chunk[0] *= k;
        for y in chunk.iter_mut().skip(1) {
            *y += k * (i + 1) as f64;
        }
    }
    for pair in ys.chunks_exact_mut(2) {
        pair.swap(0, 1);
        pair[0] *= pair[1];
    }
    ys.iter().rev().enumerate().map(|(i, y)| y * (i + 1) as f64).sum()
}

case! {
    written_in_parts, written_in_parts_grad, written_in_parts_grad_add, written_in_parts_graph;
    with |xs: Vec<f64>, k: f64| (&xs, k);
    at (vec![1.0, 2.5, -0.5], 0.3), (vec![2.0, 1.0, 0.25, 4.0], -0.4), (vec![], 0.5);
}
