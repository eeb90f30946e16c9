//! Loops over data: iterators of the user's own, adjacency lists, rows, windows, chunks, and the collections of `std`.

use gradus::differentiable;
use std::collections::{BTreeMap, BTreeSet, BinaryHeap, HashMap, HashSet, VecDeque};

struct Countdown {
    n: u32,
}
impl Iterator for Countdown {
    type Item = u32;
    fn next(&mut self) -> Option<u32> {
        if self.n == 0 {
            None
        } else {
            self.n -= 1;
            Some(self.n)
        }
    }
}
struct Halves {
    at: f64,
    left: usize,
}
impl Iterator for Halves {
    type Item = (usize, f64);
    fn next(&mut self) -> Option<(usize, f64)> {
        if self.left == 0 {
            return None;
        }
        self.left -= 1;
        self.at *= 0.5;
        Some((self.left, self.at))
    }
}
fn halves(n: usize) -> impl Iterator<Item = (usize, f64)> {
    Halves { at: 3.0, left: n }
}
fn odd(n: usize) -> impl Iterator<Item = usize> + Clone {
    (0..n).filter(|i| i % 2 == 1)
}
fn boxed(n: usize) -> Box<dyn Iterator<Item = f64>> {
    if n > 2 { Box::new((0..n).map(|i| i as f64)) } else { Box::new(std::iter::repeat(1.5).take(2)) }
}
struct Bag(Vec<(f64, usize)>);
impl<'a> IntoIterator for &'a Bag {
    type Item = &'a (f64, usize);
    type IntoIter = std::slice::Iter<'a, (f64, usize)>;
    fn into_iter(self) -> Self::IntoIter {
        self.0.iter()
    }
}
impl IntoIterator for Bag {
    type Item = (f64, usize);
    type IntoIter = std::vec::IntoIter<(f64, usize)>;
    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}
impl Bag {
    fn total(&self) -> f64 {
        self.0.iter().map(|p| p.0).sum()
    }
    fn at(&self, i: usize) -> &(f64, usize) {
        &self.0[i]
    }
    fn weights(&self) -> impl Iterator<Item = f64> + '_ {
        self.0.iter().map(|p| p.0)
    }
    fn iter(&self) -> std::slice::Iter<'_, (f64, usize)> {
        self.0.iter()
    }
}
fn bag() -> Bag {
    Bag(vec![(0.5, 2), (1.5, 3), (-0.25, 1)])
}
struct Csr {
    starts: Vec<usize>,
    columns: Vec<usize>,
    values: Vec<f64>,
}
fn csr() -> Csr {
    Csr { starts: vec![0, 2, 3, 5], columns: vec![0, 1, 2, 0, 1], values: vec![0.5, 1.5, -0.7, 2.0, 0.3] }
}
#[derive(Clone)]
struct Graph {
    edges: Vec<Vec<(usize, f64)>>,
    names: Vec<String>,
}
fn graph() -> Graph {
    Graph {
        edges: vec![vec![(1, 0.5), (2, 1.5)], vec![(2, 0.25)], vec![(0, 2.0)]],
        names: vec!["a".into(), "bc".into(), String::new()],
    }
}

#[differentiable(compiled)]
fn own_iterator(x: f64) -> f64 {
    let mut s = 0.0;
    for k in (Countdown { n: 4 }) {
        s += x.powi(k as i32);
    }
    for (i, w) in halves(3) {
        s = s * w + x * i as f64;
    }
    s
}

case! {
    own_iterator, own_iterator_grad, own_iterator_grad_add, own_iterator_graph;
    with |x: f64| (x);
    at 0.83, 1.7, -0.6;
}

trait RevSum {
    fn rev_sum(self) -> Vec<usize>;
}
impl<I: Iterator<Item = usize>> RevSum for I {
    fn rev_sum(self) -> Vec<usize> {
        let mut v: Vec<_> = self.collect();
        v.reverse();
        v
    }
}

#[differentiable(compiled)]
fn own_iterator_by_hand(x: f64) -> f64 {
    let mut it = Countdown { n: 5 };
    let first = it.next().unwrap();
    let mut s = x * first as f64;
    while let Some(k) = it.next() {
        if k == 1 {
            break;
        }
        s = s * x + k as f64;
    }
    s + it.n as f64 * x
}

