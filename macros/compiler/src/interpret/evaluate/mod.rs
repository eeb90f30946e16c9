//! Evaluates Rust expressions as they are written, on numbers with tangents. It knows nothing of types: what a literal or a
//! method means is told by the values. What it does not know it says.

mod events;
mod failure;
mod function;
mod iterator;
mod method;
mod operator;
mod pattern;
mod sequence;
mod structs;

use super::advice;
use super::datum::{At, Closure, Datum, Evaluated, Place, Scope, Stop, cell, limited, panics, unknown};
use super::integer;
use super::number::Number;
use super::observer::{Look, Observer, Step};
use super::structs::Struct;
use super::width::Width;
pub(in crate::interpret) use events::place;
use failure::question_mark;
#[cfg(test)]
pub use function::constants;
use quote::ToTokens;
use std::cell::Cell;
use std::collections::HashMap;
use std::rc::Rc;
pub use structs::Operation;
use syn::{Expr, Stmt};

/// The items around a function: those of its file.
#[derive(Default)]
pub struct Items {
    pub functions: HashMap<String, Rc<Callable>>,
    /// Constants and statics.
    pub constants: HashMap<String, Rc<Expr>>,
    pub structs: HashMap<String, Rc<Struct>>,
    /// Methods and functions of types: by the names of the type and of the method.
    pub methods: HashMap<(String, String), Rc<Callable>>,
    pub operations: Vec<Operation>,
}

/// A function or method that can be called.
#[derive(Debug)]
pub struct Callable {
    pub item: Rc<syn::ItemFn>,
    /// Its name, after that of its type if it belongs to one: `Body::kinetic`.
    pub name: String,
    /// The type that it belongs to.
    pub owner: Option<String>,
    /// The byte of its name in the file.
    pub at: usize,
    /// Whether a derivative of it is known.
    pub differentiable: bool,
    /// Whether it is a method that looks at the plain numbers, and gives none.
    pub predicate: bool,
}

impl Callable {
    pub fn function(item: Rc<syn::ItemFn>, differentiable: bool) -> Callable {
        let (name, at) = (item.sig.ident.to_string(), item.sig.ident.span().byte_range().start);
        Callable { item, name, owner: None, at, differentiable, predicate: false }
    }

    /// Whether it takes `&mut self`.
    pub fn changes_receiver(&self) -> bool {
        let kind = self.item.sig.receiver().map(|receiver| &receiver.kind);
        matches!(kind, Some(syn::ReceiverKind::Reference(_, _, Some(_))))
    }
}

/// Evaluates among the items of a file.
#[derive(Clone)]
pub struct Machine {
    pub items: Rc<Items>,
    /// Expressions and calls that are left before the evaluation is given up.
    fuel: Rc<Cell<usize>>,
    pub(super) watch: Rc<Watch>,
}

/// Who listens to a run, and where it is.
#[derive(Default)]
pub(super) struct Watch {
    pub observer: Option<Rc<dyn Observer>>,
    pub quiet: Cell<bool>,
    /// Where the next operation stands.
    pub at: Cell<At>,
    /// Where the run failed, if it did.
    pub failed: Cell<Option<At>>,
    /// How many calls are in each other.
    pub depth: Cell<usize>,
}

/// How many steps a run may take, where nobody says otherwise.
const FUEL: usize = 2_000_000;
/// How many calls may be in each other.
const DEPTH: usize = 200;

impl Machine {
    pub fn new(items: Rc<Items>) -> Machine {
        Machine { items, fuel: Rc::new(Cell::new(FUEL)), watch: Rc::default() }
    }

    /// The same, with someone who listens.
    pub fn observed(&self, observer: Rc<dyn Observer>) -> Machine {
        let watch = Watch { observer: Some(observer), ..Watch::default() };
        Machine { items: self.items.clone(), fuel: Rc::new(Cell::new(FUEL)), watch: Rc::new(watch) }
    }

    /// Where the run failed.
    pub fn failed_at(&self) -> Option<At> {
        self.watch.failed.get()
    }

    /// Begins anew.
    pub fn refuel(&self) {
        self.fuel.set(FUEL);
    }

