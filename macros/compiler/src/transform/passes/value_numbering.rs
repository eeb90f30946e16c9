//! Value numbering: what was read or computed a moment ago has its name already. Elements that nobody has overwritten since,
//! indices and passive numbers are computed once, so that one adjoint takes what all their uses contribute, and one record
//! holds what the reverse sweep reads of them. An element that was just stored is the number that was stored.
//!
//! Only what is certain to run before is looked for: what stands earlier in the region or in the regions around it. After
//! Cocke and Schwartz, *Programming Languages and Their Compilers* (1970), with the scopes of Briggs, Cooper and Simpson,
//! *Value numbering* (1997).

use crate::ir::{
    Atom, Class, HostExpression, Literal, Named, Names, Piece, Place, Program, Region, RegionId, Statement,
    StatementKind, Step, StorageId, Uses, ValueId,
};
use crate::transform::clobber::{Changed, changed};
use proc_macro2::{Delimiter, Ident, TokenStream, TokenTree};
use quote::ToTokens;
use std::collections::HashMap;

pub fn run(program: &mut Program) {
    let mut body = std::mem::replace(
        &mut program.body,
        Region { id: RegionId(0), statements: Vec::new(), yields: Vec::new() },
    );
    let mut numbering = Numbering {
        program,
        names: Names::new(),
        known: HashMap::new(),
        constants: HashMap::new(),
        readers: HashMap::new(),
        entered: Vec::new(),
    };
    numbering.region(&mut body);
    let names = numbering.names;
    program.body = body;
    program.outcome.rename(&names);
}

/// What a value is computed from.
type Key = Vec<Part>;

/// A part of a key.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
enum Part {
    Word(Ident),
    Literal(String),
    Sign(char),
    Open(Bracket),
    Close,
    Value(ValueId),
    Storage(StorageId),
    /// What follows is a number through a reference.
    Number,
    Deref,
    /// A name in the user's tokens, behind so many references.
    Behind(usize),
}

#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
enum Bracket {
    Round,
    Square,
    Curly,
    None,
}

struct Numbering<'p> {
    program: &'p Program,
    names: Names,
    known: HashMap<Key, ValueId>,
    /// Integers that no value tells the type of: what they are in an index.
    constants: HashMap<ValueId, Key>,
    /// For each storage, the keys that look at it.
    readers: HashMap<StorageId, Vec<Key>>,
    /// The keys that became known, the last one last.
    entered: Vec<Key>,
}

