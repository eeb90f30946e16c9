//! What a second core is worth: the gradient of a loss over many samples, summed by `gradus::parallel` on one core and on
//! two, in turns.

use crate::data::uniform;
use crate::table::Quartiles;
use gradus::{differentiable, parallel};
use rayon::{ThreadPool, ThreadPoolBuilder};
use std::time::Instant;

/// What a filter may name.
pub const LABEL: &str = "parallel";

const SAMPLES: usize = 200_000;
const CHUNKS: usize = 16;
const ROUNDS: usize = 21;
/// Numbers of a sample, and weights.
const D: usize = 32;

/// The logistic loss of a linear classifier; the samples stand one after the other.
#[differentiable(compiled)]
fn loss(weights: &[f64], #[constant] samples: &[f64], #[constant] labels: &[f64]) -> f64 {
    let mut total = 0.0;
    for i in 0..labels.len() {
        let mut score = 0.0;
        for j in 0..weights.len() {
            score += weights[j] * samples[D * i + j];
        }
        total += (-labels[i] * score).exp().ln_1p();
    }
    total
}

/// Measures and prints.
///
/// # Panics
///
/// If the sums depend on the number of cores.
pub fn run() {
    let weights = uniform(D, 31, -1.0..1.0);
    let samples = uniform(SAMPLES * D, 32, -1.0..1.0);
    let labels: Vec<f64> = samples.chunks(D).map(|x| if x[0] > x[1] { 1.0 } else { -1.0 }).collect();
    let pass = |gradient: &mut [f64]| {
        parallel::sum_gradients(SAMPLES, CHUNKS, gradient, |range, buffer| {
            let numbers = D * range.start..D * range.end;
            loss_grad_add(&weights, &samples[numbers], &labels[range], buffer)
        })
    };
    let pools = [1, 2].map(|cores| {
        let pool: ThreadPool = ThreadPoolBuilder::new().num_threads(cores).build().expect("threads start");
        pool
    });
    let (mut seconds, mut results) = ([const { Vec::new() }; 2], Vec::new());
    for _ in 0..=ROUNDS {
        for (pool, seconds) in pools.iter().zip(&mut seconds) {
            let mut gradient = vec![0.0; D];
            let start = Instant::now();
            let value = pool.install(|| pass(&mut gradient));
            seconds.push(start.elapsed().as_secs_f64());
            results.push((value, gradient));
        }
    }
    let first = &results[0];
    assert!(results.iter().all(|result| result == first), "the sum depends on the number of cores");
    // The first round warms up.
    let [one, two] = seconds.map(|seconds| seconds[1..].to_vec());
    let gain = one.iter().zip(&two).map(|(one, two)| one / two).collect();
    let milliseconds = |seconds: Vec<f64>| Quartiles::of(seconds.iter().map(|s| s * 1e3).collect());
    println!("\nparallel: logistic loss of {SAMPLES} samples of {D} numbers, in {CHUNKS} chunks");
    println!("one core  {} ms", milliseconds(one));
    println!("two cores {} ms, {} times as fast", milliseconds(two), Quartiles::of(gain));
}
