//! A method whose result carries no gradient: it sees the plain numbers.

use crate::emit::carried::muted;
use crate::syntax::callee::number_of;
use crate::syntax::parse::{Method, Receiver};
use crate::types::check::is_data;
use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, quote, quote_spanned};

/// The implementation by which other functions call it.
pub fn predicate(method: &Method, signature: &syn::Signature) -> TokenStream {
    let (engine, here) = (quote!(::gradus), Span::mixed_site());
    let Method { owner, generics, receiver, name, .. } = method;
    let (declared, _, _) = generics.split_for_impl();
    let (number, muted) = (number_of(name), muted());
    let syn::ReturnType::Type(_, output) = &signature.output else { return TokenStream::new() };
    let rest: Vec<_> = signature
        .inputs
        .iter()
        .skip(usize::from(receiver.is_some()))
        .filter_map(|input| match input {
            syn::FnArg::Typed(argument) => Some(&*argument.ty),
            syn::FnArg::Receiver(_) => None,
        })
        .collect();
    let names: Vec<_> = (0..rest.len()).map(|at| Ident::new(&format!("argument{at}"), here)).collect();
    // What carries a gradient elsewhere is looked at by its plain numbers; other arguments are data.
    if rest.iter().any(|ty| !is_data(ty)) {
        return TokenStream::new();
    }
    let arguments: Vec<_> =
        rest.iter().map(|ty| super::companions::with_lifetimes(&ty.to_token_stream())).collect();
    let kinds = (0..rest.len()).map(|at| {
        let at = at + usize::from(receiver.is_some());
        quote!(impl #engine::rt::Parameter<#at> for Item { type Kind = #engine::rt::Constant; })
    });
    let buffers = rest.iter().map(|_| quote!(#engine::rt::Lent<'a, ()>));
    let (declared_this, declared_values, gradient, plain, given) = match receiver {
        None => (quote!(), quote!(), quote!(), quote!(), quote!()),
        Some(kind) => {
            let given = match kind {
                Receiver::Reference => quote!(&__plain,),
                Receiver::Value | Receiver::Changed => quote!(__plain,),
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
        Some(Receiver::Value | Receiver::Changed) => quote!(#engine::rt::std::clone::Clone::clone(__this),),
    };
    let of_trait = Ident::new(if receiver.is_some() { "Method" } else { "Associated" }, here);
    quote_spanned! {here=>
        #muted
        const _: () = {
            pub enum Item {}
            #(#kinds)*
            impl #declared #engine::rt::#of_trait<#number> for #owner {
                type Item = Item;
                type Arguments<'a> = (#(#arguments,)*);
                type Given<'a, 'g: 'a> = (#(#arguments,)*);
                type Buffers<'a> = (#(#buffers,)*);
                type Output = #output;
                type Values<'g> = #output;
                fn on_values<'a, 'g: 'a, M: #engine::rt::TraceMode>(
                    _: M, #declared_values (#(#names,)*): Self::Given<'a, 'g>,
                ) -> #output {
                    #plain
                    #owner::#name(#given #(#names),*)
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
