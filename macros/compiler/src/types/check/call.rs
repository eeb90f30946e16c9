//! Calls of functions.
//!
//! A local closure is applied; `f64::sin(x)` is the method; some functions of the standard library are the same on
//! `Value`s; `stop_gradient` cuts. Any other function called with an active argument must be differentiable itself:
//! whether it is, rustc finds out at its companion item. Without an active argument a call stays plain.

use super::Checker;
use super::callee::{callee_refusal, is_of_own_type, is_tuple_struct, method_of_f64, method_refusal};
use super::float_methods;
use super::types;
use crate::syntax::callee::Callee;
use crate::syntax::refusals;
use crate::types::tree::{Argument, Expr, FunctionValue, Kind, StructLiteral};
use crate::types::ty::{Act, Ty};
use quote::ToTokens;
use syn::spanned::Spanned;

/// Whether a function of a collection of the standard library gives one.
fn makes(path: &syn::Path) -> bool {
    path.segments.last().is_some_and(|function| {
        ["new", "from", "from_iter", "with_capacity", "default"].iter().any(|name| function.ident == *name)
    })
}

/// `HashMap` of `HashMap::new`.
pub(super) fn collection_made_by(path: &syn::Path) -> Option<String> {
    let owner = path.segments.iter().rev().nth(1)?.ident.to_string();
    (types::COLLECTIONS.contains(&owner.as_str()) && makes(path)).then_some(owner)
}

