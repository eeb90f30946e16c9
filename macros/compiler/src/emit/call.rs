//! How generated code calls another differentiable function: through its companion item.

use super::code::{Code, Piece as _, Token, code};
use super::method::{Given, OfType};
use super::types::Names;
use crate::syntax::callee::Callee;
use proc_macro2::{Delimiter, Ident, Span, TokenStream};
use quote::{ToTokens, quote, quote_spanned};

/// The companion item of a callee, looked up by importing it. If there is none, the lookup falls through to an outer block's,
/// which refuses. The function itself goes along with every call, so that the item can tell whether it is the item of that
/// function.
pub(super) struct Device<'n> {
    names: &'n Names,
    path: syn::Path,
    /// The callee's generic arguments.
    generics: TokenStream,
    /// How many.
    constants: Vec<&'static str>,
    /// A name that is not known has been reported in the user's function: where a macro of that name is seen, the import
    /// finds that at least, and is silent.
    known: Option<TokenStream>,
    /// The callee's name as the user wrote it.
    pub(super) span: Span,
    /// Everything that can be wrong with a call is shown at the callee's name.
    pub(super) here: Span,
    pub(super) item: Ident,
    /// The item's type, behind the gate.
    pub(super) gated: TokenStream,
}

impl<'n> Device<'n> {
    pub(super) fn of(names: &'n Names, callee: &syn::Path) -> Device<'n> {
        let mut path = callee.clone();
        let (mut generics, mut constants) = (TokenStream::new(), Vec::new());
        if let Some(last) = path.segments.last_mut()
            && let syn::PathArguments::AngleBracketed(given) = std::mem::take(&mut last.arguments)
        {
            // The callee has const generics alone, or it is no differentiable function.
            if given.args.iter().all(may_be_constant) {
                let given = &given.args;
                (generics, constants) = (quote!(::<#given>), given.iter().map(type_of_constant).collect());
            }
        }
        let name = callee.segments.last().map(|segment| &segment.ident);
        let span = name.map_or_else(Span::call_site, Ident::span);
        let here = Span::mixed_site().located_at(span);
        let item = Ident::new("__gradus_callee", span);
        let gated = names.gated_type(&quote!(#item), span);
        let known = callee
            .get_ident()
            .map(|name| quote_spanned!(here=> #[allow(unused_macros)] macro_rules! #name { () => {} }));
        Device { names, path, generics, constants, known, span, here, item, gated }
    }

    /// A hidden function of the item.
    pub(super) fn function(&self, name: &str) -> TokenStream {
        let Device { names, span, item, gated, generics, .. } = self;
        let (support, name) = (&names.engine, Ident::new(name, *span));
        let called = names.gated_value(&quote_spanned!(*span=> #item::#name #generics), *span);
        let callable = match name.to_string().as_str() {
            "__second_forward" | "__second_reverse" => "Second",
            _ if self.is_companion() => "CallableAgain",
            _ => "Callable",
        };
        let callable = Ident::new(callable, *span);
        quote_spanned!(*span=> <#gated as #support::rt::#callable>::function(#called))
    }

    /// The function itself.
    pub(super) fn value(&self) -> TokenStream {
        let Device { item, generics, .. } = self;
        quote!(#item #generics)
    }

    /// How the callee takes its parameter at a position: `Active` or `Constant`.
    pub(super) fn kind(&self, at: usize) -> TokenStream {
        let (support, gated) = (&self.names.engine, &self.gated);
        quote_spanned!(self.here=> <#gated as #support::rt::Parameter<#at>>::Kind)
    }

    /// Buffers for the gradients of the arguments.
    fn lent(&self, buffers: &[Given<'_>], arguments: &[TokenStream]) -> Vec<TokenStream> {
        let engine = &self.names.engine;
        let lent = |(at, (buffer, argument)): (usize, (&Given<'_>, &TokenStream))| match buffer {
            Given::Of(code) => code.stream(),
            Given::Nobody => {
                let kind = self.kind(at);
                quote!(&mut <#kind as #engine::rt::Scratch<_>>::scratch(&#argument))
            }
        };
        buffers.iter().zip(arguments).enumerate().map(lent).collect()
    }

    /// Tangents of the arguments.
    fn along(&self, tangents: &[Given<'_>], arguments: &[TokenStream]) -> Vec<TokenStream> {
        let engine = &self.names.engine;
        let along = |(at, (tangent, argument)): (usize, (&Given<'_>, &TokenStream))| match tangent {
            Given::Of(code) => code.stream(),
            Given::Nobody => {
                let kind = self.kind(at);
                quote!(&<#kind as #engine::rt::NoTangent<_>>::no_tangent(&#argument))
            }
        };
        tangents.iter().zip(arguments).enumerate().map(along).collect()
    }

    /// Whether the callee has the name of a companion.
    fn is_companion(&self) -> bool {
        let name = self.path.segments.last().map(|segment| segment.ident.to_string()).unwrap_or_default();
        ["_grad", "_grad_add", "_vjp", "_jacobian", "_jvp", "_hvp", "_hvp_add", "_hessian", "_graph"]
            .iter()
            .any(|suffix| name.ends_with(suffix))
    }

    /// What stands for the item of a callee that has none.
    fn plain(&self) -> TokenStream {
        let Device { names, here, item, constants, .. } = self;
        let support = &names.engine;
        if constants.is_empty() {
            return quote_spanned! {*here=>
                #[allow(dead_code, non_camel_case_types)]
                type #item = #support::rt::NotDifferentiable;
            };
        }
        let types = constants.iter().map(|ty| Ident::new(ty, *here));
        quote_spanned! {*here=>
            #[allow(dead_code, non_camel_case_types)]
            type #item = #support::rt::PlainGeneric<(#(#support::rt::std::primitive::#types,)*)>;
        }
    }

    /// A block in which the item is known.
    pub(super) fn within(&self, body: &TokenStream) -> TokenStream {
        let Device { path, known, here, item, .. } = self;
        let plain = self.plain();
        quote_spanned! {*here=> {
            #plain
            #[allow(dead_code)]
            fn #item() {}
            #known
            {
                #[allow(unused_imports)]
                use #path as #item;
                #body
            }
        }}
    }
}

/// The type of a constant argument, as far as it can be seen.
fn type_of_constant(argument: &syn::GenericArgument) -> &'static str {
    match argument {
        syn::GenericArgument::Const(syn::Expr::Lit(syn::ExprLit { lit: syn::Lit::Bool(_), .. })) => "bool",
        syn::GenericArgument::Const(syn::Expr::Lit(syn::ExprLit { lit: syn::Lit::Char(_), .. })) => "char",
        _ => "usize",
    }
}

/// Whether a generic argument may be a constant.
fn may_be_constant(argument: &syn::GenericArgument) -> bool {
    match argument {
        syn::GenericArgument::Const(_) | syn::GenericArgument::Type(syn::Type::Infer(_)) => true,
        syn::GenericArgument::Type(syn::Type::Path(path)) => {
            path.path.segments.last().is_some_and(|last| !last.ident.to_string().contains(char::is_lowercase))
        }
        _ => false,
    }
}

/// A call of a hidden function as people read it: what finds out whether the callee has such a function is left out.
fn as_read<'c>(callee: &syn::Path, function: &'static str, arguments: Vec<Code<'c>>) -> Code<'c> {
    let mut path = callee.clone();
    let generics = path.segments.last_mut().map(|last| std::mem::take(&mut last.arguments));
    let generics = match generics {
        Some(syn::PathArguments::AngleBracketed(given)) => {
            let given = &given.args;
            quote!(::<#given>)
        }
        _ => TokenStream::new(),
    };
    let (path, function) = (path.into_token_stream(), Ident::new(function, Span::call_site()));
    let callee = Code::of(|out| callee.to_token_stream().append(out));
    let arguments = std::iter::once(callee).chain(arguments);
    Code::of(|out| {
        code!(out <- #path::#function #generics(#{
            out.list(arguments, |out, argument| argument.append(out));
        }));
    })
}

/// The frame as an argument, before others.
fn with_frame(arguments: Vec<Code<'_>>) -> Vec<Code<'_>> {
    let frame = Code::of(|out| Ident::new("__frame", Span::mixed_site()).append(out));
    std::iter::once(frame).chain(arguments).collect()
}

fn streams(arguments: &[Code<'_>]) -> Vec<TokenStream> {
    arguments.iter().map(Code::stream).collect()
}

/// The value of a callee on numbers, and its partial derivative for each.
pub(super) fn partials_of<'c>(out: &mut Code<'c>, names: &Names, callee: &Callee, arguments: Vec<Code<'c>>) {
    match callee {
        Callee::Function(path) => called(out, names, path, "__partials", arguments),
        Callee::Method(_) | Callee::Changing(..) | Callee::Associated { .. } | Callee::Operator(..) => {
            unreachable!("what belongs to a type is called in halves")
        }
    }
}

/// The forward half of a callee: the frame and the arguments.
pub(super) fn forward_half<'c>(
    out: &mut Code<'c>,
    names: &Names,
    callee: &Callee,
    arguments: Vec<Code<'c>>,
    may_fail: bool,
) {
    match (callee, OfType::of(callee)) {
        (_, Some(of_type)) => of_type.forward(out, names, arguments, may_fail),
        (Callee::Function(path), None) => {
            let half = if may_fail { "__try_forward" } else { "__forward" };
            called(out, names, path, half, with_frame(arguments));
        }
        (
            Callee::Method(_) | Callee::Changing(..) | Callee::Associated { .. } | Callee::Operator(..),
            None,
        ) => {}
    }
}

fn called<'c>(
    out: &mut Code<'c>,
    names: &Names,
    callee: &syn::Path,
    function: &'static str,
    arguments: Vec<Code<'c>>,
) {
    let device = Device::of(names, callee);
    let (called, value, given) = (device.function(function), device.value(), streams(&arguments));
    let compiled = device.within(&quote_spanned!(device.here=> (#called)(#value #(, #given)*)));
    out.tokens.push(Token::Either(compiled, as_read(callee, function, arguments).tokens));
}

/// The reverse half of a callee: the frame, the arguments again, the seed, and a buffer for each argument.
pub(super) fn reverse_half<'c>(
    out: &mut Code<'c>,
    names: &Names,
    callee: &Callee,
    arguments: Vec<Code<'c>>,
    (seed, may_fail): (Code<'c>, bool),
    buffers: Vec<Given<'c>>,
) {
    let callee = match (callee, OfType::of(callee)) {
        (_, Some(of_type)) => return of_type.reverse(out, names, arguments, (seed, may_fail), buffers),
        (Callee::Function(path), None) => path,
        (
            Callee::Method(_) | Callee::Changing(..) | Callee::Associated { .. } | Callee::Operator(..),
            None,
        ) => return,
    };
    let device = Device::of(names, callee);
    let half = if may_fail { "__try_reverse" } else { "__reverse" };
    let (function, value) = (device.function(half), device.value());
    let given = streams(&arguments);
    let lent = device.lent(&buffers, &given);
    let (frame, weight) = (Ident::new("__frame", Span::mixed_site()), seed.stream());
    let compiled = device.within(
        &quote_spanned!(device.here=> (#function)(#value, #frame #(, #given)*, #weight #(, #lent)*);),
    );
    let mut arguments = with_frame(arguments);
    arguments.push(seed);
    arguments.extend(buffers.into_iter().map(|buffer| match buffer {
        Given::Of(code) => code,
        // Whether the callee has a buffer there is for its item to say.
        Given::Nobody => Code::of(|out| out.group(Delimiter::Parenthesis, |_| {})),
    }));
    let mut read = as_read(callee, half, arguments);
    read.token(";");
    out.tokens.push(Token::Either(compiled, read.tokens));
}

/// What goes into the reverse half of a callee for second derivatives.
pub(super) struct Along<'c> {
    pub directions: Vec<Given<'c>>,
    pub seed: Code<'c>,
    pub buffers: Vec<Given<'c>>,
}

/// The forward half of a callee with tangents: the frame, the arguments, and a tangent for each.
pub(super) fn second_forward_half<'c>(
    out: &mut Code<'c>,
    names: &Names,
    callee: &Callee,
    arguments: Vec<Code<'c>>,
    tangents: &[Given<'c>],
) {
    let callee = of_second(callee);
    let device = Device::of(names, callee);
    let (function, value) = (device.function("__second_forward"), device.value());
    let given = streams(&arguments);
    let along = device.along(tangents, &given);
    let frame = Ident::new("__frame", Span::mixed_site());
    let compiled =
        device.within(&quote_spanned!(device.here=> (#function)(#value, #frame #(, #given)* #(, #along)*)));
    out.tokens.push(Token::Either(compiled, as_read(callee, "__second_forward", arguments).tokens));
}

/// The reverse half of a callee with tangents: the frame, the arguments, a tangent for each, the seed and its tangent, and two buffers
/// for each argument.
pub(super) fn second_reverse_half<'c>(
    out: &mut Code<'c>,
    names: &Names,
    callee: &Callee,
    (arguments, seed, buffers): (Vec<Code<'c>>, Code<'c>, Vec<Given<'c>>),
    along: &Along<'c>,
) {
    let callee = of_second(callee);
    let device = Device::of(names, callee);
    let (function, value) = (device.function("__second_reverse"), device.value());
    let given = streams(&arguments);
    let (lent, turned) = (device.lent(&buffers, &given), device.lent(&along.buffers, &given));
    let directions = device.along(&along.directions, &given);
    let (frame, weight, turn) =
        (Ident::new("__frame", Span::mixed_site()), seed.stream(), along.seed.stream());
    let compiled = device.within(&quote_spanned! {device.here=>
        (#function)(#value, #frame #(, #given)* #(, #directions)*, #weight, #turn #(, #lent)* #(, #turned)*);
    });
    let mut read = as_read(callee, "__second_reverse", arguments);
    read.token(";");
    out.tokens.push(Token::Either(compiled, read.tokens));
}

fn of_second(callee: &Callee) -> &syn::Path {
    match callee {
        Callee::Function(path) => path,
        Callee::Method(_) | Callee::Changing(..) | Callee::Associated { .. } | Callee::Operator(..) => {
            unreachable!("second derivatives of what belongs to a type run on a graph")
        }
    }
}

/// The value of a callee, and its tangent: the arguments, and a tangent for each.
pub(super) fn tangent_of<'c>(
    out: &mut Code<'c>,
    names: &Names,
    callee: &Callee,
    arguments: Vec<Code<'c>>,
    tangents: Vec<Given<'c>>,
) {
    let callee = match callee {
        Callee::Function(path) => path,
        Callee::Method(_) | Callee::Changing(..) | Callee::Associated { .. } | Callee::Operator(..) => {
            unreachable!("forward mode of what belongs to a type runs on a graph")
        }
    };
    let device = Device::of(names, callee);
    let (function, value) = (device.function("__tangent"), device.value());
    let given = streams(&arguments);
    let along = device.along(&tangents, &given);
    let compiled =
        device.within(&quote_spanned!(device.here=> (#function)(#value #(, #given)* #(, #along)*)));
    let mut read = arguments;
    read.extend(tangents.into_iter().map(|tangent| match tangent {
        Given::Of(code) => code,
        Given::Nobody => Code::of(|out| out.group(Delimiter::Parenthesis, |_| {})),
    }));
    out.tokens.push(Token::Either(compiled, as_read(callee, "__tangent", read).tokens));
}
