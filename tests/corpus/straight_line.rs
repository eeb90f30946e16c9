//! Straight lines of arithmetic: the textbook functions.

use gradus::differentiable;

#[differentiable(second)]
fn rosenbrock(x: f64, y: f64) -> f64 {
    let a = 1.0 - x;
    let b = y - x * x;
    a * a + 100.0 * b * b
}

case! {
    rosenbrock, rosenbrock_grad, rosenbrock_grad_add, rosenbrock_graph;
    with |x: f64, y: f64| (x, y);
    at (1.2, -0.7), (-1.5, 2.0), (1.0, 0.5), (40.0, 1e-2), (0.0, 0.0);
    gradient (2.0 * (x - 1.0) + 400.0 * x * (x * x - y), 200.0 * (y - x * x));
    forward |v| (1.0 - v[0]) * (1.0 - v[0]) + 100.0 * (v[1] - v[0] * v[0]) * (v[1] - v[0] * v[0]);
}

#[differentiable(second)]
fn himmelblau(x: f64, y: f64) -> f64 {
    (x * x + y - 11.0).powi(2) + (x + y * y - 7.0).powi(2)
}

case! {
    himmelblau, himmelblau_grad, himmelblau_grad_add, himmelblau_graph;
    with |x: f64, y: f64| (x, y);
    at (0.5, -1.5), (-2.8, 3.1), (10.0, 0.0);
    gradient {
        let (p, q) = (x * x + y - 11.0, x + y * y - 7.0);
        (4.0 * x * p + 2.0 * q, 2.0 * p + 4.0 * y * q)
    };
}

#[differentiable(second)]
fn softplus_by_hand(x: f64) -> f64 {
    (1.0 + x.exp()).ln()
}

case! {
    softplus_by_hand, softplus_by_hand_grad, softplus_by_hand_grad_add, softplus_by_hand_graph;
    with |x: f64| (x);
    at -3.0, 0.0, 0.7, 25.0;
    gradient 0.5 * (1.0 + (0.5 * x).tanh());
    forward |v| (1.0 + v[0].exp()).ln();
}

/// The focal length of a thick lens in air.
#[differentiable(second)]
fn lens_maker(index: f64, front: f64, back: f64, thickness: f64) -> f64 {
    let power =
        (index - 1.0) * (1.0 / front - 1.0 / back + (index - 1.0) * thickness / (index * front * back));
    1.0 / power
}

case! {
    lens_maker, lens_maker_grad, lens_maker_grad_add, lens_maker_graph;
    with |index: f64, front: f64, back: f64, thickness: f64| (index, front, back, thickness);
    at (1.5, 0.2, -0.3, 0.01), (1.8, 0.05, 0.09, 0.002);
    gradient {
        let m = index - 1.0;
        let power = m * (1.0 / front - 1.0 / back) + m * m * thickness / (index * front * back);
        let outer = -1.0 / (power * power);
        let by_index = 1.0 / front - 1.0 / back + thickness / (front * back) * (1.0 - 1.0 / (index * index));
        let by_front = -m / (front * front) - m * m * thickness / (index * front * front * back);
        let by_back = m / (back * back) - m * m * thickness / (index * front * back * back);
        (outer * by_index, outer * by_front, outer * by_back, outer * m * m / (index * front * back))
    };
}

/// The great-circle distance between two places in degrees, on a sphere of radius 6371 km.
#[differentiable(second)]
fn haversine(lat1: f64, lon1: f64, lat2: f64, lon2: f64) -> f64 {
    let dlat = (lat2 - lat1).to_radians();
    let dlon = (lon2 - lon1).to_radians();
    let a = (dlat / 2.0).sin().powi(2)
        + lat1.to_radians().cos() * lat2.to_radians().cos() * (dlon / 2.0).sin().powi(2);
    6371.0 * 2.0 * a.sqrt().atan2((1.0 - a).sqrt())
}

case! {
    haversine, haversine_grad, haversine_grad_add, haversine_graph;
    with |lat1: f64, lon1: f64, lat2: f64, lon2: f64| (lat1, lon1, lat2, lon2);
    at (52.5, 13.4, 48.9, 2.35), (-33.9, 151.2, 35.7, 139.7);
}

#[differentiable(second)]
fn numerically_gentle(a: f64, b: f64) -> f64 {
    -(-a * b) / (1e-3 + a * a) - -b + 2.0_f64.sqrt() * a
}

case! {
    numerically_gentle, numerically_gentle_grad, numerically_gentle_grad_add, numerically_gentle_graph;
    with |a: f64, b: f64| (a, b);
    at (0.5, 2.0), (-3.0, 0.25), (0.02, 1e3);
    gradient {
        let d = 1e-3 + a * a;
        (b / d - 2.0 * a * a * b / (d * d) + 2.0_f64.sqrt(), a / d + 1.0)
    };
    forward |v| v[0] * v[1] / (1e-3 + v[0] * v[0]) + v[1] + 2.0_f64.sqrt() * v[0];
}

/// Uses its argument many times and one argument not at all.
#[differentiable(second)]
#[allow(unused_variables)]
fn ignores_one(x: f64, spare: f64) -> f64 {
    x * x * x + x / x + (x - x) + x
}

case! {
    ignores_one, ignores_one_grad, ignores_one_grad_add, ignores_one_graph;
    with |x: f64, spare: f64| (x, spare);
    at (1.5, 9.0), (-0.25, 0.0);
    gradient (3.0 * x * x + 1.0, 0.0);
}
