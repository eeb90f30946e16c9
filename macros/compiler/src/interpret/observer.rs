//! The events of a run, for an observer that records them.

use super::number::Number;
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

impl From<Number> for Operand {
    fn from(number: Number) -> Operand {
        Operand { value: number.value, node: number.node }
    }
}
