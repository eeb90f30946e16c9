//! Operators and the methods of `f64`.

use gradus::{Activations, differentiable};

#[differentiable]
fn operators(x: f64, y: f64) -> f64 {
    -x * y + x / y - (x - y) * 2.0 + x % 0.4
}

#[differentiable]
fn references(x: f64, y: f64) -> f64 {
    let (x, y) = (&x, &y);
    x * y + y * 2.0 - *x
}

#[differentiable]
fn roots_and_powers(x: f64, y: f64) -> f64 {
    x.sqrt() + x.cbrt() + x.powi(3) + x.powf(y) + x.recip() + x.hypot(y) + x.mul_add(y, x)
}

#[differentiable]
fn exponentials(x: f64) -> f64 {
    x.exp() + x.exp2() + x.exp_m1()
}

#[differentiable]
fn logarithms(x: f64, base: f64) -> f64 {
    x.ln() * x.ln_1p() + x.log(base) + x.log2() * x.log10()
}

#[differentiable]
fn trigonometry(x: f64, y: f64) -> f64 {
    let (sine, cosine) = y.sin_cos();
    x.sin() * x.cos() + x.tan() * sine + cosine
}

#[differentiable]
fn inverse_trigonometry(x: f64, y: f64) -> f64 {
    x.asin() + x.acos() * y + x.atan() + y.atan2(x)
}

#[differentiable]
fn hyperbolic(x: f64, y: f64) -> f64 {
    x.sinh() * y.cosh() + x.tanh() + y.asinh() + (1.0 + y).acosh() + x.atanh()
}

#[differentiable]
fn degrees_and_radians(x: f64) -> f64 {
    x.to_radians().sin() + x.to_degrees()
}

#[differentiable]
fn selecting(x: f64, y: f64) -> f64 {
    x.max(y) * x.min(2.0) + x.clamp(0.0, 1.0) + y.abs() + x.copysign(-y)
}

#[differentiable]
fn rounding(x: f64) -> f64 {
    x * (x.floor() + x.ceil() + x.round() + x.round_ties_even() + x.trunc()) + x.fract() * x.signum()
}

#[differentiable]
fn remainders(x: f64, y: f64) -> f64 {
    x.rem_euclid(y) * x.div_euclid(y) + x % y
}

#[differentiable]
fn activations(x: f64) -> f64 {
    x.relu() + x.leaky_relu(0.1) + x.sigmoid() * x.softplus() + x.gelu() + x.silu()
}

#[differentiable]
fn comparisons(x: f64, y: f64) -> f64 {
    if x > y && x != 2.0 && x >= 1.0 && !(y <= -5.0) { x * y } else { y }
}

#[differentiable]
fn predicates(x: f64, y: f64) -> f64 {
    if x.is_nan() || y.is_sign_negative() || x.is_infinite() { x * x } else { x * y }
}

#[differentiable]
fn orderings(x: f64, y: f64) -> f64 {
    if x.total_cmp(&y).is_lt() { x * x } else { x * y }
}

#[differentiable]
fn casts(x: f64, n: i32, k: u8) -> f64 {
    x * n as f64 + f64::from(k) * x * x
}

#[differentiable]
fn constants(x: f64) -> f64 {
    x.powi(2) * f64::EPSILON.sqrt() + x * std::f64::consts::E
}

constructs! {
    "`+`, `-`, `*`, `/`, `%`, unary `-`" => operators(1.5, 0.3);
    "the same on references" => references(1.5, 0.3);
    "`sqrt`, `cbrt`, `powi`, `powf`, `recip`, `hypot`, `mul_add`" => roots_and_powers(1.5, 0.3);
    "`exp`, `exp2`, `exp_m1`" => exponentials(1.5);
    "`ln`, `ln_1p`, `log`, `log2`, `log10`" => logarithms(1.5, 3.0);
    "`sin`, `cos`, `tan`, `sin_cos`" => trigonometry(1.5, 0.3);
    "`asin`, `acos`, `atan`, `atan2`" => inverse_trigonometry(0.5, 0.3);
    "`sinh`, `cosh`, `tanh`, `asinh`, `acosh`, `atanh`" => hyperbolic(0.5, 0.3);
    "`to_degrees`, `to_radians`" => degrees_and_radians(1.5);
    "`max`, `min`, `clamp`, `abs`, `copysign`" => selecting(1.5, 0.3);
    "`floor`, `ceil`, `round`, `round_ties_even`, `trunc`, `fract`, `signum`" => rounding(1.3);
    "`rem_euclid`, `div_euclid`" => remainders(1.5, 0.4);
    "`relu`, `leaky_relu`, `sigmoid`, `softplus`, `gelu`, `silu`" => activations(1.5);
    "comparisons" => comparisons(1.5, 0.3);
    "`is_nan`, `is_sign_negative`, …" => predicates(1.5, 0.3);
    "`total_cmp`" => orderings(1.5, 0.3);
    "integers as numbers: `as f64`, `f64::from`" => casts(1.5, 3, 2);
    "constants of `std::f64`" => constants(1.5);
}
