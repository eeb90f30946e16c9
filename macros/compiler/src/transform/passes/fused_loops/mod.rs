//! Fused loops: a loop that carries nothing but sums is reversed iteration by iteration, each right after it ran, if the adjoint of
//! the sums is known before the loop begins: a loss over samples. What an iteration computes is still there then, so that nothing
//! is recorded for it, and the memory does not grow with the number of iterations.
//!
//! A panic leaves the caller's buffers untouched: within a fused loop gradients are added to a storage of its own, and to the
//! buffer when the forward sweep has ended. This is worth it where an iteration does more than a few operations.
//!
//! Hascoët, Fidanova and Held, *Adjoining independent computations* (2001): loops whose iterations are independent.

mod conditions;
mod moving;

use crate::ir::{
    Entry, Init, Loop, Mode, Order, Program, Region, RegionId, Reverse, Shape, Statement, StatementKind,
    StorageId, StorageKind, ValueId,
};
use conditions::{cannot_fail, does_much, may_go_before, only_adds_to, only_chooses, touches_its_own};
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::ops::RangeBounds;

pub fn run(program: &mut Program) {
    let Some(mut reverse) = program.reverse.take() else { return };
    if reverse.mode == Mode::Joint && reverse.seed.is_none() {
        let forward: BTreeMap<RegionId, RegionId> =
            reverse.regions.iter().map(|(forward, reverse)| (*reverse, *forward)).collect();
        let (mut at, mut own) = (0, HashMap::new());
        while at < reverse.region.statements.len() {
            let loops = Loops::of(program, &reverse, &forward, at);
            if let Some(plan) = loops.and_then(|loops| loops.plan(program, &reverse)) {
                plan.carry_out(program, &mut reverse, &mut own);
                // The loop is gone, and some statements before it.
                at = 0;
            } else {
                at += 1;
            }
        }
    }
    program.reverse = Some(reverse);
}

/// A loop at the level of the body, and the one that reverses it: where they stand.
#[derive(Clone, Copy)]
struct Loops {
    forward: usize,
    reverse: usize,
}

/// What is moved.
struct Plan {
    loops: Loops,
    moved: Moved,
    /// The caller's buffers that the loop adds to, each with the parameter.
    buffers: Vec<(StorageId, StorageId)>,
}

/// The statements that go before the loop: what tells the adjoint of the sums, and accumulators.
#[derive(Default)]
struct Moved {
    /// Of the forward sweep: passive numbers, and accumulators that a later loop begins.
    forward: BTreeSet<usize>,
    /// Of the reverse sweep.
    reverse: BTreeSet<usize>,
}

impl Loops {
    fn of(
        program: &Program,
        reverse: &Reverse,
        forward: &BTreeMap<RegionId, RegionId>,
        at: usize,
    ) -> Option<Loops> {
        let StatementKind::Loop(backward) = &reverse.region.statements[at].kind else { return None };
        let body = forward.get(&backward.body.id)?;
        let is_it = |statement: &Statement| matches!(&statement.kind, StatementKind::Loop(own) if own.body.id == *body);
        let found = program.body.statements.iter().position(is_it)?;
        Some(Loops { forward: found, reverse: at })
    }

    fn plan(self, program: &Program, reverse: &Reverse) -> Option<Plan> {
        let (forward, backward) =
            (loop_at(&program.body, self.forward)?, loop_at(&reverse.region, self.reverse)?);
        let runs_to_its_end = forward.test.is_none()
            && forward.until.is_none()
            && forward.items.is_none()
            && forward.order == Order::Forward;
        let is_independent = backward.carried.is_empty()
            && backward.items.is_none()
            && matches!(backward.order, Order::Forward | Order::Backward { trips: None, .. });
        if !runs_to_its_end || !is_independent {
            return None;
        }
        let mut moved = Moved::default();
        let buffers = self.what_it_adds_to(program, reverse, &mut moved)?;
        self.what_it_reads(program, reverse, &mut moved)?;
        let is_worth_it = does_much(&forward.body) || (buffers.is_empty() && !only_chooses(&forward.body));
        is_worth_it.then_some(Plan { loops: self, moved, buffers })
    }

    /// Finds the statements of the reverse sweep that tell what the reverse loop reads, and those of the forward sweep; none if
    /// they read what comes later and cannot come earlier.
    fn what_it_reads(self, program: &Program, reverse: &Reverse, moved: &mut Moved) -> Option<()> {
        let (forward, backward) =
            (loop_at(&program.body, self.forward)?, loop_at(&reverse.region, self.reverse)?);
        let (mut within, _) = made_at(&forward.body);
        within.insert(forward.index);
        within.extend(forward.carried.iter().map(|carried| carried.inside));
        within.extend(made_within(&backward.body));
        within.insert(backward.index);
        let later: HashSet<ValueId> =
            program.body.statements[self.forward..].iter().flat_map(made_by).collect();
        let (own, following) =
            (makers(&program.body, self.forward + 1..), makers(&reverse.region, ..self.reverse));
        let mut pending = Vec::new();
        backward.body.all_reads(&mut pending);
        backward.iterator.iter().for_each(|iterator| iterator.read(&mut pending));
        pending.retain(|value| !within.contains(value));
        moved.reverse.iter().for_each(|at| reverse.region.statements[*at].kind.read(&mut pending));
        moved.forward.iter().for_each(|at| program.body.statements[*at].kind.read(&mut pending));
        while let Some(value) = pending.pop() {
            let (statement, is_new) = if let Some(at) = following.get(&value) {
                let statement = &reverse.region.statements[*at];
                (may_go_before(program, &statement.kind).then_some(statement)?, moved.reverse.insert(*at))
            } else if later.contains(&value) {
                let at = own.get(&value)?;
                let statement = &program.body.statements[*at];
                (cannot_fail(program, &statement.kind).then_some(statement)?, moved.forward.insert(*at))
            } else {
                continue;
            };
            if is_new {
                statement.kind.read(&mut pending);
            }
        }
        Some(())
    }

