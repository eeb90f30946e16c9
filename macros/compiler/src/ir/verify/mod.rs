//! What every program must satisfy, whichever pass made it.

mod reverse;

use super::{
    Argument, Atom, Call, Change, Class, Direction, Entry, HostExpression, Init, Loop, Mode, Order, Out,
    Outcome, Place, Program, Region, RegionId, Reverse, Shape, Statement, StatementKind, StorageId,
    StorageKind, ValueId,
};
use std::collections::{BTreeMap, BTreeSet};

type Verified = Result<(), String>;

/// A program, with its reverse sweep if it has one.
pub fn verify(program: &Program) -> Verified {
    let Some(reverse) = &program.reverse else {
        return Verifier::of(program, program.tangent.is_some()).forward();
    };
    let mut verifier = Verifier::of(program, true);
    verifier.forward()?;
    verifier.reverse(reverse)
}

/// A program without a reverse sweep, in which only values are active that an adjoint flows into.
pub fn verify_live(program: &Program) -> Verified {
    Verifier::of(program, true).forward()
}

fn ensure(holds: bool, complaint: impl FnOnce() -> String) -> Verified {
    if holds { Ok(()) } else { Err(complaint()) }
}

struct Verifier<'p> {
    program: &'p Program,
    /// Whether what no adjoint flows into is passive, though it may come from active values.
    live: bool,
    /// In the reverse sweep, the region of the forward sweep that each region reverses.
    reverses: BTreeMap<RegionId, RegionId>,
    /// What has been recorded and not yet replayed.
    records: BTreeMap<usize, (Vec<ValueId>, Vec<StorageId>)>,
    /// What is in scope, and what was ever made.
    values: BTreeSet<ValueId>,
    made: BTreeSet<ValueId>,
    storages: BTreeSet<StorageId>,
    made_storages: BTreeSet<StorageId>,
    regions: BTreeSet<RegionId>,
}

