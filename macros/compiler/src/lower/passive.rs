//! Passive expressions: the user's tokens where nothing active takes part, a host expression around atoms where only their
//! numbers are looked at.

use super::replay::{ADAPTERS, SOURCES};
use super::{Lowered, Lowering, Meaning, class, unsupported};
use crate::ir::{Atom, Class, HostExpression, Name, Named, Piece, StatementKind, Uses};
use crate::reasons::Reason;
use crate::types::check::OF_INTEGERS;
use crate::types::tree::{Argument, Expr, Function, Kind, VariableId};
use crate::types::ty::{Sequence, Ty};
use crate::types::walk::visit;
use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, quote};
use std::collections::BTreeSet;

/// Methods of the standard library that compute from their operands alone.
pub(super) const PURE: &[&str] = &[
    "rev",
    "len",
    "is_empty",
    "abs",
    "min",
    "max",
    "pow",
    "clone",
    "abs_diff",
    "saturating_sub",
    "is_lt",
    "is_le",
    "is_gt",
    "is_ge",
    "is_eq",
    "is_ne",
    "div_ceil",
    "rem_euclid",
    "signum",
    "is_some",
    "is_none",
];

impl<'t, 'a> Lowering<'t, 'a> {
    /// A passive value.
    pub(super) fn passive(&mut self, expression: &'t Expr<'a>) -> Lowered<Meaning<'t, 'a>> {
        let expression = expression.unparenthesized();
        if let Some(variable) = expression.variable() {
            return self.variable(variable, expression.span);
        }
        // A number behind a reference is the number.
        if let Kind::Reference(inner) = &expression.kind
            && expression.lent().is_none()
            && self.function.types.shallow(&inner.ty).is_float()
        {
            return self.passive(inner);
        }
        if let Kind::Tuple(parts) = &expression.kind {
            let parts = parts.iter().map(|part| {
                let meaning = self.meaning(part)?;
                self.owned(meaning, &part.ty, part.span)
            });
            return Ok(Meaning::Tuple(parts.collect::<Lowered<_>>()?));
        }
        // An `Option` of numbers is a truth value and the number, as one of active numbers is.
        if let Kind::Standard { path, arguments } = &expression.kind
            && is_some(path)
            && let Ty::Option(inner) = self.function.types.peeled(&expression.ty)
            && matches!(self.function.types.shallow(&inner), Ty::Float(_) | Ty::Int | Ty::Bool)
            && let [argument] = arguments.as_slice()
        {
            let number = self.number(&argument.value)?;
            return Ok(Meaning::Option(Atom::truth(true), Box::new(Meaning::Atom(number))));
        }
        if let Kind::Opaque = expression.kind {
            if is_none(expression.written) {
                let Ty::Option(inner) = self.function.types.peeled(&expression.ty) else {
                    return unsupported(Reason::OptionType, expression.span);
                };
                let nothing = self.nothing(&inner);
                return Ok(Meaning::Option(Atom::truth(false), Box::new(nothing)));
            }
            if let syn::Expr::Lit(literal) = expression.written {
                return Ok(Meaning::Atom(Atom::Literal(crate::ir::Literal::Written(literal.lit.clone()))));
            }
        }
        // Iterators are run where they are consumed.
        if matches!(self.function.types.shallow(&expression.ty), Ty::Iter(_) | Ty::Range)
            && let Ok(source) = self.source(expression)
        {
            return Ok(Meaning::Iterator(source.into()));
        }
        let host = self.host(expression)?;
        self.passive_statement(expression, host)
    }

    /// Whether the user's own tokens compute an expression: nothing active takes part, and what its variables hold has a
    /// name in generated code.
    pub(super) fn is_verbatim(&self, expression: &'t Expr<'a>) -> bool {
        if self.function.involves(expression) {
            return false;
        }
        // A storage of the body's own is only looked at by the user's tokens.
        let (mut stored, mut changes) = (false, false);
        let mut verbatim = true;
        visit(expression, &mut |part| {
            // It leaves the function, unless it stands in a closure.
            verbatim &= !matches!(part.kind, Kind::Try(_)) || !super::leaving::leaves(expression.written);
            changes |= part.assigned().is_some() || part.lent().is_some();
            if let Kind::Method { call, .. } = &part.kind {
                let name = call.method.to_string();
                changes |= super::replay::changes(&name) || name.ends_with("_mut");
            }
            // `let f = f64::sin;`: the name is not there.
            verbatim &= !(matches!(part.kind, Kind::Operation(_)) && calls_a_name(part.written));
            let Kind::Variable(variable) = &part.kind else { return };
            verbatim &= match self.variables.get(&variable.0) {
                None | Some(Meaning::Atom(_)) => true,
                Some(Meaning::Place(place)) => {
                    stored |= self.is_local(place);
                    true
                }
                Some(
                    Meaning::Unit
                    | Meaning::Tuple(_)
                    | Meaning::List(_)
                    | Meaning::Option(..)
                    | Meaning::Never
                    | Meaning::Passive(_)
                    | Meaning::Borrow(_)
                    | Meaning::Iterator(_)
                    | Meaning::Closure(..)
                    | Meaning::Function(..),
                ) => false,
            };
        });
        verbatim && !(stored && changes)
    }

