//! Longer functions over data of the kinds that programs have: configurations, tables read from text, permutations, memos.

use gradus::differentiable;
use std::borrow::Cow;
use std::collections::HashMap;
use std::rc::Rc;

const K: [f64; 3] = [-1.0, 0.5, 2.0];
const PAIRS: [(f64, f64); 2] = [(1.0, 2.0), (3.0, 4.0)];
#[derive(Clone, Copy, Debug, PartialEq, Default)]
struct P {
    a: f64,
    n: u8,
}
#[derive(Clone, Debug, Default)]
struct Cfg {
    rate: f64,
    steps: usize,
    on: bool,
    ps: Vec<P>,
    map: HashMap<String, f64>,
    name: Option<String>,
    nested: Vec<Vec<P>>,
}
fn cfg() -> Cfg {
    Cfg {
        rate: 0.5,
        steps: 3,
        on: true,
        ps: vec![P { a: 0.5, n: 250 }, P { a: 1.5, n: 3 }],
        map: HashMap::from([("w".to_owned(), 0.75)]),
        name: Some("abc".into()),
        nested: vec![vec![P { a: 2.0, n: 1 }], vec![]],
    }
}
impl P {
    fn w(self) -> f64 {
        self.a * self.n as f64
    }
    const ZERO: P = P { a: 0.0, n: 0 };
    fn new(a: f64) -> Self {
        P { a, n: 7 }
    }
}
impl std::ops::Add for P {
    type Output = P;
    fn add(self, o: P) -> P {
        P { a: self.a + o.a, n: self.n.wrapping_add(o.n) }
    }
}
impl std::ops::Index<usize> for Cfg {
    type Output = P;
    fn index(&self, i: usize) -> &P {
        &self.ps[i]
    }
}
impl std::ops::Deref for Wrap {
    type Target = [f64];
    fn deref(&self) -> &[f64] {
        &self.0
    }
}
struct Wrap(Vec<f64>);
fn tag(n: u16) -> u16 {
    n.rotate_left(3)
}
fn narrow(c: u8) -> bool {
    c < 100
}

#[differentiable(compiled)]
fn configuration(x: f64, #[constant] c: &Cfg) -> f64 {
    let Cfg { rate, steps, on, ps, .. } = c;
    let mut s = x;
    for _ in 0..*steps {
        s = s * rate + x;
    }
    if *on {
        for P { a, n } in ps {
            s += a * x * n.wrapping_add(10) as f64;
        }
    }
    for row in &c.nested {
        for p in row {
            s += p.w() * x;
        }
    }
    s + c.map["w"] * x + c[1].a * x + c[0].n as f64
}

case! {
    configuration, configuration_grad, configuration_grad_add, configuration_graph;
    with |x: f64| (x, &cfg());
    at 0.83, 1.7, -0.6;
}

#[differentiable(compiled)]
fn struct_updates(x: f64) -> f64 {
    let p = P { a: 0.5, n: 255 };
    let q = P { n: 1, ..p };
    let r = p + q;
    let mut t = P::new(1.5);
    t.n = t.n.wrapping_mul(100);
    t.a += 1.0;
    let z = P::ZERO;
    let d = P::default();
    x * r.a + r.n as f64 * x * x + t.w() * x + z.a + d.a * x
}

case! {
    struct_updates, struct_updates_grad, struct_updates_grad_add, struct_updates_graph;
    with |x: f64| (x);
    at 0.83, 1.7, -0.6;
}

#[differentiable(compiled)]
fn derefs_to_a_slice(x: f64, #[constant] w: &Wrap) -> f64 {
    let mut s = x;
    for v in w.iter() {
        s += v * x;
    }
    for i in 0..w.len() {
        s += w[i] * x;
    }
    for c in w.windows(2) {
        s += c[0] * c[1] * x;
    }
    s + w.first().unwrap() * x + w[1..].iter().sum::<f64>() * x
}

