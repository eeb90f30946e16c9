//! Iterators: a chain of adapters is a *view*, something with a length and an item at each index, and what consumes it is a
//! loop.

use super::passive::{template, tokens};
use super::{Lowered, Lowering, Meaning, class, unsupported};
use crate::ir::{Atom, Carried, Class, Loop, Piece, Place, Region, StatementKind, Step, Template};
use crate::tree::{Argument, Expr, Kind};
use crate::ty::Ty;
use proc_macro2::Span;
use quote::quote;

/// Something to iterate over.
#[derive(Clone)]
pub(super) enum View<'t, 'a> {
    /// Integers, by the user's own iterator.
    Range(Template),
    /// The elements of a memory or a part of it.
    Elements(Place),
    /// The elements of passive data of this class.
    Data(Template, Class),
    Enumerate(Box<View<'t, 'a>>),
    Zip(Box<View<'t, 'a>>, Box<View<'t, 'a>>),
    Rev(Box<View<'t, 'a>>),
    Skip(Box<View<'t, 'a>>, Template),
    Map(Box<View<'t, 'a>>, Meaning<'t, 'a>),
}

impl<'t, 'a> Lowering<'t, 'a> {
    pub(super) fn view(&mut self, expression: &'t Expr<'a>) -> Lowered<View<'t, 'a>> {
        let span = expression.span;
        let passive = !self.function.involves(expression);
        if passive && self.is_integers(expression) {
            return Ok(View::Range(self.template(expression)?));
        }
        match &expression.kind {
            Kind::Paren(inner) | Kind::Reference(inner) => self.view(inner),
            Kind::Range { start, limits, end } if !passive => {
                let start = start.as_ref().map(|start| self.template(start)).transpose()?;
                let end = end.as_ref().map(|end| self.template(end)).transpose()?;
                let pieces =
                    start.map(Piece::from).into_iter().chain([tokens(limits)]).chain(end.map(Piece::from));
                Ok(View::Range(template(pieces.collect())))
            }
            Kind::Method { call, receiver, arguments } => {
                let name = call.method.to_string();
                match (name.as_str(), arguments.as_slice()) {
                    ("iter" | "into_iter" | "copied" | "cloned", []) => self.view(receiver),
                    ("enumerate", []) => Ok(View::Enumerate(Box::new(self.view(receiver)?))),
                    ("rev", []) => Ok(View::Rev(Box::new(self.view(receiver)?))),
                    ("zip", [other]) => {
                        let first = self.view(receiver)?;
                        Ok(View::Zip(Box::new(first), Box::new(self.view(&other.value)?)))
                    }
                    ("skip", [count]) => {
                        let view = self.view(receiver)?;
                        Ok(View::Skip(Box::new(view), self.template(&count.value)?))
                    }
                    ("map", [function]) => {
                        let view = self.view(receiver)?;
                        let function = self.meaning(&function.value)?;
                        Ok(View::Map(Box::new(view), function))
                    }
                    _ => unsupported("this iterator adapter", call.method.span()),
                }
            }
            _ if passive => self.data_view(expression),
            _ => match self.meaning(expression)? {
                Meaning::Place(place) => Ok(View::Elements(place)),
                _ => unsupported("iterating over this value", span),
            },
        }
    }

    /// A range of integers, or one that is reversed: of the adapters, `rev` alone is sure to go backward too.
    fn is_integers(&self, expression: &Expr<'a>) -> bool {
        self.function.types.peeled(&expression.ty) == Ty::Range || is_reversed_range(expression)
    }

    /// The elements of passive data.
    fn data_view(&mut self, expression: &'t Expr<'a>) -> Lowered<View<'t, 'a>> {
        let types = &self.function.types;
        let Ty::Sequence(_, element) = types.peeled(&expression.ty) else {
            return unsupported("iterating over this value", expression.span);
        };
        match class(&types.peeled(&element)) {
            Class::Data => unsupported("iterating over this data", expression.span),
            class => Ok(View::Data(self.template(expression)?, class)),
        }
    }

