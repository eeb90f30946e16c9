//! The companions of a function with `&mut` parameters, and how other functions call it: in terms of the function that stands for
//! it, which takes what the parameters lead to and gives what is left of it.

mod in_place;
mod reverse;

use super::{Companions, erased};
use crate::emit::carried::Carried;
use crate::syntax::ident::unraw;
use crate::syntax::parse::{Change, Changing};
use crate::types::tree::Parameter;
use crate::types::ty::Ty;
use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, format_ident, quote, quote_spanned};

/// A parameter as the user wrote it.
struct Original<'f> {
    parameter: &'f Parameter<'f>,
    written: &'f syn::Type,
    /// How it is changed, and what it leads to, if it is.
    change: Option<(Change, syn::Type)>,
}

impl<'f> Original<'f> {
    /// What it leads to, if it is changed in this way.
    fn behind(&self, wanted: Change) -> Option<&syn::Type> {
        self.change.as_ref().filter(|(change, _)| *change == wanted).map(|(_, behind)| behind)
    }

    fn name(&self) -> &'f Ident {
        self.parameter.name
    }
}

/// What is left of a parameter that is changed.
struct Left<'f> {
    /// The parameter, among all of them.
    at: usize,
    name: &'f Ident,
    change: Change,
    /// The variable for it.
    variable: Ident,
}

/// The pieces of which its functions are made.
struct Pieces<'f> {
    originals: Vec<Original<'f>>,
    /// The parameters.
    declared: Vec<TokenStream>,
    /// The arguments of the function that stands for it: what is changed is copied.
    given: Vec<TokenStream>,
    /// What is left of the parameters that are changed, in the order in which the function that stands for it gives it.
    lefts: Vec<Left<'f>>,
    /// Their names, and the variables.
    changed: Vec<&'f Ident>,
    left: Vec<Ident>,
    /// What it returns: its type, a pattern for it in front of what is left, and its value.
    result: TokenStream,
    first: Option<TokenStream>,
    value: TokenStream,
}

impl Pieces<'_> {
    fn has(&self, change: Change) -> bool {
        self.lefts.iter().any(|left| left.change == change)
    }
}

impl Companions<'_, '_> {
    /// Whether the parameter at a position is memory to work in.
    pub(super) fn is_scratch(&self, at: usize) -> bool {
        let changing = self.annotated.changing.as_ref();
        changing.is_some_and(|changing| changing.changes.get(at) == Some(&Some(Change::Scratch)))
    }

