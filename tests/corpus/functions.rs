//! Functions that call each other: several results, mutual recursion, const generics, aliases, names as values, items
//! under another name.

use gradus::differentiable;

#[differentiable(second)]
fn sum_and_product(x: f64, y: f64) -> (f64, f64) {
    (x + y, x * y)
}

#[differentiable(second)]
fn powers(x: f64) -> [f64; 3] {
    [x, x * x, 1.0]
}

#[differentiable(second)]
fn scaled(xs: &[f64], k: f64) -> Vec<f64> {
    xs.iter().map(|x| x * k).collect()
}

#[differentiable(second)]
fn rows(xs: &[f64]) -> Vec<Vec<f64>> {
    xs.iter().map(|x| vec![*x, x * x]).collect()
}

#[differentiable(second)]
fn with_a_count(xs: &[f64]) -> (Vec<f64>, usize, bool) {
    (xs.to_vec(), xs.len(), xs.iter().all(|x| *x > 0.0))
}

#[differentiable(second)]
fn several_results(xs: &[f64], k: f64) -> f64 {
    let (a, b) = sum_and_product(k, 3.0);
    let [c, d, e] = powers(a);
    let v = scaled(xs, b);
    let squares: f64 = rows(&v).iter().map(|row| row[1] - row[0]).sum();
    let (copy, count, positive) = with_a_count(&v);
    let mut changed = scaled(&copy, 2.0);
    changed.push(k);
    changed[0] += sum_and_product(k, k).1 + powers(k)[1];
    let sign = if positive { 1.0 } else { -k };
    let mut s = squares * sign + c + d * e + count as f64 * k;
    for x in scaled(&changed, 0.5) {
        s += x * x;
    }
    s
}

case! {
    several_results, several_results_grad, several_results_grad_add, several_results_graph;
    with |xs: Vec<f64>, k: f64| (&xs, k);
    at (vec![1.0, 2.0], 0.5), (vec![1.0, -2.0, 0.3], -0.5);
}

#[differentiable(second)]
fn even_steps(x: f64, n: u32) -> f64 {
    if n == 0 { x } else { odd_steps(x * 1.5, n - 1) }
}

#[differentiable(second)]
fn odd_steps(x: f64, n: u32) -> f64 {
    match n {
        0 => -x,
        _ => even_steps(x.sin(), n - 1),
    }
}

case! {
    even_steps, even_steps_grad, even_steps_grad_add, even_steps_graph;
    for n in [0, 1, 2, 5];
    with |x: f64| (x, n);
    at 0.7, -1.3;
    gradient match n {
        0 => 1.0,
        1 => -1.5,
        2 => 1.5 * (1.5 * x).cos(),
        _ => -1.5 * (1.5 * (1.5 * x).sin()).cos() * 1.5 * (1.5 * x).cos() * 1.5,
    };
}

/// The product of all numbers, by halves.
#[differentiable(second)]
fn by_halves(xs: &[f64]) -> f64 {
    match xs {
        [] => 1.0,
        [x] => *x,
        _ => {
            let (left, right) = xs.split_at(xs.len() / 2);
            by_halves(left) * by_halves(right)
        }
    }
}

case! {
    by_halves, by_halves_grad, by_halves_grad_add, by_halves_graph;
    with |xs: Vec<f64>| (&xs);
    at vec![1.0, 2.0, 0.5, 4.0, -3.0], vec![2.0], vec![];
    gradient (0..xs.len()).map(|i| xs[..i].iter().chain(&xs[i + 1..]).product()).collect();
}

#[differentiable(second)]
fn horner<const N: usize>(coefficients: [f64; N], x: f64) -> f64 {
    let mut value = 0.0;
    for k in (0..N).rev() {
        value = value * x + coefficients[k];
    }
    value
}

#[differentiable(second)]
fn transformed<const R: usize, const C: usize>(m: &[[f64; C]; R], v: &[f64; C]) -> [f64; R] {
    let mut out = [0.0; R];
    for (o, row) in out.iter_mut().zip(m) {
        for (a, b) in row.iter().zip(v) {
            *o += a * b;
        }
    }
    out
}

