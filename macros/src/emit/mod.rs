//! From the typed tree to tokens. Nothing here can fail: what cannot be emitted was refused before.

mod adjoint;
mod call;
mod companions;
mod compiled;
mod custom;
mod graph;
mod lifting;
mod protocol;
mod statements;
mod stub;
mod text;
mod types;

pub use companions::companions;
pub use compiled::Compiled;
pub use custom::operation;
pub use statements::attributes;
pub use stub::{stub, unread};
