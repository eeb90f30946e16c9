//! The companions of a function with `&mut` parameters, and how other functions call it: in terms of the function that stands for
//! it, which takes what the parameters lead to and gives what is left of it.

use super::{Companions, erased};
use crate::emit::carried::Carried;
use crate::emit::types::{Purpose, lifetimes_on_values};
use crate::syntax::ident::unraw;
use crate::syntax::parse::Changing;
use crate::types::check::may_hold_floats;
use crate::types::tree::Parameter;
use crate::types::ty::Ty;
use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, format_ident, quote, quote_spanned};

/// A parameter as the user wrote it.
struct Original<'f> {
    parameter: &'f Parameter<'f>,
    written: &'f syn::Type,
    /// What it leads to, if it is changed.
    behind: Option<syn::Type>,
}

/// The pieces of which its functions are made.
struct Pieces<'f> {
    originals: Vec<Original<'f>>,
    /// The parameters.
    declared: Vec<TokenStream>,
    /// The arguments of the function that stands for it: what is changed is copied.
    given: Vec<TokenStream>,
    /// The parameters that are changed, and variables for what is left of them.
    changed: Vec<&'f Ident>,
    left: Vec<Ident>,
    /// What it returns: its type, a pattern for it in front of what is left, and its value.
    result: TokenStream,
    first: Option<TokenStream>,
    value: TokenStream,
}

