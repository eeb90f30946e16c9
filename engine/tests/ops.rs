//! The table of operations: every partial derivative against finite differences, every convention by name.

use gradus::ops::{Form, Kind, Op, Read};
use gradus::{Graph, Value};

/// Boxes of operands, one range an operand, within which the operation is smooth; the finite differences step a
/// little outside. An operation without a domain does not compile.
fn domain(op: Op) -> Vec<Vec<(f64, f64)>> {
    const ANY: (f64, f64) = (-3.0, 3.0);
    const POSITIVE: (f64, f64) = (0.3, 4.0);
    const NEGATIVE: (f64, f64) = (-4.0, -0.3);
    let halves = || vec![vec![POSITIVE], vec![NEGATIVE]];
    let quadrants = || {
        [POSITIVE, NEGATIVE].iter().flat_map(|&a| [vec![a, POSITIVE], vec![a, NEGATIVE]]).collect::<Vec<_>>()
    };
    // a/b stays strictly between two whole numbers.
    let between_multiples =
        || vec![vec![(5.1, 5.9), (2.1, 2.4)], vec![(-5.9, -5.1), (2.1, 2.4)], vec![(5.1, 5.9), (-2.4, -2.1)]];
    let apart = || vec![vec![(-1.0, 0.9), (1.1, 3.0)], vec![(1.1, 3.0), (-1.0, 0.9)]];
    match op {
        Op::Input | Op::Custom => vec![vec![]],
        Op::Add | Op::Sub | Op::Mul => vec![vec![ANY, ANY]],
        Op::MulAdd => vec![vec![ANY, ANY, ANY]],
        Op::Div => vec![vec![ANY, POSITIVE], vec![ANY, NEGATIVE]],
        Op::Powi => {
            (-3..=5).flat_map(|n| [POSITIVE, NEGATIVE].map(|a| vec![a, (n.into(), n.into())])).collect()
        }
        Op::Powf => vec![vec![POSITIVE, ANY]],
        Op::Hypot | Op::Atan2 | Op::Copysign => quadrants(),
        Op::Max | Op::Min => apart(),
        Op::LeakyRelu => vec![vec![POSITIVE, ANY], vec![NEGATIVE, ANY]],
        Op::Rem | Op::RemEuclid | Op::DivEuclid => between_multiples(),
        Op::Clamp => {
            let bounds = [(-1.0, 0.0), (2.0, 3.0)];
            [(0.3, 1.7), (-3.0, -1.3), (3.3, 5.0)].map(|a| vec![a, bounds[0], bounds[1]]).to_vec()
        }
        Op::Neg
        | Op::Exp
        | Op::Exp2
        | Op::ExpM1
        | Op::Sin
        | Op::Cos
        | Op::Atan
        | Op::ToDegrees
        | Op::ToRadians
        | Op::Sinh
        | Op::Cosh
        | Op::Tanh
        | Op::Asinh
        | Op::Sigmoid
        | Op::Softplus
        | Op::Silu
        | Op::Gelu => {
            vec![vec![ANY]]
        }
        Op::Sqrt | Op::Ln | Op::Log2 | Op::Log10 => vec![vec![POSITIVE]],
        Op::Ln1p => vec![vec![(-0.7, 3.0)]],
        Op::Tan => vec![vec![(-1.2, 1.2)]],
        Op::Asin | Op::Acos | Op::Atanh => vec![vec![(-0.8, 0.8)]],
        Op::Acosh => vec![vec![(1.3, 4.0)]],
        Op::Cbrt | Op::Abs | Op::Relu | Op::Signum => halves(),
        Op::Ceil | Op::Floor | Op::Trunc | Op::Fract => vec![vec![(1.1, 1.9)], vec![(-1.9, -1.1)]],
        Op::Round | Op::RoundTiesEven => vec![vec![(0.6, 1.4)], vec![(1.6, 2.4)], vec![(-1.4, -0.6)]],
        other => panic!("{other:?} has no domain to be tested on"),
    }
}