impl<'p> Verifier<'p> {
    fn of(program: &'p Program, live: bool) -> Verifier<'p> {
        // The parameters come first.
        let values = program.entries.iter().filter_map(|entry| match entry {
            Entry::Scalar(value) | Entry::Passive(value) => Some(*value),
            Entry::Storage(_) => None,
        });
        let values: BTreeSet<_> = values.collect();
        let storages = (0..program.storages.len()).map(StorageId);
        let storages: BTreeSet<_> = storages
            .filter(|storage| matches!(program.storage(*storage).kind, StorageKind::Parameter { .. }))
            .collect();
        Verifier {
            program,
            live,
            reverses: BTreeMap::new(),
            records: BTreeMap::new(),
            made: values.clone(),
            values,
            made_storages: storages.clone(),
            storages,
            regions: BTreeSet::new(),
        }
    }

    fn forward(&mut self) -> Verified {
        self.names()?;
        let program = self.program;
        ensure(program.body.id == RegionId(0), || "the body is not the region 0".to_owned())?;
        ensure(program.body.yields.is_empty(), || "the body yields something".to_owned())?;
        self.open(&program.body, |verifier| {
            verifier.outcome(&program.outcome)?;
            program.tangent.iter().try_for_each(|tangent| verifier.outcome(&tangent.outcome))
        })
    }

    /// The reverse sweep sees the body of a joint program, and no more than the parameters of a split one.
    fn reverse(&mut self, reverse: &Reverse) -> Verified {
        self.reverses = reverse.regions.iter().map(|(forward, reverse)| (*reverse, *forward)).collect();
        if reverse.mode == Mode::Split {
            let parameters = Verifier::of(self.program, true);
            (self.values, self.storages) = (parameters.values, parameters.storages);
        }
        self.storages.extend(reverse.buffers.iter().flatten().chain(&reverse.seed));
        if let Some(tangent) = &self.program.tangent {
            self.storages.extend(tangent.buffers.iter().flatten().chain(&tangent.seed));
        }
        // It assigns values of the forward sweep again, each once.
        (self.made, self.made_storages) = (BTreeSet::new(), BTreeSet::new());
        self.open(&reverse.region, |_| Ok(()))?;
        ensure(self.records.is_empty(), || format!("records are never replayed: {:?}", self.records))
    }

    /// Generated code names adjoints after values: two of one name would be one. Passive data has none, and keeps the user's
    /// names, which may be the same in two branches.
    fn names(&self) -> Verified {
        let mut names = BTreeSet::new();
        let values = self.program.values.iter().filter(|value| value.class != Class::Data);
        let values = values.map(|value| &value.ident);
        // The number of a complete accumulator has the accumulator's name.
        let is_accumulator = |storage: &&super::Storage| matches!(storage.kind, StorageKind::Adjoint { .. });
        let storages = self.program.storages.iter().filter(|storage| !is_accumulator(storage));
        for ident in values.chain(storages.map(|storage| &storage.ident)) {
            let name = self.program.stem(ident);
            ensure(names.insert(name.clone()), || format!("two values are called `{name}`"))?;
        }
        Ok(())
    }

    // --- scopes

    /// Verifies a region, and what is said of its end while what it made is in scope.
    fn region(&mut self, region: &Region, end: impl FnOnce(&mut Self) -> Verified) -> Verified {
        let (values, storages) = (self.values.clone(), self.storages.clone());
        self.open(region, end)?;
        (self.values, self.storages) = (values, storages);
        Ok(())
    }

    /// The same, and what it made stays in scope.
    fn open(&mut self, region: &Region, end: impl FnOnce(&mut Self) -> Verified) -> Verified {
        ensure(self.regions.insert(region.id), || format!("{:?} is there twice", region.id))?;
        for statement in &region.statements {
            self.statement(region.id, statement)?;
        }
        region.yields.iter().try_for_each(|atom| self.atom(atom))?;
        end(self)
    }

    fn name(&self, value: ValueId) -> String {
        self.program.value(value).ident.to_string()
    }

    fn define(&mut self, value: ValueId, region: RegionId) -> Verified {
        ensure(self.made.insert(value), || format!("`{}` is assigned twice", self.name(value)))?;
        let of = self.program.value(value).region;
        ensure(of == region || self.reverses.get(&region) == Some(&of), || {
            format!("`{}` is assigned in another region than it says", self.name(value))
        })?;
        self.values.insert(value);
        Ok(())
    }

    fn make(&mut self, storage: StorageId, region: RegionId) -> Verified {
        let of = self.program.storage(storage);
        ensure(self.made_storages.insert(storage), || format!("`{}` is made twice", of.ident))?;
        let made = match of.kind {
            StorageKind::Local { region, .. } | StorageKind::Adjoint { region } => Some(region),
            StorageKind::Parameter { .. } | StorageKind::Buffer { .. } | StorageKind::Seed => None,
        };
        let is_here = made.is_some() && (made == Some(region) || made == self.reverses.get(&region).copied());
        ensure(is_here, || format!("`{}` is made in another region than it says", of.ident))?;
        self.storages.insert(storage);
        Ok(())
    }

    fn read(&self, value: ValueId) -> Verified {
        ensure(self.values.contains(&value), || format!("`{}` is read out of its scope", self.name(value)))
    }

    fn atom(&self, atom: &Atom) -> Verified {
        match atom {
            Atom::Value(value) => self.read(*value),
            Atom::Literal(_) => Ok(()),
        }
    }

    fn host(&self, host: &HostExpression) -> Verified {
        let (mut values, mut storages) = (Vec::new(), Vec::new());
        host.read(&mut values);
        host.look_at(&mut storages);
        values.into_iter().try_for_each(|value| self.read(value))?;
        storages.into_iter().try_for_each(|storage| self.look(storage))
    }

    fn look(&self, storage: StorageId) -> Verified {
        let ident = &self.program.storage(storage).ident;
        ensure(self.storages.contains(&storage), || format!("`{ident}` is looked at out of its scope"))
    }

    fn place(&self, place: &Place) -> Verified {
        let (mut values, mut storages) = (Vec::new(), Vec::new());
        place.read(&mut values);
        place.look_at(&mut storages);
        // A length may be another when the reverse sweep comes by.
        ensure(storages.len() == 1, || {
            format!("an index into `{}` looks at a sequence", self.program.storage(place.storage).ident)
        })?;
        values.into_iter().try_for_each(|value| self.read(value))?;
        storages.into_iter().try_for_each(|storage| self.look(storage))
    }

    /// A place that is changed is a local's.
    fn changed(&self, place: &Place) -> Verified {
        let storage = self.program.storage(place.storage);
        let is_constant = matches!(storage.kind, StorageKind::Parameter { .. } | StorageKind::Seed);
        ensure(!is_constant, || format!("`{}` is changed", storage.ident))?;
        self.place(place)
    }

    // --- classes

    fn class(&self, atom: &Atom) -> Option<Class> {
        match atom {
            Atom::Value(value) => Some(self.program.value(*value).class),
            Atom::Literal(_) => None,
        }
    }

    fn is_active(&self, atom: &Atom) -> bool {
        self.program.active(atom).is_some()
    }

    fn number(&self, atom: &Atom) -> Verified {
        self.atom(atom)?;
        self.is(atom, Class::Float)
    }

    fn is(&self, atom: &Atom, class: Class) -> Verified {
        ensure(self.class(atom).is_none_or(|known| known == class), || format!("{atom:?} is no {class:?}"))
    }

    /// What a value takes over from an atom: the class, and that it is active.
    fn takes(&self, value: ValueId, from: &Atom) -> Verified {
        let of = self.program.value(value);
        self.is(from, of.class)?;
        ensure(self.live || of.active || !self.is_active(from), || {
            format!("the derivative of {from:?} is lost in `{}`", of.ident)
        })
    }

    /// A value that nothing flows back to. The reverse sweep restores and recomputes active values too.
    fn passive(&self, value: ValueId) -> Verified {
        let restores = !self.reverses.is_empty();
        ensure(restores || !self.program.value(value).active, || format!("`{}` is active", self.name(value)))
    }

    fn float(&self, value: ValueId) -> Verified {
        ensure(self.program.value(value).class == Class::Float, || {
            format!("`{}` is no float", self.name(value))
        })
    }

    // --- statements

    fn statement(&mut self, region: RegionId, statement: &Statement) -> Verified {
        match &statement.kind {
            StatementKind::Operation { out, op, operands } => {
                ensure(op.arity() > 0 && op.arity() == operands.len(), || {
                    format!("`{}` of {} operands", op.name(), operands.len())
                })?;
                operands.iter().try_for_each(|operand| self.number(operand))?;
                let active = operands.iter().any(|operand| self.is_active(operand));
                let out_active = self.program.value(*out).active;
                ensure(out_active == active || self.live && active, || {
                    format!(
                        "`{}` is active where its operands are not, or the other way round",
                        self.name(*out)
                    )
                })?;
                self.float(*out)?;
                self.define(*out, region)
            }
            StatementKind::Passive { out, host } => {
                self.host(host)?;
                match out {
                    Some(out) => {
                        self.passive(*out)?;
                        self.define(*out, region)
                    }
                    None => Ok(()),
                }
            }
            StatementKind::Load { out, place } => {
                self.place(place)?;
                self.float(*out)?;
                ensure(self.live || self.program.value(*out).active, || {
                    format!("the derivative of `{}` is lost", self.name(*out))
                })?;
                self.define(*out, region)
            }
            StatementKind::New { storage, init } => {
                self.init(init)?;
                self.make(*storage, region)
            }
            StatementKind::Store { place, value } => {
                self.changed(place)?;
                self.number(value)
            }
            StatementKind::Copy { to, from } => {
                self.changed(to)?;
                self.place(from)
            }
            StatementKind::Swap { a, b } => {
                self.changed(a)?;
                self.changed(b)?;
                ensure(a.storage != b.storage, || "a swap within one storage".to_owned())
            }
            StatementKind::Change { place, change } => self.change(region, place, change),
            StatementKind::Call(call) => self.call(region, call),
            StatementKind::If { condition, then, otherwise, outs } => {
                self.atom(condition)?;
                self.is(condition, Class::Scalar)?;
                for branch in [then, otherwise] {
                    ensure(branch.yields.len() == outs.len(), || {
                        format!("{} yields for {} results", branch.yields.len(), outs.len())
                    })?;
                    self.region(branch, |verifier| {
                        outs.iter().zip(&branch.yields).try_for_each(|(out, atom)| verifier.takes(*out, atom))
                    })?;
                }
                outs.iter().try_for_each(|out| self.define(*out, region))
            }
            StatementKind::Choose { out, condition, then, otherwise } => {
                self.atom(condition)?;
                self.is(condition, Class::Scalar)?;
                for atom in [then, otherwise] {
                    self.atom(atom)?;
                    self.takes(*out, atom)?;
                }
                self.define(*out, region)
            }
            StatementKind::Loop(repeat) => self.repeat(region, repeat),
            StatementKind::Compute { .. }
            | StatementKind::Test { .. }
            | StatementKind::Accumulate { .. }
            | StatementKind::Take { .. }
            | StatementKind::Sum { .. }
            | StatementKind::Record(_)
            | StatementKind::Replay(_)
            | StatementKind::CallReverse(_) => self.of_the_reverse_sweep(region, &statement.kind),
        }
    }

    // --- parts

    fn change(&mut self, region: RegionId, place: &Place, change: &Change) -> Verified {
        self.changed(place)?;
        match change {
            Change::Swap(a, b) => {
                self.atom(a)?;
                self.atom(b)
            }
            Change::Push(element) => self.init(element),
            Change::Pop(Out::Value(out)) => {
                self.float(*out)?;
                self.define(*out, region)
            }
            Change::Pop(Out::Storage(storage)) => self.make(*storage, region),
            Change::Pop(Out::Tuple(_)) => Err("several results of a `pop`".to_owned()),
            Change::Truncate { length, before } => {
                self.host(length)?;
                self.atom(before)
            }
            Change::Resize(length) => self.atom(length),
        }
    }

    fn init(&self, init: &Init) -> Verified {
        match init {
            Init::Passive(host) => self.host(host),
            Init::List { elements, .. } | Init::Tuple(elements) => {
                elements.iter().try_for_each(|element| self.init(element))
            }
            Init::Struct { fields, base, .. } => {
                fields.iter().try_for_each(|(_, init)| {
                    // A field may be an integer.
                    if let Init::Atom(atom) = init { self.atom(atom) } else { self.init(init) }
                })?;
                base.iter().try_for_each(|base| self.place(base))
            }
            Init::Repeat { element, length, .. } => {
                self.init(element)?;
                self.host(length)
            }
            Init::Copy { place, .. } | Init::Unreached(Shape::Like(place) | Shape::Same(place)) => {
                self.place(place)
            }
            // A number may begin as data of a type that only rustc knows.
            Init::Atom(atom) if self.class(atom) == Some(Class::Data) => self.atom(atom),
            Init::Atom(atom) => self.number(atom),
            Init::Storage(storage) => self.look(*storage),
            Init::Number(expression) => self.expression(expression),
            Init::Unset | Init::Unreached(Shape::Number) => Ok(()),
            Init::Unreached(Shape::Type(storage)) => {
                ensure(self.program.storage(*storage).local().is_some_and(|(_, fixed)| fixed), || {
                    format!("the type of `{}` tells no shape", self.program.storage(*storage).ident)
                })
            }
        }
    }

    fn call(&mut self, region: RegionId, call: &Call) -> Verified {
        let mut partials = Vec::new();
        for argument in &call.arguments {
            match argument {
                Argument::Number { atom, partial } => {
                    self.number(atom)?;
                    let needed = self.is_active(atom) && !call.in_halves;
                    ensure(partial.is_some() == needed || self.live && !needed, || {
                        format!("{atom:?} has a partial derivative and needs none, or the other way round")
                    })?;
                    partials.extend(partial);
                }
                Argument::Place { place, .. } => {
                    ensure(call.in_halves, || "a sequence goes to a call at once".to_owned())?;
                    self.place(place)?;
                }
                Argument::Changed { place, before } => {
                    self.place(before)?;
                    ensure(call.in_halves, || "what is changed goes to a call at once".to_owned())?;
                    ensure(self.program.storage(place.storage).local().is_some(), || {
                        "a callee changes what is no local storage".to_owned()
                    })?;
                    self.place(place)?;
                }
                Argument::Passive(host) => self.host(host)?,
            }
        }
        call.rest.iter().try_for_each(|rest| self.host(rest))?;
        ensure(call.in_halves || call.rest.is_none(), || "a call at once may fail".to_owned())?;
        let (mut values, mut storages) = (Vec::new(), Vec::new());
        call.out.parts(&mut values, &mut storages);
        ensure(call.in_halves || matches!(call.out, Out::Value(_)), || {
            "a call at once gives no number".to_owned()
        })?;
        for partial in partials {
            self.passive(partial)?;
            self.float(partial)?;
            self.define(partial, region)?;
        }
        if let Some(tangents) = &call.tangents {
            ensure(tangents.arguments.len() == call.arguments.len(), || {
                "a tangent for each argument".to_owned()
            })?;
            for direction in &tangents.arguments {
                match direction {
                    Direction::Number(atom) => self.number(atom)?,
                    Direction::Place(place) => self.place(place)?,
                    Direction::Nothing => {}
                }
            }
            tangents.out.parts(&mut values, &mut storages);
        }
        values.into_iter().try_for_each(|value| self.define(value, region))?;
        storages.into_iter().try_for_each(|storage| self.make(storage, region))
    }

    fn repeat(&mut self, region: RegionId, repeat: &Loop) -> Verified {
        repeat.iterator.iter().try_for_each(|iterator| self.host(iterator))?;
        match repeat.order {
            Order::Forward => {
                ensure(
                    repeat.iterator.is_some() || repeat.items.is_some() || repeat.until.is_some(),
                    || "a loop without an end".to_owned(),
                )?;
            }
            Order::Backward { trips, .. } => {
                ensure(repeat.iterator.is_some() || trips.is_some(), || "a loop without an end".to_owned())?;
                trips.iter().try_for_each(|trips| self.read(*trips))?;
            }
        }
        let body = &repeat.body;
        ensure(body.yields.len() == repeat.carried.len(), || {
            format!("{} yields for {} carried values", body.yields.len(), repeat.carried.len())
        })?;
        for carried in &repeat.carried {
            self.atom(&carried.start)?;
            let (inside, after) = (self.program.value(carried.inside), self.program.value(carried.after));
            ensure(inside.class == after.class && (inside.active == after.active || self.live), || {
                format!("`{}` and `{}` differ in kind", inside.ident, after.ident)
            })?;
            self.takes(carried.inside, &carried.start)?;
        }
        let outside = (self.values.clone(), self.storages.clone());
        self.passive(repeat.index)?;
        self.define(repeat.index, body.id)?;
        repeat.carried.iter().try_for_each(|carried| self.define(carried.inside, body.id))?;
        if let Some((test, atom)) = &repeat.test {
            self.region(test, |verifier| {
                verifier.atom(atom)?;
                verifier.is(atom, Class::Scalar)
            })?;
        }
        if let Some((item, items)) = &repeat.items {
            let is_reverse = !self.reverses.is_empty();
            ensure(repeat.iterator.is_none() && (repeat.until.is_some() || is_reverse), || {
                "two iterators of a loop".to_owned()
            })?;
            self.host(items)?;
            self.passive(*item)?;
            self.define(*item, body.id)?;
        }
        self.region(body, |verifier| {
            for (carried, next) in repeat.carried.iter().zip(&body.yields) {
                verifier.takes(carried.inside, next)?;
            }
            if let Some(fused) = &repeat.fused {
                verifier.fused(fused)?;
            }
            match &repeat.until {
                Some((last, _)) => {
                    verifier.atom(last)?;
                    verifier.is(last, Class::Scalar)
                }
                None => Ok(()),
            }
        })?;
        (self.values, self.storages) = outside;
        if let Some((_, trips)) = &repeat.until {
            self.passive(*trips)?;
            self.define(*trips, region)?;
        }
        if let Some(number) = repeat.block {
            ensure(crate::transform::fills_block(self.program, repeat) == Some(number), || {
                format!("the records #{number} do not fill a block")
            })?;
        }
        repeat.carried.iter().try_for_each(|carried| self.define(carried.after, region))
    }

    /// The reverse of an iteration, right after it. It makes values of inner regions again.
    fn fused(&mut self, fused: &Region) -> Verified {
        let regions = self.program.reverse.iter().flat_map(|reverse| &reverse.regions);
        self.reverses = regions.map(|(forward, reverse)| (*reverse, *forward)).collect();
        let made = (std::mem::take(&mut self.made), std::mem::take(&mut self.made_storages));
        self.region(fused, |_| Ok(()))?;
        (self.made, self.made_storages) = made;
        self.reverses = BTreeMap::new();
        Ok(())
    }

    fn outcome(&self, outcome: &Outcome) -> Verified {
        match outcome {
            Outcome::Atom(atom) => self.atom(atom),
            Outcome::Place(place) => self.place(place),
            Outcome::Tuple(parts) | Outcome::List(parts) => {
                parts.iter().try_for_each(|part| self.outcome(part))
            }
        }
    }
}
