//! `f_hvp`, `f_hvp_add` and `f_hessian`: second derivatives, of functions with the option `second`.

pub(in crate::emit) mod halves;

use super::{Companions, erased, one_or_tuple};
use crate::emit::code::{Code, Piece as _, code};
use crate::emit::sweeps::Printer;
use crate::ir::{Program, StorageId};
use crate::syntax::ident::unraw;
use crate::types::tree::Parameter;
use crate::types::ty::Ty;
use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, format_ident, quote, quote_spanned};
use syn::spanned::Spanned;

impl Companions<'_, '_> {
    /// Whether the function has second derivatives.
    pub(in crate::emit) fn is_second(&self) -> bool {
        self.annotated.options.second.is_some()
    }

    /// Whether it has them under names of its own: it gives one number.
    pub(in crate::emit) fn has_hvp(&self) -> bool {
        self.is_second() && self.single()
    }

    /// The everyday companions.
    pub(in crate::emit) fn second(&self) -> Option<TokenStream> {
        self.has_hvp().then(|| [self.hvp(), self.hvp_add(), self.hessian()].into_iter().collect())
    }

    fn hvp(&self) -> TokenStream {
        let (engine, text) = (&self.names.engine, unraw(self.function_name()));
        let doc = format!(
            "The value of [`{text}`](fn@{text}), its gradient, and how fast the gradient changes when each differentiable argument \
             changes as fast as its tangent says: the product of the Hessian and the direction, in the shape of the gradient. The cost \
             is that of a few gradients.\n\n# Panics\n\nIf a tangent has another length than its argument."
        );
        let (head, parameters, output) = (self.head("hvp", &doc), self.declared(), self.value_type());
        let (tangents, gradient_type) = (self.tangents_declared(), self.gradient_type());
        let (checks, lent) = self.tangents_checked(self.is_second_compiled());
        let (name, constants, bound) = (self.name(), self.constants(), self.single_bound());
        let arguments = self.function.parameters.iter().map(|parameter| parameter.name);
        let (buffers, turned) = (self.gradient_names("gradient"), self.gradient_names("turned"));
        let zeros = self.differentiable().zip(buffers.iter().zip(&turned)).map(|(parameter, (buffer, turned))| {
            let (name, written) = (parameter.name, erased(parameter.written));
            let zeros = quote_spanned!(parameter.written.span()=> <#written as #engine::rt::Differentiable>::zeros_like(&#name));
            quote!(let (mut #buffer, mut #turned) = (#zeros, #zeros);)
        });
        let [gradient, product] = [&buffers, &turned].map(|names| tuple(names));
        let given = self.wrapped(&quote!((#output, #gradient_type, #gradient_type)));
        let result = self.if_given(&quote_spanned!(Span::mixed_site()=> (__value, #gradient, #product)));
        quote_spanned! {Span::mixed_site()=>
            #[track_caller]
            #head(#(#parameters,)* #(#tangents),*) -> #given #bound {
                #(#checks)*
                #(#zeros)*
                let __value = #name::__second::<#constants>(#(#arguments,)* #(#lent,)* #(&mut #buffers,)* #(&mut #turned),*);
                #result
            }
        }
    }

    fn hvp_add(&self) -> TokenStream {
        let (engine, text) = (&self.names.engine, unraw(self.function_name()));
        let doc = format!(
            "The value of [`{text}`](fn@{text}). Its gradient is added into the first buffers, one for each differentiable argument in \
             order, and the product of the Hessian and the direction that the tangents give into the last.\n\n# Panics\n\nIf a \
             tangent or a buffer has another length than its argument."
        );
        let (head, parameters, output) = (self.head("hvp_add", &doc), self.declared(), self.output());
        let tangents = self.tangents_declared();
        let (checks, given) = self.tangents_checked(self.is_second_compiled());
        let (name, constants, bound) = (self.name(), self.constants(), self.single_bound());
        let arguments = self.function.parameters.iter().map(|parameter| parameter.name);
        let (buffers, turned) = (self.gradient_names("gradient"), self.gradient_names("product"));
        let fits = self.differentiable().zip(buffers.iter().zip(&turned)).map(|(parameter, (buffer, turned))| {
            if matches!(self.function.types.peeled(&parameter.ty), Ty::Float(_)) {
                return TokenStream::new();
            }
            let name = parameter.name;
            let argument = self.argument_checked(&quote!(&#name));
            quote!(#engine::rt::check_fit(#argument, #buffer); #engine::rt::check_fit(#argument, #turned);)
        });
        let (declared, declared_turned) = (self.buffers_named(&buffers), self.buffers_named(&turned));
        quote_spanned! {Span::mixed_site()=>
            #[track_caller]
            #head(#(#parameters,)* #(#tangents,)* #(#declared,)* #(#declared_turned),*) -> #output #bound {
                #(#checks)*
                #(#fits)*
                #name::__second::<#constants>(#(#arguments,)* #(#given,)* #(#buffers,)* #(#turned),*)
            }
        }
    }

    fn hessian(&self) -> TokenStream {
        let (engine, here, text) = (&self.names.engine, Span::mixed_site(), unraw(self.function_name()));
        let doc = format!(
            "The value of [`{text}`](fn@{text}), its gradient, and its Hessian: a row in the shape of the gradient for each number of \
             the differentiable arguments, in reading order. The cost is that of a Hessian-vector product for each row, and the function \
             may run as often."
        );
        let (head, parameters, output) = (self.head("hessian", &doc), self.declared(), self.value_type());
        let (gradient_type, bound) = (self.gradient_type(), self.single_bound());
        let result =
            self.wrapped(&quote!((#output, #gradient_type, #engine::rt::std::vec::Vec<#gradient_type>)));
        if !self.is_second_compiled() {
            let (body, gradient) = (self.recorded_inputs(), self.gradient());
            let body = self.lean(&quote_spanned! {here=>
                #body
                let __gradient = #gradient;
                let __rows = (0..__inputs.len()).map(|__at| {
                    #engine::rt::turn_gradients(__graph, __root, &__inputs, &#engine::rt::direction_of(__inputs.len(), __at));
                    #gradient
                });
                let __rows = __rows.collect();
                (__plain, __gradient, __rows)
            });
            return quote!(#head(#(#parameters),*) -> #result #bound { #body });
        }
        let (name, constants) = (self.name(), self.constants());
        let (buffers, turned) = (self.gradient_names("gradient"), self.gradient_names("turned"));
        let directions = self.gradient_names("direction");
        let zeros = |names: &[Ident]| -> TokenStream {
            let zero = |(parameter, buffer): (&Parameter<'_>, &Ident)| {
                let (name, written) = (parameter.name, erased(parameter.written));
                quote_spanned!(parameter.written.span()=> let mut #buffer = <#written as #engine::rt::Differentiable>::zeros_like(&#name);)
            };
            self.differentiable().zip(names).map(zero).collect()
        };
        let (gradients, products) = (zeros(&buffers), zeros(&turned));
        let unit = directions.iter().zip(&turned).map(|(direction, turned)| {
            quote_spanned!(here=> let #direction = #engine::rt::direction(&#turned, &mut __left);)
        });
        let given = self.given_again();
        let [gradient, product] = [&buffers, &turned].map(|names| tuple(names));
        quote_spanned! {here=>
            #head(#(#parameters),*) -> #result #bound {
                let mut __rows = #engine::rt::std::vec::Vec::new();
                let mut __first = #engine::rt::std::option::Option::None;
                loop {
                    #gradients
                    #products
                    let mut __left = #engine::rt::std::option::Option::Some(__rows.len());
                    #(#unit)*
                    if __left.is_some() && __first.is_some() {
                        break;
                    }
                    let __value = #name::__second::<#constants>(#(#given,)* #(&#directions,)* #(&mut #buffers,)* #(&mut #turned),*);
                    if __left.is_none() {
                        __rows.push(#product);
                    }
                    if __first.is_none() {
                        __first = #engine::rt::std::option::Option::Some((__value, #gradient));
                    }
                }
                match __first {
                    #engine::rt::std::option::Option::Some((__value, __gradient)) => (__value, __gradient, __rows),
                    #engine::rt::std::option::Option::None => #engine::rt::std::unreachable!(),
                }
            }
        }
    }

    /// Whether second derivatives need no graph.
    fn is_second_compiled(&self) -> bool {
        // An operation with partials of its own is called as it is.
        self.compiled.is_none() || self.second_program().is_some()
    }

    /// Whether the second derivatives are compiled.
    pub(in crate::emit) fn second_constant(&self) -> Option<TokenStream> {
        let (engine, is_compiled) = (&self.names.engine, self.is_second_compiled());
        self.has_hvp().then(|| {
            quote! {
                /// Whether the second derivatives are compiled. Else they are computed on a graph.
                pub const SECOND_COMPILED: #engine::rt::std::primitive::bool = #is_compiled;
            }
        })
    }

    /// `__second`: the value; the gradient and its change in a direction are added into buffers.
    pub(in crate::emit) fn second_functions(&self) -> Option<TokenStream> {
        self.has_hvp().then(|| match self.second_program() {
            Some(program) => self.compiled_second(&Printer::new(program, &self.names)),
            None => self.graph_second(),
        })
    }

    fn second_program(&self) -> Option<&Program> {
        self.compiled.and_then(|compiled| compiled.as_ref().ok()?.second.as_ref())
    }

    /// Both sweeps with tangents.
    fn compiled_second<'p>(&'p self, printer: &'p Printer<'p>) -> TokenStream {
        let (engine, here) = (&self.names.engine, Span::mixed_site());
        let (generics, quiet, bound) = (&self.annotated.item.sig.generics, self.quiet(), self.single_bound());
        let (output, parameters) = (self.output(), self.declared());
        let tangent = printer.program.tangent.as_ref();
        let ident = |storage: &StorageId| printer.program.storage(*storage).ident.clone();
        let names = |storages: Option<&'p Vec<Option<StorageId>>>| -> Vec<Ident> {
            storages.into_iter().flatten().flatten().map(ident).collect()
        };
        let tangents = self.tangent_parameters(&names(tangent.map(|tangent| &tangent.parameters)));
        let turned = names(tangent.map(|tangent| &tangent.buffers));
        let (buffers, declared_turned) = (self.buffer_parameters(printer), self.buffers_named(&turned));
        let value = Ident::new("__value", here);
        let sweeps = |out: &mut Code<'p>| {
            printer.items().append(out);
            printer.witnesses(out);
            printer.forward(out);
            let (name, given) = (value.clone(), value.clone());
            code!(out <- let #name = #(printer.outcome()););
            if let Some(seed) = printer.sweep().seed {
                let seed = &printer.program.storage(seed).ident;
                let output = self.output();
                let one = quote!(&<#output as #engine::rt::SingleValue<&()>>::one());
                code!(out <- let #seed = #one;);
            }
            printer.reverse(out);
            self.constants_restored(printer, out);
            self.turned_restored(&turned, out);
            given.append(out);
        };
        let body = Code::of(|out| {
            if printer.has_frame() {
                let frame = &printer.frame;
                code!(out <- #engine::rt::framed(|#frame| { #{ sweeps(out); } }));
            } else {
                sweeps(out);
            }
        });
        let body = body.braced(self.beginning());
        quote! {
            #[doc(hidden)] #quiet #[inline]
            pub fn __second #generics(#(#parameters,)* #(#tangents,)* #(#buffers,)* #(#declared_turned),*) -> #output #bound #body
        }
    }

    /// Fields that are marked `#[constant]` hold the argument's own numbers in how a gradient changes, too.
    fn turned_restored(&self, turned: &[Ident], out: &mut Code<'_>) {
        let engine = &self.names.engine;
        let types = &self.function.types;
        for (parameter, turned) in self.differentiable().zip(turned) {
            if types.has_named(&parameter.ty) {
                let name = parameter.name;
                quote!(#engine::rt::restore(&#name, &mut *#turned);).append(out);
            }
        }
    }

    /// The root and the inputs of a recorded graph, after the reverse pass.
    fn recorded_inputs(&self) -> TokenStream {
        let (engine, here) = (&self.names.engine, Span::mixed_site());
        let kept = self.differentiable().map(Self::kept);
        quote_spanned! {here=>
            let __plain = #engine::rt::plain(&__value);
            // What may be several numbers, as far as is known here, is one: rustc sees to it.
            let __root = #engine::rt::roots(&__value)[0];
            let mut __inputs = #engine::rt::std::vec::Vec::new();
            #(#engine::rt::Roots::roots(&#kept, &mut __inputs);)*
            __root.backward();
        }
    }

    fn graph_second(&self) -> TokenStream {
        let (engine, here) = (&self.names.engine, Span::mixed_site());
        let (generics, quiet, bound) = (&self.annotated.item.sig.generics, self.quiet(), self.single_bound());
        let (output, parameters) = (self.output(), self.declared());
        let names = self.tangents_passed_on();
        let tangents = self.tangent_parameters(&names);
        let (buffers, turned) = (self.gradient_names("gradient"), self.gradient_names("turned"));
        let (declared, declared_turned) = (self.buffers_named(&buffers), self.buffers_named(&turned));
        let add = |names: &[Ident]| -> TokenStream {
            let add = |(parameter, buffer): (&Parameter<'_>, &Ident)| {
                let (kept, name) = (Self::kept(parameter), parameter.name);
                let types = &self.function.types;
                let restored = types
                    .has_named(&parameter.ty)
                    .then(|| quote!(#engine::rt::restore(&#name, &mut *#buffer);));
                quote!(#engine::rt::add_gradient(&#kept, &mut *#buffer); #restored)
            };
            self.differentiable().zip(names).map(add).collect()
        };
        let (add_gradient, add_turned) = (add(&buffers), add(&turned));
        let recorded = self.recorded_inputs();
        let body = self.lean(&quote_spanned! {here=>
            #recorded
            #add_gradient
            let mut __directions = #engine::rt::std::vec::Vec::new();
            #(#engine::rt::Flatten::flatten(#names, &mut __directions);)*
            #engine::rt::turn_gradients(__graph, __root, &__inputs, &__directions);
            #add_turned
            __plain
        });
        quote_spanned! {here=>
            #[doc(hidden)] #quiet
            pub fn __second #generics(#(#parameters,)* #(#tangents,)* #(#declared,)* #(#declared_turned),*) -> #output #bound { #body }
        }
    }

    /// A name for each differentiable parameter.
    pub(super) fn gradient_names(&self, suffix: &str) -> Vec<Ident> {
        let name = |parameter: &Parameter<'_>| {
            format_ident!("{}_{suffix}", self.parameter_name(parameter), span = Span::mixed_site())
        };
        self.differentiable().map(name).collect()
    }

    /// Buffers of these names, as parameters.
    pub(super) fn buffers_named(&self, names: &[Ident]) -> Vec<TokenStream> {
        let declare = |(parameter, name): (&Parameter<'_>, &Ident)| {
            let ty = parameter.buffer(self.function, &self.names);
            quote!(#name: #ty)
        };
        self.differentiable().zip(names).map(declare).collect()
    }

    /// The arguments for one of several calls.
    fn given_again(&self) -> Vec<TokenStream> {
        let engine = &self.names.engine;
        let give = |parameter: &Parameter<'_>| {
            let name = parameter.name;
            match parameter.written {
                syn::Type::Reference(_) => quote!(#name),
                _ => quote!(#engine::rt::std::clone::Clone::clone(&#name)),
            }
        };
        self.function.parameters.iter().map(give).collect()
    }
}

fn tuple(names: &[Ident]) -> TokenStream {
    one_or_tuple(&names.iter().map(ToTokens::to_token_stream).collect::<Vec<_>>())
}
