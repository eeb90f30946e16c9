//! The way through the program: in which call, iteration and branch a node was made, and on which numbers the way hung.
//!
//! All of it is recorded by `f_graph`. A node's [path](super::Trace::path) tells where it was made; the
//! [branches](super::Trace::branches) tell which parts of the source ran; [guards](super::Trace::guards) and
//! [detached values](super::Trace::detached) tell what the recorded graph does not know: other inputs may take another way, and a
//! number that left the record is not computed anew.

use super::Trace;
use crate::graph::Operand;
use crate::provenance::{Site, Source, Span};
use std::fmt;

/// One step of the way to a node, from the outside in.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
#[non_exhaustive]
pub enum Step {
    /// Into another differentiable function.
    Call {
        /// The call, in the function that calls.
        at: &'static Site,
        /// The function that is called.
        source: &'static Source,
    },
    /// Into a loop, or into a closure that an adapter calls for one element after the other.
    Iteration {
        /// The whole loop, or the closure.
        at: &'static Site,
        /// The number of the iteration, from 0: the first, second, … since the loop was entered. What a `while` or a
        /// `while let` computes in its condition belongs to the iteration that it decides about.
        number: usize,
    },
    /// Into an arm of an `if`, `match` or `let … else`.
    Branch {
        /// The whole expression; its `operands` are the arms in their order.
        at: &'static Site,
        /// Which arm, from 0.
        arm: usize,
    },
}

impl Step {
    /// The call, loop, or branching expression.
    pub fn at(&self) -> &'static Site {
        match *self {
            Step::Call { at, .. } | Step::Iteration { at, .. } | Step::Branch { at, .. } => at,
        }
    }

    /// The source that ran: the call, the loop, or the arm that was taken.
    pub fn span(&self) -> Span {
        match *self {
            Step::Branch { at, arm } => at.operands.get(arm).copied().unwrap_or(at.span),
            Step::Call { at, .. } | Step::Iteration { at, .. } => at.span,
        }
    }
}

/// A part of the run of a traced function: the function itself, or a call, an iteration or an arm in another scope.
#[derive(Clone, Copy)]
pub struct Scope<'t> {
    trace: &'t Trace,
    pub(super) number: u32,
}

impl<'t> Scope<'t> {
    /// The scope of a trace that has this number, or the innermost one around it into which a step leads.
    pub(super) fn of(trace: &'t Trace, number: u32) -> Scope<'t> {
        Scope { trace, number: trace.record.innermost(number) }
    }

    /// A number that no other scope of the trace has: 0 for the function itself.
    pub fn number(self) -> usize {
        self.number as usize
    }

    /// The step into this scope; `None` for the function itself.
    pub fn step(self) -> Option<Step> {
        self.trace.record.entered(self.number).map(|(step, _)| step)
    }

    /// Whether the body of an iteration ran. That of the last condition of a `while`, which did not hold, did not.
    pub fn ran(self) -> bool {
        self.trace.record.ran(self.number)
    }

    /// The scope around this one; `None` for the function itself.
    pub fn parent(self) -> Option<Scope<'t>> {
        let (_, number) = self.trace.record.entered(self.number)?;
        Some(Scope { number, ..self })
    }
}

impl fmt::Debug for Scope<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Scope").field("number", &self.number).field("step", &self.step()).finish()
    }
}

/// `iteration 3 of line 12`, `call of square in line 12`, `arm 1 of line 12`: iterations and arms are counted from 1, as on
/// the page.
impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (line, _) = self.at().source.position(self.at().span.start);
        match self {
            Step::Call { source, .. } => write!(f, "call of {} in line {line}", source.function),
            Step::Iteration { number, .. } => write!(f, "iteration {} of line {line}", number + 1),
            Step::Branch { arm, .. } => write!(f, "arm {} of line {line}", arm + 1),
        }
    }
}

/// All steps of a path that is short, in words; of a long one its calls and iterations.
pub(crate) fn all_in_words(path: &[Step]) -> Vec<String> {
    const LONG: usize = 6;
    if path.len() > LONG { in_words(path) } else { path.iter().map(Step::to_string).collect() }
}

/// The calls and iterations of a path, in words. Where a function calls itself at one place again and again, the step stands
/// there once, with how often.
pub(super) fn in_words(path: &[Step]) -> Vec<String> {
    let mut steps: Vec<(String, usize)> = Vec::new();
    for step in path.iter().filter(|step| !matches!(step, Step::Branch { .. })) {
        let words = step.to_string();
        match steps.last_mut() {
            Some((last, count)) if *last == words => *count += 1,
            _ => steps.push((words, 1)),
        }
    }
    let repeated = |(words, count)| if count > 1 { format!("{words}, {count} deep") } else { words };
    steps.into_iter().map(repeated).collect()
}

