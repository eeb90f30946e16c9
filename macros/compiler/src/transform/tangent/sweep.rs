//! The tangents of the reverse sweep: of adjoints, of what is recorded, and of partial derivatives.

use super::Transformation;
use super::arithmetic::{plus, pushed};
use crate::ir::{
    Amount, Atom, Class, Expression, Mode, Out, Place, Record, Reverse, StatementKind, Storage, StorageId,
    ValueId,
};
use crate::transform::reverse::partial::{Applied, OPERANDS};
use gradus_ops::{Op, Read};

impl Transformation {
    // --- the sweep as a whole

    /// The buffers for the tangents of adjoints, and the tangents of the weights.
    pub(super) fn sweep_parameters(
        &mut self,
        reverse: &Reverse,
    ) -> (Vec<Option<StorageId>>, Option<StorageId>) {
        let buffers: Vec<_> =
            reverse.buffers.iter().map(|buffer| Some(self.tangent_storage((*buffer)?))).collect();
        let seed = match reverse.mode {
            Mode::Split => reverse.seed.map(|seed| self.tangent_storage(seed)),
            // The weight of a single result is 1.
            Mode::Joint => None,
        };
        (buffers, seed)
    }

    /// The caller's storage for the tangents of another one of the caller's.
    fn tangent_storage(&mut self, of: StorageId) -> StorageId {
        let storage = self.program.storage(of);
        let (name, kind) = (format!("{}_d", self.program.stem(&storage.ident)), storage.kind);
        let ident = self.named(&name);
        self.program.storages.push(Storage { ident, kind });
        let tangent = StorageId(self.program.storages.len() - 1);
        self.storages.insert(of, tangent);
        tangent
    }

    /// The reverse sweep with tangents.
    pub(super) fn sweep(&mut self, reverse: Reverse) -> Option<Reverse> {
        let region = self.region(&reverse.region, |_| Some(Vec::new()))?;
        Some(Reverse { region, ..reverse })
    }

    // --- its statements

    pub(super) fn compute(&mut self, out: ValueId, expression: &Expression) {
        if let Some(tangent) = self.tangent_of(out)
            && let Some(expression) = self.moved(expression)
        {
            self.push(StatementKind::Compute { out: tangent, expression });
        }
    }

    pub(super) fn accumulate(&mut self, place: &Place, amount: &Amount) {
        let Some(place) = self.place(place) else { return };
        let amount = match amount {
            Amount::Number(expression) => self.moved(expression).map(Amount::Number),
            Amount::Storage(from) => self.place(from).map(Amount::Storage),
            Amount::Field { from, taken } => {
                self.place(from).map(|from| Amount::Field { from, taken: *taken })
            }
        };
        if let Some(amount) = amount {
            self.push(StatementKind::Accumulate { place, amount });
        }
    }

    pub(super) fn take(&mut self, out: Option<&Out>, place: &Place) {
        if let Some(place) = self.place(place) {
            let out = out.map(|out| self.out(out));
            self.push(StatementKind::Take { out, place });
        }
    }

    pub(super) fn sum(&mut self, out: ValueId, place: &Place) {
        if let (Some(out), Some(place)) = (self.tangent_of(out), self.place(place)) {
            self.push(StatementKind::Sum { out, place });
        }
    }

    /// A record with the tangents of what is in it.
    pub(super) fn record(&mut self, record: &Record) -> Record {
        let Record { number, mut values, mut storages } = record.clone();
        values.extend(record.values.iter().filter_map(|value| self.tangent_of(*value)));
        storages.extend(record.storages.iter().filter_map(|storage| self.storage_of(*storage)));
        Record { number, values, storages }
    }

    // --- its arithmetic

