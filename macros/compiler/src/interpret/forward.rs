//! The forward sweep: a program as it runs, saving what the plan says.

use super::datum::{Cell, Datum, Evaluated, Place as Found, Scope, cell, unknown, wrong};
use super::frame::Frame;
use super::template::{Composed, value_name};
use super::world::World;
use crate::adjoint::Adjoint;
use crate::ir::{
    Argument, Atom, Call, Change, Init, Loop, Memory, MemoryId, Out, Outcome, Place, Region, RegionId,
    Statement, StatementKind, Step, Template, ValueId,
};
use gradus_ops::Op;
use std::collections::HashMap;
use std::rc::Rc;

/// A run of a program and its adjoint.
pub struct Run<'p> {
    pub(super) world: &'p World,
    pub(super) adjoint: &'p Adjoint,
    /// What is at hand.
    pub(super) values: Vec<Option<Cell>>,
    pub(super) memories: Vec<Option<Cell>>,
    /// Adjoints, where they are declared.
    pub(super) bars: Vec<Option<f64>>,
    pub(super) memory_bars: Vec<Option<Cell>>,
    /// The shapes of memories whose types tell them.
    pub(super) shapes: HashMap<MemoryId, Datum>,
    pub(super) frame: &'p mut Frame,
    /// A light branch that is being undone, and whether it was taken.
    pub(super) guard: Option<(RegionId, bool)>,
    /// Constants of the function, generic ones among them.
    constants: Scope,
    composed: HashMap<*const Template, Rc<Composed>>,
}

