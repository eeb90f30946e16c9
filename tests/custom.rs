//! Functions with the option `partials`: what they compute comes from two plain functions, and they are called like any
//! other. The oracle is the same function written for the attribute to differentiate.

#![allow(
    clippy::needless_pass_by_value,
    clippy::trivially_copy_pass_by_ref,
    clippy::type_complexity,
    reason = "arguments of every shape are what is tested"
)]

use gradus::custom::{CustomOperation, assert_partials};
use gradus::{Backend, Graph, Op, Value, differentiable};

// --- scalars: code that the attribute could not read

/// √(x² + k²), by Newton's method in a closure, a `Result` and a `?`.
#[differentiable(partials = softabs_partials)]
fn softabs(x: f64, k: f64) -> f64 {
    let solve = || -> Result<f64, std::num::ParseFloatError> {
        let square = x * x + k * k;
        let mut y: f64 = "1.0".parse::<f64>()? + square;
        while (y * y - square).abs() > 1e-15 * square {
            let next = 0.5 * (y + square / y);
            if next == y {
                break;
            }
            y = next;
        }
        Ok(y)
    };
    solve().unwrap()
}

fn softabs_partials(x: f64, k: f64) -> (f64, f64) {
    let y = x.hypot(k);
    (x / y, k / y)
}

#[differentiable]
fn softabs_of_table(x: f64, k: f64) -> f64 {
    (x * x + k * k).sqrt()
}

fn close(a: f64, b: f64) -> bool {
    (a - b).abs() <= 1e-12 * b.abs().max(1e-3)
}

#[test]
fn companions_of_scalars() {
    let (value, (dx, dk)) = softabs_grad(3.0, 4.0);
    assert!(close(value, 5.0));
    assert_eq!(value, softabs(3.0, 4.0));
    assert_eq!((dx, dk), (0.6, 0.8));
    let (mut dx, mut dk) = (10.0, 20.0);
    assert_eq!(softabs_grad_add(3.0, 4.0, &mut dx, &mut dk), value);
    assert_eq!((dx, dk), (10.6, 20.8));
    assert_eq!(softabs::BACKEND, Backend::Compiled);
    assert!(softabs::SOURCE.contains("solve().unwrap()"));
}

#[test]
fn the_pair_passes_the_check() {
    let operation =
        CustomOperation::new("softabs", |[x, k]| softabs(x, k), |[x, k]| softabs_partials(x, k).into());
    assert_partials(&operation, &[[3.0, 4.0], [-2.0, 0.5], [0.0, 1.0]]);
}

#[differentiable]
fn calls(x: f64, ks: &[f64]) -> f64 {
    let mut total = 0.0;
    for k in ks {
        total += softabs(total - x, *k).ln() * softabs(x, 2.0);
    }
    total
}

#[differentiable]
fn calls_of_table(x: f64, ks: &[f64]) -> f64 {
    let mut total = 0.0;
    for k in ks {
        total += softabs_of_table(total - x, *k).ln() * softabs_of_table(x, 2.0);
    }
    total
}

/// Σ xᵢᵖ + offset.
#[differentiable(partials = sum_of_powers_partials)]
fn sum_of_powers(xs: &[f64], p: i32, offset: f64) -> f64 {
    xs.iter().map(|x| x.powi(p)).sum::<f64>() + offset
}

fn sum_of_powers_partials(xs: &[f64], p: i32, _: f64) -> (Vec<f64>, f64) {
    (xs.iter().map(|x| f64::from(p) * x.powi(p - 1)).collect(), 1.0)
}

#[differentiable]
fn sum_of_powers_of_table(xs: &[f64], p: i32, offset: f64) -> f64 {
    xs.iter().map(|x| x.powi(p)).sum::<f64>() + offset
}

/// As a number alone, as a part of a loop, through an early exit.
#[differentiable(compiled)]
fn calls_compiled(x: f64, ks: &[f64]) -> f64 {
    let mut total = x;
    for k in ks {
        let size: f64 = softabs(total, *k);
        if size > 100.0 {
            return total;
        }
        total = softabs(total - x, *k).ln() * softabs(x, 2.0) + sum_of_powers(ks, 2, x * *k);
    }
    total
}

