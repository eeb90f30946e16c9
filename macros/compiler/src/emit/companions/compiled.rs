//! The companions of a function whose adjoint is compiled. `f_grad`, `f_grad_add` and `f_vjp` call one function, which runs
//! both sweeps and adds the gradient into buffers; `f_jacobian` and other functions' adjoints call the two halves.

use super::tangent::is_numbers;
use super::{Companions, erased, one_or_tuple};
use crate::emit::code::{Code, Piece as _, Token, code};
use crate::emit::sweeps::{Printer, RULES};
use crate::emit::types::aliases;
use crate::ir::{Program, StorageKind};
use crate::reasons::Unsupported;
use crate::types::effects;
use crate::types::tree::Parameter;
use proc_macro2::{Delimiter, Ident, Span, TokenStream};
use quote::{ToTokens, quote, quote_spanned};
use syn::spanned::Spanned;

/// What the compiler made of a function.
pub struct Compiled {
    /// Both sweeps in one function.
    pub joint: Program,
    /// Both in functions of their own, or why that is not possible.
    pub split: Result<Program, Unsupported>,
    /// Forward mode, if it is compiled.
    pub tangent: Option<Program>,
    /// Forward mode over both sweeps, if it is asked for and compiled: in one function, and in functions of their own.
    pub second: Option<Program>,
    pub second_split: Option<Program>,
}

