//! Data beside active values: chosen by branches, found by index, patterns and `get`, put into lists of active numbers; results
//! of calls that are several values.

use gradus::{differentiable, stop_gradient};

const K: [f64; 3] = [-1.0, 0.5, 2.0];
const ROW: [f64; 3] = [1.5, -0.25, 0.75];
const PAIRS: [(f64, f64); 2] = [(1.0, 0.5), (0.25, 1.5)];
static ROWS: [[f64; 2]; 3] = [[0.5, 1.0], [-1.5, 0.25], [0.75, 2.0]];

#[derive(Clone, Copy)]
struct Point {
    x: f64,
    y: f64,
}

const POINT: Point = Point { x: 0.5, y: 1.5 };
static POINTS: [Point; 2] = [POINT, Point { x: 1.5, y: 0.25 }];

type Real = f64;
type State = [f64; 2];

#[differentiable]
fn helper(z: f64) -> f64 {
    z * z.sin()
}

#[differentiable]
fn step(a: f64, b: f64) -> (f64, f64) {
    (a * b, a + b)
}

#[differentiable]
fn argmax(v: &[f64]) -> (usize, f64) {
    let mut best = (0, v[0]);
    for (i, &a) in v.iter().enumerate() {
        if a > best.1 {
            best = (i, a);
        }
    }
    best
}

#[differentiable(compiled)]
fn index_from_length(x: f64, v: &[f64]) -> f64 {
    let k = K[v.len() % 3];
    x * k + v[(v.len() + 1) % 2] * K[(x > 0.0) as usize + 1] * ROWS[v.len() / 2][1]
}

case! {
    index_from_length, index_from_length_grad, index_from_length_grad_add, index_from_length_graph;
    with |x: f64, v: Vec<f64>| (x, &v);
    at (0.7, vec![0.5, -1.5]), (-0.4, vec![0.3, 0.2, 0.9]);
}

#[differentiable(compiled)]
fn constant_sliced(x: f64, n: usize) -> f64 {
    let s = &K[1..];
    let t = &K[..n % 2 + 1];
    s.iter().map(|k| k * x).sum::<f64>() + t.iter().zip(s).map(|(a, b)| a * b * x * x).sum::<f64>()
}

case! {
    constant_sliced, constant_sliced_grad, constant_sliced_grad_add, constant_sliced_graph;
    for n in [0, 1, 2];
    with |x: f64| (x, n);
    at 0.7, -0.4;
}

#[differentiable(compiled)]
fn patterns_of_data(x: f64, n: usize) -> f64 {
    let (a, b) = PAIRS[n % 2];
    let [p, q, ..] = K;
    let Point { x: u, y: w } = POINT;
    x * a + b * p * x * q * x + u * w * x
}

case! {
    patterns_of_data, patterns_of_data_grad, patterns_of_data_grad_add, patterns_of_data_graph;
    for n in [0, 1];
    with |x: f64| (x, n);
    at 0.7, -0.4;
}

#[differentiable(compiled)]
fn table_by_branch(x: f64, n: usize) -> f64 {
    let table = if x > 0.0 { &K } else { &ROW };
    let part: &[f64] = if x > 0.5 { &K[..] } else { &ROW[1..] };
    let named = 'l: {
        if x > 0.6 {
            break 'l POINTS[1].y;
        }
        POINTS[0].x
    };
    table[n % 3] * x + part.iter().sum::<f64>() * x * x + x.sin() * named
}

case! {
    table_by_branch, table_by_branch_grad, table_by_branch_grad_add, table_by_branch_graph;
    for n in [0, 1, 5];
    with |x: f64| (x, n);
    at 0.7, -0.4, 0.55;
}

#[differentiable(compiled)]
fn part_or_leave(x: f64, n: usize) -> f64 {
    let z = vec![1.5, 2.5];
    let Some(o) = z.get(n % 3).copied() else {
        return x * x * x;
    };
    let o = &o;
    let Some(k) = K.get(stop_gradient(x).abs() as usize + n).copied() else {
        return x * x * o;
    };
    o * k * x + K.get(n).copied().unwrap_or(x) * z.get(n).copied().unwrap_or(x * x)
}

case! {
    part_or_leave, part_or_leave_grad, part_or_leave_grad_add, part_or_leave_graph;
    for n in [0, 1, 2, 3];
    with |x: f64| (x, n);
    at 0.7, -1.4;
}

#[differentiable(compiled)]
fn rows_of_data_and_values(x: f64) -> f64 {
    let mut rows: Vec<Vec<f64>> = Vec::new();
    rows.push(vec![1.5, x]);
    rows.push(ROWS[2].to_vec());
    rows[1][1] = ROWS[1][1];
    let others = vec![vec![0.5, 2.0], vec![x, x * x], ROWS[0].to_vec()];
    rows[1][1] * x + rows[0][1] * others[1][1] + others[0][1] * x + others[2][0] * rows[1][0]
}

case! {
    rows_of_data_and_values, rows_of_data_and_values_grad, rows_of_data_and_values_grad_add, rows_of_data_and_values_graph;
    with |x: f64| (x);
    at 0.7, -1.4;
}

#[differentiable(compiled)]
fn several_results_carried(x: f64, n: usize) -> f64 {
    let mut s = (x, 1.0);
    let (mut a, mut b) = (x * x, 0.5);
    for _ in 0..n {
        s = step(s.0, s.1);
        (a, b) = step(a, b);
    }
    s.0 * s.1 + a * b
}

