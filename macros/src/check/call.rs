//! Calls of functions.
//!
//! A local closure is applied; `f64::sin(x)` is the method; some functions of the standard library are the same on
//! `Value`s; `stop_gradient` cuts. Any other function called with an active argument must be differentiable itself:
//! whether it is, rustc finds out at its companion item. Without an active argument a call stays plain.

use super::Checker;
use super::method::method_of_f64;
use super::types;
use crate::names;
use crate::refusals;
use crate::tree::{Argument, Expr, Kind};
use crate::ty::{Sequence, Ty};
use quote::ToTokens;
use syn::spanned::Spanned;

/// What a path that is called names, as far as its spelling tells.
enum PathKind {
    Free,
    /// `Point(x, y)`: types and variants are written with a capital.
    Constructor,
    /// `Point::new(x)`, `i64::from(x)`.
    Associated,
}

fn kind_of(path: &syn::Path) -> PathKind {
    const PRIMITIVE: &[&str] = &["bool", "char", "f32", "f64", "str"];
    let capital = |name: &str| name.trim_start_matches("r#").starts_with(char::is_uppercase);
    let primitive = |name: &str| PRIMITIVE.contains(&name) || types::INTEGERS.contains(&name);
    let names: Vec<String> =
        path.segments.iter().rev().take(2).map(|segment| segment.ident.to_string()).collect();
    match names.as_slice() {
        [name, ..] if capital(name) => PathKind::Constructor,
        [_, owner] if capital(owner) || primitive(owner) => PathKind::Associated,
        _ => PathKind::Free,
    }
}

