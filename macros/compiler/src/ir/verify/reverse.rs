//! What the statements of the reverse sweep must satisfy.

use super::{Verified, Verifier, ensure};
use crate::ir::{
    Amount, Argument, CallReverse, Class, Expression, Out, Place, Record, RegionId, Seed, StatementKind,
    StorageKind, Test,
};
use gradus_ops::Form;
use std::collections::BTreeSet;

impl Verifier<'_> {
    pub(super) fn of_the_reverse_sweep(&mut self, region: RegionId, kind: &StatementKind) -> Verified {
        match kind {
            StatementKind::Compute { out, expression } => {
                self.expression(expression)?;
                self.float(*out)?;
                self.define(*out, region)
            }
            StatementKind::Test { out, test } => {
                self.test(test)?;
                self.define(*out, region)
            }
            StatementKind::Accumulate { place, amount } => {
                self.adjoint(place)?;
                match amount {
                    Amount::Number(expression) => self.expression(expression),
                    Amount::Storage(from) | Amount::Field { from, .. } => self.place(from),
                }
            }
            StatementKind::Take { out, place } => {
                self.adjoint(place)?;
                match out {
                    None => Ok(()),
                    Some(Out::Value(out)) => self.define(*out, region),
                    Some(Out::Storage(storage)) => self.make(*storage, region),
                    Some(Out::Tuple(_)) => Err("several results of a `take`".to_owned()),
                }
            }
            StatementKind::Sum { out, place } => {
                self.place(place)?;
                self.define(*out, region)
            }
            StatementKind::Record(record) => self.record(record),
            StatementKind::Replay(record) => self.replay(region, record),
            StatementKind::CallReverse(call) => self.call_reverse(call),
            StatementKind::Operation { .. }
            | StatementKind::Passive { .. }
            | StatementKind::Load { .. }
            | StatementKind::New { .. }
            | StatementKind::Store { .. }
            | StatementKind::Copy { .. }
            | StatementKind::Swap { .. }
            | StatementKind::Change { .. }
            | StatementKind::Call(_)
            | StatementKind::If { .. }
            | StatementKind::Choose { .. }
            | StatementKind::Loop(_) => Ok(()),
        }
    }

    /// A place of an adjoint.
    fn adjoint(&self, place: &Place) -> Verified {
        let storage = self.program.storage(place.storage);
        let is_adjoint = matches!(storage.kind, StorageKind::Adjoint { .. } | StorageKind::Buffer { .. });
        ensure(is_adjoint, || format!("`{}` is no adjoint", storage.ident))?;
        self.place(place)
    }

    pub(super) fn expression(&self, expression: &Expression) -> Verified {
        match expression {
            Expression::Atom(atom) => self.number(atom),
            Expression::Operation(op, operands) => {
                ensure(op.arity() == operands.len() && op.form() != Form::Own, || {
                    format!("`{}` of {} operands", op.name(), operands.len())
                })?;
                operands.iter().try_for_each(|operand| self.expression(operand))
            }
            Expression::Second { op, operands: [first, other], reads } => {
                let expected = op.second(*first, *other).map(|(_, reads)| reads.len());
                ensure(expected == Some(reads.len()), || {
                    format!("a second derivative of `{}` reads {} atoms", op.name(), reads.len())
                })?;
                reads.iter().try_for_each(|read| self.atom(read))
            }
            Expression::Partial { op, operand, reads, also } => {
                also.iter().try_for_each(|(_, read)| self.atom(read))?;
                ensure(op.reads(*operand).len() == reads.len(), || {
                    format!("a partial of `{}` reads {} atoms", op.name(), reads.len())
                })?;
                reads.iter().try_for_each(|read| self.atom(read))
            }
            Expression::Push { partial, tangent } => {
                self.expression(partial)?;
                self.expression(tangent)
            }
            Expression::Where { condition, then, .. } => {
                self.atom(condition)?;
                self.is(condition, Class::Scalar)?;
                self.expression(then)
            }
            Expression::Choice { condition, then, otherwise } => {
                self.atom(condition)?;
                self.is(condition, Class::Scalar)?;
                self.number(then)?;
                self.number(otherwise)
            }
        }
    }

    fn test(&self, test: &Test) -> Verified {
        match test {
            Test::Atom { condition, .. } => {
                self.atom(condition)?;
                self.is(condition, Class::Scalar)
            }
            Test::Reached(atom) => self.number(atom),
            Test::Nonzero(expression) => self.expression(expression),
            Test::Taken(host) => self.host(host),
            Test::Both(a, b) => {
                self.test(a)?;
                self.test(b)
            }
        }
    }

    fn record(&mut self, record: &Record) -> Verified {
        let Record { number, values, storages } = record;
        values.iter().try_for_each(|value| self.read(*value))?;
        storages.iter().try_for_each(|storage| self.look(*storage))?;
        let again = self.records.insert(*number, (values.clone(), storages.clone())).is_some();
        ensure(!again, || format!("there are two records #{number}"))
    }

    fn replay(&mut self, region: RegionId, record: &Record) -> Verified {
        let Record { number, values, storages } = record;
        let recorded = self.records.remove(number);
        ensure(recorded.as_ref() == Some(&(values.clone(), storages.clone())), || {
            format!("the replay #{number} is not of what was recorded")
        })?;
        values.iter().try_for_each(|value| self.define(*value, region))?;
        storages.iter().try_for_each(|storage| self.make(*storage, region))
    }

    fn call_reverse(&self, call: &CallReverse) -> Verified {
        call.arguments.iter().try_for_each(|argument| match argument {
            Argument::Number { atom, .. } => self.number(atom),
            Argument::Place { place, .. } => self.place(place),
            Argument::Changed { .. } => Err("a reverse half changes an argument".to_owned()),
            Argument::Passive(host) => self.host(host),
        })?;
        self.seed(&call.seed)?;
        let lent = call.buffers.iter().flatten();
        let mut storages = BTreeSet::new();
        let turned = call.tangents.iter().flat_map(|tangents| tangents.buffers.iter().flatten());
        for place in lent.chain(turned) {
            self.adjoint(place)?;
            ensure(storages.insert(place.storage), || "a buffer is lent twice".to_owned())?;
        }
        if let Some(tangents) = &call.tangents {
            self.seed(&tangents.seed)?;
            ensure(tangents.arguments.len() == call.arguments.len(), || {
                "a tangent for each argument".to_owned()
            })?;
        }
        ensure(call.buffers.len() == call.arguments.len(), || "a buffer for each argument".to_owned())
    }

    fn seed(&self, seed: &Seed) -> Verified {
        match seed {
            Seed::Number(expression) => self.expression(expression),
            Seed::Storage(storage) => self.look(*storage),
            Seed::Nothing(_) => Ok(()),
            Seed::Tuple(parts) => parts.iter().try_for_each(|part| self.seed(part)),
        }
    }
}
