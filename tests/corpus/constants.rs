//! Float data marked `#[constant]`: no gradient, and nothing of it in the companions' results.

use gradus::differentiable;
use neighbour::mechanics::spring;

#[differentiable(second)]
fn line_fit(#[constant] xs: &[f64], #[constant] ys: &[f64], slope: f64, offset: f64) -> f64 {
    let mut loss = 0.0;
    for (x, y) in xs.iter().zip(ys) {
        let miss = slope * x + offset - y;
        loss += miss * miss;
    }
    loss / xs.len() as f64
}

case! {
    line_fit, line_fit_grad, line_fit_grad_add, line_fit_graph;
    with |slope: f64, offset: f64| (&[0.0, 1.0, 3.0], &[1.0, 2.5, 4.0], slope, offset);
    at (1.0, 0.5), (-0.3, 2.0);
    gradient {
        let misses = [offset - 1.0, slope + offset - 2.5, 3.0 * slope + offset - 4.0];
        ((2.0 * misses[1] + 6.0 * misses[2]) / 3.0, 2.0 * (misses[0] + misses[1] + misses[2]) / 3.0)
    };
}

#[differentiable(second)]
fn between(x: f64, #[constant] low: f64, y: f64, #[constant] high: f64) -> f64 {
    let width = high - low;
    if low < 0.0 { x * y / width } else { (x - low) * (high - y) }
}

case! {
    between, between_grad, between_grad_add, between_graph;
    for low in [-1.0, 0.5];
    with |x: f64, y: f64| (x, low, y, 3.0);
    at (1.0, 0.5), (-0.3, 2.0);
    gradient if low < 0.0 { (y / (3.0 - low), x / (3.0 - low)) } else { (3.0 - y, low - x) };
}

/// Stations of known places and ranges; the position is what is sought.
#[differentiable(second)]
fn ranging(position: (f64, f64), #[constant] stations: &[(f64, f64)], #[constant] ranges: [f64; 2]) -> f64 {
    let (x, y) = position;
    let mut misfit = 0.0;
    for (&(sx, sy), range) in stations.iter().zip(ranges) {
        misfit += ((x - sx).hypot(y - sy) - range).powi(2);
    }
    misfit
}

case! {
    ranging, ranging_grad, ranging_grad_add, ranging_graph;
    with |position: (f64, f64)| (position, &[(0.0, 0.0), (4.0, 1.0)], [2.0, 3.0]);
    at (1.0, 0.5), (-0.3, 2.0);
    gradient {
        let (x, y) = position;
        let (near, far) = (x.hypot(y), (x - 4.0).hypot(y - 1.0));
        let (p, q) = (2.0 * (near - 2.0) / near, 2.0 * (far - 3.0) / far);
        (p * x + q * (x - 4.0), p * y + q * (y - 1.0))
    };
}

#[differentiable(second)]
fn callees_with_constants(x: f64, n: usize) -> f64 {
    let stiffness = 2.0 + n as f64;
    let mut energy = spring(x, stiffness) + line_fit(&[1.0, 2.0], &[0.5, 0.25], x, x * x);
    for k in 0..n {
        energy += between(x, -1.0, energy, 4.0 + k as f64);
    }
    energy
}

case! {
    callees_with_constants, callees_with_constants_grad, callees_with_constants_grad_add, callees_with_constants_graph;
    for n in [0, 1, 3];
    with |x: f64| (x, n);
    at 0.7, -1.3;
}
