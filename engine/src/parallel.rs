//! Gradients of many samples, summed on all cores.

use rayon::prelude::*;
use std::ops::Range;

/// Adds to `gradient` that of a sum over samples, and returns the sum: the samples are cut into `chunks` ranges of
/// indices, `grad_add` is called for each with a buffer of zeros of the gradient's length, on all cores, and what it
/// returns and what it adds to the buffer is summed in the order of the chunks.
///
/// So the result depends on the number of chunks (rounding does), but neither on the number of cores nor on chance: it is
/// the same bit for bit in every run. More chunks than samples are as many as samples.
///
/// ```
/// use gradus::{differentiable, parallel};
///
/// #[differentiable]
/// fn loss(p: &[f64], #[constant] xs: &[f64], #[constant] ys: &[f64]) -> f64 {
///     xs.iter().zip(ys).map(|(x, y)| (p[0] * x + p[1] - y).powi(2)).sum()
/// }
///
/// let xs: Vec<f64> = (0..1000).map(|i| i as f64 / 1000.0).collect();
/// let ys: Vec<f64> = xs.iter().map(|x| 2.0 * x + 1.0).collect();
/// let p = [0.5, 0.5];
/// let mut gradient = [0.0; 2];
/// let total = parallel::sum_gradients(xs.len(), 8, &mut gradient, |range, buffer| {
///     loss_grad_add(&p, &xs[range.clone()], &ys[range], buffer)
/// });
/// let (whole, whole_gradient) = loss_grad(&p, &xs, &ys);
/// assert!((total - whole).abs() < 1e-9 && (gradient[0] - whole_gradient[0]).abs() < 1e-9);
/// ```
///
/// # Panics
///
/// If `chunks` is 0, and if `grad_add` panics.
#[track_caller]
pub fn sum_gradients<F>(samples: usize, chunks: usize, gradient: &mut [f64], grad_add: F) -> f64
where
    F: Fn(Range<usize>, &mut [f64]) -> f64 + Sync,
{
    assert!(chunks > 0, "a sum over no chunks");
    let chunks = chunks.min(samples);
    let length = gradient.len();
    let parts: Vec<(f64, Vec<f64>)> = (0..chunks)
        .into_par_iter()
        .map(|chunk| {
            let mut buffer = vec![0.0; length];
            (grad_add(range(samples, chunks, chunk), &mut buffer), buffer)
        })
        .collect();
    for (_, part) in &parts {
        gradient.iter_mut().zip(part).for_each(|(sum, derivative)| *sum += derivative);
    }
    parts.iter().map(|(value, _)| value).sum()
}

/// The samples of a chunk. The ranges of all chunks follow each other, and their lengths differ by at most one.
#[allow(clippy::cast_possible_truncation, reason = "a bound is at most the number of samples")]
fn range(samples: usize, chunks: usize, chunk: usize) -> Range<usize> {
    // The product of two counts may be too large for a `usize`.
    let bound = |chunk: u128| (samples as u128 * chunk / chunks as u128) as usize;
    bound(chunk as u128)..bound(chunk as u128 + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_follow_each_other_however_many_there_are() {
        let most = usize::MAX;
        for (samples, chunks) in
            [(0, 1), (10, 3), (most, 1), (most, 7), (most / 2, 8), (most, 65_537), (most, most)]
        {
            let ends = [0, 1, chunks / 3, chunks / 2, chunks - 1].into_iter().filter(|&chunk| chunk < chunks);
            for chunk in ends {
                let Range { start, end } = range(samples, chunks, chunk);
                assert!(start <= end && end <= samples, "{chunk} of {chunks}: {start}..{end}");
                assert!((end - start).abs_diff(samples / chunks) <= 1);
                if chunk + 1 < chunks {
                    assert_eq!(range(samples, chunks, chunk + 1).start, end);
                }
            }
            assert_eq!(
                (range(samples, chunks, 0).start, range(samples, chunks, chunks - 1).end),
                (0, samples)
            );
        }
        // The counts that wrap where a `usize` has 32 bits.
        assert_eq!(range(65_537, 65_537, 65_536), 65_536..65_537);
    }
}
