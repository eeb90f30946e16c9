//! `f_grad` and `f_grad_add`, and what stands in their place where a function has several values.

use super::Companions;
use crate::emit::carried::Carried;
use crate::syntax::ident::unraw;
use crate::types::tree::Parameter;
use proc_macro2::{Span, TokenStream};
use quote::{format_ident, quote, quote_spanned};

impl Companions<'_, '_> {
    pub(super) fn grad(&self) -> TokenStream {
        let name = unraw(self.function_name());
        let doc = format!(
            "The value of [`{name}`](fn@{name}) and its gradient.\n\nThe gradient has the shape of the differentiable argument, or \
             is a tuple of such shapes in argument order. The cost is that of a few calls of `{name}`."
        );
        let (head, parameters) = (self.head("grad", &doc), self.declared());
        if let Some(printer) = self.printer() {
            return self.compiled_grad(&head, &printer);
        }
        let (output, gradient_type, gradient) = (self.value_type(), self.gradient_type(), self.gradient());
        let root = self.single_root();
        let body = quote_spanned! {Span::mixed_site()=>
            #root
            __root.backward();
            (__root.data(), #gradient)
        };
        let (body, bound) = (self.lean(&body), self.single_bound());
        let given = self.wrapped(&quote!((#output, #gradient_type)));
        quote!(#head(#(#parameters),*) -> #given #bound { #body })
    }

    pub(super) fn grad_add(&self) -> TokenStream {
        let engine = &self.names.engine;
        let name = unraw(self.function_name());
        let doc = format!(
            "The value of [`{name}`](fn@{name}); its gradient is added into the buffers, one for each differentiable argument in \
             order.\n\n# Panics\n\nIf a buffer has another length than its argument."
        );
        let (head, parameters, output) = (self.head("grad_add", &doc), self.declared(), self.output());
        if let Some(printer) = self.printer() {
            return self.compiled_grad_add(&head, &printer);
        }
        let buffer = |parameter: &Parameter<'_>| {
            format_ident!("{}_gradient", unraw(parameter.name), span = Span::mixed_site())
        };
        let buffers = self.differentiable().map(|parameter| {
            let (buffer, ty) = (buffer(parameter), parameter.buffer(self.function, &self.names));
            quote!(#buffer: #ty)
        });
        let adds = self.differentiable().map(|parameter| {
            let (buffer, kept) = (buffer(parameter), Self::kept(parameter));
            quote!(#engine::rt::add_gradient(&#kept, #buffer);)
        });
        let root = self.single_root();
        let body = quote_spanned! {Span::mixed_site()=>
            #root
            __root.backward();
            #(#adds)*
            __root.data()
        };
        let (body, bound) = (self.lean(&body), self.single_bound());
        quote!(#[track_caller] #head(#(#parameters,)* #(#buffers),*) -> #output #bound { #body })
    }

    /// `root` is the one value of the function.
    pub(in crate::emit) fn single_root(&self) -> TokenStream {
        let (engine, here) = (&self.names.engine, Span::mixed_site());
        if !self.function.may_be_several() {
            return quote_spanned!(here=> let __root = __value;);
        }
        let output = self.value_type();
        quote_spanned!(here=> let __root = <#output as #engine::rt::SingleValue<&()>>::single(__value);)
    }

    /// What the type of the result must be, where only rustc can tell.
    pub(in crate::emit) fn single_bound(&self) -> TokenStream {
        if !self.function.may_be_several() {
            return TokenStream::new();
        }
        let (engine, output) = (&self.names.engine, self.value_type());
        quote!(where for<'marker> #output: #engine::rt::SingleValue<&'marker ()>)
    }

    /// `f_grad` of a function with several values answers why there is none.
    pub(super) fn no_grad(&self) -> TokenStream {
        let (engine, output) = (&self.names.engine, self.value_type());
        let (quiet, gates) = (self.quiet(), Carried::Gates.of(&self.annotated.item.attrs));
        let visibility = &self.annotated.item.vis;
        let (grad, grad_add) = (self.companion("grad"), self.companion("grad_add"));
        let mut generics = self.annotated.item.sig.generics.clone();
        generics.params.insert(0, syn::parse_quote!('__marker));
        let parameters = self.declared();
        let buffers = self.differentiable().map(|parameter| {
            let ty = parameter.buffer(self.function, &self.names);
            quote!(_: #ty)
        });
        // What it gives is behind the bound too, so that rustc has nothing to say about what is made of it.
        let single = quote!(#engine::rt::SingleValue<&'__marker ()>);
        let result = quote!(-> <#output as #single>::Nothing where #output: #single { #engine::rt::std::unreachable!() });
        quote! {
            #gates #[doc(hidden)] #quiet
            #visibility fn #grad #generics(#(#parameters),*) #result
            #gates #[doc(hidden)] #quiet
            #visibility fn #grad_add #generics(#(#parameters,)* #(#buffers),*) #result
        }
    }
}
