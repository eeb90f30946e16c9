//! Iterators whose items are found by index: how many there are, and the item at an index.

use super::iterator_source::{Adapter, IteratorSource};
use super::passive::{host, tokens};
use super::{Lowered, Lowering, Meaning, unsupported};
use crate::ir::{Atom, Class, HostExpression, Piece, Step};
use crate::reasons::Reason;
use proc_macro2::Span;
use quote::quote;

impl<'t, 'a> Lowering<'t, 'a> {
    /// The number of items.
    pub(super) fn length(source: &IteratorSource<'t, 'a>, span: Span) -> Lowered<HostExpression> {
        Ok(match source {
            IteratorSource::Range(range) => host(vec![range.clone().into(), tokens(quote!(.count()))]),
            IteratorSource::Elements(place) => {
                host(vec![Piece::Place(place.clone()), tokens(quote!(.len()))])
            }
            IteratorSource::Data(data) => host(vec![data.clone().into(), tokens(quote!(.len()))]),
            IteratorSource::Items { .. } => return unsupported(Reason::AfterStage, span),
            IteratorSource::From(_) | IteratorSource::Same(_) => {
                host(vec![tokens(quote!(__gradus_std::primitive::usize::MAX))])
            }
            IteratorSource::Cycle(of) => host(vec![
                tokens(quote!(if)),
                Self::length(of, span)?.into(),
                tokens(quote!(== 0 { 0 } else { __gradus_std::primitive::usize::MAX })),
            ]),
            IteratorSource::InOrder(inner)
            | IteratorSource::Enumerate(inner)
            | IteratorSource::Rev(inner)
            | IteratorSource::Adapter(Adapter::Map, inner, _) => Self::length(inner, span)?,
            IteratorSource::Adapter(..)
            | IteratorSource::Scan { .. }
            | IteratorSource::Successors { .. }
            | IteratorSource::Flatten { .. }
            | IteratorSource::Chain(..) => {
                return unsupported(Reason::AfterStage, span);
            }
            IteratorSource::Skip(inner, count) => host(vec![
                Self::length(inner, span)?.into(),
                tokens(quote!(.saturating_sub)),
                count.clone().into(),
            ]),
            // A literal has no type that a method could be called on.
            IteratorSource::Take(endless, count) if endless.is_endless() => {
                host(vec![count.clone().into(), tokens(quote!(as __gradus_std::primitive::usize))])
            }
            IteratorSource::Take(a, count) => {
                host(vec![Self::length(a, span)?.into(), tokens(quote!(.min)), count.clone().into()])
            }
            IteratorSource::StepBy(inner, step) => {
                host(vec![Self::length(inner, span)?.into(), tokens(quote!(.div_ceil)), step.clone().into()])
            }
            IteratorSource::Windows(place, size) => {
                let length = host(vec![Piece::Place(place.clone()), tokens(quote!(.len() + 1))]);
                host(vec![length.into(), tokens(quote!(.saturating_sub)), size.clone().into()])
            }
            IteratorSource::Chunks { place, size, exact } => {
                let divided = if *exact { quote!(/) } else { quote!(.div_ceil) };
                let length = host(vec![Piece::Place(place.clone()), tokens(quote!(.len()))]);
                host(vec![length.into(), tokens(divided), size.clone().into()])
            }
            IteratorSource::Zip(a, b) if a.is_endless() => Self::length(b, span)?,
            IteratorSource::Zip(a, b) if b.is_endless() => Self::length(a, span)?,
            IteratorSource::Zip(a, b) => {
                host(vec![Self::length(a, span)?.into(), tokens(quote!(.min)), Self::length(b, span)?.into()])
            }
        })
    }

