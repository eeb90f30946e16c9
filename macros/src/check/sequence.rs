//! Methods of sequences, iterators and `Option`s: what they take, and the type of what they give.
//!
//! They are the same on `Value`s as on numbers, so a back end prints them as they stand; here is told how types and
//! activity go through them. What is not listed has no rule.

use super::Checker;
use crate::tree::{Argument, Expr, Kind};
use crate::ty::{Sequence, Ty};

/// A method call being checked: its arguments in order, those that were looked at.
struct Call<'a> {
    name: String,
    written: Vec<&'a syn::Expr>,
    turbofish: Option<&'a syn::Type>,
    checked: Vec<Argument<'a>>,
}

impl<'a> Call<'a> {
    /// The next argument goes to a place of type `slot`.
    fn value(&mut self, checker: &mut Checker<'a>, slot: &Ty) {
        if let Some(written) = self.written.get(self.checked.len()) {
            let argument = checker.argument(written, slot);
            self.checked.push(argument);
        }
    }

    /// The next argument, whatever its type: a passive number, a range, text.
    fn any(&mut self, checker: &mut Checker<'a>) -> Ty {
        let Some(written) = self.written.get(self.checked.len()) else { return Ty::Unit };
        let value = checker.boxed(written);
        let ty = value.ty.clone();
        self.checked.push(Argument { slot: ty.clone(), value });
        ty
    }

    /// The next argument is called with `inputs`; gives the type of what it returns.
    fn function(&mut self, checker: &mut Checker<'a>, inputs: &[Ty]) -> Ty {
        let Some(written) = self.written.get(self.checked.len()) else { return Ty::Unit };
        let (argument, output) = checker.function(written, inputs);
        self.checked.push(argument);
        output
    }
}

