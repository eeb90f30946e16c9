//! Functions are read, compiled and run without rustc: by pages that have none, and by the tests of the compiler.
//!
//! A [`File`] holds the functions of a text. A run of one of them evaluates the user's own syntax. It reports to an
//! [`Observer`] every operation on numbers that depend on an argument, and the path through the program. The code on values
//! that the attribute generates reports the same.
//!
//! The tests have another interpreter beside it, of programs of the compiler, forward sweep and reverse sweep alike. A reverse
//! sweep runs with nothing at hand but what its statements make available: what is neither recorded, recomputed nor hoisted is
//! absent, and whoever reads it fails. The oracle is forward mode on the function as the user wrote it (`evaluate`), which
//! knows nothing of the compiler; the rules of differentiation are the engine's (`number`), and differences check both.

mod advice;
mod brackets;
#[cfg(test)]
mod corpus;
mod datum;
#[cfg(test)]
mod differential;
mod evaluate;
#[cfg(test)]
mod expression;
mod file;
#[cfg(test)]
mod frame;
#[cfg(test)]
mod generate;
#[cfg(test)]
mod generated;
#[cfg(test)]
mod host;
mod integer;
#[cfg(test)]
mod module;
#[cfg(test)]
mod mutations;
mod number;
mod observer;
#[cfg(test)]
mod regressions;
#[cfg(test)]
mod run;
mod shape;
mod structs;
#[cfg(test)]
mod tangent;
mod width;

pub use crate::syntax::refusals::Complaint;
pub use file::{Argument, File, Function, Parameter, Place};
pub use observer::{Look, Observer, Operand, Step};
pub use shape::{FieldShape, Shape};
