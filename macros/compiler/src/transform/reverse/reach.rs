//! Which adjoints are certainly reached: the result's is, and from one statement to the next what is added to without a
//! condition. Where it is not certain, what is reached is told from what is not when the sweep runs.
//!
//! A loop carries an adjoint from iteration to iteration. It is certain if it is at the end of the loop, and if an iteration
//! that is given it certainly passes it on. This is found as a greatest fixed point: all are assumed to be certain, and those
//! that turn out not to be are struck out until none is.

use super::loops::Sums;
use crate::ir::{
    Argument, Atom, Entry, Mode, Out, Outcome, Program, Region, StatementKind, StorageKind, ValueId,
};
use gradus_ops::Kind;
use std::collections::HashSet;

/// The values whose adjoints are certainly reached whenever the reverse sweep comes to where they were made; and those of which
/// nobody asks: where the sweeps are joint, parameters and what is loaded from them, since their adjoints only go to the
/// caller's buffers.
pub fn certain(program: &Program, sums: &Sums, mode: Mode, seeded: bool) -> HashSet<ValueId> {
    let mut reach = Reach { program, sums, certain: HashSet::new(), uncertain: HashSet::new() };
    let mut reached = HashSet::new();
    if let Outcome::Atom(Atom::Value(result)) = &program.outcome
        && !seeded
    {
        reached.insert(*result);
    }
    reach.region(&program.body, &mut reached);
    // The parameters are left.
    reach.certain.extend(reached);
    if mode == Mode::Joint {
        reach.certain.extend(program.entries.iter().filter_map(|entry| match entry {
            Entry::Scalar(value) | Entry::Passive(value) => Some(*value),
            Entry::Storage(_) => None,
        }));
        program.body.each(&mut |_, statement| {
            if let StatementKind::Load { out, place } = &statement.kind
                && matches!(program.storage(place.storage).kind, StorageKind::Parameter { .. })
            {
                reach.certain.insert(*out);
            }
        });
    }
    reach.certain
}

struct Reach<'p> {
    program: &'p Program,
    sums: &'p Sums,
    certain: HashSet<ValueId>,
    /// What loops carry, by its names inside, of which it turned out that an iteration need not reach it.
    uncertain: HashSet<ValueId>,
}

impl Reach<'_> {
    /// Adds to `reached` what the reverse of a region certainly reaches.
    fn region(&mut self, region: &Region, reached: &mut HashSet<ValueId>) {
        for statement in region.statements.iter().rev() {
            let mut made = Vec::new();
            statement.kind.makes(&mut made, &mut Vec::new());
            made.into_iter().for_each(|value| self.note(value, reached));
            self.statement(&statement.kind, reached);
        }
    }

    fn note(&mut self, value: ValueId, reached: &HashSet<ValueId>) {
        if reached.contains(&value) {
            self.certain.insert(value);
        } else {
            self.certain.remove(&value);
        }
    }

    fn statement(&mut self, kind: &StatementKind, reached: &mut HashSet<ValueId>) {
        let program = self.program;
        let active = |atom: &Atom| program.active(atom);
        match kind {
            StatementKind::Operation { out, op, operands } => {
                if reached.contains(out) && op.kind() == Kind::Smooth {
                    let operands = operands.iter().enumerate();
                    let operands = operands.filter(|(at, _)| op.has_partial(*at));
                    reached.extend(operands.filter_map(|(_, operand)| active(operand)));
                }
            }
            StatementKind::Call(call) => match call.out {
                Out::Value(out) if !call.in_halves && reached.contains(&out) => {
                    reached.extend(call.arguments.iter().filter_map(|argument| match argument {
                        Argument::Number { atom, partial: Some(_) } => active(atom),
                        Argument::Number { .. }
                        | Argument::Place { .. }
                        | Argument::Changed { .. }
                        | Argument::Passive(_) => None,
                    }));
                }
                Out::Value(_) | Out::Storage(_) | Out::Tuple(_) => {}
            },
            StatementKind::If { then, otherwise, outs, .. } => {
                let [then, otherwise] = [then, otherwise].map(|branch| {
                    let yields = outs.iter().zip(&branch.yields);
                    let yields = yields.filter(|(out, _)| reached.contains(out));
                    let mut found = yields.filter_map(|(_, atom)| active(atom)).collect();
                    self.region(branch, &mut found);
                    found
                });
                reached.extend(then.intersection(&otherwise));
            }
            StatementKind::Loop(repeat) => {
                let carried = || repeat.carried.iter().zip(&repeat.body.yields);
                let after: Vec<_> = carried()
                    .filter(|(carried, _)| reached.contains(&carried.after))
                    .filter(|(carried, _)| program.value(carried.inside).active)
                    .collect();
                loop {
                    let certain: Vec<_> = after
                        .iter()
                        .filter(|(carried, _)| !self.uncertain.contains(&carried.inside))
                        .copied()
                        .collect();
                    let mut found = certain.iter().filter_map(|(_, next)| active(next)).collect();
                    self.region(&repeat.body, &mut found);
                    repeat.carried.iter().for_each(|carried| self.note(carried.inside, &found));
                    let (kept, lost): (Vec<_>, Vec<_>) = certain.into_iter().partition(|(carried, next)| {
                        found.contains(&carried.inside) || self.sums.is_sum(repeat, carried, next)
                    });
                    self.uncertain.extend(lost.iter().map(|(carried, _)| carried.inside));
                    if lost.is_empty() {
                        reached.extend(kept.iter().filter_map(|(carried, _)| active(&carried.start)));
                        break;
                    }
                }
            }
            StatementKind::Passive { .. }
            | StatementKind::Load { .. }
            | StatementKind::New { .. }
            | StatementKind::Store { .. }
            | StatementKind::Copy { .. }
            | StatementKind::Swap { .. }
            | StatementKind::Change { .. }
            | StatementKind::Choose { .. }
            | StatementKind::Compute { .. }
            | StatementKind::Test { .. }
            | StatementKind::Accumulate { .. }
            | StatementKind::Take { .. }
            | StatementKind::Sum { .. }
            | StatementKind::Record(_)
            | StatementKind::Replay(_)
            | StatementKind::CallReverse(_) => {}
        }
    }
}