/// The derivative of `f` at 0: central differences with halved steps, extrapolated to step 0 (Ridders, *Accurate
/// computation of F'(x) and F'(x)F''(x)*, 1982).
fn slope_at_zero(f: impl Fn(f64) -> f64, step: f64) -> f64 {
    let mut column: Vec<f64> =
        (0..5).map(|k| step / f64::from(1 << k)).map(|h| (f(h) - f(-h)) / (2.0 * h)).collect();
    let mut factor = 1.0;
    while column.len() > 1 {
        factor *= 4.0;
        column = column.windows(2).map(|pair| pair[1] + (pair[1] - pair[0]) / (factor - 1.0)).collect();
    }
    column[0]
}

/// Points that fill a box evenly: the additive recurrence with the powers of the generalised golden ratio.
fn points(ranges: &[(f64, f64)]) -> impl Iterator<Item = Vec<f64>> {
    const STEPS: [f64; 3] = [0.819_172_513_396_164_4, 0.671_043_606_703_789_3, 0.549_700_477_901_970_3];
    (1..=100).map(move |i| {
        let position = |k: usize| (f64::from(i) * STEPS[k]).fract();
        ranges.iter().enumerate().map(|(k, &(low, high))| low + (high - low) * position(k)).collect()
    })
}

#[test]
fn partials_are_finite_differences() {
    for &op in Op::ALL {
        for ranges in domain(op) {
            assert_eq!(ranges.len(), op.arity(), "operands of `{}`", op.name());
            for point in points(&ranges) {
                check_partials(op, &point);
            }
        }
    }
}

#[test]
fn second_derivatives_are_finite_differences_of_partials() {
    for &op in Op::ALL {
        for ranges in domain(op) {
            for point in points(&ranges) {
                check_seconds(op, &point);
            }
        }
    }
}

fn check_seconds(op: Op, point: &[f64]) {
    if op == Op::Input || op == Op::Custom {
        return;
    }
    let active: Vec<bool> = (0..op.arity()).map(|k| !(op == Op::Powi && k == 1)).collect();
    let seconds = op.seconds(point, op.value(point));
    for k in (0..op.arity()).filter(|&k| active[k]) {
        for j in (0..op.arity()).filter(|&j| active[j]) {
            let moved = |by: f64| {
                let mut operands = point.to_vec();
                operands[j] += by;
                op.partials(&operands, op.value(&operands), &active)[k]
            };
            let slope = slope_at_zero(moved, 0.02);
            let error = (seconds[k][j] - slope).abs();
            assert!(
                error <= 1e-8 * slope.abs().max(1.0),
                "`{}` at {point:?}: second derivative {k}, {j} is {}, finite differences give {slope}",
                op.name(),
                seconds[k][j],
            );
            assert!(op.second(k, j).is_some() || slope.abs() < 1e-9, "`{}` {k}, {j}", op.name());
        }
    }
}

#[test]
fn conventions_of_second_derivatives() {
    let seconds = |op: Op, operands: &[f64]| op.seconds(operands, op.value(operands));
    // The partial of aᵇ for a is 0 for b = 0, and changes with b all the same.
    assert_eq!(seconds(Op::Powf, &[4.0, 0.0])[0][..2], [0.0, 0.25]);
    assert_eq!(seconds(Op::Powf, &[0.0, 2.0])[0][..2], [2.0, 0.0]);
    assert_eq!(seconds(Op::Powf, &[0.0, 0.5])[0][..2], [f64::NEG_INFINITY; 2]);
    assert!(seconds(Op::Powf, &[-2.0, 3.0])[1][1].is_nan());
    assert_eq!(seconds(Op::Powf, &[-2.0, 3.0])[0][0], -12.0);
    assert_eq!(seconds(Op::Powi, &[0.0, 1.0])[0][0], 0.0);
    assert_eq!(seconds(Op::Powi, &[0.0, 2.0])[0][0], 2.0);
    assert_eq!(seconds(Op::LeakyRelu, &[0.0, 0.1])[0][..2], [0.0, 1.0]);
    assert_eq!(seconds(Op::LeakyRelu, &[1.0, 0.1])[0][..2], [0.0, 0.0]);
    assert_eq!(seconds(Op::Hypot, &[0.0, 0.0]), [[0.0; 3]; 3]);
    assert_eq!(seconds(Op::Atan2, &[0.0, 0.0]), [[0.0; 3]; 3]);
    for op in [Op::Abs, Op::Max, Op::Min, Op::Clamp, Op::Relu, Op::Copysign] {
        assert_eq!(seconds(op, &[0.0, 0.0, 0.0]), [[0.0; 3]; 3], "`{}`", op.name());
    }
    assert_eq!(seconds(Op::Sqrt, &[0.0])[0][0], f64::NEG_INFINITY);
}

