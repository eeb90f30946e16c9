//! What a function that may fail gives: an `Option`, or a `Result` whose error is data.

use super::convert::Plain;
use super::differentiable::{Flatten, Roots};
use crate::Value;

impl<T: Roots> Roots for Option<T> {
    fn roots<'a>(&self, found: &mut Vec<Value<'a>>)
    where
        Self: 'a,
    {
        if let Some(value) = self {
            value.roots(found);
        }
    }
}

impl<T: Roots, E> Roots for Result<T, E> {
    fn roots<'a>(&self, found: &mut Vec<Value<'a>>)
    where
        Self: 'a,
    {
        if let Ok(value) = self {
            value.roots(found);
        }
    }
}

/// There are no numbers where the function has failed.
impl<T: Flatten> Flatten for Option<T> {
    fn flatten(&self, found: &mut Vec<f64>) {
        self.iter().for_each(|value| value.flatten(found));
    }
}

impl<T: Flatten, E> Flatten for Result<T, E> {
    fn flatten(&self, found: &mut Vec<f64>) {
        self.iter().for_each(|value| value.flatten(found));
    }
}

impl<T: Plain, E: Clone> Plain for Result<T, E> {
    type Numbers = Result<T::Numbers, E>;
    fn plain(&self) -> Self::Numbers {
        match self {
            Ok(value) => Ok(value.plain()),
            Err(error) => Err(error.clone()),
        }
    }
}

/// An `Option` or a `Result`.
pub trait MayFail<T> {
    /// What a function gives that has not failed.
    fn given(value: T) -> Self;
    /// Whether it has failed.
    fn has_failed(&self) -> bool;
}

impl<T> MayFail<T> for Option<T> {
    #[inline]
    fn given(value: T) -> Self {
        Some(value)
    }
    #[inline]
    fn has_failed(&self) -> bool {
        self.is_none()
    }
}

impl<T, E> MayFail<T> for Result<T, E> {
    #[inline]
    fn given(value: T) -> Self {
        Ok(value)
    }
    #[inline]
    fn has_failed(&self) -> bool {
        self.is_err()
    }
}

/// What there is, if the function has not failed.
#[inline]
pub fn items<T>(given: impl IntoIterator<Item = T>) -> Vec<T> {
    given.into_iter().collect()
}
