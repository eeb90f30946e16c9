//! What the result does not depend on has no derivative: an adjoint that nothing has reached is not multiplied by a partial
//! derivative that is infinite. Compiled code skips it as the graph does; and neither skips what happens to be 0.

#![allow(
    clippy::eq_op,
    clippy::needless_range_loop,
    clippy::cast_lossless,
    reason = "differences that are 0, and loops as people write them"
)]

use gradus::{Graph, Value, differentiable};

/// The numbers of a gradient.
trait Numbers {
    fn numbers(self) -> Vec<f64>;
}

impl Numbers for f64 {
    fn numbers(self) -> Vec<f64> {
        vec![self]
    }
}

impl Numbers for (f64, f64) {
    fn numbers(self) -> Vec<f64> {
        vec![self.0, self.1]
    }
}

fn same(found: &[f64], expected: &[f64]) {
    let equal = |(a, b): (&f64, &f64)| a == b || a.is_nan() && b.is_nan();
    assert!(
        found.len() == expected.len() && found.iter().zip(expected).all(equal),
        "{found:?}, not {expected:?}"
    );
}

/// The gradient on the graph.
fn on_the_graph<const N: usize>(at: [f64; N], run: impl for<'g> Fn([Value<'g>; N]) -> Value<'g>) -> [f64; N] {
    let graph = Graph::new();
    let inputs = at.map(|number| graph.value(number));
    run(inputs).backward();
    inputs.map(Value::grad)
}

/// Compares a compiled gradient with the graph's and with what it is.
macro_rules! both {
    ($function:ident $gradient:ident ($($argument:literal),*) = [$($expected:expr),*]) => {{
        let at = [$($argument),*];
        let compiled = $gradient($($argument),*).1.numbers();
        same(&compiled, &[$($expected),*]);
        same(&compiled, &on_the_graph(at, both!(@call $function $($argument)*)));
    }};
    (@call $function:ident $a:literal) => { |[a]| $function::on_values(a) };
    (@call $function:ident $a:literal $b:literal) => { |[a, b]| $function::on_values(a, b) };
}

#[differentiable(compiled)]
fn in_the_other_branch(x: f64, y: f64) -> f64 {
    let q = x / (y - y);
    if y > 0.0 { 3.0 * y } else { q }
}

#[differentiable(compiled)]
fn squared_in_the_other_branch(x: f64, y: f64) -> f64 {
    let r = x / (y - y);
    let q = r * r;
    if y > 0.0 { 3.0 * y } else { q + r }
}

#[differentiable(compiled)]
fn not_taken_by_max(x: f64, y: f64) -> f64 {
    let root = (x - x).sqrt();
    root.max(y)
}

#[differentiable(compiled)]
fn in_an_iteration_that_ends(x: f64, y: f64) -> f64 {
    let mut total = y;
    for i in 0..3 {
        let root = (x * f64::from(i)).sqrt();
        if i > 0 {
            total += root;
        }
    }
    total
}

#[differentiable(compiled)]
fn in_an_array(x: f64, y: f64) -> f64 {
    let n = 2;
    let mut roots = [0.0; 3];
    for i in 0..3 {
        roots[i] = (x * i as f64).sqrt();
    }
    roots[n] * y
}

#[differentiable(compiled)]
fn overwritten(x: f64, y: f64) -> f64 {
    let mut cells = [x, y];
    for i in 0..2 {
        cells[i] = 1.0 / (x - x);
        cells[i] = y * cells[1 - i];
    }
    y * x
}

#[differentiable(compiled)]
fn pushed(x: f64, y: f64) -> f64 {
    let mut roots = Vec::new();
    for i in 0..3 {
        roots.push((x * i as f64).sqrt());
    }
    roots.remove(0);
    roots[1] + y
}

#[differentiable(compiled)]
fn roots(xs: &[f64]) -> Vec<f64> {
    xs.iter().map(|x| x.sqrt()).collect()
}

#[differentiable(compiled)]
fn from_a_callee(x: f64, y: f64) -> f64 {
    let found = roots(&[x - x, y]);
    found[1]
}

#[differentiable(compiled)]
fn root(x: f64) -> f64 {
    x.sqrt()
}

