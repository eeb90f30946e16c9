//! Structs: literals, fields, methods and operators.

use super::super::datum::{Datum, Evaluated, Place, Scope, Stop, cell, unknown, wrong_program};
use super::super::structs::{Struct, name_of_type};
use super::super::width::Width;
use super::{Callable, Machine};
use crate::syntax::callee::Operator;
use quote::ToTokens;
use std::rc::Rc;

/// A differentiable or plain operator between types of the file.
pub struct Operation {
    pub operator: Operator,
    pub left: String,
    /// Nothing for a minus.
    pub right: Option<String>,
    pub callable: Rc<Callable>,
}

/// The name of the type of a datum, as operators are told apart by it.
fn name_of(datum: &Datum) -> Option<String> {
    match datum {
        Datum::Struct(of, _) => Some(of.name.clone()),
        Datum::Float(_) | Datum::Default => Some("f64".to_owned()),
        Datum::Int(_, Width::Known { name, .. }) => Some((*name).to_owned()),
        _ => None,
    }
}

impl Machine {
    /// The struct that a path names.
    pub(in crate::interpret) fn struct_named(&self, path: &syn::Path, scope: &Scope) -> Option<Rc<Struct>> {
        let last = path.segments.last()?.ident.to_string();
        let name = if last == "Self" { own_type(scope)? } else { last };
        self.items.structs.get(&name).cloned()
    }

    /// `Vec3 { x, y, z: 0.0 }`
    pub(in crate::interpret) fn struct_literal(
        &self,
        literal: &syn::ExprStruct,
        scope: &mut Scope,
    ) -> Evaluated<Datum> {
        let Some(of) = self.struct_named(&literal.path, scope) else {
            return unknown(format!("the struct `{}`", literal.path.to_token_stream()));
        };
        let mut parts: Vec<Option<Datum>> = of.fields.iter().map(|_| None).collect();
        for field in &literal.fields {
            let value = self.expression(&field.expr, scope)?;
            let name = match &field.member {
                syn::Member::Named(name) => name.to_string(),
                syn::Member::Unnamed(at) => at.index.to_string(),
            };
            match of.position(&name) {
                Some(at) => parts[at] = Some(value),
                None => return wrong_program(format!("`{}` has no field `{name}`", of.name)),
            }
        }
        if let Some(rest) = &literal.rest {
            let base = self.expression(rest, scope)?.read()?;
            let Datum::Struct(_, rest) = base else {
                return unknown(format!("{base} as the rest of a struct"));
            };
            for (part, rest) in parts.iter_mut().zip(rest) {
                part.get_or_insert(rest);
            }
        }
        let mut all = Vec::new();
        for (field, part) in of.fields.iter().zip(parts) {
            match part {
                Some(part) => all.push(part),
                None => {
                    return wrong_program(format!("the field `{}` of `{}` is missing", field.name, of.name));
                }
            }
        }
        Self::built(&of, all)
    }

    /// A struct of values for its fields.
    pub(in crate::interpret) fn built(of: &Rc<Struct>, parts: Vec<Datum>) -> Evaluated<Datum> {
        let mut fields = Vec::new();
        for (field, part) in of.fields.iter().zip(parts) {
            let part = super::pattern::of_type(&field.ty, part)?;
            if field.constant && part.flat().iter().any(|number| number.node.is_some()) {
                return Err(Stop::Refused(format!(
                    "the field `{}` of `{}` is constant, and a value that depends on an argument goes into it\n\nhelp: remove `#[constant]` from the field; or say that the derivative is not wanted: `stop_gradient(…)`",
                    field.name, of.name
                )));
            }
            fields.push(part);
        }
        Ok(Datum::Struct(of.clone(), fields))
    }

