//! The typed tree: the user's syntax with a type on every expression, in which every float is active or passive.

pub mod check;
pub mod effects;
mod involved;
pub mod mismatch;
pub mod tree;
pub mod ty;
pub mod walk;
