//! Methods of arrays, slices and `Vec`s.

use super::super::datum::{Datum, Evaluated, Iter, Place, panics, unknown};
use super::Machine;
use super::operator::compared;
use std::cmp::Ordering;

impl Machine {
    pub(super) fn of_list(
        &self,
        items: Vec<Datum>,
        name: &str,
        arguments: Vec<Datum>,
        hint: &str,
    ) -> Evaluated<Datum> {
        let length = items.len();
        let iterator = |parts: Vec<Datum>| Ok(Datum::Iterator(Iter::of(parts)));
        match (name, arguments.as_slice()) {
            ("len", []) => Ok(Datum::from(length)),
            ("is_empty", []) => Ok(Datum::Bool(items.is_empty())),
            ("to_vec" | "clone" | "to_owned" | "as_slice" | "as_ref" | "into_boxed_slice" | "borrow", []) => {
                Datum::List(items).owned()
            }
            ("iter" | "into_iter" | "drain", _) => iterator(items),
            ("first", []) => Ok(Datum::option(items.first().cloned())),
            ("last", []) => Ok(Datum::option(items.last().cloned())),
            ("get", [index]) => {
                let index = index.clone().int()?;
                Ok(Datum::option(usize::try_from(index).ok().and_then(|index| items.get(index).cloned())))
            }
            ("split_first", []) => Ok(Datum::option(
                items
                    .split_first()
                    .map(|(first, rest)| Datum::Tuple(vec![first.clone(), Datum::List(rest.to_vec())])),
            )),
            ("split_last", []) => Ok(Datum::option(
                items
                    .split_last()
                    .map(|(last, rest)| Datum::Tuple(vec![last.clone(), Datum::List(rest.to_vec())])),
            )),
            ("split_at", [at]) => {
                let at = at.clone().size()?;
                if at > length {
                    return panics("`split_at`");
                }
                let (head, tail) = items.split_at(at);
                Ok(Datum::Tuple(vec![Datum::List(head.to_vec()), Datum::List(tail.to_vec())]))
            }
            ("windows" | "chunks" | "chunks_exact", [size]) => {
                let size = size.clone().size()?;
                if size == 0 {
                    return panics("a size of zero");
                }
                let part = |part: &[Datum]| Datum::List(part.to_vec());
                iterator(match name {
                    "windows" => items.windows(size).map(part).collect(),
                    "chunks" => items.chunks(size).map(part).collect(),
                    _ => items.chunks_exact(size).map(part).collect(),
                })
            }
            // Of an array.
            ("map", [function]) => {
                let mapped = items.into_iter().map(|item| self.applied(function, vec![item]));
                Ok(Datum::List(mapped.collect::<Evaluated<_>>()?))
            }
            ("contains", [sought]) => {
                for item in items {
                    if compared(item, sought.clone())?.is_some_and(Ordering::is_eq) {
                        return Ok(Datum::Bool(true));
                    }
                }
                Ok(Datum::Bool(false))
            }
            ("concat", []) => {
                let rows = items.into_iter().map(Datum::list).collect::<Evaluated<Vec<_>>>()?;
                Ok(Datum::List(rows.concat()))
            }
            _ => self.of_iterator(Datum::List(items), name, arguments, hint),
        }
    }