    /// What `Default` gives, if it is derived.
    pub(in crate::interpret) fn default_of(&self, of: &Rc<Struct>) -> Evaluated<Datum> {
        let parts = of.fields.iter().map(|field| {
            let inner = name_of_type(&field.ty).and_then(|name| self.items.structs.get(&name).cloned());
            match (inner, &field.ty) {
                (Some(inner), syn::Type::Path(_)) => self.default_of(&inner),
                (None, syn::Type::Path(path)) if path.path.is_ident("f64") => Ok(Datum::from(0.0)),
                (None, syn::Type::Path(path))
                    if path.path.segments.last().is_some_and(|last| last.ident == "Vec") =>
                {
                    Ok(Datum::List(Vec::new()))
                }
                (None, syn::Type::Array(array)) => {
                    let zeros = self.expression(&array.len, &mut Scope::default())?.size()?;
                    self.burn_all(zeros)?;
                    Ok(Datum::List(vec![Datum::Default; zeros]))
                }
                _ => Ok(Datum::Default),
            }
        });
        Ok(Datum::Struct(of.clone(), parts.collect::<Evaluated<_>>()?))
    }

    /// The user's method of this name, if the receiver is of a type that has it.
    pub(in crate::interpret) fn method_for(
        &self,
        receiver: &Datum,
        name: &str,
    ) -> Evaluated<Option<Rc<Callable>>> {
        let owner = match receiver {
            Datum::Struct(of, _) => Some(of.name.clone()),
            Datum::Reference(place) => match place.clone().followed()?.get()? {
                Datum::Struct(of, _) => Some(of.name.clone()),
                _ => None,
            },
            _ => None,
        };
        Ok(owner.and_then(|owner| self.items.methods.get(&(owner, name.to_owned())).cloned()))
    }

    /// Calls a method with its receiver, which `&mut self` changes.
    pub(in crate::interpret) fn call_method(
        &self,
        method: &Callable,
        receiver: Datum,
        mut arguments: Vec<Datum>,
    ) -> Evaluated<Datum> {
        let receiver = if method.changes_receiver() {
            match receiver {
                Datum::Reference(place) => Datum::Reference(place.followed()?),
                value => Datum::Reference(Place::from(cell(value))),
            }
        } else {
            receiver.read()?
        };
        arguments.insert(0, receiver);
        self.called(method, arguments)
    }

    /// Runs a function; of one that changes its receiver, the result is what it gives, if it gives anything, and what it leaves.
    pub(in crate::interpret) fn left_by(
        &self,
        callable: &Callable,
        mut arguments: Vec<Datum>,
        changes: bool,
    ) -> Evaluated<Datum> {
        if !changes || arguments.is_empty() {
            return self.called(callable, arguments);
        }
        let place = Place::from(cell(arguments.remove(0)));
        arguments.insert(0, Datum::Reference(place.clone()));
        let given = self.called(callable, arguments)?;
        let left = place.get()?;
        Ok(if let Datum::Unit = given { left } else { Datum::Tuple(vec![given.owned()?, left]) })
    }

    /// The operator between two data, if a struct takes part in it.
    pub(in crate::interpret) fn operation_of(
        &self,
        operator: Operator,
        left: &Datum,
        right: Option<&Datum>,
    ) -> Evaluated<Option<Rc<Callable>>> {
        let is_struct = |datum: &Datum| matches!(datum, Datum::Struct(..));
        if !is_struct(left) && !right.is_some_and(is_struct) {
            return Ok(None);
        }
        let (of_left, of_right) = (name_of(left), right.and_then(name_of));
        let found = self.items.operations.iter().find(|operation| {
            operation.operator == operator
                && Some(&operation.left) == of_left.as_ref()
                && operation.right == of_right
        });
        match found {
            Some(operation) => Ok(Some(operation.callable.clone())),
            None => {
                let of = [of_left, of_right].into_iter().flatten().map(|name| format!("`{name}`"));
                let of: Vec<_> = of.collect();
                unknown(format!("the operator `{}` of {}", operator.name(), of.join(" and ")))
            }
        }
    }

    /// Whether two structs can be compared as rustc derives it.
    pub(in crate::interpret) fn comparable(operator: &str, a: &Datum) -> Evaluated<()> {
        let wanted = if matches!(operator, "==" | "!=") { "PartialEq" } else { "PartialOrd" };
        match a {
            Datum::Struct(of, _) if !of.is_derived(wanted) => {
                unknown(format!("`{operator}` of `{}`, which does not derive `{wanted}`", of.name))
            }
            _ => Ok(()),
        }
    }
}

/// What `Self` stands for.
pub fn own_type(scope: &Scope) -> Option<String> {
    match &*scope.find("Self")?.borrow() {
        Datum::Function(name, _) => Some(name.clone()),
        _ => None,
    }
}
