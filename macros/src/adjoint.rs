//! What the reverse sweep needs, and where it gets it from.
//!
//! A value of the function's body is still there when the reverse sweep runs. One of a loop's body is not: it is computed
//! *again* if that is cheap and what it reads is at hand, else it is *saved* at the end of the iteration, in one record an
//! iteration. One of a branch is computed again, or *exported*: it becomes a further result of the branch, and so a
//! value of the region around.

use crate::ir::{Atom, Class, Loop, Program, Region, RegionId, Statement, StatementKind, Value, ValueId};
use crate::lower::Unsupported;
use crate::rows::{self, Cost};
use proc_macro2::Ident;
use quote::quote;
use std::collections::{BTreeMap, BTreeSet};

/// A program, and how its reverse sweep gets what it reads.
pub struct Adjoint {
    pub program: Program,
    /// For each loop's body, what an iteration saves.
    pub saved: BTreeMap<RegionId, Vec<ValueId>>,
    /// Values computed again.
    pub again: BTreeSet<ValueId>,
    /// For each branch, its values that the region around holds under another name.
    pub exported: BTreeMap<RegionId, Vec<(ValueId, ValueId)>>,
    /// Loops whose iterations may be reversed in forward order.
    pub forward: BTreeSet<RegionId>,
}

/// Plans the reverse sweep.
pub fn adjoint(program: Program) -> Result<Adjoint, Unsupported> {
    let mut regions = BTreeMap::new();
    let mut origins = BTreeMap::new();
    let mut needed = Vec::new();
    survey(&program, &program.body, &mut regions, &mut origins, &mut needed)?;
    let mut adjoint = Adjoint {
        program,
        saved: BTreeMap::new(),
        again: BTreeSet::new(),
        exported: BTreeMap::new(),
        forward: BTreeSet::new(),
    };
    let mut seen = BTreeSet::new();
    while let Some(value) = needed.pop() {
        let region = adjoint.program.value(value).region;
        if region == RegionId(0) || !seen.insert(value) {
            continue;
        }
        match origins.get(&value) {
            Some(Origin::Again(reads)) => {
                adjoint.again.insert(value);
                needed.extend(reads);
            }
            Some(Origin::Kept(span)) => {
                if adjoint.program.value(value).class != Class::Float {
                    return Err(Unsupported {
                        construct: "a counter that the gradient depends on",
                        span: *span,
                    });
                }
                let span = *span;
                match regions.get(&region) {
                    Some(Around::Branch(around)) => {
                        let exported = adjoint.export(value, region, *around);
                        origins.insert(exported, Origin::Kept(span));
                        needed.push(exported);
                    }
                    _ => adjoint.saved.entry(region).or_default().push(value),
                }
            }
            Some(Origin::Index) | None => {}
        }
    }
    let exported = adjoint.exported.clone();
    let program = &mut adjoint.program;
    give_exports(&mut program.body, &exported);
    let mut forward = BTreeSet::new();
    find_forward(&adjoint.program.body, &adjoint, &mut forward);
    adjoint.forward = forward;
    Ok(adjoint)
}

/// What lies around a region.
#[derive(Clone, Copy)]
enum Around {
    Branch(RegionId),
    Loop,
}

/// Where a value comes from, as far as the reverse sweep is concerned.
enum Origin {
    /// Cheap to compute again from these.
    Again(Vec<ValueId>),
    /// A loop's index, which the reverse loop has too.
    Index,
    Kept(proc_macro2::Span),
}

/// Whether the reverse sweep has anything to do in a region.
pub fn is_active(program: &Program, region: &Region) -> bool {
    region.statements.iter().any(|statement| match &statement.kind {
        StatementKind::Operation { out, .. } | StatementKind::Load { out, .. } => program.value(*out).active,
        StatementKind::Passive { .. } => false,
        StatementKind::If { then, otherwise, outs, .. } => {
            outs.iter().any(|out| program.value(*out).active)
                || is_active(program, then)
                || is_active(program, otherwise)
        }
        StatementKind::Loop(repeat) => is_active_loop(program, repeat),
    })
}

