//! A file of functions that is read, compiled and run without rustc.

use super::datum::{Datum, Evaluated, Scope, Stop, cell, unknown};
use super::evaluate::{Callable, Items, Machine, Operation};
use super::integer::Width;
use super::number::Number;
use super::observer::{Observer, Operand, place};
use super::shape::{Aliases, Shape};
use super::structs::{self, Struct};
use crate::syntax::parse::{self, Annotated, Parsed};
use crate::syntax::refusals::{Complaint, Refusals};
use crate::syntax::source::{self, Source};
use crate::types::{check, mismatch};
use crate::{block, changing, emit, guarded, lower};
use proc_macro2::TokenStream;
use quote::ToTokens;
use std::collections::{BTreeSet, HashSet};
use std::ops::Range;
use std::rc::Rc;

/// Functions that were read: each with its adjoint, its parameters and the places that a trace knows.
///
/// The types of expressions are not checked, nor are borrows and lifetimes: that is rustc's work.
///
/// ```
/// use gradus_compiler::interpret::File;
///
/// let file = File::read("fn square(x: f64) -> f64 { x * x }").map_err(|complaints| complaints[0].message.clone())?;
/// assert_eq!(file.function("square").unwrap().parameters[0].name, "x");
/// assert!(file.function("square").unwrap().adjoint.contains("fn square_grad_add"));
/// # Ok::<(), String>(())
/// ```
pub struct File {
    machine: Machine,
    functions: Vec<Function>,
}

/// A differentiable function of a [`File`].
#[derive(Debug)]
pub struct Function {
    /// Its name, after that of its type if it is a method.
    pub name: String,
    /// Its bytes in the file, without the attributes before it.
    pub at: Range<usize>,
    /// Its parameters.
    pub parameters: Vec<Parameter>,
    /// Its compiled adjoint, or a comment that says why there is none.
    pub adjoint: String,
    /// Its operations.
    pub operations: Vec<Place>,
    /// Its branching expressions; the operands of each are the arms.
    pub branches: Vec<Place>,
    /// Calls, loops, closures, comparisons and what else a trace knows.
    pub places: Vec<Place>,
    /// The names of the functions and methods that it may call.
    pub calls: Vec<String>,
    callable: Rc<Callable>,
}

/// A parameter of a [`Function`].
#[derive(Debug)]
pub struct Parameter {
    /// Its name.
    pub name: String,
    /// The bytes of its name in the file.
    pub at: Range<usize>,
    /// What an argument looks like.
    pub shape: Shape,
    /// Its type as it is written.
    pub written: String,
    /// Whether the gradient has a part for it.
    pub differentiable: bool,
}

/// An expression in the file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// Its bytes.
    pub at: Range<usize>,
    /// Those of its operands, or of its arms.
    pub operands: Vec<Range<usize>>,
    /// The variable that it is bound to.
    pub name: Option<String>,
}

/// An argument, or a part of one.
#[derive(Clone, Debug, PartialEq)]
pub enum Argument {
    /// A number, with its node if the result is to be differentiated by it.
    Number(Operand),
    /// An integer.
    Integer(i128),
    /// `true` or `false`.
    Truth(bool),
    /// An array, a slice or a `Vec`.
    List(Vec<Argument>),
    /// A tuple.
    Tuple(Vec<Argument>),
    /// A struct.
    Struct {
        /// Its name.
        name: String,
        /// Its fields, in the order of their declaration.
        fields: Vec<Argument>,
    },
}

impl File {
    /// Reads and compiles a file. Where no function of it has the attribute `#[differentiable]`, all that take and return
    /// numbers count as if they had it.
    ///
    /// # Errors
    ///
    /// What is wrong with it, in the order of the text.
    pub fn read(text: &str) -> Result<File, Vec<Complaint>> {
        stacker::grow(guarded::STACK, || Reader::default().read(text))
    }

    /// The differentiable functions, in the order of the text.
    pub fn functions(&self) -> &[Function] {
        &self.functions
    }

    /// The differentiable function of this name.
    pub fn function(&self, name: &str) -> Option<&Function> {
        self.functions.iter().find(|function| function.name == name)
    }

    /// The numbers of the function's result, in reading order.
    ///
    /// # Errors
    ///
    /// Why the run ended without a result: a panic, a limit, or something that only rustc knows.
    pub fn run(
        &self,
        function: &Function,
        arguments: &[Argument],
        observer: Rc<dyn Observer>,
    ) -> Result<Vec<Operand>, Complaint> {
        let machine = self.machine.observed(observer);
        let run = || {
            let arguments = arguments.iter().map(|argument| argument.datum(&machine));
            let arguments = arguments.collect::<Result<_, _>>()?;
            let changes = function.callable.changes_receiver();
            machine.left_by(&function.callable, arguments, changes).and_then(Datum::owned)
        };
        let result = stacker::grow(guarded::STACK, run);
        match result {
            Ok(value) => Ok(value.flat().into_iter().map(Operand::from).collect()),
            Err(stop) => {
                let at = machine.failed_at().map_or(function.at.clone(), |at| at.start..at.end);
                Err(complaint_of(stop, at))
            }
        }
    }