impl Numbering<'_> {
    /// What an inner region computes is forgotten at its end.
    fn inner(&mut self, region: &mut Region) {
        let before = self.entered.len();
        self.region(region);
        for key in self.entered.split_off(before) {
            self.known.remove(&key);
        }
    }

    fn region(&mut self, region: &mut Region) {
        let statements = std::mem::take(&mut region.statements);
        for mut statement in statements {
            statement.kind.rename(&self.names);
            if let Some(out) = self.same(&statement) {
                let (of, known) = out;
                self.names.insert(of, known);
                continue;
            }
            self.within(&mut statement.kind);
            self.forget(&statement.kind);
            self.stored(&statement.kind);
            region.statements.push(statement);
        }
        region.rename_yields(&self.names);
    }

    fn within(&mut self, kind: &mut StatementKind) {
        match kind {
            StatementKind::If { then, otherwise, .. } => {
                self.inner(then);
                self.inner(otherwise);
            }
            StatementKind::Loop(repeat) => {
                // What an iteration changes is another in the next one.
                repeat.body.each(&mut |_, statement| self.forget(&statement.kind));
                if let Some((test, atom)) = &mut repeat.test {
                    self.inner(test);
                    atom.rename(&self.names);
                }
                let before = self.entered.len();
                self.region(&mut repeat.body);
                repeat.rename_end(&self.names);
                for key in self.entered.split_off(before) {
                    self.known.remove(&key);
                }
            }
            StatementKind::Operation { .. }
            | StatementKind::Passive { .. }
            | StatementKind::Load { .. }
            | StatementKind::New { .. }
            | StatementKind::Store { .. }
            | StatementKind::Copy { .. }
            | StatementKind::Swap { .. }
            | StatementKind::Change { .. }
            | StatementKind::Call(_)
            | StatementKind::Choose { .. }
            | StatementKind::Compute { .. }
            | StatementKind::Test { .. }
            | StatementKind::Accumulate { .. }
            | StatementKind::Take { .. }
            | StatementKind::Sum { .. }
            | StatementKind::Record(_)
            | StatementKind::Replay(_)
            | StatementKind::CallReverse(_) => {}
        }
    }

    /// The value that a statement makes, and the one that is the same; else the value becomes known.
    fn same(&mut self, statement: &Statement) -> Option<(ValueId, ValueId)> {
        let (out, key) = match &statement.kind {
            StatementKind::Load { out, place } => (*out, self.place(place)?),
            StatementKind::Passive { out: Some(out), host } => (*out, self.passive(*out, host)?),
            StatementKind::Passive { out: None, .. }
            | StatementKind::Operation { .. }
            | StatementKind::New { .. }
            | StatementKind::Store { .. }
            | StatementKind::Copy { .. }
            | StatementKind::Swap { .. }
            | StatementKind::Change { .. }
            | StatementKind::Call(_)
            | StatementKind::If { .. }
            | StatementKind::Choose { .. }
            | StatementKind::Loop(_)
            | StatementKind::Compute { .. }
            | StatementKind::Test { .. }
            | StatementKind::Accumulate { .. }
            | StatementKind::Take { .. }
            | StatementKind::Sum { .. }
            | StatementKind::Record(_)
            | StatementKind::Replay(_)
            | StatementKind::CallReverse(_) => return None,
        };
        if let Some(known) = self.known.get(&key) {
            return Some((out, *known));
        }
        self.enter(key, out);
        None
    }

    fn enter(&mut self, key: Key, value: ValueId) {
        for part in &key {
            if let Part::Storage(storage) = part {
                self.readers.entry(*storage).or_default().push(key.clone());
            }
        }
        self.known.insert(key.clone(), value);
        self.entered.push(key);
    }

    /// Forgets what was read of the storages that a statement changes.
    fn forget(&mut self, kind: &StatementKind) {
        let stored = if let StatementKind::Store { place, .. } = kind { self.place(place) } else { None };
        for Changed { storage, .. } in changed(kind) {
            let keys = self.readers.remove(&storage).unwrap_or_default();
            let (kept, changed) = keys.into_iter().partition::<Vec<_>, _>(|key| {
                stored.as_ref().is_some_and(|stored| are_apart(stored, key, storage))
            });
            for key in changed {
                self.known.remove(&key);
            }
            if !kept.is_empty() {
                self.readers.insert(storage, kept);
            }
        }
    }

    /// A number that was stored is the element that the place holds.
    fn stored(&mut self, kind: &StatementKind) {
        if let StatementKind::Store { place, value: Atom::Value(value) } = kind
            && self.program.value(*value).active
            && let Some(key) = self.place(place)
        {
            self.enter(key, *value);
        }
    }

    // --- keys

    fn place(&self, place: &Place) -> Option<Key> {
        let mut key = Key::new();
        self.of_place(place, &mut key).then_some(key)
    }

    /// The key of a passive number or index. Nothing tells the type of one that reads no value.
    fn passive(&mut self, out: ValueId, host: &HostExpression) -> Option<Key> {
        let value = self.program.value(out);
        let is_ours =
            value.pattern.is_none() && value.declared.is_none() && !self.program.changing.contains(&out);
        let mut key = Key::new();
        let is_known = is_ours && host.pure && self.of_host(host, &mut key);
        match value.class {
            Class::Float => is_known.then_some(key),
            Class::Scalar if is_known && key.iter().all(Part::keeps_types) => {
                if key.iter().any(Part::is_value) {
                    return Some(key);
                }
                self.constants.insert(out, key);
                None
            }
            Class::Scalar | Class::Data => None,
        }
    }

    /// Appends what a place is, if it is told by what it reads.
    fn of_place(&self, place: &Place, key: &mut Key) -> bool {
        key.push(Part::Storage(place.storage));
        place.steps.iter().all(|step| match step {
            Step::Index(host) | Step::Range(host) => {
                key.push(Part::Open(Bracket::Square));
                let is_known = self.of_host(host, key);
                key.push(Part::Close);
                is_known
            }
            Step::Field(member) => {
                key.push(Part::Sign('.'));
                self.of_tokens(member.clone(), &HostExpression::default(), key)
            }
            Step::Deref => {
                key.push(Part::Deref);
                true
            }
        })
    }

    fn of_host(&self, host: &HostExpression, key: &mut Key) -> bool {
        host.pure
            && host.pieces.iter().all(|piece| {
                let grouped = |bracket, key: &mut Key, host| {
                    key.push(Part::Open(bracket));
                    let is_known = self.of_host(host, key);
                    key.push(Part::Close);
                    is_known
                };
                match piece {
                    Piece::Tokens(tokens) => self.of_tokens(tokens.clone(), host, key),
                    Piece::Atom(atom) => self.of_atom(atom, key),
                    Piece::Place(place) => self.of_place(place, key),
                    Piece::HostExpression(inner) => grouped(Bracket::Round, key, inner),
                    Piece::Braces(inner) => grouped(Bracket::Curly, key, inner),
                    Piece::Index(atom) => {
                        key.push(Part::Open(Bracket::Square));
                        let is_known = self.of_atom(atom, key);
                        key.push(Part::Close);
                        is_known
                    }
                    Piece::Below(atom) => {
                        key.push(Part::Sign('<'));
                        self.of_atom(atom, key)
                    }
                    Piece::Number(inner) => {
                        key.push(Part::Number);
                        grouped(Bracket::Round, key, inner)
                    }
                }
            })
    }

    fn of_atom(&self, atom: &Atom, key: &mut Key) -> bool {
        match atom {
            // Statements of the user's change it.
            Atom::Value(value) if self.program.changing.contains(value) => return false,
            Atom::Value(value) => match self.constants.get(value) {
                Some(constant) => key.extend(constant.iter().cloned()),
                None => key.push(Part::Value(*value)),
            },
            // It has another type in another place.
            Atom::Literal(Literal::Default) => return false,
            Atom::Literal(literal) => key.push(Part::Literal(literal.to_token_stream().to_string())),
        }
        true
    }

    /// The user's tokens, with what their names stand for.
    fn of_tokens(&self, tokens: TokenStream, host: &HostExpression, key: &mut Key) -> bool {
        tokens.into_iter().all(|token| match token {
            TokenTree::Ident(ident) => {
                let name = host.names.iter().find(|name| {
                    name.ident == ident
                        && match &name.uses {
                            Uses::At(spans) => spans.contains(&crate::syntax::source::key(ident.span())),
                            Uses::Bound => true,
                        }
                });
                match name.map(|name| &name.stands_for) {
                    Some(Named::Atom(atom, references)) => {
                        key.push(Part::Behind(*references));
                        self.of_atom(atom, key)
                    }
                    Some(Named::Place(place) | Named::Copy(place)) => self.of_place(place, key),
                    None => {
                        key.push(Part::Word(ident));
                        true
                    }
                }
            }
            TokenTree::Punct(punct) => {
                key.push(Part::Sign(punct.as_char()));
                true
            }
            TokenTree::Literal(literal) => {
                key.push(Part::Literal(literal.to_string()));
                true
            }
            TokenTree::Group(group) => {
                key.push(Part::Open(Bracket::of(group.delimiter())));
                let is_known = self.of_tokens(group.stream(), host, key);
                key.push(Part::Close);
                is_known
            }
        })
    }
}

