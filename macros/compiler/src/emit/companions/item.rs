//! The companion item: `f::…`.

use super::{Companions, literal};
use crate::emit::Compiled;
use crate::emit::carried::Carried;
use crate::emit::carried::at;
use crate::emit::sweeps::Printer;
use crate::reasons::Unsupported;
use crate::syntax::ident::respanned;
use crate::syntax::ident::unraw;
use crate::syntax::source::Source;
use crate::types::tree::Role;
use proc_macro2::{Literal, TokenStream};
use quote::quote;

impl Companions<'_, '_> {
    pub(super) fn item(&self, user: &TokenStream, compiled: &Result<Compiled, Unsupported>) -> TokenStream {
        let (accumulate, adjoint_source) = self.accumulated(compiled);
        let ((body, beside), partials, halves) = (self.body_constant(user), self.partials(), self.halves());
        let reached = self.reached(Some(compiled));
        let takes_functions = self.function.takes_functions();
        let tangents = (!takes_functions).then(|| (self.tangent_functions(), self.second_functions()));
        let (tangent, second) = tangents.unzip();
        let second_halves = (!takes_functions).then(|| self.second_halves());
        let functions = quote!(#body #accumulate #partials #halves #tangent #second #second_halves #reached);
        let backend = self.backend(self.own_reason(compiled));
        let item = self.item_of(&backend, &adjoint_source, &self.on_values(), &functions);
        quote!(#item #beside)
    }

    /// What runs both sweeps, if they are compiled, and their text.
    pub(super) fn accumulated(
        &self,
        compiled: &Result<Compiled, Unsupported>,
    ) -> (Option<TokenStream>, String) {
        match compiled {
            Ok(compiled) => {
                let printer = Printer::new(&compiled.joint, &self.names);
                let sweeps = self.both_sweeps(&printer);
                (Some(self.accumulate(&printer, &sweeps)), self.readable(&printer, sweeps))
            }
            Err(why) => (None, self.unreadable(why)),
        }
    }

    /// The item, with what depends on how the function is differentiated: its backend, the adjoint as a text, the function on
    /// values, and what other companions call.
    pub(in crate::emit) fn item_of(
        &self,
        backend: &TokenStream,
        adjoint_source: &str,
        on_values: &TokenStream,
        functions: &TokenStream,
    ) -> TokenStream {
        let engine = &self.names.engine;
        let item = &self.annotated.item;
        let (name, visibility, quiet) = (self.name(), &item.vis, self.quiet());
        let method = self.annotated.method.as_ref();
        let text = method.map_or_else(|| unraw(self.shown_name()), |method| method.shown.clone());
        let doc = format!("Constants and `on_values` of the differentiable function [`{text}`](fn@{text}).");
        let in_place = self.in_place();
        let (called, checks) = (self.called(), self.checks());
        let kinds = self.function.parameters.iter().enumerate().map(|(at, parameter)| {
            let takes_values = parameter.is_differentiable() || self.is_scratch(at);
            let kind = match parameter.role {
                Role::Function => quote!(Function),
                Role::Differentiable | Role::Constant if takes_values => quote!(Active),
                Role::Differentiable | Role::Constant => quote!(Constant),
            };
            quote!(impl #engine::rt::Parameter<#at> for #name { type Kind = #engine::rt::#kind; })
        });
        let second = self.is_second().then(|| {
            quote! {
                #[diagnostic::do_not_recommend]
                impl #engine::rt::Second for #name {
                    type Function<F> = F;
                    #[inline(always)]
                    fn function<F>(__function: F) -> F {
                        __function
                    }
                }
            }
        });
        let second_constant = self.second_constant();
        let Source { text: source_text, line, column, .. } = self.source;
        let (source_text, adjoint_source) = (text_literal(source_text), text_literal(adjoint_source));
        let (line, column) = (literal(*line), literal(*column));
        let gates = Carried::Gates.of(&item.attrs);
        let declared = respanned(name, at(name.span()));
        // Hidden in the documentation: a link to the function would be ambiguous.
        quote! {
            #gates #[doc(hidden)] #[doc = #doc] #quiet
            #visibility enum #declared {}
            #gates #[automatically_derived] #quiet
            impl #name {
                /// How the gradient of this function's body is computed; `backend()` lists the functions that it calls too.
                pub const BACKEND: #engine::Backend = #backend;
                #second_constant
                /// The function as its author wrote it.
                pub const SOURCE: &'static #engine::rt::std::primitive::str = Self::__SOURCE.text;
                /// The compiled adjoint, for reading; or why there is none.
                pub const ADJOINT_SOURCE: &'static #engine::rt::std::primitive::str = #adjoint_source;
                #[doc(hidden)]
                pub const __SOURCE: &'static #engine::trace::Source = &#engine::trace::Source {
                    function: #text, file: #engine::rt::std::file!(), line: #line, column: #column, text: #source_text,
                    adjoint: Self::ADJOINT_SOURCE,
                };
                #on_values
                #called
                #functions
                #checks
            }
            #gates
            #in_place
            #gates
            const _: () = {
                #(#kinds)*
                #second
                #[diagnostic::do_not_recommend]
                impl #engine::rt::Callable for #name {
                    type Function<F> = F;
                    #[inline(always)]
                    fn function<F>(__function: F) -> F {
                        __function
                    }
                }
            };
        }
    }

    /// A `Backend`, of this reason.
    pub(in crate::emit) fn backend(&self, reason: Option<&Unsupported>) -> TokenStream {
        let engine = &self.names.engine;
        match reason {
            None => quote!(#engine::Backend::Compiled),
            Some(Unsupported { reason, span }) => {
                let line = literal(span.start().line);
                let (construct, help) = (reason.construct(), reason.help());
                quote!(#engine::Backend::Graph { construct: #construct, help: #help, line: #line })
            }
        }
    }

    /// The function under the name of its item, if that is another one: by it other differentiable functions call it.
    pub(super) fn renamed(&self) -> Option<TokenStream> {
        if self.annotated.changing.is_some() {
            return None;
        }
        let renamed = self.annotated.options.item.as_ref()?;
        let (item, quiet, name) = (&self.annotated.item, self.quiet(), self.function_name());
        let (visibility, generics, text) = (&item.vis, &item.sig.generics, unraw(name));
        let carried = Carried::All.of(&item.attrs);
        let doc =
            format!("[`{text}`](fn@{text}) under the name by which other differentiable functions call it.");
        let (output, constants) = (self.output(), self.constants());
        let (declared, arguments) = if self.is_hidden() {
            (self.numbered(), self.numbers())
        } else {
            let arguments = self.function.parameters.iter().map(|parameter| parameter.name.clone());
            (self.declared(), arguments.collect())
        };
        Some(quote! {
            #carried #[doc = #doc] #quiet #[inline] #[track_caller]
            #visibility fn #renamed #generics(#(#declared),*) -> #output { #name::<#constants>(#(#arguments),*) }
        })
    }
}

/// A text of many lines as it is, without escapes, for those who look at the expansion.
fn text_literal(text: &str) -> Literal {
    let guards = text.split('"').skip(1).map(|after| after.len() - after.trim_start_matches('#').len());
    let guard = "#".repeat(guards.max().map_or(0, |most| most + 1));
    // A carriage return has no place in a raw literal.
    let raw = if text.contains('\r') { None } else { format!("r{guard}\"{text}\"{guard}").parse().ok() };
    raw.unwrap_or_else(|| Literal::string(text))
}
