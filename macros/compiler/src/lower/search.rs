//! Searches among the items of an iterator, which look no further than they must.

use super::adapter::Each;
use super::iteration::{Asks, Iteration};
use super::iterator_source::IteratorSource;
use super::passive::{host, tokens};
use super::truth;
use super::{Lowered, Lowering, Meaning, unsupported};
use crate::ir::{Atom, Class, Piece};
use crate::reasons::Reason;
use crate::types::tree::{Argument, Expr};
use crate::types::ty::Ty;
use proc_macro2::Span;
use quote::quote;

impl<'t, 'a> Lowering<'t, 'a> {
    /// A search: `each` may set the variables `found` and then ends the loops with the code that it is given.
    fn sought(
        &mut self,
        source: &IteratorSource<'t, 'a>,
        found: &[usize],
        span: Span,
        each: &mut dyn FnMut(&mut Self, Meaning<'t, 'a>, u32) -> Lowered<()>,
    ) -> Lowered<()> {
        let mut assigned = self.assigned_in_source(source);
        assigned.extend(found);
        let leave = self.new_code();
        let iteration = Iteration { assigned, leave: Some(leave), again: None, asks: Asks::OneByOne };
        let each: Each<'_, 't, 'a> = &mut |lowering, item| each(lowering, item, leave);
        self.run(source, &iteration, span, each)
    }

    /// An iterator that ends with its consumer, which may leave items over.
    fn whole_source(&mut self, receiver: &'t Expr<'a>, span: Span) -> Lowered<IteratorSource<'t, 'a>> {
        if super::iterator_source::names_an_iterator(receiver) {
            return unsupported(Reason::UsedInParts, span);
        }
        self.source(receiver)
    }

    /// `any` and `all`, which look no further than they must.
    pub(super) fn search(
        &mut self,
        name: &str,
        receiver: &'t Expr<'a>,
        function: &'t Argument<'a>,
        span: Span,
    ) -> Lowered<Meaning<'t, 'a>> {
        let source = self.whole_source(receiver, span)?;
        let function = self.meaning(&function.value)?;
        let any = name == "any";
        let found = self.own_variable("found", Ty::Bool, truth(!any));
        self.sought(&source, &[found], span, &mut |lowering, item, leave| {
            let test = lowering.inlined(function.clone(), vec![item], span)?;
            let test = lowering.scalar(test, span)?;
            let stop = |lowering: &mut Self| {
                lowering.variables.insert(found, truth(any));
                Ok(lowering.stop(leave))
            };
            let go_on = |_: &mut Self| Ok(Meaning::Unit);
            if any { lowering.fork(test, span, stop, go_on) } else { lowering.fork(test, span, go_on, stop) }
                .map(drop)
        })?;
        Ok(self.variables.remove(&found).unwrap_or(Meaning::Never))
    }

    /// `position`: the index of the first item that passes a test.
    pub(super) fn position(
        &mut self,
        receiver: &'t Expr<'a>,
        function: &'t Argument<'a>,
        span: Span,
    ) -> Lowered<Meaning<'t, 'a>> {
        let source = self.whole_source(receiver, span)?;
        let function = self.meaning(&function.value)?;
        let found = self.own_variable("found", Ty::Bool, truth(false));
        let index = self.own_variable("position", Ty::Int, Meaning::Atom(Atom::zero_count()));
        self.sought(&source, &[found, index], span, &mut |lowering, item, leave| {
            let test = lowering.inlined(function.clone(), vec![item], span)?;
            let test = lowering.scalar(test, span)?;
            let count = lowering.variables[&index].clone();
            let count = lowering.scalar(count, span)?;
            lowering.fork(
                test,
                span,
                |lowering| {
                    lowering.variables.insert(found, truth(true));
                    Ok(lowering.stop(leave))
                },
                |lowering| {
                    let next = host(vec![Piece::Atom(count), tokens(quote!(+ 1))]);
                    let next = lowering.computed(next, Class::Scalar, "position", span);
                    lowering.variables.insert(index, Meaning::Atom(next));
                    Ok(Meaning::Unit)
                },
            )?;
            Ok(())
        })?;
        let some = self.variables.remove(&found).unwrap_or(Meaning::Never);
        let at = self.variables.remove(&index).unwrap_or(Meaning::Never);
        Ok(Meaning::Option(self.scalar(some, span)?, Box::new(at)))
    }

    /// `next`, `nth`, `find` and `find_map`: the first item for which `test` gives something, and that.
    pub(super) fn first_item(
        &mut self,
        name: &str,
        receiver: &'t Expr<'a>,
        arguments: &'t [Argument<'a>],
        expression: &'t Expr<'a>,
    ) -> Lowered<Meaning<'t, 'a>> {
        let span = expression.span;
        let item = self.number_in(expression)?;
        let source = self.whole_source(receiver, span)?;
        let nothing = self.nothing_of(&source, &item, span);
        let argument = match (name, arguments) {
            ("next", []) => None,
            ("nth", [count]) => {
                let count = self.number(&count.value)?;
                Some(Meaning::Atom(count))
            }
            ("find" | "find_map", [function]) => Some(self.meaning(&function.value)?),
            _ => return unsupported(Reason::Method(name.to_owned()), span),
        };
        let found = self.own_variable("found", Ty::Bool, truth(false));
        let first = self.own_variable("first", item.clone(), nothing);
        let zero = Meaning::Atom(Atom::zero_count());
        let count = self.own_variable("count", Ty::Int, zero);
        let changing = if name == "nth" { &[found, first, count][..] } else { &[found, first] };
        self.sought(&source, changing, span, &mut |lowering, next, leave| {
            let sought = match (name, &argument) {
                ("find", Some(function)) => {
                    let looked_at = lowering.lent_to(function, next.clone(), span);
                    let test = lowering.inlined(function.clone(), vec![looked_at], span)?;
                    Meaning::Option(lowering.scalar(test, span)?, Box::new(next))
                }
                ("find_map", Some(function)) => lowering.inlined(function.clone(), vec![next], span)?,
                ("nth", Some(Meaning::Atom(at))) => {
                    let now = lowering.variables[&count].clone();
                    let now = lowering.scalar(now, span)?;
                    let next_count = host(vec![Piece::Atom(now.clone()), tokens(quote!(+ 1))]);
                    let next_count = lowering.computed(next_count, Class::Scalar, "count", span);
                    lowering.variables.insert(count, Meaning::Atom(next_count));
                    let here = host(vec![Piece::Atom(now), tokens(quote!(==)), Piece::Atom(at.clone())]);
                    Meaning::Option(lowering.computed(here, Class::Scalar, "here", span), Box::new(next))
                }
                _ => Meaning::Option(Atom::truth(true), Box::new(next)),
            };
            let Meaning::Option(some, inside) = sought else {
                return unsupported(Reason::UnknownOption, span);
            };
            lowering.fork(
                some,
                span,
                |lowering| {
                    let inside = lowering.settled(*inside, &item, span)?;
                    lowering.variables.insert(first, inside);
                    lowering.variables.insert(found, truth(true));
                    Ok(lowering.stop(leave))
                },
                |_| Ok(Meaning::Unit),
            )?;
            Ok(())
        })?;
        self.variables.remove(&count);
        let some = self.variables.remove(&found).unwrap_or(Meaning::Never);
        let first = self.variables.remove(&first).unwrap_or(Meaning::Never);
        Ok(Meaning::Option(self.scalar(some, span)?, Box::new(first)))
    }
}
