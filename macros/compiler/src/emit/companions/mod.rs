//! The companions of a function: `f_grad`, `f_grad_add`, `f_vjp`, `f_jacobian`, `f_graph`, and the item `f::…`.

mod changing;
mod compiled;
mod gradient;
mod item;
mod of_type;
mod second;
mod several;
mod tangent;
mod values;

use super::carried::Carried;
use super::carried::{at, muted};
use super::sweeps::Printer;
use super::types::{Names, Purpose};
use crate::reasons::Unsupported;
use crate::syntax::function_parameters;
use crate::syntax::parse::Annotated;
use crate::syntax::source::{Range, Source};
use crate::types::check::{Fallible, fallible};
#[cfg(any(test, feature = "interpreter"))]
use crate::types::tree::Site;
use crate::types::tree::{Function, Parameter};
use crate::types::ty::{Sequence, Ty};
use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, format_ident, quote, quote_spanned};
use syn::spanned::Spanned;

pub use compiled::Compiled;
pub(super) use of_type::called::with_lifetimes;
pub(super) use second::halves::{half_tangent, half_turned};

/// All that companions are made from.
pub struct Companions<'f, 'a> {
    pub(super) annotated: &'f Annotated,
    pub(super) source: &'f Source,
    pub(super) function: &'f Function<'a>,
    pub(super) names: Names,
    /// The adjoint, or why there is none; nothing of the kind for an operation with partials of its own.
    pub(super) compiled: Option<&'f Result<Compiled, Unsupported>>,
}

