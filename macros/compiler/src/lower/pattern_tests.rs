//! Whether a value has the shape of a pattern.

use super::passive::{host, tokens};
use super::pattern::{Part, ignores, is_rest, parts};
use super::{Lowered, Lowering, Meaning, unsupported};
use crate::ir::{Atom, Class, HostExpression, Piece};
use crate::reasons::{Reason, shown};
use crate::types::tree::Pattern;
use proc_macro2::Literal;
use quote::quote;
use syn::spanned::Spanned;

impl<'t, 'a> Lowering<'t, 'a> {
    /// Whether a value has the shape of a pattern; `None` if there is no other.
    pub(super) fn tested(
        &mut self,
        pattern: &'t Pattern<'a>,
        written: &syn::Pat,
        meaning: &Meaning<'t, 'a>,
    ) -> Lowered<Option<Atom>> {
        let span = written.span();
        if !self.is_refutable(pattern, written) {
            return Ok(None);
        }
        match (written, meaning) {
            (_, Meaning::Never) => Ok(None),
            (_, Meaning::Atom(atom)) if self.is_data(atom) => {
                Ok(Some(self.tested_data(pattern, written, host(vec![Piece::Atom(atom.clone())]))))
            }
            (_, Meaning::Passive(place)) => Ok(Some(self.tested_data(pattern, written, place.clone()))),
            (
                syn::Pat::Ident(syn::PatIdent { subpat: Some((_, inner)), .. })
                | syn::Pat::Type(syn::PatType { pat: inner, .. })
                | syn::Pat::Paren(syn::PatParen { pat: inner, .. })
                | syn::Pat::Reference(syn::PatReference { pat: inner, .. }),
                _,
            ) => self.tested(pattern, inner, meaning),
            (syn::Pat::Or(or), _) => {
                let cases: Vec<_> = or.cases.iter().collect();
                self.one_of(pattern, &cases, meaning)
            }
            (syn::Pat::TupleStruct(of), Meaning::Option(some, _)) if is_failure(of) => {
                if !ignores(of) {
                    return unsupported(Reason::Fallible, span);
                }
                let failed = host(vec![tokens(quote!(!)), Piece::Atom(some.clone())]);
                Ok(Some(self.computed(failed, Class::Scalar, "failed", span)))
            }
            (syn::Pat::TupleStruct(_), Meaning::Option(some, _)) => {
                let parts = self.tested_parts(pattern, written, meaning)?;
                self.all_of(pattern, Some(some.clone()), meaning, &parts)
            }
            (syn::Pat::Ident(_) | syn::Pat::Path(_), Meaning::Option(some, _)) => {
                let none = host(vec![tokens(quote!(!)), Piece::Atom(some.clone())]);
                Ok(Some(self.computed(none, Class::Scalar, "none", span)))
            }
            (syn::Pat::Tuple(_), _) => {
                let parts = self.tested_parts(pattern, written, meaning)?;
                self.all_of(pattern, None, meaning, &parts)
            }
            (syn::Pat::Slice(slice), Meaning::List(parts)) => {
                let (least, exact) = lengths(slice);
                if parts.len() < least || (exact && parts.len() > least) {
                    return Ok(Some(Atom::truth(false)));
                }
                let parts = self.tested_parts(pattern, written, meaning)?;
                self.all_of(pattern, None, meaning, &parts)
            }
            (syn::Pat::Slice(slice), Meaning::Place(place)) => {
                let (least, exact) = lengths(slice);
                let least = Literal::usize_unsuffixed(least);
                let test = if exact { quote!(.len() == #least) } else { quote!(.len() >= #least) };
                let test = self.computed(Self::looked(place.clone(), test), Class::Scalar, "test", span);
                let parts = self.tested_parts(pattern, written, meaning)?;
                self.all_of(pattern, Some(test), meaning, &parts)
            }
            (
                syn::Pat::Lit(_)
                | syn::Pat::Range(_)
                | syn::Pat::Path(_)
                | syn::Pat::Ident(_)
                | syn::Pat::Const(_),
                Meaning::Atom(_) | Meaning::Place(_) | Meaning::Borrow(_),
            ) => {
                let number = self.scalar(meaning.clone(), span)?;
                let arms = host(vec![tokens(quote!(#written => true, _ => false))]);
                let test = host(vec![tokens(quote!(match)), Piece::Atom(number), Piece::Braces(arms)]);
                Ok(Some(self.computed(test, Class::Scalar, "test", span)))
            }
            _ => unsupported(Reason::Pattern(shown(written)), span),
        }
    }

    /// Whether passive data has the shape of the user's own pattern.
    fn tested_data(&mut self, pattern: &Pattern<'a>, written: &syn::Pat, data: HostExpression) -> Atom {
        let shape = self.unbound(pattern, written);
        let arms = host(vec![tokens(quote!(#shape => true, _ => false))]);
        let test = host(vec![tokens(quote!(match)), data.into(), Piece::Braces(arms)]);
        self.computed(test, Class::Scalar, "test", written.span())
    }

    /// A pattern that binds nothing, so that it moves nothing either.
    pub(super) fn unbound(&self, pattern: &Pattern<'a>, written: &syn::Pat) -> syn::Pat {
        struct Unbind<'n>(Vec<&'n proc_macro2::Ident>);
        impl syn::visit_mut::VisitMut for Unbind<'_> {
            fn visit_pat_mut(&mut self, pattern: &mut syn::Pat) {
                if let syn::Pat::Ident(name) = pattern
                    && self.0.contains(&&name.ident)
                {
                    let span = name.ident.span();
                    *pattern = match name.subpat.take() {
                        Some((_, inner)) => *inner,
                        None => syn::parse_quote_spanned!(span=> _),
                    };
                }
                syn::visit_mut::visit_pat_mut(self, pattern);
            }

            fn visit_field_pat_mut(&mut self, field: &mut syn::FieldPat) {
                field.colon_token.get_or_insert_with(Default::default);
                syn::visit_mut::visit_field_pat_mut(self, field);
            }
        }
        let names = pattern.bindings.iter().map(|binding| &self.function.variables[binding.variable.0].name);
        let mut written = written.clone();
        syn::visit_mut::VisitMut::visit_pat_mut(&mut Unbind(names.collect()), &mut written);
        written
    }

    /// Whether some value does not have the shape of a pattern.
    fn is_refutable(&self, pattern: &Pattern<'a>, written: &syn::Pat) -> bool {
        let binds = |name: &proc_macro2::Ident| {
            let mut bindings = pattern.bindings.iter();
            bindings.any(|binding| self.function.variables[binding.variable.0].name == *name)
        };
        match written {
            syn::Pat::Wild(_) | syn::Pat::Rest(_) => false,
            syn::Pat::Ident(name) => match &name.subpat {
                Some((_, inner)) => self.is_refutable(pattern, inner),
                None => !binds(&name.ident),
            },
            syn::Pat::Type(syn::PatType { pat: inner, .. })
            | syn::Pat::Paren(syn::PatParen { pat: inner, .. })
            | syn::Pat::Reference(syn::PatReference { pat: inner, .. }) => self.is_refutable(pattern, inner),
            syn::Pat::Tuple(tuple) => tuple.elems.iter().any(|part| self.is_refutable(pattern, part)),
            _ => true,
        }
    }

    /// Whether the parts that are left fit too; those behind one that does not are not looked at.
    fn all_of(
        &mut self,
        pattern: &'t Pattern<'a>,
        known: Option<Atom>,
        whole: &Meaning<'t, 'a>,
        parts: &[(&syn::Pat, Part)],
    ) -> Lowered<Option<Atom>> {
        let [(written, part), rest @ ..] = parts else { return Ok(known) };
        let test = |lowering: &mut Self| {
            let meaning = lowering.part_of(whole, part, written)?;
            let test = lowering.tested(pattern, written, &meaning)?;
            lowering.all_of(pattern, test, whole, rest)
        };
        let Some(known) = known else { return test(self) };
        let both = self.fork(
            known,
            written.span(),
            |lowering| {
                let test = test(lowering)?;
                Ok(Meaning::Atom(test.unwrap_or_else(|| Atom::truth(true))))
            },
            |_| Ok(Meaning::Atom(Atom::truth(false))),
        )?;
        Ok(Some(self.scalar(both, written.span())?))
    }

    /// `a | b`: the first that test is enough.
    fn one_of(
        &mut self,
        pattern: &'t Pattern<'a>,
        cases: &[&syn::Pat],
        meaning: &Meaning<'t, 'a>,
    ) -> Lowered<Option<Atom>> {
        let [first, rest @ ..] = cases else { return Ok(Some(Atom::truth(false))) };
        let Some(test) = self.tested(pattern, first, meaning)? else { return Ok(None) };
        if rest.is_empty() {
            return Ok(Some(test));
        }
        let span = first.span();
        let either = self.fork(
            test,
            span,
            |_| Ok(Meaning::Atom(Atom::truth(true))),
            |lowering| {
                let other = lowering.one_of(pattern, rest, meaning)?;
                Ok(Meaning::Atom(other.unwrap_or_else(|| Atom::truth(true))))
            },
        )?;
        Ok(Some(self.scalar(either, span)?))
    }

    /// The parts of a pattern that do not fit every value.
    fn tested_parts<'p>(
        &self,
        pattern: &Pattern<'a>,
        written: &'p syn::Pat,
        meaning: &Meaning<'t, 'a>,
    ) -> Lowered<Vec<(&'p syn::Pat, Part)>> {
        let mut parts = parts(written, meaning, false)?;
        parts.retain(|(part, _)| self.is_refutable(pattern, part));
        Ok(parts)
    }
}

/// `Err(…)`
fn is_failure(pattern: &syn::PatTupleStruct) -> bool {
    pattern.path.segments.last().is_some_and(|last| last.ident == "Err")
}

/// How many elements a slice must have, and whether it may have no more.
fn lengths(slice: &syn::PatSlice) -> (usize, bool) {
    let rests = slice.elems.iter().filter(|part| is_rest(part)).count();
    (slice.elems.len() - rests, rests == 0)
}
