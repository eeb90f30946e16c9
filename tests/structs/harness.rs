//! One function over structs, every oracle: what a `case!` checks.
//!
//! ```text
//! case! {
//!     Body::KINETIC_BACKEND => Compiled;                         how the gradient is computed: Compiled or Graph
//!     Body::kinetic, Body::kinetic_grad, Body::kinetic_graph;     a result of one `f64`: the function and its companions
//!     with kinetic |body: Body, g: Vec3| (&body, g, 3);           the test's name, the arguments, and the call's
//!     at (earth(), Vec3::default()), (moon(), up());              points
//! }
//! case! {
//!     …
//!     step, step_vjp, step_jacobian, step_graph;                  a result of several numbers
//!     …
//! }
//! ```
//!
//! * Every companion returns the function's own value, to the last bit.
//! * The gradient has the arguments' shape, and for each number in them it agrees with central differences over several steps.
//! * `_vjp` with a seed of ones and zeros gives the row of `_jacobian`; with another seed, the sum of rows that it weighs.
//! * The graph's gradients are those of the compiled code.

use gradus::{Backend, Differentiable, Trace, flat};

/// Shapes that own their numbers: the gradient of one is one.
pub trait Owned: Differentiable<Gradient = Self> + Sized {}
impl<T: Differentiable<Gradient = T>> Owned for T {}

/// How a function's gradient is expected to be computed.
#[derive(Clone, Copy, PartialEq, Debug)]
pub enum Expected {
    Compiled,
    Graph,
}

pub fn check_backend(name: &str, backend: Backend, expected: Expected) {
    let found = match backend {
        Backend::Compiled => Expected::Compiled,
        _ => Expected::Graph,
    };
    assert_eq!(found, expected, "{name}: {backend}");
}

/// The checks of a function with one number as its result.
pub fn check_one<A: Owned>(
    name: &str,
    point: &A,
    value: impl Fn(&A) -> f64,
    gradient: impl Fn(&A) -> (f64, Vec<f64>),
    graph: impl Fn(&A) -> Trace,
) {
    let plain = value(point);
    let (at_gradient, gradient) = gradient(point);
    assert_eq!(plain.to_bits(), at_gradient.to_bits(), "{name}: the value of the gradient");
    let differences = differences(point, |at| vec![value(at)]);
    close(&format!("{name}: gradient and differences"), &gradient, &differences[0], 2e-6);
    let trace = graph(point);
    assert_eq!(plain.to_bits(), trace.value().to_bits(), "{name}: the value of the graph");
    let on_graph: Vec<f64> = trace.gradients().flat_map(|(_, _, gradient)| gradient).collect();
    close(&format!("{name}: gradient and graph"), &gradient, &on_graph, 1e-11);
}

/// The checks of a function with several.
pub fn check_several<A: Owned, R: Owned>(
    name: &str,
    point: &A,
    value: impl Fn(&A) -> R,
    vjp: impl Fn(&A, &R) -> (R, Vec<f64>),
    jacobian: impl Fn(&A) -> (R, Vec<Vec<f64>>),
    graph: impl Fn(&A) -> Trace,
) {
    let result = value(point);
    let plain = flat::to_vec(&result);
    let bits = |numbers: &[f64]| numbers.iter().map(|number| number.to_bits()).collect::<Vec<_>>();
    let (at_jacobian, rows) = jacobian(point);
    assert_eq!(bits(&plain), bits(&flat::to_vec(&at_jacobian)), "{name}: the value of the jacobian");
    assert_eq!(rows.len(), plain.len(), "{name}: a row for each number");
    let differences = differences(point, |at| flat::to_vec(&value(at)));
    for (index, (row, differences)) in rows.iter().zip(&differences).enumerate() {
        close(&format!("{name}: row {index} and differences"), row, differences, 2e-6);
        let seed: Vec<f64> = (0..plain.len()).map(|at| f64::from(at == index)).collect();
        let (at_vjp, gradient) = vjp(point, &flat::from_slice(&result, &seed));
        assert_eq!(bits(&plain), bits(&flat::to_vec(&at_vjp)), "{name}: the value of the vjp");
        close(&format!("{name}: row {index} of vjp and jacobian"), &gradient, row, 1e-11);
    }
    let seed: Vec<f64> = (0..plain.len()).map(|at| 0.5 + at as f64 * 0.25).collect();
    let weighed = |seed: &[f64]| -> Vec<f64> {
        let of_argument = |at: usize| rows.iter().zip(seed).map(|(row, weight)| row[at] * weight).sum();
        (0..flat::to_vec(point).len()).map(of_argument).collect()
    };
    let (_, gradient) = vjp(point, &flat::from_slice(&result, &seed));
    close(&format!("{name}: weighted rows"), &gradient, &weighed(&seed), 1e-10);
    let trace = graph(point);
    assert_eq!(bits(&plain), bits(&trace.values()), "{name}: the values of the graph");
    let on_graph: Vec<f64> = trace.gradients().flat_map(|(_, _, gradient)| gradient).collect();
    close(&format!("{name}: rows and graph"), &weighed(&vec![1.0; plain.len()]), &on_graph, 1e-10);
}

