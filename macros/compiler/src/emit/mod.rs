//! From the typed tree to tokens. Nothing here can fail: what cannot be emitted was refused before.

mod call;
mod calls;
mod carried;
mod check;
mod code;
mod companions;
mod compiled;
mod custom;
mod gate;
mod graph;
mod lifting;
mod places;
mod protocol;
mod reached;
mod readable;
mod statements;
mod stub;
mod sweeps;
mod text;
mod types;

pub use carried::conditional;
#[cfg(test)]
pub use companions::adjoint_source;
pub use companions::companions;
pub use compiled::Compiled;
pub use custom::operation;
pub use reached::reason;
pub use statements::attributes;
pub use stub::{mistaken, stub, unknown_method, unread, unread_stub};
#[cfg(test)]
pub use types::without_aliases;
