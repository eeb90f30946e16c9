//! Methods that select or step: the derivative is that of the piece one stands on.

use gradus::differentiable;

#[differentiable(second)]
fn method_abs(x: f64) -> f64 {
    x.abs()
}

case! {
    method_abs, method_abs_grad, method_abs_grad_add, method_abs_graph;
    with |x: f64| (x);
    at 0.3, -8.0, 1e-3, -1e-3;
    gradient x.signum();
}

#[differentiable(second)]
fn method_ceil(x: f64) -> f64 {
    x.ceil() + x
}

case! {
    method_ceil, method_ceil_grad, method_ceil_grad_add, method_ceil_graph;
    with |x: f64| (x);
    at 0.3, -8.5, 1.001;
    gradient 1.0;
}

#[differentiable(second)]
fn method_floor(x: f64) -> f64 {
    x.floor() * x
}

case! {
    method_floor, method_floor_grad, method_floor_grad_add, method_floor_graph;
    with |x: f64| (x);
    at 0.3, -8.5, 1.001;
    gradient x.floor();
}

#[differentiable(second)]
fn method_fract(x: f64) -> f64 {
    x.fract()
}

case! {
    method_fract, method_fract_grad, method_fract_grad_add, method_fract_graph;
    with |x: f64| (x);
    at 0.3, -8.5, 1.001;
    gradient 1.0;
}

#[differentiable(second)]
fn method_round(x: f64) -> f64 {
    x.round() * x
}

case! {
    method_round, method_round_grad, method_round_grad_add, method_round_graph;
    with |x: f64| (x);
    at 0.3, -8.3, 1.499, 1.501;
    gradient x.round();
}

#[differentiable(second)]
fn method_round_ties_even(x: f64) -> f64 {
    x.round_ties_even() - x
}

case! {
    method_round_ties_even, method_round_ties_even_grad, method_round_ties_even_grad_add, method_round_ties_even_graph;
    with |x: f64| (x);
    at 0.3, -8.3, 2.499, 2.501;
    gradient -1.0;
}

#[differentiable(second)]
fn method_signum(x: f64) -> f64 {
    x.signum() * x * x
}

case! {
    method_signum, method_signum_grad, method_signum_grad_add, method_signum_graph;
    with |x: f64| (x);
    at 0.3, -8.0, 1e-3;
    gradient 2.0 * x.abs();
}

#[differentiable(second)]
fn method_trunc(x: f64) -> f64 {
    x.trunc() + 2.0 * x
}

case! {
    method_trunc, method_trunc_grad, method_trunc_grad_add, method_trunc_graph;
    with |x: f64| (x);
    at 0.3, -8.5, 1.001;
    gradient 2.0;
}

#[differentiable(second)]
fn method_max(x: f64, y: f64) -> f64 {
    x.max(y)
}

case! {
    method_max, method_max_grad, method_max_grad_add, method_max_graph;
    with |x: f64, y: f64| (x, y);
    at (0.3, 0.2), (0.2, 0.3), (-1.0, -1.001);
    gradient if x > y { (1.0, 0.0) } else { (0.0, 1.0) };
}

#[differentiable(second)]
fn method_min(x: f64, y: f64) -> f64 {
    x.min(y)
}

case! {
    method_min, method_min_grad, method_min_grad_add, method_min_graph;
    with |x: f64, y: f64| (x, y);
    at (0.3, 0.2), (0.2, 0.3), (-1.0, -1.001);
    gradient if x < y { (1.0, 0.0) } else { (0.0, 1.0) };
}

#[differentiable(second)]
fn method_max_constant(x: f64) -> f64 {
    x.max(0.0) + 0.5_f64.min(x)
}

case! {
    method_max_constant, method_max_constant_grad, method_max_constant_grad_add, method_max_constant_graph;
    with |x: f64| (x);
    at 0.3, -0.2, 1e-3, 0.7;
    gradient if x > 0.5 { 1.0 } else if x > 0.0 { 2.0 } else { 1.0 };
}

#[differentiable(second)]
fn method_copysign(x: f64, y: f64) -> f64 {
    x.copysign(y) * y
}

case! {
    method_copysign, method_copysign_grad, method_copysign_grad_add, method_copysign_graph;
    with |x: f64, y: f64| (x, y);
    at (0.3, 2.0), (0.3, -2.0), (-0.3, 2.0), (-4.0, -1e-3);
    gradient (x.signum() * y.abs(), x.abs() * y.signum());
}

#[differentiable(second)]
fn method_clamp_constant(x: f64) -> f64 {
    x.clamp(-1.0, 2.0)
}

case! {
    method_clamp_constant, method_clamp_constant_grad, method_clamp_constant_grad_add, method_clamp_constant_graph;
    with |x: f64| (x);
    at 0.3, -0.999, -1.001, 2.001, 1e6;
    gradient if x > -1.0 && x < 2.0 { 1.0 } else { 0.0 };
}

#[differentiable(second)]
fn method_clamp(x: f64, low: f64, high: f64) -> f64 {
    x.clamp(low, high)
}

case! {
    method_clamp, method_clamp_grad, method_clamp_grad_add, method_clamp_graph;
    with |x: f64, low: f64, high: f64| (x, low, high);
    at (0.3, -1.0, 1.0), (-3.0, -1.0, 1.0), (3.0, -1.0, 1.0), (0.999, 0.5, 1.0);
    gradient if x < low { (0.0, 1.0, 0.0) } else if x > high { (0.0, 0.0, 1.0) } else { (1.0, 0.0, 0.0) };
}

#[differentiable(second)]
fn method_rem(x: f64, y: f64) -> f64 {
    x % y
}

case! {
    method_rem, method_rem_grad, method_rem_grad_add, method_rem_graph;
    with |x: f64, y: f64| (x, y);
    at (7.5, 2.0), (-7.5, 2.0), (7.5, -2.0), (0.3, 4.0);
    gradient (1.0, -(x / y).trunc());
}

#[differentiable(second)]
fn method_rem_euclid(x: f64, y: f64) -> f64 {
    x.rem_euclid(y)
}

case! {
    method_rem_euclid, method_rem_euclid_grad, method_rem_euclid_grad_add, method_rem_euclid_graph;
    with |x: f64, y: f64| (x, y);
    at (7.5, 2.0), (-7.5, 2.0), (7.5, -2.0), (-7.5, -2.0);
    gradient (1.0, -(if y > 0.0 { (x / y).floor() } else { (x / y).ceil() }));
}

#[differentiable(second)]
fn method_div_euclid(x: f64, y: f64) -> f64 {
    x.div_euclid(y) * x
}

case! {
    method_div_euclid, method_div_euclid_grad, method_div_euclid_grad_add, method_div_euclid_graph;
    with |x: f64, y: f64| (x, y);
    at (7.5, 2.0), (-7.5, 2.0), (7.5, -2.0);
    gradient (if y > 0.0 { (x / y).floor() } else { (x / y).ceil() }, 0.0);
}
