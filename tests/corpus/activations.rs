//! The engine's own methods on `f64`.

use gradus::{Activations, differentiable};

/// The logistic function, for the closed forms.
fn logistic(x: f64) -> f64 {
    1.0 / (1.0 + (-x).exp())
}

#[differentiable(second)]
fn relu_method(x: f64) -> f64 {
    x.relu() * x
}

case! {
    relu_method, relu_method_grad, relu_method_grad_add, relu_method_graph;
    with |x: f64| (x);
    at 0.5, -0.5, 1e-3, -1e-3;
    gradient 2.0 * x.max(0.0);
}

#[differentiable(second)]
fn leaky_relu_method(x: f64, slope: f64) -> f64 {
    x.leaky_relu(slope)
}

case! {
    leaky_relu_method, leaky_relu_method_grad, leaky_relu_method_grad_add, leaky_relu_method_graph;
    with |x: f64, slope: f64| (x, slope);
    at (0.5, 0.1), (-0.5, 0.1), (-1e-3, 0.3);
    gradient if x > 0.0 { (1.0, 0.0) } else { (slope, x) };
}

#[differentiable(second)]
fn sigmoid_method(x: f64) -> f64 {
    x.sigmoid()
}

case! {
    sigmoid_method, sigmoid_method_grad, sigmoid_method_grad_add, sigmoid_method_graph;
    with |x: f64| (x);
    at 0.5, -4.0, 0.0, 8.0;
    gradient logistic(x) * logistic(-x);
}

#[differentiable(second)]
fn softplus_method(x: f64) -> f64 {
    x.softplus()
}

case! {
    softplus_method, softplus_method_grad, softplus_method_grad_add, softplus_method_graph;
    with |x: f64| (x);
    at 0.5, -4.0, 0.0, 20.0;
    gradient logistic(x);
}

#[differentiable(second)]
fn gelu_method(x: f64) -> f64 {
    x.gelu()
}

case! {
    gelu_method, gelu_method_grad, gelu_method_grad_add, gelu_method_graph;
    with |x: f64| (x);
    at 0.5, -2.0, 0.0, 3.0;
    gradient {
        let c = (2.0 / std::f64::consts::PI).sqrt();
        let u = c * (x + 0.044715 * x * x * x);
        0.5 * (1.0 + u.tanh()) + 0.5 * x / u.cosh().powi(2) * c * (1.0 + 3.0 * 0.044715 * x * x)
    };
}

#[differentiable(second)]
fn silu_method(x: f64) -> f64 {
    x.silu()
}

case! {
    silu_method, silu_method_grad, silu_method_grad_add, silu_method_graph;
    with |x: f64| (x);
    at 0.5, -2.0, 0.0, 3.0;
    gradient logistic(x) * (1.0 + x * logistic(-x));
}
