//! What is emitted where the attribute refused: the user's function, the refusals, and the companions' names.
//!
//! The names are constants whose type is behind a gate that the refusals keep shut. Rustc reports those, as the errors
//! they are, and has nothing more to say about what is made of such a constant: it may be called with any arguments,
//! and the result be used as anything. So the refusals are all that is reported, wherever the companions are called.

use super::companions::quiet;
use crate::parse::Annotated;
use proc_macro2::TokenStream;
use quote::{format_ident, quote};

/// The user's function, the refusals, and companions about which rustc stays silent.
pub fn stub(annotated: &Annotated, errors: &TokenStream) -> TokenStream {
    let user = &annotated.item;
    // A method stands in an `impl` block, which takes no other items.
    if user.sig.receiver().is_some() {
        return quote!(#user #errors);
    }
    let engine = &annotated.options.engine;
    let (name, visibility, quiet) = (&user.sig.ident, &user.vis, quiet());
    let gates: Vec<_> = user.attrs.iter().filter(|attribute| attribute.path().is_ident("cfg")).collect();
    let silent = quote!(<#engine::rt::Gate<{ #name::__REFUSED }> as #engine::rt::Same<()>>::Type = loop {});
    let companions = suffixes(&user.sig.output).iter().map(|suffix| {
        let companion = format_ident!("{name}_{suffix}", span = name.span());
        quote!(#(#gates)* #[doc(hidden)] #quiet #visibility const #companion: #silent;)
    });
    quote! {
        #user
        #(#companions)*
        #(#gates)* #[doc(hidden)] #quiet
        #visibility enum #name {}
        #(#gates)* #quiet
        impl #name {
            const __REFUSED: usize = { #errors 0 };
            pub const on_values: #silent;
            pub const BACKEND: #silent;
            pub const SOURCE: #silent;
        }
        #(#gates)*
        const _: () = {
            impl<const AT: usize> #engine::rt::Parameter<AT> for #name {
                type Kind = #engine::rt::Refused;
            }
            impl<Arguments> #engine::rt::Callable<Arguments> for #name {}
        };
    }
}

/// The companions that the function would have: all of them where several numbers may be returned.
fn suffixes(output: &syn::ReturnType) -> &'static [&'static str] {
    match output {
        syn::ReturnType::Type(_, written) if matches!(**written, syn::Type::Path(_)) && !is_vec(written) => {
            &["grad", "grad_add", "graph"]
        }
        _ => &["grad", "grad_add", "graph", "vjp", "jacobian"],
    }
}

fn is_vec(written: &syn::Type) -> bool {
    let syn::Type::Path(path) = written else { return false };
    path.path.segments.last().is_some_and(|segment| segment.ident == "Vec")
}