impl Companions<'_, '_> {
    fn pieces<'c>(&'c self, changing: &'c Changing) -> Pieces<'c> {
        let (engine, here) = (&self.names.engine, Span::mixed_site());
        let originals = self.originals(changing);
        let declare = |original: &Original<'c>| {
            let (name, written) = (original.parameter.name, original.written);
            quote!(#name: #written)
        };
        let give = |original: &Original<'c>| {
            let name = original.parameter.name;
            match original.behind {
                Some(_) => quote!(#engine::rt::Changed::owned(&*#name)),
                None => name.to_token_stream(),
            }
        };
        let changed = originals.iter().filter(|original| original.behind.is_some());
        let changed: Vec<_> = changed.map(|original| original.parameter.name).collect();
        let value = Ident::new("__value", here);
        Pieces {
            declared: originals.iter().map(declare).collect(),
            given: originals.iter().map(give).collect(),
            left: (0..changed.len()).map(|at| Ident::new(&format!("left{at}"), here)).collect(),
            changed,
            result: changing.result.as_ref().map_or(quote!(()), ToTokens::to_token_stream),
            first: changing.result.as_ref().map(|_| quote!(#value,)),
            value: changing.result.as_ref().map_or(quote!(()), |_| value.to_token_stream()),
            originals,
        }
    }

    fn originals<'c>(&'c self, changing: &'c Changing) -> Vec<Original<'c>> {
        let inputs = changing.item.sig.inputs.iter();
        inputs
            .zip(&self.function.parameters)
            .filter_map(|(input, parameter)| {
                let syn::FnArg::Typed(argument) = input else { return None };
                let behind = match &*argument.ty {
                    syn::Type::Reference(reference)
                        if reference.mutability.is_some() && parameter.is_differentiable() =>
                    {
                        Some(erased(&reference.elem))
                    }
                    _ => None,
                };
                Some(Original { parameter, written: &argument.ty, behind })
            })
            .collect()
    }

    /// `f_vjp`, `f_jacobian`, `f_jvp` and `f_graph` of a function that changes its parameters.
    pub(super) fn of_changing(&self) -> Option<TokenStream> {
        let changing = self.annotated.changing.as_deref()?;
        let (engine, here) = (&self.names.engine, Span::mixed_site());
        let item = &changing.item;
        let (user, name) = (&changing.user, &item.sig.ident);
        let text = unraw(name);
        let (visibility, generics) = (&item.vis, &item.sig.generics);
        let (quiet, carried) = (super::muted(), Carried::Notices.of(&item.attrs));
        let pieces = self.pieces(changing);
        let jvp = self.jvp_of_changing(item, &pieces);
        let Pieces { originals, declared, given, changed, left, result, first, value } = pieces;
        let looked_at = originals.iter().map(|Original { parameter, written, behind }| {
            let name = parameter.name;
            match behind {
                Some(behind) => quote!(#name: &#behind),
                None => quote!(#name: #written),
            }
        });
        let seeds: Vec<_> =
            changed.iter().map(|name| format_ident!("{}_seed", unraw(name), span = here)).collect();
        let declared_seeds =
            originals.iter().filter_map(|original| original.behind.as_ref()).zip(&seeds).map(|(ty, seed)| {
                match element_of_vec(ty) {
                    Some(element) => quote!(#seed: &[#element]),
                    None => quote!(#seed: &#ty),
                }
            });
        let seed = Ident::new("seed", here);
        let has_seed = changing.result.as_ref().is_some_and(may_hold_floats);
        let declared_seed = has_seed.then(|| quote!(#seed: #result,));
        let given_seed = match (has_seed, &changing.result) {
            (true, _) => quote!(#seed,),
            (false, Some(_)) => quote!(#engine::rt::std::default::Default::default(),),
            (false, None) => TokenStream::new(),
        };
        let constants = self.constants();
        let gradient_type = self.gradient_type();
        let [vjp, jacobian, graph] = ["vjp", "jacobian", "graph"]
            .map(|suffix| format_ident!("{}_{suffix}", name, span = super::at(name.span())));
        let [of_vjp, of_jacobian, of_graph] =
            ["vjp", "jacobian", "graph"].map(|suffix| self.companion(suffix));
        let doc_vjp = format!(
            "Runs [`{text}`](fn@{text}), which changes its arguments. Returns its value, and the gradient, with respect to what went \
             in, of the sum of the numbers that it leaves, weighted by those of the seeds: one for each `&mut` parameter, of the shape \
             of what it leads to at the end.\n\n# Panics\n\nIf a seed has another length than what it is the seed of."
        );
        let doc_jacobian = format!(
            "Runs [`{text}`](fn@{text}), which changes its arguments. Returns its value, and one gradient for each of the numbers \
             that it gives and leaves, in reading order."
        );
        let doc_graph = format!(
            "The graph of one call of [`{text}`](fn@{text}), every node linked to the expression it came from. Nothing is changed."
        );
        let renamed = self.annotated.written().renamed.map(|renamed| {
            let arguments = originals.iter().map(|original| original.parameter.name);
            let doc =
                format!("[`{text}`](fn@{text}) under the name by which other differentiable functions call it.");
            quote! {
                #carried #[doc = #doc] #quiet #[inline] #[track_caller]
                #visibility fn #renamed #generics(#(#declared),*) -> #result { #name::<#constants>(#(#arguments),*) }
            }
        });
        Some(quote_spanned! {here=>
            #user
            #renamed
            #carried #[doc = #doc_vjp] #quiet #[track_caller]
            #visibility fn #vjp #generics(#(#declared,)* #declared_seed #(#declared_seeds),*) -> (#result, #gradient_type) {
                let ((#first #(#left,)*), __gradient) = #of_vjp::<#constants>(
                    #(#given,)* (#given_seed #(#engine::rt::Changed::owned(#seeds),)*)
                );
                #(#engine::rt::Leave::leave(#changed, #left);)*
                (#value, __gradient)
            }
            #carried #[doc = #doc_jacobian] #quiet #[track_caller]
            #visibility fn #jacobian #generics(#(#declared),*) -> (#result, #engine::rt::std::vec::Vec<#gradient_type>) {
                let ((#first #(#left,)*), __rows) = #of_jacobian::<#constants>(#(#given),*);
                #(#engine::rt::Leave::leave(#changed, #left);)*
                (#value, __rows)
            }
            #jvp
            #carried #[doc = #doc_graph] #[must_use] #quiet
            #visibility fn #graph #generics(#(#looked_at),*) -> #engine::Trace {
                #of_graph::<#constants>(#(#given),*)
            }
        })
    }

    /// `f_jvp`.
    fn jvp_of_changing(&self, item: &syn::ItemFn, pieces: &Pieces<'_>) -> TokenStream {
        let (engine, here) = (&self.names.engine, Span::mixed_site());
        let Pieces { originals, declared, given, changed, left, result, first, value } = pieces;
        let (visibility, generics, name) = (&item.vis, &item.sig.generics, &item.sig.ident);
        let (quiet, carried) = (super::muted(), Carried::Notices.of(&item.attrs));
        let text = unraw(name);
        let doc = format!(
            "Runs [`{text}`](fn@{text}), which changes its arguments, and changes their tangents to those of what it leaves: how fast \
             that changes when what goes in changes as fast as the tangents say. Returns its value and the tangent of the \
             value.\n\n# Panics\n\nIf a tangent has another length than its argument."
        );
        let mut owned = self.tangents_declared().into_iter();
        let (mut tangents, mut given_tangents, mut changed_tangents) = (Vec::new(), Vec::new(), Vec::new());
        for Original { parameter, behind, .. } in originals.iter().filter(|o| o.parameter.is_differentiable())
        {
            let (name, declared) = (self.tangent_name(parameter), owned.next());
            match behind {
                Some(behind) => {
                    tangents.push(quote!(#name: &mut #behind));
                    given_tangents.push(quote!(#engine::rt::Changed::owned(&*#name)));
                    changed_tangents.push(name);
                }
                None => {
                    tangents.extend(declared);
                    given_tangents.push(name.into_token_stream());
                }
            }
        }
        let left_tangents: Vec<_> =
            (0..changed.len()).map(|at| Ident::new(&format!("left_tangent{at}"), here)).collect();
        let tangent = Ident::new("__tangent", here);
        let first_tangent = first.as_ref().map(|_| quote!(#tangent,));
        let (results, both) = match first {
            Some(_) => (quote!((#result, #result)), quote!((#value, #tangent))),
            None => (quote!(()), quote!(())),
        };
        let [jvp, of_jvp] =
            [format_ident!("{}_jvp", name, span = super::at(name.span())), self.companion("jvp")];
        let constants = self.constants();
        quote_spanned! {here=>
            #carried #[doc = #doc] #quiet #[track_caller]
            #visibility fn #jvp #generics(#(#declared,)* #(#tangents),*) -> #results {
                let ((#first #(#left,)*), (#first_tangent #(#left_tangents,)*)) =
                    #of_jvp::<#constants>(#(#given,)* #(#given_tangents),*);
                #(#engine::rt::Leave::leave(#changed, #left);)*
                #(#engine::rt::Leave::leave(#changed_tangents, #left_tangents);)*
                #both
            }
        }
    }

    /// What other differentiable functions call: the function on values and its two halves, which change what they are given, and
    /// its adjoint, in place.
    pub(super) fn in_place(&self) -> Option<TokenStream> {
        let changing = self.annotated.changing.as_deref()?;
        let (engine, here) = (&self.names.engine, Span::mixed_site());
        let (name, own) = (self.name(), self.function_name());
        let generics = &self.annotated.item.sig.generics;
        let on_values = lifetimes_on_values(generics, &self.names, self.function);
        let (constants, quiet) = (self.constants(), self.quiet());
        let Pieces { originals, declared, given, changed, left, result, first, value } =
            self.pieces(changing);
        let plain: Vec<_> = originals.iter().map(|original| original.written).collect();
        let function = quote!(impl #engine::rt::std::ops::Fn(#(#plain),*) -> #result);
        let values = originals.iter().map(|Original { parameter, behind, .. }| {
            let name = parameter.name;
            let written = match behind {
                Some(behind) => self.behind_on_values(parameter, behind),
                None => parameter.on_values(self.function, &self.names),
            };
            quote!(#name: #written)
        });
        let values_result = match &changing.result {
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
        // The reverse half is given what was there before.
        let before = originals.iter().map(|Original { parameter, written, behind }| {
            let name = parameter.name;
            match behind {
                Some(behind) => quote!(#name: &#behind),
                None => quote!(#name: #written),
            }
        });
        let buffers: Vec<_> = (0..originals.len()).map(Self::half_buffer).collect();
        let declared_buffers = originals.iter().zip(&buffers).map(|(original, buffer)| {
            let parameter = original.parameter;
            let ty = match &original.behind {
                Some(behind) => self.adjoint_behind(parameter, behind),
                None if parameter.is_differentiable() => parameter.buffer(self.function, &self.names),
                None => quote!(impl #engine::rt::std::marker::Sized),
            };
            quote!(#buffer: #ty)
        });
        let of_changed: Vec<_> = originals
            .iter()
            .zip(&buffers)
            .filter(|(original, _)| original.behind.is_some())
            .map(|(_, buffer)| buffer)
            .collect();
        let mut next = left.iter();
        let lent = originals.iter().zip(&buffers).map(|(original, buffer)| match original.behind {
            Some(_) => {
                let left = next.next();
                quote!(&mut #left)
            }
            None => buffer.to_token_stream(),
        });
        let comma = (!constants.is_empty()).then(|| quote!(,));
        let same = quote!(#constants #comma _);
        let seed = Ident::new("__seed", here);
        let given_seed =
            changing.result.as_ref().map(|_| quote!(#engine::rt::std::clone::Clone::clone(#seed),));
        Some(quote_spanned! {here=>
            impl #name {
                #[doc(hidden)] #quiet #[track_caller]
                pub fn __called #on_values(
                    __function: #function, __mode: impl #engine::rt::TraceMode #(, #values)*
                ) -> #values_result {
                    Self::__same::<#same>(&__function);
                    let (#first #(#left,)*) = Self::__on::<_, #constants>(__mode #(, #given)*);
                    #(#engine::rt::Leave::leave(#changed, #left);)*
                    #value
                }
                #[doc(hidden)] #quiet
                pub fn __forward #generics(
                    __function: #function, __frame: &mut #engine::rt::Frame #(, #declared)*
                ) -> #result {
                    Self::__same::<#same>(&__function);
                    let (#first #(#left,)*) = Self::__forward_owned::<#constants>(#own::<#constants>, __frame #(, #given)*);
                    #(#engine::rt::Leave::leave(#changed, #left);)*
                    #value
                }
                #[doc(hidden)] #quiet
                pub fn __reverse #generics(
                    _: #function, __frame: &mut #engine::rt::Frame #(, #before)*, #seed: &#result #(, #declared_buffers)*
                ) {
                    #(let mut #left = #engine::rt::Shaped::unreached(#changed);)*
                    Self::__reverse_owned::<#constants>(
                        #own::<#constants>, __frame #(, #given)*,
                        &(#given_seed #(#engine::rt::Changed::owned(&*#of_changed),)*) #(, #lent)*
                    );
                    #(#engine::rt::Leave::leave(#of_changed, #left);)*
                }
            }
        })
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

/// What a `Vec` holds.
fn element_of_vec(ty: &syn::Type) -> Option<&syn::Type> {
    let syn::Type::Path(path) = ty else { return None };
    let last = path.path.segments.last()?;
    let syn::PathArguments::AngleBracketed(arguments) = &last.arguments else { return None };
    let mut elements = arguments.args.iter().filter_map(|argument| match argument {
        syn::GenericArgument::Type(element) => Some(element),
        _ => None,
    });
    if last.ident == "Vec" { elements.next() } else { None }
}
