//! Forward mode: `f_jvp` beside the gradient, on both back ends. (The corpus holds it against the gradient of every function
//! there; here are shapes, conventions and panics.)

#![allow(
    clippy::needless_pass_by_value,
    clippy::ptr_arg,
    reason = "arguments of every shape are what is tested"
)]
#![allow(
    clippy::eq_op,
    clippy::trivially_copy_pass_by_ref,
    reason = "a number divided by 0, and arguments of every shape"
)]

use gradus::{Backend, Differentiable, Graph, differentiable};

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
    assert_eq!(largest_jvp(&[1.0, 3.0, 2.0], &[0.5, 0.25, 0.125]), (([3.0, 2.0], 1), ([0.25, 0.0], 1)));
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
    let mut scaled: Vec<f64> = xs.iter().map(|x| x * k).collect();
    scaled.push(scaled[0] * scaled[0]);
    scaled.retain(|x| *x > 0.0);
    scaled.iter().sum::<f64>() * k
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

// --- structs, methods, operators

#[derive(Clone, Debug, PartialEq, gradus::Differentiable)]
struct Body {
    position: [f64; 2],
    velocity: [f64; 2],
    #[constant]
    mass: f64,
    #[constant]
    name: String,
}

fn body() -> Body {
    Body { position: [1.0, 2.0], velocity: [3.0, -1.0], mass: 5.0, name: "a".to_owned() }
}

/// What a tangent says of a constant field does not matter.
fn thrown() -> Body {
    Body { position: [0.5, 0.25], velocity: [-1.0, 2.0], mass: 77.0, name: "b".to_owned() }
}

#[differentiable]
fn energy(body: &Body, g: f64) -> f64 {
    let [vx, vy] = body.velocity;
    body.mass * (0.5 * (vx * vx + vy * vy) + g * body.position[1])
}

#[differentiable]
fn moved(body: &Body, dt: f64) -> Body {
    let [vx, vy] = body.velocity;
    let mut later = body.clone();
    later.position[0] += vx * dt;
    later.position[1] += vy * dt;
    later.velocity = [vx, vy - 9.81 * dt];
    later
}

#[differentiable]
fn energy_later(body: &Body, dt: f64) -> f64 {
    let later = moved(body, dt);
    energy(&later, 9.81)
}

#[differentiable]
fn total(bodies: &[Body], g: f64) -> f64 {
    let mut sum = 0.0;
    for body in bodies {
        sum += energy(body, g) * body.mass;
    }
    sum
}

fn along(gradient: &Body, tangent: &Body) -> f64 {
    let pairs = gradient.position.iter().zip(&tangent.position);
    pairs.chain(gradient.velocity.iter().zip(&tangent.velocity)).map(|(a, b)| a * b).sum()
}

#[test]
fn structs_have_tangents_of_their_own_type() {
    let (_, (gradient, dg)) = energy_grad(&body(), 2.0);
    let (value, tangent) = energy_jvp(&body(), 2.0, &thrown(), 3.0);
    assert_eq!(value, energy(&body(), 2.0));
    assert!((tangent - along(&gradient, &thrown()) - 3.0 * dg).abs() < 1e-12);

    let (value, tangent) = moved_jvp(&body(), 0.5, &thrown(), 1.0);
    assert_eq!(value, moved(&body(), 0.5));
    let expected = Body { position: [3.0, 0.25], velocity: [-1.0, -7.81], mass: 5.0, name: "a".to_owned() };
    assert_eq!((tangent.mass, &tangent.name), (5.0, &expected.name));
    for (found, right) in [(tangent.position, expected.position), (tangent.velocity, expected.velocity)] {
        assert!(found.iter().zip(right).all(|(a, b)| (a - b).abs() < 1e-12), "{found:?}, not {right:?}");
    }

    let (_, (gradient, dt)) = energy_later_grad(&body(), 0.5);
    let (_, tangent) = energy_later_jvp(&body(), 0.5, &thrown(), -1.0);
    assert!((tangent - along(&gradient, &thrown()) + dt).abs() < 1e-12 * tangent.abs());

    let bodies = [body(), Body { mass: 2.0, ..body() }];
    let (_, (gradient, dg)) = total_grad(&bodies, 2.0);
    let (_, tangent) = total_jvp(&bodies, 2.0, &[thrown(), body()], 0.25);
    let expected = along(&gradient[0], &thrown()) + along(&gradient[1], &body()) + 0.25 * dg;
    assert!((tangent - expected).abs() < 1e-12 * expected.abs(), "{tangent}, not {expected}");
}

#[derive(Clone, Copy, Debug, PartialEq, gradus::Differentiable)]
struct Vector {
    x: f64,
    y: f64,
}

#[derive(Clone, Debug, gradus::Differentiable)]
struct Path {
    ends: [Vector; 2],
    last: Vector,
    n: usize,
    lengths: [f64; 3],
}

#[differentiable]
impl Vector {
    fn length(&self, scale: f64) -> f64 {
        (self.x * self.x + self.y * self.y).sqrt() * scale
    }

    fn turned(self) -> Vector {
        Vector { x: -self.y, y: self.x }
    }

    fn grow(&mut self, factor: f64) {
        self.x *= factor;
        self.y *= factor;
    }
}

