//! Data handed on to differentiable functions, type aliases, and data of any type that the gradient itself needs.

use self::elsewhere::{Length, Spring as S, Vector3};
use gradus::{differentiable, stop_gradient};

#[derive(Clone)]
struct Sample {
    x: f64,
    y: f64,
    flag: bool,
    n: i32,
    id: usize,
    xs: Vec<f64>,
    pair: (f64, f64),
    unit: [f64; 2],
    inner: Inner,
    name: String,
}
#[derive(Clone)]
struct Inner {
    w: f64,
    rows: Vec<Vec<f64>>,
}
fn samples() -> Vec<Sample> {
    let of = |x: f64, y: f64, flag, n, id| Sample {
        x,
        y,
        flag,
        n,
        id,
        xs: vec![x, y, 0.5],
        pair: (y, x),
        unit: [0.25, x],
        inner: Inner { w: x + y, rows: vec![vec![x], vec![y, 1.5]] },
        name: "ab".repeat(id),
    };
    vec![of(0.3, 0.8, true, 2, 1), of(1.3, -0.4, false, 3, 0), of(-0.7, 1.2, true, 1, 2)]
}
static TABLE: [(f64, f64); 2] = [(1.0, 2.0), (3.0, 4.0)];
const NODES: &[f64] = &[0.5, -0.25, 1.5];
mod elsewhere {
    pub type Length = f64;
    pub type Vector3 = [f64; 3];
    pub type Spring = (f64, f64);
    pub type Grid<const N: usize, const M: usize> = [[f64; N]; M];
    pub mod deep {
        pub type Rows<'a> = &'a [Vec<f64>];
        pub type Flag = bool;
    }
}

#[differentiable(compiled)]
fn model(p: f64, x: f64) -> f64 {
    (p * x).sin()
}
#[differentiable(compiled)]
fn line(p: f64, (a, b): (f64, f64)) -> f64 {
    a * p + b * b * p
}
#[differentiable(compiled)]
fn dot(a: &[f64], b: &[f64]) -> f64 {
    let mut s = 0.0;
    for i in 0..a.len().min(b.len()) {
        s += a[i] * b[i];
    }
    s
}
#[differentiable(compiled)]
fn plane(p: f64, u: [f64; 2]) -> f64 {
    u[0] * p + u[1] * p * p
}
#[differentiable(compiled)]
fn of_rows(p: f64, rows: &[Vec<f64>]) -> f64 {
    let mut s = p;
    for r in rows {
        for x in r {
            s += x * s * 0.1;
        }
    }
    s
}
#[differentiable(compiled)]
fn counted(p: f64, n: usize, up: bool, k: i32) -> f64 {
    let mut s = p;
    for _ in 0..n {
        s = s * p + 1.0;
    }
    if up { s.powi(k) } else { s }
}
#[differentiable(compiled)]
fn weighed(p: f64, #[constant] w: f64, #[constant] data: &[Sample]) -> f64 {
    p * w + data.len() as f64 * p * data[0].x
}
#[differentiable(compiled)]
fn owned(p: f64, v: Vec<f64>) -> f64 {
    v.iter().map(|x| x * p).sum()
}
#[differentiable(compiled)]
fn end(s0: f64, vol: f64, #[constant] z: &[f64]) -> f64 {
    let mut s = s0;
    for z in z {
        s += s * vol * z;
    }
    s
}

#[differentiable(compiled)]
fn fields(p: f64, #[constant] data: &[Sample]) -> f64 {
    let mut s = 0.0;
    for d in data {
        s += (model(p, d.x) - d.y).powi(2);
    }
    s + data.iter().map(|d| model(p, d.y)).sum::<f64>()
}

case! {
    fields, fields_grad, fields_grad_add, fields_graph;
    with |p: f64| (p, &samples());
    at 0.83, -0.6;
}

#[differentiable(compiled)]
fn fields_by_index(p: f64, #[constant] data: &[Sample]) -> f64 {
    let mut s = 0.0;
    for i in 0..data.len() {
        let d = &data[i];
        s += model(p, d.x) * model(p, data[i].y);
        let Sample { x, y, .. } = d;
        s += model(*x, p) + model(p, *y);
    }
    s
}