impl<'p> Run<'p> {
    /// A run with these arguments, by the names of the parameters.
    pub fn new(
        world: &'p World,
        adjoint: &'p Adjoint,
        arguments: &[(String, Datum)],
        mut constants: Scope,
        frame: &'p mut Frame,
    ) -> Evaluated<Run<'p>> {
        let program = &adjoint.program;
        for item in &program.items {
            world.machine().local_item(item, &mut constants)?;
        }
        let (values, memories) = (program.values.len(), program.memories.len());
        let mut run = Run {
            world,
            adjoint,
            values: vec![None; values],
            memories: vec![None; memories],
            bars: vec![None; values],
            memory_bars: vec![None; memories],
            shapes: HashMap::new(),
            frame,
            guard: None,
            constants,
            composed: HashMap::new(),
        };
        run.enter(arguments)?;
        Ok(run)
    }

    /// Gives the parameters their values.
    fn enter(&mut self, arguments: &[(String, Datum)]) -> Evaluated<()> {
        let program = &self.adjoint.program;
        for (name, argument) in arguments {
            let value = program.values.iter().position(|value| value.ident == *name);
            let is_parameter = |memory: &Memory| memory.local().is_none() && memory.ident == *name;
            match (program.memories.iter().position(is_parameter), value) {
                (Some(memory), _) => self.memories[memory] = Some(cell(argument.clone())),
                (None, Some(value)) => self.values[value] = Some(cell(argument.clone())),
                (None, None) => return wrong(format!("the program has no parameter `{name}`")),
            }
        }
        Ok(())
    }

    /// The gradient by a parameter.
    pub fn gradient(&self, parameter: &str) -> Evaluated<Datum> {
        let program = &self.adjoint.program;
        let is_it = |memory: &Memory| memory.local().is_none() && memory.ident == *parameter;
        if let Some(memory) = program.memories.iter().position(is_it)
            && let Some(bar) = &self.memory_bars[memory]
        {
            return Ok(bar.borrow().clone());
        }
        match program.values.iter().position(|value| value.ident == *parameter) {
            Some(value) => Ok(Datum::from(self.bar(ValueId(value))?)),
            None => wrong(format!("the program has no parameter `{parameter}`")),
        }
    }

    /// Forgets everything that does not outlive the forward sweep.
    pub fn forget(&mut self, arguments: &[(String, Datum)]) -> Evaluated<()> {
        let program = &self.adjoint.program;
        if self.adjoint.in_halves {
            self.values.iter_mut().for_each(|value| *value = None);
            self.memories.iter_mut().for_each(|memory| *memory = None);
            return self.enter(arguments);
        }
        for (at, value) in program.values.iter().enumerate() {
            if value.region != RegionId(0) {
                self.values[at] = None;
            }
        }
        for (at, memory) in program.memories.iter().enumerate() {
            if memory.local().is_some_and(|(region, _)| region != RegionId(0)) {
                self.memories[at] = None;
            }
        }
        Ok(())
    }

    /// Forgets what a region made.
    pub(super) fn leave(&mut self, region: RegionId) {
        let program = &self.adjoint.program;
        for (at, value) in program.values.iter().enumerate() {
            if value.region == region {
                self.values[at] = None;
                self.bars[at] = None;
            }
        }
        for (at, memory) in program.memories.iter().enumerate() {
            if memory.local().is_some_and(|(of, _)| of == region) {
                self.memories[at] = None;
                self.memory_bars[at] = None;
            }
        }
    }

    // --- values, templates and places

    pub(super) fn name(&self, value: ValueId) -> String {
        self.adjoint.program.value(value).ident.to_string()
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

    pub(super) fn memory(&self, memory: MemoryId) -> Evaluated<Cell> {
        match &self.memories[memory.0] {
            Some(cell) => Ok(cell.clone()),
            None => wrong(format!("`{}` is not at hand", self.adjoint.program.memory(memory).ident)),
        }
    }

    pub(super) fn atom(&self, atom: &Atom) -> Evaluated<Datum> {
        match atom {
            Atom::Value(value) => self.value(*value),
            Atom::Literal(tokens) => match syn::parse2::<syn::Expr>(tokens.clone()) {
                Ok(literal) => self.world.machine().expression(&literal, &mut Scope::default()),
                Err(_) => unknown(format!("the literal `{tokens}`")),
            },
        }
    }

    pub(super) fn template(&mut self, template: &Template) -> Evaluated<Datum> {
        let key: *const Template = template;
        let composed = match self.composed.get(&key) {
            Some(composed) => composed.clone(),
            None => {
                let composed = Rc::new(Composed::of(template, &self.adjoint.program)?);
                self.composed.insert(key, composed.clone());
                composed
            }
        };
        let mut scope = self.constants.clone();
        let program = &self.adjoint.program;
        // What keeps the user's name: parameters, and passive data.
        for (at, value) in program.values.iter().enumerate() {
            if let Some(cell) = &self.values[at]
                && composed.words.contains(&value.ident.to_string())
            {
                scope.bind(&value.ident.to_string(), cell.clone());
            }
        }
        for (at, memory) in program.memories.iter().enumerate() {
            if let Some(cell) = &self.memories[at]
                && memory.local().is_none()
                && composed.words.contains(&memory.ident.to_string())
            {
                scope.bind(&memory.ident.to_string(), cell.clone());
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
            let place = self.place(place, false)?;
            scope.bind(name, cell(Datum::Reference(place)));
        }
        self.world.machine().block(&composed.block, &scope)?.read()
    }

    /// A place of a memory, or of its adjoint.
    pub(super) fn place(&mut self, place: &Place, bar: bool) -> Evaluated<Found> {
        let root = if bar {
            match &self.memory_bars[place.memory.0] {
                Some(cell) => cell.clone(),
                None => {
                    let name = &self.adjoint.program.memory(place.memory).ident;
                    return wrong(format!("the adjoint of `{name}` is not declared"));
                }
            }
        } else {
            self.memory(place.memory)?
        };
        let mut found = Found::from(root);
        for step in &place.steps {
            found = match step {
                Step::Index(template) => {
                    let index = self.template(template)?;
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
        let adjoint = self.adjoint;
        self.run(&adjoint.program.body)?;
        let outcome = self.outcome(&adjoint.program.outcome)?;
        if adjoint.in_halves {
            self.save(&adjoint.program.body)?;
        }
        Ok(outcome)
    }

    fn outcome(&mut self, outcome: &Outcome) -> Evaluated<Datum> {
        Ok(match outcome {
            Outcome::Atom(atom) => self.atom(atom)?,
            Outcome::Place(place) => self.place(place, false)?.get()?,
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

    /// Saves what the plan says of a region.
    fn save(&mut self, region: &Region) -> Evaluated<()> {
        let adjoint = self.adjoint;
        for memory in adjoint.kept.get(&region.id).into_iter().flatten() {
            let kept = self.memory(*memory)?.borrow().clone();
            self.frame.save(&adjoint.program.memory(*memory).ident.to_string(), kept);
        }
        for value in adjoint.saved.get(&region.id).into_iter().flatten() {
            let saved = self.value(*value)?;
            self.frame.save(&self.name(*value), saved);
        }
        Ok(())
    }

    pub(super) fn statement(&mut self, statement: &Statement) -> Evaluated<()> {
        match &statement.kind {
            StatementKind::Operation { out, op, operands, slope } => {
                let operands = operands
                    .iter()
                    .map(|operand| self.atom(operand)?.float())
                    .collect::<Evaluated<Vec<_>>>()?;
                self.set(*out, Datum::from(op.value(&operands)));
                if let Some(slope) = slope {
                    // The other one of sine and cosine.
                    let (sin, cos) = operands[0].sin_cos();
                    self.set(*slope, Datum::from(if *op == Op::Sin { cos } else { sin }));
                }
            }
            StatementKind::Passive { out, template } => {
                let value = self.template(template)?;
                if let Some(out) = out {
                    self.set(*out, value);
                }
            }
            StatementKind::Load { out, place } => {
                let value = self.place(place, false)?.get()?;
                self.set(*out, Datum::Float(value.number()?));
            }
            StatementKind::New { memory, init } => {
                let value = self.init(init)?;
                self.make(*memory, value);
            }
            StatementKind::Store { place, value } => {
                let value = self.atom(value)?.number()?;
                self.place(place, false)?.set(Datum::Float(value))?;
                self.see(place.memory)?;
            }
            StatementKind::Copy { to, from } => {
                let value = self.place(from, false)?.get()?;
                self.place(to, false)?.set(value)?;
                self.see(to.memory)?;
            }
            StatementKind::Swap { a, b } => {
                let (place_a, place_b) = (a.memory, b.memory);
                let (a, b) = (self.place(a, false)?, self.place(b, false)?);
                let (x, y) = (a.get()?, b.get()?);
                a.set(y)?;
                b.set(x)?;
                self.see(place_a)?;
                self.see(place_b)?;
            }
            StatementKind::Change { place, change } => self.change(place, change)?,
            StatementKind::Call(call) => self.call(call)?,
            StatementKind::If { condition, then, otherwise, outs }
                if self.adjoint.light.contains(&then.id) =>
            {
                let taken = self.atom(condition)?.bool()?;
                for (branch, is_taken) in [(then, taken), (otherwise, !taken)] {
                    self.leave(branch.id);
                    self.run(branch)?;
                    let yields =
                        branch.yields.iter().map(|atom| self.atom(atom)).collect::<Evaluated<Vec<_>>>()?;
                    self.leave(branch.id);
                    if is_taken {
                        outs.iter().zip(yields).for_each(|(out, value)| self.set(*out, value));
                    }
                }
            }
            StatementKind::If { condition, then, otherwise, outs } => {
                let taken = if self.atom(condition)?.bool()? { then } else { otherwise };
                self.leave(taken.id);
                self.run(taken)?;
                self.save(taken)?;
                let yields =
                    taken.yields.iter().map(|atom| self.atom(atom)).collect::<Evaluated<Vec<_>>>()?;
                self.leave(taken.id);
                outs.iter().zip(yields).for_each(|(out, value)| self.set(*out, value));
            }
            StatementKind::Loop(repeat) => self.repeat(repeat)?,
        }
        Ok(())
    }

    /// What begins as `Default::default()` has a shape as soon as something is put there.
    fn see(&mut self, memory: MemoryId) -> Evaluated<()> {
        if self.shapes.contains_key(&memory) {
            let shape = self.memory(memory)?.borrow().filled(0.0);
            self.shapes.insert(memory, shape);
        }
        Ok(())
    }

    fn make(&mut self, memory: MemoryId, value: Datum) {
        if self.adjoint.program.memory(memory).local().is_some_and(|(_, fixed)| fixed) {
            self.shapes.insert(memory, value.filled(0.0));
        }
        self.memories[memory.0] = Some(cell(value));
    }

    fn change(&mut self, place: &Place, change: &Change) -> Evaluated<()> {
        let found = self.place(place, false)?;
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
                    Out::Memory(memory) => self.make(*memory, popped.unwrap_or(Datum::List(Vec::new()))),
                    Out::Tuple(_) => return unknown("several results of a `pop`"),
                }
            }
            Change::Truncate { length, .. } => items.truncate(self.template(length)?.size()?),
        }
        found.set(Datum::List(items))
    }

    fn init(&mut self, init: &Init) -> Evaluated<Datum> {
        match init {
            Init::Passive(template) => self.template(template)?.owned(),
            Init::List { elements, .. } => {
                let elements = elements.iter().map(|element| self.init(element));
                Ok(Datum::List(elements.collect::<Evaluated<_>>()?))
            }
            Init::Tuple(parts) => {
                let parts = parts.iter().map(|part| self.init(part));
                Ok(Datum::Tuple(parts.collect::<Evaluated<_>>()?))
            }
            Init::Repeat { element, length, .. } => {
                let element = self.init(element)?;
                Ok(Datum::List(vec![element; self.template(length)?.size()?]))
            }
            Init::Copy { place, .. } => self.place(place, false)?.get()?.owned(),
            Init::Atom(atom) => Ok(Datum::Float(self.atom(atom)?.number()?)),
        }
    }

    // --- calls and loops

    pub(super) fn arguments(&mut self, call: &Call) -> Evaluated<Vec<Datum>> {
        call.arguments
            .iter()
            .map(|argument| match argument {
                Argument::Number { atom, .. } => self.atom(atom),
                Argument::Place { place, .. } => self.place(place, false)?.get(),
                Argument::Passive(template) => self.template(template),
            })
            .collect()
    }

    fn call(&mut self, call: &Call) -> Evaluated<()> {
        let arguments = self.arguments(call)?;
        if call.in_halves {
            let value = self.world.forward_half(&call.callee, &arguments, self.frame)?;
            return self.given(&call.out, value);
        }
        let (value, gradients) = self.world.gradient(&call.callee, &arguments, None)?;
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

    fn given(&mut self, out: &Out, value: Datum) -> Evaluated<()> {
        match (out, value) {
            (Out::Value(out), value) => self.set(*out, value),
            (Out::Memory(memory), value) => self.make(*memory, value),
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
        let (item_of, iterator) = match (&repeat.iterator, &repeat.items) {
            (Some(iterator), _) => (repeat.index, Some(iterator)),
            (None, Some((item, items))) => (*item, Some(items)),
            (None, None) => (repeat.index, None),
        };
        let items = match iterator {
            Some(iterator) => {
                let iterator = self.template(iterator)?;
                Some(self.world.machine().iterated(iterator)?)
            }
            None => None,
        };
        let mut trips = 0_usize;
        loop {
            let item = match &items {
                Some(items) => match items.next()? {
                    Some(item) => Some(item),
                    None => break,
                },
                None => None,
            };
            if trips > 100_000 {
                return unknown("a loop this long");
            }
            self.leave(repeat.body.id);
            if let Some(item) = item {
                self.set(item_of, item.read()?);
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
            self.save(&repeat.body)?;
            carried = repeat.body.yields.iter().map(|next| self.atom(next)).collect::<Evaluated<Vec<_>>>()?;
            trips += 1;
            let last = match &repeat.until {
                Some((last, _)) => self.atom(last)?.bool()?,
                None => false,
            };
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
}