/// An expression that branches, in a function that ran.
#[derive(Clone, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub struct Branch {
    /// The whole `if`, `match` or `let … else`.
    pub at: &'static Site,
    /// How often each arm was taken. An `if` without `else` has one arm, a `let … else` the one that leaves.
    pub taken: Vec<usize>,
}

impl Branch {
    /// Each arm and how often it was taken.
    pub fn arms(&self) -> impl Iterator<Item = (Span, usize)> {
        self.at.operands.iter().copied().zip(self.taken.iter().copied())
    }

    /// The arms that were never taken.
    pub fn not_taken(&self) -> impl Iterator<Item = Span> {
        self.arms().filter(|&(_, taken)| taken == 0).map(|(arm, _)| arm)
    }
}

/// A loop that was entered, or a closure that was called.
#[derive(Clone, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub struct Loop {
    /// The whole loop, or the closure.
    pub at: &'static Site,
    /// How often it was entered.
    pub entered: usize,
    /// How often its body ran, all entries together.
    pub iterations: usize,
}

impl Loop {
    /// Whether it is a `for`, `while` or `loop`, no closure.
    pub fn is_loop(&self) -> bool {
        let word =
            |word: &str| self.at.text().strip_prefix(word).is_some_and(|rest| !rest.starts_with(is_name));
        self.at.text().starts_with('\'') || ["for", "while", "loop"].into_iter().any(word)
    }
}

fn is_name(character: char) -> bool {
    character.is_alphanumeric() || character == '_'
}

/// A comparison of numbers, at least one of them a node: with other inputs it may come out otherwise, and the program
/// take another way than the one that was recorded.
#[derive(Clone, PartialEq, Debug)]
#[non_exhaustive]
pub struct Guard {
    /// The comparison; its `operands` are the two sides.
    pub at: &'static Site,
    /// How they are compared.
    pub comparison: Comparison,
    /// The left side.
    pub left: Operand,
    /// The right side.
    pub right: Operand,
    /// What came out.
    pub outcome: bool,
    /// How many nodes there were before it.
    pub after: usize,
    /// The way to it.
    pub path: Vec<Step>,
}

/// How a [`Guard`] compares.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Comparison {
    /// `==`
    Equal,
    /// `!=`
    NotEqual,
    /// `<`
    Less,
    /// `<=`
    LessOrEqual,
    /// `>`
    Greater,
    /// `>=`
    GreaterOrEqual,
}

impl Comparison {
    /// The operator.
    pub fn symbol(self) -> &'static str {
        match self {
            Comparison::Equal => "==",
            Comparison::NotEqual => "!=",
            Comparison::Less => "<",
            Comparison::LessOrEqual => "<=",
            Comparison::Greater => ">",
            Comparison::GreaterOrEqual => ">=",
        }
    }

    /// Whether it holds between these numbers.
    ///
    /// ```
    /// use gradus::trace::Comparison;
    /// assert!(Comparison::LessOrEqual.holds(1.0, 1.0));
    /// assert!(!Comparison::LessOrEqual.holds(1.0, f64::NAN));
    /// ```
    #[inline]
    pub fn holds(self, left: f64, right: f64) -> bool {
        match self {
            Comparison::Equal => left == right,
            Comparison::NotEqual => left != right,
            Comparison::Less => left < right,
            Comparison::LessOrEqual => left <= right,
            Comparison::Greater => left > right,
            Comparison::GreaterOrEqual => left >= right,
        }
    }
}

/// A place where a value left the record as a plain number: what becomes of that number is not recorded, has no
/// derivative, and does not change when the graph is [computed anew](crate::Graph::recompute).
#[derive(Clone, PartialEq, Debug)]
#[non_exhaustive]
pub struct Detached {
    /// The expression that looked at the plain number.
    pub at: &'static Site,
    /// Why.
    pub reason: DetachReason,
    /// The node whose number it was; `None` where whole collections were compared, whose numbers are not told apart.
    pub node: Option<usize>,
    /// How many nodes there were before it.
    pub after: usize,
    /// The way to it.
    pub path: Vec<Step>,
}

/// Why a value left the record, see [`Detached`].
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
#[non_exhaustive]
pub enum DetachReason {
    /// `stop_gradient`: the number goes on as data.
    StopGradient,
    /// A method that answers a question about the number: `is_nan`, `total_cmp`, ….
    Question,
    /// A `match` on the number.
    Pattern,
    /// A comparison of tuples, arrays or other collections.
    Comparison,
    /// An `assert!` or `debug_assert!`, which lets other numbers panic.
    Assertion,
}
