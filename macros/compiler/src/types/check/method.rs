//! Method calls: operations and predicates of floats here, sequences and iterators in `sequence`.

use super::Checker;
use super::callee::{callee_refusal, method_of_f64, method_refusal, special_refusal};
use super::float_methods;
use super::wanted::Consumer;
use crate::syntax::callee::{Callee, Gives};
use crate::syntax::refusals;
use crate::types::tree::FloatOperation;
use crate::types::tree::{Argument, Expr, FunctionValue, Kind, Operation, address};
use crate::types::ty::{Act, Ty};
use gradus_ops::Op;
use proc_macro2::{Ident, Span};
use quote::ToTokens;
use syn::spanned::Spanned;

/// Methods that of all differentiable data and integers only integers have.
pub const OF_INTEGERS: &[&str] = &[
    "pow",
    "wrapping_add",
    "wrapping_sub",
    "wrapping_mul",
    "wrapping_neg",
    "wrapping_shl",
    "wrapping_shr",
    "saturating_add",
    "saturating_sub",
    "saturating_mul",
    "overflowing_add",
    "overflowing_sub",
    "overflowing_mul",
    "checked_add",
    "checked_sub",
    "checked_mul",
    "checked_div",
    "abs_diff",
    "count_ones",
    "count_zeros",
    "leading_zeros",
    "trailing_zeros",
    "is_power_of_two",
    "next_power_of_two",
    "div_ceil",
    "ilog2",
    "ilog10",
];

/// What a method of an integer gives.
fn of_integer(name: &str) -> Ty {
    if name.starts_with("checked_") {
        Ty::option(Ty::Int)
    } else if name.starts_with("overflowing_") {
        Ty::Tuple(vec![Ty::Int, Ty::Bool])
    } else if name.starts_with("is_") {
        Ty::Bool
    } else if matches!(name, "cmp" | "to_string") {
        Ty::Data
    } else if name == "partial_cmp" {
        Ty::option(Ty::Data)
    } else {
        Ty::Int
    }
}

/// Methods that nothing but an `Option` or a `Result` has.
const OF_OPTIONS: &[&str] = &[
    "unwrap",
    "expect",
    "unwrap_or",
    "unwrap_or_else",
    "unwrap_or_default",
    "ok",
    "ok_or",
    "ok_or_else",
    "map_err",
    "is_some",
    "is_none",
    "is_ok",
    "is_err",
    "and_then",
    "map_or",
    "map_or_else",
    "or_else",
    "is_some_and",
    "is_none_or",
    "is_ok_and",
    "is_err_and",
    "inspect_err",
];

/// Methods that structs may have as well: of an `Option` where a function gave it.
const OF_GIVEN_OPTIONS: &[&str] =
    &["zip", "or", "xor", "and", "filter", "flatten", "inspect", "err", "as_ref", "copied"];

/// Whether a call on a variable of unknown type can hardly be that of a struct's method: a struct may have a `filter` of numbers,
/// and none of closures.
fn joins_options(name: &str, call: &syn::ExprMethodCall) -> bool {
    let takes_closure = matches!(call.args.first(), Some(syn::Expr::Closure(_)));
    call.args.len() == 1
        && (["zip", "or", "xor"].contains(&name) || ["filter", "inspect"].contains(&name) && takes_closure)
}

