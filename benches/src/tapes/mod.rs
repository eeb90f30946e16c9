//! Tapes side by side: the graph of micrograd's demo, 65,075 operations, forward and back, on each in turn.
//!
//! The table shows nodes per second (median and quartiles over the rounds; in a round each tape has its turn), the
//! same in proportion to gradus, taken round by round, and the bytes of memory that an operation costs with its gradient: what
//! the process has grown by after one pass over the same graph with so many samples that it has ten million operations, the
//! nodes of the inputs and the handles on them included. That is measured in a process of its own for each tape, and on Linux only.
//!
//! The crate `xad-rs` claims a newer compiler than the one that the repository pins, and builds with it nevertheless:
//!
//! ```text
//! cargo run --release --manifest-path benches/Cargo.toml --features xad-rs --ignore-rust-version -- tapes
//! ```

mod contenders;
mod demo;

use crate::table::Quartiles;
use contenders::{NAMES, contender};
use demo::{Data, SAMPLES, operations};
use std::process::Command;
use std::time::{Duration, Instant};
use std::{env, fs};

/// What a filter may name.
pub const LABEL: &str = "tapes";

/// About ten million operations.
const MANY_SAMPLES: usize = 15_527;
const ROUNDS: usize = 101;
/// A turn lasts at least this long.
const TURN: Duration = Duration::from_millis(10);
/// How far apart two gradients may be.
const TOLERANCE: f64 = 1e-9;

/// Runs all tapes and prints the table.
///
/// # Panics
///
/// If their gradients disagree.
pub fn run() {
    let data = Data::new(SAMPLES);
    let mut tapes: Vec<_> =
        NAMES.iter().map(|name| contender(name, &data).expect("a tape that there is")).collect();
    let mut gradients = vec![Vec::new(); tapes.len()];
    // Once to warm up, and to see that all compute the same.
    let losses: Vec<f64> =
        tapes.iter_mut().zip(&mut gradients).map(|(tape, gradient)| tape(gradient)).collect();
    for (at, name) in NAMES.iter().enumerate() {
        assert!(
            close(losses[at], losses[0]),
            "the loss by {name} is {}, by gradus {}",
            losses[at],
            losses[0]
        );
        let same = gradients[at].len() == gradients[0].len()
            && gradients[at].iter().zip(&gradients[0]).all(|(a, b)| close(*a, *b));
        assert!(same, "the gradient by {name} is another than that by gradus");
    }
    let mut seconds = vec![Vec::new(); tapes.len()];
    for round in 0..ROUNDS {
        for turn in 0..tapes.len() {
            let at = (round + turn) % tapes.len();
            seconds[at].push(turn_of(&mut tapes[at], &mut gradients[at]));
        }
    }
    println!("\ntapes: {} operations, forward and back", operations(SAMPLES));
    println!("{:10} {:>24} {:>24} {:>10}", "", "million nodes/s", "speed, gradus = 1", "B/op");
    for (at, name) in NAMES.iter().enumerate() {
        let speeds = seconds[at].iter().map(|s| operations(SAMPLES) as f64 / s / 1e6).collect();
        let ratios = seconds[0].iter().zip(&seconds[at]).map(|(gradus, s)| gradus / s).collect();
        let bytes = bytes_per_operation(name).map_or("–".to_owned(), |bytes| format!("{bytes:.1}"));
        println!("{name:10} {:>24} {:>24} {bytes:>10}", Quartiles::of(speeds), Quartiles::of(ratios));
    }
    if cfg!(not(feature = "xad-rs")) {
        println!("xad-rs     not built: it asks for `--features xad-rs --ignore-rust-version`");
    }
}

/// Seconds for one pass.
fn turn_of(tape: &mut contenders::Contender<'_>, gradient: &mut Vec<f64>) -> f64 {
    let (start, mut passes) = (Instant::now(), 0);
    while start.elapsed() < TURN {
        tape(gradient);
        passes += 1;
    }
    start.elapsed().as_secs_f64() / f64::from(passes)
}

fn close(a: f64, b: f64) -> bool {
    (a - b).abs() <= TOLERANCE * b.abs().max(1e-3)
}

/// Measured by a child of this process; none where the system does not tell.
fn bytes_per_operation(name: &str) -> Option<f64> {
    let program = env::current_exe().ok()?;
    let output = Command::new(program).args(["--tape-memory", name]).output().ok()?;
    String::from_utf8(output.stdout).ok()?.trim().parse().ok()
}

/// The child's part: one pass over the large graph, and by how much the process has grown.
pub fn measure_memory(name: &str) -> Option<f64> {
    let data = Data::new(MANY_SAMPLES);
    let mut tape = contender(name, &data)?;
    let before = status("VmRSS:")?;
    tape(&mut Vec::new());
    let most = status("VmHWM:")?;
    Some((most - before) * 1024.0 / operations(MANY_SAMPLES) as f64)
}

/// A line of the system's report on this process, in KiB.
fn status(line: &str) -> Option<f64> {
    let report = fs::read_to_string("/proc/self/status").ok()?;
    let rest = report.lines().find_map(|found| found.strip_prefix(line))?;
    rest.trim().strip_suffix(" kB")?.trim().parse().ok()
}
