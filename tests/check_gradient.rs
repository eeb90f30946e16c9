//! `assert_gradient!`: right gradients of all shapes pass, wrong ones are found and blamed.

#![allow(clippy::pedantic, clippy::ptr_arg, clippy::useless_vec, reason = "as users write")]

use gradus::check::{Checked, assert_gradient};
use gradus::graph::Operand;
use gradus::rt::Shift;
use gradus::trace::{Input, Origin, Site, Source, Span, Trace};
use gradus::{Activations, Graph, Op, Value, differentiable, stop_gradient};
use std::panic::{UnwindSafe, catch_unwind};

/// The report of a check that fails.
fn report(check: impl FnOnce() -> Checked + UnwindSafe) -> String {
    let panic = catch_unwind(check).expect_err("the check fails");
    panic.downcast_ref::<String>().expect("a message").clone()
}

// --- shapes

#[differentiable]
fn scalars(x: f64, y: &f64, n: i32) -> f64 {
    x.sin() * y.exp() + x.powi(n)
}

#[differentiable]
fn sequences(slice: &[f64], owned: Vec<f64>, array: [f64; 2], borrowed: &[f64; 2], list: &Vec<f64>) -> f64 {
    let dot: f64 = slice.iter().zip(&owned).map(|(a, b)| a * b).sum();
    dot * array[0] + array[1] / borrowed[0] - borrowed[1] * list[0]
}

#[differentiable]
fn nested(
    rows: &[Vec<f64>],
    slices: &[&[f64]],
    matrix: &[[f64; 2]],
    pairs: &[(f64, f64)],
    tuple: (f64, [f64; 2]),
) -> f64 {
    let mut total = tuple.0 * tuple.1[0] + tuple.1[1].cos();
    for row in rows {
        total += row.iter().product::<f64>();
    }
    for slice in slices {
        total *= slice[0];
    }
    for ([a, b], (c, d)) in matrix.iter().zip(pairs) {
        total += a * b * c - d.tanh();
    }
    total
}

#[differentiable]
fn weighted(#[constant] data: &[f64], w: &[f64], label: &str) -> f64 {
    data.iter().zip(w).map(|(d, w)| (d * w).tanh()).sum::<f64>() + label.len() as f64
}

#[differentiable]
fn sized<const N: usize>(x: [f64; N]) -> f64 {
    let mut product = 1.0;
    for x in x {
        product *= x + 2.0;
    }
    product
}

mod inside {
    use gradus::differentiable;
    pub type Samples<'a> = &'a [f64];
    #[differentiable]
    pub fn aliased(samples: Samples<'_>) -> f64 {
        samples.iter().map(|s| s * s).sum()
    }
    #[differentiable]
    pub fn same(same: f64) -> f64 {
        same * same
    }
}

#[test]
fn every_shape_of_arguments_is_checked() {
    let y = 0.3;
    assert_eq!(assert_gradient!(scalars, 0.7, &y, 3).derivatives, 2);
    let (owned, list) = (vec![1.0, -2.0], vec![0.5]);
    let checked = assert_gradient!(sequences, &[0.5, 1.5], owned, [2.0, 3.0], &[4.0, 5.0], &list);
    assert_eq!(checked.derivatives, 9);
    assert!(checked.worst < 1e-7 && checked.kinks.is_empty(), "{checked}");
    let rows = vec![vec![1.0, 2.0], vec![3.0]];
    let checked = assert_gradient!(
        nested,
        &rows,
        &[&[1.5, 0.0][..], &[0.5]],
        &[[1.0, 2.0], [3.0, 4.0]],
        &[(0.1, 0.2), (0.3, 0.4)],
        (0.7, [0.8, 0.9]),
    );
    assert_eq!(checked.derivatives, 3 + 3 + 4 + 4 + 3);
    assert_eq!(assert_gradient!(weighted, &[1.0, 2.0], &[0.1, 0.2], "label").derivatives, 2);
    assert_eq!(assert_gradient!(sized, [0.5, 1.5, 2.5]).derivatives, 3);
    assert_eq!(assert_gradient!(inside::aliased, &vec![0.5, 1.5]).derivatives, 2);
    assert_eq!(assert_gradient!(self::inside::same, 0.5).derivatives, 1);
    assert_eq!(assert_gradient!(neighbour::logistic, 0.5).derivatives, 1);
}

#[differentiable]
fn several(x: &[f64], y: f64) -> (f64, Vec<f64>) {
    (x[0] * y, x.iter().map(|x| x / y).collect())
}

