//! `match`.

use super::passive::{host, tokens};
use super::pattern::plain;
use super::{Lowered, Lowering, Meaning, class, unsupported};
use crate::ir::{Atom, Class, HostExpression, Piece, Place, StatementKind};
use crate::reasons::Reason;
use crate::types::tree::{Arm, Expr};
use crate::types::ty::Ty;
use proc_macro2::{Literal, Span};
use quote::quote;

/// Whether an expression makes a value, rather than naming one that is there.
fn makes_a_value(expression: &syn::Expr) -> bool {
    match expression {
        syn::Expr::MethodCall(_) | syn::Expr::Call(_) | syn::Expr::Macro(_) => true,
        syn::Expr::Paren(inner) => makes_a_value(&inner.expr),
        _ => false,
    }
}

/// Whether the parts of a value are borrowed.
fn holds_borrows(meaning: &Meaning<'_, '_>) -> bool {
    meaning.parts().iter().any(|part| matches!(part, Meaning::Borrow(_)) || holds_borrows(part))
}

impl<'t, 'a> Lowering<'t, 'a> {
    /// A `match` finds the number of its arm first; then it is a chain of branches.
    pub(super) fn matched(
        &mut self,
        value: &'t Expr<'a>,
        arms: &'t [Arm<'a>],
        ty: &Ty,
        span: Span,
    ) -> Lowered<Meaning<'t, 'a>> {
        let patterns: Vec<_> = arms.iter().map(|arm| &arm.pattern).collect();
        let subject = self.subject_for(&patterns, value)?;
        let subject = if holds_borrows(&subject) { subject } else { self.settled(subject, &value.ty, span)? };
        let chosen = match self.chosen_array(arms.iter().map(|arm| &arm.body), ty, span) {
            None => self.chosen_or_copied(ty, span),
            chosen => chosen,
        };
        let value = self.matched_value((&subject, &value.ty), arms, (ty, chosen.as_ref()), span)?;
        Ok(Self::choice(chosen, value))
    }

    /// What a `match`, an `if let` or a `let … else` looks at. Passive data that is there is looked at in its place; what
    /// else it is borrowed from lives as long as the patterns that borrow from it.
    pub(super) fn subject_of(&mut self, value: &'t Expr<'a>) -> Lowered<Meaning<'t, 'a>> {
        let is_data = class(&self.function.types.peeled(&value.ty)) == Class::Data;
        if !is_data || !self.is_verbatim(value) {
            return self.meaning(value);
        }
        let mut written = value.written;
        while let syn::Expr::Paren(inner) = written {
            written = &inner.expr;
        }
        match written {
            syn::Expr::Unary(syn::ExprUnary { op: syn::UnOp::Deref(_), .. })
            | syn::Expr::Field(_)
            | syn::Expr::Index(_) => self.host(value).map(Meaning::Passive),
            syn::Expr::MethodCall(call) if makes_a_value(&call.receiver) => {
                let whole = self.verbatim(value)?;
                let subject = self.held_receivers(whole, call, value.span);
                Ok(Meaning::Atom(self.computed(subject, Class::Data, "subject", value.span)))
            }
            _ => self.meaning(value),
        }
    }

    /// A call of a method with its receiver in a variable, which lives on after the call.
    fn held_receivers(
        &mut self,
        whole: HostExpression,
        call: &syn::ExprMethodCall,
        span: Span,
    ) -> HostExpression {
        let receiver = &call.receiver;
        let part = HostExpression { pieces: vec![tokens(receiver)], ..whole.clone() };
        let part = match &**receiver {
            syn::Expr::MethodCall(inner) if makes_a_value(&inner.receiver) => {
                self.held_receivers(part, inner, span)
            }
            _ => part,
        };
        let held = self.value("held", Class::Data, false);
        // The method may change it.
        self.changing.insert(held);
        self.push(StatementKind::Passive { out: Some(held), host: part }, span);
        let syn::ExprMethodCall { dot_token, method, turbofish, args, .. } = call;
        let rest = tokens(quote!(#dot_token #method #turbofish (#args)));
        HostExpression { pieces: vec![Piece::Atom(Atom::Value(held)), rest], pure: false, ..whole }
    }

    fn matched_value(
        &mut self,
        (subject, ty): (&Meaning<'t, 'a>, &Ty),
        arms: &'t [Arm<'a>],
        given: (&Ty, Option<&Place>),
        span: Span,
    ) -> Lowered<Meaning<'t, 'a>> {
        let Some(looked) = self.subject(subject, ty) else {
            return self.matched_in_turn(subject, arms, given, span);
        };
        let mut pieces = vec![tokens(quote!(match)), looked.into()];
        let mut cases = Vec::new();
        let mut pure = true;
        for (at, arm) in arms.iter().enumerate() {
            if !arm.attributes.is_empty() {
                return unsupported(Reason::Attribute, arm.body.span);
            }
            let pattern = plain(arm.pattern.written);
            let number = Literal::u32_suffixed(u32::try_from(at).unwrap_or(u32::MAX));
            match &arm.guard {
                // What it binds is bound where the arm runs.
                None => {
                    let pattern = self.unbound(&arm.pattern, pattern);
                    cases.push(tokens(quote!(#pattern => #number,)));
                }
                Some(guard) => {
                    // The guard sees what the pattern binds by the pattern itself.
                    let host = self.verbatim(guard)?;
                    pure &= host.pure;
                    cases.push(tokens(quote!(#pattern if)));
                    cases.push(host.into());
                    cases.push(tokens(quote!(=> #number,)));
                }
            }
        }
        let mut inner = host(cases);
        inner.pure = pure;
        pieces.push(Piece::Braces(inner));
        let mut host = host(pieces);
        host.pure = pure;
        let arm = self.computed(host, Class::Scalar, "arm", span);
        self.arms(&arm, subject, arms, 0, given, span)
    }

    fn arms(
        &mut self,
        number: &Atom,
        subject: &Meaning<'t, 'a>,
        arms: &'t [Arm<'a>],
        at: usize,
        given: (&Ty, Option<&Place>),
        span: Span,
    ) -> Lowered<Meaning<'t, 'a>> {
        let Some(arm) = arms.get(at) else { return Ok(Meaning::Never) };
        let run = |lowering: &mut Self| {
            lowering.bind(&arm.pattern, plain(arm.pattern.written), subject.clone())?;
            let value = lowering.meaning(&arm.body)?;
            lowering.given_to(given.1, value, given.0, span)
        };
        if at + 1 == arms.len() {
            return run(self);
        }
        let literal = Literal::u32_suffixed(u32::try_from(at).unwrap_or(u32::MAX));
        let test = host(vec![Piece::Atom(number.clone()), tokens(quote!(== #literal))]);
        let test = self.computed(test, Class::Scalar, "test", span);
        self.fork(test, span, run, |lowering| lowering.arms(number, subject, arms, at + 1, given, span))
    }

    /// The plain numbers that a `match` looks at, if it looks at no more: behind as many references as the user's patterns expect.
    fn subject(&self, meaning: &Meaning<'t, 'a>, ty: &Ty) -> Option<HostExpression> {
        let types = &self.function.types;
        if let Meaning::Atom(atom) = meaning {
            let mut pieces = vec![Piece::Atom(atom.clone())];
            let mut ty = types.shallow(ty);
            let is_number = types.peeled(&ty).is_float() && !self.is_data(atom);
            while let (Ty::Ref { inner, .. }, true) = (&ty, is_number) {
                pieces.insert(0, tokens(quote!(&)));
                ty = types.shallow(inner);
            }
            return Some(host(pieces));
        }
        if let Meaning::Passive(place) = meaning {
            return Some(place.clone());
        }
        let Meaning::Tuple(parts) = meaning else { return None };
        let of_parts = if let Ty::Tuple(of_parts) = types.shallow(ty) { of_parts } else { Vec::new() };
        let mut pieces = Vec::new();
        for (at, part) in parts.iter().enumerate() {
            pieces.push(self.subject(part, of_parts.get(at).unwrap_or(&Ty::Unit))?.into());
            pieces.push(tokens(quote!(,)));
        }
        Some(host(pieces))
    }

    /// The arms of a `match` on something else, one test after the other.
    fn matched_in_turn(
        &mut self,
        subject: &Meaning<'t, 'a>,
        arms: &'t [Arm<'a>],
        given: (&Ty, Option<&Place>),
        span: Span,
    ) -> Lowered<Meaning<'t, 'a>> {
        let [arm, rest @ ..] = arms else { return Ok(Meaning::Never) };
        if !arm.attributes.is_empty() {
            return unsupported(Reason::Attribute, arm.body.span);
        }
        let written = plain(arm.pattern.written);
        let test = match rest {
            // The last arm takes what is left.
            [] if arm.guard.is_none() => None,
            _ => self.tested(&arm.pattern, written, subject)?,
        };
        let test = match &arm.guard {
            None => test,
            Some(guard) => {
                let bound = |lowering: &mut Self| {
                    lowering.bind(&arm.pattern, written, subject.clone())?;
                    lowering.number(guard).map(Meaning::Atom)
                };
                let never = |_: &mut Self| Ok(Meaning::Atom(Atom::truth(false)));
                let both = match test {
                    Some(test) => self.fork(test, span, bound, never)?,
                    None => bound(self)?,
                };
                Some(self.scalar(both, span)?)
            }
        };
        let run = |lowering: &mut Self| {
            lowering.bind(&arm.pattern, written, subject.clone())?;
            let value = lowering.meaning(&arm.body)?;
            lowering.given_to(given.1, value, given.0, span)
        };
        match test {
            Some(test) => {
                self.fork(test, span, run, |lowering| lowering.matched_in_turn(subject, rest, given, span))
            }
            None => run(self),
        }
    }
}