case! {
    own_iterator_by_hand, own_iterator_by_hand_grad, own_iterator_by_hand_grad_add, own_iterator_by_hand_graph;
    with |x: f64| (x);
    at 0.83, 1.7, -0.6;
}

#[differentiable(compiled)]
fn iterator_kept(x: f64, n: usize) -> f64 {
    let mut it = odd(n);
    let a = it.next();
    let mut s = x;
    if let Some(a) = a {
        s *= a as f64;
    }
    for k in it.clone() {
        s += x * k as f64;
    }
    for k in it {
        s = s * x + k as f64;
    }
    s
}

case! {
    iterator_kept, iterator_kept_grad, iterator_kept_grad_add, iterator_kept_graph;
    with |x: f64| (x, 8);
    at 0.83, 1.7, -0.6;
}

#[differentiable(compiled)]
fn range_kept(x: f64, n: usize) -> f64 {
    let r = 0..n;
    let mut s = x;
    for i in r.clone() {
        s = s * x + i as f64;
    }
    let m = r.len();
    for i in r {
        s += i as f64 * x;
    }
    let q = 1..=n;
    s * m as f64
        + q.clone().count() as f64 * x
        + q.map(|i| i as f64).sum::<f64>() * x
        + if (2..5).contains(&n) { x } else { 0.0 }
}

case! {
    range_kept, range_kept_grad, range_kept_grad_add, range_kept_graph;
    for n in [0, 3];
    with |x: f64| (x, n);
    at 0.83, -0.6;
}

#[differentiable(compiled)]
fn own_collection(x: f64, #[constant] b: &Bag) -> f64 {
    let mut s = x;
    for (w, i) in b {
        s += w * x * *i as f64;
    }
    for &(w, i) in b {
        s += w * x.powi(i as i32);
    }
    for p in b {
        s += p.0 * x;
    }
    for p in b.iter() {
        s *= 1.0 + p.0 * x;
    }
    s
}

case! {
    own_collection, own_collection_grad, own_collection_grad_add, own_collection_graph;
    with |x: f64| (x, &bag());
    at 0.83, 1.7, -0.6;
}

#[differentiable(compiled)]
fn own_collection_moved(x: f64, #[constant] b: Bag) -> f64 {
    let t = b.total();
    let mut s = x;
    for (w, i) in b {
        s += w * x * i as f64 * t;
    }
    s
}

case! {
    own_collection_moved, own_collection_moved_grad, own_collection_moved_grad_add, own_collection_moved_graph;
    with |x: f64| (x, bag());
    at 0.83, 1.7, -0.6;
}

#[differentiable(compiled)]
fn adjacency(p: &[f64], adj: &[Vec<usize>]) -> f64 {
    let mut s = 0.0;
    for i in 0..p.len() {
        for &j in &adj[i] {
            s += (p[i] - p[j]).powi(2);
        }
        for j in adj[i].iter() {
            s += p[i] * p[*j];
        }
        for j in adj[i].iter().copied().rev() {
            s += p[j].sin();
        }
    }
    s
}

case! {
    adjacency, adjacency_grad, adjacency_grad_add, adjacency_graph;
    with |p: Vec<f64>| (&p, &[vec![1, 2], vec![0], vec![]]);
    at vec![0.5, -1.5, 2.0];
}

#[differentiable(compiled)]
fn adjacency_in_other_loops(p: &[f64], adj: &[Vec<usize>]) -> f64 {
    let mut s = 0.0;
    for (i, ns) in adj.iter().enumerate() {
        for &j in ns {
            s += p[i] * p[j];
        }
        if ns.is_empty() {
            continue;
        }
        s *= ns.len() as f64;
    }
    for (x, ns) in p.iter().zip(adj) {
        s += x * ns.iter().map(|&j| p[j]).sum::<f64>();
    }
    s + adj.iter().flatten().map(|&j| p[j] * p[j]).sum::<f64>()
}

case! {
    adjacency_in_other_loops, adjacency_in_other_loops_grad, adjacency_in_other_loops_grad_add, adjacency_in_other_loops_graph;
    with |p: Vec<f64>| (&p, &[vec![1, 2], vec![0], vec![]]);
    at vec![0.5, -1.5, 2.0];
}

