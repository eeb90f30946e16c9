//! The reverse sweep of a program, as a region of the same IR: `reverse: Program → Program`.
//!
//! The statements of a region are reversed from the last to the first. What a statement adds to the adjoint of one of its
//! operands is a *contribution*. When the reverse sweep comes to where a value was made, all contributions to it are known, and
//! their sum is its adjoint.
//!
//! * Contributions from within one region are expressions; their sum is a value, assigned once.
//! * A value that inner regions contribute to, a branch or the body of a loop, has an *accumulator* instead: a storage of one
//!   number.
//! * The adjoint of a storage is a storage of the same shape.
//!
//! An adjoint that nothing reached is −0. It must not be multiplied by a partial derivative, which may be infinite, so a
//! contribution of it is left out. Where it is known here what is reached ([`reach`]), nothing is tested when the sweep runs.
//!
//! Reverse mode of programs with control flow: Griewank and Walther, *Evaluating Derivatives* (2008), chapters 3 and 6.

mod adjoint;
mod arithmetic;
mod branch;
mod call;
mod loops;
pub mod partial;
mod reach;
mod receivers;
mod result;
mod storage;

use crate::ir::{
    Class, Entry, Mode, Place, Program, Region, RegionId, Reverse, Statement, StatementKind, Storage,
    StorageId, StorageKind, Value, ValueId,
};
use crate::syntax::ident::unraw;
use adjoint::Contribution;
use gradus_ops::Op;
use loops::Sums;
use partial::Partial;
use proc_macro2::{Ident, Span};
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::rc::Rc;

/// Adds the reverse sweep to a program. `seeded` tells whether the caller gives weights for the result's numbers; else the
/// result is one number.
/// `second` tells whether the sweep itself is to be differentiated.
pub fn reverse(mut program: Program, mode: Mode, seeded: bool, second: bool) -> Program {
    let sums = Sums::of(&program);
    let certain = reach::certain(&program, &sums, mode, seeded);
    let receivers = receivers::of(&program);
    let body = std::mem::replace(&mut program.body, empty(RegionId(0)));
    let mut regions = 0;
    body.each(&mut |region, statement| {
        regions = regions.max(region.id.0);
        statement.kind.regions().into_iter().for_each(|region| regions = regions.max(region.id.0));
    });
    let mut reversal = Reversal {
        names: program.values.iter().map(|value| program.stem(&value.ident)).collect(),
        regions: regions + 1,
        program,
        mode,
        seeded,
        second,
        sums,
        certain,
        receivers,
        scopes: Vec::new(),
        accumulators: HashMap::new(),
        storages: HashMap::new(),
        tests: HashMap::new(),
        partials: HashMap::new(),
        companions: HashMap::new(),
        undone: BTreeMap::new(),
        span: Span::call_site(),
    };
    let names = reversal.program.storages.iter().map(|storage| reversal.program.stem(&storage.ident));
    reversal.names.extend(names.collect::<Vec<_>>());
    let seed = seeded.then(|| reversal.storage("__seed", StorageKind::Seed));
    let buffers = reversal.buffers();
    let mut closing = 0;
    let region = reversal.scoped(RegionId(0), |reversal| {
        let outcome = reversal.program.outcome.clone();
        reversal.declare(&body);
        reversal.seed(&outcome, seed);
        reversal.statements(&body);
        closing = reversal.scope().statements.len();
        reversal.parameters(&buffers);
        closing = reversal.scope().statements.len() - closing;
    });
    let Reversal { mut program, companions, undone, .. } = reversal;
    let mut body = body;
    give_companions(&mut body, companions);
    let restored = BTreeMap::new();
    program.body = body;
    program.reverse = Some(Reverse { region, mode, regions: undone, restored, closing, buffers, seed });
    program
}

fn empty(id: RegionId) -> Region {
    Region { id, statements: Vec::new(), yields: Vec::new() }
}