impl<'a> Checker<'a> {
    pub(super) fn sequence_method(
        &mut self,
        receiver: Expr<'a>,
        name: &str,
        call: &'a syn::ExprMethodCall,
        written: &'a syn::Expr,
    ) -> Expr<'a> {
        let turbofish = call.turbofish.as_ref().and_then(|generics| {
            generics.args.iter().find_map(|argument| match argument {
                syn::GenericArgument::Type(ty) => Some(ty),
                _ => None,
            })
        });
        let mut context = Call {
            name: name.to_owned(),
            written: call.args.iter().collect(),
            turbofish,
            checked: Vec::new(),
        };
        let ty = self.method_type(&receiver.ty, &mut context);
        if let Some(operation) = total(name)
            && let Some(Ty::Float(_)) = &ty
        {
            let range = self.source.range(written);
            let of = self.source.range(&*call.receiver);
            let site = self.site_at(range, vec![of, of]);
            let kind = Kind::Total { operation, receiver: Box::new(receiver), site };
            return self.expr(kind, ty.unwrap_or(Ty::Unit), written);
        }
        match ty {
            Some(ty) if context.checked.len() == call.args.len() => {
                let kind = Kind::Method { call, receiver: Box::new(receiver), arguments: context.checked };
                self.expr(kind, ty, written)
            }
            _ => {
                let mut operands = vec![receiver];
                let looked_at = context.checked.len();
                operands.extend(context.checked.into_iter().map(|argument| *argument.value));
                operands.extend(call.args.iter().skip(looked_at).map(|argument| self.expression(argument)));
                self.without_rule(operands, name, call, written)
            }
        }
    }

    /// The type of what the method gives; `None` where there is no rule.
    fn method_type(&mut self, receiver: &Ty, call: &mut Call<'a>) -> Option<Ty> {
        let by_reference = matches!(self.types.shallow(receiver), Ty::Ref { .. });
        match self.types.peeled(receiver) {
            Ty::Sequence(kind, element) => self.sequence_type(kind, &element, by_reference, call),
            Ty::Iter(item) => self.iterator_type(&item, call),
            Ty::Range => self.range_type(call),
            Ty::Option(inner) => {
                let inner = if by_reference && call.name != "take" { (*inner).clone() } else { *inner };
                self.option_type(&inner, call)
            }
            Ty::Tuple(_) if matches!(call.name.as_str(), "clone" | "to_owned") => {
                Some(self.types.peeled(receiver))
            }
            Ty::Unknown(_) => self.unknown_type(receiver, by_reference, call),
            _ => None,
        }
    }

    /// The receiver is not known: the method tells what it is, if only sequences have it.
    fn unknown_type(&mut self, receiver: &Ty, by_reference: bool, call: &mut Call<'a>) -> Option<Ty> {
        const TELLING: &[&str] = &[
            "iter",
            "iter_mut",
            "len",
            "is_empty",
            "windows",
            "chunks",
            "chunks_exact",
            "to_vec",
            "push",
            "pop",
            "swap",
            "fill",
            "split_at",
            "first",
            "last",
            "into_iter",
        ];
        if !TELLING.contains(&call.name.as_str()) {
            return None;
        }
        let element = self.types.element(receiver)?;
        self.sequence_type(Sequence::Slice, &element, by_reference, call)
    }

    fn range_type(&mut self, call: &mut Call<'a>) -> Option<Ty> {
        match call.name.as_str() {
            "len" | "count" => Some(Ty::Int),
            "is_empty" => Some(Ty::Bool),
            "contains" => {
                call.any(self);
                Some(Ty::Bool)
            }
            "start" | "end" => Some(Ty::reference(Ty::Int)),
            "clone" => Some(Ty::Range),
            _ => self.iterator_type(&Ty::Int, call),
        }
    }

    fn sequence_type(
        &mut self,
        kind: Sequence,
        element: &Ty,
        by_reference: bool,
        call: &mut Call<'a>,
    ) -> Option<Ty> {
        let shared = || Ty::reference(element.clone());
        let mutable = |ty: Ty| Ty::Ref { mutable: true, inner: Box::new(ty) };
        let slice = || Ty::sequence(Sequence::Slice, element.clone());
        Some(match call.name.as_str() {
            "iter" => Ty::iter(shared()),
            "iter_mut" => Ty::iter(mutable(element.clone())),
            "into_iter" if by_reference => Ty::iter(shared()),
            "into_iter" => Ty::iter(element.clone()),
            "len" | "capacity" => Ty::Int,
            "is_empty" => Ty::Bool,
            "first" | "last" | "front" | "back" => Ty::option(shared()),
            "first_mut" | "last_mut" => Ty::option(mutable(element.clone())),
            "get" | "get_mut" => {
                let of_range = call.any(self) == Ty::Range;
                let part = if of_range { slice() } else { element.clone() };
                Ty::option(if call.name == "get" { Ty::reference(part) } else { mutable(part) })
            }
            "windows" | "chunks" | "chunks_exact" | "rchunks" => {
                call.any(self);
                Ty::iter(Ty::reference(slice()))
            }
            "chunks_mut" | "chunks_exact_mut" => {
                call.any(self);
                Ty::iter(mutable(slice()))
            }
            "to_vec" => Ty::sequence(Sequence::Vec, element.clone()),
            "clone" | "to_owned" if kind == Sequence::Slice => Ty::sequence(Sequence::Vec, element.clone()),
            "clone" | "to_owned" => Ty::sequence(kind, element.clone()),
            "as_slice" | "as_ref" => Ty::reference(slice()),
            "as_mut_slice" | "as_mut" => mutable(slice()),
            "split_at" => {
                call.any(self);
                Ty::Tuple(vec![Ty::reference(slice()), Ty::reference(slice())])
            }
            "split_at_mut" => {
                call.any(self);
                Ty::Tuple(vec![mutable(slice()), mutable(slice())])
            }
            "split_first" | "split_last" => Ty::option(Ty::Tuple(vec![shared(), Ty::reference(slice())])),
            "concat" => {
                let inner = self.types.element(element)?;
                Ty::sequence(Sequence::Vec, inner)
            }
            "map" if kind == Sequence::Array => {
                let output = call.function(self, std::slice::from_ref(element));
                Ty::sequence(Sequence::Array, output)
            }
            _ => return self.changing_type(kind, element, call),
        })
    }

    /// Methods that change a sequence in place.
    fn changing_type(&mut self, kind: Sequence, element: &Ty, call: &mut Call<'a>) -> Option<Ty> {
        let shared = || Ty::reference(element.clone());
        Some(match call.name.as_str() {
            "push" | "push_back" | "push_front" | "fill" => {
                call.value(self, element);
                Ty::Unit
            }
            "pop" | "pop_back" | "pop_front" => Ty::option(element.clone()),
            "insert" | "resize" => {
                call.any(self);
                call.value(self, element);
                Ty::Unit
            }
            "remove" if kind == Sequence::Deque => {
                call.any(self);
                Ty::option(element.clone())
            }
            "remove" | "swap_remove" => {
                call.any(self);
                element.clone()
            }
            "reverse" | "clear" => Ty::Unit,
            "truncate" | "rotate_left" | "rotate_right" | "reserve" => {
                call.any(self);
                Ty::Unit
            }
            "swap" => {
                call.any(self);
                call.any(self);
                Ty::Unit
            }
            "drain" => {
                call.any(self);
                Ty::iter(element.clone())
            }
            "split_off" => {
                call.any(self);
                Ty::sequence(kind, element.clone())
            }
            "extend" | "append" => {
                let given = call.any(self);
                let item = self.item_of(&given);
                let item = self.types.peeled(&item);
                self.types.flow(&item, element);
                Ty::Unit
            }
            "extend_from_slice" | "copy_from_slice" | "clone_from_slice" => {
                let slot = Ty::reference(Ty::sequence(Sequence::Slice, element.clone()));
                call.value(self, &slot);
                Ty::Unit
            }
            "sort_by" | "sort_unstable_by" => {
                call.function(self, &[shared(), shared()]);
                Ty::Unit
            }
            "retain" => {
                call.function(self, &[shared()]);
                Ty::Unit
            }
            _ => return None,
        })
    }

    fn iterator_type(&mut self, item: &Ty, call: &mut Call<'a>) -> Option<Ty> {
        let same = || Ty::iter(item.clone());
        let shared = || Ty::reference(item.clone());
        Some(match call.name.as_str() {
            "rev" | "by_ref" | "peekable" | "fuse" | "cycle" | "into_iter" | "clone" => same(),
            "skip" | "take" | "step_by" => {
                call.any(self);
                same()
            }
            "copied" | "cloned" => match self.types.shallow(item) {
                Ty::Ref { inner, .. } => Ty::iter(*inner),
                other => Ty::iter(other),
            },
            "enumerate" => Ty::iter(Ty::Tuple(vec![Ty::Int, item.clone()])),
            "map" => Ty::iter(call.function(self, std::slice::from_ref(item))),
            "filter" | "take_while" | "skip_while" | "inspect" => {
                call.function(self, &[shared()]);
                same()
            }
            "filter_map" | "map_while" | "flat_map" => {
                let output = call.function(self, std::slice::from_ref(item));
                Ty::iter(self.item_of(&output))
            }
            "flatten" => Ty::iter(self.item_of(item)),
            "zip" => {
                let other = call.any(self);
                let other = self.item_of(&other);
                Ty::iter(Ty::Tuple(vec![item.clone(), other]))
            }
            "chain" => {
                let other = call.any(self);
                let other = self.item_of(&other);
                self.types.equate(item, &other);
                same()
            }
            "scan" => {
                let start = call.any(self);
                let state = self.types.fresh_like(&start);
                self.types.flow(&start, &state);
                self.give_slot(call, &state);
                let state = Ty::Ref { mutable: true, inner: Box::new(state) };
                let output = call.function(self, &[state, item.clone()]);
                Ty::iter(self.item_of(&output))
            }
            _ => return self.consumer_type(item, call),
        })
    }

    /// The last argument goes to a place of type `slot`, which was not known when it was looked at.
    fn give_slot(&mut self, call: &mut Call<'a>, slot: &Ty) {
        if let Some(last) = call.checked.last_mut() {
            last.slot = slot.clone();
        }
    }

    fn consumer_type(&mut self, item: &Ty, call: &mut Call<'a>) -> Option<Ty> {
        let one = || Ty::option(item.clone());
        let shared = || Ty::reference(item.clone());
        Some(match call.name.as_str() {
            "sum" | "product" => self.total_type(item, call.turbofish),
            "fold" => {
                let start = call.any(self);
                let state = self.types.fresh_like(&start);
                self.types.flow(&start, &state);
                self.give_slot(call, &state);
                let output = call.function(self, &[state.clone(), item.clone()]);
                self.types.equate(&output, &state);
                state
            }
            "reduce" => {
                let state = self.types.fresh_like(item);
                self.types.equate(item, &state);
                let output = call.function(self, &[state.clone(), item.clone()]);
                self.types.equate(&output, &state);
                Ty::option(state)
            }
            "collect" => self.collected_type(item, call.turbofish),
            "unzip" => {
                let parts = self.types.tuple(item, 2)?;
                Ty::Tuple(parts.into_iter().map(|part| Ty::sequence(Sequence::Vec, part)).collect())
            }
            "for_each" => {
                call.function(self, std::slice::from_ref(item));
                Ty::Unit
            }
            "count" | "len" => Ty::Int,
            "last" | "next" | "next_back" | "min" | "max" | "peek" => one(),
            "nth" => {
                call.any(self);
                one()
            }
            "min_by" | "max_by" => {
                call.function(self, &[shared(), shared()]);
                one()
            }
            "min_by_key" | "max_by_key" | "find" => {
                call.function(self, &[shared()]);
                one()
            }
            "any" | "all" => {
                call.function(self, std::slice::from_ref(item));
                Ty::Bool
            }
            "position" | "rposition" => {
                call.function(self, std::slice::from_ref(item));
                Ty::option(Ty::Int)
            }
            _ => return None,
        })
    }

    fn total_type(&mut self, item: &Ty, turbofish: Option<&'a syn::Type>) -> Ty {
        let of_floats = turbofish.is_some_and(|ty| matches!(self.annotation(ty), Ty::Float(_)));
        match self.types.peeled(item) {
            Ty::Float(_) => {}
            Ty::Unknown(_) if of_floats || !self.types.is_foreign(item) => self.types.expect_float(item),
            Ty::Int => return Ty::Int,
            _ => return self.data(),
        }
        let act = self.types.fresh_act();
        self.types.depends(act, item);
        Ty::Float(act)
    }

    fn collected_type(&mut self, item: &Ty, turbofish: Option<&'a syn::Type>) -> Ty {
        let slot = self.types.fresh_like(item);
        self.types.flow(item, &slot);
        let collected = Ty::sequence(Sequence::Vec, slot);
        match turbofish {
            Some(written) => {
                let declared = self.annotation(written);
                // The iterator gives its items as they are: nothing can be lifted on the way.
                self.types.equate(&collected, &declared);
                self.types.equate(&collected, &Ty::sequence(Sequence::Vec, item.clone()));
                declared
            }
            None => Ty::sequence(Sequence::Vec, item.clone()),
        }
    }

    fn option_type(&mut self, inner: &Ty, call: &mut Call<'a>) -> Option<Ty> {
        let same = || Ty::option(inner.clone());
        Some(match call.name.as_str() {
            "unwrap" | "unwrap_or_default" => inner.clone(),
            "expect" => {
                call.any(self);
                inner.clone()
            }
            "unwrap_or" => {
                let slot = self.types.fresh_like(inner);
                self.types.equate(inner, &slot);
                call.value(self, &slot);
                slot
            }
            "unwrap_or_else" => {
                let output = call.function(self, &[]);
                self.types.equate(&output, inner);
                inner.clone()
            }
            "copied" | "cloned" => match self.types.shallow(inner) {
                Ty::Ref { inner, .. } => Ty::option(*inner),
                other => Ty::option(other),
            },
            "map" => Ty::option(call.function(self, std::slice::from_ref(inner))),
            "map_or" => {
                let start = call.any(self);
                let slot = self.types.fresh_like(&start);
                self.types.flow(&start, &slot);
                self.give_slot(call, &slot);
                let output = call.function(self, std::slice::from_ref(inner));
                self.types.equate(&output, &slot);
                slot
            }
            "is_some" | "is_none" => Ty::Bool,
            "as_ref" => Ty::option(Ty::reference(inner.clone())),
            "take" => same(),
            _ => return None,
        })
    }
}

/// The operation behind `sum` and `product`.
fn total(name: &str) -> Option<&'static str> {
    match name {
        "sum" => Some("sum"),
        "product" => Some("product"),
        _ => None,
    }
}