    fn burn(&self) -> Evaluated<()> {
        self.burn_all(1)
    }

    /// Spends so many steps: numbers that are made take as long as expressions, and memory besides.
    pub(super) fn burn_all(&self, steps: usize) -> Evaluated<()> {
        let left = self.fuel.get().saturating_sub(steps);
        self.fuel.set(left);
        if left == 0 { limited("the run takes more than 2 000 000 steps") } else { Ok(()) }
    }

    /// Runs a call, unless too many are in each other.
    pub(super) fn deeper<R>(&self, run: impl FnOnce() -> Evaluated<R>) -> Evaluated<R> {
        let depth = self.watch.depth.get();
        if depth == DEPTH {
            return limited(format!("more than {DEPTH} calls are in each other"));
        }
        self.watch.depth.set(depth + 1);
        let result = run();
        self.watch.depth.set(depth);
        result
    }

    /// Notes where the innermost expression is that fails.
    fn noted<R>(
        &self,
        result: Evaluated<R>,
        syntax: &impl crate::syntax::source::ends::Ends,
    ) -> Evaluated<R> {
        if self.watch.observer.is_some()
            && self.watch.failed.get().is_none()
            && let Err(Stop::Unknown(_) | Stop::Wrong(_) | Stop::Panic(_) | Stop::Refused(_) | Stop::Limit(_)) =
                &result
        {
            self.watch.failed.set(Some(place(syntax)));
        }
        result
    }

    pub fn expression(&self, expression: &Expr, scope: &mut Scope) -> Evaluated<Datum> {
        self.burn()?;
        let result = self.of_kind(expression, scope);
        self.noted(result, expression)
    }

    fn of_kind(&self, expression: &Expr, scope: &mut Scope) -> Evaluated<Datum> {
        match expression {
            Expr::Paren(inner) => self.expression(&inner.expr, scope),
            Expr::Group(inner) => self.expression(&inner.expr, scope),
            Expr::Lit(literal) => Self::literal(&literal.lit),
            // A method of slices by its path.
            Expr::Path(syn::ExprPath { qself: Some(_), path, .. }) => {
                let name = path.segments.last().map(|last| last.ident.to_string()).unwrap_or_default();
                Ok(Datum::Function(format!("slice::{name}"), place(path)))
            }
            Expr::Path(path) => self.path(&path.path, scope),
            Expr::Unary(unary) => self.unary(expression, unary, scope),
            Expr::Binary(binary) => self.binary(expression, binary, scope),
            Expr::Cast(cast) => {
                let value = self.expression(&cast.expr, scope)?;
                if value.flat().iter().any(|number| number.node.is_some())
                    && !cast.ty.to_token_stream().to_string().ends_with("f64")
                {
                    return unknown("a cast of a number that depends on an argument");
                }
                operator::cast(value, &cast.ty.to_token_stream().to_string())
            }
            Expr::Reference(reference) if reference.mutability.is_some() => {
                Ok(Datum::Reference(self.place(&reference.expr, scope)?))
            }
            Expr::Reference(reference) => self.expression(&reference.expr, scope)?.read(),
            Expr::Tuple(tuple) if tuple.elems.is_empty() => Ok(Datum::Unit),
            Expr::Tuple(tuple) => Ok(Datum::Tuple(self.all(&tuple.elems, scope)?)),
            Expr::Array(array) => Ok(Datum::List(self.all(&array.elems, scope)?)),
            Expr::Repeat(repeat) => self.repeated(&repeat.expr, &repeat.len, scope),
            Expr::Range(range) => self.range(range, scope),
            Expr::Index(_) | Expr::Field(_) => self.place(expression, scope)?.get(),
            Expr::Block(block) => self.labelled_block(block, scope),
            Expr::If(branch) => {
                let mut inner = scope.clone();
                if self.condition(&branch.cond, &mut inner)? {
                    let _entered = self.step(Step::Arm { number: 0 }, expression);
                    self.block(&branch.then_branch, &inner)
                } else if let Some((_, otherwise)) = &branch.else_branch {
                    let _entered = self.step(Step::Arm { number: 1 }, expression);
                    self.expression(otherwise, scope)
                } else {
                    Ok(Datum::Unit)
                }
            }
            Expr::Let(_) => Ok(Datum::Bool(self.condition(expression, scope)?)),
            Expr::Match(matched) => self.matched(expression, matched, scope),
            Expr::ForLoop(_) | Expr::While(_) | Expr::Loop(_) => self.repeat(expression, scope),
            Expr::Break(leaving) => {
                let value = leaving.expr.as_ref();
                let value = value.map_or(Ok(Datum::Unit), |value| self.expression(value, scope))?;
                Err(Stop::Break(leaving.label.as_ref().map(|label| label.ident.to_string()), Box::new(value)))
            }
            Expr::Continue(again) => {
                Err(Stop::Continue(again.label.as_ref().map(|label| label.ident.to_string())))
            }
            Expr::Try(mark) => {
                let value = self.expression(&mark.expr, scope)?;
                question_mark(value)
            }
            Expr::Return(leaving) => {
                let value = leaving.expr.as_ref();
                let value = value.map_or(Ok(Datum::Unit), |value| self.expression(value, scope))?;
                Err(Stop::Return(Box::new(value)))
            }
            Expr::Assign(assign) => self.assign(&assign.left, &assign.right, scope),
            Expr::Closure(closure) => {
                let seen = if closure.capture.is_some() { scope.moved() } else { scope.clone() };
                Ok(Datum::Closure(Rc::new(Closure { written: closure.clone(), seen })))
            }
            Expr::Call(call) => self.call(expression, call, scope),
            Expr::MethodCall(call) => self.method(call, scope),
            Expr::Macro(macros) => self.macros(&macros.mac, scope),
            Expr::Struct(literal) => self.struct_literal(literal, scope),
            other => unknown(format!("`{}`", other.to_token_stream())),
        }
    }

