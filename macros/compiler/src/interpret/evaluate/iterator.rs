//! Iterators: adapters give them item by item, so that effects come in the order of the language.

use super::super::datum::Place;
use super::super::datum::limited;
use super::super::datum::{Datum, Evaluated, Iter, Stop, cell, unknown};
use super::super::integer::checked;
use super::super::width::Width;
use super::Machine;
use super::operator::{cast, compared};
use std::cell::RefCell;
use std::cmp::Ordering;

impl Machine {
    /// What `for` goes through.
    #[allow(clippy::self_only_used_in_recursion, reason = "a step of the machine like the others")]
    pub fn iterated(&self, datum: Datum) -> Evaluated<Iter> {
        match datum {
            Datum::Iterator(iterator) => Ok(iterator),
            Datum::Reference(place) => match place.get()? {
                Datum::List(_) => Ok(Iter::of(place.elements()?)),
                other => self.iterated(other),
            },
            Datum::List(items) => Ok(Iter::of(items)),
            Datum::Option(inside) => Ok(Iter::of(inside.into_iter().map(|inside| *inside).collect())),
            Datum::Range(Some(start), end, width) => {
                let (mut at, machine) = (start, self.clone());
                Ok(Iter::new(move || {
                    machine.burn()?;
                    if end.is_some_and(|end| at >= end) {
                        return Ok(None);
                    }
                    at += 1;
                    Ok(Some(Datum::Int(at - 1, width)))
                }))
            }
            other => unknown(format!("iterating over {other}")),
        }
    }

    pub(super) fn of_iterator(
        &self,
        receiver: Datum,
        name: &str,
        arguments: Vec<Datum>,
        hint: &str,
    ) -> Evaluated<Datum> {
        let items = self.iterated(receiver)?;
        let mut arguments = arguments.into_iter();
        match (name, arguments.next(), arguments.next()) {
            ("iter" | "into_iter" | "copied" | "cloned" | "by_ref" | "fuse", None, None) => {
                Ok(Datum::Iterator(items))
            }
            ("fold", Some(start), Some(function)) => {
                let mut total = start;
                while let Some(item) = items.next()? {
                    total = self.applied(&function, vec![total, item])?;
                }
                Ok(total)
            }
            (_, Some(argument), None) => match self.adapter(&items, name, &argument)? {
                Some(adapted) => Ok(Datum::Iterator(adapted)),
                None if name == "scan" => unknown("this `scan`"),
                None => self.consumer(&items, name, &argument),
            },
            ("scan", Some(start), Some(function)) => {
                let (machine, state) = (self.clone(), cell(start));
                Ok(Datum::Iterator(Iter::new(move || {
                    let Some(item) = items.next()? else { return Ok(None) };
                    let state = Datum::Reference(Place::from(state.clone()));
                    match machine.applied(&function, vec![state, item])?.read()? {
                        Datum::Option(inside) => Ok(inside.map(|inside| *inside)),
                        other => unknown(format!("{other} in a `scan`")),
                    }
                })))
            }
            (_, None, None) => self.finished(&items, name, hint),
            _ => unknown(format!("the method `{name}` of an iterator")),
        }
    }

