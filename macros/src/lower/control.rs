//! Blocks, branches, loops, and closures where they are called.

use super::visit::{visit, visit_block};
use super::{Lowered, Lowering, Meaning, Variables, class, unsupported};
use crate::ir::{Atom, Class, Piece, Region, StatementKind, ValueId};
use crate::tree::{Block, Expr, Kind, Pattern, Statement};
use crate::ty::Ty;
use proc_macro2::Span;
use std::collections::BTreeSet;

impl<'t, 'a> Lowering<'t, 'a> {
    pub(super) fn block(&mut self, block: &'t Block<'a>) -> Lowered<Meaning<'t, 'a>> {
        if let Some(label) = block.label {
            return unsupported("a labelled block", label.name.span());
        }
        for statement in &block.statements {
            match statement {
                Statement::Verbatim(syn::Stmt::Item(_)) => {
                    return unsupported("an item inside the function", Span::call_site());
                }
                Statement::Verbatim(_) => return unsupported("a macro", Span::call_site()),
                Statement::Expr { value, .. } if !crate::emit::attributes(value.written).is_empty() => {
                    return unsupported("an attribute", value.span);
                }
                Statement::Let { written, .. } if !written.attrs.is_empty() => {
                    return unsupported("an attribute", written.let_token.span);
                }
                Statement::Expr { value, .. } => drop(self.meaning(value)?),
                Statement::Let { pattern, value: Some(value), otherwise: None, .. } => {
                    self.bind_let(pattern, value)?;
                }
                Statement::Let { written, .. } => {
                    return unsupported("a `let` without a value or with `else`", written.let_token.span);
                }
            }
        }
        block.tail.as_ref().map_or(Ok(Meaning::Unit), |tail| self.meaning(tail))
    }

    fn bind_let(&mut self, pattern: &'t Pattern<'a>, value: &'t Expr<'a>) -> Lowered<()> {
        let ty = self.function.types.shallow(&value.ty);
        if !self.function.involves(value) && class(&ty) == Class::Data && !matches!(ty, Ty::Tuple(_)) {
            // Data keeps the user's name, which the tokens of later expressions mention.
            let (syn::Pat::Ident(name), [binding]) = (plain(pattern.written), pattern.bindings.as_slice())
            else {
                return unsupported("a pattern for passive data", value.span);
            };
            if name.mutability.is_some() || self.names.contains(&name.ident.to_string()) {
                return unsupported("passive data that changes", name.ident.span());
            }
            let template = self.template(value)?;
            let out = self.value_named(name.ident.clone(), Class::Data, false);
            self.push(StatementKind::Passive { out: Some(out), template }, value.span);
            self.variables.insert(binding.variable.0, Meaning::Atom(Atom::Value(out)));
            return Ok(());
        }
        let meaning = self.meaning(value)?;
        let meaning = self.held(meaning, value)?;
        if let Meaning::Place(place) = &meaning
            && !place.steps.is_empty()
        {
            // The part must be there, whether or not it is read.
            let pieces = vec![super::passive::tokens(quote::quote!(let _ = &)), Piece::Place(place.clone())];
            let template = super::passive::template(pieces);
            self.push(StatementKind::Passive { out: None, template }, value.span);
        }
        self.bind(pattern, pattern.written, meaning)
    }

