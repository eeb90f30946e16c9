//! Methods of sequences: what they take, and the type of what they give; those of iterators and `Option`s stand beside.
//!
//! They are the same on `Value`s as on numbers, so a back end prints them as they stand; here is told how types and
//! activity go through them. What is not listed has no rule.

use super::Checker;
use super::wanted::{Consumer, is_of_options};
use crate::types::tree::{Argument, Expr, Kind, Total};
use crate::types::ty::{Sequence, Ty};

/// Methods that put what they are given into the sequence.
const CHANGING: &[&str] = &[
    "push",
    "push_back",
    "push_front",
    "fill",
    "insert",
    "resize",
    "extend",
    "extend_from_slice",
    "copy_from_slice",
    "clone_from_slice",
    "append",
];

/// A method call being checked: its arguments in order, those that were looked at.
pub(super) struct Call<'a> {
    pub(super) name: String,
    written: Vec<&'a syn::Expr>,
    pub(super) turbofish: Option<&'a syn::Type>,
    pub(super) checked: Vec<Argument<'a>>,
    /// The type of the place that the receiver goes to, where it may hold more than the receiver does: with
    /// `numbers.chain(values)` all the items are values.
    pub(super) receiver_slot: Option<Ty>,
    /// What is done with the result.
    consumer: Consumer,
}

/// Methods of slices that give an `Option`, and their numbers of arguments.
const OF_OPTIONS: &[(&str, usize)] = &[("first", 0), ("last", 0), ("get", 1)];

impl<'a> Call<'a> {
    /// The next argument goes to a place of type `slot`.
    pub(super) fn value(&mut self, checker: &mut Checker<'a>, slot: &Ty) {
        if let Some(written) = self.written.get(self.checked.len()) {
            let argument = checker.argument(written, slot);
            self.checked.push(argument);
        }
    }

    /// The next argument, whatever its type: a passive number, a range, text.
    pub(super) fn any(&mut self, checker: &mut Checker<'a>) -> Ty {
        let Some(written) = self.written.get(self.checked.len()) else { return Ty::Unit };
        let value = checker.boxed(written);
        let ty = value.ty.clone();
        self.checked.push(Argument { slot: ty.clone(), value });
        ty
    }

    /// The next argument is called with `inputs`; gives the type of what it returns.
    pub(super) fn function(&mut self, checker: &mut Checker<'a>, inputs: &[Ty]) -> Ty {
        let Some(written) = self.written.get(self.checked.len()) else { return Ty::Unit };
        let (argument, output) = checker.function(written, inputs);
        self.checked.push(argument);
        output
    }
}

impl<'a> Call<'a> {
    /// A function of what there is where there is no value: of nothing, or of an error.
    pub(super) fn function_of_failure(&mut self, checker: &mut Checker<'a>) -> Ty {
        let takes_error = matches!(self.written.get(self.checked.len()), Some(syn::Expr::Closure(closure)) if closure.inputs.len() == 1);
        let error = checker.data();
        self.function(checker, if takes_error { std::slice::from_ref(&error) } else { &[] })
    }

    /// An argument that only makes data.
    pub(super) fn made_plain(&mut self, checker: &mut Checker<'a>) {
        let Some(&written) = self.written.get(self.checked.len()) else { return };
        let ty = checker.data();
        let value = Box::new(checker.plain(ty.clone(), written, written));
        self.checked.push(Argument { slot: ty, value });
    }
}

/// Methods that make an error.
const FAILING: [&str; 4] = ["ok_or", "ok_or_else", "map_err", "inspect_err"];

