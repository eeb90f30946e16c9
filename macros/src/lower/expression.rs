//! Expressions.

use super::passive::is_assigning;
use super::{Lowered, Lowering, Meaning, unsupported};
use crate::ir::{Atom, Class, Piece, StatementKind, Step};
use crate::tree::{Expr, Kind, Operation};
use crate::ty::Ty;
use proc_macro2::Span;
use quote::{ToTokens, quote};

impl<'t, 'a> Lowering<'t, 'a> {
    pub(super) fn meaning(&mut self, expression: &'t Expr<'a>) -> Lowered<Meaning<'t, 'a>> {
        let span = expression.span;
        match &expression.kind {
            // These may assign to variables, whether or not anything active takes part.
            Kind::Block(block) => self.block(block),
            Kind::If { condition, then, otherwise } => {
                self.branch(condition, then, otherwise.as_deref(), span)
            }
            Kind::For { pattern, iterator, body, .. } => self.for_loop(pattern, iterator, body, span),
            Kind::Assign { place, value } => self.assign(place, value),
            Kind::Update { place, operation, value, .. } => self.update(place, operation, value, span),
            Kind::Binary { operator, left, right } if is_assigning(operator) => {
                self.passive_update(operator, left, right, span)
            }
            Kind::Closure(closure) => Ok(Meaning::Closure(closure, self.variables.clone())),
            _ if !self.function.involves(expression) => self.passive(expression),
            Kind::Variable(variable) => self.variable(*variable, span),
            Kind::Paren(inner) | Kind::Reference(inner) | Kind::Deref(inner) => self.meaning(inner),
            Kind::Operation(operation) => self.float_operation(expression, operation),
            Kind::Tuple(parts) => {
                let parts = parts.iter().map(|part| self.meaning(part)).collect::<Lowered<_>>()?;
                Ok(Meaning::Tuple(parts))
            }
            Kind::Field { base, member } => match (self.meaning(base)?, member) {
                (Meaning::Tuple(parts), syn::Member::Unnamed(at)) => parts
                    .into_iter()
                    .nth(at.index as usize)
                    .map_or_else(|| unsupported("this field", span), Ok),
                (Meaning::Place(mut place), member) => {
                    place.steps.push(Step::Field(member.to_token_stream()));
                    Ok(Meaning::Place(place))
                }
                _ => unsupported("this field", span),
            },
            Kind::Index { base, index, .. } => {
                let Meaning::Place(mut place) = self.meaning(base)? else {
                    return unsupported("an index into this value", span);
                };
                // The index has a value of its own, so that it is computed once.
                let template = self.template(index)?;
                let step = if matches!(self.function.types.shallow(&index.ty), Ty::Range) {
                    template
                } else {
                    let atom = self.evaluated(template, Class::Scalar, "at", index);
                    super::passive::template(vec![Piece::Atom(atom)])
                };
                place.steps.push(Step::Index(step));
                Ok(Meaning::Place(place))
            }
            Kind::Cast { value, .. } if matches!(self.function.types.peeled(&value.ty), Ty::Float(_)) => {
                self.meaning(value)
            }
            Kind::Apply { closure, arguments } => {
                let closure = self.variable(*closure, span)?;
                let arguments = arguments
                    .iter()
                    .map(|argument| self.meaning(&argument.value))
                    .collect::<Lowered<Vec<_>>>()?;
                self.inlined(closure, arguments, span)
            }
            Kind::Total { operation, receiver, .. } => self.total(operation, receiver, span),
            Kind::Method { call, receiver, arguments } if call.method == "fold" => {
                self.fold(receiver, arguments, span)
            }
            Kind::StopGradient(inner) => {
                let meaning = self.meaning(inner)?;
                let atom = self.scalar(meaning, span)?;
                let template = super::passive::template(vec![Piece::Atom(atom)]);
                Ok(Meaning::Atom(self.evaluated(template, Class::Float, "stopped", expression)))
            }
            Kind::Compare { .. }
            | Kind::Not(_)
            | Kind::Binary { .. }
            | Kind::Minus(_)
            | Kind::Predicate { .. } => {
                let template = self.template(expression)?;
                Ok(Meaning::Atom(self.evaluated(template, Class::Scalar, "test", expression)))
            }
            Kind::Cast { .. } | Kind::Method { .. } => {
                let class = super::class(&self.function.types.peeled(&expression.ty));
                if self.function.types.is_active(&expression.ty) || class == Class::Data {
                    return unsupported("this method", span);
                }
                let template = self.template(expression)?;
                Ok(Meaning::Atom(self.evaluated(template, class, "k", expression)))
            }
            Kind::Call { .. } => unsupported("a call of another function", span),
            Kind::While { .. } | Kind::Loop { .. } => unsupported("a `while` or `loop`", span),
            Kind::Break { .. } | Kind::Return(_) => unsupported("leaving early", span),
            Kind::Match { .. } | Kind::Let { .. } => unsupported("a `match` or `if let`", span),
            Kind::List { .. } | Kind::Repeat { .. } | Kind::Standard { .. } => {
                unsupported("an array or `Vec`", span)
            }
            Kind::Debug { .. } | Kind::Format { .. } => unsupported("a macro that makes text", span),
            Kind::Into(_) => unsupported("numbers in the place of values", span),
            Kind::Show { .. } => {
                let template = self.verbatim(expression)?;
                self.push(StatementKind::Passive { out: None, template }, span);
                Ok(Meaning::Unit)
            }
            Kind::Function { .. } => unsupported("a function as a value", span),
            Kind::Range { .. } | Kind::Opaque => unsupported("this expression", span),
        }
    }

