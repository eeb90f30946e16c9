//! Iterators whose items are found by index: how many there are, and the item at an index.

use super::passive::{template, tokens};
use super::view::{Stage, View};
use super::{Lowered, Lowering, Meaning, unsupported};
use crate::ir::{Atom, Class, Piece, Place, Step, Template};
use crate::reasons::Reason;
use proc_macro2::Span;
use quote::quote;

impl<'t, 'a> Lowering<'t, 'a> {
    /// The number of items.
    pub(super) fn length(view: &View<'t, 'a>, span: Span) -> Lowered<Template> {
        Ok(match view {
            View::Range(range) => template(vec![range.clone().into(), tokens(quote!(.count()))]),
            View::Elements(place) => template(vec![Piece::Place(place.clone()), tokens(quote!(.len()))]),
            View::Data(data) => template(vec![data.clone().into(), tokens(quote!(.len()))]),
            View::Items { .. } => return unsupported(Reason::AfterStage, span),
            View::From(_) | View::Same(_) => {
                template(vec![tokens(quote!(__gradus_std::primitive::usize::MAX))])
            }
            View::Cycle(of) => template(vec![
                tokens(quote!(if)),
                Self::length(of, span)?.into(),
                tokens(quote!(== 0 { 0 } else { __gradus_std::primitive::usize::MAX })),
            ]),
            View::Enumerate(inner) | View::Rev(inner) | View::Stage(Stage::Map, inner, _) => {
                Self::length(inner, span)?
            }
            View::Stage(..) | View::Scan { .. } | View::Flatten { .. } | View::Chain(..) => {
                return unsupported(Reason::AfterStage, span);
            }
            View::Skip(inner, count) => template(vec![
                Self::length(inner, span)?.into(),
                tokens(quote!(.saturating_sub)),
                count.clone().into(),
            ]),
            // A literal has no type that a method could be called on.
            View::Take(endless, count) if endless.is_endless() => {
                template(vec![count.clone().into(), tokens(quote!(as __gradus_std::primitive::usize))])
            }
            View::Take(a, count) => {
                template(vec![Self::length(a, span)?.into(), tokens(quote!(.min)), count.clone().into()])
            }
            View::StepBy(inner, step) => template(vec![
                Self::length(inner, span)?.into(),
                tokens(quote!(.div_ceil)),
                step.clone().into(),
            ]),
            View::Windows(place, size) => {
                let length = template(vec![Piece::Place(place.clone()), tokens(quote!(.len() + 1))]);
                template(vec![length.into(), tokens(quote!(.saturating_sub)), size.clone().into()])
            }
            View::Chunks { place, size, exact } => {
                let divided = if *exact { quote!(/) } else { quote!(.div_ceil) };
                let length = template(vec![Piece::Place(place.clone()), tokens(quote!(.len()))]);
                template(vec![length.into(), tokens(divided), size.clone().into()])
            }
            View::Zip(a, b) if a.is_endless() => Self::length(b, span)?,
            View::Zip(a, b) if b.is_endless() => Self::length(a, span)?,
            View::Zip(a, b) => template(vec![
                Self::length(a, span)?.into(),
                tokens(quote!(.min)),
                Self::length(b, span)?.into(),
            ]),
        })
    }

