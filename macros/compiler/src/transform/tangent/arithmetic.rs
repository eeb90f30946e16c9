//! Operations: the tangent of a result is the sum of the partial derivatives times the operands' tangents.

use super::Transformation;
use crate::ir::{Atom, Class, Expression, StatementKind, Test, ValueId};
use crate::transform::reverse::partial::{Applied, Partial};
use gradus_ops::{Kind, Op};
use std::rc::Rc;

/// Another name of a number.
pub(super) fn same(out: ValueId, atom: Atom) -> StatementKind {
    StatementKind::Compute { out, expression: Expression::Atom(atom) }
}

impl Transformation {
    pub(super) fn operation(&mut self, out: ValueId, op: Op, operands: &[Atom]) {
        let Some(tangent) = self.tangent_of(out) else { return };
        let result = Atom::Value(out);
        let active = |operand: &&Atom| self.program.active(operand).is_some();
        let both = operands.iter().take(2).filter(active).count() > 1;
        let applied = Applied { op, operands, out: &result, both, second: false };
        if let Some(expression) = self.shares(applied) {
            self.push(StatementKind::Compute { out: tangent, expression });
        }
    }

    /// The tangent of an operation: the shares of its operands.
    pub(super) fn shares(&mut self, applied: Applied<'_>) -> Option<Expression> {
        let mut sum: Option<Expression> = None;
        for (at, operand) in applied.operands.iter().enumerate() {
            let (Some(moving), Some(partial)) = (self.moving(operand), self.partial(applied.op, at)) else {
                continue;
            };
            let share = if applied.op.kind() == Kind::Selecting {
                self.selected(applied, &partial, at, moving)
            } else if partial.is_one() {
                Expression::Atom(moving)
            } else {
                pushed(applied.partial(&partial, at), Expression::Atom(moving))
            };
            sum = plus(sum, Some(share));
        }
        sum
    }

    pub(super) fn partial(&mut self, op: Op, operand: usize) -> Option<Rc<Partial>> {
        let partial = self.partials.entry((op, operand));
        partial.or_insert_with(|| Partial::of(op, operand).map(Rc::new)).clone()
    }

    /// The tangent of an operand that was taken; that of another has no share.
    fn selected(
        &mut self,
        applied: Applied<'_>,
        partial: &Partial,
        operand: usize,
        moving: Atom,
    ) -> Expression {
        let (test, then) = match partial {
            Partial::OneIf(Some(condition)) => {
                (Test::Taken(applied.condition(condition.clone())), Expression::Atom(moving))
            }
            Partial::OneIf(None) => {
                (Test::Nonzero(applied.partial(partial, operand)), Expression::Atom(moving))
            }
            Partial::Arithmetic(_) | Partial::Function => {
                let out = self.value_here(&format!("{}_partial", applied.op.name()), Class::Float);
                let expression = applied.partial(partial, operand);
                self.push(StatementKind::Compute { out, expression });
                let partial = Expression::Atom(Atom::Value(out));
                (Test::Nonzero(partial.clone()), pushed(partial, Expression::Atom(moving)))
            }
        };
        let taken = self.value_here(&format!("{}_taken", applied.op.name()), Class::Scalar);
        self.push(StatementKind::Test { out: taken, test });
        Expression::Where { condition: Atom::Value(taken), holds: true, then: Box::new(then) }
    }
}

/// A partial derivative times a tangent.
pub(super) fn pushed(partial: Expression, tangent: Expression) -> Expression {
    Expression::Push { partial: Box::new(partial), tangent: Box::new(tangent) }
}

/// The sum of two shares.
pub(super) fn plus(a: Option<Expression>, b: Option<Expression>) -> Option<Expression> {
    match (a, b) {
        (Some(a), Some(b)) => Some(Expression::Operation(Op::Add, vec![a, b])),
        (one, None) | (None, one) => one,
    }
}
