//! Storages: what happens to a storage happens to the storage of its tangents.

use super::Transformation;
use crate::ir::{
    Atom, Change, Class, Expression, HostExpression, Init, Out, Piece, Place, Shape, StatementKind, Step,
    Storage, StorageId, StorageKind, ValueId,
};
use proc_macro2::{Literal, TokenStream, TokenTree};
use quote::{ToTokens, quote};

impl Transformation {
    fn whole(&self, storage: StorageId) -> Place {
        Place { storage, steps: Vec::new(), span: self.span }
    }

    /// The tangent of a new storage.
    pub(super) fn made(&mut self, storage: StorageId, init: &Init) -> Option<()> {
        let Some(tangent) = self.storage_of(storage) else { return Some(()) };
        let place = self.whole(storage);
        if has_struct(init) {
            let begin = self.absent(&place, init);
            self.push(StatementKind::New { storage: tangent, init: begin });
            let tangent = self.whole(tangent);
            return self.filled(&tangent, init);
        }
        let init = self.init(&place, init)?;
        self.push(StatementKind::New { storage: tangent, init });
        Some(())
    }

    /// What the tangent of something with structs in it begins with: the types of their fields are not known, so that those alone
    /// are written that vary.
    fn absent(&mut self, place: &Place, init: &Init) -> Init {
        if let Init::Struct { base: Some(base), .. } = init
            && let Some(place) = self.place(base)
        {
            return Init::Copy { place, method: quote!(.clone()) };
        }
        Init::Unreached(Shape::Same(place.clone()))
    }

    pub(super) fn is_float(&self, atom: &Atom) -> bool {
        match atom {
            Atom::Value(value) => self.program.value(*value).class == Class::Float,
            Atom::Literal(literal) => literal.is_float(),
        }
    }

    /// Writes the tangents that vary to where there are none yet.
    fn filled(&mut self, tangent: &Place, init: &Init) -> Option<()> {
        match init {
            Init::Atom(atom) => {
                if self.varied.atom(atom) {
                    let value = self.tangent_atom(atom);
                    self.push(StatementKind::Store { place: tangent.clone(), value });
                }
            }
            Init::Copy { place, .. } => {
                if let Some(from) = self.place(place) {
                    self.push(StatementKind::Copy { to: tangent.clone(), from });
                }
            }
            Init::Struct { fields, base, .. } => {
                for (member, init) in fields {
                    let place = stepped(tangent, Step::Field(member.to_token_stream()));
                    if base.is_some() && matches!(init, Init::Passive(_)) {
                        return None;
                    }
                    if let Init::Atom(atom) = init
                        && base.is_some()
                        && self.is_float(atom)
                    {
                        // The base has given it a tangent.
                        let value = self.tangent_atom(atom);
                        self.push(StatementKind::Store { place, value });
                        continue;
                    }
                    if let Init::Copy { place: from, .. } = init
                        && base.is_some()
                        && self.place(from).is_none()
                    {
                        return None;
                    }
                    self.filled(&place, init)?;
                }
            }
            Init::List { elements, .. } => {
                for (at, element) in elements.iter().enumerate() {
                    let step = Step::Index(host(vec![Piece::Tokens(number(at))]));
                    self.filled(&stepped(tangent, step), element)?;
                }
            }
            Init::Tuple(parts) => {
                for (at, part) in parts.iter().enumerate() {
                    self.filled(&stepped(tangent, Step::Field(number(at))), part)?;
                }
            }
            Init::Passive(_) | Init::Unreached(_) => {}
            Init::Repeat { element, .. } => {
                if has_struct(element) {
                    return None;
                }
                if self.varied.init(element) {
                    let init = self.init(tangent, init)?;
                    let from = self.local("repeated", init);
                    self.push(StatementKind::Copy { to: tangent.clone(), from });
                }
            }
            Init::Unset | Init::Storage(_) | Init::Number(_) => return None,
        }
        Some(())
    }

