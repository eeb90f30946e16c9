//! Tables: what a loop computes anew of the same numbers in each of its iterations, an exponential of a parameter say, is kept in
//! a table that its first iteration fills. The reverse sweep reads it there, and nothing of it is recorded.
//!
//! The position in a table counts the iterations of the inner loops whose numbers the value depends on. The outermost of these
//! runs from 0 on. All loops within it run from 0 to the same end each time, and nothing leaves them early, so that every number
//! is computed in its turn. It is still computed where the function computes it first: nothing fails earlier, and no loop that
//! never runs costs anything.
//!
//! Loop-invariant code motion, after Allen and Cocke, *A catalogue of optimizing transformations* (1972), with a temporary for
//! each iteration of the inner loops, as in scalar expansion.

use super::next_region;
use crate::ir::{
    Atom, Change, Class, HostExpression, Init, Loop, Order, Piece, Place, Program, Region, RegionId,
    Statement, StatementKind, Step, Storage, StorageId, StorageKind, Value, ValueId,
};
use crate::transform::clobber::changed;
use gradus_ops::{Cost, Form, Kind, Op};
use proc_macro2::{Delimiter, Ident, Span, TokenStream, TokenTree};
use quote::quote;
use std::collections::{BTreeMap, BTreeSet, HashSet};

/// Returns the tables: only new elements are added to them.
pub fn run(program: &mut Program) -> BTreeSet<StorageId> {
    let zeros = zeros(program);
    let mut found = Vec::new();
    for (at, statement) in program.body.statements.iter().enumerate() {
        if let StatementKind::Loop(repeat) = &statement.kind {
            found.push((at, Search::entries(program, &zeros, statement, repeat)));
        }
    }
    found.retain(|(_, entries)| !entries.is_empty());
    let mut tables = BTreeSet::new();
    let mut next = next_region(program).0;
    for (at, entries) in found.into_iter().rev() {
        let mut writing = Writing { program, tables: BTreeMap::new(), next };
        let mut made = Vec::new();
        for (out, counts) in entries {
            made.push(writing.table(out, counts));
        }
        let mut body = std::mem::replace(&mut writing.program.body, empty());
        if let StatementKind::Loop(repeat) = &mut body.statements[at].kind {
            repeat.body.each_region_mut(&mut |region| writing.region(region));
        }
        next = writing.next;
        tables.extend(writing.tables.values().map(|table| table.storage));
        body.statements.splice(at..at, made);
        program.body = body;
    }
    tables
}

fn empty() -> Region {
    Region { id: RegionId(0), statements: Vec::new(), yields: Vec::new() }
}

// --- what is found

/// An inner loop: the number of its iteration, and its end, if it always runs from 0 to the same one.
#[derive(Clone)]
struct Count {
    index: ValueId,
    end: Option<HostExpression>,
}

/// What is the same in every iteration of a loop.
struct Search<'p> {
    program: &'p Program,
    /// What is made within the loop.
    made: HashSet<ValueId>,
    /// The storages that are made or changed within it.
    changed: HashSet<StorageId>,
    /// The values within that are the same each time, and the inner loops that they depend on, by their depth.
    same: BTreeMap<ValueId, BTreeSet<usize>>,
    /// The inner loops around, outermost first.
    around: Vec<Count>,
    /// Integers that are 0.
    zeros: &'p HashSet<ValueId>,
    /// What goes into tables, and the loops that count its positions.
    entries: Vec<(ValueId, Vec<Count>)>,
}

