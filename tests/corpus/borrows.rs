//! Places behind `&mut`: borrows of variables, of elements, of what a branch picks; swaps; patterns that borrow.

use gradus::differentiable;

#[differentiable(second)]
fn through_a_reference(x: f64, y: f64) -> f64 {
    let mut a = x;
    let mut b = y;
    {
        let r = &mut a;
        *r += b;
        *r = *r * 2.0;
    }
    let larger = if a > b { &mut a } else { &mut b };
    *larger *= 3.0;
    a * b
}

case! {
    through_a_reference, through_a_reference_grad, through_a_reference_grad_add, through_a_reference_graph;
    with |x: f64, y: f64| (x, y);
    at (1.0, 0.5), (-2.0, 3.0);
    gradient (6.0 * y, 6.0 * x + 12.0 * y);
}

/// A variable that starts as a plain number and becomes active behind a reference alone.
#[differentiable(second)]
fn only_through_it(xs: &[f64], k: f64) -> f64 {
    let mut sum = 0.0;
    let into = &mut sum;
    for &x in xs {
        *into += x;
    }
    *into *= k;
    sum * sum
}

case! {
    only_through_it, only_through_it_grad, only_through_it_grad_add, only_through_it_graph;
    with |xs: Vec<f64>, k: f64| (&xs, k);
    at (vec![1.0, -2.0, 0.5], 0.7), (vec![], 2.0);
    gradient {
        let sum: f64 = xs.iter().sum();
        (vec![2.0 * sum * k * k; xs.len()], 2.0 * sum * sum * k)
    };
}

#[differentiable(second)]
fn parts_of_an_array(x: f64, y: f64) -> f64 {
    let mut a = [x, y, 0.0];
    let middle = &mut a[1];
    *middle *= 2.0;
    let head = &mut a[..2];
    head[0] += 1.0;
    head.swap(0, 1);
    let [first, .., last] = &mut a;
    *last = *first * x;
    a[0] * a[1] + a[2]
}

case! {
    parts_of_an_array, parts_of_an_array_grad, parts_of_an_array_grad_add, parts_of_an_array_graph;
    with |x: f64, y: f64| (x, y);
    at (1.0, 0.5), (-2.0, 3.0);
    gradient (4.0 * y, 2.0 * (x + 1.0) + 2.0 * x);
}

#[differentiable(second)]
fn exchanged(x: f64, y: f64) -> f64 {
    let mut a = x;
    let mut b = 3.0;
    std::mem::swap(&mut a, &mut b);
    let before = std::mem::replace(&mut a, b * y);
    let taken = std::mem::take(&mut b);
    a * before + taken + b
}

case! {
    exchanged, exchanged_grad, exchanged_grad_add, exchanged_graph;
    with |x: f64, y: f64| (x, y);
    at (1.0, 0.5), (-2.0, 3.0);
    gradient (3.0 * y + 1.0, 3.0 * x);
}

/// Two buffers that change places after every step.
#[differentiable(second)]
fn heat(xs: &[f64], k: f64) -> f64 {
    let mut now = xs.to_vec();
    let mut next = vec![0.0; xs.len()];
    for _ in 0..3 {
        for i in 1..xs.len() - 1 {
            next[i] = now[i] + k * (now[i - 1] - 2.0 * now[i] + now[i + 1]);
        }
        std::mem::swap(&mut now, &mut next);
    }
    now.iter().map(|x| x * x).sum()
}

case! {
    heat, heat_grad, heat_grad_add, heat_graph;
    with |xs: Vec<f64>, k: f64| (&xs, k);
    at (vec![1.0, -2.0, 0.5, 4.0, 3.0], 0.1), (vec![1.0, 2.0, 3.0], 0.3);
}

#[differentiable(second)]
fn references_in_a_tuple(x: f64, y: f64) -> f64 {
    let mut a = 0.0;
    let mut b = 1.0;
    {
        let both = (&mut a, &mut b);
        *both.0 += x;
        *both.1 *= y;
    }
    a * b
}

