//! Methods that move the elements of a `Vec` or slice of numbers: loads and stores, pushes and pops.

use super::iterator_source::IteratorSource;
use super::passive::{host, impure, tokens};
use super::sequence::indexed;
use super::{Lowered, Lowering, Meaning, unsupported};
use crate::ir::{Atom, Change, Class, HostExpression, Init, Out, Piece, Place, StatementKind};
use crate::reasons::Reason;
use crate::types::tree::{Argument, Expr};
use crate::types::ty::Ty;
use proc_macro2::{Span, TokenStream};
use quote::{quote, quote_spanned};
use std::collections::BTreeSet;

impl<'t, 'a> Lowering<'t, 'a> {
    pub(super) fn rearranged(
        &mut self,
        method: &syn::Ident,
        place: &Place,
        arguments: &'t [Argument<'a>],
    ) -> Lowered<Meaning<'t, 'a>> {
        let span = method.span();
        match (method.to_string().as_str(), arguments) {
            ("append", [other]) => self.appended(place, &other.value, span),
            ("resize", [length, value]) => self.resized(place, &length.value, &value.value, span),
            ("swap_remove" | "remove", [at]) => {
                let at = self.number(&at.value)?;
                self.removed(method, place, at)
            }
            ("insert", [at, value]) => {
                let (at, value) = (self.number(&at.value)?, self.number(&value.value)?);
                self.inserted(method, place, at, value)
            }
            ("pop_front", []) => self.first_popped(place, span),
            ("push_front", [value]) => {
                let value = self.number(&value.value)?;
                self.inserted(&syn::Ident::new("insert", span), place, Atom::zero_count(), value)
            }
            ("rotate_left" | "rotate_right", [by]) => {
                let by = self.number(&by.value)?;
                self.rotated(method, place, by)
            }
            _ => unsupported(Reason::Method(method.to_string()), span),
        }
    }

    /// The length as it is now.
    pub(super) fn length_of(&mut self, place: &Place, span: Span) -> Atom {
        let length = impure(Self::looked(place.clone(), quote!(.len())));
        self.computed(length, Class::Scalar, "length", span)
    }

    fn changed(&mut self, place: &Place, change: Change, span: Span) {
        self.push(StatementKind::Change { place: place.clone(), change }, span);
    }

    /// The standard library's own panic, if an index is out of bounds.
    fn checked(
        &mut self,
        fails: Vec<Piece>,
        length: &Atom,
        call: TokenStream,
        arguments: Vec<Piece>,
        span: Span,
    ) {
        let panic = host(vec![
            tokens(quote!(__gradus_std::vec!)),
            host(vec![tokens(quote!(0.0_f64;)), Piece::Atom(length.clone())]).into(),
            tokens(call),
            host(arguments).into(),
            tokens(quote!(;)),
        ]);
        let mut pieces = vec![tokens(quote!(if))];
        pieces.extend(fails);
        pieces.push(Piece::Braces(panic));
        self.push(StatementKind::Passive { out: None, host: impure(host(pieces)) }, span);
    }

    fn appended(&mut self, place: &Place, other: &'t Expr<'a>, span: Span) -> Lowered<Meaning<'t, 'a>> {
        let Meaning::Place(other) = self.meaning(other)? else {
            return unsupported(Reason::Method("append".to_owned()), span);
        };
        if !self.is_local(&other) || other.storage == place.storage {
            return unsupported(Reason::Method("append".to_owned()), span);
        }
        let number = Ty::Float(crate::types::ty::Act::ACTIVE);
        self.extended(place, &IteratorSource::Elements(other.clone()), &number, span)?;
        let before = self.length_of(&other, span);
        self.changed(&other, Change::Truncate { length: host(vec![tokens(quote!(0))]), before }, span);
        Ok(Meaning::Unit)
    }

    fn resized(
        &mut self,
        place: &Place,
        length: &'t Expr<'a>,
        value: &'t Expr<'a>,
        span: Span,
    ) -> Lowered<Meaning<'t, 'a>> {
        let (length, value) = (self.number(length)?, self.number(value)?);
        let before = self.length_of(place, span);
        let more = host(vec![Piece::Atom(before), tokens(quote!(..)), Piece::Atom(length.clone())]);
        self.over(more, span, |lowering, _| {
            lowering.changed(place, Change::Push(Init::Atom(value)), span);
            Ok(())
        })?;
        let before = self.length_of(place, span);
        let length = host(vec![Piece::Atom(length)]);
        self.changed(place, Change::Truncate { length, before }, span);
        Ok(Meaning::Unit)
    }

    /// Runs `each` for every index of a range.
    pub(super) fn over(
        &mut self,
        range: HostExpression,
        span: Span,
        each: impl FnOnce(&mut Self, Atom) -> Lowered<()>,
    ) -> Lowered<()> {
        let source = IteratorSource::Range(range);
        let head = super::loops::Head::IteratorSource(&source);
        self.looped(&head, &BTreeSet::new(), None, span, |lowering, at| {
            let at = lowering.scalar(at, span)?;
            each(lowering, at)
        })
    }

    /// `remove` and `swap_remove`: what comes behind moves up, or the last one does.
    fn removed(&mut self, method: &syn::Ident, place: &Place, at: Atom) -> Lowered<Meaning<'t, 'a>> {
        let span = method.span();
        let length = self.length_of(place, span);
        let fails = vec![Piece::Atom(at.clone()), tokens(quote!(>=)), Piece::Atom(length.clone())];
        self.checked(fails, &length, quote_spanned!(span=> .#method), vec![Piece::Atom(at.clone())], span);
        let removed = self.scalar(Meaning::Place(indexed(place, at.clone())), span)?;
        if method == "remove" {
            let next = host(vec![Piece::Atom(at), tokens(quote!(+ 1))]);
            let behind = host(vec![next.into(), tokens(quote!(..)), Piece::Atom(length)]);
            self.over(behind, span, |lowering, from| lowering.moved(place, from, quote!(-1), span))?;
        } else {
            let last = host(vec![Piece::Atom(length), tokens(quote!(-1))]);
            let last = self.computed(last, Class::Scalar, "at", span);
            let moved = self.scalar(Meaning::Place(indexed(place, last)), span)?;
            self.store(indexed(place, at), Meaning::Atom(moved), span)?;
        }
        let out = self.value("popped", Class::Float, true);
        self.changed(place, Change::Pop(Out::Value(out)), span);
        Ok(Meaning::Atom(removed))
    }

    /// `pop_front` of a `VecDeque`.
    fn first_popped(&mut self, place: &Place, span: Span) -> Lowered<Meaning<'t, 'a>> {
        let some = impure(Self::looked(place.clone(), quote!(.len() > 0)));
        let some = self.computed(some, Class::Scalar, "some", span);
        let remove = syn::Ident::new("remove", span);
        let first = self.fork(
            some.clone(),
            span,
            |lowering| lowering.removed(&remove, place, Atom::zero_count()),
            |_| Ok(Meaning::Never),
        )?;
        Ok(Meaning::Option(some, Box::new(first)))
    }

    /// `drain`: the elements of a range, which are taken out before they are asked for.
    pub(super) fn drained(
        &mut self,
        place: &Place,
        range: HostExpression,
        bounds: (Option<Atom>, Option<Atom>),
        span: Span,
    ) -> Lowered<Place> {
        let length = self.length_of(place, span);
        let part = place.part(crate::ir::Step::Range(range));
        let drained =
            self.new_storage("drained", false, Init::Copy { place: part, method: quote!(.to_vec()) }, span);
        let (start, end) = bounds;
        if let Some(end) = end {
            let start = start.clone().unwrap_or_else(Atom::zero_count);
            let behind =
                host(vec![Piece::Atom(end.clone()), tokens(quote!(..)), Piece::Atom(length.clone())]);
            self.over(behind, span, |lowering, from| {
                let by = host(vec![Piece::Atom(end.clone()), tokens(quote!(-)), Piece::Atom(start.clone())]);
                let to = host(vec![Piece::Atom(from.clone()), tokens(quote!(-)), by.into()]);
                let to = lowering.computed(to, Class::Scalar, "at", span);
                let element = lowering.scalar(Meaning::Place(indexed(place, from)), span)?;
                lowering.store(indexed(place, to), Meaning::Atom(element), span)
            })?;
        }
        let taken = Self::looked(drained.clone(), quote!(.len()));
        let rest = host(vec![Piece::Atom(length.clone()), tokens(quote!(-)), taken.into()]);
        let rest = self.computed(impure(rest), Class::Scalar, "rest", span);
        let change = Change::Truncate { length: host(vec![Piece::Atom(rest)]), before: length };
        self.changed(place, change, span);
        Ok(drained)
    }

    /// An element moves by one.
    fn moved(&mut self, place: &Place, from: Atom, by: TokenStream, span: Span) -> Lowered<()> {
        let to = host(vec![Piece::Atom(from.clone()), tokens(by)]);
        let to = self.computed(to, Class::Scalar, "at", span);
        let element = self.scalar(Meaning::Place(indexed(place, from)), span)?;
        self.store(indexed(place, to), Meaning::Atom(element), span)
    }

    fn inserted(
        &mut self,
        method: &syn::Ident,
        place: &Place,
        at: Atom,
        value: Atom,
    ) -> Lowered<Meaning<'t, 'a>> {
        let span = method.span();
        let length = self.length_of(place, span);
        let fails = vec![Piece::Atom(at.clone()), tokens(quote!(>)), Piece::Atom(length.clone())];
        let arguments = vec![Piece::Atom(at.clone()), tokens(quote!(, 0.0))];
        self.checked(fails, &length, quote_spanned!(span=> .#method), arguments, span);
        self.changed(place, Change::Push(Init::Atom(value.clone())), span);
        // From the back, so that nothing is overwritten that is still to be moved.
        let range = host(vec![Piece::Atom(at.clone()), tokens(quote!(..)), Piece::Atom(length)]);
        let backward = host(vec![range.into(), tokens(quote!(.rev()))]);
        self.over(backward, span, |lowering, from| lowering.moved(place, from, quote!(+ 1), span))?;
        self.store(indexed(place, at), Meaning::Atom(value), span)?;
        Ok(Meaning::Unit)
    }

    fn rotated(&mut self, method: &syn::Ident, place: &Place, by: Atom) -> Lowered<Meaning<'t, 'a>> {
        let span = method.span();
        let length = self.length_of(place, span);
        let fails = vec![Piece::Atom(by.clone()), tokens(quote!(>)), Piece::Atom(length.clone())];
        self.checked(fails, &length, quote_spanned!(span=> .#method), vec![Piece::Atom(by.clone())], span);
        let copy = Init::Copy { place: place.clone(), method: quote!(.to_vec()) };
        let copy = self.new_storage("before", false, copy, span);
        let all = host(vec![Piece::Below(length.clone())]);
        self.over(all, span, |lowering, at| {
            let mut from = vec![Piece::Atom(at.clone()), tokens(quote!(+))];
            if method == "rotate_left" {
                from.push(Piece::Atom(by));
            } else {
                from.extend([Piece::Atom(length.clone()), tokens(quote!(-)), Piece::Atom(by)]);
            }
            let from = host(vec![host(from).into(), tokens(quote!(%)), Piece::Atom(length)]);
            let from = lowering.computed(from, Class::Scalar, "at", span);
            let element = lowering.scalar(Meaning::Place(indexed(&copy, from)), span)?;
            lowering.store(indexed(place, at), Meaning::Atom(element), span)
        })?;
        Ok(Meaning::Unit)
    }
}
