//! Tables of the surroundings: constants, statics, associated constants, and slices, arrays, tuples and structs of them.

use gradus::differentiable;

const PAIRS: [(f64, f64); 3] = [(1.0, 2.0), (3.0, 4.0), (0.5, 0.25)];
static STATIC_PAIRS: [(f64, f64); 2] = [(1.0, 2.0), (3.0, 4.0)];
const SLICE: &[(f64, u8)] = &[(0.5, 250), (1.5, 3)];
const GRID: [[f64; 2]; 3] = [[1.0, 2.0], [3.0, -4.0], [0.5, 0.25]];
static ROWS: &[&[f64]] = &[&[1.0, 2.0, 3.0], &[-0.5], &[]];
const K: [f64; 3] = [-1.0, 0.5, 2.0];
static S: [f64; 3] = [1.5, -0.5, 2.0];
const INDICES: &[usize] = &[2, 0, 1];
const SMALL: [u8; 4] = [250, 1, 128, 7];
const TRIPLES: [(u8, (f64, bool), &str); 2] = [(200, (0.5, true), "ab"), (3, (1.5, false), "c")];
const TUPLE: (f64, [u8; 2], f32) = (2.5, [255, 1], 0.1);
const HALF: f64 = 0.5;

struct Sample {
    x: f64,
    y: f64,
    tag: u8,
}
struct Wrapped(f64, usize);
const SAMPLES: [Sample; 2] = [Sample { x: 0.3, y: 0.8, tag: 250 }, Sample { x: 1.3, y: -0.4, tag: 3 }];
static WRAPPED: &[Wrapped] = &[Wrapped(0.5, 2), Wrapped(-1.5, 1)];
struct Rule;
impl Rule {
    const NODES: [(f64, f64); 3] = [
        (-0.7745966692414834, 0.5555555555555556),
        (0.0, 0.8888888888888888),
        (0.7745966692414834, 0.5555555555555556),
    ];
    const ORDER: u8 = 250;
    const WEIGHTS: &'static [f64] = &[0.5, 0.25];
    const ONE: Sample = Sample { x: 1.0, y: 2.0, tag: 9 };
}
trait Steps {
    const STEPS: [f64; 2];
    const COUNT: usize = 2;
}
impl Steps for Rule {
    const STEPS: [f64; 2] = [0.1, 0.2];
}
mod inner {
    pub mod deep {
        pub const TABLE: [(usize, f64); 2] = [(0, 1.5), (2, -0.5)];
        pub static G: f32 = 9.81;
    }
}

#[differentiable(compiled)]
fn by_reference_pattern(x: f64) -> f64 {
    let mut s = 0.0;
    for &(a, b) in &PAIRS {
        s += (a * x - b).powi(2);
    }
    s
}

case! {
    by_reference_pattern, by_reference_pattern_grad, by_reference_pattern_grad_add, by_reference_pattern_graph;
    with |x: f64| (x);
    at 0.83, 1.7, -0.6;
    gradient PAIRS.iter().map(|(a, b)| 2.0 * a * (a * x - b)).sum();
}

#[differentiable(compiled)]
fn by_reference_in_iter(x: f64) -> f64 {
    let mut s = 0.0;
    for &(a, b) in PAIRS.iter() {
        s += (a * x - b).sin();
    }
    for &(a, b) in STATIC_PAIRS.iter().rev() {
        s *= a * x + b;
    }
    s
}

case! {
    by_reference_in_iter, by_reference_in_iter_grad, by_reference_in_iter_grad_add, by_reference_in_iter_graph;
    with |x: f64| (x);
    at 0.83, 1.7, -0.6;
}

#[differentiable(compiled)]
fn by_default_binding(x: f64) -> f64 {
    let mut s = 0.0;
    for (a, b) in &STATIC_PAIRS {
        s += (a * x - b).powi(2);
    }
    for (a, b) in STATIC_PAIRS {
        s += a * x.cos() * b;
    }
    for p in &PAIRS {
        s += p.0 * x + p.1;
    }
    s
}

