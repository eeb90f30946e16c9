//! The traits by which other functions call a method or a function of a type.

use crate::emit::carried::muted;
use crate::emit::companions::{Companions, erased};
use crate::syntax::callee::{number_of, number_of_changing};
use crate::syntax::parse::{Method, Receiver};
use crate::types::tree::Parameter;
use proc_macro2::{Ident, Literal, Span, TokenStream};
use quote::{ToTokens, quote, quote_spanned};

/// The pieces that the implementations share.
struct Pieces<'m> {
    method: &'m Method,
    receiver: Option<Receiver>,
    /// What the traits call it.
    number: Literal,
    /// The parameters but for the receiver: their names, and variables for their buffers.
    names: Vec<&'m Ident>,
    lent: Vec<Ident>,
    /// What takes the buffers.
    taken: TokenStream,
    /// The function that stands for the method, and the receiver as it takes it, with a comma.
    function: TokenStream,
    of_this: TokenStream,
    /// The gradient of the receiver as a parameter and as an argument, with commas.
    declared_gradient: TokenStream,
    gradient: TokenStream,
}

impl Companions<'_, '_> {
    fn called_pieces<'m>(&'m self, method: &'m Method, receiver: Option<Receiver>) -> Pieces<'m> {
        let (engine, here) = (&self.names.engine, Span::mixed_site());
        let rest = &self.function.parameters[usize::from(receiver.is_some())..];
        let lent: Vec<_> = (0..rest.len()).map(|at| Ident::new(&format!("__lent{at}"), here)).collect();
        let taken = rest.iter().zip(&lent).enumerate().map(|(at, (parameter, lent))| {
            if !parameter.is_differentiable() {
                return quote!(let #lent = (););
            }
            let (name, ty) = (parameter.name, self.lent_buffer(parameter));
            let scratch = Ident::new(&format!("__scratch{at}"), here);
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
        let taken = taken.collect();
        let (function, constants) = (self.function_name(), self.constants());
        let (declared_gradient, gradient) = match receiver {
            Some(_) => (quote!(__gradient: &mut Self::Gradient,), quote!(__gradient,)),
            None => (TokenStream::new(), TokenStream::new()),
        };
        Pieces {
            method,
            receiver,
            number: match receiver {
                Some(Receiver::Changed(gives)) => number_of_changing(&method.name, gives),
                Some(Receiver::Reference | Receiver::Value) | None => number_of(&method.name),
            },
            names: rest.iter().map(|parameter| parameter.name).collect(),
            lent,
            taken,
            function: quote!(#function::<#constants>),
            of_this: self.receiver_of(receiver),
            declared_gradient,
            gradient,
        }
    }

    /// The implementation of `Method`, or of `Associated` where the receiver is a parameter like any other.
    pub(super) fn of_trait(&self, method: &Method, receiver: Option<Receiver>) -> TokenStream {
        let pieces = self.called_pieces(method, receiver);
        let (engine, item, here) = (&self.names.engine, self.name(), Span::mixed_site());
        let failing = self.fallible().map(|_| self.of_failing_trait(&pieces));
        let Pieces { number, names, lent, taken, function, of_this, declared_gradient, gradient, .. } =
            &pieces;
        let (owner, (declared, _, _)) = (&method.owner, method.generics.split_for_impl());
        let graph = &self.names.lifetime;
        let rest = &self.function.parameters[usize::from(receiver.is_some())..];
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
        let (output, values, constants) = (self.half_output(), self.values_output(), self.constants());
        let this = Ident::new("__this", here);
        let declared_this = receiver.map(|_| quote!(#this: &Self,));
        let declared_values = receiver.map(|_| quote!(#this: &Self::Active<#graph>,));
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
                    #declared_gradient __buffers: Self::Buffers<'_>,
                ) {
                    let (#(#names,)*) = __arguments;
                    let (#(#lent,)*) = __buffers;
                    #taken
                    #item::__reverse::<#constants>(#function, __frame, #of_this #(#names,)* __seed, #gradient #(#lent),*);
                }
            }
            #failing
        }
    }

    /// The implementation of `FailingMethod` or `FailingAssociated`.
    fn of_failing_trait(&self, pieces: &Pieces<'_>) -> TokenStream {
        let (engine, item, here) = (&self.names.engine, self.name(), Span::mixed_site());
        let Pieces {
            method,
            receiver,
            number,
            names,
            lent,
            taken,
            function,
            of_this,
            declared_gradient,
            gradient,
        } = pieces;
        let (owner, (declared, _, _)) = (&method.owner, method.generics.split_for_impl());
        let of_trait =
            Ident::new(if receiver.is_some() { "FailingMethod" } else { "FailingAssociated" }, here);
        let (value, whole) = (self.value_type(), with_lifetimes(&self.output()));
        let (this, constants, muted) = (Ident::new("__this", here), self.constants(), muted());
        let forward_this = receiver.map(|_| quote!(#this: &'a Self,));
        let reverse_this = receiver.map(|_| quote!(#this: &Self,));
        quote_spanned! {here=>
            #muted
            impl #declared #engine::rt::#of_trait<#number> for #owner {
                type Value = #value;
                type Whole<'a> = #whole;
                #[inline]
                fn try_forward<'a>(
                    #forward_this __arguments: Self::Arguments<'a>, __frame: &mut #engine::rt::Frame,
                ) -> Self::Whole<'a> {
                    let (#(#names,)*) = __arguments;
                    #item::__try_forward::<#constants>(#function, __frame, #of_this #(#names),*)
                }
                #[inline]
                fn try_reverse(
                    #reverse_this __arguments: Self::Arguments<'_>, __frame: &mut #engine::rt::Frame,
                    __seed: &#value, #declared_gradient __buffers: Self::Buffers<'_>,
                ) {
                    let (#(#names,)*) = __arguments;
                    let (#(#lent,)*) = __buffers;
                    #taken
                    #item::__try_reverse::<#constants>(
                        #function, __frame, #of_this #(#names,)* __seed, #gradient #(#lent),*
                    );
                }
            }
        }
    }

    /// The receiver as the function takes it, with a comma.
    fn receiver_of(&self, receiver: Option<Receiver>) -> TokenStream {
        let (engine, this) = (&self.names.engine, Ident::new("__this", Span::mixed_site()));
        match receiver {
            None => TokenStream::new(),
            Some(Receiver::Reference) => quote!(#this,),
            Some(Receiver::Value | Receiver::Changed(_)) => {
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
