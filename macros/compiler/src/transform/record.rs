//! To-be-recorded analysis: where the reverse sweep gets the values of the forward sweep that it reads.
//!
//! A value of the body is still there when a joint reverse sweep runs. Any other is
//!
//! * *recomputed* where that is cheap and what it is computed from is there,
//! * *recorded* at the end of the iteration or half that makes it, one record an iteration,
//! * or, if a branch makes it, *hoisted* out of the branch: it becomes one more result of the branch, and so a value of the
//!   region around.
//!
//! A storage is recorded whole where what is read of it would be gone. The analysis follows Hascoët, Naumann and Pascual,
//! *"To be recorded" analysis in reverse-mode automatic differentiation* (2005): what no derivative reads is not recorded.

use super::clobber::{Clobbers, Point};
use crate::ir::{
    Argument, Atom, Class, HostExpression, Mode, Order, Piece, Program, Record, Region, RegionId, Reverse,
    Statement, StatementKind, StorageId, Value, ValueId,
};
use crate::reasons::Reason;
use crate::reasons::Unsupported;
use gradus_ops::Cost;
use proc_macro2::{Ident, Span, TokenStream, TokenTree};
use std::collections::{BTreeMap, BTreeSet};
use syn::ext::IdentExt;

/// How many values may be hoisted in a function: one that is `n` branches deep is hoisted out of each of them.
const HOISTED: usize = 4000;

/// Gives the reverse sweep what it reads. Nothing but new elements is added to `tables`.
pub fn record(program: &mut Program, tables: &BTreeSet<StorageId>) -> Result<(), Unsupported> {
    let Some(reverse) = program.reverse.take() else { return Ok(()) };
    let origins = Origins::of(program, &reverse, tables)?;
    let mut needs = Needs::default();
    needs.region(&reverse.region);
    if reverse.mode == Mode::Split {
        // The weight of a result that is part of a storage is added at its indices.
        program.outcome.places(&mut needs.values);
    }
    let mut plan = Plan::of(program, reverse.mode);
    plan.decide(origins, needs)?;
    let Plan { recorded, whole, recomputed, hoisted, replayed, .. } = plan;
    let work = Work { recorded, whole, recomputed, hoisted, replayed };
    program.reverse = Some(work.done(program, reverse));
    Ok(())
}

// --- what there is

/// Where a value comes from, as far as the reverse sweep is concerned.
enum Origin {
    /// Cheap to compute from these values and storages.
    Recomputed {
        reads: Vec<ValueId>,
        looks: Vec<StorageId>,
    },
    /// A loop's index, which the reverse loop has too.
    Index,
    /// An item of the user's iterator, which can run a second time.
    Item {
        body: RegionId,
        reads: Vec<ValueId>,
        looks: Vec<StorageId>,
    },
    Recorded(Span),
}

/// What lies around a region.
#[derive(Clone, Copy)]
enum Around {
    Branch(RegionId),
    Loop,
}

/// The origins of all values, and what lies around the regions.
type Known = (BTreeMap<ValueId, Origin>, BTreeMap<RegionId, Around>);

struct Origins<'p> {
    program: &'p Program,
    tables: &'p BTreeSet<StorageId>,
    clobbers: Clobbers,
    values: BTreeMap<ValueId, Origin>,
    regions: BTreeMap<RegionId, Around>,
}

