//! What stands around a function: constants, statics, type aliases, plain functions on passive values, local items.

use gradus::differentiable;

use std::f64::consts::{FRAC_PI_2, PI, TAU};

/// Gauss and Legendre's nodes on [−1, 1] and their weights.
const NODES: [f64; 5] =
    [-0.906_179_845_938_664, -0.538_469_310_105_683, 0.0, 0.538_469_310_105_683, 0.906_179_845_938_664];
const WEIGHTS: [f64; 5] = [
    0.236_926_885_056_189,
    0.478_628_670_499_366,
    0.568_888_888_888_889,
    0.478_628_670_499_366,
    0.236_926_885_056_189,
];
static BOLTZMANN: f64 = 8.617e-5;
static ENERGIES: &[f64] = &[0.0, 0.05, 0.12];

type Scalar = f64;
type Vec3 = [f64; 3];
type Samples<'a> = &'a [Scalar];

#[differentiable(second)]
fn gauss_legendre(a: f64, b: f64, rate: f64) -> f64 {
    let (middle, half) = (0.5 * (a + b), 0.5 * (b - a));
    let mut integral = 0.0;
    for (node, weight) in NODES.iter().zip(WEIGHTS.iter()) {
        let x = middle + half * node;
        integral += weight * (-rate * x * x).exp();
    }
    integral * half
}

case! {
    gauss_legendre, gauss_legendre_grad, gauss_legendre_grad_add, gauss_legendre_graph;
    with |a: f64, b: f64, rate: f64| (a, b, rate);
    at (0.0, 1.0, 1.0), (-0.5, 2.0, 0.3);
}

/// The mean energy of a few levels at a temperature in kelvin.
#[differentiable(second)]
fn thermal_energy(temperature: f64) -> f64 {
    let mut partition = 0.0;
    let mut weighted = 0.0;
    for &energy in ENERGIES {
        let weight = (-energy / (BOLTZMANN * temperature)).exp();
        partition += weight;
        weighted += energy * weight;
    }
    weighted / partition
}

case! {
    thermal_energy, thermal_energy_grad, thermal_energy_grad_add, thermal_energy_graph;
    with |temperature: f64| (temperature);
    at 300.0, 1500.0;
    gradient {
        // The fluctuation theorem: dE/dT = (⟨E²⟩ − ⟨E⟩²) / (k T²).
        let moment = |power: i32| -> f64 {
            ENERGIES.iter().map(|e| e.powi(power) * (-e / (BOLTZMANN * temperature)).exp()).sum()
        };
        let (mean, square) = (moment(1) / moment(0), moment(2) / moment(0));
        (square - mean * mean) / (BOLTZMANN * temperature * temperature)
    };
}

#[differentiable(second)]
fn aliased(position: Vec3, charge: Scalar) -> Scalar {
    let origin: Vec3 = [1.0, 0.0, -1.0];
    let mut squared: Scalar = 0.0;
    for (p, o) in position.iter().zip(origin) {
        squared += (p - o).powi(2);
    }
    charge / squared.sqrt()
}

case! {
    aliased, aliased_grad, aliased_grad_add, aliased_graph;
    with |position: Vec3, charge: f64| (position, charge);
    at ([0.0, 2.0, 1.0], 3.0), ([1.0, 1e-2, -1.0], -0.5);
    gradient {
        let d = [position[0] - 1.0, position[1], position[2] + 1.0];
        let r = d[0].hypot(d[1]).hypot(d[2]);
        (d.map(|d| -charge * d / (r * r * r)), 1.0 / r)
    };
}

#[differentiable(second)]
fn aliased_slice(samples: Samples<'_>) -> Scalar {
    samples.iter().map(|s| (s * TAU).cos() + FRAC_PI_2 * s).sum::<Scalar>() / PI
}

case! {
    aliased_slice, aliased_slice_grad, aliased_slice_grad_add, aliased_slice_graph;
    with |samples: Vec<f64>| (&samples);
    at vec![0.1, -0.3, 2.2], vec![];
    gradient samples.iter().map(|s| 0.5 - 2.0 * (2.0 * PI * s).sin()).collect();
}

/// Knows nothing of derivatives, and needs not: its argument is passive.
fn binomial(n: u64, k: u64) -> u64 {
    (0..k).fold(1, |product, i| product * (n - i) / (i + 1))
}

fn weight(level: usize) -> f64 {
    1.0 / (level * level + 1) as f64
}

#[differentiable(second)]
fn bernstein(controls: &[f64], t: f64) -> f64 {
    const HALF: f64 = 0.5;
    fn parity(k: usize) -> f64 {
        if k.is_multiple_of(2) { 1.0 } else { -1.0 }
    }
    let n = controls.len() as u64 - 1;
    let mut point = 0.0;
    for (k, c) in controls.iter().enumerate() {
        let basis = binomial(n, k as u64) as f64 * t.powi(k as i32) * (1.0 - t).powi((n - k as u64) as i32);
        point += c * basis * (weight(k) + HALF * parity(k));
    }
    point
}

case! {
    bernstein, bernstein_grad, bernstein_grad_add, bernstein_graph;
    with |controls: Vec<f64>, t: f64| (&controls, t);
    at (vec![1.0, 3.0, -2.0, 0.5], 0.3), (vec![2.0, 1.0], 0.9), (vec![4.0], 0.5);
}

mod table {
    pub const GRID: [[f64; 2]; 2] = [[1.0, 2.0], [4.0, -1.0]];
    pub mod deeper {
        pub static OFFSET: f64 = 0.25;
    }
}

/// Bilinear interpolation in a table of constants.
#[differentiable(second)]
fn looked_up(x: f64, y: f64) -> f64 {
    let [low, high] = table::GRID;
    let bottom = low[0] * (1.0 - x) + low[1] * x;
    let top = high[0] * (1.0 - x) + high[1] * x;
    bottom * (1.0 - y) + top * y + table::deeper::OFFSET * f64::EPSILON.sqrt()
}

case! {
    looked_up, looked_up_grad, looked_up_grad_add, looked_up_graph;
    with |x: f64, y: f64| (x, y);
    at (0.25, 0.75), (0.0, 1.0);
    gradient ((1.0 - y) * (2.0 - 1.0) + y * (-1.0 - 4.0), 4.0 - 5.0 * x - (1.0 + x));
}
