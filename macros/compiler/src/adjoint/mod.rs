//! What the reverse sweep needs, and where it gets it from.
//!
//! A value of the function's body is still there when the reverse sweep runs. One of a loop's body is not: it is computed
//! *again* if that is cheap and what it reads is at hand, else it is *saved* at the end of the iteration, in one record an
//! iteration. One of a branch is computed again, or *exported*: it becomes a further result of the branch, and so a
//! value of the region around.
//!
//! Nothing restores a memory that is changed in place. What was loaded from it is loaded again if the memory still has it at
//! its end (`history` tells), else the loaded number is saved like any other. A memory that is made within a loop or branch
//! and looked at again is saved whole where that ends.

mod forward;
mod history;
mod light;
mod live;
mod print;
mod survey;

use crate::ir::Atom;
use crate::ir::{Class, Loop, MemoryId, Program, Region, RegionId, StatementKind, Value, ValueId};
use crate::lower::Unsupported;
use crate::reasons::Reason;
use proc_macro2::Ident;
use quote::quote;
use std::collections::{BTreeMap, BTreeSet};
use survey::{Around, Origin, Survey};

/// A program, and how its reverse sweep gets what it reads.
pub struct Adjoint {
    pub program: Program,
    /// For each loop's body, what an iteration saves.
    pub saved: BTreeMap<RegionId, Vec<ValueId>>,
    /// For each loop's body and branch, the memories that are saved whole at its end.
    pub kept: BTreeMap<RegionId, Vec<MemoryId>>,
    /// Values computed again.
    pub again: BTreeSet<ValueId>,
    /// For each branch, its values that the region around holds under another name.
    pub exported: BTreeMap<RegionId, Vec<(ValueId, ValueId)>>,
    /// Loops over an iterator of the user's that runs a second time in the reverse sweep.
    pub replayed: BTreeSet<RegionId>,
    /// Loops whose iterations may be reversed in forward order.
    pub forward: BTreeSet<RegionId>,
    /// Loops within loops that are left out where no derivative arrives.
    pub quiet: BTreeSet<RegionId>,
    pub passes: Passes,
    /// Branches that are both computed, and one is chosen.
    pub light: BTreeSet<RegionId>,
    /// Whether the sweeps are two halves, with the frame and the arguments alone between them.
    pub in_halves: bool,
}

/// The passes that make the code faster and change nothing of what it computes. Tests switch them off one by one.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[allow(clippy::struct_excessive_bools, reason = "each is a switch of its own")]
pub struct Passes {
    /// Adjoints begin at −0: −0 + x is x to the last bit, so that the compiler drops the addition.
    pub negative_zeros: bool,
    /// Quotients are kept off the chain of adjoints: times 1/b rather than divided by b.
    pub divisions_apart: bool,
    /// Loops that only add up are reversed in forward order.
    pub forward_order: bool,
    /// Light branches are both computed.
    pub light_branches: bool,
    /// Loops within loops are left out where no derivative arrives: at units of a network that are off.
    pub quiet_loops: bool,
}

impl Passes {
    pub const ALL: Passes = Passes {
        negative_zeros: true,
        divisions_apart: true,
        forward_order: true,
        light_branches: true,
        quiet_loops: true,
    };
}

/// How many exports a function may have: a value that is `n` branches deep is exported from each of them.
const EXPORTS: usize = 4000;