#[differentiable(compiled)]
fn weighted_edges(p: &[f64], #[constant] g: &Graph) -> f64 {
    let mut s = 0.0;
    for i in 0..g.edges.len() {
        for &(j, w) in &g.edges[i] {
            s += w * (p[i] - p[j]).powi(2);
        }
        for (j, w) in g.edges[i].iter() {
            s += w * p[*j];
        }
        s *= 1.0 + g.names[i].len() as f64;
    }
    for (i, es) in g.edges.iter().enumerate() {
        for (j, w) in es {
            s += w * p[i] * p[*j];
        }
    }
    s
}

case! {
    weighted_edges, weighted_edges_grad, weighted_edges_grad_add, weighted_edges_graph;
    with |p: Vec<f64>| (&p, &graph());
    at vec![0.5, -1.5, 2.0];
}

#[differentiable(compiled)]
fn walk(p: &[f64], adj: &[Vec<usize>]) -> f64 {
    let mut queue = VecDeque::from([0usize]);
    let mut seen = vec![false; adj.len()];
    let mut depth = vec![0u8; adj.len()];
    let mut s = 0.0;
    seen[0] = true;
    while let Some(i) = queue.pop_front() {
        s += p[i] * depth[i].wrapping_sub(1) as f64;
        for &j in &adj[i] {
            if !seen[j] {
                seen[j] = true;
                depth[j] = depth[i] + 1;
                queue.push_back(j);
                s *= p[j];
            }
        }
    }
    s
}

case! {
    walk, walk_grad, walk_grad_add, walk_graph;
    with |p: Vec<f64>| (&p, &[vec![1, 2], vec![0, 3], vec![3], vec![0]]);
    at vec![0.5, -1.5, 2.0, 0.7];
}

#[differentiable(compiled)]
fn rows_by_index(p: f64, #[constant] rows: &[Vec<f64>]) -> f64 {
    let mut s = 0.0;
    for i in 0..rows.len() {
        s += rows[i].iter().map(|x| (p * x).sin()).sum::<f64>();
        for x in &rows[i] {
            s += p * x;
        }
        for (j, x) in rows[i].iter().enumerate() {
            s += p * x * (i + j) as f64;
        }
        for x in &rows[i][1..] {
            s *= x + p;
        }
    }
    s + rows[0].iter().zip(&rows[1]).map(|(a, b)| a * b * p).sum::<f64>()
}

case! {
    rows_by_index, rows_by_index_grad, rows_by_index_grad_add, rows_by_index_graph;
    with |p: f64| (p, &[vec![0.5, 1.5], vec![-0.7, 2.0, 0.3]]);
    at 0.83, -0.6;
}

#[differentiable(compiled)]
fn rows_of_arrays(p: f64, #[constant] rows: &[[f64; 3]], #[constant] nested: &[[[f64; 2]; 2]; 2]) -> f64 {
    let mut s = 0.0;
    for &[a, b, c] in rows {
        s += a * b * p + c;
    }
    for [a, ..] in rows {
        s += a * p;
    }
    for r in rows {
        for x in r {
            s += x * p;
        }
        s *= r[1];
    }
    for i in 0..rows.len() {
        for x in rows[i].iter() {
            s += x * p;
        }
    }
    for m in nested {
        for [a, b] in m {
            s += a * b * p;
        }
    }
    for &[[a, _], [_, d]] in nested {
        s += a * d * p;
    }
    s
}

case! {
    rows_of_arrays, rows_of_arrays_grad, rows_of_arrays_grad_add, rows_of_arrays_graph;
    with |p: f64| (p, &[[0.5, 1.5, 1.0], [-0.7, 2.0, 0.3]], &[[[0.5, 1.5], [2.0, -1.0]], [[1.0, 2.0], [0.3, 0.1]]]);
    at 0.83, -0.6;
}