case! {
    fields_by_index, fields_by_index_grad, fields_by_index_grad_add, fields_by_index_graph;
    with |p: f64| (p, &samples());
    at 0.83, -0.6;
}

#[differentiable(compiled)]
fn fields_of_every_type(p: f64, #[constant] data: &[Sample]) -> f64 {
    let mut s = 0.0;
    for d in data {
        s += counted(p, d.id, d.flag, d.n)
            + line(p, d.pair)
            + plane(p, d.unit)
            + dot(&d.xs, &[p, p, 1.0])
            + of_rows(p, &d.inner.rows)
            + owned(p, d.xs.clone())
            + weighed(p, d.inner.w, data);
    }
    s
}

case! {
    fields_of_every_type, fields_of_every_type_grad, fields_of_every_type_grad_add, fields_of_every_type_graph;
    with |p: f64| (p, &samples());
    at 0.83, -0.6;
}

#[differentiable]
fn fields_through_patterns(p: f64, #[constant] data: &[Sample]) -> f64 {
    let mut s = 0.0;
    for Sample { x, y, xs, pair, inner: Inner { w, rows }, n, .. } in data {
        s += model(p, *x) * model(p, *y)
            + dot(xs, &[p, 1.0])
            + line(p, *pair)
            + model(p, *w)
            + of_rows(p, rows)
            + counted(p, 1, true, *n)
            + dot(&rows[1], &[p, p]);
    }
    s
}

case! {
    fields_through_patterns, fields_through_patterns_grad, fields_through_patterns_grad_add, fields_through_patterns_graph;
    with |p: f64| (p, &samples());
    at 0.83, -0.6;
}

#[differentiable]
fn table(p: f64) -> f64 {
    TABLE.iter().map(|(x, y)| (model(p, *x) - y).powi(2)).sum::<f64>()
        + TABLE.iter().map(|&q| line(p, q)).sum::<f64>()
        + NODES.iter().map(|&t| model(p, t)).sum::<f64>()
}

case! {
    table, table_grad, table_grad_add, table_graph;
    with |p: f64| (p);
    at 0.83, -0.6;
}

#[differentiable]
fn table_in_a_loop(p: f64) -> f64 {
    let mut s = p;
    for &(x, y) in &TABLE {
        s = model(s, x) * y + model(p, y);
    }
    for t in NODES {
        s += model(p, *t);
    }
    for i in 0..2 {
        s += model(p, TABLE[i].0) + line(p, TABLE[i]) + dot(&NODES[i..], &[p, s]);
    }
    s
}

case! {
    table_in_a_loop, table_in_a_loop_grad, table_in_a_loop_grad_add, table_in_a_loop_graph;
    with |p: f64| (p);
    at 0.83, -0.6;
}

#[differentiable(compiled)]
fn zipped(p: f64, #[constant] xs: &[f64], #[constant] ys: &[f64]) -> f64 {
    let mut s = 0.0;
    for (x, y) in xs.iter().zip(ys) {
        s += (model(p, *x) - y).powi(2);
    }
    for ((i, &x), &y) in xs.iter().enumerate().zip(ys.iter().rev()) {
        s += model(p, x + y) * i as f64;
    }
    s + xs.iter().zip(ys).map(|(&x, y)| model(p, x) * model(p, y - 1.0)).sum::<f64>()
}

case! {
    zipped, zipped_grad, zipped_grad_add, zipped_graph;
    with |p: f64| (p, &[0.5, 1.5, -0.7], &[0.3, 0.9, 2.0]);
    at 0.83, -0.6;
}

