//! What is the user's own under a name of the standard library's, and what only its use tells: methods called `get`, maps
//! that grow, integers among the results of a call, iterators that a function gives, aliases of data and of `f64`.

use gradus::differentiable;
use std::collections::{BTreeMap, HashMap};

struct Params {
    a: f64,
    b: [f64; 2],
}
impl Params {
    fn new() -> Params {
        Params { a: 2.0, b: [0.5, 1.5] }
    }
    fn get(&self) -> f64 {
        self.a
    }
    fn first(&self) -> f64 {
        self.a + 1.0
    }
    fn last(&self) -> f64 {
        self.a * 2.0
    }
    fn len(&self) -> f64 {
        self.a * self.a
    }
    fn at(&self, i: usize) -> f64 {
        self.b[i]
    }
}
const PARAMS: Params = Params { a: 3.0, b: [0.25, 0.75] };

#[differentiable(compiled)]
fn named_as_of_slices(x: f64, #[constant] p: &Params) -> f64 {
    let q = [x, PARAMS.get(), PARAMS.first(), p.len(), p.last()];
    let mut s = p.get();
    s += x;
    let mut t = p.first();
    t *= x * p.at(1);
    let mut u = Params::new().get();
    u -= x * x;
    q[0] * q[1] * q[2] + q[3] * q[4] * x + s * t * u
}

case! {
    named_as_of_slices, named_as_of_slices_grad, named_as_of_slices_grad_add, named_as_of_slices_graph;
    with |x: f64| (x, &Params::new());
    at 0.83, 1.7, -0.6;
}

#[differentiable(compiled)]
fn growing_maps(x: f64, n: u8) -> f64 {
    let mut known: BTreeMap<u8, f64> = BTreeMap::from([(1, 0.5)]);
    known.insert(200, 2.5);
    let mut told = HashMap::new();
    told.insert(n, 0.1);
    let mut from = BTreeMap::from([(1, 0.5), (2, 1.5)]);
    from.remove(&1);
    let mut s = 0.0;
    for (k, w) in &known {
        s += x * w * k.wrapping_add(100) as f64;
    }
    for (k, w) in &told {
        s += x * x * w * *k as f64;
    }
    for (k, w) in &from {
        s = s * w + x * *k as f64;
    }
    s
}

case! {
    growing_maps, growing_maps_grad, growing_maps_grad_add, growing_maps_graph;
    with |x: f64| (x, 200);
    at 0.83, 1.7, -0.6;
}

fn weights() -> BTreeMap<usize, f64> {
    BTreeMap::from([(1, 2.0), (2, 3.0)])
}

#[differentiable(compiled)]
fn collected_and_given_maps(x: f64, #[constant] m: &BTreeMap<usize, f64>) -> f64 {
    let made: BTreeMap<usize, f64> = (0..4).map(|i| (i, i as f64 * 0.5)).collect();
    let mut s = m.values().map(|w| x * w).sum::<f64>() + x * m[&1] * m.get(&2).unwrap();
    for (k, w) in &made {
        s += x * w * *k as f64;
    }
    s + made.iter().map(|(k, w)| x * x * w * *k as f64).sum::<f64>()
}

case! {
    collected_and_given_maps, collected_and_given_maps_grad, collected_and_given_maps_grad_add, collected_and_given_maps_graph;
    with |x: f64| (x, &weights());
    at 0.83, 1.7, -0.6;
}

#[differentiable(compiled)]
fn largest(v: &[f64]) -> (usize, f64) {
    let mut at = 0;
    let mut best = v[0];
    for (i, x) in v.iter().enumerate() {
        if *x > best {
            at = i;
            best = *x;
        }
    }
    (at, best)
}

#[differentiable(compiled)]
fn index_of_a_call(v: &[f64], k: f64) -> f64 {
    let (i, b) = largest(v);
    b * v[i] * k
}

case! {
    index_of_a_call, index_of_a_call_grad, index_of_a_call_grad_add, index_of_a_call_graph;
    with |v: Vec<f64>, k: f64| (&v, k);
    at (vec![0.5, 2.0, 1.0], 1.5), (vec![0.5, 2.0, 3.0], -0.5);
}

