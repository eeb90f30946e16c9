//! What varies: the values and storages that depend on a differentiable argument, and so have a tangent. A least fixed point,
//! since loops carry tangents from iteration to iteration.

use crate::ir::{
    Amount, Argument, Atom, Call, Change, Class, Entry, Expression, HostExpression, Init, Mode, Out, Piece,
    Program, Region, StatementKind, StorageId, ValueId,
};
use crate::transform::reverse::partial::OPERANDS;
use std::collections::HashSet;

/// What has a tangent.
pub struct Varied {
    values: HashSet<ValueId>,
    storages: HashSet<StorageId>,
    /// How many values the program had before its reverse sweep was written. The others have tangents without being active: they
    /// are adjoints, or computed for the reverse sweep alone.
    own: usize,
}

impl Varied {
    pub fn of(program: &Program, own: usize) -> Varied {
        let mut varied = Varied { values: HashSet::new(), storages: HashSet::new(), own };
        for entry in &program.entries {
            match entry {
                Entry::Scalar(value) if program.value(*value).active => {
                    varied.values.insert(*value);
                }
                Entry::Storage(storage) => {
                    varied.storages.insert(*storage);
                }
                Entry::Scalar(_) | Entry::Passive(_) => {}
            }
        }
        let mut size = 0;
        while size < varied.values.len() + varied.storages.len() {
            size = varied.values.len() + varied.storages.len();
            varied.region(program, &program.body);
            if let Some(reverse) = &program.reverse {
                if reverse.mode == Mode::Split {
                    varied.storages.extend(reverse.seed);
                }
                varied.region(program, &reverse.region);
            }
        }
        varied
    }

    pub fn value(&self, value: ValueId) -> bool {
        self.values.contains(&value)
    }

    pub fn storage(&self, storage: StorageId) -> bool {
        self.storages.contains(&storage)
    }

    pub fn atom(&self, atom: &Atom) -> bool {
        match atom {
            Atom::Value(value) => self.value(*value),
            Atom::Literal(_) => false,
        }
    }

    /// A number that was written beside the program's own.
    pub fn insert(&mut self, value: ValueId) {
        self.values.insert(value);
    }

    pub fn expression(&self, expression: &Expression) -> bool {
        match expression {
            Expression::Atom(atom) => self.atom(atom),
            Expression::Operation(op, operands) => operands
                .iter()
                .enumerate()
                .any(|(at, operand)| op.has_partial(at) && self.expression(operand)),
            Expression::Partial { op, operand, also, .. } => (0..op.arity()).any(|other| {
                let mut also = also.iter().filter(|(read, _)| *read == OPERANDS[other]);
                op.second(*operand, other).is_some() && also.any(|(_, atom)| self.atom(atom))
            }),
            Expression::Second { .. } => false,
            Expression::Push { partial, tangent } => self.expression(partial) || self.expression(tangent),
            Expression::Where { then, .. } => self.expression(then),
            Expression::Choice { then, otherwise, .. } => self.atom(then) || self.atom(otherwise),
        }
    }

    fn add(&mut self, varies: bool, value: ValueId) {
        if varies {
            self.values.insert(value);
        }
    }

    fn add_storage(&mut self, varies: bool, storage: StorageId) {
        if varies {
            self.storages.insert(storage);
        }
    }

    /// What is computed of the user's numbers varies if an adjoint flows through it: else nobody wants its tangent.
    fn add_active(&mut self, program: &Program, varies: bool, value: ValueId) {
        let of = program.value(value);
        self.add(varies && (of.active || value.0 >= self.own && of.class == Class::Float), value);
    }

    fn add_out(&mut self, program: &Program, varies: bool, out: &Out) {
        let (mut values, mut storages) = (Vec::new(), Vec::new());
        out.parts(&mut values, &mut storages);
        for value in values {
            let is_float = program.value(value).class == Class::Float;
            self.add(varies && is_float, value);
        }
        storages.into_iter().for_each(|storage| self.add_storage(varies, storage));
    }

    fn region(&mut self, program: &Program, region: &Region) {
        for statement in &region.statements {
            self.statement(program, &statement.kind);
        }
    }

