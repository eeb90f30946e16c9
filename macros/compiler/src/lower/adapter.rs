//! What an iterator does for each item, inside the loop: closures, and adapters that count the items that come through.

use super::exit::{Running, Target, code};
use super::iteration::{Asks, Iteration};
use super::iterator_source::{Adapter, IteratorSource};
use super::loops::Head;
use super::passive::{host, tokens};
use super::truth;
use super::{Lowered, Lowering, Meaning, unsupported};
use crate::ir::{Atom, Class, HostExpression, Piece, StatementKind, ValueId};
use crate::reasons::Reason;
use crate::types::ty::Ty;
use proc_macro2::{Literal, Span};
use quote::quote;
use std::collections::BTreeSet;

/// What runs for an item.
pub(super) type Each<'e, 't, 'a> = &'e mut dyn FnMut(&mut Lowering<'t, 'a>, Meaning<'t, 'a>) -> Lowered<()>;

impl<'t, 'a> Lowering<'t, 'a> {
    /// Runs `each` for every item of a source.
    pub(super) fn run(
        &mut self,
        source: &IteratorSource<'t, 'a>,
        iteration: &Iteration,
        span: Span,
        each: Each<'_, 't, 'a>,
    ) -> Lowered<()> {
        if let IteratorSource::Adapter(adapter, of, function) = source {
            return self.staged(*adapter, of, function, iteration, span, each);
        }
        if source.is_indexed()
            || iteration.finds_by_index(source)
            || matches!(source, IteratorSource::Items { .. })
        {
            let target = Target::codes(iteration.leave, iteration.again);
            return self.looped(
                &Head::IteratorSource(source),
                &iteration.assigned,
                Some(&target),
                span,
                each,
            );
        }
        match source {
            IteratorSource::Chain(a, b) => {
                self.known_rest(source, iteration, span)?;
                let parts = iteration.within();
                self.run(a, &parts, span, each)?;
                self.unless_left(span, |lowering| lowering.run(b, &parts, span, each))?;
                self.taken_back(iteration.leave, span);
                Ok(())
            }
            IteratorSource::Flatten { of, reversed } => self.flattened(of, *reversed, iteration, span, each),
            IteratorSource::Scan { of, start, ty, function } => {
                let state = self.own_variable("state", ty.clone(), (**start).clone());
                let borrowed = Meaning::Borrow(crate::types::tree::VariableId(state));
                self.ended(of, &iteration.with(state), span, &mut |lowering, item, stop| {
                    let found = lowering.inlined(function.clone(), vec![borrowed.clone(), item], span)?;
                    lowering.while_there(found, stop, span, each)
                })?;
                self.variables.remove(&state);
                Ok(())
            }
            IteratorSource::Successors { first, ty, function } => {
                self.succeeding(first, ty, function, iteration, span, each)
            }
            IteratorSource::InOrder(of) => self.run(of, iteration, span, each),
            // What is not found by index is counted as it comes through.
            IteratorSource::Enumerate(of) => {
                self.with_counts(of, iteration, span, &mut |lowering, count, item| {
                    each(lowering, Meaning::Tuple(vec![Meaning::Atom(count), item]))
                })
            }
            IteratorSource::Skip(of, skipped) => {
                self.with_counts(of, &iteration.after(skipped), span, &mut |lowering, count, item| {
                    let taken = host(vec![Piece::Atom(count), tokens(quote!(>=)), skipped.clone().into()]);
                    let taken = lowering.computed(taken, Class::Scalar, "taken", span);
                    lowering.if_there(taken, item, span, each)
                })
            }
            IteratorSource::StepBy(of, step) => {
                self.with_counts(of, &iteration.clone().one_by_one(), span, &mut |lowering, count, item| {
                    let rest = host(vec![Piece::Atom(count), tokens(quote!(%)), step.clone().into()]);
                    let taken = host(vec![rest.into(), tokens(quote!(== 0))]);
                    let taken = lowering.computed(taken, Class::Scalar, "taken", span);
                    lowering.if_there(taken, item, span, each)
                })
            }
            IteratorSource::Take(of, most) => {
                let by_index = matches!(iteration.asks, Asks::AtOnce) && of.is_random_access();
                let most = if by_index { self.of_those_there(of, most, span)? } else { most.clone() };
                self.first_of(of, &most, iteration, span, &mut |lowering, _, item| each(lowering, item))
            }
            IteratorSource::Zip(a, b) => self.zipped(a, b, iteration, span, each),
            IteratorSource::Adapter(..)
            | IteratorSource::Range(_)
            | IteratorSource::From(_)
            | IteratorSource::Same(_)
            | IteratorSource::Elements(_)
            | IteratorSource::Data(_)
            | IteratorSource::Items { .. }
            | IteratorSource::Rev(_)
            | IteratorSource::Cycle(_)
            | IteratorSource::Windows(..)
            | IteratorSource::Chunks { .. } => unsupported(Reason::AfterStage, span),
        }
    }