#[differentiable(second)]
fn of_any_length(a: [f64; 3], x: f64) -> f64 {
    let turned = transformed(&[[x, 1.0, 0.0], [0.0, a[0], 2.0]], &a);
    horner(a, x) + horner::<2>(turned, x * 2.0) + horner([1.0; 4], x) + horner([x], 2.0)
}

case! {
    of_any_length, of_any_length_grad, of_any_length_grad_add, of_any_length_graph;
    with |a: [f64; 3], x: f64| (a, x);
    at ([1.0, 2.0, 0.5], 0.7), ([-1.0, 0.5, 3.0], -1.2);
    gradient (
        [1.0 + x + 2.0 * x * a[1], x + 1.0 + 2.0 * x * a[0], x * x + 4.0 * x],
        a[1] + 2.0 * a[2] * x
            + a[0]
            + 2.0 * (a[0] * a[1] + 2.0 * a[2])
            + 1.0
            + 2.0 * x
            + 3.0 * x * x
            + 1.0,
    );
}

type Vector = [f64; 3];
type Number = f64;
type Point = (f64, f64);
type Matrix = Vec<Vec<f64>>;

#[differentiable(second)]
fn cross(a: &Vector, b: &Vector) -> Vector {
    [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]]
}

#[differentiable(second)]
fn middle(a: Point, b: Point) -> Point {
    ((a.0 + b.0) / 2.0, (a.1 + b.1) / 2.0)
}

#[differentiable(second)]
fn trace(m: &Matrix) -> Number {
    (0..m.len()).map(|i| m[i][i]).sum()
}

#[differentiable(second)]
fn made(x: Number) -> Matrix {
    vec![vec![x, 1.0], vec![2.0, x * x]]
}

#[differentiable(second)]
fn aliases(a: Vector, x: Number) -> Number {
    let normal: Vector = cross(&a, &[1.0, x, 2.0]);
    let mut m: Matrix = made(x);
    let p: Point = middle((x, a[0]), (1.0, 2.0));
    m[0][1] = normal[2];
    m[1] = vec![p.0, p.1];
    trace(&m) + m[0][1] * m[1][0] + normal[0]
}

case! {
    aliases, aliases_grad, aliases_grad_add, aliases_graph;
    with |a: [f64; 3], x: f64| (a, x);
    at ([1.0, 2.0, 0.5], 0.7), ([-1.0, 0.5, 3.0], -1.2);
    gradient {
        let (n2, m10) = (a[0] * x - a[1], (x + 1.0) / 2.0);
        ([0.5 + x * m10, 2.0 - m10, -x], 1.0 + a[0] * m10 + 0.5 * n2 - a[2])
    };
}

/// Of a function that returns an alias only the compiler knows how many numbers it gives.
#[test]
fn an_alias_of_several_numbers_has_a_jacobian() {
    let (a, b) = ([1.0, 2.0, 0.5], [3.0, -1.0, 2.0]);
    let (value, rows) = cross_jacobian(&a, &b);
    assert_eq!(value, cross(&a, &b));
    let by_a = rows.iter().map(|(da, _)| *da).collect::<Vec<_>>();
    assert_eq!(by_a, [[0.0, b[2], -b[1]], [-b[2], 0.0, b[0]], [b[1], -b[0], 0.0]]);
    assert_eq!(cross_vjp(&a, &b, [1.0, 0.0, 0.0]).1, rows[0]);
    assert_eq!(trace_grad(&vec![vec![2.0]]), (2.0, vec![vec![1.0]]));
}

/// Partly data, partly value, in all the shapes that arguments have.
#[differentiable(second)]
fn of_every_shape(
    a: &f64,
    b: &[f64; 2],
    c: &Vec<f64>,
    d: (f64, f64),
    e: &[(f64, f64)],
    f: &[[f64; 2]],
) -> f64 {
    a * b[0] + c[0] * d.1 + e[0].0 * d.0 + f[0][1] * b[1]
}

#[differentiable(second)]
fn mixed_arguments(x: f64, y: f64) -> f64 {
    let v = vec![x, 2.0];
    of_every_shape(&x, &[y, 1.0], &v, (1.0, x), &[(x, 1.0)], &[[1.0, y]])
        + of_every_shape(&2.0, &[1.0, x], &vec![1.0], (y, 1.0), &[(3.0, 1.0)], &[[5.0, 6.0]])
}

