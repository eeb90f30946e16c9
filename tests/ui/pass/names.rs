//! Names are the user's: raw ones, ones that end in underscores, ones that hide a function or a companion.

use gradus::check::assert_gradient;
use gradus::differentiable;

struct Data {
    r#type: f64,
    r#gen: f64,
}

#[differentiable]
fn slice(x: f64, r#match: &[f64]) -> f64 {
    x + r#match[0] * r#match[1]
}

#[differentiable]
fn locals(
    r#in: f64,
    r#fn: [f64; 2],
    r#move: Vec<f64>,
    #[constant] r#struct: &Data,
    #[constant] r#mod: usize,
) -> (f64, Vec<f64>) {
    let r#loop = r#in * r#struct.r#type + r#struct.r#gen;
    let mut r#while = r#fn;
    let mut r#for = 0.0;
    for r#impl in 0..r#mod {
        r#while[0] += r#loop * r#fn[1];
        r#for += r#while[0] * r#move[r#impl];
    }
    let r#as = |r#const: f64| r#const * r#for;
    let r#pub: Vec<f64> = r#move.iter().map(|r#ref| r#as(*r#ref)).collect();
    let [r#enum, r#dyn] = r#fn;
    (r#enum * r#dyn * r#for, r#pub)
}

#[differentiable]
fn r#type((r#match, r#if): (f64, f64), [r#true_]: [f64; 1], (r#else,): (f64,)) -> f64 {
    r#match * r#if + r#true_ * r#else.sin()
}

#[differentiable]
fn r#match(r#match: f64, match_: f64) -> f64 {
    r#match * r#type((r#match, match_), [2.0], (match_,))
}

#[differentiable]
fn r#while<const N: usize, const M: usize>(r#while: [f64; N], y: [f64; M]) -> [f64; N] {
    let mut v = r#while;
    v[0] *= y[1];
    v
}

#[differentiable(partials = r#use)]
fn r#trait(r#trait: f64, #[constant] r#gen: &[f64]) -> f64 {
    r#trait * r#gen[0]
}

fn r#use(_: f64, r#gen: &[f64]) -> f64 {
    r#gen[0]
}

#[differentiable]
fn r#gen(r#gen: f64, #[constant] r#async: f64) -> f64 {
    let r#try = r#gen * r#async;
    r#try * r#trait(r#gen, &[3.0])
}

/// On a graph.
#[differentiable]
fn graphed(r#match: &[f64], r#gen: f64) -> f64 {
    let r#gen = r#gen * 2.0;
    r#match.chunk_by(|r#a, r#if| r#a < r#if).map(|r#in| r#in[0] * r#gen).sum()
}

/// A parameter hides the function.
#[differentiable]
fn line(line: &[f64]) -> (f64, f64) {
    (line[0], line[1] * line[0])
}

/// Parameters hide companions.
#[differentiable]
fn square(square_grad: f64, square_graph: f64) -> f64 {
    square_grad * square_graph
}

#[differentiable]
fn rows(rows_jacobian: &[f64], rows: f64) -> Vec<f64> {
    rows_jacobian.iter().map(|x| x * rows).collect()
}

#[differentiable]
fn caller(line_grad: f64, y: f64) -> f64 {
    let (a, b) = line(&[line_grad, y]);
    a * b + y * r#match(line_grad, 1.0) + rows(&[y], a)[0]
}

mod loss {
    #[gradus::differentiable(item = measure)]
    pub fn loss(loss: f64, measure: f64) -> f64 {
        loss * measure
    }
}

#[differentiable]
fn measured(x: f64) -> f64 {
    loss::measure(x, x)
}

/// Names that differ in underscores only.
#[differentiable]
fn underscores(x: f64, x_: &[f64], x__: f64, __: f64) -> f64 {
    let y = x * x_[0];
    let y_ = y * x__;
    let y__ = y_ * y * x.sin();
    let ___ = y__ * __;
    ___ * y_ * y + y__
}

fn main() {
    assert_gradient!(slice, 1.0, &[2.0, 3.0]);
    assert_gradient!(locals, 1.0, [2.0, 3.0], vec![1.0, 4.0, 5.0], &Data { r#type: 2.0, r#gen: 1.0 }, 3);
    assert_gradient!(r#type, (1.0, 2.0), [3.0], (1.5,));
    assert_gradient!(r#match, 1.0, 2.0);
    assert_gradient!(r#while, [1.0, 2.0], [3.0, 4.0, 5.0]);
    assert_gradient!(r#trait, 2.0, &[3.0]);
    assert_gradient!(r#gen, 2.0, 3.0);
    assert_gradient!(graphed, &[2.0, 4.0], 3.0);
    assert_gradient!(line, &[2.0, 3.0]);
    assert_gradient!(square, 2.0, 3.0);
    assert_gradient!(rows, &[2.0, 4.0], 3.0);
    assert_gradient!(caller, 2.0, 3.0);
    assert_gradient!(loss::measure, 2.0, 3.0);
    assert_gradient!(measured, 2.0);
    assert_gradient!(underscores, 1.0, &[2.0], 3.0, 0.5);
    assert_eq!(match_graph(1.0, 2.0).gradient("match_").len(), 1);
    assert_eq!(slice::BACKEND, gradus::Backend::Compiled);
    assert_eq!(underscores::BACKEND, gradus::Backend::Compiled);
}