/// Puts into the forward sweep what is computed there for the reverse sweep, each after the statement whose result it goes with.
fn give_companions(body: &mut Region, mut companions: HashMap<ValueId, Statement>) {
    if companions.is_empty() {
        return;
    }
    body.each_region_mut(&mut |region| {
        let statements = std::mem::take(&mut region.statements);
        for statement in statements {
            let mut made = Vec::new();
            statement.kind.makes(&mut made, &mut Vec::new());
            region.statements.push(statement);
            region.statements.extend(made.iter().filter_map(|value| companions.remove(value)));
        }
    });
}

/// The reverse sweep as it is written.
struct Reversal {
    /// The program, without its body.
    program: Program,
    mode: Mode,
    seeded: bool,
    second: bool,
    sums: Sums,
    /// Values whose adjoints are certainly reached.
    certain: HashSet<ValueId>,
    /// For each region, the values from outside that it contributes to.
    receivers: HashMap<RegionId, BTreeSet<ValueId>>,
    /// The regions that are being written, the innermost last.
    scopes: Vec<Scope>,
    accumulators: HashMap<ValueId, Accumulator>,
    /// The adjoints of storages.
    storages: HashMap<StorageId, StorageId>,
    /// Whether an adjoint is reached, where it was asked for.
    tests: HashMap<ValueId, ValueId>,
    partials: HashMap<(Op, usize), Option<Rc<Partial>>>,
    /// What the forward sweep computes along with a value.
    companions: HashMap<ValueId, Statement>,
    undone: BTreeMap<RegionId, RegionId>,
    /// The names that are taken, and the number of the next region.
    names: HashSet<String>,
    regions: usize,
    /// The user's statement that is being reversed.
    span: Span,
}

/// A region of the reverse sweep.
struct Scope {
    id: RegionId,
    /// The region that it reverses.
    of: RegionId,
    statements: Vec<Statement>,
    /// The user's statement that is being reversed here.
    span: Span,
    /// Contributions to values that the reversed region makes.
    pending: HashMap<ValueId, Vec<Contribution>>,
}

/// Where the contributions to a value are added up.
#[derive(Clone, Copy)]
struct Accumulator {
    storage: StorageId,
    /// Whether it is certainly reached.
    certain: bool,
}

impl Reversal {
    /// Writes the region that reverses another one.
    fn scoped(&mut self, of: RegionId, write: impl FnOnce(&mut Self)) -> Region {
        let id = RegionId(self.regions);
        self.regions += 1;
        self.undone.insert(of, id);
        self.scopes.push(Scope { id, of, statements: Vec::new(), span: self.span, pending: HashMap::new() });
        let span = self.span;
        write(self);
        self.span = span;
        let statements = self.scopes.pop().map(|scope| scope.statements).unwrap_or_default();
        Region { id, statements, yields: Vec::new() }
    }

    fn scope(&mut self) -> &mut Scope {
        self.scopes.last_mut().expect("a region is being written")
    }

    fn push(&mut self, kind: StatementKind) {
        let span = self.span;
        self.scope().statements.push(Statement { kind, span });
    }

    /// Reverses the statements of a region.
    fn statements(&mut self, region: &Region) {
        for statement in region.statements.iter().rev() {
            self.span = statement.span;
            self.scope().span = statement.span;
            self.statement(statement);
        }
    }

