//! Records in blocks: where the number of iterations is known before a loop, its records lie in one block of the frame. Room for
//! all of them is made once, and no iteration asks whether there is any.

use crate::ir::{Class, Loop, Order, Program, Region, StatementKind};
use std::collections::HashMap;

pub fn run(program: &mut Program) {
    let Some(mut reverse) = program.reverse.take() else { return };
    // Both loops of a record have a block, or none has.
    let mut loops: HashMap<usize, usize> = HashMap::new();
    for sweep in [&program.body, &reverse.region] {
        each_loop(sweep, &mut |repeat| {
            fills_block(program, repeat)
                .into_iter()
                .for_each(|number| *loops.entry(number).or_default() += 1);
        });
    }
    let mut body = std::mem::replace(
        &mut program.body,
        Region { id: crate::ir::RegionId(0), statements: Vec::new(), yields: Vec::new() },
    );
    for sweep in [&mut body, &mut reverse.region] {
        sweep.each_region_mut(&mut |region| {
            for statement in &mut region.statements {
                if let StatementKind::Loop(repeat) = &mut statement.kind {
                    repeat.block =
                        fills_block(program, repeat).filter(|number| loops.get(number) == Some(&2));
                }
            }
        });
    }
    program.body = body;
    program.reverse = Some(reverse);
}

fn each_loop(region: &Region, visit: &mut dyn FnMut(&Loop)) {
    region.each(&mut |_, statement| {
        if let StatementKind::Loop(repeat) = &statement.kind {
            visit(repeat);
        }
    });
}

/// The number of the record of a loop over integers that runs to its end, where every iteration leaves or takes one record of
/// numbers alone, and nothing else is on the frame meanwhile.
pub fn fills_block(program: &Program, repeat: &Loop) -> Option<usize> {
    let is_whole = match repeat.order {
        Order::Forward => repeat.test.is_none() && repeat.until.is_none(),
        Order::Backward { trips, .. } => trips.is_none(),
    };
    if !is_whole || repeat.iterator.is_none() || repeat.items.is_some() {
        return None;
    }
    let mut found = None;
    for statement in &repeat.body.statements {
        if let StatementKind::Record(record) | StatementKind::Replay(record) = &statement.kind {
            let are_numbers = record.values.iter().all(|value| program.value(*value).class == Class::Float);
            if found.is_some() || !are_numbers || !record.storages.is_empty() {
                return None;
            }
            found = Some(record.number);
        } else if uses_frame(&statement.kind) {
            return None;
        }
    }
    found
}

/// Whether a statement, or one within, leaves something on the frame or takes something from it.
fn uses_frame(kind: &StatementKind) -> bool {
    let own = match kind {
        StatementKind::Call(call) => call.in_halves,
        StatementKind::CallReverse(_) | StatementKind::Record(_) | StatementKind::Replay(_) => true,
        StatementKind::Operation { .. }
        | StatementKind::Passive { .. }
        | StatementKind::Load { .. }
        | StatementKind::New { .. }
        | StatementKind::Store { .. }
        | StatementKind::Copy { .. }
        | StatementKind::Swap { .. }
        | StatementKind::Change { .. }
        | StatementKind::If { .. }
        | StatementKind::Choose { .. }
        | StatementKind::Loop(_)
        | StatementKind::Compute { .. }
        | StatementKind::Test { .. }
        | StatementKind::Accumulate { .. }
        | StatementKind::Take { .. }
        | StatementKind::Sum { .. } => false,
    };
    let inner = kind.regions();
    own || inner.iter().any(|region| region.statements.iter().any(|statement| uses_frame(&statement.kind)))
}
