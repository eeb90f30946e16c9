//! Assignments: a variable gets a new value, a part of a storage is stored to.

use super::exit::Running;
use super::iterator_source::IteratorSource;
use super::{Lowered, Lowering, Meaning, unsupported};
use crate::ir::{Atom, Class, Piece, Place, StatementKind, Step};
use crate::reasons::{Reason, shown};
use crate::types::tree::{Expr, Kind, VariableId};
use crate::types::ty::{Sequence, Ty};
use gradus_ops::Op;
use proc_macro2::Span;
use quote::{ToTokens, quote};

impl<'t, 'a> Lowering<'t, 'a> {
    pub(super) fn assign(&mut self, place: &'t Expr<'a>, value: &'t Expr<'a>) -> Lowered<Meaning<'t, 'a>> {
        let span = value.span;
        if matches!(place.written, syn::Expr::Infer(_)) {
            return self.meaning(value).map(|_| Meaning::Unit);
        }
        if let Kind::Tuple(parts) | Kind::List { elements: parts, .. } = &place.kind {
            let meaning = self.part(value)?;
            let (Meaning::Tuple(values) | Meaning::List(values)) = self.settled(meaning, &value.ty, span)?
            else {
                return unsupported(Reason::SeveralPlaces, place.span);
            };
            for (part, meaning) in parts.iter().zip(values) {
                self.set(part, meaning, span)?;
            }
            return Ok(Meaning::Unit);
        }
        // A whole array that is made anew takes the place of the old one.
        if let Some(old) = self.remade(place)? {
            let ty = self.function.types.shallow(&place.ty);
            let new = self.storage_of(value, &ty, "new")?;
            self.must_run(span)?;
            self.push(StatementKind::Swap { a: old, b: new }, span);
            return Ok(Meaning::Unit);
        }
        let copied = self.uncloned(value);
        if matches!((&place.kind, &copied.kind), (Kind::Field { .. }, Kind::Field { .. }))
            && matches!(self.function.types.shallow(&copied.ty), Ty::Unknown(_))
            && let from @ Meaning::Place(_) = self.through_borrow(copied)?
        {
            return self.unless_left(span, |lowering| lowering.set(place, from, span));
        }
        let meaning = self.listed(value)?;
        // The place tells what a call of unknown type gives.
        let is_known = !matches!(self.function.types.peeled(&value.ty), Ty::Unknown(_));
        let ty = if is_known { value.ty.clone() } else { place.ty.clone() };
        let meaning = self.settled(meaning, &ty, span)?;
        let meaning = self.owned(meaning, &ty, span)?;
        self.unless_left(span, |lowering| lowering.set(place, meaning, span))
    }

    /// Does what follows an operand that may have left, if it has not.
    pub(super) fn unless_left(
        &mut self,
        span: Span,
        then: impl FnOnce(&mut Self) -> Lowered<()>,
    ) -> Lowered<Meaning<'t, 'a>> {
        match self.running() {
            Running::Yes => then(self).map(|()| Meaning::Unit),
            Running::No => Ok(Meaning::Never),
            Running::Perhaps(exit) => {
                let before = self.set.len();
                self.if_running(&exit, span, |lowering| then(lowering).map(|()| Meaning::Unit))?;
                if self.set.len() == before {
                    // Nothing more has left: it is as known as it was.
                    self.variables.insert(self.exit, Meaning::Atom(exit));
                }
                Ok(Meaning::Unit)
            }
        }
    }

    /// The storage that a variable is, or a row whose length may change.
    fn remade(&mut self, place: &'t Expr<'a>) -> Lowered<Option<Place>> {
        let ty = self.function.types.shallow(&place.ty);
        if !self.is_stored(&ty) {
            return Ok(None);
        }
        let whole = match place.variable() {
            Some(variable) => matches!(self.variables.get(&variable.0), Some(Meaning::Place(_))),
            None if matches!(place.kind, Kind::Field { .. }) => matches!(ty, Ty::Struct(_)),
            None => matches!(place.kind, Kind::Paren(_) | Kind::Deref(_) | Kind::Index { .. }),
        };
        if !whole {
            return Ok(None);
        }
        let Meaning::Place(place) = self.meaning(place)? else { return Ok(None) };
        Ok(self.is_local(&place).then_some(place))
    }

