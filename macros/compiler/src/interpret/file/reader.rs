//! Reads a file: its items, and what the compiler makes of each function.

use super::super::evaluate::{Callable, Items, Machine, Operation, place};
use super::super::shape::Aliases;
use super::super::structs::{self, Struct};
use super::super::{advice, brackets};
use super::{File, Function, Parameter, Place};
use crate::syntax::parse::{self, Annotated, Parsed};
use crate::syntax::refusals::{Complaint, Refusals};
use crate::syntax::source::{self, Source};
use crate::types::{check, mismatch, tree};
use crate::{block, changing, emit, lower};
use proc_macro2::TokenStream;
use quote::ToTokens;
use std::collections::{BTreeSet, HashSet};
use std::ops::Range;
use std::rc::Rc;

/// Goes through the items of a file.
#[derive(Default)]
pub(super) struct Reader {
    complaints: Vec<Complaint>,
    /// Functions, structs and constants, by their names.
    items: Items,
    functions: Vec<(syn::ItemFn, Option<TokenStream>)>,
    blocks: Vec<(syn::ItemImpl, Option<TokenStream>)>,
    aliases: Aliases,
    names: HashSet<String>,
}

/// A differentiable method.
struct Method {
    written: syn::ImplItemFn,
    annotated: Annotated,
    source: Source,
    /// What is called.
    callable: Option<Rc<Callable>>,
}

/// What is compiled.
struct Unit<'a> {
    annotated: Annotated,
    source: Source,
    /// As it is written.
    signature: &'a syn::Signature,
    /// The byte at which its text begins.
    start: usize,
    callable: Rc<Callable>,
}

impl Reader {
    pub(super) fn read(mut self, text: &str) -> Result<File, Vec<Complaint>> {
        let mut why = None;
        let functions = match self.parsed(text) {
            Some(file) => {
                why = advice::undifferentiable(&file.items);
                self.collect(file.items, text);
                self.functions()
            }
            None => Vec::new(),
        };
        self.complaints.sort_by_key(|complaint| complaint.at.start);
        if functions.is_empty() && self.complaints.is_empty() {
            self.complain(
                0..text.len(),
                "there is no function here to differentiate",
                Some(why.as_deref().unwrap_or(
                    "write a function that takes and returns `f64`, such as `fn f(x: f64) -> f64 { x * x }`",
                )),
            );
        }
        if !self.complaints.is_empty() {
            return Err(self.complaints);
        }
        Ok(File { machine: Machine::new(Rc::new(self.items)), functions })
    }

    fn complain(&mut self, at: Range<usize>, message: impl Into<String>, help: Option<&str>) {
        let (message, help) = (message.into(), help.map(str::to_owned));
        self.complaints.push(Complaint { message, help, refusal: None, at });
    }

    /// The tokens first, then the syntax: what nests too deeply is not parsed.
    fn parsed(&mut self, text: &str) -> Option<syn::File> {
        let tokens: TokenStream = match text.parse() {
            Ok(tokens) => tokens,
            Err(error) => {
                let error: proc_macro2::LexError = error;
                match brackets::unmatched(text) {
                    Some((at, message)) => self.complain(at, message, None),
                    None => self.complain(
                        error.span().byte_range(),
                        "this is no Rust: a quote is not closed, or a character has no meaning",
                        None,
                    ),
                }
                return None;
            }
        };
        if let Some(span) = crate::syntax::depth::too_deep(&tokens) {
            self.complain(span.byte_range(), "the text nests too deeply here", None);
            return None;
        }
        match syn::parse2::<syn::File>(tokens) {
            Ok(file) => Some(file),
            Err(error) => {
                for error in error {
                    // At the end of the text there is no token.
                    let at = error.span().byte_range();
                    let at = if at.is_empty() { text.len().saturating_sub(1)..text.len() } else { at };
                    let before = text.get(..at.start).unwrap_or_default();
                    let line = before.rsplit('\n').next().unwrap_or_default();
                    let (message, help) = advice::syntax(&error.to_string(), line);
                    self.complain(at, message, help);
                }
                None
            }
        }
    }

