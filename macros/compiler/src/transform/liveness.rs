//! Liveness of adjoints: a value whose derivative never flows into the result needs no adjoint and becomes passive: what is only
//! compared or rounded, what is computed and never used.

use crate::ir::{Argument, Atom, Change, Init, Outcome, Program, Region, StatementKind, ValueId};
use std::collections::{BTreeMap, BTreeSet};

/// Which value's adjoint flows into which.
#[derive(Default)]
struct Flow {
    /// From a value to those that it is computed from.
    sources: BTreeMap<ValueId, Vec<ValueId>>,
    /// Values whose adjoints come from what is no value: the result, storages, callees.
    seeded: Vec<ValueId>,
}

/// Makes the values passive that no adjoint flows into.
pub fn drop_dead(program: &mut Program) {
    let mut flow = Flow::default();
    flow.outcome(&program.outcome);
    flow.region(&program.body);
    let mut live = BTreeSet::new();
    let mut pending = flow.seeded;
    while let Some(value) = pending.pop() {
        if live.insert(value) {
            pending.extend(flow.sources.get(&value).into_iter().flatten());
        }
    }
    for (at, value) in program.values.iter_mut().enumerate() {
        value.active &= live.contains(&ValueId(at));
    }
}

impl Flow {
    fn outcome(&mut self, outcome: &Outcome) {
        match outcome {
            Outcome::Atom(atom) => self.seed(atom),
            Outcome::Place(_) => {}
            Outcome::Tuple(parts) | Outcome::List(parts) => parts.iter().for_each(|part| self.outcome(part)),
        }
    }

    fn seed(&mut self, atom: &Atom) {
        atom.read(&mut self.seeded);
    }

    fn flows(&mut self, from: ValueId, to: &Atom) {
        to.read(self.sources.entry(from).or_default());
    }

    fn region(&mut self, region: &Region) {
        for statement in &region.statements {
            match &statement.kind {
                StatementKind::Operation { out, op, operands } => {
                    let operands = operands.iter().enumerate().filter(|(at, _)| op.has_partial(*at));
                    operands.for_each(|(_, operand)| self.flows(*out, operand));
                }
                StatementKind::Choose { out, then, otherwise, .. } => {
                    self.flows(*out, then);
                    self.flows(*out, otherwise);
                }
                StatementKind::New { init, .. }
                | StatementKind::Change { change: Change::Push(init), .. } => {
                    self.init(init);
                }
                StatementKind::Store { value, .. } => self.seed(value),
                StatementKind::Call(call) => call.arguments.iter().for_each(|argument| match argument {
                    Argument::Number { atom, .. } => self.seed(atom),
                    Argument::Place { .. } | Argument::Changed { .. } | Argument::Passive(_) => {}
                }),
                StatementKind::If { then, otherwise, outs, .. } => {
                    for branch in [then, otherwise] {
                        outs.iter().zip(&branch.yields).for_each(|(out, atom)| self.flows(*out, atom));
                        self.region(branch);
                    }
                }
                StatementKind::Loop(repeat) => {
                    for (carried, next) in repeat.carried.iter().zip(&repeat.body.yields) {
                        self.flows(carried.after, next);
                        self.flows(carried.after, &Atom::Value(carried.inside));
                        self.flows(carried.inside, next);
                        self.flows(carried.inside, &carried.start);
                        self.flows(carried.after, &carried.start);
                    }
                    self.region(&repeat.body);
                }
                StatementKind::Passive { .. }
                | StatementKind::Load { .. }
                | StatementKind::Copy { .. }
                | StatementKind::Swap { .. }
                | StatementKind::Change {
                    change: Change::Pop(_) | Change::Swap(..) | Change::Truncate { .. } | Change::Resize(_),
                    ..
                }
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

    fn init(&mut self, init: &Init) {
        match init {
            Init::List { elements, .. } | Init::Tuple(elements) => {
                elements.iter().for_each(|element| self.init(element));
            }
            Init::Struct { fields, .. } => fields.iter().for_each(|(_, init)| self.init(init)),
            Init::Repeat { element, .. } => self.init(element),
            Init::Atom(atom) => self.seed(atom),
            Init::Passive(_)
            | Init::Unset
            | Init::Copy { .. }
            | Init::Storage(_)
            | Init::Number(_)
            | Init::Unreached(_) => {}
        }
    }
}