impl<'a> Checker<'a> {
    pub(super) fn method_call(&mut self, call: &'a syn::ExprMethodCall, written: &'a syn::Expr) -> Expr<'a> {
        let name = call.method.to_string();
        let own = match self.consumed {
            Some((of, consumer)) if std::ptr::eq(of, written) => consumer,
            _ => Consumer::Any,
        };
        let consumer = match (name.as_str(), call.args.len()) {
            // That of an `Option` takes nothing.
            ("take", 1) => Consumer::Iterator,
            _ => Consumer::method(&name).given(own),
        };
        let receiver = self.consumed(&call.receiver, consumer);
        if let (Ty::Unknown(_), true) = (self.types.peeled(&receiver.ty), self.types.is_foreign(&receiver.ty))
        {
            return self.foreign_method(receiver, &name, call, written);
        }
        let is_given = matches!(&receiver.kind, Kind::Call { callee: Callee::Function(_), .. });
        let is_of_option = OF_OPTIONS.contains(&name.as_str())
            || is_given && OF_GIVEN_OPTIONS.contains(&name.as_str())
            || receiver.variable().is_some() && joins_options(&name, call);
        if is_of_option && matches!(self.types.peeled(&receiver.ty), Ty::Unknown(_)) {
            self.types.expect_option(&receiver.ty);
        }
        if OF_INTEGERS.contains(&name.as_str()) {
            if let (Some(variable), Ty::Unknown(_)) = (receiver.variable(), self.types.peeled(&receiver.ty)) {
                self.variables[variable.0].told_by_method = true;
            }
            self.types.expect(&receiver.ty, &Ty::Int);
        }
        if self.is_float_method(&receiver, &name, call) {
            return self.float_method(receiver, &name, call, written);
        }
        self.sequence_method(receiver, &name, call, written)
    }

    fn is_float_method(&self, receiver: &Expr<'a>, name: &str, call: &syn::ExprMethodCall) -> bool {
        let known = float_methods::operation(name, call.args.len()).is_some();
        let predicate = float_methods::PREDICATES.contains(&name);
        self.is_float(&receiver.ty) || (known || predicate) && self.is_number(&receiver.ty)
    }

    /// A method of what surrounds the function: of a number if one that may be active is its argument.
    fn foreign_method(
        &mut self,
        receiver: Expr<'a>,
        name: &str,
        call: &'a syn::ExprMethodCall,
        written: &'a syn::Expr,
    ) -> Expr<'a> {
        let known = float_methods::operation(name, call.args.len()).is_some()
            || float_methods::PREDICATES.contains(&name);
        if !known {
            return self.sequence_method(receiver, name, call, written);
        }
        let arguments: Vec<_> = call.args.iter().map(|argument| self.expression(argument)).collect();
        let may_be_active =
            |argument: &Expr<'a>| self.is_number(&argument.ty) && argument.ty != Ty::PASSIVE_FLOAT;
        if arguments.iter().any(may_be_active) {
            return self.float_method_on(receiver, arguments, name, call, written);
        }
        let operands = std::iter::once(receiver).chain(arguments).collect();
        self.without_rule(operands, name, call, written)
    }

    fn float_method(
        &mut self,
        receiver: Expr<'a>,
        name: &str,
        call: &'a syn::ExprMethodCall,
        written: &'a syn::Expr,
    ) -> Expr<'a> {
        if name == "clone" || name == "to_owned" {
            let ty = self.types.peeled(&receiver.ty);
            return self.expr(Kind::Deref(Box::new(receiver)), ty, written);
        }
        let arguments = call.args.iter().map(|argument| self.expression(argument)).collect();
        self.float_method_on(receiver, arguments, name, call, written)
    }

    /// The same with arguments that were looked at.
    fn float_method_on(
        &mut self,
        receiver: Expr<'a>,
        arguments: Vec<Expr<'a>>,
        name: &str,
        call: &'a syn::ExprMethodCall,
        written: &'a syn::Expr,
    ) -> Expr<'a> {
        if float_methods::PREDICATES.contains(&name) {
            let ty = if name.starts_with("is_") || name.len() == 2 { Ty::Bool } else { self.data() };
            return self.expr(Kind::Predicate { call, receiver: Box::new(receiver), arguments }, ty, written);
        }
        let mut operands = vec![receiver];
        operands.extend(arguments);
        match float_methods::operation(name, call.args.len()) {
            Some(operation) => self.operation(operation, operands, call.method.span(), written),
            None => self.without_rule(operands, name, call, written),
        }
    }

    /// A float operation with a rule.
    pub(super) fn operation(
        &mut self,
        operation: FloatOperation,
        operands: Vec<Expr<'a>>,
        span: Span,
        written: &'a syn::Expr,
    ) -> Expr<'a> {
        let all: Vec<_> = operands.iter().collect();
        let site = self.site(written, &all);
        // The exponent of `powi` is an integer.
        let floats = if operation == FloatOperation::Row(Op::Powi) { &all[..1] } else { &all[..] };
        let float = self.float_of(floats);
        let ty =
            if operation == FloatOperation::SinCos { Ty::Tuple(vec![float.clone(), float]) } else { float };
        self.expr(Kind::Operation(Operation { what: operation, operands, site, span }), ty, written)
    }

    /// A method that has no rule: fine on passive values.
    pub(super) fn without_rule(
        &mut self,
        mut operands: Vec<Expr<'a>>,
        name: &str,
        call: &'a syn::ExprMethodCall,
        written: &'a syn::Expr,
    ) -> Expr<'a> {
        let is_number = matches!(self.types.peeled(&operands[0].ty), Ty::Float(_));
        let collection =
            super::root_name(&call.receiver).and_then(|root| self.collections.get(&root).cloned());
        let is_of_own_type = matches!(self.types.peeled(&operands[0].ty), Ty::Unknown(_) | Ty::Struct(_));
        if is_of_own_type && collection.is_none() && self.may_be_differentiable(&operands, name, call) {
            let act = self.types.fresh_act();
            operands.iter().for_each(|operand| self.types.depends(act, &operand.ty));
            self.types.expect_struct(&operands[0].ty);
            let name = call.method.clone();
            if self.is_statement(written) && is_place(&call.receiver)
                || self.changing_calls.contains(&address(written))
            {
                return self.changing_call(name, act, operands, written);
            }
            // `exp` of a struct is such a struct again, as `exp` of a number is a number. What `abs` gives is open.
            let is_closed =
                name != "abs" && float_methods::operation(&name.to_string(), call.args.len()).is_some();
            let ty = if is_closed && self.types.is_struct(&operands[0].ty) {
                self.types.structure(act)
            } else {
                self.types.named(act)
            };
            let kind = Kind::Call { callee: Callee::Method(name), arguments: operands };
            return self.expr(kind, ty, written);
        }
        for operand in &operands {
            let refusal = match (special_refusal(call.method.span(), name), &collection) {
                (Some(refusal), _) => Some(refusal),
                // Rustc knows whether there is such a method: `mistake` finds it again.
                (None, _) if is_number && float_methods::is_unknown(name, call.args.len()) => None,
                (None, Some(collection)) => {
                    Some(refusals::container_of_active(call.method.span(), collection))
                }
                (None, None) if is_of_own_type => {
                    Some(refusals::method_of_own_type(call.method.span(), name))
                }
                (None, None) => Some(refusals::method_without_rule(call.method.span(), name)),
            };
            if let Some(refusal) = refusal {
                self.oblige(&operand.ty, refusal);
            }
            // What it does with what the closure gives is not known.
            if let Ty::Closure(_, output, _) = self.types.peeled(&operand.ty) {
                let refusal = match name {
                    "spawn" | "scope" => refusals::other_thread(call.method.span()),
                    _ => refusals::closure_over_active(operand.span).over(operand.written),
                };
                let receiver = operands[0].ty.clone();
                if is_of_own_type {
                    self.oblige_unless(&output, &receiver, refusal);
                } else {
                    self.oblige(&output, refusal);
                }
            }
        }
        let ty = self.types.peeled(&operands[0].ty);
        let ty = if ty == Ty::Int { of_integer(name) } else { self.data() };
        let receiver = Box::new(operands.remove(0));
        let arguments = operands
            .into_iter()
            .map(|value| Argument { slot: value.ty.clone(), value: Box::new(value) })
            .collect();
        self.expr(Kind::Method { call, receiver, arguments }, ty, written)
    }

    /// Whether a method may be a differentiable one of a struct of the user's: something active may take part, and no closure.
    fn may_be_differentiable(&self, operands: &[Expr<'a>], name: &str, call: &syn::ExprMethodCall) -> bool {
        let is_passive = |ty: &Ty| self.types.is_passive_for_good(ty) || self.types.is_given_data(ty);
        let passive = operands.iter().all(|operand| is_passive(&operand.ty));
        let closures =
            operands.iter().any(|operand| matches!(self.types.peeled(&operand.ty), Ty::Closure(..)));
        !passive
            && !closures
            && call.turbofish.is_none()
            && special_refusal(call.method.span(), name).is_none()
    }

    /// Data: an unknown type that never is active.
    pub(super) fn data(&mut self) -> Ty {
        self.types.unknown_with(Act::PASSIVE)
    }

    /// A call of a method that changes the receiver, the first of the operands.
    pub(super) fn changing_call(
        &mut self,
        name: Ident,
        act: Act,
        mut operands: Vec<Expr<'a>>,
        written: &'a syn::Expr,
    ) -> Expr<'a> {
        let receiver = lent_place(operands.remove(0));
        operands.insert(0, receiver);
        self.types.activates(act, &operands[0].ty.clone());
        let (gives, ty) = if self.is_statement(written) {
            (Gives::Left, Ty::Unit)
        } else {
            (Gives::ResultAndLeft, self.types.named(act))
        };
        self.expr(Kind::Call { callee: Callee::Changing(name, gives), arguments: operands }, ty, written)
    }

    /// An argument that is called with values of the types `inputs`: a closure, or the name of a function. Gives the
    /// argument and the type of what it returns.
    pub(super) fn function(&mut self, written: &'a syn::Expr, inputs: &[Ty]) -> (Argument<'a>, Ty) {
        let value = match written {
            syn::Expr::Closure(closure) => self.closure(closure, Some(inputs), written),
            syn::Expr::Path(path) if path.qself.is_none() => self.named_function(&path.path, inputs, written),
            other => self.expression(other),
        };
        let output = if let Ty::Closure(parameters, output, _) = self.types.peeled(&value.ty) {
            for (input, parameter) in inputs.iter().zip(&parameters) {
                self.types.equate(input, parameter);
            }
            *output
        } else {
            // A function pointer, or what a call gave.
            for input in inputs {
                let refusal = match written {
                    syn::Expr::Path(path) => {
                        let name = path.path.to_token_stream().to_string();
                        refusals::function_pointer(written.span(), &name)
                    }
                    _ => refusals::callee_is_not_a_path(written.span()).over(written),
                };
                self.oblige(input, refusal);
            }
            self.data()
        };
        (Argument { slot: value.ty.clone(), value: Box::new(value) }, output)
    }

    fn named_function(&mut self, path: &'a syn::Path, inputs: &[Ty], written: &'a syn::Expr) -> Expr<'a> {
        let path = self.callee(path);
        if self.lookup_path(path).is_some() {
            return self.expression(written);
        }
        let arity = inputs.len();
        let act = self.types.fresh_act();
        let (what, output) = match method_of_f64(path) {
            Some(name) if float_methods::PREDICATES.contains(&name.as_str()) => {
                (FunctionValue::Predicate, self.data())
            }
            Some(name) => match float_methods::operation(&name, arity.saturating_sub(1)) {
                Some(operation) => {
                    for input in inputs {
                        self.types.expect_float(input);
                        self.types.depends(act, input);
                    }
                    let range = self.source.range(written);
                    let site = self.site_at(range, vec![range; arity]);
                    (FunctionValue::Operation(operation, site), Ty::Float(act))
                }
                None => {
                    for input in inputs {
                        self.oblige(input, method_refusal(path.span(), &name).over(path));
                    }
                    return self.foreign(written);
                }
            },
            None if arity == 1 && self.resolved(path).last().is_some_and(|name| name == "stop_gradient") => {
                (FunctionValue::Stopped, self.types.passive(&inputs[0]))
            }
            None if (path.is_ident("Some") || path.is_ident("Ok")) && arity == 1 => {
                let ty = Ty::Closure(inputs.to_vec(), Box::new(Ty::option(inputs[0].clone())), Act::PASSIVE);
                return self.opaque(ty, written);
            }
            None if path.is_ident("Err") && arity <= 1 => {
                for input in inputs {
                    self.oblige(input, refusals::result_of_active(path.span()));
                }
                let output = Ty::option(self.types.open());
                return self.opaque(Ty::Closure(inputs.to_vec(), Box::new(output), Act::PASSIVE), written);
            }
            None => {
                for input in inputs {
                    self.types.depends(act, input);
                    if let Some(refusal) = callee_refusal(path) {
                        self.oblige(input, refusal);
                    }
                }
                (FunctionValue::Callee, self.types.given(act))
            }
        };
        let ty = Ty::Closure(inputs.to_vec(), Box::new(output), Act::PASSIVE);
        self.expr(Kind::Function { path, what }, ty, written)
    }
}

/// Of `&mut place`, the place.
fn lent_place(receiver: Expr<'_>) -> Expr<'_> {
    if receiver.unparenthesized().lent().is_none() {
        return receiver;
    }
    if let Kind::Paren(inner) | Kind::Reference(inner) = receiver.kind {
        lent_place(*inner)
    } else {
        receiver
    }
}

/// Whether an expression names a place.
fn is_place(written: &syn::Expr) -> bool {
    match written {
        syn::Expr::Path(_) => true,
        syn::Expr::Field(syn::ExprField { base: inner, .. })
        | syn::Expr::Index(syn::ExprIndex { expr: inner, .. })
        | syn::Expr::Paren(syn::ExprParen { expr: inner, .. })
        | syn::Expr::Unary(syn::ExprUnary { op: syn::UnOp::Deref(_), expr: inner, .. }) => is_place(inner),
        _ => false,
    }
}
