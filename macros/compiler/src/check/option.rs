//! Methods of `Option`s, where the standard library hands one out, and of the `bool`s that make one.

use super::Checker;
use super::sequence::Call;
use crate::tree::Expr;
use crate::ty::Ty;

/// What is done with a value, as far as it tells what the value is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Consumer {
    /// It is an `Option`.
    Option,
    /// It is an iterator.
    Iterator,
    /// It is an `Option` or an iterator.
    Items,
    /// It is an `Option`, an iterator or an array.
    Container,
    Any,
}

impl Consumer {
    /// A method of this name is called on it.
    pub(super) fn method(name: &str) -> Consumer {
        match name {
            name if is_of_options(name) => Consumer::Option,
            "sum" | "product" | "fold" | "rfold" | "try_fold" | "reduce" | "collect" | "scan"
            | "enumerate" | "rev" | "skip" | "step_by" | "chain" | "take_while" | "skip_while"
            | "map_while" | "filter_map" | "flat_map" | "for_each" | "find" | "find_map" | "position"
            | "any" | "all" | "count" | "last" | "next" | "nth" | "min_by" | "max_by" | "min_by_key"
            | "max_by_key" | "peekable" | "by_ref" | "partition" | "unzip" => Consumer::Iterator,
            "copied" | "cloned" | "filter" | "flatten" | "zip" | "inspect" => Consumer::Items,
            "map" | "as_ref" => Consumer::Container,
            _ => Consumer::Any,
        }
    }

    /// The same where what the method gives is known: a method of several kinds gives what it is called on.
    pub(super) fn given(self, result: Consumer) -> Consumer {
        match (self, result) {
            (Consumer::Items | Consumer::Container, Consumer::Option | Consumer::Iterator) => result,
            (Consumer::Container, Consumer::Items) => Consumer::Items,
            _ => self,
        }
    }

    /// It is taken apart by the pattern.
    pub(super) fn pattern(pattern: &syn::Pat) -> Consumer {
        if is_pattern_of_options(pattern) { Consumer::Option } else { Consumer::Any }
    }
}

/// Whether only an `Option` has the method, of what `map` gives.
pub(super) fn is_of_options(name: &str) -> bool {
    const NAMES: &[&str] = &[
        "unwrap",
        "expect",
        "unwrap_or",
        "unwrap_or_else",
        "unwrap_or_default",
        "map_or",
        "map_or_else",
        "is_some",
        "is_none",
        "or",
        "or_else",
        "and_then",
        "ok_or",
        "is_some_and",
        "is_none_or",
    ];
    NAMES.contains(&name)
}

/// Whether a pattern is one of an `Option`.
pub(super) fn is_pattern_of_options(pattern: &syn::Pat) -> bool {
    match pattern {
        syn::Pat::TupleStruct(variant) => variant.path.is_ident("Some"),
        syn::Pat::Ident(name) => name.ident == "None",
        syn::Pat::Path(path) => path.path.is_ident("None"),
        syn::Pat::Or(or) => or.cases.iter().any(is_pattern_of_options),
        syn::Pat::Paren(paren) => is_pattern_of_options(&paren.pat),
        syn::Pat::Guard(guarded) => is_pattern_of_options(&guarded.pat),
        _ => false,
    }
}

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
                let output = call.function(self, &[]);
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
                let output = call.function(self, &[]);
                self.types.equate(&output, &slot);
                slot
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
            "map_or_else" => {
                let slot = call.function(self, &[]);
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
            "is_some_and" | "is_none_or" => {
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
            _ => return None,
        })
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
