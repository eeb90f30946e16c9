//! Measures how long a call takes.

use std::hint::black_box;
use std::time::Instant;

/// The median time of one call of `function`, in microseconds.
///
/// A call may be shorter than the clock can tell apart, so every sample times a batch of calls.
pub fn microseconds<T>(mut function: impl FnMut() -> T) -> f64 {
    const SAMPLES: usize = 201;
    const BATCH: u32 = 50;
    let mut sample = || {
        let start = Instant::now();
        for _ in 0..BATCH {
            black_box(function());
        }
        start.elapsed().as_secs_f64() * 1e6 / f64::from(BATCH)
    };
    sample(); // warms the caches
    let mut samples = (0..SAMPLES).map(|_| sample()).collect::<Vec<_>>();
    samples.sort_by(f64::total_cmp);
    samples[SAMPLES / 2]
}
