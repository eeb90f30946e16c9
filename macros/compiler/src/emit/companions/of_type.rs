//! What a method has besides: its companions as methods, and the trait by which other functions call it.

use super::{Companions, erased};
use crate::emit::carried::muted;
use crate::syntax::callee::{number_of, number_of_changing};
use crate::syntax::ident::unraw;
use crate::syntax::parse::{Method, OperatorOf, Receiver};
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
        let (companions, called) = (self.as_methods(method), self.of_trait(method));
        Some(quote!(#companions #called))
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
            (Some(Receiver::Changed), _) => self.changing_methods(method),
            (_, true) => self.methods_of_number(method),
            (_, false) => self.methods_of_several(method),
        };
        let graph = Self::own_name(method, "graph");
        let (mut parameters, constants) = (self.parameters_of(method), self.constants());
        let of_graph = match method.receiver {
            // The graph of what it would do: nothing is changed.
            Some(Receiver::Changed) => {
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
        let seed = Ident::new("seed", Span::mixed_site());
        let doc = format!(
            "Changes `self` as [`{shown}`] does. Returns the gradient of the sum of its final numbers weighted by those of \
             `seed`, with respect to what went in: that for `self` first."
        );
        let doc_jvp = format!(
            "Changes `self` as [`{shown}`] does, and its tangent to that of what is left: how fast that changes when what goes in \
             changes as fast as the tangents say."
        );
        quote! {
            #[doc = #doc] #[track_caller] #muted
            #visibility fn #vjp(#(#parameters,)* #seed: &Self) -> ((), #gradient_type) {
                let (__changed, __gradient) =
                    #of_vjp::<#constants>(#this, #(#rest,)* #engine::rt::std::clone::Clone::clone(#seed));
                *self = __changed;
                ((), __gradient)
            }
            #[doc = #doc_jvp] #[track_caller] #muted
            #visibility fn #jvp(#(#parameters,)* #tangent: &mut Self #(, #other_tangents)*) {
                let (__changed, __tangent) = #of_jvp::<#constants>(
                    #this, #(#rest,)* #engine::rt::std::clone::Clone::clone(&*#tangent) #(, #other_names)*
                );
                *self = __changed;
                *#tangent = __tangent;
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
                Receiver::Changed => quote!(&mut self),
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

    /// The implementation of `Method` or `Associated`.
    fn of_trait(&self, method: &Method) -> TokenStream {
        let (engine, item, here) = (&self.names.engine, self.name(), Span::mixed_site());
        let Method { owner, generics, receiver, .. } = method;
        let (declared, _, _) = generics.split_for_impl();
        let number = match receiver {
            Some(Receiver::Changed) => number_of_changing(&method.name),
            Some(Receiver::Reference | Receiver::Value) | None => number_of(&method.name),
        };
        let graph = &self.names.lifetime;
        let rest = &self.function.parameters[usize::from(receiver.is_some())..];
        let names: Vec<_> = rest.iter().map(|parameter| parameter.name).collect();
        let arguments = rest.iter().map(|parameter| with_lifetimes(&parameter.written.to_token_stream()));
        let given = rest.iter().map(|parameter| {
            if parameter.is_differentiable() {
                with_lifetimes(&parameter.on_values(self.function, &self.names))
            } else {
                with_lifetimes(&parameter.written.to_token_stream())
            }
        });
        let buffers = rest.iter().map(|parameter| {
            let ty = self.lent_buffer(parameter);
            quote!(#engine::rt::Lent<'a, #ty>)
        });
        let lent: Vec<_> = (0..rest.len()).map(|at| Ident::new(&format!("__lent{at}"), here)).collect();
        let scratch: Vec<_> = (0..rest.len()).map(|at| Ident::new(&format!("__scratch{at}"), here)).collect();
        let taken = rest.iter().zip(lent.iter().zip(&scratch)).map(|(parameter, (lent, scratch))| {
            if !parameter.is_differentiable() {
                return quote!(let #lent = (););
            }
            let (name, ty) = (parameter.name, self.lent_buffer(parameter));
            quote! {
                let mut #scratch;
                let #lent: &mut #ty = match #lent {
                    #engine::rt::Lent::Into(__buffer) => __buffer,
                    #engine::rt::Lent::Nobody => {
                        #scratch = #engine::rt::scratch(&#name);
                        &mut #scratch
                    }
                };
            }
        });
        let taken: TokenStream = taken.collect();
        let (output, values) = (self.half_output(), self.values_output());
        let constants = self.constants();
        let function = self.function_name();
        let function = quote!(#function::<#constants>);
        let (this, of_this) = (Ident::new("__this", here), self.receiver_of(method));
        let (declared_this, declared_values, gradient, own) = match receiver {
            Some(_) => (
                quote!(#this: &Self,),
                quote!(#this: &Self::Active<#graph>,),
                quote!(__gradient: &mut Self::Gradient,),
                quote!(__gradient,),
            ),
            None => (TokenStream::new(), TokenStream::new(), TokenStream::new(), TokenStream::new()),
        };
        let of_trait = Ident::new(if receiver.is_some() { "Method" } else { "Associated" }, here);
        let muted = muted();
        quote_spanned! {here=>
            #muted
            impl #declared #engine::rt::#of_trait<#number> for #owner {
                type Item = #item;
                type Arguments<'a> = (#(#arguments,)*);
                type Given<'a, #graph: 'a> = (#(#given,)*);
                type Buffers<'a> = (#(#buffers,)*);
                type Output = #output;
                type Values<#graph> = #values;
                #[inline]
                fn on_values<'a, #graph: 'a, __M: #engine::rt::TraceMode>(
                    __mode: __M, #declared_values __given: Self::Given<'a, #graph>,
                ) -> #values {
                    let (#(#names,)*) = __given;
                    #item::__on::<__M, #constants>(__mode, #of_this #(#names),*)
                }
                #[inline]
                fn forward(#declared_this __arguments: Self::Arguments<'_>, __frame: &mut #engine::rt::Frame) -> #output {
                    let (#(#names,)*) = __arguments;
                    #item::__forward::<#constants>(#function, __frame, #of_this #(#names),*)
                }
                #[inline]
                fn reverse(
                    #declared_this __arguments: Self::Arguments<'_>, __frame: &mut #engine::rt::Frame, __seed: &#output,
                    #gradient __buffers: Self::Buffers<'_>,
                ) {
                    let (#(#names,)*) = __arguments;
                    let (#(#lent,)*) = __buffers;
                    #taken
                    #item::__reverse::<#constants>(#function, __frame, #of_this #(#names,)* __seed, #own #(#lent),*);
                }
            }
        }
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

    /// The receiver as the function takes it, with a comma.
    fn receiver_of(&self, method: &Method) -> TokenStream {
        let (engine, this) = (&self.names.engine, Ident::new("__this", Span::mixed_site()));
        match method.receiver {
            None => TokenStream::new(),
            Some(Receiver::Reference) => quote!(#this,),
            Some(Receiver::Value | Receiver::Changed) => {
                quote!(#engine::rt::std::clone::Clone::clone(#this),)
            }
        }
    }

    /// What the gradient of a parameter is added into, behind the reference.
    fn lent_buffer(&self, parameter: &Parameter<'_>) -> TokenStream {
        if !parameter.is_differentiable() {
            return quote!(());
        }
        let ty = parameter.buffer(self.function, &self.names);
        match syn::parse2::<syn::TypeReference>(ty) {
            Ok(reference) => with_lifetimes(&erased(&reference.elem).into_token_stream()),
            Err(_) => TokenStream::new(),
        }
    }
}

/// A type whose references live as long as `'a`.
pub(in crate::emit) fn with_lifetimes(ty: &TokenStream) -> TokenStream {
    struct Name;
    impl syn::visit_mut::VisitMut for Name {
        fn visit_type_reference_mut(&mut self, reference: &mut syn::TypeReference) {
            reference.lifetime.get_or_insert_with(|| syn::Lifetime::new("'_", Span::mixed_site()));
            syn::visit_mut::visit_type_reference_mut(self, reference);
        }
        fn visit_lifetime_mut(&mut self, lifetime: &mut syn::Lifetime) {
            if lifetime.ident == "_" || lifetime.ident == "__lent" {
                *lifetime = syn::Lifetime::new("'a", Span::mixed_site());
            }
        }
    }
    match syn::parse2::<syn::Type>(ty.clone()) {
        Ok(mut ty) => {
            syn::visit_mut::VisitMut::visit_type_mut(&mut Name, &mut ty);
            ty.into_token_stream()
        }
        Err(_) => ty.clone(),
    }
}
