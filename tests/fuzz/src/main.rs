//! Random programs against the attribute: `cargo run --release -p fuzz -- --programs 5000 --seed 1`.
//!
//! * `generate` writes well-typed programs from a seed, as trees of text (`tree`)
//! * `print` prints each in three versions: plain, annotated, and over dual numbers
//! * `compile` gives hundreds to one `rustc` and attributes errors to programs
//! * `run` runs them, and reads what `support` reports
//! * `compare` holds every companion against the plain function and against the dual numbers
//! * `derived` does so with forward mode and second derivatives
//! * `shrink` makes failures small by `edits`, `tally` counts, `state` keeps finished batches
//!
//! Failures are written to `target/fuzz/failures/`.

mod compare;
mod compile;
mod derived;
mod edits;
mod generate;
mod machine;
mod options;
mod print;
mod run;
mod session;
mod shrink;
mod state;
#[cfg(test)]
#[path = "support/mod.rs"]
mod support;
mod tally;
mod tree;

use options::Options;
use std::process::ExitCode;

fn main() -> ExitCode {
    let options = match Options::parse(std::env::args().skip(1)) {
        Ok(options) => options,
        Err(message) => {
            eprintln!("error: {message}\n\n{}", options::HELP);
            return ExitCode::from(2);
        }
    };
    if options.list {
        for construct in generate::constructs() {
            println!("{construct}");
        }
        return ExitCode::SUCCESS;
    }
    match session::run(&options) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(message) => {
            eprintln!("error: {message}");
            ExitCode::from(2)
        }
    }
}
