//! Patterns.

use super::super::datum::{Datum, Evaluated, Scope, cell, unknown, wrong_program};
use super::super::integer::fitted;
use super::super::structs::Struct;
use super::super::width::Width;
use super::Machine;
use super::operator::compared;
use quote::ToTokens;
use std::cmp::Ordering;
use syn::Pat;

impl Machine {
    /// Whether the pattern matches; binds what it binds.
    pub(super) fn bind(&self, pattern: &Pat, value: Datum, scope: &mut Scope) -> Evaluated<bool> {
        Ok(match pattern {
            Pat::Wild(_) | Pat::Rest(_) => true,
            Pat::Ident(name) if name.ident == "None" => matches!(value.read()?, Datum::Option(None)),
            Pat::Ident(name) => {
                let text = name.ident.to_string();
                if let Some(constant) = self.items.constants.get(&text) {
                    let constant = self.expression(constant, &mut Scope::default())?;
                    return Ok(compared(value, constant)?.is_some_and(Ordering::is_eq));
                }
                if let Some(constant) = scope.constant(&text) {
                    return Ok(compared(value, constant.borrow().clone())?.is_some_and(Ordering::is_eq));
                }
                let matches = match &name.subpat {
                    Some((_, inner)) => self.bind(inner, value.clone(), scope)?,
                    None => true,
                };
                scope.bind(&text, cell(value));
                matches
            }
            Pat::Type(typed) => self.bind(&typed.pat, value, scope)?,
            Pat::Paren(inner) => self.bind(&inner.pat, value, scope)?,
            Pat::Reference(inner) => self.bind(&inner.pat, value.read()?, scope)?,
            Pat::Lit(literal) => {
                let literal = self.expression(&syn::Expr::Lit(literal.clone()), scope)?;
                compared(value, literal)?.is_some_and(Ordering::is_eq)
            }
            Pat::Range(range) => {
                let mut within = true;
                if let Some(start) = &range.start {
                    let start = self.expression(start, scope)?;
                    within &= compared(value.clone(), start)?.is_some_and(Ordering::is_ge);
                }
                if let Some(end) = &range.end {
                    let end = self.expression(end, scope)?;
                    let order = compared(value, end)?;
                    let closed = matches!(range.limits, syn::RangeLimits::Closed(_));
                    within &= order.is_some_and(|order| order.is_lt() || closed && order.is_eq());
                }
                within
            }
            Pat::Or(cases) => {
                for case in &cases.cases {
                    let mut inner = scope.clone();
                    if self.bind(case, value.clone(), &mut inner)? {
                        *scope = inner;
                        return Ok(true);
                    }
                }
                false
            }
            Pat::Guard(guarded) => {
                self.bind(&guarded.pat, value, scope)? && self.condition(&guarded.guard, scope)?
            }
            Pat::Tuple(tuple) => self.bind_parts(&tuple.elems.iter().collect::<Vec<_>>(), value, scope)?,
            Pat::Slice(slice) => self.bind_parts(&slice.elems.iter().collect::<Vec<_>>(), value, scope)?,
            Pat::Struct(of) => {
                let Some(known) = self.struct_named(&of.path, scope) else {
                    return unknown(format!("the pattern `{}`", pattern.to_token_stream()));
                };
                let parts = fields(&known, value)?;
                for field in &of.fields {
                    let name = match &field.member {
                        syn::Member::Named(name) => name.to_string(),
                        syn::Member::Unnamed(at) => at.index.to_string(),
                    };
                    let Some(at) = known.position(&name) else {
                        return wrong_program(format!("`{}` has no field `{name}`", known.name));
                    };
                    if !self.bind(&field.pat, parts[at].clone(), scope)? {
                        return Ok(false);
                    }
                }
                true
            }
            Pat::TupleStruct(of) if self.struct_named(&of.path, scope).is_some() => {
                let Some(known) = self.struct_named(&of.path, scope) else { return Ok(false) };
                let parts = fields(&known, value)?;
                self.bind_all(&of.elems.iter().collect::<Vec<_>>(), &parts, scope)?
            }
            Pat::TupleStruct(some) => {
                let name = some.path.segments.last().map(|last| last.ident.to_string()).unwrap_or_default();
                match (name.as_str(), value.read()?) {
                    ("Some" | "Ok", Datum::Option(Some(inner))) => match some.elems.first() {
                        Some(pattern) => self.bind(pattern, *inner, scope)?,
                        None => true,
                    },
                    ("Err", Datum::Failure(error)) => match some.elems.first() {
                        Some(pattern) => self.bind(pattern, *error, scope)?,
                        None => true,
                    },
                    ("Some" | "Ok" | "Err", Datum::Option(_) | Datum::Failure(_)) => false,
                    _ => return unknown(format!("the pattern `{}`", pattern.to_token_stream())),
                }
            }
            Pat::Path(path) => {
                let constant = self.path(&path.path, scope)?;
                compared(value, constant)?.is_some_and(Ordering::is_eq)
            }
            other => return unknown(format!("the pattern `{}`", other.to_token_stream())),
        })
    }

    fn bind_parts(&self, patterns: &[&Pat], value: Datum, scope: &mut Scope) -> Evaluated<bool> {
        let parts = match value {
            Datum::Reference(place) => place.followed()?.elements()?,
            Datum::Tuple(parts) | Datum::List(parts) => parts,
            other => return unknown(format!("parts of {other}")),
        };
        self.bind_all(patterns, &parts, scope)
    }

