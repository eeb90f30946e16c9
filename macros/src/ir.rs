//! The intermediate representation that the compiled adjoint is made from.
//!
//! ```text
//! program   ::= memory* value* region atom
//! region    ::= statement* yield*                      a sequence, and what it hands to the statement around it
//! statement ::= v = operation(atom, …)                 float arithmetic
//!             | v? = ⟨user's tokens⟩                    a passive expression, or an effect
//!             | v = load place
//!             | (v, …) = if atom region else region
//!             | (v, …) = loop v in ⟨iterator⟩ (v = atom, …) region
//! place     ::= memory([index] | .field)*
//! atom      ::= v | literal
//! ```
//!
//! Every value is assigned once in its region, each time the region runs; a mutable variable is a chain of values, and a
//! loop *carries* those that its body assigns. Memories are slices and arrays that the function only reads. Every value and
//! statement keeps its span, and the user's names.

use proc_macro2::{Ident, Span, TokenStream};
use std::fmt;

/// A scalar, or passive data: an index into [`Program::values`].
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub struct ValueId(pub usize);

/// An array, slice or `Vec`: an index into [`Program::memories`].
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub struct MemoryId(pub usize);

/// A region, which tells where a value is defined; 0 is the function's body.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub struct RegionId(pub usize);

/// What is known of a value's type.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Class {
    Float,
    /// An integer or `bool`.
    Scalar,
    /// Passive data of a type that only rustc knows.
    Data,
}

#[derive(Debug)]
pub struct Value {
    /// The name in generated code.
    pub ident: Ident,
    pub class: Class,
    pub active: bool,
    pub region: RegionId,
}

/// A parameter that is read by index; its adjoint is the caller's buffer.
pub struct Memory {
    pub ident: Ident,
    pub active: bool,
}

#[derive(Clone, Debug)]
pub enum Atom {
    Value(ValueId),
    Literal(TokenStream),
}

#[derive(Clone, Debug)]
pub struct Place {
    pub memory: MemoryId,
    pub steps: Vec<Step>,
}

#[derive(Clone, Debug)]
pub enum Step {
    /// An index or a range.
    Index(Template),
    Field(TokenStream),
}

/// A passive expression: the user's tokens, or ours around atoms and places.
#[derive(Clone, Debug, Default)]
pub struct Template {
    pub pieces: Vec<Piece>,
    /// User's names in the tokens, the values they stand for there, and behind how many references.
    pub names: Vec<(Ident, Atom, usize)>,
    /// Whether it may be evaluated again in the reverse sweep.
    pub pure: bool,
}

#[derive(Clone, Debug)]
pub enum Piece {
    Tokens(TokenStream),
    Atom(Atom),
    Place(Place),
    Template(Template),
    /// `[atom]`.
    Index(Atom),
}

pub struct Region {
    pub id: RegionId,
    pub statements: Vec<Statement>,
    pub yields: Vec<Atom>,
}

pub struct Carried {
    pub start: Atom,
    /// Its value in an iteration.
    pub inside: ValueId,
    /// Its value after the loop.
    pub after: ValueId,
}

pub struct Loop {
    pub index: ValueId,
    /// Over integers, walked backward in the reverse sweep.
    pub iterator: Template,
    pub carried: Vec<Carried>,
    /// Yields the carried values for the next iteration, in order.
    pub body: Region,
}

pub struct Statement {
    pub kind: StatementKind,
    pub span: Span,
}

pub enum StatementKind {
    Operation { out: ValueId, name: &'static str, operands: Vec<Atom> },
    Passive { out: Option<ValueId>, template: Template },
    Load { out: ValueId, place: Place },
    If { condition: Atom, then: Region, otherwise: Region, outs: Vec<ValueId> },
    Loop(Box<Loop>),
}

/// How a parameter enters.
#[derive(Clone, Copy)]
pub enum Entry {
    Scalar,
    Memory,
    Passive,
}

pub struct Program {
    pub values: Vec<Value>,
    pub memories: Vec<Memory>,
    pub entries: Vec<Entry>,
    pub body: Region,
    pub outcome: Atom,
}

impl Program {
    pub fn value(&self, id: ValueId) -> &Value {
        &self.values[id.0]
    }

    pub fn memory(&self, id: MemoryId) -> &Memory {
        &self.memories[id.0]
    }