impl Origins<'_> {
    fn of(program: &Program, reverse: &Reverse, tables: &BTreeSet<StorageId>) -> Result<Known, Unsupported> {
        let mut origins = Origins {
            program,
            tables,
            clobbers: Clobbers::of(program),
            values: BTreeMap::new(),
            regions: BTreeMap::new(),
        };
        let (mut at, mut result) = (0, Ok(()));
        let mut reversed = BTreeSet::new();
        loops_of(&reverse.region, &reverse.regions, &mut reversed);
        program.body.each(&mut |region, statement| {
            if result.is_ok() {
                result = origins.statement(region, statement, at, &reversed);
            }
            at += 1;
        });
        result.map(|()| (origins.values, origins.regions))
    }

    fn statement(
        &mut self,
        around: &Region,
        statement: &Statement,
        at: Point,
        reversed: &BTreeSet<RegionId>,
    ) -> Result<(), Unsupported> {
        let span = statement.span;
        let recorded = Origin::Recorded(span);
        match &statement.kind {
            StatementKind::Operation { out, op, operands } => {
                let mut reads = Vec::new();
                operands.iter().for_each(|operand| operand.read(&mut reads));
                let cheap = op.cost() < Cost::Expensive;
                let recomputed = Origin::Recomputed { reads, looks: Vec::new() };
                self.values.insert(*out, if cheap { recomputed } else { recorded });
            }
            StatementKind::Passive { out: Some(out), host } => {
                // A variable that statements of the user's change has its first value only here.
                let origin = if self.is_changed(*out) { None } else { self.recomputed(host, at) };
                self.values.insert(*out, origin.unwrap_or(recorded));
            }
            StatementKind::Load { out, place } => {
                let (mut reads, mut looks) = (Vec::new(), Vec::new());
                place.read(&mut reads);
                place.look_at(&mut looks);
                let there = self.tables.contains(&place.storage)
                    || self.clobbers.keeps_elements(place.storage, at) && self.keeps_lengths(&looks, at);
                self.values.insert(*out, if there { Origin::Recomputed { reads, looks } } else { recorded });
            }
            StatementKind::If { then, otherwise, .. } => {
                for branch in [then, otherwise] {
                    self.regions.insert(branch.id, Around::Branch(around.id));
                }
                self.all_recorded(&statement.kind, span);
            }
            StatementKind::Loop(repeat) => {
                if let Some(iterator) = &repeat.iterator
                    && reversed.contains(&repeat.body.id)
                    && self.recomputed(iterator, at).is_none()
                {
                    return Err(Unsupported { reason: Reason::OnceOnly, span });
                }
                if let Some((item, items)) = &repeat.items {
                    let origin = match self.recomputed(items, at) {
                        Some(Origin::Recomputed { reads, looks }) => {
                            Origin::Item { body: repeat.body.id, reads, looks }
                        }
                        Some(Origin::Index | Origin::Item { .. } | Origin::Recorded(_)) | None => recorded,
                    };
                    self.values.insert(*item, origin);
                }
                self.values.insert(repeat.index, Origin::Index);
                for carried in &repeat.carried {
                    self.values.insert(carried.inside, Origin::Recorded(span));
                }
                self.regions.insert(repeat.body.id, Around::Loop);
                self.all_recorded(&statement.kind, span);
            }
            StatementKind::Call(call) => {
                for argument in &call.arguments {
                    if let Argument::Place { place, .. } = argument {
                        let storage = place.storage;
                        debug_assert!(
                            self.clobbers.keeps_elements(storage, at)
                                && self.clobbers.keeps_length(storage, at),
                            "an argument that is changed later is copied"
                        );
                    }
                }
                self.all_recorded(&statement.kind, span);
            }
            StatementKind::Choose { .. }
            | StatementKind::Change { .. }
            | StatementKind::Passive { out: None, .. }
            | StatementKind::New { .. }
            | StatementKind::Store { .. }
            | StatementKind::Copy { .. }
            | StatementKind::Swap { .. } => self.all_recorded(&statement.kind, span),
            StatementKind::Compute { .. }
            | StatementKind::Test { .. }
            | StatementKind::Accumulate { .. }
            | StatementKind::Take { .. }
            | StatementKind::Sum { .. }
            | StatementKind::Record(_)
            | StatementKind::Replay(_)
            | StatementKind::CallReverse(_) => unreachable!("the forward sweep has no such statement yet"),
        }
        Ok(())
    }

    fn all_recorded(&mut self, kind: &StatementKind, span: Span) {
        let mut values = Vec::new();
        kind.makes(&mut values, &mut Vec::new());
        values.into_iter().for_each(|value| drop(self.values.insert(value, Origin::Recorded(span))));
    }

    /// How a passive expression is recomputed, if it may be.
    fn recomputed(&self, host: &HostExpression, at: Point) -> Option<Origin> {
        let (mut reads, mut looks, mut elements) = (Vec::new(), Vec::new(), Vec::new());
        host.read(&mut reads);
        host.look_at(&mut looks);
        host.named_storages(&mut elements);
        let there = self.keeps_lengths(&looks, at)
            && elements.iter().all(|storage| self.clobbers.keeps_elements(*storage, at));
        // What is made of data that no frame holds is better recorded itself.
        let gone = reads.iter().any(|read| {
            let value = self.program.value(*read);
            let is_held = value.class != Class::Data || value.recordable;
            !is_held && matches!(self.values.get(read), Some(Origin::Recorded(_)))
        });
        (host.pure && there && !gone).then_some(Origin::Recomputed { reads, looks })
    }

    /// Whether statements that only rustc understands may change a value: it is declared `mut`.
    fn is_changed(&self, value: ValueId) -> bool {
        let pattern = self.program.value(value).pattern.iter().cloned();
        self.program.changing.contains(&value) || pattern.into_iter().any(says_mut)
    }

    fn keeps_lengths(&self, storages: &[StorageId], at: Point) -> bool {
        storages.iter().all(|storage| self.clobbers.keeps_length(*storage, at))
    }
}

