//! Values behave as `f64`s: the same results bit for bit, the same panics, the same operators and methods.

use gradus::graph::Operand;
use gradus::{Activations, Graph, Op, Value, stop_gradient};

const NUMBERS: [f64; 14] = [
    0.0,
    -0.0,
    1.0,
    -1.0,
    0.5,
    -2.5,
    3.7,
    1e-300,
    -1e300,
    1e17,
    f64::MIN_POSITIVE,
    f64::INFINITY,
    f64::NEG_INFINITY,
    f64::NAN,
];

/// Equal bit for bit; of a NaN neither sign nor payload are specified.
#[track_caller]
fn assert_same(ours: f64, std: f64, what: &str) {
    let same = ours.to_bits() == std.to_bits() || (ours.is_nan() && std.is_nan());
    assert!(same, "{what}: {ours:?} instead of {std:?}");
}

macro_rules! assert_unary {
    ($graph:ident: $($method:ident),*) => { $(
        for a in NUMBERS {
            assert_same($graph.value(a).$method().data(), a.$method(), stringify!($method));
            assert_same(Value::from(a).$method().data(), a.$method(), stringify!($method));
        }
    )* };
}

macro_rules! assert_binary {
    ($graph:ident: $($method:ident),*) => { $(
        for (a, b) in NUMBERS.iter().flat_map(|&a| NUMBERS.map(|b| (a, b))) {
            let (x, y) = ($graph.value(a), $graph.value(b));
            assert_same(x.$method(y).data(), a.$method(b), stringify!($method));
            assert_same(x.$method(b).data(), a.$method(b), stringify!($method));
            assert_same(Value::from(a).$method(&y).data(), a.$method(b), stringify!($method));
            assert_same(Value::from(a).$method(b).data(), a.$method(b), stringify!($method));
        }
    )* };
}

#[test]
fn methods_give_the_bits_of_f64() {
    let graph = Graph::new();
    assert_unary!(graph: abs, sqrt, cbrt, exp, exp2, exp_m1, ln, ln_1p, log2, log10, recip);
    assert_unary!(graph: sin, cos, tan, asin, acos, atan, sinh, cosh, tanh, asinh, acosh, atanh);
    assert_unary!(graph: to_degrees, to_radians, ceil, floor, round, round_ties_even, trunc, fract, signum);
    assert_unary!(graph: relu, sigmoid, softplus, gelu, silu);
    assert_binary!(graph: atan2, hypot, max, min, div_euclid, rem_euclid, powf, copysign, log, leaky_relu);
    for a in NUMBERS {
        let x = graph.value(a);
        assert_same(x.sin_cos().0.data(), a.sin_cos().0, "sin_cos");
        assert_same(x.sin_cos().1.data(), a.sin_cos().1, "sin_cos");
        assert_same(x.clamp(-1.0, 2.0).data(), a.clamp(-1.0, 2.0), "clamp");
        for n in [-7, -1, 0, 1, 2, 3, 10, i32::MIN, i32::MAX] {
            assert_same(x.powi(n).data(), a.powi(n), "powi");
        }
        for b in NUMBERS {
            assert_same(x.mul_add(b, graph.value(3.0)).data(), a.mul_add(b, 3.0), "mul_add");
        }
    }
}

#[test]
fn predicates_are_of_the_number() {
    let graph = Graph::new();
    for a in NUMBERS.into_iter().chain([5e-324]) {
        let x = graph.value(a);
        assert_eq!(x.is_nan(), a.is_nan());
        assert_eq!(x.is_infinite(), a.is_infinite());
        assert_eq!(x.is_finite(), a.is_finite());
        assert_eq!(x.is_normal(), a.is_normal());
        assert_eq!(x.is_subnormal(), a.is_subnormal());
        assert_eq!(x.is_sign_positive(), a.is_sign_positive());
        assert_eq!(x.is_sign_negative(), a.is_sign_negative());
        assert_eq!(x.classify(), a.classify());
        assert_eq!(x.total_cmp(&Value::from(1.0)), a.total_cmp(&1.0));
        assert_eq!((x < 1.0, x == 1.0, x >= 1.0), (a < 1.0, a == 1.0, a >= 1.0));
        assert_eq!((1.0 < x, 1.0 == x), (1.0 < a, 1.0 == a));
        assert_eq!(x.partial_cmp(&graph.value(1.0)), a.partial_cmp(&1.0));
        assert_eq!(x == graph.value(a), !a.is_nan());
    }
}

/// All combinations of `Value`, `&Value`, `f64` and `&f64`, one of them at least a value.
macro_rules! assert_operators {
    ($($op:tt $assign:tt),*) => { $(
        let graph = Graph::new();
        let (a, b) = (5.5, -2.0);
        let (x, y) = (graph.value(a), graph.value(b));
        let of_values = [x $op y, &x $op y, x $op &y, &x $op &y];
        let with_right = [x $op b, &x $op b, x $op &b, &x $op &b];
        let with_left = [a $op y, a $op &y, &a $op y, &a $op &y];
        for result in of_values.into_iter().chain(with_right).chain(with_left) {
            assert_eq!(result, a $op b);
        }
        let mut all = [x; 4];
        all[0] $assign y;
        all[1] $assign &y;
        all[2] $assign b;
        all[3] $assign &b;
        assert_eq!(all, [x $op y; 4]);
        assert_eq!(graph.len(), 2 + 17, "every one of them is a node");
    )* };
}

