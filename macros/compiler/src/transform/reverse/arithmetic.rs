//! Operations: to each active operand the adjoint times the partial derivative.

use super::Reversal;
use super::adjoint::{Adjoint, Contribution, Reach};
use super::partial::{Applied, Partial, times};
use crate::ir::{Atom, Class, Expression, Statement, StatementKind, Test, Value, ValueId};
use gradus_ops::{Kind, Op};
use std::rc::Rc;

impl Reversal {
    pub(super) fn operation(&mut self, out: ValueId, op: Op, operands: &[Atom]) {
        let Some(adjoint) = self.finish(out) else { return };
        let result = Atom::Value(out);
        let active = |operand: &&Atom| self.program.active(operand).is_some();
        let both = operands.iter().take(2).filter(active).count() > 1;
        let applied = Applied { op, operands, out: &result, both, second: self.second };
        for (at, operand) in operands.iter().enumerate() {
            if self.program.active(operand).is_none() {
                continue;
            }
            let Some(partial) = self.partial(op, at) else { continue };
            let contribution = if op.kind() == Kind::Selecting {
                self.selected(applied, &adjoint, &partial, at)
            } else {
                self.smooth(applied, &adjoint, &partial, at)
            };
            self.add(operand, contribution);
        }
    }

    fn partial(&mut self, op: Op, operand: usize) -> Option<Rc<Partial>> {
        let partial = self.partials.entry((op, operand));
        partial.or_insert_with(|| Partial::of(op, operand).map(Rc::new)).clone()
    }

    fn smooth(
        &mut self,
        applied: Applied<'_>,
        adjoint: &Adjoint,
        partial: &Partial,
        operand: usize,
    ) -> Contribution {
        if let Some(function) = partial.function_of_operand() {
            let companion = Atom::Value(self.companion(applied, function));
            let companion = Expression::Atom(companion);
            let companion = if partial.is_negated() {
                Expression::Operation(Op::Neg, vec![companion])
            } else {
                companion
            };
            return adjoint.times(times(Expression::Atom(adjoint.atom.clone()), companion));
        }
        adjoint.times(applied.product(&adjoint.atom, partial, operand))
    }

    /// A function of the same operand, which the forward sweep computes: a sine and a cosine together cost little more than one.
    fn companion(&mut self, applied: Applied<'_>, op: Op) -> ValueId {
        let Atom::Value(of) = *applied.out else { unreachable!("a result is a value") };
        let ident = self.named(op.name());
        let region = self.program.value(of).region;
        let value = Value {
            ident,
            class: Class::Float,
            active: false,
            region,
            recordable: false,
            declared: None,
            pattern: None,
        };
        self.program.values.push(value);
        let out = ValueId(self.program.values.len() - 1);
        let kind = StatementKind::Operation { out, op, operands: applied.operands.to_vec() };
        self.companions.insert(of, Statement { kind, span: self.span });
        out
    }

    /// The adjoint goes to an operand that was taken, and skips the others: a product with a partial of 0 would be NaN for an
    /// infinite adjoint.
    fn selected(
        &mut self,
        applied: Applied<'_>,
        adjoint: &Adjoint,
        partial: &Partial,
        operand: usize,
    ) -> Contribution {
        let name = format!("{}_taken", applied.op.name());
        match partial {
            Partial::OneIf(condition) => {
                let test = match condition {
                    Some(condition) => Test::Taken(applied.condition(condition.clone())),
                    None => Test::Nonzero(applied.partial(partial, operand)),
                };
                let expression = Expression::Atom(adjoint.atom.clone());
                self.where_taken(expression, adjoint, test, &name)
            }
            Partial::Arithmetic(_) | Partial::Function => {
                let out = self.value(&format!("{}_partial", applied.op.name()), Class::Float);
                let expression = applied.partial(partial, operand);
                self.push(StatementKind::Compute { out, expression });
                let partial = Expression::Atom(Atom::Value(out));
                let expression = times(Expression::Atom(adjoint.atom.clone()), partial.clone());
                let mut taken = partial;
                // At a partial of 0 that changes, the operand has a part in the second derivative.
                if self.second
                    && let Some(seconds) = applied.seconds(operand)
                {
                    let size = Expression::Operation(Op::Abs, vec![taken]);
                    taken = Expression::Operation(Op::Add, vec![size, seconds]);
                }
                self.where_taken(expression, adjoint, Test::Nonzero(taken), &name)
            }
        }
    }

    /// A contribution of an adjoint that counts where a test holds.
    fn where_taken(
        &mut self,
        expression: Expression,
        adjoint: &Adjoint,
        test: Test,
        name: &str,
    ) -> Contribution {
        let reach = self.reached_where(&Reach::Certain, name, test);
        let is_same = matches!(expression, Expression::Atom(_));
        let taken = Contribution { expression, reach, distinct: adjoint.distinct && is_same, sure: true };
        match adjoint.reach {
            Reach::Certain => taken,
            // The adjoint itself is −0 where nothing reached it.
            Reach::Unless { unreached, .. }
                if is_same && matches!(adjoint.atom, Atom::Value(value) if value == unreached) =>
            {
                let expression = self.guarded(taken);
                Contribution { expression, reach: Reach::Certain, distinct: true, sure: false }
            }
            // Under the condition of the adjoint it is −0 where the operand was not taken.
            Reach::Where { .. } | Reach::Unless { .. } => {
                let expression = self.distinct(taken);
                Contribution { expression, reach: adjoint.reach.clone(), distinct: true, sure: false }
            }
        }
    }

    /// The adjoint goes to the number that was chosen.
    pub(super) fn choose(&mut self, out: ValueId, condition: &Atom, then: &Atom, otherwise: &Atom) {
        let Some(adjoint) = self.finish(out) else { return };
        for (atom, holds) in [(then, true), (otherwise, false)] {
            if self.program.active(atom).is_some() {
                let test = Test::Atom { condition: condition.clone(), holds };
                let reach: Reach = self.reached_where(&adjoint.reach, "chosen", test);
                let expression = Expression::Atom(adjoint.atom.clone());
                self.add(atom, Contribution { expression, reach, distinct: adjoint.distinct, sure: true });
            }
        }
    }
}
