//! Another crate with differentiable functions, to test calls across crates.
