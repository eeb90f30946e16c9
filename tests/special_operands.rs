//! At 63 special operands, and all pairs of them, a compiled gradient, a graph and the table itself agree bit for bit.

use gradus::{Activations, Graph, Op, Value, differentiable};

/// Zeros, subnormal, tiny, huge and infinite numbers, NaN; and what lies at, and beside, kinks, poles and jumps.
const SPECIAL: [f64; 61] = {
    let one_sided = [
        0.0,
        5e-324,
        1e-320,
        2.2250738585072014e-308,
        1e-300,
        1e-160,
        1e-20,
        1e-9,
        f64::EPSILON,
        0.1,
        0.49999999999999994,
        0.5,
        std::f64::consts::FRAC_PI_4,
        0.9999999999999999,
        1.0,
        1.0000000000000002,
        std::f64::consts::FRAC_PI_2,
        2.0,
        2.5,
        std::f64::consts::PI,
        7.25,
        22.0,
        37.0,
        710.5,
        745.5,
        4503599627370496.5,
        1e16,
        1e155,
        1e200,
        f64::MAX,
    ];
    let mut all = [f64::INFINITY; 61];
    let mut k = 0;
    while k < one_sided.len() {
        all[2 * k] = one_sided[k];
        all[2 * k + 1] = -one_sided[k];
        k += 1;
    }
    all
};

/// The operands that no change of sign gives.
const REST: [f64; 2] = [f64::NEG_INFINITY, f64::NAN];

fn special() -> impl Iterator<Item = f64> + Clone {
    SPECIAL.into_iter().chain(REST)
}

/// The same number, or both none. A gradient is never −0.
fn same(a: f64, b: f64) -> bool {
    (a + 0.0).to_bits() == (b + 0.0).to_bits() || a.is_nan() && b.is_nan()
}

/// Holds value and gradient of both back ends against the table's.
#[track_caller]
fn check<const N: usize>(op: Op, operands: [f64; N], compiled: (f64, [f64; N]), graph: (f64, [f64; N])) {
    let y = op.value(&operands);
    let partials = op.partials(&operands, y, &[true; N]);
    for (how, (value, gradient)) in [("compiled", compiled), ("on the graph", graph)] {
        assert!(
            value.to_bits() == y.to_bits() || value.is_nan() && y.is_nan(),
            "{how}: {op:?} of {operands:?} is {value:?}, not {y:?}"
        );
        for k in 0..N {
            assert!(
                same(gradient[k], partials[k]),
                "{how}: partial {k} of {op:?} at {operands:?} is {:?}, not {:?}",
                gradient[k],
                partials[k]
            );
        }
    }
}

/// Runs a function on a graph: its value and the gradients of its arguments.
fn on_graph<const N: usize>(
    operands: [f64; N],
    f: impl for<'g> Fn([Value<'g>; N]) -> Value<'g>,
) -> (f64, [f64; N]) {
    let graph = Graph::new();
    let inputs = operands.map(|operand| graph.value(operand));
    let y = f(inputs);
    y.backward();
    (y.data(), inputs.map(|input| input.grad()))
}

macro_rules! unary {
    ($($name:ident $Op:ident: |$x:ident| $body:expr;)*) => {
        mod unary { $(pub mod $name {
            use super::super::*;
            #[differentiable(compiled)]
            pub fn f($x: f64) -> f64 {
                $body
            }
        })* }
        #[test]
        fn of_one_operand() {
            $(for a in special() {
                let (value, da) = unary::$name::f_grad(a);
                let mut added = 0.0;
                unary::$name::f_grad_add(a, &mut added);
                let trace = unary::$name::f_graph(a);
                assert!(same(da, added) && same(da, trace.gradient(stringify!($x))[0]));
                check(Op::$Op, [a], (value, [da]), on_graph([a], |[x]| unary::$name::f::on_values(x)));
            })*
            let names = [$(stringify!($name)),*];
            let table = Op::ALL.iter().filter(|op| op.arity() == 1).map(|op| op.name());
            assert!(table.eq(names), "an operation is missing");
        }
    };
}

unary! {
    neg Neg: |x| -x;
    sqrt Sqrt: |x| x.sqrt();
    cbrt Cbrt: |x| x.cbrt();
    exp Exp: |x| x.exp();
    exp2 Exp2: |x| x.exp2();
    exp_m1 ExpM1: |x| x.exp_m1();
    ln Ln: |x| x.ln();
    ln_1p Ln1p: |x| x.ln_1p();
    log2 Log2: |x| x.log2();
    log10 Log10: |x| x.log10();
    sin Sin: |x| x.sin();
    cos Cos: |x| x.cos();
    tan Tan: |x| x.tan();
    asin Asin: |x| x.asin();
    acos Acos: |x| x.acos();
    atan Atan: |x| x.atan();
    to_degrees ToDegrees: |x| x.to_degrees();
    to_radians ToRadians: |x| x.to_radians();
    sinh Sinh: |x| x.sinh();
    cosh Cosh: |x| x.cosh();
    tanh Tanh: |x| x.tanh();
    asinh Asinh: |x| x.asinh();
    acosh Acosh: |x| x.acosh();
    atanh Atanh: |x| x.atanh();
    abs Abs: |x| x.abs();
    relu Relu: |x| x.relu();
    ceil Ceil: |x| x.ceil();
    floor Floor: |x| x.floor();
    round Round: |x| x.round();
    round_ties_even RoundTiesEven: |x| x.round_ties_even();
    trunc Trunc: |x| x.trunc();
    signum Signum: |x| x.signum();
    fract Fract: |x| x.fract();
    sigmoid Sigmoid: |x| x.sigmoid();
    softplus Softplus: |x| x.softplus();
    silu Silu: |x| x.silu();
    gelu Gelu: |x| x.gelu();
}

