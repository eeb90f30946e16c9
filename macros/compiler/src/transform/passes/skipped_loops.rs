//! A reverse loop of which every contribution counts under one condition from outside runs only where the condition holds: at a
//! unit of a network that is off, a whole row of weights is skipped, and within the loop nothing is tested.

use crate::ir::{
    Amount, Atom, Expression, HostExpression, Program, Region, RegionId, Statement, StatementKind, Test,
    ValueId,
};
use std::collections::{HashMap, HashSet};

pub fn run(program: &mut Program) {
    let mut next = super::next_region(program);
    let Some(reverse) = &mut program.reverse else { return };
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
    let mut guards = Guards::default();
    guards.made.insert(repeat.index);
    made_in(&repeat.body, &mut guards.made);
    if !guards.govern(&repeat.body) {
        return;
    }
    let Some((condition, holds)) = guards.condition else { return };
    release(&mut repeat.body, (condition, holds));
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

/// A condition, and whether it holds.
type Guard = (ValueId, bool);

/// Under which conditions numbers count. The others are −0, and add nothing.
#[derive(Default)]
struct Guards {
    /// What the loop makes itself.
    made: HashSet<ValueId>,
    /// For numbers of the loop, the conditions from outside without which they are −0; for its tests, those without which they fail.
    known: HashMap<ValueId, Vec<Guard>>,
    /// The one under which everything counts that was found so far.
    condition: Option<Guard>,
}

impl Guards {
    /// Whether everything that a region leaves behind is added under one condition, which nothing within makes.
    fn govern(&mut self, region: &Region) -> bool {
        region.statements.iter().all(|statement| match &statement.kind {
            StatementKind::Compute { out, expression } => {
                self.known.insert(*out, self.of_expression(expression));
                true
            }
            StatementKind::Test { out, test } => {
                self.known.insert(*out, self.of_test(test));
                true
            }
            StatementKind::Operation { .. }
            | StatementKind::Load { .. }
            | StatementKind::Passive { out: Some(_), .. }
            | StatementKind::Choose { .. }
            | StatementKind::Sum { .. } => true,
            StatementKind::Accumulate { amount: Amount::Number(amount), .. } => {
                let guards = self.of_expression(amount);
                let Some(first) = guards.first() else { return false };
                guards.contains(self.condition.get_or_insert(*first))
            }
            StatementKind::Loop(repeat) => repeat.carried.is_empty() && self.govern(&repeat.body),
            StatementKind::Accumulate { amount: Amount::Storage(_) | Amount::Field { .. }, .. }
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

    /// The conditions without which a number is −0.
    fn of_expression(&self, expression: &Expression) -> Vec<Guard> {
        match expression {
            Expression::Where { condition, holds, then } => {
                let mut guards = self.of_condition(condition, *holds);
                guards.extend(self.of_expression(then));
                guards
            }
            Expression::Atom(Atom::Value(value)) => self.known.get(value).cloned().unwrap_or_default(),
            Expression::Atom(Atom::Literal(_))
            | Expression::Operation(..)
            | Expression::Partial { .. }
            | Expression::Second { .. }
            | Expression::Push { .. }
            | Expression::Choice { .. } => Vec::new(),
        }
    }

    /// The conditions without which a test fails.
    fn of_test(&self, test: &Test) -> Vec<Guard> {
        match test {
            Test::Atom { condition, holds } => self.of_condition(condition, *holds),
            Test::Reached(atom) => self.of_expression(&Expression::Atom(atom.clone())),
            Test::Both(a, b) => [a, b].into_iter().flat_map(|test| self.of_test(test)).collect(),
            Test::Nonzero(_) | Test::Taken(_) => Vec::new(),
        }
    }

    fn of_condition(&self, condition: &Atom, holds: bool) -> Vec<Guard> {
        match condition {
            Atom::Value(of) if !self.made.contains(of) => vec![(*of, holds)],
            Atom::Value(of) if holds => self.known.get(of).cloned().unwrap_or_default(),
            Atom::Value(_) | Atom::Literal(_) => Vec::new(),
        }
    }
}

/// Takes the condition off what counts under it.
fn release(region: &mut Region, guard: Guard) {
    region.each_region_mut(&mut |region| {
        for statement in &mut region.statements {
            if let StatementKind::Accumulate { amount: Amount::Number(expression), .. }
            | StatementKind::Compute { expression, .. } = &mut statement.kind
            {
                take_off(expression, guard);
            }
        }
    });
}

fn take_off(expression: &mut Expression, guard: Guard) {
    let Expression::Where { condition, holds, then } = expression else { return };
    take_off(then, guard);
    if matches!(condition, Atom::Value(of) if (*of, *holds) == guard) {
        *expression =
            std::mem::replace(&mut **then, Expression::Atom(Atom::Literal(crate::ir::Literal::Default)));
    }
}
