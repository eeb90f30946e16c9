//! Patterns: the variables they bind, and what each is given.

use super::Checker;
use crate::syntax::refusals;
use crate::types::tree::{Binding, Pattern};
use crate::types::ty::{Act, Sequence, Ty};
use quote::ToTokens;
use syn::spanned::Spanned;

impl<'a> Checker<'a> {
    /// Binds the variables of a pattern that takes a value of type `ty`.
    pub(super) fn pattern(&mut self, written: &'a syn::Pat, ty: &Ty) -> Pattern<'a> {
        let mut bindings = Vec::new();
        self.bind_pattern(written, ty, &mut bindings);
        Pattern { written, ty: ty.clone(), bindings }
    }

    fn bind_pattern(&mut self, written: &'a syn::Pat, ty: &Ty, bindings: &mut Vec<Binding>) {
        match written {
            syn::Pat::Ident(name) => self.bind_name(name, ty, bindings),
            syn::Pat::Paren(paren) => self.bind_pattern(&paren.pat, ty, bindings),
            syn::Pat::Type(typed) => self.bind_pattern(&typed.pat, ty, bindings),
            syn::Pat::Guard(guarded) => self.bind_pattern(&guarded.pat, ty, bindings),
            syn::Pat::Reference(reference) => {
                let inner = self.types.shallow(ty).behind();
                self.bind_pattern(&reference.pat, &inner, bindings);
            }
            syn::Pat::Tuple(tuple) => self.bind_tuple(tuple, ty, bindings),
            syn::Pat::Slice(slice) => self.bind_slice(slice, ty, bindings),
            syn::Pat::TupleStruct(variant) => {
                let is_error = variant.path.is_ident("Err");
                let is_variant = variant.path.is_ident("Some") || variant.path.is_ident("Ok") || is_error;
                if is_variant {
                    self.types.expect_option(ty);
                }
                let is_option = matches!(self.types.peeled(ty), Ty::Option(_));
                if !is_option && is_variant {
                    let what = format!("a pattern `{}(…)`", variant.path.to_token_stream());
                    let refusal =
                        refusals::unsupported_pattern(variant.path.span(), &what).over(&variant.path);
                    self.oblige(ty, refusal);
                }
                for (at, part) in variant.elems.iter().enumerate() {
                    // Each part has a type of its own.
                    let whole = self.types.peeled(ty);
                    let inner = if is_error && is_option {
                        self.data()
                    } else if let Ty::Option(inner) = whole {
                        *inner
                    } else if let (Ty::Unknown(whole), true) = (whole, is_variant) {
                        self.types.part(whole)
                    } else {
                        self.types.field(ty, &at.to_string()).unwrap_or_else(|| self.data())
                    };
                    let inner = self.through_reference(ty, inner);
                    self.bind_part(part, &inner, bindings);
                }
            }
            syn::Pat::Or(or) => {
                // Every alternative binds the same names; rustc checks that. The last binding is the one seen.
                for case in &or.cases {
                    self.bind_pattern(case, ty, bindings);
                }
            }
            syn::Pat::Struct(fields) => {
                for field in &fields.fields {
                    let name = super::expression::member_name(&field.member);
                    let part = self.types.field(ty, &name);
                    let part = part.unwrap_or_else(|| self.types.unknown_with(Act::PASSIVE));
                    let part = self.through_reference(ty, part);
                    self.bind_part(&field.pat, &part, bindings);
                }
            }
            syn::Pat::Wild(_)
            | syn::Pat::Rest(_)
            | syn::Pat::Lit(_)
            | syn::Pat::Range(_)
            | syn::Pat::Path(_)
            | syn::Pat::Const(_) => {}
            other => {
                let refusal = refusals::unsupported_pattern(other.span(), "this pattern").over(other);
                self.oblige(ty, refusal);
            }
        }
    }

    fn bind_name(&mut self, name: &'a syn::PatIdent, ty: &Ty, bindings: &mut Vec<Binding>) {
        if is_constant_name(name) {
            return;
        }
        let given = if let Some(by_ref) = &name.by_ref {
            let _ = by_ref;
            Ty::Ref { mutable: name.mutability.is_some(), inner: Box::new(ty.clone()) }
        } else {
            ty.clone()
        };
        let mutable = name.mutability.is_some() && name.by_ref.is_none();
        bindings.push(self.bind(&name.ident, &given, mutable));
        if let Some((_, inner)) = &name.subpat {
            self.bind_pattern(inner, ty, bindings);
        }
    }

    fn bind_tuple(&mut self, tuple: &'a syn::PatTuple, ty: &Ty, bindings: &mut Vec<Binding>) {
        let rest = tuple.elems.iter().position(|part| matches!(part, syn::Pat::Rest(_)));
        let parts = match (rest, self.types.peeled(ty)) {
            (None, _) => self.types.tuple(ty, tuple.elems.len()),
            (Some(at), Ty::Tuple(all)) => {
                // `(a, .., z)`: what `..` stands for is skipped.
                let skipped = all.len() + 1 - tuple.elems.len().min(all.len() + 1);
                let mut parts = all[..at].to_vec();
                parts.push(Ty::Unit);
                parts.extend_from_slice(&all[(at + skipped).min(all.len())..]);
                Some(parts)
            }
            (Some(_), _) => None,
        };
        let parts = parts.unwrap_or_else(|| vec![self.types.fresh_like(ty); tuple.elems.len()]);
        for (part, part_ty) in tuple.elems.iter().zip(&parts) {
            let part_ty = self.through_reference(ty, part_ty.clone());
            self.bind_part(part, &part_ty, bindings);
        }
    }

    /// A part of a pattern. The whole of a number is matched as a plain one; a part of something active is not.
    fn bind_part(&mut self, written: &'a syn::Pat, ty: &Ty, bindings: &mut Vec<Binding>) {
        self.oblige_numbers(written, ty);
        self.bind_pattern(written, ty, bindings);
    }

    fn oblige_numbers(&mut self, written: &'a syn::Pat, ty: &Ty) {
        match written {
            syn::Pat::Lit(_) | syn::Pat::Range(_) => {
                self.oblige(ty, refusals::number_in_pattern(written.span()).over(written));
            }
            syn::Pat::Paren(syn::PatParen { pat: inner, .. })
            | syn::Pat::Reference(syn::PatReference { pat: inner, .. })
            | syn::Pat::Ident(syn::PatIdent { subpat: Some((_, inner)), .. }) => {
                self.oblige_numbers(inner, ty);
            }
            syn::Pat::Or(or) => or.cases.iter().for_each(|case| self.oblige_numbers(case, ty)),
            _ => {}
        }
    }

    fn bind_slice(&mut self, slice: &'a syn::PatSlice, ty: &Ty, bindings: &mut Vec<Binding>) {
        let element = self.types.element(ty).unwrap_or_else(|| self.types.unknown());
        let element = self.through_reference(ty, element);
        for part in &slice.elems {
            match part {
                // `rest @ ..` is the slice of what is left.
                syn::Pat::Ident(name) if is_rest(name) => {
                    let rest = Ty::sequence(Sequence::Slice, element.clone().behind());
                    let rest = self.through_reference(ty, rest);
                    bindings.push(self.bind(&name.ident, &rest, name.mutability.is_some()));
                }
                other => self.bind_part(other, &element, bindings),
            }
        }
    }

    /// The type of a part that is bound through a reference (`let (a, b) = &pair`).
    fn through_reference(&self, whole: &Ty, part: Ty) -> Ty {
        let Ty::Ref { mutable, .. } = self.types.shallow(whole) else { return part };
        Ty::Ref { mutable, inner: Box::new(part) }
    }
}

/// A bare capital name in a pattern is a constant, or a variant such as `None`, not a variable.
fn is_constant_name(name: &syn::PatIdent) -> bool {
    name.by_ref.is_none()
        && name.mutability.is_none()
        && name.subpat.is_none()
        && name.ident.to_string().chars().next().is_some_and(char::is_uppercase)
}

fn is_rest(name: &syn::PatIdent) -> bool {
    matches!(&name.subpat, Some((_, inner)) if matches!(**inner, syn::Pat::Rest(_)))
}
