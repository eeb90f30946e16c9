//! Neighbours: a reverse loop that adds to elements beside each other, `a[i]` and `a[i + 1]`, adds to each of them once. What
//! an iteration contributes to an element of a later iteration is carried to it as a value. Otherwise each iteration reads what
//! the one before it has just written, and a processor waits for that.
//!
//! Callahan, Carr and Kennedy, *Improving register allocation for subscripted variables* (1990).

mod indices;

use crate::ir::{
    Amount, Atom, Carried, Class, Expression, HostExpression, Loop, Order, Piece, Place, Program, Region,
    RegionId, Statement, StatementKind, Step, StorageId, StorageKind, Value, ValueId,
};
use gradus_ops::Op;
use indices::Indices;
use proc_macro2::{Ident, Literal, Span};
use quote::quote;
use std::collections::{BTreeMap, BTreeSet};

/// How far the elements of an iteration may stand from each other.
const MOST: usize = 4;

pub fn run(program: &mut Program) {
    let next = super::next_region(program);
    let Some(mut reverse) = program.reverse.take() else { return };
    let indices = Indices::of(program, &reverse.region);
    let mut rewriting = Rewriting { program, indices, next, names: 0 };
    reverse.region.each_region_mut(&mut |region| {
        for mut statement in std::mem::take(&mut region.statements) {
            let span = statement.span;
            let after = if let StatementKind::Loop(repeat) = &mut statement.kind {
                rewriting.repeat(repeat, region.id, span)
            } else {
                Vec::new()
            };
            region.statements.push(statement);
            region.statements.extend(after);
        }
    });
    program.reverse = Some(reverse);
}

struct Rewriting<'p> {
    program: &'p mut Program,
    indices: Indices,
    next: RegionId,
    /// How many values have been named.
    names: usize,
}

/// The elements of a storage to which an iteration adds.
struct Group {
    storage: StorageId,
    /// The statements that add, each with the number of iterations that follow and may add to the same element.
    additions: Vec<(usize, usize)>,
    /// The most of these.
    width: usize,
    /// The least distance of an element from the number of the iteration.
    least: i64,
}

/// The integers that a loop runs over, and whether it begins with the last.
struct Bounds {
    start: Atom,
    end: Atom,
    backward: bool,
}

impl Bounds {
    fn of(repeat: &Loop) -> Option<Bounds> {
        let backward = match repeat.order {
            Order::Forward => false,
            Order::Backward { trips: None, .. } => true,
            Order::Backward { trips: Some(_), .. } => return None,
        };
        let is_whole = repeat.items.is_none() && repeat.test.is_none() && repeat.until.is_none();
        let pieces = &repeat.iterator.as_ref().filter(|_| is_whole)?.pieces;
        match pieces.as_slice() {
            [Piece::Below(end)] => Some(Bounds { start: Atom::zero_count(), end: end.clone(), backward }),
            [Piece::Atom(start), Piece::Tokens(dots), Piece::Atom(end)] if dots.to_string() == ".." => {
                Some(Bounds { start: start.clone(), end: end.clone(), backward })
            }
            _ => None,
        }
    }

    /// The bound that the loop reaches at its end.
    fn reached(&self) -> &Atom {
        if self.backward { &self.start } else { &self.end }
    }
}

