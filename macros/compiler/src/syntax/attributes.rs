//! The attributes before an expression.

use super::source::ends::begins_with_attribute;
use proc_macro2::TokenStream;
use quote::ToTokens;

/// The attributes before an expression: `#[cfg(…)]` decides whether it is there at all.
pub fn attributes(written: &syn::Expr) -> TokenStream {
    if !begins_with_attribute(written) {
        return TokenStream::new();
    }
    let mut tokens = written.to_token_stream().into_iter().peekable();
    let mut attributes = TokenStream::new();
    while let Some(proc_macro2::TokenTree::Punct(punct)) = tokens.peek()
        && punct.as_char() == '#'
    {
        attributes.extend(tokens.by_ref().take(2));
    }
    attributes
}
