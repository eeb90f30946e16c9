//! Single constructs beside data: names that are taken, raw names, guards, markers under `cfg_attr`, what is not used.

use gradus::differentiable;
const SLOPE: f64 = 0.5;
fn weight(n: usize) -> f64 {
    n as f64 * 0.5 + 1.0
}

/// The optimiser knows the base of one power.
#[differentiable(compiled)]
fn power_of_what_is_known(at: f64, arm: Vec<f64>) -> f64 {
    (((arm[0].powi(3) + at) * 2.0) + arm.iter().sum::<f64>()) + SLOPE.powi(3) * at
}

case! {
    power_of_what_is_known, power_of_what_is_known_grad, power_of_what_is_known_grad_add, power_of_what_is_known_graph;
    with |at: f64, arm: Vec<f64>| (at, arm);
    at (1.456, vec![-1.533, -0.652, 1.364]);
}

#[differentiable(compiled)]
fn slices_of_slices(v: &[f64]) -> f64 {
    let s: &[&[f64]] = &[&v[..1], &v[1..]];
    let t = &s[1][..1];
    let mut y = s[0][0] * t[0];
    for r in s {
        y += r[0] * v[0];
    }
    y
}

case! {
    slices_of_slices, slices_of_slices_grad, slices_of_slices_grad_add, slices_of_slices_graph;
    with |v: Vec<f64>| (&v);
    at vec![0.5, -1.5, 2.0];
}

#[differentiable(compiled)]
fn guard_with_a_call(x: f64, y: f64) -> f64 {
    match x {
        z if sine(z) > 0.3 => z * y,
        z if sine(y) > 0.9 => sine(z),
        z => z,
    }
}
#[differentiable(compiled)]
fn sine(x: f64) -> f64 {
    x.sin()
}

case! {
    guard_with_a_call, guard_with_a_call_grad, guard_with_a_call_grad_add, guard_with_a_call_graph;
    with |x: f64, y: f64| (x, y);
    at (0.83, 0.53), (0.1, 0.53), (0.1, 1.5);
}

#[differentiable(compiled)]
fn line(line: &[f64], x: f64) -> (f64, f64) {
    (line[0] * x, line[1])
}
#[differentiable(compiled)]
fn on_a_line(v: &[f64], x: f64) -> f64 {
    let (a, b) = line(v, x);
    a + b * x
}

case! {
    on_a_line, on_a_line_grad, on_a_line_grad_add, on_a_line_graph;
    with |v: Vec<f64>, x: f64| (&v, x);
    at (vec![0.5, -1.5], 0.83);
}

mod names {
    pub struct Fn;
    pub struct Vec;
    pub struct Option;
    pub struct Some;
    pub enum Result {
        Ok,
    }
    pub type Clone = u8;
    pub fn drop() -> u8 {
        7
    }
    pub mod inside {
        use super::*;
        use gradus::differentiable;
        #[differentiable(compiled)]
        pub fn under_taken_names(x: f64, n: usize) -> f64 {
            let mut s = x;
            for i in 0..n {
                s = s * x + i as f64;
            }
            let c: Clone = drop();
            let _fn = Fn;
            let _r = Result::Ok;
            if s > 1e9 {
                return x;
            }
            s * c as f64
        }
    }
}
use names::inside::*;

case! {
    under_taken_names, under_taken_names_grad, under_taken_names_grad_add, under_taken_names_graph;
    with |x: f64| (x, 3);
    at 0.83, 1.7, -0.6;
}

#[differentiable]
fn option_with_a_declared_type(v: &[f64]) -> f64 {
    let mut q: Vec<f64> = vec![0.5, 0.25];
    let mut s = v[0];
    while let Some(x) = q.pop() {
        let mut o: Option<f64> = if s > 0.0 { Some(x) } else { None };
        if let Some(_y) = o {
            o = Some(v[1]);
        }
        s += o.unwrap_or(0.5) * x;
    }
    s
}

case! {
    option_with_a_declared_type, option_with_a_declared_type_grad, option_with_a_declared_type_grad_add, option_with_a_declared_type_graph;
    with |v: Vec<f64>| (&v);
    at vec![0.5, -1.5], vec![-3.0, 1.0];
}

#[differentiable]
fn chained_after_filter_map(x: f64, y: f64, #[constant] d: &[(f64, f64)]) -> f64 {
    let mut n = x;
    d.iter()
        .filter_map(|(a, _)| {
            n += 0.5;
            if *a > 0.0 { Some(0.5) } else { None }
        })
        .chain([x, y])
        .min_by(|a, b| a.total_cmp(b))
        .unwrap_or(0.7)
        * n
}

case! {
    chained_after_filter_map, chained_after_filter_map_grad, chained_after_filter_map_grad_add, chained_after_filter_map_graph;
    with |x: f64, y: f64| (x, y, &[(0.5, 1.0), (-0.5, 2.0)]);
    at (0.83, 0.33), (0.2, 0.9);
}