case! {
    references_in_a_tuple, references_in_a_tuple_grad, references_in_a_tuple_grad_add, references_in_a_tuple_graph;
    with |x: f64, y: f64| (x, y);
    at (1.0, 0.5), (-2.0, 3.0);
    gradient (y, x);
}

#[differentiable(second)]
fn references_in_a_vec(x: f64, y: f64) -> f64 {
    let mut a = 0.0;
    let mut b = 1.0;
    let mut all = vec![&mut a, &mut b];
    *all[0] += x;
    for r in all.iter_mut() {
        **r *= y;
    }
    a * b
}

case! {
    references_in_a_vec, references_in_a_vec_grad, references_in_a_vec_grad_add, references_in_a_vec_graph;
    with |x: f64, y: f64| (x, y);
    at (1.0, 0.5), (-2.0, 3.0);
    gradient (y * y, 2.0 * x * y);
}

#[differentiable(second)]
fn picked_by_match(x: f64, which: usize) -> f64 {
    let (mut a, mut b) = (2.0, 1.0);
    let r = match which {
        0 => &mut a,
        _ => &mut b,
    };
    *r += x;
    a * a * b
}

case! {
    picked_by_match, picked_by_match_grad, picked_by_match_grad_add, picked_by_match_graph;
    for which in [0, 1];
    with |x: f64| (x, which);
    at 1.0, -0.5;
    gradient if which == 0 { 2.0 * (2.0 + x) } else { 4.0 };
}

#[differentiable(second)]
fn patterns_that_borrow(x: f64, y: f64) -> f64 {
    let mut pair = (0.0, 1.0);
    let (ref mut a, ref b) = pair;
    *a = x * *b;
    let (c, d) = &mut pair;
    *c += y;
    *d = x;
    let mut numbers = vec![1.0, 2.0];
    if let Some(first) = numbers.first_mut() {
        *first = pair.0;
    }
    if let Some(second) = numbers.get_mut(1) {
        *second *= pair.1;
    }
    if let Some(third) = numbers.get_mut(2) {
        *third = 9.0;
    }
    numbers[0] * numbers[1]
}

case! {
    patterns_that_borrow, patterns_that_borrow_grad, patterns_that_borrow_grad_add, patterns_that_borrow_graph;
    with |x: f64, y: f64| (x, y);
    at (1.0, 0.5), (-2.0, 3.0);
    gradient (2.0 * (2.0 * x + y), 2.0 * x);
}

/// Closures that change what they capture, or a sequence they are given.
#[differentiable(second)]
fn closures_that_change(xs: &[f64], k: f64) -> f64 {
    let mut log = Vec::new();
    let mut note = |x: f64| {
        log.push(x * k);
        log.len()
    };
    let count = xs.iter().map(|&x| note(x)).sum::<usize>();
    let double_first = |v: &mut [f64], by: f64| v[0] = v[0] * 2.0 + by;
    double_first(&mut log, k);
    let mut plain = vec![1.0];
    double_first(&mut plain, 1.0);
    log.iter().sum::<f64>() * plain[0] + count as f64 * k
}

case! {
    closures_that_change, closures_that_change_grad, closures_that_change_grad_add, closures_that_change_graph;
    with |xs: Vec<f64>, k: f64| (&xs, k);
    at (vec![1.0, -2.0, 0.5], 0.7), (vec![2.0], 2.0);
    gradient {
        let count = (xs.len() * (xs.len() + 1) / 2) as f64;
        let weight = |i: usize| if i == 0 { 2.0 } else { 1.0 };
        (
            (0..xs.len()).map(|i| 3.0 * k * weight(i)).collect(),
            3.0 * (xs.iter().enumerate().map(|(i, x)| weight(i) * x).sum::<f64>() + 1.0) + count,
        )
    };
}

/// Rows of a matrix behind `iter_mut`, twice.
#[differentiable(second)]
fn normalised_rows(x: f64, y: f64) -> f64 {
    let mut m = [[1.0, x], [y, 2.0]];
    for row in m.iter_mut() {
        row.reverse();
    }
    for row in &mut m {
        let total: f64 = row.iter().sum();
        for cell in row {
            *cell /= total;
        }
    }
    let (top, bottom) = m.split_at_mut(1);
    bottom[0][0] += top[0][1] * x;
    m[0][0] * m[1][0]
}