/// For each number of the result the derivative by each number of the argument: of central differences over steps from 1/64 to
/// 2⁻²⁰ of the number those two that agree best.
fn differences<A: Owned>(point: &A, values: impl Fn(&A) -> Vec<f64>) -> Vec<Vec<f64>> {
    let numbers = flat::to_vec(point);
    let mut rows = vec![vec![f64::NAN; numbers.len()]; values(point).len()];
    for at in 0..numbers.len() {
        let slopes = |step: f64| -> Vec<f64> {
            let moved = |by: f64| {
                let mut numbers = numbers.clone();
                numbers[at] += by;
                values(&flat::from_slice(point, &numbers))
            };
            let (above, below) = (moved(step), moved(-step));
            above.iter().zip(&below).map(|(above, below)| (above - below) / (2.0 * step)).collect()
        };
        let scale = if numbers[at] == 0.0 { 1.0 } else { numbers[at].abs() };
        let over_steps: Vec<Vec<f64>> = (3..=10).map(|power| slopes(scale * 0.25_f64.powi(power))).collect();
        for (result, row) in rows.iter_mut().enumerate() {
            let mut best = f64::INFINITY;
            for pair in over_steps.windows(2) {
                let (coarse, fine) = (pair[0][result], pair[1][result]);
                if (coarse - fine).abs() < best {
                    best = (coarse - fine).abs();
                    // Richardson's extrapolation from steps h and h/4.
                    row[at] = fine + (fine - coarse) / 15.0;
                }
            }
        }
    }
    rows
}

fn close(what: &str, ours: &[f64], reference: &[f64], tolerance: f64) {
    assert_eq!(ours.len(), reference.len(), "{what}: {ours:?} and {reference:?} differ in length");
    let largest = reference.iter().fold(0.0_f64, |largest, number| largest.max(number.abs()));
    for (index, (ours_here, expected)) in ours.iter().zip(reference).enumerate() {
        let allowed = tolerance * (expected.abs() + largest);
        assert!(
            (ours_here - expected).abs() <= allowed,
            "{what}: component {index} is {ours_here:e}, not {expected:e}\n{ours:?}\n{reference:?}"
        );
    }
}

/// See the head of this file.
macro_rules! case {
    (
        $backend:path => $expected:ident;
        $function:path, $grad:path, $graph:path;
        with $name:ident |$($argument:ident: $ty:ty),+| ($($given:expr),+);
        at $($point:expr),+;
    ) => {
        #[test]
        #[allow(unused_parens)]
        fn $name() {
            use super::harness::{Expected, check_backend, check_one};
            check_backend(stringify!($name), $backend, Expected::$expected);
            let points: Vec<($($ty),+)> = vec![$($point),+];
            for point in &points {
                check_one(
                    stringify!($name),
                    point,
                    |point| { let ($($argument),+) = point.clone(); $function($($given),+) },
                    |point| {
                        let ($($argument),+) = point.clone();
                        let (value, gradient) = $grad($($given),+);
                        (value, gradus::flat::to_vec(&gradient))
                    },
                    |point| { let ($($argument),+) = point.clone(); $graph($($given),+) },
                );
            }
        }
    };
    (
        $backend:path => $expected:ident;
        $function:path, $vjp:path, $jacobian:path, $graph:path;
        with $name:ident |$($argument:ident: $ty:ty),+| ($($given:expr),+);
        at $($point:expr),+;
    ) => {
        #[test]
        #[allow(unused_parens)]
        fn $name() {
            use super::harness::{Expected, check_backend, check_several};
            check_backend(stringify!($name), $backend, Expected::$expected);
            let points: Vec<($($ty),+)> = vec![$($point),+];
            for point in &points {
                check_several(
                    stringify!($name),
                    point,
                    |point| { let ($($argument),+) = point.clone(); $function($($given),+) },
                    |point, seed| {
                        let ($($argument),+) = point.clone();
                        let (value, gradient) = $vjp($($given),+, seed.clone());
                        (value, gradus::flat::to_vec(&gradient))
                    },
                    |point| {
                        let ($($argument),+) = point.clone();
                        let (value, rows) = $jacobian($($given),+);
                        (value, rows.into_iter().map(|row| gradus::flat::to_vec(&row)).collect())
                    },
                    |point| { let ($($argument),+) = point.clone(); $graph($($given),+) },
                );
            }
        }
    };
}