    fn all<'e>(&self, parts: impl IntoIterator<Item = &'e Expr>, scope: &mut Scope) -> Evaluated<Vec<Datum>> {
        parts.into_iter().map(|part| self.expression(part, scope)).collect()
    }

    fn literal(literal: &syn::Lit) -> Evaluated<Datum> {
        Ok(match literal {
            syn::Lit::Int(number) if number.suffix().starts_with('f') => {
                number.base10_digits().parse::<f64>().map_or(Datum::Default, Datum::from)
            }
            syn::Lit::Int(number) => {
                let value = number.base10_parse().or_else(|_| unknown(format!("`{number}`")))?;
                match Width::named(number.suffix()) {
                    Some(width) => integer::fitted(value, Width::Open, width)
                        .map(|(value, width)| Datum::Int(value, width))?,
                    None => Datum::Int(value, Width::Open),
                }
            }
            syn::Lit::Float(number) => {
                let value = number.base10_digits().parse::<f64>();
                Datum::from(value.or_else(|_| unknown(format!("`{number}`")))?)
            }
            syn::Lit::Bool(truth) => Datum::Bool(truth.value),
            syn::Lit::Char(letter) => Datum::Char(letter.value()),
            syn::Lit::Str(text) => Datum::Text(text.value()),
            other => return unknown(format!("`{}`", other.to_token_stream())),
        })
    }

    fn repeated(&self, element: &Expr, length: &Expr, scope: &mut Scope) -> Evaluated<Datum> {
        let element = self.expression(element, scope)?;
        let length = self.expression(length, scope)?.size()?;
        self.burn_all(length.saturating_mul(element.flat().len().max(1)))?;
        Ok(Datum::List(vec![element; length]))
    }

    fn range(&self, range: &syn::ExprRange, scope: &mut Scope) -> Evaluated<Datum> {
        let mut bound = |bound: &Option<Box<Expr>>| {
            bound.as_ref().map(|bound| self.expression(bound, scope)?.integer()).transpose()
        };
        let (start, end) = (bound(&range.start)?, bound(&range.end)?);
        let inclusive = matches!(range.limits, syn::RangeLimits::Closed(_));
        let width = [start, end].into_iter().flatten().fold(Width::Open, |all, (_, width)| all.and(width));
        let fitted = |bound: Option<(i128, Width)>| {
            bound.map(|(value, from)| Ok(integer::fitted(value, from, width)?.0)).transpose()
        };
        let (start, end) = (fitted(start)?, fitted(end)?);
        Ok(Datum::Range(start, end.map(|end| end.saturating_add(i128::from(inclusive))), width))
    }

    /// A condition, with what its `let`s bind.
    fn condition(&self, condition: &Expr, scope: &mut Scope) -> Evaluated<bool> {
        match condition {
            Expr::Let(binding) => {
                let value = self.subject(&[&*binding.pat], &binding.expr, scope)?;
                self.bind(&binding.pat, value, scope)
            }
            Expr::Binary(syn::ExprBinary { left, op: syn::BinOp::And(_), right, .. }) => {
                Ok(self.condition(left, scope)? && self.condition(right, scope)?)
            }
            other => self.expression(other, scope)?.bool(),
        }
    }

    // --- places

    /// What an expression names, references followed.
    fn place(&self, expression: &Expr, scope: &mut Scope) -> Evaluated<Place> {
        match expression {
            Expr::Paren(inner) => self.place(&inner.expr, scope),
            Expr::Path(path) => {
                let name = path.path.get_ident().map(ToString::to_string);
                match name.and_then(|name| scope.find(&name)) {
                    Some(cell) => Place::from(cell).followed(),
                    None => Ok(Place::from(cell(self.path(&path.path, scope)?))),
                }
            }
            Expr::Unary(syn::ExprUnary { op: syn::UnOp::Deref(_), expr, .. }) => {
                self.place(expr, scope)?.followed()
            }
            Expr::Index(index) => {
                let base = self.place(&index.expr, scope)?;
                let index = self.expression(&index.index, scope)?;
                base.indexed(index)?.followed()
            }
            Expr::Field(syn::ExprField { base, member, .. }) => {
                self.place(base, scope)?.member(member)?.followed()
            }
            other => Place::from(cell(self.expression(other, scope)?)).followed(),
        }
    }

    fn assign(&self, left: &Expr, right: &Expr, scope: &mut Scope) -> Evaluated<Datum> {
        let value = self.expression(right, scope)?;
        self.assign_to(left, value, scope)?;
        Ok(Datum::Unit)
    }

    fn assign_to(&self, left: &Expr, value: Datum, scope: &mut Scope) -> Evaluated<()> {
        match (left, value) {
            (Expr::Infer(_), _) => Ok(()),
            (Expr::Paren(inner), value) => self.assign_to(&inner.expr, value, scope),
            (Expr::Tuple(places), Datum::Tuple(parts)) => places
                .elems
                .iter()
                .zip(parts)
                .try_for_each(|(place, part)| self.assign_to(place, part, scope)),
            (Expr::Array(places), Datum::List(parts)) => places
                .elems
                .iter()
                .zip(parts)
                .try_for_each(|(place, part)| self.assign_to(place, part, scope)),
            // The variable itself, whatever it refers to.
            (Expr::Path(path), value) => {
                let name = path.path.get_ident().map(ToString::to_string);
                match name.and_then(|name| scope.find(&name)) {
                    Some(cell) => {
                        *cell.borrow_mut() = value;
                        Ok(())
                    }
                    None => unknown(advice::not_declared(&path.to_token_stream().to_string())),
                }
            }
            (left, value) => self.place(left, scope)?.set(value),
        }
    }

    // --- statements

    pub fn block(&self, block: &syn::Block, outer: &Scope) -> Evaluated<Datum> {
        let mut scope = outer.clone();
        let items = block.stmts.iter().filter_map(|statement| match statement {
            Stmt::Item(item) => Some(item),
            _ => None,
        });
        for item in items {
            self.local_item(item, &mut scope)?;
        }
        let mut last = Datum::Unit;
        for statement in &block.stmts {
            last = match statement {
                Stmt::Item(_) => Datum::Unit,
                Stmt::Macro(macros) => {
                    let value = self.macros(&macros.mac, &mut scope);
                    let value = self.noted(value, &macros.mac)?;
                    if macros.semi_token.is_some() { Datum::Unit } else { value }
                }
                Stmt::Expr(expression, semicolon) => {
                    let value = self.expression(expression, &mut scope)?;
                    if semicolon.is_some() { Datum::Unit } else { value }
                }
                Stmt::Local(local) => {
                    self.local(local, &mut scope)?;
                    Datum::Unit
                }
            };
        }
        Ok(last)
    }

    /// What patterns take apart: the place itself where they borrow from it by `ref mut`.
    fn subject(&self, patterns: &[&syn::Pat], expression: &Expr, scope: &mut Scope) -> Evaluated<Datum> {
        let (mut borrowed, mut others) = (false, false);
        for pattern in patterns {
            pattern::bindings(pattern, &mut |name| {
                borrowed |= name.by_ref.is_some() && name.mutability.is_some();
                others |= name.by_ref.is_none();
            });
        }
        match (borrowed, others) {
            (false, _) => self.expression(expression, scope),
            (true, false) => Ok(Datum::Reference(self.place(expression, scope)?)),
            (true, true) => unknown("a pattern that borrows and copies"),
        }
    }

    fn local(&self, local: &syn::Local, scope: &mut Scope) -> Evaluated<()> {
        let Some(init) = &local.init else {
            pattern::declare(&local.pat, scope);
            return Ok(());
        };
        let value = self.subject(&[&local.pat], &init.expr, scope)?;
        let value = self.noted(pattern::typed(&local.pat, value), &*init.expr)?;
        if self.bind(&local.pat, value, scope)? {
            return Ok(());
        }
        match &init.diverge {
            Some((_, otherwise)) => {
                let _entered = self.step(Step::Arm { number: 0 }, local);
                self.expression(otherwise, scope).map(drop)
            }
            None => unknown("a pattern that does not match"),
        }
    }

    /// A constant or a function within a function.
    pub fn local_item(&self, item: &syn::Item, scope: &mut Scope) -> Evaluated<()> {
        match item {
            syn::Item::Const(constant) => {
                let value = self.expression(&constant.expr, &mut scope.clone())?;
                scope.bind_constant(&constant.ident.to_string(), cell(value));
            }
            syn::Item::Static(constant) => {
                let value = self.expression(&constant.expr, &mut scope.clone())?;
                scope.bind_constant(&constant.ident.to_string(), cell(value));
            }
            // A function without what is around it is a closure that sees nothing; itself it is not.
            syn::Item::Fn(function) => {
                let inputs = function.sig.inputs.iter().filter_map(|input| match input {
                    syn::FnArg::Typed(typed) => Some(&typed.pat),
                    syn::FnArg::Receiver(_) => None,
                });
                let block = &function.block;
                let written: syn::ExprClosure = syn::parse_quote!(|#(#inputs),*| #block);
                let name = function.sig.ident.to_string();
                scope.bind(&name, cell(Datum::Closure(Rc::new(Closure { written, seen: scope.clone() }))));
            }
            syn::Item::Use(_) | syn::Item::Type(_) => {}
            other => return unknown(format!("`{}`", other.to_token_stream())),
        }
        Ok(())
    }

    fn labelled_block(&self, block: &syn::ExprBlock, scope: &Scope) -> Evaluated<Datum> {
        let result = self.block(&block.block, scope);
        match (result, &block.label) {
            (Err(Stop::Break(Some(label), value)), Some(own)) if own.name.ident == label => Ok(*value),
            (result, _) => result,
        }
    }

    fn matched(&self, expression: &Expr, matched: &syn::ExprMatch, scope: &mut Scope) -> Evaluated<Datum> {
        let patterns: Vec<_> = matched.arms.iter().map(|arm| &arm.pat).collect();
        let value = self.subject(&patterns, &matched.expr, scope)?;
        if let Datum::Float(_) = &value {
            self.tell_looked_at(Look::Pattern, &value, place(&*matched.expr));
        }
        for (number, arm) in matched.arms.iter().enumerate() {
            let mut inner = scope.clone();
            if self.bind(&arm.pat, value.clone(), &mut inner)? {
                let _entered = self.step(Step::Arm { number }, expression);
                return self.expression(&arm.body, &mut inner);
            }
        }
        unknown("a `match` without an arm for the value")
    }

    // --- loops

    fn repeat(&self, expression: &Expr, scope: &mut Scope) -> Evaluated<Datum> {
        match expression {
            Expr::Loop(repeat) => {
                for number in 0.. {
                    self.burn()?;
                    let entered = self.step(Step::Iteration { number }, expression);
                    self.body_runs(&entered);
                    if let Some(left) = iteration(repeat.label.as_ref(), self.block(&repeat.body, scope))? {
                        return Ok(left);
                    }
                }
                Ok(Datum::Unit)
            }
            Expr::While(repeat) => {
                for number in 0.. {
                    self.burn()?;
                    let entered = self.step(Step::Iteration { number }, expression);
                    let mut inner = scope.clone();
                    if !self.condition(&repeat.cond, &mut inner)? {
                        break;
                    }
                    self.body_runs(&entered);
                    if let Some(left) = iteration(repeat.label.as_ref(), self.block(&repeat.body, &inner))? {
                        return Ok(left);
                    }
                }
                Ok(Datum::Unit)
            }
            Expr::ForLoop(repeat) => {
                let iterated = self.expression(&repeat.expr, scope)?;
                let items = self.iterated(iterated)?;
                for number in 0.. {
                    self.burn()?;
                    let entered = self.step(Step::Iteration { number }, expression);
                    let Some(item) = items.next()? else { break };
                    self.body_runs(&entered);
                    let mut inner = scope.clone();
                    if !self.bind(&repeat.pat, item, &mut inner)? {
                        return unknown("a pattern that does not match");
                    }
                    if let Some(left) = iteration(repeat.label.as_ref(), self.block(&repeat.body, &inner))? {
                        return Ok(left);
                    }
                }
                Ok(Datum::Unit)
            }
            other => unknown(format!("`{}`", other.to_token_stream())),
        }
    }

    // --- macros

    fn macros(&self, written: &syn::Macro, scope: &mut Scope) -> Evaluated<Datum> {
        type Arguments = syn::punctuated::Punctuated<Expr, syn::Token![,]>;
        let arguments = || {
            written
                .parse_body_with(Arguments::parse_terminated)
                .or_else(|_| unknown("the arguments of a macro"))
        };
        let name = written.path.segments.last().map(|last| last.ident.to_string()).unwrap_or_default();
        match name.as_str() {
            // A text of an error, whose numbers are all written as `{name}`.
            "format" => {
                let arguments = arguments()?;
                let text = message(arguments.first(), scope).filter(|text| !text.contains(['{', '}']));
                match text {
                    Some(text) if arguments.len() == 1 => Ok(Datum::Text(text)),
                    _ => unknown("this `format!`"),
                }
            }
            "vec" => {
                let tokens = &written.tokens;
                match syn::parse_quote!([#tokens]) {
                    Expr::Repeat(repeat) => self.repeated(&repeat.expr, &repeat.len, scope),
                    Expr::Array(array) => Ok(Datum::List(self.all(&array.elems, scope)?)),
                    _ => unknown("this `vec!`"),
                }
            }
            "println" | "print" | "eprintln" | "eprint" => Ok(Datum::Unit),
            "assert" | "debug_assert" => {
                let arguments = arguments()?;
                self.tell_asserted(written, scope);
                let _quiet = self.quietly();
                match arguments.first() {
                    Some(test) if self.expression(test, scope)?.bool()? => Ok(Datum::Unit),
                    _ => panics(message(arguments.iter().nth(1), scope).unwrap_or_else(|| {
                        let test = arguments.first().map(|test| text_of(&test.to_token_stream()));
                        format!("assertion failed: {}", test.unwrap_or_default())
                    })),
                }
            }
            "assert_eq" | "debug_assert_eq" | "assert_ne" | "debug_assert_ne" => {
                let arguments = arguments()?;
                let (Some(a), Some(b)) = (arguments.get(0), arguments.get(1)) else {
                    return unknown("this assertion");
                };
                self.tell_asserted(written, scope);
                let _quiet = self.quietly();
                let (a, b) = (self.expression(a, scope)?, self.expression(b, scope)?);
                if operator::compared(a, b)?.is_some_and(std::cmp::Ordering::is_eq) == name.ends_with("eq") {
                    Ok(Datum::Unit)
                } else {
                    let test = text_of(&written.tokens);
                    panics(
                        message(arguments.iter().nth(2), scope)
                            .unwrap_or_else(|| format!("assertion failed: {test}")),
                    )
                }
            }
            "panic" | "unreachable" | "todo" | "unimplemented" => {
                panics(message(arguments()?.first(), scope).unwrap_or_else(|| format!("{name}!")))
            }
            "matches" => {
                let parse = |input: syn::parse::ParseStream<'_>| {
                    let value: Expr = input.parse()?;
                    input.parse::<syn::Token![,]>()?;
                    Ok((value, syn::Pat::parse_multi_with_leading_vert(input)?))
                };
                let (value, pattern) =
                    written.parse_body_with(parse).or_else(|_| unknown("this `matches!`"))?;
                let value = self.expression(&value, scope)?;
                Ok(Datum::Bool(self.bind(&pattern, value, &mut scope.clone())?))
            }
            _ => unknown(format!("the macro `{name}`")),
        }
    }
}

