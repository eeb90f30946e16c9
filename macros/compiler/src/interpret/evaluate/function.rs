//! Paths and calls: functions of the file, closures, and what is known of the standard library.

use super::super::advice;
use super::super::datum::{
    At, Closure, Datum, Evaluated, Iter, Scope, Stop, cell, panics, unknown, wrong_program,
};
use super::super::number::operation;
use super::super::observer::{Look, Step};
use super::super::width::Width;
use super::events::{Entered, place};
use super::operator::cast;
use super::structs::own_type;
use super::{Callable, Machine, method, stopped};
use crate::emit::without_aliases;
use quote::ToTokens;
use std::cell::RefCell;
use std::f64::consts;
#[cfg(test)]
use std::rc::Rc;

/// A number has the methods of its type and of the traits that it implements, and by a path no others.
const OWNERS: [&str; 11] =
    ["f64", "Activations", "Add", "Sub", "Mul", "Div", "Rem", "Neg", "Clone", "PartialOrd", "Into"];

impl Machine {
    pub(super) fn path(&self, path: &syn::Path, scope: &mut Scope) -> Evaluated<Datum> {
        if let Some(name) = path.get_ident()
            && let Some(cell) = scope.find(&name.to_string())
        {
            return Ok(cell.borrow().clone());
        }
        let text = path.to_token_stream().to_string().replace(' ', "");
        let text = without_aliases(&text).unwrap_or(text);
        let text = match (text.strip_prefix("Self::"), own_type(scope)) {
            (Some(rest), Some(own)) => format!("{own}::{rest}"),
            _ => text,
        };
        if let Some(of) = self.struct_named(path, scope).filter(|of| of.fields.is_empty()) {
            return Self::built(&of, Vec::new());
        }
        let last = path.segments.last().map(|last| last.ident.to_string()).unwrap_or_default();
        if let Some(constant) = self.items.constants.get(&last) {
            return self.expression(&constant.clone(), &mut Scope::default());
        }
        if let Some(known) = constant(&text, &last) {
            return Ok(known);
        }
        Ok(match last.as_str() {
            "None" => Datum::Option(None),
            "Less" => Datum::Ordering(std::cmp::Ordering::Less),
            "Equal" => Datum::Ordering(std::cmp::Ordering::Equal),
            "Greater" => Datum::Ordering(std::cmp::Ordering::Greater),
            _ => Datum::Function(text, place(path)),
        })
    }

    pub(super) fn call(
        &self,
        expression: &syn::Expr,
        call: &syn::ExprCall,
        scope: &mut Scope,
    ) -> Evaluated<Datum> {
        let callee = self.expression(&call.func, scope)?;
        let arguments = self.all(&call.args, scope)?;
        self.here(expression);
        match callee {
            Datum::Function(path, _) => self.function(&path, arguments),
            callee => self.applied(&callee, arguments),
        }
    }

    /// Calls a closure or a function.
    pub fn applied(&self, callee: &Datum, arguments: Vec<Datum>) -> Evaluated<Datum> {
        self.burn()?;
        match callee {
            Datum::Closure(closure) => self.closure(closure, arguments),
            Datum::Function(path, at) => {
                // Of a function of the file: the closure that calls it.
                let _entered = self.step_at(Step::Closure, *at);
                self.set_at(*at);
                self.function(path, arguments)
            }
            Datum::Reference(place) => self.applied(&place.get()?, arguments),
            other => unknown(format!("a call of {other}")),
        }
    }

    fn closure(&self, closure: &Closure, arguments: Vec<Datum>) -> Evaluated<Datum> {
        let _entered = self.step(Step::Closure, &closure.written);
        let mut scope = closure.seen.clone();
        for (input, argument) in closure.written.inputs.iter().zip(arguments) {
            if !self.bind(input, argument, &mut scope)? {
                return unknown("a pattern that does not match");
            }
        }
        match self.deeper(|| self.expression(&closure.written.body, &mut scope)) {
            Err(Stop::Return(value)) => Ok(*value),
            result => result,
        }
    }

    /// Calls a function that takes these arguments.
    #[cfg(test)]
    pub fn user(&self, function: &Rc<syn::ItemFn>, arguments: Vec<Datum>) -> Evaluated<Datum> {
        self.called(&Callable::function(function.clone(), true), arguments)
    }

    /// Calls a function or a method of the file, its receiver being the first argument.
    pub fn called(&self, callable: &Callable, arguments: Vec<Datum>) -> Evaluated<Datum> {
        let _entered = self.entered(callable, &arguments)?;
        let function = &*callable.item;
        let mut scope = constants(function, &arguments);
        if let Some(owner) = &callable.owner {
            scope.bind("Self", cell(Datum::Function(owner.clone(), At::default())));
        }
        for (input, argument) in function.sig.inputs.iter().zip(arguments) {
            match input {
                syn::FnArg::Receiver(_) => scope.bind("self", cell(argument)),
                syn::FnArg::Typed(typed) => {
                    let argument = super::pattern::of_type(&typed.ty, argument)?;
                    if !self.bind(&typed.pat, argument, &mut scope)? {
                        return unknown("a pattern that does not match");
                    }
                }
            }
        }
        match self.deeper(|| self.block(&function.block, &scope)) {
            Err(Stop::Return(value)) => Ok(*value),
            Err(Stop::Break(..) | Stop::Continue(_)) => unknown("leaving a function"),
            result => result,
        }
    }

