//! The rarer adapters and ends of iterators, and what iterators begin with.

use gradus::differentiable;

/// Plain numbers before and after values.
#[differentiable(second)]
fn chained_to_numbers(xs: &[f64], #[constant] edge: &[f64], k: f64) -> f64 {
    let padded = std::iter::once(1.0).chain(xs.iter().copied()).chain([0.5, k]).map(|x| x * x).sum::<f64>();
    let zeros = std::iter::repeat(0.0).take(2).chain(xs.iter().copied());
    let shifted: f64 = zeros.zip(xs).map(|(a, b)| a * b).sum();
    let bordered: Vec<f64> = edge.iter().chain(xs).chain(edge.iter().rev()).copied().collect();
    padded + shifted + bordered.windows(2).map(|w| (w[1] - w[0]) * k).map(|d| d * d).sum::<f64>()
}

case! {
    chained_to_numbers, chained_to_numbers_grad, chained_to_numbers_grad_add, chained_to_numbers_graph;
    with |xs: Vec<f64>, k: f64| (&xs, &[2.0, 3.0], k);
    at (vec![1.0, -2.0, 0.5, 4.0], 0.7), (vec![1.5], 2.0), (vec![], 2.0);
}

#[differentiable(second)]
fn sources(x: f64, k: f64) -> f64 {
    let halves: f64 = std::iter::successors(Some(x), |y| Some(y * k)).take(4).sum();
    let mut state = x;
    let grown: Vec<f64> = std::iter::from_fn(|| {
        state *= 1.5;
        if state.abs() < 9.0 { Some(state) } else { None }
    })
    .collect();
    let same: f64 = std::iter::repeat(k).take(3).product();
    let made: f64 = std::iter::repeat_with(|| x * 2.0).take(2).sum();
    let pairs: f64 = std::iter::zip(&grown, [1.0, k, 3.0]).map(|(a, b)| a * b).sum();
    halves + same * made + pairs
}

case! {
    sources, sources_grad, sources_grad_add, sources_graph;
    with |x: f64, k: f64| (x, k);
    at (1.0, 0.5), (-2.0, 1.1), (0.3, -0.7);
    gradient {
        let mut terms = Vec::new();
        let mut power = 1.5;
        while (x * power).abs() < 9.0 {
            terms.push(power);
            power *= 1.5;
        }
        let term = |i: usize| terms.get(i).copied().unwrap_or(0.0);
        (
            1.0 + k + k * k + k * k * k + 4.0 * k * k * k + term(0) + term(1) * k + term(2) * 3.0,
            x * (1.0 + 2.0 * k + 3.0 * k * k) + 12.0 * x * k * k + term(1) * x,
        )
    };
}

#[differentiable(second)]
fn searched(xs: &[f64], k: f64) -> f64 {
    let first_negative = xs.iter().find(|&&x| x < 0.0).copied().unwrap_or(k);
    let last_negative = xs.iter().rfind(|x| **x < 0.0).map_or(k, |x| x * x);
    let scaled = xs.iter().find_map(|&x| if x < 0.0 { Some(x * k) } else { None }).unwrap_or(0.0);
    let at = xs.iter().rposition(|&x| x > 0.0).unwrap_or(0);
    let third = xs.iter().nth(2).unwrap_or(&1.0);
    let picked = xs.get(at).copied().unwrap_or(2.0);
    first_negative * last_negative + scaled + third * picked
}

case! {
    searched, searched_grad, searched_grad_add, searched_graph;
    with |xs: Vec<f64>, k: f64| (&xs, k);
    at (vec![1.0, -2.0, 0.5, -4.0], 0.7), (vec![1.5], 2.0), (vec![], 2.0);
}

