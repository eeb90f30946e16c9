//! The values from outside that a region contributes to: those that it reads where a derivative flows back. They get
//! accumulators before the region is reversed.

use crate::ir::{Argument, Atom, Change, Init, Program, Region, RegionId, StatementKind, ValueId};
use std::collections::{BTreeSet, HashMap};

pub fn of(program: &Program) -> HashMap<RegionId, BTreeSet<ValueId>> {
    let mut receivers = Receivers { program, found: HashMap::new() };
    receivers.region(&program.body);
    receivers.found
}

struct Receivers<'p> {
    program: &'p Program,
    found: HashMap<RegionId, BTreeSet<ValueId>>,
}

impl Receivers<'_> {
    /// Those of a region and of the regions in it.
    fn region(&mut self, region: &Region) -> BTreeSet<ValueId> {
        let mut found = BTreeSet::new();
        region.yields.iter().for_each(|atom| self.note(atom, &mut found));
        for statement in &region.statements {
            self.statement(&statement.kind, &mut found);
        }
        found.retain(|value| self.program.value(*value).region != region.id);
        self.found.insert(region.id, found.clone());
        found
    }

    fn note(&self, atom: &Atom, found: &mut BTreeSet<ValueId>) {
        found.extend(self.program.active(atom));
    }

    fn statement(&mut self, kind: &StatementKind, found: &mut BTreeSet<ValueId>) {
        match kind {
            StatementKind::Operation { op, operands, .. } => {
                let operands = operands.iter().enumerate().filter(|(at, _)| op.has_partial(*at));
                operands.for_each(|(_, operand)| self.note(operand, found));
            }
            StatementKind::Choose { then, otherwise, .. } => {
                self.note(then, found);
                self.note(otherwise, found);
            }
            StatementKind::New { init, .. } | StatementKind::Change { change: Change::Push(init), .. } => {
                self.init(init, found);
            }
            StatementKind::Store { value, .. } => self.note(value, found),
            StatementKind::Call(call) => call.arguments.iter().for_each(|argument| match argument {
                Argument::Number { atom, .. } => self.note(atom, found),
                Argument::Place { .. } | Argument::Changed { .. } | Argument::Passive(_) => {}
            }),
            StatementKind::If { then, otherwise, .. } => {
                found.extend(self.region(then));
                found.extend(self.region(otherwise));
            }
            StatementKind::Loop(repeat) => {
                repeat.carried.iter().for_each(|carried| self.note(&carried.start, found));
                found.extend(self.region(&repeat.body));
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

    fn init(&self, init: &Init, found: &mut BTreeSet<ValueId>) {
        match init {
            Init::Atom(atom) => self.note(atom, found),
            Init::List { elements, .. } | Init::Tuple(elements) => {
                elements.iter().for_each(|element| self.init(element, found));
            }
            Init::Struct { fields, .. } => fields.iter().for_each(|(_, init)| self.init(init, found)),
            Init::Repeat { element, .. } => self.init(element, found),
            Init::Passive(_)
            | Init::Unset
            | Init::Copy { .. }
            | Init::Storage(_)
            | Init::Number(_)
            | Init::Unreached(_) => {}
        }
    }
}
