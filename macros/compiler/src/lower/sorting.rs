//! `sort_by` and its kin: the user's own comparison orders the plain numbers; the elements follow that order.

use super::passive::{host, impure, tokens};
use super::sequence::indexed;
use super::{Lowered, Lowering, Meaning, unsupported};
use crate::ir::{Atom, Class, HostExpression, Init, Piece, Place};
use crate::reasons::Reason;
use crate::types::tree::{Argument, Closure, Expr, FunctionValue, Kind};
use proc_macro2::{Ident, Span};
use quote::quote;

impl<'t, 'a> Lowering<'t, 'a> {
    pub(super) fn sorted(
        &mut self,
        method: &Ident,
        place: &Place,
        receiver: &'t Expr<'a>,
        function: &'t Argument<'a>,
    ) -> Lowered<Meaning<'t, 'a>> {
        let (name, span) = (method.to_string(), method.span());
        let types = &self.function.types;
        let Some(element) = types.element_seen(&receiver.ty).map(|element| types.peeled(&element)) else {
            return unsupported(Reason::Method(name), span);
        };
        // An unstable sort orders equal elements by how large they are in memory: those of the size of an index as indices.
        if !self.is_fixed(&element) || name.contains("unstable") && !element.is_float() {
            return unsupported(Reason::Method(name), span);
        }
        self.numbers(&element, span)?;
        let length = self.length_of(place, span);
        let copy = Init::Copy { place: place.clone(), method: quote!(.to_vec()) };
        let before = self.new_storage("before", false, copy, span);
        let order = self.order(method, &before, function, span)?;
        self.over(host(vec![Piece::Below(length)]), span, |lowering, at| {
            let from = host(vec![Piece::Atom(order), Piece::Index(at.clone())]);
            let from = lowering.computed(from, Class::Scalar, "from", span);
            let moved = lowering.settled(Meaning::Place(indexed(&before, from)), &element, span)?;
            lowering.store(indexed(place, at), moved, span)
        })?;
        Ok(Meaning::Unit)
    }

    /// Where each element of the sorted sequence was.
    fn order(
        &mut self,
        method: &Ident,
        before: &Place,
        function: &'t Argument<'a>,
        span: Span,
    ) -> Lowered<Atom> {
        let compared = self.compared(method, before, &function.value)?;
        let by_key = method.to_string().ends_with("key");
        let inputs = if by_key { quote!(|__one|) } else { quote!(|__one, __other|) };
        let sort = host(vec![tokens(inputs), Piece::Braces(compared)]);
        let order = host(vec![
            tokens(quote!(let mut __order: __gradus_std::vec::Vec<__gradus_std::primitive::usize> =)),
            tokens(quote!(__gradus_std::iter::Iterator::collect)),
            host(vec![tokens(quote!(0..)), Self::looked(before.clone(), quote!(.len())).into()]).into(),
            tokens(quote!(; __order.#method)),
            sort.into(),
            tokens(quote!(; __order)),
        ]);
        let order = impure(host(vec![Piece::Braces(order)]));
        Ok(self.computed(order, Class::Data, "order", span))
    }

    /// What the function says of elements with indices.
    fn compared(
        &mut self,
        method: &Ident,
        before: &Place,
        function: &'t Expr<'a>,
    ) -> Lowered<HostExpression> {
        let elements = [quote!(*__one), quote!(*__other)].map(|at| {
            let at = proc_macro2::Group::new(proc_macro2::Delimiter::Bracket, at);
            Self::looked(before.clone(), at)
        });
        let function = function.unparenthesized();
        if let Kind::Closure(closure) = &function.kind {
            return self.compared_by(closure, elements);
        }
        // `f64::total_cmp`
        let Kind::Function { path, what: FunctionValue::Predicate } = &function.kind else {
            return unsupported(Reason::Method(method.to_string()), method.span());
        };
        let mut given = Vec::new();
        for element in elements {
            given.extend([tokens(quote!(&)), element.into(), tokens(quote!(,))]);
        }
        Ok(host(vec![tokens(path), host(given).into()]))
    }

    fn compared_by(
        &mut self,
        closure: &'t Closure<'a>,
        elements: [HostExpression; 2],
    ) -> Lowered<HostExpression> {
        let mut pieces = Vec::new();
        for (input, element) in closure.inputs.iter().zip(elements) {
            let written = input.written;
            pieces.extend([tokens(quote!(let #written = &)), element.into(), tokens(quote!(;))]);
        }
        pieces.push(self.verbatim(&closure.body)?.into());
        Ok(host(pieces))
    }
}
