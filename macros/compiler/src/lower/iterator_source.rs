//! Iterators: a chain of adapters is a *source*. Where its items are found by index (`indexed`), what consumes it is a loop over
//! the indices; what changes the items or leaves some out is done inside the loop (`adapter`).

use super::passive::{host, tokens};
use super::{Lowered, Lowering, Meaning, class, unsupported};
use crate::ir::{Class, HostExpression, Piece, Place, StatementKind};
use crate::reasons::{Reason, shown};
use crate::types::tree::{Argument, Expr, FloatOperation, FunctionValue, Kind, Statement};
use crate::types::ty::{Sequence, Ty};
use gradus_ops::Op;
use proc_macro2::Span;
use quote::quote;

/// Something to iterate over.
#[derive(Clone)]
pub(super) enum IteratorSource<'t, 'a> {
    /// Integers, by the user's own iterator.
    Range(HostExpression),
    /// Integers without an end, by the user's own iterator.
    From(HostExpression),
    /// The same, without an end.
    Same(Box<Meaning<'t, 'a>>),
    /// The elements of a storage or a part of it.
    Elements(Place),
    /// The elements of passive data.
    Data(HostExpression),
    /// What a passive iterator of the user's gives: forward once, and kept if the reverse sweep needs it.
    Items {
        iterator: HostExpression,
        class: Class,
        random_access: bool,
    },
    /// The same items, which the standard library does not find by index: an owned sequence, a range that includes its end.
    InOrder(Box<IteratorSource<'t, 'a>>),
    Enumerate(Box<IteratorSource<'t, 'a>>),
    Zip(Box<IteratorSource<'t, 'a>>, Box<IteratorSource<'t, 'a>>),
    Rev(Box<IteratorSource<'t, 'a>>),
    Skip(Box<IteratorSource<'t, 'a>>, HostExpression),
    Take(Box<IteratorSource<'t, 'a>>, HostExpression),
    StepBy(Box<IteratorSource<'t, 'a>>, HostExpression),
    /// From the start again, without an end.
    Cycle(Box<IteratorSource<'t, 'a>>),
    /// Parts of so many elements that overlap.
    Windows(Place, HostExpression),
    /// Parts of so many elements; the last may be shorter, or is left out.
    Chunks {
        place: Place,
        size: HostExpression,
        exact: bool,
    },
    /// What is done with each item by a closure.
    Adapter(Adapter, Box<IteratorSource<'t, 'a>>, Meaning<'t, 'a>),
    /// A closure that is given a variable of its own, which starts with this value, beside each item.
    Scan {
        of: Box<IteratorSource<'t, 'a>>,
        start: Box<Meaning<'t, 'a>>,
        ty: Ty,
        function: Meaning<'t, 'a>,
    },
    /// What a closure makes of the item before, until it gives none.
    Successors {
        first: Box<Meaning<'t, 'a>>,
        ty: Ty,
        function: Meaning<'t, 'a>,
    },
    /// The items of every item, from the back if so wanted.
    Flatten {
        of: Box<IteratorSource<'t, 'a>>,
        reversed: bool,
    },
    /// The one after the other, in loops of their own.
    Chain(Box<IteratorSource<'t, 'a>>, Box<IteratorSource<'t, 'a>>),
}

/// What a closure does with an item.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Adapter {
    Map,
    Filter,
    FilterMap,
    MapWhile,
    TakeWhile,
    SkipWhile,
    Inspect,
}

impl Adapter {
    fn named(method: &str) -> Option<Adapter> {
        Some(match method {
            "map" => Adapter::Map,
            "filter" => Adapter::Filter,
            "filter_map" => Adapter::FilterMap,
            "map_while" => Adapter::MapWhile,
            "take_while" => Adapter::TakeWhile,
            "skip_while" => Adapter::SkipWhile,
            "inspect" => Adapter::Inspect,
            _ => return None,
        })
    }
}

impl IteratorSource<'_, '_> {
    /// Whether only whoever consumes it ends it.
    pub(super) fn is_endless(&self) -> bool {
        matches!(self, IteratorSource::From(_) | IteratorSource::Same(_))
    }

    /// Whether it goes through known passive data by index, and calls nothing.
    fn is_of_data(&self) -> bool {
        match self {
            IteratorSource::Range(_)
            | IteratorSource::From(_)
            | IteratorSource::Same(_)
            | IteratorSource::Data(_) => true,
            IteratorSource::InOrder(of)
            | IteratorSource::Enumerate(of)
            | IteratorSource::Rev(of)
            | IteratorSource::Skip(of, _)
            | IteratorSource::Take(of, _)
            | IteratorSource::StepBy(of, _)
            | IteratorSource::Cycle(of) => of.is_of_data(),
            IteratorSource::Zip(a, b) => a.is_of_data() && b.is_of_data(),
            IteratorSource::Elements(_)
            | IteratorSource::Windows(..)
            | IteratorSource::Chunks { .. }
            | IteratorSource::Items { .. }
            | IteratorSource::Adapter(..)
            | IteratorSource::Scan { .. }
            | IteratorSource::Successors { .. }
            | IteratorSource::Flatten { .. }
            | IteratorSource::Chain(..) => false,
        }
    }

