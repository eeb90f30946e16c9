//! Gradients side by side: by gradus, by hand, and by other crates.
//!
//! ```text
//! cargo run --release --manifest-path benches/Cargo.toml [-- OPTIONS] [FILTER…]
//! ```
//!
//! One table, a row for each kernel and size whose name contains one of the filters. `--quick` leaves out the largest
//! sizes (the graph and the tape of the longest loop take some 8 GB). `--instructions` counts instructions per call by
//! valgrind instead of seconds, the largest sizes left out.
//!
//! # How to read it
//!
//! * **hand-written**: time per call of the gradient that an expert writes: median, and in parentheses the lower and upper
//!   quartile.
//! * All other columns are *ratios to it*, taken round by round (in a round every variant has its turn), again as median
//!   and quartiles: 1.00 is as fast as by hand, 2.00 takes twice the time.
//! * **`_grad_add`** is the companion that adds into the caller's buffers, zeroing them included; it is what
//!   **backend** says: compiled, or on the graph (the reasons stand below the table). **`_grad`** returns the gradient
//!   as a new value. **graph** is the rewritten function on a lean graph, which a training loop would rewind: inputs
//!   stay, the rest is recorded anew, `backward` runs and the gradients are read. **reverse** and **num-dual** are
//!   other crates, a tape that is cleared and used again, and forward mode for functions of a few inputs.
//! * **allocs**: how often a call of `_grad_add` after the first one takes or grows memory. **B/iter**: bytes that its
//!   first call takes from the heap, divided by the iterations of the kernel's main loop. That is what is stored for
//!   the reverse sweep, and up to twice as much where a buffer grew by doubling.
//!
//! Below the table come two more comparisons, which filters name `tapes` and `parallel`: the [tapes] of other crates on a
//! graph of 65,075 operations, and what a [second core](parallel) is worth.
//!
//! Values and gradients are compared before anything is timed; the program stops where they disagree. It is compiled
//! as any release build is; with `CARGO_PROFILE_RELEASE_LTO=fat` in the environment the other crates gain where they
//! do not let their functions be inlined.

mod data;
mod instructions;
mod kernels;
mod memory;
mod parallel;
mod peers;
mod session;
mod table;
mod tapes;
mod timing;
mod variant;

use kernels::{KERNELS, Kernel};
use session::{Mode, Session};
use std::process::ExitCode;
use std::{env, thread};
use table::Row;
use variant::Column;

/// Sizes from here on are left out on request.
const LARGE: usize = 1_000_000;

const USAGE: &str = "usage: gradus-benches [--quick] [--instructions] [FILTER…]\n
  --quick          leave out the largest sizes
  --instructions   count instructions per call (needs valgrind), not seconds; leaves out the largest sizes
  FILTER           only kernels whose name contains one of the filters; `tapes` and `parallel` are names too";

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    if let [only, label, column, calls] = arguments.as_slice()
        && only == "--only"
    {
        return run_only(label, column, calls);
    }
    if let [only, name] = arguments.as_slice()
        && only == "--tape-memory"
    {
        return tapes::measure_memory(name).map_or(ExitCode::FAILURE, |bytes| {
            println!("{bytes}");
            ExitCode::SUCCESS
        });
    }
    let (mut quick, mut instructions, mut filters) = (false, false, Vec::new());
    for argument in &arguments {
        match argument.as_str() {
            "--quick" => quick = true,
            "--instructions" => instructions = true,
            "--help" | "-h" => {
                println!("{USAGE}");
                return ExitCode::SUCCESS;
            }
            option if option.starts_with('-') => {
                eprintln!("error: unknown option `{option}`\n\n{USAGE}");
                return ExitCode::FAILURE;
            }
            filter => filters.push(filter.to_lowercase()),
        }
    }
    if instructions && !instructions::available() {
        eprintln!("error: `--instructions` needs valgrind, which does not start here");
        return ExitCode::FAILURE;
    }
    let chosen = |label: &str| {
        filters.is_empty() || filters.iter().any(|filter| label.to_lowercase().contains(filter.as_str()))
    };
    let cases = cases().filter(|(kernel, size)| {
        let left_out = *size >= LARGE && (quick || instructions);
        !left_out && chosen(&kernel.label(*size))
    });
    let others = [(tapes::LABEL, tapes::run as fn()), (parallel::LABEL, parallel::run)];
    let others: Vec<_> = others.into_iter().filter(|(label, _)| !instructions && chosen(label)).collect();
    match print_table(cases, instructions) {
        Ok(0) if others.is_empty() => {
            eprintln!("error: nothing to measure has such a name");
            return ExitCode::FAILURE;
        }
        Ok(_) => {}
        Err(label) => {
            eprintln!("error: stopped at {label}");
            return ExitCode::FAILURE;
        }
    }
    for (_, run) in others {
        run();
    }
    ExitCode::SUCCESS
}

/// All kernels at all their sizes.
fn cases() -> impl Iterator<Item = (&'static Kernel, usize)> {
    KERNELS.iter().flat_map(|kernel| kernel.sizes.iter().map(move |size| (kernel, *size)))
}

/// Prints the rows and tells how many, or where it stopped.
fn print_table(
    cases: impl Iterator<Item = (&'static Kernel, usize)>,
    instructions: bool,
) -> Result<usize, String> {
    let mut rows = Vec::new();
    for (kernel, size) in cases {
        if rows.is_empty() {
            table::print_head();
        }
        let mode = if instructions { Mode::Instructions } else { Mode::Time };
        let Some(row) = run(kernel, size, mode) else {
            return Err(kernel.label(size));
        };
        table::print_row(&row);
        rows.push(row);
    }
    table::print_fallbacks(&rows);
    table::print_cost_of_graphs(&rows);
    Ok(rows.len())
}

/// Runs a kernel on a thread of its own, whose memory pools are still empty; no row if it stopped.
fn run(kernel: &Kernel, size: usize, mode: Mode) -> Option<Row> {
    let mut session = Session { label: kernel.label(size), mode, row: None };
    let thread = thread::Builder::new().name(kernel.label(size));
    // What goes wrong in there is printed by the panic, under the thread's name.
    let _ = thread::scope(|scope| {
        let work = thread.spawn_scoped(scope, || (kernel.run)(size, &mut session));
        work.expect("the system has room for a thread").join()
    });
    session.row
}

/// The child's part of `--instructions`.
fn run_only(label: &str, column: &str, calls: &str) -> ExitCode {
    let case = cases().find(|(kernel, size)| kernel.label(*size) == label);
    let column = Column::ALL.into_iter().find(|known| known.title() == column);
    let (Some((kernel, size)), Some(column), Ok(calls)) = (case, column, calls.parse()) else {
        eprintln!("error: `--only` takes a kernel, a column and a number of calls");
        return ExitCode::FAILURE;
    };
    let mut session = Session { label: label.to_owned(), mode: Mode::Only { column, calls }, row: None };
    (kernel.run)(size, &mut session);
    ExitCode::SUCCESS
}
