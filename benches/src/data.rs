//! Inputs: the same numbers in every run.

use std::iter;
use std::ops::Range;

/// `n` numbers spread evenly over a range, by a linear congruential generator (Knuth's MMIX constants).
pub fn uniform(n: usize, seed: u64, range: Range<f64>) -> Vec<f64> {
    let next = |state: &u64| Some(state.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407));
    let states = iter::successors(next(&seed), next);
    let unit = |state: u64| (state >> 11) as f64 / (1_u64 << 53) as f64;
    states.map(|state| range.start + (range.end - range.start) * unit(state)).take(n).collect()
}

/// `n` rows of such numbers.
pub fn rows<const K: usize>(n: usize, seed: u64, range: Range<f64>) -> Vec<[f64; K]> {
    uniform(n * K, seed, range).as_chunks().0.to_vec()
}
