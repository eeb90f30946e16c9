//! Every operation of [gradus](https://docs.rs/gradus), and its derivative: one row an operation.
//!
//! The enum [`Op`], its accessors and the functions of [`rules`] are generated from the table in `table.rs`, the only file that
//! states derivatives. The engine evaluates the rows; the compiler writes them into compiled gradients. Users depend on `gradus`,
//! which re-exports this crate as `gradus::ops`.
//!
//! ```
//! use gradus_ops::{Op, rules};
//! let (a, y) = (0.5, 0.5_f64.tanh());
//! assert_eq!(Op::Tanh.value(&[a]), y);
//! assert_eq!(Op::Tanh.partials(&[a], y, &[true]), [1.0 - y * y, 0.0, 0.0]);
//! assert_eq!(rules::tanh_da(y), 1.0 - y * y);
//! assert_eq!(Op::Tanh.partial_text(0), Some("1.0 - y * y"));
//! ```
//!
//! # Accuracy
//!
//! A partial has a relative error of a few units in its last place, as the functions of the standard library have, but:
//!
//! * Where a row says so, what reads the output of a saturated function has that error only in relation to the last place of
//!   the output. (More digits would take a second exponential in every gradient.)
//! * A partial made of an output or of a power that is subnormal has no more digits than that. A sum of two terms, as in the
//!   partial of `silu`, has the error of the larger term where they nearly cancel.
//! * `powi` multiplies, in the value and in the partial: there are as many roundings as the exponent's size.
//!
//! `tests/accuracy.rs` of the engine holds every row to this, against numbers of higher precision. Where the value is a number
//! the partial is a number, or ±∞ where it is too large for one, or as the row's convention says. Outside of the domain of a
//! function, where the value is NaN, the partial is what its formula gives.

mod facts;
mod numeric;
mod table;

pub use facts::{Cost, Form, Kind, Read};
pub use table::Known;
pub use table::{Op, rules};