impl Machine {
    /// Tells of the variables that an assertion looks at.
    fn tell_asserted(&self, written: &syn::Macro, scope: &Scope) {
        if self.observer().is_none() {
            return;
        }
        let mut words = Vec::new();
        words_of(written.tokens.clone(), &mut words);
        for variable in words.iter().filter_map(|word| scope.find(word)) {
            let value = variable.borrow().clone();
            self.tell_looked_at(Look::Assertion, &value, place(written));
        }
    }
}

/// The words among tokens, each once.
fn words_of(tokens: proc_macro2::TokenStream, words: &mut Vec<String>) {
    for token in tokens {
        match token {
            proc_macro2::TokenTree::Ident(word) => {
                let word = word.to_string();
                if !words.contains(&word) {
                    words.push(word);
                }
            }
            proc_macro2::TokenTree::Group(group) => words_of(group.stream(), words),
            proc_macro2::TokenTree::Literal(_) | proc_macro2::TokenTree::Punct(_) => {}
        }
    }
}

/// Tokens as one line of text, as they are written if that is known.
fn text_of(tokens: &proc_macro2::TokenStream) -> String {
    let (first, last) = (tokens.clone().into_iter().next(), tokens.clone().into_iter().last());
    let span = first.zip(last).and_then(|(first, last)| first.span().join(last.span()));
    span.and_then(|span| span.source_text()).unwrap_or_else(|| tokens.to_string())
}

