//! A file of functions that is read, compiled and run without rustc.

use super::datum::{Datum, Scope, Stop, cell};
use super::evaluate::{Items, Machine};
use super::integer::Width;
use super::number::Number;
use super::observer::{Observer, Operand, place};
use super::shape::{Aliases, Shape};
use crate::syntax::parse::{self, Parsed};
use crate::syntax::refusals::Refusals;
use crate::syntax::source::{self, Source};
use crate::types::{check, mismatch};
use crate::{emit, guarded, ir, lower, transform};
use proc_macro2::{Span, TokenStream};
use quote::ToTokens;
use std::collections::{BTreeMap, HashMap, HashSet};
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
    /// Its name.
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
    /// The functions of the file that it calls.
    pub calls: Vec<String>,
    item: Rc<syn::ItemFn>,
}

/// A parameter of a [`Function`].
#[derive(Debug)]
pub struct Parameter {
    /// Its name.
    pub name: String,
    /// The bytes of its name in the file.
    pub at: Range<usize>,
    /// What an argument looks like, if that is known.
    pub shape: Option<Shape>,
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

/// Something that is wrong with a file or with a run, at its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Complaint {
    /// The fact.
    pub message: String,
    /// The way out, if one is known.
    pub help: Option<String>,
    /// The name of the refusal, which is also its heading in the documentation.
    pub refusal: Option<&'static str>,
    /// Its bytes in the file.
    pub at: Range<usize>,
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
        let arguments = arguments.iter().map(Argument::datum).collect();
        let run = || machine.user(&function.item, arguments).and_then(Datum::owned);
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
    fn datum(&self) -> Datum {
        let parts = |parts: &[Argument]| parts.iter().map(Argument::datum).collect();
        match self {
            Argument::Number(Operand { value, node }) => {
                let number = Number::from(*value);
                Datum::Float(Number { node: *node, active: node.is_some(), ..number })
            }
            Argument::Integer(value) => Datum::Int(*value, Width::Open),
            Argument::Truth(value) => Datum::Bool(*value),
            Argument::List(items) => Datum::List(parts(items)),
            Argument::Tuple(items) => Datum::Tuple(parts(items)),
        }
    }