case! {
    by_default_binding, by_default_binding_grad, by_default_binding_grad_add, by_default_binding_graph;
    with |x: f64| (x);
    at 0.83, 1.7, -0.6;
}

#[differentiable(compiled)]
fn mapped_by_reference(x: f64) -> f64 {
    PAIRS.iter().map(|&(a, b)| (a * x - b).sin()).sum()
}

case! {
    mapped_by_reference, mapped_by_reference_grad, mapped_by_reference_grad_add, mapped_by_reference_graph;
    with |x: f64| (x);
    at 0.83, 1.7, -0.6;
}

#[differentiable(compiled)]
fn mapped_arrays_by_reference(x: f64) -> f64 {
    GRID.iter().map(|&[a, b]| a * b * x).sum()
}

case! {
    mapped_arrays_by_reference, mapped_arrays_by_reference_grad, mapped_arrays_by_reference_grad_add, mapped_arrays_by_reference_graph;
    with |x: f64| (x);
    at 0.83, 1.7, -0.6;
    gradient 2.0 - 12.0 + 0.125;
}

#[differentiable(compiled)]
fn arrays_by_reference(x: f64) -> f64 {
    let mut s = x;
    for &[a, b] in &GRID {
        s = s * a + b * x;
    }
    for [a, b] in GRID {
        s += a * b * x;
    }
    for [a, _] in GRID.iter() {
        s += a * x * x;
    }
    s
}

case! {
    arrays_by_reference, arrays_by_reference_grad, arrays_by_reference_grad_add, arrays_by_reference_graph;
    with |x: f64| (x);
    at 0.83, 1.7, -0.6;
}

#[differentiable(compiled)]
fn slice_by_reference(x: f64) -> f64 {
    let mut s = 0.0;
    for &(w, k) in SLICE {
        s += w * x * k.wrapping_add(7) as f64;
    }
    for (w, k) in SLICE.iter().copied() {
        s += w * (!k) as f64 * x;
    }
    s
}

case! {
    slice_by_reference, slice_by_reference_grad, slice_by_reference_grad_add, slice_by_reference_graph;
    with |x: f64| (x);
    at 0.83, 1.7, -0.6;
}

#[differentiable(compiled)]
fn with_enumerate(x: f64) -> f64 {
    let mut s = 0.0;
    for (i, &(a, b)) in PAIRS.iter().enumerate() {
        s += (a * x - b) * i as f64;
    }
    for (i, [a, b]) in GRID.iter().enumerate().skip(1) {
        s += a * b * x * i as f64;
    }
    s
}

case! {
    with_enumerate, with_enumerate_grad, with_enumerate_grad_add, with_enumerate_graph;
    with |x: f64| (x);
    at 0.83, 1.7, -0.6;
}

#[differentiable(compiled)]
fn zipped_with_an_argument(v: &[f64]) -> f64 {
    PAIRS.iter().zip(v).map(|(&(a, b), x)| (a * x - b).powi(2)).sum()
}

case! {
    zipped_with_an_argument, zipped_with_an_argument_grad, zipped_with_an_argument_grad_add, zipped_with_an_argument_graph;
    with |v: Vec<f64>| (&v);
    at vec![0.5, -1.5, 2.0], vec![0.3], vec![];
    gradient PAIRS.iter().zip(&v).map(|((a, b), x)| 2.0 * a * (a * x - b)).collect();
}

#[differentiable(compiled)]
fn argument_zipped_with(v: &[f64]) -> f64 {
    let mut s = 0.0;
    for (x, &(a, b)) in v.iter().zip(&PAIRS) {
        s += (a * x - b).powi(2);
    }
    for (x, k) in v.iter().zip(K) {
        s *= x + k;
    }
    s
}

case! {
    argument_zipped_with, argument_zipped_with_grad, argument_zipped_with_grad_add, argument_zipped_with_graph;
    with |v: Vec<f64>| (&v);
    at vec![0.5, -1.5, 2.0], vec![0.3];
}

