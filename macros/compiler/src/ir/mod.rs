//! The intermediate representation that the compiled adjoint is made from.
//!
//! ```text
//! program   ::= storage* value* region outcome region?   the forward sweep, and the reverse sweep if there is one
//! region    ::= statement* yield*                        a sequence, and what it gives to the statement around it
//! statement ::= v = operation(atom, …)                   float arithmetic
//!             | v? = ⟨user's tokens⟩                      a passive expression, or an effect
//!             | v = load place
//!             | storage = new init                       a local array or `Vec`
//!             | store place = atom
//!             | copy place = place                       a whole array or row
//!             | swap place, place
//!             | change place.method(atom, …)             `push`, `truncate`, …: what changes a length
//!             | (v, …) = call ⟨function⟩(argument, …)     of another differentiable function
//!             | (v, …) = if atom region else region
//!             | v = choose atom, atom, atom              both are computed
//!             | (v, …) = loop v (in ⟨iterator⟩)? (v = atom, …) (while region atom)? region (reverse region)? (until atom)?
//!   of the reverse sweep:
//!             | v = expression
//!             | v = test
//!             | accumulate place += expression | place   an adjoint
//!             | v? = take place                          read, and leave −0
//!             | v = sum place
//!             | record #n (v, …)                         end of an iteration, branch or body: what its reverse reads
//!             | (v, …) = replay #n                       the last such record
//!             | reverse ⟨function⟩(argument, …), seed, (place, …)
//! expression ::= atom | operation(expression, …) | partial(atom, …) | expression where atom | push(expression, expression)
//! test      ::= atom | reached atom | expression ≠ 0 | ⟨condition of the rule table⟩ | test and test
//! init      ::= ⟨user's tokens⟩ | [init, …] | [init; ⟨length⟩] | ⟨struct⟩ { field: init, … ..place } | copy of place | unreached shape
//! place     ::= storage([index] | .field)*
//! atom      ::= v | literal
//! ```
//!
//! Every value is assigned once in its region, each time the region runs; a mutable variable is a chain of values, and a
//! loop *carries* those that its body assigns. Memories are slices, arrays and `Vec`s: parameters, which are only read, and
//! locals, which are changed in place. There are no jumps: whoever leaves early sets a code, what would follow stands under
//! a condition on it, and a loop stops *until* it is set. Every value and statement keeps its span, and the user's names.
//!
//! The reverse sweep is a region like the body. Its adjoints are values, each assigned once; what several regions add to is a
//! storage. It assigns values of the forward sweep again where it restores or recomputes them. −0 is the adjoint of what
//! nothing has reached, so what is added to an adjoint is never −0 unless it is certain that something reaches it.

mod literal;
mod print;
mod rename;
mod sweep;
mod tangent;
#[cfg(test)]
pub mod verify;
mod walk;

pub use literal::Literal;
pub use rename::Names;
pub use sweep::{
    Amount, CallReverse, Expression, Mode, Order, Record, Reverse, ReverseTangents, Seed, Shape, Test,
};
pub use tangent::{CallTangents, Direction, Tangent};

use crate::syntax::callee::Callee;
use crate::syntax::ident::unraw;
use gradus_ops::Op;
use proc_macro2::{Ident, Span, TokenStream};
use std::collections::BTreeSet;

/// A scalar, or passive data: an index into [`Program::values`].
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub struct ValueId(pub usize);

/// An array, slice or `Vec`: an index into [`Program::storages`].
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub struct StorageId(pub usize);

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
    /// Of data: whether a frame can hold it, as its type tells.
    pub recordable: bool,
    /// The type that the user declared for passive data.
    pub declared: Option<TokenStream>,
    /// The user's own pattern, if it takes data apart. It is printed in the place of the name, and binds names that host expressions use.
    pub pattern: Option<TokenStream>,
}

