//! Passive expressions: the user's tokens where nothing active takes part, a template around atoms where only their
//! numbers are looked at.

use super::visit::visit;
use super::{Lowered, Lowering, Meaning, class, unsupported};
use crate::ir::{Atom, Class, Piece, Region, StatementKind, Template};
use crate::tree::{Expr, Kind, VariableId};
use crate::ty::Ty;
use proc_macro2::{Ident, TokenStream};
use quote::{ToTokens, quote};

/// Methods of the standard library that compute from their operands alone.
const PURE: &[&str] =
    &["rev", "len", "is_empty", "abs", "min", "max", "pow", "clone", "abs_diff", "saturating_sub"];

impl<'t, 'a> Lowering<'t, 'a> {
    /// A passive value.
    pub(super) fn passive(&mut self, expression: &'t Expr<'a>) -> Lowered<Meaning<'t, 'a>> {
        match &expression.kind {
            Kind::Variable(variable) => return self.variable(*variable, expression.span),
            Kind::Paren(inner) => return self.passive(inner),
            Kind::Opaque if matches!(expression.written, syn::Expr::Lit(_)) => {
                return Ok(Meaning::Atom(Atom::Literal(expression.written.to_token_stream())));
            }
            _ => {}
        }
        let template = self.template(expression)?;
        let ty = self.function.types.shallow(&expression.ty);
        if ty == Ty::Unit || ty == Ty::Never {
            self.push(StatementKind::Passive { out: None, template }, expression.span);
            return Ok(Meaning::Unit);
        }
        Ok(Meaning::Atom(self.evaluated(template, class(&ty), "k", expression)))
    }

    /// A value computed by a template.
    pub(super) fn evaluated(&mut self, template: Template, class: Class, hint: &str, at: &Expr<'a>) -> Atom {
        let out = self.value(hint, class, false);
        self.push(StatementKind::Passive { out: Some(out), template }, at.span);
        Atom::Value(out)
    }