    fn statement(&mut self, program: &Program, kind: &StatementKind) {
        match kind {
            StatementKind::Operation { out, op, operands } => {
                let mut operands = operands.iter().enumerate();
                let varies = operands.any(|(at, operand)| op.has_partial(at) && self.atom(operand));
                self.add_active(program, varies, *out);
            }
            StatementKind::Passive { out: Some(out), host } => {
                let varies = alias(host).is_some_and(|atom| self.atom(atom));
                self.add_active(program, varies, *out);
            }
            StatementKind::Load { out, place } => {
                let varies = self.storage(place.storage);
                self.add_active(program, varies, *out);
            }
            StatementKind::New { storage, init } => {
                let varies = self.init(init);
                self.add_storage(varies, *storage);
            }
            StatementKind::Store { place, value } => {
                let varies = self.atom(value);
                self.add_storage(varies, place.storage);
            }
            StatementKind::Copy { to, from } => {
                let varies = self.storage(from.storage);
                self.add_storage(varies, to.storage);
            }
            StatementKind::Swap { a, b } => {
                let varies = self.storage(a.storage) || self.storage(b.storage);
                self.add_storage(varies, a.storage);
                self.add_storage(varies, b.storage);
            }
            StatementKind::Change { place, change } => match change {
                Change::Push(init) => {
                    let varies = self.init(init);
                    self.add_storage(varies, place.storage);
                }
                Change::Pop(out) => {
                    let varies = self.storage(place.storage);
                    self.add_out(program, varies, out);
                }
                Change::Swap(..) | Change::Truncate { .. } | Change::Resize(_) => {}
            },
            StatementKind::Call(call) => self.call(program, call),
            StatementKind::If { then, otherwise, outs, .. } => {
                self.region(program, then);
                self.region(program, otherwise);
                for (at, out) in outs.iter().enumerate() {
                    let varies = self.atom(&then.yields[at]) || self.atom(&otherwise.yields[at]);
                    self.add(varies, *out);
                }
            }
            StatementKind::Choose { out, then, otherwise, .. } => {
                let varies = self.atom(then) || self.atom(otherwise);
                self.add_active(program, varies, *out);
            }
            StatementKind::Loop(repeat) => {
                for (carried, next) in repeat.carried.iter().zip(&repeat.body.yields) {
                    let varies = self.atom(&carried.start) || self.atom(next);
                    self.add(varies, carried.inside);
                    self.add(varies, carried.after);
                }
                repeat.test.iter().for_each(|(test, _)| self.region(program, test));
                self.region(program, &repeat.body);
            }
            StatementKind::Compute { out, expression } => {
                let varies = self.expression(expression);
                self.add(varies, *out);
            }
            StatementKind::Accumulate { place, amount } => {
                let varies = match amount {
                    Amount::Number(expression) => self.expression(expression),
                    Amount::Storage(from) | Amount::Field { from, .. } => self.storage(from.storage),
                };
                self.add_storage(varies, place.storage);
            }
            StatementKind::Take { out: Some(out), place } => {
                let varies = self.storage(place.storage);
                self.add_out(program, varies, out);
            }
            StatementKind::Sum { out, place } => {
                let varies = self.storage(place.storage);
                self.add(varies, *out);
            }
            StatementKind::CallReverse(call) => {
                // What a callee adds to an adjoint changes with its arguments.
                for buffer in call.buffers.iter().flatten() {
                    self.add_storage(true, buffer.storage);
                }
            }
            StatementKind::Passive { out: None, .. }
            | StatementKind::Test { .. }
            | StatementKind::Take { out: None, .. }
            | StatementKind::Record(_)
            | StatementKind::Replay(_) => {}
        }
    }

    fn call(&mut self, program: &Program, call: &Call) {
        let varies = call.arguments.iter().any(|argument| match argument {
            Argument::Number { atom, .. } => self.atom(atom),
            Argument::Place { place, .. } | Argument::Changed { place, .. } => self.storage(place.storage),
            Argument::Passive(_) => false,
        });
        self.add_out(program, varies, &call.out);
        for argument in &call.arguments {
            if let Argument::Changed { place, .. } = argument {
                self.add_storage(varies, place.storage);
            }
        }
    }

    pub fn init(&self, init: &Init) -> bool {
        match init {
            Init::Passive(_) | Init::Unset | Init::Unreached(_) => false,
            Init::List { elements, .. } | Init::Tuple(elements) => {
                elements.iter().any(|element| self.init(element))
            }
            Init::Struct { fields, base, .. } => {
                fields.iter().any(|(_, init)| self.init(init))
                    || base.as_ref().is_some_and(|base| self.storage(base.storage))
            }
            Init::Repeat { element, .. } => self.init(element),
            Init::Copy { place, .. } => self.storage(place.storage),
            Init::Atom(atom) => self.atom(atom),
            Init::Storage(storage) => self.storage(*storage),
            Init::Number(expression) => self.expression(expression),
        }
    }
}

/// What a host expression is another name of.
pub fn alias(host: &HostExpression) -> Option<&Atom> {
    match host.pieces.as_slice() {
        [Piece::Atom(atom)] if host.names.is_empty() => Some(atom),
        _ => None,
    }
}
