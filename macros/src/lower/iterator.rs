//! Iterators: a chain of adapters is a *view*, something with a length and an item at each index, and what consumes it is a
//! loop. What changes the items or leaves some out is done inside the loop.

use super::passive::{template, tokens};
use super::repeat::Head;
use super::{Lowered, Lowering, Meaning, class, unsupported};
use crate::ir::{Atom, Class, Piece, Place, StatementKind, Step, Template};
use crate::tree::{Argument, Expr, Kind};
use crate::ty::Ty;
use proc_macro2::Span;
use quote::{ToTokens, quote};
use std::collections::BTreeSet;

/// Something to iterate over.
#[derive(Clone)]
pub(super) enum View<'t, 'a> {
    /// Integers, by the user's own iterator.
    Range(Template),
    /// The elements of a memory or a part of it.
    Elements(Place),
    /// Known elements.
    List(Vec<Meaning<'t, 'a>>),
    /// The elements of passive data.
    Data(Template),
    /// What a passive iterator of the user's gives: forward once, and kept if the reverse sweep needs it.
    Items(Template, Class),
    Enumerate(Box<View<'t, 'a>>),
    Zip(Box<View<'t, 'a>>, Box<View<'t, 'a>>),
    Rev(Box<View<'t, 'a>>),
    Skip(Box<View<'t, 'a>>, Template),
    Take(Box<View<'t, 'a>>, Template),
    StepBy(Box<View<'t, 'a>>, Template),
    /// Parts of so many elements that overlap.
    Windows(Place, Template),
    /// Parts of so many elements; the last may be shorter, or is left out.
    Chunks {
        place: Place,
        size: Template,
        exact: bool,
    },
    Map(Box<View<'t, 'a>>, Meaning<'t, 'a>),
    Filter(Box<View<'t, 'a>>, Meaning<'t, 'a>),
    FilterMap(Box<View<'t, 'a>>, Meaning<'t, 'a>),
    Inspect(Box<View<'t, 'a>>, Meaning<'t, 'a>),
    /// The one after the other, in loops of their own.
    Chain(Box<View<'t, 'a>>, Box<View<'t, 'a>>),
}

/// What runs for an item.
pub(super) type Each<'e, 't, 'a> = &'e mut dyn FnMut(&mut Lowering<'t, 'a>, Meaning<'t, 'a>) -> Lowered<()>;

impl<'t, 'a> Lowering<'t, 'a> {
    pub(super) fn view(&mut self, expression: &'t Expr<'a>) -> Lowered<View<'t, 'a>> {
        let span = expression.span;
        let passive = !self.function.involves(expression);
        if let Kind::Range { end: None, .. } = expression.kind {
            // Beside another iterator, its length would be asked for.
            return unsupported("a range without an end", span);
        }
        if passive && self.is_integers(expression) {
            return Ok(View::Range(self.template(expression)?));
        }
        match &expression.kind {
            // What is not known is iterated over as it is written: by reference it is not used up.
            Kind::Reference(_) if passive && self.is_unknown(expression) => self.items(expression),
            Kind::Paren(inner) | Kind::Reference(inner) => self.view(inner),
            Kind::Range { start, limits, end } if !passive => {
                // Values of their own: what a length is later does not matter.
                let mut pieces = Vec::new();
                for (at, bound) in [start, end].into_iter().enumerate() {
                    if at == 1 {
                        pieces.push(tokens(limits));
                    }
                    if let Some(bound) = bound {
                        let bound = self.template(bound)?;
                        let bound = self.computed(bound, Class::Scalar, "n", span);
                        pieces.push(Piece::Atom(bound));
                    }
                }
                Ok(View::Range(template(pieces)))
            }
            Kind::Method { call, receiver, arguments } => {
                match self.adapter(&call.method, receiver, arguments) {
                    Err(_) if passive => self.items(expression),
                    result => result,
                }
            }
            _ if passive => self.data_view(expression),
            _ => match self.meaning(expression)? {
                Meaning::Place(place) => Ok(View::Elements(place)),
                Meaning::List(parts) => Ok(View::List(parts)),
                _ => unsupported("iterating over this value", span),
            },
        }
    }

    /// What is iterated over by value: an array that is copied stays what it was.
    pub(super) fn taken(&mut self, expression: &'t Expr<'a>) -> Lowered<View<'t, 'a>> {
        let ty = self.function.types.shallow(&expression.ty);
        if matches!(ty, Ty::Sequence(crate::ty::Sequence::Array, _)) && self.function.involves(expression) {
            let meaning = self.meaning(expression)?;
            return match self.owned(meaning, &ty, expression.span)? {
                Meaning::Place(place) => Ok(View::Elements(place)),
                Meaning::List(parts) => Ok(View::List(parts)),
                _ => unsupported("iterating over this value", expression.span),
            };
        }
        self.view(expression)
    }