/// The bodies of the loops that a reverse sweep has loops for.
fn loops_of(region: &Region, regions: &BTreeMap<RegionId, RegionId>, found: &mut BTreeSet<RegionId>) {
    let forward: BTreeMap<_, _> = regions.iter().map(|(forward, reverse)| (*reverse, *forward)).collect();
    region.each(&mut |_, statement| {
        if let StatementKind::Loop(repeat) = &statement.kind {
            found.extend(forward.get(&repeat.body.id));
        }
    });
}

fn says_mut(tokens: TokenStream) -> bool {
    tokens.into_iter().any(|token| match token {
        TokenTree::Ident(word) => word == "mut",
        TokenTree::Group(group) => says_mut(group.stream()),
        TokenTree::Punct(_) | TokenTree::Literal(_) => false,
    })
}

// --- what is read

/// What the reverse sweep reads and looks at.
#[derive(Default)]
struct Needs {
    values: Vec<ValueId>,
    storages: Vec<StorageId>,
}

impl Needs {
    fn region(&mut self, region: &Region) {
        region.each(&mut |_, statement| {
            statement.kind.read(&mut self.values);
            statement.kind.look_at(&mut self.storages);
        });
        self.yields(region);
    }

    fn yields(&mut self, region: &Region) {
        region.yields.iter().for_each(|atom| atom.read(&mut self.values));
        for statement in &region.statements {
            statement.kind.regions().into_iter().for_each(|region| self.yields(region));
        }
    }
}

// --- what is done

/// What is decided for each region of the forward sweep.
struct Plan<'p> {
    program: &'p mut Program,
    mode: Mode,
    recorded: BTreeMap<RegionId, Vec<ValueId>>,
    /// Storages that are recorded whole.
    whole: BTreeMap<RegionId, Vec<StorageId>>,
    recomputed: BTreeSet<ValueId>,
    /// For each branch, its values that the region around has under another name.
    hoisted: BTreeMap<RegionId, Vec<(ValueId, ValueId)>>,
    /// Loops over an iterator of the user's that runs a second time.
    replayed: BTreeSet<RegionId>,
    /// The names that are taken, once they are asked for.
    names: Option<BTreeSet<String>>,
}