/// Whether a sum or a product is a number, or one that may be missing.
fn is_total(ty: &Ty) -> bool {
    let number = if let Ty::Option(inner) = ty { inner } else { ty };
    matches!(number, Ty::Float(_))
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
        let declared =
            self.declared.filter(|(of, _)| std::ptr::eq(*of, written)).map(|(_, declared)| declared);
        let given_back =
            self.given_back.filter(|(of, _)| std::ptr::eq(*of, written)).map(|(_, declared)| declared);
        let turbofish = turbofish.or(declared).or(given_back);
        let mut context = Call {
            name: name.to_owned(),
            written: call.args.iter().collect(),
            turbofish,
            checked: Vec::new(),
            receiver_slot: None,
            consumer: match self.consumed {
                Some((of, consumer)) if std::ptr::eq(of, written) => consumer,
                _ => Consumer::Any,
            },
        };
        // Before the method tells what the receiver is: a field of data holds numbers whatever it turns out to be.
        let is_data = self.types.is_foreign(&receiver.ty);
        let ty = self.method_type(&receiver.ty, &mut context);
        let element = if is_data { Some(Ty::PASSIVE_FLOAT) } else { self.types.element_seen(&receiver.ty) };
        if let (Some(element), true) = (element, CHANGING.contains(&name)) {
            for argument in &context.checked {
                let given = self.types.peeled(&argument.value.ty);
                let given = if let Ty::Option(_) = given { given } else { given.item() };
                self.oblige_place(&given, &element, &call.receiver);
            }
        }
        if let Some(total) = Total::named(name)
            && let Some(whole) = &ty
            && is_total(whole)
        {
            let range = self.source.range(written);
            let of = self.source.range(&*call.receiver);
            let site = self.site_at(range, vec![of, of]);
            let kind = Kind::Total { total, receiver: Box::new(receiver), site };
            return self.expr(kind, ty.unwrap_or(Ty::Unit), written);
        }
        match ty {
            Some(ty) if context.checked.len() == call.args.len() => {
                let receiver = self.placed(receiver, context.receiver_slot);
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

    /// A receiver that can only hold numbers, and goes to a place that may hold more.
    fn placed(&mut self, receiver: Expr<'a>, slot: Option<Ty>) -> Expr<'a> {
        match slot {
            Some(slot) if self.types.is_fixed(&receiver.ty) => {
                let written = receiver.written;
                let argument = Argument { value: Box::new(receiver), slot: slot.clone() };
                self.expr(Kind::Into(argument), slot, written)
            }
            _ => receiver,
        }
    }

    /// The type of what the method gives; `None` where there is no rule.
    fn method_type(&mut self, receiver: &Ty, call: &mut Call<'a>) -> Option<Ty> {
        let by_reference = self.types.shallow(receiver).is_reference();
        match self.types.peeled(receiver) {
            Ty::Sequence(kind, element) => self.sequence_type(kind, &element, by_reference, call),
            Ty::Iter(item) => self.iterator_type(&item, call),
            Ty::Range => self.range_type(call),
            Ty::Bool => self.bool_type(call),
            Ty::Option(inner) => {
                let inner = if by_reference && call.name != "take" { (*inner).clone() } else { *inner };
                self.option_type(&inner, call)
            }
            // Of what is an `Option` or a `Result`, as the method tells: an error is data.
            Ty::Unknown(_) if FAILING.contains(&call.name.as_str()) && call.written.len() == 1 => {
                call.made_plain(self);
                Some(self.data())
            }
            Ty::Tuple(_) | Ty::Struct(_) | Ty::Unknown(_)
                if matches!(call.name.as_str(), "clone" | "to_owned") && call.written.is_empty() =>
            {
                Some(self.types.peeled(receiver))
            }
            Ty::Unknown(_) => self.unknown_type(receiver, by_reference, call),
            Ty::Tuple(_)
            | Ty::Struct(_)
            | Ty::Float(_)
            | Ty::F32
            | Ty::Int
            | Ty::Data
            | Ty::Unit
            | Ty::Never
            | Ty::Ref { .. }
            | Ty::Closure(..) => None,
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
            "concat",
            "insert",
            "extend",
            "extend_from_slice",
            "into_iter",
        ];
        /// Methods that slices have, and no type of the standard library that is no sequence; the type of a parameter is
        /// another name of one.
        const OF_SLICES: &[&str] = &[
            "sort_by",
            "sort_unstable_by",
            "sort_by_key",
            "sort_by_cached_key",
            "select_nth_unstable_by",
            "reverse",
            "rotate_left",
            "rotate_right",
            "copy_from_slice",
            "clone_from_slice",
            "swap_with_slice",
            "copy_within",
            "split_at_mut",
            "chunks_mut",
            "chunks_exact_mut",
            "first_mut",
            "last_mut",
            "rchunks",
            "truncate",
            "retain",
            "dedup_by",
        ];
        let name = call.name.as_str();
        let of_option = match name {
            "unwrap" | "expect" => false,
            "map" | "filter" | "copied" | "cloned" => call.consumer == Consumer::Option,
            _ => is_of_options(name),
        };
        if of_option {
            let inner = self.types.inside(receiver)?;
            return self.option_type(&inner, call);
        }
        if self.types.is_collection(receiver) {
            return self.collection_type(receiver, call);
        }
        let of_iterator = match name {
            "fold" | "rfold" | "try_fold" | "scan" | "filter_map" | "flat_map" | "map_while"
            | "take_while" | "skip_while" | "for_each" | "find_map" | "chain" | "enumerate" | "filter"
            | "zip" | "inspect" => true,
            "map" => matches!(call.consumer, Consumer::Iterator | Consumer::Items),
            _ => false,
        };
        // What a function or a method of the user's gives.
        if of_iterator && self.types.is_given_data(receiver) {
            let item = self.types.inside_iterator(receiver)?;
            return self.iterator_type(&item, call);
        }
        if name == "map" {
            let element = self.types.inside_array(receiver)?;
            return self.sequence_type(Sequence::Array, &element, by_reference, call);
        }
        // A type of the user's may have a method of this name: the slice's gives an `Option`.
        let gives_option = OF_OPTIONS.contains(&(name, call.written.len()))
            && (matches!(call.consumer, Consumer::Option | Consumer::Items | Consumer::Container)
                || !self.types.is_foreign(receiver));
        // A number that a type of the user's calls its length need not be an integer.
        let is_users = self.types.is_foreign(receiver) && name == "len";
        let of_slice = OF_SLICES.contains(&name) && !self.types.is_foreign(receiver);
        if is_users || !(gives_option || of_slice || TELLING.contains(&name)) {
            return None;
        }
        let element = self.types.element(receiver)?;
        self.sequence_type(Sequence::Slice, &element, by_reference, call)
    }

    /// Methods of maps, sets and heaps, which hold data.
    fn collection_type(&mut self, receiver: &Ty, call: &mut Call<'a>) -> Option<Ty> {
        let Ty::Unknown(whole) = self.types.peeled(receiver) else { return None };
        Some(match call.name.as_str() {
            // Pairs of references, or references.
            "iter" | "into_iter" | "into_keys" | "into_values" | "drain" => Ty::iter(self.types.part(whole)),
            "keys" | "values" => Ty::iter(Ty::reference(self.types.part(whole))),
            "len" => Ty::Int,
            "is_empty" => Ty::Bool,
            "get" => {
                call.any(self);
                Ty::option(Ty::reference(self.types.part(whole)))
            }
            _ => return None,
        })
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
            "first_mut" | "last_mut" | "front_mut" | "back_mut" => Ty::option(mutable(element.clone())),
            "first_chunk" | "last_chunk" => {
                Ty::option(Ty::reference(Ty::sequence(Sequence::Array, element.clone())))
            }
            "get" | "get_mut" => {
                let of_range = call.any(self) == Ty::Range;
                let part = if of_range { slice() } else { element.clone() };
                Ty::option(if call.name == "get" { Ty::reference(part) } else { mutable(part) })
            }
            "windows" | "chunks" | "chunks_exact" | "rchunks" | "rchunks_exact" => {
                call.any(self);
                Ty::iter(Ty::reference(slice()))
            }
            "chunk_by" => {
                call.function(self, &[shared(), shared()]);
                Ty::iter(Ty::reference(slice()))
            }
            "split" => {
                call.function(self, &[shared()]);
                Ty::iter(Ty::reference(slice()))
            }
            "chunks_mut" | "chunks_exact_mut" | "rchunks_mut" => {
                call.any(self);
                Ty::iter(mutable(slice()))
            }
            "to_vec" => Ty::sequence(Sequence::Vec, element.clone()),
            "clone" | "to_owned" if kind == Sequence::Slice => Ty::sequence(Sequence::Vec, element.clone()),
            "clone" | "to_owned" => Ty::sequence(kind, element.clone()),
            "as_slice" | "as_ref" => Ty::reference(slice()),
            "as_mut_slice" | "as_mut" | "make_contiguous" => mutable(slice()),
            "split_at" => {
                call.any(self);
                Ty::Tuple(vec![Ty::reference(slice()), Ty::reference(slice())])
            }
            "split_at_mut" => {
                call.any(self);
                Ty::Tuple(vec![mutable(slice()), mutable(slice())])
            }
            "split_first" | "split_last" => Ty::option(Ty::Tuple(vec![shared(), Ty::reference(slice())])),
            "split_first_mut" | "split_last_mut" => {
                Ty::option(Ty::Tuple(vec![mutable(element.clone()), mutable(slice())]))
            }
            "as_slices" => Ty::Tuple(vec![Ty::reference(slice()), Ty::reference(slice())]),
            "as_mut_slices" => Ty::Tuple(vec![mutable(slice()), mutable(slice())]),
            "range" => {
                call.any(self);
                Ty::iter(shared())
            }
            _ => return self.made_type(kind, element, call),
        })
    }

    /// Methods that make something new of a sequence.
    fn made_type(&mut self, kind: Sequence, element: &Ty, call: &mut Call<'a>) -> Option<Ty> {
        let shared = || Ty::reference(element.clone());
        let mutable = |ty: Ty| Ty::Ref { mutable: true, inner: Box::new(ty) };
        Some(match call.name.as_str() {
            "concat" => {
                let inner = self.types.element(element)?;
                Ty::sequence(Sequence::Vec, inner)
            }
            "join" => {
                let inner = self.types.element(element)?;
                let separator = call.any(self);
                let separator = self.types.element_seen(&separator).unwrap_or(separator);
                self.types.equate(&separator, &inner);
                let slot = match call.checked.last().map(|argument| self.types.peeled(&argument.slot)) {
                    Some(Ty::Sequence(kind, _)) => Ty::sequence(kind, inner.clone()),
                    _ => inner.clone(),
                };
                self.give_slot(call, &Ty::reference(slot));
                Ty::sequence(Sequence::Vec, inner)
            }
            "repeat" => {
                call.any(self);
                Ty::sequence(Sequence::Vec, element.clone())
            }
            "as_flattened" | "as_flattened_mut" => {
                let inner = self.types.element(element)?;
                let flat = Ty::sequence(Sequence::Slice, inner);
                if call.name == "as_flattened" { Ty::reference(flat) } else { mutable(flat) }
            }
            "each_ref" => Ty::sequence(Sequence::Array, shared()),
            "each_mut" => Ty::sequence(Sequence::Array, mutable(element.clone())),
            // What they make is told by the place it goes to.
            "into" | "try_into" => {
                let act = self.types.fresh_act();
                self.types.depends(act, element);
                let made = self.types.open_with(act);
                if call.name == "into" { made } else { Ty::option(made) }
            }
            "map" if kind == Sequence::Array => {
                let output = call.function(self, std::slice::from_ref(element));
                Ty::sequence(Sequence::Array, output)
            }
            _ => return self.looking_type(kind, element, call),
        })
    }

    /// Methods that look at the numbers of a sequence: what they give is data.
    fn looking_type(&mut self, kind: Sequence, element: &Ty, call: &mut Call<'a>) -> Option<Ty> {
        let shared = || Ty::reference(element.clone());
        Some(match call.name.as_str() {
            "contains" => {
                call.value(self, &shared());
                Ty::Bool
            }
            "starts_with" | "ends_with" => {
                call.value(self, &Ty::reference(Ty::sequence(Sequence::Slice, element.clone())));
                Ty::Bool
            }
            "is_sorted" => Ty::Bool,
            "is_sorted_by" => {
                call.function(self, &[shared(), shared()]);
                Ty::Bool
            }
            "is_sorted_by_key" => {
                call.function(self, &[shared()]);
                Ty::Bool
            }
            "partition_point" => {
                call.function(self, &[shared()]);
                Ty::Int
            }
            "binary_search_by" => {
                call.function(self, &[shared()]);
                self.data()
            }
            _ => return self.changing_type(kind, element, call),
        })
    }
}
