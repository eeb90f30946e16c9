//! What may be there: `Option`s that the standard library hands out, and their methods.

use super::passive::{host, impure, tokens};
use super::{Lowered, Lowering, Meaning, unsupported};
use crate::ir::{Atom, Class, Piece, StatementKind};
use crate::reasons::Reason;
use crate::types::tree::{self, Expr};
use crate::types::ty::Ty;
use proc_macro2::Span;
use quote::{quote, quote_spanned};

impl<'t, 'a> Lowering<'t, 'a> {
    /// `first`, `last` and `get` of a sequence: whether it is there, and where.
    pub(super) fn found(
        &mut self,
        name: &str,
        receiver: &'t Expr<'a>,
        arguments: &'t [tree::Argument<'a>],
        span: Span,
    ) -> Lowered<Meaning<'t, 'a>> {
        let place = self.storage_under(receiver, name, span)?;
        let length = Self::looked(place.clone(), quote!(.len()));
        let (some, index) = match (name, arguments) {
            ("first" | "first_mut" | "front" | "front_mut", []) => {
                (Self::looked(place.clone(), quote!(.len() > 0)), host(vec![tokens(quote!(0))]))
            }
            ("last" | "last_mut" | "back" | "back_mut", []) => {
                let back = host(vec![length.into(), tokens(quote!(.wrapping_sub(1)))]);
                let back = self.computed(back, Class::Scalar, "at", span);
                (Self::looked(place.clone(), quote!(.len() > 0)), host(vec![Piece::Atom(back)]))
            }
            ("split_first" | "split_last", []) => return Ok(self.split_off(name, &place, span)),
            ("get" | "get_mut", [index])
                if matches!(self.function.types.peeled(&index.value.ty), Ty::Int | Ty::Unknown(_)) =>
            {
                let at = self.number(&index.value)?;
                let some = host(vec![Piece::Atom(at.clone()), tokens(quote!(<)), length.into()]);
                (some, host(vec![Piece::Atom(at)]))
            }
            _ => return unsupported(Reason::RangeOf(name.to_owned()), span),
        };
        let some = self.computed(some, Class::Scalar, "some", span);
        Ok(Meaning::Option(some, Box::new(Meaning::Place(place.part(crate::ir::Step::Index(index))))))
    }

    /// `then` and `then_some` of a truth value.
    pub(super) fn if_so(
        &mut self,
        name: &str,
        receiver: &'t Expr<'a>,
        value: &'t tree::Argument<'a>,
        expression: &'t Expr<'a>,
    ) -> Lowered<Meaning<'t, 'a>> {
        let (span, item) = (expression.span, self.inner(expression)?);
        let some = self.number(receiver)?;
        let value = if name == "then" { self.meaning(&value.value)? } else { self.part(&value.value)? };
        if name == "then_some" {
            return Ok(Meaning::Option(some, Box::new(value)));
        }
        let made = self.if_some(&some, &item, span, |lowering| lowering.inlined(value, Vec::new(), span))?;
        Ok(Meaning::Option(some, Box::new(made)))
    }

    /// The type of what is in an `Option`.
    fn inner(&self, expression: &Expr<'a>) -> Lowered<Ty> {
        let Ty::Option(item) = self.function.types.peeled(&expression.ty) else {
            return unsupported(Reason::OptionType, expression.span);
        };
        Ok(*item)
    }

    /// What is computed if something is there.
    fn if_some(
        &mut self,
        some: &Atom,
        ty: &Ty,
        span: Span,
        then: impl FnOnce(&mut Self) -> Lowered<Meaning<'t, 'a>>,
    ) -> Lowered<Meaning<'t, 'a>> {
        self.fork(
            some.clone(),
            span,
            |lowering| {
                let value = then(lowering)?;
                lowering.settled(value, ty, span)
            },
            |_| Ok(Meaning::Never),
        )
    }

    /// What is in an `Option` of a reference, read now if it is there.
    pub(super) fn copied_option(
        &mut self,
        some: Atom,
        inside: Meaning<'t, 'a>,
        expression: &'t Expr<'a>,
    ) -> Lowered<Meaning<'t, 'a>> {
        let span = expression.span;
        let item = self.inner(expression)?;
        if !matches!(self.function.types.peeled(&item), Ty::Float(_)) {
            return unsupported(Reason::OptionItem, span);
        }
        let read = self.if_some(&some, &item, span, |_| Ok(inside))?;
        Ok(Meaning::Option(some, Box::new(read)))
    }

    /// Whether there is something in an `Option`, and what. Of the user's own data it is a number, which is copied.
    pub(super) fn opened(
        &mut self,
        option: Meaning<'t, 'a>,
        ty: &Ty,
        gives_number: bool,
        span: Span,
    ) -> Lowered<(Atom, Meaning<'t, 'a>)> {
        if let Meaning::Option(some, inside) = option {
            return Ok((some, *inside));
        }
        let whole = if let Meaning::Passive(data) = option {
            self.computed(data, Class::Data, "option", span)
        } else if let Meaning::Atom(data) = option
            && self.is_data(&data)
        {
            data
        } else {
            return unsupported(Reason::UnknownOption, span);
        };
        let Ty::Option(inner) = self.function.types.peeled(ty) else {
            return unsupported(Reason::UnknownOption, span);
        };
        let inner = self.function.types.shallow(&inner);
        let (class, inside, nothing) = match (&inner, self.function.types.peeled(&inner)) {
            (_, peeled) if peeled.is_float() || gives_number && matches!(inner, Ty::Unknown(_)) => {
                (Class::Float, Piece::Number(host(vec![tokens(quote!(__inside))])), quote!(0.0))
            }
            (Ty::Int | Ty::Bool, _) => {
                (Class::Scalar, tokens(quote!(__inside)), quote!(__gradus_std::default::Default::default()))
            }
            // A reference to data is copied out where there is one.
            (Ty::Ref { mutable: false, .. }, _) => {
                let some = self.is_some(&whole, span);
                let inside = host(vec![Piece::Atom(whole), tokens(quote!(.unwrap()))]);
                return Ok((some, Meaning::Passive(host(vec![tokens(quote!(*)), inside.into()]))));
            }
            _ => return unsupported(Reason::UnknownOption, span),
        };
        let some = self.is_some(&whole, span);
        let arms = host(vec![
            tokens(quote!(__gradus_std::option::Option::Some(__inside) =>)),
            inside,
            tokens(quote!(, __gradus_std::option::Option::None => #nothing)),
        ]);
        let inside = host(vec![tokens(quote!(match)), Piece::Atom(whole), Piece::Braces(arms)]);
        let inside = self.computed(inside, class, "inside", span);
        Ok((some, Meaning::Atom(inside)))
    }

    fn is_some(&mut self, option: &Atom, span: Span) -> Atom {
        let some = host(vec![Piece::Atom(option.clone()), tokens(quote!(.is_some()))]);
        self.computed(some, Class::Scalar, "some", span)
    }

    /// A method of an `Option`.
    pub(super) fn of_option(
        &mut self,
        call: &'a syn::ExprMethodCall,
        receiver: &'t Expr<'a>,
        arguments: &'t [tree::Argument<'a>],
        expression: &'t Expr<'a>,
    ) -> Lowered<Meaning<'t, 'a>> {
        let (method, span) = (&call.method, call.method.span());
        let meaning = self.meaning(receiver)?;
        let ty = self.function.types.shallow(&expression.ty);
        let gives_inside =
            matches!(method.to_string().as_str(), "unwrap" | "expect" | "unwrap_or" | "unwrap_or_else");
        let gives_number = gives_inside && (ty.is_float() || self.function.types.is_active(&ty));
        let (some, inside) = self.opened(meaning, &receiver.ty, gives_number, span)?;
        match (method.to_string().as_str(), arguments) {
            ("is_some" | "is_ok", []) => Ok(Meaning::Atom(some)),
            ("is_none" | "is_err", []) => {
                let none = host(vec![tokens(quote!(!)), Piece::Atom(some)]);
                Ok(Meaning::Atom(self.computed(none, Class::Scalar, "none", span)))
            }
            // The panic of a `Result` tells of the error.
            ("unwrap" | "expect", _) if self.comes_from_call(receiver) => unsupported(Reason::Fallible, span),
            ("unwrap" | "expect", _) => {
                let message = call.args.first().map(|message| quote!(#message));
                // The user's own panic, if there is nothing.
                let test = host(vec![
                    Piece::Atom(some),
                    tokens(quote_spanned!(span=> .then_some(()).#method(#message))),
                ]);
                self.push(StatementKind::Passive { out: None, host: impure(test) }, span);
                match (inside, ty) {
                    (place @ Meaning::Place(_), Ty::Float(_)) => Ok(Meaning::Atom(self.scalar(place, span)?)),
                    (inside, _) => Ok(inside),
                }
            }
            ("unwrap_or", [other]) => {
                let other = self.number(&other.value)?;
                self.either(some, &ty, span, |_| Ok(inside), |_| Ok(Meaning::Atom(other)))
            }
            ("unwrap_or_default", []) => {
                let nothing = self.nothing(&ty);
                self.either(some, &ty, span, |_| Ok(inside), |_| Ok(nothing))
            }
            ("unwrap_or_else", [other]) => {
                let other = self.meaning(&other.value)?;
                self.takes_no_error(receiver, &other, span)?;
                self.either(
                    some,
                    &ty,
                    span,
                    |_| Ok(inside),
                    |lowering| lowering.inlined(other, Vec::new(), span),
                )
            }
            ("map_or", [other, function]) => {
                let other = self.part(&other.value)?;
                let function = self.meaning(&function.value)?;
                self.either(
                    some,
                    &ty,
                    span,
                    |lowering| lowering.inlined(function, vec![inside], span),
                    |_| Ok(other),
                )
            }
            ("map_or_else", [other, function]) => {
                let (other, function) = (self.meaning(&other.value)?, self.meaning(&function.value)?);
                self.takes_no_error(receiver, &other, span)?;
                let other = |lowering: &mut Self| lowering.inlined(other, Vec::new(), span);
                self.either(some, &ty, span, |lowering| lowering.inlined(function, vec![inside], span), other)
            }
            ("is_some_and" | "is_ok_and", [function]) => {
                let function = self.meaning(&function.value)?;
                let never = |_: &mut Self| Ok(Meaning::Atom(Atom::truth(false)));
                self.either(some, &ty, span, |lowering| lowering.inlined(function, vec![inside], span), never)
            }
            ("is_none_or", [function]) => {
                let function = self.meaning(&function.value)?;
                let there = |lowering: &mut Self| lowering.inlined(function, vec![inside], span);
                self.either(some, &ty, span, there, |_| Ok(Meaning::Atom(Atom::truth(true))))
            }
            _ => self.another_option(method, (some, inside), (receiver, arguments), expression),
        }
    }

    /// The one or the other, each read where it is computed.
    fn either(
        &mut self,
        some: Atom,
        ty: &Ty,
        span: Span,
        then: impl FnOnce(&mut Self) -> Lowered<Meaning<'t, 'a>>,
        other: impl FnOnce(&mut Self) -> Lowered<Meaning<'t, 'a>>,
    ) -> Lowered<Meaning<'t, 'a>> {
        self.fork(
            some,
            span,
            |lowering| {
                let value = then(lowering)?;
                lowering.settled(value, ty, span)
            },
            |lowering| {
                let other = other(lowering)?;
                lowering.settled(other, ty, span)
            },
        )
    }

    /// Methods that give an `Option` again.
    fn another_option(
        &mut self,
        method: &syn::Ident,
        (some, inside): (Atom, Meaning<'t, 'a>),
        (receiver, arguments): (&'t Expr<'a>, &'t [tree::Argument<'a>]),
        expression: &'t Expr<'a>,
    ) -> Lowered<Meaning<'t, 'a>> {
        let (name, span) = (method.to_string(), method.span());
        let ([argument], Ok(item)) = (arguments, self.inner(expression)) else {
            return unsupported(Reason::Method(name), span);
        };
        let given = self.meaning(&argument.value)?;
        match (name.as_str(), given) {
            ("map", function) => {
                let call = |lowering: &mut Self| lowering.inlined(function, vec![inside], span);
                let value = self.if_some(&some, &item, span, call)?;
                Ok(Meaning::Option(some, Box::new(value)))
            }
            ("filter", function) => {
                let looked = inside.clone();
                let test = |lowering: &mut Self| lowering.inlined(function, vec![looked], span);
                let passes =
                    self.either(some, &Ty::Bool, span, test, |_| Ok(Meaning::Atom(Atom::truth(false))))?;
                Ok(Meaning::Option(self.scalar(passes, span)?, Box::new(inside)))
            }
            ("and_then", function) => self.fork(
                some,
                span,
                |lowering| {
                    let found = lowering.inlined(function, vec![inside], span)?;
                    lowering.read(found, &item, span)
                },
                |_| Ok(Meaning::Never),
            ),
            ("zip", Meaning::Option(other, beside)) => {
                let both = host(vec![Piece::Atom(some), tokens(quote!(&)), Piece::Atom(other)]);
                let both = self.computed(both, Class::Scalar, "some", span);
                Ok(Meaning::Option(both, Box::new(Meaning::Tuple(vec![inside, *beside]))))
            }
            ("or", other @ Meaning::Option(..)) => self.or_another(some, inside, &item, span, |_| Ok(other)),
            ("or_else", function) => {
                self.takes_no_error(receiver, &function, span)?;
                self.or_another(some, inside, &item, span, |lowering| {
                    lowering.inlined(function, Vec::new(), span)
                })
            }
            _ => unsupported(Reason::Method(name), span),
        }
    }

    fn or_another(
        &mut self,
        some: Atom,
        inside: Meaning<'t, 'a>,
        item: &Ty,
        span: Span,
        other: impl FnOnce(&mut Self) -> Lowered<Meaning<'t, 'a>>,
    ) -> Lowered<Meaning<'t, 'a>> {
        self.fork(
            some,
            span,
            |lowering| {
                let inside = lowering.settled(inside, item, span)?;
                Ok(Meaning::Option(Atom::truth(true), Box::new(inside)))
            },
            |lowering| {
                let other = other(lowering)?;
                lowering.read(other, item, span)
            },
        )
    }

    /// An `Option` whose number is read now, if it is there.
    fn read(&mut self, meaning: Meaning<'t, 'a>, item: &Ty, span: Span) -> Lowered<Meaning<'t, 'a>> {
        let Meaning::Option(some, inside) = meaning else {
            return unsupported(Reason::UnknownOption, span);
        };
        let value = self.if_some(&some, item, span, |_| Ok(*inside))?;
        Ok(Meaning::Option(some, Box::new(value)))
    }
}