#[differentiable]
fn calls_compiled_of_table(x: f64, ks: &[f64]) -> f64 {
    let mut total = x;
    for k in ks {
        if softabs_of_table(total, *k) > 100.0 {
            return total;
        }
        total = softabs_of_table(total - x, *k).ln() * softabs_of_table(x, 2.0)
            + sum_of_powers_of_table(ks, 2, x * *k);
    }
    total
}

#[test]
fn compiled_functions_call_it_too() {
    assert_eq!(calls_compiled::BACKEND, Backend::Compiled);
    for x in [0.7, -2.0, 30.0] {
        let ks = [1.0, 0.5, 3.0];
        let (value, (dx, dks)) = calls_compiled_grad(x, &ks);
        let (expected, (ex, eks)) = calls_compiled_of_table_grad(x, &ks);
        assert!(close(value, expected) && close(dx, ex), "{value} {expected} {dx} {ex}");
        assert!(dks.iter().zip(&eks).all(|(a, b)| close(*a, *b)), "{dks:?} {eks:?}");
        let trace = calls_compiled_graph(x, &ks);
        assert!(close(trace.gradient("x")[0], ex));
    }
}

#[test]
fn others_call_it_like_any_function() {
    let ks = [1.0, 0.5, 3.0];
    let (value, (dx, dks)) = calls_grad(0.7, &ks);
    let (expected, (ex, eks)) = calls_of_table_grad(0.7, &ks);
    assert!(close(value, expected) && close(dx, ex), "{value} {expected} {dx} {ex}");
    assert!(dks.iter().zip(&eks).all(|(a, b)| close(*a, *b)), "{dks:?} {eks:?}");
    let (mut ax, mut aks) = (0.0, [0.0; 3]);
    calls_grad_add(0.7, &ks, &mut ax, &mut aks);
    assert_eq!((ax, &aks[..]), (dx, &dks[..]));
    assert_eq!(calls_graph(0.7, &ks).value(), value);
}

#[test]
fn in_a_graph_it_is_one_node_with_its_name() {
    let trace = calls_graph(0.7, &[1.0, 0.5]);
    let nodes: Vec<_> = trace.graph().nodes().filter(|node| node.op() == Op::Custom).collect();
    assert_eq!(nodes.len(), 4);
    assert!(nodes.iter().all(|node| node.symbol() == "softabs" && node.operands().len() == 2));
    let listing = trace.to_string();
    assert!(listing.contains("4× softabs ="), "{listing}");
    assert!(trace.to_dot().contains("<B>softabs</B>"));

    let own = softabs_graph(3.0, 4.0);
    assert_eq!((own.gradient("x"), own.gradient("k")), (vec![0.6], vec![0.8]));
}

#[test]
fn on_values_recomputes_and_rewinds() {
    let graph = Graph::new();
    let (x, k) = (graph.value(6.0), graph.value(8.0));
    let y = softabs::on_values(x, k);
    x.set_data(3.0);
    k.set_data(4.0);
    graph.recompute();
    y.backward();
    assert!(close(y.data(), 5.0));
    assert_eq!((x.grad(), k.grad()), (0.6, 0.8));
    // Passive arguments are constants of the node.
    let z = softabs::on_values(x, Value::from(4.0));
    assert!(z.local_partials().eq([0.6, 0.0]));
    assert!(softabs::on_values(Value::from(3.0), Value::from(4.0)).node().is_none());
}

// --- one parameter, a reference, a path to the partials

mod library {
    use gradus::differentiable;

    pub mod partials {
        pub fn heat(t: &f64) -> f64 {
            2.0 * t
        }
    }

    /// t².
    #[differentiable(partials = partials::heat)]
    pub fn heat(t: &f64) -> f64 {
        t * t
    }
}

use library::heat as warmth;

#[differentiable]
fn warm(t: f64) -> f64 {
    3.0 * warmth(&t) + warmth(&stopped(t))
}

#[differentiable(partials = stopped_partials)]
fn stopped(t: f64) -> f64 {
    t
}

fn stopped_partials(_: f64) -> f64 {
    0.0
}