    /// Binds the variables of a pattern.
    pub(super) fn bind(
        &mut self,
        pattern: &'t Pattern<'a>,
        written: &syn::Pat,
        meaning: Meaning<'t, 'a>,
    ) -> Lowered<()> {
        match (written, meaning) {
            (syn::Pat::Ident(name), meaning) if name.subpat.is_none() => {
                let binding = pattern.bindings.iter().find(|binding| {
                    // Hygiene apart, a pattern binds a name once.
                    self.function.variables[binding.variable.0].name == name.ident
                });
                if let Some(binding) = binding {
                    let ty = self.function.types.shallow(&self.function.variables[binding.variable.0].ty);
                    // A number read from a memory is read now.
                    let meaning = match meaning {
                        place @ Meaning::Place(_) if matches!(ty, Ty::Float(_)) => {
                            Meaning::Atom(self.scalar(place, name.ident.span())?)
                        }
                        other => other,
                    };
                    self.variables.insert(binding.variable.0, meaning);
                }
                Ok(())
            }
            (syn::Pat::Type(typed), meaning) => self.bind(pattern, &typed.pat, meaning),
            (syn::Pat::Paren(paren), meaning) => self.bind(pattern, &paren.pat, meaning),
            (syn::Pat::Reference(reference), meaning) => self.bind(pattern, &reference.pat, meaning),
            (syn::Pat::Wild(_), _) => Ok(()),
            (syn::Pat::Tuple(tuple), Meaning::Tuple(parts)) if tuple.elems.len() == parts.len() => tuple
                .elems
                .iter()
                .zip(parts)
                .try_for_each(|(part, meaning)| self.bind(pattern, part, meaning)),
            (syn::Pat::Slice(slice), Meaning::Place(place))
                if !slice.elems.iter().any(|part| {
                    matches!(part, syn::Pat::Rest(_) | syn::Pat::Ident(syn::PatIdent { subpat: Some(_), .. }))
                }) =>
            {
                slice.elems.iter().enumerate().try_for_each(|(at, part)| {
                    let mut place = place.clone();
                    let index = proc_macro2::Literal::usize_unsuffixed(at);
                    let index = super::passive::template(vec![super::passive::tokens(index)]);
                    place.steps.push(crate::ir::Step::Index(index));
                    self.bind(pattern, part, Meaning::Place(place))
                })
            }
            (syn::Pat::Tuple(tuple), Meaning::Place(place)) => {
                let parts = tuple.elems.iter().enumerate();
                parts.into_iter().try_for_each(|(at, part)| {
                    let mut place = place.clone();
                    let member = proc_macro2::Literal::usize_unsuffixed(at);
                    place.steps.push(crate::ir::Step::Field(quote::quote!(#member)));
                    self.bind(pattern, part, Meaning::Place(place))
                })
            }
            (other, _) => unsupported("this pattern", syn::spanned::Spanned::span(other)),
        }
    }

    // --- branches

    pub(super) fn branch(
        &mut self,
        condition: &'t Expr<'a>,
        then: &'t Block<'a>,
        otherwise: Option<&'t Expr<'a>>,
        span: Span,
    ) -> Lowered<Meaning<'t, 'a>> {
        let condition = self.number(condition)?;
        let before = self.variables.clone();
        let (then_id, then_statements, (then_value, then_variables)) = self.region(|lowering| {
            let value = lowering.block(then)?;
            let value = lowering.settled(value, &then.ty, span)?;
            Ok((value, std::mem::replace(&mut lowering.variables, before.clone())))
        })?;
        let (else_id, else_statements, (else_value, else_variables)) = self.region(|lowering| {
            let value = otherwise.map_or(Ok(Meaning::Unit), |otherwise| lowering.meaning(otherwise))?;
            let ty = otherwise.map_or(&Ty::Unit, |otherwise| &otherwise.ty);
            let value = lowering.settled(value, ty, span)?;
            Ok((value, std::mem::replace(&mut lowering.variables, before.clone())))
        })?;
        let mut join = Join::default();
        for variable in before.keys() {
            let (a, b) = (&then_variables[variable], &else_variables[variable]);
            let name = self.function.variables[*variable].name.to_string();
            let joined = self.joined(a, b, &name, &mut join, span)?;
            self.variables.insert(*variable, joined);
        }
        let value = self.joined(&then_value, &else_value, "chosen", &mut join, span)?;
        let Join { outs, then, otherwise } = join;
        let then = Region { id: then_id, statements: then_statements, yields: then };
        let otherwise = Region { id: else_id, statements: else_statements, yields: otherwise };
        self.push(StatementKind::If { condition, then, otherwise, outs }, span);
        Ok(value)
    }

    /// The value of a branch: a number read from a memory is read inside.
    fn settled(&mut self, meaning: Meaning<'t, 'a>, ty: &Ty, span: Span) -> Lowered<Meaning<'t, 'a>> {
        match (meaning, self.function.types.peeled(ty)) {
            (place @ Meaning::Place(_), Ty::Float(_)) => Ok(Meaning::Atom(self.scalar(place, span)?)),
            (Meaning::Place(_), _) => unsupported("a part of a sequence as the value of a branch", span),
            (Meaning::Tuple(parts), Ty::Tuple(types)) => {
                let parts = parts.into_iter().zip(&types).map(|(part, ty)| self.settled(part, ty, span));
                Ok(Meaning::Tuple(parts.collect::<Lowered<_>>()?))
            }
            (Meaning::Tuple(_), _) => unsupported("this value of a branch", span),
            (other, _) => Ok(other),
        }
    }

    /// What is the one after one branch, and the other after the other.
    fn joined(
        &mut self,
        a: &Meaning<'t, 'a>,
        b: &Meaning<'t, 'a>,
        hint: &str,
        join: &mut Join,
        span: Span,
    ) -> Lowered<Meaning<'t, 'a>> {
        match (a, b) {
            (Meaning::Atom(a), Meaning::Atom(b)) if same(a, b) => Ok(Meaning::Atom(a.clone())),
            (Meaning::Atom(a), Meaning::Atom(b)) => {
                let active = self.is_active(a) || self.is_active(b);
                let class = match (self.class_of(a), self.class_of(b)) {
                    (Some(class), _) | (None, Some(class)) => class,
                    (None, None) => Class::Float,
                };
                let out = self.value(hint, class, active);
                join.outs.push(out);
                join.then.push(a.clone());
                join.otherwise.push(b.clone());
                Ok(Meaning::Atom(Atom::Value(out)))
            }
            (Meaning::Tuple(a), Meaning::Tuple(b)) if a.len() == b.len() => {
                let parts = a
                    .iter()
                    .zip(b)
                    .map(|(a, b)| self.joined(a, b, hint, join, span))
                    .collect::<Lowered<_>>()?;
                Ok(Meaning::Tuple(parts))
            }
            (Meaning::Unit, Meaning::Unit) => Ok(Meaning::Unit),
            // A closure cannot be assigned to; a reference can, and may then be another in each branch.
            (closure @ Meaning::Closure(..), Meaning::Closure(..)) => Ok(closure.clone()),
            (Meaning::Place(a), Meaning::Place(b)) if format!("{a:?}") == format!("{b:?}") => {
                Ok(Meaning::Place(a.clone()))
            }
            _ => unsupported("a value that differs in shape between branches", span),
        }
    }

    fn class_of(&self, atom: &Atom) -> Option<Class> {
        match atom {
            Atom::Value(id) => Some(self.values[id.0].class),
            Atom::Literal(_) => None,
        }
    }

    // --- loops

    pub(super) fn for_loop(
        &mut self,
        pattern: &'t Pattern<'a>,
        iterator: &'t Expr<'a>,
        body: &'t Block<'a>,
        span: Span,
    ) -> Lowered<Meaning<'t, 'a>> {
        let assigned = self.assigned_in(body)?;
        let view = self.view(iterator)?;
        self.repeat(&view, &assigned, span, |lowering, item| {
            lowering.bind(pattern, pattern.written, item)?;
            lowering.block(body)?;
            Ok(())
        })?;
        Ok(Meaning::Unit)
    }

    /// The variables from outside that a body assigns.
    fn assigned_in(&self, body: &'t Block<'a>) -> Lowered<Vec<usize>> {
        let mut assigned = BTreeSet::new();
        let mut other = None;
        visit_block(body, &mut |part| {
            let place = match &part.kind {
                Kind::Update { place, .. } | Kind::Assign { place, .. } => place,
                Kind::Binary { operator, left, .. } if super::passive::is_assigning(operator) => left,
                _ => return,
            };
            match &place.kind {
                Kind::Variable(variable) => drop(assigned.insert(variable.0)),
                _ => other = Some(place.span),
            }
        });
        match other {
            Some(span) => unsupported("an assignment to an element, field or reference", span),
            None => {
                Ok(assigned.into_iter().filter(|variable| self.variables.contains_key(variable)).collect())
            }
        }
    }

    // --- closures

    /// The body of a closure in the place of its call.
    pub(super) fn inlined(
        &mut self,
        closure: Meaning<'t, 'a>,
        arguments: Vec<Meaning<'t, 'a>>,
        span: Span,
    ) -> Lowered<Meaning<'t, 'a>> {
        let Meaning::Closure(closure, seen) = closure else {
            return unsupported("a call of this value", span);
        };
        let mut assigns = false;
        visit(&closure.body, &mut |part| {
            assigns |= matches!(part.kind, Kind::Update { .. } | Kind::Assign { .. });
            assigns |=
                matches!(&part.kind, Kind::Binary { operator, .. } if super::passive::is_assigning(operator));
        });
        if assigns {
            return unsupported("a closure that assigns", span);
        }
        let outside: Variables<'t, 'a> = std::mem::replace(&mut self.variables, seen);
        let bound = closure
            .inputs
            .iter()
            .zip(arguments)
            .try_for_each(|(input, argument)| self.bind(input, input.written, argument));
        let result = bound.and_then(|()| self.meaning(&closure.body));
        let result = result.and_then(|meaning| self.held(meaning, &closure.body));
        self.variables = outside;
        result
    }
}

/// The values in which two branches differ.
#[derive(Default)]
struct Join {
    outs: Vec<ValueId>,
    then: Vec<Atom>,
    otherwise: Vec<Atom>,
}

fn same(a: &Atom, b: &Atom) -> bool {
    match (a, b) {
        (Atom::Value(a), Atom::Value(b)) => a == b,
        (Atom::Literal(a), Atom::Literal(b)) => a.to_string() == b.to_string(),
        _ => false,
    }
}

/// A pattern without its type annotation.
fn plain(pattern: &syn::Pat) -> &syn::Pat {
    match pattern {
        syn::Pat::Type(typed) => &typed.pat,
        other => other,
    }
}
