//! Names: patterns, shadowing, blocks as values, late initialisation, assignment.

use gradus::differentiable;

#[differentiable(second)]
fn tuple_pattern(x: f64, y: f64) -> f64 {
    let (s, d) = (x + y, x - y);
    let (p, (q, _)) = (s * d, (s / 3.0, d));
    let (a, b) = (b_first(q), p);
    let (a, b) = (b, a);
    a + 2.0 * b
}

#[differentiable(second)]
fn b_first(q: f64) -> f64 {
    q * q
}

case! {
    tuple_pattern, tuple_pattern_grad, tuple_pattern_grad_add, tuple_pattern_graph;
    with |x: f64, y: f64| (x, y);
    at (1.5, 0.25), (-2.0, 3.0);
    gradient (2.0 * x + 4.0 * (x + y) / 9.0, -2.0 * y + 4.0 * (x + y) / 9.0);
}

#[differentiable(second)]
fn array_pattern(v: [f64; 3]) -> f64 {
    let [x, y, z] = v;
    let [first, .., last] = [x * y, y, y * z];
    first * last + z
}

case! {
    array_pattern, array_pattern_grad, array_pattern_grad_add, array_pattern_graph;
    with |v: [f64; 3]| (v);
    at [1.0, 2.0, 3.0], [-0.5, 0.1, 40.0];
    gradient [v[1] * v[1] * v[2], 2.0 * v[0] * v[1] * v[2], v[0] * v[1] * v[1] + 1.0];
}

#[differentiable(second)]
fn shadowed(x: f64) -> f64 {
    let y = x * x;
    let x = y.sin();
    {
        let x = 100.0 * y;
        let _ = x;
    }
    let y: f64 = x + y;
    let x = x * y;
    x
}

case! {
    shadowed, shadowed_grad, shadowed_grad_add, shadowed_graph;
    with |x: f64| (x);
    at 0.8, -1.3, 3.0;
    gradient {
        let (s, c) = (x * x).sin_cos();
        2.0 * x * (2.0 * s * c + s + x * x * c)
    };
    forward |v| (v[0] * v[0]).sin() * ((v[0] * v[0]).sin() + v[0] * v[0]);
}

#[differentiable(second)]
fn blocks_as_values(x: f64, y: f64) -> f64 {
    let radius = {
        let squared = x * x + y * y;
        squared.sqrt()
    };
    radius * {
        let half = radius / 2.0;
        half.exp()
    } + ({ x } - { y })
}

case! {
    blocks_as_values, blocks_as_values_grad, blocks_as_values_grad_add, blocks_as_values_graph;
    with |x: f64, y: f64| (x, y);
    at (0.6, 0.8), (3.0, -1e-2);
    gradient {
        let r = x.hypot(y);
        let slope = (r / 2.0).exp() * (1.0 + r / 2.0) / r;
        (x * slope + 1.0, y * slope - 1.0)
    };
    forward |v| {
        let r = (v[0] * v[0] + v[1] * v[1]).sqrt();
        r * (r / 2.0).exp() + v[0] - v[1]
    };
}

#[differentiable(second)]
fn late_initialisation(x: f64, upward: bool) -> f64 {
    let slope;
    let offset: f64;
    if upward {
        slope = 3.0 * x;
        offset = 1.0;
    } else {
        slope = -x * x;
        offset = x;
    }
    slope * x + offset
}

case! {
    late_initialisation, late_initialisation_grad, late_initialisation_grad_add, late_initialisation_graph;
    for upward in [true, false];
    with |x: f64| (x, upward);
    at 0.4, -2.0, 0.0;
    gradient if upward { 6.0 * x } else { 1.0 - 3.0 * x * x };
}

#[differentiable(second)]
fn compound_assignment(x: f64, y: f64) -> f64 {
    let mut s = x;
    s += y * y;
    s -= 0.5 * x;
    s *= y + 2.0;
    s /= 1.0 + x * x;
    s %= 10.0;
    s = s + x;
    s *= s;
    s
}

case! {
    compound_assignment, compound_assignment_grad, compound_assignment_grad_add, compound_assignment_graph;
    with |x: f64, y: f64| (x, y);
    at (1.0, 2.0), (0.3, -1.1), (0.2, 4.0);
    gradient {
        let d = 1.0 + x * x;
        let n = (0.5 * x + y * y) * (y + 2.0);
        let s = (n / d) % 10.0 + x;
        let by_x = 0.5 * (y + 2.0) / d - 2.0 * x * n / (d * d) + 1.0;
        let by_y = (2.0 * y * (y + 2.0) + 0.5 * x + y * y) / d;
        (2.0 * s * by_x, 2.0 * s * by_y)
    };
}

#[differentiable(second)]
fn tuple_fields(x: f64, y: f64) -> f64 {
    let mut state = (x, (y, 1.0));
    state.0 += state.1.0;
    state.1.1 *= state.0;
    state.1.0 = state.0 * state.1.1;
    let (a, (b, c)) = state;
    a + b * c
}

case! {
    tuple_fields, tuple_fields_grad, tuple_fields_grad_add, tuple_fields_graph;
    with |x: f64, y: f64| (x, y);
    at (0.5, 0.7), (-3.0, 1.0);
    gradient {
        let slope = 1.0 + 3.0 * (x + y).powi(2);
        (slope, slope)
    };
}

#[differentiable(second)]
fn reassigned_argument(mut x: f64, y: f64) -> f64 {
    x *= y;
    let old = x;
    x = x.cos() + y;
    x * old
}

case! {
    reassigned_argument, reassigned_argument_grad, reassigned_argument_grad_add, reassigned_argument_graph;
    with |x: f64, y: f64| (x, y);
    at (0.5, 1.5), (2.0, -0.6);
    gradient {
        let p = x * y;
        let slope = p.cos() - p * p.sin() + y;
        (y * slope, x * slope + p)
    };
}

#[differentiable(second)]
fn through_borrows(x: f64, y: f64) -> f64 {
    let mut a = x * y;
    let mut v = [x, y];
    {
        let r = &mut a;
        *r += x;
        *r *= 2.0;
    }
    let e = &mut v[1];
    *e = *e * a;
    v[0] + v[1]
}

case! {
    through_borrows, through_borrows_grad, through_borrows_grad_add, through_borrows_graph;
    with |x: f64, y: f64| (x, y);
    at (0.5, 1.5), (-2.0, 3.0);
    gradient (1.0 + 2.0 * y * (y + 1.0), 2.0 * x * (2.0 * y + 1.0));
}

#[differentiable(second)]
fn swapped_in_place(x: f64, y: f64) -> f64 {
    let (mut a, mut b) = (x, y);
    std::mem::swap(&mut a, &mut b);
    (a, b) = (b * a, a + 2.0 * b);
    let old = std::mem::replace(&mut a, 3.0 * b);
    a * a + old
}

case! {
    swapped_in_place, swapped_in_place_grad, swapped_in_place_grad_add, swapped_in_place_graph;
    with |x: f64, y: f64| (x, y);
    at (0.5, 1.5), (-2.0, 3.0);
    gradient (36.0 * (y + 2.0 * x) + y, 18.0 * (y + 2.0 * x) + x);
}
