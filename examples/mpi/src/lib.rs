//! Gradients of many samples, summed over the processes of an MPI program.
//!
//! [`sum_gradients`] is `gradus::parallel::sum_gradients` past one machine: the same arguments, and a communicator before them.

use mpi::collective::SystemOperation;
use mpi::topology::SimpleCommunicator;
use mpi::traits::{Communicator, CommunicatorCollectives};
use std::ops::Range;

/// Adds to `gradient` that of a sum over samples, and returns the sum, on all processes: the samples are cut into `chunks` ranges,
/// the processes share them, and `grad_add` is called for each with a buffer of zeros of the gradient's length.
///
/// What it returns and adds is summed in the order of the chunks. So the result depends on the number of chunks, and not on the number
/// of processes: it is the same bit for bit with one process and with many. For this the processes exchange the gradient of every
/// chunk, in one `MPI_Allreduce`: choose about as many chunks as there are processes.
///
/// Every process must call it with the same arguments.
///
/// # Panics
///
/// If `chunks` is 0, and if `grad_add` panics.
pub fn sum_gradients<C, F>(world: &C, samples: usize, chunks: usize, gradient: &mut [f64], grad_add: F) -> f64
where
    C: CommunicatorCollectives,
    F: Fn(Range<usize>, &mut [f64]) -> f64,
{
    assert!(chunks > 0, "a sum over no chunks");
    let chunks = chunks.min(samples.max(1));
    let (rank, size) = (natural(world.rank()), natural(world.size()));
    // A row for each chunk: its gradient, then its value. The rows of other processes are zeros, which a sum leaves as they are.
    let width = gradient.len() + 1;
    let mut own = vec![0.0; chunks * width];
    for chunk in part(chunks, size, rank) {
        let row = &mut own[chunk * width..(chunk + 1) * width];
        let (buffer, value) = row.split_at_mut(width - 1);
        value[0] = grad_add(part(samples, chunks, chunk), buffer);
    }
    let mut all = vec![0.0; own.len()];
    world.all_reduce_into(&own[..], &mut all[..], SystemOperation::sum());
    let mut total = 0.0;
    for row in all.chunks_exact(width) {
        gradient.iter_mut().zip(row).for_each(|(sum, derivative)| *sum += derivative);
        total += row[width - 1];
    }
    total
}

/// Ranks and sizes are not negative.
fn natural(number: i32) -> usize {
    usize::try_from(number).unwrap_or(0)
}

/// One of `parts` ranges of `whole`, whose lengths differ by at most one.
fn part(whole: usize, parts: usize, at: usize) -> Range<usize> {
    whole * at / parts..whole * (at + 1) / parts
}

/// From now on a panic ends all processes with an error. Without this a process that panics waits for the others while it shuts MPI
/// down, and they wait for it.
pub fn abort_on_panic() {
    let before = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        before(panic);
        SimpleCommunicator::world().abort(1);
    }));
}

#[cfg(test)]
mod tests {
    use super::part;

    #[test]
    fn parts_follow_each_other() {
        for (whole, parts) in [(0, 1), (7, 3), (3, 7), (1797, 16)] {
            let ranges: Vec<_> = (0..parts).map(|at| part(whole, parts, at)).collect();
            assert_eq!((ranges[0].start, ranges[parts - 1].end), (0, whole));
            assert!(ranges.windows(2).all(|pair| pair[0].end == pair[1].start));
            assert!(ranges.iter().all(|range| range.len().abs_diff(whole / parts) <= 1));
        }
    }
}