fn check_partials(op: Op, point: &[f64]) {
    if op == Op::Input {
        return;
    }
    let active: Vec<bool> = (0..op.arity()).map(|k| !(op == Op::Powi && k == 1)).collect();
    let partials = op.partials(point, op.value(point), &active);
    for k in (0..op.arity()).filter(|&k| active[k]) {
        let moved = |by: f64| {
            let mut operands = point.to_vec();
            operands[k] += by;
            op.value(&operands)
        };
        let slope = slope_at_zero(moved, 0.02);
        let error = (partials[k] - slope).abs();
        assert!(
            error <= 1e-9 * slope.abs().max(1.0),
            "`{}` at {point:?}: partial {k} is {}, finite differences give {slope}",
            op.name(),
            partials[k],
        );
    }
    assert!(partials[op.arity()..].iter().all(|&partial| partial == 0.0));
}

#[test]
fn passive_operands_have_no_partial() {
    assert_eq!(Op::Mul.partials(&[3.0, 4.0], 12.0, &[true, false]), [4.0, 0.0, 0.0]);
    assert_eq!(Op::Powf.partials(&[-2.0, 3.0], -8.0, &[true, false]), [12.0, 0.0, 0.0]);
}

#[test]
fn the_table_describes_itself() {
    for (index, &op) in Op::ALL.iter().enumerate() {
        assert_eq!(op as usize, index);
        assert!(!op.name().is_empty() && !op.symbol().is_empty() && !op.rule().is_empty());
        assert!(op.arity() <= 3);
        assert_eq!(Op::from_name(op.name()), Some(op));
        for k in 0..3 {
            assert!(op.reads(k).is_sorted() && (op.has_partial(k) || op.reads(k).is_empty()));
            assert!(k < op.arity() && op.kind() != Kind::Flat || !op.has_partial(k));
        }
    }
    assert_eq!((Op::Mul.name(), Op::Mul.symbol(), Op::Mul.arity()), ("mul", "×", 2));
    assert_eq!(Op::from_name("gamma"), None);
    assert_eq!((Op::Div.reads(0), Op::Div.reads(1)), (&[Read::B][..], &[Read::B, Read::Y][..]));
    assert_eq!(Op::Max.reads(0), [Read::A, Read::B, Read::Both]);
    assert_eq!(Op::Tanh.reads(0), [Read::Y]);
    assert!(Op::Powi.has_partial(0) && !Op::Powi.has_partial(1));
    assert_eq!(Op::Div.rule(), "∂(a ÷ b)/∂a = 1/b, ∂(a ÷ b)/∂b = −a/b²");
}

/// The form of a row says how Rust writes its value.
#[test]
fn the_values_have_the_forms_of_their_rows() {
    for &op in Op::ALL.iter().filter(|op| op.arity() > 0) {
        let names = &["a", "b", "c"][..op.arity()];
        let method = format!("a.{}({})", op.name(), names[1..].join(", "));
        let operator = match (op, names) {
            (Op::Neg, _) => "-a".to_owned(),
            (_, ["a", "b"]) => {
                format!("a {} b", op.symbol().replace('−', "-").replace('×', "*").replace('÷', "/"))
            }
            _ => String::new(),
        };
        let form = match op.value_text() {
            text if text == method => Form::Method,
            text if text == operator => Form::Operator,
            _ => Form::Own,
        };
        assert_eq!(op.form(), form, "`{}`", op.name());
    }
}

