//! Forward mode: `f_jvp` beside the gradient, on both back ends. (The corpus holds it against the gradient of every function
//! there; here are shapes, conventions and panics.)

#![allow(clippy::needless_pass_by_value, clippy::ptr_arg, reason = "arguments of every shape are what is tested")]

use gradus::{Backend, Graph, differentiable};

#[differentiable]
fn growth(rates: &[f64], k: f64) -> f64 {
    let mut size = 1.0;
    for rate in rates {
        if *rate > 0.0 {
            size *= (k * rate).exp();
        }
        if size > 9.0 {
            break;
        }
    }
    size
}

#[test]
fn a_direction_is_weighed_by_the_gradient() {
    assert_eq!(growth::BACKEND, Backend::Compiled);
    let (rates, k) = ([0.3, -0.2, 0.5], 1.2);
    let (value, tangent) = growth_jvp(&rates, k, &[1.0, 2.0, -0.5], 0.25);
    let (expected, (drates, dk)) = growth_grad(&rates, k);
    assert_eq!(value, expected);
    assert!((tangent - (drates[0] + 2.0 * drates[1] - 0.5 * drates[2] + 0.25 * dk)).abs() < 1e-14);
}

// --- results of every shape

#[differentiable]
fn polar(x: f64, y: f64) -> (f64, f64) {
    (x.hypot(y), y.atan2(x))
}

#[differentiable]
fn powers(x: f64, n: usize) -> Vec<f64> {
    let mut all = vec![1.0];
    for i in 0..n {
        let next = all[i] * x;
        all.push(next);
    }
    all
}

#[differentiable]
fn largest(xs: &[f64; 3]) -> ([f64; 2], usize) {
    let mut at = 0;
    for i in 1..3 {
        if xs[i] > xs[at] {
            at = i;
        }
    }
    ([xs[at], 2.0], at)
}

#[differentiable]
fn nothing_moves(#[constant] n: f64, x: f64) -> f64 {
    let _ = x;
    n.sqrt()
}

#[test]
fn the_tangent_has_the_shape_of_the_value() {
    let ((r, angle), (dr, dangle)) = polar_jvp(3.0, 4.0, 1.0, 2.0);
    assert_eq!((r, angle), polar(3.0, 4.0));
    assert!((dr - 11.0 / 5.0).abs() < 1e-15 && (dangle - 2.0 / 25.0).abs() < 1e-15);
    assert_eq!(powers_jvp(2.0, 3, 1.0), (vec![1.0, 2.0, 4.0, 8.0], vec![0.0, 1.0, 4.0, 12.0]));
    assert_eq!(largest_jvp(&[1.0, 3.0, 2.0], &[0.5, 0.25, 0.125]), (([3.0, 2.0], 1), ([0.25, 0.0], 0)));
    let (value, tangent) = nothing_moves_jvp(4.0, 1.0, 7.0);
    assert_eq!((value, tangent.to_bits()), (2.0, 0.0_f64.to_bits()));
}

// --- arguments of every shape

type Row = [f64; 2];

#[differentiable]
fn shapes(
    number: &f64,
    array: [f64; 2],
    owned: Vec<f64>,
    borrowed: &Vec<f64>,
    rows: &[&[f64]],
    pairs: &[(f64, f64)],
    alias: &Row,
) -> f64 {
    let mut copy = borrowed.clone();
    copy[0] *= *number;
    let sum: f64 = pairs.iter().map(|(a, b)| a * b).sum();
    array[0] * owned[1] + copy[0] * array[1] + rows[1][0] * sum + alias[0] * alias[1]
}

#[test]
fn tangents_have_the_types_of_the_arguments() {
    let (array, owned, borrowed, alias) = ([1.0, 2.0], vec![3.0, 4.0], vec![5.0], [6.0, 7.0]);
    let (rows, pairs) = ([&[0.5][..], &[1.5, 2.5][..]], [(1.0, 2.0), (3.0, 4.0)]);
    let (_, g) = shapes_grad(&2.0, array, owned.clone(), &borrowed, &rows, &pairs, &alias);
    let (value, tangent) = shapes_jvp(
        &2.0,
        array,
        owned.clone(),
        &borrowed,
        &rows,
        &pairs,
        &alias,
        // The gradient itself is a direction.
        &g.0,
        g.1,
        g.2.clone(),
        &g.3,
        &g.4,
        &g.5,
        &g.6,
    );
    assert_eq!(value, shapes(&2.0, array, owned, &borrowed, &rows, &pairs, &alias));
    let mut all = vec![g.0];
    all.extend(g.1.iter().chain(&g.2).chain(&g.3).chain(g.4.iter().flatten()).chain(&g.6));
    all.extend(g.5.iter().flat_map(|(a, b)| [*a, *b]));
    let steepest: f64 = all.iter().map(|x| x * x).sum();
    assert!((tangent - steepest).abs() < 1e-12 * steepest);
}

#[differentiable]
fn scaled<const N: usize>(xs: [f64; N], by: f64) -> [f64; N] {
    xs.map(|x| x * by)
}

#[differentiable]
fn calls(x: f64, n: usize) -> f64 {
    let [a, b] = scaled::<2>([x, x * x], 3.0);
    powers(x, n).iter().sum::<f64>() + a * b + polar(x, 1.0).1
}

