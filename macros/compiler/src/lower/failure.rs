//! Functions that may fail. What is not there leaves the forward sweep where it is found out, by the user's own tokens; the
//! program goes on with what there is.
//!
//! | the user's | forward sweep |
//! |---|---|
//! | `Some(value)`, `Ok(value)` as the result | `value` |
//! | `None`, `Err(error)` as the result | `return None`, `return Err(error)` |
//! | `value?` of data | `value?` |
//! | `xs.first()?`, `.ok_or(error)?` | `there.then_some(()).ok_or(error)?` |
//! | `f(x)?`, `f(x).unwrap()` | the forward half of `f`, and `?` or `.unwrap()` |

use super::exit::Running;
use super::passive::{host, impure, is_none, is_some, tokens};
use super::{Lowered, Lowering, Meaning, class, unsupported};
use crate::ir::{Atom, Class, HostExpression, Named, Piece, StatementKind};
use crate::reasons::Reason;
use crate::types::tree::{Argument, Block, Expr, Function, Kind, Statement};
use crate::types::ty::Ty;
use crate::types::walk::{visit_block, visit_block_where};
use proc_macro2::Span;
use quote::{quote, quote_spanned};
use std::collections::BTreeSet;

/// What something stands behind, in the user's code.
#[derive(Clone, Copy, PartialEq, Eq)]
enum On {
    /// What the function itself returns: `?`.
    Given,
    /// An `Option`: `.ok_or(error)`.
    Option,
    /// A `Result`: `.map_err(f)`, `.ok()`.
    Result,
    /// The one or the other: `.unwrap()`.
    Either,
}

/// What stands behind a value that may not be there, takes it out or leaves.
struct Rest {
    pieces: Vec<Piece>,
    /// What its first part stands behind.
    on: On,
}

impl Rest {
    fn mark(span: Span) -> Rest {
        Rest { pieces: vec![tokens(quote_spanned!(span=> ?))], on: On::Given }
    }

    /// The same behind a method.
    fn after(mut self, mut method: Vec<Piece>, on: On) -> Rest {
        method.append(&mut self.pieces);
        Rest { pieces: method, on }
    }
}

/// Of a method that gives what it is called on with another failure, on what it is called.
fn conversion(method: &syn::Ident) -> Option<On> {
    match method.to_string().as_str() {
        "ok_or" | "ok_or_else" => Some(On::Option),
        "ok" | "map_err" => Some(On::Result),
        _ => None,
    }
}

/// The expressions whose values the function gives, if it may fail.
pub(super) fn given_back(function: &Function<'_>) -> BTreeSet<usize> {
    let mut found = BTreeSet::new();
    if !matches!(function.types.shallow(&function.output), Ty::Option(_)) {
        return found;
    }
    found_in_block(&function.body, &mut found);
    visit_block(&function.body, &mut |part| {
        if let Kind::Return(Some(value)) = &part.kind {
            found_in(&value.value, &mut found);
        }
    });
    // What a closure gives, its caller takes.
    visit_block(&function.body, &mut |part| {
        if let Kind::Closure(closure) = &part.kind {
            crate::types::walk::visit(&closure.body, &mut |inner| {
                found.remove(&address(inner));
            });
        }
    });
    found
}

/// Whether a function is left early with a value: one that fails leaves for good.
pub(super) fn returns_values(function: &Function<'_>) -> bool {
    let may_fail = matches!(function.types.shallow(&function.output), Ty::Option(_));
    let mut found = false;
    visit_block_where(&function.body, &mut |part| {
        if let Kind::Return(value) = &part.kind {
            found |= !may_fail || !value.as_ref().is_some_and(|value| fails(&value.value));
        }
        !matches!(part.kind, Kind::Closure(_))
    });
    found
}

/// Whether an expression is `None` or `Err(error)`.
fn fails(expression: &Expr<'_>) -> bool {
    is_none(expression.written) || is_err(expression.written)
}

fn address(expression: &Expr<'_>) -> usize {
    std::ptr::from_ref(expression).addr()
}

fn found_in_block(block: &Block<'_>, found: &mut BTreeSet<usize>) {
    block.tail.iter().for_each(|tail| found_in(tail, found));
}

