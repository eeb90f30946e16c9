//! Fused loops: a loop that carries nothing but sums is reversed iteration by iteration, each right after it ran, if the adjoint of
//! the sums is known before the loop begins: a loss over samples. What an iteration computes is still there then, so that nothing
//! is recorded for it, and the memory does not grow with the number of iterations.
//!
//! A panic leaves the caller's buffers untouched: within a fused loop gradients are added to a storage of its own, and to the
//! buffer when the forward sweep has ended. This is worth it where an iteration does more than a few operations.
//!
//! Hascoët, Fidanova and Held, *Adjoining independent computations* (2001): loops whose iterations are independent.

use crate::ir::{
    Amount, Class, HostExpression, Init, Loop, Mode, Order, Piece, Place, Program, Region, RegionId, Reverse,
    Shape, Statement, StatementKind, Storage, StorageId, StorageKind, ValueId,
};
use proc_macro2::{Delimiter, Ident, Span, TokenStream, TokenTree};
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
        let is_worth_it = buffers.is_empty() || does_much(&forward.body);
        is_worth_it.then_some(Plan { loops: self, moved, buffers })
    }

    /// Finds the statements of the reverse sweep that tell what the reverse loop reads, and those of the forward sweep; none if
    /// they read what comes later and cannot come earlier.
    fn what_it_reads(self, program: &Program, reverse: &Reverse, moved: &mut Moved) -> Option<()> {
        let (forward, backward) =
            (loop_at(&program.body, self.forward)?, loop_at(&reverse.region, self.reverse)?);
        let mut within = made_at(&forward.body);
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
        let mut own: HashSet<StorageId> = storages_made_at(&forward.body);
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
    if let crate::ir::Entry::Storage(storage) = program.entries.get(at)? { Some(*storage) } else { None }
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

/// The values that a region makes itself.
fn made_at(region: &Region) -> HashSet<ValueId> {
    let mut made = Vec::new();
    region.statements.iter().for_each(|statement| statement.kind.makes(&mut made, &mut Vec::new()));
    made.into_iter().collect()
}

fn storages_made_at(region: &Region) -> HashSet<StorageId> {
    let mut made = Vec::new();
    region.statements.iter().for_each(|statement| statement.kind.makes(&mut Vec::new(), &mut made));
    made.into_iter().collect()
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

/// Whether a statement of the reverse sweep computes a value of nothing but values and what never changes.
fn may_go_before(program: &Program, kind: &StatementKind) -> bool {
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
fn cannot_fail(program: &Program, kind: &StatementKind) -> bool {
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
        Piece::Atom(_) | Piece::Place(_) => true,
        Piece::HostExpression(inner) => are_harmless(inner),
        Piece::Index(_) | Piece::Below(_) | Piece::Braces(_) | Piece::Number(_) => false,
    })
}

/// Names, lengths and conversions, and what divides a float: integers are not computed with, which may overflow.
fn is_conversion(tokens: TokenStream) -> bool {
    let mut before_is_float = false;
    tokens.into_iter().all(|token| {
        let is_float = matches!(&token, TokenTree::Literal(literal) if literal.to_string().contains('.'));
        let divides = std::mem::replace(&mut before_is_float, is_float);
        match token {
            TokenTree::Ident(_) | TokenTree::Literal(_) => true,
            TokenTree::Punct(punct) => {
                ".:".contains(punct.as_char()) || (divides && "*/".contains(punct.as_char()))
            }
            TokenTree::Group(group) => {
                group.delimiter() == Delimiter::Parenthesis && is_conversion(group.stream())
            }
        }
    })
}

/// Whether a statement of the reverse loop changes nothing but what an iteration makes, and adds to adjoints.
fn touches_its_own(kind: &StatementKind, own: &HashSet<StorageId>, program: &Program) -> bool {
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
fn only_adds_to(kind: &StatementKind, storage: StorageId) -> bool {
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
fn does_much(body: &Region) -> bool {
    let mut found = false;
    body.each(&mut |_, statement| {
        found |= match &statement.kind {
            StatementKind::Loop(_) => true,
            StatementKind::Call(call) => call.in_halves,
            StatementKind::Operation { .. }
            | StatementKind::Passive { .. }
            | StatementKind::Load { .. }
            | StatementKind::New { .. }
            | StatementKind::Store { .. }
            | StatementKind::Copy { .. }
            | StatementKind::Swap { .. }
            | StatementKind::Change { .. }
            | StatementKind::CallReverse(_)
            | StatementKind::If { .. }
            | StatementKind::Choose { .. }
            | StatementKind::Compute { .. }
            | StatementKind::Test { .. }
            | StatementKind::Accumulate { .. }
            | StatementKind::Take { .. }
            | StatementKind::Sum { .. }
            | StatementKind::Record(_)
            | StatementKind::Replay(_) => false,
        };
    });
    found
}

impl Plan {
    /// `own` has the storages for gradients of the loops that follow in the forward sweep.
    fn carry_out(
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
    program.storages.push(Storage { ident, kind: StorageKind::Adjoint { region: RegionId(0) } });
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
