//! Functions that change their arguments.
#![deny(warnings, missing_docs, unused_qualifications)]

use gradus::check::assert_gradient;
use gradus::{Differentiable, differentiable};

/// A point.
#[derive(Clone, Copy, Debug, PartialEq, Differentiable)]
pub struct Point {
    x: f64,
    y: f64,
}

/// A slice, and data beside it.
#[differentiable]
pub fn relax(grid: &mut [f64], #[constant] mask: &[bool], rate: f64) {
    for i in 1..grid.len() {
        if mask[i] {
            grid[i] += rate * (grid[i - 1] - grid[i]);
        }
    }
}

/// A number, and a result.
#[differentiable]
pub fn bump(x: &mut f64, k: f64) -> f64 {
    *x *= k;
    *x * *x
}

/// A `Vec` that grows.
#[differentiable]
pub fn grow(path: &mut Vec<f64>, k: f64) {
    let last = path[path.len() - 1];
    path.push(last * k);
}

/// Rows, and a raw name.
#[differentiable]
pub fn transpose(r#in: &mut Vec<Vec<f64>>) {
    let old = r#in.clone();
    for i in 0..old.len() {
        for j in 0..old.len() {
            r#in[i][j] = old[j][i] * old[i][i];
        }
    }
}

/// An array of any length, and a lifetime.
#[differentiable]
pub fn shift<'a, const N: usize>(xs: &'a mut [f64; N], by: &'a f64) {
    for x in xs.iter_mut() {
        *x += by;
    }
    xs[0] *= 2.0;
}

/// A struct.
#[differentiable]
pub fn turn(point: &mut Point, angle: f64) {
    let Point { x, y } = *point;
    point.x = x * angle.cos() - y * angle.sin();
    point.y = x * angle.sin() + y * angle.cos();
}

/// Two at once, and leaving early.
#[differentiable]
pub fn order(a: &mut Point, b: &mut Point) {
    if a.x <= b.x {
        return;
    }
    std::mem::swap(a, b);
}

/// A function under another name.
#[differentiable(item = doubled)]
pub fn double(xs: &mut [f64]) {
    xs.iter_mut().for_each(|x| *x *= 2.0);
}

#[differentiable]
fn caller(xs: &[f64], points: &[Point], k: f64) -> f64 {
    let (mut xs, mut points) = (xs.to_vec(), points.to_vec());
    relax(&mut xs[1..], &[true, true, false], k);
    grow(&mut xs, k);
    doubled(&mut xs);
    let squared = bump(&mut xs[0], k);
    let (low, high) = xs.split_at_mut(2);
    relax(low, &[true, true], squared);
    relax(high, &[true; 9], 0.5);
    let mut three = [xs[0], xs[1], xs[2]];
    shift(&mut three, &k);
    let mut rows = vec![vec![xs[0], k], vec![1.0, xs[1]]];
    transpose(&mut rows);
    for point in points.iter_mut() {
        turn(point, k);
    }
    turn(&mut points[0], 0.5);
    let (first, rest) = points.split_at_mut(1);
    order(&mut first[0], &mut rest[0]);
    let sum: f64 = xs.iter().sum();
    sum * three[0] + rows[0][1] * points[0].x + points[1].y
}

fn main() {
    let points = [Point { x: 0.7, y: 0.2 }, Point { x: -0.4, y: 1.0 }];
    assert_gradient!(caller, &[1.0, 2.0, 0.5, 0.25], &points, 0.7);

    let mut grid = [1.0, 3.0];
    let ((), (by_grid, by_rate)) = relax_vjp(&mut grid, &[true, true], 0.5, &[0.0, 1.0]);
    assert_eq!((grid, by_grid, by_rate), ([1.0, 2.0], vec![0.5, 0.5], -2.0));
    let mut x = 3.0;
    assert_eq!(bump_vjp(&mut x, 2.0, 1.0, &0.0), (36.0, (24.0, 36.0)));
    let mut tangent = 1.0;
    assert_eq!(bump_jvp(&mut x, 0.5, &mut tangent, 0.0), (9.0, 3.0));
    assert_eq!((x, tangent), (3.0, 0.5));
    let mut path = vec![2.0];
    let ((), rows) = grow_jacobian(&mut path, 3.0);
    assert_eq!((&path, rows), (&vec![2.0, 6.0], vec![(vec![1.0], 0.0), (vec![3.0], 2.0)]));
    assert_eq!(grow_graph(&path, 2.0).values(), [2.0, 6.0, 12.0]);
    let mut point = points[0];
    turn_vjp(&mut point, 0.5, &points[1]);
    assert_ne!(point, points[0]);
    assert!(doubled::SOURCE.contains("x *= 2.0"));
}
