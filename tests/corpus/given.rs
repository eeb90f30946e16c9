//! What the surroundings give, beside active values: results of plain calls, constants, statics, fields, data of users' types.

use gradus::differentiable;

const K: f64 = 0.5;
const ROW: [f64; 3] = [-1.0, 0.5, 2.0];
static KEPT: [f64; 3] = [-1.5, 0.25, 2.5];
const PAIRS: [(f64, f64); 2] = [(1.0, 2.0), (3.0, 4.5)];
const SLICE: &[f64] = &[0.5, 1.5, -0.5];
const TABLE: &[(f64, f64)] = &[(1.0, 0.5), (-0.5, 2.0)];

struct Part {
    weight: f64,
    at: [f64; 2],
}

impl Part {
    const FACTOR: f64 = 1.75;

    fn moment(&self) -> f64 {
        self.weight * self.at[0]
    }
}

const PART: Part = Part { weight: 1.5, at: [0.5, 2.0] };

fn weight(n: usize) -> f64 {
    n as f64 * 0.5 + 0.25
}

fn weights(n: usize) -> Vec<f64> {
    vec![1.5; n + 1]
}

fn pair(n: usize) -> (f64, f64) {
    (n as f64 + 0.5, 1.5)
}

fn known(n: usize) -> Option<f64> {
    if n > 1 { Some(0.75) } else { None }
}

/// The result of a plain call in lists, tuples, blocks, branches, and as what a variable starts with.
#[differentiable(second)]
fn calls_beside_values(x: f64, y: f64, n: usize) -> f64 {
    let list = [weight(n), x];
    let tuple = (weight(1), y);
    let mut sum = {
        let next = n + 1;
        weight(next)
    };
    sum += x;
    let branch = if n > 1 { weight(n) } else { x * x };
    let arm = match n {
        0 => weight(3),
        1 => x * y,
        _ => K,
    };
    let mut started = weight(2);
    started *= y;
    let left = loop {
        if n > 1 {
            break weight(n);
        }
        break x;
    };
    list[0] * list[1] + tuple.0 * tuple.1 + sum * branch + arm * started * left
}

case! {
    calls_beside_values, calls_beside_values_grad, calls_beside_values_grad_add, calls_beside_values_graph;
    for n in [0, 1, 3];
    with |x: f64, y: f64| (x, y, n);
    at (0.83, 0.47), (-1.5, 2.0);
}

/// The same in `Vec`s: made, pushed, inserted, extended.
#[differentiable(second)]
fn calls_in_vecs(v: &[f64], x: f64, n: usize) -> f64 {
    let mut all = weights(n);
    all.push(x);
    all.insert(0, weight(n));
    all.extend(v);
    all.extend(weights(1));
    all.extend_from_slice(&ROW);
    all.extend(SLICE);
    all.append(&mut weights(0));
    let mut rows = vec![vec![x, 1.0]];
    rows.push(weights(1));
    rows.push(v.to_vec());
    let folded = v.iter().fold(weight(n), |a, b| a * b + x);
    all.iter().sum::<f64>() * rows[0][0] * rows[1][0] * rows[2][0] + folded
}

case! {
    calls_in_vecs, calls_in_vecs_grad, calls_in_vecs_grad_add, calls_in_vecs_graph;
    for n in [0, 2];
    with |v: Vec<f64>, x: f64| (&v, x, n);
    at (vec![0.5, -1.5], 0.7), (vec![2.0, 3.0, 0.1], -2.5);
}

/// What is given keeps being data where it is used as such.
#[differentiable(second)]
fn stays_data(x: f64, y: f64, n: usize) -> f64 {
    let start = weight(n);
    let chosen = if x > 0.5 { start } else { x };
    let other = if n > 1 { weight(n) } else { weight(2) };
    let mixed = if y > 0.0 { other } else { y };
    let (k, label) = (weight(start as usize), format!("{other}"));
    chosen * k + mixed * label.len() as f64 * y
}

