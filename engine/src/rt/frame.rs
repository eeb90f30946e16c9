//! Frames: what the forward sweep of a compiled adjoint saves for its reverse sweep, a record an iteration, on one stack.

use std::cell::RefCell;

thread_local! {
    /// Stacks whose memory waits to be used again: one for every level of nesting that has been reached.
    static IDLE: RefCell<Vec<Vec<f64>>> = const { RefCell::new(Vec::new()) };
}

/// A stack with room for more numbers than this is not kept: 256 MiB.
const KEPT: usize = 1 << 25;

/// Runs with an empty stack, whose memory the next call on this thread uses again. If `inside` panics it is dropped.
#[inline]
pub fn framed<R>(inside: impl FnOnce(&mut Vec<f64>) -> R) -> R {
    let mut frame = IDLE.with_borrow_mut(Vec::pop).unwrap_or_default();
    let result = inside(&mut frame);
    debug_assert!(frame.is_empty(), "the reverse sweep takes back what the forward sweep saved");
    if frame.capacity() <= KEPT {
        frame.clear();
        IDLE.with_borrow_mut(|idle| idle.push(frame));
    }
    result
}

/// Takes the last record back.
///
/// # Panics
///
/// If there is none.
#[inline]
pub fn pop<const N: usize>(frame: &mut Vec<f64>) -> [f64; N] {
    let (rest, record) = frame.split_last_chunk::<N>().expect("a record for every iteration");
    let (rest, record) = (rest.len(), *record);
    frame.truncate(rest);
    record
}