/// The user's function and its companions.
pub fn companions(
    annotated: &Annotated,
    source: &Source,
    function: &Function<'_>,
    compiled: &Result<Compiled, Unsupported>,
) -> TokenStream {
    let names = Names::of(annotated);
    let companions = Companions { annotated, source, function, names, compiled: Some(compiled) };
    let user = annotated.user.to_token_stream();
    let everyday = companions.everyday();
    let (item, renamed) = (companions.item(&user, compiled), companions.renamed());
    let (checked, second) = (companions.callees_checked(), companions.second_checked());
    let of_type = companions.of_type();
    let of_changing = companions.of_changing();
    quote!(#user #everyday #item #renamed #checked #second #of_type #of_changing)
}

/// `f::ADJOINT_SOURCE` alone.
#[cfg(any(test, feature = "interpreter"))]
pub fn adjoint_source(
    annotated: &Annotated,
    source: &Source,
    function: &Function<'_>,
    compiled: &Result<Compiled, Unsupported>,
) -> String {
    let names = Names::of(annotated);
    Companions { annotated, source, function, names, compiled: Some(compiled) }.accumulated(compiled).1
}

/// The places of a function that its record names: branching expressions, then all others.
#[cfg(any(test, feature = "interpreter"))]
pub fn tables(annotated: &Annotated, source: &Source, function: &Function<'_>) -> [Vec<Site>; 2] {
    Companions { annotated, source, function, names: Names::of(annotated), compiled: None }.places()
}

/// Whether a token was typed by the user rather than made by a macro, judged by the compiler's name of its span.
fn is_typed(span: Span) -> bool {
    crate::syntax::source::key(span).starts_with("#0 ")
}

impl Companions<'_, '_> {
    /// The lints that are off in companions.
    ///
    /// `dead_code` is on. A function that is allowed to be dead counts as used, and so do the functions that it calls: the user's
    /// function would never be reported. Rustc does not report dead companions, since their names come from another crate's macro.
    /// Those of a function that a macro of the user's makes do not, so there the lint is off.
    pub(in crate::emit) fn quiet(&self) -> TokenStream {
        let muted = muted();
        if is_typed(self.annotated.item.sig.ident.span()) { quote!(#muted #[deny(dead_code)]) } else { muted }
    }

    /// The name of the companion item.
    pub(super) fn name(&self) -> &Ident {
        self.annotated.options.item.as_ref().unwrap_or(self.function_name())
    }

    /// The name that the user gave the function.
    pub(super) fn shown_name(&self) -> &Ident {
        &self.annotated.written().item.sig.ident
    }

    pub(super) fn function_name(&self) -> &Ident {
        &self.annotated.item.sig.ident
    }

    /// `f_grad` and the like: unraw, at the user's name.
    pub(super) fn companion(&self, suffix: &str) -> Ident {
        let name = self.function_name();
        format_ident!("{}_{suffix}", name, span = at(name.span()))
    }

    /// Whether it is the user's function itself, not one that stands for a method or a function that changes its parameters.
    pub(super) fn is_plain(&self) -> bool {
        self.annotated.method.is_none() && self.annotated.changing.is_none()
    }

    pub(super) fn single(&self) -> bool {
        self.function.is_single()
    }

    pub(super) fn output(&self) -> TokenStream {
        match &self.annotated.item.sig.output {
            syn::ReturnType::Type(_, written) => written.to_token_stream(),
            syn::ReturnType::Default => quote!(()),
        }
    }

    /// The `Option` or `Result` that it returns, if it may fail.
    pub(super) fn fallible(&self) -> Option<Fallible<'_>> {
        fallible(&self.annotated.item)
    }

    /// The type of what it gives, if it does not fail.
    pub(in crate::emit) fn value_type(&self) -> TokenStream {
        self.fallible().map_or_else(|| self.output(), |fallible| fallible.value.to_token_stream())
    }

    /// What a companion gives: this, or in the stead of the value of a function that may fail.
    pub(in crate::emit) fn wrapped(&self, ty: &TokenStream) -> TokenStream {
        match (&self.annotated.item.sig.output, self.fallible()) {
            (syn::ReturnType::Type(_, written), Some(_)) => {
                let mut written = (**written).clone();
                if let Some(inner) = first_argument(&mut written) {
                    *inner = syn::Type::Verbatim(ty.clone());
                }
                written.into_token_stream()
            }
            _ => ty.clone(),
        }
    }

    /// `body`, which sees the value as `__value` and gives this; of a function that may fail only where it has not.
    pub(in crate::emit) fn if_given(&self, body: &TokenStream) -> TokenStream {
        if self.fallible().is_none() {
            return body.clone();
        }
        let value = Ident::new("__value", Span::mixed_site());
        // `Option` and `Result` have this method.
        quote!(#value.map(|#value| { #body }))
    }

    /// The parameters as the user declared them, without `mut`.
    pub(super) fn declared(&self) -> Vec<TokenStream> {
        let inputs = self.function.parameters.iter();
        inputs
            .map(|parameter| {
                let (name, written) = (parameter.name, self.declared_type(parameter));
                quote!(#name: #written)
            })
            .collect()
    }

    /// The type of a parameter in companions: as it is written, or a function of values.
    pub(in crate::emit) fn declared_type(&self, parameter: &Parameter<'_>) -> TokenStream {
        let graph = &self.names.lifetime;
        parameter
            .function_of_values(self.function, &self.names, &quote!(for<#graph>))
            .unwrap_or_else(|| parameter.written.to_token_stream())
    }

    pub(super) fn differentiable(&self) -> impl Iterator<Item = &Parameter<'_>> {
        self.function.parameters.iter().filter(|parameter| parameter.is_differentiable())
    }

    /// Where the inputs of a parameter are kept.
    pub(super) fn kept(parameter: &Parameter<'_>) -> Ident {
        format_ident!("{}_values", parameter.name, span = Span::mixed_site())
    }

    /// The gradient type: a tuple in argument order, or the one argument's.
    pub(super) fn gradient_type(&self) -> TokenStream {
        let parts: Vec<_> = self
            .differentiable()
            .map(|parameter| {
                Purpose::Gradient.of(self.function, &self.names, parameter.written, &parameter.ty)
            })
            .collect();
        one_or_tuple(&parts)
    }

    /// The gradient read from the inputs.
    fn gradient(&self) -> TokenStream {
        let engine = &self.names.engine;
        let parts: Vec<_> = self
            .differentiable()
            .map(|parameter| {
                let (kept, written) = (Self::kept(parameter), erased(parameter.written));
                quote_spanned!(parameter.written.span()=> <#written as #engine::rt::Differentiable>::gradient(&#kept))
            })
            .collect();
        one_or_tuple(&parts)
    }

    /// `let x_values = …` for every differentiable parameter; named ones may be changed by `shift`.
    pub(super) fn inputs(&self, graph: &Ident, named: bool) -> TokenStream {
        let engine = &self.names.engine;
        self.differentiable()
            .map(|parameter| {
                let (kept, name) = (Self::kept(parameter), parameter.name);
                let text = self.parameter_name(parameter);
                // At the type, so that rustc points there if it has no gradient.
                let here = parameter.written.span();
                let mut written = parameter.written;
                let mut argument = quote!(&#name);
                if let syn::Type::Reference(reference) = written {
                    (written, argument) = (&reference.elem, quote!(#name));
                }
                let written = erased(written);
                let ty = quote_spanned!(here=> <#written as #engine::rt::Differentiable>);
                if named {
                    let site = self.parameter_site(name, &text);
                    let shift = Ident::new("__shift", Span::mixed_site());
                    quote_spanned!(here=> let #kept = #ty::named_inputs(#argument, #graph, #text, #site, #shift);)
                } else {
                    quote_spanned!(here=> let #kept = #ty::unnamed_inputs(#argument, #graph);)
                }
            })
            .collect()
    }

    /// The call of the rewritten function on the inputs, traced or untraced.
    pub(super) fn call(&self, traced: bool) -> TokenStream {
        let (name, engine) = (self.name(), &self.names.engine);
        let mode = if traced { quote!(Traced) } else { quote!(Untraced) };
        let arguments = self.function.parameters.iter().map(|parameter| {
            let plain = parameter.name;
            if parameter.is_differentiable() { self.given(parameter) } else { plain.to_token_stream() }
        });
        let constants = self.constants();
        quote!(#name::__on::<#engine::rt::#mode, #constants>(#engine::rt::#mode #(, #arguments)*))
    }

    /// Inputs in the form that the rewritten function takes them.
    pub(super) fn given(&self, parameter: &Parameter<'_>) -> TokenStream {
        let (kept, engine) = (Self::kept(parameter), &self.names.engine);
        let types = &self.function.types;
        let Ty::Ref { inner, .. } = types.shallow(&parameter.ty) else {
            if parameter.is_alias(self.function) {
                let written = erased(parameter.written);
                return quote_spanned!(parameter.written.span()=> <#written as #engine::rt::Differentiable>::lend(&#kept));
            }
            return quote!(#engine::rt::std::clone::Clone::clone(&#kept));
        };
        // Rows behind references of their own: borrow each.
        if let Ty::Sequence(kind, row) = types.shallow(&inner)
            && let Ty::Ref { inner: row, .. } = types.shallow(&row)
        {
            let is_slice = matches!(types.shallow(&row), Ty::Sequence(Sequence::Slice, _));
            let borrow = if is_slice { quote!(|__row| &__row[..]) } else { quote!(|__row| __row) };
            return if kind == Sequence::Array {
                quote!(&#engine::rt::std::array::from_fn(|__at| (#borrow)(&#kept[__at])))
            } else {
                quote!(&#kept.iter().map(#borrow).collect::<#engine::rt::std::vec::Vec<_>>())
            };
        }
        quote!(&#kept)
    }

    pub(super) fn parameter_site(&self, name: &Ident, text: &str) -> TokenStream {
        let engine = &self.names.engine;
        let span = range_tokens(engine, self.source.range(name));
        let source = self.source_constant();
        quote!(const { &#engine::trace::Site { source: #source, span: #span, operands: &[], name: #engine::rt::std::option::Option::Some(#text) } })
    }

    pub(super) fn source_constant(&self) -> TokenStream {
        let name = self.name();
        quote!(#name::__SOURCE)
    }

    /// The const generics, as arguments.
    pub(super) fn constants(&self) -> TokenStream {
        let constants = self.annotated.item.sig.generics.const_params().map(|parameter| &parameter.ident);
        quote!(#({ #constants }),*)
    }

    /// Names the user's function, so that it counts as used where only its companions are.
    pub(super) fn used(&self) -> TokenStream {
        let (name, constants) = (self.function_name(), self.constants());
        if self.function.takes_functions() {
            return self.used_with_functions();
        }
        if !self.is_hidden() {
            return quote!(let _ = #name::<#constants>;);
        }
        let comma = (!constants.is_empty()).then(|| quote!(,));
        quote!(let _ = Self::__same::<#constants #comma ()>;)
    }

    /// The same of a function that takes functions: one that is called with pointers to some.
    fn used_with_functions(&self) -> TokenStream {
        let (name, constants) = (self.function_name(), self.constants());
        let here = Span::mixed_site();
        let names: Vec<_> = (0..self.function.parameters.len())
            .map(|at| Ident::new(&format!("argument{at}"), here))
            .collect();
        let types = self.function.parameters.iter().map(|parameter| {
            match function_parameters::signature(parameter.written) {
                Some(signature) => {
                    let inputs = signature.inputs.iter().map(|input| &input.ty);
                    let and = matches!(parameter.written, syn::Type::Reference(_)).then(|| quote!(&));
                    let output = &signature.output;
                    quote!(#and fn(#(#inputs),*) #output)
                }
                None => parameter.written.to_token_stream(),
            }
        });
        let constants = (!constants.is_empty()).then(|| quote!(::<#constants>));
        quote_spanned!(here=> let _ = |#(#names: #types),*| #name #constants(#(#names),*);)
    }

    /// Whether a parameter has the function's name, which hides the function.
    pub(in crate::emit) fn is_hidden(&self) -> bool {
        self.function.parameters.iter().any(|parameter| parameter.name == self.function_name())
    }

    fn everyday(&self) -> TokenStream {
        // Of an alias only rustc knows whether it is a single number.
        if self.function.takes_functions() {
            return self.everyday_with_functions();
        }
        let known = !matches!(self.function.value_type(), Ty::Unknown(_));
        let gradient =
            if self.single() { [self.grad(), self.grad_add()].into_iter().collect() } else { self.no_grad() };
        let several = (!self.single() || !known).then(|| [self.vjp(), self.jacobian()]);
        let several = several.into_iter().flatten();
        let (jvp, second) = (self.jvp(), self.second());
        let functions = quote!(#gradient #(#several)* #jvp #second);
        let graph = self.graph();
        quote!(#functions #graph)
    }

    /// Those of a function that takes functions, which are functions of values for them.
    fn everyday_with_functions(&self) -> TokenStream {
        let graph = self.graph();
        if self.single() {
            let (grad, grad_add) = (self.grad(), self.grad_add());
            return quote!(#grad #grad_add #graph);
        }
        let (vjp, jacobian) = (self.vjp(), self.jacobian());
        quote!(#vjp #jacobian #graph)
    }

    /// What prints the compiled adjoint, if there is one.
    pub(super) fn printer(&self) -> Option<Printer<'_>> {
        Some(Printer::new(&self.compiled?.as_ref().ok()?.joint, &self.names))
    }

    /// The same for its two halves.
    pub(super) fn halves_printer(&self) -> Option<Printer<'_>> {
        Some(Printer::new(self.compiled?.as_ref().ok()?.split.as_ref().ok()?, &self.names))
    }

    /// The head of a companion: attributes, visibility, name, generics.
    pub(super) fn head(&self, suffix: &str, doc: &str) -> TokenStream {
        let item = &self.annotated.item;
        let (visibility, generics, quiet) = (&item.vis, &item.sig.generics, self.quiet());
        let name = self.companion(suffix);
        // A gradient that is added into buffers has been used.
        let adds = ["grad_add", "hvp_add"].contains(&suffix);
        let carried = if adds { Carried::Notices } else { Carried::All }.of(&item.attrs);
        let must_use = (!adds && !item.attrs.iter().any(|attribute| attribute.path().is_ident("must_use")))
            .then(|| quote!(#[must_use]));
        quote!(#carried #must_use #[doc = #doc] #quiet #visibility fn #name #generics)
    }

    /// Runs `body`, which sees the inputs, on a lean graph.
    pub(super) fn lean(&self, body: &TokenStream) -> TokenStream {
        let engine = &self.names.engine;
        let graph = Ident::new("__graph", Span::mixed_site());
        let (inputs, call) = (self.inputs(&graph, false), self.call(false));
        let value = Ident::new("__value", Span::mixed_site());
        let body = self.if_given(body);
        quote!(#engine::rt::lean(|#graph| { #inputs let #value = #call; #body }))
    }
}

/// The type with its lifetimes left to inference.
pub fn erased(written: &syn::Type) -> syn::Type {
    struct Erase;
    impl syn::visit_mut::VisitMut for Erase {
        fn visit_type_reference_mut(&mut self, reference: &mut syn::TypeReference) {
            reference.lifetime = None;
            syn::visit_mut::visit_type_reference_mut(self, reference);
        }
        fn visit_lifetime_mut(&mut self, lifetime: &mut syn::Lifetime) {
            *lifetime = syn::Lifetime::new("'_", lifetime.span());
        }
    }
    let mut written = written.clone();
    syn::visit_mut::VisitMut::visit_type_mut(&mut Erase, &mut written);
    written
}

/// The first generic argument of a path.
fn first_argument(written: &mut syn::Type) -> Option<&mut syn::Type> {
    let syn::Type::Path(path) = written else { return None };
    let syn::PathArguments::AngleBracketed(given) = &mut path.path.segments.last_mut()?.arguments else {
        return None;
    };
    given.args.iter_mut().find_map(|argument| match argument {
        syn::GenericArgument::Type(ty) => Some(ty),
        _ => None,
    })
}

pub(super) fn one_or_tuple(parts: &[TokenStream]) -> TokenStream {
    match parts {
        [one] => one.clone(),
        several => quote!((#(#several),*)),
    }
}

fn range_tokens(engine: &TokenStream, range: Range) -> TokenStream {
    let (start, end) = (literal(range.start), literal(range.end));
    quote!(#engine::trace::Span { start: #start, end: #end })
}

fn literal(number: usize) -> proc_macro2::Literal {
    proc_macro2::Literal::u32_unsuffixed(u32::try_from(number).unwrap_or(u32::MAX))
}
