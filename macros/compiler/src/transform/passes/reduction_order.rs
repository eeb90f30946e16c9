//! A reverse loop that carries nothing, takes nothing back and only adds to adjoints may run in forward order, which processors
//! prefetch and compilers vectorise best.

use crate::ir::{Order, Program, Region, StatementKind};

pub fn run(program: &mut Program) {
    let Some(reverse) = &mut program.reverse else { return };
    reverse.region.each_region_mut(&mut |region| {
        for statement in &mut region.statements {
            if let StatementKind::Loop(repeat) = &mut statement.kind
                && let Order::Backward { trips, complete } = repeat.order
            {
                let whole =
                    (repeat.iterator.is_some() && trips.is_none()) || (repeat.items.is_some() && complete);
                if whole && repeat.carried.is_empty() && only_adds(&repeat.body) {
                    repeat.order = Order::Forward;
                }
            }
        }
    });
}

/// Whether the statements of a region can run in any order of iterations.
fn only_adds(region: &Region) -> bool {
    region.statements.iter().all(|statement| match &statement.kind {
        StatementKind::Operation { .. }
        | StatementKind::Load { .. }
        | StatementKind::Passive { .. }
        | StatementKind::Compute { .. }
        | StatementKind::Choose { .. }
        | StatementKind::Test { .. }
        | StatementKind::Sum { .. }
        | StatementKind::New { .. }
        | StatementKind::Accumulate { .. } => true,
        StatementKind::If { then, otherwise, .. } => only_adds(then) && only_adds(otherwise),
        StatementKind::Loop(repeat) => only_adds(&repeat.body),
        StatementKind::Store { .. }
        | StatementKind::Copy { .. }
        | StatementKind::Swap { .. }
        | StatementKind::Change { .. }
        | StatementKind::Take { .. }
        | StatementKind::Call(_)
        | StatementKind::CallReverse(_)
        | StatementKind::Record(_)
        | StatementKind::Replay(_) => false,
    })
}
