//! Passive iterators that may run a second time, in the reverse sweep: those that only look at data.

use super::{Lowering, Meaning};
use crate::types::tree::{Argument, Expr, Kind};
use crate::types::ty::Ty;

/// Methods that look at data and give an iterator over it.
pub(super) const SOURCES: &[&str] = &[
    "iter",
    "chunks",
    "chunks_exact",
    "rchunks",
    "windows",
    "chars",
    "char_indices",
    "bytes",
    "lines",
    "split_whitespace",
    "keys",
    "values",
];

/// The methods that sort by what a function says.
pub(super) const SORTS: &[&str] =
    &["sort_by", "sort_unstable_by", "sort_by_key", "sort_unstable_by_key", "sort_by_cached_key"];

/// Adapters that call nothing, or a closure.
pub(super) const ADAPTERS: &[&str] = &[
    "enumerate",
    "zip",
    "rev",
    "skip",
    "take",
    "step_by",
    "copied",
    "cloned",
    "chain",
    "map",
    "filter",
    "filter_map",
    "take_while",
    "skip_while",
    "flat_map",
    "flatten",
    "cycle",
    "fuse",
    "by_ref",
];

impl<'t, 'a> Lowering<'t, 'a> {
    /// Whether an iterator gives the same items whenever it runs, and moves nothing away.
    pub(super) fn is_replayable(&self, iterator: &'t Expr<'a>) -> bool {
        let iterator = iterator.unparenthesized();
        if let Kind::Reference(inner) = &iterator.kind {
            return iterator.lent().is_none() && self.is_looked_at(inner);
        }
        if let Kind::Method { call, receiver, arguments } = &iterator.kind {
            let name = call.method.to_string();
            let of = if SOURCES.contains(&name.as_str()) {
                self.is_looked_at(receiver)
            } else {
                ADAPTERS.contains(&name.as_str()) && name != "by_ref" && self.is_replayable(receiver)
            };
            return of && arguments.iter().all(|argument| self.is_replayable_argument(argument));
        }
        if iterator.variable().is_some() {
            return matches!(self.function.types.shallow(&iterator.ty), Ty::Ref { mutable: false, .. });
        }
        let is_path = matches!(iterator.written, syn::Expr::Path(_));
        matches!(iterator.kind, Kind::Range { .. }) || matches!(iterator.kind, Kind::Opaque) && is_path
    }

    fn is_replayable_argument(&self, argument: &'t Argument<'a>) -> bool {
        let ty = self.function.types.peeled(&argument.value.ty);
        !matches!(ty, Ty::Iter(_) | Ty::Sequence(..) | Ty::Unknown(_)) || self.is_replayable(&argument.value)
    }

    /// Whether an expression names data that is there, without moving it.
    pub(super) fn is_looked_at(&self, place: &'t Expr<'a>) -> bool {
        if let Some(base) = place.base() {
            return self.is_looked_at(base);
        }
        if let Some(variable) = place.variable() {
            let meaning = self.variables.get(&variable.0);
            return !matches!(
                meaning,
                Some(Meaning::Iterator(_) | Meaning::Closure(..) | Meaning::Borrow(_))
            );
        }
        if let Kind::List { elements, vec: false } = &place.kind {
            return elements.iter().all(|element| matches!(element.kind, Kind::Opaque));
        }
        matches!((&place.kind, place.written), (Kind::Opaque, syn::Expr::Path(_) | syn::Expr::Lit(_)))
    }
}

/// Whether a method changes a sequence in place.
pub(super) fn changes(name: &str) -> bool {
    matches!(
        name,
        "push"
            | "pop"
            | "truncate"
            | "clear"
            | "swap"
            | "fill"
            | "copy_from_slice"
            | "clone_from_slice"
            | "extend_from_slice"
            | "extend"
            | "reverse"
            | "append"
            | "resize"
            | "insert"
            | "remove"
            | "swap_remove"
            | "rotate_left"
            | "rotate_right"
            | "push_back"
            | "push_front"
            | "pop_back"
            | "pop_front"
    ) || SORTS.contains(&name)
}
