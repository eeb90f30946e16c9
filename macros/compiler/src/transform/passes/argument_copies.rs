//! A storage that goes to a callee and changes later is copied for the callee: its reverse half is given the same argument again.

use crate::ir::{
    Argument, Init, Place, Program, Region, Statement, StatementKind, Storage, StorageId, StorageKind,
};
use crate::transform::clobber::{Clobbers, Point};
use proc_macro2::{Ident, Span};
use quote::quote;
use std::collections::HashSet;

pub fn run(program: &mut Program) {
    let changing = changing(program);
    if changing.is_empty() {
        return;
    }
    let mut body = std::mem::replace(
        &mut program.body,
        Region { id: crate::ir::RegionId(0), statements: Vec::new(), yields: Vec::new() },
    );
    let mut at = 0;
    copy_in(&mut body, program, &changing, &mut at);
    program.body = body;
}

/// The calls, and for each the positions of arguments that change later.
fn changing(program: &Program) -> HashSet<(Point, usize)> {
    let mut found = HashSet::new();
    let mut clobbers = None;
    let mut at = 0;
    program.body.each(&mut |_, statement| {
        if let StatementKind::Call(call) = &statement.kind {
            for (position, argument) in call.arguments.iter().enumerate() {
                let Argument::Place { place, .. } = argument else { continue };
                let clobbers = clobbers.get_or_insert_with(|| Clobbers::of(program));
                let storage = place.storage;
                if !clobbers.keeps_elements(storage, at) || !clobbers.keeps_length(storage, at) {
                    found.insert((at, position));
                }
            }
        }
        at += 1;
    });
    found
}

/// Walks in the order of [`Region::each`].
fn copy_in(region: &mut Region, program: &mut Program, changing: &HashSet<(Point, usize)>, at: &mut Point) {
    let id = region.id;
    let statements = std::mem::take(&mut region.statements);
    for mut statement in statements {
        let here = *at;
        *at += 1;
        if let StatementKind::Call(call) = &mut statement.kind {
            for (position, argument) in call.arguments.iter_mut().enumerate() {
                if let Argument::Place { place, .. } = argument
                    && changing.contains(&(here, position))
                {
                    let kind = copied(place, id, program);
                    region.statements.push(Statement { kind, span: statement.span });
                }
            }
        }
        for inner in statement.kind.regions_mut() {
            copy_in(inner, program, changing, at);
        }
        region.statements.push(statement);
    }
}

/// Makes a copy of a place, and lets the place be the copy.
fn copied(place: &mut Place, region: crate::ir::RegionId, program: &mut Program) -> StatementKind {
    let whole = place.steps.is_empty();
    let method = if whole { quote!(.clone()) } else { quote!(.to_owned()) };
    let fixed = whole && program.storage(place.storage).local().is_some_and(|(_, fixed)| fixed);
    let storage = StorageId(program.storages.len());
    // No name that lowering gives ends in a number without an underscore before it.
    let ident = Ident::new(&format!("copy{}_", storage.0), Span::mixed_site());
    let kind = StorageKind::Local { region, fixed };
    program.storages.push(Storage { ident, kind, declared: None });
    let copy = Place { storage, steps: Vec::new(), span: place.span };
    let init = Init::Copy { place: std::mem::replace(place, copy), method };
    StatementKind::New { storage, init }
}