#[differentiable(compiled)]
fn rows(p: f64, #[constant] rows: &[Vec<f64>], #[constant] flat: &[f64]) -> f64 {
    let mut s = 0.0;
    for r in rows {
        s += dot(r, &[p, p * p]) + end(p, 0.1, r) + r.iter().map(|x| model(p, *x)).sum::<f64>();
    }
    for i in 0..rows.len() {
        s += dot(&rows[i], &[p]) + end(p, 0.2, &rows[i][..1]);
    }
    for c in flat.chunks_exact(2) {
        s += dot(c, &[p, 1.0]) + model(p, c[1]);
    }
    for w in flat.windows(2) {
        s += end(p, w[0], w);
    }
    s + of_rows(p, rows) + of_rows(p, &rows[1..])
}

case! {
    rows, rows_grad, rows_grad_add, rows_graph;
    with |p: f64| (p, &[vec![0.5, 1.5], vec![-0.7, 2.0]], &[0.3, 0.9, 2.0]);
    at 0.83, -0.6;
}

#[differentiable(compiled)]
fn shadowed_names(s0: f64, vol: f64, #[constant] z: &[Vec<f64>]) -> f64 {
    let a: f64 = z.iter().map(|z| end(s0, vol, z)).sum();
    let mut b = 0.0;
    for z in z {
        b += end(s0, vol, z);
        let z = &z[1..];
        b += end(s0, vol, z);
    }
    let z = &z[0];
    a * b + end(s0, vol, z)
}

case! {
    shadowed_names, shadowed_names_grad, shadowed_names_grad_add, shadowed_names_graph;
    with |s0: f64, vol: f64| (s0, vol, &[vec![0.5, -1.5], vec![0.7, 0.3]]);
    at (1.1, 0.2);
}

#[differentiable]
fn computed_data(p: f64, n: usize, #[constant] xs: &[f64]) -> f64 {
    let mean = xs.iter().sum::<f64>() / xs.len() as f64;
    let centred: Vec<f64> = xs.iter().map(|x| x - mean).collect();
    let grid: Vec<Vec<f64>> = (0..n).map(|i| vec![i as f64, mean]).collect();
    let best = xs.iter().copied().fold(f64::MIN, f64::max);
    let pairs: Vec<(f64, f64)> = xs.iter().map(|x| (*x, mean)).collect();
    let mut s = model(p, mean) + model(p, best) + dot(&centred, &[p, p, 1.0]);
    for (i, c) in centred.iter().enumerate() {
        s += model(p, *c) + counted(p, i, c > &0.0, i as i32) + line(p, pairs[i]);
    }
    for r in &grid {
        s += dot(r, &[p, s]);
    }
    s + of_rows(p, &grid)
}

case! {
    computed_data, computed_data_grad, computed_data_grad_add, computed_data_graph;
    with |p: f64| (p, 2, &[0.5, 1.5, -0.7]);
    at 0.83, -0.6;
}

#[differentiable]
fn data_from_calls(p: f64, n: usize) -> f64 {
    let data = samples();
    let v = grid(n);
    let mut s = p;
    for d in &data {
        s += model(p, d.x);
    }
    for x in grid(2) {
        s += model(p, x);
    }
    for (i, x) in v.iter().enumerate() {
        s = model(s, *x) + counted(p, i, x > &0.5, 2);
    }
    s + dot(&grid(2), &[p, s]) + model(p, v[1]) + line(p, data[1].pair) + model(data[0].x, p)
}
fn grid(n: usize) -> Vec<f64> {
    (0..n).map(|i| i as f64 * 0.5).collect()
}

case! {
    data_from_calls, data_from_calls_grad, data_from_calls_grad_add, data_from_calls_graph;
    with |p: f64| (p, 3);
    at 0.83, -0.6;
}

#[differentiable]
fn options_to_helpers(
    p: f64,
    #[constant] o: Option<f64>,
    #[constant] m: &[Option<(f64, f64)>],
    #[constant] b: &Option<Sample>,
) -> f64 {
    let mut s = match o {
        Some(w) => model(p, w),
        None => p,
    };
    for q in m {
        if let Some(q) = q {
            s += line(p, *q);
        }
        if let Some((a, _)) = *q {
            s += model(p, a);
        }
    }
    if let Some(d) = b {
        s += model(p, d.x) * dot(&d.xs, &[p, 1.0, s]);
    }
    s + model(p, o.unwrap_or(0.5)) + o.map_or(p, |w| model(p, w))
}