#[differentiable(compiled)]
fn count_of_a_call(v: &[f64], k: f64) -> f64 {
    let (i, b) = largest(v);
    let mut s = b;
    for _ in 0..i {
        s *= k;
    }
    if i == 2 {
        s *= 2.0;
    }
    s * k.powi(i as i32) + i as f64 * k
}

case! {
    count_of_a_call, count_of_a_call_grad, count_of_a_call_grad_add, count_of_a_call_graph;
    with |v: Vec<f64>, k: f64| (&v, k);
    at (vec![0.5, 2.0, 1.0], 1.5), (vec![0.5, 2.0, 3.0], -0.5);
}

#[differentiable(compiled)]
fn result_by_its_fields(v: &[f64], k: f64) -> f64 {
    let r = largest(v);
    let q = r;
    let (_i, b) = largest(v);
    let mut s = q.1 * k * v[q.0] + b;
    for _ in 0..r.0 {
        s *= k;
    }
    s + largest(v).1 * largest(v).0 as f64 * k
}

case! {
    result_by_its_fields, result_by_its_fields_grad, result_by_its_fields_grad_add, result_by_its_fields_graph;
    with |v: Vec<f64>, k: f64| (&v, k);
    at (vec![0.5, 2.0, 1.0], 1.5), (vec![0.5, 2.0, 3.0], -0.5);
}

fn two(n: usize) -> (f64, usize) {
    (n as f64, n)
}
fn row(n: usize) -> [f64; 2] {
    [n as f64, 0.5]
}

#[differentiable]
fn pair_that_is_folded(v: &[f64]) -> f64 {
    let (a, k) = v.iter().fold(two(3), |(a, k), b| (a * b, k + 1));
    let mut c = 1.0;
    let n;
    (c, n) = two(3);
    c *= v[0];
    a * k as f64 + c * n as f64
}

case! {
    pair_that_is_folded, pair_that_is_folded_grad, pair_that_is_folded_grad_add, pair_that_is_folded_graph;
    with |v: Vec<f64>| (&v);
    at vec![0.5, 2.0], vec![1.5, -2.0, 3.0];
}

#[differentiable]
fn row_that_is_inserted(x: f64) -> f64 {
    let mut k = vec![vec![x, 2.0]];
    k.insert(0, row(1).to_vec());
    k[0][1] * k[1][0] + k[0][0] * x * x
}

case! {
    row_that_is_inserted, row_that_is_inserted_grad, row_that_is_inserted_grad_add, row_that_is_inserted_graph;
    with |x: f64| (x);
    at 0.83, 1.7, -0.6;
}

fn halves(n: usize) -> impl Iterator<Item = (usize, f64)> {
    (0..n).map(|i| (i, 0.5 + i as f64))
}
fn boxed(n: usize) -> Box<dyn Iterator<Item = f64>> {
    Box::new((0..n).map(|i| i as f64))
}
struct Bag(Vec<f64>);
impl Bag {
    fn weights(&self) -> impl Iterator<Item = f64> + '_ {
        self.0.iter().copied()
    }
}
struct Countdown(u32);
impl Iterator for Countdown {
    type Item = f64;
    fn next(&mut self) -> Option<f64> {
        self.0 = self.0.checked_sub(1)?;
        Some(self.0 as f64 * 0.5)
    }
}

#[differentiable]
fn iterators_of_calls(x: f64, n: usize, #[constant] bag: &Bag) -> f64 {
    let a: f64 = halves(n).map(|(i, w)| w * x.powi(i as i32)).sum();
    let b = boxed(3).map(|w| w * x).sum::<f64>();
    let c = bag.weights().map(|w| w * x * x).fold(0.0, |s, w| s * x + w);
    let d = Countdown(4).map(|w| w * x).filter(|w| *w > 0.1).reduce(|a, b| a * b).unwrap_or(1.5);
    let e = bag.weights().zip(boxed(4)).map(|(v, w)| v * w * x).sum::<f64>();
    a * b + c * d + e
}

