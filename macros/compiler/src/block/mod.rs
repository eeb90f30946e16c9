//! `#[differentiable]` on an `impl` block: every method and associated function of a struct gets companions.
//!
//! A method is differentiated as the function that it is: `self` is a parameter under another name, and `Self` the type.
//!
//! ```text
//! impl Body { fn kinetic(&self) -> f64 { … } }
//!
//! const _: () = {
//!     fn __gradus_kinetic(this: &Body) -> f64 { Body::kinetic(this) }     and its companions, made of the method's body
//!     impl Body { fn kinetic_grad(&self) -> (f64, Body) { __gradus_kinetic_grad(self) } … }
//!     impl Method<NAME> for Body { … }                                    by which other functions call it
//! };
//! ```

mod desugar;

use crate::emit;
use crate::lower;
use crate::syntax::callee::{Gives, Operator};
use crate::syntax::parse::{self, OperatorOf, Parsed};
use crate::syntax::refusals::{self, Refusals};
use crate::syntax::source::Source;
use crate::types::check;
use desugar::{Desugared, Owner};
use proc_macro2::TokenStream;
use quote::{ToTokens, quote};
use syn::spanned::Spanned;

/// The block, if the item is one.
pub fn parsed(item: &TokenStream) -> Option<syn::ItemImpl> {
    // A function is by far the most common item.
    let mut words = item.clone().into_iter().filter_map(|token| match token {
        proc_macro2::TokenTree::Ident(word) => Some(word.to_string()),
        _ => None,
    });
    let is_block = words.find(|word| word == "fn" || word == "impl").is_some_and(|word| word == "impl");
    if is_block { syn::parse2(item.clone()).ok() } else { None }
}

