//! What ends a chain of iterators: sums, folds, searches, collections. Each is a loop that carries a variable of its own.

use super::passive::{template, tokens};
use super::repeat::Head;
use super::{Lowered, Lowering, Meaning, unsupported};
use crate::ir::{Atom, Class, Piece, Place, StatementKind};
use crate::tree::{Argument, Expr};
use crate::ty::Ty;
use proc_macro2::Span;
use quote::quote;

impl<'t, 'a> Lowering<'t, 'a> {
    pub(super) fn total(
        &mut self,
        operation: &'static str,
        receiver: &'t Expr<'a>,
        span: Span,
    ) -> Lowered<Meaning<'t, 'a>> {
        let (start, operation) =
            if operation == "sum" { (quote!(-0.0), "add") } else { (quote!(1.0), "mul") };
        let start = Meaning::Atom(Atom::Literal(start));
        let ty = Ty::Float(crate::ty::Act::ACTIVE);
        self.reduced(receiver, start, &ty, span, &mut |lowering, total, item| {
            let (total, item) = (lowering.scalar(total, span)?, lowering.scalar(item, span)?);
            Ok(Meaning::Atom(lowering.operation(operation, vec![total, item], "total", span)))
        })
    }

    pub(super) fn fold(
        &mut self,
        receiver: &'t Expr<'a>,
        arguments: &'t [Argument<'a>],
        span: Span,
    ) -> Lowered<Meaning<'t, 'a>> {
        let [start, function] = arguments else { return unsupported("this `fold`", span) };
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
        let view = self.view(receiver)?;
        let mut assigned = self.assigned_in_view(&view);
        let total = self.own_variable("total", ty.clone(), start);
        assigned.insert(total);
        self.each_item(&view, &assigned, span, &mut |lowering, item| {
            let before = lowering.variables[&total].clone();
            let after = step(lowering, before, item)?;
            lowering.variables.insert(total, after);
            Ok(())
        })?;
        Ok(self.variables.remove(&total).unwrap_or(Meaning::Never))
    }

    /// `reduce`: the first item is where it begins.
    pub(super) fn reduce(
        &mut self,
        receiver: &'t Expr<'a>,
        function: &'t Argument<'a>,
        expression: &'t Expr<'a>,
    ) -> Lowered<Meaning<'t, 'a>> {
        let span = expression.span;
        let Ty::Option(item) = self.function.types.peeled(&expression.ty) else {
            return unsupported("this `reduce`", span);
        };
        let function = self.meaning(&function.value)?;
        let nothing = self.nothing(&item);
        let start = Meaning::Tuple(vec![Meaning::Atom(Atom::Literal(quote!(false))), nothing]);
        let ty = Ty::Tuple(vec![Ty::Bool, (*item).clone()]);
        let both = self.reduced(receiver, start, &ty, span, &mut |lowering, both, next| {
            let Meaning::Tuple(parts) = both else { return unsupported("this `reduce`", span) };
            let [some, total] = parts.as_slice() else { return unsupported("this `reduce`", span) };
            let test = lowering.scalar(some.clone(), span)?;
            let next = lowering.settled(next, &item, span)?;
            let total = lowering.fork(
                test,
                span,
                |lowering| {
                    let result =
                        lowering.inlined(function.clone(), vec![total.clone(), next.clone()], span)?;
                    lowering.settled(result, &item, span)
                },
                |_| Ok(next.clone()),
            )?;
            Ok(Meaning::Tuple(vec![Meaning::Atom(Atom::Literal(quote!(true))), total]))
        })?;
        match both {
            Meaning::Tuple(mut parts) if parts.len() == 2 => {
                let total = parts.pop().unwrap_or(Meaning::Never);
                let some = self.scalar(parts.pop().unwrap_or(Meaning::Never), span)?;
                Ok(Meaning::Option(some, Box::new(total)))
            }
            _ => unsupported("this `reduce`", span),
        }
    }

    /// `count`.
    pub(super) fn counted(&mut self, receiver: &'t Expr<'a>, span: Span) -> Lowered<Meaning<'t, 'a>> {
        let start = Meaning::Atom(Atom::Literal(quote!(0_usize)));
        self.reduced(receiver, start, &Ty::Int, span, &mut |lowering, count, _| {
            let count = lowering.scalar(count, span)?;
            let next = template(vec![Piece::Atom(count), tokens(quote!(+ 1))]);
            Ok(Meaning::Atom(lowering.computed(next, Class::Scalar, "count", span)))
        })
    }

    /// `last` of an iterator of numbers.
    pub(super) fn last_item(
        &mut self,
        receiver: &'t Expr<'a>,
        expression: &'t Expr<'a>,
    ) -> Lowered<Meaning<'t, 'a>> {
        let span = expression.span;
        let Ty::Option(item) = self.function.types.peeled(&expression.ty) else {
            return unsupported("this `last`", span);
        };
        let nothing = self.nothing(&item);
        if !matches!(nothing, Meaning::Atom(_)) {
            return unsupported("the last of something other than numbers", span);
        }
        let start = Meaning::Tuple(vec![Meaning::Atom(Atom::Literal(quote!(false))), nothing]);
        let ty = Ty::Tuple(vec![Ty::Bool, (*item).clone()]);
        let both = self.reduced(receiver, start, &ty, span, &mut |lowering, _, next| {
            let next = lowering.settled(next, &item, span)?;
            Ok(Meaning::Tuple(vec![Meaning::Atom(Atom::Literal(quote!(true))), next]))
        })?;
        match both {
            Meaning::Tuple(mut parts) if parts.len() == 2 => {
                let last = parts.pop().unwrap_or(Meaning::Never);
                let some = self.scalar(parts.pop().unwrap_or(Meaning::Never), span)?;
                Ok(Meaning::Option(some, Box::new(last)))
            }
            _ => unsupported("this `last`", span),
        }
    }

    /// `any` and `all`, which look no further than they must.
    pub(super) fn search(
        &mut self,
        name: &str,
        receiver: &'t Expr<'a>,
        function: &'t Argument<'a>,
        span: Span,
    ) -> Lowered<Meaning<'t, 'a>> {
        let view = self.view(receiver)?;
        let function = self.meaning(&function.value)?;
        let any = name == "any";
        let (sought, other) = if any { (quote!(true), quote!(false)) } else { (quote!(false), quote!(true)) };
        let found = self.own_variable("found", Ty::Bool, Meaning::Atom(Atom::Literal(other)));
        let mut assigned = self.assigned_in_view(&view);
        assigned.insert(found);
        self.target(None, true, &Ty::Unit, |lowering, target| {
            let leave = target.leave;
            lowering.looped(&Head::View(&view), &assigned, Some(target), span, |lowering, item| {
                lowering.staged(&view, item, span, &mut |lowering, item| {
                    let test = lowering.inlined(function.clone(), vec![item], span)?;
                    let test = lowering.scalar(test, span)?;
                    let stop = |lowering: &mut Self| {
                        lowering.variables.insert(found, Meaning::Atom(Atom::Literal(sought.clone())));
                        lowering.set.insert(leave);
                        lowering.variables.insert(lowering.exit, Meaning::Atom(super::exit::code(leave)));
                        Ok(Meaning::Unit)
                    };
                    let go_on = |_: &mut Self| Ok(Meaning::Unit);
                    if any {
                        lowering.fork(test, span, stop, go_on)
                    } else {
                        lowering.fork(test, span, go_on, stop)
                    }
                    .map(drop)
                })
            })?;
            Ok(Meaning::Unit)
        })?;
        Ok(self.variables.remove(&found).unwrap_or(Meaning::Never))
    }

    /// `for_each`.
    pub(super) fn for_each(
        &mut self,
        receiver: &'t Expr<'a>,
        function: &'t Argument<'a>,
        span: Span,
    ) -> Lowered<Meaning<'t, 'a>> {
        let view = self.view(receiver)?;
        let function = self.meaning(&function.value)?;
        let mut assigned = self.assigned_in_view(&view);
        if let Meaning::Closure(closure, _) = &function {
            self.assigned_in(&closure.body, &mut assigned);
        }
        self.each_item(&view, &assigned, span, &mut |lowering, item| {
            lowering.inlined(function.clone(), vec![item], span).map(drop)
        })?;
        Ok(Meaning::Unit)
    }

    /// Pushes every item onto a new `Vec`.
    pub(super) fn collected(&mut self, receiver: &'t Expr<'a>, span: Span) -> Lowered<Place> {
        let types = &self.function.types;
        if let Ty::Iter(item) = types.peeled(&receiver.ty)
            && matches!(types.peeled(&item), Ty::Sequence(..) | Ty::Tuple(_))
        {
            return unsupported("a sequence of something other than numbers, collected", span);
        }
        let view = self.view(receiver)?;
        let assigned = self.assigned_in_view(&view);
        let init = crate::ir::Init::Passive(template(vec![tokens(quote!(::std::vec::Vec::new()))]));
        let place = self.new_memory("collected", false, init, span);
        let target = place.clone();
        self.each_item(&view, &assigned, span, &mut |lowering, item| {
            let item = match item {
                Meaning::Passive(template) => lowering.computed(template, Class::Float, "item", span),
                item => lowering.scalar(item, span)?,
            };
            let change = crate::ir::Change::Push(item);
            lowering.push(StatementKind::Change { place: target.clone(), change }, span);
            Ok(())
        })?;
        Ok(place)
    }
}
