//! Forward mode as a program: `tangent: Program → Program`. Beside each number that varies its *tangent* is computed, the speed
//! at which it changes when the arguments change at given speeds; beside each storage that of its numbers. Control flow, data
//! and effects are those of the program itself.
//!
//! A tangent of −0 is that of a number which depends on nothing that changes, or only through operations that did not select it.
//! Such a tangent is not multiplied by a partial derivative, which may be infinite: what the reverse sweep skips is skipped here
//! too.
//!
//! Forward mode of programs: Griewank and Walther, *Evaluating Derivatives* (2008), chapter 3.

mod arithmetic;
mod call;
mod storage;
mod sweep;
mod varied;

use super::reverse::partial::Partial;
use crate::ir::{
    Atom, Carried, Class, Entry, HostExpression, Init, Loop, Mode, Outcome, Piece, Place, Program, Region,
    RegionId, Statement, StatementKind, Step, Storage, StorageId, StorageKind, Tangent, Value, ValueId,
};
use crate::syntax::ident::unraw;
use gradus_ops::Op;
use proc_macro2::{Ident, Span};
use quote::quote;
use std::collections::{HashMap, HashSet};
use std::rc::Rc;
use varied::{Varied, alias};

pub use call::calls_in_halves;

/// A program that computes the tangent of its result beside the result. `None` where a storage begins in a way that has no
/// tangent in the IR.
pub fn tangent(mut program: Program) -> Option<Program> {
    super::liveness::drop_dead(&mut program);
    let own = program.values.len();
    transformed(program, own)
}

/// The same of a program with a reverse sweep: the tangents of its adjoints are the product of the Hessian and a direction. The
/// values after the first so many are there for the reverse sweep.
pub fn of_sweeps(program: Program, own: usize) -> Option<Program> {
    transformed(program, own)
}

fn transformed(mut program: Program, own: usize) -> Option<Program> {
    let varied = Varied::of(&program, own);
    let reverse = program.reverse.take();
    let names = program.values.iter().map(|value| program.stem(&value.ident));
    let mut names: HashSet<_> = names.collect();
    names.extend(program.storages.iter().map(|storage| program.stem(&storage.ident)));
    let body = std::mem::replace(&mut program.body, empty());
    let mut transformation = Transformation {
        program,
        varied,
        names,
        values: HashMap::new(),
        storages: HashMap::new(),
        partials: HashMap::new(),
        region: RegionId(0),
        statements: Vec::new(),
        span: Span::call_site(),
    };
    let (parameters, begin) = transformation.parameters();
    let outcome = transformation.program.outcome.clone();
    let mut given = None;
    let mut body = transformation.region(&body, |transformation| {
        given = Some(transformation.outcome(&outcome));
        Some(Vec::new())
    })?;
    body.statements.splice(0..0, begin.clone());
    let (mut buffers, mut seed) = (Vec::new(), None);
    let reverse = match reverse {
        Some(reverse) => {
            (buffers, seed) = transformation.sweep_parameters(&reverse);
            let mut reverse = transformation.sweep(reverse)?;
            if reverse.mode == Mode::Split {
                reverse.region.statements.splice(0..0, begin);
            }
            Some(reverse)
        }
        None => None,
    };
    let Transformation { mut program, .. } = transformation;
    program.body = body;
    program.reverse = reverse;
    program.tangent = Some(Tangent { parameters, outcome: given?, buffers, seed });
    Some(program)
}

fn empty() -> Region {
    Region { id: RegionId(0), statements: Vec::new(), yields: Vec::new() }
}

struct Transformation {
    /// The program, without its body.
    program: Program,
    varied: Varied,
    /// The names that are taken.
    names: HashSet<String>,
    /// The tangents.
    values: HashMap<ValueId, ValueId>,
    storages: HashMap<StorageId, StorageId>,
    partials: HashMap<(Op, usize), Option<Rc<Partial>>>,
    /// The region that is being written, and its statements.
    region: RegionId,
    statements: Vec<Statement>,
    span: Span,
}

impl Transformation {
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

    fn new_value(&mut self, name: &str, class: Class, region: RegionId) -> ValueId {
        let ident = self.named(name);
        let value =
            Value { ident, class, active: false, recordable: true, region, declared: None, pattern: None };
        self.program.values.push(value);
        ValueId(self.program.values.len() - 1)
    }

    /// A new value of the region that is being written.
    fn value_here(&mut self, name: &str, class: Class) -> ValueId {
        self.new_value(name, class, self.region)
    }

    /// The tangent of a value that varies.
    fn tangent_of(&mut self, value: ValueId) -> Option<ValueId> {
        if !self.varied.value(value) {
            return None;
        }
        if let Some(tangent) = self.values.get(&value) {
            return Some(*tangent);
        }
        let of = self.program.value(value);
        let (name, region) = (format!("{}_d", self.program.stem(&of.ident)), of.region);
        let tangent = self.new_value(&name, Class::Float, region);
        self.values.insert(value, tangent);
        Some(tangent)
    }

