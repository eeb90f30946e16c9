//! Const generics of every type, which parameters need not name, and lifetimes, which bodies may.
#![deny(warnings)]

use gradus::check::assert_gradient;
use gradus::differentiable;

#[differentiable]
fn lifetimes<'a, 'b: 'a>(xs: &'a [f64], ys: &'b [f64]) -> f64 {
    let both: &'a [f64] = ys;
    let first: &'a f64 = &both[0];
    xs[0] * first
}

#[differentiable]
fn reversed<const N: usize, const M: usize>(xs: [f64; N], ys: &[[f64; M]; N]) -> [f64; N] {
    const { assert!(N > 0) };
    let mut v = [0.0; N];
    for i in 0..N {
        v[i] = xs[N - 1 - i] * ys[i][M - 1];
    }
    v
}

/// No parameter names these.
#[differentiable]
fn flags<const B: bool, const C: char, const I: i64>(x: f64) -> f64 {
    if B && C == 'x' { x } else { x * I as f64 }
}

#[differentiable]
fn several<const B: bool>(x: f64, y: &[f64]) -> (f64, Vec<f64>) {
    (if B { x } else { x * x }, y.iter().map(|y| x * y).collect())
}

#[differentiable]
fn on_graph<const N: usize>(xs: &[f64]) -> f64 {
    xs.chunk_by(|a, b| a < b).map(|run| run[N] * run[N]).sum()
}

#[differentiable(partials = scaled_partials::<K>)]
fn scaled<const K: i32>(x: f64) -> f64 {
    x * f64::from(K)
}

fn scaled_partials<const K: i32>(_: f64) -> f64 {
    f64::from(K)
}

mod renamed {
    #[gradus::differentiable(item = measure)]
    pub fn renamed<const N: usize>(xs: [f64; N]) -> f64 {
        if N == 0 {
            return 0.0;
        }
        xs[0] + super::reversed::<N, 1>(xs, &[[1.0]; N])[0]
    }
}

#[differentiable]
fn caller(x: f64) -> f64 {
    let (a, b) = several::<false>(x, &[x]);
    renamed::measure([x, x]) + flags::<true, 'x', 3>(x) * scaled::<3>(x) + a * b[0] + on_graph::<0>(&[x])
}

fn main() {
    assert_gradient!(lifetimes, &[1.0], &[2.0]);
    assert_gradient!(reversed, [1.0, 3.0], &[[2.0], [4.0]]);
    assert_gradient!(caller, 2.0);
    assert_gradient!(flags::<false, 'x', 3>, 2.0);
    assert_gradient!(flags::<true, 'y', -3>, 2.0);
    assert_gradient!(crate::several::<{ 1 + 1 == 2 }>, 2.0, &[1.0, 3.0]);
    const K: i32 = 4;
    assert_gradient!(scaled::<K>, 2.0,);
    assert_gradient!(reversed::<2, _>, [1.0, 3.0], &[[2.0], [4.0]]);
    assert_gradient!(renamed::measure::<2>, [1.0, 3.0]);
    assert_eq!(flags_grad::<false, 'x', 3>(2.0), (6.0, 3.0));
    assert_eq!(several_vjp::<true>(2.0, &[3.0], (1.0, vec![1.0])).1, (4.0, vec![2.0]));
    assert_eq!(several_graph::<true>(2.0, &[3.0]).gradient("x"), [4.0]);
    assert_eq!(scaled_grad::<3>(2.0), (6.0, 3.0));
    assert_eq!(on_graph_grad::<0>(&[3.0]), (9.0, vec![6.0]));
}
