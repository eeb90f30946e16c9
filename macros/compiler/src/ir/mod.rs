//! The intermediate representation that the compiled adjoint is made from.
//!
//! ```text
//! program   ::= memory* value* region atom
//! region    ::= statement* yield*                      a sequence, and what it hands to the statement around it
//! statement ::= v = operation(atom, …)                 float arithmetic
//!             | v? = ⟨user's tokens⟩                    a passive expression, or an effect
//!             | v = load place
//!             | memory = new init                      a local array or `Vec`
//!             | store place = atom
//!             | copy place = place                     a whole array or row
//!             | swap place, place
//!             | change place.method(atom, …)           `push`, `truncate`, …: what changes a length
//!             | (v, …) = call ⟨function⟩(argument, …)   of another differentiable function
//!             | (v, …) = if atom region else region
//!             | (v, …) = loop v (in ⟨iterator⟩)? (v = atom, …) (while region atom)? region (until atom)?
//! init      ::= ⟨user's tokens⟩ | [atom, …] | [atom; ⟨length⟩] | copy of place
//! place     ::= memory([index] | .field)*
//! atom      ::= v | literal
//! ```
//!
//! Every value is assigned once in its region, each time the region runs; a mutable variable is a chain of values, and a
//! loop *carries* those that its body assigns. Memories are slices, arrays and `Vec`s: parameters, which are only read, and
//! locals, which are changed in place. There are no jumps: whoever leaves early sets a code, what would follow stands under
//! a condition on it, and a loop stops *until* it is set. Every value and statement keeps its span, and the user's names.

mod print;
#[cfg(test)]
pub mod verify;

use crate::ident::unraw;
use gradus_ops::Op;
use proc_macro2::{Ident, Span, TokenStream};
use std::collections::BTreeSet;

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
    /// Passive data of a type that only rustc knows. It keeps the user's name.
    Data,
}

#[derive(Clone, Debug)]
pub struct Value {
    /// The name in generated code.
    pub ident: Ident,
    pub class: Class,
    pub active: bool,
    pub region: RegionId,
    /// The type that the user declared for passive data.
    pub declared: Option<TokenStream>,
    /// The user's own pattern, if it takes data apart. It is printed in the place of the name, and binds names that templates use.
    pub pattern: Option<TokenStream>,
}

