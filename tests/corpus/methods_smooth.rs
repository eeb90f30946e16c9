//! The smooth methods of one argument, each alone.

use gradus::differentiable;

#[differentiable(second)]
fn method_acos(x: f64) -> f64 {
    x.acos()
}

case! {
    method_acos, method_acos_grad, method_acos_grad_add, method_acos_graph;
    with |x: f64| (x);
    at 0.3, -0.8, 0.0, 0.999;
    gradient -1.0 / (1.0 - x * x).sqrt();
}

#[differentiable(second)]
fn method_acosh(x: f64) -> f64 {
    x.acosh()
}

case! {
    method_acosh, method_acosh_grad, method_acosh_grad_add, method_acosh_graph;
    with |x: f64| (x);
    at 1.5, 1.01, 40.0;
    gradient 1.0 / ((x - 1.0) * (x + 1.0)).sqrt();
}

#[differentiable(second)]
fn method_asin(x: f64) -> f64 {
    x.asin()
}

case! {
    method_asin, method_asin_grad, method_asin_grad_add, method_asin_graph;
    with |x: f64| (x);
    at 0.3, -0.8, 0.0, 0.999;
    gradient 1.0 / (1.0 - x * x).sqrt();
}

#[differentiable(second)]
fn method_asinh(x: f64) -> f64 {
    x.asinh()
}

case! {
    method_asinh, method_asinh_grad, method_asinh_grad_add, method_asinh_graph;
    with |x: f64| (x);
    at 0.3, -8.0, 0.0, 1e4;
    gradient 1.0 / x.hypot(1.0);
}

#[differentiable(second)]
fn method_atan(x: f64) -> f64 {
    x.atan()
}

case! {
    method_atan, method_atan_grad, method_atan_grad_add, method_atan_graph;
    with |x: f64| (x);
    at 0.3, -8.0, 0.0, 1e3;
    gradient 1.0 / (1.0 + x * x);
}

#[differentiable(second)]
fn method_atanh(x: f64) -> f64 {
    x.atanh()
}

case! {
    method_atanh, method_atanh_grad, method_atanh_grad_add, method_atanh_graph;
    with |x: f64| (x);
    at 0.3, -0.8, 0.0, 0.99;
    gradient 0.5 / (1.0 - x) + 0.5 / (1.0 + x);
}

#[differentiable(second)]
fn method_cbrt(x: f64) -> f64 {
    x.cbrt()
}

case! {
    method_cbrt, method_cbrt_grad, method_cbrt_grad_add, method_cbrt_graph;
    with |x: f64| (x);
    at 0.3, -8.0, 1e-3, 1e6;
    gradient 1.0 / (3.0 * x.cbrt() * x.cbrt());
}

#[differentiable(second)]
fn method_cos(x: f64) -> f64 {
    x.cos()
}

case! {
    method_cos, method_cos_grad, method_cos_grad_add, method_cos_graph;
    with |x: f64| (x);
    at 0.3, -8.0, 0.0, 100.0;
    gradient -x.sin();
}

#[differentiable(second)]
fn method_cosh(x: f64) -> f64 {
    x.cosh()
}

case! {
    method_cosh, method_cosh_grad, method_cosh_grad_add, method_cosh_graph;
    with |x: f64| (x);
    at 0.3, -8.0, 1e-3;
    gradient 0.5 * (x.exp() - (-x).exp());
}

#[differentiable(second)]
fn method_exp(x: f64) -> f64 {
    x.exp()
}

case! {
    method_exp, method_exp_grad, method_exp_grad_add, method_exp_graph;
    with |x: f64| (x);
    at 0.3, -8.0, 0.0, 30.0;
    gradient x.exp();
}

#[differentiable(second)]
fn method_exp2(x: f64) -> f64 {
    x.exp2()
}

case! {
    method_exp2, method_exp2_grad, method_exp2_grad_add, method_exp2_graph;
    with |x: f64| (x);
    at 0.3, -8.0, 0.0, 30.0;
    gradient x.exp2() * 2.0_f64.ln();
}

#[differentiable(second)]
fn method_exp_m1(x: f64) -> f64 {
    x.exp_m1()
}

case! {
    method_exp_m1, method_exp_m1_grad, method_exp_m1_grad_add, method_exp_m1_graph;
    with |x: f64| (x);
    at 0.3, -8.0, 1e-3, 30.0;
    gradient x.exp();
}

