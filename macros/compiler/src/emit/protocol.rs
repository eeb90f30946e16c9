//! The hidden functions of a companion item, by which differentiable functions call each other.
//!
//! | | |
//! |---|---|
//! | `__called` | on values: what graphs are made of |
//! | `__partials` | value and gradient at once: what compiled adjoints call where numbers alone go in and one comes out |
//! | `__second_forward`, `__second_reverse` | the same with tangents, if the function has second derivatives |
//! | `__forward`, `__reverse` | the two halves, with a record in the caller's frame between them |
//! | `__try_forward`, `__try_reverse` | the halves of a function that may fail; its `__forward` gives a `Vec` of no or one item |
//!
//! A function whose own adjoint is not compiled has them too: they run a graph.

use super::companions::{Companions, erased};
use super::types::{Purpose, lifetimes_on_values};
use crate::types::ty::Ty;
use proc_macro2::{Ident, Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::spanned::Spanned;

/// Whether a type may be that of a function, such as a pointer to one.
fn may_be_function(written: &syn::Type) -> bool {
    match written {
        syn::Type::FnPtr(_) | syn::Type::TraitObject(_) => true,
        syn::Type::Reference(reference) => may_be_function(&reference.elem),
        syn::Type::Path(_) => !crate::types::check::is_data(written),
        _ => false,
    }
}

impl Companions<'_, '_> {
    /// What other differentiable functions call: `on_values`, given the function that the caller's name stands for.
    pub(super) fn called(&self) -> TokenStream {
        let engine = &self.names.engine;
        let here = Span::mixed_site();
        let (name, quiet) = (self.name(), self.quiet());
        let generics = &self.annotated.item.sig.generics;
        let generics = lifetimes_on_values(generics, &self.names, self.function);
        let constants = self.constants();
        let names: Vec<_> = (0..self.function.parameters.len())
            .map(|at| Ident::new(&format!("argument{at}"), here))
            .collect();
        let parameters = self.function.parameters.iter().zip(&names).map(|(parameter, name)| {
            let written = parameter.on_values(self.function, &self.names);
            quote!(#name: #written)
        });
        let plain = self.function.parameters.iter().map(|parameter| parameter.written);
        let (output, values) = (self.output(), self.values_output());
        let declared_constants = self.annotated.item.sig.generics.const_params();
        let check = self.same_function();
        let takes_functions = self.function.takes_functions();
        let called = (self.annotated.changing.is_none() && !takes_functions).then(|| quote_spanned! {here=>
            #[doc(hidden)] #quiet #[track_caller]
            pub fn __called #generics(
                __function: impl #engine::rt::std::ops::Fn(#(#plain),*) -> #output, __mode: impl #engine::rt::TraceMode #(, #parameters)*
            ) -> #values {
                #check
                Self::__on::<_, #constants>(__mode #(, #names)*)
            }
        });
        let with_functions = self.called_with_functions();
        if takes_functions {
            return with_functions;
        }
        quote_spanned! {here=>
            #called
            #with_functions
            #[doc(hidden)] #quiet #[track_caller] #[inline]
            pub fn __same<#(#declared_constants,)* F>(__function: &F) {
                #engine::rt::same_function(__function, &#name::<#constants>);
            }
        }
    }

    /// What callers call that give functions as arguments.
    fn called_with_functions(&self) -> TokenStream {
        let takes_pointers = self
            .function
            .parameters
            .iter()
            .any(|parameter| !parameter.is_differentiable() && may_be_function(parameter.written));
        if !self.function.takes_functions() && !takes_pointers || self.annotated.changing.is_some() {
            return TokenStream::new();
        }
        let (engine, here, quiet) = (&self.names.engine, Span::mixed_site(), self.quiet());
        let generics = lifetimes_on_values(&self.annotated.item.sig.generics, &self.names, self.function);
        let constants = self.constants();
        let names: Vec<_> = (0..self.function.parameters.len())
            .map(|at| Ident::new(&format!("argument{at}"), here))
            .collect();
        let parameters = self.function.parameters.iter().zip(&names).map(|(parameter, name)| {
            let written = parameter.on_values(self.function, &self.names);
            quote!(#name: #written)
        });
        let values = self.values_output();
        quote_spanned! {here=>
            #[doc(hidden)] #quiet #[track_caller]
            pub fn __called_with #generics(__mode: impl #engine::rt::TraceMode #(, #parameters)*) -> #values {
                Self::__on::<_, #constants>(__mode #(, #names)*)
            }
        }
    }

    /// What the compiled adjoints of other functions call: the value, and a gradient for every parameter, 0 where there is none.
    pub(super) fn partials(&self) -> TokenStream {
        if !self.single() || self.fallible().is_some() || self.function.takes_functions() {
            return self.missing("__partials");
        }
        let (engine, here) = (&self.names.engine, Span::mixed_site());
        let (generics, quiet) = (&self.annotated.item.sig.generics, self.quiet());
        let (output, parameters) = (self.output(), self.declared());
        let plain = self.function.parameters.iter().map(|parameter| parameter.written);
        let gradients = self.function.parameters.iter().map(|parameter| {
            if parameter.is_differentiable() {
                Purpose::Gradient.of(self.function, &self.names, parameter.written, &parameter.ty)
            } else {
                quote!(#engine::rt::std::primitive::f64)
            }
        });
        let result = quote!((#output, (#(#gradients,)*)));
        let check = self.same_function();
        let (body, bound) = match self.printer() {
            Some(printer) => (self.compiled_partials(&printer), self.single_bound()),
            None => {
                let gradients = self.function.parameters.iter().map(|parameter| {
                    if !parameter.is_differentiable() {
                        return quote!(0.0);
                    }
                    let (kept, written) = (Self::kept(parameter), erased(parameter.written));
                    quote_spanned!(parameter.written.span()=> <#written as #engine::rt::Differentiable>::gradient(&#kept))
                });
                let root = self.single_root();
                let body = quote_spanned!(here=> #root __root.backward(); (__root.data(), (#(#gradients,)*)));
                (self.lean(&body), self.single_bound())
            }
        };
        quote_spanned! {here=>
            #[doc(hidden)] #quiet #[inline]
            pub fn __partials #generics(__function: impl #engine::rt::std::ops::Fn(#(#plain),*) -> #output #(, #parameters)*) -> #result #bound {
                #check
                #body
            }
        }
    }

    /// What a caller asks for only if its arguments are of other types, of which rustc tells.
    fn missing(&self, name: &str) -> TokenStream {
        let (name, quiet) = (Ident::new(name, Span::mixed_site()), self.quiet());
        quote!(#[doc(hidden)] #quiet pub const #name: () = ();)
    }

    /// Checks that the function which a caller names is the one that this item belongs to. A parameter may have the
    /// function's name, so that this is a function of its own.
    pub(super) fn same_function(&self) -> TokenStream {
        // Nobody names the function that stands for one with `&mut` parameters.
        if self.annotated.changing.is_some() {
            return TokenStream::new();
        }
        let mut constants = self.constants();
        if !constants.is_empty() {
            constants.extend(quote!(,));
        }
        quote_spanned!(Span::mixed_site()=> Self::__same::<#constants _>(&__function);)
    }

    /// Whether callers go through the two halves.
    pub(super) fn has_halves(&self) -> bool {
        let types = &self.function.types;
        let is_number = |ty: &Ty| matches!(types.shallow(ty), Ty::Float(_) | Ty::Int | Ty::Bool);
        let numbers = self.function.parameters.iter().all(|parameter| is_number(&parameter.ty));
        !(numbers && matches!(types.shallow(&self.function.output), Ty::Float(_)))
    }

    /// The two halves. Those of a function that may fail are `__try_forward` and `__try_reverse`.
    pub(super) fn halves(&self) -> TokenStream {
        if self.function.takes_functions() {
            return TokenStream::new();
        }
        let may_fail = self.fallible().is_some();
        if !may_fail && !self.has_halves() {
            return self.halves_of_partials();
        }
        let (engine, here) = (&self.names.engine, Span::mixed_site());
        let (generics, quiet) = (&self.annotated.item.sig.generics, self.quiet());
        let (output, parameters) = (self.output(), self.declared());
        let plain = self.function.parameters.iter().map(|parameter| parameter.written);
        let function = quote!(impl #engine::rt::std::ops::Fn(#(#plain),*) -> #output);
        let value = self.value_type();
        let (frame, seed) = (Ident::new("__frame", here), Ident::new("__seed", here));
        let check = self.same_function();
        let buffers = self.function.parameters.iter().enumerate().map(|(at, parameter)| {
            let name = Self::half_buffer(at);
            let ty = if parameter.is_differentiable() {
                parameter.buffer(self.function, &self.names)
            } else {
                quote!(impl #engine::rt::std::marker::Sized)
            };
            quote!(#name: #ty)
        });
        // Those of a function with `&mut` parameters are called by its own halves.
        let own = self.annotated.changing.is_some();
        let [forward_half, reverse_half] = match (own, may_fail) {
            (true, _) => ["__forward_owned", "__reverse_owned"],
            (false, true) => ["__try_forward", "__try_reverse"],
            (false, false) => ["__forward", "__reverse"],
        }
        .map(|name| Ident::new(name, here));
        let items = may_fail.then(|| self.halves_of_items());
        let (sweep, forward, reverse) = match self.halves_printer() {
            Some(printer) => self.compiled_halves(&printer),
            None => self.graph_halves(),
        };
        quote_spanned! {here=>
            #sweep
            #[doc(hidden)] #quiet #[inline]
            pub fn #forward_half #generics(
                __function: #function, #frame: &mut #engine::rt::Frame #(, #parameters)*
            ) -> #output {
                #check
                #forward
            }
            #[doc(hidden)] #quiet #[inline]
            pub fn #reverse_half #generics(
                _: #function, #frame: &mut #engine::rt::Frame #(, #parameters)*, #seed: &#value #(, #buffers)*
            ) {
                #reverse
            }
            #items
        }
    }

    /// The halves for callers that go through what a function gives that may fail, as `flat_map` does: a `Vec` of no or one item.
    fn halves_of_items(&self) -> TokenStream {
        let (engine, here) = (&self.names.engine, Span::mixed_site());
        let (generics, quiet, constants) =
            (&self.annotated.item.sig.generics, self.quiet(), self.constants());
        let (output, items, parameters) = (self.output(), self.half_output(), self.declared());
        let plain = self.function.parameters.iter().map(|parameter| parameter.written);
        let function = quote!(impl #engine::rt::std::ops::Fn(#(#plain),*) -> #output);
        let arguments: Vec<_> = self.function.parameters.iter().map(|parameter| parameter.name).collect();
        let names: Vec<_> = (0..arguments.len()).map(Self::half_buffer).collect();
        let buffers = self.function.parameters.iter().zip(&names).map(|(parameter, name)| {
            let ty = if parameter.is_differentiable() {
                parameter.buffer(self.function, &self.names)
            } else {
                quote!(impl #engine::rt::std::marker::Sized)
            };
            quote!(#name: #ty)
        });
        quote_spanned! {here=>
            #[doc(hidden)] #quiet #[inline]
            pub fn __forward #generics(
                __function: #function, __frame: &mut #engine::rt::Frame #(, #parameters)*
            ) -> #items {
                #engine::rt::items(Self::__try_forward::<#constants>(__function, __frame #(, #arguments)*))
            }
            #[doc(hidden)] #quiet #[inline]
            pub fn __reverse #generics(
                __function: #function, __frame: &mut #engine::rt::Frame #(, #parameters)*, __seed: &#items #(, #buffers)*
            ) {
                if let #engine::rt::std::option::Option::Some(__seed) = __seed.first() {
                    Self::__try_reverse::<#constants>(__function, __frame #(, #arguments)*, __seed #(, #names)*)
                }
            }
        }
    }

    /// What the forward half gives.
    pub(super) fn half_output(&self) -> TokenStream {
        let (engine, value) = (&self.names.engine, self.value_type());
        if self.fallible().is_some() { quote!(#engine::rt::std::vec::Vec<#value>) } else { value }
    }

    /// The halves of a function of numbers: the partial derivatives are what lies between them.
    fn halves_of_partials(&self) -> TokenStream {
        let constants = self.constants();
        let (engine, here) = (&self.names.engine, Span::mixed_site());
        let (generics, quiet) = (&self.annotated.item.sig.generics, self.quiet());
        let (output, parameters) = (self.output(), self.declared());
        let plain = self.function.parameters.iter().map(|parameter| parameter.written);
        let function = quote!(impl #engine::rt::std::ops::Fn(#(#plain),*) -> #output);
        let count = self.function.parameters.len();
        let partials: Vec<_> = (0..count).map(|at| Ident::new(&format!("partial{at}"), here)).collect();
        let arguments = self.function.parameters.iter().map(|parameter| parameter.name);
        let kept: Vec<_> = self
            .function
            .parameters
            .iter()
            .zip(&partials)
            .enumerate()
            .filter(|(_, (parameter, _))| parameter.is_differentiable())
            .map(|(at, (_, partial))| (Self::half_buffer(at), partial))
            .collect();
        let recorded = kept.iter().map(|(_, partial)| partial);
        let given = kept.iter().rev().map(
            |(buffer, _)| quote_spanned!(here=> *#buffer += __seed * <#engine::rt::std::primitive::f64 as #engine::rt::Kept>::back(__frame);),
        );
        let unused = self.function.parameters.iter().map(|parameter| {
            let written = parameter.written;
            quote!(_: #written)
        });
        let buffers = self.function.parameters.iter().enumerate().map(|(at, parameter)| {
            let name = Self::half_buffer(at);
            let ty = if parameter.is_differentiable() {
                quote!(&mut #engine::rt::std::primitive::f64)
            } else {
                quote!(impl #engine::rt::std::marker::Sized)
            };
            quote!(#name: #ty)
        });
        quote_spanned! {here=>
            #[doc(hidden)] #quiet #[inline]
            pub fn __forward #generics(
                __function: #function, __frame: &mut #engine::rt::Frame #(, #parameters)*
            ) -> #output {
                let (__value, (#(#partials,)*)) = Self::__partials::<#constants>(__function #(, #arguments)*);
                #(#engine::rt::Kept::keep(&#recorded, __frame);)*
                __value
            }
            #[doc(hidden)] #quiet #[inline]
            pub fn __reverse #generics(
                _: #function, __frame: &mut #engine::rt::Frame #(, #unused)*, __seed: &#output #(, #buffers)*
            ) {
                #(#given)*
            }
        }
    }

    /// The buffer of a parameter, in the reverse half.
    pub(super) fn half_buffer(at: usize) -> Ident {
        Ident::new(&format!("buffer{at}"), Span::mixed_site())
    }

    /// The halves of a function that runs on a graph, which the frame holds in between.
    fn graph_halves(&self) -> (TokenStream, TokenStream, TokenStream) {
        let (engine, here) = (&self.names.engine, Span::mixed_site());
        let (frame, seed, graph) =
            (Ident::new("__frame", here), Ident::new("__seed", here), Ident::new("__graph", here));
        let (inputs, call) = (self.inputs(&graph, false), self.call(false));
        let kept = self.differentiable().map(Self::kept);
        let may_fail = self.fallible().is_some();
        let given = if may_fail {
            quote_spanned! {here=>
                let mut __outputs = #engine::rt::std::vec::Vec::new();
                let __value = __value.map(|__value| {
                    __outputs = #engine::rt::outputs(&__value);
                    #engine::rt::plain(&__value)
                });
                (__value, #engine::rt::operands(&__inputs), __outputs)
            }
        } else {
            quote_spanned!(here=> (#engine::rt::plain(&__value), #engine::rt::operands(&__inputs), #engine::rt::outputs(&__value)))
        };
        let forward = quote_spanned! {here=>
            #engine::rt::forward_on_graph(#frame, |#graph| {
                #inputs
                let __value = #call;
                let mut __inputs = #engine::rt::std::vec::Vec::new();
                #(#engine::rt::Roots::roots(&#kept, &mut __inputs);)*
                #given
            })
        };
        // What a function saved that has failed is taken back.
        let forward =
            if may_fail { quote_spanned!(here=> #frame.attempt(|#frame| #forward)) } else { forward };
        let adds = self.function.parameters.iter().enumerate().filter_map(|(at, parameter)| {
            let buffer = Self::half_buffer(at);
            parameter
                .is_differentiable()
                .then(|| quote_spanned!(here=> #engine::rt::AddFlat::add_flat(#buffer, &mut __gradients);))
        });
        let reverse = quote_spanned! {here=>
            let mut __gradients = #engine::rt::reverse_on_graph(#frame, #seed);
            #(#adds)*
        };
        (TokenStream::new(), forward, reverse)
    }
}
