//! Memory that a thread keeps for the next call: a bounded amount.

use std::cell::RefCell;
use std::thread::LocalKey;

/// How many bytes a thread keeps in each of its pools: 256 MiB. It is the memory of a loop of a million steps that records
/// 32 numbers in each, which would take three times as long if each call had to ask for it anew.
pub(crate) const MOST_KEPT: usize = 1 << 28;

/// A stack of things whose memory is used again. There are as many as calls were nested, as far as they fit into
/// [`MOST_KEPT`].
pub(super) struct Idle<T> {
    things: Vec<(T, usize)>,
    bytes: usize,
}

impl<T> Idle<T> {
    pub(super) const fn new() -> Idle<T> {
        Idle { things: Vec::new(), bytes: 0 }
    }

    /// How many bytes are kept, and how many there are of each thing.
    #[cfg(test)]
    pub(super) fn kept(&self) -> (usize, Vec<usize>) {
        (self.bytes, self.things.iter().map(|(_, bytes)| *bytes).collect())
    }

    fn take(&mut self) -> Option<T> {
        let (thing, bytes) = self.things.pop()?;
        self.bytes -= bytes;
        Some(thing)
    }

    /// Keeps a thing of so many bytes. If there is no room, returns it.
    fn keep(&mut self, thing: T, bytes: usize) -> Option<T> {
        let bytes = bytes + size_of::<(T, usize)>();
        if bytes > MOST_KEPT - self.bytes {
            return Some(thing);
        }
        self.bytes += bytes;
        self.things.push((thing, bytes));
        None
    }
}

/// Takes the last thing that was kept. Makes one if there is none, or if the thread is ending and its pool was destroyed.
#[inline]
pub(super) fn take<T: Default>(pool: &'static LocalKey<RefCell<Idle<T>>>) -> T {
    pool.try_with(|idle| idle.borrow_mut().take()).ok().flatten().unwrap_or_default()
}

/// Keeps a thing of so many bytes for the next call if there is room.
#[inline]
pub(super) fn keep<T>(pool: &'static LocalKey<RefCell<Idle<T>>>, thing: T, bytes: usize) {
    // What is not kept is dropped outside of the pool.
    let _dropped = pool.try_with(|idle| idle.borrow_mut().keep(thing, bytes));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_more_than_the_bound_is_kept_however_many_levels_there_are() {
        let mut idle = Idle::new();
        for level in 0..10 {
            assert_eq!(idle.keep(level, MOST_KEPT / 4), (level > 2).then_some(level));
        }
        assert_eq!((idle.take(), idle.take()), (Some(2), Some(1)));
        assert_eq!(idle.keep(3, MOST_KEPT), Some(3));
        assert_eq!(idle.keep(4, MOST_KEPT / 2), None);
        assert!(idle.bytes <= MOST_KEPT);
        assert_eq!((idle.take(), idle.take(), idle.take(), idle.bytes), (Some(4), Some(0), None, 0));
    }

    #[test]
    fn small_things_have_a_size_too() {
        let mut idle = Idle::new();
        assert_eq!(idle.keep((), 0), None);
        assert!(idle.bytes > 0);
    }
}
