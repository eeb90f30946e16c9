//! The companions of a function: `f_grad`, `f_grad_add`, `f_vjp`, `f_jacobian`, `f_graph`, and the item `f::…`.

use super::adjoint::Printer;
use super::compiled::Compiled;
use super::graph::Graph;
use super::places::{self, Places};
use super::types::{Names, Purpose, way};
use crate::lower::Unsupported;
use crate::parse::Annotated;
use crate::source::{Range, Source};
use crate::tree::{Function, Parameter, Site};
use crate::ty::{Sequence, Ty};
use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, format_ident, quote, quote_spanned};
use syn::spanned::Spanned;

/// All that companions are made from.
pub struct Companions<'f, 'a> {
    pub(super) annotated: &'f Annotated,
    pub(super) source: &'f Source,
    pub(super) function: &'f Function<'a>,
    pub(super) names: Names,
    /// The adjoint, or why there is none.
    pub(super) compiled: &'f Result<Compiled, Unsupported>,
}

/// The user's function and its companions.
pub fn companions(
    annotated: &Annotated,
    source: &Source,
    function: &Function<'_>,
    compiled: &Result<Compiled, Unsupported>,
) -> TokenStream {
    let names = Names::new(annotated.options.engine.clone(), &annotated.item.sig);
    let companions = Companions { annotated, source, function, names, compiled };
    let user = &annotated.user;
    let everyday = companions.everyday();
    let (item, renamed) = (companions.item(), companions.renamed());
    quote!(#user #everyday #item #renamed)
}

/// `f::ADJOINT_SOURCE` alone.
#[cfg(test)]
pub fn adjoint_source(
    annotated: &Annotated,
    source: &Source,
    function: &Function<'_>,
    compiled: &Result<Compiled, Unsupported>,
) -> String {
    let names = Names::new(annotated.options.engine.clone(), &annotated.item.sig);
    Companions { annotated, source, function, names, compiled }.accumulated().1
}

/// The lints that generated code does not answer to; the user's function does.
pub(super) fn quiet() -> TokenStream {
    quote!(#[allow(warnings, unused_qualifications, clippy::all, clippy::pedantic, clippy::nursery)])
}

impl Companions<'_, '_> {
    /// The name of the companion item.
    pub(super) fn name(&self) -> &Ident {
        self.annotated.options.item.as_ref().unwrap_or(self.function_name())
    }

    pub(super) fn function_name(&self) -> &Ident {
        &self.annotated.item.sig.ident
    }

    /// `f_grad` and the like: unraw, at the user's name.
    pub(super) fn companion(&self, suffix: &str) -> Ident {
        let name = self.function_name();
        format_ident!("{}_{suffix}", name, span = name.span())
    }

    pub(super) fn single(&self) -> bool {
        matches!(self.function.types.shallow(&self.function.output), Ty::Float(_) | Ty::Unknown(_))
    }

    pub(super) fn output(&self) -> TokenStream {
        match &self.annotated.item.sig.output {
            syn::ReturnType::Type(_, written) => written.to_token_stream(),
            syn::ReturnType::Default => quote!(()),
        }
    }

    /// The parameters as the user declared them, without `mut`.
    pub(super) fn declared(&self) -> Vec<TokenStream> {
        let inputs = self.function.parameters.iter();
        inputs
            .map(|parameter| {
                let (name, written) = (parameter.name, parameter.written);
                quote!(#name: #written)
            })
            .collect()
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
                let text = unraw(name);
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
                    let site = self.parameter_site(name);
                    let shift = Ident::new("shift", Span::mixed_site());
                    quote_spanned!(here=> let #kept = #ty::named_inputs(#argument, #graph, #text, #site, #shift);)
                } else {
                    quote_spanned!(here=> let #kept = #ty::unnamed_inputs(#argument, #graph);)
                }
            })
            .collect()
    }

    /// The call of the rewritten function on the inputs, which tells of its way or not.
    pub(super) fn call(&self, tells: bool) -> TokenStream {
        let (name, engine) = (self.name(), &self.names.engine);
        let way = if tells { quote!(Told) } else { quote!(Lean) };
        let arguments = self.function.parameters.iter().map(|parameter| {
            let plain = parameter.name;
            if parameter.is_differentiable() { self.given(parameter) } else { plain.to_token_stream() }
        });
        quote!(#name::__on(#engine::rt::#way #(, #arguments)*))
    }

    /// Inputs in the form that the rewritten function takes them.
    pub(super) fn given(&self, parameter: &Parameter<'_>) -> TokenStream {
        let kept = Self::kept(parameter);
        let types = &self.function.types;
        let Ty::Ref { inner, .. } = types.shallow(&parameter.ty) else {
            return quote!(::std::clone::Clone::clone(&#kept));
        };
        // Rows behind references of their own: borrow each.
        if let Ty::Sequence(kind, row) = types.shallow(&inner)
            && let Ty::Ref { inner: row, .. } = types.shallow(&row)
        {
            let borrow = match types.shallow(&row) {
                Ty::Sequence(Sequence::Slice, _) => quote!(|row| &row[..]),
                _ => quote!(|row| row),
            };
            return if kind == Sequence::Array {
                quote!(&::std::array::from_fn(|at| (#borrow)(&#kept[at])))
            } else {
                quote!(&#kept.iter().map(#borrow).collect::<::std::vec::Vec<_>>())
            };
        }
        quote!(&#kept)
    }

    pub(super) fn parameter_site(&self, name: &Ident) -> TokenStream {
        let engine = &self.names.engine;
        let span = range_tokens(engine, self.source.range(name));
        let (source, text) = (self.source_constant(), unraw(name));
        quote!(const { &#engine::trace::Site { source: #source, span: #span, operands: &[], name: ::core::option::Option::Some(#text) } })
    }

    pub(super) fn source_constant(&self) -> TokenStream {
        let name = self.name();
        quote!(#name::__SOURCE)
    }

    // --- the everyday functions

    fn everyday(&self) -> TokenStream {
        // Of an alias only rustc knows whether it is a single number.
        let known = !matches!(self.function.types.shallow(&self.function.output), Ty::Unknown(_));
        let gradient =
            if self.single() { [self.grad(), self.grad_add()].into_iter().collect() } else { self.no_grad() };
        let several = (!self.single() || !known).then(|| [self.vjp(), self.jacobian()]);
        let several = several.into_iter().flatten();
        let functions = quote!(#gradient #(#several)*);
        let graph = self.graph();
        quote!(#functions #graph)
    }

    /// What prints the compiled adjoint, if there is one.
    pub(super) fn printer(&self) -> Option<Printer<'_>> {
        let adjoint = &self.compiled.as_ref().ok()?.whole;
        Some(Printer::new(adjoint, &self.names))
    }

    /// The same for its two halves.
    pub(super) fn halves_printer(&self) -> Option<Printer<'_>> {
        let adjoint = self.compiled.as_ref().ok()?.halves.as_ref()?;
        Some(Printer::new(adjoint, &self.names))
    }

    /// `f::BACKEND`.
    fn backend(&self) -> TokenStream {
        let engine = &self.names.engine;
        match self.compiled {
            Ok(_) => quote!(#engine::Backend::Compiled),
            Err(Unsupported { construct, span }) => {
                let line = literal(span.start().line);
                quote!(#engine::Backend::Graph { construct: #construct, line: #line })
            }
        }
    }

    /// The head of a companion: attributes, visibility, name, generics.
    pub(super) fn head(&self, suffix: &str, doc: &str) -> TokenStream {
        let item = &self.annotated.item;
        let (visibility, generics, quiet) = (&item.vis, &item.sig.generics, quiet());
        let name = self.companion(suffix);
        let gates = item.attrs.iter().filter(|attribute| attribute.path().is_ident("cfg"));
        quote!(#(#gates)* #[doc = #doc] #quiet #visibility fn #name #generics)
    }

    /// Runs `body`, which sees the inputs, on a lean graph.
    pub(super) fn lean(&self, body: &TokenStream) -> TokenStream {
        let engine = &self.names.engine;
        let graph = Ident::new("graph", Span::mixed_site());
        let (inputs, call) = (self.inputs(&graph, false), self.call(false));
        let value = Ident::new("value", Span::mixed_site());
        quote!(#engine::rt::lean(|#graph| { #inputs let #value = #call; #body }))
    }

    fn grad(&self) -> TokenStream {
        let name = unraw(self.function_name());
        let doc = format!(
            "The value of [`{name}`] and its gradient.\n\nThe gradient has the shape of the differentiable argument, or \
             is a tuple of such shapes in argument order. The cost is that of a few calls of `{name}`."
        );
        let (head, parameters) = (self.head("grad", &doc), self.declared());
        if let Some(printer) = self.printer() {
            return self.compiled_grad(&head, &printer);
        }
        let (output, gradient_type, gradient) = (self.output(), self.gradient_type(), self.gradient());
        let root = self.single_root();
        let body = quote_spanned! {Span::mixed_site()=>
            #root
            root.backward();
            (root.data(), #gradient)
        };
        let (body, bound) = (self.lean(&body), self.single_bound());
        quote!(#head(#(#parameters),*) -> (#output, #gradient_type) #bound { #body })
    }

    fn grad_add(&self) -> TokenStream {
        let engine = &self.names.engine;
        let name = unraw(self.function_name());
        let doc = format!(
            "The value of [`{name}`]; its gradient is added into the buffers, one for each differentiable argument in \
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
            root.backward();
            #(#adds)*
            root.data()
        };
        let (body, bound) = (self.lean(&body), self.single_bound());
        quote!(#[track_caller] #head(#(#parameters,)* #(#buffers),*) -> #output #bound { #body })
    }

    /// `root` is the one value of the function.
    pub(super) fn single_root(&self) -> TokenStream {
        let (engine, here) = (&self.names.engine, Span::mixed_site());
        match self.function.types.shallow(&self.function.output) {
            Ty::Float(_) => quote_spanned!(here=> let root = value;),
            _ => {
                let output = self.output();
                quote_spanned!(here=> let root = <#output as #engine::rt::SingleValue<&()>>::single(value);)
            }
        }
    }

    /// What the type of the result must be, where only rustc can tell.
    pub(super) fn single_bound(&self) -> TokenStream {
        match self.function.types.shallow(&self.function.output) {
            Ty::Float(_) => TokenStream::new(),
            _ => {
                let (engine, output) = (&self.names.engine, self.output());
                quote!(where for<'marker> #output: #engine::rt::SingleValue<&'marker ()>)
            }
        }
    }

    /// `f_grad` of a function with several values answers why there is none.
    fn no_grad(&self) -> TokenStream {
        let (engine, output) = (&self.names.engine, self.output());
        let quiet = quiet();
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
        let result =
            quote!(-> <#output as #single>::Nothing where #output: #single { ::std::unreachable!() });
        quote! {
            #[doc(hidden)] #quiet
            #visibility fn #grad #generics(#(#parameters),*) #result
            #[doc(hidden)] #quiet
            #visibility fn #grad_add #generics(#(#parameters,)* #(#buffers),*) #result
        }
    }

    fn vjp(&self) -> TokenStream {
        let engine = &self.names.engine;
        let name = unraw(self.function_name());
        let doc = format!(
            "The value of [`{name}`], and the gradient of the sum of its numbers weighted by those of `seed`, which has \
             the shape of the value: a vector-Jacobian product.\n\n# Panics\n\nIf the seed has another length than the \
             value."
        );
        let (head, parameters) = (self.head("vjp", &doc), self.declared());
        let (output, gradient_type, gradient) = (self.output(), self.gradient_type(), self.gradient());
        let here = Span::mixed_site();
        let seed = Ident::new("seed", here);
        if let Some(printer) = self.printer() {
            return self.compiled_vjp(&head, &printer);
        }
        let body = quote_spanned! {here=>
            let roots = #engine::rt::roots(&value);
            let mut seeds = ::std::vec::Vec::new();
            #engine::rt::Flatten::flatten(&#seed, &mut seeds);
            #engine::rt::seeded(graph, &roots, &seeds);
            (#engine::rt::plain(&value), #gradient)
        };
        let body = self.lean(&body);
        quote!(#[track_caller] #head(#(#parameters,)* #seed: #output) -> (#output, #gradient_type) { #body })
    }

    fn jacobian(&self) -> TokenStream {
        let engine = &self.names.engine;
        let name = unraw(self.function_name());
        let doc = format!(
            "The value of [`{name}`] and its Jacobian: one gradient for each of its numbers, in reading order. The \
             function runs once, its reverse pass once a row."
        );
        let (head, parameters) = (self.head("jacobian", &doc), self.declared());
        let (output, gradient_type, gradient) = (self.output(), self.gradient_type(), self.gradient());
        if let Some(printer) = self.halves_printer() {
            return self.compiled_jacobian(&head, &printer);
        }
        let body = quote_spanned! {Span::mixed_site()=>
            let roots = #engine::rt::roots(&value);
            let rows = #engine::rt::rows(graph, &roots, || #gradient);
            (#engine::rt::plain(&value), rows)
        };
        let body = self.lean(&body);
        quote!(#head(#(#parameters),*) -> (#output, ::std::vec::Vec<#gradient_type>) { #body })
    }

    // --- the item

    /// The function under the name of its item, if that is another one: by it other differentiable functions call it.
    fn renamed(&self) -> Option<TokenStream> {
        let renamed = self.annotated.options.item.as_ref()?;
        let (item, quiet, name) = (&self.annotated.item, quiet(), self.function_name());
        let (visibility, generics, text) = (&item.vis, &item.sig.generics, unraw(name));
        let gates = item.attrs.iter().filter(|attribute| attribute.path().is_ident("cfg"));
        let doc = format!("[`{text}`] under the name by which other differentiable functions call it.");
        let (declared, output, constants) = (self.declared(), self.output(), self.constants());
        let arguments = self.function.parameters.iter().map(|parameter| parameter.name);
        Some(quote! {
            #(#gates)* #[doc = #doc] #quiet #[inline] #[track_caller]
            #visibility fn #renamed #generics(#(#declared),*) -> #output { #name::<#constants>(#(#arguments),*) }
        })
    }

    fn item(&self) -> TokenStream {
        let (accumulate, adjoint_source) = self.accumulated();
        let (partials, halves) = (self.partials(), self.halves());
        let functions = quote!(#accumulate #partials #halves);
        self.item_of(&self.backend(), &adjoint_source, &self.on_values(), &functions)
    }

    /// What runs both sweeps, if they are compiled, and their text.
    fn accumulated(&self) -> (Option<TokenStream>, String) {
        match self.compiled {
            Ok(compiled) => {
                let printer = Printer::new(&compiled.whole, &self.names);
                let sweeps = self.both_sweeps(&printer);
                (Some(self.accumulate(&printer, &sweeps)), self.readable(&printer, sweeps))
            }
            Err(why) => (None, self.unreadable(why)),
        }
    }

    /// The item, with what depends on how the function is differentiated: its backend, the adjoint as a text, the function on
    /// values, and what other companions call.
    pub(super) fn item_of(
        &self,
        backend: &TokenStream,
        adjoint_source: &str,
        on_values: &TokenStream,
        functions: &TokenStream,
    ) -> TokenStream {
        let engine = &self.names.engine;
        let item = &self.annotated.item;
        let (name, visibility, quiet) = (self.name(), &item.vis, quiet());
        let text = unraw(self.function_name());
        let doc = format!("What belongs to the differentiable function [`{text}`](fn@{text}).");
        let (called, checks) = (self.called(), self.checks());
        let kinds = self.function.parameters.iter().enumerate().map(|(at, parameter)| {
            let kind = if parameter.is_differentiable() { quote!(Active) } else { quote!(Constant) };
            quote!(impl #engine::rt::Parameter<#at> for #name { type Kind = #engine::rt::#kind; })
        });
        let Source { text: source_text, line, column, .. } = self.source;
        let (line, column) = (literal(*line), literal(*column));
        let gates: Vec<_> = item.attrs.iter().filter(|attribute| attribute.path().is_ident("cfg")).collect();
        quote! {
            #(#gates)*
            #[doc = #doc] #quiet
            #visibility enum #name {}
            #(#gates)* #[automatically_derived] #quiet
            impl #name {
                /// How the gradient is computed.
                pub const BACKEND: #engine::Backend = #backend;
                /// The function as its author wrote it.
                pub const SOURCE: &'static str = Self::__SOURCE.text;
                /// The compiled adjoint, for reading; or why there is none.
                pub const ADJOINT_SOURCE: &'static str = #adjoint_source;
                #[doc(hidden)]
                pub const __SOURCE: &'static #engine::trace::Source = &#engine::trace::Source {
                    function: #text, file: ::core::file!(), line: #line, column: #column, text: #source_text,
                    adjoint: Self::ADJOINT_SOURCE,
                };
                #on_values
                #called
                #functions
                #checks
            }
            const _: () = {
                #(#kinds)*
                #[diagnostic::do_not_recommend]
                impl #engine::rt::Callable for #name {
                    type Function<F> = F;
                    #[inline(always)]
                    fn function<F>(function: F) -> F {
                        function
                    }
                }
            };
        }
    }

    /// The rewritten function.
    fn on_values(&self) -> TokenStream {
        let lifetime = &self.names.lifetime;
        let item = &self.annotated.item;
        let mut generics = item.sig.generics.clone();
        generics.params.insert(0, syn::GenericParam::Lifetime(syn::LifetimeParam::new(lifetime.clone())));
        let parameters: Vec<_> = self.function.parameters.iter().map(|parameter| parameter.name).collect();
        let types: Vec<_> = self
            .function
            .parameters
            .iter()
            .map(|Parameter { written, ty, .. }| Purpose::Values.of(self.function, &self.names, written, ty))
            .collect();
        // The same, seen from here: of their types rustc is to speak once, at the user's.
        let names: Vec<_> = parameters
            .iter()
            .map(|&name| {
                let mut name = name.clone();
                name.set_span(Span::mixed_site());
                name
            })
            .collect();
        let (output, engine, way) = (self.values_output(), &self.names.engine, way());
        let text = unraw(self.function_name());
        let doc = format!("[`{text}`](fn@{text}) on the caller's own values.");
        let (quiet, constants, body) = (quiet(), self.constants(), self.rewritten());
        let after_lifetimes = generics.lifetimes().count();
        let mut telling = generics.clone();
        telling.params.insert(after_lifetimes, syn::parse_quote!(#way: #engine::rt::Way));
        quote! {
            #[doc = #doc] #quiet
            pub fn on_values #generics(#(#names: #types),*) -> #output {
                Self::__on::<#engine::rt::Lean, #constants>(#engine::rt::Lean #(, #names)*)
            }
            #[doc(hidden)] #quiet
            pub fn __on #telling(_: #way #(, #parameters: #types)*) -> #output { #body }
        }
    }

    /// The body on values, with its tables of sites.
    fn rewritten(&self) -> TokenStream {
        let gate = self.gate();
        let lifted = self.function.parameters.iter().map(|parameter| {
            let (name, variable) = (parameter.name, &self.function.variables[parameter.binding.variable.0]);
            let mutable = parameter.mutable.then(|| quote!(mut));
            if self.function.types.needs_lift(&parameter.ty, &variable.ty) {
                let lift = self.names.support("lift", Span::mixed_site());
                quote!(let #mutable #name = #lift(#name);)
            } else {
                mutable.map(|mutable| quote!(let #mutable #name = #name;)).unwrap_or_default()
            }
        });
        let places = Places::new(self.source, &self.names);
        let graph = Graph { function: self.function, names: &self.names, places };
        let body = graph.block(&self.function.body, &self.function.output, &TokenStream::new());
        let operations = Ident::new("__GRADUS_SITES", Span::call_site());
        let sites = self.sites(&operations, &self.function.sites);
        let places: TokenStream =
            graph.places.tables().iter().map(|(table, sites)| self.sites(table, sites)).collect();
        let (function, branches) = (self.names.telling("function", Span::mixed_site()), places::branches());
        let source = self.source_constant();
        let (used, end) = (self.used(), self.end());
        quote! {
            #used
            #sites
            #places
            #function(#source, &#branches);
            #gate
            #(#lifted)*
            #body
            #end
        }
    }

    /// The result on values.
    pub(super) fn values_output(&self) -> TokenStream {
        match &self.annotated.item.sig.output {
            syn::ReturnType::Type(_, written) => {
                Purpose::Values.of(self.function, &self.names, written, &self.function.output)
            }
            syn::ReturnType::Default => quote!(()),
        }
    }

    /// The const generics, as arguments.
    pub(super) fn constants(&self) -> TokenStream {
        let constants = self.annotated.item.sig.generics.const_params().map(|parameter| &parameter.ident);
        quote!(#({ #constants }),*)
    }

    /// Names the user's function, so that it counts as used where only its companions are.
    pub(super) fn used(&self) -> TokenStream {
        let name = self.function_name();
        if self.function.parameters.iter().any(|parameter| parameter.name == name) {
            return TokenStream::new();
        }
        let constants = self.constants();
        quote!(let _ = #name::<#constants>;)
    }

    /// A table of sites.
    fn sites(&self, table: &Ident, sites: &[Site]) -> TokenStream {
        let engine = &self.names.engine;
        let source = self.source_constant();
        let count = sites.len();
        let sites = sites.iter().map(|site| {
            let span = range_tokens(engine, site.range);
            let operands = site.operands.iter().map(|operand| range_tokens(engine, *operand));
            let name = match &site.name {
                Some(name) => quote!(::core::option::Option::Some(#name)),
                None => quote!(::core::option::Option::None),
            };
            quote!(#engine::trace::Site { source: #source, span: #span, operands: &[#(#operands),*], name: #name })
        });
        quote!(static #table: [#engine::trace::Site; #count] = [#(#sites),*];)
    }

    /// What comes after a body without a value: it has returned, or that is the user's mistake, which rustc tells.
    fn end(&self) -> Option<TokenStream> {
        self.function.body.tail.is_none().then(|| quote!(::std::unreachable!()))
    }

    /// Puts the parameters behind a gate that stands on the type check of the user's own body: where that fails, rustc
    /// has said so once, and stays silent about this copy.
    pub(super) fn gate(&self) -> TokenStream {
        let engine = &self.names.engine;
        if !self.names.gated {
            return TokenStream::new();
        }
        let parameters = self.function.parameters.iter().map(|parameter| {
            let (name, written) = (parameter.name, erased(parameter.written));
            let mutable = parameter.mutable.then(|| quote!(mut));
            quote!(#mutable #name: #written)
        });
        let (output, body) = (self.output(), &self.annotated.item.block);
        let body = self.end().map_or_else(|| body.to_token_stream(), |end| quote!({ let _ = #body; #end }));
        let names: Vec<_> = self.function.parameters.iter().map(|parameter| parameter.name).collect();
        quote! {
            const __GRADUS_BODY: usize = { let _ = |#(#parameters),*| -> #output #body; 0 };
            #(let #names = #engine::rt::gate::<__GRADUS_BODY, _>(#names);)*
        }
    }
}

/// The type with its lifetimes left to inference.
pub(super) fn erased(written: &syn::Type) -> syn::Type {
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

pub(super) fn one_or_tuple(parts: &[TokenStream]) -> TokenStream {
    match parts {
        [one] => one.clone(),
        several => quote!((#(#several),*)),
    }
}

pub(super) fn unraw(name: &Ident) -> String {
    let name = name.to_string();
    name.strip_prefix("r#").map(str::to_owned).unwrap_or(name)
}

fn range_tokens(engine: &TokenStream, range: Range) -> TokenStream {
    let (start, end) = (literal(range.start), literal(range.end));
    quote!(#engine::trace::Span { start: #start, end: #end })
}

fn literal(number: usize) -> proc_macro2::Literal {
    proc_macro2::Literal::u32_unsuffixed(u32::try_from(number).unwrap_or(u32::MAX))
}