    /// Sets a place: a variable, a part of it, or a part of a storage.
    pub(super) fn set(&mut self, place: &'t Expr<'a>, meaning: Meaning<'t, 'a>, span: Span) -> Lowered<()> {
        self.must_run(span)?;
        if self.is_own(place) {
            let value = self.scalar(meaning, span)?;
            return self.set_own(place, quote!(=), value, span);
        }
        if let Kind::Paren(inner) = &place.kind {
            return self.set(inner, meaning, span);
        }
        if let Some(variable) = place.variable() {
            return self.set_variable(variable, place, meaning, span);
        }
        if let Kind::Deref(inner) = &place.kind {
            let behind = self.meaning(inner)?;
            if let Meaning::Place(to) = behind {
                return self.store(to, meaning, span);
            }
            if let Meaning::Borrow(variable) = behind {
                self.variables.insert(variable.0, meaning);
                return Ok(());
            }
        }
        if let Kind::Field { base, member } = &place.kind {
            let whole = self.through_borrow(base)?;
            if let Meaning::Place(to) = &whole {
                return self.store(Self::field_of(to, member), meaning, span);
            }
            let index = match member {
                syn::Member::Unnamed(at) => at.index as usize,
                syn::Member::Named(_) => usize::MAX,
            };
            if let Meaning::Tuple(mut parts) = whole
                && index < parts.len()
            {
                parts[index] = meaning;
                return self.set_whole(base, Meaning::Tuple(parts), span);
            }
        }
        if let Kind::Index { base, index, .. } = &place.kind {
            let whole = self.through_borrow(base)?;
            if let Meaning::Place(_) = whole
                && let Meaning::Place(to) = self.meaning(place)?
            {
                return self.store(to, meaning, place.span);
            }
            if let (Meaning::List(mut parts), Some(at)) = (whole, super::storage::literal(index))
                && at < parts.len()
            {
                parts[at] = meaning;
                return self.set_whole(base, Meaning::List(parts), span);
            }
        }
        unsupported(Reason::AssignedPlace(shown(place.written)), place.span)
    }

    fn set_variable(
        &mut self,
        variable: VariableId,
        place: &'t Expr<'a>,
        meaning: Meaning<'t, 'a>,
        span: Span,
    ) -> Lowered<()> {
        if let Some(Meaning::Place(to)) = self.variables.get(&variable.0) {
            let is_unknown = matches!(self.function.types.shallow(&place.ty), Ty::Unknown(_));
            if self.is_local(to) && !self.is_reference(place) {
                let to = to.clone();
                return self.store(to, meaning, span);
            }
            // Of a type that only rustc knows: it may be what a parameter holds, and nothing carries it.
            if !self.is_local(to) && is_unknown {
                return unsupported(Reason::AssignedPlace(shown(place.written)), place.span);
            }
        }
        let meaning = self.held_literal(variable.0, meaning);
        self.variables.insert(variable.0, meaning);
        Ok(())
    }

    /// Whether a place is a part of the user's own data, which changes.
    fn is_own(&self, place: &'t Expr<'a>) -> bool {
        let root = crate::types::walk::root_variable(place).and_then(|root| self.variables.get(&root));
        match root {
            Some(Meaning::Atom(Atom::Value(own))) => {
                self.values[own.0].class == Class::Data && self.is_verbatim(place)
            }
            _ => false,
        }
    }

    /// Changes the user's own data by an assignment as the user wrote it, of a value that is computed here.
    fn set_own(
        &mut self,
        place: &'t Expr<'a>,
        operator: impl ToTokens,
        value: Atom,
        span: Span,
    ) -> Lowered<()> {
        let place = self.verbatim(place)?;
        let rest = vec![super::passive::tokens(operator), Piece::Atom(value)];
        let pieces = place.pieces.iter().cloned().chain(rest).collect();
        let host = super::passive::impure(crate::ir::HostExpression { pieces, ..place });
        self.push(StatementKind::Passive { out: None, host }, span);
        Ok(())
    }