    /// The host expression of a statement in which nothing active takes part and which changes nothing but data of the user's.
    pub(super) fn all_passive(&mut self, expression: &'t Expr<'a>) -> Option<HostExpression> {
        if !self.is_verbatim(expression) {
            return None;
        }
        self.verbatim(expression).ok()
    }

    /// The host expression of an expression that gives data and only looks at active numbers, which are plain numbers here: the user's
    /// own tokens compute it.
    pub(super) fn data_of_numbers(&mut self, expression: &'t Expr<'a>) -> Option<HostExpression> {
        if !self.gives_data(expression) {
            return None;
        }
        let mut has_names = true;
        visit(expression, &mut |part| {
            if let Some(variable) = part.variable() {
                let meaning = self.variables.get(&variable.0);
                has_names &= matches!(meaning, None | Some(Meaning::Atom(_) | Meaning::Place(_)));
            }
        });
        if !has_names {
            return None;
        }
        self.verbatim(expression).ok().map(impure)
    }

    /// Whether an expression gives data that is no number, or changes data.
    fn gives_data(&self, expression: &'t Expr<'a>) -> bool {
        let types = &self.function.types;
        let ty = types.shallow(&expression.ty);
        match &ty {
            Ty::Sequence(_, element) => !types.is_active(&ty) && !gives_lists(expression, element, self),
            Ty::Data | Ty::F32 => true,
            // `order.sort_by(|a, b| xs[*a].total_cmp(&xs[*b]));`
            Ty::Unit => {
                let Kind::Method { receiver, .. } = &expression.kind else { return false };
                crate::types::walk::root_variable(receiver).is_some_and(|root| {
                    matches!(self.variables.get(&root), Some(Meaning::Atom(atom)) if self.is_data(atom))
                })
            }
            Ty::Ref { mutable, .. } => !mutable && !types.is_active(&ty),
            Ty::Tuple(parts) => {
                !types.is_active(&ty) && parts.iter().any(|part| class(&types.peeled(part)) == Class::Data)
            }
            // A choice of what surrounds the function, or a part of it.
            Ty::Unknown(_) => {
                let chooses = matches!(
                    expression.kind,
                    Kind::If { .. }
                        | Kind::Match { .. }
                        | Kind::Block(_)
                        | Kind::Index { .. }
                        | Kind::Method { .. }
                );
                chooses && types.is_foreign(&ty)
            }
            Ty::Option(_) => !types.is_active(&ty) && self.is_part_of_data(expression),
            Ty::Int | Ty::Bool => searches_sorted(expression),
            Ty::Float(_) | Ty::Never | Ty::Range | Ty::Iter(_) | Ty::Closure(..) | Ty::Struct(_) => false,
        }
    }

    /// `get`, `first` and `last` of data, which may be copied.
    fn is_part_of_data(&self, expression: &'t Expr<'a>) -> bool {
        let Kind::Method { call, receiver, .. } = &expression.unparenthesized().kind else { return false };
        let method = call.method.to_string();
        if matches!(method.as_str(), "copied" | "cloned") {
            return self.is_part_of_data(receiver);
        }
        let root = crate::types::walk::root_variable(receiver).and_then(|root| self.variables.get(&root));
        let is_stored = matches!(root, Some(Meaning::Place(_) | Meaning::List(_)));
        let is_iterator = matches!(self.function.types.peeled(&receiver.ty), Ty::Iter(_) | Ty::Range);
        matches!(method.as_str(), "get" | "first" | "last")
            && !is_stored
            && !is_iterator
            && self.is_verbatim(receiver)
    }

