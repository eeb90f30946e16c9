//! Structs, their methods and operators, as numerical programs are written with them.
//!
//! Each file of `structs/` is a theme: types of its own, functions over them, and a [`case!`](structs/harness.rs) for each function,
//! which holds its derivatives against differences and against the graph, and says whether it is compiled.

#![allow(clippy::all, clippy::pedantic, reason = "users write what clippy would reword")]

mod structs {
    #[macro_use]
    mod harness;
    mod vectors;

    mod abroad;
    mod chains;
    mod circuits;
    mod complex;
    mod curves;
    mod estimation;
    mod gases;
    mod labels;
    mod mechanics;
    mod named_as_numbers;
    mod networks;
    mod optics;
    mod pricing;
    mod rigid_bodies;
    mod robots;
    mod small_matrices;
    mod swarms;
}