    /// The tangent of what a place begins with.
    fn init(&mut self, place: &Place, init: &Init) -> Option<Init> {
        Some(match init {
            Init::Passive(_) => Init::Unreached(Shape::Same(place.clone())),
            Init::List { vec, elements } => {
                let mut tangents = Vec::new();
                for (at, element) in elements.iter().enumerate() {
                    let part = stepped(place, Step::Index(host(vec![Piece::Tokens(number(at))])));
                    tangents.push(self.init(&part, element)?);
                }
                Init::List { vec: *vec, elements: tangents }
            }
            Init::Tuple(parts) => {
                let mut tangents = Vec::new();
                for (at, part) in parts.iter().enumerate() {
                    tangents.push(self.init(&stepped(place, Step::Field(number(at))), part)?);
                }
                Init::Tuple(tangents)
            }
            Init::Repeat { vec, element, length } => {
                let element = Box::new(self.repeated(element)?);
                let length = if *vec { looked(place, quote!(.len())) } else { length.clone() };
                Init::Repeat { vec: *vec, element, length }
            }
            Init::Copy { place: from, method } => match self.place(from) {
                Some(place) => Init::Copy { place, method: method.clone() },
                None => Init::Unreached(Shape::Same(place.clone())),
            },
            Init::Atom(atom) => Init::Atom(self.tangent_atom(atom)),
            Init::Storage(storage) => match self.storage_of(*storage) {
                Some(storage) => Init::Storage(storage),
                None => Init::Unreached(Shape::Like(place.clone())),
            },
            Init::Number(expression) => {
                Init::Number(self.moved(expression).unwrap_or(Expression::Atom(Atom::number(-0.0))))
            }
            Init::Unreached(shape) => Init::Unreached(shape.clone()),
            // A struct within others is written where it lies.
            Init::Struct { .. } | Init::Unset => return None,
        })
    }

    /// The tangent of an element that is there any number of times. No place can be named that surely is one of them.
    fn repeated(&mut self, element: &Init) -> Option<Init> {
        Some(match element {
            Init::Atom(atom) => Init::Atom(self.tangent_atom(atom)),
            Init::List { vec, elements } => {
                let elements = elements.iter().map(|element| self.repeated(element));
                Init::List { vec: *vec, elements: elements.collect::<Option<_>>()? }
            }
            Init::Tuple(parts) => {
                Init::Tuple(parts.iter().map(|part| self.repeated(part)).collect::<Option<_>>()?)
            }
            Init::Repeat { vec, element, length } if length.pure || !vec => {
                let element = Box::new(self.repeated(element)?);
                Init::Repeat { vec: *vec, element, length: length.clone() }
            }
            Init::Copy { place, method } => Init::Copy { place: self.place(place)?, method: method.clone() },
            Init::Repeat { .. }
            | Init::Passive(_)
            | Init::Unset
            | Init::Struct { .. }
            | Init::Storage(_)
            | Init::Number(_)
            | Init::Unreached(_) => return None,
        })
    }

    /// A storage of the tangents of a place that does not vary.
    pub(super) fn no_tangent(&mut self, place: &Place) -> Place {
        self.local("unmoved", Init::Unreached(Shape::Same(place.clone())))
    }

    /// A storage of the tangents alone.
    fn local(&mut self, name: &str, init: Init) -> Place {
        let ident = self.named(name);
        let kind = StorageKind::Local { region: self.region, fixed: false };
        self.program.storages.push(Storage { ident, kind });
        let storage = StorageId(self.program.storages.len() - 1);
        self.push(StatementKind::New { storage, init });
        self.whole(storage)
    }

    pub(super) fn copy(&mut self, to: &Place, from: &Place) {
        let Some(place) = self.place(to) else { return };
        let from = match self.place(from) {
            Some(from) => from,
            None => self.no_tangent(to),
        };
        self.push(StatementKind::Copy { to: place, from });
    }

