//! `f_jvp`, and the hidden function by which callers ask for the tangent of a call.

use super::Companions;
use crate::emit::code::{Code, Piece as _, code};
use crate::emit::sweeps::Printer;
use crate::emit::types::Purpose;
use crate::ir::Program;
use crate::syntax::ident::unraw;
use crate::types::tree::Parameter;
use crate::types::ty::{Ty, Types};
use proc_macro2::{Ident, Span, TokenStream};
use quote::{format_ident, quote, quote_spanned};

impl Companions<'_, '_> {
    /// `f_jvp`.
    pub(in crate::emit) fn jvp(&self) -> TokenStream {
        let (engine, types) = (&self.names.engine, &self.function.types);
        let text = unraw(self.function_name());
        let doc = format!(
            "The value of [`{text}`](fn@{text}) and its derivative in one direction: how fast the value changes when each \
             differentiable argument changes as fast as its tangent says. The tangents have the types of the arguments, the derivative \
             that of the value: a Jacobian-vector product, in forward mode. The cost is that of a few calls of `{text}`.\n\n# \
             Panics\n\nIf a tangent has another length than its argument."
        );
        let (head, parameters) = (self.head("jvp", &doc), self.declared());
        let (name, constants, here) = (self.name(), self.constants(), Span::mixed_site());
        let tangents = self.tangents_declared();
        let (checks, given) = self.tangents_checked(self.tangent_program().is_some());
        let shown = if is_numbers(types, &self.function.value_type()) {
            quote_spanned!(here=> #engine::rt::shown(&__tangent))
        } else {
            // Data is that of the value.
            quote_spanned!(here=> #engine::rt::shown_beside(&__value, &__tangent))
        };
        let body = self.if_given(&quote_spanned! {here=>
            let (__value, __tangent) = __value;
            let __tangent = #shown;
            (__value, __tangent)
        });
        let output = self.value_type();
        let both = self.wrapped(&quote!((#output, #output)));
        let arguments = self.function.parameters.iter().map(|parameter| parameter.name);
        quote_spanned! {here=>
            #[track_caller]
            #head(#(#parameters,)* #(#tangents),*) -> #both {
                #(#checks)*
                let __value = #name::__jvp::<#constants>(#(#arguments,)* #(#given),*);
                #body
            }
        }
    }

    /// The checks of the tangents that users give, and these as the hidden functions take them. Compiled code does not know which
    /// fields are constant.
    pub(super) fn tangents_checked(&self, is_compiled: bool) -> (Vec<TokenStream>, Vec<TokenStream>) {
        let (engine, types, here) = (&self.names.engine, &self.function.types, Span::mixed_site());
        let (mut checks, mut given) = (Vec::new(), Vec::new());
        for parameter in self.differentiable() {
            let (argument, tangent) = (parameter.name, self.tangent_name(parameter));
            let is_reference = matches!(parameter.written, syn::Type::Reference(_));
            let lent = if is_reference { quote!(#tangent) } else { quote!(&#tangent) };
            if !matches!(types.peeled(&parameter.ty), Ty::Float(_)) {
                let argument = self.argument_checked(&quote!(&#argument));
                checks.push(quote!(#engine::rt::check_tangent(#argument, #lent);));
            }
            if !types.has_named(&parameter.ty) || !is_compiled {
                given.push(lent);
                continue;
            }
            let (ty, still) =
                (parameter.tangent(self.function, &self.names), format_ident!("{tangent}_still"));
            checks.push(quote_spanned! {here=>
                let #still = <#ty as #engine::rt::Still>::still(#lent);
                let #still: &#ty = match &#still {
                    #engine::rt::std::option::Option::Some(__still) => #engine::rt::std::borrow::Borrow::borrow(__still),
                    #engine::rt::std::option::Option::None => #lent,
                };
            });
            given.push(quote!(#still));
        }
        (checks, given)
    }

    /// An argument whose shape is checked. An operation of the user's own has no gate.
    pub(super) fn argument_checked(&self, argument: &TokenStream) -> TokenStream {
        match self.compiled {
            Some(_) => self.names.gated_value(argument, Span::mixed_site()),
            None => argument.clone(),
        }
    }

    /// The program of forward mode, if there is one.
    fn tangent_program(&self) -> Option<&Program> {
        self.compiled.and_then(|compiled| compiled.as_ref().ok()?.tangent.as_ref())
    }

    /// The tangent of a parameter, as users see it.
    pub(super) fn tangent_name(&self, parameter: &Parameter<'_>) -> Ident {
        format_ident!("{}_tangent", self.parameter_name(parameter), span = Span::mixed_site())
    }

    /// The tangents as users give them: in the types of the arguments.
    pub(super) fn tangents_declared(&self) -> Vec<TokenStream> {
        let declare = |(parameter, ty)| {
            let tangent = self.tangent_name(parameter);
            quote!(#tangent: #ty)
        };
        self.differentiable().zip(self.tangent_types()).map(declare).collect()
    }

    /// Their types.
    pub(in crate::emit) fn tangent_types(&self) -> Vec<TokenStream> {
        let of = |parameter: &Parameter<'_>| {
            if matches!(parameter.written, syn::Type::Reference(_)) {
                let ty = parameter.tangent(self.function, &self.names);
                quote!(&#ty)
            } else {
                Purpose::Gradient.of(self.function, &self.names, parameter.written, &parameter.ty)
            }
        };
        self.differentiable().map(of).collect()
    }

    /// Their names.
    pub(super) fn tangents_passed_on(&self) -> Vec<Ident> {
        self.differentiable().map(|parameter| self.tangent_name(parameter)).collect()
    }

    /// The tangents as the hidden functions take them: references.
    pub(in crate::emit) fn tangent_parameters(&self, names: &[Ident]) -> Vec<TokenStream> {
        let declare = |(parameter, name): (&Parameter<'_>, &Ident)| {
            let ty = parameter.tangent(self.function, &self.names);
            quote!(#name: &#ty)
        };
        self.differentiable().zip(names).map(declare).collect()
    }

    /// `__jvp`, and `__tangent`, which callers call: it takes a tangent for every parameter.
    pub(in crate::emit) fn tangent_functions(&self) -> TokenStream {
        let jvp = match self.tangent_program() {
            Some(program) => self.compiled_tangent(&Printer::new(program, &self.names)),
            None => self.graph_tangent(),
        };
        let protocol = self.tangent_protocol();
        quote!(#jvp #protocol)
    }

    /// `__tangent`: a tangent for every parameter, of which that of data is nothing.
    pub(in crate::emit) fn tangent_protocol(&self) -> TokenStream {
        let (engine, here) = (&self.names.engine, Span::mixed_site());
        let (generics, quiet) = (&self.annotated.item.sig.generics, self.quiet());
        let (output, constants) = (self.output(), self.constants());
        let (parameters, arguments) = (self.numbered(), self.numbers());
        let plain = self.function.parameters.iter().map(|parameter| parameter.written);
        let (mut tangents, mut given) = (Vec::new(), Vec::new());
        for (at, parameter) in self.function.parameters.iter().enumerate() {
            let name = format_ident!("tangent{at}", span = here);
            if parameter.is_differentiable() {
                let ty = parameter.tangent(self.function, &self.names);
                tangents.push(quote!(#name: &#ty));
                given.push(name);
            } else {
                tangents.push(quote!(_: impl #engine::rt::std::marker::Sized));
            }
        }
        let (half, jvp) =
            (self.half_output(), quote!(Self::__jvp::<#constants>(#(#arguments,)* #(#given),*)));
        // Of what there is, if the function has not failed.
        let jvp = if self.fallible().is_some() {
            quote!(#engine::rt::items(#jvp).into_iter().unzip())
        } else {
            jvp
        };
        let check = self.same_function();
        quote_spanned! {here=>
            #[doc(hidden)] #quiet #[inline]
            pub fn __tangent #generics(
                __function: impl #engine::rt::std::ops::Fn(#(#plain),*) -> #output #(, #parameters)* #(, #tangents)*
            ) -> (#half, #half) {
                #check
                #jvp
            }
        }
    }

    fn compiled_tangent(&self, printer: &Printer<'_>) -> TokenStream {
        let (generics, quiet) = (&self.annotated.item.sig.generics, self.quiet());
        let (output, parameters) = (self.output(), self.declared());
        let given = printer.program.tangent.iter().flat_map(|tangent| tangent.parameters.iter().flatten());
        let names: Vec<_> = given.map(|storage| printer.program.storage(*storage).ident.clone()).collect();
        let tangents = self.tangent_parameters(&names);
        let body = Code::of(|out| {
            printer.items().append(out);
            printer.forward(out);
            code!(out <- (#(printer.outcome()), #(printer.tangent())));
        });
        let body = body.braced(self.beginning());
        quote! {
            #[doc(hidden)] #quiet #[inline]
            pub fn __jvp #generics(#(#parameters,)* #(#tangents),*) -> (#output, #output) #body
        }
    }

    /// The same on a graph.
    fn graph_tangent(&self) -> TokenStream {
        let (engine, here) = (&self.names.engine, Span::mixed_site());
        let (generics, quiet) = (&self.annotated.item.sig.generics, self.quiet());
        let (output, parameters) = (self.value_type(), self.declared());
        let names = self.tangents_passed_on();
        let tangents = self.tangent_parameters(&names);
        let kept = self.differentiable().map(Self::kept);
        let body = quote_spanned! {here=>
            let mut __inputs = #engine::rt::std::vec::Vec::new();
            #(#engine::rt::Roots::roots(&#kept, &mut __inputs);)*
            let mut __directions = #engine::rt::std::vec::Vec::new();
            #(#engine::rt::Flatten::flatten(#names, &mut __directions);)*
            let __roots = #engine::rt::roots(&__value);
            let __value = #engine::rt::plain(&__value);
            let __tangent = #engine::rt::tangent_on_graph(__graph, &__value, &__roots, &__inputs, &__directions);
            (__value, __tangent)
        };
        let body = self.lean(&body);
        let both = self.wrapped(&quote!((#output, #output)));
        quote_spanned! {here=>
            #[doc(hidden)] #quiet
            pub fn __jvp #generics(#(#parameters,)* #(#tangents),*) -> #both { #body }
        }
    }
}

/// Whether there is nothing but numbers in something of this type, as far as the macro sees.
fn is_numbers(types: &Types, ty: &Ty) -> bool {
    let ty = types.shallow(ty);
    match &ty {
        Ty::Float(_) => true,
        Ty::Sequence(..) | Ty::Tuple(_) | Ty::Ref { .. } => {
            ty.parts().iter().all(|part| is_numbers(types, part))
        }
        Ty::F32
        | Ty::Int
        | Ty::Bool
        | Ty::Data
        | Ty::Unit
        | Ty::Never
        | Ty::Range
        | Ty::Closure(..)
        | Ty::Iter(_)
        | Ty::Option(_)
        | Ty::Struct(_)
        | Ty::Unknown(_) => false,
    }
}