/// The block untouched, and what belongs to its methods; or compile errors.
pub fn expand(options: &TokenStream, item: &TokenStream, block: syn::ItemImpl) -> TokenStream {
    let mut refusals = Refusals::default();
    let engine = parse::engine(options.clone(), &mut refusals);
    let operator = match &block.trait_ {
        None => None,
        Some((path, _)) => {
            let operator = operator_of(path, &block);
            if operator.is_none() {
                refusals.refuse(refusals::impl_of_trait(path.span()).over(path));
            }
            operator
        }
    };
    // Operators between references are those between the values themselves.
    if let Some(of) = &operator
        && (is_reference(&block.self_ty) || of.right.as_ref().is_some_and(is_reference))
    {
        return match refusals.gate() {
            Ok(()) => block.into_token_stream(),
            Err(errors) => quote!(#block #errors),
        };
    }
    let owner = Owner::of(&block, operator, &mut refusals);
    let mut own = block.clone();
    let mut methods = Vec::new();
    for item in &mut own.items {
        let syn::ImplItem::Fn(method) = item else { continue };
        let passive = take_marker(&mut method.attrs, "passive");
        let differentiated = method.clone();
        for input in &mut method.sig.inputs {
            if let syn::FnArg::Typed(argument) = input {
                take_marker(&mut argument.attrs, "constant");
            }
        }
        if !passive {
            methods.push(differentiated);
        }
    }
    if let Err(errors) = refusals.gate() {
        return quote!(#own #errors);
    }
    let Some(owner) = owner else { return own.into_token_stream() };
    let methods = methods.iter().flat_map(|method| {
        let source = Source::new(&desugar::as_written(item, &method.sig.ident));
        let (options, engine, owner) = (&options, &engine, &owner);
        forms(method)
            .iter()
            .map(move |gives| expand_method(options, engine, owner, (method, *gives), &source))
    });
    quote!(#own #(#methods)*)
}

/// The methods of a block that are differentiated, each as the function that it is, with its text.
#[cfg(any(test, feature = "interpreter"))]
pub fn methods(
    options: &TokenStream,
    block: &syn::ItemImpl,
    refusals: &mut Refusals,
) -> Vec<(syn::ImplItemFn, parse::Annotated, Source)> {
    let operator = block.trait_.as_ref().and_then(|(path, _)| operator_of(path, block));
    let Some(owner) = Owner::of(block, operator, refusals) else { return Vec::new() };
    let tokens = block.to_token_stream();
    let mut methods = Vec::new();
    for item in &block.items {
        let syn::ImplItem::Fn(method) = item else { continue };
        let mut method = method.clone();
        if take_marker(&mut method.attrs, "passive") {
            continue;
        }
        let gives = forms(&method)[0];
        if let Some(Method::Function(annotated)) = read_method(options, &owner, (&method, gives), refusals) {
            let source = Source::new(&desugar::as_written(&tokens, &method.sig.ident));
            methods.push((method, *annotated, source));
        }
    }
    methods
}

/// The operator that a trait of `std::ops` stands for.
pub fn operator_of(path: &syn::Path, block: &syn::ItemImpl) -> Option<OperatorOf> {
    let last = path.segments.last()?;
    let operator = Operator::of_trait(&last.ident.to_string())?;
    let right = match &last.arguments {
        syn::PathArguments::AngleBracketed(arguments) => {
            arguments.args.iter().find_map(|argument| match argument {
                syn::GenericArgument::Type(ty) => Some(ty.clone()),
                _ => None,
            })
        }
        _ => None,
    };
    let right = match operator {
        Operator::Minus => None,
        Operator::Binary(_) | Operator::Assign(_) => Some(right.unwrap_or_else(|| (*block.self_ty).clone())),
    };
    Some(OperatorOf { operator, path: path.clone(), right })
}

fn is_reference(ty: &syn::Type) -> bool {
    matches!(ty, syn::Type::Reference(_))
}

/// Removes `#[name]`, and tells whether it was there.
fn take_marker(attributes: &mut Vec<syn::Attribute>, name: &str) -> bool {
    let before = attributes.len();
    attributes.retain(|attribute| !is_marker(attribute, name));
    attributes.len() < before
}

/// `#[name]`, by any path.
fn is_marker(attribute: &syn::Attribute, name: &str) -> bool {
    attribute.path().segments.last().is_some_and(|last| last.ident == name)
}

/// A method that is not refused by its signature.
enum Method {
    /// Its result carries no gradient.
    Predicate(Box<Desugared>),
    /// As a function that can be checked.
    Function(Box<parse::Annotated>),
}

/// `None` for one without a result that could carry a gradient or be looked at, or if it is refused.
fn read_method(
    options: &TokenStream,
    owner: &Owner,
    (method, gives): (&syn::ImplItemFn, Gives),
    refusals: &mut Refusals,
) -> Option<Method> {
    let desugared = desugar::method(owner, method, gives, refusals)?;
    if desugared.is_predicate {
        return Some(Method::Predicate(Box::new(desugared)));
    }
    let item = desugared.item.to_token_stream();
    let Parsed::Function(mut annotated) = parse::parse_method(options.clone(), &item, refusals) else {
        return None;
    };
    annotated.user = desugared.forwarding(&annotated.item);
    annotated.method = Some(desugared.method);
    Some(Method::Function(Box::new(crate::changing::desugared(annotated, refusals))))
}

/// The forms of a method that its callers need: where one changes `self` and has a result, with the result and without. The first has
/// the companions.
fn forms(method: &syn::ImplItemFn) -> &'static [Gives] {
    let receiver = method.sig.receiver().map(|receiver| &receiver.kind);
    let changes = matches!(receiver, Some(syn::ReceiverKind::Reference(_, _, Some(_))));
    let has_result = match &method.sig.output {
        syn::ReturnType::Default => false,
        syn::ReturnType::Type(_, written) => !desugar::is_unit(written),
    };
    if changes && has_result { &[Gives::ResultAndLeft, Gives::Left] } else { &[Gives::Left] }
}

/// Whether a method is marked `#[passive]`.
#[cfg(any(test, feature = "interpreter"))]
pub fn is_passive(method: &syn::ImplItemFn) -> bool {
    take_marker(&mut method.attrs.clone(), "passive")
}

/// What belongs to one method.
fn expand_method(
    options: &TokenStream,
    engine: &TokenStream,
    owner: &Owner,
    (method, gives): (&syn::ImplItemFn, Gives),
    source: &Source,
) -> TokenStream {
    let mut refusals = Refusals::default();
    let read = read_method(options, owner, (method, gives), &mut refusals);
    if let Err(errors) = refusals.gate() {
        // What is refused is so in every form, and said once.
        return if gives == forms(method)[0] { errors } else { TokenStream::new() };
    }
    let annotated = match read {
        None => return TokenStream::new(),
        Some(Method::Predicate(desugared)) => {
            return emit::predicate(engine, &desugared.method, &desugared.item.sig);
        }
        Some(Method::Function(annotated)) => annotated,
    };
    let macros = check::Macros::of(&annotated.item.block);
    let (function, mut refusals) = check::check(&annotated, &macros, source);
    let is_first = gives == forms(method)[0];
    if let Err(errors) = refusals.gate() {
        return if is_first { errors } else { TokenStream::new() };
    }
    let compiled = crate::compiled(&function, annotated.options.second.is_some(), lower::lower(&function));
    let mut refusals = Refusals::default();
    crate::refuse_graph(&annotated, &function, &compiled, &mut refusals);
    if let Err(errors) = refusals.gate() {
        return if is_first { errors } else { TokenStream::new() };
    }
    let companions = emit::companions(&annotated, source, &function, &compiled);
    quote!(const _: () = { #companions };)
}
