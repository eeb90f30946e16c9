//! Passes over programs: each a file, and each but the first a switch. They change nothing of what is computed but the order in
//! which some numbers are added.

pub mod argument_copies;
pub mod guarded_blocks;
pub mod if_conversion;
pub mod reduction_order;
pub mod skipped_loops;

/// The passes that make the code faster. Tests switch them off.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[allow(clippy::struct_excessive_bools, reason = "each is a switch of its own")]
pub struct Passes {
    /// Both branches of a light `if` are computed.
    pub if_conversion: bool,
    /// Loops that only add up are reversed in forward order.
    pub reduction_order: bool,
    /// Contributions under one condition stand in one branch.
    pub guarded_blocks: bool,
    /// Loops that only add a product of one adjoint are left out where it is not reached.
    pub skipped_loops: bool,
}

impl Passes {
    pub const ALL: Passes =
        Passes { if_conversion: true, reduction_order: true, guarded_blocks: true, skipped_loops: true };
    #[cfg(test)]
    pub const NONE: Passes =
        Passes { if_conversion: false, reduction_order: false, guarded_blocks: false, skipped_loops: false };
}

/// The number of the next region.
fn next_region(region: &crate::ir::Region) -> crate::ir::RegionId {
    let mut next = crate::ir::RegionId(region.id.0 + 1);
    region.each(&mut |_, statement| {
        statement.kind.regions().into_iter().for_each(|region| next.0 = next.0.max(region.id.0 + 1));
    });
    next
}