case! {
    options_to_helpers, options_to_helpers_grad, options_to_helpers_grad_add, options_to_helpers_graph;
    for o in [Some(0.7), None];
    with |p: f64| (p, o, &[Some((0.5, 1.5)), None], &samples().pop());
    at 0.83, -0.6;
}

#[differentiable(compiled)]
fn flags(p: f64, #[constant] data: &[Sample]) -> f64 {
    let mut s = 0.0;
    for d in data {
        s += if d.flag { p * d.x } else { p.sin() };
        if d.id > 1 && !d.flag || d.name.is_empty() {
            s *= p;
        }
        match d.n {
            1 => s += p,
            2..=3 => s *= d.y,
            _ => {}
        }
        let up = d.flag;
        if up {
            s += p * p;
        }
    }
    s
}

case! {
    flags, flags_grad, flags_grad_add, flags_graph;
    with |p: f64| (p, &samples());
    at 0.83, -0.6;
}

#[differentiable(compiled)]
fn needed_in_reverse(v: &[f64], #[constant] data: &[Sample]) -> f64 {
    let mut w = v.to_vec();
    let mut s = v[0];
    for d in data {
        let (i, k, by, e, up) = (d.id, d.n, d.x, d.unit[0], d.flag);
        w[i] *= by * s;
        s = s.powi(k) * by + w[i].abs().powf(e);
        if up {
            s = s.sin();
        } else if by > 1.0 {
            w[(i + 1) % 3] += s;
        }
        for _ in 0..i {
            s *= by;
        }
        s /= d.pair.1 + 3.0;
    }
    s + w[0] * w[1] * w[2]
}

case! {
    needed_in_reverse, needed_in_reverse_grad, needed_in_reverse_grad_add, needed_in_reverse_graph;
    with |v: Vec<f64>| (&v, &samples());
    at vec![0.5, -1.5, 2.0];
}

#[differentiable(compiled)]
fn needed_of_unknown_types_1(v: &[f64], n: usize) -> f64 {
    let mut w = v.to_vec();
    let mut s = v[0];
    for i in 0..n {
        let d = fetch(i);
        let k = d.0;
        let on = d.1;
        let at = d.2 % v.len();
        let (a, b) = d.3;
        if on {
            s = s * a + w[at];
        } else {
            s = s.powi(k) * b as f64;
        }
        w[at] = s * s;
        s *= d.3.0;
        let code = d.4;
        match code {
            'a' => s += v[1],
            'b'..='c' => s *= v[1],
            _ => {}
        }
        let word = d.5;
        if word == "two" {
            s = s.cos();
        }
    }
    s + w[0] * w[1]
}
fn fetch(i: usize) -> (i32, bool, usize, (f64, f32), char, &'static str) {
    (
        i as i32 % 3 + 1,
        i % 2 == 0,
        i * 5,
        (0.5 + i as f64, 2.0),
        if i == 1 { 'b' } else { 'a' },
        ["one", "two", "three"][i % 3],
    )
}
#[differentiable(compiled)]
fn needed_of_unknown_types_2(v: &[f64], n: usize) -> f64 {
    let mut s = v[0];
    let mut d = fetch(0);
    for i in 0..n {
        if d.1 {
            s *= d.3.0 * v[d.2 % v.len()];
        }
        s = s.powi(d.0);
        d = fetch(i + 1);
    }
    let last = d;
    s * last.3.0
}

case! {
    needed_of_unknown_types_2, needed_of_unknown_types_2_grad, needed_of_unknown_types_2_grad_add, needed_of_unknown_types_2_graph;
    with |v: Vec<f64>| (&v, 4);
    at vec![0.5, -1.5];
}

