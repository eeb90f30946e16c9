//! Methods of iterators: the adapters, and what ends a chain.

use super::Checker;
use super::sequence::Call;
use crate::types::ty::{Sequence, Ty};

impl<'a> Checker<'a> {
    pub(super) fn iterator_type(&mut self, item: &Ty, call: &mut Call<'a>) -> Option<Ty> {
        let same = || Ty::iter(item.clone());
        let shared = || Ty::reference(item.clone());
        Some(match call.name.as_str() {
            "rev" | "by_ref" | "peekable" | "fuse" | "cycle" | "into_iter" | "iter" | "clone" => same(),
            "skip" | "take" | "step_by" => {
                call.any(self);
                same()
            }
            "copied" | "cloned" => Ty::iter(self.types.shallow(item).behind()),
            "enumerate" => Ty::iter(Ty::Tuple(vec![Ty::Int, item.clone()])),
            "map" => Ty::iter(call.function(self, std::slice::from_ref(item))),
            "filter" | "take_while" | "skip_while" | "inspect" => {
                call.function(self, &[shared()]);
                same()
            }
            "filter_map" | "map_while" => {
                let output = call.function(self, std::slice::from_ref(item));
                Ty::iter(self.inside_given(&output))
            }
            "flat_map" => {
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
                let other_item = self.item_of(&other);
                let joined = self.joined_with(item, call, Ty::iter);
                self.types.flow(&Ty::iter(other_item), &Ty::iter(joined.clone()));
                self.give_slot(call, &Ty::iter(joined.clone()));
                Ty::iter(joined)
            }
            "scan" => {
                let state = self.state(call);
                let state = Ty::Ref { mutable: true, inner: Box::new(state) };
                let output = call.function(self, &[state, item.clone()]);
                Ty::iter(self.item_of(&output))
            }
            _ => return self.consumer_type(item, call),
        })
    }

    /// The next argument is what a variable of the method starts with; gives the type of that variable.
    fn state(&mut self, call: &mut Call<'a>) -> Ty {
        let start = call.any(self);
        let state = self.types.fresh_like(&start);
        self.types.flow(&start, &state);
        self.give_slot(call, &state);
        state
    }

    /// The last argument goes to a place of type `slot`, which was not known when it was looked at.
    pub(super) fn give_slot(&mut self, call: &mut Call<'a>, slot: &Ty) {
        if let Some(last) = call.checked.last_mut() {
            last.slot = slot.clone();
        }
    }

    fn consumer_type(&mut self, item: &Ty, call: &mut Call<'a>) -> Option<Ty> {
        let one = || Ty::option(item.clone());
        let shared = || Ty::reference(item.clone());
        let mutable = || Ty::Ref { mutable: true, inner: Box::new(item.clone()) };
        Some(match call.name.as_str() {
            "sum" | "product" => self.total_type(item, call.turbofish),
            "fold" | "rfold" => {
                let state = self.state(call);
                let output = call.function(self, &[state.clone(), item.clone()]);
                self.types.equate(&output, &state);
                state
            }
            "try_fold" => {
                let state = self.state(call);
                let output = call.function(self, &[state.clone(), item.clone()]);
                let output = self.item_of(&output);
                self.types.equate(&output, &state);
                Ty::option(state)
            }
            "reduce" => {
                let state = self.joined_with(item, call, Ty::iter);
                let output = call.function(self, &[state.clone(), item.clone()]);
                self.types.equate(&output, &state);
                Ty::option(state)
            }
            "collect" => self.collected_type(item, call.turbofish),
            "partition" => {
                call.function(self, &[shared()]);
                let part = Ty::sequence(Sequence::Vec, item.clone());
                Ty::Tuple(vec![part.clone(), part])
            }
            "unzip" => {
                let parts = self.types.tuple(item, 2)?;
                Ty::Tuple(parts.into_iter().map(|part| Ty::sequence(Sequence::Vec, part)).collect())
            }
            "for_each" => {
                call.function(self, std::slice::from_ref(item));
                Ty::Unit
            }
            "count" | "len" => Ty::Int,
            "last" | "next" | "next_back" | "min" | "max" => one(),
            "peek" => Ty::option(shared()),
            "peek_mut" => Ty::option(mutable()),
            "nth" | "nth_back" => {
                call.any(self);
                one()
            }
            "min_by" | "max_by" => {
                call.function(self, &[shared(), shared()]);
                one()
            }
            "min_by_key" | "max_by_key" | "find" | "rfind" | "next_if" => {
                call.function(self, &[shared()]);
                one()
            }
            "find_map" => {
                let output = call.function(self, std::slice::from_ref(item));
                Ty::option(self.inside_given(&output))
            }
            "any" | "all" => {
                call.function(self, std::slice::from_ref(item));
                Ty::Bool
            }
            "is_sorted" => Ty::Bool,
            "is_sorted_by" => {
                call.function(self, &[shared(), shared()]);
                Ty::Bool
            }
            "eq" | "ne" | "lt" | "le" | "gt" | "ge" => {
                call.any(self);
                Ty::Bool
            }
            "partial_cmp" | "size_hint" => {
                call.any(self);
                self.data()
            }
            // Of `chunks_exact`, whose items are slices too.
            "remainder" | "into_remainder" => item.clone(),
            "as_slice" => {
                let element = self.types.peeled(item);
                Ty::reference(Ty::sequence(Sequence::Slice, element))
            }
            "position" | "rposition" => {
                call.function(self, std::slice::from_ref(item));
                Ty::option(Ty::Int)
            }
            _ => return None,
        })
    }

