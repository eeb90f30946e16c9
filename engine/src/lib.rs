//! Gradients of ordinary Rust functions, and a scalar autograd engine to read in one sitting.

mod arena;
pub mod float;
pub mod graph;
mod node;
pub mod ops;
mod table;
pub mod trace;
pub mod value;

pub use float::{Activations, stop_gradient};
pub use gradus_macros::differentiable;
pub use graph::Graph;
pub use ops::Op;
pub use value::Value;

/// What most programs need: `use gradus::prelude::*;`.
pub mod prelude {
    pub use crate::{Activations, Graph, Value, differentiable, stop_gradient};
}