    /// The item at an index.
    pub(super) fn item(&mut self, view: &View<'t, 'a>, at: &Atom, span: Span) -> Lowered<Meaning<'t, 'a>> {
        Ok(match view {
            // At the root of a loop the index is the item; so is an item of the user's own iterator.
            View::Range(_) | View::Items { class: Class::Data, .. } => Meaning::Atom(at.clone()),
            View::From(_) => self.inner_item(view, at, span)?,
            View::Same(item) => (**item).clone(),
            View::Cycle(of) => {
                let length = Self::length(of, span)?;
                let index = template(vec![Piece::Atom(at.clone()), tokens(quote!(%)), length.into()]);
                let index = self.index_value(index, span);
                self.inner_item(of, &index, span)?
            }
            View::Elements(place) => {
                let mut place = place.clone();
                place.steps.push(Step::Index(template(vec![Piece::Atom(at.clone())])));
                Meaning::Place(place)
            }
            View::Data(data) => {
                Meaning::Passive(template(vec![data.clone().into(), Piece::Index(at.clone())]))
            }
            View::Items { .. } => Meaning::Passive(template(vec![Piece::Atom(at.clone())])),
            View::Enumerate(inner) => {
                Meaning::Tuple(vec![Meaning::Atom(at.clone()), self.inner_item(inner, at, span)?])
            }
            View::Zip(a, b) => {
                Meaning::Tuple(vec![self.inner_item(a, at, span)?, self.inner_item(b, at, span)?])
            }
            View::Stage(Stage::Map, inner, function) => {
                let item = self.item(inner, at, span)?;
                self.inlined(function.clone(), vec![item], span)?
            }
            View::Stage(..) | View::Scan { .. } | View::Flatten { .. } | View::Chain(..) => {
                return unsupported(Reason::AfterStage, span);
            }
            View::Rev(inner) => {
                let length = Self::length(inner, span)?;
                let index = template(vec![length.into(), tokens(quote!(- 1 -)), Piece::Atom(at.clone())]);
                let index = self.index_value(index, span);
                self.inner_item(inner, &index, span)?
            }
            View::Skip(inner, count) => {
                let index = template(vec![Piece::Atom(at.clone()), tokens(quote!(+)), count.clone().into()]);
                let index = self.index_value(index, span);
                self.inner_item(inner, &index, span)?
            }
            View::Take(inner, _) => self.inner_item(inner, at, span)?,
            View::StepBy(inner, step) => {
                let index = template(vec![Piece::Atom(at.clone()), tokens(quote!(*)), step.clone().into()]);
                let index = self.index_value(index, span);
                self.inner_item(inner, &index, span)?
            }
            View::Windows(place, size) => {
                let range = template(vec![
                    Piece::Atom(at.clone()),
                    tokens(quote!(..)),
                    Piece::Atom(at.clone()),
                    tokens(quote!(+)),
                    size.clone().into(),
                ]);
                part(place, range)
            }
            View::Chunks { place, size, .. } => {
                let start = template(vec![Piece::Atom(at.clone()), tokens(quote!(*)), size.clone().into()]);
                let start = self.index_value(start, span);
                let length = template(vec![Piece::Place(place.clone()), tokens(quote!(.len()))]);
                // A number of its own, since a part that is changed must not look at the whole.
                let end = template(vec![
                    template(vec![Piece::Atom(start.clone()), tokens(quote!(+)), size.clone().into()]).into(),
                    tokens(quote!(.min)),
                    template(vec![length.into()]).into(),
                ]);
                let end = self.index_value(end, span);
                let range = template(vec![Piece::Atom(start), tokens(quote!(..)), Piece::Atom(end)]);
                part(place, range)
            }
        })
    }

    /// The item of a view within another: mapped there, and of a range found by its position.
    pub(super) fn inner_item(
        &mut self,
        view: &View<'t, 'a>,
        at: &Atom,
        span: Span,
    ) -> Lowered<Meaning<'t, 'a>> {
        match view {
            View::Range(range) | View::From(range) => {
                let nth = template(vec![
                    range.clone().into(),
                    tokens(quote!(.nth)),
                    template(vec![Piece::Atom(at.clone())]).into(),
                    tokens(quote!(.unwrap_or_default())),
                ]);
                Ok(Meaning::Atom(self.index_value(nth, span)))
            }
            View::Stage(Stage::Map, inner, function) => {
                let item = self.inner_item(inner, at, span)?;
                self.inlined(function.clone(), vec![item], span)
            }
            other => self.item(other, at, span),
        }
    }

    fn index_value(&mut self, template: Template, span: Span) -> Atom {
        self.computed(template, Class::Scalar, "at", span)
    }
}

fn part<'t, 'a>(place: &Place, range: Template) -> Meaning<'t, 'a> {
    let mut place = place.clone();
    place.steps.push(Step::Index(range));
    Meaning::Place(place)
}
