//! `f_vjp` and `f_jacobian`.

use super::Companions;
use crate::syntax::ident::unraw;
use proc_macro2::{Ident, Span, TokenStream};
use quote::{quote, quote_spanned};

impl Companions<'_, '_> {
    pub(super) fn vjp(&self) -> TokenStream {
        let engine = &self.names.engine;
        let name = unraw(self.function_name());
        let doc = format!(
            "The value of [`{name}`](fn@{name}), and the gradient of the sum of its numbers weighted by those of `seed`, which has \
             the shape of the value: a vector-Jacobian product.\n\n# Panics\n\nIf the seed has another length than the \
             value."
        );
        let (head, parameters) = (self.head("vjp", &doc), self.declared());
        let (output, gradient_type, gradient) = (self.value_type(), self.gradient_type(), self.gradient());
        let here = Span::mixed_site();
        let seed = Ident::new("seed_", here);
        if let Some(printer) = self.printer() {
            return self.compiled_vjp(&head, &printer);
        }
        let body = quote_spanned! {here=>
            let __roots = #engine::rt::roots(&__value);
            let mut __seeds = #engine::rt::std::vec::Vec::new();
            #engine::rt::Flatten::flatten(&#seed, &mut __seeds);
            #engine::rt::seeded(__graph, &__roots, &__seeds);
            (#engine::rt::plain(&__value), #gradient)
        };
        let body = self.lean(&body);
        let given = self.wrapped(&quote!((#output, #gradient_type)));
        quote!(#[track_caller] #head(#(#parameters,)* #seed: #output) -> #given { #body })
    }

    pub(super) fn jacobian(&self) -> TokenStream {
        let engine = &self.names.engine;
        let name = unraw(self.function_name());
        let doc = format!(
            "The value of [`{name}`](fn@{name}) and its Jacobian: one gradient for each of its numbers, in reading order. The \
             function runs once, its reverse pass once a row."
        );
        let (head, parameters) = (self.head("jacobian", &doc), self.declared());
        let (output, gradient_type, gradient) = (self.value_type(), self.gradient_type(), self.gradient());
        if let Some(printer) = self.halves_printer() {
            return self.compiled_jacobian(&head, &printer);
        }
        let body = quote_spanned! {Span::mixed_site()=>
            let __roots = #engine::rt::roots(&__value);
            let __rows = #engine::rt::rows(__graph, &__roots, || #gradient);
            (#engine::rt::plain(&__value), __rows)
        };
        let body = self.lean(&body);
        let given = self.wrapped(&quote!((#output, #engine::rt::std::vec::Vec<#gradient_type>)));
        quote!(#head(#(#parameters),*) -> #given { #body })
    }
}