    /// Whether the standard library finds its items by index (`TrustedRandomAccess`): a `zip` of two of these asks neither for
    /// more items than the shorter one has.
    pub(super) fn is_random_access(&self) -> bool {
        match self {
            IteratorSource::Range(_)
            | IteratorSource::Elements(_)
            | IteratorSource::Data(_)
            | IteratorSource::Windows(..)
            | IteratorSource::Chunks { .. } => true,
            IteratorSource::Items { random_access, .. } => *random_access,
            IteratorSource::Enumerate(of)
            | IteratorSource::Skip(of, _)
            | IteratorSource::Adapter(Adapter::Map, of, _) => of.is_random_access(),
            IteratorSource::Zip(a, b) => a.is_random_access() && b.is_random_access(),
            IteratorSource::From(_)
            | IteratorSource::Same(_)
            | IteratorSource::InOrder(_)
            | IteratorSource::Rev(_)
            | IteratorSource::Take(..)
            | IteratorSource::StepBy(..)
            | IteratorSource::Cycle(_)
            | IteratorSource::Adapter(..)
            | IteratorSource::Scan { .. }
            | IteratorSource::Successors { .. }
            | IteratorSource::Flatten { .. }
            | IteratorSource::Chain(..) => false,
        }
    }

    /// Whether the standard library trusts it to tell how many items there are (`TrustedLen`).
    pub(super) fn tells_length(&self) -> bool {
        match self {
            IteratorSource::Range(_)
            | IteratorSource::From(_)
            | IteratorSource::Same(_)
            | IteratorSource::Elements(_)
            | IteratorSource::Data(_)
            | IteratorSource::Windows(..)
            | IteratorSource::Chunks { .. } => true,
            IteratorSource::InOrder(of)
            | IteratorSource::Enumerate(of)
            | IteratorSource::Rev(of)
            | IteratorSource::Take(of, _)
            | IteratorSource::Adapter(Adapter::Map, of, _) => of.tells_length(),
            IteratorSource::Skip(of, _) | IteratorSource::StepBy(of, _) => of.is_random_access(),
            IteratorSource::Zip(a, b) | IteratorSource::Chain(a, b) => a.tells_length() && b.tells_length(),
            IteratorSource::Items { .. }
            | IteratorSource::Cycle(_)
            | IteratorSource::Adapter(..)
            | IteratorSource::Scan { .. }
            | IteratorSource::Successors { .. }
            | IteratorSource::Flatten { .. } => false,
        }
    }

    /// Whether each item has an index.
    pub(super) fn has_indices(&self) -> bool {
        match self {
            IteratorSource::Range(_)
            | IteratorSource::From(_)
            | IteratorSource::Same(_)
            | IteratorSource::Elements(_)
            | IteratorSource::Data(_)
            | IteratorSource::Windows(..)
            | IteratorSource::Chunks { .. } => true,
            IteratorSource::InOrder(of)
            | IteratorSource::Enumerate(of)
            | IteratorSource::Rev(of)
            | IteratorSource::Skip(of, _)
            | IteratorSource::Take(of, _)
            | IteratorSource::StepBy(of, _)
            | IteratorSource::Cycle(of)
            | IteratorSource::Adapter(Adapter::Map, of, _) => of.has_indices(),
            IteratorSource::Zip(a, b) => a.has_indices() && b.has_indices(),
            IteratorSource::Items { .. }
            | IteratorSource::Adapter(..)
            | IteratorSource::Scan { .. }
            | IteratorSource::Successors { .. }
            | IteratorSource::Flatten { .. }
            | IteratorSource::Chain(..) => false,
        }
    }

    /// Whether its items may be found by index, and closures are then called for the same items in the same order as the
    /// standard library calls them.
    pub(super) fn is_indexed(&self) -> bool {
        self.has_indices() && self.calls_for_its_items()
    }

    /// Whether closures are called for its own items alone, as far as that is noticed.
    fn calls_for_its_items(&self) -> bool {
        match self {
            IteratorSource::InOrder(of)
            | IteratorSource::Enumerate(of)
            | IteratorSource::Take(of, _)
            | IteratorSource::Cycle(of)
            | IteratorSource::Adapter(Adapter::Map, of, _) => of.calls_for_its_items(),
            // The items in front and between are asked for too.
            IteratorSource::Skip(of, _) | IteratorSource::StepBy(of, _) => of.leaves_nothing(),
            IteratorSource::Zip(a, b) => {
                !self.asks_once_more() && a.calls_for_its_items() && b.calls_for_its_items()
            }
            IteratorSource::Rev(of) => of.calls_for_its_items_from_back(),
            IteratorSource::Range(_)
            | IteratorSource::From(_)
            | IteratorSource::Same(_)
            | IteratorSource::Elements(_)
            | IteratorSource::Data(_)
            | IteratorSource::Items { .. }
            | IteratorSource::Windows(..)
            | IteratorSource::Chunks { .. }
            | IteratorSource::Adapter(..)
            | IteratorSource::Scan { .. }
            | IteratorSource::Successors { .. }
            | IteratorSource::Flatten { .. }
            | IteratorSource::Chain(..) => true,
        }
    }

