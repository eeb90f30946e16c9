//! The function on values, and the gate before every copy of its body.

use super::{Companions, erased};
use crate::emit::gate;
use crate::emit::graph::Graph;
use crate::emit::graph::Held;
use crate::emit::trace_sites::{self, Places};
use crate::emit::types::{Purpose, SUPPORT, aliases, lifetimes_on_values, mode};
use crate::syntax::ident::respanned;
use crate::syntax::ident::unraw;
use crate::syntax::source::Range;
use crate::types::tree::{Kind, Parameter, Site};
use crate::types::walk::visit_block;
use proc_macro2::{Delimiter, Group, Ident, Literal, Punct, Spacing, Span, TokenStream, TokenTree};
use quote::{ToTokens, quote, quote_spanned};
use syn::spanned::Spanned;

impl Companions<'_, '_> {
    /// The rewritten function.
    pub(super) fn on_values(&self) -> TokenStream {
        let item = &self.annotated.item;
        let generics = lifetimes_on_values(&item.sig.generics, &self.names, self.function);
        let parameters: Vec<_> = self.function.parameters.iter().map(|parameter| parameter.name).collect();
        let types: Vec<_> = self
            .function
            .parameters
            .iter()
            .map(|parameter| parameter.on_values(self.function, &self.names))
            .collect();
        // The same, seen from here: of their types rustc is to speak once, at the user's.
        let names: Vec<_> = parameters.iter().map(|&name| respanned(name, Span::mixed_site())).collect();
        let (output, engine, mode) = (self.values_output(), &self.names.engine, mode());
        let text = unraw(self.function_name());
        let doc = format!("[`{text}`](fn@{text}) on the caller's own values.");
        let (quiet, constants, body) = (self.quiet(), self.constants(), self.rewritten());
        let after_lifetimes = generics.lifetimes().count();
        let mut in_mode = generics.clone();
        in_mode.params.insert(after_lifetimes, syn::parse_quote!(#mode: #engine::rt::TraceMode));
        quote! {
            #[doc = #doc] #quiet
            pub fn on_values #generics(#(#names: #types),*) -> #output {
                Self::__on::<#engine::rt::Untraced, #constants>(#engine::rt::Untraced #(, #names)*)
            }
            #[doc(hidden)] #quiet
            pub fn __on #in_mode(_: #mode #(, #parameters: #types)*) -> #output { #body }
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
        let graph = Graph { function: self.function, names: &self.names, places, held: Held::default() };
        let (held, body) = graph
            .held
            .scope(true, || graph.block(&self.function.body, &self.function.output, &TokenStream::new()));
        let operations = Ident::new("__GRADUS_SITES", Span::call_site());
        let sites = self.sites(&operations, &self.function.sites);
        let places: TokenStream =
            graph.places.tables().iter().map(|(table, sites)| self.sites(table, sites)).collect();
        let (function, branches) =
            (self.names.in_mode("function", Span::mixed_site()), trace_sites::branches());
        let source = self.source_constant();
        let (used, end, engine) = (self.used(), self.end(), &self.names.engine);
        let told = self.told_useless();
        let body = match end {
            Some(end) => quote!(#told let () = #body; #end),
            None => {
                // An error becomes another type there, as it does where the user's function gives it.
                let output = self.values_output();
                let ty = self.fallible().map(|_| quote!(: #output));
                quote!(#told let __body #ty = #body; __body)
            }
        };
        let (support, aliases) = (Ident::new(SUPPORT, Span::call_site()), aliases(engine));
        quote! {
            #used
            use #engine::rt as #support;
            #aliases
            #sites
            #places
            #function(#source, &#branches);
            #gate
            #(#lifted)*
            #held
            #body
        }
    }

    /// The places that the function on values reports: branching expressions, then all others.
    #[cfg(any(test, feature = "interpreter"))]
    pub(super) fn places(&self) -> [Vec<Site>; 2] {
        let places = Places::new(self.source, &self.names);
        let graph = Graph { function: self.function, names: &self.names, places, held: Held::default() };
        let printed = || graph.block(&self.function.body, &self.function.output, &TokenStream::new());
        drop(graph.held.scope(true, printed));
        graph.places.tables().map(|(_, sites)| sites)
    }

    /// The result on values.
    pub(in crate::emit) fn values_output(&self) -> TokenStream {
        match &self.annotated.item.sig.output {
            syn::ReturnType::Type(_, written) => {
                Purpose::Values.of(self.function, &self.names, written, &self.function.output)
            }
            syn::ReturnType::Default => quote!(()),
        }
    }

    /// A table of sites.
    fn sites(&self, table: &Ident, sites: &[Site]) -> TokenStream {
        let engine = &self.names.engine;
        let source = self.source_constant();
        let operands: Vec<Range> = sites.iter().flat_map(|site| site.operands.iter().copied()).collect();
        let names: Vec<&String> = sites.iter().filter_map(|site| site.name.as_ref()).collect();
        let mut named = 0;
        let rows = sites.iter().map(|Site { range, operands, name }| {
            named += usize::from(name.is_some());
            let name = if name.is_some() { named } else { 0 };
            [range.start, range.end, operands.len(), name]
        });
        let rows = list(rows.map(|row| list(row.map(number)).into()));
        let bounds = list(operands.iter().map(|span| list([span.start, span.end].map(number)).into()));
        let (count, operand_count) = (number(sites.len()), number(operands.len()));
        quote! {
            static #table: [#engine::trace::Site; #count] = {
                static OPERANDS: [#engine::trace::Span; #operand_count] = #engine::rt::spans(#bounds);
                #engine::rt::sites(#source, #rows, &OPERANDS, &[#(#names),*])
            };
        }
    }

    /// What comes after a body without a value: it has returned, or that is the user's mistake, which rustc tells.
    fn end(&self) -> Option<TokenStream> {
        let engine = &self.names.engine;
        self.function.body.tail.is_none().then(|| quote!(#engine::rt::std::unreachable!()))
    }

    /// Puts the parameters behind a gate that stands on the type check of the user's own body: where that fails, rustc
    /// has said so once, and stays silent about this copy.
    pub(in crate::emit) fn gate(&self) -> TokenStream {
        let names = self.function.parameters.iter().map(|parameter| {
            let name = parameter.name;
            let through = self.names.gated_value(&name.to_token_stream(), Span::call_site());
            quote!(let #name = #through;)
        });
        names.collect()
    }

    /// The differentiable parameters whose types are not known here: structs, aliases, or types that have no gradient.
    pub(in crate::emit) fn of_unknown_types(&self) -> impl Iterator<Item = &Parameter<'_>> {
        self.differentiable().filter(|parameter| self.function.types.has_named(&parameter.ty))
    }

    /// Names the gradient of every argument whose type is not known here. If one has none, the constant of the gate is an error.
    fn carry_gradients(&self) -> TokenStream {
        let engine = &self.names.engine;
        let asked = self.of_unknown_types().map(|parameter| {
            let written = erased(parameter.written);
            quote_spanned!(parameter.written.span()=> let _ = <#written as #engine::rt::Differentiable>::zeros_like;)
        });
        asked.collect()
    }

    /// The constant of the gate: the body of the user's function. Returns the tokens for the item, and those beside it.
    pub(super) fn body_constant(&self, user: &TokenStream) -> (TokenStream, TokenStream) {
        let parameters = self.function.parameters.iter().map(|parameter| {
            // Lifetimes that have names are declared where the constant is.
            let (name, written) = (parameter.name, parameter.written);
            let mutable = parameter.mutable.then(|| quote!(mut));
            quote!(#mutable #name: #written)
        });
        let output = self.output();
        // Patterns among the parameters are taken apart in a body of our own.
        let is_users_own = self.annotated.item.block.stmts.len() == self.annotated.user.block.stmts.len();
        let body = match user.clone().into_iter().last() {
            Some(body) if is_users_own && self.is_plain() => TokenStream::from(body),
            _ => self.annotated.item.block.to_token_stream(),
        };
        let body = self.asking_for_structs(body);
        let body = self.end().map_or_else(|| body.clone(), |end| quote!({ let _ = #body; #end }));
        let carry = self.carry_gradients();
        let told = self.told_useless();
        let checked = if self.function.takes_functions() {
            // A closure has no parameter of an unnamed type.
            let generics = &self.annotated.item.sig.generics;
            let muted = crate::emit::muted();
            quote!(#told #muted fn checked #generics(#(#parameters),*) -> #output #body)
        } else {
            quote!(#told let _ = |#(#parameters),*| -> #output #body;)
        };
        gate::declared(self.annotated, &quote!({ #carry #checked 0 }))
    }

    /// Names the gradient of every struct that the body makes of active values, in front of the body.
    fn asking_for_structs(&self, body: TokenStream) -> TokenStream {
        let engine = &self.names.engine;
        let mut asked = TokenStream::new();
        visit_block(&self.function.body, &mut |part| {
            if let Kind::Struct(literal) = &part.kind
                && self.function.types.is_active(&part.ty)
            {
                let path = literal.path;
                asked.extend(
                    quote_spanned!(path.span()=> let _ = <#path as #engine::rt::Differentiable>::zeros_like;),
                );
            }
        });
        if asked.is_empty() {
            return body;
        }
        let Some(TokenTree::Group(block)) = body.clone().into_iter().next() else { return body };
        let inner = block.stream();
        quote!({ #asked #inner })
    }

    /// Turns off `dead_code` where the body has `x = x`, of which rustc has told in the user's function by this lint. Elsewhere
    /// the lint stays on: under it what the body calls would count as used.
    fn told_useless(&self) -> Option<TokenStream> {
        struct Useless(bool);
        impl<'ast> syn::visit::Visit<'ast> for Useless {
            fn visit_expr_assign(&mut self, assign: &'ast syn::ExprAssign) {
                self.0 |= assign.left == assign.right;
                syn::visit::visit_expr_assign(self, assign);
            }
        }
        let mut found = Useless(false);
        syn::visit::Visit::visit_block(&mut found, &self.annotated.item.block);
        found.0.then(|| quote!(#[allow(dead_code)]))
    }
}

/// `[a, b, …]`
fn list(elements: impl IntoIterator<Item = TokenTree>) -> Group {
    let comma = || TokenTree::from(Punct::new(',', Spacing::Alone));
    Group::new(Delimiter::Bracket, elements.into_iter().flat_map(|element| [element, comma()]).collect())
}

fn number(number: usize) -> TokenTree {
    Literal::usize_unsuffixed(number).into()
}