    fn total_type(&mut self, item: &Ty, turbofish: Option<&'a syn::Type>) -> Ty {
        let declared = turbofish.map(|ty| self.annotation(ty));
        // Of what may be missing.
        let is_option = |ty: &Ty| matches!(ty, Ty::Option(_));
        if (declared.as_ref().is_some_and(is_option) || is_option(&self.types.peeled(item)))
            && let Some(inner) = self.types.expect_option(item)
        {
            return Ty::option(self.total_type(&inner, None));
        }
        let of_floats = matches!(declared, Some(Ty::Float(_)));
        let known = self.types.peeled(item);
        if known == Ty::Int {
            return known;
        }
        if matches!(known, Ty::Unknown(_)) && (of_floats || !self.types.is_foreign(item)) {
            self.types.expect_float(item);
        } else if !known.is_float() {
            return self.data();
        }
        let act = self.types.fresh_act();
        self.types.depends(act, item);
        Ty::Float(act)
    }

    fn collected_type(&mut self, item: &Ty, written: Option<&'a syn::Type>) -> Ty {
        if let Some(written) = written {
            let declared = self.annotation(written);
            self.collects(item, &declared);
            return declared;
        }
        Ty::sequence(Sequence::Vec, item.clone())
    }

    /// Items go to a collection, to one for each of their parts, or to one that is there if all of them are.
    fn collects(&mut self, item: &Ty, declared: &Ty) {
        match self.types.shallow(declared) {
            Ty::Option(inside) => {
                let item = self.item_of(item);
                self.collects(&item, &inside);
            }
            Ty::Tuple(collections) => {
                for (part, collection) in
                    self.types.tuple(item, collections.len()).into_iter().flatten().zip(&collections)
                {
                    self.collects(&part, collection);
                }
            }
            Ty::Float(_)
            | Ty::F32
            | Ty::Int
            | Ty::Bool
            | Ty::Data
            | Ty::Unit
            | Ty::Never
            | Ty::Sequence(..)
            | Ty::Ref { .. }
            | Ty::Range
            | Ty::Iter(_)
            | Ty::Closure(..)
            | Ty::Struct(_)
            | Ty::Unknown(_) => {
                let slot = self.types.fresh_like(item);
                self.types.flow(item, &slot);
                // The iterator gives its items as they are: nothing can be lifted on the way.
                self.types.equate(&Ty::sequence(Sequence::Vec, slot), declared);
                self.types.equate(&Ty::sequence(Sequence::Vec, item.clone()), declared);
            }
        }
    }
}