#[differentiable(compiled)]
fn rows_of(v: &[f64]) -> Vec<Vec<f64>> {
    v.iter().map(|x| vec![*x, x * x]).collect()
}
#[differentiable(compiled)]
fn rows_joined(v: &[f64]) -> f64 {
    let r = rows_of(v);
    r.concat().iter().product()
}

case! {
    rows_joined, rows_joined_grad, rows_joined_grad_add, rows_joined_graph;
    with |v: Vec<f64>| (&v);
    at vec![0.5, -1.5];
}

#[differentiable(compiled)]
fn marked_by_cfg_attr(x: f64, #[cfg_attr(all(), constant)] k: f64) -> f64 {
    x * k
}

case! {
    marked_by_cfg_attr, marked_by_cfg_attr_grad, marked_by_cfg_attr_grad_add, marked_by_cfg_attr_graph;
    with |x: f64| (x, 2.5);
    at 0.83, 1.7, -0.6;
    gradient 2.5;
}

#[differentiable(compiled)]
fn raw_names(x: f64, r#match: &[f64], #[constant] r#in: &[f64], r#type: usize) -> f64 {
    let r#loop = x + r#match[0];
    let mut s = r#loop;
    for r#for in r#in {
        s += r#for * r#match[r#type];
    }
    s
}
#[differentiable(compiled)]
fn uses_raw_names(x: f64, v: &[f64]) -> f64 {
    raw_names(x, v, &[0.5, 1.5], 1) * x
}

case! {
    uses_raw_names, uses_raw_names_grad, uses_raw_names_grad_add, uses_raw_names_graph;
    with |x: f64, v: Vec<f64>| (x, &v);
    at (0.83, vec![0.5, -1.5]);
}

#[differentiable(compiled)]
fn state_in_a_tuple(w: &[f64], #[constant] xs: &[f64]) -> f64 {
    let mut state = (1.0, 1.0);
    for x in xs {
        state = cell(w, *x, state);
    }
    state.0 * state.1
}
#[differentiable(compiled)]
fn cell(w: &[f64], x: f64, (h, c): (f64, f64)) -> (f64, f64) {
    (w[0] * x + h, c * h)
}

case! {
    state_in_a_tuple, state_in_a_tuple_grad, state_in_a_tuple_grad_add, state_in_a_tuple_graph;
    with |w: Vec<f64>| (&w, &[0.5, 1.5]);
    at vec![0.83];
}

#[differentiable(compiled)]
fn array_mapped_behind_a_reference(theta: &[f64; 3]) -> f64 {
    let [a, b, c] = theta.map(f64::exp);
    a * b * c
}

case! {
    array_mapped_behind_a_reference, array_mapped_behind_a_reference_grad, array_mapped_behind_a_reference_grad_add, array_mapped_behind_a_reference_graph;
    with |theta: [f64; 3]| (&theta);
    at [0.5, -1.5, 0.7];
}

#[differentiable(compiled)]
fn best_so_far(xs: &[f64]) -> f64 {
    let mut best: Option<f64> = None;
    for &x in xs {
        best = match best {
            None => Some(x),
            Some(b) if x > b => Some(x),
            b => b,
        };
    }
    best.unwrap()
}

case! {
    best_so_far, best_so_far_grad, best_so_far_grad_add, best_so_far_graph;
    with |xs: Vec<f64>| (&xs);
    at vec![0.5, 2.5, -1.5];
}

#[differentiable(compiled)]
fn pairs_of_arrays(p: f64, #[constant] t: &[f64]) -> f64 {
    let mut s = 0.0;
    for k in 0..2 {
        let (r, u) = ([p, 2.0 * p], [t[0], t[k]]);
        s += r[0] * u[1] + r[1] * u[0];
    }
    s
}

case! {
    pairs_of_arrays, pairs_of_arrays_grad, pairs_of_arrays_grad_add, pairs_of_arrays_graph;
    with |p: f64| (p, &[0.5, 1.5]);
    at 0.83;
}

struct Sample {
    xs: Vec<f64>,
}
#[differentiable(compiled)]
fn field_of_a_row(p: f64, #[constant] data: &[Sample]) -> f64 {
    let mut s = 0.0;
    for d in data {
        for x in &d.xs {
            s += p * x;
        }
    }
    s + data.iter().map(|d| d.xs.iter().map(|x| p * x).sum::<f64>()).sum::<f64>()
}

case! {
    field_of_a_row, field_of_a_row_grad, field_of_a_row_grad_add, field_of_a_row_graph;
    with |p: f64| (p, &[Sample { xs: vec![0.5, 1.5] }, Sample { xs: vec![] }]);
    at 0.83;
}
