//! Checks of gradients, for tests.
//!
//! [`assert_gradient!`](crate::check::assert_gradient) holds the gradient of a differentiable function against what
//! cannot be wrong in the same way: finite differences of the function itself, and the graph. If they differ it panics,
//! and points at the expression whose derivative is off.
//!
//! ```
//! use gradus::check::assert_gradient;
//! use gradus::differentiable;
//!
//! #[differentiable]
//! fn spring(x: &[f64], stiffness: f64) -> f64 {
//!     x.windows(2).map(|pair| 0.5 * stiffness * (pair[1] - pair[0] - 1.0).powi(2)).sum()
//! }
//!
//! assert_gradient!(spring, &[0.0, 1.5, 2.25], 4.0);
//! ```
//!
//! What is reported when a derivative got lost:
//!
//! ```
//! # use gradus::check::assert_gradient;
//! # use gradus::differentiable;
//! use gradus::stop_gradient;
//!
//! #[differentiable]
//! fn square(x: f64) -> f64 {
//!     let y = stop_gradient(x);
//!     y * x
//! }
//!
//! let panic = std::panic::catch_unwind(|| assert_gradient!(square, 3.0)).unwrap_err();
//! let message = panic.downcast_ref::<String>().unwrap();
//! assert!(message.contains("for `x` it is 3, differences say 6"));
//! assert!(message.contains("^^^^^ when `x` grows by 1, this grows by 6; by its rule it would by 3"));
//! ```

mod blame;
mod differences;

use crate::rt::Shift;
use crate::text::{exact, one_line};
use crate::trace::Trace;
use differences::{Judgement, Slopes};
use std::fmt;

#[doc(inline)]
pub use crate::assert_gradient;

/// How far a gradient may be from differences, relative to its size or to a thousandth of the largest component.
const DIFFERENCES: f64 = 1e-6;
/// How far the two back ends may be apart.
const BACK_ENDS: f64 = 1e-12;
/// How many components are listed when many are wrong.
const LISTED: usize = 5;

/// Asserts that the gradient of a differentiable function is right at a point.
///
/// `assert_gradient!(f, arguments…)` takes the function's path and its arguments, of any shape, which are evaluated once
/// and must be `Clone` (references are). Const generics that cannot be inferred from the arguments follow the path: `f::<3>`.
/// For a function of several numbers each row of the Jacobian is checked.
///
/// 1. `f_grad` returns the function's own value, to the last bit.
/// 2. The derivative for each number among the arguments agrees with central differences of the function itself,
///    extrapolated to step 0 (Richardson; the best of the table after C. Ridders, *Accurate computation of F′(x) and
///    F′(x)F″(x)*, Advances in Engineering Software 4, 1982), to a relative 10⁻⁶ or as well as rounding allows.
/// 3. The gradient agrees with the graph's to a relative 10⁻¹².
///
/// **Kinks.** Where the slopes from the left and from the right differ, as at a tie of `max` or at `abs` of 0, there is no
/// derivative, and any number between the two slopes is accepted. Where only one side has a slope (at the edge of a
/// domain, or at a jump), that is the one to agree with. The [`Checked`] that the macro returns tells where this was the
/// case; print it, or assert that there were no kinks.
///
/// # Panics
///
/// If something differs, with a report: the components, and the first expression of the function whose value changes
/// with the argument otherwise than its operands and its rule say. If there are no slopes to compare with (the
/// differences do not settle, the value is NaN), since a check that checks nothing is none.
///
/// ```
/// use gradus::Activations;
/// use gradus::check::assert_gradient;
/// use gradus::differentiable;
///
/// #[differentiable]
/// fn rectified(x: &[f64], scale: f64) -> f64 {
///     x.iter().map(|x| scale * x.relu()).sum()
/// }
///
/// assert!(assert_gradient!(rectified, &[-1.0, 2.0], 3.0).kinks.is_empty());
///
/// let checked = assert_gradient!(rectified, &[-1.0, 0.0], 3.0);
/// assert_eq!(checked.kinks[0].to_string(), "`x[1]`: slope 0 from the left, 3 from the right; the gradient says 0");
/// ```
#[macro_export]
#[doc(hidden)]
macro_rules! assert_gradient {
    (@ [$($f:tt)+] [$($generic:tt)*] [$($argument:ident)*]) => {
        $crate::check::check(&$crate::check::Functions {
            name: $crate::rt::std::stringify!($($f)+),
            values: &|__shift| $($f)+::__shifted$($generic)*($($crate::assert_gradient!(@ again $argument),)* __shift),
            rows: &|| $($f)+::__rows$($generic)*($($crate::assert_gradient!(@ again $argument)),*),
            trace: &|__shift| $($f)+::__graph$($generic)*($($crate::assert_gradient!(@ again $argument),)* __shift),
        })
    };
    // First the argument as it is, then what the function takes: `&[f64; 2]` as `&[f64]`.
    (@ again $argument:ident) => {
        match $crate::rt::std::clone::Clone::clone(&$argument) {
            again => again,
        }
    };
    // Each argument is bound to an `argument` of its own hygiene, by a `match`, so that what it borrows lives on.
    (@ [$($f:tt)+] [$($generic:tt)*] [$($known:ident)*] $argument:expr, $($rest:expr,)*) => {
        match $argument {
            argument => $crate::assert_gradient!(@ [$($f)+] [$($generic)*] [$($known)* argument] $($rest,)*),
        }
    };
    ($f:ident $(:: $path:ident)* $(, $argument:expr)* $(,)?) => {
        $crate::assert_gradient!(@ [$f $(:: $path)*] [] [] $($argument,)*)
    };
    (:: $f:ident $(:: $path:ident)* $(, $argument:expr)* $(,)?) => {
        $crate::assert_gradient!(@ [:: $f $(:: $path)*] [] [] $($argument,)*)
    };
    // `f::<N, true>`, and `f::<-1>`, which is two tokens.
    ($f:ident $(:: $path:ident)* :: < $($generic:tt),* > $(, $argument:expr)* $(,)?) => {
        $crate::assert_gradient!(@ [$f $(:: $path)*] [::<$($generic),*>] [] $($argument,)*)
    };
    (:: $f:ident $(:: $path:ident)* :: < $($generic:tt),* > $(, $argument:expr)* $(,)?) => {
        $crate::assert_gradient!(@ [:: $f $(:: $path)*] [::<$($generic),*>] [] $($argument,)*)
    };
    ($f:ident $(:: $path:ident)* :: < $($generic:literal),* > $(, $argument:expr)* $(,)?) => {
        $crate::assert_gradient!(@ [$f $(:: $path)*] [::<$($generic),*>] [] $($argument,)*)
    };
    (:: $f:ident $(:: $path:ident)* :: < $($generic:literal),* > $(, $argument:expr)* $(,)?) => {
        $crate::assert_gradient!(@ [:: $f $(:: $path)*] [::<$($generic),*>] [] $($argument,)*)
    };
}