fn found_in(expression: &Expr<'_>, found: &mut BTreeSet<usize>) {
    found.insert(address(expression));
    if let Kind::Paren(inner) = &expression.kind {
        found_in(inner, found);
    } else if let Kind::Block(block) = &expression.kind {
        found_in_block(block, found);
    } else if let Kind::If { then, otherwise, .. } = &expression.kind {
        found_in_block(then, found);
        otherwise.iter().for_each(|otherwise| found_in(otherwise, found));
    } else if let Kind::Match { arms, .. } = &expression.kind {
        arms.iter().for_each(|arm| found_in(&arm.body, found));
    }
}

/// Whether an expression is `Ok(value)`.
fn is_ok(path: &syn::Expr) -> bool {
    matches!(path, syn::Expr::Path(path) if path.path.is_ident("Ok"))
}

/// Whether an expression is `Err(error)`.
fn is_err(written: &syn::Expr) -> bool {
    let syn::Expr::Call(call) = written else { return false };
    matches!(&*call.func, syn::Expr::Path(path) if path.path.is_ident("Err"))
}

impl<'t, 'a> Lowering<'t, 'a> {
    /// Whether the value of an expression is what the function gives, which may fail.
    pub(super) fn is_given_back(&self, expression: &Expr<'a>) -> bool {
        self.given_back.contains(&address(expression))
    }

    /// Whether the function gives a failure where it gives an expression.
    pub(super) fn is_failure(&self, expression: &Expr<'a>) -> bool {
        self.is_given_back(expression) && fails(expression)
    }

    /// The type of a value, or of what is in it if the function gives it.
    pub(super) fn type_of(&self, expression: &Expr<'a>) -> Ty {
        if self.is_given_back(expression)
            && let Ty::Option(inner) = self.function.types.shallow(&expression.ty)
        {
            return *inner;
        }
        expression.ty.clone()
    }

    /// The type of what a block gives.
    pub(super) fn type_of_block(&self, block: &Block<'a>) -> Ty {
        match &block.tail {
            Some(tail) if self.is_given_back(tail) => self.type_of(tail),
            _ => block.ty.clone(),
        }
    }

    /// What the function gives, if it does not fail. A function of its own, since each level of an expression takes what `meaning`
    /// takes of the stack.
    #[inline(never)]
    pub(super) fn value_given_back(&mut self, expression: &'t Expr<'a>) -> Lowered<Meaning<'t, 'a>> {
        let span = expression.span;
        if self.function.types.shallow(&expression.ty) == Ty::Never {
            return self.lowered(expression);
        }
        let ty = self.type_of(expression);
        if let Kind::Paren(inner) = &expression.kind {
            return self.meaning(inner);
        }
        if let Kind::Block(block) = &expression.kind {
            return self.block_of(block, &ty);
        }
        if let Kind::If { condition, then, otherwise } = &expression.kind {
            return self.branch(condition, then, otherwise.as_deref(), &ty, span);
        }
        if let Kind::Match { value, arms } = &expression.kind {
            return self.matched(value, arms, &ty, span);
        }
        if let Kind::Standard { path, arguments } = &expression.kind
            && (is_some(path) || is_ok(path))
            && let [value] = arguments.as_slice()
        {
            return self.listed(&value.value);
        }
        if fails(expression) {
            return self.fail(expression);
        }
        self.inside(expression, Rest::mark(span), &ty, span)
    }

    /// The forward sweep ends here, with what the user gives.
    fn fail(&mut self, failure: &'t Expr<'a>) -> Lowered<Meaning<'t, 'a>> {
        self.must_run(failure.span)?;
        let mut given = self.verbatim(failure)?;
        // What the error holds is given away.
        for name in &mut given.names {
            if let Named::Place(place) = &name.stands_for
                && self.is_owned(failure, &name.ident)
            {
                name.stands_for = Named::Copy(place.clone());
            }
        }
        let leave = host(vec![tokens(quote!(return)), given.into()]);
        self.push(StatementKind::Passive { out: None, host: impure(leave) }, failure.span);
        Ok(Meaning::Never)
    }