    /// The caller's buffers that it adds to. Accumulators begin before the loop; none if it does more than add.
    fn what_it_adds_to(
        self,
        program: &Program,
        reverse: &Reverse,
        moved: &mut Moved,
    ) -> Option<Vec<(StorageId, StorageId)>> {
        let backward = loop_at(&reverse.region, self.reverse)?;
        let forward = loop_at(&program.body, self.forward)?;
        let (_, mut own) = made_at(&forward.body);
        let mut looked = BTreeSet::new();
        let mut only_adds = true;
        backward.body.each(&mut |_, statement| {
            let (mut made, mut looks) = (Vec::new(), Vec::new());
            statement.kind.makes(&mut Vec::new(), &mut made);
            own.extend(made);
            statement.kind.look_at(&mut looks);
            looked.extend(looks);
        });
        backward.body.each(&mut |_, statement| only_adds &= touches_its_own(&statement.kind, &own, program));
        if !only_adds {
            return None;
        }
        let mut buffers = Vec::new();
        for storage in looked.into_iter().filter(|storage| !own.contains(storage)) {
            match program.storage(storage).kind {
                StorageKind::Parameter { .. } | StorageKind::Local { .. } => {}
                StorageKind::Adjoint { .. } => self.accumulator(program, reverse, storage, moved)?,
                StorageKind::Buffer { number: false } => {
                    buffers.push((storage, parameter_of(program, reverse, storage)?));
                }
                StorageKind::Buffer { number: true } | StorageKind::Seed => return None,
            }
        }
        Some(buffers)
    }

    /// Finds where an accumulator of one number is made; none if it is not only added to before the loop.
    fn accumulator(
        self,
        program: &Program,
        reverse: &Reverse,
        storage: StorageId,
        moved: &mut Moved,
    ) -> Option<()> {
        let makes = |statement: &Statement| {
            let StatementKind::New { storage: made, init } = &statement.kind else { return false };
            *made == storage && matches!(init, Init::Unreached(Shape::Number) | Init::Number(_))
        };
        // A later loop that is fused begins it already.
        let mut is_made = false;
        for (at, statement) in program.body.statements.iter().enumerate().skip(self.forward) {
            if makes(statement) {
                moved.forward.insert(at);
                is_made = true;
            }
        }
        for (at, statement) in reverse.region.statements[..self.reverse].iter().enumerate() {
            if makes(statement) {
                moved.reverse.insert(at);
                is_made = true;
            } else if !only_adds_to(&statement.kind, storage) {
                return None;
            }
        }
        is_made.then_some(())
    }
}

fn loop_at(region: &Region, at: usize) -> Option<&Loop> {
    if let StatementKind::Loop(repeat) = &region.statements.get(at)?.kind { Some(repeat) } else { None }
}

/// The parameter of which a buffer takes the gradient.
fn parameter_of(program: &Program, reverse: &Reverse, buffer: StorageId) -> Option<StorageId> {
    let at = reverse.buffers.iter().position(|own| *own == Some(buffer))?;
    if let Entry::Storage(storage) = program.entries.get(at)? { Some(*storage) } else { None }
}

/// For each value that statements of a region make, the statement.
fn makers(region: &Region, within: impl RangeBounds<usize>) -> BTreeMap<ValueId, usize> {
    let statements = region.statements.iter().enumerate().filter(|(at, _)| within.contains(at));
    let made = statements.flat_map(|(at, statement)| {
        let mut values = Vec::new();
        statement.kind.makes(&mut values, &mut Vec::new());
        values.into_iter().map(move |value| (value, at))
    });
    made.collect()
}

/// The values that a statement and those within make.
fn made_by(statement: &Statement) -> HashSet<ValueId> {
    let mut made = Vec::new();
    statement.kind.makes(&mut made, &mut Vec::new());
    let within = statement.kind.regions().into_iter().flat_map(made_within);
    made.into_iter().chain(within).collect()
}

/// The values and storages that a region makes itself.
fn made_at(region: &Region) -> (HashSet<ValueId>, HashSet<StorageId>) {
    let (mut values, mut storages) = (Vec::new(), Vec::new());
    region.statements.iter().for_each(|statement| statement.kind.makes(&mut values, &mut storages));
    (values.into_iter().collect(), storages.into_iter().collect())
}

/// The values that a region and those within make.
fn made_within(region: &Region) -> HashSet<ValueId> {
    let mut made = Vec::new();
    region.each(&mut |_, statement| {
        statement.kind.makes(&mut made, &mut Vec::new());
        if let StatementKind::Loop(repeat) = &statement.kind {
            made.push(repeat.index);
            made.extend(repeat.items.iter().map(|(item, _)| *item));
            made.extend(repeat.carried.iter().map(|carried| carried.inside));
        }
    });
    made.into_iter().collect()
}