#[differentiable(compiled)]
fn zipped_together(x: f64) -> f64 {
    let mut s = x;
    for ((a, b), (&c, &[d, e])) in PAIRS.iter().zip(K.iter().zip(&GRID)) {
        s += a * b * c * d * x + e;
    }
    s
}

case! {
    zipped_together, zipped_together_grad, zipped_together_grad_add, zipped_together_graph;
    with |x: f64| (x);
    at 0.83, 1.7, -0.6;
}

#[differentiable(compiled)]
fn rows_of_slices(x: f64) -> f64 {
    let mut s = x;
    for row in ROWS {
        for w in *row {
            s += w * x;
        }
        s *= 1.0 + row.len() as f64;
    }
    for &row in ROWS {
        if let [first, ..] = row {
            s += first * x.sin();
        }
    }
    s + ROWS[0][1] * x
}

case! {
    rows_of_slices, rows_of_slices_grad, rows_of_slices_grad_add, rows_of_slices_graph;
    with |x: f64| (x);
    at 0.83, 1.7, -0.6;
}

#[differentiable(compiled)]
fn nested_by_reference(x: f64) -> f64 {
    let mut s = x;
    for &(k, (w, on), name) in &TRIPLES {
        if on {
            s += w * x * k as f64;
        } else {
            s *= name.len() as f64 + w;
        }
    }
    for (k, (w, on), _) in TRIPLES.iter() {
        s += if *on { x * *w } else { x * k.wrapping_mul(100) as f64 };
    }
    s
}

case! {
    nested_by_reference, nested_by_reference_grad, nested_by_reference_grad_add, nested_by_reference_graph;
    with |x: f64| (x);
    at 0.83, 1.7, -0.6;
}

#[differentiable(compiled)]
fn structs_in_a_table(x: f64) -> f64 {
    let mut s = 0.0;
    for Sample { x: at, y, tag } in &SAMPLES {
        s += (x * at - y).powi(2) * tag.wrapping_add(10) as f64;
    }
    for p in SAMPLES.iter() {
        s += p.x * x;
    }
    for &Sample { y, .. } in SAMPLES.iter() {
        s *= y + x;
    }
    s
}

case! {
    structs_in_a_table, structs_in_a_table_grad, structs_in_a_table_grad_add, structs_in_a_table_graph;
    with |x: f64| (x);
    at 0.83, 1.7, -0.6;
}

#[differentiable(compiled)]
fn gauss_nodes(x: f64) -> f64 {
    let mut s = 0.0;
    for &(t, w) in &Rule::NODES {
        s += w * (x * t).exp();
    }
    for (t, w) in Rule::NODES.iter() {
        s += w * (x + t).sin();
    }
    s
}

case! {
    gauss_nodes, gauss_nodes_grad, gauss_nodes_grad_add, gauss_nodes_graph;
    with |x: f64| (x);
    at 0.83, 1.7, -0.6;
}

#[differentiable(compiled)]
fn associated_constants(x: f64) -> f64 {
    let n = Rule::ORDER.wrapping_add(10);
    let mut s = x * n as f64;
    for w in Rule::WEIGHTS {
        s += w * x * x;
    }
    s + Rule::ONE.x * x + Rule::ONE.y.powi(2) * x + (!Rule::ONE.tag) as f64 * x
}

case! {
    associated_constants, associated_constants_grad, associated_constants_grad_add, associated_constants_graph;
    with |x: f64| (x);
    at 0.83, 1.7, -0.6;
}

#[differentiable(compiled)]
fn of_a_trait(x: f64) -> f64 {
    let mut s = x;
    for h in Rule::STEPS {
        s += h * s;
    }
    for h in <Rule as Steps>::STEPS.iter() {
        s += h * x;
    }
    s * <Rule as Steps>::COUNT as f64
}

case! {
    of_a_trait, of_a_trait_grad, of_a_trait_grad_add, of_a_trait_graph;
    with |x: f64| (x);
    at 0.83, 1.7, -0.6;
}

