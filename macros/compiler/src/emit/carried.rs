//! What companions take over from the user's function: attributes, lints, and the place of its name.

use crate::syntax::conditions::conditional;
use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, quote};

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

/// The lints that are off in generated code. In the user's own function they are on, also those that are errors by default.
pub fn muted() -> TokenStream {
    quote!(#[allow(
        warnings, deprecated, unused_qualifications, unconditional_panic, arithmetic_overflow, overflowing_literals,
        clippy::all, clippy::pedantic, clippy::nursery
    )])
}

/// A place of the user's, for a name of ours.
pub fn at(span: Span) -> Span {
    Span::call_site().located_at(span)
}

/// `doc(hidden)`
fn is_hidden(meta: &syn::Meta) -> bool {
    let hides = |list: &syn::MetaList| list.parse_args::<Ident>().is_ok_and(|word| word == "hidden");
    meta.path().is_ident("doc") && meta.require_list().is_ok_and(hides)
}
