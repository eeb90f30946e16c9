//! Points in the plane that no straight line tells apart.
//!
//! In each set the classes take turns, sample by sample. `noise` is the standard deviation of the normally distributed
//! offset that each coordinate gets; 0 leaves the points on their curves.

use super::Dataset;
use rand::rngs::Xoshiro256PlusPlus;
use rand::{RngExt, SeedableRng};
use std::f64::consts::{PI, TAU};

/// The four corners of the unit square in turn, (0, 0), (0, 1), (1, 0), (1, 1), blurred by `noise`; the class is the
/// exclusive or of the coordinates. `xor(4, 0.0, 0)` is the truth table.
///
/// ```
/// use gradus::datasets::xor;
/// assert_eq!(xor(4, 0.0, 0).inputs, [[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]]);
/// assert_eq!(xor(4, 0.0, 0).labels, [0, 1, 1, 0]);
/// ```
pub fn xor(samples: usize, noise: f64, seed: u64) -> Dataset<2> {
    let corners = [([0.0, 0.0], 0), ([0.0, 1.0], 1), ([1.0, 0.0], 1), ([1.0, 1.0], 0)];
    let exact = (0..samples).map(|index| corners[index % 4]);
    blurred(exact, ["equal", "different"], noise, seed)
}

/// Two half circles that reach into each other: class 0 the upper half of the unit circle round (0, 0), class 1 the lower
/// half of that round (1, ½). As scikit-learn's `make_moons`, unshuffled.
///
/// ```
/// use gradus::datasets::moons;
/// let moons = moons(100, 0.0, 0);
/// assert_eq!((moons.inputs[0], moons.inputs[1]), ([1.0, 0.0], [0.0, 0.5]));
/// assert!(moons.inputs.iter().step_by(2).all(|[x, y]| (x * x + y * y - 1.0).abs() < 1e-12));
/// ```
pub fn moons(samples: usize, noise: f64, seed: u64) -> Dataset<2> {
    let exact = turns(samples).map(|(class, part)| {
        let (sin, cos) = (PI * part).sin_cos();
        if class == 0 { ([cos, sin], 0) } else { ([1.0 - cos, 0.5 - sin], 1) }
    });
    blurred(exact, ["upper", "lower"], noise, seed)
}

/// Two circles round (0, 0), class 0 of radius 1, class 1 of radius ½. As scikit-learn's `make_circles` with a factor of
/// ½, unshuffled.
///
/// ```
/// use gradus::datasets::circles;
/// let circles = circles(100, 0.0, 0);
/// for ([x, y], label) in circles.inputs.iter().zip(&circles.labels) {
///     assert!((x.hypot(*y) - [1.0, 0.5][*label]).abs() < 1e-12);
/// }
/// ```
pub fn circles(samples: usize, noise: f64, seed: u64) -> Dataset<2> {
    let exact = (0..samples).map(|index| {
        let (class, place, count) = (index % 2, index / 2, samples.div_ceil(2));
        let (sin, cos) = (TAU * place as f64 / count as f64).sin_cos();
        let radius = if class == 0 { 1.0 } else { 0.5 };
        ([radius * cos, radius * sin], class)
    });
    blurred(exact, ["outer", "inner"], noise, seed)
}

/// Two spirals round each other: from radius 0.1 to 1 in one and a half turns, the second half a turn behind the first.
///
/// ```
/// use gradus::datasets::spirals;
/// let spirals = spirals(100, 0.0, 0);
/// let ([x, y], [opposite_x, opposite_y]) = (spirals.inputs[98], spirals.inputs[99]);
/// assert!((x.hypot(y) - 1.0).abs() < 1e-12);
/// assert!((x + opposite_x).abs() < 1e-12 && (y + opposite_y).abs() < 1e-12);
/// ```
pub fn spirals(samples: usize, noise: f64, seed: u64) -> Dataset<2> {
    let exact = turns(samples).map(|(class, part)| {
        let (sin, cos) = (3.0 * PI * part + PI * class as f64).sin_cos();
        let radius = 0.1 + 0.9 * part;
        ([radius * cos, radius * sin], class)
    });
    blurred(exact, ["first", "second"], noise, seed)
}

/// For each sample its class, 0 and 1 in turn, and how far along its curve it lies, from 0 to 1.
fn turns(samples: usize) -> impl Iterator<Item = (usize, f64)> {
    (0..samples).map(move |index| {
        let (class, place) = (index % 2, index / 2);
        // An odd sample more belongs to class 0.
        let last = (samples + 1 - class) / 2 - 1;
        (class, place as f64 / last.max(1) as f64)
    })
}

fn blurred(
    exact: impl Iterator<Item = ([f64; 2], usize)>,
    names: [&str; 2],
    noise: f64,
    seed: u64,
) -> Dataset<2> {
    let rng = &mut Xoshiro256PlusPlus::seed_from_u64(seed);
    let blur = |([x, y], label): ([f64; 2], usize)| {
        let [dx, dy] = normal(rng);
        ([x + noise * dx, y + noise * dy], label)
    };
    let (inputs, labels) = exact.map(blur).unzip();
    Dataset { inputs, labels, names: names.map(String::from).into() }
}

/// Two independent numbers of mean 0 and standard deviation 1. Box and Muller, *A note on the generation of random normal
/// deviates* (1958).
fn normal(rng: &mut Xoshiro256PlusPlus) -> [f64; 2] {
    // The draws lie in [0, 1), and the logarithm wants (0, 1].
    let radius = (-2.0 * (1.0 - rng.random::<f64>()).ln()).sqrt();
    let (sin, cos) = (TAU * rng.random::<f64>()).sin_cos();
    [radius * cos, radius * sin]
}