    /// The tangent of an atom that varies.
    fn moving(&mut self, atom: &Atom) -> Option<Atom> {
        match atom {
            Atom::Value(value) => self.tangent_of(*value).map(Atom::Value),
            Atom::Literal(_) => None,
        }
    }

    /// The tangent of any number.
    fn tangent_atom(&mut self, atom: &Atom) -> Atom {
        self.moving(atom).unwrap_or_else(|| Atom::number(-0.0))
    }

    /// The tangent of a storage that varies.
    fn storage_of(&mut self, storage: StorageId) -> Option<StorageId> {
        if !self.varied.storage(storage) {
            return None;
        }
        if let Some(tangent) = self.storages.get(&storage) {
            return Some(*tangent);
        }
        let of = self.program.storage(storage);
        let (name, kind) = (format!("{}_d", self.program.stem(&of.ident)), of.kind);
        let ident = self.named(&name);
        self.program.storages.push(Storage { ident, kind, declared: None });
        let tangent = StorageId(self.program.storages.len() - 1);
        self.storages.insert(storage, tangent);
        Some(tangent)
    }

    /// The same place of the tangent.
    fn place(&mut self, place: &Place) -> Option<Place> {
        let storage = self.storage_of(place.storage)?;
        Some(Place { storage, ..place.clone() })
    }

    fn push(&mut self, kind: StatementKind) {
        let span = self.span;
        self.statements.push(Statement { kind, span });
    }

    // --- parameters and result

    /// The caller's tangents, and the statements that read those of numbers.
    fn parameters(&mut self) -> (Vec<Option<StorageId>>, Vec<Statement>) {
        let (mut parameters, mut begin) = (Vec::new(), Vec::new());
        for entry in self.program.entries.clone() {
            let name = match entry {
                Entry::Passive(_) => {
                    parameters.push(None);
                    continue;
                }
                Entry::Scalar(value) => unraw(&self.program.value(value).ident),
                Entry::Storage(storage) => unraw(&self.program.storage(storage).ident),
            };
            let ident = self.named(&format!("{name}_d"));
            let kind = StorageKind::Parameter { reference: true };
            self.program.storages.push(Storage { ident, kind, declared: None });
            let given = StorageId(self.program.storages.len() - 1);
            parameters.push(Some(given));
            match entry {
                Entry::Scalar(value) => {
                    if let Some(out) = self.tangent_of(value) {
                        let place = Place { storage: given, steps: vec![Step::Deref], span: self.span };
                        let kind = StatementKind::Load { out, place };
                        begin.push(Statement { kind, span: self.span });
                    }
                }
                Entry::Storage(storage) => {
                    self.storages.insert(storage, given);
                }
                Entry::Passive(_) => {}
            }
        }
        (parameters, begin)
    }

    fn outcome(&mut self, outcome: &Outcome) -> Outcome {
        match outcome {
            Outcome::Atom(atom) => match self.moving(atom) {
                Some(tangent) => Outcome::Atom(tangent),
                None => self.nothing_of(atom),
            },
            Outcome::Place(place) => match self.place(place) {
                Some(tangent) => Outcome::Place(tangent),
                None => Outcome::Place(self.no_tangent(place)),
            },
            Outcome::Tuple(parts) => Outcome::Tuple(parts.iter().map(|part| self.outcome(part)).collect()),
            Outcome::List(parts) => Outcome::List(parts.iter().map(|part| self.outcome(part)).collect()),
        }
    }

    /// The tangent of a result that does not vary. What may be or hold a number, of a type that only rustc knows, is looked at through a
    /// reference.
    fn nothing_of(&mut self, atom: &Atom) -> Outcome {
        if self.is_float(atom) {
            return Outcome::Atom(Atom::number(-0.0));
        }
        if let Atom::Literal(_) = atom {
            return Outcome::Atom(atom.clone());
        }
        let pieces = vec![Piece::Tokens(quote!(&)), Piece::Atom(atom.clone())];
        let looked_at = HostExpression { pieces, names: Vec::new(), pure: true, span: None };
        let mut whole = self.local("whole", Init::Passive(looked_at));
        whole.steps.push(Step::Deref);
        Outcome::Place(self.no_tangent(&whole))
    }

    // --- regions

    /// Writes a region with tangents. `more` gives the tangents that it yields besides.
    fn region(
        &mut self,
        region: &Region,
        more: impl FnOnce(&mut Self) -> Option<Vec<Atom>>,
    ) -> Option<Region> {
        let outer = (std::mem::take(&mut self.statements), std::mem::replace(&mut self.region, region.id));
        let span = self.span;
        for statement in &region.statements {
            self.span = statement.span;
            self.statement(statement)?;
        }
        let mut yields = region.yields.clone();
        yields.extend(more(self)?);
        let statements = std::mem::take(&mut self.statements);
        (self.statements, self.region) = outer;
        self.span = span;
        Some(Region { id: region.id, statements, yields })
    }