#[test]
fn every_row_of_a_jacobian_is_checked() {
    assert_eq!(assert_gradient!(several, &[1.0, 2.0], 4.0).derivatives, 3 * 3);
}

#[test]
fn arguments_are_evaluated_once() {
    let mut calls = 0;
    let mut next = || {
        calls += 1;
        0.5
    };
    let _ = assert_gradient!(inside::same, next());
    assert_eq!(calls, 1);
}

// --- kinks and edges

#[differentiable]
fn kinked(x: f64, y: f64) -> f64 {
    x.abs() + x.max(y) + y.relu()
}

#[differentiable]
fn edged(x: f64) -> f64 {
    x.sqrt() + x.powf(1.5)
}

#[differentiable]
fn stepped(x: f64) -> f64 {
    x.floor() * 2.0 + x * x
}

#[test]
fn kinks_are_told_and_not_failed() {
    let checked = assert_gradient!(kinked, 0.0, -1.0);
    assert_eq!(checked.kinks.len(), 1);
    assert_eq!((checked.kinks[0].left, checked.kinks[0].right), (Some(0.0), Some(2.0)));
    assert_eq!(checked.kinks[0].gradient, 1.0, "0 of `abs`, 1 of `max`");
    assert!(assert_gradient!(kinked, 0.5, 0.5).to_string().contains("no derivative at a kink for `x`"));
    assert_eq!(assert_gradient!(edged, 0.0).kinks.len(), 1);
    let jump = assert_gradient!(stepped, 2.0);
    assert!(jump.kinks[0].left.is_none() && jump.kinks[0].right.is_some());
    assert!(assert_gradient!(stepped, 2.5).kinks.is_empty());
}

// --- wrong gradients

#[differentiable]
fn lost_in_a_loop(x: f64, n: usize) -> f64 {
    let mut y = x;
    for i in 0..n {
        let factor = if i == 2 { stop_gradient(y) } else { 1.5 };
        y = y.sin() + factor * y;
    }
    y
}

#[test]
fn the_expression_that_loses_a_derivative_is_blamed() {
    assert!(assert_gradient!(lost_in_a_loop, 0.3, 2).kinks.is_empty());
    let told = report(|| assert_gradient!(lost_in_a_loop, 0.3, 5));
    assert!(told.starts_with("the gradient of `lost_in_a_loop` is wrong\n  for `x` it is "), "{told}");
    let line = lost_in_a_loop::SOURCE.lines().position(|line| line.contains("factor * y")).unwrap();
    let line = line as u32 + lost_in_a_loop_graph(0.3, 1).source().line;
    assert!(told.contains(&format!("--> tests/check_gradient.rs:{line}:23\n")), "{told}");
    assert!(told.contains("^^^^^^^^^^ when `x` grows by 1, this grows by "), "{told}");
    assert!(told.contains("= note: `factor` is a plain number here, and changes with `x`"), "{told}");
    assert!(told.contains("`stop_gradient(y)` in line"), "{told}");
    assert!(told.contains("= note: in iteration 3 of line"), "{told}");
}

#[differentiable]
fn wholly_lost(x: f64) -> f64 {
    let y = stop_gradient(x);
    if y > 0.0 { y } else { x }
}

#[test]
fn a_result_that_is_cut_off_is_blamed_on_the_cut() {
    let told = report(|| assert_gradient!(wholly_lost, 2.0));
    assert!(told.contains("for `x` it is 0, differences say 1"), "{told}");
    assert!(told.contains("`stop_gradient(x)` in line"), "{told}");
}

#[differentiable(partials = cube_partials)]
fn cube(x: f64) -> f64 {
    x * x * x
}

/// Should be three times that.
fn cube_partials(x: f64) -> f64 {
    x * x
}

#[differentiable]
fn with_a_wrong_rule(x: f64, y: f64) -> f64 {
    let z = x.sin() * y;
    cube(z) + z
}

#[test]
fn a_custom_operation_whose_partials_are_wrong_is_blamed() {
    let told = report(|| assert_gradient!(with_a_wrong_rule, 0.7, 2.0));
    let line = cube_graph(1.0).source().line;
    assert!(told.contains(&format!("--> tests/check_gradient.rs:{line}:4\n")), "{told}");
    assert!(told.contains("fn cube(x: f64) -> f64 {\n"), "{told}");
    assert!(told.contains("^^^^ when `x` grows by 1, this grows by "), "{told}");
    assert!(report(|| assert_gradient!(cube, 2.0)).contains("for `x` it is 4, differences say 12"));
}