impl Search<'_> {
    fn entries(
        program: &Program,
        zeros: &HashSet<ValueId>,
        around: &Statement,
        repeat: &Loop,
    ) -> Vec<(ValueId, Vec<Count>)> {
        let (mut made, mut storages) = (Vec::new(), Vec::new());
        let mut note = |kind: &StatementKind| {
            kind.makes(&mut made, &mut storages);
            storages.extend(changed(kind).iter().map(|changed| changed.storage));
            if let StatementKind::Loop(repeat) = kind {
                made.push(repeat.index);
                made.extend(repeat.items.iter().map(|(item, _)| *item));
                made.extend(repeat.carried.iter().map(|carried| carried.inside));
            }
        };
        note(&around.kind);
        around.kind.regions().into_iter().for_each(|region| {
            region.each(&mut |_, statement| note(&statement.kind));
        });
        let mut search = Search {
            program,
            made: made.into_iter().collect(),
            changed: storages.into_iter().collect(),
            same: BTreeMap::new(),
            around: Vec::new(),
            zeros,
            entries: Vec::new(),
        };
        search.region(&repeat.body);
        search.entries
    }

    fn region(&mut self, region: &Region) {
        for statement in &region.statements {
            if let StatementKind::Loop(repeat) = &statement.kind {
                self.inner(repeat);
                continue;
            }
            let Some((out, depends)) = self.value(&statement.kind) else { continue };
            if let StatementKind::Operation { op, operands, .. } = &statement.kind
                && is_worth_a_table(*op)
                && operands.iter().any(|operand| self.is_within(operand))
            {
                self.entries.extend(self.counts(&depends).map(|counts| (out, counts)));
            }
            self.same.insert(out, depends);
        }
    }

    /// The loops that count the positions of a value; none if it is not computed in its turn.
    fn counts(&self, depends: &BTreeSet<usize>) -> Option<Vec<Count>> {
        let inner = depends.first().map_or(&[][..], |outermost| &self.around[outermost + 1..]);
        let is_regular = inner.iter().all(|count| count.end.is_some());
        is_regular.then(|| depends.iter().map(|depth| self.around[*depth].clone()).collect())
    }

    /// Goes into an inner loop.
    fn inner(&mut self, repeat: &Loop) {
        let iterator = repeat.iterator.as_ref().filter(|_| repeat.order == Order::Forward);
        let end = iterator.and_then(|iterator| self.end_of(iterator));
        if end.is_some() {
            self.same.insert(repeat.index, BTreeSet::from([self.around.len()]));
        }
        let is_whole = repeat.items.is_none() && repeat.test.is_none() && repeat.until.is_none();
        // An end that depends on another inner loop makes rows of different lengths.
        let end = end.filter(|end| is_whole && self.depends(end).is_some_and(|depends| depends.is_empty()));
        self.around.push(Count { index: repeat.index, end });
        self.region(&repeat.body);
        self.around.pop();
    }

    /// The end of a range that begins at 0.
    fn end_of(&self, iterator: &HostExpression) -> Option<HostExpression> {
        match iterator.pieces.as_slice() {
            [Piece::Below(end)] => Some(host(vec![Piece::Atom(end.clone())])),
            [Piece::Atom(start), Piece::Tokens(dots), Piece::Atom(end)] if dots.to_string() == ".." => {
                let is_zero = match start {
                    Atom::Value(start) => self.zeros.contains(start),
                    Atom::Literal(start) => is_zero(&quote!(#start).to_string()),
                };
                is_zero.then(|| host(vec![Piece::Atom(end.clone())]))
            }
            [Piece::Tokens(range)] => {
                let mut tokens = range.clone().into_iter();
                let zero = tokens.next().is_some_and(|first| is_zero(&first.to_string()));
                let dots = tokens.by_ref().take(2).all(|dot| dot.to_string() == ".");
                let end: TokenStream = tokens.collect();
                (zero && dots && is_plain(end.clone()))
                    .then(|| HostExpression { pieces: vec![Piece::Tokens(end)], ..iterator.clone() })
            }
            _ => None,
        }
    }

    /// A value that is the same each time, and the inner loops that it depends on.
    fn value(&self, kind: &StatementKind) -> Option<(ValueId, BTreeSet<usize>)> {
        let is_computed = matches!(
            kind,
            StatementKind::Operation { .. } | StatementKind::Choose { .. } | StatementKind::Load { .. }
        ) || matches!(kind, StatementKind::Passive { host, .. } if host.pure);
        let mut outs = Vec::new();
        kind.makes(&mut outs, &mut Vec::new());
        let out = outs.pop().filter(|_| is_computed)?;
        let (mut reads, mut looks) = (Vec::new(), Vec::new());
        kind.read(&mut reads);
        kind.look_at(&mut looks);
        if self.program.value(out).class == Class::Data
            || looks.iter().any(|look| self.changed.contains(look))
        {
            return None;
        }
        Some((out, self.of_values(&reads)?))
    }

    fn depends(&self, host: &HostExpression) -> Option<BTreeSet<usize>> {
        let (mut reads, mut looks) = (Vec::new(), Vec::new());
        host.read(&mut reads);
        host.look_at(&mut looks);
        let stay = host.pure && !looks.iter().any(|look| self.changed.contains(look));
        if stay { self.of_values(&reads) } else { None }
    }

    fn of_values(&self, values: &[ValueId]) -> Option<BTreeSet<usize>> {
        let mut depends = BTreeSet::new();
        for value in values {
            if self.program.changing.contains(value) {
                return None;
            }
            if self.made.contains(value) {
                depends.extend(self.same.get(value)?);
            }
        }
        Some(depends)
    }

    fn is_within(&self, operand: &Atom) -> bool {
        matches!(operand, Atom::Value(value) if self.made.contains(value))
    }
}

/// The integers of the body that are written as 0.
fn zeros(program: &Program) -> HashSet<ValueId> {
    let mut zeros = HashSet::new();
    program.body.each(&mut |_, statement| {
        if let StatementKind::Passive { out: Some(out), host } = &statement.kind
            && let [Piece::Tokens(tokens)] = host.pieces.as_slice()
            && is_zero(&tokens.to_string())
        {
            zeros.insert(*out);
        }
    });
    zeros
}

/// Names, numbers, their products and lengths: what may be computed again at every look into a table.
fn is_plain(tokens: TokenStream) -> bool {
    !tokens.is_empty()
        && tokens.into_iter().all(|token| match token {
            TokenTree::Ident(_) | TokenTree::Literal(_) => true,
            TokenTree::Punct(punct) => ".:*+-".contains(punct.as_char()),
            TokenTree::Group(group) => {
                group.delimiter() == Delimiter::Parenthesis && group.stream().is_empty()
            }
        })
}

fn is_zero(literal: &str) -> bool {
    super::value_numbering::key::number_of(literal) == Some(0)
}

/// Whether an operation takes longer than a look into a table.
fn is_worth_a_table(op: Op) -> bool {
    op.cost() == Cost::Expensive
        && op.kind() != Kind::Flat
        && op.form() != Form::Operator
        && !matches!(op, Op::MulAdd | Op::Sqrt)
}

// --- what is written

struct Table {
    storage: StorageId,
    counts: Vec<Count>,
}

struct Writing<'p> {
    program: &'p mut Program,
    tables: BTreeMap<ValueId, Table>,
    next: usize,
}

