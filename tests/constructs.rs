//! Every construct of the language on both back ends: the page `gradus::constructs` is written here.
//!
//! Each row is a small annotated function that uses its construct. Its gradient is held against finite differences of the
//! function itself and against the graph; how it is computed, the function's own `BACKEND` says.

#![allow(
    clippy::all,
    clippy::pedantic,
    while_true,
    reason = "users write what clippy would reword: index loops, late initialisation, `x = x + y`"
)]

#[path = "support/docs.rs"]
mod docs;

use gradus::Backend;
use std::fmt::Write as _;

/// A construct and the function that shows it.
struct Row {
    construct: &'static str,
    function: &'static str,
    backend: Backend,
}

/// The rows of a group: what the construct is, the function that has it, and arguments at which its gradient is checked.
macro_rules! constructs {
    ($($construct:literal => $function:ident($($argument:expr),* $(,)?);)+) => {
        pub(crate) fn rows() -> Vec<crate::Row> {
            vec![$(crate::Row {
                construct: $construct,
                function: stringify!($function),
                backend: $function::BACKEND,
            }),+]
        }

        mod gradient_of {
            use gradus::check::assert_gradient;
            $(
                #[test]
                fn $function() {
                    let checked = assert_gradient!(super::$function, $($argument),*);
                    assert!(checked.kinks.is_empty(), "{checked}");
                }
            )+
        }
    };
}

mod constructs {
    pub mod arguments;
    pub mod changing;
    pub mod functions;
    pub mod iterators;
    pub mod loops;
    pub mod numbers;
    pub mod sequences;
    pub mod statements;
}

fn groups() -> [(&'static str, &'static str, Vec<Row>); 8] {
    use constructs::*;
    [
        ("Arguments and results", "arguments", arguments::rows()),
        ("Statements", "statements", statements::rows()),
        ("Loops and exits", "loops", loops::rows()),
        ("Functions", "functions", functions::rows()),
        ("Iterators", "iterators", iterators::rows()),
        ("Arrays, slices and `Vec`s", "sequences", sequences::rows()),
        ("Arrays and `Vec`s that change", "changing", changing::rows()),
        ("Numbers", "numbers", numbers::rows()),
    ]
}

const INTRODUCTION: &str = "\
# The language, construct by construct

Every construct that a function under `#[differentiable]` may contain, and how the gradient of a function with it is computed:
*compiled*, as plain `f64` code without a graph, or on a graph. All of them work on a graph. Where a construct is not compiled, the
column names it and what to write instead, as the function's `BACKEND` does.

Each row is a small function that uses the construct. In the repository it is in `tests/constructs/`, where its gradient is compared
with finite differences of the plain function and with the graph, and `tests/constructs.rs` writes this page. A
larger function can combine compiled constructs in a way that is not compiled: its own `BACKEND` says so, and
`NAME::backend()` says it for every function that it calls.

A gradient on a graph takes 3 to 33 times as many instructions as the compiled one; the median is 11, over the
programs that `cargo run --release --manifest-path benches/Cargo.toml -- --instructions` measures. Its last line prints the range.
Use `#[differentiable(compiled)]` where that matters: it refuses what is not compiled, at the construct or at the call, and says
what to write instead.
";

fn page() -> String {
    let mut page = String::from(INTRODUCTION);
    let mut line = |text: std::fmt::Arguments<'_>| page.write_fmt(text).expect("a `String` takes all");
    for (title, file, rows) in groups() {
        line(format_args!(
            "\n## {title}\n\n| construct | graph | compiled | shown by |\n|---|---|---|---|\n"
        ));
        for Row { construct, function, backend } in rows {
            let construct = construct.replace('|', "\\|");
            let compiled = match backend {
                Backend::Compiled => "yes".to_owned(),
                Backend::Graph { construct, help, .. } => {
                    format!("no: {construct}; {help}").replace('|', "\\|")
                }
                other => unreachable!("{other} is a new back end"),
            };
            line(format_args!("| {construct} | yes | {compiled} | `{file}::{function}` |\n"));
        }
    }
    page
}

#[test]
fn the_page_is_up_to_date() {
    let page = page();
    let Some(standing) = docs::standing("engine/src/constructs.md", &page) else { return };
    let differing = standing.lines().zip(page.lines()).find(|(stated, found)| stated != found);
    let what = "engine/src/constructs.md: run with `DOCS=overwrite`; the first line that differs, as it stands and as it should";
    assert!(standing == page, "{what}\n{differing:#?}");
}
