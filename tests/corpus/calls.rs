//! Calls between differentiable functions: of this module, other modules, another crate; whatever they return.

use gradus::differentiable;
use neighbour::{cross, mechanics, softmax as normalised};

use super::physics;
use super::physics::potential;
use physics::kinetic as energy_of_motion;

#[differentiable(second)]
fn polar(x: f64, y: f64) -> (f64, f64) {
    (x.hypot(y), y.atan2(x))
}

#[differentiable(second)]
fn tuple_from_callee(x: f64, y: f64) -> f64 {
    let (radius, angle) = polar(x, y);
    radius * radius * angle + polar(y, x).0
}

case! {
    tuple_from_callee, tuple_from_callee_grad, tuple_from_callee_grad_add, tuple_from_callee_graph;
    with |x: f64, y: f64| (x, y);
    at (1.0, 2.0), (-0.5, 0.1);
    gradient {
        let (r, angle) = (x.hypot(y), y.atan2(x));
        (2.0 * x * angle - y + x / r, 2.0 * y * angle + x + y / r)
    };
}

#[differentiable(second)]
fn by_path(mass: f64, speed: f64, height: f64) -> f64 {
    physics::kinetic(mass, speed) + potential(mass, height) - energy_of_motion(mass / 2.0, height)
}

case! {
    by_path, by_path_grad, by_path_grad_add, by_path_graph;
    with |mass: f64, speed: f64, height: f64| (mass, speed, height);
    at (2.0, 3.0, 0.5), (1e-3, -40.0, 10.0);
    gradient (
        0.5 * speed * speed + 9.81 * height - 0.25 * height * height,
        mass * speed,
        9.81 * mass - 0.5 * mass * height,
    );
}

#[differentiable(second)]
fn array_from_callee(x: f64, y: f64, z: f64, mass: f64) -> f64 {
    let [gx, gy, gz] = physics::pull([x, y, z], mass);
    let g = physics::fields::gravity([z, x, y], 1.0);
    (gx * gx + gy * gy + gz * gz).sqrt() + g[0] * x
}

case! {
    array_from_callee, array_from_callee_grad, array_from_callee_grad_add, array_from_callee_graph;
    with |x: f64, y: f64, z: f64, mass: f64| (x, y, z, mass);
    at (1.0, 2.0, -2.0, 5.0), (0.3, 0.1, 0.2, 0.5);
    gradient {
        // |g| = m/r², and the second term is −xz/r³.
        let r = x.hypot(y).hypot(z);
        let radial = -2.0 * mass / r.powi(4) + 3.0 * x * z / r.powi(5);
        (radial * x - z / r.powi(3), radial * y, radial * z - x / r.powi(3), 1.0 / (r * r))
    };
}

#[differentiable(second)]
fn cumulative(xs: &[f64]) -> Vec<f64> {
    let mut total = 0.0;
    let mut sums = Vec::with_capacity(xs.len());
    for x in xs {
        total += x;
        sums.push(total);
    }
    sums
}

#[differentiable(second)]
fn vec_from_callee(xs: &[f64]) -> f64 {
    let once = cumulative(xs);
    let twice = cumulative(&once);
    let mut s = 0.0;
    for (a, b) in once.iter().zip(&twice) {
        s += a * b;
    }
    s
}

case! {
    vec_from_callee, vec_from_callee_grad, vec_from_callee_grad_add, vec_from_callee_graph;
    with |xs: Vec<f64>| (&xs);
    at vec![1.0, -2.0, 0.5], vec![3.0], vec![];
    gradient {
        // With a = Lx and b = LLx (L the lower triangle of ones), the gradient is Lᵀb + LᵀLᵀa.
        let forwards = |v: &[f64]| -> Vec<f64> { (0..v.len()).map(|i| v[..=i].iter().sum()).collect() };
        let backwards = |v: &[f64]| -> Vec<f64> { (0..v.len()).map(|i| v[i..].iter().sum()).collect() };
        let a = forwards(&xs);
        let b = forwards(&a);
        backwards(&b).iter().zip(backwards(&backwards(&a))).map(|(p, q)| p + q).collect()
    };
}

#[differentiable(second)]
fn from_another_crate(x: f64, y: f64) -> f64 {
    let (low, high) = neighbour::roots(x, y);
    neighbour::logistic(low) * high + mechanics::spring(x, 3.0)
}

case! {
    from_another_crate, from_another_crate_grad, from_another_crate_grad_add, from_another_crate_graph;
    with |x: f64, y: f64| (x, y);
    at (3.0, 1.0), (-2.5, 0.5);
    gradient {
        // t² − xt + y = 0: dt/dx = t/(2t − x), dt/dy = −1/(2t − x).
        let half = (x * x / 4.0 - y).sqrt();
        let (low, high) = (x / 2.0 - half, x / 2.0 + half);
        let l = 1.0 / (1.0 + (-low).exp());
        let (by_low, by_high) = (l * (1.0 - l) * high, l);
        let by_x = by_low * low / (2.0 * low - x) + by_high * high / (2.0 * high - x) + 3.0 * x;
        (by_x, -by_low / (2.0 * low - x) - by_high / (2.0 * high - x))
    };
}