#[differentiable(compiled)]
fn pairs_by_index(p: f64, #[constant] d: &[(f64, f64)], #[constant] t: &[(u8, [f64; 2], &str)]) -> f64 {
    let mut s = 0.0;
    for i in 0..d.len() {
        let (x, y) = &d[i];
        s += (p * x - y).powi(2);
        let (x, y) = d[i];
        s += x * y * p;
        let &(x, _) = &d[i];
        s += x * p;
    }
    for (k, [a, b], name) in t {
        s += a * b * p * k.wrapping_add(10) as f64 + name.len() as f64 * p;
    }
    for &(k, pair, name) in t {
        s += pair[0] * p * k as f64;
        if name == "b" {
            s *= pair[1];
        }
    }
    s
}

case! {
    pairs_by_index, pairs_by_index_grad, pairs_by_index_grad_add, pairs_by_index_graph;
    with |p: f64| (p, &[(0.5, 1.5), (-0.7, 2.0)], &[(250, [0.5, 1.5], "a"), (3, [2.0, 0.3], "b")]);
    at 0.83, -0.6;
}

#[differentiable(compiled)]
fn windows_and_chunks(p: f64, #[constant] d: &[f64]) -> f64 {
    let mut s = 0.0;
    for w in d.windows(2) {
        s += (w[1] - w[0]) * p;
    }
    for c in d.chunks_exact(2) {
        s += (p * c[0] - c[1]).powi(2);
    }
    for c in d.chunks(3) {
        s *= c.iter().sum::<f64>() * 0.1 + p;
    }
    for (i, c) in d.chunks(2).enumerate() {
        if let [a, b] = c {
            s += a * b * p * i as f64;
        }
    }
    for c in d.rchunks(2) {
        s += c[0] * p;
    }
    for w in d.windows(3).step_by(2) {
        s += w[0] * w[2] * p;
    }
    s + d.chunks_exact(2).map(|c| c[0] * p).sum::<f64>()
}

case! {
    windows_and_chunks, windows_and_chunks_grad, windows_and_chunks_grad_add, windows_and_chunks_graph;
    with |p: f64| (p, &[0.5, 1.5, -0.7, 2.0, 0.3]);
    at 0.83, -0.6;
}

#[differentiable(compiled)]
fn chunks_zipped(p: &[f64], #[constant] d: &[f64], #[constant] l: &[f64]) -> f64 {
    let mut s = 0.0;
    for (row, y) in d.chunks_exact(p.len()).zip(l) {
        let t: f64 = row.iter().zip(p).map(|(r, x)| r * x).sum();
        s += (t - y).powi(2);
    }
    for ((a, b), c) in d.iter().zip(l).zip(p) {
        s += a * b * c;
    }
    for (i, (a, b)) in l.iter().zip(d).enumerate() {
        s += a * b * p[i % 2];
    }
    for (w, y) in d.windows(2).zip(l.iter().rev()) {
        s += w[0] * y * p[1];
    }
    s
}

case! {
    chunks_zipped, chunks_zipped_grad, chunks_zipped_grad_add, chunks_zipped_graph;
    with |p: Vec<f64>| (&p, &[0.5, 1.5, -0.7, 2.0], &[0.3, 0.9]);
    at vec![0.83, -0.6];
}

#[differentiable(compiled)]
fn split_data(p: f64, #[constant] d: &[f64], n: usize) -> f64 {
    let (a, b) = d.split_at(n);
    let mut s = p;
    for x in a {
        s += x * p;
    }
    for x in b {
        s *= x + p;
    }
    let (first, rest) = d.split_first().unwrap();
    s += first * p;
    for part in d.split(|x| *x < 0.0) {
        s += part.len() as f64 * p;
    }
    if let [a, .., z] = d {
        s += a * z * p;
    }
    if let Some((last, init)) = d.split_last() {
        s += last * init.len() as f64;
    }
    s + rest.iter().sum::<f64>() * p + d.first().unwrap() * p + d[d.len() - 1]
}

case! {
    split_data, split_data_grad, split_data_grad_add, split_data_graph;
    for n in [0, 2];
    with |p: f64| (p, &[0.5, 1.5, -0.7, 2.0], n);
    at 0.83, -0.6;
}

#[differentiable(compiled)]
fn sparse_product(p: &[f64], #[constant] m: &Csr) -> f64 {
    let mut s = 0.0;
    for r in 0..m.starts.len() - 1 {
        let mut y = 0.0;
        for k in m.starts[r]..m.starts[r + 1] {
            y += m.values[k] * p[m.columns[k]];
        }
        s += y * y;
    }
    for w in m.starts.windows(2) {
        let (from, to) = (w[0], w[1]);
        for (c, v) in m.columns[from..to].iter().zip(&m.values[from..to]) {
            s += v * p[*c];
        }
    }
    s
}

