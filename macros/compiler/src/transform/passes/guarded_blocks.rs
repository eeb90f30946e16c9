//! Contributions that follow each other and count under one condition, whether an adjoint is reached, stand in one branch: the
//! processor predicts it, since most often everything is reached, and nothing is selected.

use crate::ir::{
    Amount, Atom, Expression, Program, Region, RegionId, Statement, StatementKind, Test, ValueId,
};
use std::collections::{HashMap, HashSet};

pub fn run(program: &mut Program) {
    let (mut reads, mut next) = (Vec::new(), super::next_region(program));
    let Some(reverse) = &mut program.reverse else { return };
    reverse.region.all_reads(&mut reads);
    let mut counts = HashMap::new();
    reads.into_iter().for_each(|read| *counts.entry(read).or_insert(0) += 1);
    let mut reached = HashSet::new();
    reverse.region.each(&mut |_, statement| {
        if let StatementKind::Test { out, test: Test::Reached(_) } = statement.kind {
            reached.insert(out);
        }
    });
    let mut moved = Vec::new();
    reverse.region.each_region_mut(&mut |region| group(region, &reached, &counts, &mut next, &mut moved));
    for (value, region) in moved {
        program.values[value.0].region = region;
    }
}

/// Puts the runs of a region into branches.
fn group(
    region: &mut Region,
    reached: &HashSet<ValueId>,
    counts: &HashMap<ValueId, usize>,
    next: &mut RegionId,
    moved: &mut Vec<(ValueId, RegionId)>,
) {
    let mut grouped: Vec<Statement> = Vec::new();
    let mut statements = std::mem::take(&mut region.statements).into_iter().peekable();
    while let Some(statement) = statements.next() {
        let Some(condition) = guard(&statement).filter(|condition| reached.contains(condition)) else {
            grouped.push(statement);
            continue;
        };
        let mut run = vec![statement];
        // What is computed in between may come along if nothing else reads it.
        let mut between = Vec::new();
        while let Some(following) = statements.peek() {
            if guard(following) == Some(condition) {
                run.append(&mut between);
                run.extend(statements.next());
            } else if matches!(following.kind, StatementKind::Compute { .. }) {
                between.extend(statements.next());
            } else {
                break;
            }
        }
        let (inside, before) = settled(run, counts);
        grouped.extend(before);
        let mut made = Vec::new();
        inside.iter().for_each(|statement| statement.kind.makes(&mut made, &mut Vec::new()));
        moved.extend(made.into_iter().map(|value| (value, *next)));
        grouped.push(branch(condition, inside, next));
        grouped.append(&mut between);
    }
    region.statements = grouped;
}

/// The condition under which a statement adds to an adjoint.
fn guard(statement: &Statement) -> Option<ValueId> {
    if let StatementKind::Accumulate { amount: Amount::Number(amount), .. } = &statement.kind
        && let Expression::Where { condition: Atom::Value(condition), holds: true, .. } = amount
    {
        return Some(*condition);
    }
    None
}

/// The statements that stay in the run, and those before it: numbers that others read too.
fn settled(run: Vec<Statement>, counts: &HashMap<ValueId, usize>) -> (Vec<Statement>, Vec<Statement>) {
    let mut within: HashMap<ValueId, usize> = HashMap::new();
    let mut reads = Vec::new();
    run.iter().for_each(|statement| statement.kind.read(&mut reads));
    reads.into_iter().for_each(|read| *within.entry(read).or_default() += 1);
    let stays = |statement: &Statement| {
        let mut made = Vec::new();
        statement.kind.makes(&mut made, &mut Vec::new());
        made.iter().all(|value| within.get(value) == counts.get(value))
    };
    // What a number that leaves the run reads must leave it too: then all numbers do.
    if run.iter().all(stays) {
        return (run, Vec::new());
    }
    run.into_iter().partition(|statement| !matches!(statement.kind, StatementKind::Compute { .. }))
}

fn branch(condition: ValueId, mut inside: Vec<Statement>, next: &mut RegionId) -> Statement {
    for statement in &mut inside {
        if let StatementKind::Accumulate { amount: Amount::Number(amount), .. } = &mut statement.kind
            && let Expression::Where { then, .. } = amount
        {
            *amount =
                std::mem::replace(&mut **then, Expression::Atom(Atom::Literal(crate::ir::Literal::Default)));
        }
    }
    let span = inside[0].span;
    let mut region = |statements| {
        let id = *next;
        next.0 += 1;
        Region { id, statements, yields: Vec::new() }
    };
    let (then, otherwise) = (region(inside), region(Vec::new()));
    let condition = Atom::Value(condition);
    Statement { kind: StatementKind::If { condition, then, otherwise, outs: Vec::new() }, span }
}