/// What is read by index. The adjoint of a parameter is the caller's buffer, that of a local has the local's shape.
#[derive(Clone, Debug)]
pub struct Storage {
    pub ident: Ident,
    pub kind: StorageKind,
    /// The type that the user declared, where the value alone does not tell it.
    pub declared: Option<TokenStream>,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum StorageKind {
    Parameter {
        reference: bool,
    },
    /// Made in this region, of numbers alone; `fixed` if its type tells its shape: arrays in arrays.
    Local {
        region: RegionId,
        fixed: bool,
    },
    /// An adjoint that a region of the reverse sweep makes: of a storage, or the sum of what reaches a value.
    Adjoint {
        region: RegionId,
    },
    /// The caller's buffer for a gradient, `&mut f64` where `number`.
    Buffer {
        number: bool,
    },
    /// The weights of the result's numbers.
    Seed,
}

#[derive(Clone, Debug)]
pub enum Atom {
    Value(ValueId),
    Literal(Literal),
}

#[derive(Clone, Debug)]
pub struct Place {
    pub storage: StorageId,
    pub steps: Vec<Step>,
    /// Where a panic about it is to point.
    pub span: Span,
}

#[derive(Clone, Debug)]
pub enum Step {
    Index(HostExpression),
    /// A part that a range cuts out.
    Range(HostExpression),
    Field(TokenStream),
    /// What a reference points at.
    Deref,
}

/// A passive expression: the user's tokens, or ours around atoms and places.
#[derive(Clone, Debug, Default)]
pub struct HostExpression {
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
    /// A storage, or a part of it.
    Place(Place),
    /// The same of a type that only rustc knows, which may be a number: a copy of it.
    Copy(Place),
}

#[derive(Clone, Debug)]
pub enum Piece {
    Tokens(TokenStream),
    Atom(Atom),
    Place(Place),
    HostExpression(HostExpression),
    /// `[atom]`.
    Index(Atom),
    /// `0..atom`.
    Below(Atom),
    /// `{ … }`.
    Braces(HostExpression),
    /// A number, through any references.
    Number(HostExpression),
}

#[derive(Clone, Debug)]
pub struct Region {
    pub id: RegionId,
    pub statements: Vec<Statement>,
    pub yields: Vec<Atom>,
}

#[derive(Clone, Debug)]
pub struct Carried {
    pub start: Atom,
    /// Its value in an iteration.
    pub inside: ValueId,
    /// Its value after the loop.
    pub after: ValueId,
}

#[derive(Clone, Debug)]
pub struct Loop {
    pub index: ValueId,
    /// Over integers, walked backward in the reverse sweep. Without it the loop runs until it is told to stop.
    pub iterator: Option<HostExpression>,
    /// An iterator of the user's that runs once, and the item that it gives; the iterations are counted.
    pub items: Option<(ValueId, HostExpression)>,
    pub carried: Vec<Carried>,
    /// What is tested before each iteration, and the test. Nothing of it is seen by the body.
    pub test: Option<(Region, Atom)>,
    /// Yields the carried values for the next iteration, in order.
    pub body: Region,
    /// Whether the iteration was the last, and the value that counts iterations.
    pub until: Option<(Atom, ValueId)>,
    pub order: Order,
    /// The reverse of each iteration, if it runs right after it.
    pub fused: Option<Region>,
    /// The number of its record, if the records of all iterations lie in one block.
    pub block: Option<usize>,
}

/// How a local storage begins.
#[derive(Clone, Debug)]
pub enum Init {
    Passive(HostExpression),
    List {
        vec: bool,
        elements: Vec<Init>,
    },
    Repeat {
        vec: bool,
        element: Box<Init>,
        length: HostExpression,
    },
    /// `place.to_vec()`, `place.clone()`.
    Copy {
        place: Place,
        method: TokenStream,
    },
    Tuple(Vec<Init>),
    /// A struct of the user's; what the fields do not name is that of the base.
    Struct {
        path: syn::Path,
        fields: Vec<(syn::Member, Init)>,
        base: Option<Place>,
    },
    Atom(Atom),
    /// Nothing: each branch that follows leaves something of the same type in it, and nobody looks at it before.
    Unset,
    /// A storage that is moved here.
    Storage(StorageId),
    /// The first number of an accumulator.
    Number(Expression),
    /// An adjoint that nothing has reached.
    Unreached(Shape),
}

/// An argument of a call.
#[derive(Clone, Debug)]
pub enum Argument {
    /// A number; where numbers alone go in and one comes out, the value that keeps the callee's partial derivative for it.
    Number { atom: Atom, partial: Option<ValueId> },
    /// A storage or a part of it, borrowed or given away.
    Place { place: Place, borrowed: bool },
    /// A storage or a part of it that the callee may change, and what was there before, which its reverse half is given. Its
    /// adjoint goes in and out.
    Changed { place: Place, before: Place },
    /// Passive data.
    Passive(HostExpression),
}

/// A call of another differentiable function. Numbers in, one number out: the callee gives its partial derivatives at once.
/// Else it leaves its own record in the frame, and the reverse sweep calls its reverse half.
#[derive(Clone, Debug)]
pub struct Call {
    pub out: Out,
    pub callee: Callee,
    pub arguments: Vec<Argument>,
    pub in_halves: bool,
    /// Of a callee that may fail: what stands behind the call and gives the value or leaves, such as `?` or `.unwrap()`.
    pub rest: Option<HostExpression>,
    /// Of a program in forward mode: the callee's value and its tangent come at once.
    pub tangents: Option<CallTangents>,
}

impl Call {
    /// What the callee changes.
    pub fn changed(&self) -> impl Iterator<Item = &Place> {
        self.arguments.iter().filter_map(|argument| match argument {
            Argument::Changed { place, .. } => Some(place),
            Argument::Number { .. } | Argument::Place { .. } | Argument::Passive(_) => None,
        })
    }
}

/// What a call gives.
#[derive(Clone, Debug)]
pub enum Out {
    Value(ValueId),
    Storage(StorageId),
    Tuple(Vec<Out>),
}

/// What a function gives.
#[derive(Clone, Debug)]
pub enum Outcome {
    Atom(Atom),
    Place(Place),
    Tuple(Vec<Outcome>),
    List(Vec<Outcome>),
}

#[derive(Clone, Debug)]
pub struct Statement {
    pub kind: StatementKind,
    pub span: Span,
}

#[derive(Clone, Debug)]
pub enum StatementKind {
    Operation {
        out: ValueId,
        op: Op,
        operands: Vec<Atom>,
    },
    Passive {
        out: Option<ValueId>,
        host: HostExpression,
    },
    Load {
        out: ValueId,
        place: Place,
    },
    New {
        storage: StorageId,
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
    /// One of two numbers that are both computed.
    Choose {
        out: ValueId,
        condition: Atom,
        then: Atom,
        otherwise: Atom,
    },
    Loop(Box<Loop>),
    /// A number of the reverse sweep.
    Compute {
        out: ValueId,
        expression: Expression,
    },
    /// A condition of the reverse sweep.
    Test {
        out: ValueId,
        test: Test,
    },
    /// Adds to an adjoint.
    Accumulate {
        place: Place,
        amount: Amount,
    },
    /// Reads the adjoint of a place, and leaves −0.
    Take {
        out: Option<Out>,
        place: Place,
    },
    /// The sum of a place's numbers.
    Sum {
        out: ValueId,
        place: Place,
    },
    Record(Record),
    /// The last record of that number, which is taken from the frame.
    Replay(Record),
    CallReverse(Box<CallReverse>),
}

impl Place {
    /// A part of it.
    pub fn part(&self, step: Step) -> Place {
        let mut part = self.clone();
        part.steps.push(step);
        part
    }
}

impl Storage {
    /// Of a local of the forward sweep: the region where it is made, and whether its type tells its shape.
    pub fn local(&self) -> Option<(RegionId, bool)> {
        match self.kind {
            StorageKind::Local { region, fixed } => Some((region, fixed)),
            StorageKind::Parameter { .. }
            | StorageKind::Adjoint { .. }
            | StorageKind::Buffer { .. }
            | StorageKind::Seed => None,
        }
    }
}

/// What changes the length of a `Vec`.
#[derive(Clone, Debug)]
pub enum Change {
    /// A new element: a number, a tuple or a row.
    Push(Init),
    /// The last element, which is there.
    Pop(Out),
    /// Two elements that are no numbers, rows say, change places.
    Swap(Atom, Atom),
    /// The new length, and that before.
    Truncate { length: HostExpression, before: Atom },
    /// The length of an adjoint again, where its storage was truncated.
    Resize(Atom),
}

/// How a parameter enters.
#[derive(Clone, Copy)]
pub enum Entry {
    /// A number that has a derivative.
    Scalar(ValueId),
    /// Numbers that have one.
    Storage(StorageId),
    Passive(ValueId),
}

#[derive(Clone)]
pub struct Program {
    pub values: Vec<Value>,
    pub storages: Vec<Storage>,
    pub entries: Vec<Entry>,
    /// Passive data that is declared `mut`.
    pub changing: BTreeSet<ValueId>,
    /// Parameters whose names end in an underscore, as otherwise only generated names do.
    pub underscored: BTreeSet<String>,
    /// Items of the body.
    pub items: Vec<syn::Item>,
    pub body: Region,
    pub outcome: Outcome,
    /// What `transform::differentiate` adds.
    pub reverse: Option<Reverse>,
    /// What `transform::tangent` adds.
    pub tangent: Option<Tangent>,
}

impl Program {
    pub fn value(&self, id: ValueId) -> &Value {
        &self.values[id.0]
    }

    /// The name of a value or storage, without `r#` and without the underscore at the end of generated names.
    pub fn stem(&self, ident: &Ident) -> String {
        let name = unraw(ident);
        if self.underscored.contains(&name) { name } else { name.trim_end_matches('_').to_owned() }
    }

    pub fn storage(&self, id: StorageId) -> &Storage {
        &self.storages[id.0]
    }

    /// Whether anything is recorded, by the program or by a callee.
    pub fn records(&self) -> bool {
        let mut found = false;
        self.body.each(&mut |_, statement| {
            found |= matches!(statement.kind, StatementKind::Record(_));
            if let StatementKind::Call(call) = &statement.kind {
                found |= call.in_halves && (call.tangents.is_none() || self.reverse.is_some());
            }
        });
        found
    }

    /// The value, if it is an active one.
    pub fn active(&self, atom: &Atom) -> Option<ValueId> {
        match atom {
            Atom::Value(id) if self.value(*id).active => Some(*id),
            Atom::Value(_) | Atom::Literal(_) => None,
        }
    }
}