#[test]
#[should_panic(expected = "`mul` takes 2 operands")]
fn too_few_operands_are_refused() {
    let _ = Op::Mul.value(&[1.0]);
}

/// The partial for operand `k`, all operands active.
fn partial(op: Op, k: usize, operands: &[f64]) -> f64 {
    op.partials(operands, op.value(operands), &[true; 3])[k]
}

/// The partial for operand `k`, the others passive.
fn partial_alone(op: Op, k: usize, operands: &[f64]) -> f64 {
    let active: [bool; 3] = std::array::from_fn(|other| other == k);
    op.partials(operands, op.value(operands), &active)[k]
}

#[test]
fn abs_at_zero() {
    assert_eq!(partial(Op::Abs, 0, &[0.0]), 0.0);
    assert_eq!(partial(Op::Abs, 0, &[-0.0]), 0.0);
}

#[test]
fn copysign_at_zero() {
    assert_eq!(partial(Op::Copysign, 0, &[0.0, -1.0]), 0.0);
    assert_eq!(partial(Op::Copysign, 0, &[2.0, -0.0]), -1.0);
}

#[test]
fn relu_at_zero() {
    assert_eq!(partial(Op::Relu, 0, &[0.0]), 0.0);
    assert_eq!(partial(Op::LeakyRelu, 0, &[0.0, 0.1]), 0.1);
}

#[test]
fn max_and_min_at_a_tie() {
    for op in [Op::Max, Op::Min] {
        assert_eq!(partial_alone(op, 0, &[1.0, 1.0]), 0.0);
        assert_eq!(partial_alone(op, 1, &[1.0, 1.0]), 0.0);
        assert_eq!((partial(op, 0, &[1.0, 1.0]), partial(op, 1, &[1.0, 1.0])), (1.0, 0.0));
        assert_eq!(partial_alone(op, 0, &[0.0, -0.0]), 0.0);
    }
}

#[test]
fn max_and_min_beside_nan() {
    for op in [Op::Max, Op::Min] {
        assert_eq!(op.value(&[1.0, f64::NAN]), 1.0);
        assert_eq!((partial(op, 0, &[1.0, f64::NAN]), partial(op, 1, &[1.0, f64::NAN])), (1.0, 0.0));
        assert_eq!(op.value(&[f64::NAN, 1.0]), 1.0);
        assert_eq!((partial(op, 0, &[f64::NAN, 1.0]), partial(op, 1, &[f64::NAN, 1.0])), (0.0, 1.0));
    }
}

#[test]
fn clamp_at_and_outside_the_bounds() {
    let partials = |a: f64| Op::Clamp.partials(&[a, -1.0, 1.0], a.clamp(-1.0, 1.0), &[true; 3]);
    assert_eq!(partials(-1.0), [1.0, 0.0, 0.0]);
    assert_eq!(partials(1.0), [1.0, 0.0, 0.0]);
    assert_eq!(partials(-2.0), [0.0, 1.0, 0.0]);
    assert_eq!(partials(2.0), [0.0, 0.0, 1.0]);
}

#[test]
fn rounding_and_signum_are_flat() {
    let steps = [Op::Ceil, Op::Floor, Op::Round, Op::RoundTiesEven, Op::Trunc, Op::Signum];
    for op in steps {
        assert_eq!(op.kind(), Kind::Flat);
        assert_eq!(op.pull(partial(op, 0, &[0.0]), f64::INFINITY), None);
    }
}

#[test]
fn powi_zero_is_constant() {
    for a in [0.0, -2.0, f64::INFINITY, f64::NAN] {
        assert_eq!(partial(Op::Powi, 0, &[a, 0.0]), 0.0);
    }
    assert_eq!(partial(Op::Powi, 0, &[0.0, 1.0]), 1.0);
}

#[test]
fn powi_at_the_least_exponent() {
    let n = f64::from(i32::MIN);
    assert_eq!(partial(Op::Powi, 0, &[1.0, n]), n);
    let a: f64 = 1.0 + 1e-10;
    let expected = n * ((n - 1.0) * a.ln()).exp();
    assert!((partial(Op::Powi, 0, &[a, n]) / expected - 1.0).abs() < 1e-6);
}

