//! One function, every oracle: what a `case!` checks.
//!
//! ```text
//! case! {
//!     power, power_grad, power_grad_add, power_graph;     the function and its companions
//!     for n in [0, 2, 5];                                 (optional) passive data to vary
//!     with |xs: Vec<f64>, k: f64| (&xs, k, n);            differentiable arguments, owned; then the call's arguments
//!     at (vec![1.0, 2.0], 0.5), (vec![], 3.0);            points
//!     gradient (xs.iter().map(…).collect(), …);           (optional) closed form, derived by hand, of the arguments' shape
//!     forward |v| v[0] * v[2].sin();                      (optional) the function again, on dual numbers, arguments flattened
//! }
//! ```

use std::fmt::Debug;

use super::differences;
use super::dual::{self, Dual};
use super::flat::{Flat, flat};

/// A function with its oracles, each taking the differentiable arguments as one owned value of type `A`.
pub struct Case<'a, A> {
    pub name: &'a str,
    pub plain: &'a dyn Fn(A) -> f64,
    pub closed_form: Option<&'a dyn Fn(A) -> A>,
    pub forward: Option<&'a dyn Fn(&[Dual]) -> Dual>,
}

impl<A: Flat + Debug> Case<'_, A> {
    /// Holds the oracles against each other at `point`.
    pub fn check(&self, point: &A) {
        let at = |what: &str| format!("{} at {point:?}: {what}", self.name);
        let differences = differences::gradient(self.plain, point);
        let value = (self.plain)(point.clone());
        assert!(
            value.is_finite() && differences.iter().all(|d| d.is_finite()),
            "{}",
            at("no finite gradient here")
        );
        if let Some(closed_form) = self.closed_form {
            let gradient = flat(&closed_form(point.clone()));
            assert_close(&at("closed form against differences"), &gradient, &differences, 1e-7, 1.0);
        }
        if let Some(forward) = self.forward {
            let gradient = dual::gradient(forward, &flat(point));
            assert_close(&at("forward mode against differences"), &gradient, &differences, 1e-7, 1.0);
        }
    }
}

/// Each component within `tolerance · max(|reference|, floor · largest)` of its reference.
pub fn assert_close(what: &str, ours: &[f64], reference: &[f64], tolerance: f64, floor: f64) {
    assert_eq!(ours.len(), reference.len(), "{what}: {ours:?} and {reference:?} differ in length");
    let largest = reference.iter().fold(0.0_f64, |largest, r| largest.max(r.abs()));
    for (index, (&o, &r)) in ours.iter().zip(reference).enumerate() {
        let allowed = tolerance * r.abs().max(floor * largest);
        assert!(
            (o - r).abs() <= allowed,
            "{what}: component {index} is {o:e}, not {r:e}\n{ours:?}\n{reference:?}"
        );
    }
}

/// See the head of this file. The test's module bears the gradient's name: the function's own is taken.
macro_rules! case {
    (
        $plain:ident, $grad:ident, $grad_add:ident, $graph:ident;
        $(for $passive:ident in $values:expr;)?
        with |$($x:ident: $t:ty),+| ($($argument:expr),+);
        at $($point:expr),+;
        $(gradient $closed_form:expr;)?
        $(forward |$duals:ident| $forward:expr;)?
    ) => {
        #[allow(unused_parens, unused_variables, reason = "one argument needs no tuple; a form may not read them all")]
        mod $grad {
            #[allow(unused_imports, reason = "a case may name nothing but its function")]
            use super::*;

            type Arguments = ($($t),+);

            #[test]
            fn agrees() {
                let points: Vec<Arguments> = vec![$($point),+];
                $(for $passive in $values)? {
                    for point in &points {
                        super::super::harness::Case {
                            name: stringify!($plain),
                            plain: &|($($x),+): Arguments| super::$plain($($argument),+),
                            closed_form: case!(@closed_form ($($x),+) $($closed_form)?),
                            forward: case!(@forward $($duals, $forward)?),
                        }
                        .check(point);
                    }
                }
            }
        }
    };
    (@closed_form $x:tt) => { None };
    (@closed_form ($($x:ident),+) $closed_form:expr) => { Some(&|($($x),+): Arguments| -> Arguments { $closed_form }) };
    (@forward) => { None };
    (@forward $duals:ident, $forward:expr) => { Some(&|$duals: &[crate::corpus::dual::Dual]| $forward) };
}