    /// The item at an index.
    pub(super) fn item(
        &mut self,
        source: &IteratorSource<'t, 'a>,
        at: &Atom,
        span: Span,
    ) -> Lowered<Meaning<'t, 'a>> {
        Ok(match source {
            // At the root of a loop the index is the item; so is an item of the user's own iterator.
            IteratorSource::Range(_) | IteratorSource::Items { class: Class::Data, .. } => {
                Meaning::Atom(at.clone())
            }
            IteratorSource::InOrder(of) => self.item(of, at, span)?,
            IteratorSource::From(_) => self.inner_item(source, at, span)?,
            IteratorSource::Same(item) => (**item).clone(),
            IteratorSource::Cycle(of) => {
                let length = Self::length(of, span)?;
                let index = host(vec![Piece::Atom(at.clone()), tokens(quote!(%)), length.into()]);
                let index = self.index_value(index, span);
                self.inner_item(of, &index, span)?
            }
            IteratorSource::Elements(place) => {
                Meaning::Place(place.part(Step::Index(host(vec![Piece::Atom(at.clone())]))))
            }
            IteratorSource::Data(data) => {
                Meaning::Passive(host(vec![data.clone().into(), Piece::Index(at.clone())]))
            }
            IteratorSource::Items { .. } => Meaning::Passive(host(vec![Piece::Atom(at.clone())])),
            IteratorSource::Enumerate(inner) => {
                Meaning::Tuple(vec![Meaning::Atom(at.clone()), self.inner_item(inner, at, span)?])
            }
            IteratorSource::Zip(a, b) => {
                Meaning::Tuple(vec![self.inner_item(a, at, span)?, self.inner_item(b, at, span)?])
            }
            IteratorSource::Adapter(Adapter::Map, inner, function) => {
                let item = self.item(inner, at, span)?;
                self.inlined(function.clone(), vec![item], span)?
            }
            IteratorSource::Adapter(..)
            | IteratorSource::Scan { .. }
            | IteratorSource::Successors { .. }
            | IteratorSource::Flatten { .. }
            | IteratorSource::Chain(..) => {
                return unsupported(Reason::AfterStage, span);
            }
            IteratorSource::Rev(inner) => {
                let length = Self::length(inner, span)?;
                let index = host(vec![length.into(), tokens(quote!(- 1 -)), Piece::Atom(at.clone())]);
                let index = self.index_value(index, span);
                self.inner_item(inner, &index, span)?
            }
            IteratorSource::Skip(inner, count) => {
                let index = host(vec![Piece::Atom(at.clone()), tokens(quote!(+)), count.clone().into()]);
                let index = self.index_value(index, span);
                self.inner_item(inner, &index, span)?
            }
            IteratorSource::Take(inner, _) => self.inner_item(inner, at, span)?,
            IteratorSource::StepBy(inner, step) => {
                let index = host(vec![Piece::Atom(at.clone()), tokens(quote!(*)), step.clone().into()]);
                let index = self.index_value(index, span);
                self.inner_item(inner, &index, span)?
            }
            IteratorSource::Windows(place, size) => {
                let range = host(vec![
                    Piece::Atom(at.clone()),
                    tokens(quote!(..)),
                    Piece::Atom(at.clone()),
                    tokens(quote!(+)),
                    size.clone().into(),
                ]);
                Meaning::Place(place.part(Step::Range(range)))
            }
            IteratorSource::Chunks { place, size, .. } => {
                let start = host(vec![Piece::Atom(at.clone()), tokens(quote!(*)), size.clone().into()]);
                let start = self.index_value(start, span);
                let length = host(vec![Piece::Place(place.clone()), tokens(quote!(.len()))]);
                // A number of its own, since a part that is changed must not look at the whole.
                let end = host(vec![
                    host(vec![Piece::Atom(start.clone()), tokens(quote!(+)), size.clone().into()]).into(),
                    tokens(quote!(.min)),
                    host(vec![length.into()]).into(),
                ]);
                let end = self.index_value(end, span);
                let range = host(vec![Piece::Atom(start), tokens(quote!(..)), Piece::Atom(end)]);
                Meaning::Place(place.part(Step::Range(range)))
            }
        })
    }

    /// The item of a source within another: mapped there, and of a range found by its position.
    pub(super) fn inner_item(
        &mut self,
        source: &IteratorSource<'t, 'a>,
        at: &Atom,
        span: Span,
    ) -> Lowered<Meaning<'t, 'a>> {
        if let IteratorSource::Range(range) | IteratorSource::From(range) = source {
            let nth = host(vec![
                range.clone().into(),
                tokens(quote!(.nth)),
                host(vec![Piece::Atom(at.clone())]).into(),
                tokens(quote!(.unwrap_or_default())),
            ]);
            return Ok(Meaning::Atom(self.index_value(nth, span)));
        }
        if let IteratorSource::Adapter(Adapter::Map, inner, function) = source {
            let item = self.inner_item(inner, at, span)?;
            return self.inlined(function.clone(), vec![item], span);
        }
        if let IteratorSource::InOrder(of) = source {
            return self.inner_item(of, at, span);
        }
        self.item(source, at, span)
    }

    fn index_value(&mut self, host: HostExpression, span: Span) -> Atom {
        self.computed(host, Class::Scalar, "at", span)
    }
}