impl Plan<'_> {
    fn of(program: &mut Program, mode: Mode) -> Plan<'_> {
        Plan {
            program,
            mode,
            recorded: BTreeMap::new(),
            whole: BTreeMap::new(),
            recomputed: BTreeSet::new(),
            hoisted: BTreeMap::new(),
            replayed: BTreeSet::new(),
            names: None,
        }
    }

    fn decide(&mut self, (mut origins, regions): Known, needs: Needs) -> Result<(), Unsupported> {
        let Needs { mut values, storages } = needs;
        self.keep(&storages);
        let (mut seen, mut hoisted) = (BTreeSet::new(), 0);
        while let Some(value) = values.pop() {
            let region = self.program.value(value).region;
            // A value of the reverse sweep has no origin in the forward sweep.
            let Some(origin) = origins.get(&value) else { continue };
            if self.stays(region) || !seen.insert(value) {
                continue;
            }
            match origin {
                Origin::Recomputed { reads, looks } => {
                    self.recomputed.insert(value);
                    values.extend(reads);
                    self.keep(looks);
                }
                Origin::Item { body, reads, looks } => {
                    self.replayed.insert(*body);
                    values.extend(reads);
                    self.keep(looks);
                }
                Origin::Recorded(span) => {
                    let span = *span;
                    let known = self.program.value(value);
                    if known.class == Class::Data && !known.recordable {
                        let (name, stem) = (known.ident.unraw().to_string(), self.program.stem(&known.ident));
                        // Without a name of the user's it is what an expression gives.
                        let data = if name == stem { format!("`{name}`, data") } else { "data".to_owned() };
                        return Err(Unsupported { reason: Reason::UsedData(data), span });
                    }
                    match regions.get(&region) {
                        Some(Around::Branch(around)) => {
                            hoisted += 1;
                            if hoisted > HOISTED {
                                return Err(Unsupported { reason: Reason::DeepValues, span });
                            }
                            let outside = self.hoist(value, region, *around);
                            origins.insert(outside, Origin::Recorded(span));
                            values.push(outside);
                        }
                        Some(Around::Loop) | None => self.recorded.entry(region).or_default().push(value),
                    }
                }
                Origin::Index => {}
            }
        }
        Ok(())
    }

    /// Whether what a region computes is still there when the reverse sweep runs.
    fn stays(&self, region: RegionId) -> bool {
        region == RegionId(0) && self.mode == Mode::Joint
    }

    /// Records the storages that the reverse sweep looks at, unless they are still there.
    fn keep(&mut self, storages: &[StorageId]) {
        for storage in storages {
            let Some((region, _)) = self.program.storage(*storage).local() else { continue };
            if self.stays(region) {
                continue;
            }
            let whole = self.whole.entry(region).or_default();
            if !whole.contains(storage) {
                whole.push(*storage);
            }
        }
    }

    /// Gives a value of a branch a name in the region around.
    fn hoist(&mut self, value: ValueId, branch: RegionId, around: RegionId) -> ValueId {
        let of = self.program.value(value);
        // A value that is hoisted out of several branches has this ending once.
        let name = self.program.stem(&of.ident);
        let name = name.split("_kept").next().unwrap_or_default();
        let names = self.names.get_or_insert_with(|| {
            self.program.values.iter().map(|value| self.program.stem(&value.ident)).collect()
        });
        let mut unique = format!("{name}_kept");
        let mut count = 1;
        while !names.insert(unique.clone()) {
            count += 1;
            unique = format!("{name}_kept_{count}");
        }
        let ident = Ident::new(&format!("{unique}_"), of.ident.span());
        let outside = Value {
            ident,
            class: of.class,
            active: false,
            region: around,
            recordable: false,
            declared: None,
            pattern: None,
        };
        self.program.values.push(outside);
        let id = ValueId(self.program.values.len() - 1);
        self.hoisted.entry(branch).or_default().push((value, id));
        id
    }
}

/// The decisions, as they are carried out.
struct Work {
    recorded: BTreeMap<RegionId, Vec<ValueId>>,
    whole: BTreeMap<RegionId, Vec<StorageId>>,
    recomputed: BTreeSet<ValueId>,
    hoisted: BTreeMap<RegionId, Vec<(ValueId, ValueId)>>,
    replayed: BTreeSet<RegionId>,
}

