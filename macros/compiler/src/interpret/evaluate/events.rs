//! The events of a run, as the observer receives them.

use super::super::datum::{At, Datum, Evaluated, limited};
use super::super::number::{Number, apply};
use super::super::observer::{Look, Observer, Operand, Step};
use super::Machine;
use crate::syntax::source::ends::Ends;
use gradus_ops::Op;
use std::any::Any;
use std::ops::Range;

/// What a step holds until it ends.
#[derive(Default)]
pub(in crate::interpret) struct Entered {
    #[allow(dead_code, reason = "what counts is when it is dropped")]
    held: Option<Box<dyn Any>>,
    #[allow(dead_code, reason = "as above")]
    quiet: Option<Quiet>,
}

/// As long as it lives nothing is told.
struct Quiet(Machine, bool);

impl Drop for Quiet {
    fn drop(&mut self) {
        self.0.watch.quiet.set(self.1);
    }
}

impl Machine {
    /// Who listens now.
    pub(in crate::interpret) fn observer(&self) -> Option<&dyn Observer> {
        self.watch.observer.as_deref().filter(|_| !self.watch.quiet.get())
    }

    /// The next operations stand here.
    pub(in crate::interpret) fn here(&self, syntax: &impl Ends) {
        if self.watch.observer.is_some() {
            self.watch.at.set(place(syntax));
        }
    }

    pub(in crate::interpret) fn at(&self) -> At {
        self.watch.at.get()
    }

    pub(in crate::interpret) fn set_at(&self, at: At) {
        self.watch.at.set(at);
    }

    fn bytes(&self) -> Range<usize> {
        let At { start, end } = self.at();
        start..end
    }

    /// An operation by its row of the table, which is told if an operand has a node.
    pub(in crate::interpret) fn applied_op(&self, op: Op, operands: &[Number]) -> Evaluated<Number> {
        let mut result = apply(op, operands);
        if operands.iter().any(|operand| operand.node.is_some())
            && let Some(observer) = self.observer()
        {
            let operands: Vec<Operand> = operands.iter().copied().map(Operand::from).collect();
            result.node = Some(observer.operation(op, &operands, self.bytes()).or_else(limited)?);
        }
        Ok(result)
    }

    /// Begins a step at a piece of syntax.
    pub(in crate::interpret) fn step(&self, step: Step, syntax: &impl Ends) -> Entered {
        if self.observer().is_none() {
            return Entered::default();
        }
        self.step_at(step, place(syntax))
    }

    pub(in crate::interpret) fn step_at(&self, step: Step, at: At) -> Entered {
        let Some(observer) = self.observer() else { return Entered::default() };
        match observer.step(step, at.start..at.end) {
            Some(held) => Entered { held: Some(held), quiet: None },
            // Operations of another function are reported, even inside a step that is not.
            None if matches!(step, Step::Call { .. }) => self.quietly(),
            None => Entered::default(),
        }
    }

    /// Nothing is told as long as the result lives.
    pub(in crate::interpret) fn quietly(&self) -> Entered {
        let before = self.watch.quiet.replace(true);
        Entered { held: None, quiet: Some(Quiet(self.clone(), before)) }
    }

    pub(in crate::interpret) fn body_runs(&self, entered: &Entered) {
        if let (Some(observer), Some(_)) = (self.observer(), &entered.held) {
            observer.body_runs();
        }
    }

    /// Tells of a comparison of numbers, or of collections with numbers in them.
    pub(in crate::interpret) fn tell_compared(&self, operator: &str, a: &Datum, b: &Datum) {
        let Some(observer) = self.observer() else { return };
        let number = |datum: &Datum| match datum {
            Datum::Float(number) => Some(*number),
            Datum::Default => Some(Number::from(0.0)),
            _ => None,
        };
        match (number(a), number(b)) {
            (Some(a), Some(b)) if a.node.or(b.node).is_some() => {
                observer.compared(operator, [a.into(), b.into()], self.bytes());
            }
            (Some(_), Some(_)) => {}
            _ => {
                let numbers = [a.flat(), b.flat()].concat();
                if let Some(number) = numbers.into_iter().find(|number| number.node.is_some()) {
                    observer.looked_at(Look::Comparison, number.into(), self.bytes());
                }
            }
        }
    }

    /// Tells that the numbers of a datum are looked at.
    pub(in crate::interpret) fn tell_looked_at(&self, look: Look, datum: &Datum, at: At) {
        let Some(observer) = self.observer() else { return };
        for number in datum.flat().into_iter().filter(|number| number.node.is_some()) {
            observer.looked_at(look, number.into(), at.start..at.end);
        }
    }
}

/// The bytes of a piece of syntax: those of its first token to those of its last.
pub(in crate::interpret) fn place(syntax: &impl Ends) -> At {
    match (syntax.first(), syntax.last()) {
        (Some(first), Some(last)) => At { start: first.byte_range().start, end: last.byte_range().end },
        _ => At::default(),
    }
}
