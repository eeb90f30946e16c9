//! A method whose result carries no gradient: it sees the plain numbers.

use super::companions::{erased, with_lifetimes};
use crate::emit::carried::muted;
use crate::syntax::callee::number_of;
use crate::syntax::parse::{Method, Receiver};
use crate::types::check::is_data;
use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, quote, quote_spanned};

/// The implementation by which other functions call it.
pub fn predicate(engine: &TokenStream, method: &Method, signature: &syn::Signature) -> TokenStream {
    let here = Span::mixed_site();
    let Method { owner, generics, receiver, name, .. } = method;
    let (declared, _, _) = generics.split_for_impl();
    let (number, muted) = (number_of(name), muted());
    let syn::ReturnType::Type(_, output) = &signature.output else { return TokenStream::new() };
    let rest: Vec<_> = signature
        .inputs
        .iter()
        .skip(usize::from(receiver.is_some()))
        .filter_map(|input| match input {
            syn::FnArg::Typed(argument) => Some(Looked::of(engine, argument)),
            syn::FnArg::Receiver(_) => None,
        })
        .collect();
    let names: Vec<_> = (0..rest.len()).map(|at| Ident::new(&format!("argument{at}"), here)).collect();
    let arguments: Vec<_> = rest.iter().map(|parameter| &parameter.written).collect();
    let taken = rest.iter().map(|parameter| &parameter.given);
    let passed: Vec<_> = rest
        .iter()
        .zip(&names)
        .map(|(parameter, name)| if parameter.is_owned { quote!(&#name) } else { quote!(#name) })
        .collect();
    let kinds = rest.iter().enumerate().map(|(at, parameter)| {
        let (at, kind) = (at + usize::from(receiver.is_some()), &parameter.kind);
        quote!(impl #engine::rt::Parameter<#at> for __Item { type Kind = #engine::rt::#kind; })
    });
    let buffers = rest.iter().map(|parameter| {
        let buffer = &parameter.buffer;
        quote!(#engine::rt::Lent<'a, #buffer>)
    });
    let (declared_this, declared_values, gradient, plain, given) = match receiver {
        None => (quote!(), quote!(), quote!(), quote!(), quote!()),
        Some(kind) => {
            let given = match kind {
                Receiver::Reference => quote!(&__plain,),
                Receiver::Value | Receiver::Changed(_) => quote!(__plain,),
            };
            (
                quote!(__this: &Self,),
                quote!(__this: &Self::Active<'g>,),
                quote!(_: &mut Self::Gradient,),
                quote!(let __plain = #engine::rt::plain(__this);),
                given,
            )
        }
    };
    let forwarded = match receiver {
        None => quote!(),
        Some(Receiver::Reference) => quote!(__this,),
        Some(Receiver::Value | Receiver::Changed(_)) => {
            quote!(#engine::rt::std::clone::Clone::clone(__this),)
        }
    };
    let of_trait = Ident::new(if receiver.is_some() { "Method" } else { "Associated" }, here);
    quote_spanned! {here=>
        #muted
        const _: () = {
            pub enum __Item {}
            #(#kinds)*
            impl #declared #engine::rt::#of_trait<#number> for #owner {
                type Item = __Item;
                type Arguments<'a> = (#(#arguments,)*);
                type Given<'a, 'g: 'a> = (#(#taken,)*);
                type Buffers<'a> = (#(#buffers,)*);
                type Output = #output;
                type Values<'g> = #output;
                fn on_values<'a, 'g: 'a, __M: #engine::rt::TraceMode>(
                    _: __M, #declared_values (#(#names,)*): Self::Given<'a, 'g>,
                ) -> #output {
                    #plain
                    #owner::#name(#given #(#passed),*)
                }
                fn forward(#declared_this (#(#names,)*): Self::Arguments<'_>, _: &mut #engine::rt::Frame) -> #output {
                    #owner::#name(#forwarded #(#names),*)
                }
                fn reverse(
                    #declared_this _: Self::Arguments<'_>, _: &mut #engine::rt::Frame, _: &#output, #gradient _: Self::Buffers<'_>,
                ) {}
            }
        };
    }
}

/// A parameter: data, or something of which the plain numbers are looked at.
struct Looked {
    kind: Ident,
    written: TokenStream,
    /// As it is given on values, where what is behind a reference is made of the plain numbers.
    given: TokenStream,
    is_owned: bool,
    buffer: TokenStream,
}

impl Looked {
    fn of(engine: &TokenStream, parameter: &syn::PatType) -> Looked {
        let written = with_lifetimes(&parameter.ty.to_token_stream());
        let is_constant = |attribute: &syn::Attribute| {
            attribute.path().segments.last().is_some_and(|last| last.ident == "constant")
        };
        if is_data(&parameter.ty) || parameter.attrs.iter().any(is_constant) {
            let kind = Ident::new("Constant", Span::mixed_site());
            return Looked { kind, given: written.clone(), written, is_owned: false, buffer: quote!(()) };
        }
        let kind = Ident::new("Seen", Span::mixed_site());
        let (given, is_owned) = match &*parameter.ty {
            syn::Type::Reference(reference) => {
                let behind = with_lifetimes(&reference.elem.to_token_stream());
                (quote!(<#behind as #engine::rt::std::borrow::ToOwned>::Owned), true)
            }
            _ => (written.clone(), false),
        };
        let plain = erased(&parameter.ty);
        let buffer = with_lifetimes(&quote!(<#plain as #engine::rt::Differentiable>::Buffer));
        Looked { kind, written, given, is_owned, buffer }
    }
}