case! {
    sparse_product, sparse_product_grad, sparse_product_grad_add, sparse_product_graph;
    with |p: Vec<f64>| (&p, &csr());
    at vec![0.5, -1.5, 2.0];
}

#[differentiable(compiled)]
fn deque_of_data(x: f64) -> f64 {
    let mut q = VecDeque::from([1u16, 2, 3]);
    let mut s = x;
    while let Some(k) = q.pop_front() {
        s += x * k as f64;
        if k == 2 {
            q.push_back(9);
        }
    }
    let w: VecDeque<f64> = [0.5, 1.5].into();
    for v in &w {
        s *= v + x;
    }
    s + w[1] * x + w.iter().rev().map(|v| v * x).sum::<f64>()
}

case! {
    deque_of_data, deque_of_data_grad, deque_of_data_grad_add, deque_of_data_graph;
    with |x: f64| (x);
    at 0.83, 1.7, -0.6;
}

#[differentiable(compiled)]
fn maps_of_data(x: f64, #[constant] given: &HashMap<String, f64>) -> f64 {
    let m: BTreeMap<u8, f64> = [(1, 0.5), (2, 0.25)].into_iter().collect();
    let mut s = 0.0;
    for (k, v) in &m {
        s += x.powi(*k as i32) * v;
    }
    let mut h = HashMap::new();
    h.insert("a", 2.5);
    *h.entry("a").or_insert(0.0) += 1.0;
    h.entry("b").or_insert(7.0);
    for v in m.values() {
        s += v * x;
    }
    for k in m.keys() {
        s += !k as f64 * x;
    }
    if let Some(w) = given.get("w") {
        s *= w;
    }
    s + m[&1] * x
        + h["a"] * x
        + given["w"] * h.len() as f64
        + given.get("none").copied().unwrap_or(0.5) * x
        + if m.contains_key(&2) { x } else { 0.0 }
}

case! {
    maps_of_data, maps_of_data_grad, maps_of_data_grad_add, maps_of_data_graph;
    with |x: f64| (x, &HashMap::from([("w".to_owned(), 0.75)]));
    at 0.83, 1.7, -0.6;
}

#[differentiable(compiled)]
fn text(x: f64, names: &[&str], letters: &str) -> f64 {
    let mut s = 0.0;
    for n in names {
        s += match *n {
            "sin" => x.sin(),
            "cos" => x.cos(),
            other => x * other.len() as f64,
        };
    }
    for (i, c) in letters.char_indices() {
        if c.is_ascii_digit() {
            s = s * x + c.to_digit(10).unwrap() as f64;
        } else if c == 'q' {
            s += i as f64 * x;
        }
    }
    for word in letters.split(' ') {
        s += word.len() as f64 * x;
    }
    for b in letters.bytes() {
        s += b.wrapping_mul(3) as f64 * x * 0.01;
    }
    let mut t = String::from("w");
    t.push_str(letters);
    t += "!";
    s * t.len() as f64
}

case! {
    text, text_grad, text_grad_add, text_graph;
    with |x: f64| (x, &["sin", "abc", "cos"], "a1 q2b3");
    at 0.83, 1.7, -0.6;
}

#[differentiable(compiled)]
fn uppercase_names(x: f64, #[constant] g: &Graph) -> f64 {
    let names: Vec<String> = g.names.iter().map(|n| n.to_uppercase()).collect();
    let joined = names.join("-");
    let mut s = x;
    for n in &names {
        s *= 1.0 + n.len() as f64 * 0.1;
    }
    for (n, es) in g.names.iter().zip(&g.edges) {
        if n.starts_with('b') {
            s += es[0].1 * x;
        }
    }
    s + joined.len() as f64 * x
}

case! {
    uppercase_names, uppercase_names_grad, uppercase_names_grad_add, uppercase_names_graph;
    with |x: f64| (x, &graph());
    at 0.83, 1.7, -0.6;
}