    /// The items of every item.
    fn flattened(
        &mut self,
        of: &IteratorSource<'t, 'a>,
        reversed: bool,
        iteration: &Iteration,
        span: Span,
        each: Each<'_, 't, 'a>,
    ) -> Lowered<()> {
        self.known_rest(of, iteration, span)?;
        let parts = iteration.within();
        self.run(of, &parts, span, &mut |lowering, item| {
            if let Meaning::Option(some, inside) = item {
                return lowering.if_there(some, *inside, span, each);
            }
            let mut source = lowering.source_of(item, span)?;
            if reversed {
                source = super::iterator_source::reversed(source, span)?;
            }
            lowering.run(&source, &parts, span, each)
        })?;
        self.taken_back(iteration.leave, span);
        Ok(())
    }

    /// The first item, and each that a function makes of the one before.
    fn succeeding(
        &mut self,
        first: &Meaning<'t, 'a>,
        ty: &Ty,
        function: &Meaning<'t, 'a>,
        iteration: &Iteration,
        span: Span,
        each: Each<'_, 't, 'a>,
    ) -> Lowered<()> {
        let next = self.own_variable("next", ty.clone(), first.clone());
        let endless = IteratorSource::From(host(vec![tokens(quote!(0_usize..))]));
        self.ended(&endless, &iteration.with(next), span, &mut |lowering, _, stop| {
            let Meaning::Option(some, item) = lowering.variables[&next].clone() else {
                return unsupported(Reason::UnknownOption, span);
            };
            // The one after it is asked for before the item is used.
            let after = lowering.fork(
                some.clone(),
                span,
                |lowering| lowering.inlined(function.clone(), vec![(*item).clone()], span),
                |_| Ok(Meaning::Never),
            )?;
            lowering.variables.insert(next, after);
            lowering.while_there(Meaning::Option(some, item), stop, span, each)
        })?;
        self.variables.remove(&next);
        Ok(())
    }

    /// A closure for every item.
    fn staged(
        &mut self,
        adapter: Adapter,
        of: &IteratorSource<'t, 'a>,
        function: &Meaning<'t, 'a>,
        iteration: &Iteration,
        span: Span,
        each: Each<'_, 't, 'a>,
    ) -> Lowered<()> {
        let call =
            |lowering: &mut Self, item: Meaning<'t, 'a>| lowering.inlined(function.clone(), vec![item], span);
        let look = |lowering: &mut Self, item: &Meaning<'t, 'a>| {
            let item = lowering.lent_to(function, item.clone(), span);
            call(lowering, item)
        };
        match adapter {
            Adapter::Map => self.run(of, iteration, span, &mut |lowering, item| {
                let item = call(lowering, item)?;
                each(lowering, item)
            }),
            Adapter::Inspect => self.run(of, iteration, span, &mut |lowering, item| {
                look(lowering, &item)?;
                each(lowering, item)
            }),
            Adapter::Filter => {
                self.known_rest(of, iteration, span)?;
                self.run(of, iteration, span, &mut |lowering, item| {
                    let test = look(lowering, &item)?;
                    let test = lowering.scalar(test, span)?;
                    lowering.if_there(test, item, span, each)
                })
            }
            Adapter::FilterMap => {
                self.known_rest(of, iteration, span)?;
                self.run(of, iteration, span, &mut |lowering, item| {
                    let Meaning::Option(some, inside) = call(lowering, item)? else {
                        return unsupported(Reason::UnknownOption, span);
                    };
                    lowering.if_there(some, *inside, span, each)
                })
            }
            Adapter::MapWhile => self.ended(of, iteration, span, &mut |lowering, item, stop| {
                let found = call(lowering, item)?;
                lowering.while_there(found, stop, span, each)
            }),
            Adapter::TakeWhile => self.ended(of, iteration, span, &mut |lowering, item, stop| {
                let test = look(lowering, &item)?;
                let test = lowering.scalar(test, span)?;
                lowering.while_there(Meaning::Option(test, Box::new(item)), stop, span, each)
            }),
            Adapter::SkipWhile => {
                // They are asked for one after the other until the first is taken.
                if !matches!(iteration.asks, Asks::OneByOne) && of.asks_once_more() {
                    return unsupported(Reason::AfterStage, span);
                }
                let skipping = self.own_variable("skipping", Ty::Bool, truth(true));
                self.run(of, &iteration.with(skipping), span, &mut |lowering, item| {
                    let before = lowering.variables[&skipping].clone();
                    let before = lowering.scalar(before, span)?;
                    let skips = lowering.fork(
                        before,
                        span,
                        |lowering| look(lowering, &item),
                        |_| Ok(truth(false)),
                    )?;
                    let skips = lowering.scalar(skips, span)?;
                    lowering.variables.insert(skipping, Meaning::Atom(skips.clone()));
                    let taken = host(vec![tokens(quote!(!)), Piece::Atom(skips)]);
                    let taken = lowering.computed(taken, Class::Scalar, "taken", span);
                    lowering.if_there(taken, item, span, each)
                })?;
                self.variables.remove(&skipping);
                Ok(())
            }
        }
    }

