//! The reverse loop goes into the forward loop, and what it reads before it.

use super::Plan;
use crate::ir::{
    Amount, HostExpression, Init, Loop, Place, Program, Region, RegionId, Reverse, Shape, Statement,
    StatementKind, Storage, StorageId, StorageKind,
};
use proc_macro2::{Ident, Span};
use std::collections::HashMap;

impl Plan {
    /// `own` has the storages for gradients of the loops that follow in the forward sweep.
    pub fn carry_out(
        self,
        program: &mut Program,
        reverse: &mut Reverse,
        own: &mut HashMap<StorageId, StorageId>,
    ) {
        let Plan { loops, moved: places, buffers } = self;
        let span = reverse.region.statements[loops.reverse].span;
        let mut backward = take_loop(&mut reverse.region.statements[loops.reverse]);
        // What an iteration computes is still there.
        let known = reverse.restored.insert(backward.body.id, 0).unwrap_or_default();
        backward.body.statements.drain(..known);
        let mut moved = Vec::new();
        for at in &places.forward {
            moved.push(std::mem::replace(&mut program.body.statements[*at], nothing(span)));
        }
        for (at, statement) in reverse.region.statements.iter_mut().enumerate() {
            if places.reverse.contains(&at) {
                moved.push(std::mem::replace(statement, nothing(span)));
            }
        }
        let mut after = Vec::new();
        for (buffer, parameter) in buffers {
            let whole = |storage| Place { storage, steps: Vec::new(), span };
            let known = own.get(&buffer).copied();
            let sum = known.unwrap_or_else(|| own_storage(program, buffer));
            redirect(&mut backward.body, buffer, sum);
            if known.is_some() {
                // This loop is the earlier one.
                program.body.statements.iter_mut().for_each(|statement| forget(statement, sum));
            } else {
                own.insert(buffer, sum);
                let kind =
                    StatementKind::Accumulate { place: whole(buffer), amount: Amount::Storage(whole(sum)) };
                after.push(Statement { kind, span });
            }
            let init = Init::Unreached(Shape::Like(whole(parameter)));
            moved.push(Statement { kind: StatementKind::New { storage: sum, init }, span });
        }
        moved.iter().for_each(|statement| belongs_to_body(program, &statement.kind));
        reverse.region.statements.splice(loops.reverse..=loops.reverse, after);
        let restored = reverse.restored.entry(reverse.region.id).or_default();
        *restored -= places.reverse.iter().filter(|at| **at < *restored).count();
        reverse.region.statements.retain(|statement| !is_nothing(&statement.kind));
        if let StatementKind::Loop(forward) = &mut program.body.statements[loops.forward].kind {
            forward.body.statements.retain(|statement| !matches!(statement.kind, StatementKind::Record(_)));
            forward.fused = Some(backward.body);
        }
        // All that is taken away stands after the loop.
        program.body.statements.splice(loops.forward..loops.forward, moved);
        program.body.statements.retain(|statement| !is_nothing(&statement.kind));
    }
}

fn nothing(span: Span) -> Statement {
    Statement { kind: StatementKind::Passive { out: None, host: HostExpression::default() }, span }
}

/// Takes away the statement that makes a storage.
fn forget(statement: &mut Statement, storage: StorageId) {
    if matches!(statement.kind, StatementKind::New { storage: made, .. } if made == storage) {
        *statement = nothing(statement.span);
    }
}

fn is_nothing(kind: &StatementKind) -> bool {
    matches!(kind, StatementKind::Passive { out: None, host } if host.pieces.is_empty())
}

fn take_loop(statement: &mut Statement) -> Loop {
    let span = statement.span;
    let StatementKind::Loop(repeat) = std::mem::replace(statement, nothing(span)).kind else {
        unreachable!("the statement is a loop");
    };
    *repeat
}

/// A storage for the gradient of a parameter, for which there is a buffer.
fn own_storage(program: &mut Program, buffer: StorageId) -> StorageId {
    let name = format!("{}_sum_", program.stem(&program.storage(buffer).ident));
    let ident = Ident::new(&name, Span::mixed_site());
    program.storages.push(Storage {
        ident,
        kind: StorageKind::Adjoint { region: RegionId(0) },
        declared: None,
    });
    StorageId(program.storages.len() - 1)
}

/// What is added to a buffer is added to another storage.
fn redirect(region: &mut Region, from: StorageId, to: StorageId) {
    region.each_region_mut(&mut |region| {
        for statement in &mut region.statements {
            if let StatementKind::Accumulate { place, .. } = &mut statement.kind
                && place.storage == from
            {
                place.storage = to;
            }
            if let StatementKind::CallReverse(call) = &mut statement.kind {
                let places = call.buffers.iter_mut().flatten();
                places.filter(|place| place.storage == from).for_each(|place| place.storage = to);
            }
        }
    });
}

/// What a statement makes, the body makes.
fn belongs_to_body(program: &mut Program, kind: &StatementKind) {
    let (mut values, mut storages) = (Vec::new(), Vec::new());
    kind.makes(&mut values, &mut storages);
    for value in values {
        program.values[value.0].region = RegionId(0);
    }
    for storage in storages {
        program.storages[storage.0].kind = StorageKind::Adjoint { region: RegionId(0) };
    }
}