#[differentiable(compiled)]
fn from_a_module(x: f64) -> f64 {
    let mut s = x;
    for &(i, w) in &inner::deep::TABLE {
        s += x.powi(i as i32) * w;
    }
    use inner::deep::G;
    s * G as f64
}

case! {
    from_a_module, from_a_module_grad, from_a_module_grad_add, from_a_module_graph;
    with |x: f64| (x);
    at 0.83, 1.7, -0.6;
}

#[differentiable(compiled)]
fn dereferenced_items(x: f64) -> f64 {
    let mut s: f64 = K.iter().map(|c| x.copysign(*c - 0.25)).sum();
    for c in K.iter() {
        s += *c * x;
    }
    for c in &S {
        let d = *c;
        s += d * x * x;
    }
    s
}

case! {
    dereferenced_items, dereferenced_items_grad, dereferenced_items_grad_add, dereferenced_items_graph;
    with |x: f64| (x);
    at 0.83, 1.7, -0.6;
}

#[differentiable(compiled)]
fn indirect(x: f64) -> f64 {
    let mut s = 0.0;
    for &i in INDICES {
        s += S[i] * x.powi(i as i32);
    }
    for i in INDICES.iter().map(|i| INDICES[*i]) {
        s += K[i] * GRID[i][0] * x;
    }
    s
}

case! {
    indirect, indirect_grad, indirect_grad_add, indirect_graph;
    with |x: f64| (x);
    at 0.83, 1.7, -0.6;
}

#[differentiable(compiled)]
fn bytes_in_a_table(x: f64) -> f64 {
    let mut h = 0u8;
    let mut s = x;
    for b in SMALL {
        h = h.wrapping_mul(31).wrapping_add(b);
        s += x * h as f64;
    }
    for b in SMALL.iter() {
        s += x * b.rotate_left(1) as f64;
    }
    let n: u8 = SMALL.iter().fold(0, |a, b| a ^ b);
    s + (!n) as f64 * x
}

case! {
    bytes_in_a_table, bytes_in_a_table_grad, bytes_in_a_table_grad_add, bytes_in_a_table_graph;
    with |x: f64| (x);
    at 0.83, 1.7, -0.6;
}

#[differentiable(compiled)]
fn parts_of_a_tuple(x: f64) -> f64 {
    let n = TUPLE.1[0].wrapping_add(2);
    let (a, [b, c], d) = TUPLE;
    x * TUPLE.0 * n as f64 + a * x * x + b.wrapping_mul(2) as f64 * c as f64 + d as f64 * x
}

case! {
    parts_of_a_tuple, parts_of_a_tuple_grad, parts_of_a_tuple_grad_add, parts_of_a_tuple_graph;
    with |x: f64| (x);
    at 0.83, 1.7, -0.6;
}

#[differentiable(compiled)]
fn slices_of_a_table(x: f64) -> f64 {
    let s: f64 = (K[..K.len() - 1]).iter().map(|c| c * x).sum();
    let t: f64 = K[1..].iter().zip(&S[..2]).map(|(a, b)| a * b * x).sum();
    let w = &PAIRS[1..];
    let mut u = s * t;
    for &(a, b) in w {
        u += a * x - b;
    }
    u
}

case! {
    slices_of_a_table, slices_of_a_table_grad, slices_of_a_table_grad_add, slices_of_a_table_graph;
    with |x: f64| (x);
    at 0.83, 1.7, -0.6;
}

#[differentiable(compiled)]
fn windows_of_a_table(x: f64) -> f64 {
    let mut s = 0.0;
    for w in K.windows(2) {
        s += (w[1] - w[0]) * x;
    }
    for w in PAIRS.windows(2) {
        s += w[0].0 * w[1].1 * x * x;
    }
    for c in S.chunks_exact(2) {
        s += c[0] * x - c[1];
    }
    for c in S.chunks(2) {
        s += c.len() as f64 * x;
    }
    for &[a, b] in PAIRS.map(|(a, b)| [a, b]).iter() {
        s += a * b * x;
    }
    s
}

