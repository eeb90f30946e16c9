//! Loops: the iterations that ran are reversed, the last one first.

use super::Reversal;
use super::adjoint::{Adjoint, Contribution, Reach};
use crate::ir::{Atom, Carried, Class, Expression, Loop, Order, Program, Region, StatementKind, ValueId};
use gradus_ops::Op;
use std::collections::HashSet;

/// The sums: values that loops carry and only add to. Whatever an iteration adds, the adjoint of the sum is the same before it
/// and after it, so that the reverse loop carries nothing.
pub struct Sums {
    /// Values that are read once in all.
    once: HashSet<ValueId>,
}

impl Sums {
    pub fn of(program: &Program) -> Sums {
        let mut reads = Vec::new();
        program.body.all_reads(&mut reads);
        let mut counts = vec![0_usize; program.values.len()];
        reads.into_iter().for_each(|read| counts[read.0] += 1);
        let once = counts.iter().enumerate().filter(|(_, count)| **count == 1);
        Sums { once: once.map(|(at, _)| ValueId(at)).collect() }
    }

    /// Whether `next = carried + …`, and nothing else reads either.
    pub fn is_sum(&self, repeat: &Loop, carried: &Carried, next: &Atom) -> bool {
        let Atom::Value(next) = next else { return false };
        let inside = carried.inside;
        let is_inside = |atom: &Atom| matches!(atom, Atom::Value(value) if *value == inside);
        self.once.contains(&inside)
            && self.once.contains(next)
            && repeat.body.statements.iter().any(|statement| {
                let StatementKind::Operation { out, op, operands } = &statement.kind else { return false };
                let adds = *op == Op::Add && operands.iter().any(is_inside);
                let subtracts = *op == Op::Sub && is_inside(&operands[0]);
                out == next && (adds || subtracts)
            })
    }
}

/// What a loop carries, with the adjoint after the loop.
struct Carry<'r> {
    carried: &'r Carried,
    next: &'r Atom,
    after: Option<Adjoint>,
}

/// The same in the reverse loop.
struct Reversed {
    /// The adjoint after the loop.
    start: Atom,
    /// The adjoint at the end of an iteration.
    inside: ValueId,
    certain: bool,
    /// The adjoint at its beginning, which the iteration before it is given.
    next: Atom,
}

impl Reversal {
    pub(super) fn repeat(&mut self, repeat: &Loop) {
        let span = self.span;
        let (mut sums, mut carries) = (Vec::new(), Vec::new());
        for (carried, next) in repeat.carried.iter().zip(&repeat.body.yields) {
            let is_active = self.program.value(carried.inside).active;
            let after =
                if self.program.value(carried.after).active { self.finish(carried.after) } else { None };
            if is_active {
                let is_sum = self.sums.is_sum(repeat, carried, next);
                let carries = if is_sum { &mut sums } else { &mut carries };
                carries.push(Carry { carried, next, after });
            }
        }
        self.prepare(&[&repeat.body]);
        let starts: Vec<_> = carries.iter().map(|carry| self.start(carry)).collect();
        let mut reversed = Vec::new();
        let body = self.scoped(repeat.body.id, |reversal| {
            reversal.declare(&repeat.body);
            for Carry { next, after, .. } in &sums {
                if let Some(after) = after {
                    reversal.add(next, after.contribution());
                }
            }
            let insides: Vec<_> = carries.iter().map(|carry| reversal.enter(carry)).collect();
            reversal.statements(&repeat.body);
            for Carry { carried, .. } in &sums {
                // What it was given: it is the same in every iteration.
                reversal.scope().pending.remove(&carried.inside);
            }
            reversal.span = span;
            for ((carry, (inside, certain)), start) in carries.iter().zip(insides).zip(starts) {
                let next = reversal.leave(carry.carried.inside, certain);
                reversed.push(Reversed { start, inside, certain, next });
            }
        });
        self.span = span;
        self.close(repeat, body, &carries, &reversed);
        for Carry { carried, after, .. } in sums {
            if let Some(after) = after {
                self.add(&carried.start, after.contribution());
            }
        }
    }

    /// The adjoint of what is carried, after the loop.
    fn start(&mut self, carry: &Carry<'_>) -> Atom {
        let Some(after) = &carry.after else { return unreached() };
        let certain = self.is_certain(carry);
        let expression =
            if certain { Expression::Atom(after.atom.clone()) } else { self.distinct(after.contribution()) };
        self.atom(expression, &self.bar(carry.carried.inside))
    }

    fn is_certain(&self, carry: &Carry<'_>) -> bool {
        matches!(&carry.after, Some(Adjoint { reach: Reach::Certain, .. }))
            && self.certain.contains(&carry.carried.inside)
    }

    /// In an iteration, what is carried contributes to what the iteration gave to the next one.
    fn enter(&mut self, carry: &Carry<'_>) -> (ValueId, bool) {
        let certain = self.is_certain(carry);
        let name = format!("{}_carried", self.name_of(carry.carried.inside));
        let inside = self.value(&name, Class::Float);
        let contribution = if certain {
            let expression = Expression::Atom(Atom::Value(inside));
            Contribution::certain(expression)
        } else {
            self.found(inside)
        };
        self.add(carry.next, contribution);
        (inside, certain)
    }

    /// At the end of an iteration, what the iteration before it is given.
    fn leave(&mut self, inside: ValueId, certain: bool) -> Atom {
        let Some(sum) = self.sum(inside) else { return unreached() };
        debug_assert!(!certain || matches!(sum.reach, Reach::Certain), "what is certain is passed on");
        let expression = if certain { sum.expression } else { self.distinct(sum) };
        self.atom(expression, &self.bar(inside))
    }

    /// The reverse loop, and what it gives to the starts.
    fn close(&mut self, repeat: &Loop, mut body: Region, carries: &[Carry<'_>], reversed: &[Reversed]) {
        if body.statements.is_empty() && reversed.is_empty() {
            return;
        }
        let mut carried = Vec::new();
        for (carry, Reversed { start, inside, next, .. }) in carries.iter().zip(reversed) {
            let after = self.value(&self.bar(carry.carried.inside), Class::Float);
            carried.push(Carried { start: start.clone(), inside: *inside, after });
            body.yields.push(next.clone());
        }
        let trips = repeat.until.as_ref().map(|(_, trips)| *trips);
        let complete = matches!(repeat.until, None | Some((Atom::Literal(_), _)));
        let contributions: Vec<_> = carries
            .iter()
            .zip(&carried)
            .zip(reversed)
            .map(|((carry, Carried { after, .. }), Reversed { certain, .. })| {
                let expression = Expression::Atom(Atom::Value(*after));
                let contribution =
                    if *certain { Contribution::certain(expression) } else { self.found(*after) };
                (carry.carried.start.clone(), contribution)
            })
            .collect();
        self.push(StatementKind::Loop(Box::new(Loop {
            index: repeat.index,
            iterator: repeat.iterator.clone(),
            // An iterator of the user's runs a second time only if its items are read.
            items: None,
            carried,
            test: None,
            body,
            until: None,
            order: Order::Backward { trips, complete },
            fused: None,
            block: None,
        })));
        for (start, contribution) in contributions {
            self.add(&start, contribution);
        }
    }
}

/// An adjoint that nothing has reached.
fn unreached() -> Atom {
    Atom::number(-0.0)
}