case! {
    derefs_to_a_slice, derefs_to_a_slice_grad, derefs_to_a_slice_grad_add, derefs_to_a_slice_graph;
    with |x: f64| (x, &Wrap(vec![0.5, 1.5, -0.7]));
    at 0.83, 1.7, -0.6;
}

#[differentiable(compiled)]
fn told_through_a_tuple(x: f64) -> f64 {
    let n = 300;
    let m = tag(n);
    let (a, b) = (n, m);
    let c = if a > b { a } else { b };
    x * (!c) as f64
}

case! {
    told_through_a_tuple, told_through_a_tuple_grad, told_through_a_tuple_grad_add, told_through_a_tuple_graph;
    with |x: f64| (x);
    at 0.83, 1.7, -0.6;
}

#[differentiable(compiled)]
fn types_of_expressions(x: f64, n: usize) -> f64 {
    let v: u8 = match n {
        0 => 200,
        1 => 100,
        _ => 50,
    };
    let w: i8 = if n > 0 { -100 } else { 100 };
    let z: u16 = {
        let t = 65535;
        t
    };
    let y: u8 = loop {
        break 250;
    };
    let q: i64 = (|| 1 << 40)();
    x * v.wrapping_mul(2) as f64
        + w.wrapping_mul(2) as f64 * x
        + z.wrapping_add(3) as f64 * x
        + y.wrapping_add(10) as f64 * x
        + (q >> 38) as f64 * x
}

case! {
    types_of_expressions, types_of_expressions_grad, types_of_expressions_grad_add, types_of_expressions_graph;
    for n in [0, 1, 2];
    with |x: f64| (x, n);
    at 0.83;
}

#[differentiable(compiled)]
fn suffixes_in_arms(x: f64, n: usize) -> f64 {
    let v = if n > 1 { 200u8 } else { 100 };
    let w = match n {
        0 => 0.1f32,
        _ => 0.2,
    };
    let s = (v.wrapping_add(100), w);
    x * s.0 as f64 * s.1 as f64
}

case! {
    suffixes_in_arms, suffixes_in_arms_grad, suffixes_in_arms_grad_add, suffixes_in_arms_graph;
    for n in [0, 1, 2];
    with |x: f64| (x, n);
    at 0.83;
}

#[differentiable(compiled)]
fn bytes_changed_in_place(x: f64) -> f64 {
    let mut a: [u8; 4] = [250; 4];
    let mut s = x;
    for i in 0..4 {
        a[i] = a[i].wrapping_add(i as u8 * 3);
        s += x * a[i] as f64;
    }
    let b = a;
    for (i, v) in b.iter().enumerate() {
        s += (v ^ a[3 - i]) as f64 * x;
    }
    let [p, .., q] = a;
    s + (p as i32 - q as i32) as f64 * x
}

case! {
    bytes_changed_in_place, bytes_changed_in_place_grad, bytes_changed_in_place_grad_add, bytes_changed_in_place_graph;
    with |x: f64| (x);
    at 0.83, 1.7, -0.6;
}

#[differentiable(compiled)]
fn typed_table_of_tuples(x: f64) -> f64 {
    let t: [(u8, f32); 2] = [(250, 0.1), (1, 0.2)];
    let mut s = x;
    for (n, w) in t {
        s += n.wrapping_add(6) as f64 * w as f64 * x;
    }
    for &(n, w) in &t {
        s += (!n) as f64 * (w * 3.0) as f64 * x;
    }
    for (i, (n, w)) in t.iter().enumerate() {
        s += *n as f64 * *w as f64 * x * i as f64;
    }
    s
}

case! {
    typed_table_of_tuples, typed_table_of_tuples_grad, typed_table_of_tuples_grad_add, typed_table_of_tuples_graph;
    with |x: f64| (x);
    at 0.83, 1.7, -0.6;
}

