//! Instructions per call, counted by valgrind's callgrind: they tell what the noise of a clock hides.
//!
//! The program runs itself under valgrind with a single variant, twice: the difference of the two counts is that of the
//! calls that the second run makes more, without start, inputs and warm-up.

use crate::timing;
use crate::variant::{Column, Variant};
use std::env;
use std::process::Command;
use std::time::Duration;

/// Whether valgrind is at hand.
pub fn available() -> bool {
    Command::new("valgrind").arg("--version").output().is_ok_and(|output| output.status.success())
}

/// Instructions per call of every variant: one exact count each.
pub fn measure(label: &str, variants: &mut [Variant<'_>]) -> Vec<Vec<f64>> {
    let count = |variant: &mut Variant<'_>| {
        let calls = timing::calls_in(variant, Duration::from_micros(100));
        let [once, thrice] = [1, 3].map(|times| counted(label, variant.column, times * calls));
        vec![(thrice - once) / (2 * calls) as f64]
    };
    variants.iter_mut().map(count).collect()
}

/// The C library clears and copies long memory by an instruction that callgrind counts once for each byte. These thresholds keep
/// `memset` and `memcpy` from it.
const WITHOUT_STRINGS: &str =
    "glibc.cpu.x86_rep_stosb_threshold=1000000000:glibc.cpu.x86_rep_movsb_threshold=1000000000";

/// The instructions of a whole run.
fn counted(label: &str, column: Column, calls: usize) -> f64 {
    let program = env::current_exe().expect("a running program has a path");
    let output = Command::new("valgrind")
        .args(["--tool=callgrind", "--callgrind-out-file=/dev/null"])
        .arg(program)
        .args(["--only", label, column.title(), &calls.to_string()])
        .env("GLIBC_TUNABLES", WITHOUT_STRINGS)
        .output()
        .expect("valgrind starts");
    let report = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{label}, {}: callgrind failed:\n{report}", column.title());
    let collected = report.lines().find_map(|line| line.split_once("Collected :"));
    let (_, count) = collected.expect("callgrind tells how many instructions it collected");
    count.trim().parse().expect("a count is a number")
}
