//! Aliases of types change nothing: of numbers, arrays, slices, references, tuples, as arguments, results and in bodies.

use gradus::check::assert_gradient;
use gradus::differentiable;

type Real = f64;
type Pair = (f64, f64);
type Row = [f64];
type Borrowed<'a> = &'a [f64];
type Three<'a> = &'a [f64; 3];
type Grid = [[f64; 2]];
type Rows = Vec<f64>;
mod shapes {
    pub type Out = [f64; 2];
    pub type Wide<const N: usize> = [f64; N];
    pub type P = super::Pair;
}
const K: [f64; 2] = [1.0, 2.0];
const Q: Pair = (0.5, 1.5);
const HALF: Real = 0.5;

#[differentiable(compiled, second)]
fn square(x: Real) -> Real {
    x * x
}

#[differentiable(compiled, second)]
fn passed_on(x: f64) -> Real {
    square(x)
}

#[differentiable(compiled, second)]
fn chosen(x: f64, n: usize) -> Real {
    let q = square(x);
    if n > 3 {
        return q;
    }
    if x > 0.0 { square(q) } else { 1.0 }
}

#[differentiable(compiled, second)]
fn constant(x: f64) -> Real {
    let _ = x;
    HALF
}

#[differentiable(compiled, second)]
fn pair(x: f64) -> Pair {
    (x * x, x)
}

#[differentiable(compiled, second)]
fn pair_passed_on(x: f64) -> Pair {
    pair(x)
}

#[differentiable(compiled, second)]
fn pair_given(x: Pair, n: u8) -> Pair {
    if n > 2 {
        return x;
    }
    x
}

#[differentiable(compiled, second)]
fn array(x: f64) -> shapes::Out {
    [x * x, x]
}

#[differentiable(compiled, second)]
fn wide(x: f64) -> shapes::Wide<2> {
    let q = array(x);
    q
}

#[differentiable(compiled, second)]
fn all_of_them(x: f64) -> f64 {
    let a: f64 = passed_on(x);
    let (b, c) = pair_passed_on(x);
    let d = array(x);
    let e = wide(x);
    a * b + c + d[0] * e[1] + passed_on(x) * 2.0
}

#[differentiable(compiled, second)]
fn of_row(x: f64, k: &Row) -> f64 {
    x * k[0] + k.iter().sum::<f64>()
}

#[differentiable(compiled, second)]
fn of_borrowed(x: f64, k: Borrowed<'_>) -> f64 {
    let rest: Borrowed = &k[1..];
    x * k[0] + rest.iter().sum::<f64>()
}

#[differentiable(compiled, second)]
fn of_three(k: Borrowed<'_>, z: Three<'_>, #[constant] w: Borrowed<'_>) -> f64 {
    let mut s = z[2];
    for (a, b) in k.iter().zip(w) {
        s += a * b;
    }
    s
}

#[differentiable(compiled, second)]
fn of_rows(k: &Rows, g: &Grid, x: f64) -> f64 {
    x * k[0] + g[1][0]
}

#[differentiable(compiled, second)]
fn of_wide(k: shapes::Wide<2>, l: &shapes::Wide<2>, p: &shapes::P, q: Pair, x: f64) -> f64 {
    x * k[0] + k[1] * p.0 * l[1] + q.1 * q.0
}

#[differentiable(compiled, second)]
fn calls(x: f64, w: Pair, k: &[f64], z: [f64; 3], #[constant] d: Pair) -> f64 {
    let v = vec![x, 1.0];
    let rows = of_row(x, k) + of_row(x, &K) + of_row(2.0, &[x, 1.0]) + of_row(x, &k[1..]) + of_row(x, &v);
    let borrowed = of_borrowed(x, k) + of_borrowed(x, &K) + of_borrowed(2.0, &[x, 1.0]) + of_borrowed(x, &v);
    let three = of_three(k, &z, &[1.0, 2.0]) + of_three(&[x, 2.0], &[1.0, 2.0, 3.0], &[1.5, 1.0]);
    let grid = of_rows(&v, &[[1.0, 2.0], [x, 1.0]], 2.0) + of_rows(&vec![1.0, 2.0], &[K, K], x);
    let wide =
        of_wide(K, &[x, 1.0], &Q, w, x) + of_wide([x, 1.0], &K, &w, (x, 1.0), 2.0) + of_wide(K, &K, &d, d, x);
    rows + borrowed + three + grid + wide
}

#[test]
fn results_under_another_name() {
    assert_gradient!(square, 0.3);
    assert_gradient!(passed_on, 0.3);
    assert_gradient!(chosen, 0.3, 5);
    assert_gradient!(chosen, 0.3, 1);
    assert_gradient!(chosen, -0.3, 1);
    assert_gradient!(constant, 0.3);
    assert_gradient!(pair_passed_on, 0.3);
    assert_gradient!(pair_given, (0.3, 0.2), 1);
    assert_gradient!(pair_given, (0.3, 0.2), 3);
    assert_gradient!(wide, 0.3);
    assert_gradient!(all_of_them, 0.3);
    // Of a single number the gradient and its buffer, of several what is weighted.
    let mut buffer = 1.0;
    assert_eq!(passed_on_grad(3.0), (9.0, 6.0));
    assert_eq!((passed_on_grad_add(3.0, &mut buffer), buffer), (9.0, 7.0));
    assert_eq!(pair_passed_on_vjp(3.0, (1.0, 10.0)), ((9.0, 3.0), 16.0));
}

#[test]
fn arguments_under_another_name() {
    assert_gradient!(of_row, 0.3, &[0.1, 0.2]);
    assert_gradient!(of_borrowed, 0.3, &[0.1, 0.2]);
    assert_gradient!(of_three, &[0.1, 0.2], &[0.3, 0.4, 0.5], &[2.0, 3.0]);
    assert_gradient!(calls, 0.4, (0.3, 0.2), &[3.0, 4.0], [0.1, 0.2, 0.3], (0.7, 0.8));
    let mut buffers = (0.0, vec![1.0, 1.0]);
    of_row_grad_add(2.0, &[3.0, 4.0], &mut buffers.0, &mut buffers.1);
    assert_eq!(buffers, (3.0, vec![4.0, 2.0]));
}