    /// The template of an expression whose value is passive.
    pub(super) fn template(&mut self, expression: &'t Expr<'a>) -> Lowered<Template> {
        if !self.function.involves(expression) {
            return self.verbatim(expression);
        }
        let span = expression.span;
        match &expression.kind {
            Kind::Paren(inner) => self.template(inner),
            Kind::Binary { operator: operator @ (syn::BinOp::And(_) | syn::BinOp::Or(_)), left, right } => {
                let atom = self.short_circuit(matches!(operator, syn::BinOp::And(_)), left, right)?;
                Ok(template(vec![Piece::Atom(atom)]))
            }
            Kind::Compare { operator, left, right } | Kind::Binary { operator, left, right } => {
                let (left, right) = (self.template(left)?, self.template(right)?);
                Ok(template(vec![left.into(), tokens(operator), right.into()]))
            }
            Kind::Not(inner) => Ok(template(vec![tokens(quote!(!)), self.template(inner)?.into()])),
            Kind::Minus(inner) => Ok(template(vec![tokens(quote!(-)), self.template(inner)?.into()])),
            Kind::Cast { value, to } => {
                Ok(template(vec![self.template(value)?.into(), tokens(quote!(as #to))]))
            }
            Kind::Predicate { call, receiver, arguments } => {
                let method = &call.method;
                let mut pieces = vec![self.template(receiver)?.into(), tokens(quote!(.#method))];
                match arguments.as_slice() {
                    [] => pieces.push(tokens(quote!(()))),
                    [_] => return unsupported("a comparison by method", span),
                    _ => return unsupported("this predicate", span),
                }
                Ok(template(pieces))
            }
            Kind::Method { call, receiver, arguments } if arguments.is_empty() => {
                let method = &call.method;
                if !matches!(method.to_string().as_str(), "len" | "is_empty") {
                    return unsupported("this method", call.method.span());
                }
                let Meaning::Place(place) = self.meaning(receiver)? else {
                    return unsupported("the length of this value", span);
                };
                Ok(template(vec![Piece::Place(place), tokens(quote!(.#method()))]))
            }
            Kind::Method { call, .. } if call.method != "fold" => {
                unsupported("this method", call.method.span())
            }
            _ => {
                let meaning = self.meaning(expression)?;
                let atom = self.scalar(meaning, span)?;
                Ok(template(vec![Piece::Atom(atom)]))
            }
        }
    }

    /// `a && b` and `a || b`: what is on the right may not be looked at.
    fn short_circuit(&mut self, and: bool, left: &'t Expr<'a>, right: &'t Expr<'a>) -> Lowered<Atom> {
        let span = left.span;
        let condition = self.number(left)?;
        let (looked, statements, right) = self.region(|lowering| lowering.number(right))?;
        let (skipped, _, ()) = self.region(|_| Ok(()))?;
        let looked = Region { id: looked, statements, yields: vec![right] };
        let known = if and { quote!(false) } else { quote!(true) };
        let skipped = Region { id: skipped, statements: Vec::new(), yields: vec![Atom::Literal(known)] };
        let (then, otherwise) = if and { (looked, skipped) } else { (skipped, looked) };
        let out = self.value("test", Class::Scalar, false);
        self.push(StatementKind::If { condition, then, otherwise, outs: vec![out] }, span);
        Ok(Atom::Value(out))
    }

    /// Behind how many references the user has a variable; here it is the number itself.
    fn references(&self, variable: VariableId) -> usize {
        let mut depth = 0;
        let mut ty = self.function.types.shallow(&self.function.variables[variable.0].ty);
        while let Ty::Ref { inner, .. } = ty {
            depth += 1;
            ty = self.function.types.shallow(&inner);
        }
        depth
    }

    /// The user's tokens, and what the names in them stand for.
    pub(super) fn verbatim(&mut self, expression: &'t Expr<'a>) -> Lowered<Template> {
        let mut found = Found::default();
        visit(expression, &mut |part| found.look(part));
        if let Some((construct, span)) = found.refused {
            return unsupported(construct, span);
        }
        let mut names: Vec<(Ident, Atom, usize)> = Vec::new();
        for variable in found.variables {
            let name = &self.function.variables[variable.0].name;
            if names.iter().any(|(known, ..)| known == name) {
                continue;
            }
            match self.variables.get(&variable.0) {
                // Bound inside the expression itself.
                None => {}
                // What keeps its own name needs no other.
                Some(Meaning::Atom(Atom::Value(id))) if self.values[id.0].class == Class::Data => {}
                Some(Meaning::Atom(atom)) => {
                    names.push((name.clone(), atom.clone(), self.references(variable)));
                }
                // A parameter keeps its name too.
                Some(Meaning::Place(place)) if place.steps.is_empty() => {}
                Some(_) => return unsupported("a tuple or closure in a passive expression", expression.span),
            }
        }
        let pieces = vec![Piece::Tokens(expression.written.to_token_stream())];
        Ok(Template { pieces, names, pure: !found.impure })
    }
}

/// What a passive expression mentions and does.
#[derive(Default)]
struct Found {
    variables: Vec<VariableId>,
    impure: bool,
    refused: Option<(&'static str, proc_macro2::Span)>,
}

impl Found {
    fn look(&mut self, part: &Expr<'_>) {
        match &part.kind {
            Kind::Variable(variable) => self.variables.push(*variable),
            Kind::Show { variables, .. } => {
                self.variables.extend(variables);
                self.impure = true;
            }
            Kind::Opaque if !matches!(part.written, syn::Expr::Lit(_) | syn::Expr::Path(_)) => {
                self.refused = Some(("this passive expression", part.span));
            }
            Kind::Method { call, .. } => self.impure |= !PURE.contains(&call.method.to_string().as_str()),
            Kind::Debug { .. } | Kind::Format { .. } => {
                self.refused = Some(("a macro that makes text", part.span));
            }
            Kind::Update { .. } | Kind::Assign { .. } => {
                self.refused = Some(("an assignment inside", part.span));
            }
            Kind::Binary { operator, .. } if is_assigning(operator) => {
                self.refused = Some(("an assignment inside", part.span));
            }
            Kind::Break { .. } | Kind::Return(_) => self.refused = Some(("leaving early", part.span)),
            Kind::Opaque
            | Kind::Operation(_)
            | Kind::Compare { .. }
            | Kind::Binary { .. }
            | Kind::Not(_)
            | Kind::Minus(_)
            | Kind::Deref(_)
            | Kind::Predicate { .. }
            | Kind::Cast { .. }
            | Kind::Index { .. }
            | Kind::Field { .. }
            | Kind::Reference(_)
            | Kind::Paren(_)
            | Kind::Tuple(_)
            | Kind::Range { .. } => {}
            _ => self.impure = true,
        }
    }
}

/// `+=` and the like.
pub(super) fn is_assigning(operator: &syn::BinOp) -> bool {
    operator.to_token_stream().to_string().ends_with('=')
        && !matches!(operator, syn::BinOp::Eq(_) | syn::BinOp::Ne(_) | syn::BinOp::Le(_) | syn::BinOp::Ge(_))
}

/// A pure template of pieces.
pub(super) fn template(pieces: Vec<Piece>) -> Template {
    let pure = pieces.iter().all(|piece| !matches!(piece, Piece::Template(template) if !template.pure));
    Template { pieces, names: Vec::new(), pure }
}

pub(super) fn tokens(tokens: impl ToTokens) -> Piece {
    let tokens: TokenStream = tokens.to_token_stream();
    Piece::Tokens(tokens)
}

impl From<Template> for Piece {
    fn from(template: Template) -> Piece {
        Piece::Template(template)
    }
}