case! {
    windows_of_a_table, windows_of_a_table_grad, windows_of_a_table_grad_add, windows_of_a_table_graph;
    with |x: f64| (x);
    at 0.83, 1.7, -0.6;
}

#[differentiable(compiled)]
fn window_patterns(x: f64) -> f64 {
    let mut s = 0.0;
    for w in PAIRS.windows(2) {
        if let [(a, b), (c, d)] = w {
            s += a * d * x - b * c;
        }
    }
    for w in S.windows(2) {
        let [a, b] = w else { return x };
        s += a * b * x;
    }
    s
}

case! {
    window_patterns, window_patterns_grad, window_patterns_grad_add, window_patterns_graph;
    with |x: f64| (x);
    at 0.83, 1.7, -0.6;
}

#[differentiable(compiled)]
fn copy_of_a_table(x: f64) -> f64 {
    let mut t = K;
    t[0] += 2.0;
    let mut s = x;
    for w in t {
        s += w * x;
    }
    let mut u = PAIRS;
    u[1].0 = 7.5;
    for &(a, b) in &u {
        s += a * x - b;
    }
    s + K[0]
}

case! {
    copy_of_a_table, copy_of_a_table_grad, copy_of_a_table_grad_add, copy_of_a_table_graph;
    with |x: f64| (x);
    at 0.83, 1.7, -0.6;
}

#[differentiable(compiled)]
fn get_else(x: f64, n: usize) -> f64 {
    let Some(&w) = K.get(n) else { return x * x };
    let Some((a, b)) = PAIRS.get(n + 1) else { return x * w };
    a * x * w + b
}

case! {
    get_else, get_else_grad, get_else_grad_add, get_else_graph;
    for n in [0, 2, 5];
    with |x: f64| (x, n);
    at 0.83, -0.6;
}

#[differentiable(compiled)]
fn searched_table(x: f64) -> f64 {
    let i = PAIRS.iter().position(|&(a, _)| a < 0.8).unwrap();
    let top = K.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let best = PAIRS.iter().max_by(|p, q| p.1.total_cmp(&q.1)).unwrap();
    let low = K.iter().min_by(|a, b| a.total_cmp(b)).unwrap();
    x * i as f64 * top + best.0 * x * x + low * x
}

case! {
    searched_table, searched_table_grad, searched_table_grad_add, searched_table_graph;
    with |x: f64| (x);
    at 0.83, 1.7, -0.6;
}

#[differentiable(compiled)]
fn interpolated(x: f64) -> f64 {
    let t = x.abs().min(1.9);
    let i = gradus::stop_gradient(t) as usize;
    let (lo, hi) = (S[i], S[i + 1]);
    lo + (hi - lo) * (t - i as f64)
}

case! {
    interpolated, interpolated_grad, interpolated_grad_add, interpolated_graph;
    with |x: f64| (x);
    at 0.83, 1.7, -0.6;
}

#[differentiable(compiled)]
fn horner_over_a_table(x: f64) -> f64 {
    K.iter().rev().fold(0.0, |y, c| y * x + c)
}

case! {
    horner_over_a_table, horner_over_a_table_grad, horner_over_a_table_grad_add, horner_over_a_table_graph;
    with |x: f64| (x);
    at 0.83, 1.7, -0.6;
}

#[differentiable(compiled)]
fn pair(p: (f64, f64)) -> f64 {
    p.0 * p.1
}

#[differentiable(compiled)]
fn table_in_array_arguments(x: f64) -> f64 {
    dot(&[x, HALF, K[0]], &K)
        + dot(&K, &[HALF, x, x])
        + dot(&S, &K) * x
        + dot(&GRID[1], &[x, x])
        + dot(ROWS[0], &[x, 1.0, HALF])
}

case! {
    table_in_array_arguments, table_in_array_arguments_grad, table_in_array_arguments_grad_add, table_in_array_arguments_graph;
    with |x: f64| (x);
    at 0.83, 1.7, -0.6;
}