case! {
    iterators_of_calls, iterators_of_calls_grad, iterators_of_calls_grad_add, iterators_of_calls_graph;
    with |x: f64| (x, 3, &Bag(vec![0.5, 1.5, 2.5]));
    at 0.83, 1.7;
}

#[differentiable]
fn iterator_that_is_asked(x: f64, n: usize) -> f64 {
    let mut items = halves(n).map(|(i, w)| w * x + i as f64);
    items.next();
    let first = items.next().unwrap_or(x);
    first * x + items.next().unwrap_or(x)
}

case! {
    iterator_that_is_asked, iterator_that_is_asked_grad, iterator_that_is_asked_grad_add, iterator_that_is_asked_graph;
    with |x: f64| (x, 2);
    at 0.83, 1.7, -0.6;
}

#[differentiable]
fn iterators_over_text(x: f64, text: &str) -> f64 {
    let told = text
        .bytes()
        .map(|c| (c % 5) as f64 * 1.5)
        .scan(x, |t, z| {
            *t = *t * 0.5 + z;
            Some(*t)
        })
        .sum::<f64>();
    told * text.bytes().map(|c| (c % 7) as f64 * x).sum::<f64>()
}

case! {
    iterators_over_text, iterators_over_text_grad, iterators_over_text_grad_add, iterators_over_text_graph;
    with |x: f64| (x, "some text");
    at 0.83, 1.7, -0.6;
}

type Byte = u8;
type Flags = [bool; 2];
type Real = f64;

#[differentiable(compiled)]
fn aliases_of_data(x: f64, b: Byte, n: Byte, f: Flags, at: Byte, k: &[Real]) -> f64 {
    let mut s = x * b.wrapping_add(10) as f64;
    for _ in 0..n {
        s *= x;
    }
    let up = f[1];
    if up {
        s += k[0];
    }
    if f[0] || at % 2 == 0 {
        s += k[1] * (at << 7) as f64;
    }
    s
}

case! {
    aliases_of_data, aliases_of_data_grad, aliases_of_data_grad_add, aliases_of_data_graph;
    with |x: f64, k: Vec<f64>| (x, 250, 2, [false, true], 3, &k);
    at (0.83, vec![1.0, 2.0]), (-0.6, vec![0.5, 0.25]);
}

#[differentiable(compiled)]
fn casts_to_an_alias(x: f64, n: usize) -> f64 {
    let y = x as Real;
    let w = n as Real;
    y * (x * x) as Real + w * x
}

case! {
    casts_to_an_alias, casts_to_an_alias_grad, casts_to_an_alias_grad_add, casts_to_an_alias_graph;
    with |x: f64| (x, 3);
    at 0.83, 1.7, -0.6;
}

#[differentiable(compiled)]
fn functions_behind_references(x: f64, #[constant] weight: &dyn Fn(f64) -> f64, n: usize) -> f64 {
    let mut s = x;
    for i in 0..n {
        s *= x * weight(i as f64 + 1.0);
    }
    s
}

#[differentiable(compiled)]
fn functions_handed_on(x: f64, #[constant] weight: &dyn Fn(f64) -> f64) -> f64 {
    x * functions_behind_references(x * weight(2.0), weight, 2)
}

case! {
    functions_handed_on, functions_handed_on_grad, functions_handed_on_grad_add, functions_handed_on_graph;
    with |x: f64| (x, &|w: f64| w * w + 0.5);
    at 0.83, 1.7, -0.6;
}

type Single = f32;

#[differentiable(compiled)]
fn singles_told_by_a_let(x: f64) -> f64 {
    let half = 0.1;
    let v: f32 = half;
    let third = half / 3.0;
    let other = 0.1;
    let u: Single = other;
    let w = other * 0.7;
    let given: f32 = 0.3;
    let met = 0.1;
    let product = given * met;
    x * third as f64 + v as f64 * x * x + u as f64 * w as f64 * x + (met * 0.7) as f64 * product as f64 * x
}

case! {
    singles_told_by_a_let, singles_told_by_a_let_grad, singles_told_by_a_let_grad_add, singles_told_by_a_let_graph;
    with |x: f64| (x);
    at 0.83, 1.7, -0.6;
}