    /// The same, from the last item to the first: what `skip` leaves out is never asked for, what `take` and `zip` leave out
    /// is.
    fn calls_for_its_items_from_back(&self) -> bool {
        match self {
            IteratorSource::InOrder(of)
            | IteratorSource::Enumerate(of)
            | IteratorSource::Skip(of, _)
            | IteratorSource::Adapter(Adapter::Map, of, _) => of.calls_for_its_items_from_back(),
            IteratorSource::Range(_)
            | IteratorSource::From(_)
            | IteratorSource::Same(_)
            | IteratorSource::Elements(_)
            | IteratorSource::Data(_)
            | IteratorSource::Items { .. }
            | IteratorSource::Windows(..)
            | IteratorSource::Chunks { .. }
            | IteratorSource::Rev(_)
            | IteratorSource::Take(..)
            | IteratorSource::StepBy(..)
            | IteratorSource::Cycle(_)
            | IteratorSource::Zip(..)
            | IteratorSource::Adapter(..)
            | IteratorSource::Scan { .. }
            | IteratorSource::Successors { .. }
            | IteratorSource::Flatten { .. }
            | IteratorSource::Chain(..) => self.leaves_nothing(),
        }
    }

    /// Whether a `zip` in it may ask its first iterator for one item more than the second has, and that is noticed.
    pub(super) fn asks_once_more(&self) -> bool {
        match self {
            IteratorSource::Zip(a, b) => {
                let by_index = a.is_random_access() && b.is_random_access();
                (!by_index && !a.leaves_nothing()) || a.asks_once_more() || b.asks_once_more()
            }
            IteratorSource::InOrder(of)
            | IteratorSource::Enumerate(of)
            | IteratorSource::Rev(of)
            | IteratorSource::Skip(of, _)
            | IteratorSource::Take(of, _)
            | IteratorSource::StepBy(of, _)
            | IteratorSource::Cycle(of)
            | IteratorSource::Adapter(_, of, _)
            | IteratorSource::Scan { of, .. }
            | IteratorSource::Flatten { of, .. } => of.asks_once_more(),
            IteratorSource::Chain(a, b) => a.asks_once_more() || b.asks_once_more(),
            IteratorSource::Range(_)
            | IteratorSource::From(_)
            | IteratorSource::Same(_)
            | IteratorSource::Elements(_)
            | IteratorSource::Data(_)
            | IteratorSource::Items { .. }
            | IteratorSource::Successors { .. }
            | IteratorSource::Windows(..)
            | IteratorSource::Chunks { .. } => false,
        }
    }

    /// Whether it calls nothing whose call is noticed.
    pub(super) fn leaves_nothing(&self) -> bool {
        match self {
            IteratorSource::Range(_)
            | IteratorSource::From(_)
            | IteratorSource::Same(_)
            | IteratorSource::Elements(_)
            | IteratorSource::Data(_)
            | IteratorSource::Windows(..)
            | IteratorSource::Chunks { .. } => true,
            IteratorSource::Items { iterator, .. } => iterator.pure,
            IteratorSource::Successors { function, .. } => leaves_nothing(function),
            IteratorSource::InOrder(of)
            | IteratorSource::Enumerate(of)
            | IteratorSource::Rev(of)
            | IteratorSource::Skip(of, _)
            | IteratorSource::Take(of, _)
            | IteratorSource::StepBy(of, _)
            | IteratorSource::Cycle(of)
            | IteratorSource::Flatten { of, .. } => of.leaves_nothing(),
            IteratorSource::Adapter(_, of, function) | IteratorSource::Scan { of, function, .. } => {
                of.leaves_nothing() && leaves_nothing(function)
            }
            IteratorSource::Zip(a, b) | IteratorSource::Chain(a, b) => {
                a.leaves_nothing() && b.leaves_nothing()
            }
        }
    }
}

impl<'t, 'a> Lowering<'t, 'a> {
    pub(super) fn source(&mut self, expression: &'t Expr<'a>) -> Lowered<IteratorSource<'t, 'a>> {
        let span = expression.span;
        // A storage of the body's own may be changed through its items.
        let root = crate::types::walk::root_variable(expression).and_then(|root| self.variables.get(&root));
        let is_stored = matches!(root, Some(Meaning::Place(place)) if self.is_local(place));
        let passive = !is_stored && self.is_verbatim(expression);
        if let Some(start) = start_of_endless(expression) {
            let range = if passive {
                self.host(expression)?
            } else {
                let start = self.host(start)?;
                let start = self.computed(start, Class::Scalar, "n", span);
                host(vec![Piece::Atom(start), tokens(quote!(..))])
            };
            return Ok(IteratorSource::From(range));
        }
        if passive && self.is_integers(expression) {
            let range = self.host(expression)?;
            if (self.reads_data(&range) || !range.pure)
                && let Some(range) = self.range_of_values(expression)?
            {
                return Ok(range);
            }
            if !range.pure {
                return self.items(expression);
            }
            let range = IteratorSource::Range(if names_a_range(expression) { copied(range) } else { range });
            return Ok(if is_half_open(expression) {
                range
            } else {
                IteratorSource::InOrder(Box::new(range))
            });
        }
        if passive {
            return self.passive_source(expression);
        }
        if let Kind::Paren(inner) | Kind::Reference(inner) = &expression.kind {
            return self.source(inner);
        }
        if let Kind::Into(argument) = &expression.kind {
            return self.source(&argument.value);
        }
        if let Kind::Range { .. } = expression.kind {
            return match self.range_of_values(expression)? {
                Some(range) => Ok(range),
                None => unsupported(Reason::IteratedValue(shown(expression.written)), span),
            };
        }
        if let Kind::Method { call, receiver, arguments } = &expression.kind
            && !self.is_sequence(expression)
        {
            return self.adapter(&call.method, receiver, arguments);
        }
        let meaning = self.meaning(expression)?;
        let source = self.source_of(meaning, span)?;
        // The standard library does not find the elements of a `VecDeque` by index.
        let is_deque = matches!(self.function.types.peeled(&expression.ty), Ty::Sequence(Sequence::Deque, _));
        Ok(if is_deque { IteratorSource::InOrder(Box::new(source)) } else { source })
    }