#[test]
#[allow(clippy::op_ref, reason = "references are the point")]
fn operators_mix_values_numbers_and_references() {
    assert_operators!(+ +=, - -=, * *=, / /=, % %=);
    let graph = Graph::new();
    let x = graph.value(2.0);
    assert_eq!((-x, -&x), (Value::from(-2.0), Value::from(-2.0)));
}

#[test]
fn sums_and_products_are_those_of_std() {
    let graph = Graph::new();
    let data = [0.1, 0.2, 0.3, -1e16, 1e16, 7.0];
    for n in 0..=data.len() {
        let numbers = &data[..n];
        let values: Vec<Value> = numbers.iter().map(|&a| graph.value(a)).collect();
        assert_same(values.iter().sum::<Value>().data(), numbers.iter().sum(), "sum");
        assert_same(values.iter().copied().sum::<Value>().data(), numbers.iter().sum(), "sum");
        assert_same(values.iter().product::<Value>().data(), numbers.iter().product(), "product");
        assert_same(numbers.iter().sum::<Value>().data(), numbers.iter().sum(), "sum");
    }
    assert!([Value::from(-0.0)].iter().sum::<Value>().is_sign_negative());
    let (x, y) = (graph.value(3.0), graph.value(4.0));
    [x, y, x].iter().product::<Value>().backward();
    assert_eq!((x.grad(), y.grad()), (24.0, 9.0));
}

#[test]
fn operations_on_constants_are_constants() {
    let three = Value::from(1.0) + 2.0;
    assert_eq!(three, 3.0);
    assert!(three.node().is_none());
    three.backward();
    assert_eq!(three.grad(), 0.0);
    assert!(three.mul_add(2.0, three).tanh().powi(3).named("none").node().is_none());
    assert_eq!(three.named("none").name(), None);
    assert_eq!((three.op(), three.operands().count(), three.local_partials().count()), (None, 0, 0));
}

#[test]
fn constants_lie_beside_the_graph() {
    let graph = Graph::new();
    let x = graph.value(2.0);
    let y = x.mul_add(3.0, 4.0) * 5.0;
    assert_eq!(graph.len(), 3);
    assert!(y.operands().eq([Operand::Node(1), Operand::Constant(5.0)]));
    assert!(graph.node(1).operands().eq([Operand::Node(0), Operand::Constant(3.0), Operand::Constant(4.0)]));
    assert!(graph.node(1).local_partials().eq([3.0, 0.0, 0.0]));
    assert_eq!(graph.node(1).op(), Op::MulAdd);
}

#[test]
fn three_operands_each_have_their_gradient() {
    let graph = Graph::new();
    let (a, b, c) = (graph.value(2.0), graph.value(3.0), graph.value(4.0));
    let y = a.mul_add(b, c) + a.mul_add(10.0, b);
    assert_eq!(y, 10.0 + 23.0);
    y.backward();
    assert_eq!((a.grad(), b.grad(), c.grad()), (13.0, 3.0, 1.0));
}

#[test]
fn a_value_is_three_words() {
    assert_eq!(size_of::<Value>(), 24);
}

#[test]
#[should_panic(expected = "min > max, or either was NaN. min = 1.0, max = 0.0")]
fn clamp_panics_as_for_f64() {
    let graph = Graph::new();
    let _ = graph.value(0.5).clamp(1.0, 0.0);
}

#[test]
fn values_print_as_in_micrograd() {
    let graph = Graph::new();
    let x = graph.value(2.5);
    (x * 3.0).backward();
    assert_eq!(
        format!("{x} {x:?} {x:.2}"),
        "Value(data=2.5, grad=3) Value(data=2.5, grad=3) Value(data=2.50, grad=3.00)"
    );
}

#[test]
fn nothing_flows_through_stop_gradient() {
    let graph = Graph::new();
    let x = graph.value(3.0);
    (x * x.stop_gradient() + x.powi(2).stop_gradient()).backward();
    assert_eq!(x.grad(), 3.0);
    assert!(x.stop_gradient().node().is_none());
    assert_eq!(stop_gradient((vec![1.0, 2.0], 3_usize)), (vec![1.0, 2.0], 3));
}

#[test]
fn methods_are_values_too() {
    let graph = Graph::new();
    let xs = [3.0, 7.0, 5.0].map(|x| graph.value(x));
    let greatest = xs.into_iter().map(Value::sqrt).fold(Value::from(f64::NEG_INFINITY), Value::max);
    assert_eq!(greatest, 7_f64.sqrt());
    let mut sorted = xs;
    sorted.sort_by(Value::total_cmp);
    assert_eq!(sorted.map(Value::data), [3.0, 5.0, 7.0]);
}
