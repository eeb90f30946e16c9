//! What statements may be moved before a loop, and what a loop may do that is fused.

use crate::ir::{
    Amount, Class, HostExpression, Named, Piece, Place, Program, Region, StatementKind, StorageId,
    StorageKind,
};
use proc_macro2::{Delimiter, TokenStream, TokenTree};
use std::collections::HashSet;

/// Whether a statement of the reverse sweep computes a value of nothing but values and what never changes.
pub fn may_go_before(program: &Program, kind: &StatementKind) -> bool {
    let mut looks = Vec::new();
    kind.look_at(&mut looks);
    let looks_at_constants =
        looks.iter().all(|storage| matches!(program.storage(*storage).kind, StorageKind::Parameter { .. }));
    looks_at_constants
        && match kind {
            StatementKind::Compute { .. }
            | StatementKind::Test { .. }
            | StatementKind::Operation { .. }
            | StatementKind::Load { .. }
            | StatementKind::Choose { .. } => true,
            StatementKind::Passive { out, host } => out.is_some() && host.pure,
            StatementKind::New { .. }
            | StatementKind::Store { .. }
            | StatementKind::Copy { .. }
            | StatementKind::Swap { .. }
            | StatementKind::Change { .. }
            | StatementKind::Call(_)
            | StatementKind::CallReverse(_)
            | StatementKind::If { .. }
            | StatementKind::Loop(_)
            | StatementKind::Accumulate { .. }
            | StatementKind::Take { .. }
            | StatementKind::Sum { .. }
            | StatementKind::Record(_)
            | StatementKind::Replay(_) => false,
        }
}

/// Whether a statement of the forward sweep computes a passive number, which it may do earlier: nothing in it can fail, and what
/// it reads never changes.
pub fn cannot_fail(program: &Program, kind: &StatementKind) -> bool {
    let StatementKind::Passive { out: Some(out), host } = kind else { return false };
    let mut looks = Vec::new();
    host.look_at(&mut looks);
    let is_constant =
        |storage: &StorageId| matches!(program.storage(*storage).kind, StorageKind::Parameter { .. });
    program.value(*out).class == Class::Float
        && !program.changing.contains(out)
        && host.pure
        && looks.iter().all(is_constant)
        && are_harmless(host)
}

fn are_harmless(host: &HostExpression) -> bool {
    host.pieces.iter().all(|piece| match piece {
        Piece::Tokens(tokens) => is_conversion(tokens.clone()),
        Piece::Atom(_) => true,
        Piece::Place(place) => place.steps.is_empty(),
        Piece::HostExpression(inner) => are_harmless(inner),
        Piece::Index(_) | Piece::Below(_) | Piece::Braces(_) | Piece::Number(_) => false,
    }) && host.names.iter().all(|name| match &name.stands_for {
        Named::Atom(..) => true,
        Named::Place(place) | Named::Copy(place) => place.steps.is_empty(),
    })
}

/// Names, lengths and conversions, and what a float is divided by: integers are not computed with, which may overflow, and no
/// method is called but `len`.
fn is_conversion(tokens: TokenStream) -> bool {
    let (mut after_float, mut after_dot) = (false, false);
    tokens.into_iter().all(|token| {
        let is_float = matches!(&token, TokenTree::Literal(literal) if literal.to_string().contains('.'));
        let is_dot = matches!(&token, TokenTree::Punct(punct) if punct.as_char() == '.');
        let computes = std::mem::replace(&mut after_float, is_float);
        let is_method = std::mem::replace(&mut after_dot, is_dot);
        match token {
            TokenTree::Ident(ident) => !is_method || ident == "len",
            TokenTree::Literal(_) => true,
            TokenTree::Punct(punct) => {
                ".:".contains(punct.as_char()) || (computes && "*/".contains(punct.as_char()))
            }
            TokenTree::Group(group) => {
                group.delimiter() == Delimiter::Parenthesis && is_conversion(group.stream())
            }
        }
    })
}

/// Whether a statement of the reverse loop changes nothing but what an iteration makes, and adds to adjoints.
pub fn touches_its_own(kind: &StatementKind, own: &HashSet<StorageId>, program: &Program) -> bool {
    let is_own = |place: &Place| own.contains(&place.storage);
    let reads_adjoint = |place: &Place| {
        !own.contains(&place.storage)
            && matches!(
                program.storage(place.storage).kind,
                StorageKind::Adjoint { .. } | StorageKind::Buffer { .. } | StorageKind::Seed
            )
    };
    match kind {
        StatementKind::Accumulate { amount: Amount::Storage(from) | Amount::Field { from, .. }, .. } => {
            !reads_adjoint(from)
        }
        StatementKind::Load { place, .. } | StatementKind::Sum { place, .. } => !reads_adjoint(place),
        StatementKind::Take { place, .. }
        | StatementKind::Store { place, .. }
        | StatementKind::Change { place, .. } => is_own(place),
        StatementKind::Copy { to, from } => is_own(to) && !reads_adjoint(from),
        StatementKind::Swap { a, b } => is_own(a) && is_own(b),
        StatementKind::Call(_) => false,
        StatementKind::Passive { out, host } => out.is_some() && host.pure,
        StatementKind::Accumulate { amount: Amount::Number(_), .. }
        | StatementKind::Operation { .. }
        | StatementKind::New { .. }
        | StatementKind::CallReverse(_)
        | StatementKind::If { .. }
        | StatementKind::Choose { .. }
        | StatementKind::Loop(_)
        | StatementKind::Compute { .. }
        | StatementKind::Test { .. }
        | StatementKind::Record(_)
        | StatementKind::Replay(_) => true,
    }
}

/// Whether a statement, with those within, does nothing to a storage but add to it.
pub fn only_adds_to(kind: &StatementKind, storage: StorageId) -> bool {
    let mut looks = Vec::new();
    kind.look_at(&mut looks);
    let adds = matches!(
        kind,
        StatementKind::Accumulate { place, amount: Amount::Number(_) } if place.storage == storage
    );
    let within = kind.regions();
    (adds || !looks.contains(&storage))
        && within
            .iter()
            .all(|region| region.statements.iter().all(|statement| only_adds_to(&statement.kind, storage)))
}

/// Whether an iteration does so much that a storage of its own for gradients costs little beside it.
pub fn does_much(body: &Region) -> bool {
    let mut found = false;
    body.each(&mut |_, statement| {
        found |= matches!(&statement.kind, StatementKind::Loop(_))
            || matches!(&statement.kind, StatementKind::Call(call) if call.in_halves);
    });
    found
}

/// Whether an iteration chooses between numbers somewhere, whatever it does besides, and records nothing. Fused, both sweeps
/// would choose by one condition in one iteration, and x86-64 code without extensions, which has no conditional moves of floats,
/// may branch on it.
pub fn only_chooses(body: &Region) -> bool {
    let (mut chooses, mut records) = (false, false);
    body.each(&mut |_, statement| {
        chooses |= matches!(statement.kind, StatementKind::Choose { .. });
        records |= matches!(statement.kind, StatementKind::Record(_));
    });
    chooses && !records
}
