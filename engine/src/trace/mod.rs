//! Where the nodes of a graph came from.

mod site;

pub use site::{Origin, Site, Source, Span};
