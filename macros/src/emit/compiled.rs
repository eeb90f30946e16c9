//! `f_grad` and `f_grad_add` of a function whose adjoint is compiled: both call one function, which adds the gradient into
//! buffers.

use super::adjoint::{Printer, bar};
use super::companions::{Companions, erased, one_or_tuple, quiet, unraw};
use crate::ir::Entry;
use crate::tree::Parameter;
use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, format_ident, quote, quote_spanned};

impl Companions<'_, '_> {
    /// Each differentiable parameter, and whether it is a scalar.
    fn adjoints<'p>(&'p self, printer: &'p Printer<'_>) -> impl Iterator<Item = (&'p Parameter<'p>, bool)> {
        let entries = &printer.adjoint.program.entries;
        self.function
            .parameters
            .iter()
            .zip(entries)
            .filter(|(parameter, _)| parameter.is_differentiable())
            .map(|(parameter, entry)| (parameter, matches!(entry, Entry::Scalar)))
    }

    /// The buffer of a parameter: of a scalar apart from its adjoint, of a memory the adjoint itself.
    fn buffer(parameter: &Parameter<'_>, scalar: bool) -> Ident {
        if scalar {
            format_ident!("{}_gradient", unraw(parameter.name), span = Span::mixed_site())
        } else {
            bar(parameter.name)
        }
    }

    /// The function, and the gradient added into buffers.
    pub(super) fn accumulate(&self, printer: &Printer<'_>) -> TokenStream {
        let engine = &self.names.engine;
        let here = Span::mixed_site();
        let (frame, seed) = (Ident::new("frame", here), Ident::new("seed", here));
        let generics = &self.annotated.item.sig.generics;
        let (parameters, output, quiet) = (self.declared(), self.output(), quiet());
        let buffers = self.adjoints(printer).map(|(parameter, scalar)| {
            let (name, ty) = (Self::buffer(parameter, scalar), parameter.buffer(self.function, &self.names));
            quote!(#name: #ty)
        });
        let scalars: Vec<_> = self.adjoints(printer).filter(|(_, scalar)| *scalar).collect();
        let started = scalars.iter().map(|(parameter, _)| {
            let bar = bar(parameter.name);
            quote!(let mut #bar = -0.0_f64;)
        });
        let finished = scalars.iter().map(|(parameter, scalar)| {
            let (bar, buffer) = (bar(parameter.name), Self::buffer(parameter, *scalar));
            quote!(*#buffer += #bar;)
        });
        let used = self.used();
        let (gate, forward, reverse, outcome) =
            (self.gate(), printer.forward(), printer.reverse(), printer.outcome());
        let (items, witnesses) = (printer.items(), printer.witnesses());
        let body = quote_spanned! {here=>
            #items
            #witnesses
            #forward
            let value = #outcome;
            let #seed = 1.0_f64;
            #(#started)*
            #reverse
            #(#finished)*
            value
        };
        let body = if printer.has_frame() { quote!(#engine::rt::framed(|#frame| { #body })) } else { body };
        quote! {
            #[doc(hidden)] #quiet #[inline]
            pub fn __accumulate #generics(#(#parameters,)* #(#buffers),*) -> #output {
                #used
                #gate
                #body
            }
        }
    }

    /// The value, and a gradient for every parameter.
    pub(super) fn compiled_partials(&self, printer: &Printer<'_>) -> TokenStream {
        let engine = &self.names.engine;
        let name = self.name();
        let entries = &printer.adjoint.program.entries;
        let buffers: Vec<_> = self
            .function
            .parameters
            .iter()
            .zip(entries)
            .map(|(parameter, entry)| {
                let scalar = matches!(entry, Entry::Scalar);
                parameter.is_differentiable().then(|| Self::buffer(parameter, scalar))
            })
            .collect();
        let zeros = self.adjoints(printer).map(|(parameter, scalar)| {
            let (name, written) = (parameter.name, erased(parameter.written));
            let buffer = Self::buffer(parameter, scalar);
            quote!(let mut #buffer = <#written as #engine::rt::Differentiable>::zeros(&#name);)
        });
        let gradients =
            buffers.iter().map(|buffer| buffer.as_ref().map_or_else(|| quote!(()), |b| quote!(#b)));
        let arguments = self.function.parameters.iter().map(|parameter| parameter.name);
        let given = buffers.iter().flatten();
        quote_spanned! {Span::mixed_site()=>
            #(#zeros)*
            let value = #name::__accumulate(#(#arguments,)* #(&mut #given),*);
            (value, (#(#gradients,)*))
        }
    }

    pub(super) fn compiled_grad(&self, head: &TokenStream, printer: &Printer<'_>) -> TokenStream {
        let engine = &self.names.engine;
        let (name, parameters, output) = (self.name(), self.declared(), self.output());
        let gradient_type = self.gradient_type();
        let here = Span::mixed_site();
        let zeros = self.adjoints(printer).map(|(parameter, scalar)| {
            let (name, written) = (parameter.name, erased(parameter.written));
            let buffer = Self::buffer(parameter, scalar);
            quote!(let mut #buffer = <#written as #engine::rt::Differentiable>::zeros(&#name);)
        });
        let buffers: Vec<_> =
            self.adjoints(printer).map(|(parameter, scalar)| Self::buffer(parameter, scalar)).collect();
        let gradient = one_or_tuple(&buffers.iter().map(ToTokens::to_token_stream).collect::<Vec<_>>());
        let arguments = self.function.parameters.iter().map(|parameter| parameter.name);
        quote_spanned! {here=>
            #head(#(#parameters),*) -> (#output, #gradient_type) {
                #(#zeros)*
                let value = #name::__accumulate(#(#arguments,)* #(&mut #buffers),*);
                (value, #gradient)
            }
        }
    }

    pub(super) fn compiled_grad_add(&self, head: &TokenStream, printer: &Printer<'_>) -> TokenStream {
        let engine = &self.names.engine;
        let (name, parameters, output) = (self.name(), self.declared(), self.output());
        // Here, not in `__accumulate`, where `track_caller` would hide the user's own lines.
        let fits = self.adjoints(printer).filter(|(_, scalar)| !scalar).map(|(parameter, _)| {
            let (name, buffer) = (parameter.name, bar(parameter.name));
            quote!(#engine::rt::check_fit(&#name, #buffer);)
        });
        let buffers = self.adjoints(printer).map(|(parameter, scalar)| {
            let (name, ty) = (Self::buffer(parameter, scalar), parameter.buffer(self.function, &self.names));
            quote!(#name: #ty)
        });
        let given = self.adjoints(printer).map(|(parameter, scalar)| Self::buffer(parameter, scalar));
        let arguments = self.function.parameters.iter().map(|parameter| parameter.name);
        quote! {
            #[track_caller]
            #head(#(#parameters,)* #(#buffers),*) -> #output {
                #(#fits)*
                #name::__accumulate(#(#arguments,)* #(#given),*)
            }
        }
    }
}