#[differentiable(compiled)]
fn conditions_of_unknown_type(x: f64, n: usize) -> f64 {
    let mut s = x;
    for i in 0..n {
        let even = is_even(i);
        let big = compare(i, 2);
        s = if even { s.sin() } else { s * s };
        if big.is_lt() {
            s *= x;
        }
        if let Some(k) = look(i) {
            s = s.powi(k) + x;
        }
        while s.abs() > 3.0 {
            s *= 0.5;
        }
        let kind = kind_of(i);
        s = match kind {
            Kind::A => s + x,
            Kind::B { by } => s * by,
            Kind::C(k, w) => s.powi(k) * w,
        };
    }
    s
}
fn is_even(i: usize) -> bool {
    i % 2 == 0
}
fn compare(a: usize, b: usize) -> std::cmp::Ordering {
    a.cmp(&b)
}
fn look(i: usize) -> Option<i32> {
    (i % 3 == 1).then_some(2)
}
enum Kind {
    A,
    B { by: f64 },
    C(i32, f64),
}
fn kind_of(i: usize) -> Kind {
    match i % 3 {
        0 => Kind::B { by: 0.7 },
        1 => Kind::A,
        _ => Kind::C(2, 1.3),
    }
}

case! {
    conditions_of_unknown_type, conditions_of_unknown_type_grad, conditions_of_unknown_type_grad_add, conditions_of_unknown_type_graph;
    with |x: f64| (x, 4);
    at 0.83, 1.7, -0.6;
}

