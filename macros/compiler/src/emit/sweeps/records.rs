//! What the forward sweep records, and how it comes back: the numbers of a record lie side by side, the rest is kept by a
//! *witness*, which learns from the forward sweep what type it has.

use super::Printer;
use crate::emit::code::{Code, Piece as _, code};
use crate::ir::{Init, Record, Region, Shape, StatementKind, StorageId, ValueId};
use proc_macro2::{Ident, Span};
use quote::format_ident;
use std::collections::BTreeSet;

/// The storages whose types tell the shapes of their adjoints.
pub(super) fn typed(sweeps: [&Region; 2]) -> BTreeSet<StorageId> {
    let mut found = BTreeSet::new();
    for sweep in sweeps {
        sweep.each(&mut |_, statement| {
            if let StatementKind::New { init: Init::Unreached(Shape::Type(storage)), .. } = &statement.kind {
                found.insert(*storage);
            }
        });
    }
    found
}

impl<'p> Printer<'p> {
    /// Whether iterations leave records.
    pub fn has_frame(&self) -> bool {
        self.program.records()
    }

    /// What tells the type of something that is recorded.
    pub(super) fn witness(ident: &Ident) -> Ident {
        format_ident!("{ident}type", span = Span::mixed_site())
    }

    /// Witnesses for what is recorded and is no number.
    pub fn witnesses(&'p self, out: &mut Code<'p>) {
        let engine = &self.names.engine;
        let (mut values, mut storages) = (Vec::new(), self.typed.clone());
        self.program.body.each(&mut |_, statement| {
            if let StatementKind::Record(record) = &statement.kind {
                values.extend(record.values.iter().filter(|value| !self.is_float(**value)));
                storages.extend(&record.storages);
            }
        });
        let values = values.into_iter().map(|value: ValueId| self.ident(value));
        let storages = storages.into_iter().map(|storage| self.storage(storage));
        for witness in values.chain(storages).map(Self::witness) {
            code!(out <- let #witness = #engine::rt::Witness::default(););
        }
    }

    /// Tells the type of a storage from which the shape of its adjoint is made.
    pub(super) fn see(&'p self, out: &mut Code<'p>, storage: StorageId) {
        if self.typed.contains(&storage) {
            let (ident, witness) = (self.storage(storage), Self::witness(self.storage(storage)));
            code!(out <- #witness.see(&#ident););
        }
    }

    /// The numbers of a record, and the rest of it.
    fn parts<'r>(&'p self, record: &'r Record) -> (Vec<&'p Ident>, Vec<&'p Ident>) {
        let (floats, words): (Vec<ValueId>, Vec<ValueId>) =
            record.values.iter().partition(|value| self.is_float(**value));
        let others = record.storages.iter().map(|storage| self.storage(*storage));
        let others = others.chain(words.into_iter().map(|value| self.ident(value))).collect();
        (floats.into_iter().map(|value| self.ident(value)).collect(), others)
    }

    pub(super) fn record(&'p self, out: &mut Code<'p>, record: &'p Record) {
        if self.blocks.contains(&record.number) {
            self.block_record(out, record, |out| self.push(out, record));
        } else {
            self.push(out, record);
        }
    }

    fn push(&'p self, out: &mut Code<'p>, record: &'p Record) {
        let (engine, frame) = (&self.names.engine, &self.frame);
        let (floats, others) = self.parts(record);
        for other in others {
            let witness = Self::witness(other);
            code!(out <- #witness.keep(#frame, &#other););
        }
        if !floats.is_empty() {
            code!(out <- #engine::rt::Frame::record(#frame, &[#{
                out.list(floats, |out, float| float.append(out));
            }]););
        }
    }

    pub(super) fn replay(&'p self, out: &mut Code<'p>, record: &'p Record) {
        if self.blocks.contains(&record.number) {
            self.block_replay(out, record, |out| self.pop(out, record));
        } else {
            self.pop(out, record);
        }
    }

    fn pop(&'p self, out: &mut Code<'p>, record: &'p Record) {
        let (engine, frame) = (&self.names.engine, &self.frame);
        let (floats, others) = self.parts(record);
        if !floats.is_empty() {
            code!(out <- let [#{
                out.list(floats, |out, float| float.append(out));
            }] = #engine::rt::pop(#frame););
        }
        for other in others.into_iter().rev() {
            let witness = Self::witness(other);
            code!(out <- let #other = #witness.back(#frame););
        }
    }
}