case! {
    stays_data, stays_data_grad, stays_data_grad_add, stays_data_graph;
    for n in [0, 1, 3];
    with |x: f64, y: f64| (x, y, n);
    at (0.83, 0.47), (0.2, -2.0);
}

/// Constants, statics, associated constants, their elements and fields.
#[differentiable(second)]
fn constants_of_all_kinds(x: f64, y: f64) -> f64 {
    let mut a = ROW;
    a[0] *= x;
    let mut b = PART.at;
    b[1] = y;
    let mut c = Part::FACTOR;
    c -= x;
    let mut d = PAIRS[1];
    d.0 += y;
    let scaled = ROW.map(|k| k * x);
    let larger = K.max(x) + K.powf(x) + Part::FACTOR.min(y);
    a[0] * a[1] + b[0] * b[1] * PART.moment() + c * d.0 * d.1 + scaled[0] * scaled[2] + larger * KEPT[2]
}

case! {
    constants_of_all_kinds, constants_of_all_kinds_grad, constants_of_all_kinds_grad_add,
    constants_of_all_kinds_graph;
    with |x: f64, y: f64| (x, y);
    at (0.83, 0.47), (1.5, 2.0);
}

/// Items of constant tables, by every pattern.
#[differentiable(second)]
fn items_of_tables(x: f64, y: f64) -> f64 {
    let mut sum = 0.0;
    for &(a, b) in &PAIRS {
        sum += (a * x - b).powi(2);
    }
    for (a, b) in TABLE {
        sum += a * y + b;
    }
    for (a, b) in PAIRS {
        sum = sum * a + b;
    }
    for k in SLICE.iter().chain(&KEPT) {
        sum += k * x;
    }
    let compared = ROW.iter().filter(|k| k.total_cmp(&&x).is_gt()).count();
    sum + compared as f64 * y
}

case! {
    items_of_tables, items_of_tables_grad, items_of_tables_grad_add, items_of_tables_graph;
    with |x: f64, y: f64| (x, y);
    at (0.83, 0.47), (-1.5, 2.0);
}

/// Constant slices chained, joined and chosen together with active ones.
#[differentiable(second)]
fn slices_of_both(v: &[f64], #[constant] c: &[f64], n: usize) -> f64 {
    let chosen: &[f64] = if n > 2 { &ROW } else { v };
    let arm = match n {
        0 => v,
        1 => &KEPT,
        2 => &ROW[..],
        _ => SLICE,
    };
    let mut last = v;
    for i in 0..3 {
        if i == n {
            last = SLICE;
        }
    }
    let joined = [&c[1..], v].concat();
    let chained: f64 = ROW.iter().chain(v.iter()).map(|k| k * k).sum();
    let both: f64 = v.iter().chain(SLICE).chain(c).map(|k| k * 2.0).product();
    chosen[0] * arm[1] * last[0] + joined[0] * joined[1] + chained + both
}

case! {
    slices_of_both, slices_of_both_grad, slices_of_both_grad_add, slices_of_both_graph;
    for n in [0, 1, 2, 3];
    with |v: Vec<f64>| (&v, &[0.9, -1.1, 1.3], n);
    at (vec![0.5, -1.5]), (vec![2.0, 3.0, 0.1]);
}

/// `Option`s that a plain function or a constant gives.
#[differentiable(second)]
fn options_given(x: f64, y: f64, n: usize) -> f64 {
    let a = known(n).unwrap_or(x);
    let b = ROW.get(n).copied().unwrap_or(y);
    let c = ROW.first().map_or(x, |k| k * x);
    let d = if let Some(k) = known(n) { k } else { x * y };
    let e = known(n).map(|k| k * y).unwrap_or(x);
    let f = SLICE.get(n).unwrap_or(&x);
    let Some(g) = known(n) else { return a * b * c * d };
    a * b * c * d * e * f * g
}

case! {
    options_given, options_given_grad, options_given_grad_add, options_given_graph;
    for n in [0, 1, 2, 5];
    with |x: f64, y: f64| (x, y, n);
    at (0.83, 0.47), (-1.5, 2.0);
}