#[differentiable(compiled)]
fn shared_and_boxed(x: f64) -> f64 {
    let rc = Rc::new(vec![0.5, 1.5]);
    let struct_updates = Rc::clone(&rc);
    let b: Box<[u8]> = Box::new([250, 7]);
    let c: Cow<str> = Cow::Borrowed("abc");
    let mut s = x;
    for v in rc.iter() {
        s += v * x;
    }
    for v in b.iter() {
        s += v.wrapping_add(6) as f64 * x;
    }
    s + struct_updates[0] * x + c.len() as f64 * x + Rc::strong_count(&rc) as f64 * x
}

case! {
    shared_and_boxed, shared_and_boxed_grad, shared_and_boxed_grad_add, shared_and_boxed_graph;
    with |x: f64| (x);
    at 0.83, 1.7, -0.6;
}

#[differentiable(compiled)]
fn nested_bytes(x: f64) -> f64 {
    let nested: Vec<Vec<u8>> = vec![vec![1, 2], vec![250]];
    let mut grid = vec![vec![0u8; 3]; 2];
    grid[1][2] = 200;
    grid[0][1] += 7;
    let mut s = x;
    for r in &nested {
        for c in r {
            s += c.wrapping_add(10) as f64 * x;
        }
    }
    for r in grid.iter() {
        s += r.iter().map(|c| *c as f64 * x).sum::<f64>();
    }
    for i in 0..2 {
        for j in 0..3 {
            s += (!grid[i][j]) as f64 * x;
        }
    }
    s
}

case! {
    nested_bytes, nested_bytes_grad, nested_bytes_grad_add, nested_bytes_graph;
    with |x: f64| (x);
    at 0.83, 1.7, -0.6;
}

#[differentiable(compiled)]
fn statistics(x: f64, #[constant] d: &[f64]) -> f64 {
    let (lo, hi) = d.iter().fold((f64::MAX, f64::MIN), |(a, b), v| (a.min(*v), b.max(*v)));
    let n = d.iter().filter(|v| **v > lo).count();
    let any = d.iter().any(|v| *v == hi);
    let mean = d.iter().sum::<f64>() / d.len() as f64;
    let var = d.iter().map(|v| (v - mean).powi(2)).sum::<f64>() / n as f64;
    if any { x * (hi - lo) + var.sqrt() * x * x } else { x }
}

case! {
    statistics, statistics_grad, statistics_grad_add, statistics_graph;
    with |x: f64| (x, &[0.5, 1.5, -0.7]);
    at 0.83, 1.7, -0.6;
}

#[differentiable(compiled)]
fn iterator_cloned(x: f64, #[constant] d: &[f64]) -> f64 {
    let it = d.iter().map(|v| v * 2.0);
    let mut s = x;
    for v in it.clone() {
        s += v * x;
    }
    let t: f64 = it.sum();
    let pk = d.iter().copied().peekable().peek().copied();
    s * t + pk.unwrap() * x
}

case! {
    iterator_cloned, iterator_cloned_grad, iterator_cloned_grad_add, iterator_cloned_graph;
    with |x: f64| (x, &[0.5, 1.5, -0.7]);
    at 0.83, 1.7, -0.6;
}

#[differentiable(compiled)]
fn byte_ranges(x: f64, n: u8) -> f64 {
    let s = match n {
        0..=9 => x,
        10 | 20 => x * x,
        k if k & 1 == 0 => x.powi(k as i32 / 50),
        u8::MAX => x.sin(),
        _ => 1.0,
    };
    s * n.leading_zeros() as f64 + s
}

case! {
    byte_ranges, byte_ranges_grad, byte_ranges_grad_add, byte_ranges_graph;
    for n in [3, 10, 250, 255, 99];
    with |x: f64| (x, n);
    at 0.83, -0.6;
}

#[differentiable(compiled)]
fn closures_over_bytes(x: f64) -> f64 {
    let f = |a: u8, b: u8| -> (u8, bool) { a.overflowing_add(b) };
    let (s, o) = f(250, 10);
    let g = move |v: &[u8]| v.iter().map(|c| *c as u32).sum::<u32>();
    let k = g(&[s, 200, 100]);
    if o { x * k as f64 } else { x }
}

