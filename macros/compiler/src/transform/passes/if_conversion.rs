//! If-conversion: the branches of a light `if` are both computed, and one of the results is chosen. A processor mispredicts a
//! branch for the price of a dozen multiplications.
//!
//! Allen, Kennedy, Porterfield and Warren, *Conversion of control dependence to data dependence* (1983).

use crate::ir::{Class, HostExpression, Piece, Program, Region, RegionId, Statement, StatementKind, ValueId};
use gradus_ops::Cost;
use proc_macro2::{TokenStream, TokenTree};

/// The most operations of a branch that may be computed for nothing.
const MOST: usize = 6;

pub fn run(program: &mut Program) {
    let mut moved = Vec::new();
    let mut body = std::mem::replace(
        &mut program.body,
        Region { id: RegionId(0), statements: Vec::new(), yields: Vec::new() },
    );
    body.each_region_mut(&mut |region| convert(region, program, &mut moved));
    program.body = body;
    for (value, region) in moved {
        program.values[value.0].region = region;
    }
}

fn convert(region: &mut Region, program: &Program, moved: &mut Vec<(ValueId, RegionId)>) {
    let statements = std::mem::take(&mut region.statements);
    for mut statement in statements {
        let span = statement.span;
        let StatementKind::If { condition, then, otherwise, outs } = &mut statement.kind else {
            region.statements.push(statement);
            continue;
        };
        if !is_light(program, [then, otherwise], outs) {
            region.statements.push(statement);
            continue;
        }
        for statement in then.statements.drain(..).chain(otherwise.statements.drain(..)) {
            let mut made = Vec::new();
            statement.kind.makes(&mut made, &mut Vec::new());
            moved.extend(made.into_iter().map(|value| (value, region.id)));
            region.statements.push(statement);
        }
        let yields = then.yields.drain(..).zip(otherwise.yields.drain(..));
        for (out, (then, otherwise)) in outs.iter().zip(yields) {
            let kind = StatementKind::Choose { out: *out, condition: condition.clone(), then, otherwise };
            region.statements.push(Statement { kind, span });
        }
    }
}

/// Whether branches have a few operations that cannot fail and leave nothing behind.
fn is_light(program: &Program, branches: [&Region; 2], outs: &[ValueId]) -> bool {
    outs.iter().any(|out| program.value(*out).active)
        && branches.iter().all(|branch| {
            branch.statements.len() <= MOST
                && branch.statements.iter().all(|statement| match &statement.kind {
                    StatementKind::Operation { op, .. } => op.cost() == Cost::Light,
                    StatementKind::Passive { out: Some(out), host } => {
                        program.value(*out).class == Class::Float && is_harmless(host)
                    }
                    StatementKind::Choose { .. } => true,
                    StatementKind::Passive { out: None, .. }
                    | StatementKind::Load { .. }
                    | StatementKind::New { .. }
                    | StatementKind::Store { .. }
                    | StatementKind::Copy { .. }
                    | StatementKind::Swap { .. }
                    | StatementKind::Change { .. }
                    | StatementKind::Call(_)
                    | StatementKind::If { .. }
                    | StatementKind::Loop(_)
                    | StatementKind::Compute { .. }
                    | StatementKind::Test { .. }
                    | StatementKind::Accumulate { .. }
                    | StatementKind::Take { .. }
                    | StatementKind::Sum { .. }
                    | StatementKind::Record(_)
                    | StatementKind::Replay(_)
                    | StatementKind::CallReverse(_) => false,
                })
        })
}

/// Names, numbers and arithmetic on floats: nothing that can fail, or be noticed.
fn is_harmless(host: &HostExpression) -> bool {
    host.pure
        && host.pieces.iter().all(|piece| match piece {
            Piece::Tokens(tokens) => is_arithmetic(tokens.clone()),
            Piece::Atom(_) => true,
            Piece::HostExpression(inner) => is_harmless(inner),
            Piece::Place(_) | Piece::Index(_) | Piece::Below(_) | Piece::Braces(_) | Piece::Number(_) => {
                false
            }
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