    /// The number of items.
    fn length(view: &View<'t, 'a>, span: Span) -> Lowered<Template> {
        Ok(match view {
            View::Range(_) => return unsupported("a range beside another iterator", span),
            View::Elements(place) => template(vec![Piece::Place(place.clone()), tokens(quote!(.len()))]),
            View::Data(data, _) => template(vec![data.clone().into(), tokens(quote!(.len()))]),
            View::Enumerate(inner) | View::Rev(inner) | View::Map(inner, _) => Self::length(inner, span)?,
            View::Skip(inner, count) => template(vec![
                Self::length(inner, span)?.into(),
                tokens(quote!(.saturating_sub)),
                count.clone().into(),
            ]),
            View::Zip(a, b) => template(vec![
                Self::length(a, span)?.into(),
                tokens(quote!(.min)),
                Self::length(b, span)?.into(),
            ]),
        })
    }

    /// The item at an index.
    fn item(&mut self, view: &View<'t, 'a>, at: &Atom, span: Span) -> Lowered<Meaning<'t, 'a>> {
        Ok(match view {
            View::Range(_) => Meaning::Atom(at.clone()),
            View::Elements(place) => {
                let mut place = place.clone();
                place.steps.push(Step::Index(template(vec![Piece::Atom(at.clone())])));
                Meaning::Place(place)
            }
            View::Data(data, class) => {
                let template = template(vec![data.clone().into(), Piece::Index(at.clone())]);
                let out = self.value("item", *class, false);
                self.push(StatementKind::Passive { out: Some(out), template }, span);
                Meaning::Atom(Atom::Value(out))
            }
            View::Enumerate(inner) => {
                Meaning::Tuple(vec![Meaning::Atom(at.clone()), self.item(inner, at, span)?])
            }
            View::Zip(a, b) => Meaning::Tuple(vec![self.item(a, at, span)?, self.item(b, at, span)?]),
            View::Map(inner, function) => {
                let item = self.item(inner, at, span)?;
                self.inlined(function.clone(), vec![item], span)?
            }
            View::Rev(inner) => {
                let length = Self::length(inner, span)?;
                let index = template(vec![length.into(), tokens(quote!(- 1 -)), Piece::Atom(at.clone())]);
                let index = self.index_value(index, span);
                self.item(inner, &index, span)?
            }
            View::Skip(inner, count) => {
                let index = template(vec![Piece::Atom(at.clone()), tokens(quote!(+)), count.clone().into()]);
                let index = self.index_value(index, span);
                self.item(inner, &index, span)?
            }
        })
    }

    fn index_value(&mut self, template: Template, span: Span) -> Atom {
        let out = self.value("at", Class::Scalar, false);
        self.push(StatementKind::Passive { out: Some(out), template }, span);
        Atom::Value(out)
    }

    /// Runs `body` for every item, carrying the variables in `assigned`.
    pub(super) fn repeat(
        &mut self,
        view: &View<'t, 'a>,
        assigned: &[usize],
        span: Span,
        body: impl FnOnce(&mut Self, Meaning<'t, 'a>) -> Lowered<()>,
    ) -> Lowered<()> {
        let mut starts = Vec::new();
        for variable in assigned {
            match &self.variables[variable] {
                Meaning::Atom(atom) => starts.push((*variable, atom.clone())),
                _ => return unsupported("a variable that a loop changes", span),
            }
        }
        let iterator = match root(view) {
            View::Range(range) => range.clone(),
            _ => template(vec![tokens(quote!(0..)), Self::length(view, span)?.into()]),
        };
        let (id, statements, (index, insides, yields)) = self.region(|lowering| {
            let index = lowering.value("i", Class::Scalar, false);
            let insides: Vec<_> = starts.iter().map(|(variable, _)| lowering.carried(*variable)).collect();
            let item = lowering.item(view, &Atom::Value(index), span)?;
            body(lowering, item)?;
            let mut yields = Vec::new();
            for variable in assigned {
                match lowering.variables[variable].clone() {
                    Meaning::Atom(atom) => yields.push(atom),
                    _ => return unsupported("a variable that a loop changes", span),
                }
            }
            Ok((index, insides, yields))
        })?;
        let carried = starts.into_iter().zip(insides).map(|((variable, start), inside)| {
            let after = self.carried(variable);
            Carried { start, inside, after }
        });
        let carried = carried.collect();
        let body = Region { id, statements, yields };
        self.push(StatementKind::Loop(Box::new(Loop { index, iterator, carried, body })), span);
        Ok(())
    }