    fn bind_all(&self, patterns: &[&Pat], parts: &[Datum], scope: &mut Scope) -> Evaluated<bool> {
        let is_rest = |pattern: &Pat| match pattern {
            Pat::Rest(_) => true,
            Pat::Ident(name) => matches!(&name.subpat, Some((_, inner)) if matches!(**inner, Pat::Rest(_))),
            _ => false,
        };
        let rest = patterns.iter().position(|pattern| is_rest(pattern));
        match rest {
            None if patterns.len() != parts.len() => return Ok(false),
            Some(_) if patterns.len() - 1 > parts.len() => return Ok(false),
            _ => {}
        }
        let skipped = (parts.len() + 1).saturating_sub(patterns.len());
        for (at, pattern) in patterns.iter().enumerate() {
            let matches = match rest {
                Some(rest) if at == rest => {
                    let middle = Datum::List(parts[at..at + skipped].to_vec());
                    match pattern {
                        Pat::Ident(name) => {
                            scope.bind(&name.ident.to_string(), cell(middle));
                            true
                        }
                        _ => true,
                    }
                }
                Some(rest) if at > rest => self.bind(pattern, parts[at + skipped - 1].clone(), scope)?,
                _ => self.bind(pattern, parts[at].clone(), scope)?,
            };
            if !matches {
                return Ok(false);
            }
        }
        Ok(true)
    }
}

/// The fields of a struct, or references to them.
fn fields(of: &Struct, value: Datum) -> Evaluated<Vec<Datum>> {
    match value {
        Datum::Struct(known, parts) if known.name == of.name => Ok(parts),
        Datum::Reference(place) => {
            let place = place.followed()?;
            match place.get()? {
                Datum::Struct(known, _) if known.name == of.name => {}
                other => return unknown(format!("the fields of `{}` in {other}", of.name)),
            }
            let members = of.fields.iter().map(|field| {
                let member = field.name.parse::<usize>().map_or_else(
                    |_| syn::Member::Named(quote::format_ident!("{}", field.name)),
                    syn::Member::from,
                );
                place.member(&member).map(Datum::Reference)
            });
            members.collect()
        }
        other => unknown(format!("the fields of `{}` in {other}", of.name)),
    }
}

/// Every name that a pattern binds.
pub(super) fn bindings(pattern: &Pat, each: &mut dyn FnMut(&syn::PatIdent)) {
    struct Find<'e>(&'e mut dyn FnMut(&syn::PatIdent));
    impl<'ast> syn::visit::Visit<'ast> for Find<'_> {
        fn visit_pat_ident(&mut self, name: &'ast syn::PatIdent) {
            (self.0)(name);
            syn::visit::visit_pat_ident(self, name);
        }
    }
    syn::visit::Visit::visit_pat(&mut Find(each), pattern);
}

/// `let x;`
pub(super) fn declare(pattern: &Pat, scope: &mut Scope) {
    match pattern {
        Pat::Ident(name) => scope.bind(&name.ident.to_string(), cell(Datum::Default)),
        Pat::Type(typed) => declare(&typed.pat, scope),
        Pat::Tuple(tuple) => tuple.elems.iter().for_each(|part| declare(part, scope)),
        _ => {}
    }
}

/// A value under a type annotation, which tells what an empty sum is, and the type of integers.
pub(super) fn typed(pattern: &Pat, value: Datum) -> Evaluated<Datum> {
    match pattern {
        Pat::Type(typed) => of_type(&typed.ty, value),
        _ => Ok(value),
    }
}

/// A value that goes to a place of a type that is written.
pub(super) fn of_type(ty: &syn::Type, value: Datum) -> Evaluated<Datum> {
    let parts = |parts: Vec<Datum>, ty: &syn::Type| {
        parts.into_iter().map(|part| of_type(ty, part)).collect::<Evaluated<Vec<_>>>()
    };
    match (ty, value) {
        (syn::Type::Reference(reference), value) if reference.mutability.is_none() => {
            of_type(&reference.elem, value)
        }
        (syn::Type::Array(array), Datum::List(items)) => Ok(Datum::List(parts(items, &array.elem)?)),
        (syn::Type::Slice(slice), Datum::List(items)) => Ok(Datum::List(parts(items, &slice.elem)?)),
        (syn::Type::Tuple(tuple), Datum::Tuple(items)) if tuple.elems.len() == items.len() => {
            let items = tuple.elems.iter().zip(items).map(|(ty, item)| of_type(ty, item));
            Ok(Datum::Tuple(items.collect::<Evaluated<_>>()?))
        }
        (syn::Type::Path(path), value) => match (path.path.segments.last(), value) {
            (Some(last), Datum::Int(value, from)) => {
                let width = Width::named(&last.ident.to_string()).unwrap_or(Width::Open);
                fitted(value, from, width).map(|(value, width)| Datum::Int(value, width))
            }
            // An empty sum.
            (Some(last), Datum::Float(number)) if !number.active && number.value == 0.0 => {
                Ok(match Width::named(&last.ident.to_string()) {
                    Some(width) => Datum::Int(0, width),
                    None => Datum::Float(number),
                })
            }
            (Some(last), Datum::List(items)) if last.ident == "Vec" => match &last.arguments {
                syn::PathArguments::AngleBracketed(of) => match of.args.first() {
                    Some(syn::GenericArgument::Type(ty)) => Ok(Datum::List(parts(items, ty)?)),
                    _ => Ok(Datum::List(items)),
                },
                _ => Ok(Datum::List(items)),
            },
            (_, value) => Ok(value),
        },
        (_, value) => Ok(value),
    }
}
