//! Clobber analysis: whether what a statement read from a storage is still there when the storage has seen all its changes, so
//! that the reverse sweep may read it again.
//!
//! After Hascoët and Pascual, *The Tapenade automatic differentiation tool* (2013), section 4: what the program overwrites is
//! recorded before, what it does not overwrite is read again.

use crate::ir::{Change, Out, Program, Region, RegionId, StatementKind, StorageId};
use std::collections::BTreeMap;
use std::rc::Rc;

/// A statement: its number in the order of [`Region::each`].
pub type Point = usize;

/// The changes of every storage.
#[derive(Default)]
pub struct Clobbers {
    /// Where elements are overwritten, moved or taken away.
    elements: BTreeMap<StorageId, Vec<Point>>,
    /// Where the length may change.
    lengths: BTreeMap<StorageId, Vec<Point>>,
    made: BTreeMap<StorageId, Point>,
    /// The loops around each statement, outermost first.
    loops: Vec<Rc<[RegionId]>>,
}

impl Clobbers {
    pub fn of(program: &Program) -> Clobbers {
        let mut clobbers = Clobbers::default();
        clobbers.region(&program.body, &Rc::from([]));
        clobbers
    }

    fn region(&mut self, region: &Region, loops: &Rc<[RegionId]>) {
        for statement in &region.statements {
            self.loops.push(loops.clone());
            self.note(&statement.kind, self.loops.len() - 1);
            let within = if let StatementKind::Loop(repeat) = &statement.kind {
                loops.iter().copied().chain([repeat.body.id]).collect()
            } else {
                loops.clone()
            };
            statement.kind.regions().into_iter().for_each(|region| self.region(region, &within));
        }
    }

    fn note(&mut self, kind: &StatementKind, at: Point) {
        let mut made = Vec::new();
        kind.makes(&mut Vec::new(), &mut made);
        self.made.extend(made.into_iter().map(|storage| (storage, at)));
        match kind {
            StatementKind::Store { place, .. } | StatementKind::Copy { to: place, .. } => {
                self.elements.entry(place.storage).or_default().push(at);
            }
            StatementKind::Swap { a, b } => {
                for place in [a, b] {
                    self.elements.entry(place.storage).or_default().push(at);
                    self.lengths.entry(place.storage).or_default().push(at);
                }
            }
            StatementKind::Change { place, change } => {
                let keeps = match change {
                    Change::Push(_) | Change::Resize(_) => true,
                    Change::Pop(Out::Value(_) | Out::Storage(_) | Out::Tuple(_))
                    | Change::Swap(..)
                    | Change::Truncate { .. } => false,
                };
                if !keeps {
                    self.elements.entry(place.storage).or_default().push(at);
                }
                self.lengths.entry(place.storage).or_default().push(at);
            }
            StatementKind::Call(call) => {
                for place in call.changed() {
                    self.elements.entry(place.storage).or_default().push(at);
                    self.lengths.entry(place.storage).or_default().push(at);
                }
            }
            StatementKind::Operation { .. }
            | StatementKind::Passive { .. }
            | StatementKind::Load { .. }
            | StatementKind::New { .. }
            | StatementKind::If { .. }
            | StatementKind::Choose { .. }
            | StatementKind::Loop(_)
            | StatementKind::Compute { .. }
            | StatementKind::Test { .. }
            | StatementKind::Accumulate { .. }
            | StatementKind::Take { .. }
            | StatementKind::Sum { .. }
            | StatementKind::Record(_)
            | StatementKind::Replay(_)
            | StatementKind::CallReverse(_) => {}
        }
    }

    /// Whether an element that is read here is never overwritten later.
    pub fn keeps_elements(&self, storage: StorageId, here: Point) -> bool {
        self.is_last(storage, here, &self.elements)
    }

    /// Whether its length here is its length at the end.
    pub fn keeps_length(&self, storage: StorageId, here: Point) -> bool {
        self.is_last(storage, here, &self.lengths)
    }

    /// Whether none of these changes can run after a statement in the life of the storage.
    fn is_last(&self, storage: StorageId, here: Point, changes: &BTreeMap<StorageId, Vec<Point>>) -> bool {
        let around = self.made.get(&storage).map_or(0, |made| self.loops[*made].len());
        let loops = &self.loops[here];
        let own = &loops[around.min(loops.len())..];
        changes
            .get(&storage)
            .into_iter()
            .flatten()
            .all(|change| *change < here && !self.loops[*change].iter().any(|body| own.contains(body)))
    }
}