/// Plans the reverse sweep: right after the forward sweep, where the values of the body are still there, or in a half of its
/// own.
pub fn adjoint(program: Program, in_halves: bool, passes: Passes) -> Result<Adjoint, Unsupported> {
    let mut program = program;
    live::drop_dead(&mut program);
    let survey = Survey::of(&program)?;
    let Survey { regions, mut origins, mut needed, looked, .. } = survey;
    let mut adjoint = Adjoint {
        program,
        saved: BTreeMap::new(),
        kept: BTreeMap::new(),
        again: BTreeSet::new(),
        exported: BTreeMap::new(),
        replayed: BTreeSet::new(),
        forward: BTreeSet::new(),
        light: BTreeSet::new(),
        quiet: BTreeSet::new(),
        passes,
        in_halves,
    };
    if in_halves {
        // The seed of a result that is a part of a memory is found by its indices.
        adjoint.program.outcome.places(&mut needed);
    }
    looked.into_iter().for_each(|memory| adjoint.keep(memory));
    for memory in (0..adjoint.program.memories.len()).map(MemoryId) {
        adjoint.keep_shape(memory);
    }
    let (mut seen, mut exports) = (BTreeSet::new(), 0);
    while let Some(value) = needed.pop() {
        let region = adjoint.program.value(value).region;
        if adjoint.stays(region) || !seen.insert(value) {
            continue;
        }
        match origins.get(&value) {
            Some(Origin::Again { reads, looks }) => {
                adjoint.again.insert(value);
                needed.extend(reads);
                looks.clone().into_iter().for_each(|memory| adjoint.keep(memory));
            }
            Some(Origin::Item { body, reads, looks }) => {
                adjoint.replayed.insert(*body);
                needed.extend(reads);
                looks.clone().into_iter().for_each(|memory| adjoint.keep(memory));
            }
            Some(Origin::Kept(span)) => {
                let span = *span;
                if adjoint.program.value(value).class == Class::Data {
                    let name = adjoint.program.value(value).ident.to_string();
                    let reason = Reason::UsedData(name.trim_end_matches('_').to_owned());
                    return Err(Unsupported { reason, span });
                }
                match regions.get(&region) {
                    Some(Around::Branch(around)) => {
                        exports += 1;
                        if exports > EXPORTS {
                            return Err(Unsupported { reason: Reason::DeepValues, span });
                        }
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
    let Program { values, body, .. } = &mut adjoint.program;
    give_exports(body, values, &exported);
    if passes.forward_order {
        adjoint.forward = forward::find(&adjoint);
    }
    if passes.quiet_loops && passes.negative_zeros {
        adjoint.quiet = forward::find_quiet(&adjoint);
    }
    if passes.light_branches {
        adjoint.light = light::find(&adjoint);
    }
    Ok(adjoint)
}

/// Whether a sequence that a callee is given changes afterwards, so that its reverse half would be given another.
pub fn changes_arguments(program: &Program) -> bool {
    matches!(Survey::of(program), Err(Unsupported { reason: Reason::ChangedArgument, .. }))
}

/// Whether the reverse sweep has anything to do in a region.
pub fn is_active(program: &Program, region: &Region) -> bool {
    region.statements.iter().any(|statement| match &statement.kind {
        StatementKind::Operation { out, .. } | StatementKind::Load { out, .. } => program.value(*out).active,
        StatementKind::New { .. }
        | StatementKind::Store { .. }
        | StatementKind::Copy { .. }
        | StatementKind::Swap { .. }
        | StatementKind::Change { .. }
        | StatementKind::Call(_) => true,
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
    repeat.carried.iter().any(|carried| program.value(carried.inside).active)
        || is_active(program, &repeat.body)
}

impl Adjoint {
    /// Whether what a region computes is still there when the reverse sweep runs.
    pub fn stays(&self, region: RegionId) -> bool {
        region == RegionId(0) && !self.in_halves
    }

    /// Keeps a memory that the reverse sweep looks at.
    fn keep(&mut self, memory: MemoryId) {
        if let Some((region, _)) = self.program.memory(memory).local() {
            self.keep_in(memory, region);
        }
    }

    /// Keeps a memory if nothing else tells the shape of its adjoint.
    fn keep_shape(&mut self, memory: MemoryId) {
        if let Some((region, false)) = self.program.memory(memory).local() {
            self.keep_in(memory, region);
        }
    }

    fn keep_in(&mut self, memory: MemoryId, region: RegionId) {
        if self.stays(region) {
            return;
        }
        let kept = self.kept.entry(region).or_default();
        if !kept.contains(&memory) {
            kept.push(memory);
        }
    }

    /// Whether the reverse sweep has a memory at hand, and so its shape.
    pub fn is_at_hand(&self, memory: MemoryId) -> bool {
        match self.program.memory(memory).local() {
            None => true,
            Some((region, _)) => {
                self.stays(region) || self.kept.get(&region).is_some_and(|kept| kept.contains(&memory))
            }
        }
    }

    /// Gives a value of a branch a name in the region around.
    fn export(&mut self, value: ValueId, branch: RegionId, around: RegionId) -> ValueId {
        let of = self.program.value(value);
        // A value that is exported from several branches gets this ending once.
        let name = of.ident.to_string();
        let name = name.split("kept_").next().unwrap_or_default();
        let ident = Ident::new(&format!("{name}kept_{}_", self.program.values.len()), of.ident.span());
        let exported =
            Value { ident, class: of.class, active: false, region: around, declared: None, pattern: None };
        self.program.values.push(exported);
        let id = ValueId(self.program.values.len() - 1);
        self.exported.entry(branch).or_default().push((value, id));
        id
    }
}

/// Adds what branches export to their results; the other branch gives 0.
fn give_exports(
    region: &mut Region,
    values: &[Value],
    exported: &BTreeMap<RegionId, Vec<(ValueId, ValueId)>>,
) {
    for statement in &mut region.statements {
        match &mut statement.kind {
            StatementKind::If { then, otherwise, outs, .. } => {
                // Rustc would infer the type of a `default()` from all the branches around, which takes long.
                let nothing = |value: &ValueId| {
                    Atom::Literal(match values[value.0].class {
                        Class::Float => quote!(0.0),
                        Class::Scalar | Class::Data => quote!(__gradus_std::default::Default::default()),
                    })
                };
                for (value, name) in exported.get(&then.id).into_iter().flatten() {
                    outs.push(*name);
                    then.yields.push(Atom::Value(*value));
                    otherwise.yields.push(nothing(value));
                }
                for (value, name) in exported.get(&otherwise.id).into_iter().flatten() {
                    outs.push(*name);
                    then.yields.push(nothing(value));
                    otherwise.yields.push(Atom::Value(*value));
                }
                give_exports(then, values, exported);
                give_exports(otherwise, values, exported);
            }
            StatementKind::Loop(repeat) => give_exports(&mut repeat.body, values, exported),
            _ => {}
        }
    }
}
