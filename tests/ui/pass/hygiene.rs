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

/// Names of the language, the prelude and the engine that mean something else here.
#[allow(dead_code, unused_macros, non_camel_case_types, non_upper_case_globals)]
mod shadowed {
    use ::core::primitive::{f64 as float, i32 as integer};
    use ::gradus::differentiable;

    macro_rules! types {
        ($($name:ident)*) => { $(struct $name;)* };
    }
    types! {
        f64 usize u32 u64 u8 i32 bool str Fn FnMut FnOnce Sized Copy Clone Default Iterator IntoIterator From Into Drop
        Vec Option Result String Box ToOwned Value Graph Trace Backend Gate Parameter Callable Differentiable
    }
    macro_rules! constants {
        ($($name:ident)*) => { $(const $name: () = ();)* };
    }
    constants! { Some None Ok Err }
    macro_rules! functions {
        ($($name:ident)*) => { $(fn $name() {})* };
    }
    functions! { drop gate lift }
    mod std {}
    mod core {}
    mod alloc {}
    mod gradus {}
    mod rt {}
    macro_rules! macros {
        ($($name:ident)*) => { $(macro_rules! $name { () => {} })* };
    }
    macros! { vec panic file line column unreachable assert stringify concat matches }

    #[differentiable]
    pub(super) fn product(xs: &[::core::primitive::f64], y: ::core::primitive::f64) -> ::core::primitive::f64 {
        xs.iter().product::<::core::primitive::f64>() * y
    }

    #[differentiable]
    pub(super) fn looped(x: ::core::primitive::f64, ys: &[::core::primitive::f64]) -> ::core::primitive::f64 {
        let mut sum = x;
        for (i, y) in ys.iter().enumerate() {
            if *y > 0.5 {
                sum += y.powi(2) * x.hypot(*y);
            } else {
                sum = sum.exp() + i as float;
            }
        }
        sum
    }

    #[differentiable]
    pub(super) fn several(
        x: ::core::primitive::f64,
        y: [::core::primitive::f64; 3],
    ) -> (::core::primitive::f64, [::core::primitive::f64; 3]) {
        let w = [x; 3];
        let sum = looped(x, &w) + product(&[x], y[1]);
        (x * y[0] + sum, [y[0], x, y[2] * y[2]])
    }

    #[differentiable]
    pub(super) fn pushed(x: ::core::primitive::f64) -> ::std::vec::Vec<::core::primitive::f64> {
        let mut v = ::std::vec::Vec::new();
        let mut y = x;
        while y < 3.0 {
            v.push(y * x);
            y += x;
        }
        v.iter().map(|a| a * 2.0).collect()
    }

    #[differentiable(partials = power_partials)]
    pub(super) fn power(x: ::core::primitive::f64, #[constant] n: ::core::primitive::i32) -> ::core::primitive::f64 {
        x.powi(n)
    }

    fn power_partials(x: float, n: integer) -> float {
        n as float * x.powi(n - 1)
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
    gradus::check::assert_gradient!(shadowed::looped, 1.0, &[2.0, 0.1]);
    gradus::check::assert_gradient!(shadowed::several, 1.0, [2.0, 0.1, 3.0]);
    gradus::check::assert_gradient!(shadowed::pushed, 0.8);
    gradus::check::assert_gradient!(shadowed::power, 2.0, 3);
}
