//! How other functions call one that changes its parameters.

use super::{Left, Pieces};
use crate::emit::companions::Companions;
use crate::emit::types::{Purpose, lifetimes_on_values};
use crate::syntax::parse::{Change, Changing};
use crate::types::tree::Parameter;
use crate::types::ty::Ty;
use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, quote, quote_spanned};

impl Companions<'_, '_> {
    /// What other differentiable functions call: the function on values and its two halves, which change what they are given, and
    /// its adjoint, in place.
    pub(in crate::emit::companions) fn in_place(&self) -> Option<TokenStream> {
        let changing = self.annotated.changing.as_deref()?;
        let (pieces, name) = (self.pieces(changing), self.name());
        let called = self.called_in_place(changing, &pieces);
        let forward = self.forward_in_place(&pieces);
        let reverse = self.reverse_in_place(changing, &pieces);
        Some(quote!(impl #name { #called #forward #reverse }))
    }

    /// The user's function, as callers pass it along.
    fn passed_along(&self, pieces: &Pieces<'_>) -> TokenStream {
        let (engine, result) = (&self.names.engine, &pieces.result);
        let plain = pieces.originals.iter().map(|original| original.written);
        quote!(impl #engine::rt::std::ops::Fn(#(#plain),*) -> #result)
    }

    /// What checks that it is this function's.
    fn same(&self) -> TokenStream {
        let constants = self.constants();
        let comma = (!constants.is_empty()).then(|| quote!(,));
        quote_spanned!(Span::mixed_site()=> Self::__same::<#constants #comma _>(&__function);)
    }

    /// On values.
    fn called_in_place(&self, changing: &Changing, pieces: &Pieces<'_>) -> TokenStream {
        let (engine, here) = (&self.names.engine, Span::mixed_site());
        let on_values = lifetimes_on_values(&self.annotated.item.sig.generics, &self.names, self.function);
        let (constants, quiet, same) = (self.constants(), self.quiet(), self.same());
        let function = self.passed_along(pieces);
        let Pieces { originals, given, changed, left, first, value, .. } = pieces;
        let values = originals.iter().map(|original| {
            let (name, parameter) = (original.name(), original.parameter);
            let written = match &original.change {
                Some((Change::Data, _)) => original.written.to_token_stream(),
                Some((Change::Numbers, behind)) => self.behind_on_values(parameter, behind),
                Some((Change::Scratch, behind)) => {
                    let graph = &self.names.lifetime;
                    self.of_shape(behind, &quote!(Active<#graph>))
                }
                None => parameter.on_values(self.function, &self.names),
            };
            quote!(#name: #written)
        });
        // Of memory to work in the numbers go in.
        let given =
            originals.iter().zip(given).map(|(original, given)| match original.behind(Change::Scratch) {
                Some(_) => quote!(#engine::rt::Plain::plain(&#given)),
                None => given.clone(),
            });
        let result = match &changing.result {
            Some(result) => {
                let output = self.function.types.shallow(&self.function.output);
                // A tuple, of which the result is the first.
                let ty = match output.parts().first() {
                    Some(first) => (*first).clone(),
                    None => output,
                };
                Purpose::Values.of(self.function, &self.names, result, &ty)
            }
            None => quote!(()),
        };
        quote_spanned! {here=>
            #[doc(hidden)] #quiet #[track_caller]
            pub fn __called #on_values(
                __function: #function, __mode: impl #engine::rt::TraceMode #(, #values)*
            ) -> #result {
                #same
                let (#first #(#left,)*) = Self::__on::<_, #constants>(__mode #(, #given)*);
                #(#engine::rt::Leave::leave(#changed, #left);)*
                #value
            }
        }
    }

    /// The forward half.
    fn forward_in_place(&self, pieces: &Pieces<'_>) -> TokenStream {
        let (engine, here, own) = (&self.names.engine, Span::mixed_site(), self.function_name());
        let generics = &self.annotated.item.sig.generics;
        let (constants, quiet, same) = (self.constants(), self.quiet(), self.same());
        let function = self.passed_along(pieces);
        let Pieces { declared, given, changed, left, result, first, value, .. } = pieces;
        quote_spanned! {here=>
            #[doc(hidden)] #quiet #[track_caller]
            pub fn __forward #generics(
                __function: #function, __frame: &mut #engine::rt::Frame #(, #declared)*
            ) -> #result {
                #same
                let (#first #(#left,)*) = Self::__forward_owned::<#constants>(#own::<#constants>, __frame #(, #given)*);
                #(#engine::rt::Leave::leave(#changed, #left);)*
                #value
            }
        }
    }

    /// The reverse half. It is given what was there before.
    fn reverse_in_place(&self, changing: &Changing, pieces: &Pieces<'_>) -> TokenStream {
        let (engine, here, own) = (&self.names.engine, Span::mixed_site(), self.function_name());
        let generics = &self.annotated.item.sig.generics;
        let (constants, quiet, function) = (self.constants(), self.quiet(), self.passed_along(pieces));
        let Pieces { originals, given, lefts, result, .. } = pieces;
        let before = originals.iter().map(|original| {
            let (name, written) = (original.name(), original.written);
            match &original.change {
                Some((_, behind)) => quote!(#name: &#behind),
                None => quote!(#name: #written),
            }
        });
        let buffers: Vec<_> = (0..originals.len()).map(Self::half_buffer).collect();
        let declared = originals.iter().zip(&buffers).map(|(original, buffer)| {
            let parameter = original.parameter;
            let ty = match &original.change {
                Some((Change::Numbers, behind)) => self.adjoint_behind(parameter, behind),
                Some((Change::Scratch, behind)) => self.of_shape(behind, &quote!(Gradient)),
                None if parameter.is_differentiable() => parameter.buffer(self.function, &self.names),
                Some((Change::Data, _)) | None => quote!(impl #engine::rt::std::marker::Sized),
            };
            quote!(#buffer: #ty)
        });
        let seeds = lefts.iter().map(|Left { at, name, change, .. }| {
            let buffer = &buffers[*at];
            match change {
                Change::Numbers | Change::Scratch => quote!(#engine::rt::Changed::owned(&*#buffer),),
                Change::Data => quote!(#engine::rt::Changed::owned(&*#name),),
            }
        });
        // What went in of numbers is added to; nobody's numbers went into memory to work in.
        let numbered: Vec<_> = lefts.iter().filter(|left| left.change != Change::Data).collect();
        let of_numbered: Vec<_> = numbered.iter().map(|left| &buffers[left.at]).collect();
        let left: Vec<_> = numbered.iter().map(|left| &left.variable).collect();
        let names = numbered.iter().map(|left| left.name);
        let lent = originals.iter().enumerate().zip(&buffers).map(|((at, original), buffer)| {
            let left = lefts.iter().find(|left| left.at == at);
            match (original.behind(Change::Numbers), left) {
                (Some(_), Some(Left { variable, .. })) => quote!(&mut #variable),
                (None, Some(_)) => quote!(()),
                (Some(_) | None, None) => buffer.to_token_stream(),
            }
        });
        let seed = Ident::new("__seed", here);
        let of_result =
            changing.result.as_ref().map(|_| quote!(#engine::rt::std::clone::Clone::clone(#seed),));
        quote_spanned! {here=>
            #[doc(hidden)] #quiet
            pub fn __reverse #generics(
                _: #function, __frame: &mut #engine::rt::Frame #(, #before)*, #seed: &#result #(, #declared)*
            ) {
                #(let mut #left = #engine::rt::Shaped::unreached(#names);)*
                Self::__reverse_owned::<#constants>(
                    #own::<#constants>, __frame #(, #given)*,
                    &(#of_result #(#seeds)*) #(, #lent)*
                );
                #(#engine::rt::Leave::leave(#of_numbered, #left);)*
            }
        }
    }

    /// `&mut` of what the shape trait makes of memory to work in, whose numbers are no parameter's.
    fn of_shape(&self, behind: &syn::Type, what: &TokenStream) -> TokenStream {
        let engine = &self.names.engine;
        match behind {
            syn::Type::Slice(slice) => {
                let element = &slice.elem;
                quote!(&mut [<#element as #engine::rt::Differentiable>::#what])
            }
            ty => quote!(&mut <#ty as #engine::rt::Differentiable>::#what),
        }
    }

    /// `&mut` of what a parameter leads to, on values.
    fn behind_on_values(&self, parameter: &Parameter<'_>, behind: &syn::Type) -> TokenStream {
        match (behind, self.function.types.shallow(&parameter.ty)) {
            (syn::Type::Slice(slice), Ty::Sequence(_, element)) => {
                let element = Purpose::Values.of(self.function, &self.names, &slice.elem, &element);
                quote!(&mut [#element])
            }
            (_, ty) => {
                let ty = Purpose::Values.of(self.function, &self.names, behind, &ty);
                quote!(&mut #ty)
            }
        }
    }

    /// `&mut` of its adjoint.
    fn adjoint_behind(&self, parameter: &Parameter<'_>, behind: &syn::Type) -> TokenStream {
        match (behind, self.function.types.shallow(&parameter.ty)) {
            (syn::Type::Slice(slice), Ty::Sequence(_, element)) => {
                let element = Purpose::Gradient.of(self.function, &self.names, &slice.elem, &element);
                quote!(&mut [#element])
            }
            (_, ty) => {
                let ty = Purpose::Gradient.of(self.function, &self.names, behind, &ty);
                quote!(&mut #ty)
            }
        }
    }
}