    fn collect(&mut self, items: Vec<syn::Item>, text: &str) {
        for item in items {
            match item {
                syn::Item::Fn(mut function) => {
                    self.name(&function.sig.ident);
                    let options = take_attribute(&mut function.attrs);
                    self.functions.push((function, options));
                }
                syn::Item::Const(constant) => {
                    self.name(&constant.ident);
                    self.aliases.length(&constant.ident, &constant.expr);
                    self.items.constants.insert(constant.ident.to_string(), Rc::new(*constant.expr));
                }
                syn::Item::Static(constant) => {
                    self.name(&constant.ident);
                    self.items.constants.insert(constant.ident.to_string(), Rc::new(*constant.expr));
                }
                syn::Item::Type(alias) => {
                    self.aliases.insert(alias.ident.to_string(), *alias.ty);
                }
                syn::Item::Struct(item) => {
                    self.name(&item.ident);
                    let of = Rc::new(Struct::of(&item));
                    self.aliases.structs.insert(of.name.clone(), of.clone());
                    self.items.structs.insert(of.name.clone(), of);
                }
                syn::Item::Impl(mut block) => {
                    let options = take_attribute(&mut block.attrs);
                    self.blocks.push((block, options));
                }
                syn::Item::Use(_) => {}
                other => {
                    let at =
                        other.to_token_stream().into_iter().next().map(|token| token.span().byte_range());
                    self.complain(
                        at.unwrap_or(0..text.len()),
                        "only functions, structs with their methods, constants and type aliases are known here",
                        Some("modules, enums and traits are for a program; here an integer can stand for a variant"),
                    );
                }
            }
        }
    }

    fn name(&mut self, name: &proc_macro2::Ident) {
        if !self.names.insert(name.to_string()) {
            self.complain(name.span().byte_range(), format!("the name `{name}` is defined twice"), None);
        }
    }

    fn functions(&mut self) -> Vec<Function> {
        let functions = std::mem::take(&mut self.functions);
        let blocks = std::mem::take(&mut self.blocks);
        let options = functions.iter().map(|(_, options)| options);
        let annotated = options.chain(blocks.iter().map(|(_, options)| options)).any(Option::is_some);
        // Where nothing has the attribute, all that takes and returns numbers counts as if it had it.
        let none = (!annotated).then(TokenStream::new);
        let mut chosen = Vec::new();
        for (function, options) in &functions {
            let takes = function.sig.inputs.iter().any(|input| self.aliases.has_floats(input));
            let counts =
                takes && self.aliases.has_floats(&function.sig.output) && function.sig.ident != "main";
            let options = options.clone().or(none.clone().filter(|_| counts));
            let callable = Rc::new(Callable::function(Rc::new(function.clone()), options.is_some()));
            self.items.functions.insert(function.sig.ident.to_string(), callable.clone());
            chosen.extend(options.map(|options| (function, options, callable)));
        }
        let mut methods = Vec::new();
        for (block, options) in &blocks {
            let options = options.clone().or(none.clone());
            let counts = options.is_some();
            methods.extend(options.and_then(|options| self.methods(block, &options)).unwrap_or_default());
            self.collect_methods(block, &mut methods, counts);
        }
        let mut compiled = Vec::new();
        for (function, options, callable) in chosen {
            compiled.extend(self.function(function, options, callable, annotated));
        }
        for method in methods {
            let start = start_of(&method.written.vis, &method.written.sig);
            let signature = &method.written.sig;
            let Some(callable) = method.callable else { continue };
            let unit =
                Unit { annotated: method.annotated, source: method.source, signature, start, callable };
            compiled.extend(self.compiled(unit, annotated));
        }
        compiled.sort_by_key(|function| function.at.start);
        compiled
    }

