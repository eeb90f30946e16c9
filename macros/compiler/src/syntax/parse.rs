//! Tokens to signature and options: what the attribute stands on, and what was written in its parentheses.
//!
//! Everything that can be refused from the signature alone is refused here; types are looked at by `check`.

use crate::syntax::callee::{Gives, Operator};
use crate::syntax::conditions;
use crate::syntax::enclosing;
use crate::syntax::refusals::{self, Refusals};
use proc_macro2::{Delimiter, Group, Ident, Span, TokenStream, TokenTree};
use quote::ToTokens;
use quote::quote;
use syn::parse::Parser;
use syn::punctuated::Punctuated;
use syn::spanned::Spanned;
use syn::visit::Visit;

/// What was written in the attribute's parentheses.
pub struct Options {
    /// `compiled`: a fall back to the graph is an error.
    pub compiled: Option<Span>,
    /// `partials = function`: what gives the derivatives, so that the body is not looked at.
    pub partials: Option<syn::Path>,
    /// `second`: second derivatives too.
    pub second: Option<Span>,
    /// `second_partials = function`: what gives those of an operation with `partials`.
    pub second_partials: Option<syn::Path>,
    /// `crate = path`: where the engine is to be found.
    pub engine: TokenStream,
    /// `item = name`: what the companion item is called, if not as the function.
    pub item: Option<Ident>,
    /// All of these, as they were written.
    pub written: Vec<syn::Meta>,
    /// Which of the decided conditions in the function hold: for the attribute's own use.
    pub conditions: Vec<bool>,
}

/// An annotated function.
pub struct Annotated {
    /// The function without the markers on its parameters: what the user's crate gets.
    pub user: syn::ItemFn,
    /// The same with a name for every parameter: one that was a pattern is taken apart at the start of the body.
    pub item: syn::ItemFn,
    /// For each parameter whether it was marked `#[constant]`.
    pub constant: Vec<bool>,
    /// For each parameter whether it was marked `#[scratch]`.
    pub scratch: Vec<bool>,
    pub options: Options,
    /// Whether it is in an `impl` or `trait` block, as far as that can be known.
    pub in_block: bool,
    /// The method that it stands for.
    pub method: Option<Method>,
    /// The function with `&mut` parameters that it stands for.
    pub changing: Option<Box<Changing>>,
}

/// A function as it was written.
pub struct Written<'a> {
    /// Without the markers on its parameters: what the user's crate gets.
    pub user: &'a syn::ItemFn,
    /// The same with a name for every parameter.
    pub item: &'a syn::ItemFn,
    /// What the companion item is called, if not as the function.
    pub renamed: Option<&'a Ident>,
}

impl Annotated {
    /// The function that the attribute stands on, whatever stands for it.
    pub fn written(&self) -> Written<'_> {
        let (user, item) = match &self.changing {
            Some(changing) => (&changing.user, &changing.item),
            None => (&self.user, &self.item),
        };
        let renamed = self.options.item.as_ref().filter(|name| **name != item.sig.ident);
        Written { user, item, renamed }
    }
}

/// A function with `&mut` parameters, for which another one stands.
pub struct Changing {
    /// The function without the markers on its parameters: what the user's crate gets.
    pub user: syn::ItemFn,
    /// The same with a name for every parameter.
    pub item: syn::ItemFn,
    /// What it gives, if it gives anything.
    pub result: Option<syn::Type>,
    /// How it changes each of its parameters, if it does.
    pub changes: Vec<Option<Change>>,
}

/// What a `&mut` parameter leads to.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Change {
    /// Numbers: what goes in has a gradient, and what is left is a result.
    Numbers,
    /// Memory to work in, marked `#[scratch]`: what goes in and what is left are nobody's numbers.
    Scratch,
    /// Data.
    Data,
}

/// How a method takes what it is called on.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Receiver {
    /// `&self`
    Reference,
    /// `self`
    Value,
    /// `&mut self`: what is left in it is the result, or the last of it.
    Changed(Gives),
}

/// The operator that a block of a trait of `std::ops` stands for.
#[derive(Clone)]
pub struct OperatorOf {
    pub operator: Operator,
    /// The trait, with its argument.
    pub path: syn::Path,
    /// The type of the right operand; the minus has none.
    pub right: Option<syn::Type>,
}

