//! An interpreter of programs and of the plans of their reverse sweeps: the compiler is tested without rustc.
//!
//! A plan is carried out with nothing at hand but what it says is there: what it neither saves, computes again nor exports
//! is absent, and whoever reads it fails. The oracle is forward mode on the function as the user wrote it (`evaluate`),
//! which knows nothing of the compiler; the rules of differentiation are the engine's (`number`), and differences keep an
//! eye on both.

mod corpus;
mod datum;
mod evaluate;
mod forward;
mod frame;
mod generate;
mod generated;
mod number;
mod open;
mod plans;
mod reverse;
mod template;
mod trial;
mod world;