/// Whether a loop carries anything active or computes it.
pub fn is_active_loop(program: &Program, repeat: &Loop) -> bool {
    repeat.carried.iter().any(|carried| program.value(carried.after).active)
        || is_active(program, &repeat.body)
}

/// Collects where values come from, what lies around regions, and what adjoint statements read.
fn survey(
    program: &Program,
    region: &Region,
    regions: &mut BTreeMap<RegionId, Around>,
    origins: &mut BTreeMap<ValueId, Origin>,
    needed: &mut Vec<ValueId>,
) -> Result<(), Unsupported> {
    for statement in &region.statements {
        match &statement.kind {
            StatementKind::Operation { out, name, operands } => {
                let row = rows::find(name);
                let cheap = row.is_some_and(|row| row.cost == Cost::Cheap);
                let mut reads = Vec::new();
                operands.iter().for_each(|operand| operand.read(&mut reads));
                let origin = if cheap { Origin::Again(reads) } else { Origin::Kept(statement.span) };
                origins.insert(*out, origin);
                if program.value(*out).active {
                    partial_reads(program, *out, name, operands, needed);
                }
            }
            StatementKind::Passive { out, template } => {
                if let Some(out) = out {
                    let mut reads = Vec::new();
                    template.read(&mut reads);
                    let origin =
                        if template.pure { Origin::Again(reads) } else { Origin::Kept(statement.span) };
                    origins.insert(*out, origin);
                }
            }
            StatementKind::Load { out, place } => {
                let mut reads = Vec::new();
                place.read(&mut reads);
                if program.value(*out).active {
                    needed.extend(&reads);
                }
                origins.insert(*out, Origin::Again(reads));
            }
            StatementKind::If { condition, then, otherwise, outs } => {
                if is_active(program, then) || is_active(program, otherwise) || any_active(program, outs) {
                    condition.read(needed);
                }
                for branch in [then, otherwise] {
                    regions.insert(branch.id, Around::Branch(region.id));
                    survey(program, branch, regions, origins, needed)?;
                }
                for out in outs {
                    origins.insert(*out, Origin::Kept(statement.span));
                }
            }
            StatementKind::Loop(repeat) => {
                survey_loop(program, repeat, statement, regions, origins, needed)?;
            }
        }
    }
    Ok(())
}

fn survey_loop(
    program: &Program,
    repeat: &Loop,
    statement: &Statement,
    regions: &mut BTreeMap<RegionId, Around>,
    origins: &mut BTreeMap<ValueId, Origin>,
    needed: &mut Vec<ValueId>,
) -> Result<(), Unsupported> {
    if is_active_loop(program, repeat) {
        if !repeat.iterator.pure {
            return Err(Unsupported { construct: "an iterator that cannot run twice", span: statement.span });
        }
        repeat.iterator.read(needed);
    }
    origins.insert(repeat.index, Origin::Index);
    for carried in &repeat.carried {
        origins.insert(carried.inside, Origin::Kept(statement.span));
        origins.insert(carried.after, Origin::Kept(statement.span));
    }
    regions.insert(repeat.body.id, Around::Loop);
    survey(program, &repeat.body, regions, origins, needed)
}

fn any_active(program: &Program, values: &[ValueId]) -> bool {
    values.iter().any(|value| program.value(*value).active)
}

/// What the partial derivatives of an operation read.
fn partial_reads(program: &Program, out: ValueId, name: &str, operands: &[Atom], needed: &mut Vec<ValueId>) {
    let Some(row) = rows::find(name) else { return };
    for (operand, partial) in operands.iter().zip(row.partials) {
        let (Some(_), Some(reads)) = (program.active(operand), partial) else { continue };
        for read in reads.split_whitespace() {
            match read {
                "a" => operands[0].read(needed),
                "b" => operands[1].read(needed),
                "c" => operands[2].read(needed),
                "y" => needed.push(out),
                _ => {}
            }
        }
    }
}

impl Adjoint {
    /// Gives a value of a branch a name in the region around.
    fn export(&mut self, value: ValueId, branch: RegionId, around: RegionId) -> ValueId {
        let of = self.program.value(value);
        let ident = Ident::new(&format!("{}kept_{}_", of.ident, self.program.values.len()), of.ident.span());
        let exported = Value { ident, class: of.class, active: false, region: around };
        self.program.values.push(exported);
        let id = ValueId(self.program.values.len() - 1);
        self.exported.entry(branch).or_default().push((value, id));
        id
    }
}