case! {
    several_results_carried, several_results_carried_grad, several_results_carried_grad_add, several_results_carried_graph;
    for n in [0, 1, 3];
    with |x: f64| (x, n);
    at 0.7, -1.4;
}

#[differentiable(compiled)]
fn index_and_value(v: &[f64], x: f64) -> f64 {
    let (i, best) = argmax(v);
    let again = argmax(&v[1..]);
    best * x + i as f64 * v[i] + again.1 * x * x + v[again.0] * x
}

case! {
    index_and_value, index_and_value_grad, index_and_value_grad_add, index_and_value_graph;
    with |v: Vec<f64>, x: f64| (&v, x);
    at (vec![0.3, 0.9, 0.5], 0.7), (vec![1.5, -0.9], -0.5);
}

#[differentiable(compiled)]
fn shadowed_in_closures(z: &[f64], x: f64) -> f64 {
    let total: f64 = z.iter().map(|z| helper(*z) * x).sum();
    total + z.iter().map(|&z| z * z).map(|z| helper(z)).sum::<f64>()
}

case! {
    shadowed_in_closures, shadowed_in_closures_grad, shadowed_in_closures_grad_add, shadowed_in_closures_graph;
    with |z: Vec<f64>, x: f64| (&z, x);
    at (vec![0.3, 0.9, 0.5], 0.7);
}

#[differentiable(compiled)]
fn arrays_mapped(a: [f64; 3], x: f64) -> f64 {
    let r = &a;
    let b = r.map(|z| z * x);
    let c = (&a).map(f64::sin);
    b[0] * c[1] + a.map(|z| helper(z))[2]
}

case! {
    arrays_mapped, arrays_mapped_grad, arrays_mapped_grad_add, arrays_mapped_graph;
    with |a: [f64; 3], x: f64| (a, x);
    at ([0.3, 0.9, 0.5], 0.7);
}

#[differentiable(compiled)]
fn other_names_of_types(mut x: Real, mut s: State) -> f64 {
    x *= 2.0;
    s[0] += x;
    s[0] * s[1] * x
}

case! {
    other_names_of_types, other_names_of_types_grad, other_names_of_types_grad_add, other_names_of_types_graph;
    with |x: f64, s: [f64; 2]| (x, s);
    at (0.7, [0.3, 0.9]);
}

#[differentiable(compiled)]
fn concatenated(v: &[f64], x: f64) -> f64 {
    let w = [&v[..1], &K[..], &[x, x * x]].concat();
    let nested = vec![vec![x], v.to_vec()].concat();
    w.iter().map(|a| a * a).sum::<f64>() + [v, v].concat()[1] * w[4] + nested[0] * nested[1]
}

case! {
    concatenated, concatenated_grad, concatenated_grad_add, concatenated_graph;
    with |v: Vec<f64>, x: f64| (&v, x);
    at (vec![0.3, 0.9], 0.7);
}

#[differentiable(compiled)]
fn stopped_in_map(v: &[f64], x: f64) -> f64 {
    let stopped: Vec<f64> = v.iter().copied().map(stop_gradient).collect();
    let behind: f64 = v.iter().map(stop_gradient).map(|a| a * x).sum();
    stopped[0] * x + behind + Some(x * x).map(gradus::stop_gradient).unwrap_or(0.5) * x
}

case! {
    stopped_in_map, stopped_in_map_grad, stopped_in_map_grad_add, stopped_in_map_graph;
    with |v: Vec<f64>, x: f64| (&v, x);
    at (vec![0.3, 0.9], 0.7);
    without differences;
    gradient (vec![0.0, 0.0], v[0] + (v[0] + v[1]) + x * x);
}

#[differentiable(compiled)]
fn leaves_inside(x: f64, v: &[f64]) -> f64 {
    let mut s = 0.0;
    for (i, &a) in v.iter().enumerate() {
        s += a * match i {
            0 => x,
            1 => continue,
            4 => break,
            _ => x * x,
        };
    }
    s * if s > 0.5 { x } else { return s * s }
}

case! {
    leaves_inside, leaves_inside_grad, leaves_inside_grad_add, leaves_inside_graph;
    with |x: f64, v: Vec<f64>| (x, &v);
    at (0.7, vec![0.3, 0.9]), (0.9, vec![0.3, 0.9, 0.5, 0.6, 0.1, 0.5]);
}

#[differentiable(compiled)]
fn endless_loops(x: f64) -> f64 {
    let (mut y, mut i) = (x, 0);
    loop {
        if i >= 4 {
            break;
        }
        y = y * x + 1.0;
        i += 1;
    }
    let z = loop {
        y *= 1.5;
        if y.abs() > 10.0 {
            break y * x;
        }
    };
    z + y * x
}

case! {
    endless_loops, endless_loops_grad, endless_loops_grad_add, endless_loops_graph;
    with |x: f64| (x);
    at 0.7, -1.4;
}

#[differentiable(compiled)]
fn truth_as_index(x: f64, y: f64) -> f64 {
    let k = [x, y, x * y];
    k[usize::from(x > y)] * x + f64::from(u8::from(x > 0.5)) * y + (x > y) as u8 as f64 * x * x
}

case! {
    truth_as_index, truth_as_index_grad, truth_as_index_grad_add, truth_as_index_graph;
    with |x: f64, y: f64| (x, y);
    at (0.7, 0.2), (-1.4, 0.5);
}
