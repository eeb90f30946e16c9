//! An interpreter of programs, forward sweep and reverse sweep alike: the compiler is tested without rustc.
//!
//! A reverse sweep runs with nothing at hand but what its statements make available: what is neither recorded, recomputed nor
//! hoisted is absent, and whoever reads it fails. The oracle is forward mode on the function as the user wrote it
//! (`evaluate`), which knows nothing of the compiler; the rules of differentiation are the engine's (`number`), and
//! differences check both.

mod corpus;
mod datum;
mod differential;
mod evaluate;
mod expression;
mod frame;
mod generate;
mod generated;
mod host;
mod module;
mod mutations;
mod number;
mod regressions;
mod run;
mod tangent;
