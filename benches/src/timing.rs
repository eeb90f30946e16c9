//! Times, interleaved: in every round each variant has its turn, so that drift of the machine hits all alike.

use crate::variant::Variant;
use std::time::{Duration, Instant};

/// A turn lasts at least this long, or a single call.
const TURN: Duration = Duration::from_millis(1);
/// A kernel is measured for about this long.
const BUDGET: Duration = Duration::from_secs(2);
/// The number of rounds is at least the first and at most the second, whatever the budget.
const ROUNDS: (usize, usize) = (5, 101);

/// Seconds per call, of every variant, in every round.
pub fn measure(variants: &mut [Variant<'_>]) -> Vec<Vec<f64>> {
    let calls: Vec<usize> = variants.iter_mut().map(|variant| calls_in(variant, TURN)).collect();
    let mut seconds = vec![Vec::new(); variants.len()];
    let start = Instant::now();
    for round in 0..ROUNDS.1 {
        if round >= ROUNDS.0 && start.elapsed() >= BUDGET {
            break;
        }
        // Who begins changes, so that no variant always comes after the same one's caches at the same distance.
        for turn in 0..variants.len() {
            let at = (round + turn) % variants.len();
            seconds[at].push(time(&mut variants[at], calls[at]).as_secs_f64() / calls[at] as f64);
        }
    }
    seconds
}

/// How many calls last at least this long.
pub fn calls_in(variant: &mut Variant<'_>, duration: Duration) -> usize {
    let mut calls = 1;
    while time(variant, calls) < duration {
        calls *= 2;
    }
    calls
}

fn time(variant: &mut Variant<'_>, calls: usize) -> Duration {
    let start = Instant::now();
    variant.repeat(calls);
    start.elapsed()
}
