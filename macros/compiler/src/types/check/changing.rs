//! Methods that change a sequence in place.

use super::Checker;
use super::sequence::Call;
use crate::types::ty::{Sequence, Ty};

impl<'a> Checker<'a> {
    /// Methods that change a sequence in place.
    pub(super) fn changing_type(&mut self, kind: Sequence, element: &Ty, call: &mut Call<'a>) -> Option<Ty> {
        let mutable = |ty: Ty| Ty::Ref { mutable: true, inner: Box::new(ty) };
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
            "pop_if" => {
                call.function(self, &[mutable(element.clone())]);
                Ty::option(element.clone())
            }
            "remove" | "swap_remove_back" | "swap_remove_front" if kind == Sequence::Deque => {
                call.any(self);
                Ty::option(element.clone())
            }
            "remove" | "swap_remove" => {
                call.any(self);
                element.clone()
            }
            "reverse" | "clear" | "shrink_to_fit" | "dedup" => Ty::Unit,
            "truncate" | "rotate_left" | "rotate_right" | "reserve" | "reserve_exact" | "shrink_to"
            | "extend_from_within" => {
                call.any(self);
                Ty::Unit
            }
            "fill_with" => {
                let output = call.function(self, &[]);
                self.types.equate(&output, element);
                Ty::Unit
            }
            "resize_with" => {
                call.any(self);
                let output = call.function(self, &[]);
                self.types.equate(&output, element);
                Ty::Unit
            }
            "swap" | "copy_within" => {
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
            "append" => {
                call.value(self, &mutable(Ty::sequence(kind, element.clone())));
                Ty::Unit
            }
            "extend" => {
                self.extended(element, call);
                Ty::Unit
            }
            "splice" => {
                call.any(self);
                self.extended(element, call);
                Ty::iter(element.clone())
            }
            "swap_with_slice" => {
                call.value(self, &mutable(Ty::sequence(Sequence::Slice, element.clone())));
                Ty::Unit
            }
            "extend_from_slice" | "copy_from_slice" | "clone_from_slice" => {
                let slot = Ty::reference(Ty::sequence(Sequence::Slice, element.clone()));
                call.value(self, &slot);
                Ty::Unit
            }
            _ => return self.choosing_type(element, call),
        })
    }

    /// Methods that sort or leave out elements by what a function says of them.
    fn choosing_type(&mut self, element: &Ty, call: &mut Call<'a>) -> Option<Ty> {
        let shared = || Ty::reference(element.clone());
        let mutable = |ty: Ty| Ty::Ref { mutable: true, inner: Box::new(ty) };
        Some(match call.name.as_str() {
            "sort_by" | "sort_unstable_by" => {
                call.function(self, &[shared(), shared()]);
                Ty::Unit
            }
            "sort_by_key" | "sort_unstable_by_key" | "sort_by_cached_key" | "retain" => {
                call.function(self, &[shared()]);
                Ty::Unit
            }
            "dedup_by" => {
                call.function(self, &[mutable(element.clone()), mutable(element.clone())]);
                Ty::Unit
            }
            "retain_mut" | "dedup_by_key" => {
                call.function(self, &[mutable(element.clone())]);
                Ty::Unit
            }
            "select_nth_unstable_by" => {
                call.any(self);
                call.function(self, &[shared(), shared()]);
                let slice = || mutable(Ty::sequence(Sequence::Slice, element.clone()));
                Ty::Tuple(vec![slice(), mutable(element.clone()), slice()])
            }
            _ => return None,
        })
    }

    /// The next argument gives items that become elements.
    fn extended(&mut self, element: &Ty, call: &mut Call<'a>) {
        let given = call.any(self);
        let item = self.item_of(&given);
        let item = self.types.peeled(&item);
        self.types.flow(&item, element);
        self.give_slot(call, &Ty::iter(element.clone()));
    }
}