    /// A range whose bounds are values of their own: what a length is later does not matter.
    fn range_of_values(&mut self, expression: &'t Expr<'a>) -> Lowered<Option<IteratorSource<'t, 'a>>> {
        let expression = expression.unparenthesized();
        if let Kind::Method { call, receiver, arguments } = &expression.kind
            && call.method == "rev"
            && arguments.is_empty()
        {
            let range = self.range_of_values(receiver)?;
            return Ok(range.map(|range| IteratorSource::Rev(Box::new(range))));
        }
        let Kind::Range { start, limits, end } = &expression.kind else { return Ok(None) };
        let mut pieces = Vec::new();
        for (at, bound) in [start, end].into_iter().enumerate() {
            if at == 1 {
                pieces.push(tokens(limits));
            }
            if let Some(bound) = bound {
                let host = self.host(bound)?;
                let bound = self.computed(host, Class::Scalar, "n", bound.span);
                pieces.push(Piece::Atom(bound));
            }
        }
        let range = IteratorSource::Range(host(pieces));
        Ok(Some(match limits {
            syn::RangeLimits::HalfOpen(_) => range,
            syn::RangeLimits::Closed(_) => IteratorSource::InOrder(Box::new(range)),
        }))
    }

    fn reads_data(&self, host: &HostExpression) -> bool {
        let mut reads = Vec::new();
        host.read(&mut reads);
        reads.into_iter().any(|read| self.values[read.0].class == Class::Data)
    }

    /// What is iterated over is passive: known elements are found by index, all else is as the user wrote it.
    fn passive_source(&mut self, expression: &'t Expr<'a>) -> Lowered<IteratorSource<'t, 'a>> {
        let (variables, values, statements) =
            (self.variables.clone(), self.values.len(), self.statements.len());
        let storages = self.storages.len();
        if let Ok(source) = self.known_source(expression)
            && source.is_of_data()
        {
            return Ok(source);
        }
        // Nothing is left of the trial; names that it took stay taken.
        self.variables = variables;
        self.statements.truncate(statements);
        self.values.truncate(values);
        self.storages.truncate(storages);
        self.items(expression)
    }

    /// The elements of known data, through adapters that keep them where they are.
    fn known_source(&mut self, expression: &'t Expr<'a>) -> Lowered<IteratorSource<'t, 'a>> {
        if let Kind::Paren(inner) | Kind::Reference(inner) = &expression.kind {
            return self.known_source(inner);
        }
        if let Kind::Method { call, receiver, arguments } = &expression.kind
            && !self.is_sequence(expression)
        {
            return self.adapter(&call.method, receiver, arguments);
        }
        self.data_source(expression)
    }

    /// What a value iterates over.
    pub(super) fn source_of(
        &mut self,
        meaning: Meaning<'t, 'a>,
        span: Span,
    ) -> Lowered<IteratorSource<'t, 'a>> {
        if let Meaning::Iterator(source) = meaning {
            return Ok((*source).clone());
        }
        if let Meaning::List(_) = meaning {
            return Ok(IteratorSource::Elements(self.materialized(&meaning, "list", span)?));
        }
        let Meaning::Place(place) = meaning else {
            return unsupported(Reason::IteratedValue(self.described(&meaning)), span);
        };
        Ok(IteratorSource::Elements(place))
    }

    /// What is iterated over by value: an array that is copied stays what it was.
    pub(super) fn taken(&mut self, expression: &'t Expr<'a>) -> Lowered<IteratorSource<'t, 'a>> {
        let ty = self.function.types.shallow(&expression.ty);
        if matches!(ty, Ty::Sequence(Sequence::Array, _)) && self.function.involves(expression) {
            let meaning = self.meaning(expression)?;
            let own = self.owned(meaning, &ty, expression.span)?;
            return Ok(IteratorSource::InOrder(Box::new(self.source_of(own, expression.span)?)));
        }
        let source = self.source(expression)?;
        Ok(if matches!(ty, Ty::Sequence(..)) { IteratorSource::InOrder(Box::new(source)) } else { source })
    }

