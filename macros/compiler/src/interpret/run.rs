//! A program as it runs: the statements of its forward sweep and of its reverse sweep alike. What a sweep does not make
//! available is not there, and whoever reads it fails.

use super::datum::{Cell, Datum, Evaluated, Iter, Place as Found, Scope, cell, unknown, wrong};
use super::frame::Frame;
use super::host::{Composed, GIVEN, value_name};
use super::module::Module;
use crate::ir::{
    Amount, Argument, Atom, Call, CallReverse, Change, Class, HostExpression, Init, Loop, Mode, Order, Out,
    Outcome, Place, Program, Record, Region, RegionId, Reverse, Seed, Shape, Statement, StatementKind, Step,
    Storage, StorageId, StorageKind, ValueId,
};
use std::collections::HashMap;
use std::rc::Rc;

/// A run of a program.
pub struct Run<'p> {
    pub(super) module: &'p Module,
    pub(super) program: &'p Program,
    reverse: Option<&'p Reverse>,
    /// For each region of the reverse sweep, the one that it reverses.
    reverses: HashMap<RegionId, RegionId>,
    /// What is at hand.
    values: Vec<Option<Cell>>,
    storages: Vec<Option<Cell>>,
    /// The shapes of storages whose types tell them.
    pub(super) shapes: HashMap<StorageId, Datum>,
    pub(super) frame: &'p mut Frame,
    /// Constants of the function, generic ones among them.
    constants: Scope,
    composed: HashMap<*const HostExpression, Rc<Composed>>,
}

