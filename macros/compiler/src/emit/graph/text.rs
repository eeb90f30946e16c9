//! Macros that make text, on `Value`s.

use super::Graph;
use crate::types::tree::Expr;
use proc_macro2::{Ident, Span, TokenStream};
use quote::{quote, quote_spanned};

impl<'a> Graph<'_, 'a> {
    /// `format!` and its kin: what they show is data.
    pub(in crate::emit) fn format(
        &self,
        written: &syn::Macro,
        arguments: &[(Option<&'a Ident>, Expr<'a>)],
    ) -> TokenStream {
        let (path, arguments) = (
            &written.path,
            arguments.iter().map(|(name, value)| {
                let value = self.expression(value);
                match name {
                    Some(name) => quote!(#name = #value),
                    None => value,
                }
            }),
        );
        quote!(#path!(#(#arguments),*))
    }

    /// `dbg!`: prints the plain number, and gives the value on.
    pub(in crate::emit) fn debug(&self, written: &syn::Macro, values: &[Expr<'a>]) -> TokenStream {
        let plain = self.names.support("plain", Span::mixed_site());
        let here = Span::mixed_site();
        let value = Ident::new("__value", here);
        // At the user's token, so that the line is the user's.
        let at = written.path.segments.last().map_or_else(Span::call_site, |segment| segment.ident.span());
        let place =
            quote_spanned!(at=> __gradus_std::file!(), __gradus_std::line!(), __gradus_std::column!());
        let shown = values.iter().map(|expression| {
            let (text, tokens) = (expression.written, self.expression(expression));
            let number = if self.function.types.is_active(&expression.ty) {
                quote!(#plain(&#value))
            } else {
                quote!(&#value)
            };
            quote! {
                match #tokens {
                    #value => {
                        __gradus_std::eprintln!("[{}:{}:{}] {} = {:#?}", #place, __gradus_std::stringify!(#text), #number);
                        #value
                    }
                }
            }
        });
        match values {
            [_] => quote!(#(#shown)*),
            _ => quote!((#(#shown),*)),
        }
    }
}