/// Whether two keys are places of a storage that differ in an index, each a number.
fn are_apart(a: &Key, b: &Key, storage: StorageId) -> bool {
    let is_place = |key: &Key| {
        let mut found = key.iter().enumerate().filter(|(_, part)| **part == Part::Storage(storage));
        matches!((found.next(), found.next()), (Some((0, _)), None))
    };
    let number = |key: &Key, at: usize| match &key[at - 1..key.len().min(at + 2)] {
        [Part::Open(Bracket::Square), Part::Literal(number), Part::Close] => index(number),
        _ => None,
    };
    is_place(a)
        && is_place(b)
        && a.iter()
            .zip(b)
            .position(|(a, b)| a != b)
            .is_some_and(|at| matches!((number(a, at), number(b, at)), (Some(a), Some(b)) if a != b))
}

/// The number that an integer literal is.
fn index(literal: &str) -> Option<u128> {
    syn::parse_str::<syn::LitInt>(literal).ok()?.base10_parse().ok()
}

/// Words after which an integer has the type that its operands tell.
const ARITHMETIC: [&str; 14] =
    ["as", "len", "usize", "u8", "u16", "u32", "u64", "u128", "isize", "i8", "i16", "i32", "i64", "i128"];

impl Part {
    fn is_value(&self) -> bool {
        matches!(self, Part::Value(_) | Part::Storage(_))
    }

    /// Whether an integer that is written so has one type, wherever it stands.
    fn keeps_types(&self) -> bool {
        match self {
            Part::Word(word) => ARITHMETIC.iter().any(|known| word == known),
            Part::Sign(sign) => "+-*/%&|^.".contains(*sign),
            Part::Open(bracket) => matches!(bracket, Bracket::Round | Bracket::None),
            Part::Close | Part::Literal(_) | Part::Value(_) | Part::Storage(_) | Part::Behind(_) => true,
            Part::Number | Part::Deref => false,
        }
    }
}

impl Bracket {
    fn of(delimiter: Delimiter) -> Bracket {
        match delimiter {
            Delimiter::Parenthesis => Bracket::Round,
            Delimiter::Bracket => Bracket::Square,
            Delimiter::Brace => Bracket::Curly,
            Delimiter::None => Bracket::None,
        }
    }
}
