//! What ends a chain of iterators: sums, folds, searches, collections. Each is a loop that carries a variable of its own.

use super::iteration::{Asks, Iteration};
use super::iterator_source::{Adapter, IteratorSource};
use super::passive::{host, tokens};
use super::{Lowered, Lowering, Meaning, truth, unsupported};
use crate::ir::{Atom, Change, Class, Init, Piece, Place, StatementKind};
use crate::reasons::{Reason, shown};
use crate::types::tree::{Argument, Expr, Kind, Total};
use crate::types::ty::Ty;
use gradus_ops::Op;
use proc_macro2::Span;
use quote::quote;

impl<'t, 'a> Lowering<'t, 'a> {
    pub(super) fn total(
        &mut self,
        total: Total,
        receiver: &'t Expr<'a>,
        span: Span,
    ) -> Lowered<Meaning<'t, 'a>> {
        let (start, op) = match total {
            Total::Sum => (-0.0, Op::Add),
            Total::Product => (1.0, Op::Mul),
        };
        let start = Meaning::Atom(Atom::number(start));
        let ty = Ty::Float(crate::types::ty::Act::ACTIVE);
        self.reduced(receiver, start, &ty, span, &mut |lowering, total, item| {
            let (total, item) = (lowering.scalar(total, span)?, lowering.summand(item, span)?);
            Ok(Meaning::Atom(lowering.operation(op, vec![total, item], "total", span)))
        })
    }

    /// An item of a sum: one of the user's own data is a number behind any references.
    fn summand(&mut self, item: Meaning<'t, 'a>, span: Span) -> Lowered<Atom> {
        let Meaning::Passive(item) = item else {
            let item = self.scalar(item, span)?;
            return Ok(self.plain_number(item, span));
        };
        Ok(self.computed(host(vec![Piece::Number(item)]), Class::Float, "item", span))
    }