    /// Begins a call. A function that is not differentiable is none for numbers that depend on an argument.
    fn entered(&self, callable: &Callable, arguments: &[Datum]) -> Evaluated<Entered> {
        let Callable { name, at, .. } = callable;
        if self.observer().is_none() || self.watch.depth.get() == 0 {
            return Ok(Entered::default());
        }
        if callable.differentiable {
            return Ok(self.step_at(Step::Call { function: *at }, self.at()));
        }
        if !callable.predicate
            && arguments.iter().any(|argument| argument.flat().iter().any(|number| number.node.is_some()))
        {
            let above = match &callable.owner {
                Some(owner) => format!("the `impl` block of `{owner}`"),
                None => format!("`fn {name}`"),
            };
            return Err(Stop::Refused(format!(
                "`{name}` is called with a value that depends on an argument, and is not differentiable\n\nhelp: write `#[differentiable]` above {above}"
            )));
        }
        Ok(self.quietly())
    }

    fn function(&self, path: &str, mut arguments: Vec<Datum>) -> Evaluated<Datum> {
        let path = &without_generics(path);
        let last = path.rsplit("::").next().unwrap_or(path);
        let last = if last.starts_with('<') { path.rsplit("::").nth(1).unwrap_or(path) } else { last };
        let of_type = path.strip_suffix(last).unwrap_or_default().trim_end_matches("::");
        let of_type = of_type.rsplit("::").next().unwrap_or_default().trim_start_matches('<').to_owned();
        if let Some(method) = self.items.methods.get(&(of_type.clone(), last.to_owned())).cloned() {
            return match method.item.sig.receiver() {
                Some(_) if !arguments.is_empty() => {
                    let receiver = arguments.remove(0);
                    self.call_method(&method, receiver, arguments)
                }
                _ => self.called(&method, arguments),
            };
        }
        if let Some(of) = self.items.structs.get(last).cloned() {
            if of.fields.len() != arguments.len() {
                return wrong_program(format!("`{last}` has {} fields", of.fields.len()));
            }
            return Self::built(&of, arguments);
        }
        if let (Some(of), "default", 0) = (self.items.structs.get(&of_type), last, arguments.len()) {
            return self.default_of(of);
        }
        if let Some(function) = self.items.functions.get(last).cloned() {
            return self.called(&function, arguments);
        }
        let owner = path.strip_suffix(last).unwrap_or_default().trim_end_matches("::");
        let owner = owner.rsplit("::").next().unwrap_or_default().trim_start_matches('<');
        if let Some(value) = self.standard(owner, last, &mut arguments)? {
            return Ok(value);
        }
        if arguments.is_empty() {
            return unknown(format!("the function `{path}`"));
        }
        if owner == "f64" && operation(last).is_some_and(|op| op.arity() == arguments.len()) && last != "powi"
        {
            return self.operated(last, arguments);
        }
        if matches!(arguments[0], Datum::Float(_)) && !owner.is_empty() && !OWNERS.contains(&owner) {
            return unknown(advice::no_function(path));
        }
        if !owner.is_empty() {
            // A method by its path.
            let receiver = arguments.remove(0);
            return self.method_of(receiver, last, arguments, "");
        }
        if self.items.functions.is_empty() {
            panics("no functions")
        } else {
            unknown(advice::no_function(path))
        }
    }

