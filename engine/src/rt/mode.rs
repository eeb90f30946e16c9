//! What generated code records of the path through the program: comparisons, and plain numbers taken from values.

use super::convert::Plain;
use super::operations::Operand;
use crate::provenance::Site;
use crate::trace::record::{self, TraceMode};
use crate::trace::{Comparison, DetachReason};

macro_rules! comparisons {
    ($($name:ident $Comparison:ident $operator:tt),*) => { $(
        #[doc = concat!("`", stringify!($operator), "` of numbers or values, from a site.")]
        #[inline]
        #[track_caller]
        pub fn $name<'l, 'r, W: TraceMode>(
            site: &'static Site,
            left: impl Operand<'l>,
            right: impl Operand<'r>,
        ) -> bool {
            record::compare::<W>(site, Comparison::$Comparison, left.operand(), right.operand())
        }
    )* };
}

comparisons! {
    equal Equal ==, not_equal NotEqual !=, less Less <, less_or_equal LessOrEqual <=, greater Greater >,
    greater_or_equal GreaterOrEqual >=
}

/// Two collections are compared.
#[inline]
pub fn collections<W: TraceMode>(site: &'static Site) {
    record::compared_collections::<W>(site);
}

/// The plain numbers of values; where a recording is on, they are cuts.
#[inline]
fn cut<W: TraceMode, T: Plain>(site: &'static Site, reason: DetachReason, values: T) -> T::Numbers {
    let _cutting = record::cutting::<W>(site, reason);
    values.plain()
}

/// `stop_gradient`: the plain numbers of values.
#[inline]
pub fn stopped<W: TraceMode, T: Plain>(site: &'static Site, values: T) -> T::Numbers {
    cut::<W, T>(site, DetachReason::StopGradient, values)
}

/// The plain numbers that an assertion sees.
#[inline]
pub fn assertion<W: TraceMode, T: Plain>(site: &'static Site, values: T) -> T::Numbers {
    cut::<W, T>(site, DetachReason::Assertion, values)
}

/// The plain number that a question is about.
#[inline]
#[track_caller]
pub fn question<'g, W: TraceMode>(site: &'static Site, operand: impl Operand<'g>) -> f64 {
    cut::<W, _>(site, DetachReason::Question, operand.operand())
}

/// The plain number that a `match` looks at.
#[inline]
#[track_caller]
pub fn scrutinee<'g, W: TraceMode>(site: &'static Site, operand: impl Operand<'g>) -> f64 {
    cut::<W, _>(site, DetachReason::Pattern, operand.operand())
}