    /// A new value for a variable that a loop carries.
    fn carried(&mut self, variable: usize) -> crate::ir::ValueId {
        let known = &self.function.variables[variable];
        let ty = self.function.types.peeled(&known.ty);
        let (name, class) = (known.name.to_string(), class(&ty));
        let value = self.value(&name, class, self.function.types.is_active(&ty));
        self.variables.insert(variable, Meaning::Atom(Atom::Value(value)));
        value
    }

    // --- consumers

    pub(super) fn total(
        &mut self,
        operation: &'static str,
        receiver: &'t Expr<'a>,
        span: Span,
    ) -> Lowered<Meaning<'t, 'a>> {
        let (start, operation) =
            if operation == "sum" { (quote!(-0.0), "add") } else { (quote!(1.0), "mul") };
        self.reduced(receiver, Atom::Literal(start), span, |lowering, total, item| {
            let item = lowering.scalar(item, span)?;
            Ok(lowering.operation(operation, vec![total, item], "total", span))
        })
    }

    pub(super) fn fold(
        &mut self,
        receiver: &'t Expr<'a>,
        arguments: &'t [Argument<'a>],
        span: Span,
    ) -> Lowered<Meaning<'t, 'a>> {
        let [start, function] = arguments else { return unsupported("this `fold`", span) };
        if !matches!(self.function.types.shallow(&start.slot), Ty::Float(_)) {
            return unsupported("a `fold` of something other than a number", span);
        }
        let start = self.number(&start.value)?;
        let function = self.meaning(&function.value)?;
        self.reduced(receiver, start, span, |lowering, total, item| {
            let result = lowering.inlined(function, vec![Meaning::Atom(total), item], span)?;
            lowering.scalar(result, span)
        })
    }

    /// A loop that carries one number.
    fn reduced(
        &mut self,
        receiver: &'t Expr<'a>,
        start: Atom,
        span: Span,
        step: impl FnOnce(&mut Self, Atom, Meaning<'t, 'a>) -> Lowered<Atom>,
    ) -> Lowered<Meaning<'t, 'a>> {
        let view = self.view(receiver)?;
        let iterator = match root(&view) {
            View::Range(range) => range.clone(),
            _ => template(vec![tokens(quote!(0..)), Self::length(&view, span)?.into()]),
        };
        let (id, statements, (index, inside, total)) = self.region(|lowering| {
            let index = lowering.value("i", Class::Scalar, false);
            let inside = lowering.value("total", Class::Float, true);
            let item = lowering.item(&view, &Atom::Value(index), span)?;
            let total = step(lowering, Atom::Value(inside), item)?;
            Ok((index, inside, total))
        })?;
        let after = self.value("total", Class::Float, true);
        let body = Region { id, statements, yields: vec![total] };
        let carried = vec![Carried { start, inside, after }];
        self.push(StatementKind::Loop(Box::new(Loop { index, iterator, carried, body })), span);
        Ok(Meaning::Atom(Atom::Value(after)))
    }
}

/// What a chain of `map`s iterates over.
fn root<'v, 't, 'a>(view: &'v View<'t, 'a>) -> &'v View<'t, 'a> {
    match view {
        View::Map(inner, _) => root(inner),
        other => other,
    }
}

/// `(a..b).rev()`.
fn is_reversed_range(expression: &Expr<'_>) -> bool {
    match &expression.kind {
        Kind::Method { call, receiver, .. } if call.method == "rev" => {
            let mut inner = &**receiver;
            while let Kind::Paren(within) = &inner.kind {
                inner = within;
            }
            matches!(inner.kind, Kind::Range { .. })
        }
        _ => false,
    }
}