#[differentiable(compiled)]
fn dot(a: &[f64], b: &[f64]) -> f64 {
    let mut s = 0.0;
    for i in 0..a.len() {
        s += a[i] * b[i];
    }
    s
}

#[differentiable(compiled)]
fn rows_of_copies(v: &[f64], k: f64) -> f64 {
    let mut m = vec![v.to_vec(); 3];
    m[1][0] *= k;
    let mut z = vec![K.to_vec(); 2];
    z[1][0] = k;
    m[1][0] + m[0][0] * z[1][0] + z[0][0] * k * z[1][2]
}

case! {
    rows_of_copies, rows_of_copies_grad, rows_of_copies_grad_add, rows_of_copies_graph;
    with |v: Vec<f64>, k: f64| (&v, k);
    at (vec![0.5, -1.5], 0.7);
}

#[differentiable(compiled)]
fn array_of_vecs(v: &[f64], k: f64) -> f64 {
    let d = [v.to_vec(), vec![k, 2.0], K.to_vec()];
    d[0][0] * d[1][0] + d.iter().map(|r| r[1]).sum::<f64>() + d[2][2] * k
}

case! {
    array_of_vecs, array_of_vecs_grad, array_of_vecs_grad_add, array_of_vecs_graph;
    with |v: Vec<f64>, k: f64| (&v, k);
    at (vec![0.5, -1.5], 0.7);
}

#[differentiable(compiled)]
fn folded_flat_table(x: f64) -> f64 {
    GRID.iter().flatten().fold(x, |a, b| a * 0.5 + b * x)
}

case! {
    folded_flat_table, folded_flat_table_grad, folded_flat_table_grad_add, folded_flat_table_graph;
    with |x: f64| (x);
    at 0.83, 1.7, -0.6;
}

#[differentiable(compiled)]
fn factors_over_a_table(x: f64) -> f64 {
    S.iter().fold(1.0, |p, &c| p * (x - c))
}

case! {
    factors_over_a_table, factors_over_a_table_grad, factors_over_a_table_grad_add, factors_over_a_table_graph;
    with |x: f64| (x);
    at 0.83, 1.7, -0.6;
}

#[differentiable(compiled)]
fn array_of_tuples_changed(v: &[f64], k: f64) -> f64 {
    let mut ts = [(v[0], 2.0), (3.0, k)];
    for t in ts.iter_mut() {
        t.0 *= k;
        t.1 += HALF;
    }
    ts[0].0 * ts[1].1 + ts[1].0 * ts[0].1
}

case! {
    array_of_tuples_changed, array_of_tuples_changed_grad, array_of_tuples_changed_grad_add, array_of_tuples_changed_graph;
    with |v: Vec<f64>, k: f64| (&v, k);
    at (vec![0.5, -1.5], 0.7);
}

#[differentiable(compiled)]
fn vec_of_a_table(x: f64) -> f64 {
    let mut v = K.to_vec();
    v.push(x);
    v.extend(S);
    v.extend_from_slice(&K[1..]);
    let w = Vec::from(PAIRS);
    let mut s = v.iter().product::<f64>();
    for (a, b) in w {
        s += a * x + b;
    }
    s + v[1] * x
}

case! {
    vec_of_a_table, vec_of_a_table_grad, vec_of_a_table_grad_add, vec_of_a_table_graph;
    with |x: f64| (x);
    at 0.83, 1.7, -0.6;
}

#[differentiable(compiled)]
fn methods_of_a_constant(x: f64) -> f64 {
    HALF.max(x)
        + HALF.powf(x)
        + HALF.min(x) * HALF.hypot(x)
        + HALF.atan2(x)
        + HALF.powi(2) * x
        + HALF.sin() * x
        + HALF.mul_add(x, 2.0)
        + HALF.copysign(x)
}

case! {
    methods_of_a_constant, methods_of_a_constant_grad, methods_of_a_constant_grad_add, methods_of_a_constant_graph;
    with |x: f64| (x);
    at 0.83, 1.7, -0.6;
}