    /// A function of the standard library or of the engine, if it is known.
    fn standard(&self, owner: &str, last: &str, arguments: &mut Vec<Datum>) -> Evaluated<Option<Datum>> {
        let value = match (owner, last, arguments.len()) {
            (_, "Some" | "Ok", 1) => Datum::some(arguments.remove(0)),
            (_, "Err", 1) => Datum::Failure(Box::new(arguments.remove(0))),
            ("f64", "from", 1) => cast(arguments.remove(0), "f64")?,
            (ty, "from", 1) if method::is_integer(ty) => cast(arguments.remove(0), ty)?,
            (ty, "try_from", 1) if method::is_integer(ty) => {
                let value = arguments.remove(0).int()?;
                let cast = cast(Datum::Int(value, Width::Open), ty)?;
                let same = cast.clone().int()? == value;
                Datum::option(same.then_some(cast))
            }
            (_, "stop_gradient", 1) => {
                let value = arguments.remove(0).owned()?;
                self.tell_looked_at(Look::StopGradient, &value, self.at());
                stopped(value)
            }
            (_, "default", 0) => Datum::Default,
            ("Vec" | "VecDeque", "new" | "with_capacity", _) => Datum::List(Vec::new()),
            ("Vec" | "VecDeque", "from", 1) => arguments.remove(0).owned()?,
            (_, "swap", 2) => {
                let (Datum::Reference(a), Datum::Reference(b)) = (&arguments[0], &arguments[1]) else {
                    return unknown("a swap of these");
                };
                let (x, y) = (a.get()?, b.get()?);
                a.set(y)?;
                b.set(x)?;
                Datum::Unit
            }
            (_, "replace", 2) | (_, "take", 1) if owner == "mem" => {
                let new = arguments.get(1).cloned();
                let Datum::Reference(place) = &arguments[0] else { return unknown("this `mem`") };
                let old = place.get()?;
                let empty = match &old {
                    Datum::List(_) => Datum::List(Vec::new()),
                    _ => Datum::Default,
                };
                place.set(new.unwrap_or(empty))?;
                old
            }
            ("iter", "once", 1) => Datum::Iterator(Iter::of(std::mem::take(arguments))),
            ("iter", "repeat" | "repeat_n", _) => {
                let item = arguments.remove(0);
                let mut left = arguments.pop().map_or(Ok(usize::MAX), Datum::size)?;
                let machine = self.clone();
                Datum::Iterator(Iter::new(move || {
                    let more = left > 0;
                    left = left.saturating_sub(1);
                    machine.burn()?;
                    Ok(more.then(|| item.clone()))
                }))
            }
            ("iter", "successors", 2) => {
                let step = arguments.remove(1);
                let Datum::Option(first) = arguments.remove(0).read()? else {
                    return unknown("`successors`");
                };
                let (machine, state) = (self.clone(), RefCell::new(first.map(|first| *first)));
                Datum::Iterator(Iter::new(move || {
                    let Some(item) = state.borrow_mut().take() else { return Ok(None) };
                    if let Datum::Option(next) = machine.applied(&step, vec![item.clone()])? {
                        *state.borrow_mut() = next.map(|next| *next);
                    }
                    Ok(Some(item))
                }))
            }
            (_, "drop", 1) => Datum::Unit,
            _ => return Ok(None),
        };
        Ok(Some(value))
    }
}

/// The constants of a function that is generic over them, told by the lengths of the arguments.
pub fn constants(function: &syn::ItemFn, arguments: &[Datum]) -> Scope {
    let mut scope = Scope::default();
    for constant in function.sig.generics.const_params() {
        let name = constant.ident.to_string();
        for (input, argument) in function.sig.inputs.iter().zip(arguments) {
            let syn::FnArg::Typed(typed) = input else { continue };
            if let Some(length) = length_named(&typed.ty, argument, &name) {
                scope.bind(&name, cell(Datum::from(length)));
                break;
            }
        }
    }
    scope
}

fn length_named(ty: &syn::Type, argument: &Datum, name: &str) -> Option<usize> {
    match (ty, argument) {
        (syn::Type::Reference(reference), _) => length_named(&reference.elem, argument, name),
        (syn::Type::Array(array), Datum::List(items)) => {
            if array.len.to_token_stream().to_string() == name {
                return Some(items.len());
            }
            length_named(&array.elem, items.first()?, name)
        }
        (syn::Type::Slice(slice), Datum::List(items)) => length_named(&slice.elem, items.first()?, name),
        _ => None,
    }
}

/// What is known of constants.
fn constant(path: &str, last: &str) -> Option<Datum> {
    if let Some(width @ Width::Known { least, greatest, .. }) =
        path.rsplit("::").nth(1).and_then(Width::named)
    {
        return match last {
            "MIN" => Some(Datum::Int(least, width)),
            "MAX" => Some(Datum::Int(greatest, width)),
            _ => None,
        };
    }
    Some(Datum::from(match last {
        "PI" => consts::PI,
        "TAU" => consts::TAU,
        "E" => consts::E,
        "FRAC_PI_2" => consts::FRAC_PI_2,
        "FRAC_PI_4" => consts::FRAC_PI_4,
        "FRAC_1_SQRT_2" => consts::FRAC_1_SQRT_2,
        "SQRT_2" => consts::SQRT_2,
        "LN_2" => consts::LN_2,
        "LN_10" => consts::LN_10,
        "INFINITY" => f64::INFINITY,
        "NEG_INFINITY" => f64::NEG_INFINITY,
        "NAN" => f64::NAN,
        "EPSILON" => f64::EPSILON,
        "MIN_POSITIVE" => f64::MIN_POSITIVE,
        "MAX" if path.contains("f64") => f64::MAX,
        "MIN" if path.contains("f64") => f64::MIN,
        _ => return None,
    }))
}

/// A path without the types in angle brackets, `Vec::<Vec<f64>>::new`; what it begins with is kept, `<f64>::max`.
fn without_generics(path: &str) -> String {
    let mut kept = String::new();
    let mut depth = 0_usize;
    for (at, letter) in path.char_indices() {
        match letter {
            '<' if at > 0 => depth += 1,
            '>' if depth > 0 => depth -= 1,
            _ if depth == 0 => kept.push(letter),
            _ => {}
        }
    }
    kept.replace("::::", "::")
}