#[differentiable]
fn not_a_number(x: f64) -> f64 {
    x.ln()
}

#[test]
fn a_check_that_would_check_nothing_fails() {
    assert!(report(|| assert_gradient!(not_a_number, -1.0)).contains("has no derivative to check"));
}

static SOURCE: Source = Source {
    function: "cubed",
    file: "src/cubed.rs",
    line: 7,
    column: 1,
    text: "fn cubed(x: f64) -> f64 {\n    let square = x * x;\n    square * x\n}",
    adjoint: "",
};
static SQUARE: Site = Site {
    source: &SOURCE,
    span: Span { start: 43, end: 48 },
    operands: &[Span { start: 43, end: 44 }, Span { start: 47, end: 48 }],
    name: Some("square"),
};
static PRODUCT: Site = Site {
    source: &SOURCE,
    span: Span { start: 54, end: 64 },
    operands: &[Span { start: 54, end: 60 }, Span { start: 63, end: 64 }],
    name: None,
};

/// x³, its companions made by hand, whose square is right as a number and wrong as an operation.
macro_rules! wrong_by_hand {
    ($name:ident, $gradient:expr, $square:expr) => {
        #[allow(non_camel_case_types)]
        enum $name {}
        impl $name {
            fn __shifted(x: f64, shift: &mut Shift) -> Vec<f64> {
                let x = shift.next(x);
                vec![x * x * x]
            }
            fn __rows(x: f64) -> (Vec<f64>, Vec<Vec<f64>>) {
                let gradient: fn(f64) -> f64 = $gradient;
                (vec![x * x * x], vec![vec![gradient(x)]])
            }
            fn __graph(x: f64, shift: &mut Shift) -> Trace {
                let graph = Graph::with_sites();
                let outputs = {
                    let x = graph.value(shift.next(x)).named("x");
                    let square: fn(Value<'_>) -> Value<'_> = $square;
                    let cube = gradus::rt::apply(Op::Mul, [square(x), x], Some(Origin::Site(&PRODUCT)));
                    cube.backward();
                    vec![Operand::Node(cube.node().unwrap().index())]
                };
                Trace::new(graph, &SOURCE, vec![Input { name: "x", nodes: vec![0] }], outputs)
            }
        }
    };
}

wrong_by_hand!(wrong_gradient, |x| 2.0 * x * x, |x| {
    gradus::rt::apply(Op::Mul, [x, x], Some(Origin::Site(&SQUARE)))
});
// |x| · |x| is the square, but one factor is `copysign` with a sign that is a number: right at positive x for the value,
// and the other factor is no node.
wrong_by_hand!(wrong_operation, |x| 2.0 * x * x, |x| {
    gradus::rt::apply(Op::Mul, [x, Value::from(x.data())], Some(Origin::Site(&SQUARE)))
});

#[test]
fn an_operation_that_is_wrong_by_hand_is_blamed() {
    // Of x · (the number x) · x the graph sees two factors: the gradient 2x², where 3x² is true.
    let told = report(|| assert_gradient!(wrong_operation, 2.0));
    let expected = "\
the gradient of `wrong_operation` is wrong
  for `x` it is 8, differences say 12

the first expression whose derivative is off:
 --> src/cubed.rs:8:18
  |
8 |     let square = x * x;
  |                  ^^^^^ when `x` grows by 1, this grows by 4; by its rule it would by 2
  |
  = note: `x` is a plain number here, and changes with `x`: its derivative is lost
";
    assert_eq!(told, expected);
}

#[test]
fn a_gradient_that_the_graph_contradicts_is_told_as_such() {
    let told = report(|| assert_gradient!(wrong_gradient, 2.0));
    assert!(told.contains("for `x` it is 8, differences say 12 (on the graph it is 12)\n"), "{told}");
    assert!(told.contains("every operation of the graph changes as its rule says"), "{told}");
}

#[differentiable]
fn forked(x: f64) -> f64 {
    if x > 1.0 { 3.0 * x } else { x }
}

#[test]
fn a_jump_between_two_ways_is_blamed_on_the_comparison() {
    // At 1 the function is 1, and just above it is 3: from the left the slope is 1, as the gradient says.
    let checked = assert_gradient!(forked, 1.0);
    assert_eq!((checked.kinks[0].left, checked.kinks[0].right), (Some(1.0), None));
}
