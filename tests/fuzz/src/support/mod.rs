//! What the random programs are linked with: the dual numbers that the reference is computed with, and what runs a program
//! and reports to the machine. `compile` gives this file to `rustc` as the root of a crate `support`; it needs `std` alone.

#![allow(dead_code, unused_imports, reason = "the machine itself uses only the tests of this module")]
#![allow(clippy::cast_lossless, reason = "`as` is what programs write")]
#![allow(clippy::large_types_passed_by_value, reason = "methods take what those of `f64` take")]

mod dual;
mod flat;
mod operators;
mod report;

pub use dual::{D, IntoD, d, extremes, largest_bent, reset, speed, stop_gradient};
pub use flat::{Flat, seed_like};
pub use report::{count, counted, finish, input, note, noted, recount, report_backend, section, start};