impl<'a> Checker<'a> {
    pub(super) fn call(&mut self, call: &'a syn::ExprCall, written: &'a syn::Expr) -> Expr<'a> {
        let syn::Expr::Path(function) = &*call.func else {
            let callee = self.expression(&call.func);
            let arguments: Vec<_> = call.args.iter().map(|argument| self.expression(argument)).collect();
            for operand in arguments.iter().chain([&callee]) {
                let refusal = refusals::callee_is_not_a_path(call.func.span()).over(&call.func);
                self.oblige(&operand.ty, refusal);
            }
            return self.foreign(written);
        };
        let path = self.callee(&function.path);
        if let Some(closure) = self.lookup_path(path) {
            return self.apply(closure, call, written);
        }
        if let Some(name) = method_of_f64(path) {
            return self.call_of_f64(&name, path, call, written);
        }
        if let Some(standard) = self.standard_call(path, call, written) {
            return standard;
        }
        let arguments: Vec<_> = call.args.iter().map(|argument| self.expression(argument)).collect();
        self.oblige_callee(call, function, path, &arguments);
        let act = self.types.fresh_act();
        for argument in &arguments {
            self.types.depends(act, &argument.ty);
        }
        let ty = self.types.unknown_with(act);
        self.expr(Kind::Call { callee: path, arguments }, ty, written)
    }

    /// What can be told from the callee's path: whether it names a free function that may be differentiable.
    fn oblige_callee(
        &mut self,
        call: &'a syn::ExprCall,
        function: &'a syn::ExprPath,
        path: &'a syn::Path,
        arguments: &[Expr<'a>],
    ) {
        let name = path.to_token_stream().to_string().replace(' ', "");
        for (argument, written) in arguments.iter().zip(&call.args) {
            if let Ty::Closure(..) = self.types.peeled(&argument.ty) {
                self.oblige_captures(written);
            }
            let refusal = match kind_of(path) {
                _ if function.qself.is_some() => refusals::callee_is_not_a_path(path.span()).over(function),
                PathKind::Free => continue,
                PathKind::Constructor => refusals::active_struct(path.span()).over(path),
                PathKind::Associated => refusals::associated_function(path.span(), &name).over(path),
            };
            self.oblige(&argument.ty, refusal);
        }
    }

    /// A closure goes to a function that will call it: it must not see active values.
    fn oblige_captures(&mut self, written: &'a syn::Expr) {
        let inputs = match written {
            syn::Expr::Closure(closure) => closure.inputs.to_token_stream(),
            _ => proc_macro2::TokenStream::new(),
        };
        let own = self.mentioned(&inputs);
        let captured =
            self.mentioned(&written.to_token_stream()).into_iter().filter(|variable| !own.contains(variable));
        let captured = captured.map(|variable| match self.variables[variable.0].ty.clone() {
            Ty::Closure(_, output) => *output,
            ty => ty,
        });
        let captured = Ty::Tuple(captured.collect());
        self.oblige(&captured, refusals::closure_over_active(written.span()).over(written));
    }

    fn apply(
        &mut self,
        closure: crate::tree::VariableId,
        call: &'a syn::ExprCall,
        written: &'a syn::Expr,
    ) -> Expr<'a> {
        let ty = self.types.peeled(&self.variables[closure.0].ty.clone());
        let Ty::Closure(parameters, output) = ty else {
            // A function pointer: what it does with an active value is not known.
            let arguments: Vec<_> = call.args.iter().map(|argument| self.expression(argument)).collect();
            for argument in &arguments {
                let refusal = refusals::callee_is_not_a_path(call.func.span()).over(&call.func);
                self.oblige(&argument.ty, refusal);
            }
            return self.foreign(written);
        };
        let arguments =
            call.args.iter().zip(&parameters).map(|(argument, slot)| self.argument(argument, slot)).collect();
        self.expr(Kind::Apply { closure, arguments }, *output, written)
    }

    /// `f64::name(x, …)`.
    fn call_of_f64(
        &mut self,
        name: &str,
        path: &'a syn::Path,
        call: &'a syn::ExprCall,
        written: &'a syn::Expr,
    ) -> Expr<'a> {
        let operands: Vec<_> = call.args.iter().map(|argument| self.expression(argument)).collect();
        if let Some(operation) = names::operation(name, operands.len().saturating_sub(1)) {
            return self.operation(operation, operands, path.span(), written);
        }
        if name == "from" {
            // From an integer, or from a float that stays what it is.
            if let [operand] = operands.as_slice()
                && matches!(self.types.peeled(&operand.ty), Ty::Float(_))
            {
                let ty = operand.ty.clone();
                let inner = operands.into_iter().next().map(Box::new);
                return match inner {
                    Some(inner) => self.expr(Kind::Paren(inner), ty, written),
                    None => self.foreign(written),
                };
            }
            return self.expr(Kind::Opaque, Ty::PASSIVE_FLOAT, written);
        }
        for operand in &operands {
            let refusal = refusals::method_without_rule(path.span(), name).over(path);
            self.oblige(&operand.ty, refusal);
        }
        self.foreign(written)
    }

    /// Functions of the standard library that do the same to `Value`s as to numbers.
    fn standard_call(
        &mut self,
        path: &'a syn::Path,
        call: &'a syn::ExprCall,
        written: &'a syn::Expr,
    ) -> Option<Expr<'a>> {
        let names: Vec<String> = path.segments.iter().map(|segment| segment.ident.to_string()).collect();
        let name = names.last()?.as_str();
        let owner = names.iter().rev().nth(1).map(String::as_str);
        let (arguments, ty) = match (owner, name, call.args.len()) {
            (_, "stop_gradient", 1) => {
                let value = self.boxed(&call.args[0]);
                let ty = self.types.passive(&value.ty);
                return Some(self.expr(Kind::StopGradient(value), ty, written));
            }
            (Some("Vec"), "new", 0) | (Some("Vec"), "with_capacity", 1) => {
                let element = self.types.unknown();
                (self.plain_arguments(call), Ty::sequence(Sequence::Vec, element))
            }
            (Some("VecDeque"), "new", 0) | (Some("VecDeque"), "with_capacity", 1) => {
                let element = self.types.unknown();
                (self.plain_arguments(call), Ty::sequence(Sequence::Deque, element))
            }
            (Some(owner @ ("Vec" | "VecDeque")), "from", 1) => {
                let arguments = self.plain_arguments(call);
                let element = self.types.element(&arguments[0].slot)?;
                let kind = if owner == "Vec" { Sequence::Vec } else { Sequence::Deque };
                (arguments, Ty::sequence(kind, element))
            }
            (None, "Some", 1) => {
                let arguments = self.plain_arguments(call);
                let inner = arguments[0].slot.clone();
                (arguments, Ty::option(inner))
            }
            (Some("array"), "from_fn", 1) => {
                let (argument, output) = self.function(&call.args[0], &[Ty::Int]);
                (vec![argument], Ty::sequence(Sequence::Array, output))
            }
            (Some("iter"), "once" | "repeat", 1) => {
                let arguments = self.plain_arguments(call);
                let item = arguments[0].slot.clone();
                (arguments, Ty::iter(item))
            }
            (Some("mem"), "swap", 2) => {
                let arguments = self.plain_arguments(call);
                self.types.equate(&arguments[0].slot, &arguments[1].slot);
                (arguments, Ty::Unit)
            }
            (Some("mem"), "replace", 2) => {
                let place = self.any_argument(&call.args[0]);
                let inner = self.types.peeled(&place.slot);
                let value = self.argument(&call.args[1], &inner);
                (vec![place, value], inner)
            }
            (Some("mem"), "take", 1) => {
                let arguments = self.plain_arguments(call);
                let inner = self.types.peeled(&arguments[0].slot);
                (arguments, inner)
            }
            _ => return None,
        };
        Some(self.expr(Kind::Standard { path: &call.func, arguments }, ty, written))
    }

    fn any_argument(&mut self, written: &'a syn::Expr) -> Argument<'a> {
        let value = self.boxed(written);
        Argument { slot: value.ty.clone(), value }
    }

    fn plain_arguments(&mut self, call: &'a syn::ExprCall) -> Vec<Argument<'a>> {
        call.args.iter().map(|argument| self.any_argument(argument)).collect()
    }
}