    /// The tangent of an expression, if it varies.
    pub(super) fn moved(&mut self, expression: &Expression) -> Option<Expression> {
        if !self.varied.expression(expression) {
            return None;
        }
        match expression {
            Expression::Atom(atom) => self.moving(atom).map(Expression::Atom),
            Expression::Operation(Op::Add, operands) => {
                let terms = operands.iter().map(|operand| self.moved(operand)).collect::<Vec<_>>();
                terms.into_iter().fold(None, plus)
            }
            Expression::Operation(Op::Sub, operands) => {
                let (a, b) = (self.moved(&operands[0]), self.moved(&operands[1]));
                plus(a, b.map(negated))
            }
            Expression::Operation(Op::Neg, operands) => self.moved(&operands[0]).map(negated),
            Expression::Operation(op, operands) => {
                let operands: Vec<_> = operands.iter().map(|operand| self.settled(operand)).collect();
                let reads_result = (0..op.arity())
                    .any(|at| self.varied.atom(&operands[at]) && op.reads(at).contains(&Read::Y));
                let out = if reads_result { self.result(*op, &operands) } else { Atom::number(0.0) };
                self.shares(Applied { op: *op, operands: &operands, out: &out, both: true, second: false })
            }
            Expression::Partial { op, operand, also, .. } => {
                let read =
                    |read: Read| also.iter().find(|(own, _)| *own == read).map(|(_, atom)| atom.clone());
                let mut sum = None;
                for (other, own) in OPERANDS.into_iter().enumerate().take(op.arity()) {
                    let Some((_, reads)) = op.second(*operand, other) else { continue };
                    let Some(moving) = read(own).and_then(|atom| self.moving(&atom)) else {
                        continue;
                    };
                    let reads = reads.iter().filter_map(|needed| read(*needed)).collect();
                    let second = Expression::Second { op: *op, operands: [*operand, other], reads };
                    sum = plus(sum, Some(pushed(second, Expression::Atom(moving))));
                }
                sum
            }
            Expression::Where { condition, holds, then } => {
                let then = Box::new(self.moved(then)?);
                Some(Expression::Where { condition: condition.clone(), holds: *holds, then })
            }
            Expression::Choice { condition, then, otherwise } => {
                let (then, otherwise) = (self.tangent_atom(then), self.tangent_atom(otherwise));
                Some(Expression::Choice { condition: condition.clone(), then, otherwise })
            }
            Expression::Push { .. } | Expression::Second { .. } => {
                unreachable!("a program has tangents once")
            }
        }
    }

    /// An expression as an atom, with its tangent if it varies.
    fn settled(&mut self, expression: &Expression) -> Atom {
        let out = match expression {
            Expression::Atom(atom) => return atom.clone(),
            Expression::Operation(op, operands) => {
                let operands: Vec<_> = operands.iter().map(|operand| self.settled(operand)).collect();
                let varies = self.varied.expression(expression);
                let out = self.result(*op, &operands);
                if varies {
                    let applied =
                        Applied { op: *op, operands: &operands, out: &out, both: true, second: false };
                    let tangent = self.shares(applied);
                    self.with_tangent(&out, tangent);
                }
                return out;
            }
            Expression::Partial { .. }
            | Expression::Second { .. }
            | Expression::Where { .. }
            | Expression::Push { .. }
            | Expression::Choice { .. } => self.value_here("part", Class::Float),
        };
        self.push(StatementKind::Compute { out, expression: expression.clone() });
        let (out, tangent) = (Atom::Value(out), self.moved(expression));
        self.with_tangent(&out, tangent);
        out
    }

    /// The result of an operation, as a number of its own.
    fn result(&mut self, op: Op, operands: &[Atom]) -> Atom {
        let out = self.value_here("part", Class::Float);
        let operands = operands.iter().cloned().map(Expression::Atom).collect();
        self.push(StatementKind::Compute { out, expression: Expression::Operation(op, operands) });
        Atom::Value(out)
    }

    fn with_tangent(&mut self, out: &Atom, tangent: Option<Expression>) {
        if let (Atom::Value(out), Some(expression)) = (out, tangent) {
            self.varied.insert(*out);
            if let Some(out) = self.tangent_of(*out) {
                self.push(StatementKind::Compute { out, expression });
            }
        }
    }
}

/// −1 times a tangent: −0 stays −0.
fn negated(tangent: Expression) -> Expression {
    pushed(Expression::Atom(Atom::number(-1.0)), tangent)
}
