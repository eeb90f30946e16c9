//! Where nodes come from: the source text that they carry out, and the scope of the run in which they are created.
//!
//! Plain data, on which the graph and everything above it stand. Nothing here knows graphs or traces. A graph keeps an
//! [`Origin`] and the number of a scope with each node; what a number of a scope means, only the trace knows that gave it.

pub(crate) mod lines;
mod scope;
mod site;

pub(crate) use scope::{OFF, current_scope, set_scope};
pub use site::{Origin, Site, Source, Span};