case! {
    closures_over_bytes, closures_over_bytes_grad, closures_over_bytes_grad_add, closures_over_bytes_graph;
    with |x: f64| (x);
    at 0.83, 1.7, -0.6;
}

#[differentiable(compiled)]
fn sorted_names(x: f64, names: &[String]) -> f64 {
    let mut s = x;
    let mut lens: Vec<(usize, &str)> = names.iter().map(|n| (n.len(), n.as_str())).collect();
    lens.sort();
    lens.dedup_by_key(|p| p.0);
    for (l, n) in &lens {
        if n.contains('b') {
            s += *l as f64 * x;
        } else {
            s *= 0.5;
        }
    }
    for (l, n) in lens {
        s += (l * n.len()) as f64 * x;
    }
    s
}

case! {
    sorted_names, sorted_names_grad, sorted_names_grad_add, sorted_names_graph;
    with |x: f64| (x, &["abc".to_owned(), "d".to_owned(), "b".to_owned()]);
    at 0.83, 1.7, -0.6;
}

#[differentiable(compiled)]
fn memoised(x: f64, n: usize) -> f64 {
    let mut memo = HashMap::new();
    fn fib(n: usize, memo: &mut HashMap<usize, u64>) -> u64 {
        if n < 2 {
            return n as u64;
        }
        if let Some(v) = memo.get(&n) {
            return *v;
        }
        let v = fib(n - 1, memo) + fib(n - 2, memo);
        memo.insert(n, v);
        v
    }
    let k = fib(n, &mut memo);
    x * k as f64 + memo.len() as f64 * x
}

case! {
    memoised, memoised_grad, memoised_grad_add, memoised_graph;
    with |x: f64| (x, 30);
    at 0.83, 1.7, -0.6;
}

#[differentiable(compiled)]
fn indexed_pairs(v: &[f64], idx: &[(usize, u8)]) -> f64 {
    let mut s = 0.0;
    let mut acc = vec![0.0; v.len()];
    for &(i, w) in idx {
        acc[i] += v[i] * w.wrapping_add(10) as f64;
    }
    for (i, w) in idx.iter().filter(|(_, w)| *w > 5).map(|&(i, w)| (i, w as f64)) {
        s += acc[i] * w;
    }
    for p in idx.windows(2) {
        s += v[p[0].0] * v[p[1].0];
    }
    for [a, b] in idx.windows(2).map(|w| [w[0].0, w[1].0]) {
        s += v[a] * v[b];
    }
    s
}

case! {
    indexed_pairs, indexed_pairs_grad, indexed_pairs_grad_add, indexed_pairs_graph;
    with |v: Vec<f64>| (&v, &[(0, 250), (2, 3), (1, 9)]);
    at vec![0.5, -1.5, 2.0];
}

#[differentiable(compiled)]
fn flattened_options(x: f64, #[constant] d: &[Option<f64>]) -> f64 {
    let mut s = x;
    for w in d.iter().flatten() {
        s += w * x;
    }
    for w in d.iter().filter_map(|o| *o) {
        s *= w + x;
    }
    for o in d {
        let Some(w) = o else {
            s += 1.0;
            continue;
        };
        s += w * x;
    }
    while let Some(Some(w)) = d.first() {
        s += w * x;
        break;
    }
    let all: Option<Vec<f64>> = d.iter().copied().collect();
    if all.is_none() { s * 2.0 } else { s }
}

case! {
    flattened_options, flattened_options_grad, flattened_options_grad_add, flattened_options_graph;
    with |x: f64| (x, &[Some(0.5), None, Some(1.5)]);
    at 0.83, 1.7, -0.6;
}

#[differentiable(compiled)]
fn parsed_table(x: f64, lines: &str) -> f64 {
    let table: Vec<Vec<f64>> =
        lines.lines().map(|l| l.split(',').map(|c| c.trim().parse().unwrap()).collect()).collect();
    let mut s = x;
    for row in &table {
        for c in row {
            s += c * x;
        }
    }
    for row in &table {
        let [a, b] = row[..] else { continue };
        s += a * b * x;
    }
    s * table.len() as f64
}