#[differentiable(compiled)]
fn of_a_callee(x: f64, y: f64) -> f64 {
    let q = root(x - x);
    if y > 0.0 { y } else { q }
}

#[differentiable(compiled)]
fn of_a_callee_at_random(xs: &[f64]) -> f64 {
    let found = roots(xs);
    if xs[1] > 0.0 { xs[1] } else { found[0] }
}

#[test]
fn what_is_not_reached_is_skipped() {
    both!(in_the_other_branch in_the_other_branch_grad(3.0, 1.0) = [0.0, 3.0]);
    both!(squared_in_the_other_branch squared_in_the_other_branch_grad(3.0, 1.0) = [0.0, 3.0]);
    both!(not_taken_by_max not_taken_by_max_grad(3.0, 1.0) = [0.0, 1.0]);
    both!(overwritten overwritten_grad(3.0, 2.0) = [2.0, 3.0]);
    both!(from_a_callee from_a_callee_grad(3.0, 4.0) = [0.0, 0.25]);
    both!(of_a_callee of_a_callee_grad(3.0, 4.0) = [0.0, 1.0]);
    assert_eq!(of_a_callee_at_random_grad(&[0.0, 4.0]).1, [0.0, 1.0]);
    let slope = 0.5 + 1.0 / 2_f64.sqrt();
    both!(in_an_iteration_that_ends in_an_iteration_that_ends_grad(1.0, 2.0) = [slope, 1.0]);
    both!(in_an_array in_an_array_grad(2.0, 3.0) = [3.0 * 0.5, 2.0]);
    both!(pushed pushed_grad(2.0, 3.0) = [0.5, 1.0]);
}

#[differentiable(compiled)]
fn with_a_root(x: f64) -> (f64, f64) {
    (x, x.sqrt())
}

#[differentiable(compiled)]
fn with_roots(xs: &[f64]) -> (f64, Vec<f64>) {
    (xs[0], xs.iter().map(|x| x.sqrt()).collect())
}

#[test]
fn a_row_of_a_jacobian_skips_the_other_results() {
    assert_eq!(with_a_root_jacobian(0.0), ((0.0, 0.0), vec![1.0, f64::INFINITY]));
    assert_eq!(with_a_root_vjp(0.0, (2.0, 0.0)).1, 2.0);
    assert_eq!(with_a_root_vjp(0.0, (2.0, -0.0)).1, 2.0);
    let rows = with_roots_jacobian(&[0.0, 4.0]).1;
    assert_eq!(rows, [vec![1.0, 0.0], vec![f64::INFINITY, 0.0], vec![0.0, 0.25]]);
    assert_eq!(with_roots_vjp(&[0.0, 4.0], (1.0, vec![0.0, 2.0])).1, [1.0, 0.5]);
}

#[differentiable(compiled)]
fn root_of_a_square(x: f64) -> f64 {
    (x.sqrt() * x.sqrt()) * 1.0
}

#[differentiable(compiled)]
fn arc(x: f64) -> f64 {
    x.acos().powi(2)
}

#[differentiable(compiled)]
fn there_and_back(x: f64) -> f64 {
    x.ln().exp()
}

#[test]
fn what_is_reached_and_happens_to_be_zero_is_not_skipped() {
    both!(root_of_a_square root_of_a_square_grad(0.0) = [f64::NAN]);
    both!(arc arc_grad(1.0) = [f64::NAN]);
    both!(there_and_back there_and_back_grad(0.0) = [f64::NAN]);
}

#[differentiable(compiled)]
fn zero_in_an_array(x: f64, y: f64) -> f64 {
    let mut cells = [0.0; 2];
    for i in 0..2 {
        cells[i] = (x * i as f64).sqrt();
    }
    (cells[0] * 0.0 * y).exp() * y
}

#[differentiable(compiled)]
fn zero_in_a_branch(x: f64, y: f64) -> f64 {
    let root = (x - x).sqrt();
    if y > 0.0 { -(root * (y - y)) } else { y }
}

#[test]
fn a_zero_that_reached_an_accumulator_is_told_from_nothing() {
    both!(zero_in_an_array zero_in_an_array_grad(2.0, 3.0) = [f64::NAN, 1.0]);
    both!(zero_in_a_branch zero_in_a_branch_grad(2.0, 3.0) = [f64::NAN, 0.0]);
}