#[differentiable(second)]
fn method_ln(x: f64) -> f64 {
    x.ln()
}

case! {
    method_ln, method_ln_grad, method_ln_grad_add, method_ln_graph;
    with |x: f64| (x);
    at 0.3, 1e-3, 1.0, 1e6;
    gradient 1.0 / x;
}

#[differentiable(second)]
fn method_ln_1p(x: f64) -> f64 {
    x.ln_1p()
}

case! {
    method_ln_1p, method_ln_1p_grad, method_ln_1p_grad_add, method_ln_1p_graph;
    with |x: f64| (x);
    at 0.3, 1e-3, -0.9, 1e6;
    gradient 1.0 / (1.0 + x);
}

#[differentiable(second)]
fn method_log10(x: f64) -> f64 {
    x.log10()
}

case! {
    method_log10, method_log10_grad, method_log10_grad_add, method_log10_graph;
    with |x: f64| (x);
    at 0.3, 1e-3, 1.0, 1e6;
    gradient 1.0 / (x * 10.0_f64.ln());
}

#[differentiable(second)]
fn method_log2(x: f64) -> f64 {
    x.log2()
}

case! {
    method_log2, method_log2_grad, method_log2_grad_add, method_log2_graph;
    with |x: f64| (x);
    at 0.3, 1e-3, 1.0, 1e6;
    gradient 1.0 / (x * 2.0_f64.ln());
}

#[differentiable(second)]
fn method_recip(x: f64) -> f64 {
    x.recip()
}

case! {
    method_recip, method_recip_grad, method_recip_grad_add, method_recip_graph;
    with |x: f64| (x);
    at 0.3, -1e-3, 4.0, 1e3;
    gradient -1.0 / (x * x);
}

#[differentiable(second)]
fn method_sin(x: f64) -> f64 {
    x.sin()
}

case! {
    method_sin, method_sin_grad, method_sin_grad_add, method_sin_graph;
    with |x: f64| (x);
    at 0.3, -8.0, 0.0, 100.0;
    gradient x.cos();
}

#[differentiable(second)]
fn method_sinh(x: f64) -> f64 {
    x.sinh()
}

case! {
    method_sinh, method_sinh_grad, method_sinh_grad_add, method_sinh_graph;
    with |x: f64| (x);
    at 0.3, -8.0, 1e-3;
    gradient 0.5 * (x.exp() + (-x).exp());
}

#[differentiable(second)]
fn method_sqrt(x: f64) -> f64 {
    x.sqrt()
}

case! {
    method_sqrt, method_sqrt_grad, method_sqrt_grad_add, method_sqrt_graph;
    with |x: f64| (x);
    at 0.3, 1e-3, 1e6;
    gradient 0.5 * x.powf(-0.5);
}

#[differentiable(second)]
fn method_tan(x: f64) -> f64 {
    x.tan()
}

case! {
    method_tan, method_tan_grad, method_tan_grad_add, method_tan_graph;
    with |x: f64| (x);
    at 0.3, -1.5, 0.0, 4.0;
    gradient 1.0 + x.tan().powi(2);
}

#[differentiable(second)]
fn method_tanh(x: f64) -> f64 {
    x.tanh()
}

case! {
    method_tanh, method_tanh_grad, method_tanh_grad_add, method_tanh_graph;
    with |x: f64| (x);
    at 0.3, -3.0, 0.0;
    gradient 4.0 / (x.exp() + (-x).exp()).powi(2);
}

#[differentiable(second)]
fn method_to_degrees(x: f64) -> f64 {
    x.to_degrees()
}

case! {
    method_to_degrees, method_to_degrees_grad, method_to_degrees_grad_add, method_to_degrees_graph;
    with |x: f64| (x);
    at 0.3, -3.0, 0.0;
    gradient 180.0 / std::f64::consts::PI;
}

#[differentiable(second)]
fn method_to_radians(x: f64) -> f64 {
    x.to_radians()
}

case! {
    method_to_radians, method_to_radians_grad, method_to_radians_grad_add, method_to_radians_graph;
    with |x: f64| (x);
    at 0.3, -300.0, 0.0;
    gradient std::f64::consts::PI / 180.0;
}