type Real = f64;
type V3 = [f64; 3];
type State = (f64, f64);
type M2 = [[f64; 2]; 2];
type Mat<const N: usize> = [[Real; N]; N];
type Nested = (V3, State);
type Slice<'a> = &'a [Real];
type Rows = Vec<Vec<Real>>;
type Count = usize;
type Byte = u8;
type Single = f32;
type Flags = [bool; 2];
type Labelled = (u8, &'static str);
type Maybe = Option<Real>;

#[differentiable(compiled)]
fn product(x: Real, y: Real) -> Real {
    let z: Real = x * y;
    let w: f64 = z;
    w * x
}

case! {
    product, product_grad, product_grad_add, product_graph;
    with |x: f64, y: f64| (x, y);
    at (0.83, 0.53);
    gradient (2.0 * x * y, x * x);
}

#[differentiable(compiled)]
fn user(x: Real, y: Length) -> Length {
    product(x, y) * x + elsewhere_too(x)
}
#[differentiable(compiled)]
fn elsewhere_too(x: elsewhere::Length) -> f64 {
    x * x
}

case! {
    user, user_grad, user_grad_add, user_graph;
    with |x: f64, y: f64| (x, y);
    at (0.83, 0.53);
}

#[differentiable(compiled)]
fn scaled(a: V3, n: Real) -> V3 {
    a.map(|x| x / n)
}
#[differentiable(compiled)]
fn rhs(s: V3) -> V3 {
    [s[1] - s[0], s[0] * s[2], s[0] - s[2]]
}
#[differentiable(compiled)]
fn euler(s0: V3, h: Real) -> Real {
    let mut s: V3 = s0;
    for _ in 0..5 {
        let k: V3 = rhs(s);
        s = [s[0] + h * k[0], s[1] + h * k[1], s[2] + h * k[2]];
    }
    let t: Vector3 = scaled(s, 2.0);
    t[0] * t[1] + s[2]
}

case! {
    euler, euler_grad, euler_grad_add, euler_graph;
    with |s0: [f64; 3], h: f64| (s0, h);
    at ([0.5, -1.5, 0.7], 0.1);
}

#[differentiable(compiled)]
fn cell(w: Slice, x: Real, (h, c): State) -> State {
    (w[0] * x + h, c * h)
}

#[differentiable]
fn matrices(m: M2, v: [Real; 2]) -> Real {
    let t: M2 = [[m[0][0], m[1][0]], [m[0][1], m[1][1]]];
    let p: Mat<2> = times(m, t);
    p[0][0] * v[0] + p[1][1] * v[1] + trace::<2>(p)
}
#[differentiable(compiled)]
fn times(a: M2, b: M2) -> M2 {
    let mut c: M2 = [[0.0; 2]; 2];
    for i in 0..2 {
        for j in 0..2 {
            for k in 0..2 {
                c[i][j] += a[i][k] * b[k][j];
            }
        }
    }
    c
}
#[differentiable(compiled)]
fn trace<const N: usize>(m: Mat<N>) -> Real {
    let mut s = 0.0;
    for i in 0..N {
        s += m[i][i];
    }
    s
}

case! {
    matrices, matrices_grad, matrices_grad_add, matrices_graph;
    with |m: [[f64; 2]; 2], v: [f64; 2]| (m, v);
    at ([[0.5, 1.5], [-0.7, 2.0]], [0.3, 0.9]);
}

#[differentiable(compiled)]
fn nested_aliases(n: Nested, k: S) -> Real {
    let (v, (a, b)): Nested = n;
    let (stiff, damp) = k;
    v[0] * v[1] * a + b * stiff * damp + v[2]
}

case! {
    nested_aliases, nested_aliases_grad, nested_aliases_grad_add, nested_aliases_graph;
    with |n: ([f64; 3], (f64, f64)), k: (f64, f64)| (n, k);
    at (([0.5, 1.5, -0.7], (2.0, 0.3)), (0.9, 1.1));
}

#[differentiable(compiled)]
fn sequences_of_aliases(vs: &[V3], ps: &[State], rows: &Rows, v: Vec<Real>) -> Real {
    let mut s: Real = 0.0;
    for p in vs {
        s += p[0] * p[1];
    }
    for &[a, _, c] in vs {
        s += a * c;
    }
    for (a, b) in ps {
        s += a * b;
    }
    for &(a, _) in ps {
        s *= a;
    }
    for r in rows {
        s += r[0] * v[0];
    }
    s
}

case! {
    sequences_of_aliases, sequences_of_aliases_grad, sequences_of_aliases_grad_add, sequences_of_aliases_graph;
    with |vs: Vec<[f64; 3]>, ps: Vec<(f64, f64)>, rows: Vec<Vec<f64>>, v: Vec<f64>| (&vs, &ps, &rows, v);
    at (vec![[0.5, 1.5, -0.7]], vec![(2.0, 0.3)], vec![vec![0.9], vec![1.1, 0.2]], vec![0.4]);
}

#[differentiable(compiled)]
fn aliases_of_data(
    x: Real,
    #[constant] n: Count,
    #[constant] b: Byte,
    #[constant] f: Flags,
    #[constant] l: Labelled,
    #[constant] m: Maybe,
    #[constant] rows: elsewhere::deep::Rows,
) -> Real {
    let c: Byte = 250;
    let d = c.wrapping_add(b);
    let w: f32 = 0.1;
    let e: Count = n + 1;
    let up: elsewhere::deep::Flag = f[0];
    let mut s = x * d as Real * w as Real + x.powi(e as i32);
    if up {
        s *= (!l.0) as f64 + l.1.len() as f64;
    }
    if let Some(k) = m {
        s *= k;
    }
    for r in rows {
        for v in r {
            s += v * x;
        }
    }
    s
}

case! {
    aliases_of_data, aliases_of_data_grad, aliases_of_data_grad_add, aliases_of_data_graph;
    with |x: f64| (x, 2, 10, [true, false], (250, "ab"), Some(0.5), &[vec![0.5, 1.5], vec![]]);
    at 0.83, 1.7, -0.6;
}

#[differentiable(compiled)]
fn aliases_of_locals(x: Real) -> Real {
    let a: V3 = [x, 1.0, 2.0];
    let p: State = (0.5, x * x);
    let m: M2 = [[1.0, x], [x, 2.0]];
    let mut v: Vec<Real> = vec![1.0; 2];
    v[0] = x;
    let t: Nested = ([0.5, 1.5, 2.5], (3.5, x));
    let late: Real;
    late = x * 2.0;
    let g: elsewhere::Grid<2, 1> = [[x, 0.5]];
    a[0] * a[2] + p.0 * p.1 + m[0][1] * m[1][1] + v[0] * v[1] + t.0[1] * t.1.1 + late + g[0][0] * g[0][1]
}

case! {
    aliases_of_locals, aliases_of_locals_grad, aliases_of_locals_grad_add, aliases_of_locals_graph;
    with |x: f64| (x);
    at 0.83, 1.7, -0.6;
}

#[differentiable(compiled)]
fn aliases_of_passive_locals(x: f64) -> f64 {
    let k: V3 = [0.5, 1.5, -0.7];
    let s: State = (2.0, 0.3);
    let m: Mat<2> = [[1.0, 2.0], [3.0, 4.0]];
    let r: Rows = vec![vec![0.5], vec![1.5]];
    let mut y = x;
    for w in k {
        y += w * x;
    }
    for row in &m {
        for w in row {
            y += w * x;
        }
    }
    for row in r {
        y *= row[0];
    }
    y * s.0 + s.1 * x + m[1][0] * k[2] * x * x
}

case! {
    aliases_of_passive_locals, aliases_of_passive_locals_grad, aliases_of_passive_locals_grad_add, aliases_of_passive_locals_graph;
    with |x: f64| (x);
    at 0.83, 1.7, -0.6;
}

#[differentiable(compiled)]
fn aliases_in_closures(x: Real) -> Real {
    let f = |a: Real, n: Count| -> Real { a * n as Real };
    let g = |v: V3| v[0] * v[1];
    let h = |b: Byte| b.wrapping_mul(2);
    f(x, 3) * g([x, 2.0, 1.0]) + h(200) as f64 * x + [0.5, 1.5].iter().map(|w: &Real| w * x).sum::<Real>()
}

case! {
    aliases_in_closures, aliases_in_closures_grad, aliases_in_closures_grad_add, aliases_in_closures_graph;
    with |x: f64| (x);
    at 0.83, 1.7, -0.6;
}

#[differentiable(compiled)]
fn exponents(x: f64, #[constant] e: f64, k: i8, n: u8) -> f64 {
    let p = k as i32 - 1;
    let q = i32::from(n) / 2;
    x.powi(p) * x.abs().powf(e) + x.powi(q) * e.powi(p)
}

case! {
    exponents, exponents_grad, exponents_grad_add, exponents_graph;
    with |x: f64| (x, 1.5, 4, 5);
    at 0.83, 1.7, -0.6;
}

#[differentiable(compiled)]
fn stopped_data(x: f64, #[constant] d: &[f64]) -> f64 {
    let k = stop_gradient(x) as usize;
    let w = stop_gradient(x * 2.0);
    let mut s = x;
    for v in &d[k..] {
        s += v * x * w;
    }
    if w > 1.0 {
        s *= d[0];
    }
    s
}

case! {
    stopped_data, stopped_data_grad, stopped_data_grad_add, stopped_data_graph;
    with |x: f64| (x, &[0.5, 1.5, -0.7]);
    at 0.83, 1.7;
    without differences;
}

case! {
    needed_of_unknown_types_1, needed_of_unknown_types_1_grad, needed_of_unknown_types_1_grad_add, needed_of_unknown_types_1_graph;
    with |v: Vec<f64>| (&v, 4);
    at vec![0.5, -1.5];
}

#[differentiable(compiled)]
fn exponents_by_into(x: f64, n: u8) -> f64 {
    x.powi((n % 3).into()) + x.powi(n.into())
}

case! {
    exponents_by_into, exponents_by_into_grad, exponents_by_into_grad_add, exponents_by_into_graph;
    with |x: f64| (x, 5);
    at 0.83, 1.7, -0.6;
}

#[differentiable(compiled)]
fn alias_inside(x: f64) -> f64 {
    type Pair = (f64, f64);
    type Small = i8;
    let p: Pair = (x, 2.0);
    let n: Small = 100;
    p.0 * p.1 * n.wrapping_add(100) as f64
}

case! {
    alias_inside, alias_inside_grad, alias_inside_grad_add, alias_inside_graph;
    with |x: f64| (x);
    at 0.83, 1.7, -0.6;
    gradient -112.0;
}