impl Writing<'_> {
    /// A table of a value. Returns the statement that makes it.
    fn table(&mut self, out: ValueId, counts: Vec<Count>) -> Statement {
        let storage = StorageId(self.program.storages.len());
        let ident = Ident::new(&format!("table{}_", storage.0), Span::mixed_site());
        let kind = StorageKind::Local { region: RegionId(0), fixed: false };
        self.program.storages.push(Storage { ident, kind, declared: None });
        self.tables.insert(out, Table { storage, counts });
        let length = host(vec![Piece::Atom(Atom::zero_count())]);
        let init = Init::Repeat { vec: true, element: Box::new(Init::Atom(Atom::number(0.0))), length };
        Statement { kind: StatementKind::New { storage, init }, span: Span::call_site() }
    }

    fn region(&mut self, region: &mut Region) {
        let statements = std::mem::take(&mut region.statements);
        for statement in statements {
            let StatementKind::Operation { out, op, operands } = &statement.kind else {
                region.statements.push(statement);
                continue;
            };
            let Some(table) = self.tables.get(out) else {
                region.statements.push(statement);
                continue;
            };
            let storage = table.storage;
            let position = position(&table.counts);
            let written = self.look_up(region.id, (*out, *op, operands), storage, position, statement.span);
            region.statements.extend(written);
        }
    }

    /// The number is computed if it is not in the table, and read there.
    fn look_up(
        &mut self,
        region: RegionId,
        (out, op, operands): (ValueId, Op, &[Atom]),
        storage: StorageId,
        position: HostExpression,
        span: Span,
    ) -> [Statement; 4] {
        let whole = Place { storage, steps: Vec::new(), span };
        let at = self.value("at", storage, Class::Scalar, region);
        let is_new = self.value("new", storage, Class::Scalar, region);
        let branches = [RegionId(self.next), RegionId(self.next + 1)];
        self.next += 2;
        let first = self.value("entry", storage, Class::Float, branches[0]);
        let length =
            vec![Piece::Place(whole.clone()), Piece::Tokens(quote!(.len() <=)), Piece::Atom(Atom::Value(at))];
        let push = Change::Push(Init::Atom(Atom::Value(first)));
        let fill = [
            StatementKind::Operation { out: first, op, operands: operands.to_vec() },
            StatementKind::Change { place: whole.clone(), change: push },
        ];
        let statements = fill.into_iter().map(|kind| Statement { kind, span }).collect();
        let then = Region { id: branches[0], statements, yields: Vec::new() };
        let otherwise = Region { id: branches[1], statements: Vec::new(), yields: Vec::new() };
        let index = Step::Index(host(vec![Piece::Atom(Atom::Value(at))]));
        [
            StatementKind::Passive { out: Some(at), host: position },
            StatementKind::Passive { out: Some(is_new), host: host(length) },
            StatementKind::If { condition: Atom::Value(is_new), then, otherwise, outs: Vec::new() },
            StatementKind::Load { out, place: whole.part(index) },
        ]
        .map(|kind| Statement { kind, span })
    }

    fn value(&mut self, word: &str, table: StorageId, class: Class, region: RegionId) -> ValueId {
        let ident = Ident::new(&format!("table{}_{word}_", table.0), Span::mixed_site());
        let value =
            Value { ident, class, active: false, region, recordable: false, declared: None, pattern: None };
        self.program.values.push(value);
        ValueId(self.program.values.len() - 1)
    }
}

/// The number of the iteration, over all these loops.
fn position(counts: &[Count]) -> HostExpression {
    let mut position = host(vec![Piece::Atom(Atom::zero_count())]);
    for (depth, Count { index, end }) in counts.iter().enumerate() {
        let count = |piece| Piece::HostExpression(host(vec![piece, Piece::Tokens(quote!(as usize))]));
        let index = count(Piece::Atom(Atom::Value(*index)));
        position = match end {
            Some(end) if depth > 0 => {
                let rows = Piece::HostExpression(position);
                let length = count(Piece::HostExpression(end.clone()));
                host(vec![rows, Piece::Tokens(quote!(*)), length, Piece::Tokens(quote!(+)), index])
            }
            // The outermost.
            Some(_) | None => host(vec![index]),
        };
    }
    position
}

fn host(pieces: Vec<Piece>) -> HostExpression {
    HostExpression { pieces, names: Vec::new(), pure: true, span: None }
}
