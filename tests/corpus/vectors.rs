//! Functions that return several floats: vector-Jacobian products, and the Jacobian row by row.

use gradus::differentiable;

use super::flat::flat;
use super::harness::assert_close;

#[differentiable(second)]
fn to_cartesian(radius: f64, angle: f64) -> (f64, f64) {
    (radius * angle.cos(), radius * angle.sin())
}

#[test]
fn a_tuple_and_its_seed() {
    let (radius, angle) = (2.0_f64, 0.7_f64);
    let (s, c) = angle.sin_cos();
    let (value, gradient) = to_cartesian_vjp(radius, angle, (3.0, -0.5));
    assert_eq!(value, to_cartesian(radius, angle));
    assert_close("seeded", &flat(&gradient), &[3.0 * c - 0.5 * s, radius * (-3.0 * s - 0.5 * c)], 1e-12, 1.0);

    let (value, rows) = to_cartesian_jacobian(radius, angle);
    assert_eq!(value, to_cartesian(radius, angle));
    let rows: Vec<(f64, f64)> = rows.into_iter().collect();
    assert_close("rows", &flat(&rows), &[c, -radius * s, s, radius * c], 1e-12, 1.0);
}

#[differentiable(second)]
fn turned(v: [f64; 3], twist: f64) -> [f64; 3] {
    [v[1] * twist, v[2] - v[0], v[0] * v[2] / twist]
}

#[test]
fn an_array_and_its_seed() {
    let (v, twist) = ([1.0, -2.0, 0.5], 4.0);
    let (value, gradient) = turned_vjp(v, twist, [1.0, 2.0, 3.0]);
    assert_eq!(value, turned(v, twist));
    let by_twist = v[1] - 3.0 * v[0] * v[2] / (twist * twist);
    let expected = [-2.0 + 3.0 * v[2] / twist, twist, 2.0 + 3.0 * v[0] / twist, by_twist];
    assert_close("seeded", &flat(&gradient), &expected, 1e-12, 1.0);

    let (_, rows) = turned_jacobian(v, twist);
    let rows: Vec<([f64; 3], f64)> = rows.into_iter().collect();
    let last = [v[2] / twist, 0.0, v[0] / twist, -v[0] * v[2] / (twist * twist)];
    let expected = [[0.0, twist, 0.0, v[1]], [-1.0, 0.0, 1.0, 0.0], last];
    assert_close("rows", &flat(&rows), expected.as_flattened(), 1e-12, 1.0);
}

#[differentiable(second)]
fn differences_of_neighbours(xs: &[f64]) -> Vec<f64> {
    xs.windows(2).map(|w| (w[1] - w[0]) * w[1]).collect()
}

#[test]
fn a_vec_and_its_seed() {
    let xs = [1.0, -2.0, 0.5];
    let (value, gradient) = differences_of_neighbours_vjp(&xs, vec![2.0, -1.0]);
    assert_eq!(value, differences_of_neighbours(&xs));
    let slope = |i: usize| [-xs[i + 1], 2.0 * xs[i + 1] - xs[i]];
    let expected = [2.0 * slope(0)[0], 2.0 * slope(0)[1] - slope(1)[0], -slope(1)[1]];
    assert_close("seeded", &gradient, &expected, 1e-12, 1.0);

    let (_, rows) = differences_of_neighbours_jacobian(&xs);
    let rows: Vec<Vec<f64>> = rows.into_iter().collect();
    let expected = [slope(0)[0], slope(0)[1], 0.0, 0.0, slope(1)[0], slope(1)[1]];
    assert_close("rows", &flat(&rows), &expected, 1e-12, 1.0);
}

#[test]
fn operations_are_linked_to_their_source() {
    crate::corpus::spans::check(&to_cartesian_graph(2.0, 0.5));
    crate::corpus::spans::check(&turned_graph([1.0, 2.0, 3.0], 0.5));
    crate::corpus::spans::check(&differences_of_neighbours_graph(&[1.0, 2.0, 4.0]));
}
