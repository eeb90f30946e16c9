//! Numbers with a tangent: forward mode, by the rules of the engine.

use gradus_ops::{Kind, Op};

/// In how many directions a number has a derivative.
pub const DIRECTIONS: usize = 9;

/// A number, the derivatives that go along with it, and whether it depends on an argument at all.
#[derive(Clone, Copy, PartialEq)]
pub struct Number {
    pub value: f64,
    pub tangent: [f64; DIRECTIONS],
    pub active: bool,
    /// Where a run that is observed has it.
    pub node: Option<usize>,
}

impl std::fmt::Debug for Number {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:?}", self.value)
    }
}

impl From<f64> for Number {
    fn from(value: f64) -> Number {
        Number { value, tangent: [0.0; DIRECTIONS], active: false, node: None }
    }
}

/// The operation of that name.
pub fn operation(name: &str) -> Option<Op> {
    Op::from_name(name).filter(|op| op.arity() > 0)
}

/// The operation on numbers with tangents.
pub fn apply(op: Op, operands: &[Number]) -> Number {
    let (mut plain, mut active) = ([0.0; 3], [false; 3]);
    for (at, operand) in operands.iter().enumerate() {
        (plain[at], active[at]) = (operand.value, operand.active);
    }
    let plain = &plain[..op.arity()];
    let value = op.value(plain);
    if !active.contains(&true) {
        return Number::from(value);
    }
    let partials = op.partials(plain, value, &active);
    let mut tangent = [0.0; DIRECTIONS];
    for (operand, partial) in operands.iter().zip(partials) {
        if operand.active && passes(op, partial) {
            tangent.iter_mut().zip(operand.tangent).for_each(|(sum, slope)| *sum += partial * slope);
        }
    }
    Number { value, tangent, active: op.kind() != Kind::Flat, node: None }
}

/// Whether an operation passes anything on through this partial derivative.
pub fn passes(op: Op, partial: f64) -> bool {
    match op.kind() {
        Kind::Flat => false,
        Kind::Selecting => partial != 0.0,
        Kind::Smooth | Kind::Leaf => true,
    }
}
