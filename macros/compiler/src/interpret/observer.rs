//! What is told of a run while it goes on, so that whoever listens can record it.

use super::datum::{At, Datum, Evaluated};
use super::evaluate::Machine;
use super::number::{Number, apply};
use crate::syntax::source::ends::Ends;
use gradus_ops::Op;
use std::any::Any;
use std::ops::Range;

/// Listens to a run: every operation on numbers that depend on an argument, and the path through the program.
///
/// Places are bytes of the file's text. A number that depends on an argument has a *node*, a number that the listener gives.
pub trait Observer {
    /// An operation, of which at least one operand has a node; the node of its result.
    ///
    /// # Errors
    ///
    /// If there are too many: the run ends with this text.
    fn operation(&self, op: Op, operands: &[Operand], at: Range<usize>) -> Result<usize, String>;

    /// A call, iteration or arm begins, and lasts until what is returned is dropped. `None` if no number with a node takes
    /// part in it: then nothing is told until it ends.
    fn step(&self, step: Step, at: Range<usize>) -> Option<Box<dyn Any>>;

    /// The body of the iteration that has begun last runs.
    fn body_runs(&self);

    /// Two numbers are compared, by the operator of this text.
    fn compared(&self, operator: &str, sides: [Operand; 2], at: Range<usize>);

    /// A number is looked at as a plain one.
    fn looked_at(&self, look: Look, operand: Operand, at: Range<usize>);
}

/// A number, with its node if it depends on an argument.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Operand {
    /// The number.
    pub value: f64,
    /// Its node.
    pub node: Option<usize>,
}

/// A step of the path through the program.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// A call of another differentiable function of the file.
    Call {
        /// The byte at which its name stands in the file.
        function: usize,
    },
    /// A call of a closure.
    Closure,
    /// An iteration of a loop, the first of which has the number 0.
    Iteration {
        /// Which.
        number: usize,
    },
    /// An arm of an `if`, `match` or `let … else`, counted from 0.
    Arm {
        /// Which.
        number: usize,
    },
}

/// Why a number is looked at as a plain one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Look {
    /// `stop_gradient`.
    StopGradient,
    /// A method that answers a question, such as `is_nan`.
    Question,
    /// A `match` on the number.
    Pattern,
    /// A comparison of collections.
    Comparison,
    /// An assertion.
    Assertion,
}

/// What a step holds until it ends.
#[derive(Default)]
pub(super) struct Entered {
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

impl From<Number> for Operand {
    fn from(number: Number) -> Operand {
        Operand { value: number.value, node: number.node }
    }
}

impl Machine {
    /// Who listens now.
    pub(super) fn observer(&self) -> Option<&dyn Observer> {
        self.watch.observer.as_deref().filter(|_| !self.watch.quiet.get())
    }

    /// The next operations stand here.
    pub(super) fn here(&self, syntax: &impl Ends) {
        if self.watch.observer.is_some() {
            self.watch.at.set(place(syntax));
        }
    }

    pub(super) fn at(&self) -> At {
        self.watch.at.get()
    }

    pub(super) fn set_at(&self, at: At) {
        self.watch.at.set(at);
    }

    fn bytes(&self) -> Range<usize> {
        let At { start, end } = self.at();
        start..end
    }

    /// An operation by its row of the table, which is told if an operand has a node.
    pub(super) fn applied_op(&self, op: Op, operands: &[Number]) -> Evaluated<Number> {
        let mut result = apply(op, operands);
        if operands.iter().any(|operand| operand.node.is_some())
            && let Some(observer) = self.observer()
        {
            let operands: Vec<Operand> = operands.iter().copied().map(Operand::from).collect();
            result.node =
                Some(observer.operation(op, &operands, self.bytes()).or_else(super::datum::limited)?);
        }
        Ok(result)
    }

    /// Begins a step at a piece of syntax.
    pub(super) fn step(&self, step: Step, syntax: &impl Ends) -> Entered {
        if self.observer().is_none() {
            return Entered::default();
        }
        self.step_at(step, place(syntax))
    }

    pub(super) fn step_at(&self, step: Step, at: At) -> Entered {
        let Some(observer) = self.observer() else { return Entered::default() };
        match observer.step(step, at.start..at.end) {
            Some(held) => Entered { held: Some(held), quiet: None },
            // Other code of this function is told of, whatever is around it.
            None if matches!(step, Step::Call { .. }) => self.quietly(),
            None => Entered::default(),
        }
    }

    /// Nothing is told as long as the result lives.
    pub(super) fn quietly(&self) -> Entered {
        let before = self.watch.quiet.replace(true);
        Entered { held: None, quiet: Some(Quiet(self.clone(), before)) }
    }

    pub(super) fn body_runs(&self, entered: &Entered) {
        if let (Some(observer), Some(_)) = (self.observer(), &entered.held) {
            observer.body_runs();
        }
    }

    /// Tells of a comparison of numbers, or of collections with numbers in them.
    pub(super) fn tell_compared(&self, operator: &str, a: &Datum, b: &Datum) {
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
    pub(super) fn tell_looked_at(&self, look: Look, datum: &Datum, at: At) {
        let Some(observer) = self.observer() else { return };
        for number in datum.flat().into_iter().filter(|number| number.node.is_some()) {
            observer.looked_at(look, number.into(), at.start..at.end);
        }
    }
}

/// The bytes of a piece of syntax: those of its first token to those of its last.
pub(super) fn place(syntax: &impl Ends) -> At {
    match (syntax.first(), syntax.last()) {
        (Some(first), Some(last)) => At { start: first.byte_range().start, end: last.byte_range().end },
        _ => At::default(),
    }
}
