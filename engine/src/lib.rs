//! Gradients of ordinary Rust functions.

pub use gradus_macros::differentiable;
