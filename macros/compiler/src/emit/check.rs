//! The hidden functions of a companion item that checks of gradients are made of.
//!
//! | | |
//! |---|---|
//! | `__shifted` | the numbers of the function itself, one number of its arguments changed |
//! | `__rows` | its numbers, and a gradient for each, all in reading order |
//! | `__graph` | its trace, one number of its arguments changed |

use super::companions::{Companions, erased, one_or_tuple};
use crate::syntax::ident::unraw;
use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, quote, quote_spanned};
use syn::spanned::Spanned;

impl Companions<'_, '_> {
    pub(super) fn checks(&self) -> TokenStream {
        let (shifted, rows, graph) = (self.shifted(), self.rows(), self.shifted_graph());
        quote!(#shifted #rows #graph)
    }

    /// The names of the parameters, as arguments.
    fn passed(&self) -> impl Iterator<Item = &Ident> {
        self.function.parameters.iter().map(|parameter| parameter.name)
    }

    fn shifted(&self) -> TokenStream {
        let (engine, here) = (&self.names.engine, Span::mixed_site());
        let (generics, parameters, quiet) =
            (&self.annotated.item.sig.generics, self.declared(), self.quiet());
        let unknown = self.differentiable().any(|parameter| !is_spelt_out(parameter.written));
        // What an alias stands for only rustc knows; behind one may be a reference, to which no owned numbers can be
        // given. And a parameter of the function's name hides it. The function on values takes what is given.
        let body = if unknown || self.is_hidden() || self.function.takes_functions() {
            let graph = Ident::new("__graph", here);
            let (inputs, mut call) = (self.inputs(&graph, true), self.call(false));
            if self.fallible().is_some() {
                call = quote!(#engine::rt::items(#call));
            }
            quote_spanned! {here=>
                let #graph = &#engine::Graph::new();
                #inputs
                let __value = #engine::rt::plain(&#call);
            }
        } else {
            let numbers = self.differentiable().map(|parameter| {
                let (kept, name, written) =
                    (Self::kept(parameter), parameter.name, erased(parameter.written));
                quote_spanned! {here=>
                    let #kept = <#written as #engine::rt::Differentiable>::shifted(&#name, __shift);
                }
            });
            let arguments = self.function.parameters.iter().map(|parameter| {
                let plain = parameter.name;
                if parameter.is_differentiable() { self.given(parameter) } else { plain.to_token_stream() }
            });
            let (function, constants) = (self.function_name(), self.constants());
            quote_spanned!(here=> #(#numbers)* let __value = #function::<#constants>(#(#arguments),*);)
        };
        quote_spanned! {here=>
            #[doc(hidden)] #quiet #[inline]
            pub fn __shifted #generics(#(#parameters,)* __shift: &mut #engine::rt::Shift) -> #engine::rt::std::vec::Vec<#engine::rt::std::primitive::f64> {
                #body
                let mut __numbers = #engine::rt::std::vec::Vec::new();
                #engine::rt::Flatten::flatten(&__value, &mut __numbers);
                __numbers
            }
        }
    }

    fn rows(&self) -> TokenStream {
        let (engine, here) = (&self.names.engine, Span::mixed_site());
        // Numbered, so that none has the name of what is called.
        let (generics, parameters, quiet) =
            (&self.annotated.item.sig.generics, self.numbered(), self.quiet());
        let (arguments, constants) = (self.numbers(), self.constants());
        let parts: Vec<_> =
            self.differentiable().map(|parameter| Self::kept(parameter).to_token_stream()).collect();
        let pattern = one_or_tuple(&parts);
        let (companion, several) = if self.function.may_be_several() {
            (self.companion("jacobian"), quote_spanned!(here=> __gradient.into_iter()))
        } else {
            (self.companion("grad"), quote_spanned!(here=> #engine::rt::std::iter::once(__gradient)))
        };
        // At a type that may have no gradient, where rustc has said so.
        let mut companion = companion;
        let place = self.of_unknown_types().next().map(|parameter| parameter.written.span());
        if let Some(place) = place {
            companion.set_span(place);
        }
        let call = quote_spanned!(place.unwrap_or(here)=> #companion::<#constants>(#(#arguments),*));
        // There are no numbers where the function has failed.
        let given = if self.fallible().is_some() {
            let nothing = quote!((#engine::rt::std::vec::Vec::new(), #engine::rt::std::vec::Vec::new()));
            quote_spanned! {here=> match #engine::rt::items(#call).pop() {
                #engine::rt::std::option::Option::Some(__given) => __given,
                #engine::rt::std::option::Option::None => return #nothing,
            } }
        } else {
            call
        };
        quote_spanned! {here=>
            #[doc(hidden)] #quiet #[inline]
            pub fn __rows #generics(
                #(#parameters),*
            ) -> (#engine::rt::std::vec::Vec<#engine::rt::std::primitive::f64>, #engine::rt::std::vec::Vec<#engine::rt::std::vec::Vec<#engine::rt::std::primitive::f64>>) {
                let (__value, __gradient) = #given;
                let mut __numbers = #engine::rt::std::vec::Vec::new();
                #engine::rt::Flatten::flatten(&__value, &mut __numbers);
                let __row = |#pattern| {
                    let mut __row = #engine::rt::std::vec::Vec::new();
                    #(#engine::rt::Flatten::flatten(&#parts, &mut __row);)*
                    __row
                };
                (__numbers, #several.map(__row).collect())
            }
        }
    }

    fn shifted_graph(&self) -> TokenStream {
        let (engine, here) = (&self.names.engine, Span::mixed_site());
        let (generics, parameters, quiet) =
            (&self.annotated.item.sig.generics, self.declared(), self.quiet());
        let graph = Ident::new("__graph", here);
        let borrowed = Ident::new("__borrowed", here);
        let (inputs, call, source) = (self.inputs(&borrowed, true), self.call(true), self.source_constant());
        let traced = self.differentiable().map(|parameter| {
            let (kept, text) = (Self::kept(parameter), self.parameter_name(parameter));
            quote!(#engine::rt::trace_input(#text, &#kept))
        });
        let may_fail = self.fallible().is_some();
        // Whether the function has failed, without its value.
        let failure = may_fail.then(|| quote_spanned!(here=> __value.map(|_| ()))).unwrap_or(quote!(()));
        let asked_for = self.without_scratch();
        let trace = quote_spanned!(here=> #engine::Trace::new(#graph, #source, __inputs, __outputs).with_record(__record));
        let body = quote_spanned! {here=>
            let #graph = #engine::Graph::with_sites();
            let (__inputs, __outputs, __record, __failure) = {
                let #borrowed = &#graph;
                let __recording = #engine::rt::Recording::of(#borrowed);
                #inputs
                let __value = #call;
                let __record = __recording.end();
                #asked_for
                #engine::rt::backward_from_all(#borrowed, &__value);
                let __outputs = #engine::rt::outputs(&__value);
                (#engine::rt::std::vec![#(#traced),*], __outputs, __record, #failure)
            };
        };
        let shift = quote_spanned!(here=> __shift: &mut #engine::rt::Shift);
        if !may_fail {
            return quote_spanned! {here=>
                #[doc(hidden)] #quiet #[inline]
                pub fn __graph #generics(#(#parameters,)* #shift) -> #engine::Trace { #body #trace }
            };
        }
        let (failure, arguments, constants) = (self.wrapped(&quote!(())), self.passed(), self.constants());
        quote_spanned! {here=>
            #[doc(hidden)] #quiet #[inline]
            pub fn __traced #generics(#(#parameters,)* #shift) -> (#engine::Trace, #failure) { #body (#trace, __failure) }
            #[doc(hidden)] #quiet #[inline]
            pub fn __graph #generics(#(#parameters,)* #shift) -> #engine::Trace {
                Self::__traced::<#constants>(#(#arguments,)* __shift).0
            }
        }
    }

    /// The trace as it is: `f_graph`.
    pub(super) fn graph(&self) -> TokenStream {
        let engine = &self.names.engine;
        let name = unraw(self.function_name());
        let doc = format!(
            "The graph of one call of [`{name}`](fn@{name}), every node linked to the expression it came from. Forward and \
             backward have run. Of several values the gradients are those of their sum; `of_result` of the trace gives those \
             of one of them."
        );
        let (head, parameters) = (self.head("graph", &doc), self.declared());
        let (item, arguments, constants) = (self.name(), self.passed(), self.constants());
        let given = self.wrapped(&quote!(#engine::Trace));
        let shift = quote!(&mut #engine::rt::Shift::none());
        let body = if self.fallible().is_some() {
            let trace = self.if_given(&quote_spanned!(Span::mixed_site()=> __trace));
            quote_spanned! {Span::mixed_site()=>
                let (__trace, __value) = #item::__traced::<#constants>(#(#arguments,)* #shift);
                #trace
            }
        } else {
            quote!(#item::__graph::<#constants>(#(#arguments,)* #shift))
        };
        quote!(#[inline] #head(#(#parameters),*) -> #given { #body })
    }
}

/// Whether a type is written without aliases.
fn is_spelt_out(written: &syn::Type) -> bool {
    match written {
        syn::Type::Reference(syn::TypeReference { elem, .. })
        | syn::Type::Slice(syn::TypeSlice { elem, .. })
        | syn::Type::Array(syn::TypeArray { elem, .. })
        | syn::Type::Paren(syn::TypeParen { elem, .. })
        | syn::Type::Group(syn::TypeGroup { elem, .. }) => is_spelt_out(elem),
        syn::Type::Tuple(tuple) => tuple.elems.iter().all(is_spelt_out),
        syn::Type::Path(path) => path.path.segments.last().is_some_and(|last| match &last.arguments {
            syn::PathArguments::AngleBracketed(given) if last.ident == "Vec" => given.args.iter().all(
                |argument| matches!(argument, syn::GenericArgument::Type(element) if is_spelt_out(element)),
            ),
            _ => last.ident == "f64",
        }),
        _ => false,
    }
}
