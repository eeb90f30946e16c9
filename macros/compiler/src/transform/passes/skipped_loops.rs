//! A reverse loop of which every contribution counts under one condition from outside runs only where the condition holds: at a
//! unit of a network that is off, a whole row of weights is skipped, and within the loop nothing is tested.

use crate::ir::{
    Amount, Atom, Expression, HostExpression, Program, Region, RegionId, Statement, StatementKind, ValueId,
};
use std::collections::HashSet;

pub fn run(program: &mut Program) {
    let Some(reverse) = &mut program.reverse else { return };
    let mut next = super::next_region(&reverse.region);
    reverse.region.each_region_mut(&mut |region| {
        for statement in &mut region.statements {
            skip(statement, &mut next);
        }
    });
}

fn skip(statement: &mut Statement, next: &mut RegionId) {
    let StatementKind::Loop(repeat) = &mut statement.kind else { return };
    if !repeat.carried.is_empty() {
        return;
    }
    let (mut made, mut condition) = (HashSet::new(), None);
    made.insert(repeat.index);
    made_in(&repeat.body, &mut made);
    if !counts_under(&repeat.body, &made, &mut condition) {
        return;
    }
    let Some((condition, holds)) = condition else { return };
    release(&mut repeat.body);
    let span = statement.span;
    let mut region = |statements| {
        let id = *next;
        next.0 += 1;
        Region { id, statements, yields: Vec::new() }
    };
    let skipped = std::mem::replace(
        &mut statement.kind,
        StatementKind::Passive { out: None, host: HostExpression::default() },
    );
    let (taken, other) = (region(vec![Statement { kind: skipped, span }]), region(Vec::new()));
    let (then, otherwise) = if holds { (taken, other) } else { (other, taken) };
    statement.kind =
        StatementKind::If { condition: Atom::Value(condition), then, otherwise, outs: Vec::new() };
}

fn made_in(region: &Region, made: &mut HashSet<ValueId>) {
    region.each(&mut |_, statement| {
        let mut values = Vec::new();
        statement.kind.makes(&mut values, &mut Vec::new());
        made.extend(values);
        if let StatementKind::Loop(repeat) = &statement.kind {
            made.insert(repeat.index);
        }
    });
}

/// Whether everything that a region leaves behind is added under one condition, which nothing within makes.
fn counts_under(region: &Region, made: &HashSet<ValueId>, condition: &mut Option<(ValueId, bool)>) -> bool {
    region.statements.iter().all(|statement| match &statement.kind {
        StatementKind::Operation { .. }
        | StatementKind::Load { .. }
        | StatementKind::Passive { out: Some(_), .. }
        | StatementKind::Compute { .. }
        | StatementKind::Choose { .. }
        | StatementKind::Test { .. }
        | StatementKind::Sum { .. } => true,
        StatementKind::Accumulate {
            amount: Amount::Number(Expression::Where { condition: Atom::Value(of), holds, .. }),
            ..
        } => !made.contains(of) && *condition.get_or_insert((*of, *holds)) == (*of, *holds),
        StatementKind::Loop(repeat) => {
            repeat.carried.is_empty() && counts_under(&repeat.body, made, condition)
        }
        StatementKind::Accumulate { .. }
        | StatementKind::Passive { out: None, .. }
        | StatementKind::New { .. }
        | StatementKind::If { .. }
        | StatementKind::Store { .. }
        | StatementKind::Copy { .. }
        | StatementKind::Swap { .. }
        | StatementKind::Change { .. }
        | StatementKind::Take { .. }
        | StatementKind::Call(_)
        | StatementKind::CallReverse(_)
        | StatementKind::Record(_)
        | StatementKind::Replay(_) => false,
    })
}

/// Takes the condition off what is added.
fn release(region: &mut Region) {
    region.each_region_mut(&mut |region| {
        for statement in &mut region.statements {
            if let StatementKind::Accumulate { amount: Amount::Number(amount), .. } = &mut statement.kind
                && let Expression::Where { then, .. } = amount
            {
                let then = std::mem::replace(
                    &mut **then,
                    Expression::Atom(Atom::Literal(crate::ir::Literal::Default)),
                );
                *amount = then;
            }
        }
    });
}
