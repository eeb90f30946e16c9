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

/// Two things of which only rustc knows whether they are numbers: `(&&Sides(&left, &right)).equal(…)` compares numbers and
/// records that, by [`NumberSides`], and compares data as it is, by [`EqualSides`] and [`OrderedSides`].
pub struct Sides<'s, L: ?Sized, R: ?Sized>(pub &'s L, pub &'s R);

macro_rules! sides {
    ($($name:ident $Comparison:ident),*; $($equality:ident $eq:tt),*; $($order:ident $operator:tt),*) => {
        /// Numbers.
        pub trait NumberSides {
            $(
                #[doc = concat!("Whether they are `", stringify!($name), "`.")]
                fn $name<W: TraceMode>(self, site: &'static Site) -> bool;
            )*
        }

        impl<'l, 'r, L: Operand<'l> + Copy, R: Operand<'r> + Copy> NumberSides for &&Sides<'_, L, R> {
            $(
                #[inline]
                #[track_caller]
                fn $name<W: TraceMode>(self, site: &'static Site) -> bool {
                    record::compare::<W>(site, Comparison::$Comparison, self.0.operand(), self.1.operand())
                }
            )*
        }

        /// Data that may be equal.
        pub trait EqualSides {
            $(
                #[doc = concat!("Whether they are `", stringify!($equality), "`.")]
                fn $equality<W: TraceMode>(self, site: &'static Site) -> bool;
            )*
        }

        impl<L: PartialEq<R> + ?Sized, R: ?Sized> EqualSides for &Sides<'_, L, R> {
            $(
                #[inline]
                fn $equality<W: TraceMode>(self, _: &'static Site) -> bool {
                    self.0 $eq self.1
                }
            )*
        }

        /// Data in an order.
        pub trait OrderedSides {
            $(
                #[doc = concat!("Whether they are `", stringify!($order), "`.")]
                fn $order<W: TraceMode>(self, site: &'static Site) -> bool;
            )*
        }

        impl<L: PartialOrd<R> + ?Sized, R: ?Sized> OrderedSides for &Sides<'_, L, R> {
            $(
                #[inline]
                fn $order<W: TraceMode>(self, _: &'static Site) -> bool {
                    self.0 $operator self.1
                }
            )*
        }
    };
}

sides! {
    equal Equal, not_equal NotEqual, less Less, less_or_equal LessOrEqual, greater Greater,
    greater_or_equal GreaterOrEqual;
    equal ==, not_equal !=;
    less <, less_or_equal <=, greater >, greater_or_equal >=
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
