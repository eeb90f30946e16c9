//! Arguments and results of every shape.

use std::collections::VecDeque;

use gradus::differentiable;

#[differentiable]
fn scalars(x: f64, y: f64) -> f64 {
    x * y
}

#[differentiable]
fn borrowed_scalars(x: &f64, y: &f64) -> f64 {
    x * y
}

#[differentiable]
fn slices(xs: &[f64], ys: &[f64]) -> f64 {
    xs[0] * ys[1]
}

#[differentiable]
fn fixed_arrays(v: [f64; 2], w: &[f64; 2]) -> f64 {
    v[0] * w[1] - v[1] * w[0]
}

#[differentiable]
fn owned_and_borrowed_vecs(xs: Vec<f64>, ys: &Vec<f64>) -> f64 {
    xs[0] * ys[0]
}

#[differentiable]
fn rows_of_vecs(rows: &[Vec<f64>]) -> f64 {
    rows[0][1] * rows[1][0]
}

#[differentiable]
fn rows_of_arrays(rows: &[[f64; 2]]) -> f64 {
    rows[0][1] * rows[1][0]
}

#[differentiable]
fn rows_of_slices(rows: &[&[f64]]) -> f64 {
    rows[0][1] * rows[1][0]
}

#[differentiable]
fn nested_arrays(m: [[f64; 2]; 2]) -> f64 {
    m[0][0] * m[1][1] - m[0][1] * m[1][0]
}

#[differentiable]
fn tuples(point: (f64, f64), line: ([f64; 2], f64)) -> f64 {
    point.0 * line.0[0] + point.1 * line.0[1] + line.1
}

#[differentiable]
fn slices_of_tuples(points: &[(f64, f64)]) -> f64 {
    points[0].0 * points[1].1
}

#[differentiable]
fn const_generic<const N: usize>(v: [f64; N]) -> f64 {
    let mut product = 1.0;
    for i in 0..N {
        product *= v[i];
    }
    product
}

#[differentiable]
fn passive_data(x: f64, powers: &[i32], negative: bool, name: &str) -> f64 {
    let y = x.powi(powers[0]) * name.len() as f64;
    if negative { -y } else { y }
}

#[differentiable]
fn constant_parameters(k: f64, #[constant] xs: &[f64], #[constant] points: &[(f64, f64)]) -> f64 {
    k * xs[0] + k * k * points[0].1
}

type Vector = [f64; 2];
type Point = (f64, f64);

#[differentiable]
fn aliases(v: Vector, w: &Vector) -> f64 {
    v[0] * w[1]
}

#[differentiable]
fn aliases_of_tuples(p: Point, q: &[Point]) -> f64 {
    p.0 * q[0].1
}

#[differentiable]
fn vec_results(xs: &[f64], k: f64) -> Vec<f64> {
    xs.iter().map(|x| k * x * x).collect()
}

#[differentiable]
fn tuple_results(radius: f64, angle: f64) -> (f64, f64) {
    (radius * angle.cos(), radius * angle.sin())
}

#[differentiable]
fn array_results(v: [f64; 2], k: f64) -> [f64; 2] {
    [v[1] * k, v[0] - k]
}

#[differentiable]
fn queues(x: f64, y: f64) -> f64 {
    let mut queue = VecDeque::new();
    queue.push_back(x);
    queue.push_front(x * y);
    queue.pop_back().unwrap() * queue[0]
}

constructs! {
    "`f64`" => scalars(1.5, 0.3);
    "`&f64`" => borrowed_scalars(&1.5, &0.3);
    "`&[f64]`" => slices(&[1.5, 2.0], &[0.3, -1.0]);
    "`[f64; N]` and `&[f64; N]`" => fixed_arrays([1.5, 0.3], &[0.4, 2.0]);
    "`Vec<f64>` and `&Vec<f64>`" => owned_and_borrowed_vecs(vec![1.5], &vec![0.3]);
    "`&[Vec<f64>]`" => rows_of_vecs(&[vec![1.5, 0.3], vec![0.7]]);
    "`&[[f64; N]]`" => rows_of_arrays(&[[1.5, 0.3], [0.7, 2.0]]);
    "`&[&[f64]]`" => rows_of_slices(&[&[1.5, 0.3][..], &[0.7][..]]);
    "`[[f64; N]; M]`" => nested_arrays([[1.5, 0.3], [0.7, 2.0]]);
    "tuples, nested" => tuples((1.5, 0.3), ([0.7, 2.0], 0.1));
    "`&[(f64, f64)]`" => slices_of_tuples(&[(1.5, 0.3), (0.7, 2.0)]);
    "`const N: usize`" => const_generic([1.5, 0.3, 2.0]);
    "integers, `bool`, `&str` and slices of them" => passive_data(1.5, &[3], true, "four");
    "`#[constant]` data" => constant_parameters(1.5, &[0.3], &[(1.0, 2.0)]);
    "type aliases" => aliases([1.5, 0.3], &[0.7, 2.0]);
    "type aliases of tuples" => aliases_of_tuples((1.5, 0.3), &[(0.7, 2.0)]);
    "a `Vec` as the result: `_vjp`, `_jacobian`" => vec_results(&[1.5, 0.3], 0.7);
    "a tuple as the result" => tuple_results(1.5, 0.3);
    "an array as the result" => array_results([1.5, 0.3], 0.7);
    "`VecDeque`" => queues(1.5, 0.3);
}
