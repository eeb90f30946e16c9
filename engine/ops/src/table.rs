//! The table of operations. This is the only file that states derivatives.
//!
//! The enum [`Op`], its accessors and the functions of [`rules`] are generated from it. A row reads
//!
//! ```text
//! #[saturated = "how accurate it is where the output hardly changes any more"]
//! Name "symbol": Kind Cost Form, name(operands) = the value, by the standard library's own method;
//!     d/da name_da(readings) = the partial derivative for the first operand;
//!     d/db name_db(readings) = … for the second, if it has one;
//!     second a a name_dada(readings) = the derivative of the partial for a by a; likewise a b, b b, …;
//!     rule "the same in the words of a textbook", convention "the choice where the derivative does not exist";
//! ```
//!
//! Operands are called `a`, `b`, `c`, the output `y`. A partial names what it reads, in the order `a, b, c, y`,
//! and writes `; both` after it if it must also know whether both operands are active (carry a derivative).
//! An operand without a listed partial receives no gradient. A second derivative that is not listed is 0. The symbol is left out where it
//! is the name, and the form where it is `Method`.

mod grammar;

use crate::facts::{Cost, Form, Kind, Read};
use crate::numeric::{
    GELU_CUBIC, SQRT_8_OVER_PI, gelu_inner, integer, logistic, mixed_power, one_if, one_power_less,
    over_squared_norm, sign, square_over, times_power_less, two_powers_less,
};
use grammar::{operations, place, read, three};
use std::f64::consts::{LN_2, LOG2_E, LOG10_E, PI};

#[doc(hidden)]
pub use grammar::Known;