#[differentiable(compiled)]
fn sieve(x: f64, n: usize) -> f64 {
    let prime = {
        let mut p = vec![true; n + 1];
        let mut i = 2;
        while i * i <= n {
            if p[i] {
                let mut j = i * i;
                while j <= n {
                    p[j] = false;
                    j += i;
                }
            }
            i += 1;
        }
        p
    };
    let mut s = 0.0;
    for k in 2..=n {
        if prime[k] {
            s += x.powi(k as i32);
        }
    }
    s
}

case! {
    sieve, sieve_grad, sieve_grad_add, sieve_graph;
    with |x: f64| (x, 12);
    at 0.83, 1.7, -0.6;
}

#[differentiable(compiled)]
fn data_built_in_a_loop(x: f64, #[constant] d: &[f64]) -> f64 {
    let mut acc = Vec::new();
    let mut total = 0.0;
    for w in d {
        total += w;
        acc.push(total * 2.0);
    }
    let mut table = [[0.0; 3]; 3];
    for i in 0..3 {
        for j in 0..3 {
            table[i][j] = (i * 3 + j) as f64;
        }
    }
    let mut s = x * total;
    for a in &acc {
        s += a * x * x;
    }
    for r in &table {
        s += r[0] * r[2] * x;
    }
    s + table[1][2] * acc[1] * x
}

case! {
    data_built_in_a_loop, data_built_in_a_loop_grad, data_built_in_a_loop_grad_add, data_built_in_a_loop_graph;
    with |x: f64| (x, &[0.5, 1.5, -0.7]);
    at 0.83, 1.7, -0.6;
}

#[differentiable(compiled)]
fn stack_of_pairs(x: f64) -> f64 {
    let mut stack = vec![(1usize, 2u8), (3, 4)];
    let mut s = 0.0;
    while let Some((a, b)) = stack.pop() {
        s += x * a as f64 * b as f64;
        if a == 3 {
            stack.push((7, 1));
        }
    }
    while stack.len() < 3 {
        stack.push((stack.len(), 5));
    }
    for &(a, b) in &stack {
        s = s * x + (a + b as usize) as f64;
    }
    s
}

case! {
    stack_of_pairs, stack_of_pairs_grad, stack_of_pairs_grad_add, stack_of_pairs_graph;
    with |x: f64| (x);
    at 0.83, 1.7, -0.6;
}

#[differentiable(compiled)]
fn infinite_iterators(x: f64) -> f64 {
    let mut s = x;
    for (i, w) in std::iter::repeat(0.5).enumerate().take(3) {
        s = s * w + x * i as f64;
    }
    for k in std::iter::successors(Some(1u32), |k| if *k < 50 { Some(k * 3) } else { None }) {
        s += x * k as f64;
    }
    for i in (1..).take_while(|i| i * i < 20) {
        s += x / i as f64;
    }
    for c in [1.0, 2.0].iter().cycle().skip(1).take(5) {
        s += c * x;
    }
    let mut n = 0;
    for k in std::iter::from_fn(|| {
        n += 1;
        if n < 4 { Some(n) } else { None }
    }) {
        s += k as f64 * x;
    }
    s
}

case! {
    infinite_iterators, infinite_iterators_grad, infinite_iterators_grad_add, infinite_iterators_graph;
    with |x: f64| (x);
    at 0.83, 1.7, -0.6;
}

#[differentiable(compiled)]
fn moved_vecs(x: f64, mut ids: Vec<usize>, #[constant] w: Vec<f64>, #[constant] rows: Vec<Vec<f64>>) -> f64 {
    ids.push(1);
    ids.sort();
    let n = w.len();
    let mut s = x;
    for i in ids {
        s += x * i as f64;
    }
    for v in w {
        s = s * v + x;
    }
    for r in rows {
        for v in r {
            s += v * x;
        }
    }
    s * n as f64
}

case! {
    moved_vecs, moved_vecs_grad, moved_vecs_grad_add, moved_vecs_graph;
    with |x: f64| (x, vec![3, 2], vec![0.5, 1.5], vec![vec![0.25], vec![], vec![2.0, 3.0]]);
    at 0.83, 1.7, -0.6;
}

