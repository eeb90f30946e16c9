//! What `_grad_add` takes from the heap.

use crate::variant::Variant;
use stats_alloc::{INSTRUMENTED_SYSTEM, Region, StatsAlloc};
use std::alloc::System;

/// The system's allocator, with counters.
#[global_allocator]
static ALLOCATOR: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

/// What a variant takes from the heap.
pub struct Memory {
    /// By its first call on a thread: what is kept for the calls to come, and what is given back at the end. A buffer
    /// that grows counts with its last capacity, which may be up to twice what is stored in it.
    pub first_bytes: usize,
    /// The number of allocations, growths included, of a later call.
    pub later_allocations: usize,
}

/// Measures a variant that has not run on this thread yet.
pub fn of(variant: &mut Variant<'_>) -> Memory {
    let mut region = Region::new(ALLOCATOR);
    variant.repeat(1);
    let first = region.change_and_reset();
    variant.repeat(1);
    let second = region.change();
    Memory {
        first_bytes: first.bytes_allocated,
        later_allocations: second.allocations + second.reallocations,
    }
}