operations! {
    reading a, b, c, y, both;

    // Arithmetic

    Add "+": Smooth Light Operator, add(a, b) = a + b;
        d/da add_da() = 1.0;
        d/db add_db() = 1.0;
        rule "∂(a + b)/∂a = 1, ∂(a + b)/∂b = 1";
    Sub "−": Smooth Light Operator, sub(a, b) = a - b;
        d/da sub_da() = 1.0;
        d/db sub_db() = -1.0;
        rule "∂(a − b)/∂a = 1, ∂(a − b)/∂b = −1";
    Mul "×": Smooth Light Operator, mul(a, b) = a * b;
        d/da mul_da(b) = b;
        d/db mul_db(a) = a;
        second a b mul_dadb() = 1.0;
        rule "∂(a × b)/∂a = b, ∂(a × b)/∂b = a";
    Div "÷": Smooth Expensive Operator, div(a, b) = a / b;
        d/da div_da(b) = 1.0 / b;
        d/db div_db(b, y) = -y / b; // y = a/b, so that b² cannot overflow
        second a b div_dadb(b) = -1.0 / b / b;
        second b b div_dbdb(b, y) = 2.0 * y / b / b;
        rule "∂(a ÷ b)/∂a = 1/b, ∂(a ÷ b)/∂b = −a/b²";
    Rem "%": Smooth Expensive Operator, rem(a, b) = a % b;
        d/da rem_da() = 1.0;
        d/db rem_db(a, b, y) = -((a - y) / b).round();
        rule "a % b = a − b × trunc(a/b): ∂/∂a = 1, ∂/∂b = −trunc(a/b)",
            convention "at a jump, where a is a multiple of b, the same formula";
    Neg "−": Smooth Light Operator, neg(a) = -a;
        d/da neg_da() = -1.0;
        rule "∂(−a)/∂a = −1";
    MulAdd: Smooth Expensive, mul_add(a, b, c) = a.mul_add(b, c);
        d/da mul_add_da(b) = b;
        d/db mul_add_db(a) = a;
        d/dc mul_add_dc() = 1.0;
        second a b mul_add_dadb() = 1.0;
        rule "∂(a × b + c)/∂a = b, ∂/∂b = a, ∂/∂c = 1";

    // Powers and roots

    Powi: Smooth Expensive Own, powi(a, b) = a.powi(integer(b));
        d/da powi_da(a, b) = if b == 0.0 { 0.0 } else { b * one_power_less(a, integer(b)) };
        second a a powi_dada(a, b) = if b == 0.0 || b == 1.0 { 0.0 } else { b * (b - 1.0) * two_powers_less(a, integer(b)) };
        rule "∂aⁿ/∂a = n × aⁿ⁻¹; the integer exponent n is constant", convention "0 everywhere for n = 0";
    Powf: Smooth Expensive, powf(a, b) = a.powf(b);
        d/da powf_da(a, b, y) = if b == 0.0 { 0.0 } else { times_power_less(b, a, y) };
        d/db powf_db(a, b, y) = if a > 0.0 && y != 0.0 { y * a.ln() } else if a > 0.0 || a == 0.0 && b > 0.0 { 0.0 } else { f64::NAN };
        second a a powf_dada(a, b) = if b == 0.0 || b == 1.0 { 0.0 } else { b * (b - 1.0) * a.powf(b - 2.0) };
        second a b powf_dadb(a, b) = mixed_power(a, b); // aᵇ⁻¹ (1 + b ln a), for b = 0 too
        second b b powf_dbdb(a, b, y) = if a > 0.0 && y != 0.0 { y * a.ln() * a.ln() } else if a > 0.0 || a == 0.0 && b > 0.0 { 0.0 } else { f64::NAN };
        rule "∂aᵇ/∂a = b × aᵇ⁻¹, ∂aᵇ/∂b = aᵇ × ln a",
            convention "∂/∂a = 0 everywhere for b = 0; ∂/∂b at a = 0 is its limit 0 for b > 0, NaN for b ≤ 0; \
            ∂/∂b is NaN for a < 0; ∂²/∂a∂b for b = 0 is 1/a, that of the function and not of the convention";
    Sqrt: Smooth Expensive, sqrt(a) = a.sqrt();
        d/da sqrt_da(y) = 0.5 / y;
        second a a sqrt_dada(a, y) = -0.25 / y / a;
        rule "∂√a/∂a = 1/(2√a)", convention "∞ at 0";
    Cbrt: Smooth Expensive, cbrt(a) = a.cbrt();
        d/da cbrt_da(y) = 1.0 / (3.0 * y * y);
        second a a cbrt_dada(a, y) = -2.0 / (9.0 * y * y) / a;
        rule "∂∛a/∂a = 1/(3 (∛a)²)", convention "∞ at 0";
    Hypot: Smooth Expensive, hypot(a, b) = a.hypot(b);
        d/da hypot_da(a, y) = if y == 0.0 { 0.0 } else if a.is_infinite() { a.signum() } else { a / y };
        d/db hypot_db(b, y) = if y == 0.0 { 0.0 } else if b.is_infinite() { b.signum() } else { b / y };
        second a a hypot_dada(b, y) = square_over(b, b, y);
        second a b hypot_dadb(a, b, y) = -square_over(a, b, y);
        second b b hypot_dbdb(a, y) = square_over(a, a, y);
        rule "∂√(a² + b²)/∂a = a/√(a² + b²), ∂/∂b = b/√(a² + b²)",
            convention "0 at (0, 0); where the output is ∞, ±1 for an infinite operand and 0 for a finite one";

    // Exponentials and logarithms

    Exp: Smooth Expensive, exp(a) = a.exp();
        d/da exp_da(y) = y;
        second a a exp_dada(y) = y;
        rule "∂eᵃ/∂a = eᵃ";
    Exp2: Smooth Expensive, exp2(a) = a.exp2();
        d/da exp2_da(y) = y * LN_2;
        second a a exp2_dada(y) = y * (LN_2 * LN_2);
        rule "∂2ᵃ/∂a = 2ᵃ × ln 2";
    #[saturated = "near −1 an absolute error of one unit in the last place of the output"]
    ExpM1: Smooth Expensive, exp_m1(a) = a.exp_m1();
        d/da exp_m1_da(y) = y + 1.0;
        second a a exp_m1_dada(y) = y + 1.0;
        rule "∂(eᵃ − 1)/∂a = eᵃ";
    Ln: Smooth Expensive, ln(a) = a.ln();
        d/da ln_da(a) = 1.0 / a;
        second a a ln_dada(a) = -1.0 / a / a;
        rule "∂ln a/∂a = 1/a";
    Ln1p: Smooth Expensive, ln_1p(a) = a.ln_1p();
        d/da ln_1p_da(a) = 1.0 / (1.0 + a);
        second a a ln_1p_dada(a) = -1.0 / (1.0 + a) / (1.0 + a);
        rule "∂ln(1 + a)/∂a = 1/(1 + a)";
    Log2: Smooth Expensive, log2(a) = a.log2();
        d/da log2_da(a) = LOG2_E / a; // 1/ln 2 = log₂ e
        second a a log2_dada(a) = -LOG2_E / a / a;
        rule "∂log₂ a/∂a = 1/(a × ln 2)";
    Log10: Smooth Expensive, log10(a) = a.log10();
        d/da log10_da(a) = LOG10_E / a; // 1/ln 10 = log₁₀ e
        second a a log10_dada(a) = -LOG10_E / a / a;
        rule "∂log₁₀ a/∂a = 1/(a × ln 10)";

    // Trigonometry

    Sin: Smooth Expensive, sin(a) = a.sin();
        d/da sin_da(a) = a.cos();
        second a a sin_dada(y) = -y;
        rule "∂sin a/∂a = cos a";
    Cos: Smooth Expensive, cos(a) = a.cos();
        d/da cos_da(a) = -a.sin();
        second a a cos_dada(y) = -y;
        rule "∂cos a/∂a = −sin a";
    Tan: Smooth Expensive, tan(a) = a.tan();
        d/da tan_da(y) = 1.0 + y * y;
        second a a tan_dada(y) = 2.0 * y * (1.0 + y * y);
        rule "∂tan a/∂a = 1 + tan² a";
    Asin: Smooth Expensive, asin(a) = a.asin();
        d/da asin_da(a) = 1.0 / ((1.0 - a) * (1.0 + a)).sqrt();
        second a a asin_dada(a) = a / ((1.0 - a) * (1.0 + a)) / ((1.0 - a) * (1.0 + a)).sqrt();
        rule "∂arcsin a/∂a = 1/√(1 − a²)", convention "∞ at ±1";
    Acos: Smooth Expensive, acos(a) = a.acos();
        d/da acos_da(a) = -1.0 / ((1.0 - a) * (1.0 + a)).sqrt();
        second a a acos_dada(a) = -a / ((1.0 - a) * (1.0 + a)) / ((1.0 - a) * (1.0 + a)).sqrt();
        rule "∂arccos a/∂a = −1/√(1 − a²)", convention "−∞ at ±1";
    Atan: Smooth Expensive, atan(a) = a.atan();
        d/da atan_da(a) = 1.0 / (1.0 + a * a);
        second a a atan_dada(a) = -2.0 * a / (1.0 + a * a) / (1.0 + a * a);
        rule "∂arctan a/∂a = 1/(1 + a²)";
    Atan2: Smooth Expensive, atan2(a, b) = a.atan2(b);
        d/da atan2_da(a, b) = over_squared_norm(b, a, b);
        d/db atan2_db(a, b) = over_squared_norm(-a, a, b);
        second a a atan2_dada(a, b) = 2.0 * over_squared_norm(b, a, b) * over_squared_norm(-a, a, b);
        second a b atan2_dadb(a, b) = over_squared_norm(a - b, a, b) * over_squared_norm(a + b, a, b);
        second b b atan2_dbdb(a, b) = 2.0 * over_squared_norm(b, a, b) * over_squared_norm(a, a, b);
        rule "the angle of the point (b, a): ∂/∂a = b/(a² + b²), ∂/∂b = −a/(a² + b²)",
            convention "0 at (0, 0), and its limit 0 at infinity";
    ToDegrees: Smooth Cheap, to_degrees(a) = a.to_degrees();
        d/da to_degrees_da() = 180.0 / PI;
        rule "∂(a × 180/π)/∂a = 180/π";
    ToRadians: Smooth Cheap, to_radians(a) = a.to_radians();
        d/da to_radians_da() = PI / 180.0;
        rule "∂(a × π/180)/∂a = π/180";

    // Hyperbolic functions

    Sinh: Smooth Expensive, sinh(a) = a.sinh();
        d/da sinh_da(a) = a.cosh();
        second a a sinh_dada(y) = y;
        rule "∂sinh a/∂a = cosh a";
    Cosh: Smooth Expensive, cosh(a) = a.cosh();
        d/da cosh_da(a) = a.sinh();
        second a a cosh_dada(y) = y;
        rule "∂cosh a/∂a = sinh a";
    #[saturated = "near ±1 an absolute error of two units in the last place of the output"]
    Tanh: Smooth Expensive, tanh(a) = a.tanh();
        d/da tanh_da(y) = 1.0 - y * y;
        second a a tanh_dada(y) = -2.0 * y * (1.0 - y * y);
        rule "∂tanh a/∂a = 1 − tanh² a";
    Asinh: Smooth Expensive, asinh(a) = a.asinh();
        d/da asinh_da(a) = 1.0 / a.hypot(1.0);
        second a a asinh_dada(a) = -(a / a.hypot(1.0)) / a.hypot(1.0) / a.hypot(1.0);
        rule "∂arsinh a/∂a = 1/√(a² + 1)";
    Acosh: Smooth Expensive, acosh(a) = a.acosh();
        d/da acosh_da(a) = 1.0 / ((a - 1.0).sqrt() * (a + 1.0).sqrt());
        second a a acosh_dada(a) = -a / (a - 1.0) / (a + 1.0) / ((a - 1.0).sqrt() * (a + 1.0).sqrt());
        rule "∂arcosh a/∂a = 1/√(a² − 1)", convention "∞ at 1";
    Atanh: Smooth Expensive, atanh(a) = a.atanh();
        d/da atanh_da(a) = 1.0 / ((1.0 - a) * (1.0 + a));
        second a a atanh_dada(a) = 2.0 * a / ((1.0 - a) * (1.0 + a)) / ((1.0 - a) * (1.0 + a));
        rule "∂artanh a/∂a = 1/(1 − a²)", convention "∞ at ±1";

    // Selecting: the adjoint goes where the value came from

    Abs: Selecting Light, abs(a) = a.abs();
        d/da abs_da(a) = sign(a);
        rule "∂|a|/∂a = 1 for a > 0, −1 for a < 0", convention "0 at 0";
    Copysign: Selecting Cheap, copysign(a, b) = a.copysign(b);
        d/da copysign_da(a, b) = sign(a) * 1_f64.copysign(b);
        rule "|a| with the sign of b: ∂/∂a = 1 if the signs agree, else −1; ∂/∂b = 0",
            convention "0 at a = 0";
    Max: Selecting Light, max(a, b) = a.max(b);
        d/da max_da(a, b; both) = one_if(a > b || b.is_nan() || (a == b && both));
        d/db max_db(a, b) = one_if(b > a || (a.is_nan() && !b.is_nan()));
        rule "1 for the greater operand, 0 for the other",
            convention "at a tie 0 where the other operand is passive, so that max(a, 0) is relu(a), else 1 for \
            the first operand; beside a NaN the other operand is the one chosen";
    Min: Selecting Light, min(a, b) = a.min(b);
        d/da min_da(a, b; both) = one_if(a < b || b.is_nan() || (a == b && both));
        d/db min_db(a, b) = one_if(b < a || (a.is_nan() && !b.is_nan()));
        rule "1 for the smaller operand, 0 for the other",
            convention "at a tie 0 where the other operand is passive, else 1 for the first operand; beside a NaN the \
            other operand is the one chosen";
    Clamp: Selecting Cheap, clamp(a, b, c) = a.clamp(b, c);
        d/da clamp_da(a, b, c) = one_if(!(a < b || a > c));
        d/db clamp_db(a, b) = one_if(a < b);
        d/dc clamp_dc(a, c) = one_if(a > c);
        rule "a limited to the range from b to c: 1 for the one of the three that is the value, 0 for the others",
            convention "at a bound 1 for a";
    Relu: Selecting Light Own, relu(a) = if a > 0.0 { a } else { 0.0 };
        d/da relu_da(a) = one_if(a > 0.0);
        rule "max(a, 0): 1 for a > 0, 0 for a < 0", convention "0 at 0";
    LeakyRelu: Selecting Cheap Own, leaky_relu(a, b) = if a > 0.0 { a } else { b * a };
        d/da leaky_relu_da(a, b) = if a > 0.0 { 1.0 } else { b };
        d/db leaky_relu_db(a) = if a > 0.0 { 0.0 } else { a };
        second a b leaky_relu_dadb(a) = one_if(a <= 0.0);
        rule "a for a > 0, else b × a: ∂/∂a = 1 for a > 0, else the slope b; ∂/∂b = 0 for a > 0, else a",
            convention "the slope b at a = 0";

    // Flat: steps

    Ceil: Flat Expensive, ceil(a) = a.ceil();
        rule "0 everywhere, including at the jumps";
    Floor: Flat Expensive, floor(a) = a.floor();
        rule "0 everywhere, including at the jumps";
    Round: Flat Expensive, round(a) = a.round();
        rule "0 everywhere, including at the jumps";
    RoundTiesEven: Flat Expensive, round_ties_even(a) = a.round_ties_even();
        rule "0 everywhere, including at the jumps";
    Trunc: Flat Cheap, trunc(a) = a.trunc();
        rule "0 everywhere, including at the jumps";
    Signum: Flat Cheap, signum(a) = a.signum();
        rule "0 everywhere, including at the jumps";
    DivEuclid: Flat Expensive, div_euclid(a, b) = a.div_euclid(b);
        rule "0: the result is an integer", convention "0 everywhere, including at the jumps";

    // What the steps leave over

    Fract: Smooth Cheap, fract(a) = a.fract();
        d/da fract_da() = 1.0;
        rule "∂(a − trunc a)/∂a = 1", convention "1 at the jumps too";
    RemEuclid: Smooth Expensive, rem_euclid(a, b) = a.rem_euclid(b);
        d/da rem_euclid_da() = 1.0;
        d/db rem_euclid_db(a, b, y) = -((a - y) / b).round();
        rule "a − b × div_euclid(a, b): ∂/∂a = 1, ∂/∂b = −div_euclid(a, b)",
            convention "at a jump, where a is a multiple of b, the same formula";

    // Activations of neural networks

    #[saturated = "near 1 an absolute error of one unit in the last place of the output"]
    Sigmoid: Smooth Expensive Own, sigmoid(a) = logistic(a);
        d/da sigmoid_da(y) = y * (1.0 - y);
        second a a sigmoid_dada(y) = y * (1.0 - y) * (1.0 - 2.0 * y);
        rule "y = 1/(1 + e⁻ᵃ): ∂y/∂a = y (1 − y)";
    Softplus: Smooth Expensive Own, softplus(a) = a.max(0.0) + (-a.abs()).exp().ln_1p(); // = ln(1 + eᵃ) without overflow
        d/da softplus_da(a) = logistic(a);
        second a a softplus_dada(a) = logistic(a) * logistic(-a);
        rule "∂ln(1 + eᵃ)/∂a = 1/(1 + e⁻ᵃ)";
    Silu: Smooth Expensive Own, silu(a) = a * logistic(a);
        d/da silu_da(a) = {
            let s = logistic(a);
            let r = logistic(-a); // 1 − s, without cancellation, and from the same exponential
            if s * r == 0.0 { s } else { s * (1.0 + a * r) }
        };
        second a a silu_dada(a) = {
            let s = logistic(a);
            let r = logistic(-a);
            if s * r == 0.0 { 0.0 } else { s * r * (2.0 + a * (r - s)) }
        };
        rule "a × s with s = 1/(1 + e⁻ᵃ): ∂/∂a = s (1 + a (1 − s))";
    #[saturated = "below −1 a relative error of 2 |u| units in the last place"]
    Gelu: Smooth Expensive Own, gelu(a) = a * logistic(gelu_inner(a)); // = ½ a (1 + tanh u) without cancellation
        d/da gelu_da(a) = {
            let u = gelu_inner(a);
            let s = logistic(u);
            let r = logistic(-u); // 1 − s
            if s * r == 0.0 { s } else { s * (1.0 + a * r * SQRT_8_OVER_PI * (1.0 + 3.0 * GELU_CUBIC * a * a)) }
        };
        second a a gelu_dada(a) = {
            let u = gelu_inner(a);
            let s = logistic(u);
            let r = logistic(-u);
            let (du, ddu) = (SQRT_8_OVER_PI * (1.0 + 3.0 * GELU_CUBIC * a * a), SQRT_8_OVER_PI * 6.0 * GELU_CUBIC * a);
            if s * r == 0.0 { 0.0 } else { s * r * (2.0 * du + a * ((r - s) * du * du + ddu)) }
        };
        rule "½ a (1 + tanh u) = a × s with s = 1/(1 + e⁻²ᵘ), u = √(2/π) (a + 0.044715 a³), the tanh approximation of \
            Hendrycks and Gimpel, Gaussian Error Linear Units (2016): ∂/∂a = s (1 + 2 a (1 − s) ∂u/∂a)";
}
