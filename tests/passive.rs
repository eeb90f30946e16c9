//! What is passive stays the user's: functions whose data has types, effects, owners and places of its own.
//!
//! Each file of `passive/` is one kind of data, written and checked as in `corpus.rs`. Besides the oracles of a
//! [`case!`](corpus/harness.rs), `counted!` holds the effects of a function against those of its companions, and
//! `panics!` its panics. A function that has to be compiled says so: `#[differentiable(compiled)]`.

#![allow(
    clippy::all,
    clippy::pedantic,
    unused,
    unused_qualifications,
    while_true,
    reason = "users write what clippy would reword: index loops, late initialisation, counters that nothing reads"
)]

#[macro_use]
mod corpus {
    mod differences;
    pub mod dual;
    mod flat;
    #[macro_use]
    pub mod harness;
    pub mod spans;
}

#[macro_use]
mod passive {
    #[macro_use]
    pub mod effects;
    #[macro_use]
    pub mod panicking;

    mod closures;
    mod counters;
    mod helpers;
    mod inference;
    mod iteration;
    mod mutation;
    mod panics;
    mod plain_calls;
    mod programs;
    mod shapes;
    mod tables;
    mod types;
}