/// A method, or an associated function without a receiver.
pub struct Method {
    /// The type, with `::<…>` for its generic arguments.
    pub owner: TokenStream,
    /// Those of the block.
    pub generics: syn::Generics,
    pub name: Ident,
    pub receiver: Option<Receiver>,
    /// What it gives, if it changes `self` and gives anything.
    pub result: Option<syn::Type>,
    /// The operator that it is.
    pub operator: Option<OperatorOf>,
    /// The methods of the block that change `self` and have a result.
    pub siblings: Vec<String>,
    /// `Body::kinetic`, in listings and documentation.
    pub shown: String,
    pub visibility: syn::Visibility,
}

/// What there is to go on with.
pub enum Parsed {
    Function(Annotated),
    /// A function whose body could not be read: it is empty here, and stands beside.
    Unread(Annotated, Group),
    /// A function with a part that is there only under this condition.
    Conditional(Options, syn::Meta),
    Nothing,
}

/// Reads the attribute and the item.
pub fn parse(options: TokenStream, item: &TokenStream, refusals: &mut Refusals) -> Parsed {
    read(options, item, false, refusals)
}

/// The same of a method of a block with the attribute, as the function that it stands for.
pub fn parse_method(options: TokenStream, item: &TokenStream, refusals: &mut Refusals) -> Parsed {
    read(options, item, true, refusals)
}

fn read(options: TokenStream, item: &TokenStream, is_method: bool, refusals: &mut Refusals) -> Parsed {
    let options = parse_options(options, refusals);
    let mut unread = None;
    let too_deep = crate::syntax::depth::too_deep(item);
    if let Some(span) = too_deep {
        let limits =
            [crate::syntax::depth::GROUPS, crate::syntax::depth::OPERATORS].map(|limit| limit.to_string());
        refusals.refuse(refusals::too_deep(span, &limits[0], &limits[1]));
    }
    let shallow = if too_deep.is_some() { without_body(item) } else { None };
    let parsed = match shallow {
        Some((item, body)) => {
            unread = Some(body);
            Ok(syn::Item::Fn(item))
        }
        None => syn::parse2::<syn::Item>(item.clone()),
    };
    let mut item = match parsed {
        Ok(syn::Item::Fn(item)) => item,
        Ok(other) => {
            let (span, what) = describe(&other);
            refusals.refuse(refusals::not_a_function(span, what));
            return Parsed::Nothing;
        }
        Err(error) => {
            let Some((item, body)) = without_body(item) else {
                refusals.syntax(error);
                return Parsed::Nothing;
            };
            unread = Some(body);
            item
        }
    };
    if let Some(condition) = conditions::resolve(&mut item, &options.conditions) {
        return Parsed::Conditional(options, condition);
    }
    let written = item.sig.clone();
    super::function_parameters::unnamed(&mut item.sig);
    check_signature(&item.sig, refusals);
    let in_block = !is_method && is_in_block(&item);
    if in_block {
        refusals.refuse(refusals::function_in_block(item.sig.ident.span()));
    }
    let mut take = |name: &str| -> Vec<bool> {
        item.sig.inputs.iter_mut().map(|input| take_marker(input, name, refusals)).collect()
    };
    let (constant, scratch) = (take("constant"), take("scratch"));
    if let Some(again) = item
        .attrs
        .iter()
        .find(|attribute| attribute.path().segments.last().is_some_and(|name| name.ident == "differentiable"))
    {
        refusals.refuse(refusals::annotated_twice(again.path().span()).over(again.path()));
        item.attrs.retain(|attribute| {
            attribute.path().segments.last().is_none_or(|name| name.ident != "differentiable")
        });
    }
    let mut options = options;
    options.item = options.item.filter(|name| *name != item.sig.ident);
    let mut user = item.clone();
    user.sig.generics = written.generics;
    for (input, written) in user.sig.inputs.iter_mut().zip(written.inputs) {
        if let (syn::FnArg::Typed(input), syn::FnArg::Typed(written)) = (input, written) {
            input.ty = written.ty;
        }
    }
    if unread.is_none() {
        name_parameters(&mut item);
        super::plain_forms::unify(&mut item);
        super::elision::name_lifetime(&mut item.sig);
    }
    let annotated =
        Annotated { user, item, constant, scratch, options, in_block, method: None, changing: None };
    match unread {
        Some(body) => Parsed::Unread(annotated, body),
        None => Parsed::Function(annotated),
    }
}