/// What a check calls.
#[doc(hidden)]
#[allow(missing_debug_implementations, reason = "made and used by the macro alone")]
pub struct Functions<'f> {
    pub name: &'f str,
    /// The function's numbers, one number of its arguments changed.
    pub values: &'f dyn Fn(&mut Shift) -> Vec<f64>,
    /// Its numbers, and the gradient of each.
    pub rows: &'f dyn Fn() -> (Vec<f64>, Vec<Vec<f64>>),
    pub trace: &'f dyn Fn(&mut Shift) -> Trace,
}

/// What [`assert_gradient!`](crate::check::assert_gradient) has checked. Its `Display` is a summary.
#[derive(Clone, PartialEq, Debug)]
#[non_exhaustive]
pub struct Checked {
    /// How many derivatives were compared.
    pub derivatives: usize,
    /// The largest difference from finite differences, relative as the tolerance is.
    pub worst: f64,
    /// Where the function has no derivative.
    pub kinks: Vec<Kink>,
}

/// A number among the arguments for which the function has no derivative at this point.
#[derive(Clone, PartialEq, Debug)]
#[non_exhaustive]
pub struct Kink {
    /// The number's name.
    pub name: String,
    /// The slope to the left; `None` if there is none: the function jumps, or is not defined there.
    pub left: Option<f64>,
    /// The slope to the right.
    pub right: Option<f64>,
    /// What the gradient says.
    pub gradient: f64,
}

/// A derivative that is wrong.
struct Wrong {
    row: usize,
    index: usize,
    why: String,
}