#[test]
fn callees_give_their_tangents() {
    assert_eq!(calls::BACKEND, Backend::Compiled);
    let ((_, gradient), (_, tangent)) = (calls_grad(1.3, 4), calls_jvp(1.3, 4, 2.0));
    assert!((tangent - 2.0 * gradient).abs() < 1e-13 * gradient.abs());
    assert_eq!(scaled_jvp([1.0, 2.0], 3.0, [1.0, 0.0], 0.5), ([3.0, 6.0], [3.5, 1.0]));
}

// --- on the graph

/// A construct that is not compiled.
#[differentiable]
fn on_the_graph(xs: &[f64], k: f64) -> f64 {
    let mut queue: std::collections::VecDeque<f64> = xs.iter().map(|x| x * k).collect();
    let first = queue.pop_front().unwrap();
    queue.push_back(first * first);
    queue.iter().sum::<f64>() * k
}

#[differentiable]
fn calls_the_graph(x: f64) -> f64 {
    on_the_graph(&[x, 2.0 * x], x.sin()) + on_the_graph(&[1.0, 2.0], x)
}

#[test]
fn the_graph_gives_the_same() {
    assert!(matches!(on_the_graph::BACKEND, Backend::Graph { .. }));
    let (value, tangent) = on_the_graph_jvp(&[1.0, 2.0], 3.0, &[0.5, -1.0], 0.25);
    let (expected, (dxs, dk)) = on_the_graph_grad(&[1.0, 2.0], 3.0);
    assert_eq!(value, expected);
    assert!((tangent - (0.5 * dxs[0] - dxs[1] + 0.25 * dk)).abs() < 1e-13);
    let ((_, gradient), (_, tangent)) = (calls_the_graph_grad(0.7), calls_the_graph_jvp(0.7, -1.0));
    assert!((tangent + gradient).abs() < 1e-13);
}

#[test]
fn nodes_by_hand() {
    let graph = Graph::new();
    let (x, y) = (graph.value(2.0), graph.value(5.0));
    let (product, constant) = (x * y + 1.0, x * 0.0 + 3.0);
    let unmoved = graph.value(1.0).exp();
    assert_eq!(graph.jvp(&[product, constant, unmoved, x], &[(x, 1.0), (y, 10.0)]), [25.0, 0.0, 0.0, 1.0]);
    assert_eq!(graph.jvp(&[product], &[]), [0.0]);
    assert_eq!(x.grad(), 0.0);
}

// --- what does not change has no share, whatever the partial derivative is

#[differentiable]
fn clipped(high: f64, low: f64) -> f64 {
    (high - low).max(0.0).sqrt()
}

#[differentiable]
fn root(x: f64) -> f64 {
    x.sqrt()
}

#[differentiable]
fn clipped_call(x: f64) -> f64 {
    root(x.max(0.0)) + x.floor() / (x - x)
}

#[differentiable]
fn unused(x: f64, y: f64) -> f64 {
    let q = x / (y - y);
    if y > 0.0 { 3.0 * y } else { q }
}

#[test]
fn what_did_not_select_has_no_share() {
    assert_eq!(clipped_grad(1.0, 2.0), (0.0, (0.0, 0.0)));
    assert_eq!(clipped_jvp(1.0, 2.0, 1.0, 1.0), (0.0, 0.0));
    assert_eq!(unused_jvp(1.0, 2.0, 1.0, 1.0), (6.0, 3.0));
    assert_eq!(clipped_jvp(2.0, 2.0, 0.0, -0.0).1, 0.0);
    assert_eq!(root_jvp(0.0, 1.0).1, f64::INFINITY);
    let graph = Graph::new();
    let x = graph.value(-1.0);
    assert_eq!(graph.jvp(&[x.max(0.0).sqrt()], &[(x, 1.0)]), [0.0]);
    assert!(clipped_call_jvp(-1.0, 1.0).1.is_nan() == clipped_call_grad(-1.0).1.is_nan());
}

// --- panics

#[test]
#[should_panic(expected = "the argument has 3 elements, its tangent 2")]
fn a_tangent_of_another_length() {
    let _ = growth_jvp(&[1.0, 2.0, 3.0], 1.0, &[1.0, 2.0], 0.0);
}

#[test]
#[should_panic(expected = "the argument has 2 elements, its tangent 3")]
fn a_tangent_of_another_length_on_the_graph() {
    let _ = on_the_graph_jvp(&[1.0, 2.0], 1.0, &[1.0, 2.0, 3.0], 0.0);
}

#[test]
#[should_panic(expected = "belongs to another graph")]
fn a_root_of_another_graph() {
    let (graph, other) = (Graph::new(), Graph::new());
    let _ = graph.jvp(&[other.value(1.0)], &[]);
}

// --- effects

#[test]
fn effects_happen_once() {
    use std::cell::Cell;
    thread_local! { static CALLS: Cell<u32> = const { Cell::new(0) }; }
    fn count() -> f64 {
        CALLS.set(CALLS.get() + 1);
        2.0
    }
    #[differentiable]
    fn counted(x: f64) -> f64 {
        x * count()
    }
    assert_eq!(counted_jvp(3.0, 1.0), (6.0, 2.0));
    assert_eq!(CALLS.get(), 1);
}