case! {
    parsed_table, parsed_table_grad, parsed_table_grad_add, parsed_table_graph;
    with |x: f64| (x, "0.5, 1.5\n2\n-0.25,4");
    at 0.83, 1.7, -0.6;
}

#[differentiable(compiled)]
fn collatz(x: f64, n: u32) -> f64 {
    let mut a = n;
    let mut steps = 0u16;
    let mut s = x;
    while a != 1 {
        a = if a % 2 == 0 { a / 2 } else { 3 * a + 1 };
        steps += 1;
        if steps > 300 {
            break;
        }
        s = s * 0.9 + x / a as f64;
    }
    s * steps as f64
}

case! {
    collatz, collatz_grad, collatz_grad_add, collatz_graph;
    with |x: f64| (x, 7);
    at 0.83, 1.7, -0.6;
}

#[differentiable(compiled)]
fn blocks_that_change_data(x: f64, y: f64) -> f64 {
    let mut n = 5u8;
    let mut w = 0.5;
    let a = {
        n = n.wrapping_sub(10);
        w += 1.0;
        x * n as f64
    };
    let b = if {
        n = n.wrapping_add(20);
        n > 10
    } {
        x * w
    } else {
        y
    };
    let c = match {
        w *= 2.0;
        n
    } {
        15 => x * w,
        _ => y * w,
    };
    a * b + c
}

case! {
    blocks_that_change_data, blocks_that_change_data_grad, blocks_that_change_data_grad_add, blocks_that_change_data_graph;
    with |x: f64, y: f64| (x, y);
    at (0.83, 0.53);
}

#[differentiable(compiled)]
fn late_in_a_labelled_block(x: f64) -> f64 {
    let k: u8;
    let mut s = x;
    'a: {
        if x > 0.0 {
            k = 250;
            break 'a;
        }
        k = 3;
        s *= 2.0;
    }
    s * k.wrapping_add(10) as f64
}

case! {
    late_in_a_labelled_block, late_in_a_labelled_block_grad, late_in_a_labelled_block_grad_add, late_in_a_labelled_block_graph;
    with |x: f64| (x);
    at 0.83, 1.7, -0.6;
}

#[differentiable(compiled)]
fn labelled_values(x: f64, n: usize) -> f64 {
    let w = 'w: {
        for i in 0..n {
            if i * i > 10 {
                break 'w i as f64;
            }
        }
        0.5
    };
    let k = 'k: loop {
        for i in 0u8.. {
            if i == 200 {
                break 'k i.wrapping_mul(2);
            }
        }
    };
    x * w + k as f64 * x * x
}

case! {
    labelled_values, labelled_values_grad, labelled_values_grad_add, labelled_values_graph;
    for n in [2, 9];
    with |x: f64| (x, n);
    at 0.83;
}

#[differentiable(compiled)]
fn tuples_in_tuples(
    x: f64,
    #[constant] t: (f64, u8),
    #[constant] u: &(f64, [u8; 2]),
    #[constant] v: &[(f64, (u8, f64))],
) -> f64 {
    let (a, n) = t;
    let (b, [m, k]) = u;
    let &(c, [l, _]) = u;
    let mut s = x * a * n.wrapping_add(10) as f64 + b * m.wrapping_add(*k) as f64 * x + c * (!l) as f64 * x;
    for (p, (q, r)) in v {
        s += p * r * q.wrapping_mul(2) as f64 * x;
    }
    for &(p, (q, r)) in v {
        s += p * r * q as f64 * x;
    }
    s + v[0].1.1 * x + (!v[0].1.0) as f64
}

case! {
    tuples_in_tuples, tuples_in_tuples_grad, tuples_in_tuples_grad_add, tuples_in_tuples_graph;
    with |x: f64| (x, (0.5, 250), &(1.5, [200, 100]), &[(0.5, (200, 1.5)), (2.0, (1, -0.5))]);
    at 0.83, 1.7, -0.6;
}