/// The text of a panic, if it is a literal, with the numbers of the variables that it names.
fn message(argument: Option<&Expr>, scope: &Scope) -> Option<String> {
    let Expr::Lit(syn::ExprLit { lit: syn::Lit::Str(text), .. }) = argument? else { return None };
    let text = text.value();
    let mut shown = String::new();
    let mut rest = text.as_str();
    while let Some((before, after)) = rest.split_once('{') {
        shown.push_str(before);
        let named = after.split_once('}').and_then(|(name, after)| {
            let value = scope.find(name)?.borrow().clone();
            Some((value.read().ok()?, after))
        });
        rest = match named {
            Some((Datum::Float(number), after)) => {
                shown.push_str(&number.value.to_string());
                after
            }
            Some((Datum::Int(value, _), after)) => {
                shown.push_str(&value.to_string());
                after
            }
            // As it is written.
            _ => {
                shown.push('{');
                after
            }
        };
    }
    Some(shown + rest)
}

/// What an iteration leaves with, if it leaves.
fn iteration(label: Option<&syn::Label>, result: Evaluated<Datum>) -> Evaluated<Option<Datum>> {
    let own = |to: &Option<String>| match to {
        None => true,
        Some(to) => label.is_some_and(|label| label.name.ident == to),
    };
    match result {
        Ok(_) => Ok(None),
        Err(Stop::Continue(to)) if own(&to) => Ok(None),
        Err(Stop::Break(to, value)) if own(&to) => Ok(Some(*value)),
        Err(stop) => Err(stop),
    }
}

/// A number that carries no derivative, whatever it was.
pub fn stopped(mut datum: Datum) -> Datum {
    datum.numbers(&mut |number| *number = Number::from(number.value));
    datum
}
