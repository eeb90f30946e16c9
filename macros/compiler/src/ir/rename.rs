//! Values of the forward sweep under the names of others that are the same.

use super::{
    Argument, Atom, Change, HostExpression, Init, Loop, Named, Outcome, Piece, Place, Region, Shape,
    StatementKind, Step, ValueId,
};
use std::collections::HashMap;

/// For a value, the one that takes its place.
pub type Names = HashMap<ValueId, ValueId>;

impl StatementKind {
    /// Renames what it reads itself.
    ///
    /// # Panics
    ///
    /// If it is a statement of the reverse sweep.
    pub fn rename(&mut self, names: &Names) {
        match self {
            StatementKind::Operation { operands, .. } => {
                operands.iter_mut().for_each(|operand| operand.rename(names));
            }
            StatementKind::Passive { host, .. } => host.rename(names),
            StatementKind::Load { place, .. } => place.rename(names),
            StatementKind::New { init, .. } => init.rename(names),
            StatementKind::Store { place, value } => {
                place.rename(names);
                value.rename(names);
            }
            StatementKind::Copy { to: a, from: b } | StatementKind::Swap { a, b } => {
                a.rename(names);
                b.rename(names);
            }
            StatementKind::Change { place, change } => {
                place.rename(names);
                change.rename(names);
            }
            StatementKind::Call(call) => {
                call.arguments.iter_mut().for_each(|argument| argument.rename(names));
                call.rest.iter_mut().for_each(|rest| rest.rename(names));
            }
            StatementKind::If { condition, .. } => condition.rename(names),
            StatementKind::Choose { condition, then, otherwise, .. } => {
                [condition, then, otherwise].into_iter().for_each(|atom| atom.rename(names));
            }
            StatementKind::Loop(repeat) => repeat.rename(names),
            StatementKind::Compute { .. }
            | StatementKind::Test { .. }
            | StatementKind::Accumulate { .. }
            | StatementKind::Take { .. }
            | StatementKind::Sum { .. }
            | StatementKind::Record(_)
            | StatementKind::Replay(_)
            | StatementKind::CallReverse(_) => unreachable!("a statement of the reverse sweep"),
        }
    }
}

impl Region {
    /// Renames what it yields.
    pub fn rename_yields(&mut self, names: &Names) {
        self.yields.iter_mut().for_each(|atom| atom.rename(names));
    }
}

impl Outcome {
    pub fn rename(&mut self, names: &Names) {
        match self {
            Outcome::Atom(atom) => atom.rename(names),
            Outcome::Place(place) => place.rename(names),
            Outcome::Tuple(parts) | Outcome::List(parts) => {
                parts.iter_mut().for_each(|part| part.rename(names));
            }
        }
    }
}

impl Loop {
    /// Renames what is read outside of its body. The test is renamed with its region.
    fn rename(&mut self, names: &Names) {
        self.iterator.iter_mut().for_each(|iterator| iterator.rename(names));
        self.items.iter_mut().for_each(|(_, items)| items.rename(names));
        self.carried.iter_mut().for_each(|carried| carried.start.rename(names));
    }

    /// Renames what is read at the end of its body: whether the iteration was the last.
    pub fn rename_end(&mut self, names: &Names) {
        self.until.iter_mut().for_each(|(last, _)| last.rename(names));
    }
}

impl Atom {
    pub fn rename(&mut self, names: &Names) {
        match self {
            Atom::Value(value) => *value = names.get(value).copied().unwrap_or(*value),
            Atom::Literal(_) => {}
        }
    }
}

impl HostExpression {
    fn rename(&mut self, names: &Names) {
        for piece in &mut self.pieces {
            match piece {
                Piece::Tokens(_) => {}
                Piece::Atom(atom) | Piece::Index(atom) | Piece::Below(atom) => atom.rename(names),
                Piece::Place(place) => place.rename(names),
                Piece::HostExpression(host) | Piece::Braces(host) | Piece::Number(host) => host.rename(names),
            }
        }
        for name in &mut self.names {
            match &mut name.stands_for {
                Named::Atom(atom, _) => atom.rename(names),
                Named::Place(place) | Named::Copy(place) => place.rename(names),
            }
        }
    }
}

impl Place {
    fn rename(&mut self, names: &Names) {
        for step in &mut self.steps {
            match step {
                Step::Index(host) | Step::Range(host) => host.rename(names),
                Step::Field(_) | Step::Deref => {}
            }
        }
    }
}

impl Argument {
    fn rename(&mut self, names: &Names) {
        match self {
            Argument::Number { atom, .. } => atom.rename(names),
            Argument::Place { place, .. } => place.rename(names),
            Argument::Changed { place, before } => {
                place.rename(names);
                before.rename(names);
            }
            Argument::Passive(host) => host.rename(names),
        }
    }
}

impl Change {
    fn rename(&mut self, names: &Names) {
        match self {
            Change::Push(element) => element.rename(names),
            Change::Pop(_) => {}
            Change::Swap(a, b) => {
                a.rename(names);
                b.rename(names);
            }
            Change::Truncate { length, before } => {
                length.rename(names);
                before.rename(names);
            }
            Change::Resize(length) => length.rename(names),
        }
    }
}

impl Init {
    fn rename(&mut self, names: &Names) {
        match self {
            Init::Passive(host) => host.rename(names),
            Init::List { elements, .. } | Init::Tuple(elements) => {
                elements.iter_mut().for_each(|element| element.rename(names));
            }
            Init::Struct { fields, base, .. } => {
                fields.iter_mut().for_each(|(_, init)| init.rename(names));
                base.iter_mut().for_each(|base| base.rename(names));
            }
            Init::Repeat { element, length, .. } => {
                element.rename(names);
                length.rename(names);
            }
            Init::Copy { place, .. } | Init::Unreached(Shape::Like(place) | Shape::Same(place)) => {
                place.rename(names);
            }
            Init::Atom(atom) => atom.rename(names),
            Init::Number(_) => unreachable!("an accumulator of the reverse sweep"),
            Init::Storage(_) | Init::Unset | Init::Unreached(Shape::Number | Shape::Type(_)) => {}
        }
    }
}
