//! Loops whose records lie in a block, loops that are reversed iteration by iteration, sums over neighbours and tables: panics are
//! the function's own, and leave buffers as they were.

#![allow(
    clippy::cast_possible_truncation,
    clippy::cast_possible_wrap,
    clippy::cast_lossless,
    clippy::needless_range_loop,
    reason = "conversions and loops as people write them"
)]

use gradus::{Backend, differentiable};
use std::panic::{AssertUnwindSafe, catch_unwind};

/// The message of a panic.
fn panic_of<T>(run: impl FnOnce() -> T) -> String {
    let Err(panic) = catch_unwind(AssertUnwindSafe(run)) else { panic!("nothing panicked") };
    let text = panic.downcast_ref::<String>().cloned();
    text.or_else(|| panic.downcast_ref::<&str>().map(|&text| text.to_owned())).expect("a message")
}

#[differentiable(compiled)]
fn iterated(x: f64, n: usize) -> f64 {
    let mut y = x;
    for i in 0..n {
        assert!(i < 5, "the step {i} is too much");
        y = y.sin();
    }
    y
}

#[differentiable(compiled)]
fn without_an_end(x: f64) -> f64 {
    let mut y = x;
    for i in 0.. {
        assert!(i < 5, "the step {i} is too much");
        y = y.sin();
    }
    y
}

#[test]
fn a_loop_that_panics_early_takes_no_memory_for_the_rest() {
    assert_eq!(panic_of(|| iterated_grad(0.5, usize::MAX)), "the step 5 is too much");
    assert_eq!(panic_of(|| iterated_grad(0.5, 4_000_000_000)), "the step 5 is too much");
    assert_eq!(panic_of(|| without_an_end_grad(0.5)), "the step 5 is too much");
    // What was kept for the thread is in order.
    let (_, gradient) = iterated_grad(0.5, 2);
    assert!((gradient - 0.5_f64.sin().cos() * 0.5_f64.cos()).abs() < 1e-15);
}

#[differentiable(compiled)]
fn squared_often(x: f64, n: usize) -> f64 {
    let mut y = x;
    for _ in 0..n {
        y = 0.5 * (y * y + 1.0);
    }
    y
}

#[test]
fn a_block_grows_with_a_long_loop() {
    let steps = 300_000;
    let (mut y, mut slope) = (0.25, 1.0);
    for _ in 0..steps {
        slope *= y;
        y = 0.5 * (y * y + 1.0);
    }
    let (value, gradient) = squared_often_grad(0.25, steps);
    assert_eq!(value, y);
    assert!((gradient - slope).abs() <= 1e-12 * slope, "{gradient}, {slope}");
}

/// A mean over samples, of which each takes a loop.
#[differentiable(compiled)]
fn mean(weights: &[f64], scale: f64, #[constant] samples: &[f64]) -> f64 {
    let mut total = 0.0;
    for sample in samples {
        let mut sum = scale;
        for (k, weight) in weights.iter().enumerate() {
            sum += weight * sample.powi(k as i32);
        }
        assert!(*sample < 2.0, "the sample {sample} is too large");
        total += sum.tanh();
    }
    total / samples.len() as f64
}

#[test]
fn a_panic_leaves_the_buffers_as_they_were() {
    let weights = [0.5, -0.25];
    let (mut by_weight, mut by_scale) = ([7.0, 8.0], 9.0);
    let message = panic_of(|| mean_grad_add(&weights, 0.1, &[0.5, 1.0, 3.0], &mut by_weight, &mut by_scale));
    assert_eq!(message, "the sample 3 is too large");
    assert_eq!((by_weight, by_scale), ([7.0, 8.0], 9.0));

    let samples = [0.5, 1.0, -1.5];
    mean_grad_add(&weights, 0.1, &samples, &mut by_weight, &mut by_scale);
    let mut expected = [7.0, 8.0, 9.0];
    for sample in samples {
        let sum: f64 = 0.1 + weights[0] + weights[1] * sample;
        let slope = (1.0 - sum.tanh().powi(2)) / 3.0;
        expected[0] += slope;
        expected[1] += slope * sample;
        expected[2] += slope;
    }
    for (found, expected) in by_weight.iter().chain([&by_scale]).zip(expected) {
        assert!((found - expected).abs() < 1e-14, "{found}, {expected}");
    }
}

#[differentiable(compiled)]
fn bends(x: &[f64], ends: usize) -> f64 {
    let mut energy = 0.0;
    for i in 0..ends {
        let slope = x[i + 1] - x[i];
        energy += slope * slope;
    }
    energy
}