/// A tuple of which one part stays a number.
#[differentiable(second)]
fn part_of_a_tuple(x: f64, n: usize) -> f64 {
    let (mut first, second) = pair(n);
    first *= x;
    let count = weight(second as usize);
    let mut pairs = vec![(x, 1.0)];
    pairs.push(pair(n));
    pairs.extend(PAIRS);
    pairs.extend_from_slice(TABLE);
    first * count + pairs.iter().map(|(a, b)| a * b).sum::<f64>()
}

case! {
    part_of_a_tuple, part_of_a_tuple_grad, part_of_a_tuple_grad_add, part_of_a_tuple_graph;
    for n in [0, 3];
    with |x: f64| (x, n);
    at 0.83, -1.5;
}

/// An array of numbers, borrowed by a pattern and changed through it.
#[differentiable(second)]
fn borrowed_by_a_pattern(x: f64, y: f64) -> f64 {
    let mut numbers = [1.0, 2.0];
    let [ref mut first, _] = numbers;
    *first = x;
    numbers[0] * y + numbers[1]
}

case! {
    borrowed_by_a_pattern, borrowed_by_a_pattern_grad, borrowed_by_a_pattern_grad_add,
    borrowed_by_a_pattern_graph;
    with |x: f64, y: f64| (x, y);
    at (0.83, 0.47);
    gradient (y, x);
}

#[differentiable(second)]
fn sine(x: f64) -> f64 {
    x.sin()
}

/// A guard computes with what its pattern binds.
#[differentiable(second)]
fn guard_calls(x: f64, y: f64) -> f64 {
    match x {
        z if sine(z) > 0.3 => z * y,
        z => z + y,
    }
}

case! {
    guard_calls, guard_calls_grad, guard_calls_grad_add, guard_calls_graph;
    with |x: f64, y: f64| (x, y);
    at (0.83, 0.47), (0.1, 2.0);
}

/// Iterators over numbers whose closure changes an active variable, and items that only sometimes are.
#[differentiable(second)]
fn items_of_closures(x: f64, y: f64, #[constant] data: &[(f64, f64)]) -> f64 {
    let mut n = x;
    let least = data
        .iter()
        .filter_map(|(a, _)| {
            n += 0.5;
            if *a > 0.0 { Some(0.5) } else { None }
        })
        .chain([x, y])
        .min_by(|a, b| a.total_cmp(b))
        .unwrap_or(0.7);
    let reduced = ROW.iter().copied().reduce(|a, b| a * x + b).unwrap_or(y);
    let scanned: f64 = KEPT
        .iter()
        .scan(1.0, |state, k| {
            *state *= k * x;
            Some(*state)
        })
        .sum();
    least * n + reduced * scanned
}

case! {
    items_of_closures, items_of_closures_grad, items_of_closures_grad_add, items_of_closures_graph;
    with |x: f64, y: f64| (x, y, &[(1.0, 2.0), (-1.0, 0.5)]);
    at (0.83, 0.47), (0.1, 2.0);
}

type Real = f64;
type Row = [f64; 3];
type Pair = (f64, f64);

#[differentiable(second)]
fn normalized(a: Row, n: Real) -> Row {
    a.map(|x| x / n)
}

#[differentiable(second)]
fn joined(a: Pair, b: Pair) -> Pair {
    (a.0 + b.0, a.1 * b.1)
}

/// Aliases of floats, arrays and tuples.
#[differentiable(second)]
fn aliases(a: Row, n: Real, p: Pair) -> Real {
    let mut z = p;
    for _ in 0..3 {
        z = joined((z.0 * z.0, z.1), p);
    }
    let unit = normalized(a, n);
    let mut s: Real = 0.0;
    for x in unit.iter() {
        s += x * z.0;
    }
    s.max(-100.0) * z.1
}

case! {
    aliases, aliases_grad, aliases_grad_add, aliases_graph;
    with |a: [f64; 3], n: f64, p: (f64, f64)| (a, n, p);
    at ([0.5, -1.0, 2.0], 1.5, (0.3, 0.8));
}