    /// A number.
    pub(super) fn number(&mut self, expression: &'t Expr<'a>) -> Lowered<Atom> {
        let meaning = self.meaning(expression)?;
        let float = matches!(self.function.types.peeled(&expression.ty), Ty::Float(_));
        if matches!(meaning, Meaning::Place(_)) && !float {
            return unsupported("a part of a sequence as a number", expression.span);
        }
        self.scalar(meaning, expression.span)
    }

    fn float_operation(
        &mut self,
        expression: &'t Expr<'a>,
        operation: &'t Operation<'a>,
    ) -> Lowered<Meaning<'t, 'a>> {
        let span = operation.span;
        let name = self.function.sites[operation.site.0].name.clone();
        let hint = name.as_deref().filter(|name| syn::parse_str::<syn::Ident>(name).is_ok()).unwrap_or("t");
        let operands =
            operation.operands.iter().map(|operand| self.number(operand)).collect::<Lowered<Vec<_>>>()?;
        let numbers = if operation.name == "powi" { &operands[..1] } else { &operands[..] };
        if numbers.iter().any(|operand| self.is_data(operand)) {
            return unsupported("a number behind a reference", span);
        }
        let one = || Atom::Literal(quote!(1.0));
        Ok(Meaning::Atom(match (operation.name, operands.as_slice()) {
            ("recip", [a]) => self.operation("div", vec![one(), a.clone()], hint, span),
            ("log", [a, base]) => {
                let a = self.operation("ln", vec![a.clone()], "t", span);
                let base = self.operation("ln", vec![base.clone()], "t", span);
                self.operation("div", vec![a, base], hint, span)
            }
            ("sin_cos", [a]) => {
                let parts = ["sin", "cos"].map(|name| self.operation(name, vec![a.clone()], "t", span));
                return Ok(Meaning::Tuple(parts.map(Meaning::Atom).to_vec()));
            }
            ("powi", [_, n]) => {
                // The rule takes the exponent as a number.
                let template = super::passive::template(vec![
                    super::passive::tokens(quote!(f64::from)),
                    super::passive::template(vec![Piece::Atom(n.clone())]).into(),
                ]);
                let n = self.evaluated(template, Class::Float, "n", expression);
                self.operation("powi", vec![operands[0].clone(), n], hint, span)
            }
            (name, _) => self.operation(name, operands, hint, span),
        }))
    }

    // --- assignments

    fn assign(&mut self, place: &'t Expr<'a>, value: &'t Expr<'a>) -> Lowered<Meaning<'t, 'a>> {
        let Kind::Variable(variable) = &place.kind else {
            return unsupported("an assignment to an element, field or reference", place.span);
        };
        let meaning = self.meaning(value)?;
        let meaning = self.held(meaning, value)?;
        self.variables.insert(variable.0, meaning);
        Ok(Meaning::Unit)
    }

    /// What a variable holds: a number read from a memory is read now.
    pub(super) fn held(&mut self, meaning: Meaning<'t, 'a>, of: &Expr<'a>) -> Lowered<Meaning<'t, 'a>> {
        match meaning {
            Meaning::Place(place) if matches!(self.function.types.shallow(&of.ty), Ty::Float(_)) => {
                Ok(Meaning::Atom(self.scalar(Meaning::Place(place), of.span)?))
            }
            other => Ok(other),
        }
    }

    fn update(
        &mut self,
        place: &'t Expr<'a>,
        operation: &'static str,
        value: &'t Expr<'a>,
        span: Span,
    ) -> Lowered<Meaning<'t, 'a>> {
        let Kind::Variable(variable) = &place.kind else {
            return unsupported("an assignment to an element, field or reference", place.span);
        };
        let value = self.number(value)?;
        let Meaning::Atom(old) = self.variable(*variable, span)? else {
            return unsupported("an assignment to this variable", span);
        };
        if self.is_data(&value) || self.is_data(&old) {
            return unsupported("a number behind a reference", span);
        }
        let name = self.function.variables[variable.0].name.to_string();
        let new = self.operation(operation, vec![old, value], &name, span);
        self.variables.insert(variable.0, Meaning::Atom(new));
        Ok(Meaning::Unit)
    }

    /// `n += 1` of an integer.
    fn passive_update(
        &mut self,
        operator: &syn::BinOp,
        place: &'t Expr<'a>,
        value: &'t Expr<'a>,
        span: Span,
    ) -> Lowered<Meaning<'t, 'a>> {
        let Kind::Variable(variable) = &place.kind else {
            return unsupported("an assignment to an element, field or reference", place.span);
        };
        let Meaning::Atom(old) = self.variable(*variable, span)? else {
            return unsupported("an assignment to this variable", span);
        };
        if matches!(&old, Atom::Value(id) if self.values[id.0].class == Class::Data) {
            return unsupported("an assignment to this variable", span);
        }
        let text = operator.to_token_stream().to_string();
        let plain: proc_macro2::TokenStream = text.trim_end_matches('=').parse().unwrap_or_default();
        let value = self.template(value)?;
        let template =
            super::passive::template(vec![Piece::Atom(old), super::passive::tokens(plain), value.into()]);
        let name = self.function.variables[variable.0].name.to_string();
        let new = self.evaluated(template, Class::Scalar, &name, place);
        self.variables.insert(variable.0, Meaning::Atom(new));
        Ok(Meaning::Unit)
    }
}
