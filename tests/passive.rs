//! Passive code is the user's own: functions over data with types, effects, owners and places of its own.
//!
//! Each file of `passive/` is one kind of data, written and checked as in `corpus.rs`. Besides the oracles of a
//! [`case!`](corpus/harness.rs), [`counted!`](passive/effects.rs) holds the effects of a function against those of its
//! companions, and [`panics!`](passive/panicking.rs) its panics. A function that has to be compiled says so:
//! `#[differentiable(compiled)]`.
//!
//! | kind | functions |
//! |---|---|
//! | declared types of every width, late, shadowed, in tuples and closures; wrapping, shifts, conversions | `types` |
//! | types that rustc infers from a call, an assertion, a condition, a push or a pattern further down | `types::told_by_…`, `inference` |
//! | `const`, `static`, associated constants: tuples, arrays, structs, slices, by reference, in arguments, chained, joined | `tables` |
//! | closures called on the spot: active captures, `return`, captured `mut` | `closures::called_on_the_spot` to `statement_closures` |
//! | closures over data that return data, in blocks, arms, loops and closures; closures that change what they capture | `closures` |
//! | the number of calls of closures and functions with effects, under every adapter and in every position | `counters` |
//! | items that `skip`, `step_by`, `take`, `rev` and `zip` leave out: asked for or not | `asked` |
//! | calls of plain functions beside active values, in every position | `plain_calls`, `mixtures` |
//! | enums and structs behind references: `match`, `if let`, `let else`, `while let`, guards, patterns in patterns | `shapes` |
//! | iterators of the user's own, `IntoIterator` by value and by reference, ranges that are kept | `iteration::own_…`, `iterator_kept`, `range_kept` |
//! | adjacency lists, rows by index, windows, chunks, `zip` of data, collections, text, data that is moved | `iteration` |
//! | data that changes: methods for their effect, `ref` and `ref mut`, short circuits, order of evaluation | `mutation` |
//! | data passed to differentiable functions: fields, rows, table entries, options, under names that are taken | `helpers::fields` to `options_to_helpers` |
//! | data of any type that the gradient needs: indices, factors, exponents, conditions | `helpers::flags` to `conditions_of_unknown_type`, `exponents` |
//! | type aliases of numbers, arrays, tuples, generic, from other modules | `helpers::product` to `aliases_in_closures` |
//! | methods of the user's with names of the standard library's, maps that grow, integers among the results of a call, iterators that a call gives | `users_own` |
//! | panics: the same message and the same line | `panics` |
//! | longer programs, and single constructs: names that are taken, raw names, `cfg_attr` | `programs`, `singles` |

#![allow(
    clippy::all,
    clippy::pedantic,
    irrefutable_let_patterns,
    unused,
    unused_qualifications,
    while_true,
    reason = "users write what clippy would reword: index loops, late initialisation, counters that nothing reads"
)]

/// The functions here have first derivatives.
macro_rules! if_second {
    ($($second:tt)*) => {
        None
    };
}

#[macro_use]
#[path = "corpus"]
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

    mod asked;
    mod beside;
    mod borrowed_names;
    mod borrowed_parts;
    mod closures;
    mod counters;
    mod helpers;
    mod inference;
    mod iteration;
    mod mixtures;
    mod mutation;
    mod panics;
    mod plain_calls;
    mod programs;
    mod reordered;
    mod results;
    mod shapes;
    mod singles;
    mod tables;
    mod types;
    mod users_own;
    mod variations;
}