#[test]
fn one_parameter_has_one_partial() {
    assert_eq!(library::heat_grad(&5.0), (25.0, 10.0));
    assert_eq!(warm_grad(5.0), (100.0, 30.0));
}

// --- slices, arrays, vectors; constants and integers

/// Σ wᵢ xᵢᵖ + Σ offset.
#[differentiable(partials = powers_partials)]
fn powers(xs: &[f64], p: i32, #[constant] weights: &[f64], offset: [f64; 2], label: &str) -> f64 {
    assert!(!label.is_empty(), "a label");
    let sum: f64 = xs.iter().zip(weights).map(|(x, w)| w * x.powi(p)).sum();
    sum + offset[0] + offset[1]
}

fn powers_partials(
    xs: &[f64],
    p: i32,
    weights: &[f64],
    _offset: [f64; 2],
    _label: &str,
) -> (Vec<f64>, [f64; 2]) {
    let by_x = xs.iter().zip(weights).map(|(x, w)| w * f64::from(p) * x.powi(p - 1)).collect();
    (by_x, [1.0; 2])
}

#[differentiable]
fn powers_of_table(xs: &[f64], p: i32, #[constant] weights: &[f64], offset: [f64; 2]) -> f64 {
    let sum: f64 = xs.iter().zip(weights).map(|(x, w)| w * x.powi(p)).sum();
    sum + offset[0] + offset[1]
}

#[differentiable]
fn twice(xs: &[f64]) -> f64 {
    let squares: Vec<f64> = xs.iter().map(|x| x * x).collect();
    powers(xs, 3, &[0.5, -1.0, 2.0], [xs[0], 1.0], "one")
        * powers(&squares, 2, &[1.0, 1.0, 1.0], [0.0; 2], "two")
}

#[differentiable]
fn twice_of_table(xs: &[f64]) -> f64 {
    let squares: Vec<f64> = xs.iter().map(|x| x * x).collect();
    powers_of_table(xs, 3, &[0.5, -1.0, 2.0], [xs[0], 1.0])
        * powers_of_table(&squares, 2, &[1.0, 1.0, 1.0], [0.0; 2])
}

#[test]
fn slices_arrays_and_data() {
    let (xs, weights) = ([1.0, -2.0, 0.5], [0.5, -1.0, 2.0]);
    let got = powers_grad(&xs, 3, &weights, [7.0, 8.0], "x");
    let expected = powers_of_table_grad(&xs, 3, &weights, [7.0, 8.0]);
    assert_eq!(got, expected);
    let (value, gradient) = twice_grad(&xs);
    let (expected, expected_gradient) = twice_of_table_grad(&xs);
    assert!(close(value, expected));
    assert!(gradient.iter().zip(&expected_gradient).all(|(a, b)| close(*a, *b)), "{gradient:?}");

    // A node keeps its data for the day when it is computed again.
    let graph = Graph::new();
    let values = xs.map(|x| graph.value(x));
    let y = {
        let weights = weights.to_vec();
        let label = String::from("gone when the node is computed again");
        powers::on_values(&values, 2, &weights, [1.0.into(), 2.0.into()], &label)
    };
    values[1].set_data(3.0);
    graph.recompute();
    y.backward();
    assert_eq!(y.data(), 0.5 - 9.0 + 0.5 + 3.0);
    assert_eq!(values.map(|x| x.grad()), [1.0, -6.0, 2.0]);
}

#[test]
#[should_panic(expected = "the gradient has 3 elements, the buffer 2")]
fn buffers_are_checked() {
    powers_grad_add(&[1.0; 3], 2, &[1.0; 3], [0.0; 2], "x", &mut [0.0; 2], &mut [0.0; 2]);
}

/// Longer than two numbers, the partials are wrong.
#[differentiable(partials = short_partials)]
fn short(xs: Vec<f64>) -> f64 {
    xs.iter().sum()
}

fn short_partials(xs: Vec<f64>) -> Vec<f64> {
    vec![1.0; xs.len().min(2)]
}

