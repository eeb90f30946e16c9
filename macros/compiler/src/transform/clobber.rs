//! Clobber analysis: whether what a statement read from a storage is still there when the storage has seen all its changes, so
//! that the reverse sweep may read it again.
//!
//! After Hascoët and Pascual, *The Tapenade automatic differentiation tool* (2013), section 4: what the program overwrites is
//! recorded before, what it does not overwrite is read again.

use crate::ir::{Change, Out, Place, Program, Region, RegionId, StatementKind, StorageId};
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
        for Changed { storage, elements, length } in changed(kind) {
            for (is_changed, changes) in [(elements, &mut self.elements), (length, &mut self.lengths)] {
                if is_changed {
                    changes.entry(storage).or_default().push(at);
                }
            }
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

/// A storage that a statement changes.
pub struct Changed {
    pub storage: StorageId,
    /// Whether elements are overwritten, moved or taken away.
    elements: bool,
    /// Whether the length may change.
    length: bool,
}

/// The storages that a statement changes itself.
pub fn changed(kind: &StatementKind) -> Vec<Changed> {
    let of = |place: &Place, elements, length| Changed { storage: place.storage, elements, length };
    match kind {
        StatementKind::Store { place, .. } | StatementKind::Copy { to: place, .. } => {
            vec![of(place, true, false)]
        }
        StatementKind::Swap { a, b } => vec![of(a, true, true), of(b, true, true)],
        StatementKind::Change { place, change } => {
            let keeps = match change {
                Change::Push(_) | Change::Resize(_) => true,
                Change::Pop(Out::Value(_) | Out::Storage(_) | Out::Tuple(_))
                | Change::Swap(..)
                | Change::Truncate { .. } => false,
            };
            vec![of(place, !keeps, true)]
        }
        StatementKind::Call(call) => call.changed().map(|place| of(place, true, true)).collect(),
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
        | StatementKind::CallReverse(_) => Vec::new(),
    }
}
