//! Methods of arrays, slices and `Vec`s that are made of loads and stores.

use super::iterator_source::IteratorSource;
use super::loops::Head;
use super::passive::{host, impure, tokens};
use super::storage::unfit_elements;
use super::{Lowered, Lowering, Meaning, unsupported};
use crate::ir::{Atom, Class, HostExpression, Init, Piece, Place, StatementKind, Step};
use crate::reasons::Reason;
use crate::types::tree::{Argument, Expr};
use crate::types::ty::Ty;
use proc_macro2::Span;
use quote::{quote, quote_spanned};
use std::collections::BTreeSet;

impl<'t, 'a> Lowering<'t, 'a> {
    /// Runs `each` for every index of a sequence.
    fn each_index(
        &mut self,
        count: HostExpression,
        span: Span,
        each: impl FnOnce(&mut Self, Atom) -> Lowered<()>,
    ) -> Lowered<()> {
        let count = self.computed(count, Class::Scalar, "n", span);
        let range = host(vec![Piece::Below(count)]);
        let source = IteratorSource::Range(range);
        self.looped(&Head::IteratorSource(&source), &BTreeSet::new(), None, span, |lowering, at| {
            let at = lowering.scalar(at, span)?;
            each(lowering, at)
        })
    }

    /// Only sequences of numbers are gone through number by number.
    fn of_numbers(&self, expression: &Expr<'a>) -> Lowered<()> {
        let types = &self.function.types;
        let ty = types.peeled(&expression.ty);
        let (Ty::Sequence(_, element) | Ty::Iter(element)) = &ty else {
            return unsupported(unfit_elements(&ty), expression.span);
        };
        if types.peeled(element).is_float() {
            return Ok(());
        }
        unsupported(unfit_elements(&types.shallow(element)), expression.span)
    }

    /// `extend` and `extend_from_slice`: every item is pushed.
    pub(super) fn extend(
        &mut self,
        place: &Place,
        receiver: &Expr<'a>,
        items: &'t Expr<'a>,
        span: Span,
    ) -> Lowered<()> {
        let Ty::Sequence(_, element) = self.function.types.peeled(&receiver.ty) else {
            return unsupported(Reason::Method("extend".to_owned()), span);
        };
        self.numbers(&element, span)?;
        let source = self.source(items)?;
        self.extended(place, &source, &element, span)
    }

    /// `array::from_fn`.
    pub(super) fn made_by(&mut self, place: &Place, function: &'t Argument<'a>, span: Span) -> Lowered<()> {
        let function = self.meaning(&function.value)?;
        let count = Self::looked(place.clone(), quote!(.len()));
        self.each_index(count, span, |lowering, at| {
            let item = lowering.inlined(function.clone(), vec![Meaning::Atom(at.clone())], span)?;
            let item = Meaning::Atom(lowering.scalar(item, span)?);
            lowering.store(indexed(place, at), item, span)
        })
    }

    pub(super) fn fill(
        &mut self,
        place: &Place,
        value: &'t Expr<'a>,
        span: Span,
    ) -> Lowered<Meaning<'t, 'a>> {
        if !matches!(self.function.types.peeled(&value.ty), Ty::Float(_)) {
            return unsupported(unfit_elements(&self.function.types.shallow(&value.ty)), span);
        }
        let value = self.number(value)?;
        let count = Self::looked(place.clone(), quote!(.len()));
        self.each_index(count, span, |lowering, at| {
            lowering.store(indexed(place, at), Meaning::Atom(value), span)
        })?;
        Ok(Meaning::Unit)
    }