impl Rewriting<'_> {
    /// Changes a loop. Returns what comes after it.
    fn repeat(&mut self, repeat: &mut Loop, region: RegionId, span: Span) -> Vec<Statement> {
        let Some(bounds) = Bounds::of(repeat) else { return Vec::new() };
        let groups = self.groups(repeat, &bounds);
        if groups.is_empty() {
            return Vec::new();
        }
        let mut left = Vec::new();
        for group in groups {
            left.extend(self.carry(repeat, &group, region, &bounds, span));
        }
        let any = self.value("any", Class::Scalar, region);
        let pieces =
            vec![Piece::Atom(bounds.start), Piece::Tokens(quote!(<)), Piece::Atom(bounds.end.clone())];
        let test = StatementKind::Passive { out: Some(any), host: host(pieces) };
        let [then, otherwise] = [left, Vec::new()].map(|statements| {
            let id = self.next;
            self.next.0 += 1;
            Region { id, statements, yields: Vec::new() }
        });
        let branch = StatementKind::If { condition: Atom::Value(any), then, otherwise, outs: Vec::new() };
        vec![Statement { kind: test, span }, Statement { kind: branch, span }]
    }

    /// The storages to which the body of a loop does nothing but add at neighbouring elements.
    fn groups(&self, repeat: &Loop, bounds: &Bounds) -> Vec<Group> {
        let mut additions: BTreeMap<StorageId, Vec<(usize, i64)>> = BTreeMap::new();
        let mut touched = BTreeSet::new();
        for (at, statement) in repeat.body.statements.iter().enumerate() {
            let mut looks = Vec::new();
            statement.kind.look_at(&mut looks);
            for region in statement.kind.regions() {
                region.each(&mut |_, statement| statement.kind.look_at(&mut looks));
            }
            if let Some((storage, distance)) = self.addition(&statement.kind, repeat.index) {
                additions.entry(storage).or_default().push((at, distance));
                if let Some(own) = looks.iter().position(|look| *look == storage) {
                    looks.swap_remove(own);
                }
            }
            touched.extend(looks);
        }
        additions.retain(|storage, _| !touched.contains(storage));
        let groups = additions
            .into_iter()
            .filter_map(|(storage, additions)| Group::of(storage, &additions, bounds.backward));
        groups.filter(|group| self.indices.is_index(bounds.reached(), group.least, repeat.index)).collect()
    }

    /// The storage and the distance of an element to which a statement adds a number.
    fn addition(&self, kind: &StatementKind, index: ValueId) -> Option<(StorageId, i64)> {
        let StatementKind::Accumulate { place, amount: Amount::Number(_) } = kind else { return None };
        match self.program.storage(place.storage).kind {
            StorageKind::Adjoint { .. } | StorageKind::Buffer { number: false } => {
                Some((place.storage, self.indices.distance(self.program, place, index)?))
            }
            StorageKind::Buffer { number: true }
            | StorageKind::Parameter { .. }
            | StorageKind::Local { .. }
            | StorageKind::Seed => None,
        }
    }

    /// Carries what is added to an element until the last addition to it. Returns the additions that are left after the loop.
    fn carry(
        &mut self,
        repeat: &mut Loop,
        group: &Group,
        region: RegionId,
        bounds: &Bounds,
        span: Span,
    ) -> Vec<Statement> {
        let stem = self.program.stem(&self.program.storage(group.storage).ident);
        let [later, sum, rest] = ["later", "sum", "left"].map(|word| format!("{stem}_{word}"));
        let body = &mut repeat.body;
        let mut sums: Vec<Option<Atom>> = Vec::new();
        let mut left = Vec::new();
        for steps in 0..group.width {
            let inside = self.value(&later, Class::Float, body.id);
            let after = self.value(&rest, Class::Float, region);
            repeat.carried.push(Carried { start: Atom::number(-0.0), inside, after });
            sums.push(Some(Atom::Value(inside)));
            left.push(group.rest(bounds, steps, after, span));
        }
        sums.push(None);
        let mut first = None;
        for (at, steps) in &group.additions {
            let Statement { kind, span } = body.statements[*at].clone();
            let StatementKind::Accumulate { place, amount: Amount::Number(amount) } = kind else { continue };
            if *steps == 0 {
                first = Some((place, span));
            }
            let out = self.value(&sum, Class::Float, body.id);
            let expression = match sums[*steps].replace(Atom::Value(out)) {
                Some(before) => Expression::Operation(Op::Add, vec![Expression::Atom(before), amount]),
                None => amount,
            };
            body.statements[*at].kind = StatementKind::Compute { out, expression };
        }
        let mut sums = sums.into_iter().flatten();
        if let (Some((place, span)), Some(sum)) = (first, sums.next()) {
            let amount = Amount::Number(Expression::Atom(sum));
            body.statements.push(Statement { kind: StatementKind::Accumulate { place, amount }, span });
        }
        body.yields.extend(sums);
        left
    }

    fn value(&mut self, name: &str, class: Class, region: RegionId) -> ValueId {
        self.names += 1;
        let ident = Ident::new(&format!("{name}{}_", self.names), Span::mixed_site());
        let value =
            Value { ident, class, active: false, region, recordable: false, declared: None, pattern: None };
        self.program.values.push(value);
        ValueId(self.program.values.len() - 1)
    }
}

impl Group {
    fn of(storage: StorageId, additions: &[(usize, i64)], backward: bool) -> Option<Group> {
        let distances = additions.iter().map(|(_, distance)| *distance);
        let (least, most) = (distances.clone().min()?, distances.max()?);
        let width = usize::try_from(most - least).ok().filter(|width| (1..=MOST).contains(width))?;
        let steps =
            |distance: i64| usize::try_from(if backward { most - distance } else { distance - least }).ok();
        let additions: Option<_> =
            additions.iter().map(|(at, distance)| Some((*at, steps(*distance)?))).collect();
        Some(Group { storage, additions: additions?, width, least })
    }

    /// Adds what is left after the loop to an element: that which an iteration more would add to after so many others.
    fn rest(&self, bounds: &Bounds, steps: usize, amount: ValueId, span: Span) -> Statement {
        let steps = if bounds.backward { self.width - 1 - steps } else { steps };
        let mut pieces = vec![Piece::Atom(bounds.reached().clone())];
        let plus = self.least + i64::try_from(steps).expect("a few");
        let distance = Literal::u64_unsuffixed(plus.unsigned_abs());
        if plus != 0 {
            pieces.push(Piece::Tokens(if plus > 0 { quote!(+ #distance) } else { quote!(- #distance) }));
        }
        let place = Place { storage: self.storage, steps: vec![Step::Index(host(pieces))], span };
        let amount = Amount::Number(Expression::Atom(Atom::Value(amount)));
        Statement { kind: StatementKind::Accumulate { place, amount }, span }
    }
}

fn host(pieces: Vec<Piece>) -> HostExpression {
    HostExpression { pieces, names: Vec::new(), pure: true, span: None }
}
