//! Loops that only add up: no record to take back, and what they carry passes its adjoint on as it is. Their iterations can
//! be reversed in any order; forward is the one that is vectorised best.

use super::Adjoint;
use crate::ir::{Atom, Loop, Region, RegionId, StatementKind, ValueId};
use gradus_ops::Op;
use std::collections::BTreeSet;

pub fn find(adjoint: &Adjoint) -> BTreeSet<RegionId> {
    let mut found = BTreeSet::new();
    find_in(&adjoint.program.body, adjoint, &mut found);
    found
}

/// Those of them that lie within another loop. All that arrives at one arrives by what it carries, and most often at some of
/// them nothing does: −0, where the adjoint begins.
pub fn find_quiet(adjoint: &Adjoint) -> BTreeSet<RegionId> {
    let (mut all, mut outermost) = (BTreeSet::new(), BTreeSet::new());
    find_in(&adjoint.program.body, adjoint, &mut all);
    loops_of(&adjoint.program.body, &mut outermost);
    all.difference(&outermost).copied().collect()
}

/// The loops that no loop is around.
fn loops_of(region: &Region, found: &mut BTreeSet<RegionId>) {
    for statement in &region.statements {
        match &statement.kind {
            StatementKind::If { then, otherwise, .. } => {
                loops_of(then, found);
                loops_of(otherwise, found);
            }
            StatementKind::Loop(repeat) => drop(found.insert(repeat.body.id)),
            _ => {}
        }
    }
}

fn find_in(region: &Region, adjoint: &Adjoint, found: &mut BTreeSet<RegionId>) {
    for statement in &region.statements {
        match &statement.kind {
            StatementKind::If { then, otherwise, .. } => {
                find_in(then, adjoint, found);
                find_in(otherwise, adjoint, found);
            }
            StatementKind::Loop(repeat) => {
                let replayed = adjoint.replayed.contains(&repeat.body.id);
                let whole = match &repeat.until {
                    None => repeat.iterator.is_some(),
                    // Nothing ends it but its iterator.
                    Some((Atom::Literal(_), _)) => replayed,
                    Some((Atom::Value(_), _)) => false,
                };
                if whole && leaves_nothing(&repeat.body, adjoint) && only_adds_up(repeat, adjoint) {
                    found.insert(repeat.body.id);
                }
                find_in(&repeat.body, adjoint, found);
            }
            _ => {}
        }
    }
}

/// Whether an iteration saves nothing, itself or in what it calls, and changes no memory from outside.
fn leaves_nothing(region: &Region, adjoint: &Adjoint) -> bool {
    adjoint.saved.get(&region.id).is_none_or(Vec::is_empty)
        && adjoint.kept.get(&region.id).is_none_or(Vec::is_empty)
        && region.statements.iter().all(|statement| match &statement.kind {
            StatementKind::If { then, otherwise, .. } => {
                leaves_nothing(then, adjoint) && leaves_nothing(otherwise, adjoint)
            }
            StatementKind::Loop(repeat) => leaves_nothing(&repeat.body, adjoint),
            StatementKind::Store { .. }
            | StatementKind::Copy { .. }
            | StatementKind::Swap { .. }
            | StatementKind::Change { .. } => false,
            // A callee takes its records back in the order in which it left them.
            StatementKind::Call(call) => !call.in_halves,
            _ => true,
        })
}

fn only_adds_up(repeat: &Loop, adjoint: &Adjoint) -> bool {
    let program = &adjoint.program;
    let mut reads = Vec::new();
    all_reads(&repeat.body, &mut reads);
    repeat.carried.iter().zip(&repeat.body.yields).all(|(carried, next)| {
        if !program.value(carried.inside).active {
            return true;
        }
        let Some(next) = program.active(next) else { return false };
        let adds = repeat.body.statements.iter().any(|statement| match &statement.kind {
            StatementKind::Operation { out, op: Op::Add | Op::Sub, operands, .. } => {
                *out == next && matches!(operands[0], Atom::Value(first) if first == carried.inside)
            }
            _ => false,
        });
        adds && reads.iter().filter(|read| **read == carried.inside).count() == 1
            && reads.iter().filter(|read| **read == next).count() == 1
    })
}

/// Everything that is read in a region, its yields included.
fn all_reads(region: &Region, reads: &mut Vec<ValueId>) {
    for statement in &region.statements {
        match &statement.kind {
            StatementKind::If { then, otherwise, .. } => {
                all_reads(then, reads);
                all_reads(otherwise, reads);
            }
            StatementKind::Loop(repeat) => all_reads(&repeat.body, reads),
            _ => {}
        }
        statement.kind.read(reads);
    }
    region.yields.iter().for_each(|atom| atom.read(reads));
}