    /// The same change of the tangents, after that of the storage itself.
    pub(super) fn change(&mut self, place: &Place, change: &Change) -> Option<()> {
        let Some(tangents) = self.place(place) else { return Some(()) };
        if let Change::Push(element) = change
            && has_struct(element)
        {
            let last = self.last(place);
            let begin = self.absent(&stepped(place, last.clone()), element);
            let change = Change::Push(begin);
            self.push(StatementKind::Change { place: tangents.clone(), change });
            return self.filled(&stepped(&tangents, last), element);
        }
        let change = match change {
            Change::Push(element) => Change::Push(self.pushed(place, element)?),
            Change::Pop(Out::Value(last)) => Change::Pop(Out::Value(self.popped(*last))),
            Change::Pop(Out::Storage(last)) => Change::Pop(Out::Storage(self.storage_of(*last)?)),
            Change::Pop(Out::Tuple(_)) => return None,
            Change::Swap(a, b) => Change::Swap(a.clone(), b.clone()),
            Change::Truncate { before, .. } => {
                Change::Truncate { length: looked(place, quote!(.len())), before: before.clone() }
            }
            Change::Resize(length) => Change::Resize(length.clone()),
        };
        self.push(StatementKind::Change { place: tangents, change });
        Some(())
    }

    fn popped(&mut self, last: ValueId) -> ValueId {
        match self.tangent_of(last) {
            Some(tangent) => tangent,
            None => self.value_here("unused", Class::Float),
        }
    }

    /// The step to the last element.
    fn last(&mut self, place: &Place) -> Step {
        let at = self.value_here("last", Class::Scalar);
        let last = looked(place, quote!(.len() - 1));
        self.push(StatementKind::Passive { out: Some(at), host: last });
        Step::Index(host(vec![Piece::Atom(Atom::Value(at))]))
    }

    /// The tangent of an element that was just pushed.
    fn pushed(&mut self, place: &Place, element: &Init) -> Option<Init> {
        match element {
            Init::Atom(atom) => Some(Init::Atom(self.tangent_atom(atom))),
            Init::Passive(_)
            | Init::List { .. }
            | Init::Tuple(_)
            | Init::Struct { .. }
            | Init::Repeat { .. }
            | Init::Copy { .. } => {
                let last = self.last(place);
                self.init(&stepped(place, last), element)
            }
            Init::Unset => None,
            Init::Storage(storage) => match self.storage_of(*storage) {
                Some(storage) => Some(Init::Storage(storage)),
                None => {
                    let last = self.last(place);
                    Some(Init::Unreached(Shape::Like(stepped(place, last))))
                }
            },
            Init::Unreached(shape) => Some(Init::Unreached(shape.clone())),
            Init::Number(expression) => {
                Some(Init::Number(self.moved(expression).unwrap_or(Expression::Atom(Atom::number(-0.0)))))
            }
        }
    }
}

/// Whether there is a struct of the user's in it.
fn has_struct(init: &Init) -> bool {
    match init {
        Init::Struct { .. } => true,
        Init::List { elements, .. } | Init::Tuple(elements) => elements.iter().any(has_struct),
        Init::Repeat { element, .. } => has_struct(element),
        Init::Passive(_)
        | Init::Unset
        | Init::Copy { .. }
        | Init::Atom(_)
        | Init::Storage(_)
        | Init::Number(_)
        | Init::Unreached(_) => false,
    }
}

/// A passive expression that looks at a place.
fn looked(place: &Place, method: TokenStream) -> HostExpression {
    host(vec![Piece::Place(place.clone()), Piece::Tokens(method)])
}

fn stepped(place: &Place, step: Step) -> Place {
    let mut place = place.clone();
    place.steps.push(step);
    place
}

fn host(pieces: Vec<Piece>) -> HostExpression {
    HostExpression { pieces, pure: true, ..HostExpression::default() }
}

fn number(at: usize) -> TokenStream {
    TokenStream::from(TokenTree::from(Literal::usize_unsuffixed(at)))
}