impl Work {
    fn done(&self, program: &mut Program, mut reverse: Reverse) -> Reverse {
        let mut body = std::mem::replace(
            &mut program.body,
            Region { id: RegionId(0), statements: Vec::new(), yields: Vec::new() },
        );
        let (mut restores, mut records) = (BTreeMap::new(), 0);
        let mut items = BTreeMap::new();
        body.each_region_mut(&mut |region| {
            self.give_hoisted(region, &program.values);
            let record = self.record_of(region.id, records);
            records += usize::from(record.is_some());
            restores.insert(region.id, self.restoring(region, record.as_ref()));
            let span = Span::call_site();
            region
                .statements
                .extend(record.map(|record| Statement { kind: StatementKind::Record(record), span }));
            for statement in &region.statements {
                if let StatementKind::Loop(repeat) = &statement.kind
                    && self.replayed.contains(&repeat.body.id)
                {
                    items.insert(repeat.body.id, repeat.items.clone());
                }
            }
        });
        program.body = body;
        let forward: BTreeMap<_, _> =
            reverse.regions.iter().map(|(forward, reverse)| (*reverse, *forward)).collect();
        let mut restored = BTreeMap::new();
        reverse.region.each_region_mut(&mut |region| {
            let Some(of) = forward.get(&region.id) else { return };
            let mut statements = restores.remove(of).unwrap_or_default();
            restored.insert(region.id, statements.len());
            statements.append(&mut region.statements);
            region.statements = statements;
            for statement in &mut region.statements {
                if let StatementKind::Loop(repeat) = &mut statement.kind
                    && let Some(given) = forward.get(&repeat.body.id).and_then(|body| items.remove(body))
                {
                    debug_assert!(matches!(repeat.order, Order::Backward { .. }));
                    repeat.items = given;
                }
            }
        });
        reverse.restored = restored;
        reverse
    }

    fn record_of(&self, region: RegionId, number: usize) -> Option<Record> {
        let values = self.recorded.get(&region).cloned().unwrap_or_default();
        let storages = self.whole.get(&region).cloned().unwrap_or_default();
        (!values.is_empty() || !storages.is_empty()).then_some(Record { number, values, storages })
    }

    /// The statements that make available what the reverse of a region reads: restored, or recomputed in the order of the
    /// forward sweep.
    fn restoring(&self, region: &Region, record: Option<&Record>) -> Vec<Statement> {
        let span = Span::call_site();
        let mut statements: Vec<_> = record
            .map(|record| Statement { kind: StatementKind::Replay(record.clone()), span })
            .into_iter()
            .collect();
        for (value, outside) in self.hoisted.get(&region.id).into_iter().flatten() {
            let pieces = vec![Piece::Atom(Atom::Value(*outside))];
            let host = HostExpression { pieces, pure: true, ..HostExpression::default() };
            let kind = StatementKind::Passive { out: Some(*value), host };
            statements.push(Statement { kind, span });
        }
        statements.extend(
            region.statements.iter().filter(|statement| self.is_recomputed(&statement.kind)).cloned(),
        );
        statements
    }

    fn is_recomputed(&self, kind: &StatementKind) -> bool {
        let mut made = Vec::new();
        kind.makes(&mut made, &mut Vec::new());
        made.iter().any(|value| self.recomputed.contains(value))
    }

    /// Adds what branches of a region hoist to their results; the other branch gives 0.
    fn give_hoisted(&self, region: &mut Region, values: &[Value]) {
        // Rustc would infer the type of a `default()` from all the branches around, which takes long.
        let nothing = |value: ValueId| match values[value.0].class {
            Class::Float => Atom::number(0.0),
            Class::Scalar | Class::Data => Atom::Literal(crate::ir::Literal::Default),
        };
        for statement in &mut region.statements {
            let StatementKind::If { then, otherwise, outs, .. } = &mut statement.kind else { continue };
            for (value, outside) in self.hoisted.get(&then.id).into_iter().flatten() {
                outs.push(*outside);
                then.yields.push(Atom::Value(*value));
                otherwise.yields.push(nothing(*value));
            }
            for (value, outside) in self.hoisted.get(&otherwise.id).into_iter().flatten() {
                outs.push(*outside);
                then.yields.push(nothing(*value));
                otherwise.yields.push(Atom::Value(*value));
            }
        }
    }
}