impl Companions<'_, '_> {
    /// Each differentiable parameter, with its buffer.
    pub(super) fn buffers_of<'p>(
        &'p self,
        printer: &'p Printer<'_>,
    ) -> impl Iterator<Item = (&'p Parameter<'p>, &'p Ident)> {
        let buffers = self.function.parameters.iter().zip(&printer.sweep().buffers);
        buffers
            .filter_map(|(parameter, buffer)| Some((parameter, &printer.program.storage((*buffer)?).ident)))
    }

    fn buffers(&self, printer: &Printer<'_>) -> Vec<Ident> {
        self.buffers_of(printer).map(|(_, buffer)| buffer.clone()).collect()
    }

    /// The buffers as parameters.
    pub(in crate::emit) fn buffer_parameters(&self, printer: &Printer<'_>) -> Vec<TokenStream> {
        self.buffers_of(printer)
            .map(|(parameter, name)| {
                let ty = parameter.buffer(self.function, &self.names);
                quote!(#name: #ty)
            })
            .collect()
    }

    /// New buffers.
    fn zeros(&self, printer: &Printer<'_>) -> TokenStream {
        let engine = &self.names.engine;
        self.buffers_of(printer)
            .map(|(parameter, buffer)| {
                let (name, written) = (parameter.name, erased(parameter.written));
                // At the type, where rustc has said so if it has no gradient.
                quote_spanned!(parameter.written.span()=> let mut #buffer = <#written as #engine::rt::Differentiable>::zeros_like(&#name);)
            })
            .collect()
    }

    fn arguments(&self) -> Vec<&Ident> {
        self.function.parameters.iter().map(|parameter| parameter.name).collect()
    }

    /// The function, and the gradient added into buffers, by both sweeps.
    pub(in crate::emit) fn accumulate(&self, printer: &Printer<'_>, sweeps: &Code<'_>) -> TokenStream {
        let generics = &self.annotated.item.sig.generics;
        let (parameters, output, quiet) = (self.declared(), self.output(), self.quiet());
        let (buffers, seed) = (self.buffer_parameters(printer), self.seed_parameter());
        let body = sweeps.braced(self.beginning());
        quote! {
            #[doc(hidden)] #quiet #[inline]
            pub fn __accumulate #generics(#(#parameters,)* #seed #(#buffers),*) -> #output #body
        }
    }

    /// What stands before the sweeps: the gate, and the name of the derivatives.
    pub(in crate::emit) fn beginning(&self) -> TokenStream {
        let (used, gate, engine) = (self.used(), self.gate(), &self.names.engine);
        let (rules, aliases) = (Ident::new(RULES, Span::call_site()), aliases(engine));
        quote!(#used #gate use #engine::ops::rules as #rules; #aliases)
    }

    /// The seed as a parameter, with a comma, where the function has several values.
    pub(in crate::emit) fn seed_parameter(&self) -> TokenStream {
        let (seed, output) = (Ident::new("__seed", Span::mixed_site()), self.value_type());
        if self.is_seeded() { quote!(#seed: &#output,) } else { TokenStream::new() }
    }

    /// Whether the caller of both sweeps gives the seed: the function has several values, or as many as its type says, which only
    /// rustc knows.
    fn is_seeded(&self) -> bool {
        self.function.may_be_several()
    }

    /// The seed of a single value, for both sweeps, with a comma.
    fn single_seed(&self) -> TokenStream {
        let (engine, output) = (&self.names.engine, self.value_type());
        let one = quote!(&<#output as #engine::rt::SingleValue<&()>>::one(),);
        if self.is_seeded() { one } else { TokenStream::new() }
    }

    /// Fields that are marked `#[constant]` hold the argument's own numbers in a gradient: which these are, only rustc knows.
    pub(super) fn constants_restored<'p>(&self, printer: &'p Printer<'p>, out: &mut Code<'p>) {
        let engine = &self.names.engine;
        let types = &self.function.types;
        for (parameter, buffer) in self.buffers_of(printer) {
            if types.has_named(&parameter.ty) {
                let name = parameter.name;
                let compiled = quote!(#engine::rt::restore(&#name, &mut *#buffer););
                out.tokens.push(Token::Either(compiled, Vec::new()));
            }
        }
    }

    /// The forward sweep, the reverse sweep, the value.
    pub(in crate::emit) fn both_sweeps<'p>(&self, printer: &'p Printer<'p>) -> Code<'p> {
        let sweeps = |out: &mut Code<'p>| {
            let engine = &printer.names.engine;
            let value = Ident::new("__value", Span::mixed_site());
            out.tokens.push(Token::Note("Forward sweep: the function, and what it records."));
            printer.items().append(out);
            printer.witnesses(out);
            printer.forward(out);
            let (name, checked, given) = (value.clone(), value.clone(), value);
            code!(out <- let #name = #(printer.outcome()););
            out.tokens.push(Token::Note("Reverse sweep: the statements from the last to the first."));
            if let Some(seed) = printer.sweep().seed {
                let seed = &printer.program.storage(seed).ident;
                code!(out <- #engine::rt::check_seed(&#checked, #seed););
                code!(out <- let #seed = &#engine::rt::Seed::weights(#seed););
            }
            printer.reverse(out);
            self.constants_restored(printer, out);
            self.succeeded(out, |out| given.append(out));
        };
        Code::of(|out| {
            let (engine, frame) = (&printer.names.engine, &printer.frame);
            match (printer.has_frame(), self.fallible()) {
                (false, _) => sweeps(out),
                (true, None) => {
                    code!(out <- #engine::rt::framed(|#frame| { #{ sweeps(out); } }));
                }
                (true, Some(_)) => {
                    let output = self.output();
                    code!(out <- #engine::rt::framed(|#frame| #frame.attempt(|#frame| -> #output { #{ sweeps(out); } })));
                }
            }
        })
    }

    /// What the function gives: the value, or of a function that may fail that it has not.
    fn succeeded<'p>(&self, out: &mut Code<'p>, value: impl FnOnce(&mut Code<'p>)) {
        if self.fallible().is_none() {
            return value(out);
        }
        let engine = &self.names.engine;
        let inner = Code::of(value);
        let given = inner.stream();
        let compiled = quote!(#engine::rt::MayFail::given(#given));
        let read = self.variant();
        let mut tokens = Code::of(|out| read.append(out));
        tokens.group(Delimiter::Parenthesis, |out| out.tokens = inner.tokens);
        out.tokens.push(Token::Either(compiled, tokens.tokens));
    }

    /// `Some` or `Ok`, as far as the type that the function returns shows it.
    fn variant(&self) -> Ident {
        let is_option = self.output().into_iter().any(|token| token.to_string() == "Option");
        Ident::new(if is_option { "Some" } else { "Ok" }, Span::mixed_site())
    }

    /// The forward half where there is no seed, else the reverse half.
    fn either_sweep<'p>(&self, printer: &'p Printer<'p>) -> Code<'p> {
        let (reverse, seed) = (Ident::new("__reverse", Span::mixed_site()), Self::seed());
        let engine = &printer.names.engine;
        let buffers = self.buffers(printer);
        Code::of(|out| {
            printer.items().append(out);
            printer.witnesses(out);
            code!(out <- match #reverse {
                #engine::rt::std::option::Option::None => {
                    #{ self.forward_arm(printer, out); }
                }
                #engine::rt::std::option::Option::Some((#seed, #{
                    out.parts(buffers, |out, buffer| buffer.append(out));
                })) => {
                    #(printer.reverse())
                    #{ self.constants_restored(printer, out); }
                    #engine::rt::std::option::Option::None
                }
            });
        })
    }

    /// The forward sweep, and what the function gives. One that may fail leaves a function of its own.
    fn forward_arm<'p>(&self, printer: &'p Printer<'p>, out: &mut Code<'p>) {
        let engine = &printer.names.engine;
        if self.fallible().is_none() {
            code!(out <- #(printer.forward()) #engine::rt::std::option::Option::Some(#(printer.outcome())));
            return;
        }
        let output = self.output();
        code!(out <- #engine::rt::std::option::Option::Some((|| -> #output {
            #(printer.forward())
            #engine::rt::MayFail::given(#(printer.outcome()))
        })()));
    }

    fn seed() -> Ident {
        Ident::new("__seed", Span::mixed_site())
    }

    /// Both sweeps in one function, of which a call runs one, so that inference sees the types of both; and the two halves.
    pub(in crate::emit) fn compiled_halves(
        &self,
        printer: &Printer<'_>,
    ) -> (TokenStream, TokenStream, TokenStream) {
        let engine = &self.names.engine;
        let here = Span::mixed_site();
        let (frame, seed) = (&printer.frame, Self::seed());
        let generics = &self.annotated.item.sig.generics;
        let (name, parameters, output, quiet) = (self.name(), self.declared(), self.output(), self.quiet());
        let value = self.value_type();
        let buffers =
            self.buffers_of(printer).map(|(parameter, _)| parameter.buffer(self.function, &self.names));
        let body = self.either_sweep(printer).braced(self.beginning());
        let sweep = quote_spanned! {here=>
            #[doc(hidden)] #quiet #[inline(always)]
            fn __sweep #generics(
                #frame: &mut #engine::rt::Frame,
                __reverse: #engine::rt::std::option::Option<(&#value, #(#buffers,)*)>,
                #(#parameters),*
            ) -> #engine::rt::std::option::Option<#output> #body
        };
        let arguments = self.arguments().into_iter().map(ToTokens::to_token_stream).collect::<Vec<_>>();
        let (constants, forward) = (self.constants(), self.forward_sweep(&arguments));
        let given = self.function.parameters.iter().enumerate();
        let given = given.filter(|(_, parameter)| parameter.is_differentiable());
        let given = given.map(|(at, _)| Self::half_buffer(at));
        let reverse = quote_spanned! {here=>
            #name::__sweep::<#constants>(#frame, #engine::rt::std::option::Option::Some((#seed, #(#given,)*)) #(, #arguments)*);
        };
        (sweep, forward, reverse)
    }

    /// Runs the forward half of `__sweep`.
    fn forward_sweep(&self, arguments: &[TokenStream]) -> TokenStream {
        let (name, engine, constants) = (self.name(), &self.names.engine, self.constants());
        let frame = Ident::new("__frame", Span::mixed_site());
        let forward = quote_spanned! {Span::mixed_site()=>
            match #name::__sweep::<#constants>(#frame, #engine::rt::std::option::Option::None #(, #arguments)*) {
                #engine::rt::std::option::Option::Some(__value) => __value,
                #engine::rt::std::option::Option::None => #engine::rt::std::unreachable!(),
            }
        };
        // What a function saved that has failed is taken back.
        if self.fallible().is_some() { quote!(#frame.attempt(|#frame| #forward)) } else { forward }
    }

    /// The value, and a gradient for every parameter.
    pub(in crate::emit) fn compiled_partials(&self, printer: &Printer<'_>) -> TokenStream {
        let constants = self.constants();
        let name = self.name();
        let gradients = printer.sweep().buffers.iter().map(|buffer| match buffer {
            Some(buffer) => printer.program.storage(*buffer).ident.to_token_stream(),
            None => quote!(0.0),
        });
        let (zeros, given, arguments) = (self.zeros(printer), self.buffers(printer), self.arguments());
        let seed = self.single_seed();
        quote_spanned! {Span::mixed_site()=>
            #zeros
            let __value = #name::__accumulate::<#constants>(#(#arguments,)* #seed #(&mut #given),*);
            (__value, (#(#gradients,)*))
        }
    }

    pub(in crate::emit) fn compiled_grad(&self, head: &TokenStream, printer: &Printer<'_>) -> TokenStream {
        let constants = self.constants();
        let (name, parameters, output) = (self.name(), self.declared(), self.value_type());
        let gradient_type = self.gradient_type();
        let (zeros, buffers, arguments) = (self.zeros(printer), self.buffers(printer), self.arguments());
        let gradient = one_or_tuple(&buffers.iter().map(ToTokens::to_token_stream).collect::<Vec<_>>());
        let (seed, bound) = (self.single_seed(), self.single_bound());
        let here = Span::mixed_site();
        let given = self.wrapped(&quote!((#output, #gradient_type)));
        let both = self.if_given(&quote_spanned!(here=> (__value, #gradient)));
        quote_spanned! {here=>
            #head(#(#parameters),*) -> #given #bound {
                #zeros
                let __value = #name::__accumulate::<#constants>(#(#arguments,)* #seed #(&mut #buffers),*);
                #both
            }
        }
    }

    pub(in crate::emit) fn compiled_vjp(&self, head: &TokenStream, printer: &Printer<'_>) -> TokenStream {
        let constants = self.constants();
        let here = Span::mixed_site();
        // A name that people see.
        let seed = Ident::new("seed_", here);
        let (name, parameters, output) = (self.name(), self.declared(), self.value_type());
        let gradient_type = self.gradient_type();
        let (zeros, buffers, arguments) = (self.zeros(printer), self.buffers(printer), self.arguments());
        let gradient = one_or_tuple(&buffers.iter().map(ToTokens::to_token_stream).collect::<Vec<_>>());
        let given = self.wrapped(&quote!((#output, #gradient_type)));
        let both = self.if_given(&quote_spanned!(here=> (__value, #gradient)));
        quote_spanned! {here=>
            #[track_caller]
            #head(#(#parameters,)* #seed: #output) -> #given {
                #zeros
                let __value = #name::__accumulate::<#constants>(#(#arguments,)* &#seed, #(&mut #buffers),*);
                #both
            }
        }
    }

    /// Forward once, and one reverse half a row on a copy of the frame.
    pub(in crate::emit) fn compiled_jacobian(
        &self,
        head: &TokenStream,
        printer: &Printer<'_>,
    ) -> TokenStream {
        let engine = &self.names.engine;
        let here = Span::mixed_site();
        let (name, parameters, output) = (self.name(), self.declared(), self.value_type());
        let gradient_type = self.gradient_type();
        let (zeros, buffers, constants) = (self.zeros(printer), self.buffers(printer), self.constants());
        let gradient = one_or_tuple(&buffers.iter().map(ToTokens::to_token_stream).collect::<Vec<_>>());
        // What is given away is needed again for every row.
        let given: Vec<_> = self
            .function
            .parameters
            .iter()
            .map(|parameter| {
                let name = parameter.name;
                match parameter.written {
                    syn::Type::Reference(_) => quote!(#name),
                    _ => quote!(#engine::rt::std::clone::Clone::clone(&#name)),
                }
            })
            .collect();
        let forward = self.forward_sweep(&given);
        let columns = self.columns(&zeros, &buffers, &gradient, &given);
        let rows = self.if_given(&quote_spanned! {here=>
            #columns
            let mut __rows = #engine::rt::std::vec::Vec::new();
            for __at in 0..#engine::rt::Seed::count(&__value) {
                let __seed = #engine::rt::unit(&__value, __at);
                let mut __copy = __frame.clone();
                #zeros
                #name::__sweep::<#constants>(
                    &mut __copy,
                    #engine::rt::std::option::Option::Some((&__seed, #(&mut #buffers,)*))
                    #(, #given)*
                );
                __rows.push(#gradient);
            }
            __frame.clear();
            (__value, __rows)
        });
        let result = self.wrapped(&quote!((#output, #engine::rt::std::vec::Vec<#gradient_type>)));
        quote_spanned! {here=>
            #head(#(#parameters),*) -> #result {
                #engine::rt::framed(|__frame| {
                    let __value = #forward;
                    #rows
                })
            }
        }
    }

    /// The Jacobian by forward mode, if it has fewer columns than rows.
    fn columns(
        &self,
        zeros: &TokenStream,
        buffers: &[Ident],
        gradient: &TokenStream,
        given: &[TokenStream],
    ) -> Option<TokenStream> {
        let types = &self.function.types;
        let parameters: Vec<_> = self.differentiable().collect();
        let are_numbers = parameters.iter().all(|parameter| is_numbers(types, &parameter.ty));
        // A buffer of a number that nothing reads is left out.
        let are_all = buffers.len() == parameters.len();
        let is_possible = self.tangent_program().is_some() && are_numbers && are_all;
        if !is_possible || !is_numbers(types, &self.function.output) || !effects::is_quiet(self.function) {
            return None;
        }
        let engine = &self.names.engine;
        let (name, constants) = (self.name(), self.constants());
        let directions = self.gradient_names("direction");
        Some(quote_spanned! {Span::mixed_site()=>
            if const {
                let mut __list = #engine::rt::Reached::new();
                #name::__reached(&mut __list);
                __list.may_repeat()
            } {
                let __columns = {
                    #zeros
                    let mut __inputs = #engine::rt::std::vec::Vec::new();
                    #(#engine::rt::Flatten::flatten(&#buffers, &mut __inputs);)*
                    #engine::rt::columns(__inputs.len(), #engine::rt::Seed::count(&__value), |__at| {
                        let mut __left = #engine::rt::std::option::Option::Some(__at);
                        #(let #directions = #engine::rt::direction(&#buffers, &mut __left);)*
                        #name::__jvp::<#constants>(#(#given,)* #(&#directions),*).1
                    })
                };
                if let #engine::rt::std::option::Option::Some(__columns) = __columns {
                    let __rows = __columns.rows(|__numbers| {
                        #zeros
                        #(#engine::rt::AddFlat::add_flat(&mut #buffers, __numbers);)*
                        #gradient
                    });
                    __frame.clear();
                    return (__value, __rows);
                }
            }
        })
    }

    pub(in crate::emit) fn compiled_grad_add(
        &self,
        head: &TokenStream,
        printer: &Printer<'_>,
    ) -> TokenStream {
        let constants = self.constants();
        let engine = &self.names.engine;
        let (name, parameters, output) = (self.name(), self.declared(), self.output());
        // Here, not in `__accumulate`, where `track_caller` would hide the user's own lines.
        let sequences = self.function.parameters.iter().zip(&printer.sweep().buffers);
        let fits = sequences.filter_map(|(parameter, buffer)| {
            let buffer = printer.program.storage((*buffer)?);
            if matches!(buffer.kind, StorageKind::Buffer { number: true }) {
                return None;
            }
            let (name, buffer) = (parameter.name, &buffer.ident);
            let argument = self.names.gated_value(&quote!(&#name), Span::mixed_site());
            Some(quote!(#engine::rt::check_fit(#argument, #buffer);))
        });
        let (buffers, given) = (self.buffer_parameters(printer), self.buffers(printer));
        let (arguments, seed, bound) = (self.arguments(), self.single_seed(), self.single_bound());
        quote! {
            #[track_caller]
            #head(#(#parameters,)* #(#buffers),*) -> #output #bound {
                #(#fits)*
                #name::__accumulate::<#constants>(#(#arguments,)* #seed #(#given),*)
            }
        }
    }
}
