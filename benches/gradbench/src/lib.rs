//! gradus as a tool of [GradBench](https://github.com/gradbench/gradbench), a suite that compares tools for automatic
//! differentiation.
//!
//! An *eval* of the suite sends messages, and a *tool* answers them: [`answer`] is the protocol. The functions themselves are in
//! [`evals`], each written as one writes it in Rust, with the attribute `#[differentiable]`.

pub mod evals;
mod protocol;

pub use protocol::answer;