#[test]
fn powf_limits() {
    assert_eq!(partial(Op::Powf, 0, &[0.0, 0.0]), 0.0);
    assert_eq!(partial(Op::Powf, 0, &[0.0, 1.0]), 1.0);
    assert_eq!(partial(Op::Powf, 0, &[0.0, 2.0]), 0.0);
    assert_eq!(partial(Op::Powf, 0, &[0.0, 0.5]), f64::INFINITY);
    assert_eq!(partial(Op::Powf, 0, &[-2.0, 3.0]), 12.0);
    assert_eq!(partial(Op::Powf, 1, &[0.0, 2.0]), 0.0);
    for undefined in [[-2.0, 3.0], [0.0, 0.0], [0.0, -1.0]] {
        assert!(partial(Op::Powf, 1, &undefined).is_nan());
    }
}

#[test]
fn roots_at_zero() {
    assert_eq!(partial(Op::Sqrt, 0, &[0.0]), f64::INFINITY);
    assert_eq!(partial(Op::Cbrt, 0, &[0.0]), f64::INFINITY);
}

#[test]
fn hypot_and_atan2_at_the_origin() {
    for op in [Op::Hypot, Op::Atan2] {
        assert_eq!((partial(op, 0, &[0.0, 0.0]), partial(op, 1, &[0.0, 0.0])), (0.0, 0.0));
    }
}

#[test]
fn derivatives_at_infinity_are_limits() {
    const INFINITY: f64 = f64::INFINITY;
    let both = |op, a, b| (partial(op, 0, &[a, b]), partial(op, 1, &[a, b]));
    assert_eq!(both(Op::Hypot, INFINITY, 1.0), (1.0, 0.0));
    assert_eq!(both(Op::Hypot, -2.0, -INFINITY), (0.0, -1.0));
    assert_eq!(both(Op::Hypot, INFINITY, -INFINITY), (1.0, -1.0));
    for (a, b) in
        [(1.0, INFINITY), (INFINITY, 1.0), (INFINITY, -INFINITY), (-INFINITY, 0.0), (0.0, -INFINITY)]
    {
        assert_eq!(both(Op::Atan2, a, b), (0.0, 0.0), "atan2({a}, {b})");
    }
    assert!(partial(Op::Atan2, 0, &[INFINITY, f64::NAN]).is_nan());
    for op in [Op::Gelu, Op::Silu, Op::Softplus] {
        for (a, limit) in
            [(INFINITY, 1.0), (1e308, 1.0), (1e155, 1.0), (-1e155, 0.0), (-1e308, 0.0), (-INFINITY, 0.0)]
        {
            assert_eq!(partial(op, 0, &[a]), limit, "{op:?} at {a}");
        }
        assert!(partial(op, 0, &[f64::NAN]).is_nan());
    }
    assert_eq!(both(Op::Powf, INFINITY, -1.0), (0.0, 0.0));
    assert_eq!(both(Op::Powf, 0.5, INFINITY), (0.0, 0.0));
    assert_eq!(both(Op::Powf, 2.0, -INFINITY), (0.0, 0.0));
}

#[test]
fn powf_does_not_overflow_on_its_way() {
    // b aᵇ⁻¹ is a number where aᵇ⁻¹, or aᵇ, is none.
    let slope = partial(Op::Powf, 0, &[1e-310, 1e-5]);
    let expected = 1e-5 * (1e-5 * 1e-310_f64.ln()).exp() / 1e-310;
    assert!((slope / expected - 1.0).abs() < 1e-9, "{slope}");
    assert!((partial(Op::Powf, 0, &[1e-200, 2.0]) / 2e-200 - 1.0).abs() < 1e-15);
    assert!((partial(Op::Powf, 0, &[-1e-200, 2.0]) / -2e-200 - 1.0).abs() < 1e-15);
    assert!((partial(Op::Powf, 0, &[-1e-120, 3.0]) / 3e-240 - 1.0).abs() < 1e-15);
}

