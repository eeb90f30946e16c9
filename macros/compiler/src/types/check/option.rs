//! Methods of `Option`s, where the standard library hands one out, and of the `bool`s that make one.

use super::Checker;
use super::sequence::Call;
use super::wanted::Consumer;
use crate::types::tree::Expr;
use crate::types::ty::Ty;

impl<'a> Checker<'a> {
    /// An expression, and what is done with its value.
    pub(super) fn consumed(&mut self, written: &'a syn::Expr, consumer: Consumer) -> Expr<'a> {
        let mut inner = written;
        while let syn::Expr::Paren(syn::ExprParen { expr, .. })
        | syn::Expr::Group(syn::ExprGroup { expr, .. }) = inner
        {
            inner = expr;
        }
        let before = self.consumed.replace((inner, consumer));
        let expression = self.expression(written);
        self.consumed = before;
        expression
    }

    pub(super) fn bool_type(&mut self, call: &mut Call<'a>) -> Option<Ty> {
        match call.name.as_str() {
            "then" => Some(Ty::option(call.function(self, &[]))),
            "then_some" => {
                let value = call.any(self);
                let slot = self.types.fresh_like(&value);
                self.types.flow(&value, &slot);
                self.give_slot(call, &slot);
                Some(Ty::option(slot))
            }
            _ => None,
        }
    }

    pub(super) fn option_type(&mut self, inner: &Ty, call: &mut Call<'a>) -> Option<Ty> {
        let same = || Ty::option(inner.clone());
        let shared = || Ty::reference(inner.clone());
        let mutable = || Ty::Ref { mutable: true, inner: Box::new(inner.clone()) };
        Some(match call.name.as_str() {
            "unwrap" | "unwrap_or_default" => inner.clone(),
            "expect" => {
                call.any(self);
                inner.clone()
            }
            "unwrap_or" => {
                let slot = self.joined_with(inner, call, Ty::option);
                call.value(self, &slot);
                slot
            }
            "unwrap_or_else" => {
                let slot = self.joined_with(inner, call, Ty::option);
                let output = call.function_of_failure(self);
                self.types.equate(&output, &slot);
                slot
            }
            "or" | "xor" => {
                let slot = Ty::option(self.joined_with(inner, call, Ty::option));
                call.value(self, &slot);
                slot
            }
            "or_else" => {
                let slot = Ty::option(self.joined_with(inner, call, Ty::option));
                let output = call.function_of_failure(self);
                self.types.equate(&output, &slot);
                slot
            }
            "copied" | "cloned" => Ty::option(self.types.shallow(inner).behind()),
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
            "map_or_else" => {
                let slot = call.function_of_failure(self);
                let output = call.function(self, std::slice::from_ref(inner));
                self.types.equate(&output, &slot);
                slot
            }
            "and_then" => {
                let output = call.function(self, std::slice::from_ref(inner));
                Ty::option(self.item_of(&output))
            }
            "and" => call.any(self),
            "filter" | "inspect" => {
                call.function(self, &[shared()]);
                same()
            }
            "is_some_and" | "is_none_or" | "is_ok_and" => {
                call.function(self, std::slice::from_ref(inner));
                Ty::Bool
            }
            "zip" => {
                let other = call.any(self);
                Ty::option(Ty::Tuple(vec![inner.clone(), self.item_of(&other)]))
            }
            "unzip" => {
                let parts = self.types.tuple(inner, 2)?;
                Ty::Tuple(parts.into_iter().map(Ty::option).collect())
            }
            "flatten" => Ty::option(self.item_of(inner)),
            "is_some" | "is_none" => Ty::Bool,
            "as_ref" | "as_deref" => Ty::option(shared()),
            "as_mut" | "as_deref_mut" => Ty::option(mutable()),
            "iter" => Ty::iter(shared()),
            "iter_mut" => Ty::iter(mutable()),
            "into_iter" => Ty::iter(inner.clone()),
            "take" | "clone" => same(),
            "take_if" => {
                call.function(self, &[mutable()]);
                same()
            }
            "replace" => {
                call.value(self, inner);
                same()
            }
            "insert" | "get_or_insert" => {
                call.value(self, inner);
                mutable()
            }
            "get_or_insert_with" => {
                let output = call.function(self, &[]);
                self.types.equate(&output, inner);
                mutable()
            }
            _ => return self.failure_type(inner, call),
        })
    }

    /// Methods that tell of the failure, or that make an error, which is data.
    fn failure_type(&mut self, inner: &Ty, call: &mut Call<'a>) -> Option<Ty> {
        Some(match call.name.as_str() {
            "is_ok" | "is_err" => Ty::Bool,
            "is_err_and" => {
                call.made_plain(self);
                Ty::Bool
            }
            "ok" => Ty::option(inner.clone()),
            "err" => Ty::option(self.data()),
            "ok_or" | "ok_or_else" | "map_err" | "inspect_err" => {
                call.made_plain(self);
                Ty::option(inner.clone())
            }
            _ => return None,
        })
    }

    /// What is in the `Option` that a function gives, where an adapter wants one.
    pub(super) fn inside_given(&mut self, output: &Ty) -> Ty {
        match self.types.peeled(output) {
            Ty::Unknown(_) => self.types.expect_option(output).unwrap_or_else(|| self.item_of(output)),
            Ty::Float(_)
            | Ty::F32
            | Ty::Int
            | Ty::Bool
            | Ty::Data
            | Ty::Unit
            | Ty::Never
            | Ty::Range
            | Ty::Tuple(_)
            | Ty::Sequence(..)
            | Ty::Option(_)
            | Ty::Iter(_)
            | Ty::Ref { .. }
            | Ty::Struct(_)
            | Ty::Closure(..) => self.item_of(output),
        }
    }

    /// A place for what the receiver (`whole` of it) holds, and for what comes in its stead or after it.
    pub(super) fn joined_with(&mut self, inner: &Ty, call: &mut Call<'a>, whole: impl Fn(Ty) -> Ty) -> Ty {
        let slot = self.types.fresh_like(inner);
        self.types.flow(inner, &slot);
        // The receiver gives what it holds as it is, unless it can only hold numbers.
        if self.types.is_fixed(inner) {
            call.receiver_slot = Some(whole(slot.clone()));
        } else {
            self.types.flow(&slot, inner);
        }
        slot
    }
}