#[differentiable(second)]
fn split_in_two(xs: &[f64], k: f64) -> f64 {
    let (small, large): (Vec<f64>, Vec<f64>) = xs.iter().copied().partition(|x| *x < 1.0);
    let (scaled, squares): (Vec<f64>, Vec<f64>) = xs.iter().map(|&x| (x * k, x * x)).unzip();
    let (places, values): (Vec<usize>, Vec<f64>) = xs.iter().copied().enumerate().unzip();
    let by_place: f64 = places.iter().zip(&values).map(|(&i, x)| i as f64 * x).sum();
    small.iter().sum::<f64>() * large.len() as f64
        + scaled.iter().zip(&squares).map(|(a, b)| a * b).sum::<f64>()
        + by_place
}

case! {
    split_in_two, split_in_two_grad, split_in_two_grad_add, split_in_two_graph;
    with |xs: Vec<f64>, k: f64| (&xs, k);
    at (vec![1.5, -2.0, 0.5, 4.0], 0.7), (vec![1.5], 2.0), (vec![], 2.0);
    gradient {
        let large = xs.iter().filter(|x| **x >= 1.0).count() as f64;
        let slope = |(i, &x): (usize, &f64)| (if x < 1.0 { large } else { 0.0 }) + 3.0 * k * x * x + i as f64;
        (xs.iter().enumerate().map(slope).collect(), xs.iter().map(|x| x.powi(3)).sum())
    };
}

#[differentiable(second)]
fn kept_while(xs: &[f64], k: f64) -> f64 {
    let rising: f64 = xs.iter().map_while(|&x| if x < 3.0 { Some(x * x) } else { None }).sum();
    let logs: f64 = xs.iter().filter_map(|&x| (x > 0.0).then(|| x.ln())).sum();
    let taken: f64 = xs.iter().skip_while(|&&x| x > 0.0).take_while(|x| **x < 2.0).map(|x| x * k).sum();
    let bounded = xs.iter().try_fold(1.0, |acc, &x| if x > 5.0 { None } else { Some(acc * x) });
    let pairs: f64 = xs.iter().flat_map(|&x| [x, x * k]).chain(xs.iter().flat_map(|x| vec![*x; 2])).sum();
    rising + logs + taken + bounded.unwrap_or(k) + pairs
}

case! {
    kept_while, kept_while_grad, kept_while_grad_add, kept_while_graph;
    with |xs: Vec<f64>, k: f64| (&xs, k);
    at (vec![1.5, -2.0, 0.5, 4.0], 0.7), (vec![9.0], 2.0), (vec![], 2.0);
}

#[differentiable(second)]
fn carried_along(xs: &[f64], k: f64) -> f64 {
    let (sum, squares) = xs.iter().fold((0.0, 0.0), |(s, q), x| (s + x, q + x * x));
    let powers = (0..3).fold(vec![1.0], |mut powers, i| {
        let next = powers[i] * k;
        powers.push(next);
        powers
    });
    let largest = xs.iter().fold(None, |best: Option<f64>, &x| match best {
        None => Some(x),
        Some(y) => Some(y.max(x)),
    });
    let nested = xs.iter().rfold(0.0, |inner, x| x + k * inner);
    let walked = xs.iter().scan(k, |state, &x| {
        *state = *state * 0.5 + x;
        if *state > 50.0 { None } else { Some(*state) }
    });
    sum * squares + powers[3] * largest.unwrap_or(k) + nested + walked.last().unwrap_or(0.0)
}

case! {
    carried_along, carried_along_grad, carried_along_grad_add, carried_along_graph;
    with |xs: Vec<f64>, k: f64| (&xs, k);
    at (vec![1.5, -2.0, 0.5, 4.0], 0.7), (vec![9.0], 2.0), (vec![], 2.0);
}

/// Iterators that are kept in variables, and taken from in parts.
#[differentiable(second)]
fn in_parts(xs: &[f64], k: f64) -> f64 {
    let scaled = xs.iter().map(|x| x * k);
    let copy: Vec<f64> = scaled.clone().collect();
    let all: f64 = scaled.sum();
    let mut rest = copy.iter().copied();
    let first = rest.next().unwrap_or(1.0);
    let some: f64 = rest.by_ref().take(2).sum();
    let last = rest.next_back().unwrap_or(k);
    let others: f64 = rest.product();
    all * first + some * last + others
}