    /// The differentiable methods of a block.
    fn methods(&mut self, block: &syn::ItemImpl, options: &TokenStream) -> Option<Vec<Method>> {
        if block.trait_.as_ref().is_some_and(|(path, _)| block::operator_of(path, block).is_none()) {
            return None;
        }
        let mut refusals = Refusals::default();
        let methods = block::methods(options, block, &mut refusals);
        self.note(refusals).then(|| {
            let methods = methods.into_iter();
            methods
                .map(|(written, annotated, source)| Method { written, annotated, source, callable: None })
                .collect()
        })
    }

    /// What a block gives to be called; `counts` if its methods are differentiated.
    fn collect_methods(&mut self, block: &syn::ItemImpl, differentiable: &mut [Method], counts: bool) {
        let Some(owner) = structs::name_of_type(&block.self_ty) else { return };
        let operator = block.trait_.as_ref().and_then(|(path, _)| block::operator_of(path, block));
        for item in &block.items {
            let method = match item {
                syn::ImplItem::Fn(method) => method,
                syn::ImplItem::Const(constant) => {
                    // By its name alone, as long as there is one of the name.
                    self.name(&constant.ident);
                    self.items.constants.insert(constant.ident.to_string(), Rc::new(constant.expr.clone()));
                    continue;
                }
                _ => continue,
            };
            let at = method.sig.ident.span().byte_range().start;
            let own =
                differentiable.iter_mut().find(|one| one.written.sig.ident.span().byte_range().start == at);
            let mut signature = method.sig.clone();
            signature.generics.params.extend(block.generics.params.clone());
            let item = syn::ItemFn {
                attrs: Vec::new(),
                vis: syn::Visibility::Inherited,
                modifiers: method.modifiers.clone(),
                sig: signature,
                block: Box::new(method.block.clone()),
            };
            let mut name = format!("{owner}::{}", method.sig.ident);
            let right = operator.as_ref().and_then(|of| of.right.as_ref()).and_then(structs::name_of_type);
            if self.items.operations.iter().any(|other| other.callable.name == name) {
                name = format!("{name}({})", right.as_deref().unwrap_or_default());
            }
            let callable = Rc::new(Callable {
                item: Rc::new(item),
                name,
                owner: Some(owner.clone()),
                at,
                differentiable: own.is_some(),
                predicate: own.is_none() && counts && !block::is_passive(method),
            });
            if let Some(own) = own {
                own.callable = Some(callable.clone());
            }
            match &operator {
                Some(of) => {
                    let (operator, left) = (of.operator, owner.clone());
                    self.items.operations.push(Operation { operator, left, right, callable });
                }
                None => {
                    let key = (owner.clone(), method.sig.ident.to_string());
                    if self.items.methods.insert(key, callable).is_some() {
                        let at = method.sig.ident.span().byte_range();
                        self.complain(
                            at,
                            format!("the method `{}` is defined twice", method.sig.ident),
                            None,
                        );
                    }
                }
            }
        }
    }

    /// One function through the front end and the compiler.
    fn function(
        &mut self,
        written: &syn::ItemFn,
        options: TokenStream,
        callable: Rc<Callable>,
        derives: bool,
    ) -> Option<Function> {
        let item = written.to_token_stream();
        let mut refusals = Refusals::default();
        let parsed = parse::parse(options, &item, &mut refusals);
        let annotated = match (parsed, self.note(refusals)) {
            (Parsed::Function(annotated), true) => annotated,
            (Parsed::Conditional(..), true) => {
                let at = place(&written.sig.ident);
                self.complain(at.start..at.end, "`cfg` conditions are not decided here", None);
                return None;
            }
            (Parsed::Unread(..) | Parsed::Nothing, true) => {
                let at = place(&written.sig.ident);
                self.complain(at.start..at.end, "this function cannot be read", None);
                return None;
            }
            (_, false) => return None,
        };
        if let Some(partials) = &annotated.options.partials {
            let at = place(partials);
            self.complain(
                at.start..at.end,
                "operations with partials of their own are not known here",
                Some("without `partials` the body is differentiated"),
            );
            return None;
        }
        let source = Source::new(&item);
        let mut refusals = Refusals::default();
        let annotated = changing::desugared(annotated, &mut refusals);
        if !self.note(refusals) {
            return None;
        }
        let start = start_of(&written.vis, &written.sig);
        self.compiled(Unit { annotated, source, signature: &written.sig, start, callable }, derives)
    }