/// Whether a function stands in an `impl` or `trait` block, as far as that can be known.
fn is_in_block(item: &syn::ItemFn) -> bool {
    item.sig.receiver().is_some()
        || enclosing::in_block(&item.sig.ident, item.vis.span())
        || self_type(item).is_some()
}

/// Gives parameters that are patterns a name, made of those in the pattern, and takes them apart in the body.
fn name_parameters(item: &mut syn::ItemFn) {
    let mut taken = Names::default();
    taken.visit_item_fn(item);
    let mut lets = Vec::new();
    for (at, input) in item.sig.inputs.iter_mut().enumerate() {
        let syn::FnArg::Typed(argument) = input else { continue };
        if matches!(&*argument.pat, syn::Pat::Ident(name) if name.by_ref.is_none() && name.subpat.is_none()) {
            continue;
        }
        let mut names = Names::default();
        names.visit_pat(&argument.pat);
        let mut name = if names.0.is_empty() { format!("argument{at}") } else { names.0.join("_") };
        // A pattern of one name takes its own place.
        while names.0.len() != 1 && taken.0.contains(&name) {
            name.push('_');
        }
        taken.0.push(name.clone());
        let name = crate::syntax::ident::ident(&name, argument.pat.span());
        let pattern = std::mem::replace(&mut *argument.pat, syn::parse_quote!(#name));
        lets.push(syn::parse_quote!(let #pattern = #name;));
    }
    item.block.stmts.splice(0..0, lets);
}

/// The names in a piece of syntax, as they are read.
#[derive(Default)]
struct Names(Vec<String>);

impl<'ast> Visit<'ast> for Names {
    fn visit_ident(&mut self, name: &'ast Ident) {
        self.0.push(crate::syntax::ident::unraw(name));
    }

    // A type or variant in a pattern binds nothing.
    fn visit_path(&mut self, _: &'ast syn::Path) {}
}

/// A function read without its body, and the body.
fn without_body(item: &TokenStream) -> Option<(syn::ItemFn, Group)> {
    let mut tokens: Vec<TokenTree> = item.clone().into_iter().collect();
    let TokenTree::Group(body) = tokens.pop()? else { return None };
    if body.delimiter() != Delimiter::Brace {
        return None;
    }
    let mut empty = Group::new(body.delimiter(), TokenStream::new());
    empty.set_span(body.span());
    tokens.push(TokenTree::Group(empty));
    let item = syn::parse2(tokens.into_iter().collect()).ok()?;
    Some((item, body))
}

/// The engine crate that the options name.
pub fn engine(options: TokenStream, refusals: &mut Refusals) -> TokenStream {
    parse_options(options, refusals).engine
}

fn parse_options(tokens: TokenStream, refusals: &mut Refusals) -> Options {
    let mut options = Options {
        compiled: None,
        partials: None,
        second: None,
        second_partials: None,
        engine: quote::quote!(::gradus),
        item: None,
        written: Vec::new(),
        conditions: Vec::new(),
    };
    let metas = match Punctuated::<syn::Meta, syn::Token![,]>::parse_terminated.parse2(tokens) {
        Ok(metas) => metas,
        Err(error) => {
            refusals.refuse(refusals::malformed_option(error.span()));
            return options;
        }
    };
    for meta in metas {
        if meta.path().is_ident("__conditions")
            && let Ok(list) = meta.require_list()
        {
            let words = list.tokens.clone().into_iter().filter(|token| matches!(token, TokenTree::Ident(_)));
            options.conditions = words.map(|word| word.to_string() == "true").collect();
            continue;
        }
        options.written.push(meta.clone());
        match &meta {
            syn::Meta::Path(path) if path.is_ident("compiled") => options.compiled = Some(path.span()),
            syn::Meta::NameValue(pair) if pair.path.is_ident("partials") => match path_of(&pair.value) {
                Some(path) => options.partials = Some(path),
                None => refusals.refuse(refusals::malformed_option(pair.value.span()).over(&pair.value)),
            },
            syn::Meta::Path(path) if path.is_ident("second") => options.second = Some(path.span()),
            syn::Meta::NameValue(pair) if pair.path.is_ident("second_partials") => {
                options.second.get_or_insert(pair.path.span());
                match path_of(&pair.value) {
                    Some(path) => options.second_partials = Some(path),
                    None => refusals.refuse(refusals::malformed_option(pair.value.span()).over(&pair.value)),
                }
            }
            syn::Meta::NameValue(pair) if pair.path.is_ident("crate") => match path_of(&pair.value) {
                Some(path) => options.engine = path.into_token_stream(),
                None => refusals.refuse(refusals::malformed_option(pair.value.span()).over(&pair.value)),
            },
            syn::Meta::NameValue(pair) if pair.path.is_ident("item") => match &pair.value {
                syn::Expr::Path(path) if path.path.get_ident().is_some() => {
                    options.item = path.path.get_ident().cloned();
                }
                other => refusals.refuse(refusals::malformed_option(other.span()).over(other)),
            },
            other
                if ["compiled", "partials", "second", "second_partials", "crate", "item"]
                    .iter()
                    .any(|option| other.path().is_ident(option)) =>
            {
                refusals.refuse(refusals::malformed_option(other.span()).over(other));
            }
            other => {
                let name = other.path().to_token_stream().to_string();
                refusals.refuse(refusals::unknown_option(other.path().span(), &name));
            }
        }
    }
    match (options.second, &options.partials, &options.second_partials) {
        (Some(second), Some(_), None) => refusals.refuse(refusals::second_of_operation(second)),
        (_, None, Some(second)) => {
            refusals.refuse(refusals::second_partials_alone(second.span()).over(second));
        }
        (None | Some(_), None | Some(_), None | Some(_)) => {}
    }
    options
}

/// The path of `crate = path`, or of `crate = "path"`.
fn path_of(value: &syn::Expr) -> Option<syn::Path> {
    match value {
        syn::Expr::Path(path) if path.qself.is_none() => Some(path.path.clone()),
        syn::Expr::Lit(syn::ExprLit { lit: syn::Lit::Str(path), .. }) => path.parse().ok(),
        _ => None,
    }
}

/// The token to point at, and what to call an item that is no function.
fn describe(item: &syn::Item) -> (Span, &'static str) {
    match item {
        syn::Item::Struct(item) => (item.struct_token.span, "a struct"),
        syn::Item::Enum(item) => (item.enum_token.span, "an enum"),
        syn::Item::Impl(item) => (item.impl_token.span, "an `impl` block"),
        syn::Item::Trait(item) => (item.trait_token.span, "a trait"),
        syn::Item::Mod(item) => (item.mod_token.span, "a module"),
        syn::Item::Const(item) => (item.const_token.span, "a constant"),
        syn::Item::Static(item) => (item.static_token.span, "a static"),
        syn::Item::Type(item) => (item.type_token.span, "a type alias"),
        syn::Item::Use(item) => (item.use_token.span, "a `use`"),
        syn::Item::Macro(item) => (item.mac.path.span(), "a macro"),
        other => (other.span(), "this item"),
    }
}

fn check_signature(signature: &syn::Signature, refusals: &mut Refusals) {
    if let Some(token) = &signature.asyncness {
        refusals.refuse(refusals::async_function(token.span()));
    }
    if let syn::Safety::Unsafe(token) = &signature.safety {
        refusals.refuse(refusals::unsafe_function(token.span()));
    }
    if let Some(abi) = &signature.abi {
        refusals.refuse(refusals::foreign_function(abi.extern_token.span));
    }
    for parameter in &signature.generics.params {
        if let syn::GenericParam::Type(parameter) = parameter {
            let name = parameter.ident.to_string();
            refusals.refuse(refusals::generic_type(parameter.ident.span(), &name));
        }
    }
    if let Some(clause) = &signature.generics.where_clause {
        refusals.refuse(refusals::where_clause(clause.where_token.span));
    }
    for input in &signature.inputs {
        match input {
            // Where a function has a receiver it stands in a block, which is refused elsewhere.
            syn::FnArg::Receiver(_) => {}
            syn::FnArg::Typed(argument) => check_argument(argument, refusals),
        }
    }
}

/// Where a function names `Self`, which tells that it stands in an `impl` or `trait` block.
fn self_type(item: &syn::ItemFn) -> Option<Span> {
    struct Find(Option<Span>);
    impl<'ast> Visit<'ast> for Find {
        fn visit_path_segment(&mut self, segment: &'ast syn::PathSegment) {
            if segment.ident == "Self" {
                self.0.get_or_insert(segment.ident.span());
            }
            syn::visit::visit_path_segment(self, segment);
        }
        fn visit_item(&mut self, _: &'ast syn::Item) {}
    }
    let mut find = Find(None);
    find.visit_signature(&item.sig);
    find.visit_block(&item.block);
    find.0
}

fn check_argument(argument: &syn::PatType, refusals: &mut Refusals) {
    if let pattern @ (syn::Pat::Macro(_) | syn::Pat::Verbatim(_)) = &*argument.pat {
        refusals.refuse(refusals::argument_pattern(pattern.span()).over(pattern));
    }
    match &*argument.ty {
        // What stands behind a reference is data like any other: what is called through it is looked at in the body.
        syn::Type::Reference(reference)
            if matches!(*reference.elem, syn::Type::TraitObject(_))
                && argument.attrs.iter().any(is_constant) => {}
        marked
            if super::function_parameters::signature(marked).is_some()
                && argument.attrs.iter().any(is_constant) =>
        {
            refusals.refuse(refusals::generic_function(marked.span()).over(marked));
        }
        marked @ syn::Type::ImplTrait(_) if is_function(marked) && argument.attrs.iter().any(is_constant) => {
            refusals.refuse(refusals::generic_function(marked.span()).over(marked));
        }
        written if super::function_parameters::signature(written).is_some() => {}
        syn::Type::Reference(reference) => check_trait_type(&reference.elem, refusals),
        other => check_trait_type(other, refusals),
    }
}

fn check_trait_type(ty: &syn::Type, refusals: &mut Refusals) {
    if is_function(ty) {
        refusals.refuse(refusals::function_argument(ty.span()).over(ty));
    } else if let syn::Type::ImplTrait(_) | syn::Type::TraitObject(_) = ty {
        refusals.refuse(refusals::impl_trait_argument(ty.span()).over(ty));
    }
}

/// `impl Fn(f64) -> f64` and the like. (A function pointer may be marked `#[constant]`.)
fn is_function(ty: &syn::Type) -> bool {
    let (syn::Type::ImplTrait(syn::TypeImplTrait { bounds, .. })
    | syn::Type::TraitObject(syn::TypeTraitObject { bounds, .. })) = ty
    else {
        return false;
    };
    bounds.iter().any(|bound| match bound {
        syn::TypeParamBound::Trait(bound) => bound
            .path
            .segments
            .last()
            .is_some_and(|name| ["Fn", "FnMut", "FnOnce"].iter().any(|known| name.ident == known)),
        _ => false,
    })
}

/// Removes `#[constant]`, say, from a parameter and tells whether it was there.
fn take_marker(input: &mut syn::FnArg, name: &str, refusals: &mut Refusals) -> bool {
    let syn::FnArg::Typed(argument) = input else { return false };
    let before = argument.attrs.len();
    for attribute in argument.attrs.iter().filter(|attribute| is_marker(attribute, name)) {
        if attribute.meta.require_path_only().is_err() {
            refusals.refuse(refusals::malformed_marker(attribute.path().span(), name).over(&attribute.meta));
        }
    }
    argument.attrs.retain(|attribute| !is_marker(attribute, name));
    argument.attrs.len() < before
}

/// `#[constant]`, or `#[gradus::constant]`.
fn is_constant(attribute: &syn::Attribute) -> bool {
    is_marker(attribute, "constant")
}

fn is_marker(attribute: &syn::Attribute, name: &str) -> bool {
    attribute.path().segments.last().is_some_and(|last| last.ident == name)
}

/// The function under a condition, and under its negation.
pub fn split(options: &Options, condition: &syn::Meta, item: &TokenStream) -> TokenStream {
    let Options { engine, written, conditions, .. } = options;
    let variant = |holds: bool| {
        let decided = conditions.iter().copied().chain([holds]);
        quote!(#[#engine::differentiable(#(#written,)* __conditions(#(#decided),*))] #item)
    };
    let (with, without) = (variant(true), variant(false));
    quote!(#[cfg(#condition)] #with #[cfg(not(#condition))] #without)
}