    /// Sets a variable of which a part has changed, or the one behind it.
    fn set_whole(&mut self, base: &'t Expr<'a>, meaning: Meaning<'t, 'a>, span: Span) -> Lowered<()> {
        if let Kind::Variable(variable) = &base.kind
            && let Some(&Meaning::Borrow(of)) = self.variables.get(&variable.0)
        {
            self.variables.insert(self.root_of_borrow(of), meaning);
            return Ok(());
        }
        self.set(base, meaning, span)
    }

    /// The variable that a borrow, or a borrow of one, stands for.
    pub(super) fn root_of_borrow(&self, mut of: VariableId) -> usize {
        while let Some(Meaning::Borrow(further)) = self.variables.get(&of.0) {
            of = *further;
        }
        of.0
    }

    fn is_reference(&self, place: &Expr<'a>) -> bool {
        matches!(self.function.types.shallow(&place.ty), Ty::Ref { .. })
    }

    /// Stores to a part of a storage.
    pub(super) fn store(&mut self, to: Place, meaning: Meaning<'t, 'a>, span: Span) -> Lowered<()> {
        self.must_run(span)?;
        if !self.is_local(&to) {
            return unsupported(Reason::ForeignChange(self.storage_name(&to)), span);
        }
        match meaning {
            Meaning::Atom(value) => {
                self.push(StatementKind::Store { place: to, value }, span);
                Ok(())
            }
            Meaning::Place(from) => {
                self.push(StatementKind::Copy { to, from }, span);
                Ok(())
            }
            Meaning::Tuple(parts) => parts.into_iter().enumerate().try_for_each(|(at, part)| {
                let member = proc_macro2::Literal::usize_unsuffixed(at);
                self.store(to.part(Step::Field(quote!(#member))), part, span)
            }),
            Meaning::List(parts) => parts
                .into_iter()
                .enumerate()
                .try_for_each(|(at, part)| self.store(Self::at_literal(&to, at), part, span)),
            Meaning::Unit
            | Meaning::Option(..)
            | Meaning::Never
            | Meaning::Passive(_)
            | Meaning::Borrow(_)
            | Meaning::Iterator(_)
            | Meaning::Closure(..)
            | Meaning::Function(..) => unsupported(Reason::AssignedValue(self.described(&meaning)), span),
        }
    }

    pub(super) fn update(
        &mut self,
        place: &'t Expr<'a>,
        op: Op,
        value: &'t Expr<'a>,
        span: Span,
    ) -> Lowered<Meaning<'t, 'a>> {
        let value = self.number(value)?;
        self.unless_left(span, |lowering| lowering.updated(place, op, value, span))
    }

    /// `place op= value`.
    fn updated(&mut self, place: &'t Expr<'a>, op: Op, value: Atom, span: Span) -> Lowered<()> {
        let name = crate::types::walk::root_variable(place).map(|variable| self.known(variable).0);
        let name = name.unwrap_or_else(|| "t".to_owned());
        let resolved = self.meaning(place)?;
        let to = if let Meaning::Place(to) = &resolved { Some(to.clone()) } else { None };
        let old = self.scalar(resolved, place.span)?;
        if self.is_data(&old) && matches!(place.kind, Kind::Deref(_)) {
            return unsupported(Reason::DataReference(shown(place.written)), span);
        }
        let old = self.plain_number(old, span);
        let value = self.plain_number(value, span);
        let new = Meaning::Atom(self.operation(op, vec![old, value], &name, span));
        match to {
            Some(to) => self.store(to, new, place.span),
            None => self.set(place, new, span),
        }
    }

    /// `n += 1` of an integer.
    pub(super) fn passive_update(
        &mut self,
        operator: &syn::BinOp,
        place: &'t Expr<'a>,
        value: &'t Expr<'a>,
        span: Span,
    ) -> Lowered<Meaning<'t, 'a>> {
        let value = self.host(value)?;
        // A number of its own: it is looked at before the place is.
        let value = self.computed(value, Class::Scalar, "by", span);
        self.unless_left(span, |lowering| lowering.passively_updated(operator, place, value, span))
    }

    fn passively_updated(
        &mut self,
        operator: &syn::BinOp,
        place: &'t Expr<'a>,
        value: Atom,
        span: Span,
    ) -> Lowered<()> {
        if self.is_own(place) {
            return self.set_own(place, operator, value, span);
        }
        let Meaning::Atom(old) = self.meaning(place)? else {
            return unsupported(Reason::AssignedPlace(shown(place.written)), span);
        };
        if self.is_data(&old) {
            return unsupported(Reason::AssignedPlace(shown(place.written)), span);
        }
        let text = operator.to_token_stream().to_string();
        let plain: proc_macro2::TokenStream = text.trim_end_matches('=').parse().unwrap_or_default();
        // An overflow panics at the user's line: the operands stand in parentheses of the user's.
        let operand = |atom: Atom, span: Span| {
            let of = super::passive::host(vec![Piece::Atom(atom)]);
            Piece::from(crate::ir::HostExpression { span: Some(span), ..of })
        };
        let host = super::passive::host(vec![
            operand(old, place.span),
            super::passive::tokens(located(plain, span)),
            operand(value, span),
        ]);
        let name = crate::types::walk::root_variable(place).map(|variable| self.known(variable).0);
        let name = name.unwrap_or_else(|| "n".to_owned());
        let new = self.evaluated(host, Class::Scalar, &name, place);
        self.set(place, Meaning::Atom(new), span)
    }

    /// `std::mem::swap(&mut a, &mut b)`, and what else of the standard library works on places.
    pub(super) fn standard(
        &mut self,
        expression: &'t Expr<'a>,
        path: &'t syn::Expr,
        arguments: &'t [crate::types::tree::Argument<'a>],
    ) -> Lowered<Meaning<'t, 'a>> {
        let span = expression.span;
        let name = path.to_token_stream().to_string();
        match (name.rsplit("::").next().map(str::trim), arguments) {
            (Some("swap"), [a, b]) => self.swap(&a.value, &b.value, span),
            (Some("replace"), [place, value]) => self.replace(&place.value, &value.value, span),
            (Some("Some"), [inside]) => {
                let inside = self.part(&inside.value)?;
                Ok(Meaning::Option(Atom::truth(true), Box::new(inside)))
            }
            (Some("once"), [inside]) => Ok(Meaning::List(vec![self.part(&inside.value)?])),
            (Some("take"), [place]) => self.taken_out(&place.value, span),
            (Some("successors"), [first, function]) => {
                let ty = first.slot.clone();
                let Ty::Option(item) = self.function.types.peeled(&ty) else {
                    return unsupported(Reason::StandardFunction(shown(path)), span);
                };
                if !self.function.types.peeled(&item).is_float() {
                    return unsupported(Reason::StandardFunction(shown(path)), span);
                }
                let first = Box::new(self.meaning(&first.value)?);
                let function = self.meaning(&function.value)?;
                Ok(Meaning::Iterator(IteratorSource::Successors { first, ty, function }.into()))
            }
            (Some("repeat"), [item]) => {
                let item = self.part(&item.value)?;
                Ok(Meaning::Iterator(IteratorSource::Same(Box::new(item)).into()))
            }
            (Some("repeat_n"), [item, count]) => {
                let item = IteratorSource::Same(Box::new(self.part(&item.value)?));
                let count = self.once(&count.value)?;
                Ok(Meaning::Iterator(IteratorSource::Take(Box::new(item), count).into()))
            }
            (Some("zip"), [a, b]) => {
                let (a, b) = (self.taken(&a.value)?, self.taken(&b.value)?);
                Ok(Meaning::Iterator(IteratorSource::Zip(Box::new(a), Box::new(b)).into()))
            }
            // `f64::from(x > y)`
            (Some("from"), [number]) if self.function.types.shallow(&expression.ty).is_float() => {
                let number = self.host(&number.value)?;
                let made = super::passive::host(vec![
                    super::passive::tokens(path),
                    super::passive::host(vec![number.into()]).into(),
                ]);
                Ok(Meaning::Atom(self.evaluated(made, Class::Float, "k", expression)))
            }
            _ => {
                let ty = self.function.types.shallow(&expression.ty);
                if !self.is_stored(&ty) {
                    return unsupported(Reason::StandardFunction(shown(path)), span);
                }
                self.storage_of(expression, &ty, "made").map(Meaning::Place)
            }
        }
    }

    /// `std::mem::take(&mut x)`: a `Vec` leaves an empty one, a number 0.
    fn taken_out(&mut self, place: &'t Expr<'a>, span: Span) -> Lowered<Meaning<'t, 'a>> {
        let Kind::Reference(inner) = &place.kind else {
            return unsupported(Reason::Take, span);
        };
        let ty = self.function.types.peeled(&inner.ty);
        if ty.is_float() {
            let old = self.number(inner)?;
            self.set(inner, Meaning::Atom(Atom::number(0.0)), span)?;
            return Ok(Meaning::Atom(old));
        }
        let Ty::Sequence(Sequence::Vec, element) = &ty else { return unsupported(Reason::Take, span) };
        self.numbers(&ty, span)?;
        let taken = self.empty_vec("taken", element, span);
        self.exchanged(place, taken, span)
    }

    /// A new storage and one that is there change places.
    fn exchanged(&mut self, place: &'t Expr<'a>, new: Place, span: Span) -> Lowered<Meaning<'t, 'a>> {
        if let Meaning::Place(old) = self.meaning(place)?
            && self.is_local(&old)
        {
            self.must_run(span)?;
            self.push(StatementKind::Swap { a: old, b: new.clone() }, span);
            return Ok(Meaning::Place(new));
        }
        unsupported(Reason::ForeignChange(shown(place.written)), span)
    }

    /// `std::mem::replace(&mut x, value)`.
    fn replace(&mut self, place: &'t Expr<'a>, value: &'t Expr<'a>, span: Span) -> Lowered<Meaning<'t, 'a>> {
        let Kind::Reference(place) = &place.kind else {
            return unsupported(Reason::Replace, span);
        };
        let ty = self.function.types.peeled(&place.ty);
        if self.is_stored(&ty) {
            let new = self.storage_of(value, &ty, "replaced")?;
            return self.exchanged(place, new, span);
        }
        if !matches!(ty, Ty::Float(_)) {
            return unsupported(Reason::Replace, span);
        }
        let old = self.number(place)?;
        let new = self.number(value)?;
        self.set(place, Meaning::Atom(new), span)?;
        Ok(Meaning::Atom(old))
    }

    fn swap(&mut self, a: &'t Expr<'a>, b: &'t Expr<'a>, span: Span) -> Lowered<Meaning<'t, 'a>> {
        let (x, y) = (self.meaning(a)?, self.meaning(b)?);
        match (x, y) {
            (Meaning::Place(a), Meaning::Place(b)) if self.is_local(&a) && self.is_local(&b) => {
                self.must_run(span)?;
                if a.storage == b.storage {
                    return unsupported(Reason::Swap, span);
                }
                self.push(StatementKind::Swap { a, b }, span);
                Ok(Meaning::Unit)
            }
            (Meaning::Borrow(a), Meaning::Borrow(b)) => {
                let (a, b) = (self.root_of_borrow(a), self.root_of_borrow(b));
                self.must_run(span)?;
                let [x, y] = [a, b].map(|variable| self.variables[&variable].clone());
                self.variables.insert(a, y);
                self.variables.insert(b, x);
                Ok(Meaning::Unit)
            }
            (x, y) => {
                let (Kind::Reference(a), Kind::Reference(b)) = (&a.kind, &b.kind) else {
                    return unsupported(Reason::Swap, span);
                };
                let (x, y) = (self.settled(x, &a.ty, span)?, self.settled(y, &b.ty, span)?);
                self.set(a, y, span)?;
                self.set(b, x, span)?;
                Ok(Meaning::Unit)
            }
        }
    }
}

/// Tokens at a place of the user's, so that a panic points there.
fn located(tokens: proc_macro2::TokenStream, span: Span) -> proc_macro2::TokenStream {
    tokens
        .into_iter()
        .map(|mut token| {
            token.set_span(span);
            token
        })
        .collect()
}