    /// Adapters with one argument.
    #[allow(clippy::too_many_lines, reason = "an adapter after the other")]
    fn adapter(&self, items: &Iter, name: &str, argument: &Datum) -> Evaluated<Option<Iter>> {
        let (machine, items, argument) = (self.clone(), items.clone(), argument.clone());
        Ok(Some(match name {
            "map" => Iter::new(move || {
                let Some(item) = items.next()? else { return Ok(None) };
                machine.applied(&argument, vec![item]).map(Some)
            }),
            "inspect" => Iter::new(move || {
                let Some(item) = items.next()? else { return Ok(None) };
                machine.applied(&argument, vec![item.clone()])?;
                Ok(Some(item))
            }),
            "filter" => Iter::new(move || {
                while let Some(item) = items.next()? {
                    if machine.applied(&argument, vec![item.clone()])?.bool()? {
                        return Ok(Some(item));
                    }
                }
                Ok(None)
            }),
            "filter_map" => Iter::new(move || {
                while let Some(item) = items.next()? {
                    if let Datum::Option(Some(inside)) = machine.applied(&argument, vec![item])?.read()? {
                        return Ok(Some(*inside));
                    }
                }
                Ok(None)
            }),
            "take_while" => {
                let mut over = false;
                Iter::new(move || {
                    if over {
                        return Ok(None);
                    }
                    let Some(item) = items.next()? else { return Ok(None) };
                    over = !machine.applied(&argument, vec![item.clone()])?.bool()?;
                    Ok((!over).then_some(item))
                })
            }
            "skip_while" => {
                let mut begun = false;
                Iter::new(move || {
                    while let Some(item) = items.next()? {
                        begun = begun || !machine.applied(&argument, vec![item.clone()])?.bool()?;
                        if begun {
                            return Ok(Some(item));
                        }
                    }
                    Ok(None)
                })
            }
            "flat_map" => {
                let current: RefCell<Option<Iter>> = RefCell::new(None);
                Iter::new(move || {
                    loop {
                        let inner = current.borrow().clone();
                        if let Some(inner) = inner
                            && let Some(item) = inner.next()?
                        {
                            return Ok(Some(item));
                        }
                        let Some(item) = items.next()? else { return Ok(None) };
                        let next = machine.iterated(machine.applied(&argument, vec![item])?)?;
                        *current.borrow_mut() = Some(next);
                    }
                })
            }
            "zip" => {
                let other = self.iterated(argument)?;
                Iter::new(move || {
                    let Some(a) = items.next()? else { return Ok(None) };
                    Ok(other.next()?.map(|b| Datum::Tuple(vec![a, b])))
                })
            }
            "chain" => {
                let other = self.iterated(argument)?;
                Iter::new(move || match items.next()? {
                    Some(item) => Ok(Some(item)),
                    None => other.next(),
                })
            }
            "skip" => {
                let mut left = argument.size()?;
                Iter::new(move || {
                    while left > 0 {
                        left -= 1;
                        if items.next()?.is_none() {
                            return Ok(None);
                        }
                    }
                    items.next()
                })
            }
            "take" => {
                let mut left = argument.size()?;
                Iter::new(move || {
                    if left == 0 {
                        return Ok(None);
                    }
                    left -= 1;
                    items.next()
                })
            }
            "step_by" => {
                let (step, mut first) = (argument.size()?, true);
                Iter::new(move || {
                    let skipped = if first { 0 } else { step.saturating_sub(1) };
                    first = false;
                    for _ in 0..skipped {
                        if items.next()?.is_none() {
                            return Ok(None);
                        }
                    }
                    items.next()
                })
            }
            _ => return Ok(None),
        }))
    }

    /// Consumers with one argument.
    fn consumer(&self, items: &Iter, name: &str, argument: &Datum) -> Evaluated<Datum> {
        let test = |item: Datum| self.applied(argument, vec![item])?.bool();
        match name {
            "for_each" => {
                while let Some(item) = items.next()? {
                    self.applied(argument, vec![item])?;
                }
                Ok(Datum::Unit)
            }
            "any" | "all" => {
                while let Some(item) = items.next()? {
                    if test(item)? == (name == "any") {
                        return Ok(Datum::Bool(name == "any"));
                    }
                }
                Ok(Datum::Bool(name == "all"))
            }
            "find" | "position" => {
                let mut at = 0_usize;
                while let Some(item) = items.next()? {
                    if test(item.clone())? {
                        return Ok(Datum::some(if name == "find" { item } else { Datum::from(at) }));
                    }
                    at += 1;
                }
                Ok(Datum::Option(None))
            }
            "nth" => {
                for _ in 0..argument.clone().size()? {
                    items.next()?;
                }
                Ok(Datum::option(items.next()?))
            }
            "reduce" => {
                let Some(mut total) = items.next()? else { return Ok(Datum::Option(None)) };
                while let Some(item) = items.next()? {
                    total = self.applied(argument, vec![total, item])?;
                }
                Ok(Datum::some(total))
            }
            "max_by" | "min_by" => {
                let Some(mut best) = items.next()? else { return Ok(Datum::Option(None)) };
                while let Some(item) = items.next()? {
                    let order = self.applied(argument, vec![best.clone(), item.clone()])?.read()?;
                    let Datum::Ordering(order) = order else { return unknown("an ordering") };
                    if if name == "max_by" { order.is_le() } else { order.is_gt() } {
                        best = item;
                    }
                }
                Ok(Datum::some(best))
            }
            _ => unknown(format!("the method `{name}` of an iterator")),
        }
    }

