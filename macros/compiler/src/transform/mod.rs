//! Transformations of programs.
//!
//! ```text
//! Program ──argument copies, if-conversion, liveness──▶ Program ──reverse──▶ Program ──record──▶ Program ──passes──▶ Program
//! ```
//!
//! The first passes prepare the forward sweep, `reverse` writes the reverse sweep beside it, `record` gives the reverse sweep
//! what it reads, and the last passes make it faster.

mod clobber;
mod liveness;
mod passes;
mod record;
mod reverse;
mod tangent;

#[cfg(test)]
use crate::ir::verify::verify;
use crate::ir::{Mode, Program};
use crate::reasons::Unsupported;
use std::collections::BTreeSet;

pub use passes::Passes;
#[cfg(test)]
pub use passes::record_blocks::fills_block;
pub use tangent::tangent;

/// A program with its reverse sweep. `seeded` tells whether the caller gives weights for the result's numbers; else the result
/// is one number.
///
/// # Errors
///
/// If the reverse sweep cannot be given what it reads.
pub fn differentiate(
    mut program: Program,
    mode: Mode,
    seeded: bool,
    passes: Passes,
) -> Result<Program, Unsupported> {
    step(&mut program, passes::argument_copies::run);
    if passes.if_conversion {
        step(&mut program, passes::if_conversion::run);
    }
    if passes.value_numbering {
        step(&mut program, passes::value_numbering::run);
    }
    liveness::drop_dead(&mut program);
    #[cfg(test)]
    well_formed(&program, crate::ir::verify::verify_live);
    let mut program = reverse::reverse(program, mode, seeded, false);
    let tables = if passes.tables { passes::tables::run(&mut program) } else { BTreeSet::new() };
    record::record(&mut program, &tables)?;
    #[cfg(test)]
    well_formed(&program, verify);
    if passes.reduction_order {
        step(&mut program, passes::reduction_order::run);
    }
    if passes.skipped_loops {
        step(&mut program, passes::skipped_loops::run);
    }
    if passes.guarded_blocks {
        step(&mut program, passes::guarded_blocks::run);
    }
    if passes.fused_loops {
        step(&mut program, passes::fused_loops::run);
    }
    if passes.neighbours {
        step(&mut program, passes::neighbours::run);
    }
    if passes.record_blocks {
        step(&mut program, passes::record_blocks::run);
    }
    Ok(program)
}

/// A program with its reverse sweep, and tangents beside the numbers of both: the adjoints' tangents are the product of the
/// Hessian and a direction. `None` where some of it is not compiled.
pub fn second(mut program: Program, mode: Mode, seeded: bool, passes: Passes) -> Option<Program> {
    tangent::calls_in_halves(&mut program)?;
    step(&mut program, passes::argument_copies::run);
    if passes.if_conversion {
        step(&mut program, passes::if_conversion::run);
    }
    if passes.value_numbering {
        step(&mut program, passes::value_numbering::run);
    }
    liveness::drop_dead(&mut program);
    let own = program.values.len();
    let mut program = reverse::reverse(program, mode, seeded, true);
    record::record(&mut program, &BTreeSet::new()).ok()?;
    #[cfg(test)]
    well_formed(&program, verify);
    tangent::of_sweeps(program, own)
}

/// Runs a transformation. In tests the program that it makes is verified.
fn step(program: &mut Program, run: fn(&mut Program)) {
    run(program);
    #[cfg(test)]
    well_formed(program, verify);
}

#[cfg(test)]
fn well_formed(program: &Program, verify: fn(&Program) -> Result<(), String>) {
    verify(program).unwrap_or_else(|complaint| panic!("{complaint}\n{program}"));
}