case! {
    in_parts, in_parts_grad, in_parts_grad_add, in_parts_graph;
    with |xs: Vec<f64>, k: f64| (&xs, k);
    at (vec![1.5, -2.0, 0.5, 4.0, 3.0, -1.0], 0.7), (vec![9.0], 2.0), (vec![], 2.0);
}

#[differentiable(second)]
fn over_chunks(xs: &[f64], k: f64) -> f64 {
    let triples = xs.chunks_exact(3);
    let left: f64 = triples.remainder().iter().sum();
    let whole: f64 = triples.map(|c| c[0] * c[1] * c[2]).sum();
    let from_the_end: f64 = xs.rchunks(2).map(|c| c[0] * k).sum();
    let runs: f64 = xs.chunk_by(|a, b| a < b).map(|run| run.iter().product::<f64>()).sum();
    let parts: f64 = xs.split(|x| *x < 0.0).map(|part| part.iter().sum::<f64>().powi(2)).sum();
    left * k + whole + from_the_end + runs + parts
}

case! {
    over_chunks, over_chunks_grad, over_chunks_grad_add, over_chunks_graph;
    with |xs: Vec<f64>, k: f64| (&xs, k);
    at (vec![1.5, -2.0, 0.5, 4.0, 3.0], 0.7), (vec![9.0], 2.0), (vec![], 2.0);
}

/// Functions of the standard library by name, imported or spelled out.
#[differentiable(second)]
fn imported(x: f64, y: f64) -> f64 {
    use std::array::from_fn;
    use std::iter::{self, once};
    use std::mem::{replace, swap as exchange};
    let mut powers: [f64; 4] = from_fn(|i| x.powi(i as i32));
    let grid: [[f64; 2]; 2] = std::array::from_fn(|i| from_fn(|j| powers[i] * y * j as f64));
    let kept = std::array::from_fn::<f64, 2, _>(|i| grid[1][i] + 1.0);
    let old = replace(&mut powers[0], y);
    let (a, b) = powers.split_at_mut(2);
    exchange(&mut a[0], &mut b[0]);
    let total: f64 = once(y).chain(powers).chain(iter::empty()).sum();
    drop(a_copy(&kept));
    std::hint::black_box(total) * old + kept[1] * kept[0]
}

#[differentiable(second)]
fn a_copy(xs: &[f64]) -> Vec<f64> {
    xs.to_vec()
}

case! {
    imported, imported_grad, imported_grad_add, imported_graph;
    with |x: f64, y: f64| (x, y);
    at (1.0, 0.5), (-2.0, 3.0);
    gradient (1.0 + 2.0 * x + 3.0 * x * x + y, 2.0 + x);
}

/// Counted from a number on, without an end.
#[differentiable(second)]
fn counted(xs: &[f64], k: f64) -> f64 {
    let weighted: f64 = (0..).zip(xs).map(|(i, x)| i as f64 * x).sum();
    let powers: f64 = xs.iter().zip(1..).map(|(x, i)| x * k.powi(i)).sum();
    let mut s = 0.0;
    for i in 0.. {
        if i == xs.len() {
            break;
        }
        s += xs[i] * k;
    }
    weighted + powers + s
}

case! {
    counted, counted_grad, counted_grad_add, counted_graph;
    with |xs: Vec<f64>, k: f64| (&xs, k);
    at (vec![1.5, -2.0, 0.5], 0.7), (vec![], 2.0);
    gradient (
        (0..xs.len()).map(|i| i as f64 + k.powi(i as i32 + 1) + k).collect(),
        xs.iter().enumerate().map(|(i, x)| (i + 1) as f64 * x * k.powi(i as i32) + x).sum(),
    );
}