    /// `derives`: whether structs must derive `Differentiable`.
    fn compiled(&mut self, unit: Unit<'_>, derives: bool) -> Option<Function> {
        let Unit { annotated, source, signature, start, callable } = unit;
        let macros = check::Macros::of(&annotated.item.block);
        let (function, refusals) = check::check(&annotated, &macros, &source);
        if !self.note(refusals) {
            return None;
        }
        let in_file = |range: source::Range| start + range.start..start + range.end;
        if let Some((at, message, help)) = mistake(&annotated, &source, &function, start) {
            self.complain(at, message, help.as_deref());
            return None;
        }
        let several = function.may_be_several();
        let compiled =
            crate::compiled(&function, annotated.options.second.is_some(), lower::lower(&function));
        if let (Some(_), Some(why)) = (annotated.options.compiled, emit::reason(&compiled, several)) {
            let reason = (why.reason.construct(), why.reason.help());
            self.complaints.push(Complaint {
                message: format!(
                    "the gradient of this function runs on a graph: {} is not compiled",
                    reason.0
                ),
                help: Some(format!("{}; or remove `compiled` from the attribute", reason.1)),
                refusal: Some("not_compiled"),
                at: why.span.byte_range(),
            });
            return None;
        }
        let tables = emit::tables(&annotated, &source, &function);
        let placed = |sites: Vec<tree::Site>| -> Vec<Place> {
            let placed = sites.into_iter().map(|site| Place {
                at: in_file(site.range),
                operands: site.operands.into_iter().map(in_file).collect(),
                name: site.name,
            });
            placed.collect()
        };
        let parameters = signature.inputs.iter().zip(&function.parameters);
        let mut known = Vec::new();
        for (input, parameter) in parameters {
            let at = match input {
                syn::FnArg::Typed(typed) => bytes_of(&typed.pat),
                syn::FnArg::Receiver(receiver) => bytes_of(&receiver.self_token),
            };
            let type_at = bytes_of(parameter.written);
            let written = type_at.start.checked_sub(start).zip(type_at.end.checked_sub(start));
            let written = written.and_then(|(from, to)| source.text.get(from..to));
            let written =
                written.map_or_else(|| parameter.written.to_token_stream().to_string(), str::to_owned);
            let Some(shape) = self.aliases.shape(parameter.written, &annotated.item.sig.generics) else {
                self.complain(
                    at,
                    format!("arguments of type `{written}` are not known here"),
                    Some(
                        "`f64`, integers, `bool`, structs, and arrays, slices, `Vec`s and tuples of them are",
                    ),
                );
                return None;
            };
            let differentiable = parameter.is_differentiable();
            if let Some(name) =
                self.aliases.underived(parameter.written).filter(|_| derives && differentiable)
            {
                self.complain(
                    at,
                    format!("an argument of type `{name}` has no gradient"),
                    Some(&format!(
                        "put `#[derive(Differentiable)]` on `struct {name}`; or mark the argument `#[constant]`, if it is data"
                    )),
                );
                return None;
            }
            let name = match input {
                syn::FnArg::Receiver(_) => "self".to_owned(),
                syn::FnArg::Typed(_) => parameter.name.to_string(),
            };
            known.push(Parameter { name, at, shape, written, differentiable });
        }
        let [branches, places] = tables;
        Some(Function {
            name: callable.name.clone(),
            at: start..start + source.text.len(),
            parameters: known,
            adjoint: emit::adjoint_source(&annotated, &source, &function, &compiled),
            operations: placed(function.sites),
            branches: placed(branches),
            places: placed(places),
            calls: called_in(&callable.item),
            callable,
        })
    }

