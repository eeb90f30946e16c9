//! From the typed tree to tokens. Nothing here can fail: what cannot be emitted was refused before.

mod call;
mod carried;
mod check;
mod code;
mod companions;
mod custom;
mod gate;
mod graph;
mod method;
mod predicate;
mod protocol;
mod reached;
mod readable;
mod stub;
mod sweeps;
mod trace_sites;
mod types;

pub use carried::muted;
pub use companions::Compiled;
#[cfg(any(test, feature = "interpreter"))]
pub use companions::{adjoint_source, tables};
pub use companions::{companions, erased};
pub use custom::operation;
pub use predicate::predicate;
pub use reached::reason;
pub use stub::{mistaken, stub, unknown_method, unread, unread_stub};
#[cfg(any(test, feature = "interpreter"))]
pub use types::without_aliases;