    /// Methods that change a sequence, or give parts of it that can be changed.
    #[allow(clippy::too_many_lines, reason = "a method after the other")]
    pub(super) fn of_place(&self, place: &Place, name: &str, arguments: Vec<Datum>) -> Evaluated<Datum> {
        let mut arguments = arguments.into_iter();
        let mut argument =
            || arguments.next().map_or_else(|| unknown(format!("`{name}` without arguments")), Ok);
        let datum = place.get()?;
        if name == "next" {
            return match datum {
                Datum::Iterator(items) => Ok(Datum::option(items.next()?)),
                other => {
                    let items = self.iterated(other)?;
                    let first = items.next()?;
                    place.set(Datum::Iterator(items))?;
                    Ok(Datum::option(first))
                }
            };
        }
        if name == "by_ref" {
            let items = self.iterated(datum)?;
            place.set(Datum::Iterator(items.clone()))?;
            return Ok(Datum::Iterator(items));
        }
        let Datum::List(mut items) = datum else {
            // `swap` of a cell, `extend` of a set, …
            return unknown(format!("the method `{name}` of {datum}"));
        };
        let length = items.len();
        let element = |at: usize| place.at(at as i128).map(Datum::Reference);
        let result = match name {
            "iter_mut" => return Ok(Datum::Iterator(Iter::of(place.elements()?))),
            "as_mut_slice" => return Ok(Datum::Reference(place.clone())),
            "first_mut" | "last_mut" => {
                let at = if name == "first_mut" { 0 } else { length.saturating_sub(1) };
                return Ok(Datum::option(if length == 0 { None } else { Some(element(at)?) }));
            }
            "get_mut" => {
                let at = argument()?.size()?;
                return Ok(Datum::option(if at < length { Some(element(at)?) } else { None }));
            }
            "split_at_mut" => {
                let at = argument()?.int()?;
                let parts = [place.part(Some(0), Some(at))?, place.part(Some(at), None)?];
                return Ok(Datum::Tuple(parts.map(Datum::Reference).to_vec()));
            }
            "split_first_mut" => {
                if length == 0 {
                    return Ok(Datum::Option(None));
                }
                let rest = Datum::Reference(place.part(Some(1), None)?);
                return Ok(Datum::some(Datum::Tuple(vec![element(0)?, rest])));
            }
            "chunks_mut" | "chunks_exact_mut" => {
                let size = argument()?.size()?.max(1);
                let whole = if name == "chunks_mut" { length.div_ceil(size) } else { length / size };
                let part = |at: usize| {
                    let end = ((at + 1) * size).min(length);
                    place.part(Some((at * size) as i128), Some(end as i128)).map(Datum::Reference)
                };
                return Ok(Datum::Iterator(Iter::of((0..whole).map(part).collect::<Evaluated<_>>()?)));
            }
            "push" | "push_back" => {
                items.push(argument()?);
                Datum::Unit
            }
            "push_front" => {
                items.insert(0, argument()?);
                Datum::Unit
            }
            "pop" | "pop_back" => Datum::option(items.pop()),
            "pop_front" => Datum::option((length > 0).then(|| items.remove(0))),
            "insert" => {
                let at = argument()?.size()?;
                if at > length {
                    return panics("`insert`");
                }
                items.insert(at, argument()?);
                Datum::Unit
            }
            "remove" | "swap_remove" => {
                let at = argument()?.size()?;
                if at >= length {
                    return panics("`remove`");
                }
                if name == "remove" { items.remove(at) } else { items.swap_remove(at) }
            }
            "truncate" => {
                items.truncate(argument()?.size()?);
                Datum::Unit
            }
            "resize" => {
                let to = argument()?.size()?;
                self.burn_all(to.saturating_sub(items.len()))?;
                items.resize(to, argument()?);
                Datum::Unit
            }
            "clear" => {
                items.clear();
                Datum::Unit
            }
            "swap" => {
                let (a, b) = (argument()?.size()?, argument()?.size()?);
                if a.max(b) >= length {
                    return panics("`swap`");
                }
                items.swap(a, b);
                Datum::Unit
            }
            "fill" => {
                let value = argument()?.read()?;
                items.iter_mut().for_each(|item| *item = value.clone());
                Datum::Unit
            }
            "copy_from_slice" | "clone_from_slice" => {
                items = argument()?.list()?;
                if items.len() != length {
                    return panics("`copy_from_slice`");
                }
                Datum::Unit
            }
            "extend_from_slice" | "extend" => {
                let more = argument()?;
                items.extend(self.iterated(more)?.all()?);
                Datum::Unit
            }
            "reverse" => {
                items.reverse();
                Datum::Unit
            }
            "rotate_left" | "rotate_right" => {
                let by = argument()?.size()?;
                if by > length {
                    return panics("`rotate`");
                }
                if name == "rotate_left" {
                    items.rotate_left(by);
                } else {
                    items.rotate_right(by);
                }
                Datum::Unit
            }
            "sort_by" | "sort_unstable_by" | "sort" | "sort_unstable" => {
                let by = arguments.next();
                items = self.sorted(items, |machine, a, b| match &by {
                    Some(by) => match machine.applied(by, vec![a, b])?.read()? {
                        Datum::Ordering(order) => Ok(order),
                        other => unknown(format!("{other} as an ordering")),
                    },
                    None => Ok(compared(a, b)?.unwrap_or(Ordering::Equal)),
                })?;
                Datum::Unit
            }
            _ => return unknown(format!("the method `{name}`")),
        };
        place.set(Datum::List(items))?;
        Ok(result)
    }

    /// By insertion, which is stable and may fail in the middle.
    pub(super) fn sorted(
        &self,
        items: Vec<Datum>,
        by: impl Fn(&Machine, Datum, Datum) -> Evaluated<Ordering>,
    ) -> Evaluated<Vec<Datum>> {
        let mut sorted: Vec<Datum> = Vec::new();
        for item in items {
            let mut at = sorted.len();
            while at > 0 && by(self, sorted[at - 1].clone(), item.clone())?.is_gt() {
                at -= 1;
            }
            sorted.insert(at, item);
        }
        Ok(sorted)
    }
}