    /// An item as a closure gets it that only looks at it: data is borrowed once more than it is in the item. A number is a number
    /// behind any reference.
    pub(super) fn lent_to(
        &mut self,
        function: &Meaning<'t, 'a>,
        item: Meaning<'t, 'a>,
        span: Span,
    ) -> Meaning<'t, 'a> {
        let Meaning::Closure(closure, _) = function else { return item };
        match (item, closure.inputs.first().map(|input| input.written)) {
            (Meaning::Atom(Atom::Value(id)), _) if self.is_data(&Atom::Value(id)) => self.lent_item(id, span),
            // The pattern takes the tuple apart, and borrows its parts.
            (Meaning::Tuple(parts), Some(syn::Pat::Tuple(_))) => {
                let lent = parts.into_iter().map(|part| {
                    let Meaning::Atom(atom @ Atom::Value(id)) = &part else { return part };
                    if self.is_data(atom) { self.lent_item(*id, span) } else { part }
                });
                Meaning::Tuple(lent.collect())
            }
            (item, _) => item,
        }
    }

    fn lent_item(&mut self, item: ValueId, span: Span) -> Meaning<'t, 'a> {
        let borrow = host(vec![tokens(quote!(&)), Piece::Atom(Atom::Value(item))]);
        let out = self.value("item", Class::Data, false);
        self.shared.insert(out);
        self.push(StatementKind::Passive { out: Some(out), host: borrow }, span);
        Meaning::Atom(Atom::Value(out))
    }

    /// Pairs of items, of which those of one at least are found by index. Whether the first iterator is asked for one item more
    /// than the second has: see [`Asks`].
    fn zipped(
        &mut self,
        a: &IteratorSource<'t, 'a>,
        b: &IteratorSource<'t, 'a>,
        iteration: &Iteration,
        span: Span,
        each: Each<'_, 't, 'a>,
    ) -> Lowered<()> {
        if !b.is_indexed() {
            if !a.is_indexed() || !a.leaves_nothing() {
                return unsupported(Reason::AfterStage, span);
            }
            let length = self.length_now(a, span)?;
            return self.first_of(b, &length, iteration, span, &mut |lowering, count, item| {
                let first = lowering.inner_item(a, &count, span)?;
                each(lowering, Meaning::Tuple(vec![first, item]))
            });
        }
        let by_index = a.is_random_access() && b.is_random_access();
        let both_tell = a.tells_length() && b.tells_length();
        let length = self.length_now(b, span)?;
        let after = match &iteration.asks {
            _ if by_index => None,
            Asks::AtOnce if both_tell => None,
            Asks::AtOnceAfter(before) if both_tell => Some(Some(before.clone())),
            Asks::OneByOne | Asks::AtOnce | Asks::AtOnceAfter(_) => Some(None),
        };
        let Some(after) = after else {
            let length = if by_index { self.of_those_there(a, &length, span)? } else { length };
            return self.first_of(a, &length, iteration, span, &mut |lowering, count, item| {
                let other = lowering.inner_item(b, &count, span)?;
                each(lowering, Meaning::Tuple(vec![item, other]))
            });
        };
        let code = self.new_code();
        let parts = iteration.within().one_by_one();
        self.with_counts(a, &parts, span, &mut |lowering, count, item| {
            let there = host(vec![Piece::Atom(count.clone()), tokens(quote!(<)), length.clone().into()]);
            let there = lowering.computed(there, Class::Scalar, "there", span);
            lowering.fork(
                there,
                span,
                |lowering| {
                    let other = lowering.inner_item(b, &count, span)?;
                    each(lowering, Meaning::Tuple(vec![item, other]))?;
                    if let Some(before) = &after {
                        let last =
                            vec![Piece::Atom(count.clone()), tokens(quote!(+ 1 ==)), length.clone().into()];
                        let at_once = vec![
                            tokens(quote!(&&)),
                            length.clone().into(),
                            tokens(quote!(>=)),
                            before.clone().into(),
                        ];
                        let full = host([last, at_once].concat());
                        lowering.stops_where(full, code, span)?;
                    }
                    Ok(Meaning::Unit)
                },
                |lowering| Ok(lowering.stop(code)),
            )?;
            Ok(())
        })?;
        self.taken_back(Some(code), span);
        self.taken_back(iteration.leave, span);
        Ok(())
    }

