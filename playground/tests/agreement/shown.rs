//! Arguments as expressions: those that have a `Debug` form.

use std::fmt::Debug;

pub struct Shown<'a, T: ?Sized>(pub &'a T);

/// What is chosen for a value with a `Debug` form, since its receiver needs one borrow less.
pub trait Debugged {
    fn shown(&self) -> Option<String>;
}

impl<T: Debug + ?Sized> Debugged for Shown<'_, T> {
    fn shown(&self) -> Option<String> {
        Some(format!("{:?}", self.0))
    }
}

/// What is chosen for any other value.
pub trait Anything {
    fn shown(&self) -> Option<String>;
}

impl<T: ?Sized> Anything for &Shown<'_, T> {
    fn shown(&self) -> Option<String> {
        None
    }
}
