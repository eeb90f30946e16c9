//! What a method has besides: its companions as methods, and the trait by which other functions call it.

pub(super) mod called;

use super::Companions;
use crate::emit::carried::muted;
use crate::syntax::callee::Gives;
use crate::syntax::ident::unraw;
use crate::syntax::parse::{Method, OperatorOf, Receiver};
use crate::types::check::may_hold_floats;
use crate::types::tree::Parameter;
use crate::types::ty::Ty;
use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, format_ident, quote, quote_spanned};

impl Companions<'_, '_> {
    /// Nothing for a free function.
    pub(super) fn of_type(&self) -> Option<TokenStream> {
        let method = self.annotated.method.as_ref()?;
        if let Some(of) = &method.operator {
            return Some(self.of_operator(method, of));
        }
        let called = self.of_trait(method, method.receiver);
        // The companions of a method with a result are those of the form that gives it.
        let without_result =
            method.receiver == Some(Receiver::Changed(Gives::Left)) && method.result.is_some();
        let companions = (!without_result).then(|| self.as_methods(method));
        // `Body::kinetic(&body)` is the method too.
        let by_path = match method.receiver {
            Some(Receiver::Reference | Receiver::Value) => Some(self.of_trait(method, None)),
            Some(Receiver::Changed(_)) | None => None,
        };
        Some(quote!(#companions #called #by_path))
    }

    /// The companions under the method's own name.
    fn as_methods(&self, method: &Method) -> TokenStream {
        let (engine, item, muted) = (&self.names.engine, self.name(), muted());
        let Method { owner, generics, visibility, shown, .. } = method;
        let (declared, _, _) = generics.split_for_impl();
        let backend =
            format_ident!("{}_BACKEND", unraw(&method.name).to_uppercase(), span = method.name.span());
        let is_number = matches!(self.function.value_type(), Ty::Float(_));
        let everyday = match (method.receiver, is_number) {
            (Some(Receiver::Changed(_)), _) => self.changing_methods(method),
            (_, true) => self.methods_of_number(method),
            (_, false) => self.methods_of_several(method),
        };
        let graph = Self::own_name(method, "graph");
        let (mut parameters, constants) = (self.parameters_of(method), self.constants());
        let of_graph = match method.receiver {
            // The graph of what it would do: nothing is changed.
            Some(Receiver::Changed(_)) => {
                parameters[0] = quote!(&self);
                let (companion, rest) = (self.companion("graph"), &self.passed_on(method)[1..]);
                quote!(#companion::<#constants>(#engine::rt::std::clone::Clone::clone(self), #(#rest),*))
            }
            Some(Receiver::Reference | Receiver::Value) | None => {
                self.companion_called(method, "graph", &TokenStream::new())
            }
        };
        let doc = format!(
            "The graph of one call of [`{shown}`], every node linked to the expression it came from."
        );
        let doc_backend = format!("How the gradient of [`{shown}`] is computed.");
        let trace = self.wrapped(&quote!(#engine::Trace));
        quote! {
            #[automatically_derived]
            impl #declared #owner {
                #everyday
                #[doc = #doc] #[must_use] #muted
                #visibility fn #graph(#(#parameters),*) -> #trace { #of_graph }
                #[doc = #doc_backend] #muted
                #visibility const #backend: #engine::Backend = #item::BACKEND;
            }
        }
    }

    /// `_hvp`, `_hvp_add` and `_hessian` as methods.
    fn second_as_methods(&self, method: &Method) -> Option<TokenStream> {
        if !self.has_hvp() {
            return None;
        }
        let engine = &self.names.engine;
        let Method { visibility, shown, .. } = method;
        let [hvp, hvp_add, hessian] =
            ["hvp", "hvp_add", "hessian"].map(|suffix| Self::own_name(method, suffix));
        let (output, value, gradient_type) = (self.output(), self.value_type(), self.gradient_type());
        let products_given = self.wrapped(&quote!((#value, #gradient_type, #gradient_type)));
        let rows =
            self.wrapped(&quote!((#value, #gradient_type, #engine::rt::std::vec::Vec<#gradient_type>)));
        let (parameters, muted) = (self.parameters_of(method), muted());
        let (tangents, names) = (self.tangents_declared(), self.tangents_passed_on());
        let (buffers, products) = (self.gradient_names("gradient"), self.gradient_names("product"));
        let (declared, declared_products) = (self.buffers_named(&buffers), self.buffers_named(&products));
        let of_hvp = self.companion_called(method, "hvp", &quote!(#(#names),*));
        let of_add =
            self.companion_called(method, "hvp_add", &quote!(#(#names,)* #(#buffers,)* #(#products),*));
        let of_hessian = self.companion_called(method, "hessian", &TokenStream::new());
        let doc = format!(
            "The value of [`{shown}`], its gradient, and the product of its Hessian and the direction that the tangents give, that for \
             `self` first."
        );
        let doc_add = format!(
            "The value of [`{shown}`]; its gradient is added into the first buffers, and the product of its Hessian and the direction into \
             the last, that for `self` first."
        );
        let doc_hessian = format!(
            "The value of [`{shown}`], its gradient, and its Hessian: a row in the shape of the gradient for each number."
        );
        Some(quote! {
            #[doc = #doc] #[must_use] #[track_caller] #muted
            #visibility fn #hvp(#(#parameters,)* #(#tangents),*) -> #products_given { #of_hvp }
            #[doc = #doc_add] #[track_caller] #muted
            #visibility fn #hvp_add(
                #(#parameters,)* #(#tangents,)* #(#declared,)* #(#declared_products),*
            ) -> #output { #of_add }
            #[doc = #doc_hessian] #[must_use] #muted
            #visibility fn #hessian(
                #(#parameters),*
            ) -> #rows { #of_hessian }
        })
    }

    /// The name of a companion beside the method.
    fn own_name(method: &Method, suffix: &str) -> Ident {
        format_ident!("{}_{suffix}", unraw(&method.name), span = method.name.span())
    }

    /// A call of a companion of the function that stands for the method, with the method's arguments and more.
    fn companion_called(&self, method: &Method, suffix: &str, rest: &TokenStream) -> TokenStream {
        let (companion, constants) = (self.companion(suffix), self.constants());
        let arguments = self.passed_on(method);
        quote!(#companion::<#constants>(#(#arguments,)* #rest))
    }

    /// The companions of a method that changes `self`.
    fn changing_methods(&self, method: &Method) -> TokenStream {
        let (engine, muted, constants) = (&self.names.engine, muted(), self.constants());
        let Method { visibility, shown, .. } = method;
        let [vjp, jvp] = ["vjp", "jvp"].map(|suffix| Self::own_name(method, suffix));
        let [of_vjp, of_jvp] = ["vjp", "jvp"].map(|suffix| self.companion(suffix));
        let (parameters, gradient_type) = (self.parameters_of(method), self.gradient_type());
        let (tangents, tangent_names) = (self.tangents_declared(), self.tangents_passed_on());
        let (tangent, other_tangents, other_names) = (&tangent_names[0], &tangents[1..], &tangent_names[1..]);
        let (this, rest) =
            (quote!(#engine::rt::std::clone::Clone::clone(&*self)), &self.passed_on(method)[1..]);
        let here = Span::mixed_site();
        let (seed, left_seed) = (Ident::new("seed", here), Ident::new("self_seed", here));
        let doc = format!(
            "Changes `self` as [`{shown}`] does. Returns its value, and the gradient of the sum of the numbers that it gives and of the \
             final ones of `self`, weighted by those of the seeds, with respect to what went in: that for `self` first."
        );
        let doc_jvp = format!(
            "Changes `self` as [`{shown}`] does, and its tangent to that of what is left: how fast that changes when what goes in \
             changes as fast as the tangents say."
        );
        let clone = quote!(#engine::rt::std::clone::Clone::clone);
        // Data in the result has no seed.
        let pieces = match &method.result {
            None => [
                quote!(()),
                quote!(#seed: &Self),
                quote!(#clone(#seed)),
                quote!(__changed),
                quote!(()),
                quote!(__changed_tangent),
                quote!(()),
                quote!(()),
            ],
            Some(result) => {
                let (seeds, given) = if may_hold_floats(result) {
                    (quote!(#seed: #result, #left_seed: &Self), quote!((#seed, #clone(#left_seed))))
                } else {
                    let none = quote!(#engine::rt::std::default::Default::default());
                    (quote!(#left_seed: &Self), quote!((#none, #clone(#left_seed))))
                };
                [
                    result.clone().into_token_stream(),
                    seeds,
                    given,
                    quote!((__given, __changed)),
                    quote!(__given),
                    quote!((__given_tangent, __changed_tangent)),
                    quote!((#result, #result)),
                    quote!((__given, __given_tangent)),
                ]
            }
        };
        let [result, seeds, given_seed, value, given, tangent_value, both, both_given] = pieces;
        quote! {
            #[doc = #doc] #[track_caller] #muted
            #visibility fn #vjp(#(#parameters,)* #seeds) -> (#result, #gradient_type) {
                let (#value, __gradient) = #of_vjp::<#constants>(#this, #(#rest,)* #given_seed);
                *self = __changed;
                (#given, __gradient)
            }
            #[doc = #doc_jvp] #[track_caller] #muted
            #visibility fn #jvp(#(#parameters,)* #tangent: &mut Self #(, #other_tangents)*) -> #both {
                let (#value, #tangent_value) = #of_jvp::<#constants>(
                    #this, #(#rest,)* #engine::rt::std::clone::Clone::clone(&*#tangent) #(, #other_names)*
                );
                *self = __changed;
                *#tangent = __changed_tangent;
                #both_given
            }
        }
    }

    /// The companions of a method that gives one number.
    fn methods_of_number(&self, method: &Method) -> TokenStream {
        let muted = muted();
        let Method { visibility, shown, .. } = method;
        let [grad, grad_add] = ["grad", "grad_add"].map(|suffix| Self::own_name(method, suffix));
        let (output, gradient_type) = (self.output(), self.gradient_type());
        let value = self.value_type();
        let given = self.wrapped(&quote!((#value, #gradient_type)));
        let parameters = self.parameters_of(method);
        let buffer = |parameter: &Parameter<'_>| {
            format_ident!("{}_gradient", self.parameter_name(parameter), span = Span::mixed_site())
        };
        let buffers: Vec<_> = self.differentiable().map(buffer).collect();
        let declared = self.differentiable().zip(&buffers).map(|(parameter, name)| {
            let ty = parameter.buffer(self.function, &self.names);
            quote!(#name: #ty)
        });
        let of_grad = self.companion_called(method, "grad", &TokenStream::new());
        let of_add = self.companion_called(method, "grad_add", &quote!(#(#buffers),*));
        let doc = format!("The value of [`{shown}`] and its gradient, that for `self` first.");
        let doc_add = format!(
            "The value of [`{shown}`]; its gradient is added into the buffers, one for each differentiable argument in order, \
             that for `self` first."
        );
        let (jvp, second) = (self.jvp_method(method), self.second_as_methods(method));
        quote! {
            #[doc = #doc] #[must_use] #muted
            #visibility fn #grad(#(#parameters),*) -> #given { #of_grad }
            #[doc = #doc_add] #[track_caller] #muted
            #visibility fn #grad_add(#(#parameters,)* #(#declared),*) -> #output { #of_add }
            #jvp
            #second
        }
    }

    /// The companions of a method that gives several numbers.
    fn methods_of_several(&self, method: &Method) -> TokenStream {
        let (engine, muted) = (&self.names.engine, muted());
        let Method { visibility, shown, .. } = method;
        let [vjp, jacobian] = ["vjp", "jacobian"].map(|suffix| Self::own_name(method, suffix));
        let (value, gradient_type) = (self.value_type(), self.gradient_type());
        let (given, rows) = (
            self.wrapped(&quote!((#value, #gradient_type))),
            self.wrapped(&quote!((#value, #engine::rt::std::vec::Vec<#gradient_type>))),
        );
        let parameters = self.parameters_of(method);
        let seed = Ident::new("seed", Span::mixed_site());
        let of_vjp = self.companion_called(method, "vjp", &quote!(#seed));
        let of_jacobian = self.companion_called(method, "jacobian", &TokenStream::new());
        let doc = format!(
            "The value of [`{shown}`], and the gradient of the sum of its numbers weighted by those of `seed`."
        );
        let doc_jacobian = format!(
            "The value of [`{shown}`] and its Jacobian: one gradient for each of its numbers, in reading order."
        );
        let jvp = self.jvp_method(method);
        quote! {
            #[doc = #doc] #[must_use] #[track_caller] #muted
            #visibility fn #vjp(#(#parameters,)* #seed: #value) -> #given { #of_vjp }
            #[doc = #doc_jacobian] #[must_use] #muted
            #visibility fn #jacobian(#(#parameters),*) -> #rows { #of_jacobian }
            #jvp
        }
    }

    /// Forward mode of a method that changes nothing.
    fn jvp_method(&self, method: &Method) -> TokenStream {
        let muted = muted();
        let Method { visibility, shown, .. } = method;
        let (jvp, value, parameters) =
            (Self::own_name(method, "jvp"), self.value_type(), self.parameters_of(method));
        let both = self.wrapped(&quote!((#value, #value)));
        let (tangents, names) = (self.tangents_declared(), self.tangents_passed_on());
        let of_jvp = self.companion_called(method, "jvp", &quote!(#(#names),*));
        let doc = format!(
            "The value of [`{shown}`] and its derivative in one direction: how fast it changes when the differentiable arguments \
             change as fast as their tangents say, that of `self` first."
        );
        quote! {
            #[doc = #doc] #[must_use] #[track_caller] #muted
            #visibility fn #jvp(#(#parameters,)* #(#tangents),*) -> #both { #of_jvp }
        }
    }

    /// The parameters as the method declares them.
    fn parameters_of(&self, method: &Method) -> Vec<TokenStream> {
        let mut parameters = self.declared();
        if let (Some(receiver), Some(first)) = (method.receiver, parameters.first_mut()) {
            *first = match receiver {
                Receiver::Reference => quote!(&self),
                Receiver::Value => quote!(self),
                Receiver::Changed(_) => quote!(&mut self),
            };
        }
        parameters
    }

    fn passed_on(&self, method: &Method) -> Vec<TokenStream> {
        let mut names: Vec<_> =
            self.function.parameters.iter().map(|parameter| parameter.name.to_token_stream()).collect();
        if let (Some(_), Some(first)) = (method.receiver, names.first_mut()) {
            *first = quote!(self);
        }
        names
    }

    /// A parameter as the user calls it.
    pub(in crate::emit) fn parameter_name(&self, parameter: &Parameter<'_>) -> String {
        let receiver = self.annotated.method.as_ref().is_some_and(|method| method.receiver.is_some());
        let is_first = self.function.parameters.first().is_some_and(|first| std::ptr::eq(first, parameter));
        if receiver && is_first { "self".to_owned() } else { unraw(parameter.name) }
    }

    /// The implementation of `Binary` or `Unary`.
    fn of_operator(&self, method: &Method, of: &OperatorOf) -> TokenStream {
        let (engine, item, here) = (&self.names.engine, self.name(), Span::mixed_site());
        let (owner, number, graph) = (&method.owner, of.operator.number(), &self.names.lifetime);
        let (declared, _, _) = method.generics.split_for_impl();
        let (output, values, constants) = (self.half_output(), self.values_output(), self.constants());
        let function = self.function_name();
        let function = quote!(#function::<#constants>);
        let clone = quote!(#engine::rt::std::clone::Clone::clone);
        let muted = muted();
        let (of_trait, operands) = match &of.right {
            Some(right) => {
                (quote!(Binary<#number, #right>), vec![("left", quote!(Self)), ("right", quote!(#right))])
            }
            None => (quote!(Unary<#number>), vec![("operand", quote!(Self))]),
        };
        let names: Vec<_> = operands.iter().map(|(name, _)| Ident::new(name, here)).collect();
        let types: Vec<_> = operands.iter().map(|(_, ty)| ty).collect();
        let gradients: Vec<_> =
            operands.iter().map(|(name, _)| Ident::new(&format!("{name}_gradient"), here)).collect();
        quote_spanned! {here=>
            #muted
            impl #declared #engine::rt::#of_trait for #owner {
                type Output = #output;
                type Values<#graph> = #values;
                #[inline]
                fn on_values<#graph: #graph, __M: #engine::rt::TraceMode, __E>(
                    __mode: __M, _: &'static #engine::trace::Site, __enter: impl FnOnce() -> __E,
                    #(#names: &<#types as #engine::rt::Differentiable>::Active<#graph>),*
                ) -> #values {
                    let _entry = __enter();
                    #item::__on::<__M, #constants>(__mode, #(#clone(#names)),*)
                }
                #[inline]
                fn forward(#(#names: &#types,)* __frame: &mut #engine::rt::Frame) -> #output {
                    #item::__forward::<#constants>(#function, __frame, #(#clone(#names)),*)
                }
                #[inline]
                fn reverse(
                    #(#names: &#types,)* __frame: &mut #engine::rt::Frame, __seed: &#output,
                    #(#gradients: &mut <#types as #engine::rt::Differentiable>::Gradient),*
                ) {
                    #item::__reverse::<#constants>(#function, __frame, #(#clone(#names),)* __seed, #(#gradients),*);
                }
            }
        }
    }
}