impl<'a> Checker<'a> {
    pub(super) fn call(&mut self, call: &'a syn::ExprCall, written: &'a syn::Expr) -> Expr<'a> {
        let mut named = &*call.func;
        // A macro hands its arguments on in groups of their own.
        while let syn::Expr::Group(syn::ExprGroup { expr, .. })
        | syn::Expr::Paren(syn::ExprParen { expr, .. }) = named
        {
            named = expr;
        }
        let syn::Expr::Path(function) = named else {
            let callee = self.expression(&call.func);
            if let Ty::Closure(parameters, output, _) = self.types.peeled(&callee.ty) {
                return self.applied(callee, &parameters, *output, call, written);
            }
            let arguments: Vec<_> = call.args.iter().map(|argument| self.expression(argument)).collect();
            for operand in arguments.iter().chain([&callee]) {
                let refusal = refusals::callee_is_not_a_path(call.func.span()).over(&call.func);
                self.oblige(&operand.ty, refusal);
            }
            return self.foreign(written);
        };
        let path = self.callee(&function.path);
        if self.lookup_path(path).is_some() {
            return self.apply(call, written);
        }
        if let Some(name) = method_of_f64(path) {
            return self.call_of_f64(&name, path, call, written);
        }
        if let Some(standard) = self.standard_call(path, call, written) {
            return standard;
        }
        let arguments: Vec<_> = call.args.iter().map(|argument| self.given_argument(argument)).collect();
        if function.qself.is_none() && is_tuple_struct(path) && !arguments.is_empty() {
            let members = (0..arguments.len()).map(|at| syn::Member::Unnamed(syn::Index::from(at))).collect();
            let literal = StructLiteral { path, members, fields: arguments, base: None };
            return self.structure(literal, written);
        }
        // `Filter::update(&mut filter, x)` is the method.
        if let (Some(syn::Expr::Reference(first)), true) = (call.args.first(), is_of_own_type(path))
            && let (Some(_), Some(name)) = (first.mutability, path.segments.last())
        {
            let act = self.types.fresh_act();
            arguments.iter().for_each(|argument| self.types.depends(act, &argument.ty));
            self.types.expect_struct(&arguments[0].ty);
            return self.changing_call(name.ident.clone(), act, arguments, written);
        }
        self.oblige_callee(call, function, path, &arguments);
        // What is refused with active values gives data.
        let associated = is_of_own_type(path).then(|| Callee::associated(path)).flatten();
        let refused = function.qself.is_some() || (associated.is_none() && callee_refusal(path).is_some());
        let act = if refused { Act::PASSIVE } else { self.types.fresh_act() };
        for argument in &arguments {
            self.types.captures(act, &argument.ty);
        }
        if !refused {
            self.activates_changed(act, &arguments);
            self.activates_functions(act, &arguments);
        }
        let ty = match collection_made_by(path) {
            Some(_) => self.types.collection(Act::PASSIVE),
            None if associated.is_some() => self.types.named(act),
            None if arguments.iter().any(|argument| self.types.may_be_struct(&argument.ty)) => {
                self.types.given_named(act)
            }
            None => self.types.given(act),
        };
        let callee = associated.unwrap_or_else(|| Callee::Function(path.clone()));
        self.expr(Kind::Call { callee, arguments }, ty, written)
    }

    /// An argument; the name of a function is a function.
    fn given_argument(&mut self, written: &'a syn::Expr) -> Expr<'a> {
        let syn::Expr::Path(path) = written else { return self.expression(written) };
        let name = path.path.segments.last().map(|last| last.ident.to_string()).unwrap_or_default();
        let is_function =
            name.trim_start_matches("r#").starts_with(|first: char| first.is_lowercase() || first == '_');
        if path.qself.is_some() || !is_function || self.lookup_path(&path.path).is_some() {
            return self.expression(written);
        }
        match method_of_f64(&path.path) {
            Some(name) => {
                let arity = if float_methods::operation(&name, 0).is_some() { 1 } else { 2 };
                let inputs: Vec<_> = (0..arity).map(|_| self.types.fresh_float()).collect();
                *self.function(written, &inputs).0.value
            }
            None => {
                let output = self.types.unknown_with(Act::PASSIVE);
                let ty = Ty::Closure(Vec::new(), Box::new(output), Act::PASSIVE);
                self.expr(Kind::Function { path: &path.path, what: FunctionValue::Named }, ty, written)
            }
        }
    }

    /// A callee calls the functions that it is given with its own values.
    fn activates_functions(&mut self, act: Act, arguments: &[Expr<'a>]) {
        for argument in arguments {
            let Ty::Closure(inputs, output, _) = self.types.peeled(&argument.ty) else { continue };
            for part in inputs.iter().chain([&*output]) {
                // A number, if the body does not tell otherwise.
                if matches!(self.types.peeled(part), Ty::Unknown(_)) && !self.types.may_be_struct(part) {
                    self.types.expect_float(part);
                }
                self.types.activates(act, part);
            }
        }
    }

    /// What a callee may change: it holds active values afterwards, if any are given to the callee.
    fn activates_changed(&mut self, act: Act, arguments: &[Expr<'a>]) {
        for argument in arguments {
            if matches!(self.types.shallow(&argument.ty), Ty::Ref { mutable: true, .. }) {
                self.types.activates(act, &argument.ty);
            }
        }
    }

    /// What can be told from the callee's path: whether it names a free function that may be differentiable.
    fn oblige_callee(
        &mut self,
        call: &'a syn::ExprCall,
        function: &'a syn::ExprPath,
        path: &'a syn::Path,
        arguments: &[Expr<'a>],
    ) {
        for (argument, written) in arguments.iter().zip(&call.args) {
            // A free function may be differentiable, and take functions.
            if let Ty::Closure(inputs, ..) = self.types.peeled(&argument.ty)
                && (is_of_own_type(path) || callee_refusal(path).is_some() || inputs.is_empty())
            {
                self.oblige_captures(written, path);
            }
            let refusal = if function.qself.is_some() {
                Some(refusals::callee_is_not_a_path(path.span()).over(function))
            } else if is_of_own_type(path) {
                None
            } else {
                callee_refusal(path)
            };
            if let Some(refusal) = refusal {
                self.oblige(&argument.ty, refusal);
            }
        }
    }

    /// A closure goes to a function that will call it: it must not see active values.
    fn oblige_captures(&mut self, written: &'a syn::Expr, callee: &syn::Path) {
        let inputs = match written {
            syn::Expr::Closure(closure) => closure.inputs.to_token_stream(),
            _ => proc_macro2::TokenStream::new(),
        };
        let own = self.mentioned(&inputs);
        let captured =
            self.mentioned(&written.to_token_stream()).into_iter().filter(|variable| !own.contains(variable));
        let captured = captured.map(|variable| self.variables[variable.0].ty.clone().output());
        let captured = Ty::Tuple(captured.collect());
        let threads = |name: &syn::PathSegment| name.ident == "spawn" || name.ident == "scope";
        let refusal = match callee.segments.last() {
            Some(name) if threads(name) => refusals::other_thread(name.ident.span()),
            _ => refusals::closure_over_active(written.span()).over(written),
        };
        self.oblige(&captured, refusal);
    }

    /// A call of what a variable holds.
    fn apply(&mut self, call: &'a syn::ExprCall, written: &'a syn::Expr) -> Expr<'a> {
        let closure = self.expression(&call.func);
        let Ty::Closure(parameters, output, _) = self.types.peeled(&closure.ty) else {
            // A function pointer: what it does with an active value is not known.
            let arguments: Vec<_> = call.args.iter().map(|argument| self.expression(argument)).collect();
            for argument in &arguments {
                let name = call.func.to_token_stream().to_string();
                self.oblige(&argument.ty, refusals::function_pointer(call.func.span(), &name));
            }
            return self.foreign(written);
        };
        self.applied(closure, &parameters, *output, call, written)
    }

    /// A call of a closure.
    fn applied(
        &mut self,
        closure: Expr<'a>,
        parameters: &[Ty],
        output: Ty,
        call: &'a syn::ExprCall,
        written: &'a syn::Expr,
    ) -> Expr<'a> {
        let arguments =
            call.args.iter().zip(parameters).map(|(argument, slot)| self.argument(argument, slot)).collect();
        self.expr(Kind::Apply { closure: Box::new(closure), arguments }, output, written)
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
        if let Some(operation) = float_methods::operation(name, operands.len().saturating_sub(1)) {
            return self.operation(operation, operands, path.span(), written);
        }
        if name == "from" {
            // From an integer, or from a float that stays what it is.
            let mut operands = operands;
            if let [operand] = operands.as_slice()
                && (matches!(operand.unparenthesized().kind, Kind::Field { .. }) || self.types.has_structs())
                && matches!(self.types.peeled(&operand.ty), Ty::Unknown(_))
            {
                // A field that is a number already would not be converted, nor what comes from one.
                let ty = operand.ty.clone();
                self.types.expect_part(&ty, &Ty::Int);
            } else if let [operand] = operands.as_slice()
                && self.is_number(&operand.ty)
            {
                self.types.expect_float(&operand.ty.clone());
                let ty = operand.ty.clone();
                let inner = Box::new(operands.remove(0));
                return self.expr(Kind::Paren(inner), ty, written);
            }
            let argument = |value: Expr<'a>| Argument { slot: value.ty.clone(), value: Box::new(value) };
            let arguments = operands.into_iter().map(argument).collect();
            return self.expr(Kind::Standard { path: &call.func, arguments }, Ty::PASSIVE_FLOAT, written);
        }
        for operand in &operands {
            self.oblige(&operand.ty, method_refusal(path.span(), name).over(path));
        }
        self.foreign(written)
    }

    pub(super) fn any_argument(&mut self, written: &'a syn::Expr) -> Argument<'a> {
        let value = self.boxed(written);
        Argument { slot: value.ty.clone(), value }
    }

    pub(super) fn plain_arguments(&mut self, call: &'a syn::ExprCall) -> Vec<Argument<'a>> {
        call.args.iter().map(|argument| self.any_argument(argument)).collect()
    }
}