/// Adds what branches export to their results; the other branch gives 0.
fn give_exports(region: &mut Region, exported: &BTreeMap<RegionId, Vec<(ValueId, ValueId)>>) {
    for statement in &mut region.statements {
        match &mut statement.kind {
            StatementKind::If { then, otherwise, outs, .. } => {
                let zero = || Atom::Literal(quote!(0.0));
                for (value, name) in exported.get(&then.id).into_iter().flatten() {
                    outs.push(*name);
                    then.yields.push(Atom::Value(*value));
                    otherwise.yields.push(zero());
                }
                for (value, name) in exported.get(&otherwise.id).into_iter().flatten() {
                    outs.push(*name);
                    then.yields.push(zero());
                    otherwise.yields.push(Atom::Value(*value));
                }
                give_exports(then, exported);
                give_exports(otherwise, exported);
            }
            StatementKind::Loop(repeat) => give_exports(&mut repeat.body, exported),
            _ => {}
        }
    }
}

/// Loops that only add up: no record to take back, and what they carry passes its adjoint on as it is. Their iterations can
/// be reversed in any order; forward is the one that is vectorised best.
fn find_forward(region: &Region, adjoint: &Adjoint, found: &mut BTreeSet<RegionId>) {
    for statement in &region.statements {
        match &statement.kind {
            StatementKind::If { then, otherwise, .. } => {
                find_forward(then, adjoint, found);
                find_forward(otherwise, adjoint, found);
            }
            StatementKind::Loop(repeat) => {
                if saves_nothing(&repeat.body, adjoint) && only_adds_up(repeat, adjoint) {
                    found.insert(repeat.body.id);
                }
                find_forward(&repeat.body, adjoint, found);
            }
            _ => {}
        }
    }
}

fn saves_nothing(region: &Region, adjoint: &Adjoint) -> bool {
    adjoint.saved.get(&region.id).is_none_or(Vec::is_empty)
        && region.statements.iter().all(|statement| match &statement.kind {
            StatementKind::If { then, otherwise, .. } => {
                saves_nothing(then, adjoint) && saves_nothing(otherwise, adjoint)
            }
            StatementKind::Loop(repeat) => saves_nothing(&repeat.body, adjoint),
            _ => true,
        })
}

fn only_adds_up(repeat: &Loop, adjoint: &Adjoint) -> bool {
    let program = &adjoint.program;
    repeat.carried.iter().zip(&repeat.body.yields).all(|(carried, next)| {
        let Some(next) = program.active(next) else { return !program.value(carried.inside).active };
        let mut reads = Vec::new();
        all_reads(&repeat.body, &mut reads);
        let adds = repeat.body.statements.iter().any(|statement| match &statement.kind {
            StatementKind::Operation { out, name: "add" | "sub", operands } => {
                *out == next && matches!(operands[0], Atom::Value(first) if first == carried.inside)
            }
            _ => false,
        });
        adds && reads.iter().filter(|read| **read == carried.inside).count() == 1
            && reads.iter().filter(|read| **read == next).count() == 1
    })
}

/// Everything that is read in a region, its yields included.
fn all_reads(region: &Region, reads: &mut Vec<ValueId>) {
    for statement in &region.statements {
        match &statement.kind {
            StatementKind::Operation { operands, .. } => {
                operands.iter().for_each(|operand| operand.read(reads));
            }
            StatementKind::Passive { template, .. } => template.read(reads),
            StatementKind::Load { place, .. } => place.read(reads),
            StatementKind::If { condition, then, otherwise, .. } => {
                condition.read(reads);
                all_reads(then, reads);
                all_reads(otherwise, reads);
            }
            StatementKind::Loop(repeat) => {
                repeat.iterator.read(reads);
                repeat.carried.iter().for_each(|carried| carried.start.read(reads));
                all_reads(&repeat.body, reads);
            }
        }
    }
    region.yields.iter().for_each(|atom| atom.read(reads));
}