case! {
    normalised_rows, normalised_rows_grad, normalised_rows_grad_add, normalised_rows_graph;
    with |x: f64, y: f64| (x, y);
    at (1.0, 0.5), (2.0, 3.0);
}

/// `=` takes tuples and arrays apart.
#[differentiable(second)]
fn taken_apart(x: f64, y: f64) -> f64 {
    let (mut a, mut b) = (x, y);
    (a, b) = (b, a * b);
    [a, b] = [b, a + 1.0];
    let v;
    (v, _) = (a * b, 3.0);
    let mut grid = [0.0; 2];
    (grid[1], (grid[0], a)) = (v, (x, 2.0));
    _ = grid[0] * 9.0;
    grid[0] * grid[1] + a
}

case! {
    taken_apart, taken_apart_grad, taken_apart_grad_add, taken_apart_graph;
    with |x: f64, y: f64| (x, y);
    at (1.0, 0.5), (-2.0, 3.0);
    gradient (2.0 * x * y * (y + 1.0), x * x * (2.0 * y + 1.0));
}

/// What is copied stays as it was; what is computed in an operand counts from there on.
#[differentiable(second)]
fn copies_and_order(x: f64, y: f64) -> f64 {
    let mut a = [x, y];
    let b = a;
    let c = a.to_vec();
    a[0] *= 3.0;
    let mut z = x;
    let first = z * {
        z *= 2.0;
        z
    };
    let mut k = 0;
    let mut v = vec![x, y];
    v[{
        k += 1;
        k
    }] += {
        k = 10 * k;
        y * k as f64
    };
    a[0] * b[0] + c[1] + first + z + v[1]
}

case! {
    copies_and_order, copies_and_order_grad, copies_and_order_grad_add, copies_and_order_graph;
    with |x: f64, y: f64| (x, y);
    at (1.0, 0.5), (-2.0, 3.0);
    gradient (6.0 * x + 4.0 * x + 2.0, 2.0);
}

/// A closure that is given a variable to change, and variables that a loop changes through references.
#[differentiable(second)]
fn given_to_change(x: f64, y: f64) -> f64 {
    let raise = |number: &mut f64| *number += y;
    let (mut a, mut b) = (x, 1.0);
    raise(&mut a);
    raise(&mut a);
    for number in [&mut a, &mut b] {
        *number *= x;
    }
    a * b
}

case! {
    given_to_change, given_to_change_grad, given_to_change_grad_add, given_to_change_graph;
    with |x: f64, y: f64| (x, y);
    at (1.0, 0.5), (-2.0, 3.0);
    gradient (3.0 * x * x + 4.0 * x * y, 2.0 * x * x);
}

/// A part that was cut out keeps its ends, whatever they were computed from becomes.
#[differentiable(second)]
fn cut_out_before(xs: &[f64], k: f64) -> f64 {
    let mut v = vec![k];
    let mut n = 2;
    let (first, second) = (&xs[..v.len()], &xs[1..n]);
    let range = 0..n;
    let both = &xs[range.clone()];
    n += range.len();
    v.push(k * 2.0);
    let sums = [first, second, both].map(|part| part.iter().sum::<f64>());
    sums[0] * sums[1] * sums[2] * v.iter().sum::<f64>() * n as f64 + range.end as f64
}

case! {
    cut_out_before, cut_out_before_grad, cut_out_before_grad_add, cut_out_before_graph;
    with |xs: Vec<f64>, k: f64| (&xs, k);
    at (vec![1.0, -2.5, 0.5, 4.0], 0.7), (vec![2.0, 3.0], 2.0);
    gradient {
        let (a, b) = (xs[0], xs[1]);
        let mut g = vec![0.0; xs.len()];
        g[0] = 12.0 * k * b * (2.0 * a + b);
        g[1] = 12.0 * k * a * (a + 2.0 * b);
        (g, 12.0 * a * b * (a + b))
    };
}