    /// Adapters and consumers without arguments.
    fn finished(&self, items: &Iter, name: &str, hint: &str) -> Evaluated<Datum> {
        let iterator = |items: Vec<Datum>| Ok(Datum::Iterator(Iter::of(items)));
        match name {
            "rev" => {
                let mut all = items.all()?;
                all.reverse();
                iterator(all)
            }
            "enumerate" => {
                let (items, mut at) = (items.clone(), 0_usize);
                Ok(Datum::Iterator(Iter::new(move || {
                    at += 1;
                    Ok(items.next()?.map(|item| Datum::Tuple(vec![Datum::from(at - 1), item])))
                })))
            }
            "flatten" => {
                let mut all = Vec::new();
                for item in items.all()? {
                    match item.read()? {
                        Datum::List(inner) => all.extend(inner),
                        Datum::Iterator(inner) => all.extend(inner.all()?),
                        Datum::Option(inner) => all.extend(inner.map(|inner| *inner)),
                        other => return unknown(format!("{other} flattened")),
                    }
                }
                iterator(all)
            }
            "collect" => Datum::List(items.all()?).owned(),
            "count" => Ok(Datum::from(items.all()?.len())),
            "last" => Ok(Datum::option(items.all()?.pop())),
            "sum" | "product" => self.total(items, name == "sum", hint),
            "max" | "min" => {
                let mut best: Option<Datum> = None;
                for item in items.all()? {
                    let order = match &best {
                        Some(best) => compared(item.clone(), best.clone())?,
                        None => None,
                    };
                    let better = if name == "max" { Ordering::is_ge } else { Ordering::is_lt };
                    if order.is_none_or(better) {
                        best = Some(item);
                    }
                }
                Ok(Datum::option(best))
            }
            "clone" => Err(Stop::Unknown("a copy of an iterator".to_owned())),
            _ => unknown(format!("the method `{name}` of an iterator")),
        }
    }
}

impl Machine {
    /// From the first item on, as the standard library has it: an empty sum is −0, to which any number is added without a change.
    fn total(&self, items: &Iter, sum: bool, hint: &str) -> Evaluated<Datum> {
        let (at, what) = (self.at(), if sum { "add" } else { "mul" });
        let Some(first) = items.next()? else {
            let empty = if sum { -0.0 } else { 1.0 };
            return match Width::named(hint) {
                Some(width) => Ok(Datum::Int(i128::from(!sum), width)),
                None => Ok(Datum::from(empty)),
            };
        };
        let mut total = first.read()?;
        let mut count = 1;
        while let Some(item) = items.next()? {
            self.set_at(at);
            count += 1;
            if count > 100_000 {
                return limited("a sum of more than 100 000 items");
            }
            total = match (total, item.read()?) {
                (Datum::Int(a, of_a), Datum::Int(b, of_b)) => {
                    let value = if sum { a.checked_add(b) } else { a.checked_mul(b) };
                    let what = if sum { "add" } else { "multiply" };
                    let (value, width) = checked(value, of_a.and(of_b), what)?;
                    Datum::Int(value, width)
                }
                (total, item) => self.operated(what, vec![total, item])?,
            };
        }
        match total {
            Datum::Int(..) if !hint.is_empty() => cast(total, hint),
            // What is summed may be a whole number that is to be a float.
            other => Ok(other),
        }
    }
}