    fn adapter(
        &mut self,
        method: &syn::Ident,
        receiver: &'t Expr<'a>,
        arguments: &'t [Argument<'a>],
    ) -> Lowered<IteratorSource<'t, 'a>> {
        let (name, span) = (method.to_string(), method.span());
        if let (Some(adapter), [function]) = (Adapter::named(&name), arguments) {
            let of = self.source(receiver)?;
            let function = self.meaning(&function.value)?;
            return Ok(IteratorSource::Adapter(adapter, Box::new(of), function));
        }
        if let Some(items) = self.adapted_items(method, receiver, arguments)? {
            return Ok(items);
        }
        let inner = |lowering: &mut Self| lowering.source(receiver).map(Box::new);
        Ok(match (name.as_str(), arguments) {
            ("into_iter", []) => self.taken(receiver)?,
            ("by_ref", []) if names_an_iterator(receiver) => {
                return unsupported(Reason::UsedInParts, span);
            }
            ("iter" | "iter_mut" | "copied" | "cloned" | "clone" | "by_ref" | "fuse", []) => {
                self.source(receiver)?
            }
            ("drain", [range]) => {
                let drained = self.drain(receiver, &range.value, span)?;
                IteratorSource::InOrder(Box::new(IteratorSource::Elements(drained)))
            }
            ("enumerate", []) => IteratorSource::Enumerate(inner(self)?),
            ("rev", []) => reversed(self.source(receiver)?, span)?,
            ("cycle", []) => match inner(self)? {
                of if of.is_indexed() => IteratorSource::Cycle(of),
                _ => return unsupported(Reason::Cycle, span),
            },
            ("zip", [other]) => {
                let (a, b) = (inner(self)?, Box::new(self.taken(&other.value)?));
                let (found, asked) = (a.is_indexed() && a.leaves_nothing(), b.is_indexed());
                let zip = IteratorSource::Zip(a, b);
                if !zip.is_indexed() && !found && !asked {
                    return unsupported(Reason::Zip, span);
                }
                zip
            }
            ("skip", [count]) => IteratorSource::Skip(inner(self)?, self.once(&count.value)?),
            ("take", [count]) => IteratorSource::Take(inner(self)?, self.once(&count.value)?),
            ("step_by", [step]) => IteratorSource::StepBy(inner(self)?, self.once(&step.value)?),
            ("windows", [size]) => {
                let place = self.sequence_place(receiver, method)?;
                IteratorSource::Windows(place, self.positive(method, &size.value)?)
            }
            ("chunks" | "chunks_exact" | "chunks_mut" | "chunks_exact_mut", [size]) => {
                let place = self.sequence_place(receiver, method)?;
                let shared = syn::Ident::new(name.trim_end_matches("_mut"), span);
                let size = self.positive(&shared, &size.value)?;
                IteratorSource::Chunks { place, size, exact: shared == "chunks_exact" }
            }
            ("flatten", []) => IteratorSource::Flatten { of: inner(self)?, reversed: false },
            ("flat_map", [function]) => {
                let of = inner(self)?;
                let of = IteratorSource::Adapter(Adapter::Map, of, self.meaning(&function.value)?);
                IteratorSource::Flatten { of: Box::new(of), reversed: false }
            }
            ("scan", [start, function]) => {
                let (of, ty) = (inner(self)?, start.slot.clone());
                let first = self.meaning(&start.value)?;
                let first = Box::new(self.settled(first, &ty, span)?);
                IteratorSource::Scan { of, start: first, ty, function: self.meaning(&function.value)? }
            }
            ("chain", [other]) => {
                let first = inner(self)?;
                IteratorSource::Chain(first, Box::new(self.taken(&other.value)?))
            }
            _ => return unsupported(Reason::Adapter(name), span),
        })
    }

    /// An adapter of the user's own iterator over data, of which an argument may look at active values: the length of one, say.
    fn adapted_items(
        &mut self,
        method: &syn::Ident,
        receiver: &'t Expr<'a>,
        arguments: &'t [Argument<'a>],
    ) -> Lowered<Option<IteratorSource<'t, 'a>>> {
        let name = method.to_string();
        if !self.is_verbatim(receiver) {
            return Ok(None);
        }
        let cuts = matches!(name.as_str(), "chunks" | "chunks_exact" | "rchunks" | "windows");
        let of = if cuts {
            let mut data = self.host(receiver)?;
            data.pure &= self.is_looked_at(receiver);
            data
        } else if matches!(name.as_str(), "zip" | "enumerate" | "rev" | "skip" | "take" | "step_by") {
            let IteratorSource::Items { iterator, .. } = self.source(receiver)? else { return Ok(None) };
            iterator
        } else {
            return Ok(None);
        };
        let mut pure = of.pure;
        let mut given = Vec::new();
        for argument in arguments {
            let value = &argument.value;
            let is_iterator = name == "zip";
            if is_iterator && !self.is_verbatim(value) {
                return Ok(None);
            }
            let host_of = self.host(value)?;
            if is_iterator {
                pure &= self.is_replayable(value);
                given.push(host_of.into());
            } else {
                // A number of its own: what a length is later does not matter.
                given.push(Piece::Atom(self.computed(host_of, Class::Scalar, "size", value.span)));
            }
            given.push(tokens(quote!(,)));
        }
        let pieces = vec![of.into(), tokens(quote!(.#method)), host(given).into()];
        let iterator = HostExpression { pure, ..host(pieces) };
        Ok(Some(IteratorSource::Items { iterator, class: Class::Data, random_access: false }))
    }

    /// `drain` of numbers.
    fn drain(&mut self, receiver: &'t Expr<'a>, range: &'t Expr<'a>, span: Span) -> Lowered<Place> {
        let place = self.storage_under(receiver, "drain", span)?;
        if !self.is_local(&place) || !self.has_numbers(receiver) {
            return unsupported(Reason::Adapter("drain".to_owned()), span);
        }
        let range = range.unparenthesized();
        let Kind::Range { start, limits, end } = &range.kind else {
            return unsupported(Reason::RangeVariable, range.span);
        };
        self.must_run(span)?;
        let bound = |lowering: &mut Self, bound: &'t Expr<'a>| {
            let host = lowering.host(bound)?;
            Ok(lowering.computed(host, Class::Scalar, "n", bound.span))
        };
        let start = start.as_ref().map(|start| bound(self, start)).transpose()?;
        let end = end.as_ref().map(|end| bound(self, end)).transpose()?;
        let end = match (end, limits) {
            (Some(last), syn::RangeLimits::Closed(_)) => {
                let end = host(vec![Piece::Atom(last), tokens(quote!(+ 1))]);
                Some(self.computed(end, Class::Scalar, "n", span))
            }
            (end, _) => end,
        };
        let mut pieces: Vec<Piece> = start.clone().map(Piece::Atom).into_iter().collect();
        pieces.push(tokens(quote!(..)));
        pieces.extend(end.clone().map(Piece::Atom));
        self.drained(&place, host(pieces), (start, end), span)
    }

    /// A number of items, computed where the iterator is made.
    pub(super) fn once(&mut self, count: &'t Expr<'a>) -> Lowered<HostExpression> {
        let host_of = self.host(count)?;
        if super::storage::literal(count).is_some() {
            return Ok(host_of);
        }
        let count = self.computed(host_of, Class::Scalar, "count", count.span);
        Ok(host(vec![Piece::Atom(count)]))
    }

    fn sequence_place(&mut self, expression: &'t Expr<'a>, method: &syn::Ident) -> Lowered<Place> {
        let meaning = self.meaning(expression)?;
        if let Meaning::List(_) = meaning {
            return self.materialized(&meaning, "list", method.span());
        }
        let Meaning::Place(place) = meaning else {
            let reason = Reason::MethodOf(method.to_string(), self.described(&meaning));
            return unsupported(reason, method.span());
        };
        Ok(place)
    }

    /// A size, which must not be zero: the standard library's own panic says so.
    fn positive(&mut self, method: &syn::Ident, size: &'t Expr<'a>) -> Lowered<HostExpression> {
        let host = self.host(size)?;
        let atom = self.computed(host, Class::Scalar, "size", size.span);
        let span = method.span();
        let check = super::passive::host(vec![
            tokens(quote::quote_spanned!(span=> let _ = <[__gradus_f64]>::#method)),
            super::passive::host(vec![tokens(quote!(&[],)), Piece::Atom(atom.clone())]).into(),
        ]);
        self.push(StatementKind::Passive { out: None, host: check }, span);
        Ok(super::passive::host(vec![Piece::Atom(atom)]))
    }

    /// A range of integers, or one that is reversed: of the adapters, `rev` alone is sure to go backward too.
    fn is_integers(&self, expression: &Expr<'a>) -> bool {
        self.function.types.peeled(&expression.ty) == Ty::Range || is_reversed_range(expression)
    }

    fn is_sequence(&self, expression: &Expr<'a>) -> bool {
        matches!(self.function.types.peeled(&expression.ty), Ty::Sequence(..))
    }

    /// The elements of passive data.
    fn data_source(&mut self, expression: &'t Expr<'a>) -> Lowered<IteratorSource<'t, 'a>> {
        let types = &self.function.types;
        let Ty::Sequence(kind, element) = types.peeled(&expression.ty) else {
            return self.items(expression);
        };
        // An owned `Vec` or array of data is used up by who iterates over it.
        let owned = kind != Sequence::Slice
            && !matches!(types.shallow(&expression.ty), Ty::Ref { .. })
            && !matches!(types.peeled(&element), Ty::Float(_) | Ty::Int | Ty::Bool);
        if !self.is_known(&element) || owned {
            return self.items(expression);
        }
        let mut data = self.host(expression)?;
        if !data.pure || self.is_of_another_type(expression) {
            // What a call gives is made once, and what changes is looked at once: the user's own iterator does that.
            return unsupported(Reason::IteratedValue(shown(expression.written)), expression.span);
        }
        // A part has no size of its own: it is borrowed, within the braces that name what is in it.
        if matches!(&expression.kind, Kind::Index { index, .. } if self.function.types.shallow(&index.ty) == Ty::Range)
        {
            data.pieces.insert(0, tokens(quote!(&)));
        }
        Ok(IteratorSource::Data(data))
    }

    /// Whether a variable was declared with a type that may be no slice, array or `Vec`, whatever it was collected from.
    fn is_of_another_type(&self, expression: &'t Expr<'a>) -> bool {
        let declared = crate::types::walk::root_variable(expression).and_then(|root| self.types.get(&root));
        declared.is_some_and(|declared| match syn::parse2::<syn::Type>(declared.clone()) {
            Ok(syn::Type::Path(path)) => {
                path.path.segments.last().is_none_or(|last| last.ident != "Vec" && last.ident != "VecDeque")
            }
            Ok(_) | Err(_) => false,
        })
    }

    /// Whether all of a type is known.
    fn is_known(&self, ty: &Ty) -> bool {
        let ty = self.function.types.peeled(ty);
        matches!(ty, Ty::Float(_) | Ty::Int | Ty::Bool | Ty::Sequence(..) | Ty::Tuple(_))
            && ty.parts().iter().all(|part| self.is_known(part))
    }

    /// Whether the standard library finds the items of the user's own iterator by index.
    fn is_random_access(&self, expression: &Expr<'a>) -> bool {
        let kind = &expression.unparenthesized().kind;
        let Kind::Method { call, receiver, arguments } = kind else {
            return matches!(kind, Kind::Range { limits: syn::RangeLimits::HalfOpen(_), .. });
        };
        match call.method.to_string().as_str() {
            "iter" | "windows" | "chunks" | "chunks_exact" => {
                matches!(self.function.types.peeled(&receiver.ty), Ty::Sequence(..))
            }
            "map" | "copied" | "cloned" | "enumerate" | "skip" => self.is_random_access(receiver),
            "zip" => {
                self.is_random_access(receiver)
                    && arguments.iter().all(|other| self.is_random_access(&other.value))
            }
            _ => false,
        }
    }

    /// Any passive iterator.
    fn items(&mut self, expression: &'t Expr<'a>) -> Lowered<IteratorSource<'t, 'a>> {
        let types = &self.function.types;
        let whole = types.peeled(&expression.ty);
        let item = if let Ty::Iter(item) | Ty::Sequence(_, item) = &whole {
            types.shallow(item)
        } else if whole == Ty::Range {
            Ty::Int
        } else {
            Ty::Data
        };
        let class = match (class(&types.peeled(&item)), item) {
            // A float is read through any reference; what else stands behind one is data.
            (Class::Scalar, Ty::Ref { .. }) => Class::Data,
            (Class::Scalar, _) if matches!(types.shallow(&expression.ty), Ty::Ref { .. }) => Class::Data,
            (class, _) => class,
        };
        let mut items = self.host(expression)?;
        items.pure &= self.is_replayable(expression);
        Ok(IteratorSource::Items { iterator: items, class, random_access: self.is_random_access(expression) })
    }
}

/// A range that has a name may run several times, backward too.
fn names_a_range(expression: &Expr<'_>) -> bool {
    matches!(
        expression.unparenthesized().kind,
        Kind::Variable(_) | Kind::Field { .. } | Kind::Index { .. } | Kind::Opaque
    )
}

fn copied(range: HostExpression) -> HostExpression {
    let borrowed = host(vec![tokens(quote!(&)), range.into()]);
    host(vec![tokens(quote!(__gradus_std::clone::Clone::clone)), borrowed.into()])
}

/// A source from the back. Closures are called in that order too.
pub(super) fn reversed<'t, 'a>(
    source: IteratorSource<'t, 'a>,
    span: Span,
) -> Lowered<IteratorSource<'t, 'a>> {
    Ok(match source {
        IteratorSource::Rev(of) => *of,
        IteratorSource::Adapter(
            adapter @ (Adapter::Map | Adapter::Filter | Adapter::FilterMap | Adapter::Inspect),
            of,
            function,
        ) => IteratorSource::Adapter(adapter, Box::new(reversed(*of, span)?), function),
        IteratorSource::Flatten { of, reversed: already } => {
            IteratorSource::Flatten { of: Box::new(reversed(*of, span)?), reversed: !already }
        }
        IteratorSource::Chain(a, b) => {
            IteratorSource::Chain(Box::new(reversed(*b, span)?), Box::new(reversed(*a, span)?))
        }
        IteratorSource::Range(_)
        | IteratorSource::From(_)
        | IteratorSource::Same(_)
        | IteratorSource::Elements(_)
        | IteratorSource::Data(_)
        | IteratorSource::Items { .. }
        | IteratorSource::InOrder(_)
        | IteratorSource::Enumerate(_)
        | IteratorSource::Zip(..)
        | IteratorSource::Skip(..)
        | IteratorSource::Take(..)
        | IteratorSource::StepBy(..)
        | IteratorSource::Cycle(_)
        | IteratorSource::Windows(..)
        | IteratorSource::Chunks { .. }
        | IteratorSource::Adapter(..)
        | IteratorSource::Scan { .. }
        | IteratorSource::Successors { .. } => {
            if !source.has_indices() || !source.calls_for_its_items_from_back() {
                return unsupported(Reason::Backward, span);
            }
            IteratorSource::Rev(Box::new(source))
        }
    })
}

/// Whether a closure does nothing that is noticed outside, so that it may be called for some items only: it assigns to nothing,
/// prints nothing, calls nothing of which only rustc knows what it does, and cannot panic.
fn leaves_nothing(function: &Meaning<'_, '_>) -> bool {
    let Meaning::Closure(closure, _) = function else { return true };
    let mut leaves = false;
    crate::types::walk::visit(&closure.body, &mut |part| {
        leaves |= match &part.kind {
            Kind::Update { .. }
            | Kind::Assign { .. }
            | Kind::Show { .. }
            | Kind::Debug { .. }
            | Kind::Apply { .. }
            | Kind::Call { .. }
            | Kind::Operator { .. }
            | Kind::Index { .. }
            | Kind::Format { .. }
            | Kind::While { .. }
            | Kind::Loop { .. }
            | Kind::Minus(_)
            | Kind::Break { .. }
            | Kind::Return(_)
            | Kind::Try(_) => true,
            Kind::Binary { operator, .. } => part.assigned().is_some() || may_overflow(operator),
            Kind::Function { what, .. } => match what {
                FunctionValue::Operation(..) | FunctionValue::Predicate | FunctionValue::Stopped => false,
                FunctionValue::Callee | FunctionValue::Named => true,
            },
            Kind::Operation(operation) => operation.what == FloatOperation::Row(Op::Clamp),
            Kind::Opaque => !matches!(part.written, syn::Expr::Lit(_) | syn::Expr::Path(_)),
            Kind::Method { call, .. } => !only_looks(&call.method.to_string()),
            Kind::Block(block) => block.statements.iter().any(|statement| match statement {
                Statement::Verbatim(_) => true,
                Statement::Let { .. } | Statement::Expr { .. } => false,
            }),
            Kind::Variable(_)
            | Kind::Compare { .. }
            | Kind::Not(_)
            | Kind::Deref(_)
            | Kind::Predicate { .. }
            | Kind::Total { .. }
            | Kind::Standard { .. }
            | Kind::StopGradient(_)
            | Kind::Plain(_)
            | Kind::Into(_)
            | Kind::Cast { .. }
            | Kind::Field { .. }
            | Kind::Reference(_)
            | Kind::Paren(_)
            | Kind::Tuple(_)
            | Kind::List { .. }
            | Kind::Repeat { .. }
            | Kind::Range { .. }
            | Kind::Struct(_)
            | Kind::If { .. }
            | Kind::Let { .. }
            | Kind::Match { .. }
            | Kind::For { .. }
            | Kind::Closure(_) => false,
        };
    });
    !leaves
}

/// Operators on integers that panic, by division or overflow.
const fn may_overflow(operator: &syn::BinOp) -> bool {
    matches!(
        operator,
        syn::BinOp::Add(_)
            | syn::BinOp::Sub(_)
            | syn::BinOp::Mul(_)
            | syn::BinOp::Div(_)
            | syn::BinOp::Rem(_)
            | syn::BinOp::Shl(_)
            | syn::BinOp::Shr(_)
    )
}

/// Whether a method of the standard library gives a value and does nothing else.
fn only_looks(name: &str) -> bool {
    use super::passive::PURE;
    use super::replay::{ADAPTERS, SOURCES};
    const ENDS: &[&str] = &[
        "all",
        "any",
        "as_ref",
        "as_slice",
        "collect",
        "concat",
        "contains",
        "count",
        "find",
        "first",
        "fold",
        "get",
        "into_iter",
        "is_some_and",
        "last",
        "map_or",
        "map_or_else",
        "max_by",
        "min_by",
        "position",
        "product",
        "reduce",
        "sum",
        "to_owned",
        "to_vec",
        "unwrap_or",
        "unwrap_or_default",
        "unwrap_or_else",
    ];
    [PURE, SOURCES, ADAPTERS, ENDS].iter().any(|known| known.contains(&name))
}

/// Whether an expression is an iterator in a variable.
pub(super) fn names_an_iterator(expression: &Expr<'_>) -> bool {
    if let Kind::Paren(inner) | Kind::Reference(inner) = &expression.kind {
        return names_an_iterator(inner);
    }
    if let Kind::Method { call, receiver, .. } = &expression.kind {
        return call.method == "by_ref" && names_an_iterator(receiver);
    }
    expression.variable().is_some()
}

/// `a` of `a..`.
fn start_of_endless<'e, 'a>(expression: &'e Expr<'a>) -> Option<&'e Expr<'a>> {
    let Kind::Range { start, end: None, .. } = &expression.unparenthesized().kind else { return None };
    start.as_deref()
}

/// Not a range that includes its end, and not one that is reversed.
fn is_half_open(expression: &Expr<'_>) -> bool {
    let kind = &expression.unparenthesized().kind;
    !matches!(kind, Kind::Range { limits: syn::RangeLimits::Closed(_), .. } | Kind::Method { .. })
}

/// `(a..b).rev()`.
fn is_reversed_range(expression: &Expr<'_>) -> bool {
    let Kind::Method { call, receiver, .. } = &expression.kind else { return false };
    call.method == "rev" && matches!(receiver.unparenthesized().kind, Kind::Range { .. })
}
