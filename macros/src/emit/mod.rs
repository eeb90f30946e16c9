//! From the typed tree to tokens. Nothing here can fail: what cannot be emitted was refused before.

pub mod companions;
mod graph;
mod statements;
mod types;

pub use types::Names;