    fn adapter(
        &mut self,
        method: &syn::Ident,
        receiver: &'t Expr<'a>,
        arguments: &'t [Argument<'a>],
    ) -> Lowered<View<'t, 'a>> {
        let (name, span) = (method.to_string(), method.span());
        Ok(match (name.as_str(), arguments) {
            ("into_iter", []) => self.taken(receiver)?,
            ("iter" | "iter_mut" | "copied" | "cloned" | "by_ref", []) => self.view(receiver)?,
            ("enumerate", []) => View::Enumerate(self.indexed(receiver, span)?),
            ("rev", []) => View::Rev(self.indexed(receiver, span)?),
            ("zip", [other]) => {
                let first = self.indexed(receiver, span)?;
                let second = self.taken(&other.value)?;
                View::Zip(first, Self::by_index(second, span)?)
            }
            ("skip", [count]) => {
                let view = self.indexed(receiver, span)?;
                View::Skip(view, self.template(&count.value)?)
            }
            ("take", [count]) => {
                let view = self.indexed(receiver, span)?;
                View::Take(view, self.template(&count.value)?)
            }
            ("step_by", [step]) => {
                let view = self.indexed(receiver, span)?;
                View::StepBy(view, self.template(&step.value)?)
            }
            ("windows", [size]) => {
                let place = self.sequence_place(receiver, span)?;
                View::Windows(place, self.positive(method, &size.value)?)
            }
            ("chunks" | "chunks_exact", [size]) => {
                let place = self.sequence_place(receiver, span)?;
                let size = self.positive(method, &size.value)?;
                View::Chunks { place, size, exact: name == "chunks_exact" }
            }
            ("map", [function]) => {
                let view = self.view(receiver)?;
                View::Map(Box::new(view), self.meaning(&function.value)?)
            }
            ("filter_map", [function]) => {
                let view = self.view(receiver)?;
                View::FilterMap(Box::new(view), self.meaning(&function.value)?)
            }
            ("inspect", [function]) => {
                let view = self.view(receiver)?;
                View::Inspect(Box::new(view), self.meaning(&function.value)?)
            }
            ("chain", [other]) => {
                let first = self.view(receiver)?;
                View::Chain(Box::new(first), Box::new(self.taken(&other.value)?))
            }
            ("filter", [function]) => {
                let view = self.view(receiver)?;
                View::Filter(Box::new(view), self.meaning(&function.value)?)
            }
            _ => return unsupported("this iterator adapter", span),
        })
    }

    /// A view whose items are found by index.
    fn indexed(&mut self, expression: &'t Expr<'a>, span: Span) -> Lowered<Box<View<'t, 'a>>> {
        let view = self.view(expression)?;
        Self::by_index(view, span)
    }

    fn by_index(view: View<'t, 'a>, span: Span) -> Lowered<Box<View<'t, 'a>>> {
        let mut inner = &view;
        loop {
            match inner {
                View::Filter(..) | View::FilterMap(..) => {
                    return unsupported("an adapter after `filter`", span);
                }
                View::Inspect(..) => return unsupported("an adapter after `inspect`", span),
                View::Chain(..) => return unsupported("an adapter after `chain`", span),
                View::Items(..) => return unsupported("an adapter of this iterator", span),
                View::Map(of, _) => inner = of,
                _ => return Ok(Box::new(view)),
            }
        }
    }

    fn sequence_place(&mut self, expression: &'t Expr<'a>, span: Span) -> Lowered<Place> {
        match self.meaning(expression)? {
            Meaning::Place(place) => Ok(place),
            _ => unsupported("parts of this value", span),
        }
    }

    /// A size, which must not be zero: the standard library's own panic says so.
    fn positive(&mut self, method: &syn::Ident, size: &'t Expr<'a>) -> Lowered<Template> {
        let template = self.template(size)?;
        let atom = self.computed(template, Class::Scalar, "size", size.span);
        let span = method.span();
        let check = super::passive::template(vec![
            tokens(quote::quote_spanned!(span=> let _ = <[f64]>::#method)),
            super::passive::template(vec![tokens(quote!(&[],)), Piece::Atom(atom.clone())]).into(),
        ]);
        self.push(StatementKind::Passive { out: None, template: check }, span);
        Ok(super::passive::template(vec![Piece::Atom(atom)]))
    }

    /// A range of integers, or one that is reversed: of the adapters, `rev` alone is sure to go backward too.
    fn is_integers(&self, expression: &Expr<'a>) -> bool {
        self.function.types.peeled(&expression.ty) == Ty::Range || is_reversed_range(expression)
    }

    /// Data whose elements are not known.
    fn is_unknown(&self, expression: &Expr<'a>) -> bool {
        match self.function.types.peeled(&expression.ty) {
            Ty::Sequence(_, element) => matches!(self.function.types.shallow(&element), Ty::Unknown(_)),
            ty => matches!(ty, Ty::Unknown(_)),
        }
    }

    /// The elements of passive data.
    fn data_view(&mut self, expression: &'t Expr<'a>) -> Lowered<View<'t, 'a>> {
        let types = &self.function.types;
        let Ty::Sequence(_, element) = types.peeled(&expression.ty) else {
            return self.items(expression);
        };
        if matches!(element.as_ref(), Ty::Unknown(_)) {
            return self.items(expression);
        }
        let mut data = self.template(expression)?;
        // A part has no size of its own: it is borrowed, within the braces that name what is in it.
        if matches!(&expression.kind, Kind::Index { index, .. } if self.function.types.shallow(&index.ty) == Ty::Range)
        {
            data.pieces.insert(0, tokens(quote!(&)));
        }
        Ok(View::Data(data))
    }

    /// Any passive iterator.
    fn items(&mut self, expression: &'t Expr<'a>) -> Lowered<View<'t, 'a>> {
        let types = &self.function.types;
        let item = match types.peeled(&expression.ty) {
            Ty::Iter(item) | Ty::Sequence(_, item) => types.shallow(&item),
            Ty::Range => Ty::Int,
            _ => Ty::Data,
        };
        let class = match (class(&types.peeled(&item)), item) {
            // A float is read through any reference; what else stands behind one is data.
            (Class::Scalar, Ty::Ref { .. }) => Class::Data,
            (class, _) => class,
        };
        Ok(View::Items(self.template(expression)?, class))
    }

    /// The number of items.
    pub(super) fn length(view: &View<'t, 'a>, span: Span) -> Lowered<Template> {
        Ok(match view {
            View::Range(range) => template(vec![range.clone().into(), tokens(quote!(.count()))]),
            View::Elements(place) => template(vec![Piece::Place(place.clone()), tokens(quote!(.len()))]),
            View::Data(data) => template(vec![data.clone().into(), tokens(quote!(.len()))]),
            View::Items(..) => return unsupported("an adapter of this iterator", span),
            View::List(parts) => {
                template(vec![tokens(proc_macro2::Literal::usize_suffixed(parts.len()).to_token_stream())])
            }
            View::Enumerate(inner) | View::Rev(inner) | View::Map(inner, _) => Self::length(inner, span)?,
            View::Filter(..) | View::FilterMap(..) | View::Inspect(..) | View::Chain(..) => {
                return unsupported("an adapter of this iterator", span);
            }
            View::Skip(inner, count) => template(vec![
                Self::length(inner, span)?.into(),
                tokens(quote!(.saturating_sub)),
                count.clone().into(),
            ]),
            View::Take(a, count) => {
                template(vec![Self::length(a, span)?.into(), tokens(quote!(.min)), count.clone().into()])
            }
            View::StepBy(inner, step) => template(vec![
                Self::length(inner, span)?.into(),
                tokens(quote!(.div_ceil)),
                step.clone().into(),
            ]),
            View::Windows(place, size) => {
                let length = template(vec![Piece::Place(place.clone()), tokens(quote!(.len() + 1))]);
                template(vec![length.into(), tokens(quote!(.saturating_sub)), size.clone().into()])
            }
            View::Chunks { place, size, exact } => {
                let divided = if *exact { quote!(/) } else { quote!(.div_ceil) };
                let length = template(vec![Piece::Place(place.clone()), tokens(quote!(.len()))]);
                template(vec![length.into(), tokens(divided), size.clone().into()])
            }
            View::Zip(a, b) => template(vec![
                Self::length(a, span)?.into(),
                tokens(quote!(.min)),
                Self::length(b, span)?.into(),
            ]),
        })
    }

    /// The item at an index.
    pub(super) fn item(&mut self, view: &View<'t, 'a>, at: &Atom, span: Span) -> Lowered<Meaning<'t, 'a>> {
        Ok(match view {
            // At the root of a loop the index is the item.
            View::Range(_) => Meaning::Atom(at.clone()),
            View::Elements(place) => {
                let mut place = place.clone();
                place.steps.push(Step::Index(template(vec![Piece::Atom(at.clone())])));
                Meaning::Place(place)
            }
            View::List(parts) => {
                let place = self.materialized(&Meaning::List(parts.clone()), "list", span)?;
                self.item(&View::Elements(place), at, span)?
            }
            View::Data(data) => {
                Meaning::Passive(template(vec![data.clone().into(), Piece::Index(at.clone())]))
            }
            View::Items(_, class) if *class == Class::Data => Meaning::Atom(at.clone()),
            View::Items(..) => Meaning::Passive(template(vec![Piece::Atom(at.clone())])),
            View::Enumerate(inner) => {
                Meaning::Tuple(vec![Meaning::Atom(at.clone()), self.inner_item(inner, at, span)?])
            }
            View::Zip(a, b) => {
                Meaning::Tuple(vec![self.inner_item(a, at, span)?, self.inner_item(b, at, span)?])
            }
            View::Map(inner, _)
            | View::Filter(inner, _)
            | View::FilterMap(inner, _)
            | View::Inspect(inner, _) => self.item(inner, at, span)?,
            View::Chain(..) => return unsupported("a chain of iterators here", span),
            View::Rev(inner) => {
                let length = Self::length(inner, span)?;
                let index = template(vec![length.into(), tokens(quote!(- 1 -)), Piece::Atom(at.clone())]);
                let index = self.index_value(index, span);
                self.inner_item(inner, &index, span)?
            }
            View::Skip(inner, count) => {
                let index = template(vec![Piece::Atom(at.clone()), tokens(quote!(+)), count.clone().into()]);
                let index = self.index_value(index, span);
                self.inner_item(inner, &index, span)?
            }
            View::Take(inner, _) => self.inner_item(inner, at, span)?,
            View::StepBy(inner, step) => {
                let index = template(vec![Piece::Atom(at.clone()), tokens(quote!(*)), step.clone().into()]);
                let index = self.index_value(index, span);
                self.inner_item(inner, &index, span)?
            }
            View::Windows(place, size) => {
                let range = template(vec![
                    Piece::Atom(at.clone()),
                    tokens(quote!(..)),
                    Piece::Atom(at.clone()),
                    tokens(quote!(+)),
                    size.clone().into(),
                ]);
                part(place, range)
            }
            View::Chunks { place, size, .. } => {
                let start = template(vec![Piece::Atom(at.clone()), tokens(quote!(*)), size.clone().into()]);
                let start = self.index_value(start, span);
                let length = template(vec![Piece::Place(place.clone()), tokens(quote!(.len()))]);
                let range = template(vec![
                    Piece::Atom(start.clone()),
                    tokens(quote!(..)),
                    template(vec![Piece::Atom(start), tokens(quote!(+)), size.clone().into()]).into(),
                    tokens(quote!(.min)),
                    template(vec![length.into()]).into(),
                ]);
                part(place, range)
            }
        })
    }

    /// The item of a view within another: mapped there, and of a range found by its position.
    fn inner_item(&mut self, view: &View<'t, 'a>, at: &Atom, span: Span) -> Lowered<Meaning<'t, 'a>> {
        match view {
            View::Range(range) => {
                let nth = template(vec![
                    range.clone().into(),
                    tokens(quote!(.nth)),
                    template(vec![Piece::Atom(at.clone())]).into(),
                    tokens(quote!(.unwrap_or_default())),
                ]);
                Ok(Meaning::Atom(self.index_value(nth, span)))
            }
            View::Map(inner, function) => {
                let item = self.inner_item(inner, at, span)?;
                self.inlined(function.clone(), vec![item], span)
            }
            other => self.item(other, at, span),
        }
    }

    fn index_value(&mut self, template: Template, span: Span) -> Atom {
        self.computed(template, Class::Scalar, "at", span)
    }

    /// Sends an item of the root of a view through the stages above it.
    pub(super) fn staged(
        &mut self,
        view: &View<'t, 'a>,
        item: Meaning<'t, 'a>,
        span: Span,
        each: Each<'_, 't, 'a>,
    ) -> Lowered<()> {
        match view {
            View::Map(inner, function) => {
                let function = function.clone();
                self.staged(inner, item, span, &mut |lowering, item| {
                    let item = lowering.inlined(function.clone(), vec![item], span)?;
                    each(lowering, item)
                })
            }
            View::Filter(inner, function) => {
                let function = function.clone();
                self.staged(inner, item, span, &mut |lowering, item| {
                    let test = lowering.inlined(function.clone(), vec![item.clone()], span)?;
                    let test = lowering.scalar(test, span)?;
                    let run = |lowering: &mut Self| each(lowering, item).map(|()| Meaning::Unit);
                    lowering.fork(test, span, run, |_| Ok(Meaning::Unit)).map(drop)
                })
            }
            View::FilterMap(inner, function) => {
                let function = function.clone();
                self.staged(inner, item, span, &mut |lowering, item| {
                    let Meaning::Option(some, inside) =
                        lowering.inlined(function.clone(), vec![item], span)?
                    else {
                        return unsupported("this `filter_map`", span);
                    };
                    let run = |lowering: &mut Self| each(lowering, *inside).map(|()| Meaning::Unit);
                    lowering.fork(some, span, run, |_| Ok(Meaning::Unit)).map(drop)
                })
            }
            View::Inspect(inner, function) => {
                let function = function.clone();
                self.staged(inner, item, span, &mut |lowering, item| {
                    lowering.inlined(function.clone(), vec![item.clone()], span)?;
                    each(lowering, item)
                })
            }
            _ => each(self, item),
        }
    }

    /// Runs `each` for every item, in a loop for each of the views that are chained.
    pub(super) fn each_item(
        &mut self,
        view: &View<'t, 'a>,
        assigned: &BTreeSet<usize>,
        span: Span,
        each: Each<'_, 't, 'a>,
    ) -> Lowered<()> {
        for view in unchained(view) {
            self.looped(&Head::View(&view), assigned, None, span, |lowering, item| {
                lowering.staged(&view, item, span, each)
            })?;
        }
        Ok(())
    }

    /// The variables that the closures of a view assign.
    pub(super) fn assigned_in_view(&self, view: &View<'t, 'a>) -> BTreeSet<usize> {
        let mut assigned = BTreeSet::new();
        self.assigned_by_view(view, &mut assigned);
        assigned
    }

    fn assigned_by_view(&self, view: &View<'t, 'a>, assigned: &mut BTreeSet<usize>) {
        match view {
            View::Range(_)
            | View::Elements(_)
            | View::List(_)
            | View::Data(_)
            | View::Items(..)
            | View::Windows(..)
            | View::Chunks { .. } => {}
            View::Enumerate(inner)
            | View::Rev(inner)
            | View::Skip(inner, _)
            | View::Take(inner, _)
            | View::StepBy(inner, _) => self.assigned_by_view(inner, assigned),
            View::Zip(a, b) | View::Chain(a, b) => {
                self.assigned_by_view(a, assigned);
                self.assigned_by_view(b, assigned);
            }
            View::Map(inner, function)
            | View::Filter(inner, function)
            | View::FilterMap(inner, function)
            | View::Inspect(inner, function) => {
                self.assigned_by_view(inner, assigned);
                if let Meaning::Closure(closure, _) = function {
                    self.assigned_in(&closure.body, assigned);
                }
            }
        }
    }
}

fn part<'t, 'a>(place: &Place, range: Template) -> Meaning<'t, 'a> {
    let mut place = place.clone();
    place.steps.push(Step::Index(range));
    Meaning::Place(place)
}

/// What a chain of stages iterates over.
pub(super) fn root<'v, 't, 'a>(view: &'v View<'t, 'a>) -> &'v View<'t, 'a> {
    match view {
        View::Map(inner, _)
        | View::Filter(inner, _)
        | View::FilterMap(inner, _)
        | View::Inspect(inner, _) => root(inner),
        other => other,
    }
}

/// The views that a view is chained of, each with the stages above.
fn unchained<'t, 'a>(view: &View<'t, 'a>) -> Vec<View<'t, 'a>> {
    type Stage<'t, 'a> = fn(Box<View<'t, 'a>>, Meaning<'t, 'a>) -> View<'t, 'a>;
    let staged = |inner: &View<'t, 'a>, function: &Meaning<'t, 'a>, stage: Stage<'t, 'a>| {
        let staged = unchained(inner).into_iter().map(|view| stage(Box::new(view), function.clone()));
        staged.collect()
    };
    match view {
        View::Chain(a, b) => [unchained(a), unchained(b)].concat(),
        View::Map(inner, function) => staged(inner, function, View::Map),
        View::Filter(inner, function) => staged(inner, function, View::Filter),
        View::FilterMap(inner, function) => staged(inner, function, View::FilterMap),
        View::Inspect(inner, function) => staged(inner, function, View::Inspect),
        other => vec![other.clone()],
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
