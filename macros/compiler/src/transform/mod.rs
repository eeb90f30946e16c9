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

use crate::ir::{Mode, Program};
use crate::reasons::Unsupported;

pub use passes::Passes;
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
    passes::argument_copies::run(&mut program);
    if passes.if_conversion {
        passes::if_conversion::run(&mut program);
    }
    liveness::drop_dead(&mut program);
    let mut program = reverse::reverse(program, mode, seeded);
    record::record(&mut program)?;
    if passes.reduction_order {
        passes::reduction_order::run(&mut program);
    }
    if passes.skipped_loops {
        passes::skipped_loops::run(&mut program);
    }
    if passes.guarded_blocks {
        passes::guarded_blocks::run(&mut program);
    }
    Ok(program)
}