    /// The argument that a Rust expression stands for, such as `[1.0, 2.0]`; `inf` and `NaN` are numbers.
    ///
    /// # Errors
    ///
    /// If it is none.
    pub fn argument(&self, text: &str) -> Result<Argument, String> {
        let expression: syn::Expr =
            syn::parse_str(text).map_err(|error| format!("`{text}` is no argument: {error}"))?;
        let mut scope = Scope::default();
        scope.bind("inf", cell(Datum::from(f64::INFINITY)));
        scope.bind("NaN", cell(Datum::from(f64::NAN)));
        self.machine.refuel();
        let datum = self.machine.expression(&expression, &mut scope).and_then(Datum::owned);
        datum.ok().as_ref().and_then(Argument::of).ok_or_else(|| format!("`{text}` is no argument"))
    }
}

impl Argument {
    fn datum(&self, machine: &Machine) -> Evaluated<Datum> {
        let parts =
            |parts: &[Argument]| parts.iter().map(|part| part.datum(machine)).collect::<Evaluated<_>>();
        Ok(match self {
            Argument::Number(Operand { value, node }) => {
                let number = Number::from(*value);
                Datum::Float(Number { node: *node, active: node.is_some(), ..number })
            }
            Argument::Integer(value) => Datum::Int(*value, Width::Open),
            Argument::Truth(value) => Datum::Bool(*value),
            Argument::List(items) => Datum::List(parts(items)?),
            Argument::Tuple(items) => Datum::Tuple(parts(items)?),
            Argument::Struct { name, fields } => match machine.items.structs.get(name) {
                Some(of) => Machine::built(of, parts(fields)?)?,
                None => return unknown(format!("the struct `{name}`")),
            },
        })
    }

    fn of(datum: &Datum) -> Option<Argument> {
        let parts = |parts: &[Datum]| parts.iter().map(Argument::of).collect::<Option<Vec<_>>>();
        Some(match datum {
            Datum::Float(number) => Argument::Number(Operand { value: number.value, node: None }),
            Datum::Int(value, _) => Argument::Integer(*value),
            Datum::Bool(value) => Argument::Truth(*value),
            Datum::List(items) => Argument::List(parts(items)?),
            Datum::Tuple(items) => Argument::Tuple(parts(items)?),
            Datum::Struct(of, fields) => Argument::Struct { name: of.name.clone(), fields: parts(fields)? },
            Datum::Unit
            | Datum::Default
            | Datum::Char(_)
            | Datum::Text(_)
            | Datum::Ordering(_)
            | Datum::Range(..)
            | Datum::Option(_)
            | Datum::Reference(_)
            | Datum::Closure(_)
            | Datum::Function(..)
            | Datum::Iterator(_) => return None,
        })
    }
}

/// What ended a run, in words.
fn complaint_of(stop: Stop, at: Range<usize>) -> Complaint {
    let (message, help) = match stop {
        Stop::Panic(message) => (format!("the function panics: {message}"), None),
        Stop::Limit(message) => {
            let help = "is there an end to every loop and every recursion? Try smaller inputs, or run the program itself";
            (message, Some(help.to_owned()))
        }
        Stop::Refused(message) => match message.split_once("\n\nhelp: ") {
            Some((message, help)) => (message.to_owned(), Some(help.to_owned())),
            None => (message, None),
        },
        Stop::Unknown(what) => (
            format!("not known here without rustc: {what}"),
            Some("the same may be fine in a program; here it takes another way to write it".to_owned()),
        ),
        Stop::Wrong(what) => (what, None),
        Stop::Break(..) | Stop::Continue(_) | Stop::Return(_) => {
            ("a jump that leaves the function".to_owned(), None)
        }
    };
    Complaint { message, help, refusal: None, at }
}

/// Goes through the items of a file.
#[derive(Default)]
struct Reader {
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
    fn read(mut self, text: &str) -> Result<File, Vec<Complaint>> {
        let functions = match self.parsed(text) {
            Some(file) => {
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
                Some(
                    "write a function that takes and returns `f64`, such as `fn f(x: f64) -> f64 { x * x }`",
                ),
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
                let at = error.span().byte_range();
                self.complain(
                    at,
                    "this is no Rust: a bracket, a quote or a character has no meaning here",
                    None,
                );
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
                    self.complain(at, error.to_string(), None);
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
        if let Some(mistake) = mismatch::smallest_mistake(&function) {
            let at = in_file(source.range(mistake));
            self.complain(
                at,
                "an integer stands where an `f64` is computed with",
                Some("write the literal with a point, as in `2.0`, or convert the integer with `as f64`"),
            );
            return None;
        }
        if let Some(method) = mismatch::unknown_method(&function) {
            self.complain(method.byte_range(), "`f64` has no method of this name", None);
            return None;
        }
        let several = function.may_be_several();
        let compiled = crate::compiled(&function, lower::lower(&function));
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
        let placed = |sites: Vec<crate::types::tree::Site>| -> Vec<Place> {
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
