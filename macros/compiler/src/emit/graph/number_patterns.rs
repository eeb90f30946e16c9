//! Patterns of active numbers: they look at the plain number, and a name that they bind is the value itself.

use super::Graph;
use crate::types::tree::{Expr, Pattern};
use crate::types::ty::Ty;
use proc_macro2::{Ident, Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::visit::{self, Visit};
use syn::visit_mut::{self, VisitMut};

impl<'a> Graph<'_, 'a> {
    /// Whether an expression is an active number.
    pub(super) fn is_number(&self, value: &Expr<'a>) -> bool {
        let types = &self.function.types;
        matches!(types.peeled(&value.ty), Ty::Float(_)) && types.is_active(&value.ty)
    }

    /// `let pattern = value` in a condition.
    pub(super) fn let_condition(&self, pattern: &Pattern<'a>, value: &Expr<'a>) -> TokenStream {
        let (pattern, value) = if self.is_number(value) {
            self.number_matched(pattern, value)
        } else {
            (self.pattern(pattern), self.expression(value))
        };
        quote!(let #pattern = #value)
    }

    /// A refutable pattern and what it takes: the plain number, with the value beside it for a name.
    pub(super) fn number_matched(
        &self,
        pattern: &Pattern<'a>,
        value: &Expr<'a>,
    ) -> (TokenStream, TokenStream) {
        let here = Span::mixed_site();
        let matched = Ident::new("__matched", here);
        let (names, values) = self.named_number(pattern, &matched);
        let tokens = self.expression(value);
        let scrutinee = self.names.in_mode("scrutinee", value.span);
        let site = self.places.site(value.written, &[]);
        let shape = self.of_number(pattern);
        let value =
            quote_spanned!(here=> ({ let #matched = #tokens; (#scrutinee(#site, #matched), #(#values,)*) }));
        (quote!((#shape, #(#names,)*)), value)
    }

    /// The names that a pattern of a number binds, and what they stand for: through as many references as the pattern takes off.
    pub(super) fn named_number(
        &self,
        pattern: &Pattern<'a>,
        matched: &Ident,
    ) -> (Vec<TokenStream>, Vec<TokenStream>) {
        let named = pattern.bindings.iter().map(|binding| {
            let name = &self.function.variables[binding.variable.0].name;
            let mut search = References { of: name, around: 0, found: 0 };
            search.visit_pat(pattern.written);
            let stars = vec![quote!(*); search.found];
            let mutable = binding.mutable.then(|| quote!(mut));
            (quote!(#mutable #name), quote!(#(#stars)* #matched))
        });
        let mut named: Vec<_> = named.collect();
        // Alternatives bind the same name.
        named.dedup_by_key(|(name, _)| name.to_string());
        named.into_iter().unzip()
    }

    /// The pattern as one of a plain number: without names and references.
    pub(super) fn of_number(&self, pattern: &Pattern<'a>) -> TokenStream {
        let names = pattern.bindings.iter().map(|binding| &self.function.variables[binding.variable.0].name);
        let mut written = match pattern.written {
            syn::Pat::Guard(guarded) => (*guarded.pat).clone(),
            other => other.clone(),
        };
        Bare(names.collect()).visit_pat_mut(&mut written);
        quote!(#written)
    }
}

/// How many references a pattern takes off before it binds a name.
struct References<'n> {
    of: &'n Ident,
    around: usize,
    found: usize,
}

impl<'ast> Visit<'ast> for References<'_> {
    fn visit_pat_reference(&mut self, pattern: &'ast syn::PatReference) {
        self.around += 1;
        visit::visit_pat_reference(self, pattern);
        self.around -= 1;
    }

    fn visit_pat_ident(&mut self, name: &'ast syn::PatIdent) {
        if name.ident == *self.of {
            self.found = self.around;
        }
        visit::visit_pat_ident(self, name);
    }
}

struct Bare<'n>(Vec<&'n Ident>);

impl VisitMut for Bare<'_> {
    fn visit_pat_mut(&mut self, pattern: &mut syn::Pat) {
        loop {
            let bare = match pattern {
                syn::Pat::Reference(reference) => (*reference.pat).clone(),
                syn::Pat::Ident(name) if self.0.contains(&&name.ident) => match name.subpat.take() {
                    Some((_, inner)) => *inner,
                    None => syn::parse_quote!(_),
                },
                _ => break,
            };
            *pattern = bare;
        }
        visit_mut::visit_pat_mut(self, pattern);
    }
}