    /// Whether a variable that an expression names is no reference.
    fn is_owned(&self, expression: &Expr<'a>, name: &syn::Ident) -> bool {
        let mut is_owned = false;
        crate::types::walk::visit(expression, &mut |part| {
            let named = if let Kind::Plain(variables) = &part.kind { variables.as_slice() } else { &[] };
            let variables = part.variable().into_iter().chain(named.iter().copied());
            is_owned |= variables
                .map(|variable| &self.function.variables[variable.0])
                .any(|known| known.name == *name && !self.function.types.shallow(&known.ty).is_reference());
        });
        is_owned
    }

    /// Whether a statement was `return None;`.
    pub(super) fn has_failed(&self, statement: &Statement<'a>) -> bool {
        let Statement::Expr { value, .. } = statement else { return false };
        let Kind::Return(Some(given)) = &value.unparenthesized().kind else { return false };
        self.is_given_back(&given.value) && matches!(self.running(), Running::Yes)
    }

    /// Whether a block ends with `return None;`: what follows it need not stand under a condition.
    pub(super) fn ends_in_failure(&self, block: &Block<'a>) -> bool {
        let last = match (&block.tail, block.statements.last()) {
            (Some(tail), _) => tail,
            (None, Some(Statement::Expr { value, .. })) => value,
            (None, Some(Statement::Let { .. } | Statement::Verbatim(_)) | None) => return false,
        };
        let Kind::Return(Some(given)) = &last.unparenthesized().kind else { return false };
        self.is_failure(&given.value)
    }

    /// `value?`
    #[inline(never)]
    pub(super) fn tried(
        &mut self,
        value: &'t Expr<'a>,
        expression: &'t Expr<'a>,
    ) -> Lowered<Meaning<'t, 'a>> {
        self.inside(value, Rest::mark(expression.span), &expression.ty, expression.span)
    }