#[differentiable(compiled)]
fn concatenated(x: &[f64], #[constant] c: &[f64]) -> f64 {
    let a: Vec<f64> = [&c[1..], &x[..], &K].concat();
    let b = [K.to_vec(), x.to_vec()].concat();
    a[0] * a[1] + b[3] * b[2] + a.iter().sum::<f64>()
}

case! {
    concatenated, concatenated_grad, concatenated_grad_add, concatenated_graph;
    with |x: Vec<f64>| (&x, &[0.5, 2.5]);
    at vec![0.5, -1.5];
}

#[differentiable(compiled)]
fn item_with_an_active_argument(x: f64) -> f64 {
    S.iter().map(|c| (*c).max(x)).sum::<f64>() + K.iter().map(|c| c.hypot(x)).sum::<f64>()
}

case! {
    item_with_an_active_argument, item_with_an_active_argument_grad, item_with_an_active_argument_grad_add, item_with_an_active_argument_graph;
    with |x: f64| (x);
    at 0.83, 1.7, -0.6;
}

#[differentiable(compiled)]
fn table_in_a_tuple_argument(x: f64) -> f64 {
    pair((HALF, x)) + pair((x, K[1])) * pair(PAIRS[0]) + pair((TUPLE.0, S[0])) * x
}

case! {
    table_in_a_tuple_argument, table_in_a_tuple_argument_grad, table_in_a_tuple_argument_grad_add, table_in_a_tuple_argument_graph;
    with |x: f64| (x);
    at 0.83, 1.7, -0.6;
}

#[differentiable(compiled)]
fn tuple_structs_in_a_table(x: f64) -> f64 {
    let mut s = x;
    for Wrapped(w, n) in WRAPPED {
        s = s * w + x.powi(*n as i32);
    }
    for &Wrapped(w, n) in WRAPPED {
        s += w * n as f64 * x;
    }
    let Wrapped(w, _) = &WRAPPED[1];
    s * w
}

case! {
    tuple_structs_in_a_table, tuple_structs_in_a_table_grad, tuple_structs_in_a_table_grad_add, tuple_structs_in_a_table_graph;
    with |x: f64| (x);
    at 0.83, 1.7, -0.6;
}

#[differentiable(compiled)]
fn copy_of_pairs_that_becomes_active(x: f64) -> f64 {
    let mut u = PAIRS;
    u[0].0 *= x;
    u[2].1 = x;
    let mut s = 0.0;
    for (a, b) in u {
        s += a * b;
    }
    s + PAIRS[0].0 * x
}

case! {
    copy_of_pairs_that_becomes_active, copy_of_pairs_that_becomes_active_grad, copy_of_pairs_that_becomes_active_grad_add, copy_of_pairs_that_becomes_active_graph;
    with |x: f64| (x);
    at 0.83, 1.7, -0.6;
}

#[differentiable(compiled)]
fn table_chained(v: &[f64]) -> f64 {
    K.iter().chain(v.iter()).map(|x| x * x).sum::<f64>()
        * v.iter().chain(&S).copied().map(|y| y + 3.0).product::<f64>()
}

case! {
    table_chained, table_chained_grad, table_chained_grad_add, table_chained_graph;
    with |v: Vec<f64>| (&v);
    at vec![0.5, -1.5, 2.0], vec![0.3];
}

#[differentiable(compiled)]
fn table_or_argument(v: &[f64], n: usize) -> f64 {
    let w: &[f64] = if n > 2 { &K } else { v };
    let u = match n {
        0 => v,
        1 => &S[..],
        _ => &K[1..],
    };
    w.iter().product::<f64>() + u.iter().sum::<f64>() * w[0]
}

case! {
    table_or_argument, table_or_argument_grad, table_or_argument_grad_add, table_or_argument_graph;
    for n in [0, 1, 2, 5];
    with |v: Vec<f64>| (&v, n);
    at vec![0.5, -1.5, 2.0];
}