#[differentiable]
impl std::ops::Add for Vector {
    type Output = Vector;
    fn add(self, other: Vector) -> Vector {
        Vector { x: self.x + other.x, y: self.y + other.y }
    }
}

#[differentiable]
fn walk(start: Vector, step: Vector, n: usize) -> f64 {
    let mut at = start;
    for _ in 0..n {
        at = at + step;
    }
    at.length(2.0)
}

/// Literals, with a base, with arrays, and with structs in them.
#[differentiable(compiled)]
fn literals(a: f64, v: &Vector, n: usize) -> f64 {
    let mut at = Vector { x: a, y: 1.0 };
    let start = Vector { x: 0.0, y: a * v.y };
    let mut path = Path { ends: [start; 2], last: Vector { x: 1.0, y: 2.0 }, n: 0, lengths: [a; 3] };
    for i in 0..n {
        at = Vector { x: at.x * v.x - 0.5 * at.y, ..at };
        if i % 2 == 0 {
            at = Vector { y: 2.0, ..at };
        }
        path.ends[i % 2].y += at.x * v.y;
        path = Path {
            ends: path.ends,
            last: Vector { x: at.y, y: at.x },
            n: path.n + 1,
            lengths: [a, at.x, 2.0],
        };
    }
    path.ends.iter().map(|p| p.x + p.y).sum::<f64>() + at.y * path.last.y + path.lengths.iter().sum::<f64>()
}

#[test]
fn literals_of_structs_have_tangents() {
    let (v, d) = (Vector { x: 1.5, y: -0.5 }, Vector { x: 1.0, y: -2.0 });
    let (expected, (da, dv)) = literals_grad(0.75, &v, 5);
    let (value, tangent) = literals_jvp(0.75, &v, 5, 0.5, &d);
    assert_eq!(value, expected);
    let expected = 0.5 * da + d.x * dv.x + d.y * dv.y;
    assert!((tangent - expected).abs() < 1e-12 * expected.abs(), "{tangent}, not {expected}");
}

#[test]
fn methods_and_operators_have_tangents() {
    let (v, d) = (Vector { x: 3.0, y: 4.0 }, Vector { x: 1.0, y: -2.0 });
    assert_eq!(v.length_jvp(2.0, &d, 0.5), (10.0, -2.0 + 2.5));
    assert_eq!(v.turned_jvp(d), (Vector { x: -4.0, y: 3.0 }, Vector { x: 2.0, y: 1.0 }));
    let mut grown = v;
    let mut tangent = d;
    grown.grow_jvp(2.0, &mut tangent, 1.0);
    assert_eq!((grown, tangent), (Vector { x: 6.0, y: 8.0 }, Vector { x: 5.0, y: 0.0 }));
    let (_, (start, step)) = walk_grad(v, d, 3);
    let (value, tangent) = walk_jvp(v, d, 3, d, v);
    assert_eq!(value, walk(v, d, 3));
    let expected = start.x * d.x + start.y * d.y + step.x * v.x + step.y * v.y;
    assert!((tangent - expected).abs() < 1e-12 * expected.abs());
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

// --- results that do not vary

#[derive(Clone, Copy, Debug, PartialEq, Differentiable)]
struct Axis {
    x: f64,
    y: f64,
}

#[differentiable]
impl std::ops::Neg for Axis {
    type Output = Axis;
    fn neg(self) -> Axis {
        Axis { x: 1.0, y: 0.5 }
    }
}

#[differentiable]
fn same_axis(_x: f64) -> Axis {
    Axis { x: 3.0, y: 4.0 }
}

#[differentiable]
fn same_list(x: f64) -> (Vec<f64>, f64) {
    (vec![1.0, 2.0], x * x)
}

#[test]
fn a_result_that_does_not_vary_has_a_tangent_of_its_shape() {
    assert_eq!(same_axis_jvp(2.0, 1.0), (Axis { x: 3.0, y: 4.0 }, Axis { x: 0.0, y: 0.0 }));
    assert_eq!(same_list_jvp(2.0, 0.5), ((vec![1.0, 2.0], 4.0), (vec![0.0, 0.0], 2.0)));
    assert_eq!((-Axis { x: 2.0, y: 2.0 }).x, 1.0);
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

const TABLE: [(f64, u32); 2] = [(1.0, 3), (0.25, 4)];

/// What comes from a table alone, whose type is not written in the function.
#[differentiable]
fn out_of_a_table(x: f64) -> f64 {
    (if x > 0.5 { TABLE[0].0.atan2(1.5) } else { TABLE[1].0.cos() }) + TABLE[1].0
}

#[differentiable]
fn beside_a_table(x: f64, n: usize, on: bool) -> (f64, usize, bool, (f64, u32)) {
    (x * n as f64, n + TABLE.len(), !on, (if on { TABLE[0].0 } else { TABLE[1].0 }, TABLE[1].1 + 1))
}

#[test]
fn constants_of_tables_do_not_move() {
    assert_eq!(out_of_a_table_jvp(1.0, 1.0).1, 0.0);
    assert_eq!(out_of_a_table_jvp(0.0, 1.0).1, 0.0);
    assert_eq!(beside_a_table_jvp(3.0, 2, true, 1.0).1, (2.0, 4, false, (0.0, 5)));
}