    fn statement(&mut self, statement: &Statement) -> Option<()> {
        match &statement.kind {
            StatementKind::Operation { out, op, operands } => {
                self.push(statement.kind.clone());
                self.operation(*out, *op, operands);
            }
            StatementKind::Passive { out, host } => {
                self.push(statement.kind.clone());
                if let (Some(out), Some(atom)) = (out, alias(host))
                    && let Some(tangent) = self.tangent_of(*out)
                {
                    let from = self.tangent_atom(atom);
                    self.push(arithmetic::same(tangent, from));
                }
            }
            StatementKind::Load { out, place } => {
                self.push(statement.kind.clone());
                if let Some(out) = self.tangent_of(*out)
                    && let Some(place) = self.place(place)
                {
                    self.push(StatementKind::Load { out, place });
                }
            }
            StatementKind::New { storage, init } => {
                self.push(statement.kind.clone());
                self.made(*storage, init)?;
            }
            StatementKind::Store { place, value } => {
                self.push(statement.kind.clone());
                if let Some(place) = self.place(place) {
                    let value = self.tangent_atom(value);
                    self.push(StatementKind::Store { place, value });
                }
            }
            StatementKind::Copy { to, from } => {
                self.push(statement.kind.clone());
                self.copy(to, from);
            }
            StatementKind::Swap { a, b } => {
                self.push(statement.kind.clone());
                if let (Some(a), Some(b)) = (self.place(a), self.place(b)) {
                    self.push(StatementKind::Swap { a, b });
                }
            }
            StatementKind::Change { place, change } => {
                self.push(statement.kind.clone());
                self.change(place, change)?;
            }
            StatementKind::Call(call) => self.call(call)?,
            StatementKind::If { condition, then, otherwise, outs } => {
                self.branch(condition, [then, otherwise], outs)?;
            }
            StatementKind::Choose { out, condition, then, otherwise } => {
                self.push(statement.kind.clone());
                if let Some(out) = self.tangent_of(*out) {
                    let (then, otherwise) = (self.tangent_atom(then), self.tangent_atom(otherwise));
                    let condition = condition.clone();
                    self.push(StatementKind::Choose { out, condition, then, otherwise });
                }
            }
            StatementKind::Loop(repeat) => self.repeat(repeat)?,
            StatementKind::Compute { out, expression } => {
                self.push(statement.kind.clone());
                self.compute(*out, expression);
            }
            StatementKind::Test { .. } => self.push(statement.kind.clone()),
            StatementKind::Accumulate { place, amount } => {
                self.push(statement.kind.clone());
                self.accumulate(place, amount);
            }
            StatementKind::Take { out, place } => {
                self.push(statement.kind.clone());
                self.take(out.as_ref(), place);
            }
            StatementKind::Sum { out, place } => {
                self.push(statement.kind.clone());
                self.sum(*out, place);
            }
            StatementKind::Record(record) => {
                let record = self.record(record);
                self.push(StatementKind::Record(record));
            }
            StatementKind::Replay(record) => {
                let record = self.record(record);
                self.push(StatementKind::Replay(record));
            }
            StatementKind::CallReverse(call) => self.call_reverse(call)?,
        }
        Some(())
    }

    /// The branch that is taken gives the tangents of what it gives.
    fn branch(&mut self, condition: &Atom, branches: [&Region; 2], outs: &[ValueId]) -> Option<()> {
        let varying: Vec<usize> = (0..outs.len()).filter(|at| self.varied.value(outs[*at])).collect();
        let mut all = outs.to_vec();
        all.extend(varying.iter().filter_map(|at| self.tangent_of(outs[*at])));
        let mut written = Vec::new();
        for branch in branches {
            let tangents = |this: &mut Self| {
                Some(varying.iter().map(|at| this.tangent_atom(&branch.yields[*at])).collect())
            };
            written.push(self.region(branch, tangents)?);
        }
        let otherwise = written.pop()?;
        let (condition, then, outs) = (condition.clone(), written.pop()?, all);
        self.push(StatementKind::If { condition, then, otherwise, outs });
        Some(())
    }

    /// A loop carries the tangents of what it carries.
    fn repeat(&mut self, repeat: &Loop) -> Option<()> {
        let varying: Vec<usize> =
            (0..repeat.carried.len()).filter(|at| self.varied.value(repeat.carried[*at].inside)).collect();
        let mut carried = repeat.carried.clone();
        for at in &varying {
            let Carried { start, inside, after } = &repeat.carried[*at];
            let start = self.tangent_atom(start);
            let (inside, after) = (self.tangent_of(*inside)?, self.tangent_of(*after)?);
            carried.push(Carried { start, inside, after });
        }
        let test = match &repeat.test {
            Some((test, atom)) => Some((self.region(test, |_| Some(Vec::new()))?, atom.clone())),
            None => None,
        };
        let tangents = |this: &mut Self| {
            Some(varying.iter().map(|at| this.tangent_atom(&repeat.body.yields[*at])).collect())
        };
        let body = self.region(&repeat.body, tangents)?;
        self.push(StatementKind::Loop(Box::new(Loop { carried, test, body, ..repeat.clone() })));
        Some(())
    }
}
