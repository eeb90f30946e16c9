//! Closures bound by `let`, capturing active and passive locals.

use gradus::differentiable;

#[differentiable(second)]
fn capturing(x: f64, scale: f64, n: usize) -> f64 {
    let offset = n as f64;
    let bump = |t: f64| (-(t - x) * (t - x) / scale).exp();
    let shifted = |t| bump(t) + offset * t;
    shifted(0.5) * bump(x + 1.0) + shifted(scale)
}

case! {
    capturing, capturing_grad, capturing_grad_add, capturing_graph;
    for n in [0, 3];
    with |x: f64, scale: f64| (x, scale, n);
    at (0.2, 1.5), (-1.0, 3.0);
    forward |v| {
        let (x, scale, offset) = (v[0], v[1], n as f64);
        let bump = |t: super::super::dual::Dual| (-(t - x) * (t - x) / scale).exp();
        (bump(0.5.into()) + offset * 0.5) * bump(x + 1.0) + bump(scale) + offset * scale
    };
}

/// The derivative of the integrand, integrated: by the trapezoid rule.
#[differentiable(second)]
fn trapezoid(a: f64, b: f64, k: f64, n: usize) -> f64 {
    let f = |x: f64| (k * x).sin() + x * x;
    let h = (b - a) / n as f64;
    let mut s = 0.5 * (f(a) + f(b));
    for i in 1..n {
        s += f(a + i as f64 * h);
    }
    s * h
}

case! {
    trapezoid, trapezoid_grad, trapezoid_grad_add, trapezoid_graph;
    for n in [1, 4, 20];
    with |a: f64, b: f64, k: f64| (a, b, k, n);
    at (0.0, 1.0, 3.0), (-2.0, 0.5, 0.7);
}

#[differentiable(second)]
fn several_parameters(x: f64, y: f64) -> f64 {
    let lerp = |a: f64, b: f64, t: f64| a + t * (b - a);
    let turn = |(u, v): (f64, f64)| (u * y, v - x);
    let (p, q) = turn((x, lerp(x, y, 0.25)));
    lerp(p, q, x)
}

case! {
    several_parameters, several_parameters_grad, several_parameters_grad_add, several_parameters_graph;
    with |x: f64, y: f64| (x, y);
    at (0.2, 1.5), (-1.0, 3.0);
    gradient {
        // p = xy, q = (y − x)/4, p + x(q − p)
        (y + (y - x) / 4.0 - x / 4.0 - 2.0 * x * y, x + x / 4.0 - x * x)
    };
}

#[differentiable(second)]
fn mutating_closure(xs: &[f64]) -> f64 {
    let mut total = 0.0;
    let mut count = 0;
    let mut add = |x: f64| {
        total += x * x;
        count += 1;
    };
    for &x in xs {
        if x > 0.0 {
            add(x);
        }
    }
    total / f64::from(count.max(1))
}

case! {
    mutating_closure, mutating_closure_grad, mutating_closure_grad_add, mutating_closure_graph;
    with |xs: Vec<f64>| (&xs);
    at vec![1.0, -2.0, 0.5], vec![-1.0], vec![];
    gradient {
        let count = xs.iter().filter(|x| **x > 0.0).count().max(1) as f64;
        xs.iter().map(|x| 2.0 * x.max(0.0) / count).collect()
    };
}

#[differentiable(second)]
fn square(x: f64) -> f64 {
    x * x
}

case! {
    square, square_grad, square_grad_add, square_graph;
    with |x: f64| (x);
    at 3.0, -0.5, 0.0;
    gradient 2.0 * x;
}

/// Functions named as values.
#[differentiable(second)]
fn functions_as_values(xs: &[f64]) -> f64 {
    let squares: f64 = xs.iter().copied().map(square).sum();
    let sines: f64 = xs.iter().copied().map(f64::sin).sum();
    let transform = square;
    transform(sines) + squares
}

case! {
    functions_as_values, functions_as_values_grad, functions_as_values_grad_add, functions_as_values_graph;
    with |xs: Vec<f64>| (&xs);
    at vec![1.0, -2.0, 0.5], vec![];
    gradient {
        let sines: f64 = xs.iter().map(|x| x.sin()).sum();
        xs.iter().map(|x| 2.0 * sines * x.cos() + 2.0 * x).collect()
    };
}
