//! Branches so light that both are computed and one is chosen: a processor guesses wrong at a branch for the price of a dozen
//! multiplications.

use super::Adjoint;
use crate::ir::{Class, Piece, Region, RegionId, StatementKind, Template};
use gradus_ops::Cost;
use proc_macro2::{TokenStream, TokenTree};
use std::collections::BTreeSet;

/// The most operations that are computed for nothing.
const MOST: usize = 6;

/// The branches (both of an `if`) that are light: a few operations that cannot fail and leave nothing behind.
pub fn find(adjoint: &Adjoint) -> BTreeSet<RegionId> {
    let mut found = BTreeSet::new();
    find_in(&adjoint.program.body, adjoint, &mut found);
    found
}

fn find_in(region: &Region, adjoint: &Adjoint, found: &mut BTreeSet<RegionId>) {
    for statement in &region.statements {
        match &statement.kind {
            StatementKind::If { then, otherwise, outs, .. } => {
                let branches = [then, otherwise];
                let active = outs.iter().any(|out| adjoint.program.value(*out).active);
                if active && branches.iter().all(|branch| is_light(branch, adjoint)) {
                    found.extend(branches.map(|branch| branch.id));
                }
                branches.into_iter().for_each(|branch| find_in(branch, adjoint, found));
            }
            StatementKind::Loop(repeat) => find_in(&repeat.body, adjoint, found),
            _ => {}
        }
    }
}

fn is_light(branch: &Region, adjoint: &Adjoint) -> bool {
    branch.statements.len() <= MOST
        && !adjoint.exported.contains_key(&branch.id)
        && !adjoint.kept.contains_key(&branch.id)
        && branch.statements.iter().all(|statement| match &statement.kind {
            StatementKind::Operation { op, slope, .. } => slope.is_none() && op.cost() == Cost::Light,
            StatementKind::Passive { out: Some(out), template } => {
                adjoint.program.value(*out).class == Class::Float && is_harmless(template)
            }
            _ => false,
        })
}

/// Names, numbers and arithmetic on floats: nothing that can fail, or be noticed.
fn is_harmless(template: &Template) -> bool {
    template.pure
        && template.pieces.iter().all(|piece| match piece {
            Piece::Tokens(tokens) => is_arithmetic(tokens.clone()),
            Piece::Atom(_) => true,
            Piece::Template(inner) => is_harmless(inner),
            Piece::Place(_) | Piece::Index(_) | Piece::Braces(_) | Piece::Number(_) => false,
        })
}

fn is_arithmetic(tokens: TokenStream) -> bool {
    tokens.into_iter().all(|token| match token {
        TokenTree::Ident(_) | TokenTree::Literal(_) => true,
        TokenTree::Punct(punct) => "+-*/:".contains(punct.as_char()),
        TokenTree::Group(group) => {
            group.delimiter() == proc_macro2::Delimiter::Parenthesis
                && !group.stream().is_empty()
                && is_arithmetic(group.stream())
        }
    })
}