    /// Adds what a stage refused; whether it refused nothing.
    fn note(&mut self, refusals: Refusals) -> bool {
        let complaints = refusals.complaints();
        let none = complaints.is_empty();
        self.complaints.extend(complaints);
        none
    }
}

/// A mistake that rustc reports, where it is: with its message and what to write instead.
fn mistake(
    annotated: &Annotated,
    source: &Source,
    function: &tree::Function<'_>,
    start: usize,
) -> Option<(Range<usize>, String, Option<String>)> {
    if let Some(star) = advice::starred(&annotated.item.block) {
        let help = "write `x.powi(2)`, or `x.powf(0.5)`";
        return Some((star.byte_range(), "`**` is no power".to_owned(), Some(help.to_owned())));
    }
    if let Some(semicolon) = advice::dropped_result(&annotated.item) {
        let (message, help) = ("the function ends without its result", "remove this `;`");
        return Some((semicolon.span.byte_range(), message.to_owned(), Some(help.to_owned())));
    }
    if let Some(keyword) = mismatch::missing_else(function) {
        let message = "this `if` has a value, and no `else` that gives one when its condition is false";
        let help = "add `else { … }` with the other value; or, if no value is meant, end the last line of its block with `;`";
        return Some((keyword.byte_range(), message.to_owned(), Some(help.to_owned())));
    }
    if let Some(mistake) = mismatch::smallest_mistake(function) {
        let range = source.range(mistake);
        let (message, help) = advice::mismatch(mistake);
        return Some((start + range.start..start + range.end, message, Some(help)));
    }
    let at = mismatch::unknown_method(function)?.byte_range();
    let name = at.start.checked_sub(start).zip(at.end.checked_sub(start));
    let name = name.and_then(|(from, to)| source.text.get(from..to)).unwrap_or_default();
    let help = advice::method(name).map(|method| format!("write `{method}`"));
    Some((at, format!("`f64` has no method `{name}` of this form"), help))
}

/// The bytes of tokens of the file.
fn bytes_of(syntax: &impl ToTokens) -> Range<usize> {
    let tokens = syntax.to_token_stream();
    let first = tokens.clone().into_iter().next().map_or(0, |token| token.span().byte_range().start);
    let last = tokens.into_iter().last().map_or(first, |token| token.span().byte_range().end);
    first..last
}

/// The byte at which the text of a function begins: after its attributes.
fn start_of(visibility: &syn::Visibility, signature: &syn::Signature) -> usize {
    let mut tokens = visibility.to_token_stream();
    tokens.extend(signature.to_token_stream());
    tokens.into_iter().next().map_or(0, |token| token.span().byte_range().start)
}

/// Removes `#[differentiable]`, and gives its options if it was there.
fn take_attribute(attributes: &mut Vec<syn::Attribute>) -> Option<TokenStream> {
    let is_ours = |attribute: &syn::Attribute| {
        attribute.path().segments.last().is_some_and(|last| last.ident == "differentiable")
    };
    let options = attributes.iter().find(|attribute| is_ours(attribute)).map(|ours| match &ours.meta {
        syn::Meta::List(list) => list.tokens.clone(),
        syn::Meta::Path(_) | syn::Meta::NameValue(_) => TokenStream::new(),
    });
    attributes.retain(|attribute| !is_ours(attribute));
    options
}

/// The names of functions and methods that a function may call.
fn called_in(function: &syn::ItemFn) -> Vec<String> {
    #[derive(Default)]
    struct Calls(BTreeSet<String>);
    impl<'ast> syn::visit::Visit<'ast> for Calls {
        fn visit_path(&mut self, path: &'ast syn::Path) {
            self.0.extend(path.segments.last().map(|last| last.ident.to_string()));
            syn::visit::visit_path(self, path);
        }

        fn visit_expr_method_call(&mut self, call: &'ast syn::ExprMethodCall) {
            self.0.insert(call.method.to_string());
            syn::visit::visit_expr_method_call(self, call);
        }
    }
    let mut calls = Calls::default();
    syn::visit::Visit::visit_block(&mut calls, &function.block);
    calls.0.into_iter().collect()
}
