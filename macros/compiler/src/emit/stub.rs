//! What is emitted where the attribute refused: the user's function, the refusals, and the companions' names.
//!
//! The names are constants whose type is behind a gate that the refusals keep shut. Rustc reports those, as the errors
//! they are, and has nothing more to say about what is made of such a constant: it may be called with any arguments,
//! and the result be used as anything. So the refusals are all that is reported, wherever the companions are called.

use super::carried::Carried;
use super::carried::muted;
use super::gate;
use crate::syntax::parse::{Annotated, Written};
use proc_macro2::{Group, Ident, Span, TokenStream, TokenTree};
use quote::{ToTokens, format_ident, quote, quote_spanned};

/// The user's function, the refusals, and companions about which rustc stays silent.
pub fn stub(annotated: &Annotated, errors: &TokenStream) -> TokenStream {
    let user = annotated.written().user;
    // A method stands in an `impl` block, which takes no other items.
    if annotated.in_block {
        return quote!(#user #errors);
    }
    let engine = &annotated.options.engine;
    let silent =
        silent(annotated, &quote!(const __REFUSED: #engine::rt::std::primitive::usize = { #errors 0 };));
    quote!(#user #silent)
}

/// The same where the body is no Rust that is known here. Most often it is no Rust at all, and rustc has said so: what
/// would be said here stands behind a gate that is shut then.
pub fn unread(annotated: &Annotated, body: &Group) -> TokenStream {
    let syn::ItemFn { attrs, vis, sig, .. } = &annotated.item;
    let body = body.to_token_stream();
    let asked = Ident::new("KnownSyntax", annotated.item.sig.ident.span());
    let silent = checked(annotated, &syn::ReturnType::Default, &body, &asked);
    quote!(#(#attrs)* #vis #sig #body #silent)
}

/// The companions' names, for a function in which rustc finds a mistake. If rustc finds none, the error is that this trait is
/// not implemented, at its place.
fn checked(
    annotated: &Annotated,
    output: &syn::ReturnType,
    body: &TokenStream,
    asked: &Ident,
) -> TokenStream {
    let (engine, sig) = (&annotated.options.engine, &annotated.written().item.sig);
    let parameters = sig.inputs.iter().map(|input| match input {
        syn::FnArg::Typed(argument) => {
            let (pattern, written) = (&argument.pat, &argument.ty);
            quote!(#pattern: #written)
        }
        syn::FnArg::Receiver(_) => quote!(_: ()),
    });
    let (constant, beside) =
        gate::declared(annotated, &quote!({ let _ = |#(#parameters),*| #output #body; 0 }));
    let path = gate::path(annotated);
    // Rustc points at the whole of it.
    let (engine_there, path) = (placed(engine, asked.span()), placed(&path, asked.span()));
    let check = quote_spanned! {asked.span()=>
        <#engine_there::rt::Gate<{ #path }> as #engine_there::rt::#asked>::CHECKED
    };
    let refused = quote_spanned! {asked.span()=>
        const __REFUSED: #engine_there::rt::std::primitive::usize = #check;
    };
    let silent = silent(annotated, &quote!(#constant #refused));
    quote!(#silent #beside)
}

/// Tokens at a place.
fn placed(tokens: &TokenStream, place: Span) -> TokenStream {
    let placed = tokens.clone().into_iter().map(|token| match token {
        TokenTree::Group(group) => {
            let mut there = Group::new(group.delimiter(), placed(&group.stream(), place));
            there.set_span(place);
            TokenTree::Group(there)
        }
        mut token => {
            token.set_span(token.span().located_at(place));
            token
        }
    });
    placed.collect()
}

/// The same where rustc reports a mistake in the user's function.
pub fn mistaken(annotated: &Annotated) -> TokenStream {
    read(annotated, &Ident::new("KnownSyntax", annotated.written().item.sig.ident.span()))
}

/// The same where rustc reports that there is no such method, or it is one of a trait.
pub fn unknown_method(annotated: &Annotated, method: Span) -> TokenStream {
    read(annotated, &Ident::new("KnownMethod", method))
}

fn read(annotated: &Annotated, asked: &Ident) -> TokenStream {
    let user = annotated.written().user;
    let syn::ItemFn { sig, block, .. } = annotated.written().item;
    let silent = checked(annotated, &sig.output, &block.to_token_stream(), asked);
    quote!(#user #silent)
}

/// The user's function with a body that was not read, the refusals, and companions about which rustc stays silent.
pub fn unread_stub(annotated: &Annotated, body: &Group, errors: &TokenStream) -> TokenStream {
    let syn::ItemFn { attrs, vis, sig, .. } = &annotated.user;
    // As above.
    if annotated.in_block {
        return quote!(#(#attrs)* #vis #sig #body #errors);
    }
    let silent = silent(annotated, &quote!(const __REFUSED: usize = { #errors 0 };));
    quote!(#(#attrs)* #vis #sig #body #silent)
}

/// The companions' names, about which rustc is silent if there is an error in the constant `__REFUSED`.
fn silent(annotated: &Annotated, refused: &TokenStream) -> TokenStream {
    let Written { item: user, renamed, .. } = annotated.written();
    let engine = &annotated.options.engine;
    let (function, visibility, quiet) = (&user.sig.ident, &user.vis, muted());
    let name = renamed.unwrap_or(function);
    let gates = Carried::Gates.of(&user.attrs);
    let silent = quote!(<#engine::rt::Gate<{ #name::__REFUSED }> as #engine::rt::Same<()>>::Type = loop {});
    let seconds: &[&str] =
        if annotated.options.second.is_some() { &["hvp", "hvp_add", "hessian"] } else { &[] };
    let companions = suffixes(&user.sig).iter().chain(seconds).map(|suffix| {
        let companion = format_ident!("{function}_{suffix}", span = function.span());
        quote!(#gates #[doc(hidden)] #quiet #visibility const #companion: #silent;)
    });
    let renamed =
        renamed.map(|renamed| quote!(#gates #[doc(hidden)] #quiet #visibility const #renamed: #silent;));
    quote! {
        #(#companions)*
        #renamed
        #gates #[doc(hidden)] #quiet
        #visibility enum #name {}
        #gates #quiet
        impl #name {
            #refused
            pub const on_values: #silent;
            pub const __called: #silent;
            pub const __partials: #silent;
            pub const __forward: #silent;
            pub const __reverse: #silent;
            pub const __tangent: #silent;
            pub const __second_forward: #silent;
            pub const __second_reverse: #silent;
            pub const BACKEND: #silent;
            pub const SECOND_COMPILED: #silent;
            pub const SOURCE: #silent;
            pub const ADJOINT_SOURCE: #silent;
            pub const backend: #silent;
            pub const fn __reached(_: &mut #engine::rt::Reached) {}
        }
        #gates
        const _: () = {
            impl<const AT: #engine::rt::std::primitive::usize> #engine::rt::Parameter<AT> for #name {
                type Kind = #engine::rt::Refused;
            }
            impl #engine::rt::Second for #name {
                type Function<F> = F;
                fn function<F>(__function: F) -> F {
                    __function
                }
            }
            #[diagnostic::do_not_recommend]
            impl #engine::rt::Callable for #name {
                type Function<F> = F;
                fn function<F>(__function: F) -> F {
                    __function
                }
            }
        };
    }
}

/// The companions that the function would have: all of them where several numbers may be returned.
fn suffixes(signature: &syn::Signature) -> &'static [&'static str] {
    let changes = signature.inputs.iter().any(|input| match input {
        syn::FnArg::Typed(argument) => {
            matches!(&*argument.ty, syn::Type::Reference(reference) if reference.mutability.is_some())
        }
        syn::FnArg::Receiver(_) => false,
    });
    match &signature.output {
        syn::ReturnType::Type(_, written)
            if matches!(**written, syn::Type::Path(_)) && !is_vec(written) && !changes =>
        {
            &["grad", "grad_add", "jvp", "graph"]
        }
        _ => &["grad", "grad_add", "jvp", "graph", "vjp", "jacobian"],
    }
}

fn is_vec(written: &syn::Type) -> bool {
    let syn::Type::Path(path) = written else { return false };
    path.path.segments.last().is_some_and(|segment| segment.ident == "Vec")
}