#[differentiable(second)]
fn triple_product(a: [f64; 3], b: [f64; 3], c: [f64; 3]) -> f64 {
    let n = cross(b, c);
    a[0] * n[0] + a[1] * n[1] + a[2] * n[2]
}

case! {
    triple_product, triple_product_grad, triple_product_grad_add, triple_product_graph;
    with |a: [f64; 3], b: [f64; 3], c: [f64; 3]| (a, b, c);
    at ([1.0, 2.0, -2.0], [0.5, 0.1, 4.0], [3.0, -1.0, 0.0]);
    gradient (cross(b, c), cross(c, a), cross(a, b));
}

#[differentiable(second)]
fn cross_entropy(logits: &[f64], label: usize) -> f64 {
    -normalised(logits)[label].ln()
}

case! {
    cross_entropy, cross_entropy_grad, cross_entropy_grad_add, cross_entropy_graph;
    for label in [0, 2];
    with |logits: Vec<f64>| (&logits, label);
    at vec![1.0, -2.0, 0.5], vec![10.0, 11.0, 9.0, 0.0];
    gradient {
        let total: f64 = logits.iter().map(|x| x.exp()).sum();
        logits.iter().enumerate().map(|(i, x)| x.exp() / total - if i == label { 1.0 } else { 0.0 }).collect()
    };
}

#[differentiable(second)]
fn power_by_recursion(x: f64, n: u32) -> f64 {
    if n == 0 { 1.0 } else { x * power_by_recursion(x, n - 1) }
}

case! {
    power_by_recursion, power_by_recursion_grad, power_by_recursion_grad_add, power_by_recursion_graph;
    for n in [0, 1, 2, 7];
    with |x: f64| (x, n);
    at 1.2, -0.5, 0.0;
    gradient if n == 0 { 0.0 } else { f64::from(n) * x.powi(n as i32 - 1) };
}

#[differentiable(second)]
fn called_in_a_loop(x: f64, n: usize) -> f64 {
    let mut y = x;
    for i in 0..n {
        let (radius, angle) = polar(y, 1.0 + i as f64);
        y = neighbour::logistic(radius - angle) + x;
    }
    y
}

case! {
    called_in_a_loop, called_in_a_loop_grad, called_in_a_loop_grad_add, called_in_a_loop_graph;
    for n in [0, 1, 6];
    with |x: f64| (x, n);
    at 0.3, -2.0;
}

#[differentiable(second)]
fn called_in_chains(xs: &[f64], mass: f64) -> f64 {
    let energies: Vec<f64> = xs.iter().map(|&x| physics::kinetic(mass, x)).collect();
    energies.iter().map(|e| neighbour::logistic(*e)).sum::<f64>()
        + xs.iter().copied().map(neighbour::logistic).sum::<f64>()
}

case! {
    called_in_chains, called_in_chains_grad, called_in_chains_grad_add, called_in_chains_graph;
    with |xs: Vec<f64>, mass: f64| (&xs, mass);
    at (vec![1.0, -2.0, 0.5], 0.7), (vec![], 1.0);
    gradient {
        let slope = |t: f64| 0.25 / (0.5 * t).cosh().powi(2);
        let moving = |x: f64| slope(0.5 * mass * x * x);
        let by_x = |&x: &f64| moving(x) * mass * x + slope(x);
        (xs.iter().map(by_x).collect(), xs.iter().map(|&x| moving(x) * 0.5 * x * x).sum())
    };
}

#[differentiable(compiled, second)]
fn damped(xs: &[f64], k: f64) -> f64 {
    let mut s = k;
    for x in xs {
        s = (s * x).sin() + k;
    }
    s
}

/// Each call leaves a record of its own length: the last one is taken back first, though the loop only adds up.
#[differentiable(compiled, second)]
fn records_of_calls(rows: &[Vec<f64>], k: f64) -> f64 {
    let mut sum = 0.0;
    for row in rows {
        sum += damped(row, k);
    }
    sum + rows.iter().map(|row| damped(row, 0.5 * k)).sum::<f64>()
}

case! {
    records_of_calls, records_of_calls_grad, records_of_calls_grad_add, records_of_calls_graph;
    with |rows: Vec<Vec<f64>>, k: f64| (&rows, k);
    at (vec![vec![1.0, 2.0], vec![0.5], vec![3.0, -1.0, 0.2]], 0.7), (vec![vec![], vec![1.5, 0.3]], -0.4), (vec![], 1.0);
}

#[differentiable(second)]
fn scaled_by(x: f64, y: f64) -> f64 {
    x * y
}

/// Calls in conditions, and a `Vec` that nothing is ever pushed to.
#[differentiable(compiled, second)]
fn called_in_conditions(x: f64, n: usize) -> f64 {
    let (mut w, mut y) = (0, x);
    let mut empty: Vec<f64> = Vec::new();
    while w < n && scaled_by(y, x) < 9.0 {
        w += 1;
        y *= x + 1.0;
        if empty.len() > w {
            empty[w] += y;
        }
    }
    if w > 1 && (if scaled_by(x, y) > x { y } else { x }) > 1.0 { y * x } else { y }
}

case! {
    called_in_conditions, called_in_conditions_grad, called_in_conditions_grad_add, called_in_conditions_graph;
    for n in [0, 1, 5];
    with |x: f64| (x, n);
    at 0.7, 1.3, 2.5;
}
