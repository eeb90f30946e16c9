//! Functions that may fail: they return an `Option` or a `Result`, and leave with `?`.
//!
//! Each file of `fallible/` is a theme. Its functions are held against finite differences and the graph by
//! [`given!`](fallible/harness.rs), and against closed forms where there are some; where they fail, so do their companions, in the
//! same way.

#![allow(unused_qualifications, reason = "results are written in every form")]
#![allow(clippy::all, clippy::pedantic, reason = "users write what clippy would reword")]

mod fallible {
    #[macro_use]
    mod harness;

    mod callers;
    mod chains;
    mod companions;
    mod compiled;
    mod forms;
    mod hits;
    mod leaving;
    mod methods;
    mod prices;
    mod solvers;
}