    /// `value.unwrap()` and `value.expect(message)` of what a function gives that may fail.
    pub(super) fn unwrapped(
        &mut self,
        call: &'a syn::ExprMethodCall,
        receiver: &'t Expr<'a>,
        arguments: &'t [Argument<'a>],
        expression: &'t Expr<'a>,
    ) -> Lowered<Meaning<'t, 'a>> {
        let rest = Rest { pieces: self.method_behind(&call.method, arguments)?, on: On::Either };
        self.inside(receiver, rest, &expression.ty, expression.span)
    }

    /// A method that stands behind a value, with the user's own argument.
    fn method_behind(&mut self, method: &syn::Ident, arguments: &'t [Argument<'a>]) -> Lowered<Vec<Piece>> {
        let argument = match arguments {
            [Argument { value, .. }] => {
                let argument = self.verbatim(value)?;
                // A panic is at the method, and its end is the user's too.
                HostExpression { span: Some(method.span()), ..argument }.into()
            }
            _ => tokens(quote_spanned!(method.span()=> ())),
        };
        Ok(vec![tokens(quote_spanned!(method.span()=> .#method)), argument])
    }

    /// Whether an expression is a call of another differentiable function that may fail, perhaps with another error.
    pub(super) fn is_failing_call(&self, expression: &Expr<'a>) -> bool {
        let expression = expression.unparenthesized();
        if let Kind::Method { call, receiver, .. } = &expression.kind {
            return conversion(&call.method).is_some() && self.is_failing_call(receiver);
        }
        matches!(expression.kind, Kind::Call { .. }) && self.function.involves(expression)
    }

    /// A function that is given the error of what a call gives: the error is not there.
    pub(super) fn takes_no_error(
        &self,
        receiver: &Expr<'a>,
        function: &Meaning<'t, 'a>,
        span: Span,
    ) -> Lowered<()> {
        let takes_one = if let Meaning::Closure(closure, _) = function {
            !closure.inputs.is_empty()
        } else {
            matches!(function, Meaning::Function(..)) && self.comes_from_call(receiver)
        };
        if takes_one { unsupported(Reason::Fallible, span) } else { Ok(()) }
    }

    /// Whether what an `Option` or a `Result` holds may come from a call.
    pub(super) fn comes_from_call(&self, value: &Expr<'a>) -> bool {
        let mut comes = false;
        crate::types::walk::visit(value, &mut |part| {
            let may_fail = matches!(self.function.types.peeled(&part.ty), Ty::Option(_));
            comes |= may_fail && matches!(part.kind, Kind::Call { .. } | Kind::Variable(_));
        });
        let mut calls = false;
        visit_block(&self.function.body, &mut |part| {
            calls |= matches!(part.kind, Kind::Call { .. })
                && matches!(self.function.types.shallow(&part.ty), Ty::Option(_));
        });
        comes && calls
    }

    /// What is in a value that may not be there. `rest` stands behind the value in the forward sweep, and takes it out or leaves.
    fn inside(&mut self, value: &'t Expr<'a>, rest: Rest, ty: &Ty, span: Span) -> Lowered<Meaning<'t, 'a>> {
        if self.inlining > 0 {
            return unsupported(Reason::Fallible, span);
        }
        let value = value.unparenthesized();
        if !self.function.involves(value) {
            return self.inside_data(value, rest, ty, span);
        }
        if let Kind::Method { call, receiver, arguments } = &value.kind
            && let Some(on) = conversion(&call.method)
        {
            let rest = rest.after(self.method_behind(&call.method, arguments)?, on);
            return self.inside(receiver, rest, ty, span);
        }
        if let Kind::Call { callee, arguments } = &value.kind {
            if !arguments.iter().any(|argument| self.function.types.is_active(&argument.ty)) {
                let call = self.host_of_call(callee, arguments, span)?;
                return Ok(self.inside_host(call, rest, ty, span));
            }
            return self.failing_call(callee, arguments, host(rest.pieces), (ty, span));
        }
        // `value.map(f)?` is `f(value?)`.
        if let Kind::Method { call, receiver, arguments } = &value.kind
            && call.method == "map"
            && let [function] = arguments.as_slice()
            && let Ty::Option(item) = self.function.types.peeled(&receiver.ty)
        {
            let function = self.meaning(&function.value)?;
            let inside = self.inside(receiver, rest, &item, span)?;
            return self.inlined(function, vec![inside], span);
        }
        if !(rest.on == On::Option || rest.on == On::Given && self.function.gives_option) {
            return unsupported(Reason::Fallible, span);
        }
        // What it is itself, also where the function gives it.
        self.given_back.remove(&address(value));
        let meaning = self.meaning(value)?;
        let (some, inside) = self.opened(meaning, &value.ty, true, span)?;
        self.must_run(span)?;
        let test = rest.after(vec![Piece::Atom(some), tokens(quote!(.then_some(())))], On::Option);
        self.push(StatementKind::Passive { out: None, host: impure(host(test.pieces)) }, span);
        let is_read = matches!(inside, Meaning::Place(_)) && self.function.types.shallow(ty).is_float();
        if is_read { Ok(Meaning::Atom(self.scalar(inside, span)?)) } else { Ok(inside) }
    }

    /// What is in the user's own data, by the user's own tokens.
    fn inside_data(
        &mut self,
        value: &'t Expr<'a>,
        rest: Rest,
        ty: &Ty,
        span: Span,
    ) -> Lowered<Meaning<'t, 'a>> {
        self.must_run(span)?;
        if !self.is_verbatim(value) {
            return unsupported(Reason::Fallible, span);
        }
        let value = self.verbatim(value)?;
        Ok(self.inside_host(value, rest, ty, span))
    }

    /// What is in data.
    fn inside_host(&mut self, value: HostExpression, rest: Rest, ty: &Ty, span: Span) -> Meaning<'t, 'a> {
        let mut whole = impure(host(rest.after(vec![value.into()], On::Given).pieces));
        let ty = self.function.types.shallow(ty);
        if ty == Ty::Unit {
            self.push(StatementKind::Passive { out: None, host: whole }, span);
            return Meaning::Unit;
        }
        let is_number = self.function.types.peeled(&ty).is_float();
        if is_number && !ty.is_float() {
            whole = impure(host(vec![Piece::Number(whole)]));
        }
        let class = if is_number { Class::Float } else { class(&ty) };
        let out = self.value("inside", class, false);
        if ty.is_float() {
            self.values[out.0].declared = Some(quote!(f64));
        }
        self.push(StatementKind::Passive { out: Some(out), host: whole }, span);
        Meaning::Atom(Atom::Value(out))
    }
}
