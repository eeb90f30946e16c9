//! Ordinary functions, written the ways users write them, held against independent oracles.
//!
//! Each file of `corpus/` is one construct of the language; each function there carries `#[differentiable]` and a
//! [`case!`](corpus/harness.rs) beneath it that says where to try it. To add a function, write it as you would in a
//! program of your own, and a `case!` of about five lines.

#![allow(
    clippy::all,
    clippy::pedantic,
    unused_qualifications,
    while_true,
    reason = "users write what clippy would reword: index loops, `&Vec<f64>`, late initialisation, `x = x + y`"
)]

/// The functions of the corpus have second derivatives.
macro_rules! if_second {
    ($($second:tt)*) => { Some($($second)*) };
}

mod corpus {
    mod differences;
    mod dual;
    mod flat;
    #[macro_use]
    mod harness;
    mod spans;

    mod activations;
    mod adapters;
    mod algorithms;
    mod aliases;
    mod arrays;
    mod bindings;
    mod borrows;
    mod branches;
    mod calls;
    mod changed_vecs;
    mod closures;
    mod closures_called;
    mod constants;
    mod curve_fits;
    mod edge;
    mod estimation;
    mod exits;
    mod factorizations;
    mod failing;
    mod finance;
    mod functions;
    mod given;
    mod iterators;
    mod lazy;
    mod least_squares;
    mod loops;
    mod macros_in_bodies;
    mod matrices;
    mod methods_selecting;
    mod methods_smooth;
    mod methods_two;
    mod mixed;
    mod models;
    mod number_patterns;
    mod numerical;
    mod on_values;
    mod options;
    mod parameters;
    mod passive;
    mod patterns;
    mod physics;
    mod rows;
    mod sequences_and_paths;
    mod shapes;
    mod simulation;
    mod stop_gradient;
    mod straight_line;
    mod surroundings;
    mod vectors;
}
