//! Numbers with a tangent: forward mode, by the rules of the engine.

use gradus::Op;
use gradus::ops::Kind;
use std::collections::HashMap;
use std::sync::OnceLock;

/// A number, the derivative that goes along with it, and whether it depends on an argument at all.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Number {
    pub value: f64,
    pub tangent: f64,
    pub active: bool,
}

impl From<f64> for Number {
    fn from(value: f64) -> Number {
        Number { value, tangent: 0.0, active: false }
    }
}

/// The operation of that name.
pub fn operation(name: &str) -> Option<Op> {
    static NAMES: OnceLock<HashMap<&'static str, Op>> = OnceLock::new();
    let names = NAMES.get_or_init(|| Op::ALL.iter().map(|op| (op.name(), *op)).collect());
    names.get(name).copied().filter(|op| op.arity() > 0)
}

/// The operation on numbers with tangents.
pub fn apply(op: Op, operands: &[Number]) -> Number {
    let plain: Vec<f64> = operands.iter().map(|operand| operand.value).collect();
    let active: Vec<bool> = operands.iter().map(|operand| operand.active).collect();
    let value = op.value(&plain);
    if !active.contains(&true) {
        return Number::from(value);
    }
    let partials = op.partials(&plain, value, &active);
    let mut tangent = 0.0;
    for (operand, partial) in operands.iter().zip(partials) {
        if operand.active && passes(op, partial) {
            tangent += partial * operand.tangent;
        }
    }
    Number { value, tangent, active: op.kind() != Kind::Flat }
}

/// Whether an operation passes anything on through this partial derivative.
pub fn passes(op: Op, partial: f64) -> bool {
    match op.kind() {
        Kind::Flat => false,
        Kind::Selecting => partial != 0.0,
        Kind::Smooth | Kind::Leaf => true,
    }
}