#[differentiable(compiled)]
fn widths(logs: &[f64], shift: f64, #[constant] samples: &[f64]) -> f64 {
    let mut loss = 0.0;
    for (i, sample) in samples.iter().enumerate() {
        assert!(*sample < 2.0, "the sample {sample} is too large");
        let mut own = 0.0;
        for j in 0..logs.len() + i / 2 {
            own += (sample - shift) * logs[j].exp();
        }
        loss += own.tanh();
    }
    loss
}

#[differentiable(compiled)]
fn scales(logs: &[f64], shift: f64, rows: usize, #[constant] samples: &[f64]) -> f64 {
    let mut loss = 0.0;
    for sample in samples {
        assert!(*sample < 2.0, "the sample {sample} is too large");
        let mut own = 0.0;
        for j in 0..rows {
            own += (sample - shift) * logs[j].exp();
        }
        loss += own.tanh();
    }
    loss
}

#[test]
fn buffers_are_as_they_were_where_neighbours_are_carried_or_losses_fused() {
    let mut by_x = [1.0, 2.0, 3.0];
    let message = panic_of(|| bends_grad_add(&[0.5, 1.0, -0.25], 3, &mut by_x));
    assert_eq!(message, "index out of bounds: the len is 3 but the index is 3");
    assert_eq!(by_x, [1.0, 2.0, 3.0]);

    let logs = [0.5, -0.25];
    let (mut by_log, mut by_shift) = ([7.0, 8.0], 9.0);
    // In the loss's last sample, and in a later sample's inner loop.
    for (samples, expected) in [
        ([0.5, 1.0, 3.0], "the sample 3 is too large"),
        ([0.5, 1.0, 1.5], "index out of bounds: the len is 2 but the index is 2"),
    ] {
        let message = panic_of(|| widths_grad_add(&logs, 0.1, &samples, &mut by_log, &mut by_shift));
        assert_eq!(message, expected);
        assert_eq!((by_log, by_shift), ([7.0, 8.0], 9.0));
    }
    for (rows, samples, expected) in [
        (2, [0.5, 1.0, 3.0], "the sample 3 is too large"),
        (3, [0.5, 1.0, 1.5], "index out of bounds: the len is 2 but the index is 2"),
    ] {
        let message = panic_of(|| scales_grad_add(&logs, 0.1, rows, &samples, &mut by_log, &mut by_shift));
        assert_eq!(message, expected);
        assert_eq!((by_log, by_shift), ([7.0, 8.0], 9.0));
    }
}

#[test]
fn a_table_is_filled_where_the_function_computes_its_numbers() {
    // No sample: nothing is read, though no row is there.
    let (value, (by_log, by_shift)) = scales_grad(&[], 0.1, 3, &[]);
    assert_eq!((value, by_log, by_shift), (0.0, vec![], 0.0));
    let (logs, samples, shift) = ([0.5, -0.25, 0.0], [0.5, 1.0, -1.5], 0.1);
    let (value, (by_log, by_shift)) = scales_grad(&logs, shift, 3, &samples);
    assert_eq!(value.to_bits(), scales(&logs, shift, 3, &samples).to_bits());
    let (mut expected, mut expected_shift) = ([0.0; 3], 0.0);
    for sample in samples {
        let sum: f64 = logs.iter().map(|log: &f64| (sample - shift) * log.exp()).sum();
        let slope = 1.0 - sum.tanh().powi(2);
        for (expected, log) in expected.iter_mut().zip(logs) {
            *expected += slope * (sample - shift) * log.exp();
            expected_shift -= slope * log.exp();
        }
    }
    for (found, expected) in by_log.iter().chain([&by_shift]).zip(expected.iter().chain([&expected_shift])) {
        assert!((found - expected).abs() < 1e-14, "{found}, {expected}");
    }
}

#[test]
fn no_samples_are_not_a_number() {
    let (value, (by_weight, by_scale)) = mean_grad(&[0.5, -0.25], 0.1, &[]);
    assert!(value.is_nan());
    assert_eq!((by_weight, by_scale), (vec![0.0, 0.0], 0.0));
}

fn byte(k: u8) -> u8 {
    k
}

fn word(k: u64) -> u64 {
    k
}

/// Two numbers that are written alike, and are of different types.
#[differentiable(compiled)]
fn written_alike(x: f64) -> f64 {
    let a = 0;
    let b = 0;
    byte(a);
    word(b);
    x * (!a) as f64 + x * x * (!b) as f64
}

#[test]
fn integers_that_are_written_alike_keep_their_types() {
    let (all, most) = (f64::from(u8::MAX), u64::MAX as f64);
    assert_eq!(written_alike_grad(3.0), (written_alike(3.0), all + 6.0 * most));
    assert_eq!(written_alike::BACKEND, Backend::Compiled);
}