#[differentiable(compiled)]
fn arrays_mapped(x: f64, n: usize) -> f64 {
    let xs = [0.5, 1.5, 2.5];
    let ys = xs.map(|v| v * 2.0);
    let zs: [f64; 3] = std::array::from_fn(|i| i as f64 + n as f64);
    let [a, b, c] = zs;
    let ws: [u8; 3] = std::array::from_fn(|i| 250 + i as u8);
    let mut s = x;
    for ((p, q), r) in xs.iter().zip(ys).zip(&zs) {
        s += p * q * r * x;
    }
    for w in ws {
        s += w.wrapping_add(5) as f64 * x;
    }
    s * a + b * c * x
}

case! {
    arrays_mapped, arrays_mapped_grad, arrays_mapped_grad_add, arrays_mapped_graph;
    with |x: f64| (x, 2);
    at 0.83, 1.7, -0.6;
}

#[differentiable]
fn swapped_at_once(x: f64, n: u64) -> f64 {
    let (mut a, mut b) = (0u64, 1u64);
    for _ in 0..n {
        (a, b) = (b, a + b);
    }
    let (mut p, mut q): (u8, u8) = (250, 7);
    for _ in 0..3 {
        (p, q) = (q, p.wrapping_add(q));
    }
    let mut arr = [1u8, 2];
    [arr[0], arr[1]] = [arr[1], 255];
    (arr[0], _) = (arr[0] << 6, 0);
    x * a as f64 + b as f64 * x * x + (p ^ q) as f64 * x + arr[0] as f64 * x
}

case! {
    swapped_at_once, swapped_at_once_grad, swapped_at_once_grad_add, swapped_at_once_graph;
    with |x: f64| (x, 20);
    at 0.83, 1.7, -0.6;
}

#[differentiable(compiled)]
fn shadowed_through_casts(x: f64, n: usize) -> f64 {
    let y = x * x;
    let n = n as f64 * 0.5;
    let y = y * n;
    let n = (n * 2.0) as u8;
    let y = y + (!n) as f64 * x;
    let n = n as char;
    let y = if n == '\u{3}' { y * 2.0 } else { y };
    y
}

case! {
    shadowed_through_casts, shadowed_through_casts_grad, shadowed_through_casts_grad_add, shadowed_through_casts_graph;
    with |x: f64| (x, 3);
    at 0.83, 1.7, -0.6;
}

#[differentiable]
fn order_of_indices(v: &[f64]) -> f64 {
    let mut order: Vec<usize> = (0..v.len()).collect();
    order.reverse();
    order.rotate_left(1);
    let mut s = 0.0;
    for &i in &order {
        s = s * 0.5 + v[i] * v[i];
    }
    for i in order.iter().copied() {
        s += v[i];
    }
    for (k, &i) in order.iter().enumerate() {
        s += v[i] * k as f64;
    }
    for i in order {
        s *= v[i];
    }
    s
}

case! {
    order_of_indices, order_of_indices_grad, order_of_indices_grad_add, order_of_indices_graph;
    with |v: Vec<f64>| (&v);
    at vec![0.5, -1.5, 2.0];
}

#[differentiable(compiled)]
fn shuffled(x: f64, n: usize) -> f64 {
    let mut s = x;
    let mut perm: Vec<usize> = (0..n).collect();
    let mut seed = 17u32;
    for i in (1..n).rev() {
        seed = seed.wrapping_mul(1664525).wrapping_add(1013904223);
        let j = (seed >> 16) as usize % (i + 1);
        perm.swap(i, j);
    }
    for (i, p) in perm.iter().enumerate() {
        s = s * 0.9 + (i * p) as f64 * x;
    }
    for p in &perm {
        s += *p as f64 * x;
    }
    for i in 0..n {
        s += perm[i] as f64 * x.sin();
    }
    s
}

case! {
    shuffled, shuffled_grad, shuffled_grad_add, shuffled_graph;
    with |x: f64| (x, 5);
    at 0.83, 1.7, -0.6;
}