    pub(super) fn copy_from(
        &mut self,
        to: &Place,
        from: &'t Expr<'a>,
        method: &str,
        span: Span,
    ) -> Lowered<Meaning<'t, 'a>> {
        self.of_numbers(from)?;
        let from = self.storage_under(from, method, span)?;
        // If the lengths differ, the standard library's own panic says so.
        let method = syn::Ident::new(method, span);
        let lengths = [to, &from].map(|place| {
            Piece::from(host(vec![
                tokens(quote!(0.0_f64;)),
                Piece::Place(place.clone()),
                tokens(quote!(.len())),
            ]))
        });
        let [a, b] = lengths;
        let check = host(vec![
            tokens(quote!(if)),
            Self::looked(to.clone(), quote!(.len())).into(),
            tokens(quote!(!=)),
            Self::looked(from.clone(), quote!(.len())).into(),
            Piece::Braces(host(vec![
                tokens(quote!(__gradus_std::vec!)),
                a,
                tokens(quote_spanned!(span=> .#method)),
                host(vec![tokens(quote!(&__gradus_std::vec!)), b]).into(),
            ])),
        ]);
        self.push(StatementKind::Passive { out: None, host: impure(check) }, span);
        let count = Self::looked(to.clone(), quote!(.len()));
        self.each_index(count, span, |lowering, at| {
            let value = lowering.scalar(Meaning::Place(indexed(&from, at.clone())), span)?;
            lowering.store(indexed(to, at), Meaning::Atom(value), span)
        })?;
        Ok(Meaning::Unit)
    }

    pub(super) fn reversed(&mut self, place: &Place, span: Span) -> Lowered<Meaning<'t, 'a>> {
        let half = host(vec![Self::looked(place.clone(), quote!(.len())).into(), tokens(quote!(/ 2))]);
        self.each_index(half, span, |lowering, at| {
            let back = host(vec![
                Self::looked(place.clone(), quote!(.len())).into(),
                tokens(quote!(- 1 -)),
                Piece::Atom(at.clone()),
            ]);
            let back = lowering.computed(back, Class::Scalar, "at", span);
            let (front, back) = (indexed(place, at), indexed(place, back));
            let x = lowering.scalar(Meaning::Place(front.clone()), span)?;
            let y = lowering.scalar(Meaning::Place(back.clone()), span)?;
            lowering.store(front, Meaning::Atom(y), span)?;
            lowering.store(back, Meaning::Atom(x), span)
        })?;
        Ok(Meaning::Unit)
    }

    /// The array of an array's elements, each sent through a function.
    pub(super) fn mapped_storage(
        &mut self,
        place: &Place,
        (from, to): (&Ty, &Ty),
        function: &Meaning<'t, 'a>,
        span: Span,
    ) -> Lowered<Meaning<'t, 'a>> {
        let (Ty::Sequence(_, from), Ty::Sequence(_, to)) =
            (self.function.types.peeled(from), self.function.types.peeled(to))
        else {
            return unsupported(Reason::ArrayMap, span);
        };
        let zeros = Self::looked(place.clone(), quote!(.map(|_| __gradus_std::default::Default::default())));
        let count = Self::looked(place.clone(), quote!(.len()));
        self.mapped_each((zeros, count), &to, function, span, |lowering, at| {
            lowering.settled(Meaning::Place(indexed(place, at)), &from, span)
        })
    }

    /// `map` of an array of plain numbers to active ones.
    pub(super) fn mapped_data(
        &mut self,
        data: &Atom,
        (from, to): (&Ty, &Ty),
        function: &Meaning<'t, 'a>,
        span: Span,
    ) -> Lowered<Meaning<'t, 'a>> {
        let types = &self.function.types;
        let (Ty::Sequence(_, from), Ty::Sequence(_, to)) = (types.peeled(from), types.peeled(to)) else {
            return unsupported(Reason::ArrayMap, span);
        };
        let from = types.shallow(&from);
        if !matches!(from, Ty::Float(_) | Ty::Int | Ty::Bool) {
            return unsupported(Reason::ArrayMap, span);
        }
        let looked = |look| host(vec![Piece::Atom(data.clone()), tokens(look)]);
        let zeros = looked(quote!(.map(|_| __gradus_std::default::Default::default())));
        let count = looked(quote!(.len()));
        let item = |lowering: &mut Self, at: Atom| {
            let item = host(vec![Piece::Atom(data.clone()), Piece::Index(at)]);
            Ok(Meaning::Atom(lowering.computed(item, super::class(&from), "item", span)))
        };
        self.mapped_each((zeros, count), &to, function, span, item)
    }

    /// Stores what a function gives for each item in a new array, which begins as `zeros`.
    fn mapped_each(
        &mut self,
        (zeros, count): (HostExpression, HostExpression),
        to: &Ty,
        function: &Meaning<'t, 'a>,
        span: Span,
        item: impl Fn(&mut Self, Atom) -> Lowered<Meaning<'t, 'a>>,
    ) -> Lowered<Meaning<'t, 'a>> {
        self.numbers(to, span)?;
        let mapped = self.new_storage("mapped", true, Init::Passive(zeros), span);
        self.each_index(count, span, |lowering, at| {
            let item = item(lowering, at.clone())?;
            let result = lowering.inlined(function.clone(), vec![item], span)?;
            let mut result = lowering.settled(result, to, span)?;
            if let Meaning::List(_) = result {
                result = Meaning::Place(lowering.materialized(&result, "row", span)?);
            }
            if matches!(&result, Meaning::Atom(number) if !lowering.is_active(number)) {
                return unsupported(Reason::MapToData, span);
            }
            lowering.store(indexed(&mapped, at), result, span)
        })?;
        Ok(Meaning::Place(mapped))
    }

    /// `split_at`: two parts.
    pub(super) fn split(
        &mut self,
        call: &'a syn::ExprMethodCall,
        receiver: &'t Expr<'a>,
        at: &'t Argument<'a>,
    ) -> Lowered<Meaning<'t, 'a>> {
        let (method, span) = (&call.method, call.method.span());
        let place = self.storage_under(receiver, &method.to_string(), span)?;
        let at = self.number(&at.value)?;
        // The standard library's own panic, if the sequence is shorter.
        let method = syn::Ident::new(&method.to_string().replace("_mut", ""), span);
        let check = host(vec![
            tokens(quote!(let _ =)),
            Piece::Place(place.clone()),
            tokens(quote_spanned!(span=> .#method)),
            host(vec![Piece::Atom(at.clone())]).into(),
        ]);
        self.push(StatementKind::Passive { out: None, host: impure(check) }, span);
        let front = host(vec![tokens(quote!(..)), Piece::Atom(at.clone())]);
        let back = host(vec![Piece::Atom(at), tokens(quote!(..))]);
        let parts = [front, back].map(|range| Meaning::Place(place.part(Step::Range(range))));
        Ok(Meaning::Tuple(parts.to_vec()))
    }

    /// `split_first` and `split_last`, which are read only if they are there.
    pub(super) fn split_off(&mut self, name: &str, place: &Place, span: Span) -> Meaning<'t, 'a> {
        let some = Self::looked(place.clone(), quote!(.len() > 0));
        let some = self.computed(some, Class::Scalar, "some", span);
        let (one, rest) = if name == "split_first" {
            (host(vec![tokens(quote!(0))]), host(vec![tokens(quote!(1..))]))
        } else {
            // A value of its own: the length may change later.
            let at = host(vec![
                Self::looked(place.clone(), quote!(.len())).into(),
                tokens(quote!(.saturating_sub(1))),
            ]);
            let at = self.computed(at, Class::Scalar, "at", span);
            (host(vec![Piece::Atom(at.clone())]), host(vec![tokens(quote!(..)), Piece::Atom(at)]))
        };
        let parts = [Step::Index(one), Step::Range(rest)].map(|step| Meaning::Place(place.part(step)));
        Meaning::Option(some, Box::new(Meaning::Tuple(parts.to_vec())))
    }
}

pub(super) fn indexed(place: &Place, at: Atom) -> Place {
    place.part(Step::Index(host(vec![Piece::Atom(at)])))
}