    /// How many of so many items there are. Where items are found by index, those that `skip` leaves out are asked for only if
    /// there is an item after them.
    fn of_those_there(
        &mut self,
        source: &IteratorSource<'t, 'a>,
        most: &HostExpression,
        span: Span,
    ) -> Lowered<HostExpression> {
        if source.is_indexed() || !source.has_indices() {
            return Ok(most.clone());
        }
        let there = self.length_now(source, span)?;
        Ok(host(vec![there.into(), tokens(quote!(.min)), host(vec![most.clone().into()]).into()]))
    }

    /// Sets a code under a condition, if nothing has left already.
    fn stops_where(&mut self, condition: HostExpression, code: u32, span: Span) -> Lowered<()> {
        let condition = self.computed(condition, Class::Scalar, "full", span);
        self.unless_left(span, |lowering| {
            lowering
                .fork(condition, span, |lowering| Ok(lowering.stop(code)), |_| Ok(Meaning::Unit))
                .map(drop)
        })
        .map(drop)
    }

    /// How many items are asked for one after the other must be known if a `zip` in the source may notice it.
    fn known_rest(&self, source: &IteratorSource<'t, 'a>, iteration: &Iteration, span: Span) -> Lowered<()> {
        match iteration.asks {
            Asks::AtOnceAfter(_) if source.asks_once_more() => unsupported(Reason::AfterStage, span),
            Asks::OneByOne | Asks::AtOnce | Asks::AtOnceAfter(_) => Ok(()),
        }
    }

    fn length_now(&mut self, source: &IteratorSource<'t, 'a>, span: Span) -> Lowered<HostExpression> {
        let length = Self::length(source, span)?;
        let length = self.computed(length, Class::Scalar, "n", span);
        Ok(host(vec![Piece::Atom(length)]))
    }

    /// The items and how many came before each.
    fn with_counts(
        &mut self,
        of: &IteratorSource<'t, 'a>,
        iteration: &Iteration,
        span: Span,
        each: &mut dyn FnMut(&mut Self, Atom, Meaning<'t, 'a>) -> Lowered<()>,
    ) -> Lowered<()> {
        let counter = self.own_variable("count", Ty::Int, Meaning::Atom(Atom::zero_count()));
        self.run(of, &iteration.with(counter), span, &mut |lowering, item| {
            let count = lowering.variables[&counter].clone();
            let count = lowering.scalar(count, span)?;
            let next = host(vec![Piece::Atom(count.clone()), tokens(quote!(+ 1))]);
            let next = lowering.computed(next, Class::Scalar, "count", span);
            lowering.variables.insert(counter, Meaning::Atom(next));
            each(lowering, count, item)
        })?;
        self.variables.remove(&counter);
        Ok(())
    }

    /// No more than the first so many items; none is asked for after the last of them.
    fn first_of(
        &mut self,
        of: &IteratorSource<'t, 'a>,
        most: &HostExpression,
        iteration: &Iteration,
        span: Span,
        each: &mut dyn FnMut(&mut Self, Atom, Meaning<'t, 'a>) -> Lowered<()>,
    ) -> Lowered<()> {
        let code = self.new_code();
        let any = host(vec![most.clone().into(), tokens(quote!(> 0))]);
        let any = self.computed(any, Class::Scalar, "any", span);
        let parts = iteration.within().one_by_one();
        self.fork(
            any,
            span,
            |lowering| {
                lowering.with_counts(of, &parts, span, &mut |lowering, count, item| {
                    each(lowering, count.clone(), item)?;
                    let full = host(vec![Piece::Atom(count), tokens(quote!(+ 1 ==)), most.clone().into()]);
                    lowering.stops_where(full, code, span)
                })?;
                lowering.taken_back(Some(code), span);
                Ok(Meaning::Unit)
            },
            |_| Ok(Meaning::Unit),
        )?;
        self.taken_back(iteration.leave, span);
        Ok(())
    }