#[test]
fn too_few_partials_are_told() {
    assert_eq!(short_grad(vec![1.0, 2.0]), (3.0, vec![1.0, 1.0]));
    let message = |run: &dyn Fn()| {
        let panic = std::panic::catch_unwind(std::panic::AssertUnwindSafe(run)).expect_err("it panics");
        panic.downcast_ref::<String>().unwrap().clone()
    };
    let expected = "the partials of `short` for `xs` are 2 numbers, and it has 3";
    assert_eq!(message(&|| drop(short_grad(vec![1.0; 3]))), expected);
    assert_eq!(message(&|| drop(short_graph(vec![1.0; 3]))), expected);
}

// --- nested shapes, tuples, const generics, names

#[differentiable(partials = nested_partials)]
fn nested<const N: usize>(rows: &[[f64; N]], pair: (f64, [f64; 2]), same: Vec<Vec<f64>>) -> f64 {
    rows.iter().flatten().sum::<f64>() * pair.0 + pair.1[1] * same[1][0]
}

fn nested_partials<const N: usize>(
    rows: &[[f64; N]],
    pair: (f64, [f64; 2]),
    same: Vec<Vec<f64>>,
) -> (Vec<[f64; N]>, (f64, [f64; 2]), Vec<Vec<f64>>) {
    let mut by_same: Vec<Vec<f64>> = same.iter().map(|row| vec![0.0; row.len()]).collect();
    by_same[1][0] = pair.1[1];
    (vec![[pair.0; N]; rows.len()], (rows.iter().flatten().sum(), [0.0, same[1][0]]), by_same)
}

#[differentiable]
fn calls_nested(x: f64) -> f64 {
    nested(&[[x, 1.0], [2.0, x * x]], (x, [0.0, x]), vec![vec![x], vec![3.0 * x]])
}

#[test]
fn nested_shapes() {
    let gradient = nested_grad(&[[1.0], [2.0]], (5.0, [6.0, 7.0]), vec![vec![], vec![8.0, 9.0]]);
    let expected = (vec![[5.0], [5.0]], (3.0, [0.0, 8.0]), vec![vec![], vec![7.0, 0.0]]);
    assert_eq!(gradient, (15.0 + 56.0, expected));
    // x (x + 3 + x²) + 3x²
    let x = 1.5;
    let (value, slope) = calls_nested_grad(x);
    assert!(close(value, x * (x + 3.0 + x * x) + 3.0 * x * x));
    assert!(close(slope, 2.0 * x + 3.0 + 3.0 * x * x + 6.0 * x));
}

#[differentiable(partials = own_name_partials)]
fn own_name(own_name: f64, value: f64, seed: f64) -> f64 {
    own_name * value * seed
}

fn own_name_partials(a: f64, b: f64, c: f64) -> (f64, f64, f64) {
    (b * c, a * c, a * b)
}

#[test]
fn parameters_may_have_any_names() {
    assert_eq!(own_name_grad(2.0, 3.0, 5.0), (30.0, (15.0, 10.0, 6.0)));
    assert_eq!(own_name_graph(2.0, 3.0, 5.0).gradient("own_name"), [15.0]);
}

/// Rounds; its derivative is that of the identity.
#[differentiable(partials = straight_through, compiled)]
fn rounded(x: f64) -> f64 {
    x.round()
}

fn straight_through(_: f64) -> f64 {
    1.0
}

thread_local! {
    static CALLS: std::cell::Cell<(u32, u32)> = const { std::cell::Cell::new((0, 0)) };
}

#[differentiable(partials = counted_partials)]
fn counted(x: f64) -> f64 {
    CALLS.set((CALLS.get().0 + 1, CALLS.get().1));
    x
}

fn counted_partials(_: f64) -> f64 {
    CALLS.set((CALLS.get().0, CALLS.get().1 + 1));
    1.0
}

#[differentiable]
fn calls_counted(x: f64) -> f64 {
    counted(rounded(x)) * 2.0
}

#[test]
fn both_functions_run_once_a_call() {
    for run in [|| counted_grad(1.0), || calls_counted_grad(1.2)] {
        CALLS.set((0, 0));
        run();
        assert_eq!(CALLS.get(), (1, 1));
    }
    assert_eq!(calls_counted_grad(1.2), (2.0, 2.0));
    CALLS.set((0, 0));
    let _ = counted_graph(1.0);
    assert_eq!(CALLS.get(), (1, 1));
}
