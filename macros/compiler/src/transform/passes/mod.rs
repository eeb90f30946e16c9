//! Passes over programs, each a file. `argument_copies` is needed; the others have a switch each, and change nothing of what is
//! computed but the order in which some numbers are added, and whether equal ones are added before they are multiplied.

pub mod argument_copies;
pub mod fused_loops;
pub mod guarded_blocks;
pub mod if_conversion;
pub mod neighbours;
pub mod record_blocks;
pub mod reduction_order;
pub mod skipped_loops;
pub mod tables;
pub mod value_numbering;

#[cfg(test)]
mod tests;

use crate::ir::{Program, RegionId};

/// The passes that make the code faster.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[allow(clippy::struct_excessive_bools, reason = "each is a switch of its own")]
pub struct Passes {
    /// What was read or computed before is not read again.
    pub value_numbering: bool,
    /// What a loop computes anew of the same numbers is kept in a table.
    pub tables: bool,
    /// Both branches of a light `if` are computed.
    pub if_conversion: bool,
    /// Loops that only add up are reversed in forward order.
    pub reduction_order: bool,
    /// Losses over samples are reversed sample by sample.
    pub fused_loops: bool,
    /// What an iteration adds to elements beside each other is carried to the last addition.
    pub neighbours: bool,
    /// The records of a loop lie in one block.
    pub record_blocks: bool,
    /// Loops of which every contribution counts under one condition are skipped where it fails.
    pub skipped_loops: bool,
    /// Contributions under one condition stand in one branch.
    pub guarded_blocks: bool,
}

/// An environment variable for tests: names of passes that are left out, with commas between, or `all`.
const WITHOUT: &str = "GRADUS_WITHOUT_PASSES";

impl Passes {
    pub const ALL: Passes = Passes {
        value_numbering: true,
        tables: true,
        if_conversion: true,
        reduction_order: true,
        skipped_loops: true,
        guarded_blocks: true,
        fused_loops: true,
        neighbours: true,
        record_blocks: true,
    };
    pub const NONE: Passes = Passes {
        value_numbering: false,
        tables: false,
        if_conversion: false,
        reduction_order: false,
        skipped_loops: false,
        guarded_blocks: false,
        fused_loops: false,
        neighbours: false,
        record_blocks: false,
    };

    /// All but those that the environment names.
    pub fn chosen() -> Passes {
        std::env::var(WITHOUT).map_or(Passes::ALL, |names| Passes::ALL.without(&names))
    }

    fn without(mut self, names: &str) -> Passes {
        for name in names.split(',').map(str::trim).filter(|name| !name.is_empty()) {
            match name {
                "all" => self = Passes::NONE,
                "value_numbering" => self.value_numbering = false,
                "tables" => self.tables = false,
                "if_conversion" => self.if_conversion = false,
                "reduction_order" => self.reduction_order = false,
                "skipped_loops" => self.skipped_loops = false,
                "fused_loops" => self.fused_loops = false,
                "neighbours" => self.neighbours = false,
                "record_blocks" => self.record_blocks = false,
                "guarded_blocks" => self.guarded_blocks = false,
                name => panic!("{WITHOUT} names `{name}`, which is no pass"),
            }
        }
        self
    }
}

/// The number of the next region, of both sweeps. The reverse sweep may have lost regions of which it still knows what they
/// reverse.
fn next_region(program: &Program) -> RegionId {
    let reverse = program.reverse.iter();
    let mut greatest =
        reverse.clone().flat_map(|reverse| reverse.regions.values()).max().map_or(0, |region| region.0);
    for sweep in [&program.body].into_iter().chain(reverse.map(|reverse| &reverse.region)) {
        greatest = greatest.max(sweep.id.0);
        sweep.each(&mut |_, statement| {
            let regions = statement.kind.regions();
            greatest = regions.into_iter().map(|region| region.id.0).fold(greatest, usize::max);
        });
    }
    RegionId(greatest + 1)
}