    /// Runs `each` with a code that ends the loops.
    fn ended(
        &mut self,
        of: &IteratorSource<'t, 'a>,
        iteration: &Iteration,
        span: Span,
        each: &mut dyn FnMut(&mut Self, Meaning<'t, 'a>, u32) -> Lowered<()>,
    ) -> Lowered<()> {
        let code = self.new_code();
        let parts = iteration.within().one_by_one();
        self.run(of, &parts, span, &mut |lowering, item| each(lowering, item, code))?;
        self.taken_back(Some(code), span);
        self.taken_back(iteration.leave, span);
        Ok(())
    }

    fn if_there(
        &mut self,
        some: Atom,
        inside: Meaning<'t, 'a>,
        span: Span,
        each: Each<'_, 't, 'a>,
    ) -> Lowered<()> {
        let run = |lowering: &mut Self| each(lowering, inside).map(|()| Meaning::Unit);
        self.fork(some, span, run, |_| Ok(Meaning::Unit)).map(drop)
    }

    /// What is found while there is something; else the loops end.
    fn while_there(
        &mut self,
        found: Meaning<'t, 'a>,
        stop: u32,
        span: Span,
        each: Each<'_, 't, 'a>,
    ) -> Lowered<()> {
        let Meaning::Option(some, inside) = found else {
            return unsupported(Reason::UnknownOption, span);
        };
        let run = |lowering: &mut Self| each(lowering, *inside).map(|()| Meaning::Unit);
        self.fork(some, span, run, |lowering| Ok(lowering.stop(stop))).map(drop)
    }

    // --- codes

    pub(super) fn new_code(&mut self) -> u32 {
        self.codes += 1;
        self.codes
    }

    /// Sets a code.
    pub(super) fn stop(&mut self, stop: u32) -> Meaning<'t, 'a> {
        self.set.insert(stop);
        self.variables.insert(self.exit, Meaning::Atom(code(stop)));
        Meaning::Unit
    }

    /// What was ended by a code has ended: what follows runs.
    fn taken_back(&mut self, leave: Option<u32>, span: Span) {
        let Some(leave) = leave.filter(|leave| self.set.remove(leave)) else { return };
        let exit = match self.running() {
            Running::Perhaps(exit) => exit,
            Running::Yes | Running::No => return,
        };
        let leave = Literal::u32_suffixed(leave);
        let outward = host(vec![
            tokens(quote!(match)),
            Piece::Atom(exit),
            tokens(quote!({ #leave => 0_u32, outward => outward })),
        ]);
        // Nothing else is set, as likely as not.
        let known =
            if self.set.is_empty() { code(0) } else { self.computed(outward, Class::Scalar, "exit", span) };
        self.variables.insert(self.exit, Meaning::Atom(known));
    }

    // --- what closures assign

    /// The variables that the closures of a source assign.
    pub(super) fn assigned_in_source(&self, source: &IteratorSource<'t, 'a>) -> BTreeSet<usize> {
        let mut assigned = BTreeSet::new();
        self.assigned_by_source(source, &mut assigned);
        assigned
    }

    fn assigned_by_source(&self, source: &IteratorSource<'t, 'a>, assigned: &mut BTreeSet<usize>) {
        match source {
            IteratorSource::Range(_)
            | IteratorSource::From(_)
            | IteratorSource::Same(_)
            | IteratorSource::Elements(_)
            | IteratorSource::Data(_)
            | IteratorSource::Items { .. }
            | IteratorSource::Windows(..)
            | IteratorSource::Chunks { .. } => {}
            IteratorSource::InOrder(of)
            | IteratorSource::Enumerate(of)
            | IteratorSource::Rev(of)
            | IteratorSource::Skip(of, _)
            | IteratorSource::Take(of, _)
            | IteratorSource::StepBy(of, _)
            | IteratorSource::Cycle(of)
            | IteratorSource::Flatten { of, .. } => self.assigned_by_source(of, assigned),
            IteratorSource::Zip(a, b) | IteratorSource::Chain(a, b) => {
                self.assigned_by_source(a, assigned);
                self.assigned_by_source(b, assigned);
            }
            IteratorSource::Adapter(_, of, function) | IteratorSource::Scan { of, function, .. } => {
                self.assigned_by_source(of, assigned);
                if let Meaning::Closure(closure, _) = function {
                    self.assigned_in(&closure.body, assigned);
                }
            }
            IteratorSource::Successors { function, .. } => {
                if let Meaning::Closure(closure, _) = function {
                    self.assigned_in(&closure.body, assigned);
                }
            }
        }
    }
}
