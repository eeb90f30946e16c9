//! When memories are changed: whether what was read from one is still there at its end.

use crate::ir::{Change, MemoryId, Out, Program, Region, RegionId, StatementKind};
use std::collections::BTreeMap;

/// A point of the program: its number in program order, and the loops around it, outermost first.
#[derive(Clone, Debug)]
pub struct Point {
    number: usize,
    loops: Vec<RegionId>,
}

/// The changes of every memory.
#[derive(Default)]
pub struct History {
    /// Where elements are overwritten, moved or taken away.
    changes: BTreeMap<MemoryId, Vec<Point>>,
    /// Where the length may change.
    lengths: BTreeMap<MemoryId, Vec<Point>>,
    /// Where a memory is made.
    made: BTreeMap<MemoryId, Point>,
    /// The points of statements, in program order.
    now: usize,
    loops: Vec<RegionId>,
}

impl History {
    pub fn of(program: &Program) -> History {
        let mut history = History::default();
        history.region(&program.body);
        history.now = 0;
        history
    }

    fn region(&mut self, region: &Region) {
        for statement in &region.statements {
            self.now += 1;
            let point = self.here();
            match &statement.kind {
                StatementKind::New { memory, .. } => drop(self.made.insert(*memory, point)),
                StatementKind::Store { place, .. } | StatementKind::Copy { to: place, .. } => {
                    self.changes.entry(place.memory).or_default().push(point);
                }
                StatementKind::Swap { a, b } => {
                    for place in [a, b] {
                        self.changes.entry(place.memory).or_default().push(point.clone());
                        self.lengths.entry(place.memory).or_default().push(point.clone());
                    }
                }
                StatementKind::Change { place, change } => {
                    if !matches!(change, Change::Push(_)) {
                        self.changes.entry(place.memory).or_default().push(point.clone());
                    }
                    if let Change::Pop(Out::Memory(memory)) = change {
                        self.made.insert(*memory, point.clone());
                    }
                    self.lengths.entry(place.memory).or_default().push(point);
                }
                StatementKind::Call(call) => {
                    let mut memories = Vec::new();
                    call.out.parts(&mut Vec::new(), &mut memories);
                    memories.into_iter().for_each(|memory| drop(self.made.insert(memory, point.clone())));
                }
                StatementKind::If { then, otherwise, .. } => {
                    self.region(then);
                    self.region(otherwise);
                }
                StatementKind::Loop(repeat) => {
                    self.enter(repeat.body.id);
                    if let Some((test, _)) = &repeat.test {
                        self.region(test);
                    }
                    self.region(&repeat.body);
                    self.leave();
                }
                _ => {}
            }
        }
    }

    // --- walking in the same order again

    pub fn next(&mut self) {
        self.now += 1;
    }

    pub fn enter(&mut self, body: RegionId) {
        self.loops.push(body);
    }

    pub fn leave(&mut self) {
        self.loops.pop();
    }

    fn here(&self) -> Point {
        Point { number: self.now, loops: self.loops.clone() }
    }

    /// Whether an element that is read here is still there when the memory has seen all its changes.
    pub fn keeps_elements(&self, memory: MemoryId) -> bool {
        self.is_last(memory, &self.changes)
    }

    /// Whether its length here is its length at the end.
    pub fn keeps_length(&self, memory: MemoryId) -> bool {
        self.is_last(memory, &self.lengths)
    }

    /// Whether none of these changes can run after this point in the life of the memory.
    fn is_last(&self, memory: MemoryId, changes: &BTreeMap<MemoryId, Vec<Point>>) -> bool {
        let around = self.made.get(&memory).map_or(0, |made| made.loops.len());
        let own = &self.loops[around.min(self.loops.len())..];
        changes
            .get(&memory)
            .into_iter()
            .flatten()
            .all(|change| change.number < self.now && !change.loops.iter().any(|body| own.contains(body)))
    }
}
