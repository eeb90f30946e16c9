//! Values that the result does not depend on, as far as derivatives go, need no adjoint: what is only compared or rounded, what
//! is computed and never used. They are passive from here on.

use crate::ir::{Argument, Atom, Change, Init, Outcome, Program, Region, StatementKind, ValueId};
use std::collections::{BTreeMap, BTreeSet};

/// Who passes an adjoint on to whom.
#[derive(Default)]
struct Flow {
    /// From a value to those that it is computed from.
    sources: BTreeMap<ValueId, Vec<ValueId>>,
    /// Values that get an adjoint from what is no value: the result, memories, callees.
    seeded: Vec<ValueId>,
}

/// Makes the values passive that no adjoint arrives at.
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

    fn pass(&mut self, from: ValueId, to: &Atom) {
        to.read(self.sources.entry(from).or_default());
    }

    fn region(&mut self, region: &Region) {
        for statement in &region.statements {
            match &statement.kind {
                StatementKind::Operation { out, op, operands, .. } => {
                    for (k, operand) in operands.iter().enumerate() {
                        if op.has_partial(k) {
                            self.pass(*out, operand);
                        }
                    }
                }
                StatementKind::New { init, .. }
                | StatementKind::Change { change: Change::Push(init), .. } => {
                    self.init(init);
                }
                StatementKind::Store { value, .. } => self.seed(value),
                StatementKind::Call(call) => call.arguments.iter().for_each(|argument| {
                    if let Argument::Number { atom, .. } = argument {
                        self.seed(atom);
                    }
                }),
                StatementKind::If { then, otherwise, outs, .. } => {
                    for branch in [then, otherwise] {
                        outs.iter().zip(&branch.yields).for_each(|(out, atom)| self.pass(*out, atom));
                        self.region(branch);
                    }
                }
                StatementKind::Loop(repeat) => {
                    for (carried, next) in repeat.carried.iter().zip(&repeat.body.yields) {
                        self.pass(carried.after, next);
                        self.pass(carried.after, &Atom::Value(carried.inside));
                        self.pass(carried.inside, next);
                        self.pass(carried.inside, &carried.start);
                        self.pass(carried.after, &carried.start);
                    }
                    self.region(&repeat.body);
                }
                StatementKind::Passive { .. }
                | StatementKind::Load { .. }
                | StatementKind::Copy { .. }
                | StatementKind::Swap { .. }
                | StatementKind::Change { .. } => {}
            }
        }
    }

    fn init(&mut self, init: &Init) {
        match init {
            Init::Passive(_) | Init::Copy { .. } => {}
            Init::List { elements, .. } | Init::Tuple(elements) => {
                elements.iter().for_each(|element| self.init(element));
            }
            Init::Repeat { element, .. } => self.init(element),
            Init::Atom(atom) => self.seed(atom),
        }
    }
}
