//! The scope in which nodes are created: a number for each call, iteration and arm that a traced function enters.

use std::cell::Cell;

/// The scope of code that is not traced.
pub(crate) const OFF: u32 = u32::MAX;

thread_local! {
    static SCOPE: Cell<u32> = const { Cell::new(OFF) };
}

/// The scope in which this thread is; [`OFF`] where nothing is traced.
#[inline]
pub(crate) fn current_scope() -> u32 {
    SCOPE.get()
}

/// Enters a scope, and returns the one that was left.
#[inline]
pub(crate) fn set_scope(scope: u32) -> u32 {
    SCOPE.replace(scope)
}
