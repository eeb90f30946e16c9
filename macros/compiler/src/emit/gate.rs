//! The constant of the gate. It holds the user's body once, so that rustc reports a mistake in it once.
//!
//! It is a constant of the companion item, `f::__BODY`. If the function has const generics or lifetimes, which the body may name,
//! the constant belongs to a type that has them too, `__f_body::<0>::__BODY`. The arguments are arbitrary: a body that does not
//! type-check fails for all of them.

use super::carried::Carried;
use super::carried::{at, muted};
use crate::syntax::ident::unraw;
use crate::syntax::parse::Annotated;
use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};

/// The item that the constant belongs to: that of the companions, or one of its own.
fn owner(annotated: &Annotated) -> Result<Ident, Ident> {
    let signature = &annotated.item.sig;
    let item = annotated.options.item.as_ref().unwrap_or(&signature.ident);
    if signature.generics.params.is_empty() {
        return Ok(item.clone());
    }
    Err(format_ident!("__{}_body", unraw(item), span = at(item.span())))
}

/// A path to the constant, for any arguments.
pub fn path(annotated: &Annotated) -> TokenStream {
    match owner(annotated) {
        Ok(item) => quote!(#item::__BODY),
        Err(own) => {
            let constants = annotated.item.sig.generics.const_params().map(|parameter| {
                let is =
                    |name: &str| matches!(&parameter.ty, syn::Type::Path(path) if path.path.is_ident(name));
                if is("bool") {
                    quote!(false)
                } else if is("char") {
                    quote!('a')
                } else {
                    quote!(0)
                }
            });
            quote!(#own::<#(#constants),*>::__BODY)
        }
    }
}

/// The constant with this value: the tokens for the companion item, and those beside it.
pub fn declared(annotated: &Annotated, value: &TokenStream) -> (TokenStream, TokenStream) {
    let (engine, muted) = (&annotated.options.engine, muted());
    let constant = quote! {
        #[doc(hidden)] #muted
        const __BODY: #engine::rt::std::primitive::usize = #value;
    };
    let Err(own) = owner(annotated) else { return (constant, TokenStream::new()) };
    let gates = Carried::Gates.of(&annotated.item.attrs);
    let generics = &annotated.item.sig.generics;
    let lifetimes = generics.lifetimes().map(|parameter| &parameter.lifetime);
    let (declared, given, _) = generics.split_for_impl();
    let beside = quote! {
        #gates #[doc(hidden)] #muted
        struct #own #declared (#engine::rt::std::marker::PhantomData<(#(&#lifetimes (),)*)>);
        #gates #muted
        impl #declared #own #given { #constant }
    };
    (TokenStream::new(), beside)
}