#[differentiable]
fn copy_that_becomes_active(x: f64) -> f64 {
    let t = K.map(|c| c * x);
    let mut u = K;
    u[0] = x;
    u[1] += x * x;
    t[0] * t[1] + u[0] * u[1] * u[2]
}

case! {
    copy_that_becomes_active, copy_that_becomes_active_grad, copy_that_becomes_active_grad_add, copy_that_becomes_active_graph;
    with |x: f64| (x);
    at 0.83, 1.7, -0.6;
}

#[differentiable]
fn get_of_a_table(x: f64, n: usize) -> f64 {
    K.get(n).copied().unwrap_or(x) * K.first().map_or(x, |c| c * x)
        + K.last().copied().unwrap_or(0.0) * x
        + PAIRS.get(n).map(|p| p.0 * x).unwrap_or(x * x)
}

case! {
    get_of_a_table, get_of_a_table_grad, get_of_a_table_grad_add, get_of_a_table_graph;
    for n in [0, 2, 5];
    with |x: f64| (x, n);
    at 0.83, -0.6;
}

#[differentiable]
fn ordered_against_a_table(x: f64) -> f64 {
    let mut s = 0.0;
    for c in K.iter() {
        if c.total_cmp(&x).is_gt() {
            s += x;
        }
        if c.partial_cmp(&x) == Some(std::cmp::Ordering::Less) {
            s += x * x;
        }
        if *c > x {
            s += c * x;
        }
    }
    s + K.partition_point(|c| *c < x) as f64 * x
}

case! {
    ordered_against_a_table, ordered_against_a_table_grad, ordered_against_a_table_grad_add, ordered_against_a_table_graph;
    with |x: f64| (x);
    at 0.83, 1.7, -0.6;
}

#[differentiable]
fn pushed_constants(x: f64, #[constant] c: &[f64], #[constant] rows: &[Vec<f64>]) -> f64 {
    let mut w = vec![vec![x, 1.0]];
    w.push(c.to_vec());
    w.push(rows[0].clone());
    w.extend(rows.iter().cloned());
    let mut z = c.to_vec();
    z.push(x);
    z.extend_from_slice(&rows[0]);
    z.extend(c.iter().map(|v| v * 2.0));
    z.insert(0, K[1]);
    w[1][0] * w[2][0] * w[0][0] * z.iter().product::<f64>()
}

case! {
    pushed_constants, pushed_constants_grad, pushed_constants_grad_add, pushed_constants_graph;
    with |x: f64| (x, &[0.5, 1.5], &[vec![2.0, 0.5], vec![1.5, 1.0]]);
    at 0.83, 1.7, -0.6;
}

static WEIGHTS: &[f64] = &[0.4, 0.6, 1.1];

/// Slices of a table, joined, where values may stand in their place.
#[differentiable]
fn joined_slices(x: f64) -> f64 {
    let joined: Vec<f64> = [&WEIGHTS[..], &WEIGHTS[1..]].concat();
    let first = joined.first().copied().unwrap_or(x);
    first * joined.last().copied().unwrap_or(x) * joined.get(9).copied().unwrap_or(x)
}

case! {
    joined_slices, joined_slices_grad, joined_slices_grad_add, joined_slices_graph;
    with |x: f64| (x);
    at 0.83, -0.6;
}

#[differentiable]
fn waved(x: f64, y: f64) -> f64 {
    x * y.sin()
}

/// A list of data, of which a guard looks at a parameter under another name.
#[differentiable]
fn guarded_entries(x: f64) -> f64 {
    let [a, b] = [x, x];
    let entries = vec![
        (match K[0] {
            z if waved(z, a) > 0.3 => 1.5,
            z => K[1] + z,
        }),
        1.5,
    ];
    b * entries[0]
}

case! {
    guarded_entries, guarded_entries_grad, guarded_entries_grad_add, guarded_entries_graph;
    with |x: f64| (x);
    at 0.83, 1.7, -0.6;
}