    /// Leaves of the value what somebody asks for: memory to work in comes last in it.
    pub(in crate::emit) fn without_scratch(&self) -> Option<TokenStream> {
        let changing = self.annotated.changing.as_deref()?;
        let (here, count) = (Span::mixed_site(), self.parts_of_output().len());
        let scratch = changing.changes.iter().filter(|change| **change == Some(Change::Scratch)).count();
        let parts: Vec<_> = (0..count - scratch).map(|at| Ident::new(&format!("part{at}"), here)).collect();
        (scratch > 0).then(|| {
            let value = super::one_or_tuple(&parts.iter().map(ToTokens::to_token_stream).collect::<Vec<_>>());
            quote_spanned!(here=> let (#(#parts,)* ..) = __value; let __value = #value;)
        })
    }

    fn pieces<'c>(&'c self, changing: &'c Changing) -> Pieces<'c> {
        let (engine, here) = (&self.names.engine, Span::mixed_site());
        let originals = self.originals(changing);
        let declare = |original: &Original<'c>| {
            let (name, written) = (original.name(), original.written);
            quote!(#name: #written)
        };
        let give = |original: &Original<'c>| {
            let name = original.name();
            match original.change {
                Some(_) => quote!(#engine::rt::Changed::owned(&*#name)),
                None => name.to_token_stream(),
            }
        };
        let changes = originals.iter().enumerate();
        let changes = changes.filter_map(|(at, original)| Some((at, original.change.as_ref()?.0)));
        let mut changes: Vec<_> = changes.collect();
        changes.sort_by_key(|(_, change)| *change == Change::Scratch);
        let lefts: Vec<_> = changes
            .into_iter()
            .enumerate()
            .map(|(number, (at, change))| {
                let left = Ident::new(&format!("left{number}"), here);
                Left { at, name: originals[at].name(), change, variable: left }
            })
            .collect();
        let value = Ident::new("__value", here);
        Pieces {
            declared: originals.iter().map(declare).collect(),
            given: originals.iter().map(give).collect(),
            changed: lefts.iter().map(|left| left.name).collect(),
            left: lefts.iter().map(|left| left.variable.clone()).collect(),
            lefts,
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
            .zip(&changing.changes)
            .filter_map(|((input, parameter), change)| {
                let syn::FnArg::Typed(argument) = input else { return None };
                let change = match &*argument.ty {
                    syn::Type::Reference(reference) => change.map(|change| (change, erased(&reference.elem))),
                    _ => None,
                };
                Some(Original { parameter, written: &argument.ty, change })
            })
            .collect()
    }

    /// `f_vjp`, `f_jacobian`, `f_jvp` and `f_graph` of a function that changes its parameters; `f_grad` and `f_grad_add` of one whose
    /// result alone is asked for.
    pub(super) fn of_changing(&self) -> Option<TokenStream> {
        let changing = self.annotated.changing.as_deref()?;
        let pieces = self.pieces(changing);
        let (user, carried) = (&changing.user, Carried::Notices.of(&changing.item.attrs));
        let (engine, quiet) = (&self.names.engine, super::muted());
        let (visibility, generics, constants) =
            (&changing.item.vis, &changing.item.sig.generics, self.constants());
        let name = &changing.item.sig.ident;
        let text = unraw(name);
        let renamed = self.annotated.written().renamed.map(|renamed| {
            let Pieces { originals, declared, result, .. } = &pieces;
            let arguments = originals.iter().map(Original::name);
            let doc =
                format!("[`{text}`](fn@{text}) under the name by which other differentiable functions call it.");
            quote! {
                #carried #[doc = #doc] #quiet #[inline] #[track_caller]
                #visibility fn #renamed #generics(#(#declared),*) -> #result { #name::<#constants>(#(#arguments),*) }
            }
        });
        let looked_at = pieces.originals.iter().map(|Original { parameter, written, change }| {
            let name = parameter.name;
            match change {
                Some((_, behind)) => quote!(#name: &#behind),
                None => quote!(#name: #written),
            }
        });
        let (graph, of_graph) = (self.of_changing_named(name, "graph"), self.companion("graph"));
        let doc_graph = format!(
            "The graph of one call of [`{text}`](fn@{text}), every node linked to the expression it came from. Nothing is changed."
        );
        let given = &pieces.given;
        let jvp = self.jvp_of_changing(&changing.item, &pieces);
        let one_number = self.parts_of_output().first().is_some_and(|ty| matches!(ty, Ty::Float(_)));
        let reverse = if !pieces.has(Change::Numbers) && changing.result.is_some() && one_number {
            self.grad_of_changing(changing, &pieces)
        } else {
            self.vjp_of_changing(changing, &pieces)
        };
        Some(quote_spanned! {Span::mixed_site()=>
            #user
            #renamed
            #reverse
            #jvp
            #carried #[doc = #doc_graph] #[must_use] #quiet
            #visibility fn #graph #generics(#(#looked_at),*) -> #engine::Trace {
                #of_graph::<#constants>(#(#given),*)
            }
        })
    }

    fn of_changing_named(&self, name: &Ident, suffix: &str) -> Ident {
        format_ident!("{}_{suffix}", name, span = super::at(name.span()))
    }

    /// The types of what the function that stands for it gives.
    fn parts_of_output(&self) -> Vec<Ty> {
        let output = self.function.types.shallow(&self.function.output);
        output.parts().iter().map(|part| self.function.types.shallow(part)).collect()
    }

    /// `f_jvp`.
    fn jvp_of_changing(&self, item: &syn::ItemFn, pieces: &Pieces<'_>) -> TokenStream {
        let (engine, here) = (&self.names.engine, Span::mixed_site());
        let Pieces { originals, declared, given, lefts, changed, left, result, first, value } = pieces;
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
        for original in originals.iter().filter(|original| original.parameter.is_differentiable()) {
            let (name, declared) = (self.tangent_name(original.parameter), owned.next());
            match original.behind(Change::Numbers) {
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
        // Those of data and of memory to work in are nobody's.
        let of_numbers = lefts.iter().filter(|left| left.change == Change::Numbers).enumerate();
        let left_tangents: Vec<_> =
            of_numbers.map(|(at, _)| Ident::new(&format!("left_tangent{at}"), here)).collect();
        let mut next = left_tangents.iter();
        let tangent_patterns: Vec<_> = lefts
            .iter()
            .map(|left| match left.change {
                Change::Numbers => next.next().map_or_else(TokenStream::new, ToTokens::to_token_stream),
                Change::Scratch | Change::Data => quote!(_),
            })
            .collect();
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
                let ((#first #(#left,)*), (#first_tangent #(#tangent_patterns,)*)) =
                    #of_jvp::<#constants>(#(#given,)* #(#given_tangents),*);
                #(#engine::rt::Leave::leave(#changed, #left);)*
                #(#engine::rt::Leave::leave(#changed_tangents, #left_tangents);)*
                #both
            }
        }
    }
}