#[doc(hidden)]
#[track_caller]
#[allow(clippy::must_use_candidate, reason = "it asserts")]
pub fn check(functions: &Functions<'_>) -> Checked {
    let trace = (functions.trace)(&mut Shift::none());
    let names = names(&trace);
    let values = (functions.values)(&mut Shift::none());
    let (said, rows) = (functions.rows)();
    check_values(functions.name, &values, &said, &trace.values());
    let largest: Vec<f64> = rows.iter().map(|row| row.iter().fold(0.0, |a: f64, b| a.max(b.abs()))).collect();
    let mut checked = Checked { derivatives: 0, worst: 0.0, kinks: Vec::new() };
    let mut wrong = Vec::new();
    for (index, (name, number)) in names.iter().enumerate() {
        let along = |by: f64| (functions.values)(&mut Shift::of(index, by));
        let slopes = Slopes::at(*number, &values, &along);
        for (row, slopes) in slopes.iter().enumerate() {
            let ours = rows[row][index];
            checked.derivatives += 1;
            match slopes.judge(ours, DIFFERENCES, 1e-3 * largest[row]) {
                Judgement::Agrees(difference) => checked.worst = checked.worst.max(difference),
                Judgement::Kink(left, right) => {
                    checked.kinks.push(Kink { name: name.clone(), left, right, gradient: ours });
                }
                Judgement::Wrong(why) => wrong.push(Wrong { row, index, why }),
            }
        }
    }
    if let [row] = &rows[..] {
        check_graph(&trace, row, largest[0], &mut wrong);
    }
    if wrong.is_empty() {
        return checked;
    }
    fail(functions, &trace, &names, &values, &wrong)
}

/// The names and values of the numbers among the arguments, in reading order.
fn names(trace: &Trace) -> Vec<(String, f64)> {
    let nodes = trace.inputs().iter().flat_map(|input| input.nodes.iter().map(|&node| (input.name, node)));
    nodes
        .map(|(argument, node)| {
            let node = trace.graph().node(node);
            (node.name().map_or_else(|| argument.to_owned(), |name| one_line(&name)), node.data())
        })
        .collect()
}

#[track_caller]
fn check_values(name: &str, plain: &[f64], said: &[f64], traced: &[f64]) {
    let bits = |values: &[f64]| values.iter().map(|value| value.to_bits()).collect::<Vec<_>>();
    assert!(bits(plain) == bits(said), "`{name}` returns {plain:?}, and its gradient's companion {said:?}");
    assert!(bits(plain) == bits(traced), "`{name}` returns {plain:?}, and its graph {traced:?}");
    let finite = plain.iter().all(|value| value.is_finite());
    assert!(finite, "`{name}` returns {plain:?} here: what is not finite has no derivative to check");
}

/// Adds what the graph says otherwise.
fn check_graph(trace: &Trace, row: &[f64], largest: f64, wrong: &mut Vec<Wrong>) {
    let graph: Vec<f64> = trace.gradients().flat_map(|(_, _, gradient)| gradient).collect();
    for (index, (&ours, &graph)) in row.iter().zip(&graph).enumerate() {
        let allowed = BACK_ENDS * graph.abs().max(1e-3 * largest);
        let same = ours.to_bits() == graph.to_bits() || ours == graph || ours.is_nan() && graph.is_nan();
        let close = (ours - graph).abs() <= allowed;
        if same || close {
            continue;
        }
        match wrong.iter_mut().find(|known| known.index == index) {
            Some(known) => known.why = format!("{} (on the graph it is {})", known.why, exact(graph)),
            None => {
                wrong.push(Wrong {
                    row: 0,
                    index,
                    why: format!("it is {}, on the graph {}", exact(ours), exact(graph)),
                });
            }
        }
    }
}

#[track_caller]
fn fail(
    functions: &Functions<'_>,
    trace: &Trace,
    names: &[(String, f64)],
    values: &[f64],
    wrong: &[Wrong],
) -> ! {
    let mut report = vec![format!("the gradient of `{}` is wrong", functions.name)];
    for Wrong { row, index, why } in wrong.iter().take(LISTED) {
        let of = if values.len() > 1 { format!("result {row}, ") } else { String::new() };
        report.push(format!("  {of}for `{}` {why}", names[*index].0));
    }
    if wrong.len() > LISTED {
        report.push(format!("  … and {} more", wrong.len() - LISTED));
    }
    let first = wrong[0].index;
    let blame = blame::find(functions, trace, first, &names[first]);
    panic!("{}\n\n{blame}", report.join("\n"))
}

impl fmt::Display for Kink {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let slope = |slope: Option<f64>| slope.map_or("none".into(), rounded);
        let (left, right) = (slope(self.left), slope(self.right));
        let gradient = rounded(self.gradient);
        write!(
            f,
            "`{}`: slope {left} from the left, {right} from the right; the gradient says {gradient}",
            self.name
        )
    }
}

impl fmt::Display for Checked {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} derivatives agree with differences to a relative {:.0e}",
            self.derivatives - self.kinks.len(),
            self.worst
        )?;
        self.kinks.iter().try_for_each(|kink| write!(f, "\nno derivative at a kink for {kink}"))
    }
}

/// A number found by differences, without the digits that mean nothing.
fn rounded(number: f64) -> String {
    crate::text::number(number, 8)
}