#[test]
fn atan2_does_not_overflow() {
    // At a = b the derivatives are ±1/(2a).
    for a in [1e200, 1e-200] {
        assert!((partial(Op::Atan2, 0, &[a, a]) * (2.0 * a) - 1.0).abs() < 1e-14);
        assert!((partial(Op::Atan2, 1, &[a, a]) * (2.0 * a) + 1.0).abs() < 1e-14);
    }
}

#[test]
fn inverse_functions_at_the_end_of_their_domain() {
    for a in [-1.0, 1.0] {
        assert_eq!(partial(Op::Acos, 0, &[a]), f64::NEG_INFINITY);
        assert_eq!(partial(Op::Asin, 0, &[a]), f64::INFINITY);
        assert_eq!(partial(Op::Atanh, 0, &[a]), f64::INFINITY);
    }
    assert_eq!(partial(Op::Acosh, 0, &[1.0]), f64::INFINITY);
}

#[test]
fn remainders_at_a_multiple() {
    assert_eq!((partial(Op::Rem, 0, &[6.0, 2.0]), partial(Op::Rem, 1, &[6.0, 2.0])), (1.0, -3.0));
    assert_eq!(partial(Op::RemEuclid, 1, &[-6.0, 2.0]), 3.0);
    assert_eq!(partial(Op::Fract, 0, &[2.0]), 1.0);
    // 1 − 9 × 0.1 leaves almost 0.1: the quotient is 9, although 1.0 / 0.1 rounds to 10.
    assert_eq!(partial(Op::Rem, 1, &[1.0, 0.1]), -9.0);
}

#[test]
fn activations_neither_overflow_nor_cancel() {
    assert_eq!(Op::Sigmoid.value(&[-800.0]), 0.0);
    assert_eq!(Op::Sigmoid.value(&[800.0]), 1.0);
    assert_eq!(Op::Softplus.value(&[800.0]), 800.0);
    assert_eq!(Op::Softplus.value(&[-40.0]), (-40_f64).exp());
    assert_eq!(partial(Op::Softplus, 0, &[800.0]), 1.0);
    assert_eq!(partial(Op::Silu, 0, &[-800.0]), 0.0);
}

#[test]
fn gelu_is_near_the_exact_one() {
    // x Φ(x) with Φ(1) = 0.8413447461 and Φ(−2) = 0.0227501319; the approximation is within 5e-4.
    assert!((Op::Gelu.value(&[1.0]) - 0.841_344_746_1).abs() < 5e-4);
    assert!((Op::Gelu.value(&[-2.0]) + 2.0 * 0.022_750_131_9).abs() < 5e-4);
}

/// The gradient of `sqrt(f(x))`, whose adjoint at a zero of `f` is infinite.
fn gradient_under_root(x: f64, f: impl for<'g> Fn(Value<'g>) -> Value<'g>) -> f64 {
    let graph = Graph::new();
    let x = graph.value(x);
    let root = f(x).sqrt();
    assert_eq!(root, 0.0);
    root.backward();
    x.grad()
}

#[test]
fn selecting_and_flat_operations_skip_an_infinite_adjoint() {
    assert_eq!(gradient_under_root(-1.0, |x| x.max(0.0)), 0.0);
    assert_eq!(gradient_under_root(1.0, |x| x.min(0.0)), 0.0);
    assert_eq!(gradient_under_root(0.0, |x| x.abs()), 0.0);
    assert_eq!(gradient_under_root(-1.0, |x| x.relu()), 0.0);
    assert_eq!(gradient_under_root(-1.0, |x| x.leaky_relu(0.0)), 0.0);
    assert_eq!(gradient_under_root(-1.0, |x| x.clamp(0.0, 1.0)), 0.0);
    assert_eq!(gradient_under_root(0.5, |x| x.floor()), 0.0);
    assert_eq!(gradient_under_root(0.0, |x| x.copysign(1.0)), 0.0);
}

#[test]
fn smooth_operations_multiply() {
    assert!(gradient_under_root(0.0, |x| x * x).is_nan());
    assert!(gradient_under_root(1.0, |x| x * 0.0).is_nan());
}