macro_rules! binary {
    ($($name:ident $Op:ident: |$x:ident, $y:ident| $body:expr;)*) => {
        mod binary { $(pub mod $name {
            use super::super::*;
            #[differentiable(compiled)]
            pub fn f($x: f64, $y: f64) -> f64 {
                $body
            }
        })* }
        #[test]
        fn of_two_operands() {
            $(for a in special() {
                for b in special() {
                    let (value, (da, db)) = binary::$name::f_grad(a, b);
                    let mut added = [0.0; 2];
                    let [first, second] = &mut added;
                    binary::$name::f_grad_add(a, b, first, second);
                    assert!(same(da, added[0]) && same(db, added[1]));
                    let graph = on_graph([a, b], |[x, y]| binary::$name::f::on_values(x, y));
                    check(Op::$Op, [a, b], (value, [da, db]), graph);
                }
            })*
            $(assert_eq!(binary::$name::f_graph(0.5, 0.25).graph().len(), 3);)*
            let names = [$(stringify!($name)),*];
            let table = Op::ALL.iter().filter(|&&op| op.arity() == 2 && op != Op::Powi).map(|op| op.name());
            assert!(table.eq(names), "an operation is missing");
        }
    };
}

binary! {
    add Add: |x, y| x + y;
    sub Sub: |x, y| x - y;
    mul Mul: |x, y| x * y;
    div Div: |x, y| x / y;
    rem Rem: |x, y| x % y;
    powf Powf: |x, y| x.powf(y);
    hypot Hypot: |x, y| x.hypot(y);
    atan2 Atan2: |x, y| x.atan2(y);
    copysign Copysign: |x, y| x.copysign(y);
    max Max: |x, y| x.max(y);
    min Min: |x, y| x.min(y);
    leaky_relu LeakyRelu: |x, y| x.leaky_relu(y);
    div_euclid DivEuclid: |x, y| x.div_euclid(y);
    rem_euclid RemEuclid: |x, y| x.rem_euclid(y);
}

#[differentiable(compiled)]
fn powi(x: f64, n: i32) -> f64 {
    x.powi(n)
}

#[test]
fn of_powi() {
    for a in special() {
        for n in [0, 1, -1, 2, -2, 3, 7, -7, 100, -101, 1023, i32::MAX, i32::MIN, i32::MIN + 1] {
            let (value, da) = powi_grad(a, n);
            let (graph_value, [graph_da]) = on_graph([a], |[x]| powi::on_values(x, n));
            let exponent = f64::from(n);
            let y = Op::Powi.value(&[a, exponent]);
            let [partial, _, _] = Op::Powi.partials(&[a, exponent], y, &[true, false]);
            for (value, da) in [(value, da), (graph_value, graph_da)] {
                assert!(
                    same(value, y) && same(da, partial),
                    "{a:?}^{n}: {value:?} {da:?}, not {y:?} {partial:?}"
                );
            }
        }
    }
}

#[differentiable(compiled)]
fn mul_add(x: f64, y: f64, z: f64) -> f64 {
    x.mul_add(y, z)
}

#[differentiable(compiled)]
fn clamp(x: f64, y: f64, z: f64) -> f64 {
    x.clamp(y, z)
}

#[test]
fn of_three_operands() {
    // Every third one: all triples would be 250,000.
    let some = || special().step_by(3).chain([f64::NAN, -0.0, 0.5]);
    for a in some() {
        for b in some() {
            for c in some() {
                let (value, (da, db, dc)) = mul_add_grad(a, b, c);
                let graph = on_graph([a, b, c], |[x, y, z]| mul_add::on_values(x, y, z));
                check(Op::MulAdd, [a, b, c], (value, [da, db, dc]), graph);
                // As in the standard library, bounds must be in order.
                if b <= c {
                    let (value, (da, db, dc)) = clamp_grad(a, b, c);
                    let graph = on_graph([a, b, c], |[x, y, z]| clamp::on_values(x, y, z));
                    check(Op::Clamp, [a, b, c], (value, [da, db, dc]), graph);
                }
            }
        }
    }
    assert_eq!(Op::ALL.iter().filter(|op| op.arity() == 3).count(), 2);
}

/// Where the value is a number, so is every partial, or it is ±∞ because it is too large, or has no limit as the row says.
#[test]
fn partials_are_numbers_where_values_are() {
    let check = |op: Op, operands: &[f64]| {
        let y = op.value(operands);
        if y.is_nan() || operands.iter().any(|operand| operand.is_nan()) || !y.is_finite() {
            return;
        }
        let partials = op.partials(operands, y, &[true; 3]);
        let without_limit = op == Op::Powf && operands[0] <= 0.0;
        for (k, partial) in partials.iter().enumerate().take(op.arity()) {
            assert!(!partial.is_nan() || without_limit && k == 1, "{op:?} at {operands:?}: {partials:?}");
        }
    };
    for &op in Op::ALL {
        match op.arity() {
            1 => special().for_each(|a| check(op, &[a])),
            2 if op != Op::Powi => special().for_each(|a| special().for_each(|b| check(op, &[a, b]))),
            _ => {}
        }
    }
}