    /// The value, if it is an active one.
    pub fn active(&self, atom: &Atom) -> Option<ValueId> {
        match atom {
            Atom::Value(id) if self.value(*id).active => Some(*id),
            _ => None,
        }
    }
}

impl Atom {
    pub fn read(&self, values: &mut Vec<ValueId>) {
        if let Atom::Value(id) = self {
            values.push(*id);
        }
    }
}

impl Template {
    /// The values that it reads.
    pub fn read(&self, values: &mut Vec<ValueId>) {
        for piece in &self.pieces {
            match piece {
                Piece::Tokens(_) => {}
                Piece::Atom(atom) | Piece::Index(atom) => atom.read(values),
                Piece::Place(place) => place.read(values),
                Piece::Template(template) => template.read(values),
            }
        }
        for (_, atom, _) in &self.names {
            atom.read(values);
        }
    }
}

impl Place {
    /// The values that its indices read.
    pub fn read(&self, values: &mut Vec<ValueId>) {
        for step in &self.steps {
            if let Step::Index(template) = step {
                template.read(values);
            }
        }
    }
}

// --- Display

/// The program with the user's names; a passive value is marked `°`.
impl fmt::Display for Program {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.region(f, &self.body, 0)?;
        writeln!(f, "return {}", self.atom(&self.outcome))
    }
}

impl Program {
    fn name(&self, id: ValueId) -> String {
        let value = self.value(id);
        let name = value.ident.to_string();
        let name = name.trim_end_matches('_');
        if value.active { name.to_owned() } else { format!("{name}°") }
    }

    fn names(&self, ids: impl IntoIterator<Item = ValueId>) -> String {
        ids.into_iter().map(|id| self.name(id)).collect::<Vec<_>>().join(", ")
    }

    fn atom(&self, atom: &Atom) -> String {
        match atom {
            Atom::Value(id) => self.name(*id),
            Atom::Literal(tokens) => tokens.to_string(),
        }
    }

    fn atoms(&self, atoms: &[Atom]) -> String {
        atoms.iter().map(|atom| self.atom(atom)).collect::<Vec<_>>().join(", ")
    }

    fn place(&self, place: &Place) -> String {
        let steps = place.steps.iter().map(|step| match step {
            Step::Index(template) => format!("[{}]", self.template(template)),
            Step::Field(member) => format!(".{member}"),
        });
        format!("{}{}", self.memory(place.memory).ident, steps.collect::<String>())
    }

    fn template(&self, template: &Template) -> String {
        let pieces = template.pieces.iter().map(|piece| match piece {
            Piece::Tokens(tokens) => tokens.to_string(),
            Piece::Atom(atom) => self.atom(atom),
            Piece::Index(atom) => format!("[{}]", self.atom(atom)),
            Piece::Place(place) => self.place(place),
            Piece::Template(template) => self.template(template),
        });
        pieces.collect::<Vec<_>>().join(" ")
    }

    fn region(&self, f: &mut fmt::Formatter<'_>, region: &Region, depth: usize) -> fmt::Result {
        for statement in &region.statements {
            write!(f, "{:1$}", "", 4 * depth)?;
            self.statement(f, statement, depth)?;
        }
        if !region.yields.is_empty() {
            writeln!(f, "{:1$}yield {2}", "", 4 * depth, self.atoms(&region.yields))?;
        }
        Ok(())
    }

    fn statement(&self, f: &mut fmt::Formatter<'_>, statement: &Statement, depth: usize) -> fmt::Result {
        match &statement.kind {
            StatementKind::Operation { out, name, operands } => {
                writeln!(f, "{} = {name}({})", self.name(*out), self.atoms(operands))
            }
            StatementKind::Passive { out: Some(out), template } => {
                writeln!(f, "{} = ⟨{}⟩", self.name(*out), self.template(template))
            }
            StatementKind::Passive { out: None, template } => writeln!(f, "⟨{}⟩", self.template(template)),
            StatementKind::Load { out, place } => {
                writeln!(f, "{} = load {}", self.name(*out), self.place(place))
            }
            StatementKind::If { condition, then, otherwise, outs } => {
                writeln!(f, "({}) = if {}", self.names(outs.iter().copied()), self.atom(condition))?;
                self.region(f, then, depth + 1)?;
                writeln!(f, "{:1$}else", "", 4 * depth)?;
                self.region(f, otherwise, depth + 1)
            }
            StatementKind::Loop(repeat) => {
                let after = self.names(repeat.carried.iter().map(|carried| carried.after));
                let start = repeat
                    .carried
                    .iter()
                    .map(|carried| format!("{} = {}", self.name(carried.inside), self.atom(&carried.start)));
                let (index, iterator) = (self.name(repeat.index), self.template(&repeat.iterator));
                let start = start.collect::<Vec<_>>().join(", ");
                writeln!(f, "({after}) = loop {index} in ⟨{iterator}⟩ ({start})")?;
                self.region(f, &repeat.body, depth + 1)
            }
        }
    }
}
