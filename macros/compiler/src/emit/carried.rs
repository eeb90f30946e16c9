//! Attributes of the user's function that its companions have too.

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};
use syn::punctuated::Punctuated;

/// Which attributes are carried over.
#[derive(Clone, Copy)]
pub enum Carried {
    /// Those that decide whether the function is there: `cfg`.
    Gates,
    /// These, and those that inform its users: `deprecated`, `doc(hidden)`.
    Notices,
    /// These, and `must_use`.
    All,
}

impl Carried {
    /// The attributes, each with `#[…]`, those in a `cfg_attr` too.
    pub fn of(self, attributes: &[syn::Attribute]) -> TokenStream {
        attributes
            .iter()
            .filter_map(|attribute| self.filtered(&attribute.meta))
            .map(|meta| quote!(#[#meta]))
            .collect()
    }

    /// What of an attribute is carried over.
    fn filtered(self, meta: &syn::Meta) -> Option<TokenStream> {
        let path = meta.path();
        if path.is_ident("cfg_attr") {
            let (condition, inner) = conditional(meta)?;
            let mut inner = inner.iter().filter_map(|meta| self.filtered(meta)).peekable();
            inner.peek()?;
            return Some(quote!(cfg_attr(#condition #(, #inner)*)));
        }
        let is_carried = match self {
            Carried::Gates => path.is_ident("cfg"),
            Carried::Notices => path.is_ident("cfg") || path.is_ident("deprecated") || is_hidden(meta),
            Carried::All => path.is_ident("must_use") || Carried::Notices.filtered(meta).is_some(),
        };
        is_carried.then(|| meta.to_token_stream())
    }
}

/// The condition of a `cfg_attr`, and the attributes that it stands before.
pub fn conditional(meta: &syn::Meta) -> Option<(syn::Meta, Vec<syn::Meta>)> {
    let list = meta.require_list().ok()?;
    let parse = Punctuated::<syn::Meta, syn::Token![,]>::parse_terminated;
    let mut metas = list.parse_args_with(parse).ok()?.into_iter();
    Some((metas.next()?, metas.collect()))
}

/// `doc(hidden)`
fn is_hidden(meta: &syn::Meta) -> bool {
    meta.path().is_ident("doc") && meta.require_list().is_ok_and(|list| list.tokens.to_string() == "hidden")
}
