//! An operation of one's own: Kepler's equation, solved by Newton's method, with its derivatives from the implicit function
//! theorem. `cargo run --release --example custom_operation`.
//!
//! A body on an ellipse of eccentricity e is, at the mean anomaly M (the time, as an angle), at the eccentric anomaly E with
//! E − e sin E = M. The solver is a loop that nobody wants to differentiate step by step: what is wanted is known in
//! closed form, ∂E/∂M = 1/(1 − e cos E) and ∂E/∂e = sin E/(1 − e cos E).

use gradus::custom::{CustomOperation, assert_partials};
use gradus::differentiable;

/// The eccentric anomaly.
#[differentiable(partials = anomaly_partials)]
pub fn anomaly(mean: f64, eccentricity: f64) -> f64 {
    let mut e = mean;
    loop {
        let step = (e - eccentricity * e.sin() - mean) / (1.0 - eccentricity * e.cos());
        e -= step;
        if step.abs() < 1e-14 * e.abs().max(1.0) {
            return e;
        }
    }
}

fn anomaly_partials(mean: f64, eccentricity: f64) -> (f64, f64) {
    let e = anomaly(mean, eccentricity);
    let slope = 1.0 / (1.0 - eccentricity * e.cos());
    (slope, e.sin() * slope)
}

/// The distance from the focus, in units of the ellipse's longer half axis.
#[differentiable]
pub fn distance(mean: f64, eccentricity: f64) -> f64 {
    1.0 - eccentricity * anomaly(mean, eccentricity).cos()
}

/// How far the distances are from measured ones.
#[differentiable]
pub fn misfit(eccentricity: f64, #[constant] means: &[f64], #[constant] measured: &[f64]) -> f64 {
    let mut total = 0.0;
    for (mean, r) in means.iter().zip(measured) {
        total += (distance(*mean, eccentricity) - r).powi(2);
    }
    total
}

/// Distances of a body, and the eccentricity found from them: steps of Newton's method on the misfit's slope, which
/// follows from that at two places (the secant method).
pub fn fit(truth: f64, start: f64) -> Vec<f64> {
    let means: Vec<f64> = (0..12).map(|i| 0.5 * f64::from(i)).collect();
    let measured: Vec<f64> = means.iter().map(|mean| distance(*mean, truth)).collect();
    let slope = |e| misfit_grad(e, &means, &measured).1;
    let mut found = vec![start, start + 0.05];
    while let [.., before, last] = found[..]
        && (last - before).abs() > 1e-12
        && found.len() < 30
    {
        found.push(last - slope(last) * (last - before) / (slope(last) - slope(before)));
    }
    found
}

/// Whether the partials are right, near the circle and far from it.
pub fn check() {
    let operation =
        CustomOperation::new("anomaly", |[m, e]| anomaly(m, e), |[m, e]| anomaly_partials(m, e).into());
    assert_partials(&operation, &[[0.5, 0.0], [1.0, 0.2], [2.5, 0.7], [-4.0, 0.4]]);
}

#[allow(dead_code, reason = "the tests call what it prints")]
fn main() {
    check();
    println!("the partials agree with finite differences\n");

    let (mean, eccentricity) = (1.0, 0.2);
    let (r, (by_mean, by_eccentricity)) = distance_grad(mean, eccentricity);
    println!("r = {r:.6}, ∂r/∂M = {by_mean:.6}, ∂r/∂e = {by_eccentricity:.6}\n");
    println!("{}", distance_graph(mean, eccentricity));

    println!("the eccentricity from twelve distances, beginning with a guess:");
    for e in fit(0.2056, 0.4) {
        println!("  {e:.12}");
    }
    println!("the distances were computed with 0.2056, Mercury's");
}