#[differentiable(compiled)]
fn moved_on(x: f64, ids: Vec<usize>, #[constant] w: Vec<f64>) -> f64 {
    let a = ids;
    let b = w;
    let k = total(b.clone(), a.len());
    let t: Vec<usize> = a.into_iter().map(|i| i + 1).collect();
    let u = consumed(t);
    let boxed = Box::new(b);
    x * k + x * x * u as f64 + boxed[0] * x + boxed.iter().map(|v| v * x).sum::<f64>()
}
fn total(v: Vec<f64>, n: usize) -> f64 {
    v.iter().sum::<f64>() * n as f64
}
fn consumed(v: Vec<usize>) -> usize {
    v.into_iter().sum()
}

case! {
    moved_on, moved_on_grad, moved_on_grad_add, moved_on_graph;
    with |x: f64| (x, vec![3, 2], vec![0.5, 1.5]);
    at 0.83, 1.7, -0.6;
}

#[differentiable(compiled)]
fn moved_in_a_loop(x: f64, n: usize) -> f64 {
    let mut s = x;
    for i in 0..n {
        let v = vec![i as f64, 1.0];
        let k = total(v, 2);
        let names = vec![String::from("a"); i];
        s = s * k + x;
        for name in names {
            s += name.len() as f64 * x;
        }
    }
    let last;
    {
        let w = vec![0.5; 2];
        last = w;
    }
    for v in last {
        s += v * x;
    }
    s
}

case! {
    moved_in_a_loop, moved_in_a_loop_grad, moved_in_a_loop_grad_add, moved_in_a_loop_graph;
    with |x: f64| (x, 3);
    at 0.83, 1.7, -0.6;
}

#[differentiable(compiled)]
fn own_collection_borrowed_then_moved(x: f64, #[constant] b: Bag) -> f64 {
    let mut s = x;
    for (w, _) in &b {
        s += w * x;
    }
    for w in b.weights() {
        s *= w + x;
    }
    let &(w, i) = b.at(1);
    let (v, j) = b.at(0);
    s += x * w * i as f64 + x * x * v * *j as f64;
    for p in b {
        s += p.0 * x;
    }
    s
}

case! {
    own_collection_borrowed_then_moved, own_collection_borrowed_then_moved_grad, own_collection_borrowed_then_moved_grad_add, own_collection_borrowed_then_moved_graph;
    with |x: f64| (x, bag());
    at 0.83, 1.7, -0.6;
}

#[differentiable(compiled)]
fn sets_and_heaps(x: f64, n: u64) -> f64 {
    let set: BTreeSet<u64> = (0..n).map(|i| i * i % 7).collect();
    let hash: HashSet<u8> = [1, 2, 2].into_iter().collect();
    let mut s = x;
    for k in &set {
        s = s * 0.5 + x * *k as f64;
    }
    let mut heap = BinaryHeap::from(vec![3u8, 200, 7]);
    while let Some(k) = heap.pop() {
        s += x * k.wrapping_mul(2) as f64;
        if k == 7 {
            heap.push(1);
        }
    }
    s * hash.len() as f64
}

case! {
    sets_and_heaps, sets_and_heaps_grad, sets_and_heaps_grad_add, sets_and_heaps_graph;
    with |x: f64| (x, 6);
    at 0.83, 1.7, -0.6;
}

#[differentiable(compiled)]
fn sorted_data(x: f64, #[constant] d: &[f64]) -> f64 {
    let mut v = d.to_vec();
    v.sort_by(f64::total_cmp);
    v.reverse();
    v.dedup();
    v.swap(0, 1);
    let mut order: Vec<usize> = (0..d.len()).collect();
    order.sort_by(|&a, &b| d[a].total_cmp(&d[b]));
    let median = v[v.len() / 2];
    let mut s = x * median;
    for &i in &order {
        s = s * 0.5 + d[i] * x;
    }
    for w in v.windows(2) {
        s += (w[1] - w[0]) * x;
    }
    v.truncate(2);
    v.retain(|w| *w > -5.0);
    v.drain(..1);
    s * v.len() as f64 + v[0] * x
}

case! {
    sorted_data, sorted_data_grad, sorted_data_grad_add, sorted_data_graph;
    with |x: f64| (x, &[0.5, 1.5, -0.7, 2.0]);
    at 0.83, 1.7, -0.6;
}