impl<'p> Run<'p> {
    /// A run with these arguments, by the names of the parameters.
    pub fn new(
        module: &'p Module,
        program: &'p Program,
        arguments: &[(String, Datum)],
        mut constants: Scope,
        frame: &'p mut Frame,
    ) -> Evaluated<Run<'p>> {
        let reverse = program.reverse.as_ref();
        let regions = reverse.into_iter().flat_map(|reverse| &reverse.regions);
        for item in &program.items {
            module.machine().local_item(item, &mut constants)?;
        }
        let (values, storages) = (program.values.len(), program.storages.len());
        let mut run = Run {
            module,
            program,
            reverse,
            reverses: regions.map(|(forward, reverse)| (*reverse, *forward)).collect(),
            values: vec![None; values],
            storages: vec![None; storages],
            shapes: HashMap::new(),
            frame,
            constants,
            composed: HashMap::new(),
        };
        run.enter(arguments)?;
        Ok(run)
    }

    /// Gives the parameters their values.
    fn enter(&mut self, arguments: &[(String, Datum)]) -> Evaluated<()> {
        let program = self.program;
        for (name, argument) in arguments {
            let value = program.values.iter().position(|value| value.ident == *name);
            let is_parameter = |storage: &Storage| is_parameter(storage) && storage.ident == *name;
            match (program.storages.iter().position(is_parameter), value) {
                (Some(storage), _) => self.storages[storage] = Some(cell(argument.clone())),
                (None, Some(value)) => self.values[value] = Some(cell(argument.clone())),
                (None, None) => return wrong(format!("the program has no parameter `{name}`")),
            }
        }
        Ok(())
    }

    /// The reverse sweep.
    fn sweep(&self) -> &'p Reverse {
        self.reverse.expect("a program that was reversed")
    }

    /// The gradient for a parameter, by its position.
    pub fn gradient(&self, parameter: usize) -> Evaluated<Option<Datum>> {
        match self.sweep().buffers[parameter] {
            Some(buffer) => Ok(Some(self.storage(buffer)?.borrow().clone())),
            None => Ok(None),
        }
    }

    /// Forgets everything that does not outlive the forward sweep.
    pub fn forget(&mut self, arguments: &[(String, Datum)]) -> Evaluated<()> {
        if self.sweep().mode == Mode::Split {
            self.values.iter_mut().for_each(|value| *value = None);
            self.storages.iter_mut().for_each(|storage| *storage = None);
            return self.enter(arguments);
        }
        for (at, value) in self.program.values.iter().enumerate() {
            if value.region != RegionId(0) {
                self.values[at] = None;
            }
        }
        for (at, storage) in self.program.storages.iter().enumerate() {
            if storage.local().is_some_and(|(region, _)| region != RegionId(0)) {
                self.storages[at] = None;
            }
        }
        Ok(())
    }

    /// Forgets what a region made.
    fn leave(&mut self, region: RegionId) {
        let of = self.reverses.get(&region).copied().unwrap_or(region);
        for (at, value) in self.program.values.iter().enumerate() {
            if value.region == region || value.region == of {
                self.values[at] = None;
            }
        }
        for (at, storage) in self.program.storages.iter().enumerate() {
            let made = match storage.kind {
                StorageKind::Local { region, .. } | StorageKind::Adjoint { region } => Some(region),
                StorageKind::Parameter { .. } | StorageKind::Buffer { .. } | StorageKind::Seed => None,
            };
            if made == Some(region) || made == Some(of) {
                self.storages[at] = None;
            }
        }
    }

    // --- values, host expressions and places

    pub(super) fn name(&self, value: ValueId) -> String {
        self.program.value(value).ident.to_string()
    }

    pub(super) fn value(&self, value: ValueId) -> Evaluated<Datum> {
        match &self.values[value.0] {
            Some(cell) => Ok(cell.borrow().clone()),
            None => wrong(format!("`{}` is not at hand", self.name(value))),
        }
    }

    pub(super) fn set(&mut self, value: ValueId, datum: Datum) {
        self.values[value.0] = Some(cell(datum));
    }

    pub(super) fn storage(&self, storage: StorageId) -> Evaluated<Cell> {
        match &self.storages[storage.0] {
            Some(cell) => Ok(cell.clone()),
            None => wrong(format!("`{}` is not at hand", self.program.storage(storage).ident)),
        }
    }

    pub(super) fn atom(&self, atom: &Atom) -> Evaluated<Datum> {
        match atom {
            Atom::Value(value) => self.value(*value),
            Atom::Literal(literal) => {
                let literal: syn::Expr = syn::parse_quote!(#literal);
                self.module.machine().expression(&literal, &mut Scope::default())
            }
        }
    }

    pub(super) fn host(&mut self, host: &HostExpression) -> Evaluated<Datum> {
        self.host_in(host, self.constants.clone())
    }

    /// A host expression that stands behind a value.
    fn host_behind(&mut self, rest: &HostExpression, value: Datum) -> Evaluated<Datum> {
        let mut scope = self.constants.clone();
        scope.bind(GIVEN, cell(value));
        self.host_in(rest, scope)
    }

    fn host_in(&mut self, host: &HostExpression, mut scope: Scope) -> Evaluated<Datum> {
        let key: *const HostExpression = host;
        let composed = match self.composed.get(&key) {
            Some(composed) => composed.clone(),
            None => {
                let composed = Rc::new(Composed::of(host, self.program)?);
                self.composed.insert(key, composed.clone());
                composed
            }
        };
        let program = self.program;
        // What keeps the user's name: parameters, and passive data.
        for (at, value) in program.values.iter().enumerate() {
            if let Some(cell) = &self.values[at]
                && composed.words.contains(&value.ident.to_string())
            {
                scope.bind(&value.ident.to_string(), cell.clone());
            }
        }
        for (at, storage) in program.storages.iter().enumerate() {
            if let Some(cell) = &self.storages[at]
                && is_parameter(storage)
                && composed.words.contains(&storage.ident.to_string())
            {
                scope.bind(&storage.ident.to_string(), cell.clone());
            }
        }
        for value in &composed.values {
            match &self.values[value.0] {
                Some(cell) => scope.bind(&value_name(*value), cell.clone()),
                None => return wrong(format!("`{}` is not at hand", self.name(*value))),
            }
        }
        for (name, place) in &composed.places {
            // Its elements stay where they are.
            let place = self.place(place)?;
            scope.bind(name, cell(Datum::Reference(place)));
        }
        self.module.machine().block(&composed.block, &scope)?.read()
    }

    /// A place of a storage.
    pub(super) fn place(&mut self, place: &Place) -> Evaluated<Found> {
        let root = self.storage(place.storage)?;
        let mut found = Found::from(root);
        for step in &place.steps {
            found = match step {
                Step::Index(host) | Step::Range(host) => {
                    let index = self.host(host)?;
                    found.indexed(index)?
                }
                Step::Deref => found,
                Step::Field(member) => match member.to_string().parse() {
                    Ok(at) => found.at(at)?,
                    Err(_) => return unknown(format!("the field `{member}`")),
                },
            };
        }
        Ok(found)
    }

    // --- statements

    /// The function's value.
    pub fn forward(&mut self) -> Evaluated<Datum> {
        let program = self.program;
        self.run(&program.body)?;
        self.outcome(&program.outcome)
    }

    /// How fast the gradient for a parameter changes, by a program with tangents of adjoints.
    pub fn turned(&self, parameter: usize) -> Evaluated<Option<Datum>> {
        let tangent = self.program.tangent.as_ref();
        match tangent.and_then(|tangent| tangent.buffers[parameter]) {
            Some(buffer) => Ok(Some(self.storage(buffer)?.borrow().clone())),
            None => Ok(None),
        }
    }

    /// Runs the reverse sweep from weights in the result's shape, which do not change. The caller's buffers hold this number
    /// everywhere.
    pub fn backward(&mut self, seed: &Datum, buffers: f64) -> Evaluated<()> {
        self.backward_with(seed, &seed.filled(-0.0), buffers)
    }

    /// The same with the tangents of the weights.
    pub fn backward_with(&mut self, seed: &Datum, turn: &Datum, buffers: f64) -> Evaluated<()> {
        let reverse = self.sweep();
        for (entry, buffer) in self.program.entries.iter().zip(&reverse.buffers) {
            let storage = match entry {
                crate::ir::Entry::Storage(storage) => Some(*storage),
                crate::ir::Entry::Scalar(_) | crate::ir::Entry::Passive(_) => None,
            };
            let Some(buffer) = buffer else { continue };
            let zeros = match storage {
                Some(storage) => self.storage(storage)?.borrow().filled(buffers),
                None => Datum::from(buffers),
            };
            if let Some(turned) = self.turned_buffer(*buffer) {
                self.storages[turned.0] = Some(cell(zeros.clone()));
            }
            self.storages[buffer.0] = Some(cell(zeros));
        }
        if let Some(storage) = reverse.seed {
            self.storages[storage.0] = Some(cell(seed.clone()));
        }
        if let Some(storage) = self.program.tangent.as_ref().and_then(|tangent| tangent.seed) {
            self.storages[storage.0] = Some(cell(turn.clone()));
        }
        self.run(&reverse.region)
    }

    /// The buffer for the tangents of an adjoint.
    fn turned_buffer(&self, buffer: StorageId) -> Option<StorageId> {
        let tangent = self.program.tangent.as_ref()?;
        let at = self.sweep().buffers.iter().position(|own| *own == Some(buffer))?;
        *tangent.buffers.get(at)?
    }

    pub(super) fn outcome(&mut self, outcome: &Outcome) -> Evaluated<Datum> {
        Ok(match outcome {
            Outcome::Atom(atom) => self.atom(atom)?,
            Outcome::Place(place) => self.place(place)?.get()?,
            Outcome::Tuple(parts) => {
                Datum::Tuple(parts.iter().map(|part| self.outcome(part)).collect::<Evaluated<_>>()?)
            }
            Outcome::List(parts) => {
                Datum::List(parts.iter().map(|part| self.outcome(part)).collect::<Evaluated<_>>()?)
            }
        })
    }

    fn run(&mut self, region: &Region) -> Evaluated<()> {
        region.statements.iter().try_for_each(|statement| self.statement(statement))
    }

    /// What is recorded bears its name, so that a replay in another order fails.
    fn record(&mut self, record: &Record) -> Evaluated<()> {
        for storage in &record.storages {
            let whole = self.storage(*storage)?.borrow().clone();
            self.frame.save(&format!("{}#{}", self.program.storage(*storage).ident, record.number), whole);
        }
        for value in &record.values {
            let recorded = self.value(*value)?;
            self.frame.save(&format!("{}#{}", self.name(*value), record.number), recorded);
        }
        Ok(())
    }

    fn replay(&mut self, record: &Record) -> Evaluated<()> {
        for value in record.values.iter().rev() {
            let recorded = self.frame.back(&format!("{}#{}", self.name(*value), record.number))?;
            self.set(*value, recorded);
        }
        for storage in record.storages.iter().rev() {
            let name = format!("{}#{}", self.program.storage(*storage).ident, record.number);
            self.storages[storage.0] = Some(cell(self.frame.back(&name)?));
        }
        Ok(())
    }

    pub(super) fn statement(&mut self, statement: &Statement) -> Evaluated<()> {
        match &statement.kind {
            StatementKind::Operation { out, op, operands } => {
                let operands = operands
                    .iter()
                    .map(|operand| self.atom(operand)?.float())
                    .collect::<Evaluated<Vec<_>>>()?;
                self.set(*out, Datum::from(op.value(&operands)));
            }
            StatementKind::Passive { out, host } => {
                let value = self.host(host)?;
                if let Some(out) = out {
                    self.set(*out, value);
                }
            }
            StatementKind::Load { out, place } => {
                let value = self.place(place)?.get()?;
                self.set(*out, Datum::Float(value.number()?));
            }
            StatementKind::New { storage, init } => {
                let value = self.init(init)?;
                self.make(*storage, value);
            }
            StatementKind::Store { place, value } => {
                let value = self.atom(value)?.number()?;
                self.place(place)?.set(Datum::Float(value))?;
                self.see(place.storage)?;
            }
            StatementKind::Copy { to, from } => {
                let value = self.place(from)?.get()?;
                self.place(to)?.set(value)?;
                self.see(to.storage)?;
            }
            StatementKind::Swap { a, b } => {
                let (place_a, place_b) = (a.storage, b.storage);
                let (a, b) = (self.place(a)?, self.place(b)?);
                let (x, y) = (a.get()?, b.get()?);
                a.set(y)?;
                b.set(x)?;
                self.see(place_a)?;
                self.see(place_b)?;
            }
            StatementKind::Change { place, change } => self.change(place, change)?,
            StatementKind::Call(call) => self.call(call)?,
            StatementKind::If { condition, then, otherwise, outs } => {
                let taken = if self.atom(condition)?.bool()? { then } else { otherwise };
                self.leave(taken.id);
                self.run(taken)?;
                let yields =
                    taken.yields.iter().map(|atom| self.atom(atom)).collect::<Evaluated<Vec<_>>>()?;
                self.leave(taken.id);
                outs.iter().zip(yields).for_each(|(out, value)| self.set(*out, value));
            }
            StatementKind::Choose { out, condition, then, otherwise } => {
                let chosen = if self.atom(condition)?.bool()? { then } else { otherwise };
                let chosen = self.atom(chosen)?;
                self.set(*out, chosen);
            }
            StatementKind::Loop(repeat) => self.repeat(repeat)?,
            StatementKind::Compute { out, expression } => {
                let number = self.expression(expression)?;
                self.set(*out, Datum::from(number));
            }
            StatementKind::Test { out, test } => {
                let holds = self.test(test)?;
                self.set(*out, Datum::Bool(holds));
            }
            StatementKind::Accumulate { place, amount: Amount::Number(amount) } => {
                let amount = self.expression(amount)?;
                let place = self.place(place)?;
                accumulate(&place, &Datum::from(amount))?;
            }
            StatementKind::Accumulate { place, amount: Amount::Storage(from) } => {
                let (place, from) = (self.place(place)?, self.place(from)?.get()?);
                accumulate(&place, &from)?;
            }
            StatementKind::Accumulate { amount: Amount::Field { .. }, .. } => return unknown("a struct"),
            StatementKind::Take { out, place } => {
                let place = self.place(place)?;
                let taken = place.get()?;
                place.set(taken.filled(-0.0))?;
                if let Some(out) = out {
                    self.given(out, taken)?;
                }
            }
            StatementKind::Sum { out, place } => {
                let numbers = self.place(place)?.get()?;
                let sum: f64 = numbers.flat().iter().map(|number| number.value).sum();
                self.set(*out, Datum::from(sum));
            }
            StatementKind::Record(record) => self.record(record)?,
            StatementKind::Replay(record) => self.replay(record)?,
            StatementKind::CallReverse(call) => self.call_reverse(call)?,
        }
        Ok(())
    }

    /// The reverse half of a callee adds to the buffers.
    fn call_reverse(&mut self, call: &CallReverse) -> Evaluated<()> {
        let arguments = self.arguments(&call.arguments)?;
        let seed = self.seed(&call.seed)?;
        if let Some(tangents) = &call.tangents {
            let directions = self.directions(&tangents.arguments, &arguments)?;
            let turn = self.seed(&tangents.seed)?;
            let pairs = self.module.second_reverse_half(
                &call.callee,
                (&arguments, &directions),
                (&seed, &turn),
                self.frame,
            )?;
            for ((buffer, turned), pair) in call.buffers.iter().zip(&tangents.buffers).zip(pairs) {
                for (buffer, gradient) in [buffer, turned].into_iter().zip(pair) {
                    if let (Some(buffer), Some(gradient)) = (buffer, gradient) {
                        let place = self.place(buffer)?;
                        accumulate(&place, &gradient)?;
                    }
                }
            }
            return Ok(());
        }
        let gradients =
            self.module.reverse_half(&call.callee, &arguments, &seed, self.frame, call.may_fail)?;
        for (buffer, gradient) in call.buffers.iter().zip(gradients) {
            if let (Some(buffer), Some(gradient)) = (buffer, gradient) {
                let place = self.place(buffer)?;
                accumulate(&place, &gradient)?;
            }
        }
        Ok(())
    }

    fn seed(&mut self, seed: &Seed) -> Evaluated<Datum> {
        Ok(match seed {
            Seed::Number(expression) => Datum::from(self.expression(expression)?),
            Seed::Storage(storage) => self.storage(*storage)?.borrow().clone(),
            Seed::Nothing(Class::Float) => Datum::from(-0.0),
            Seed::Nothing(Class::Scalar | Class::Data) => Datum::Default,
            Seed::Tuple(parts) => {
                Datum::Tuple(parts.iter().map(|part| self.seed(part)).collect::<Evaluated<_>>()?)
            }
        })
    }

    /// What begins as `Default::default()` has a shape as soon as something is put there.
    fn see(&mut self, storage: StorageId) -> Evaluated<()> {
        if self.shapes.contains_key(&storage) {
            let shape = self.storage(storage)?.borrow().filled(0.0);
            self.shapes.insert(storage, shape);
        }
        Ok(())
    }

    fn make(&mut self, storage: StorageId, value: Datum) {
        if self.program.storage(storage).local().is_some_and(|(_, fixed)| fixed) {
            self.shapes.insert(storage, value.filled(0.0));
        }
        self.storages[storage.0] = Some(cell(value));
    }

    fn change(&mut self, place: &Place, change: &Change) -> Evaluated<()> {
        let found = self.place(place)?;
        let mut items = found.get()?.list()?;
        match change {
            Change::Swap(a, b) => {
                let (a, b) = (self.atom(a)?.size()?, self.atom(b)?.size()?);
                items.swap(a, b);
            }
            Change::Push(element) => items.push(self.init(element)?),
            Change::Pop(out) => {
                let popped = items.pop();
                match out {
                    Out::Value(out) => self.set(*out, popped.unwrap_or(Datum::from(0.0))),
                    Out::Storage(storage) => self.make(*storage, popped.unwrap_or(Datum::List(Vec::new()))),
                    Out::Tuple(_) => return unknown("several results of a `pop`"),
                }
            }
            Change::Truncate { length, .. } => items.truncate(self.host(length)?.size()?),
            Change::Resize(length) => items.resize(self.atom(length)?.size()?, Datum::from(-0.0)),
        }
        found.set(Datum::List(items))
    }

    fn init(&mut self, init: &Init) -> Evaluated<Datum> {
        match init {
            Init::Passive(host) => self.host(host)?.owned(),
            Init::List { elements, .. } => {
                let elements = elements.iter().map(|element| self.init(element));
                Ok(Datum::List(elements.collect::<Evaluated<_>>()?))
            }
            Init::Tuple(parts) => {
                let parts = parts.iter().map(|part| self.init(part));
                Ok(Datum::Tuple(parts.collect::<Evaluated<_>>()?))
            }
            Init::Struct { .. } | Init::Unset => unknown("a struct"),
            Init::Repeat { element, length, .. } => {
                let element = self.init(element)?;
                Ok(Datum::List(vec![element; self.host(length)?.size()?]))
            }
            Init::Copy { place, .. } => self.place(place)?.get()?.owned(),
            Init::Atom(atom) => Ok(Datum::Float(self.atom(atom)?.number()?)),
            Init::Storage(storage) => Ok(self.storage(*storage)?.borrow().clone()),
            Init::Number(expression) => Ok(Datum::from(self.expression(expression)?)),
            Init::Unreached(Shape::Number) => Ok(Datum::from(-0.0)),
            Init::Unreached(Shape::Like(place) | Shape::Same(place)) => {
                Ok(self.place(place)?.get()?.filled(-0.0))
            }
            Init::Unreached(Shape::Type(storage)) => match self.shapes.get(storage) {
                Some(shape) => Ok(shape.filled(-0.0)),
                None => {
                    let name = &self.program.storage(*storage).ident;
                    wrong(format!("nothing tells the shape of `{name}`"))
                }
            },
        }
    }

    // --- calls and loops

    fn arguments(&mut self, arguments: &[Argument]) -> Evaluated<Vec<Datum>> {
        arguments
            .iter()
            .map(|argument| match argument {
                Argument::Number { atom, .. } => self.atom(atom),
                Argument::Place { place, .. } => self.place(place)?.get(),
                Argument::Changed { .. } => unknown("a callee that changes its arguments"),
                Argument::Passive(host) => self.host(host),
            })
            .collect()
    }

    fn call(&mut self, call: &Call) -> Evaluated<()> {
        let arguments = self.arguments(&call.arguments)?;
        if let Some(tangents) = &call.tangents {
            return self.call_with_tangents(call, tangents, &arguments);
        }
        if call.in_halves {
            let is_taken_out = call.rest.is_some();
            let mut value = self.module.forward_half(&call.callee, &arguments, self.frame, is_taken_out)?;
            if let Some(rest) = &call.rest {
                value = self.host_behind(rest, value)?;
            }
            return self.given(&call.out, value);
        }
        let (value, gradients) = self.module.gradient(&call.callee, &arguments, None)?;
        for (argument, gradient) in call.arguments.iter().zip(gradients) {
            if let Argument::Number { partial: Some(partial), .. } = argument {
                let Some(gradient) = gradient else {
                    return wrong("a partial derivative of a passive argument");
                };
                self.set(*partial, gradient);
            }
        }
        self.given(&call.out, value)
    }

    pub(super) fn given(&mut self, out: &Out, value: Datum) -> Evaluated<()> {
        match (out, value) {
            (Out::Value(out), value) => self.set(*out, value),
            (Out::Storage(storage), value) => self.make(*storage, value),
            (Out::Tuple(outs), Datum::Tuple(parts)) if outs.len() == parts.len() => {
                outs.iter().zip(parts).try_for_each(|(out, part)| self.given(out, part))?;
            }
            (Out::Tuple(_), other) => return wrong(format!("{other:?} where a tuple is to be given")),
        }
        Ok(())
    }

    fn repeat(&mut self, repeat: &Loop) -> Evaluated<()> {
        let mut carried =
            repeat.carried.iter().map(|carried| self.atom(&carried.start)).collect::<Evaluated<Vec<_>>>()?;
        let mut iterations = self.iterations(repeat)?;
        let mut trips = 0_usize;
        while let Some(Iteration { item }) = iterations.next()? {
            if trips > 100_000 {
                return unknown("a loop this long");
            }
            self.leave(repeat.body.id);
            if let Some(item) = item {
                let of = repeat.items.as_ref().map_or(repeat.index, |(item, _)| *item);
                self.set(of, item.read()?);
            }
            for (at, start) in repeat.carried.iter().zip(&carried) {
                self.set(at.inside, start.clone());
            }
            if let Some((test, atom)) = &repeat.test {
                self.leave(test.id);
                self.run(test)?;
                let goes_on = self.atom(atom)?.bool()?;
                self.leave(test.id);
                if !goes_on {
                    self.leave(repeat.body.id);
                    break;
                }
            }
            self.run(&repeat.body)?;
            if let Some(fused) = &repeat.fused {
                repeat.body.each(&mut |region, _| {
                    if region.id != repeat.body.id {
                        self.leave(region.id);
                    }
                });
                self.run(fused)?;
            }
            carried = repeat.body.yields.iter().map(|next| self.atom(next)).collect::<Evaluated<Vec<_>>>()?;
            trips += 1;
            let last = match &repeat.until {
                Some((last, _)) => self.atom(last)?.bool()?,
                None => false,
            };
            repeat.fused.iter().for_each(|fused| self.leave(fused.id));
            self.leave(repeat.body.id);
            if last {
                break;
            }
        }
        if let Some((_, counter)) = &repeat.until {
            self.set(*counter, Datum::from(trips));
        }
        for (at, value) in repeat.carried.iter().zip(carried) {
            self.set(at.after, value);
        }
        Ok(())
    }

    /// What a loop goes through, in its order.
    fn iterations(&mut self, repeat: &Loop) -> Evaluated<Iterations> {
        let iterator = repeat.iterator.as_ref().or(repeat.items.as_ref().map(|(_, items)| items));
        let items = match iterator {
            Some(iterator) => {
                let iterator = self.host(iterator)?;
                Some(self.module.machine().iterated(iterator)?)
            }
            None => None,
        };
        let Order::Backward { trips, .. } = repeat.order else {
            return Ok(items.map_or(Iterations::Endless, Iterations::Forward));
        };
        let trips = match trips {
            Some(trips) => Some(self.value(trips)?.size()?),
            None => None,
        };
        let mut items: Vec<_> = match (items, trips) {
            (Some(items), _) => items.all()?.into_iter().map(Some).collect(),
            (None, Some(trips)) => vec![None; trips],
            (None, None) => return unknown("a loop without an end"),
        };
        items.truncate(trips.unwrap_or(items.len()));
        items.reverse();
        Ok(Iterations::Listed(items.into_iter()))
    }
}

fn is_parameter(storage: &Storage) -> bool {
    matches!(storage.kind, StorageKind::Parameter { .. })
}

/// An iteration, with its item if the loop has an iterator.
struct Iteration {
    item: Option<Datum>,
}

enum Iterations {
    Endless,
    Forward(Iter),
    Listed(std::vec::IntoIter<Option<Datum>>),
}

impl Iterations {
    /// The next iteration, if there is one.
    fn next(&mut self) -> Evaluated<Option<Iteration>> {
        Ok(match self {
            Iterations::Endless => Some(Iteration { item: None }),
            Iterations::Forward(items) => items.next()?.map(|item| Iteration { item: Some(item) }),
            Iterations::Listed(items) => items.next().map(|item| Iteration { item }),
        })
    }
}

/// Adds to an adjoint of the same shape.
pub fn accumulate(place: &Found, amount: &Datum) -> Evaluated<()> {
    let mut there = place.get()?;
    let amounts = amount.flat();
    let mut given = amounts.iter();
    let mut missing = false;
    there.numbers(&mut |number| match given.next() {
        Some(amount) => number.value += amount.value,
        None => missing = true,
    });
    if missing || given.next().is_some() {
        return wrong("an adjoint of another shape");
    }
    place.set(there)
}
