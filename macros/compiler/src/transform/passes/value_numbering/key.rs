//! What values are computed from, so that equal ones are found.

use crate::ir::{
    Atom, HostExpression, Literal, Named, Piece, Place, Program, Step, StorageId, Uses, ValueId,
};
use crate::syntax::source;
use proc_macro2::{Delimiter, Ident, TokenStream, TokenTree};
use quote::ToTokens;

/// What a value is computed from.
pub type Key = Vec<Part>;

/// A part of a key.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum Part {
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
pub enum Bracket {
    Round,
    Square,
    Curly,
    None,
}

/// The key of a place, if it is told by what it reads.
pub fn of_place(program: &Program, place: &Place) -> Option<Key> {
    let mut writer = Writer { program, key: Key::new() };
    writer.place(place).then_some(writer.key)
}

/// The key of a passive expression, if it is told by what it reads.
pub fn of_host(program: &Program, host: &HostExpression) -> Option<Key> {
    let mut writer = Writer { program, key: Key::new() };
    writer.host(host).then_some(writer.key)
}

/// Writes keys. Its methods return whether what they wrote tells all.
struct Writer<'p> {
    program: &'p Program,
    key: Key,
}

impl Writer<'_> {
    fn within(&mut self, bracket: Bracket, write: impl FnOnce(&mut Self) -> bool) -> bool {
        self.key.push(Part::Open(bracket));
        let is_known = write(self);
        self.key.push(Part::Close);
        is_known
    }

    fn place(&mut self, place: &Place) -> bool {
        self.key.push(Part::Storage(place.storage));
        place.steps.iter().all(|step| match step {
            Step::Index(host) | Step::Range(host) => self.within(Bracket::Square, |writer| writer.host(host)),
            Step::Field(member) => {
                self.key.push(Part::Sign('.'));
                self.tokens(member.clone(), &HostExpression::default())
            }
            Step::Deref => {
                self.key.push(Part::Deref);
                true
            }
        })
    }

    fn host(&mut self, host: &HostExpression) -> bool {
        host.pure && host.pieces.iter().all(|piece| self.piece(piece, host))
    }

    fn piece(&mut self, piece: &Piece, host: &HostExpression) -> bool {
        match piece {
            Piece::Tokens(tokens) => self.tokens(tokens.clone(), host),
            Piece::Atom(atom) => self.atom(atom),
            Piece::Place(place) => self.place(place),
            Piece::HostExpression(inner) => self.within(Bracket::Round, |writer| writer.host(inner)),
            Piece::Braces(inner) => self.within(Bracket::Curly, |writer| writer.host(inner)),
            Piece::Index(atom) => self.within(Bracket::Square, |writer| writer.atom(atom)),
            Piece::Below(atom) => {
                self.key.push(Part::Sign('<'));
                self.atom(atom)
            }
            Piece::Number(inner) => {
                self.key.push(Part::Number);
                self.within(Bracket::Round, |writer| writer.host(inner))
            }
        }
    }

    fn atom(&mut self, atom: &Atom) -> bool {
        match atom {
            // Statements of the user's change it.
            Atom::Value(value) if self.program.changing.contains(value) => return false,
            Atom::Value(value) => self.key.push(Part::Value(*value)),
            // It has another type in another place.
            Atom::Literal(Literal::Default) => return false,
            Atom::Literal(literal) => self.key.push(Part::Literal(literal.to_token_stream().to_string())),
        }
        true
    }

    /// The user's tokens, with what their names stand for.
    fn tokens(&mut self, tokens: TokenStream, host: &HostExpression) -> bool {
        tokens.into_iter().all(|token| match token {
            TokenTree::Ident(ident) => self.word(ident, host),
            TokenTree::Punct(punct) => {
                self.key.push(Part::Sign(punct.as_char()));
                true
            }
            TokenTree::Literal(literal) => {
                self.key.push(Part::Literal(literal.to_string()));
                true
            }
            TokenTree::Group(group) => {
                let bracket = Bracket::of(group.delimiter());
                self.within(bracket, |writer| writer.tokens(group.stream(), host))
            }
        })
    }

    fn word(&mut self, ident: Ident, host: &HostExpression) -> bool {
        let is_it = |uses: &Uses| match uses {
            Uses::At(spans) => spans.contains(&source::key(ident.span())),
            Uses::Bound => true,
        };
        let name = host.names.iter().find(|name| name.ident == ident && is_it(&name.uses));
        match name.map(|name| &name.stands_for) {
            Some(Named::Atom(atom, references)) => {
                self.key.push(Part::Behind(*references));
                self.atom(atom)
            }
            Some(Named::Place(place) | Named::Copy(place)) => self.place(place),
            None => {
                self.key.push(Part::Word(ident));
                true
            }
        }
    }
}

/// Whether two keys are places of a storage that differ in an index, each a number.
pub fn are_apart(a: &Key, b: &Key, storage: StorageId) -> bool {
    let is_place = |key: &Key| {
        let mut found = key.iter().enumerate().filter(|(_, part)| **part == Part::Storage(storage));
        matches!((found.next(), found.next()), (Some((0, _)), None))
    };
    let number = |key: &Key, at: usize| match &key[at - 1..key.len().min(at + 2)] {
        [Part::Open(Bracket::Square), Part::Literal(number), Part::Close] => number_of(number),
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
pub fn number_of(literal: &str) -> Option<u128> {
    syn::parse_str::<syn::LitInt>(literal).ok()?.base10_parse().ok()
}

/// Words after which an integer has the type that its operands tell.
const ARITHMETIC: [&str; 14] =
    ["as", "len", "usize", "u8", "u16", "u32", "u64", "u128", "isize", "i8", "i16", "i32", "i64", "i128"];

impl Part {
    pub fn is_value(&self) -> bool {
        matches!(self, Part::Value(_) | Part::Storage(_))
    }

    /// Whether an integer that is written so has one type, wherever it stands.
    pub fn keeps_types(&self) -> bool {
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
