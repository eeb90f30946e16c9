//! Partial derivatives against finite differences.

use super::CustomOperation;
use crate::text::exact;

/// How far a partial may be from the difference quotient, in proportion to the greater of the two.
const TOLERANCE: f64 = 1e-6;
/// Differences that are less certain than this, in proportion to their size or to what the value itself is worth for each
/// unit of the operand, judge nothing.
const CERTAIN: f64 = 1e-4;

/// Checks the partial derivatives of an operation at every point against central differences of its value, extrapolated to
/// steps of 0 (Richardson). A partial may differ by a millionth of its size, and by what the extrapolation is
/// uncertain of.
///
/// A function with the option `partials` is checked by making an operation of the two:
///
/// ```
/// use gradus::{custom, custom::CustomOperation, differentiable};
///
/// #[differentiable(partials = softabs_partials)]
/// fn softabs(x: f64, k: f64) -> f64 {
///     x.hypot(k)
/// }
/// fn softabs_partials(x: f64, k: f64) -> (f64, f64) {
///     (x / x.hypot(k), k / x.hypot(k))
/// }
///
/// let operation =
///     CustomOperation::new("softabs", |[x, k]| softabs(x, k), |[x, k]| softabs_partials(x, k).into());
/// custom::assert_partials(&operation, &[[3.0, 4.0], [-0.1, 0.5], [1e3, 1e-3]]);
/// ```
///
/// # Panics
///
/// If a partial is off: the message names each with its point, and says by how much. Also where differences cannot tell,
/// because the value is not a number around the point or has a kink there: a derivative is checked beside such a point.
///
/// ```should_panic
/// use gradus::{custom, custom::CustomOperation};
/// // `softabs` with a `k` forgotten: operands[1] is off at [3.0, 4.0], by 0.2
/// let wrong = CustomOperation::new("softabs", |[x, k]: [f64; 2]| x.hypot(k), |[x, k]| [x / x.hypot(k), 1.0]);
/// custom::assert_partials(&wrong, &[[3.0, 4.0]]);
/// ```
#[track_caller]
pub fn assert_partials<P: AsRef<[f64]>>(operation: &CustomOperation, points: &[P]) {
    assert!(!points.is_empty(), "no points to check `{}` at", operation.shown_name());
    let complaints: Vec<String> =
        points.iter().flat_map(|point| complaints(operation, point.as_ref())).collect();
    assert!(
        complaints.is_empty(),
        "the partial derivatives of `{}` are not those of its value:\n{}",
        operation.shown_name(),
        complaints.join("\n")
    );
}

/// What is wrong at a point, an operand a line.
fn complaints(operation: &CustomOperation, point: &[f64]) -> Vec<String> {
    let partials = operation.partials(point);
    let check = |(at, &partial): (usize, &f64)| {
        let along = |x: f64| {
            let mut moved = point.to_vec();
            moved[at] = x;
            operation.value(&moved)
        };
        let Difference { slope, error } = differentiate(along, point[at]);
        let steepness = operation.value(point).abs() / point[at].abs().max(1.0);
        let certain = error <= CERTAIN * slope.abs().max(steepness);
        if !certain {
            return Some(format!(
                "  operands[{at}] at {point:?} cannot be checked: it gives {}, and the differences of the value \
                 do not settle (a kink, or the edge of where it is defined); choose another point",
                exact(partial)
            ));
        }
        let off = (partial - slope).abs();
        // False of a NaN.
        let right = off <= TOLERANCE * partial.abs().max(slope.abs()) + 10.0 * error;
        (!right).then(|| {
            format!(
                "  operands[{at}] at {point:?}: it gives {}, differences give {}; off by {off:e}",
                exact(partial),
                exact(slope)
            )
        })
    };
    partials.iter().enumerate().filter_map(check).collect()
}

/// A slope, and how far off it may be.
struct Difference {
    slope: f64,
    error: f64,
}

/// Ridders' method: central differences with shrinking steps, extrapolated to steps of 0, best guess first. *Accurate
/// computation of F′(x) and F′(x)F″(x)*, Advances in Engineering Software 4 (1982); Numerical Recipes, 5.7.
fn differentiate(value: impl Fn(f64) -> f64, x: f64) -> Difference {
    const SHRINK: f64 = 1.4;
    const STEPS: usize = 12;
    let mut best = Difference { slope: f64::NAN, error: f64::INFINITY };
    for first in [1e-1, 1e-2, 1e-3, 1e-4] {
        let mut row: Vec<f64> = Vec::with_capacity(STEPS);
        let mut step = first * if x == 0.0 { 1.0 } else { x.abs() };
        for _ in 0..STEPS {
            // The step that is taken is the one between two numbers of the machine.
            let (above, below) = (x + step, x - step);
            let (value_above, value_below) = (value(above), value(below));
            let rounding = f64::EPSILON * value_above.abs().max(value_below.abs()) / step;
            let mut new = vec![(value_above - value_below) / (above - below)];
            let mut factor = 1.0;
            for (k, old) in row.iter().enumerate() {
                factor *= SHRINK * SHRINK;
                let extrapolated = (new[k] * factor - old) / (factor - 1.0);
                let error = (extrapolated - new[k]).abs().max((extrapolated - old).abs()) + rounding;
                if error < best.error {
                    best = Difference { slope: extrapolated, error };
                }
                new.push(extrapolated);
            }
            row = new;
            step /= SHRINK;
        }
    }
    best
}
