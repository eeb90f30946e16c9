//! `f_grad` and `f_grad_add`, or `f_vjp` and `f_jacobian`, of a function that changes its parameters.

use super::{Left, Pieces};
use crate::emit::carried::Carried;
use crate::emit::companions::{Companions, erased, muted, one_or_tuple};
use crate::syntax::ident::unraw;
use crate::syntax::parse::{Change, Changing};
use crate::types::check::may_hold_floats;
use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, format_ident, quote, quote_spanned};

impl Companions<'_, '_> {
    /// Both halves of the function that stands for it, with a seed that may look at what is left, and buffers.
    fn both_halves(
        &self,
        pieces: &Pieces<'_>,
        checks: &TokenStream,
        seed: &TokenStream,
        buffers: &[Ident],
    ) -> TokenStream {
        let (engine, item, own) = (&self.names.engine, self.name(), self.function_name());
        let constants = self.constants();
        let Pieces { given, left, first, originals, .. } = pieces;
        let mut buffers = buffers.iter();
        let lent = originals.iter().map(|original| {
            if original.parameter.is_differentiable() {
                buffers.next().map_or_else(TokenStream::new, |buffer| quote!(&mut *#buffer))
            } else {
                quote!(())
            }
        });
        quote_spanned! {Span::mixed_site()=>
            let (#first #(#left,)*) = #engine::rt::framed(|__frame| {
                let (#first #(#left,)*) = #item::__forward_owned::<#constants>(#own::<#constants>, __frame #(, #given)*);
                #checks
                #item::__reverse_owned::<#constants>(#own::<#constants>, __frame #(, #given)*, &#seed #(, #lent)*);
                (#first #(#left,)*)
            });
        }
    }

    /// `f_grad` and `f_grad_add`.
    pub(super) fn grad_of_changing(&self, changing: &Changing, pieces: &Pieces<'_>) -> TokenStream {
        let engine = &self.names.engine;
        let (item, here) = (&changing.item, Span::mixed_site());
        let (visibility, generics, name) = (&item.vis, &item.sig.generics, &item.sig.ident);
        let (quiet, carried, text) = (muted(), Carried::Notices.of(&item.attrs), unraw(name));
        let Pieces { declared, originals, changed, left, result, value, .. } = pieces;
        let [grad, grad_add] = ["grad", "grad_add"].map(|suffix| self.of_changing_named(name, suffix));
        let doc = format!(
            "Runs [`{text}`](fn@{text}), which changes some of its arguments. Returns its value and the gradient of it: in the shape of \
             the differentiable argument, or a tuple of such shapes in argument order."
        );
        let doc_add = format!(
            "Runs [`{text}`](fn@{text}), which changes some of its arguments, and returns its value; its gradient is added into the \
             buffers, one for each differentiable argument in order.\n\n# Panics\n\nIf a buffer has another length than its argument."
        );
        let asked = originals.iter().filter(|original| original.parameter.is_differentiable());
        let (mut zeros, mut owned) = (TokenStream::new(), Vec::new());
        let (mut buffers, mut buffer_types) = (Vec::new(), Vec::new());
        for original in asked {
            let parameter = original.parameter;
            let buffer = format_ident!("{}_gradient", unraw(parameter.name), span = here);
            let own = format_ident!("{}_own", buffer, span = here);
            let (name, written) = (parameter.name, erased(parameter.written));
            zeros.extend(quote_spanned!(here=>
                let mut #own = <#written as #engine::rt::Differentiable>::zeros_like(&#name);
                let #buffer = &mut #own;
            ));
            let ty = parameter.buffer(self.function, &self.names);
            buffer_types.push(quote!(#buffer: #ty));
            buffers.push(buffer);
            owned.push(own.into_token_stream());
        }
        let rest = pieces.lefts.iter().map(|Left { name, change, variable: left, .. }| match change {
            Change::Numbers | Change::Scratch => quote!(#engine::rt::Shaped::unreached(&#left),),
            Change::Data => quote!(#engine::rt::Changed::owned(&*#name),),
        });
        let seed = quote!((1.0, #(#rest)*));
        let halves = self.both_halves(pieces, &TokenStream::new(), &seed, &buffers);
        let gradient_type = self.gradient_type();
        let gradient = one_or_tuple(&owned);
        quote_spanned! {here=>
            #carried #[doc = #doc] #quiet #[track_caller]
            #visibility fn #grad #generics(#(#declared),*) -> (#result, #gradient_type) {
                #zeros
                #halves
                #(#engine::rt::Leave::leave(#changed, #left);)*
                (#value, #gradient)
            }
            #carried #[doc = #doc_add] #quiet #[track_caller]
            #visibility fn #grad_add #generics(#(#declared,)* #(#buffer_types),*) -> #result {
                #halves
                #(#engine::rt::Leave::leave(#changed, #left);)*
                #value
            }
        }
    }

    /// `f_vjp` and `f_jacobian`.
    pub(super) fn vjp_of_changing(&self, changing: &Changing, pieces: &Pieces<'_>) -> TokenStream {
        let (engine, here) = (&self.names.engine, Span::mixed_site());
        let item = &changing.item;
        let name = &item.sig.ident;
        let text = unraw(name);
        let (visibility, generics) = (&item.vis, &item.sig.generics);
        let (quiet, carried) = (muted(), Carried::Notices.of(&item.attrs));
        let Pieces { originals, declared, given, changed, left, result, first, value, .. } = pieces;
        let seed = Ident::new("seed", here);
        let seed_of = |name: &Ident| format_ident!("{}_seed", unraw(name), span = here);
        let declared_seeds = originals.iter().filter_map(|original| {
            let (ty, seed) = (original.behind(Change::Numbers)?, seed_of(original.name()));
            Some(match element_of_vec(ty) {
                Some(element) => quote!(#seed: &[#element]),
                None => quote!(#seed: &#ty),
            })
        });
        let has_seed = changing.result.as_ref().is_some_and(may_hold_floats);
        let declared_seed = has_seed.then(|| quote!(#seed: #result,));
        let given_seed = match (has_seed, &changing.result) {
            (true, _) => quote!(#seed,),
            (false, Some(_)) => quote!(#engine::rt::std::default::Default::default(),),
            (false, None) => TokenStream::new(),
        };
        let given_seeds: Vec<_> = pieces
            .lefts
            .iter()
            .map(|Left { name, change, variable: left, .. }| match change {
                Change::Numbers => {
                    let seed = seed_of(name);
                    quote!(#engine::rt::Changed::owned(#seed),)
                }
                Change::Scratch => quote!(#engine::rt::Shaped::unreached(&#left),),
                Change::Data => quote!(#engine::rt::Changed::owned(&*#name),),
            })
            .collect();
        let constants = self.constants();
        let gradient_type = self.gradient_type();
        let [vjp, jacobian] = ["vjp", "jacobian"].map(|suffix| self.of_changing_named(name, suffix));
        let [of_vjp, of_jacobian] = ["vjp", "jacobian"].map(|suffix| self.companion(suffix));
        let doc_vjp = format!(
            "Runs [`{text}`](fn@{text}), which changes its arguments. Returns its value, and the gradient, with respect to what went \
             in, of the sum of the numbers that it leaves, weighted by those of the seeds: one for each `&mut` parameter of numbers, of \
             the shape of what it leads to at the end.\n\n# Panics\n\nIf a seed has another length than what it is the seed of."
        );
        let doc_jacobian = format!(
            "Runs [`{text}`](fn@{text}), which changes its arguments. Returns its value, and one gradient for each of the numbers \
             that it gives and leaves, in reading order."
        );
        let run = if pieces.has(Change::Scratch) {
            self.vjp_in_halves(pieces, &quote!((#given_seed #(#given_seeds)*)))
        } else {
            quote_spanned! {here=>
                let ((#first #(#left,)*), __gradient) = #of_vjp::<#constants>(#(#given,)* (#given_seed #(#given_seeds)*));
            }
        };
        let scratch =
            pieces.lefts.iter().filter(|left| left.change == Change::Scratch).map(|left| &left.variable);
        let cut: Vec<_> = scratch
            .map(|left| {
                quote_spanned!(here=> __rows.truncate(__rows.len() - #engine::flat::to_vec(&#left).len());)
            })
            .collect();
        quote_spanned! {here=>
            #carried #[doc = #doc_vjp] #quiet #[track_caller]
            #visibility fn #vjp #generics(#(#declared,)* #declared_seed #(#declared_seeds),*) -> (#result, #gradient_type) {
                #run
                #(#engine::rt::Leave::leave(#changed, #left);)*
                (#value, __gradient)
            }
            #carried #[doc = #doc_jacobian] #quiet #[track_caller]
            #visibility fn #jacobian #generics(#(#declared),*) -> (#result, #engine::rt::std::vec::Vec<#gradient_type>) {
                let ((#first #(#left,)*), mut __rows) = #of_jacobian::<#constants>(#(#given),*);
                #(#cut)*
                #(#engine::rt::Leave::leave(#changed, #left);)*
                (#value, __rows)
            }
        }
    }

    /// What runs both halves with a seed that looks at what is left: nobody gives one for memory to work in.
    fn vjp_in_halves(&self, pieces: &Pieces<'_>, seed: &TokenStream) -> TokenStream {
        let (engine, here) = (&self.names.engine, Span::mixed_site());
        let (mut zeros, mut buffers, mut owned) = (TokenStream::new(), Vec::new(), Vec::new());
        for original in pieces.originals.iter().filter(|original| original.parameter.is_differentiable()) {
            let buffer = format_ident!("{}_gradient", unraw(original.name()), span = here);
            let own = format_ident!("{}_own", buffer, span = here);
            let written = match &original.change {
                Some((_, behind)) => behind.clone(),
                None => erased(original.written),
            };
            let name = original.name();
            zeros.extend(quote_spanned!(here=>
                let mut #own = <#written as #engine::rt::Differentiable>::zeros_like(&#name);
                let #buffer = &mut #own;
            ));
            buffers.push(buffer);
            owned.push(own.into_token_stream());
        }
        let checks = quote!();
        let halves = self.both_halves(pieces, &checks, seed, &buffers);
        let gradient = one_or_tuple(&owned);
        quote_spanned! {here=>
            #zeros
            #halves
            let __gradient = #gradient;
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