    fn statement(&mut self, statement: &Statement) {
        match &statement.kind {
            StatementKind::Operation { out, op, operands } => self.operation(*out, *op, operands),
            StatementKind::Choose { out, condition, then, otherwise } => {
                self.choose(*out, condition, then, otherwise);
            }
            StatementKind::Load { out, place } => self.load(*out, place),
            StatementKind::New { storage, init } => self.made(*storage, init),
            StatementKind::Store { place, value } => self.store(place, value),
            StatementKind::Copy { to, from } => self.copy(to, from),
            StatementKind::Swap { a, b } => {
                let (a, b) = (self.adjoint_of(a), self.adjoint_of(b));
                self.push(StatementKind::Swap { a, b });
            }
            StatementKind::Change { place, change } => self.change(place, change),
            StatementKind::Call(call) => self.call(call),
            StatementKind::If { condition, then, otherwise, outs } => {
                self.branch(condition, [then, otherwise], outs);
            }
            StatementKind::Loop(repeat) => self.repeat(repeat),
            StatementKind::Passive { .. } => {}
            StatementKind::Compute { .. }
            | StatementKind::Test { .. }
            | StatementKind::Accumulate { .. }
            | StatementKind::Take { .. }
            | StatementKind::Sum { .. }
            | StatementKind::Record(_)
            | StatementKind::Replay(_)
            | StatementKind::CallReverse(_) => unreachable!("a program is reversed once"),
        }
    }

    // --- names

    fn named(&mut self, name: &str) -> Ident {
        let mut count = 1;
        let mut unique = name.to_owned();
        while !self.names.insert(unique.clone()) {
            count += 1;
            unique = format!("{name}_{count}");
        }
        // With an underscore, since a `let` of the name of a constant or unit struct of the user's would mean that item.
        Ident::new(&format!("{unique}_"), Span::mixed_site())
    }

    /// A new value of the innermost region.
    fn value(&mut self, name: &str, class: Class) -> ValueId {
        let (ident, region) = (self.named(name), self.scope().id);
        self.value_of(ident, class, region)
    }

    fn value_of(&mut self, ident: Ident, class: Class, region: RegionId) -> ValueId {
        let value =
            Value { ident, class, active: false, region, recordable: false, declared: None, pattern: None };
        self.program.values.push(value);
        ValueId(self.program.values.len() - 1)
    }

    /// The name of the adjoint of a value.
    fn bar(&self, value: ValueId) -> String {
        format!("{}_b", self.program.stem(&self.program.value(value).ident))
    }

    fn storage(&mut self, name: &str, kind: StorageKind) -> StorageId {
        let ident = Ident::new(name, Span::mixed_site());
        self.program.storages.push(Storage { ident, kind });
        StorageId(self.program.storages.len() - 1)
    }

    /// A new adjoint storage of the innermost region.
    fn adjoint_storage(&mut self, name: &str) -> StorageId {
        let (ident, region) = (self.named(name), self.scope().id);
        self.program.storages.push(Storage { ident, kind: StorageKind::Adjoint { region } });
        StorageId(self.program.storages.len() - 1)
    }

    fn whole(&self, storage: StorageId) -> Place {
        Place { storage, steps: Vec::new(), span: self.span }
    }

    // --- parameters

    /// The caller's buffers. Those of sequences are the adjoints themselves.
    fn buffers(&mut self) -> Vec<Option<StorageId>> {
        let entries = self.program.entries.clone();
        let buffer = |entry: &Entry| match entry {
            Entry::Scalar(value) => {
                let name = format!("{}_gradient", unraw(&self.program.value(*value).ident));
                self.names.insert(name.clone());
                Some(self.storage(&name, StorageKind::Buffer { number: true }))
            }
            Entry::Storage(storage) => {
                let name = format!("{}_b", unraw(&self.program.storage(*storage).ident));
                self.names.insert(name.clone());
                let buffer = self.storage(&name, StorageKind::Buffer { number: false });
                self.storages.insert(*storage, buffer);
                Some(buffer)
            }
            Entry::Passive(_) => None,
        };
        entries.iter().map(buffer).collect()
    }

    /// At the end, the adjoints of numbers are added to the caller's buffers.
    fn parameters(&mut self, buffers: &[Option<StorageId>]) {
        self.span = Span::call_site();
        let entries = self.program.entries.clone();
        for (entry, buffer) in entries.iter().zip(buffers) {
            if let (Entry::Scalar(value), Some(buffer)) = (entry, buffer)
                && let Some(sum) = self.sum(*value)
            {
                let place = self.whole(*buffer);
                self.accumulate(place, sum);
            }
        }
    }
}
