//! Value numbering: what was read or computed a moment ago has its name already. Elements that nobody has overwritten since,
//! indices and passive numbers are computed once, so that one adjoint takes what all their uses contribute, and one record
//! holds what the reverse sweep reads of them. An element that was just stored is the number that was stored.
//!
//! Only what is certain to run before is looked for: what stands earlier in the region or in the regions around it. After
//! Cocke and Schwartz, *Programming Languages and Their Compilers* (1970), with the scopes of Briggs, Cooper and Simpson,
//! *Value numbering* (1997).

pub mod key;

use crate::ir::{
    Atom, Class, HostExpression, Names, Place, Program, Region, RegionId, Statement, StatementKind,
    StorageId, ValueId,
};
use crate::transform::clobber::{Changed, changed};
use key::{Key, Part, are_apart};
use std::collections::HashMap;

pub fn run(program: &mut Program) {
    let mut body = std::mem::replace(
        &mut program.body,
        Region { id: RegionId(0), statements: Vec::new(), yields: Vec::new() },
    );
    let mut numbering = Numbering {
        program,
        names: Names::new(),
        known: HashMap::new(),
        constants: HashMap::new(),
        readers: HashMap::new(),
        entered: Vec::new(),
    };
    numbering.region(&mut body);
    let names = numbering.names;
    program.body = body;
    program.outcome.rename(&names);
}

struct Numbering<'p> {
    program: &'p Program,
    names: Names,
    known: HashMap<Key, ValueId>,
    /// Integers that no value tells the type of: what they are in an index.
    constants: HashMap<ValueId, Key>,
    /// For each storage, the keys that look at it.
    readers: HashMap<StorageId, Vec<Key>>,
    /// The keys that became known, the last one last.
    entered: Vec<Key>,
}

impl Numbering<'_> {
    /// What an inner region computes is forgotten at its end.
    fn inner(&mut self, region: &mut Region) {
        let before = self.entered.len();
        self.region(region);
        for key in self.entered.split_off(before) {
            self.known.remove(&key);
        }
    }

    fn region(&mut self, region: &mut Region) {
        let statements = std::mem::take(&mut region.statements);
        for mut statement in statements {
            statement.kind.rename(&self.names);
            if let Some((value, known)) = self.same(&statement) {
                self.names.insert(value, known);
                continue;
            }
            self.within(&mut statement.kind);
            self.forget(&statement.kind);
            self.stored(&statement.kind);
            region.statements.push(statement);
        }
        region.rename_yields(&self.names);
    }

    fn within(&mut self, kind: &mut StatementKind) {
        if let StatementKind::If { then, otherwise, .. } = kind {
            self.inner(then);
            self.inner(otherwise);
        }
        if let StatementKind::Loop(repeat) = kind {
            // What an iteration changes is another in the next one.
            repeat.body.each(&mut |_, statement| self.forget(&statement.kind));
            if let Some((test, atom)) = &mut repeat.test {
                self.inner(test);
                atom.rename(&self.names);
            }
            self.inner(&mut repeat.body);
            repeat.rename_end(&self.names);
        }
    }

    /// The value that a statement makes, and the one that is the same; else the value becomes known.
    fn same(&mut self, statement: &Statement) -> Option<(ValueId, ValueId)> {
        let (out, key) = if let StatementKind::Load { out, place } = &statement.kind {
            (*out, self.place(place)?)
        } else if let StatementKind::Passive { out: Some(out), host } = &statement.kind {
            (*out, self.passive(*out, host)?)
        } else {
            return None;
        };
        if let Some(known) = self.known.get(&key) {
            return Some((out, *known));
        }
        self.enter(key, out);
        None
    }

    fn enter(&mut self, key: Key, value: ValueId) {
        for part in &key {
            if let Part::Storage(storage) = part {
                self.readers.entry(*storage).or_default().push(key.clone());
            }
        }
        self.known.insert(key.clone(), value);
        self.entered.push(key);
    }

    /// Forgets what was read of the storages that a statement changes.
    fn forget(&mut self, kind: &StatementKind) {
        let stored = if let StatementKind::Store { place, .. } = kind { self.place(place) } else { None };
        for Changed { storage, .. } in changed(kind) {
            let keys = self.readers.remove(&storage).unwrap_or_default();
            let (kept, changed) = keys.into_iter().partition::<Vec<_>, _>(|key| {
                stored.as_ref().is_some_and(|stored| are_apart(stored, key, storage))
            });
            for key in changed {
                self.known.remove(&key);
            }
            if !kept.is_empty() {
                self.readers.insert(storage, kept);
            }
        }
    }

    /// A number that was stored is the element that the place holds.
    fn stored(&mut self, kind: &StatementKind) {
        if let StatementKind::Store { place, value: Atom::Value(value) } = kind
            && self.program.value(*value).active
            && let Some(key) = self.place(place)
        {
            self.enter(key, *value);
        }
    }

    // --- keys

    /// The key of a place. A constant index is the number that it is.
    fn place(&self, place: &Place) -> Option<Key> {
        let mut expanded = Key::new();
        for part in key::of_place(self.program, place)? {
            let constant = if let Part::Value(value) = &part { self.constants.get(value) } else { None };
            match constant {
                Some(constant) => expanded.extend(constant.iter().cloned()),
                None => expanded.push(part),
            }
        }
        Some(expanded)
    }

    /// The key of a passive number or index. Nothing tells the type of one that reads no value.
    fn passive(&mut self, out: ValueId, host: &HostExpression) -> Option<Key> {
        let value = self.program.value(out);
        if value.pattern.is_some() || value.declared.is_some() || self.program.changing.contains(&out) {
            return None;
        }
        let key = key::of_host(self.program, host)?;
        match value.class {
            Class::Float => Some(key),
            Class::Scalar if key.iter().all(Part::keeps_types) => {
                if key.iter().any(Part::is_value) {
                    return Some(key);
                }
                self.constants.insert(out, key);
                None
            }
            Class::Scalar | Class::Data => None,
        }
    }
}
