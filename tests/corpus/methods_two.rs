//! Smooth methods of two and three arguments, active in one or all, and the call forms `f64::sin(x)`.

use gradus::differentiable;

#[differentiable(second)]
fn method_atan2(y: f64, x: f64) -> f64 {
    y.atan2(x)
}

case! {
    method_atan2, method_atan2_grad, method_atan2_grad_add, method_atan2_graph;
    with |y: f64, x: f64| (y, x);
    at (0.3, 0.2), (-2.0, 1.0), (1.0, -5.0), (-1e-3, -1.0);
    gradient (x / (x * x + y * y), -y / (x * x + y * y));
}

#[differentiable(second)]
fn method_atan2_constant(y: f64) -> f64 {
    y.atan2(2.0) + 3.0_f64.atan2(y)
}

case! {
    method_atan2_constant, method_atan2_constant_grad, method_atan2_constant_grad_add, method_atan2_constant_graph;
    with |y: f64| (y);
    at 0.3, -2.0, 50.0;
    gradient 2.0 / (4.0 + y * y) - 3.0 / (9.0 + y * y);
}

#[differentiable(second)]
fn method_hypot(x: f64, y: f64) -> f64 {
    x.hypot(y)
}

case! {
    method_hypot, method_hypot_grad, method_hypot_grad_add, method_hypot_graph;
    with |x: f64, y: f64| (x, y);
    at (3.0, 4.0), (-1e-3, 1e-3), (1e6, 1.0);
    gradient {
        let r = (x * x + y * y).sqrt();
        (x / r, y / r)
    };
}

#[differentiable(second)]
fn method_log(x: f64, base: f64) -> f64 {
    x.log(base)
}

case! {
    method_log, method_log_grad, method_log_grad_add, method_log_graph;
    with |x: f64, base: f64| (x, base);
    at (3.0, 4.0), (0.1, 10.0), (1e6, 0.5);
    gradient (1.0 / (x * base.ln()), -x.ln() / (base * base.ln().powi(2)));
}

#[differentiable(second)]
fn method_log_constant(x: f64) -> f64 {
    x.log(3.0) + 5.0_f64.log(x)
}

case! {
    method_log_constant, method_log_constant_grad, method_log_constant_grad_add, method_log_constant_graph;
    with |x: f64| (x);
    at 2.0, 0.1, 1e3;
    gradient 1.0 / (x * 3.0_f64.ln()) - 5.0_f64.ln() / (x * x.ln().powi(2));
}

#[differentiable(second)]
fn method_mul_add(x: f64, a: f64, b: f64) -> f64 {
    x.mul_add(a, b)
}

case! {
    method_mul_add, method_mul_add_grad, method_mul_add_grad_add, method_mul_add_graph;
    with |x: f64, a: f64, b: f64| (x, a, b);
    at (3.0, 4.0, 5.0), (-0.1, 1e3, 2.0);
    gradient (a, x, 1.0);
}

#[differentiable(second)]
fn mul_add_constant(x: f64) -> f64 {
    2.0_f64.mul_add(x, 1.0) * x.mul_add(3.0, x)
}

case! {
    mul_add_constant, mul_add_constant_grad, mul_add_constant_grad_add, mul_add_constant_graph;
    with |x: f64| (x);
    at 3.0, -0.1;
    gradient 16.0 * x + 4.0;
}

#[differentiable(second)]
fn method_powf(x: f64, y: f64) -> f64 {
    x.powf(y)
}

case! {
    method_powf, method_powf_grad, method_powf_grad_add, method_powf_graph;
    with |x: f64, y: f64| (x, y);
    at (3.0, 4.0), (0.1, -1.5), (2.0, 0.5);
    gradient (y * x.powf(y - 1.0), x.powf(y) * x.ln());
}

#[differentiable(second)]
fn method_powf_constant(x: f64) -> f64 {
    x.powf(2.5) + 2.0_f64.powf(x)
}

case! {
    method_powf_constant, method_powf_constant_grad, method_powf_constant_grad_add, method_powf_constant_graph;
    with |x: f64| (x);
    at 3.0, 0.1, 1e-2;
    gradient 2.5 * x * x.sqrt() + 2.0_f64.ln() * x.exp2();
}

#[differentiable(second)]
fn powf_of_negative(x: f64) -> f64 {
    x.powf(3.0) + x.powf(-2.0)
}

case! {
    powf_of_negative, powf_of_negative_grad, powf_of_negative_grad_add, powf_of_negative_graph;
    with |x: f64| (x);
    at -3.0, -0.1;
    gradient 3.0 * x * x - 2.0 / (x * x * x);
}

#[differentiable(second)]
fn method_sin_cos(x: f64) -> f64 {
    let (s, c) = x.sin_cos();
    s * c + 2.0 * c
}

case! {
    method_sin_cos, method_sin_cos_grad, method_sin_cos_grad_add, method_sin_cos_graph;
    with |x: f64| (x);
    at 0.3, -2.0, 50.0;
    gradient (2.0 * x).cos() - 2.0 * x.sin();
}

#[differentiable(second)]
fn method_powi(x: f64, n: i32) -> f64 {
    x.powi(n)
}

case! {
    method_powi, method_powi_grad, method_powi_grad_add, method_powi_graph;
    for n in [0, 1, 2, 3, -1, -4];
    with |x: f64| (x, n);
    at 1.5, -0.3, 4.0;
    gradient if n == 0 { 0.0 } else { f64::from(n) * x.powf(f64::from(n - 1)) };
}

#[differentiable(second)]
fn called_as_functions(x: f64, y: f64) -> f64 {
    let s = f64::sin(x) + f64::exp(-y);
    let m = f64::max(s, y) + f64::min(x, 10.0);
    let p = f64::powi(m, 2) + f64::powf(2.0, x) + f64::mul_add(x, y, s);
    f64::hypot(p, f64::abs(y)) + f64::atan2(y, f64::sqrt(1.0 + x * x))
}

case! {
    called_as_functions, called_as_functions_grad, called_as_functions_grad_add, called_as_functions_graph;
    with |x: f64, y: f64| (x, y);
    at (0.5, 0.1), (0.5, 3.0), (12.0, -0.4);
}

#[differentiable(second)]
fn chained_methods(x: f64, y: f64) -> f64 {
    (x.sin().powi(2) + y.abs().sqrt().tanh()).ln_1p().exp_m1().clamp(-5.0, 5.0).mul_add(2.0, x)
        / y.cosh().max(x)
}

case! {
    chained_methods, chained_methods_grad, chained_methods_grad_add, chained_methods_graph;
    with |x: f64, y: f64| (x, y);
    at (0.5, 0.1), (5.0, -2.0), (-1.0, 3.0);
}
