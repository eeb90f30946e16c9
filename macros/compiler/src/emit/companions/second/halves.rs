//! The two halves with tangents, by which functions that have second derivatives call each other.

use super::super::{Companions, erased};
use crate::emit::code::{Code, Piece as _, code};
use crate::emit::sweeps::Printer;
use crate::ir::{Program, StorageId};
use proc_macro2::{Ident, Span, TokenStream};
use quote::{quote, quote_spanned};

impl Companions<'_, '_> {
    /// What callers call that have second derivatives themselves: the two halves with tangents.
    pub(in crate::emit) fn second_halves(&self) -> TokenStream {
        let here = Span::mixed_site();
        let (generics, quiet) = (&self.annotated.item.sig.generics, self.quiet());
        if !self.is_plain() {
            return TokenStream::new();
        }
        if !self.is_second() {
            // Refused by a trait of the item.
            return quote_spanned! {here=>
                #[doc(hidden)] #quiet
                pub fn __second_forward #generics() {}
                #[doc(hidden)] #quiet
                pub fn __second_reverse #generics() {}
            };
        }
        let (sweep, forward, reverse) = match self.second_split_program() {
            Some(program) => self.compiled_second_halves(&Printer::new(program, &self.names)),
            None => self.graph_second_halves(),
        };
        let halves = self.second_protocol(&self.declared(), &forward, &reverse);
        quote!(#sweep #halves)
    }

    /// `__second_forward` and `__second_reverse` with these parameters and bodies.
    pub(in crate::emit) fn second_protocol(
        &self,
        parameters: &[TokenStream],
        forward: &TokenStream,
        reverse: &TokenStream,
    ) -> TokenStream {
        let (engine, here) = (&self.names.engine, Span::mixed_site());
        let (generics, quiet, output) = (&self.annotated.item.sig.generics, self.quiet(), self.output());
        let plain = self.function.parameters.iter().map(|parameter| erased(parameter.written));
        let function = quote!(impl #engine::rt::std::ops::Fn(#(#plain),*) -> #output);
        let output = self.half_output();
        let check = self.same_function();
        let (mut tangents, mut buffers, mut turned) = (Vec::new(), Vec::new(), Vec::new());
        for (at, parameter) in self.function.parameters.iter().enumerate() {
            let (tangent, buffer, turn) = (half_tangent(at), Self::half_buffer(at), half_turned(at));
            if parameter.is_differentiable() {
                let (ty, lent) = (
                    parameter.tangent(self.function, &self.names),
                    parameter.buffer(self.function, &self.names),
                );
                tangents.push(quote!(#tangent: &#ty));
                buffers.push(quote!(#buffer: #lent));
                turned.push(quote!(#turn: #lent));
            } else {
                let any = quote!(impl #engine::rt::std::marker::Sized);
                tangents.push(quote!(_: #any));
                buffers.push(quote!(_: #any));
                turned.push(quote!(_: #any));
            }
        }
        quote_spanned! {here=>
            #[doc(hidden)] #quiet #[inline]
            pub fn __second_forward #generics(
                __function: #function, __frame: &mut #engine::rt::Frame #(, #parameters)* #(, #tangents)*
            ) -> (#output, #output) {
                #check
                #forward
            }
            #[doc(hidden)] #quiet #[inline]
            pub fn __second_reverse #generics(
                _: #function, __frame: &mut #engine::rt::Frame #(, #parameters)* #(, #tangents)*,
                __seed: &#output, __turn: &#output #(, #buffers)* #(, #turned)*
            ) {
                #reverse
            }
        }
    }

    /// The names of the tangents, buffers and buffers of changes in the halves.
    fn half_names(&self) -> [Vec<Ident>; 3] {
        let differentiable = || {
            let parameters = self.function.parameters.iter().enumerate();
            parameters.filter(|(_, parameter)| parameter.is_differentiable()).map(|(at, _)| at)
        };
        [
            differentiable().map(half_tangent).collect(),
            differentiable().map(Self::half_buffer).collect(),
            differentiable().map(half_turned).collect(),
        ]
    }

    fn second_split_program(&self) -> Option<&Program> {
        self.compiled.and_then(|compiled| compiled.as_ref().ok()?.second_split.as_ref())
    }

    /// Both sweeps in one function, of which a call runs one, and the two halves.
    fn compiled_second_halves<'p>(
        &'p self,
        printer: &'p Printer<'p>,
    ) -> (TokenStream, TokenStream, TokenStream) {
        let (engine, here) = (&self.names.engine, Span::mixed_site());
        let (generics, quiet, output) = (&self.annotated.item.sig.generics, self.quiet(), self.output());
        let (parameters, constants) = (self.declared(), self.constants());
        let ident = |storage: &StorageId| printer.program.storage(*storage).ident.clone();
        let names =
            |storages: &[Option<StorageId>]| -> Vec<Ident> { storages.iter().flatten().map(ident).collect() };
        let Some(tangent) = printer.program.tangent.as_ref() else {
            unreachable!("a program in forward mode")
        };
        let tangents = self.tangent_parameters(&names(&tangent.parameters));
        let (lent, turned) = (names(&printer.sweep().buffers), names(&tangent.buffers));
        let seeds: Vec<_> = printer.sweep().seed.iter().chain(&tangent.seed).map(ident).collect();
        let types: Vec<_> =
            self.differentiable().map(|parameter| parameter.buffer(self.function, &self.names)).collect();
        let reverse = Ident::new("__reverse", here);
        let bound: Vec<_> = seeds.into_iter().chain(lent).chain(turned.iter().cloned()).collect();
        let (turned, frame) = (&turned, &printer.frame);
        let body = Code::of(|out| {
            printer.items().append(out);
            printer.witnesses(out);
            code!(out <- match #reverse {
                #engine::rt::std::option::Option::None => {
                    #(printer.forward())
                    #engine::rt::std::option::Option::Some((#(printer.outcome()), #(printer.tangent())))
                }
                #engine::rt::std::option::Option::Some((#{
                    out.parts(bound, |out, name| name.append(out));
                })) => {
                    #(printer.reverse())
                    #{
                        self.constants_restored(printer, out);
                        self.turned_restored(turned, out);
                    }
                    #engine::rt::std::option::Option::None
                }
            });
        });
        let body = body.braced(self.beginning());
        let sweep = quote_spanned! {here=>
            #[doc(hidden)] #quiet #[inline(always)]
            fn __second_sweep #generics(
                #frame: &mut #engine::rt::Frame,
                __reverse: #engine::rt::std::option::Option<(&#output, &#output, #(#types,)* #(#types,)*)>
                #(, #parameters)* #(, #tangents)*
            ) -> #engine::rt::std::option::Option<(#output, #output)> #body
        };
        let arguments: Vec<_> = self.function.parameters.iter().map(|parameter| parameter.name).collect();
        let [directions, buffers, turns] = self.half_names();
        let forward = quote_spanned! {here=>
            match Self::__second_sweep::<#constants>(
                __frame, #engine::rt::std::option::Option::None #(, #arguments)* #(, #directions)*
            ) {
                #engine::rt::std::option::Option::Some(__value) => __value,
                #engine::rt::std::option::Option::None => #engine::rt::std::unreachable!(),
            }
        };
        let reverse = quote_spanned! {here=>
            Self::__second_sweep::<#constants>(
                __frame,
                #engine::rt::std::option::Option::Some((__seed, __turn, #(#buffers,)* #(#turns,)*))
                #(, #arguments)* #(, #directions)*
            );
        };
        (sweep, forward, reverse)
    }

    /// The same of a function that runs on a graph, which the frame holds in between.
    fn graph_second_halves(&self) -> (TokenStream, TokenStream, TokenStream) {
        let (engine, here) = (&self.names.engine, Span::mixed_site());
        let graph = Ident::new("__graph", here);
        let (inputs, mut call) = (self.inputs(&graph, false), self.call(false));
        if self.fallible().is_some() {
            call = quote!(#engine::rt::items(#call));
        }
        let kept = self.differentiable().map(Self::kept);
        let [directions, buffers, turns] = self.half_names();
        let flat = quote_spanned! {here=>
            let mut __directions = #engine::rt::std::vec::Vec::new();
            #(#engine::rt::Flatten::flatten(#directions, &mut __directions);)*
        };
        let forward = quote_spanned! {here=>
            #flat
            #engine::rt::second_forward_on_graph(__frame, &__directions, |#graph| {
                #inputs
                let __value = #call;
                let mut __inputs = #engine::rt::std::vec::Vec::new();
                #(#engine::rt::Roots::roots(&#kept, &mut __inputs);)*
                (#engine::rt::plain(&__value), #engine::rt::operands(&__inputs), #engine::rt::outputs(&__value))
            })
        };
        let reverse = quote_spanned! {here=>
            #flat
            let (mut __gradients, mut __turned) =
                #engine::rt::second_reverse_on_graph(__frame, &__directions, __seed, __turn);
            #(#engine::rt::AddFlat::add_flat(#buffers, &mut __gradients);)*
            #(#engine::rt::AddFlat::add_flat(#turns, &mut __turned);)*
        };
        (TokenStream::new(), forward, reverse)
    }
}

/// The tangent of a parameter, in the halves.
pub(in crate::emit) fn half_tangent(at: usize) -> Ident {
    Ident::new(&format!("tangent{at}"), Span::mixed_site())
}

/// The buffer for how fast the gradient for a parameter changes.
pub(in crate::emit) fn half_turned(at: usize) -> Ident {
    Ident::new(&format!("turned{at}"), Span::mixed_site())
}
