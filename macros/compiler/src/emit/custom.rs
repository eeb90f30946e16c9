//! The companions of an operation with partials of its own: a function whose value is computed by calling it, and whose
//! derivatives by calling the function that the option `partials` names. Nothing is made of its body.
//!
//! Its item speaks the same protocol as any other's: `on_values` for callers on the graph, `__partials` and the two halves for
//! compiled ones. On the graph it is one node, which keeps what the two functions are called with.

use super::companions::{Companions, erased, half_tangent, half_turned, one_or_tuple};
use super::types::{Names, Purpose, mode};
use crate::syntax::ident::unraw;
use crate::syntax::parse::Annotated;
use crate::syntax::source::Source;
use crate::types::tree::{Function, Parameter};
use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, format_ident, quote, quote_spanned};
use syn::spanned::Spanned;

/// The user's function and its companions.
pub fn operation(
    annotated: &Annotated,
    source: &Source,
    function: &Function<'_>,
    partials: &syn::Path,
) -> TokenStream {
    let names = Names::of(annotated);
    let companions = Companions { annotated, source, function, names, compiled: None };
    let user = &annotated.item;
    let (grad, grad_add, graph) =
        (companions.operation_grad(), companions.operation_grad_add(), companions.graph());
    let item = companions.operation_item(partials);
    let (jvp, second) = (companions.jvp(), companions.second());
    quote!(#user #grad #grad_add #jvp #second #graph #item)
}

/// The name of a parameter in functions that nobody reads: none of the user's names can be in its way.
fn argument(at: usize) -> Ident {
    format_ident!("argument{at}", span = Span::mixed_site())
}

fn buffer(parameter: &Parameter<'_>) -> Ident {
    format_ident!("{}_gradient", unraw(parameter.name), span = Span::mixed_site())
}

fn turned_buffer(at: usize) -> Ident {
    format_ident!("turned{at}", span = Span::mixed_site())
}

fn is_reference(written: &syn::Type) -> bool {
    matches!(written, syn::Type::Reference(_))
}

impl Companions<'_, '_> {
    fn operation_grad(&self) -> TokenStream {
        let constants = self.constants();
        let engine = &self.names.engine;
        let (name, text) = (self.name(), unraw(self.name()));
        let doc = format!(
            "The value of [`{text}`](fn@{text}) and its gradient.\n\nThe gradient has the shape of the differentiable argument, or \
             is a tuple of such shapes in argument order. The cost is that of one call of `{text}`, and of one for its \
             partial derivatives."
        );
        let (head, parameters) = (self.head("grad", &doc), self.declared());
        let (output, gradient_type) = (self.output(), self.gradient_type());
        let zeros = self.differentiable().map(|parameter| {
            let (argument, written, buffer) =
                (parameter.name, erased(parameter.written), buffer(parameter));
            quote_spanned!(parameter.written.span()=> let mut #buffer = <#written as #engine::rt::Differentiable>::zeros_like(&#argument);)
        });
        let buffers: Vec<_> = self.differentiable().map(buffer).collect();
        let gradient = one_or_tuple(&buffers.iter().map(ToTokens::to_token_stream).collect::<Vec<_>>());
        let arguments = self.function.parameters.iter().map(|parameter| parameter.name);
        quote_spanned! {Span::mixed_site()=>
            #head(#(#parameters),*) -> (#output, #gradient_type) {
                #(#zeros)*
                let __value = #name::__accumulate::<#constants>(#(#arguments,)* #(&mut #buffers),*);
                (__value, #gradient)
            }
        }
    }

    fn operation_grad_add(&self) -> TokenStream {
        let constants = self.constants();
        let engine = &self.names.engine;
        let (name, text) = (self.name(), unraw(self.name()));
        let doc = format!(
            "The value of [`{text}`](fn@{text}); its gradient is added into the buffers, one for each differentiable argument in \
             order.\n\n# Panics\n\nIf a buffer has another length than its argument."
        );
        let (head, parameters, output) = (self.head("grad_add", &doc), self.declared(), self.output());
        let fits = self.differentiable().map(|parameter| {
            let (name, buffer) = (parameter.name, buffer(parameter));
            quote!(#engine::rt::check_fit(&#name, #buffer);)
        });
        let declared = self.declared_buffers();
        let given = self.differentiable().map(buffer);
        let arguments = self.function.parameters.iter().map(|parameter| parameter.name);
        quote! {
            #[track_caller]
            #head(#(#parameters,)* #(#declared),*) -> #output {
                #(#fits)*
                #name::__accumulate::<#constants>(#(#arguments,)* #(#given),*)
            }
        }
    }

    fn declared_buffers(&self) -> Vec<TokenStream> {
        let declare = |parameter: &Parameter<'_>| {
            let (buffer, ty) = (buffer(parameter), parameter.buffer(self.function, &self.names));
            quote!(#buffer: #ty)
        };
        self.differentiable().map(declare).collect()
    }

    fn operation_item(&self, partials: &syn::Path) -> TokenStream {
        let (value, derivatives) = (self.operation_value(), self.operation_derivatives(partials));
        let adjoint_source = format!(
            "// `{}` is an operation of its own: its derivatives are what `{}` gives.\n",
            unraw(self.function_name()),
            quote!(#partials).to_string().replace(' ', "")
        );
        let (accumulate, partials, halves) =
            (self.operation_accumulate(), self.operation_partials(), self.operation_halves());
        let (on, tangent) = (self.operation_on(), self.operation_tangent());
        let reached = self.reached(None);
        let second =
            self.annotated.options.second_partials.as_ref().map(|second| self.operation_second(second));
        let second = second.unwrap_or_else(|| self.second_halves());
        let functions =
            quote!(#value #derivatives #accumulate #partials #halves #tangent #second #on #reached);
        let backend = self.backend(None);
        self.item_of(&backend, &adjoint_source, &self.operation_on_values(), &functions)
    }

    /// `__value`: the user's function, under a name that no parameter of `on_values` hides.
    fn operation_value(&self) -> TokenStream {
        let (quiet, generics, output) = (self.quiet(), &self.annotated.item.sig.generics, self.output());
        let (name, constants) = (self.name(), self.constants());
        let (parameters, arguments) = (self.numbered(), self.numbers());
        quote! {
            #[doc(hidden)] #quiet #[inline]
            pub fn __value #generics(#(#parameters),*) -> #output {
                #name::<#constants>(#(#arguments),*)
            }
        }
    }

    /// `__derivatives`: the one place that names the user's function of the partials, so that each mistake about it is told
    /// once, at that name.
    fn operation_derivatives(&self, partials: &syn::Path) -> TokenStream {
        let engine = &self.names.engine;
        let (quiet, generics, gradient) =
            (self.quiet(), &self.annotated.item.sig.generics, self.gradient_type());
        let (parameters, arguments) = (self.numbered(), self.numbers());
        let types = self.function.parameters.iter().map(|parameter| erased(parameter.written));
        let call = quote_spanned! {partials.span()=>
            #engine::rt::partials::<(#(#types,)*), #gradient, _>(#partials, (#(#arguments,)*))
        };
        quote! {
            #[doc(hidden)] #quiet #[inline]
            pub fn __derivatives #generics(#(#parameters),*) -> #gradient { #call }
        }
    }

    /// `__accumulate`: the value, and the gradient added into buffers.
    fn operation_accumulate(&self) -> TokenStream {
        let constants = self.constants();
        let engine = &self.names.engine;
        let (quiet, generics, output) = (self.quiet(), &self.annotated.item.sig.generics, self.output());
        let (parameters, buffers, arguments) = (self.numbered(), self.declared_buffers(), self.numbers());
        let first = self.given_twice();
        let (found, function) = (self.found_partials(), unraw(self.name()));
        let adds = self.differentiable().zip(&found).map(|(parameter, partials)| {
            let (buffer, name) = (buffer(parameter), unraw(parameter.name));
            quote!(#engine::rt::add_partials(#function, #name, &#partials, 1.0, #buffer);)
        });
        let pattern = one_or_tuple(&found.iter().map(ToTokens::to_token_stream).collect::<Vec<_>>());
        quote_spanned! {Span::mixed_site()=>
            #[doc(hidden)] #quiet #[inline]
            pub fn __accumulate #generics(#(#parameters,)* #(#buffers),*) -> #output {
                let __value = Self::__value::<#constants>(#(#first),*);
                let #pattern = Self::__derivatives::<#constants>(#(#arguments),*);
                #(#adds)*
                __value
            }
        }
    }

    /// `__partials`: the value, and a gradient for every parameter, which is `()` where there is none.
    fn operation_partials(&self) -> TokenStream {
        let constants = self.constants();
        let engine = &self.names.engine;
        let (quiet, generics, output) = (self.quiet(), &self.annotated.item.sig.generics, self.output());
        let (parameters, arguments, first) = (self.numbered(), self.numbers(), self.given_twice());
        let plain = self.function.parameters.iter().map(|parameter| parameter.written);
        let (found, check) = (self.found_partials(), self.same_function());
        let pattern = one_or_tuple(&found.iter().map(ToTokens::to_token_stream).collect::<Vec<_>>());
        let mut found = found.iter();
        let (mut types, mut gradients) = (Vec::new(), Vec::new());
        for parameter in &self.function.parameters {
            if parameter.is_differentiable() {
                types.push(Purpose::Gradient.of(
                    self.function,
                    &self.names,
                    parameter.written,
                    &parameter.ty,
                ));
                gradients.push(found.next().to_token_stream());
            } else {
                types.push(quote!(#engine::rt::std::primitive::f64));
                gradients.push(quote!(0.0));
            }
        }
        quote_spanned! {Span::mixed_site()=>
            #[doc(hidden)] #quiet #[inline]
            pub fn __partials #generics(
                __function: impl #engine::rt::std::ops::Fn(#(#plain),*) -> #output #(, #parameters)*
            ) -> (#output, (#(#types,)*)) {
                #check
                let __value = Self::__value::<#constants>(#(#first),*);
                let #pattern = Self::__derivatives::<#constants>(#(#arguments),*);
                (__value, (#(#gradients,)*))
            }
        }
    }

    /// `__forward` and `__reverse`: nothing need be saved between them.
    fn operation_halves(&self) -> TokenStream {
        let constants = self.constants();
        let engine = &self.names.engine;
        let (quiet, generics, output) = (self.quiet(), &self.annotated.item.sig.generics, self.output());
        let (parameters, arguments) = (self.numbered(), self.numbers());
        let plain = self.function.parameters.iter().map(|parameter| parameter.written);
        let function = quote!(impl #engine::rt::std::ops::Fn(#(#plain),*) -> #output);
        let (found, check, name) = (self.found_partials(), self.same_function(), unraw(self.name()));
        let pattern = one_or_tuple(&found.iter().map(ToTokens::to_token_stream).collect::<Vec<_>>());
        let (mut found, mut buffers, mut adds) = (found.iter(), Vec::new(), Vec::new());
        for (at, parameter) in self.function.parameters.iter().enumerate() {
            let (buffer, text) = (Self::half_buffer(at), unraw(parameter.name));
            if parameter.is_differentiable() {
                let (ty, partials) = (parameter.buffer(self.function, &self.names), found.next());
                buffers.push(quote!(#buffer: #ty));
                adds.push(quote_spanned! {Span::mixed_site()=>
                    #engine::rt::add_partials(#name, #text, &#partials, *__seed, #buffer);
                });
            } else {
                buffers.push(quote!(#buffer: impl #engine::rt::std::marker::Sized));
            }
        }
        quote_spanned! {Span::mixed_site()=>
            #[doc(hidden)] #quiet #[inline]
            pub fn __forward #generics(
                __function: #function, _: &mut #engine::rt::Frame #(, #parameters)*
            ) -> #output {
                #check
                Self::__value::<#constants>(#(#arguments),*)
            }
            #[doc(hidden)] #quiet #[inline]
            pub fn __reverse #generics(
                _: #function, _: &mut #engine::rt::Frame #(, #parameters)*, __seed: &#output #(, #buffers)*
            ) {
                let #pattern = Self::__derivatives::<#constants>(#(#arguments),*);
                #(#adds)*
            }
        }
    }

    /// `__jvp` and `__tangent`: the value, and the partials in one direction.
    fn operation_tangent(&self) -> TokenStream {
        let (engine, constants) = (&self.names.engine, self.constants());
        let (quiet, generics, output) = (self.quiet(), &self.annotated.item.sig.generics, self.output());
        let (parameters, arguments, first) = (self.numbered(), self.numbers(), self.given_twice());
        let (found, function) = (self.found_partials(), unraw(self.name()));
        let pattern = one_or_tuple(&found.iter().map(ToTokens::to_token_stream).collect::<Vec<_>>());
        let here = Span::mixed_site();
        let names: Vec<_> = (0..found.len()).map(|at| format_ident!("direction{at}", span = here)).collect();
        let tangents = self.tangent_parameters(&names);
        let flat = self.differentiable().zip(&found).zip(&names).map(|((parameter, partials), tangent)| {
            let name = unraw(parameter.name);
            quote_spanned! {here=>
                #engine::rt::flatten_partials(#function, #name, &#partials, #tangent, &mut __partials);
                #engine::rt::Flatten::flatten(#tangent, &mut __directions);
            }
        });
        let protocol = self.tangent_protocol();
        quote_spanned! {here=>
            #[doc(hidden)] #quiet
            pub fn __jvp #generics(#(#parameters,)* #(#tangents),*) -> (#output, #output) {
                let __value = Self::__value::<#constants>(#(#first),*);
                let #pattern = Self::__derivatives::<#constants>(#(#arguments),*);
                let (mut __partials, mut __directions) = (#engine::rt::std::vec::Vec::new(), #engine::rt::std::vec::Vec::new());
                #(#flat)*
                (__value, #engine::rt::directional(&__partials, &__directions))
            }
            #protocol
        }
    }

    /// `__turned`, the one place that names the user's function of the second derivatives; and `__second`: the value, and the
    /// gradient and its change in a direction, added into buffers.
    fn operation_second(&self, second: &syn::Path) -> TokenStream {
        let (engine, constants, here) = (&self.names.engine, self.constants(), Span::mixed_site());
        let (quiet, generics, gradient) =
            (self.quiet(), &self.annotated.item.sig.generics, self.gradient_type());
        let (output, parameters, arguments) = (self.output(), self.numbered(), self.numbers());
        let directions = self.directions();
        let mut types: Vec<_> = self
            .function
            .parameters
            .iter()
            .map(|parameter| erased(parameter.written).into_token_stream())
            .collect();
        let own = self.tangent_types();
        types.extend(own.iter().cloned());
        let taken = directions.iter().zip(&own).map(|(name, ty)| quote!(#name: #ty));
        let call = quote_spanned! {second.span()=>
            #engine::rt::second_partials::<(#(#types,)*), #gradient, _>(#second, (#(#arguments,)* #(#directions,)*))
        };
        let tangents = self.tangent_parameters(&directions);
        let given = self.directions_given();
        let (buffers, turned) = (self.declared_buffers(), (0..directions.len()).map(turned_buffer));
        let turned: Vec<_> = turned.collect();
        let declared_turned = self.differentiable().zip(&turned).map(|(parameter, buffer)| {
            let ty = parameter.buffer(self.function, &self.names);
            quote!(#buffer: #ty)
        });
        let (found, function) = (self.found_partials(), unraw(self.name()));
        let adds =
            self.differentiable().zip(found.iter().zip(&turned)).map(|(parameter, (partials, buffer))| {
                let name = unraw(parameter.name);
                quote_spanned!(here=> #engine::rt::add_partials(#function, #name, &#partials, 1.0, #buffer);)
            });
        let pattern = one_or_tuple(&found.iter().map(ToTokens::to_token_stream).collect::<Vec<_>>());
        let (first, own_buffers) = (self.given_twice(), self.differentiable().map(buffer));
        let halves = self.operation_second_halves();
        quote_spanned! {here=>
            #[doc(hidden)] #quiet #[inline]
            pub fn __turned #generics(#(#parameters,)* #(#taken),*) -> #gradient { #call }
            #[doc(hidden)] #quiet
            pub fn __second #generics(#(#parameters,)* #(#tangents,)* #(#buffers,)* #(#declared_turned),*) -> #output {
                let __value = Self::__accumulate::<#constants>(#(#first,)* #(#own_buffers),*);
                let #pattern = Self::__turned::<#constants>(#(#arguments,)* #(#given),*);
                #(#adds)*
                __value
            }
            #halves
        }
    }

    /// The two halves with tangents: nothing need be saved between them.
    fn operation_second_halves(&self) -> TokenStream {
        let (engine, constants, here) = (&self.names.engine, self.constants(), Span::mixed_site());
        let (parameters, arguments) = (self.numbered(), self.numbers());
        let (first, function) = (self.given_twice(), unraw(self.name()));
        let differentiable: Vec<_> = self
            .function
            .parameters
            .iter()
            .enumerate()
            .filter(|(_, parameter)| parameter.is_differentiable())
            .collect();
        let tangents: Vec<_> = differentiable.iter().map(|(at, _)| half_tangent(*at)).collect();
        let lent = differentiable.iter().zip(&tangents).map(|((_, parameter), tangent)| {
            if is_reference(parameter.written) {
                tangent.to_token_stream()
            } else {
                quote!(#engine::rt::std::clone::Clone::clone(#tangent))
            }
        });
        let found = self.found_partials();
        let pattern = one_or_tuple(&found.iter().map(ToTokens::to_token_stream).collect::<Vec<_>>());
        let add = |factor: &TokenStream, turned: bool| -> TokenStream {
            let add = |((at, parameter), partials): (&(usize, &Parameter<'_>), &Ident)| {
                let name = unraw(parameter.name);
                let buffer = if turned { half_turned(*at) } else { Self::half_buffer(*at) };
                quote_spanned!(here=> #engine::rt::add_partials(#function, #name, &#partials, *#factor, #buffer);)
            };
            differentiable.iter().zip(&found).map(add).collect()
        };
        let (seed, turn) = (quote_spanned!(here=> __seed), quote_spanned!(here=> __turn));
        let (gradient, moved, changed) = (add(&seed, false), add(&turn, true), add(&seed, true));
        let forward = quote_spanned!(here=> Self::__jvp::<#constants>(#(#arguments,)* #(#tangents),*));
        let reverse = quote_spanned! {here=>
            let #pattern = Self::__derivatives::<#constants>(#(#first),*);
            #gradient
            if #engine::rt::reached(*__turn) {
                #moved
            }
            let #pattern = Self::__turned::<#constants>(#(#arguments,)* #(#lent),*);
            #changed
        };
        self.second_protocol(&parameters, &forward, &reverse)
    }

    fn directions(&self) -> Vec<Ident> {
        let count = self.differentiable().count();
        (0..count).map(|at| format_ident!("direction{at}", span = Span::mixed_site())).collect()
    }

    /// References to tangents, as the user's function takes them.
    fn directions_given(&self) -> Vec<TokenStream> {
        let engine = &self.names.engine;
        let give = |(parameter, direction): (&Parameter<'_>, Ident)| {
            if is_reference(parameter.written) {
                direction.to_token_stream()
            } else {
                quote!(#engine::rt::std::clone::Clone::clone(#direction))
            }
        };
        self.differentiable().zip(self.directions()).map(give).collect()
    }

    /// The arguments, for the first of two calls: the value comes before its derivatives, and what is taken by value is
    /// needed once more.
    fn given_twice(&self) -> Vec<TokenStream> {
        let engine = &self.names.engine;
        let parameters = self.function.parameters.iter().zip(self.numbers());
        let give = |(parameter, argument): (&Parameter<'_>, Ident)| {
            if is_reference(parameter.written) {
                argument.to_token_stream()
            } else {
                quote!(#engine::rt::std::clone::Clone::clone(&#argument))
            }
        };
        parameters.map(give).collect()
    }

    /// The operation on the caller's values: one node.
    fn operation_on_values(&self) -> TokenStream {
        let Names { engine, lifetime, .. } = &self.names;
        let (quiet, text, site) =
            (self.quiet(), unraw(self.name()), self.parameter_site(self.name(), &unraw(self.name())));
        let doc = format!("[`{text}`](fn@{text}) on the caller's own values: one node of the graph.");
        let mut generics = self.annotated.item.sig.generics.clone();
        generics.params.insert(0, syn::GenericParam::Lifetime(syn::LifetimeParam::new(lifetime.clone())));
        let parameters = self.function.parameters.iter().map(|parameter| {
            let name = parameter.name;
            let written = Purpose::Values.of(self.function, &self.names, parameter.written, &parameter.ty);
            quote!(#name: #written)
        });
        let output = self.values_output();
        let active = self.differentiable().map(|parameter| {
            let name = parameter.name;
            if is_reference(parameter.written) { quote!(#name) } else { quote!(&#name) }
        });
        let kept = self.function.parameters.iter().map(|parameter| {
            let name = parameter.name;
            match (parameter.is_differentiable(), is_reference(parameter.written)) {
                (true, _) => quote!(#engine::rt::plain(&#name)),
                (false, true) => quote!(#engine::rt::std::borrow::ToOwned::to_owned(#name)),
                (false, false) => quote!(#engine::rt::std::clone::Clone::clone(&#name)),
            }
        });
        let (value, partials) = (self.kept_value(), self.kept_partials());
        let recorded = match &self.annotated.options.second_partials {
            Some(_) => {
                let second = self.kept_second();
                quote_spanned!(Span::mixed_site()=> #engine::rt::custom_second(#site, #text, &operands, __state, #value, #partials, #second))
            }
            None => {
                quote_spanned!(Span::mixed_site()=> #engine::rt::custom(#site, #text, &operands, __state, #value, #partials))
            }
        };
        let used = self.used();
        quote_spanned! {Span::mixed_site()=>
            #[doc = #doc] #quiet #[track_caller]
            pub fn on_values #generics(#(#parameters),*) -> #output {
                #used
                let mut operands = #engine::rt::std::vec::Vec::new();
                #(#engine::rt::Roots::roots(#active, &mut operands);)*
                let __state = (#(#kept,)*);
                #recorded
            }
        }
    }

    /// `__on`: the same in either mode. A single node has nothing that is traced.
    fn operation_on(&self) -> TokenStream {
        let constants = self.constants();
        let Names { engine, lifetime, .. } = &self.names;
        let mut generics = self.annotated.item.sig.generics.clone();
        generics.params.insert(0, syn::GenericParam::Lifetime(syn::LifetimeParam::new(lifetime.clone())));
        let (mode, lifetimes) = (mode(), generics.lifetimes().count());
        generics.params.insert(lifetimes, syn::parse_quote!(#mode: #engine::rt::TraceMode));
        let (quiet, output, arguments) = (self.quiet(), self.values_output(), self.numbers());
        let parameters = self.function.parameters.iter().enumerate().map(|(at, parameter)| {
            let name = argument(at);
            let written = Purpose::Values.of(self.function, &self.names, parameter.written, &parameter.ty);
            quote!(#name: #written)
        });
        quote_spanned! {Span::mixed_site()=>
            #[doc(hidden)] #quiet #[track_caller] #[inline]
            pub fn __on #generics(_: #mode #(, #parameters)*) -> #output {
                Self::on_values::<#constants>(#(#arguments),*)
            }
        }
    }

    /// The value, from what a node keeps and the numbers of its operands.
    fn kept_value(&self) -> TokenStream {
        let constants = self.constants();
        let (filled, given) = (self.filled(), self.given_from_state());
        quote_spanned! {Span::mixed_site()=>
            |__state, operands| {
                #filled
                Self::__value::<#constants>(#(#given),*)
            }
        }
    }

    /// The partials, from the same, one after the other.
    fn kept_partials(&self) -> TokenStream {
        let constants = self.constants();
        let engine = &self.names.engine;
        let (filled, given, found) = (self.filled(), self.given_from_state(), self.found_partials());
        let pattern = one_or_tuple(&found.iter().map(ToTokens::to_token_stream).collect::<Vec<_>>());
        let function = unraw(self.name());
        let parameters = self
            .function
            .parameters
            .iter()
            .enumerate()
            .filter(|(_, parameter)| parameter.is_differentiable());
        let flat = parameters.zip(&found).map(|((at, parameter), partials)| {
            let (at, name) = (syn::Index::from(at), unraw(parameter.name));
            quote_spanned!(Span::mixed_site()=> #engine::rt::flatten_partials(#function, #name, &#partials, &__state.#at, &mut __numbers);)
        });
        quote_spanned! {Span::mixed_site()=>
            |__state, operands| {
                #filled
                let #pattern = Self::__derivatives::<#constants>(#(#given),*);
                let mut __numbers = #engine::rt::std::vec::Vec::with_capacity(operands.len());
                #(#flat)*
                __numbers
            }
        }
    }

    /// How fast the partials change in a direction, from the same.
    fn kept_second(&self) -> TokenStream {
        let constants = self.constants();
        let engine = &self.names.engine;
        let (filled, given, found) = (self.filled(), self.given_from_state(), self.found_partials());
        let pattern = one_or_tuple(&found.iter().map(ToTokens::to_token_stream).collect::<Vec<_>>());
        let function = unraw(self.name());
        let parameters = || {
            self.function.parameters.iter().enumerate().filter(|(_, parameter)| parameter.is_differentiable())
        };
        let flat = parameters().zip(&found).map(|((at, parameter), partials)| {
            let (at, name) = (syn::Index::from(at), unraw(parameter.name));
            quote_spanned!(Span::mixed_site()=> #engine::rt::flatten_partials(#function, #name, &#partials, &__state.#at, &mut __numbers);)
        });
        let directions = parameters().zip(self.directions()).map(|((at, parameter), direction)| {
            let at = syn::Index::from(at);
            let taken = quote_spanned!(Span::mixed_site()=> #engine::rt::filled(&__state.#at, &mut __rest));
            if is_reference(parameter.written) {
                quote!(let #direction = &#taken;)
            } else {
                quote!(let #direction = #taken;)
            }
        });
        let names = self.directions();
        quote_spanned! {Span::mixed_site()=>
            |__state, operands, __directions| {
                #filled
                let mut __rest = __directions;
                #(#directions)*
                let #pattern = Self::__turned::<#constants>(#(#given,)* #(#names),*);
                let mut __numbers = #engine::rt::std::vec::Vec::with_capacity(operands.len());
                #(#flat)*
                __numbers
            }
        }
    }

    /// `let argument0 = …` for every differentiable parameter: in the shape that is kept, with the numbers of the operands.
    fn filled(&self) -> TokenStream {
        let engine = &self.names.engine;
        let parameters = self.function.parameters.iter().enumerate();
        let fill = parameters.filter(|(_, parameter)| parameter.is_differentiable()).map(|(at, _)| {
            let (argument, at) = (argument(at), syn::Index::from(at));
            quote_spanned!(Span::mixed_site()=> let #argument = #engine::rt::filled(&__state.#at, &mut __rest);)
        });
        quote_spanned!(Span::mixed_site()=> let mut __rest = operands; #(#fill)*)
    }

    /// The arguments of the user's functions: filled ones, and constants as they are kept.
    fn given_from_state(&self) -> Vec<TokenStream> {
        let engine = &self.names.engine;
        let give = |(at, parameter): (usize, &Parameter<'_>)| {
            let (argument, at) = (argument(at), syn::Index::from(at));
            match (parameter.is_differentiable(), is_reference(parameter.written)) {
                (true, true) => quote!(&#argument),
                (true, false) => quote!(#argument),
                (false, true) => quote_spanned!(Span::mixed_site()=> &__state.#at),
                (false, false) => {
                    quote_spanned!(Span::mixed_site()=> #engine::rt::std::clone::Clone::clone(&__state.#at))
                }
            }
        };
        self.function.parameters.iter().enumerate().map(give).collect()
    }

    /// The names of the partials, one for each differentiable parameter.
    fn found_partials(&self) -> Vec<Ident> {
        let count = self.differentiable().count();
        (0..count).map(|at| format_ident!("partials{at}", span = Span::mixed_site())).collect()
    }

    /// The parameters, numbered, with their types.
    pub(super) fn numbered(&self) -> Vec<TokenStream> {
        let declare = |(at, parameter): (usize, &Parameter<'_>)| {
            let (argument, written) = (argument(at), self.declared_type(parameter));
            quote!(#argument: #written)
        };
        self.function.parameters.iter().enumerate().map(declare).collect()
    }

    pub(super) fn numbers(&self) -> Vec<Ident> {
        (0..self.function.parameters.len()).map(argument).collect()
    }
}