/// What is read by index. The adjoint of a parameter is the caller's buffer, that of a local has the local's shape.
#[derive(Clone)]
pub struct Memory {
    pub ident: Ident,
    pub kind: MemoryKind,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum MemoryKind {
    Parameter {
        reference: bool,
    },
    /// Made in this region, of numbers alone; `fixed` if its type tells its shape: arrays in arrays.
    Local {
        region: RegionId,
        fixed: bool,
    },
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
    /// Where a panic about it is to point.
    pub span: Span,
}

#[derive(Clone, Debug)]
pub enum Step {
    /// An index or a range.
    Index(Template),
    Field(TokenStream),
    /// What a reference points at.
    Deref,
}

/// A passive expression: the user's tokens, or ours around atoms and places.
#[derive(Clone, Debug, Default)]
pub struct Template {
    pub pieces: Vec<Piece>,
    /// User's names in the tokens, and what they stand for there.
    pub names: Vec<Name>,
    /// Whether it may be evaluated again in the reverse sweep.
    pub pure: bool,
    /// The user's expression, where a panic of it points.
    pub span: Option<Span>,
}

/// A name in the user's tokens.
#[derive(Clone, Debug)]
pub struct Name {
    pub ident: Ident,
    pub stands_for: Named,
    pub uses: Uses,
}

/// How a name in the user's tokens gets its meaning.
#[derive(Clone, Debug)]
pub enum Uses {
    /// The tokens with these spans are replaced.
    At(BTreeSet<String>),
    /// The name is bound around the tokens: a macro names it, or something inside binds it again.
    Bound,
}

/// What a name in the user's tokens stands for.
#[derive(Clone, Debug)]
pub enum Named {
    /// A value, behind so many references.
    Atom(Atom, usize),
    /// A memory, or a part of it.
    Place(Place),
    /// The same of a type that only rustc knows, which may be a number: a copy of it.
    Copy(Place),
}

#[derive(Clone, Debug)]
pub enum Piece {
    Tokens(TokenStream),
    Atom(Atom),
    Place(Place),
    Template(Template),
    /// `[atom]`.
    Index(Atom),
    /// `{ … }`.
    Braces(Template),
    /// A number, through any references.
    Number(Template),
}

#[derive(Clone)]
pub struct Region {
    pub id: RegionId,
    pub statements: Vec<Statement>,
    pub yields: Vec<Atom>,
}

#[derive(Clone)]
pub struct Carried {
    pub start: Atom,
    /// Its value in an iteration.
    pub inside: ValueId,
    /// Its value after the loop.
    pub after: ValueId,
}

#[derive(Clone)]
pub struct Loop {
    pub index: ValueId,
    /// Over integers, walked backward in the reverse sweep. Without it the loop runs until it is told to stop.
    pub iterator: Option<Template>,
    /// An iterator of the user's that runs once, and the item that it gives; the iterations are counted.
    pub items: Option<(ValueId, Template)>,
    pub carried: Vec<Carried>,
    /// What is tested before each iteration, and the test. Nothing of it is seen by the body.
    pub test: Option<(Region, Atom)>,
    /// Yields the carried values for the next iteration, in order.
    pub body: Region,
    /// Whether the iteration was the last, and the value that counts iterations.
    pub until: Option<(Atom, ValueId)>,
}

/// How a local memory begins.
#[derive(Clone)]
pub enum Init {
    Passive(Template),
    List {
        vec: bool,
        elements: Vec<Init>,
    },
    Repeat {
        vec: bool,
        element: Box<Init>,
        length: Template,
    },
    /// `place.to_vec()`, `place.clone()`.
    Copy {
        place: Place,
        method: TokenStream,
    },
    Tuple(Vec<Init>),
    Atom(Atom),
}

/// An argument of a call.
#[derive(Clone)]
pub enum Argument {
    /// A number; where numbers alone go in and one comes out, the value that keeps the callee's partial derivative for it.
    Number { atom: Atom, partial: Option<ValueId> },
    /// A memory or a part of it, borrowed or given away.
    Place { place: Place, borrowed: bool },
    /// Passive data.
    Passive(Template),
}

/// A call of another differentiable function. Numbers in, one number out: the callee gives its partial derivatives at once.
/// Else it leaves its own record in the frame, and the reverse sweep calls its reverse half.
#[derive(Clone)]
pub struct Call {
    pub out: Out,
    pub callee: syn::Path,
    pub arguments: Vec<Argument>,
    pub in_halves: bool,
}

/// What a call gives.
#[derive(Clone)]
pub enum Out {
    Value(ValueId),
    Memory(MemoryId),
    Tuple(Vec<Out>),
}

/// What a function gives.
#[derive(Clone)]
pub enum Outcome {
    Atom(Atom),
    Place(Place),
    Tuple(Vec<Outcome>),
    List(Vec<Outcome>),
}

#[derive(Clone)]
pub struct Statement {
    pub kind: StatementKind,
    pub span: Span,
}

#[derive(Clone)]
pub enum StatementKind {
    /// Where the partial derivative is better computed along with the value, `slope` is what it is made of.
    Operation {
        out: ValueId,
        op: Op,
        operands: Vec<Atom>,
        slope: Option<ValueId>,
    },
    Passive {
        out: Option<ValueId>,
        template: Template,
    },
    Load {
        out: ValueId,
        place: Place,
    },
    New {
        memory: MemoryId,
        init: Init,
    },
    Store {
        place: Place,
        value: Atom,
    },
    Copy {
        to: Place,
        from: Place,
    },
    Swap {
        a: Place,
        b: Place,
    },
    Change {
        place: Place,
        change: Change,
    },
    Call(Box<Call>),
    If {
        condition: Atom,
        then: Region,
        otherwise: Region,
        outs: Vec<ValueId>,
    },
    Loop(Box<Loop>),
}

impl StatementKind {
    /// The values that it reads itself, those in its regions apart.
    pub fn read(&self, values: &mut Vec<ValueId>) {
        match self {
            StatementKind::Operation { operands, .. } => {
                operands.iter().for_each(|operand| operand.read(values));
            }
            StatementKind::Passive { template, .. } => template.read(values),
            StatementKind::Load { place, .. } => place.read(values),
            StatementKind::New { init, .. } => init.read(values),
            StatementKind::Store { place, value } => {
                place.read(values);
                value.read(values);
            }
            StatementKind::Copy { to: a, from: b } | StatementKind::Swap { a, b } => {
                a.read(values);
                b.read(values);
            }
            StatementKind::Change { place, change } => {
                place.read(values);
                match change {
                    Change::Push(element) => element.read(values),
                    Change::Pop(_) => {}
                    Change::Swap(a, b) => {
                        a.read(values);
                        b.read(values);
                    }
                    Change::Truncate { length, before } => {
                        length.read(values);
                        before.read(values);
                    }
                }
            }
            StatementKind::Call(call) => call.arguments.iter().for_each(|argument| match argument {
                Argument::Number { atom, .. } => atom.read(values),
                Argument::Place { place, .. } => place.read(values),
                Argument::Passive(template) => template.read(values),
            }),
            StatementKind::If { condition, .. } => condition.read(values),
            StatementKind::Loop(repeat) => {
                repeat.iterator.iter().for_each(|iterator| iterator.read(values));
                repeat.items.iter().for_each(|(_, items)| items.read(values));
                repeat.carried.iter().for_each(|carried| carried.start.read(values));
                repeat.until.iter().for_each(|(last, _)| last.read(values));
            }
        }
    }
}

impl Memory {
    /// Of a local: the region where it is made, and whether its type tells its shape.
    pub fn local(&self) -> Option<(RegionId, bool)> {
        match self.kind {
            MemoryKind::Parameter { .. } => None,
            MemoryKind::Local { region, fixed } => Some((region, fixed)),
        }
    }
}

/// What changes the length of a `Vec`.
#[derive(Clone)]
pub enum Change {
    /// A new element: a number, a tuple or a row.
    Push(Init),
    /// The last element, which is there.
    Pop(Out),
    /// Two elements that are no numbers, rows say, change places.
    Swap(Atom, Atom),
    /// The new length, and that before.
    Truncate { length: Template, before: Atom },
}

/// How a parameter enters.
#[derive(Clone, Copy)]
pub enum Entry {
    Scalar,
    Memory,
    Passive,
}

#[derive(Clone)]
pub struct Program {
    pub values: Vec<Value>,
    pub memories: Vec<Memory>,
    pub entries: Vec<Entry>,
    /// Passive data that is declared `mut`.
    pub changing: BTreeSet<ValueId>,
    /// Parameters whose names end in an underscore, as otherwise only generated names do.
    pub underscored: BTreeSet<String>,
    /// Items of the body.
    pub items: Vec<syn::Item>,
    pub body: Region,
    pub outcome: Outcome,
}

impl Program {
    pub fn value(&self, id: ValueId) -> &Value {
        &self.values[id.0]
    }