case! {
    mixed_arguments, mixed_arguments_grad, mixed_arguments_grad_add, mixed_arguments_graph;
    with |x: f64, y: f64| (x, y);
    at (1.0, 0.5), (-2.0, 3.0);
    gradient (y + 2.0 * x + 1.0 + 6.0, x + 1.0 + 3.0);
}

#[differentiable(second)]
fn squared(x: f64) -> f64 {
    x * x
}

#[differentiable(second)]
fn added(x: f64, y: f64) -> f64 {
    x + y * x
}

/// Functions named as values, and constructors.
#[differentiable(second)]
fn by_name(xs: &[f64], k: f64) -> f64 {
    let activation = squared;
    let cosine: fn(f64) -> f64 = f64::cos;
    let a: f64 = xs.iter().copied().map(squared).map(f64::sin).sum();
    let b = xs.iter().copied().map(activation).reduce(added).unwrap_or(k);
    let c = xs.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let d: f64 = xs.windows(2).map(by_halves).sum();
    let e: f64 = xs.iter().copied().map(Some).flatten().sum();
    let data: f64 = (0..3).map(f64::from).map(squared).sum();
    a + b * activation(k) + c.max(-9.0) + d + e * cosine(k) * data + f64::powi(k, 3) + f64::max(k, 0.1)
}

case! {
    by_name, by_name_grad, by_name_grad_add, by_name_graph;
    with |xs: Vec<f64>, k: f64| (&xs, k);
    at (vec![1.0, 2.0, -0.5], 0.5), (vec![0.3], -0.5), (vec![], 2.0);
}

mod loss {
    use gradus::differentiable;

    /// The squared error.
    #[differentiable(item = squared_error, second)]
    pub fn loss(predicted: f64, measured: &[f64]) -> f64 {
        measured.iter().map(|m| (predicted - m).powi(2)).sum()
    }
}

use loss::{loss_grad, loss_grad_add, loss_graph, squared_error};

case! {
    squared_error, loss_grad, loss_grad_add, loss_graph;
    with |predicted: f64, measured: Vec<f64>| (predicted, &measured);
    at (1.0, vec![0.5, 3.0]), (2.0, vec![]);
    gradient (
        measured.iter().map(|m| 2.0 * (predicted - m)).sum(),
        measured.iter().map(|m| 2.0 * (m - predicted)).collect(),
    );
}

#[differentiable(second)]
fn twice_the_loss(x: f64) -> f64 {
    2.0 * squared_error(x * x, &[1.0, x])
}

case! {
    twice_the_loss, twice_the_loss_grad, twice_the_loss_grad_add, twice_the_loss_graph;
    with |x: f64| (x);
    at 1.0, -0.5;
    gradient 8.0 * x * (x * x - 1.0) + 4.0 * (x * x - x) * (2.0 * x - 1.0);
}

#[test]
fn the_item_bears_the_name_it_was_given() {
    assert!(squared_error::SOURCE.starts_with("pub fn loss("));
    assert_eq!(squared_error(1.0, &[3.0]), 4.0);
}

struct Observation {
    time: f64,
    value: f64,
}

/// Data in structs, boxes and function pointers: used, not used up.
#[differentiable(second)]
fn fitted(rate: f64, scale: f64) -> f64 {
    let data = [Observation { time: 0.5, value: 2.0 }, Observation { time: 1.0, value: 1.5 }];
    let weight = Box::new(2.0);
    let sine: fn(f64) -> f64 = f64::sin;
    let mut s = 0.0;
    for o in &data {
        let r = scale * (-rate * o.time).exp() - o.value;
        s += r * r * *weight;
    }
    s + data.iter().map(|o| o.time * scale).sum::<f64>() * sine(0.5)
}

case! {
    fitted, fitted_grad, fitted_grad_add, fitted_graph;
    with |rate: f64, scale: f64| (rate, scale);
    at (0.5, 3.0), (-0.2, 1.0);
    gradient {
        let of = |t: f64, v: f64| {
            let e = (-rate * t).exp();
            let r = scale * e - v;
            (-4.0 * r * scale * t * e, 4.0 * r * e)
        };
        let ((a, b), (c, d)) = (of(0.5, 2.0), of(1.0, 1.5));
        (a + c, b + d + 1.5 * 0.5_f64.sin())
    };
}