    pub(super) fn fold(
        &mut self,
        receiver: &'t Expr<'a>,
        arguments: &'t [Argument<'a>],
        span: Span,
    ) -> Lowered<Meaning<'t, 'a>> {
        let [start, function] = arguments else {
            return unsupported(Reason::Method("fold".to_owned()), span);
        };
        let ty = start.slot.clone();
        let first = self.meaning(&start.value)?;
        let first = self.settled(first, &ty, span)?;
        let function = self.meaning(&function.value)?;
        self.reduced(receiver, first, &ty, span, &mut |lowering, total, item| {
            let result = lowering.inlined(function.clone(), vec![total, item], span)?;
            lowering.settled(result, &ty, span)
        })
    }

    /// A loop that carries a variable of its own.
    pub(super) fn reduced(
        &mut self,
        receiver: &'t Expr<'a>,
        start: Meaning<'t, 'a>,
        ty: &Ty,
        span: Span,
        step: &mut dyn FnMut(&mut Self, Meaning<'t, 'a>, Meaning<'t, 'a>) -> Lowered<Meaning<'t, 'a>>,
    ) -> Lowered<Meaning<'t, 'a>> {
        let source = self.source(receiver)?;
        self.reduced_source(&source, Asks::AtOnce, start, ty, span, step)
    }

    fn reduced_source(
        &mut self,
        source: &IteratorSource<'t, 'a>,
        asks: Asks,
        start: Meaning<'t, 'a>,
        ty: &Ty,
        span: Span,
        step: &mut dyn FnMut(&mut Self, Meaning<'t, 'a>, Meaning<'t, 'a>) -> Lowered<Meaning<'t, 'a>>,
    ) -> Lowered<Meaning<'t, 'a>> {
        let mut assigned = self.assigned_in_source(source);
        let total = self.own_variable("total", ty.clone(), start);
        assigned.insert(total);
        let iteration = Iteration { asks, ..Iteration::on(assigned) };
        self.run(source, &iteration, span, &mut |lowering, item| {
            let before = lowering.variables[&total].clone();
            let after = step(lowering, before, item)?;
            lowering.variables.insert(total, after);
            Ok(())
        })?;
        Ok(self.variables.remove(&total).unwrap_or(Meaning::Never))
    }

    /// What is left of all items, if there are any: the first is where it begins, `step` takes one more.
    fn of_all(
        &mut self,
        receiver: &'t Expr<'a>,
        expression: &'t Expr<'a>,
        asks: Asks,
        step: &mut dyn FnMut(&mut Self, Meaning<'t, 'a>, Meaning<'t, 'a>) -> Lowered<Meaning<'t, 'a>>,
    ) -> Lowered<Meaning<'t, 'a>> {
        let span = expression.span;
        let item = self.number_in(expression)?;
        let source = self.source(receiver)?;
        let nothing = self.nothing_of(&source, &item, span);
        let start = Meaning::Tuple(vec![truth(false), nothing]);
        let ty = Ty::Tuple(vec![Ty::Bool, item.clone()]);
        let both = self.reduced_source(&source, asks, start, &ty, span, &mut |lowering, both, next| {
            let (some, total) = pair(both, span)?;
            let test = lowering.scalar(some, span)?;
            let next = lowering.settled(next, &item, span)?;
            let total = lowering.fork(
                test,
                span,
                |lowering| {
                    let result = step(lowering, total, next.clone())?;
                    lowering.settled(result, &item, span)
                },
                |_| Ok(next.clone()),
            )?;
            Ok(Meaning::Tuple(vec![truth(true), total]))
        })?;
        let (some, total) = pair(both, span)?;
        Ok(Meaning::Option(self.scalar(some, span)?, Box::new(total)))
    }

    /// What stands for an item where there is none; of integers it has the type that the items have.
    pub(super) fn nothing_of(
        &mut self,
        source: &IteratorSource<'t, 'a>,
        ty: &Ty,
        span: Span,
    ) -> Meaning<'t, 'a> {
        match (source, self.function.types.peeled(ty)) {
            (IteratorSource::Range(range) | IteratorSource::From(range), _) => {
                let first = vec![range.clone().into(), tokens(quote!(.next().unwrap_or_default()))];
                Meaning::Atom(self.computed(host(first), Class::Scalar, "none", span))
            }
            (IteratorSource::Enumerate(of), Ty::Tuple(parts)) if parts.len() == 2 => {
                let index = Meaning::Atom(Atom::zero_count());
                Meaning::Tuple(vec![index, self.nothing_of(of, &parts[1], span)])
            }
            (IteratorSource::Zip(a, b), Ty::Tuple(parts)) if parts.len() == 2 => {
                Meaning::Tuple(vec![self.nothing_of(a, &parts[0], span), self.nothing_of(b, &parts[1], span)])
            }
            (
                IteratorSource::InOrder(of)
                | IteratorSource::Rev(of)
                | IteratorSource::Skip(of, _)
                | IteratorSource::Take(of, _)
                | IteratorSource::StepBy(of, _)
                | IteratorSource::Cycle(of)
                | IteratorSource::Adapter(
                    Adapter::Filter | Adapter::TakeWhile | Adapter::SkipWhile | Adapter::Inspect,
                    of,
                    _,
                ),
                ty,
            ) => self.nothing_of(of, &ty, span),
            (_, Ty::Float(_)) => Meaning::Atom(Atom::Literal(crate::ir::Literal::Number(0.0).typed())),
            (_, ty) => self.nothing(&ty),
        }
    }

    /// The type of what is in an `Option`: numbers, which a variable can hold.
    pub(super) fn number_in(&mut self, expression: &'t Expr<'a>) -> Lowered<Ty> {
        let Ty::Option(item) = self.function.types.peeled(&expression.ty) else {
            return unsupported(Reason::OptionType, method_of(expression).1);
        };
        if super::loops::holds(&self.nothing(&item)) {
            Ok(*item)
        } else {
            let (method, span) = method_of(expression);
            unsupported(Reason::Item(method), span)
        }
    }

    /// `reduce`.
    pub(super) fn reduce(
        &mut self,
        receiver: &'t Expr<'a>,
        function: &'t Argument<'a>,
        expression: &'t Expr<'a>,
    ) -> Lowered<Meaning<'t, 'a>> {
        let function = self.meaning(&function.value)?;
        self.of_all(receiver, expression, first_then_rest(), &mut |lowering, total, next| {
            lowering.inlined(function.clone(), vec![total, next], expression.span)
        })
    }

    /// `last`.
    pub(super) fn last_item(
        &mut self,
        receiver: &'t Expr<'a>,
        expression: &'t Expr<'a>,
    ) -> Lowered<Meaning<'t, 'a>> {
        self.of_all(receiver, expression, Asks::AtOnce, &mut |_, _, next| Ok(next))
    }

    /// `min_by` and `max_by`: of those that are equal, the first is the least and the last is the greatest.
    pub(super) fn extreme(
        &mut self,
        name: &str,
        receiver: &'t Expr<'a>,
        function: &'t Argument<'a>,
        expression: &'t Expr<'a>,
    ) -> Lowered<Meaning<'t, 'a>> {
        let span = expression.span;
        let item = self.number_in(expression)?;
        let function = self.meaning(&function.value)?;
        let keeps = if name == "min_by" { quote!(.is_le()) } else { quote!(.is_gt()) };
        self.of_all(receiver, expression, first_then_rest(), &mut |lowering, total, next| {
            let order = lowering.inlined(function.clone(), vec![total.clone(), next.clone()], span)?;
            let order = lowering.scalar(order, span)?;
            let kept = host(vec![Piece::Atom(order), tokens(&keeps)]);
            let kept = lowering.computed(kept, Class::Scalar, "kept", span);
            let next = lowering.settled(next, &item, span)?;
            lowering.fork(kept, span, |_| Ok(total), |_| Ok(next))
        })
    }

    /// `count`.
    pub(super) fn counted(&mut self, receiver: &'t Expr<'a>, span: Span) -> Lowered<Meaning<'t, 'a>> {
        let start = Meaning::Atom(Atom::zero_count());
        self.reduced(receiver, start, &Ty::Int, span, &mut |lowering, count, _| {
            let count = lowering.scalar(count, span)?;
            let next = host(vec![Piece::Atom(count), tokens(quote!(+ 1))]);
            Ok(Meaning::Atom(lowering.computed(next, Class::Scalar, "count", span)))
        })
    }

    /// `for_each`.
    pub(super) fn for_each(
        &mut self,
        receiver: &'t Expr<'a>,
        function: &'t Argument<'a>,
        span: Span,
    ) -> Lowered<Meaning<'t, 'a>> {
        let source = self.source(receiver)?;
        let function = self.meaning(&function.value)?;
        let mut assigned = self.assigned_in_source(&source);
        if let Meaning::Closure(closure, _) = &function {
            self.assigned_in(&closure.body, &mut assigned);
        }
        self.run(&source, &Iteration::on(assigned), span, &mut |lowering, item| {
            lowering.inlined(function.clone(), vec![item], span).map(drop)
        })?;
        Ok(Meaning::Unit)
    }

    /// Pushes every item onto a new `Vec`.
    pub(super) fn collected(&mut self, receiver: &'t Expr<'a>, element: &Ty, span: Span) -> Lowered<Place> {
        let source = self.source(receiver)?;
        let place = self.empty_vec("collected", element, span);
        self.extended(&place, &source, element, span)?;
        Ok(place)
    }

    pub(super) fn empty_vec(&mut self, name: &str, element: &Ty, span: Span) -> Place {
        let element = self.written(element);
        let init = Init::Passive(host(vec![tokens(quote!(__gradus_std::vec::Vec::<#element>::new()))]));
        self.new_storage(name, false, init, span)
    }

    /// Pushes every item of a source.
    pub(super) fn extended(
        &mut self,
        place: &Place,
        source: &IteratorSource<'t, 'a>,
        element: &Ty,
        span: Span,
    ) -> Lowered<()> {
        let iteration = Iteration::on(self.assigned_in_source(source));
        // A `Vec` takes them at once if it knows how many will come.
        let iteration = if source.tells_length() { iteration } else { iteration.one_by_one() };
        self.run(source, &iteration, span, &mut |lowering, item| lowering.pushed(place, item, element, span))
    }

    fn pushed(&mut self, place: &Place, item: Meaning<'t, 'a>, element: &Ty, span: Span) -> Lowered<()> {
        let item = self.init_as(item, element, span)?;
        let change = Change::Push(item);
        self.push(StatementKind::Change { place: place.clone(), change }, span);
        Ok(())
    }

    /// `unzip` and `partition`: two `Vec`s.
    pub(super) fn in_two(
        &mut self,
        receiver: &'t Expr<'a>,
        function: Option<&'t Argument<'a>>,
        expression: &'t Expr<'a>,
    ) -> Lowered<Meaning<'t, 'a>> {
        let span = expression.span;
        let types = &self.function.types;
        let element = |part: &Ty| {
            let element = types.element_seen(part)?;
            // What numbers are borrowed from does not change while they are.
            let number = types.peeled(&element);
            Some(if number.is_float() { number } else { element })
        };
        let whole = types.peeled(&expression.ty);
        let elements = whole.parts().iter().map(element).collect::<Option<Vec<_>>>();
        let Some([first, second]) = elements.as_deref() else {
            let (method, span) = method_of(expression);
            return unsupported(Reason::Unzip(method), span);
        };
        self.numbers(first, span)?;
        self.numbers(second, span)?;
        let source = self.source(receiver)?;
        let function = function.map(|function| self.meaning(&function.value)).transpose()?;
        let (a, b) = (self.empty_vec("first", first, span), self.empty_vec("second", second, span));
        let iteration = Iteration::on(self.assigned_in_source(&source));
        self.run(&source, &iteration, span, &mut |lowering, item| match &function {
            None => {
                let ty = Ty::Tuple(vec![first.clone(), second.clone()]);
                let is_pair = matches!(item, Meaning::Tuple(_));
                let item = if is_pair { item } else { lowering.settled(item, &ty, span)? };
                let (x, y) = pair(item, span)?;
                lowering.pushed(&a, x, first, span)?;
                lowering.pushed(&b, y, second, span)
            }
            Some(function) => {
                let looked_at = lowering.lent_to(function, item.clone(), span);
                let test = lowering.inlined(function.clone(), vec![looked_at], span)?;
                let test = lowering.scalar(test, span)?;
                let other = item.clone();
                lowering.fork(
                    test,
                    span,
                    |lowering| lowering.pushed(&a, item, first, span).map(|()| Meaning::Unit),
                    |lowering| lowering.pushed(&b, other, second, span).map(|()| Meaning::Unit),
                )?;
                Ok(())
            }
        })?;
        Ok(Meaning::Tuple(vec![Meaning::Place(a), Meaning::Place(b)]))
    }

    /// `concat`: the elements of every part.
    pub(super) fn concatenated(
        &mut self,
        receiver: &'t Expr<'a>,
        expression: &'t Expr<'a>,
    ) -> Lowered<Meaning<'t, 'a>> {
        let span = expression.span;
        let Ty::Sequence(_, element) = self.function.types.peeled(&expression.ty) else {
            let (method, span) = method_of(expression);
            return unsupported(Reason::Method(method), span);
        };
        self.numbers(&element, span)?;
        let parts = if let Kind::List { elements, .. } = &receiver.kind {
            elements.iter().map(|part| self.source(part)).collect::<Lowered<Vec<_>>>()?
        } else {
            vec![IteratorSource::Flatten { of: Box::new(self.source(receiver)?), reversed: false }]
        };
        let place = self.empty_vec("together", &element, span);
        parts.iter().try_for_each(|part| self.extended(&place, part, &element, span))?;
        Ok(Meaning::Place(place))
    }
}

/// The first item, and then all others at once.
fn first_then_rest() -> Asks {
    Asks::AtOnceAfter(host(vec![tokens(quote!(1))]))
}

/// The method that an expression calls, and where.
fn method_of(expression: &Expr<'_>) -> (String, Span) {
    let Kind::Method { call, .. } = &expression.kind else {
        return (shown(expression.written), expression.span);
    };
    (call.method.to_string(), call.method.span())
}

fn pair<'t, 'a>(both: Meaning<'t, 'a>, span: Span) -> Lowered<(Meaning<'t, 'a>, Meaning<'t, 'a>)> {
    let Meaning::Tuple(parts) = both else { return unsupported(Reason::PairItem, span) };
    match <[Meaning<'t, 'a>; 2]>::try_from(parts) {
        Ok([first, second]) => Ok((first, second)),
        Err(_) => unsupported(Reason::PairItem, span),
    }
}
