//! Jacobians with fewer columns than rows come by columns, in forward mode, if nothing notices how often the function runs.
//! Each is held against one with its rows computed apart.

#![allow(clippy::needless_range_loop, reason = "loops over indices as people write them")]

use gradus::differentiable;
use std::cell::Cell;

fn assert_near(found: f64, expected: f64) {
    assert!((found - expected).abs() <= 1e-12 * expected.abs().max(1.0), "{found}, {expected}");
}

#[differentiable(compiled)]
fn turned(point: [f64; 2], angle: f64) -> [f64; 2] {
    let (sin, cos) = angle.sin_cos();
    [cos * point[0] - sin * point[1], sin * point[0] + cos * point[1]]
}

#[differentiable(compiled)]
fn curve(start: [f64; 2], angle: f64, steps: usize) -> Vec<[f64; 2]> {
    assert!(steps < 1000, "a short curve");
    let mut points = vec![start; steps];
    for at in 1..steps {
        points[at] = turned(points[at - 1], angle);
    }
    points
}

/// The gradient of each number by the reverse sweep.
fn rows(start: [f64; 2], angle: f64, steps: usize) -> Vec<([f64; 2], f64)> {
    let unit = |row: usize| {
        let mut seed = vec![[0.0; 2]; steps];
        seed[row / 2][row % 2] = 1.0;
        curve_vjp(start, angle, steps, seed).1
    };
    (0..2 * steps).map(unit).collect()
}

#[test]
fn columns_are_those_of_the_rows() {
    // Three numbers go in; fewer rows than that, and more.
    for steps in [0, 1, 2, 3, 20] {
        let (value, jacobian) = curve_jacobian([0.3, -1.1], 0.4, steps);
        assert_eq!(value, curve([0.3, -1.1], 0.4, steps));
        let expected = rows([0.3, -1.1], 0.4, steps);
        assert_eq!(jacobian.len(), expected.len());
        for ((by_start, by_angle), (start, angle)) in jacobian.iter().zip(&expected) {
            assert_near(*by_angle, *angle);
            by_start.iter().zip(start).for_each(|(found, expected)| assert_near(*found, *expected));
        }
    }
}

/// Whether columns may be computed: the function and all that it calls are compiled, and nothing notices them.
fn may_repeat(reach: fn(&mut gradus::rt::Reached)) -> bool {
    let mut list = gradus::rt::Reached::new();
    reach(&mut list);
    list.may_repeat()
}

#[test]
fn what_notices_a_function_is_followed_through_calls() {
    assert!(may_repeat(curve::__reached) && may_repeat(turned::__reached));
    assert!(!may_repeat(noticed::__reached) && !may_repeat(calls_one_that_is_noticed::__reached));
}

#[test]
fn what_a_number_does_not_depend_on_is_a_positive_zero() {
    let (_, jacobian) = curve_jacobian([0.3, -1.1], 0.4, 5);
    let ([first, second], angle) = jacobian[0];
    assert_eq!([first, second, angle].map(f64::to_bits), [1.0, 0.0, 0.0].map(f64::to_bits));
}

thread_local! {
    static RUNS: Cell<u32> = const { Cell::new(0) };
}

fn counted(k: usize) -> f64 {
    RUNS.set(RUNS.get() + 1);
    k as f64
}

#[differentiable(compiled)]
fn noticed(x: f64) -> [f64; 3] {
    let k = counted(2);
    [x, k * x, x * x]
}

#[differentiable(compiled)]
fn calls_one_that_is_noticed(x: f64, y: f64) -> [f64; 4] {
    let [a, b, c] = noticed(x * y);
    [a, b, c, y]
}

#[test]
fn a_function_that_is_noticed_runs_once() {
    RUNS.set(0);
    assert_eq!(noticed_jacobian(3.0), ([3.0, 6.0, 9.0], vec![1.0, 2.0, 6.0]));
    assert_eq!(RUNS.get(), 1);
    let (value, jacobian) = calls_one_that_is_noticed_jacobian(3.0, 0.5);
    assert_eq!(value, [1.5, 3.0, 2.25, 0.5]);
    assert_eq!(jacobian, [(0.5, 3.0), (1.0, 6.0), (1.5, 9.0), (0.0, 1.0)]);
    assert_eq!(RUNS.get(), 2);
}

#[differentiable(compiled)]
fn in_a_row<const N: usize>(x: &[f64], k: f64) -> [f64; N] {
    std::array::from_fn(|at| k * x[at % x.len()] * at as f64)
}

#[test]
fn slices_and_generic_constants_have_columns() {
    let (value, jacobian) = in_a_row_jacobian::<5>(&[2.0, 3.0], 0.5);
    assert_eq!(value, [0.0, 1.5, 2.0, 4.5, 4.0]);
    let expected = [
        (vec![0.0, 0.0], 0.0),
        (vec![0.0, 0.5], 3.0),
        (vec![1.0, 0.0], 4.0),
        (vec![0.0, 1.5], 9.0),
        (vec![2.0, 0.0], 8.0),
    ];
    assert_eq!(jacobian, expected);
}
