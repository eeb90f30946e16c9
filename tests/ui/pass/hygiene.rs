//! Names that generated code uses are the user's to use, and generated code answers to no lint of the user's.
#![deny(warnings, missing_docs, unreachable_pub, unused_qualifications, clippy::pedantic)]

use gradus::differentiable;

/// Variables named as in generated code.
#[differentiable]
fn variables(grad: f64, tape: f64, value: f64, graph: f64) -> f64 {
    let root = grad * tape;
    let inputs = root + value;
    let outputs = inputs * graph;
    let operand = outputs - grad;
    let place = operand * 2.0;
    let mut argument0 = place;
    argument0 += value;
    let matched = argument0;
    match matched {
        x if x > 0.0 => matched * tape,
        _ => matched,
    }
}

/// Parameters named as the generated ones, and a raw name.
#[differentiable]
fn parameters(x: f64, x_grad: f64, x_values: f64, x_gradient: f64, r#type: f64) -> f64 {
    x * x_grad + x_values * x_gradient + r#type
}

/// A function named like its parameter.
#[differentiable]
fn loss(loss: f64) -> f64 {
    loss * loss
}

/// A raw name.
#[differentiable]
fn r#match(x: f64) -> f64 {
    3.0 * x
}

/// Calls with arguments named as the generated ones.
#[differentiable]
fn calls(seed: f64, engine: &[f64]) -> f64 {
    let argument1 = seed * 2.0;
    let function = loss(argument1);
    engine.iter().map(|input0| loss(*input0 + function)).sum::<f64>() + r#match(seed)
}

/// Lifetimes, one of them named as the generated one.
#[differentiable]
fn lifetimes<'g, 'a>(xs: &'g [f64], ys: &'a [f64]) -> f64 {
    xs.iter().zip(ys).map(|(x, y)| x * y).sum()
}

/// Const generics.
#[differentiable]
fn squares<const N: usize>(xs: [f64; N]) -> f64 {
    let mut total = 0.0;
    for x in xs {
        total += x * x;
    }
    total
}

/// Functions that a macro makes, and a path that it hands on.
macro_rules! made {
    ($name:ident, $x:ident, $e:expr, $by:path) => {
        /// Made by a macro.
        #[differentiable]
        fn $name($x: f64) -> f64 {
            let y = $e;
            $by(y) * $x
        }
    };
}

made!(cubic, x, x + 1.0, square_of);

/// Attributes of the function stay with it.
#[inline]
#[must_use]
#[differentiable]
const fn square_of(x: f64) -> f64 {
    x * x
}

/// The item of a function in a module of its own name.
mod distance {
    use gradus::differentiable;

    #[differentiable(item = distance_item)]
    pub(super) fn distance(x: f64, y: f64) -> f64 {
        (x - y).abs()
    }
}
use distance::distance;

/// Functions inside a function.
fn inside() -> f64 {
    const K: f64 = 3.0;
    #[differentiable]
    fn inner(x: f64, n: usize) -> f64 {
        if n == 0 { K * x } else { inner(x * x, n - 1) }
    }
    inner_grad(2.0, 2).1
}

/// Names of the prelude, shadowed.
mod shadowed {
    use gradus::differentiable;

    #[allow(dead_code)]
    enum Option {
        Some,
    }
    #[allow(dead_code)]
    struct Vec;
    #[allow(dead_code)]
    struct Result;
    #[allow(dead_code)]
    mod std {}
    #[allow(dead_code)]
    mod core {}

    #[differentiable]
    pub(super) fn product(xs: &[f64], y: f64) -> f64 {
        xs.iter().product::<f64>() * y
    }
}

fn main() {
    assert_eq!(variables_grad(1.0, 2.0, 3.0, 4.0).0, variables(1.0, 2.0, 3.0, 4.0));
    assert_eq!(parameters_grad(1.0, 2.0, 3.0, 4.0, 5.0).1, (2.0, 1.0, 4.0, 3.0, 1.0));
    assert_eq!(loss_grad(3.0), (9.0, 6.0));
    assert_eq!(match_grad(3.0), (9.0, 3.0));
    assert_eq!(calls_grad(1.0, &[1.0]).0, calls(1.0, &[1.0]));
    assert_eq!(lifetimes_grad(&[1.0, 2.0], &[3.0, 4.0]).1, (vec![3.0, 4.0], vec![1.0, 2.0]));
    assert_eq!(squares_grad([3.0, 4.0]), (25.0, [6.0, 8.0]));
    assert_eq!(cubic_grad(1.0), (4.0, 8.0));
    assert_eq!(distance::distance_grad(3.0, 1.0), (distance(3.0, 1.0), (1.0, -1.0)));
    assert_eq!(distance::distance_item::SOURCE.find("fn distance"), Some(11));
    assert_eq!(inside(), 96.0);
    assert_eq!(shadowed::product_grad(&[2.0, 3.0], 4.0), (24.0, (vec![12.0, 8.0], 6.0)));
}