    /// The name of a value or memory, without `r#` and without the underscore at the end of generated names.
    pub fn stem(&self, ident: &Ident) -> String {
        let name = unraw(ident);
        if self.underscored.contains(&name) { name } else { name.trim_end_matches('_').to_owned() }
    }

    pub fn memory(&self, id: MemoryId) -> &Memory {
        &self.memories[id.0]
    }

    /// Whether a callee leaves its record in the frame.
    pub fn calls_halves(&self) -> bool {
        fn any(region: &Region) -> bool {
            region.statements.iter().any(|statement| match &statement.kind {
                StatementKind::Call(call) => call.in_halves,
                StatementKind::If { then, otherwise, .. } => any(then) || any(otherwise),
                StatementKind::Loop(repeat) => {
                    any(&repeat.body) || repeat.test.as_ref().is_some_and(|(test, _)| any(test))
                }
                _ => false,
            })
        }
        any(&self.body)
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
                Piece::Template(template) | Piece::Braces(template) | Piece::Number(template) => {
                    template.read(values);
                }
            }
        }
        for name in &self.names {
            match &name.stands_for {
                Named::Atom(atom, _) => atom.read(values),
                Named::Place(place) | Named::Copy(place) => place.read(values),
            }
        }
    }

    /// The memories that it looks at, their lengths most often.
    pub fn look_at(&self, memories: &mut Vec<MemoryId>) {
        for piece in &self.pieces {
            match piece {
                Piece::Tokens(_) | Piece::Atom(_) | Piece::Index(_) => {}
                Piece::Place(place) => place.look_at(memories),
                Piece::Template(template) | Piece::Braces(template) | Piece::Number(template) => {
                    template.look_at(memories);
                }
            }
        }
        for name in &self.names {
            if let Named::Place(place) | Named::Copy(place) = &name.stands_for {
                place.look_at(memories);
            }
        }
    }
}

impl Out {
    /// The values and memories that it is made of.
    pub fn parts(&self, values: &mut Vec<ValueId>, memories: &mut Vec<MemoryId>) {
        match self {
            Out::Value(value) => values.push(*value),
            Out::Memory(memory) => memories.push(*memory),
            Out::Tuple(parts) => parts.iter().for_each(|part| part.parts(values, memories)),
        }
    }
}

impl Outcome {
    /// The values by which its places are found.
    pub fn places(&self, values: &mut Vec<ValueId>) {
        match self {
            Outcome::Atom(_) => {}
            Outcome::Place(place) => place.read(values),
            Outcome::Tuple(parts) | Outcome::List(parts) => parts.iter().for_each(|part| part.places(values)),
        }
    }
}

impl Init {
    /// The values that it reads.
    pub fn read(&self, values: &mut Vec<ValueId>) {
        match self {
            Init::Passive(template) => template.read(values),
            Init::List { elements, .. } | Init::Tuple(elements) => {
                elements.iter().for_each(|element| element.read(values));
            }
            Init::Repeat { element, length, .. } => {
                element.read(values);
                length.read(values);
            }
            Init::Copy { place, .. } => place.read(values),
            Init::Atom(atom) => atom.read(values),
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

    /// Its memory, and those that its indices look at.
    pub fn look_at(&self, memories: &mut Vec<MemoryId>) {
        memories.push(self.memory);
        for step in &self.steps {
            if let Step::Index(template) = step {
                template.look_at(memories);
            }
        }
    }
}