    pub(super) fn passive_statement(
        &mut self,
        expression: &'t Expr<'a>,
        host: HostExpression,
    ) -> Lowered<Meaning<'t, 'a>> {
        self.must_run(expression.span)?;
        let ty = self.function.types.shallow(&expression.ty);
        if ty == Ty::Unit || ty == Ty::Never {
            self.push(StatementKind::Passive { out: None, host }, expression.span);
            return Ok(if ty == Ty::Never { Meaning::Never } else { Meaning::Unit });
        }
        Ok(Meaning::Atom(self.evaluated(host, class(&ty), "k", expression)))
    }

    /// A value computed by a host expression.
    pub(super) fn evaluated(
        &mut self,
        host: HostExpression,
        class: Class,
        hint: &str,
        at: &Expr<'a>,
    ) -> Atom {
        self.computed(host, class, hint, at.span)
    }

    /// The host expression of an expression whose value is passive.
    pub(super) fn host(&mut self, expression: &'t Expr<'a>) -> Lowered<HostExpression> {
        let mut host = self.unplaced(expression)?;
        host.span = Some(expression.span);
        Ok(host)
    }

    fn unplaced(&mut self, expression: &'t Expr<'a>) -> Lowered<HostExpression> {
        if self.is_verbatim(expression) {
            match self.verbatim(expression) {
                // Where a part changes numbers, the parts are taken one after the other.
                Err(_) if goes_by_parts(expression) => {}
                result => return result,
            }
        }
        let span = expression.span;
        match &expression.kind {
            Kind::Paren(inner) => self.host(inner),
            Kind::Binary { operator: operator @ (syn::BinOp::And(_) | syn::BinOp::Or(_)), left, right } => {
                let atom = self.short_circuit(matches!(operator, syn::BinOp::And(_)), left, right)?;
                Ok(host(vec![Piece::Atom(atom)]))
            }
            Kind::Compare { operator, left, right } | Kind::Binary { operator, left, right } => {
                let (left, right) = (self.host(left)?, self.host(right)?);
                Ok(host(vec![left.into(), tokens(operator), right.into()]))
            }
            Kind::Not(inner) => Ok(host(vec![tokens(quote!(!)), self.host(inner)?.into()])),
            Kind::Minus(inner) => Ok(host(vec![tokens(quote!(-)), self.host(inner)?.into()])),
            Kind::Cast { value, to } => Ok(host(vec![self.host(value)?.into(), tokens(quote!(as #to))])),
            Kind::Predicate { call, receiver, arguments } => {
                self.host_of_predicate(&call.method, receiver, arguments, span)
            }
            Kind::Range { start, limits, end } => {
                let mut pieces = Vec::new();
                for (at, bound) in [start, end].into_iter().enumerate() {
                    if at == 1 {
                        pieces.push(tokens(limits));
                    }
                    if let Some(bound) = bound {
                        pieces.push(self.host(bound)?.into());
                    }
                }
                Ok(host(pieces))
            }
            Kind::Method { call, receiver, .. } if call.method == "len" || call.method == "is_empty" => {
                self.host_of_length(&call.method, receiver, span)
            }
            Kind::Method { call, receiver, arguments } if call.method == "contains" => {
                self.host_of_contains(&call.method, receiver, arguments)
            }
            // A method of an integer, a truth value or an ordering.
            Kind::Method { call, receiver, arguments } if self.is_plain_data(receiver) => {
                self.host_of_method(call, receiver, arguments)
            }
            Kind::Opaque
            | Kind::Variable(_)
            | Kind::Operation(_)
            | Kind::Operator { .. }
            | Kind::Update { .. }
            | Kind::Assign { .. }
            | Kind::Deref(_)
            | Kind::Method { .. }
            | Kind::Total { .. }
            | Kind::Call { .. }
            | Kind::Apply { .. }
            | Kind::Standard { .. }
            | Kind::StopGradient(_)
            | Kind::Into(_)
            | Kind::Index { .. }
            | Kind::Field { .. }
            | Kind::Reference(_)
            | Kind::Tuple(_)
            | Kind::Struct(_)
            | Kind::List { .. }
            | Kind::Repeat { .. }
            | Kind::Block(_)
            | Kind::If { .. }
            | Kind::Let { .. }
            | Kind::Match { .. }
            | Kind::For { .. }
            | Kind::While { .. }
            | Kind::Loop { .. }
            | Kind::Break { .. }
            | Kind::Return(_)
            | Kind::Closure(_)
            | Kind::Function { .. }
            | Kind::Debug { .. }
            | Kind::Format { .. }
            | Kind::Try(_)
            | Kind::Plain(_)
            | Kind::Show { .. } => {
                let meaning = self.meaning(expression)?;
                let atom = self.scalar(meaning, span)?;
                Ok(host(vec![Piece::Atom(atom)]))
            }
        }
    }

    fn host_of_predicate(
        &mut self,
        method: &Ident,
        receiver: &'t Expr<'a>,
        arguments: &'t [Expr<'a>],
        span: Span,
    ) -> Lowered<HostExpression> {
        let mut pieces = vec![self.host(receiver)?.into(), tokens(quote!(.#method))];
        match arguments {
            [] => pieces.push(tokens(quote!(()))),
            [other] => {
                let other = self.host(other)?;
                pieces.push(host(vec![tokens(quote!(&)), other.into()]).into());
            }
            _ => return unsupported(Reason::Predicate(method.to_string()), span),
        }
        Ok(host(pieces))
    }

    /// `len` and `is_empty`.
    fn host_of_length(
        &mut self,
        method: &Ident,
        receiver: &'t Expr<'a>,
        span: Span,
    ) -> Lowered<HostExpression> {
        let meaning = self.meaning(receiver)?;
        let looked = if let Meaning::Place(place) = meaning {
            Piece::Place(place)
        } else if let Meaning::List(parts) = meaning {
            let length = proc_macro2::Literal::usize_unsuffixed(parts.len());
            tokens(quote!([(); #length]))
        } else {
            return unsupported(Reason::Length(self.described(&meaning)), span);
        };
        Ok(host(vec![looked, tokens(quote!(.#method()))]))
    }

    /// Whether a number is in a range, or among the elements of a sequence.
    fn host_of_contains(
        &mut self,
        method: &Ident,
        receiver: &'t Expr<'a>,
        arguments: &'t [Argument<'a>],
    ) -> Lowered<HostExpression> {
        let span = method.span();
        let [wanted] = arguments else { return unsupported(Reason::Method(method.to_string()), span) };
        let is_range = matches!(receiver.unparenthesized().kind, Kind::Range { .. });
        let looked = if is_range || self.is_verbatim(receiver) {
            self.host(receiver)?.into()
        } else {
            match self.meaning(receiver)? {
                Meaning::Place(place) => Piece::Place(place),
                list @ Meaning::List(_) => Piece::Place(self.materialized(&list, "list", span)?),
                Meaning::Unit
                | Meaning::Atom(_)
                | Meaning::Tuple(_)
                | Meaning::Option(..)
                | Meaning::Never
                | Meaning::Passive(_)
                | Meaning::Borrow(_)
                | Meaning::Iterator(_)
                | Meaning::Closure(..)
                | Meaning::Function(..) => return unsupported(Reason::Method(method.to_string()), span),
            }
        };
        let wanted = if self.is_verbatim(&wanted.value) {
            self.host(&wanted.value)?
        } else {
            host(vec![tokens(quote!(&)), Piece::Atom(self.number(&wanted.value)?)])
        };
        Ok(host(vec![looked, tokens(quote!(.#method)), host(vec![wanted.into()]).into()]))
    }

    fn host_of_method(
        &mut self,
        call: &syn::ExprMethodCall,
        receiver: &'t Expr<'a>,
        arguments: &'t [Argument<'a>],
    ) -> Lowered<HostExpression> {
        let (method, turbofish) = (&call.method, &call.turbofish);
        let mut inner = Vec::new();
        for argument in arguments {
            inner.push(self.host(&argument.value)?.into());
            inner.push(tokens(quote!(,)));
        }
        let pieces =
            vec![self.host(receiver)?.into(), tokens(quote!(.#method #turbofish)), host(inner).into()];
        let mut whole = host(pieces);
        let name = method.to_string();
        whole.pure &= PURE.contains(&name.as_str()) || self.is_integer_method(receiver, &name);
        Ok(whole)
    }

    /// `a && b` and `a || b`: what is on the right may not be looked at.
    /// Whether an expression is a method of an integer that computes from its operands alone.
    fn is_of_integer(&self, expression: &Expr<'a>) -> bool {
        let Kind::Method { call, receiver, .. } = &expression.kind else { return false };
        self.is_integer_method(receiver, &call.method.to_string())
    }

    fn is_integer_method(&self, receiver: &Expr<'a>, name: &str) -> bool {
        let known = OF_INTEGERS.contains(&name) || matches!(name, "cmp" | "partial_cmp");
        known && self.function.types.peeled(&receiver.ty) == Ty::Int
    }

    fn short_circuit(&mut self, and: bool, left: &'t Expr<'a>, right: &'t Expr<'a>) -> Lowered<Atom> {
        let span = left.span;
        let condition = self.number(left)?;
        let looked = |lowering: &mut Self| {
            let truth = lowering.number(right)?;
            Ok(Meaning::Atom(lowering.condition(truth, right.span)))
        };
        let skipped = |_: &mut Self| Ok(Meaning::Atom(Atom::truth(!and)));
        let both = if and {
            self.fork(condition, span, looked, skipped)?
        } else {
            self.fork(condition, span, skipped, looked)?
        };
        self.scalar(both, span)
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

    /// Variables whose names stand in tokens that only rustc understands.
    fn opaque(&self, expression: &Expr<'a>, found: &mut Found) {
        for (tokens, address) in std::mem::take(&mut found.opaque) {
            let mut lent = Vec::new();
            lent_in(tokens, &mut lent);
            let mentioned = self.function.mentioned.get(&address).map_or(&[][..], Vec::as_slice);
            for variable in mentioned {
                found.variables.push(*variable);
                if lent.contains(&self.function.variables[variable.0].name) {
                    found.assigned.push((variable.0, expression.span));
                }
            }
        }
    }

    /// The user's tokens, and what the names in them stand for.
    pub(super) fn verbatim(&mut self, expression: &'t Expr<'a>) -> Lowered<HostExpression> {
        if super::leaving::leaves(expression.written) {
            return unsupported(Reason::LeavingInside, expression.span);
        }
        let mut found = Found::default();
        visit(expression, &mut |part| found.look(part, self.is_of_integer(part)));
        self.opaque(expression, &mut found);
        for (variable, span) in &found.assigned {
            match self.variables.get(variable) {
                // Bound inside the expression, or the user's own data.
                None => {}
                Some(Meaning::Atom(atom)) if self.is_data(atom) => {}
                Some(_) => return unsupported(Reason::AssignmentInside, *span),
            }
        }
        if let Some((reason, span)) = found.refused {
            return unsupported(reason, span);
        }
        let mut names: Vec<Name> = Vec::new();
        let mut pure = true;
        for variable in found.variables {
            let ident = &self.function.variables[variable.0].name;
            if names.iter().any(|known| known.ident == *ident) {
                continue;
            }
            let stands_for = match self.variables.get(&variable.0) {
                // Bound inside the expression itself.
                None => continue,
                Some(Meaning::Atom(Atom::Value(id))) if self.values[id.0].class == Class::Data => {
                    let moves = self.owned.contains(id) && self.moved.contains(&ident.to_string());
                    pure &= !self.changing.contains(id) && !moves;
                    Named::Atom(Atom::Value(*id), 0)
                }
                Some(Meaning::Atom(atom)) => {
                    let float = matches!(
                        self.function.types.peeled(&self.function.variables[variable.0].ty),
                        Ty::Float(_)
                    );
                    let atom = if float { typed(atom) } else { atom.clone() };
                    // Of an item of something from outside only what is done with it tells behind how many references it is.
                    let taken_off = super::uses::dereferences(ident, &expression.written.to_token_stream());
                    Named::Atom(atom, self.references(variable).max(taken_off))
                }
                // A parameter keeps its name.
                Some(Meaning::Place(place)) if place.steps.is_empty() && !self.is_local(place) => continue,
                Some(Meaning::Place(place)) => {
                    let ty = self.function.types.shallow(&self.function.variables[variable.0].ty);
                    // Its elements are in a `Vec`, which is no `VecDeque` to the user's own tokens.
                    if let Ty::Sequence(Sequence::Deque, _) = self.function.types.peeled(&ty) {
                        return unsupported(Reason::Queue, expression.span);
                    }
                    if let Ty::Unknown(_) | Ty::Float(_) = ty {
                        Named::Copy(place.clone())
                    } else {
                        Named::Place(place.clone())
                    }
                }
                Some(_) => return unsupported(Reason::TupleInData(ident.to_string()), expression.span),
            };
            let uses = super::uses::uses_of(ident, expression.written);
            if matches!(uses, Uses::Bound) && self.is_renamed(&stands_for, ident) {
                return unsupported(Reason::ShadowedData(ident.to_string()), expression.span);
            }
            let is_bound = matches!(uses, Uses::Bound) && self.may_borrow(expression);
            let (stands_for, uses) =
                if is_bound { self.under_its_name(variable, stands_for)? } else { (stands_for, uses) };
            names.push(Name { ident: ident.clone(), stands_for, uses });
        }
        let pieces = vec![Piece::Tokens(expression.written.to_token_stream())];
        Ok(HostExpression { pieces, names, pure: pure && !found.impure, span: None })
    }

    /// Whether the value of an expression may borrow from the names in it: a closure, an iterator, what a function gives.
    fn may_borrow(&self, expression: &Expr<'a>) -> bool {
        let ty = self.function.types.shallow(&expression.ty);
        ty != Ty::Unit && ty != Ty::Never && class(&ty) == Class::Data
    }

    /// What a name stands for, in a variable that has this name in generated code too: a binding around the tokens would not live
    /// as long as a value that borrows from it.
    fn under_its_name(&mut self, variable: VariableId, stands_for: Named) -> Lowered<(Named, Uses)> {
        let name = self.function.variables[variable.0].name.clone();
        let itself = |named: Named| Ok((named, Uses::At(BTreeSet::new())));
        match &stands_for {
            Named::Atom(Atom::Value(id), _) if self.values[id.0].ident == name => return itself(stands_for),
            Named::Place(place) if self.storages[place.storage.0].ident == name => return itself(stands_for),
            Named::Atom(..) | Named::Place(_) | Named::Copy(_) => {}
        }
        if let Some((of, out)) = self.borrowed.get(&variable.0)
            && *of == format!("{stands_for:?}")
        {
            return itself(Named::Atom(Atom::Value(*out), 0));
        }
        if !self.data.insert(name.to_string()) || !self.renamed.insert(name.to_string()) {
            return unsupported(Reason::ShadowedData(name.to_string()), name.span());
        }
        self.free(&name);
        let pieces = match &stands_for {
            // A parameter keeps its name.
            Named::Atom(Atom::Value(id), 0) if !self.is_parameter(&self.values[id.0].ident) => {
                self.values[id.0].ident = name;
                return itself(stands_for);
            }
            Named::Place(place) if place.steps.is_empty() && self.is_local(place) => {
                self.storages[place.storage.0].ident = name;
                return itself(stands_for);
            }
            Named::Atom(atom, references) => {
                let ampersands = vec![quote!(&); *references];
                vec![tokens(quote!(#(#ampersands)*)), Piece::Atom(atom.clone())]
            }
            Named::Place(place) => vec![tokens(quote!(&)), Piece::Place(place.clone())],
            Named::Copy(place) => vec![Piece::Place(place.clone()), tokens(quote!(.clone()))],
        };
        let out = self.value_named(name.clone(), Class::Data, false);
        self.push(StatementKind::Passive { out: Some(out), host: host(pieces) }, name.span());
        self.borrowed.insert(variable.0, (format!("{stands_for:?}"), out));
        itself(Named::Atom(Atom::Value(out), 0))
    }

    fn is_parameter(&self, name: &Ident) -> bool {
        self.function.parameters.iter().any(|parameter| parameter.name == name)
    }

    /// What has a name only because the user's variable has it gets another.
    fn free(&mut self, name: &Ident) {
        let own = format!("{}_", super::stem(&name.to_string()));
        let values = self.values.iter_mut().map(|value| &mut value.ident);
        let storages = self.storages.iter_mut().map(|storage| &mut storage.ident);
        if let Some(holder) = values.chain(storages).find(|ident| **ident == own) {
            let names = (2..).map(|count| format!("{own}{count}"));
            let free = names.into_iter().find(|name| self.names.insert(name.clone())).unwrap_or_default();
            *holder = Ident::new(&format!("{free}_"), holder.span());
        }
        self.names.insert(super::stem(&name.to_string()).to_owned());
    }

    /// Data that has another name than the user gave it, since two variables of the body have that name.
    fn is_renamed(&self, stands_for: &Named, ident: &Ident) -> bool {
        match stands_for {
            Named::Atom(Atom::Value(id), _) => {
                let value = &self.values[id.0];
                value.class == Class::Data && value.ident != *ident
            }
            Named::Atom(Atom::Literal(_), _) | Named::Place(_) | Named::Copy(_) => false,
        }
    }
}

/// Whether an expression is a condition of which each part is a condition too, or a block.
fn goes_by_parts(expression: &Expr<'_>) -> bool {
    if let Kind::Paren(inner) | Kind::Not(inner) = &expression.kind {
        return goes_by_parts(inner);
    }
    matches!(
        expression.kind,
        Kind::Binary { operator: syn::BinOp::And(_) | syn::BinOp::Or(_), .. } | Kind::Block(_)
    )
}

/// A literal with its type, since a method may be called on it.
fn typed(atom: &Atom) -> Atom {
    match atom {
        Atom::Literal(literal) => Atom::Literal(literal.typed()),
        Atom::Value(_) => atom.clone(),
    }
}

/// What a passive expression mentions and does.
#[derive(Default)]
struct Found {
    variables: Vec<VariableId>,
    impure: bool,
    refused: Option<(Reason, Span)>,
    /// The variables that it assigns.
    assigned: Vec<(usize, Span)>,
    /// Expressions of which only the tokens are known.
    opaque: Vec<(TokenStream, usize)>,
}

impl Found {
    fn look(&mut self, part: &Expr<'_>, of_integer: bool) {
        match &part.kind {
            Kind::Variable(variable) => self.variables.push(*variable),
            Kind::Plain(variables) | Kind::Show { variables, .. } | Kind::Format { variables, .. } => {
                self.variables.extend(variables);
                self.impure = true;
            }
            Kind::Opaque if matches!(part.written, syn::Expr::Continue(_)) => self.impure = true,
            Kind::Opaque if !matches!(part.written, syn::Expr::Lit(_) | syn::Expr::Path(_)) => {
                self.impure = true;
                self.opaque.push((part.written.to_token_stream(), crate::types::tree::address(part.written)));
            }
            Kind::Method { call, .. } => {
                let name = call.method.to_string();
                let known = [PURE, SOURCES, ADAPTERS].iter().any(|pure| pure.contains(&name.as_str()));
                self.impure |= !known && !of_integer;
            }
            // What it is called on may be changed.
            Kind::Update { .. } | Kind::Assign { .. } | Kind::Binary { .. } | Kind::Reference(_) => {
                part.assigned().or(part.lent()).iter().for_each(|place| self.assigns(place));
            }
            // What a closure does is looked at where it stands in its body.
            Kind::Closure(_)
            | Kind::Opaque
            | Kind::Operation(_)
            | Kind::Compare { .. }
            | Kind::Not(_)
            | Kind::Minus(_)
            | Kind::Deref(_)
            | Kind::Predicate { .. }
            | Kind::Cast { .. }
            | Kind::Index { .. }
            | Kind::Field { .. }
            | Kind::Paren(_)
            | Kind::Tuple(_)
            | Kind::Struct(_)
            | Kind::Range { .. } => {}
            Kind::Try(_)
            | Kind::Total { .. }
            | Kind::Operator { .. }
            | Kind::Call { .. }
            | Kind::Apply { .. }
            | Kind::Standard { .. }
            | Kind::StopGradient(_)
            | Kind::Into(_)
            | Kind::List { .. }
            | Kind::Repeat { .. }
            | Kind::Block(_)
            | Kind::If { .. }
            | Kind::Let { .. }
            | Kind::Match { .. }
            | Kind::For { .. }
            | Kind::While { .. }
            | Kind::Loop { .. }
            | Kind::Break { .. }
            | Kind::Return(_)
            | Kind::Function { .. }
            | Kind::Debug { .. } => self.impure = true,
        }
    }
}

impl Found {
    fn assigns(&mut self, place: &Expr<'_>) {
        self.impure = true;
        // Without a variable it is a value that only the expression has, or what a method lends; whose it is, the names in it
        // tell.
        if let Some(variable) = crate::types::walk::root_variable(place) {
            self.assigned.push((variable, place.span));
        }
    }
}

/// Whether every branch gives an array of numbers that is written there: these are chosen one by one.
fn gives_lists<'a>(expression: &Expr<'a>, element: &Ty, lowering: &Lowering<'_, 'a>) -> bool {
    if !matches!(lowering.function.types.shallow(element), Ty::Float(_)) {
        return false;
    }
    let of_block = |block: &crate::types::tree::Block<'a>| {
        block.tail.as_ref().is_some_and(|tail| gives_lists(tail, element, lowering))
    };
    let expression = expression.unparenthesized();
    if let Kind::Block(block) = &expression.kind {
        of_block(block)
    } else if let Kind::If { then, otherwise: Some(otherwise), .. } = &expression.kind {
        of_block(then) && gives_lists(otherwise, element, lowering)
    } else if let Kind::Match { arms, .. } = &expression.kind {
        arms.iter().all(|arm| gives_lists(&arm.body, element, lowering))
    } else {
        Lowering::is_list(expression)
    }
}

pub(super) fn is_some(path: &syn::Expr) -> bool {
    matches!(path, syn::Expr::Path(path) if path.path.is_ident("Some"))
}

pub(super) fn is_none(written: &syn::Expr) -> bool {
    matches!(written, syn::Expr::Path(path) if path.path.is_ident("None"))
}

/// The passive numbers that are lent to be changed (`step(&mut seed)`), or changed by a closure over data.
pub(super) fn lent(function: &Function<'_>) -> BTreeSet<usize> {
    let mut lent = BTreeSet::new();
    let lend_variable = |variable: usize, lent: &mut BTreeSet<usize>| {
        let ty = function.types.shallow(&function.variables[variable].ty);
        let is_number = matches!(ty, Ty::Int | Ty::Bool | Ty::Float(_));
        if is_number && !function.types.is_active(&ty) {
            lent.insert(variable);
        }
    };
    let lend = |place: &Expr<'_>, lent: &mut BTreeSet<usize>| {
        if let Some(variable) = crate::types::walk::root_variable(place) {
            lend_variable(variable, lent);
        }
    };
    crate::types::walk::visit_block(&function.body, &mut |part| {
        part.lent().iter().for_each(|place| lend(place, &mut lent));
        if let Kind::Opaque = part.kind {
            let mut names = Vec::new();
            lent_in(part.written.to_token_stream(), &mut names);
            let mentioned = function.mentioned.get(&crate::types::tree::address(part.written));
            for variable in mentioned.into_iter().flatten() {
                if names.contains(&function.variables[variable.0].name) {
                    lend_variable(variable.0, &mut lent);
                }
            }
        }
        if let Kind::Closure(closure) = &part.kind
            && !function.involves(part)
        {
            visit(&closure.body, &mut |inner| {
                inner.assigned().iter().for_each(|place| lend(place, &mut lent));
            });
        }
    });
    lent
}

/// The names in calls and macros of the body, where rustc alone knows which types they are asked for.
pub(super) fn names_retyped(function: &Function<'_>) -> BTreeSet<String> {
    let mut words = Vec::new();
    crate::types::walk::visit_block(&function.body, &mut |part| {
        let is_name = matches!(part.written, syn::Expr::Lit(_) | syn::Expr::Path(_));
        if matches!(part.kind, Kind::Call { .. })
            || matches!(part.kind, Kind::Opaque | Kind::Show { .. }) && !is_name
        {
            words_of(part.written.to_token_stream(), &mut words);
        }
    });
    words.iter().map(Ident::to_string).chain(function.retyped.iter().cloned()).collect()
}

/// The names behind `&mut` in a token stream.
fn lent_in(tokens: TokenStream, names: &mut Vec<Ident>) {
    let mut after_mut = false;
    for token in tokens {
        match token {
            proc_macro2::TokenTree::Ident(word) if word == "mut" => after_mut = true,
            proc_macro2::TokenTree::Ident(word) => {
                if std::mem::take(&mut after_mut) {
                    names.push(word);
                }
            }
            proc_macro2::TokenTree::Group(group) => {
                after_mut = false;
                lent_in(group.stream(), names);
            }
            proc_macro2::TokenTree::Punct(_) | proc_macro2::TokenTree::Literal(_) => after_mut = false,
        }
    }
}

/// The identifiers in a token stream.
pub(super) fn words_of(tokens: TokenStream, words: &mut Vec<Ident>) {
    for token in tokens {
        match token {
            proc_macro2::TokenTree::Ident(word) => words.push(word),
            proc_macro2::TokenTree::Group(group) => words_of(group.stream(), words),
            _ => {}
        }
    }
}

/// A pure host expression of pieces.
pub(super) fn host(pieces: Vec<Piece>) -> HostExpression {
    let pure = pieces.iter().all(|piece| !matches!(piece, Piece::HostExpression(host) if !host.pure));
    HostExpression { pieces, names: Vec::new(), pure, span: None }
}

/// The same, evaluated once.
pub(super) fn impure(mut host: HostExpression) -> HostExpression {
    host.pure = false;
    host
}

pub(super) fn tokens(tokens: impl ToTokens) -> Piece {
    let tokens: TokenStream = tokens.to_token_stream();
    Piece::Tokens(tokens)
}

impl From<HostExpression> for Piece {
    fn from(host: HostExpression) -> Piece {
        Piece::HostExpression(host)
    }
}

/// `partition_point` and `is_sorted`, which only look at the elements.
fn searches_sorted(expression: &Expr<'_>) -> bool {
    let Kind::Method { call, .. } = &expression.kind else { return false };
    let name = call.method.to_string();
    matches!(name.as_str(), "partition_point" | "is_sorted" | "is_sorted_by" | "is_sorted_by_key")
}

/// A call of a bare name.
fn calls_a_name(written: &syn::Expr) -> bool {
    matches!(written, syn::Expr::Call(call)
        if matches!(&*call.func, syn::Expr::Path(path) if path.path.get_ident().is_some()))
}