    fn of(datum: &Datum) -> Option<Argument> {
        let parts = |parts: &[Datum]| parts.iter().map(Argument::of).collect::<Option<Vec<_>>>();
        Some(match datum {
            Datum::Float(number) => Argument::Number(Operand { value: number.value, node: None }),
            Datum::Int(value, _) => Argument::Integer(*value),
            Datum::Bool(value) => Argument::Truth(*value),
            Datum::List(items) => Argument::List(parts(items)?),
            Datum::Tuple(items) => Argument::Tuple(parts(items)?),
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
    /// Functions and constants, by their names.
    items: Items,
    written: Vec<(syn::ItemFn, Option<TokenStream>)>,
    aliases: Aliases,
    names: HashSet<String>,
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
                syn::Item::Fn(function) => self.function(function),
                syn::Item::Const(constant) => {
                    self.name(&constant.ident);
                    self.items.constants.insert(constant.ident.to_string(), Rc::new(*constant.expr));
                }
                syn::Item::Static(constant) => {
                    self.name(&constant.ident);
                    self.items.constants.insert(constant.ident.to_string(), Rc::new(*constant.expr));
                }
                syn::Item::Type(alias) => {
                    self.aliases.insert(alias.ident.to_string(), *alias.ty);
                }
                syn::Item::Use(_) => {}
                other => {
                    let at =
                        other.to_token_stream().into_iter().next().map(|token| token.span().byte_range());
                    self.complain(
                        at.unwrap_or(0..text.len()),
                        "only functions, constants and type aliases are known here",
                        Some("pass the numbers of a struct as arguments of their own, as an array or as a tuple"),
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

    fn function(&mut self, mut function: syn::ItemFn) {
        self.name(&function.sig.ident);
        let is_ours = |attribute: &syn::Attribute| {
            attribute.path().segments.last().is_some_and(|last| last.ident == "differentiable")
        };
        let options =
            function.attrs.iter().find(|attribute| is_ours(attribute)).map(|ours| match &ours.meta {
                syn::Meta::List(list) => list.tokens.clone(),
                syn::Meta::Path(_) | syn::Meta::NameValue(_) => TokenStream::new(),
            });
        function.attrs.retain(|attribute| !is_ours(attribute));
        self.items.functions.insert(function.sig.ident.to_string(), Rc::new(function.clone()));
        self.written.push((function, options));
    }

    fn functions(&mut self) -> Vec<Function> {
        let written = std::mem::take(&mut self.written);
        let annotated = written.iter().any(|(_, options)| options.is_some());
        let counts = |function: &syn::ItemFn| {
            let takes = function.sig.inputs.iter().any(|input| self.aliases.has_floats(input));
            takes && self.aliases.has_floats(&function.sig.output) && function.sig.ident != "main"
        };
        let chosen: Vec<_> = written
            .into_iter()
            .filter_map(|(function, options)| {
                let counts = !annotated && counts(&function);
                options.or(counts.then(TokenStream::new)).map(|options| (function, options))
            })
            .collect();
        self.items.differentiable =
            chosen.iter().map(|(function, _)| function.sig.ident.to_string()).collect();
        chosen.into_iter().filter_map(|(function, options)| self.compiled(&function, options)).collect()
    }

    /// One function through the front end and the compiler.
    fn compiled(&mut self, written: &syn::ItemFn, options: TokenStream) -> Option<Function> {
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
            (_, true) => {
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
        let macros = check::Macros::of(&annotated.item.block);
        let (function, refusals) = check::check(&annotated, &macros, &source);
        if !self.note(refusals) {
            return None;
        }
        let start = self.start_of(&annotated.user);
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
        let compiled = lower::lower(&function).and_then(|program| {
            let passes = transform::Passes::chosen();
            let split = transform::differentiate(program.clone(), ir::Mode::Split, true, passes);
            let joint = transform::differentiate(program, ir::Mode::Joint, several, passes)?;
            Ok(emit::Compiled { joint, split })
        });
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
        let parameters = annotated.user.sig.inputs.iter().zip(&function.parameters);
        let parameters = parameters.map(|(input, parameter)| {
            let at = match input {
                syn::FnArg::Typed(typed) => {
                    let span = |span: Option<Span>| span.map(|span| span.byte_range());
                    let tokens = typed.pat.to_token_stream();
                    let first = span(tokens.clone().into_iter().next().map(|token| token.span()));
                    let last = span(tokens.into_iter().last().map(|token| token.span()));
                    first.zip(last).map_or(0..0, |(first, last)| first.start..last.end)
                }
                syn::FnArg::Receiver(_) => 0..0,
            };
            Parameter {
                name: parameter.name.to_string(),
                at,
                shape: self.aliases.shape(parameter.written, &annotated.item.sig.generics),
                written: parameter.written.to_token_stream().to_string(),
                differentiable: parameter.is_differentiable(),
            }
        });
        let parameters: Vec<Parameter> = parameters.collect();
        if let Some(unknown) = parameters.iter().find(|parameter| parameter.shape.is_none()) {
            let (at, written) = (unknown.at.clone(), unknown.written.clone());
            self.complain(
                at,
                format!("arguments of type `{written}` are not known here"),
                Some("`f64`, integers, `bool`, and arrays, slices, `Vec`s and tuples of them are"),
            );
            return None;
        }
        let [branches, places] = tables;
        Some(Function {
            name: annotated.item.sig.ident.to_string(),
            at: start..start + source.text.len(),
            parameters,
            adjoint: emit::adjoint_source(&annotated, &source, &function, &compiled),
            operations: placed(function.sites),
            branches: placed(branches),
            places: placed(places),
            calls: calls_in(&annotated.item, &self.items.functions),
            item: Rc::new(annotated.item),
        })
    }

    /// The byte at which the text of a function begins: after its attributes.
    fn start_of(&self, function: &syn::ItemFn) -> usize {
        let mut bare = function.clone();
        bare.attrs.clear();
        let first = bare.to_token_stream().into_iter().next();
        first.map_or(0, |token| token.span().byte_range().start)
    }

    /// Adds what a stage refused; whether it refused nothing.
    fn note(&mut self, refusals: Refusals) -> bool {
        let complaints = refusals.complaints();
        let none = complaints.is_empty();
        self.complaints.extend(complaints);
        none
    }
}

/// The functions of the file that are named in a function.
fn calls_in(function: &syn::ItemFn, known: &HashMap<String, Rc<syn::ItemFn>>) -> Vec<String> {
    struct Calls<'k>(&'k HashMap<String, Rc<syn::ItemFn>>, BTreeMap<String, ()>);
    impl<'ast> syn::visit::Visit<'ast> for Calls<'_> {
        fn visit_path(&mut self, path: &'ast syn::Path) {
            if let Some(last) = path.segments.last()
                && self.0.contains_key(&last.ident.to_string())
            {
                self.1.insert(last.ident.to_string(), ());
            }
            syn::visit::visit_path(self, path);
        }
    }
    let mut calls = Calls(known, BTreeMap::new());
    syn::visit::Visit::visit_block(&mut calls, &function.block);
    calls.1.into_keys().collect()
}
