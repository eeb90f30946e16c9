//! The reverse sweep, as the plan has it: what it does not make available is not there, and whoever reads it fails.

use super::datum::{Datum, Evaluated, Place as Found, cell, unknown, wrong};
use super::forward::Run;
use super::number::passes;
use crate::adjoint::{is_active, is_active_loop};
use crate::ir::{
    Argument, Atom, Call, Change, Class, Init, Loop, MemoryId, Out, Outcome, Region, RegionId, Statement,
    StatementKind, ValueId,
};
use gradus_ops::{Op, Read};

impl Run<'_> {
    /// Runs the reverse sweep from a seed of the result's shape.
    pub fn reverse(&mut self, seed: &Datum) -> Evaluated<()> {
        let adjoint = self.adjoint;
        let program = &adjoint.program;
        // The buffers of the parameters, whose values come first.
        let parameters =
            program.entries.iter().filter(|entry| !matches!(entry, crate::ir::Entry::Memory)).count();
        for (at, value) in program.values.iter().enumerate().take(parameters) {
            if value.class == Class::Float {
                self.bars[at] = Some(0.0);
            }
        }
        for (at, memory) in program.memories.iter().enumerate() {
            if memory.local().is_none() {
                let zeros = self.memory(MemoryId(at))?.borrow().filled(0.0);
                self.memory_bars[at] = Some(cell(zeros));
            }
        }
        if adjoint.in_halves {
            self.available(&program.body)?;
        }
        self.declare(&program.body)?;
        self.seed(&program.outcome, seed)?;
        self.undo_all(&program.body)
    }

    fn seed(&mut self, outcome: &Outcome, seed: &Datum) -> Evaluated<()> {
        match (outcome, seed) {
            (Outcome::Atom(atom), seed) if self.adjoint.program.active(atom).is_some() => {
                self.add(atom, seed.clone().float()?)
            }
            (Outcome::Atom(_), _) => Ok(()),
            (Outcome::Place(place), seed) => {
                let place = self.place(place, true)?;
                accumulate(&place, seed)
            }
            (Outcome::Tuple(parts) | Outcome::List(parts), Datum::Tuple(seeds) | Datum::List(seeds)) => {
                parts.iter().zip(seeds).try_for_each(|(part, seed)| self.seed(part, seed))
            }
            (_, seed) => unknown(format!("the seed {seed:?}")),
        }
    }

    // --- what is at hand

    /// Takes back what was saved for a region, and computes again what is computed again.
    fn available(&mut self, region: &Region) -> Evaluated<()> {
        let adjoint = self.adjoint;
        for value in adjoint.saved.get(&region.id).into_iter().flatten().rev() {
            let saved = self.frame.back(&self.name(*value))?;
            self.set(*value, saved);
        }
        for memory in adjoint.kept.get(&region.id).into_iter().flatten().rev() {
            let kept = self.frame.back(&adjoint.program.memory(*memory).ident.to_string())?;
            self.memories[memory.0] = Some(cell(kept));
        }
        for (value, name) in adjoint.exported.get(&region.id).into_iter().flatten() {
            let exported = self.value(*name)?;
            self.set(*value, exported);
        }
        for statement in &region.statements {
            let (StatementKind::Operation { out, .. }
            | StatementKind::Load { out, .. }
            | StatementKind::Passive { out: Some(out), .. }) = &statement.kind
            else {
                continue;
            };
            if adjoint.again.contains(out) {
                self.statement(statement)?;
            }
        }
        Ok(())
    }

    /// Declares the adjoints of what the statements of a region make.
    fn declare(&mut self, region: &Region) -> Evaluated<()> {
        for statement in &region.statements {
            let (mut values, mut memories) = (Vec::new(), Vec::new());
            match &statement.kind {
                StatementKind::Operation { out, .. } | StatementKind::Load { out, .. } => values.push(*out),
                StatementKind::Change { change: Change::Pop(out), .. } => {
                    out.parts(&mut values, &mut memories);
                }
                StatementKind::Call(call) => call.out.parts(&mut values, &mut memories),
                StatementKind::New { memory, .. } => memories.push(*memory),
                StatementKind::If { outs, .. } => values.extend(outs),
                StatementKind::Loop(repeat) => {
                    values.extend(repeat.carried.iter().map(|carried| carried.after));
                }
                _ => {}
            }
            for value in values {
                if self.adjoint.program.value(value).active {
                    self.bars[value.0] = Some(-0.0);
                }
            }
            for memory in memories {
                self.declare_memory(memory)?;
            }
        }
        Ok(())
    }

    /// The adjoint of a memory has the shape that the memory has at its end, or that its type tells.
    fn declare_memory(&mut self, memory: MemoryId) -> Evaluated<()> {
        let zeros = if self.adjoint.is_at_hand(memory) {
            self.memory(memory)?.borrow().filled(0.0)
        } else {
            match self.shapes.get(&memory) {
                Some(shape) => shape.clone(),
                None => {
                    let name = &self.adjoint.program.memory(memory).ident;
                    return wrong(format!("nothing tells the shape of `{name}`"));
                }
            }
        };
        self.memory_bars[memory.0] = Some(cell(zeros));
        Ok(())
    }

    pub(super) fn bar(&self, value: ValueId) -> Evaluated<f64> {
        match self.bars[value.0] {
            Some(bar) => Ok(bar),
            None => wrong(format!("the adjoint of `{}` is not declared", self.name(value))),
        }
    }

    /// Adds to the adjoint of an active atom.
    fn add(&mut self, atom: &Atom, amount: f64) -> Evaluated<()> {
        if let Some(value) = self.adjoint.program.active(atom) {
            let outside = |region: RegionId| self.adjoint.program.value(value).region != region;
            if self.guard.is_some_and(|(region, taken)| outside(region) && !taken) {
                return Ok(());
            }
            self.bars[value.0] = Some(self.bar(value)? + amount);
        }
        Ok(())
    }

    // --- statements

    fn undo_all(&mut self, region: &Region) -> Evaluated<()> {
        region.statements.iter().rev().try_for_each(|statement| self.undo(statement))
    }

    fn undo(&mut self, statement: &Statement) -> Evaluated<()> {
        let program = &self.adjoint.program;
        match &statement.kind {
            StatementKind::Operation { out, op, operands, slope: Some(slope) }
                if program.value(*out).active =>
            {
                let (arrived, slope) = (self.bar(*out)?, self.value(*slope)?.float()?);
                let amount = if *op == Op::Sin { arrived * slope } else { -arrived * slope };
                operands.iter().try_for_each(|operand| self.add(operand, amount))
            }
            StatementKind::Operation { out, op, operands, slope: None } if program.value(*out).active => {
                self.pull(*out, *op, operands)
            }
            StatementKind::Load { out, place } if program.value(*out).active => {
                let place = self.place(place, true)?;
                accumulate(&place, &Datum::from(self.bar(*out)?))
            }
            StatementKind::New { memory, init } => {
                let bar = self.memory_bar(*memory)?;
                self.undo_init(&bar, init)
            }
            StatementKind::Store { place, value } => {
                let place = self.place(place, true)?;
                let stored = place.get()?.float()?;
                place.set(Datum::from(0.0))?;
                self.add(value, stored)
            }
            StatementKind::Copy { to, from } => {
                let (to, from) = (self.place(to, true)?, self.place(from, true)?);
                let stored = to.get()?;
                to.set(stored.filled(0.0))?;
                accumulate(&from, &stored)
            }
            StatementKind::Swap { a, b } => {
                let (a, b) = (self.place(a, true)?, self.place(b, true)?);
                let (x, y) = (a.get()?, b.get()?);
                a.set(y)?;
                b.set(x)
            }
            StatementKind::Change { place, change } => {
                let place = self.place(place, true)?;
                self.undo_change(&place, change)
            }
            StatementKind::Call(call) => match call.out {
                Out::Value(out) if !call.in_halves && !program.value(out).active => Ok(()),
                Out::Value(out) if !call.in_halves => {
                    let arrived = self.bar(out)?;
                    for argument in &call.arguments {
                        if let Argument::Number { atom, partial: Some(partial) } = argument {
                            let partial = self.value(*partial)?.float()?;
                            self.add(atom, arrived * partial)?;
                        }
                    }
                    Ok(())
                }
                _ => self.undo_halves(call),
            },
            StatementKind::If { condition, then, otherwise, outs }
                if self.adjoint.light.contains(&then.id) =>
            {
                let taken = self.atom(condition)?.bool()?;
                for (branch, is_taken) in [(then, taken), (otherwise, !taken)] {
                    self.guard = Some((branch.id, is_taken));
                    self.undo_branch(branch, outs)?;
                    self.guard = None;
                }
                Ok(())
            }
            StatementKind::If { condition, then, otherwise, outs }
                if is_active(program, then)
                    || is_active(program, otherwise)
                    || outs.iter().any(|out| program.value(*out).active) =>
            {
                let taken = if self.atom(condition)?.bool()? { then } else { otherwise };
                self.undo_branch(taken, outs)
            }
            StatementKind::Loop(repeat) if is_active_loop(program, repeat) => self.undo_loop(repeat),
            _ => Ok(()),
        }
    }

    fn memory_bar(&self, memory: MemoryId) -> Evaluated<Found> {
        match &self.memory_bars[memory.0] {
            Some(cell) => Ok(Found::from(cell.clone())),
            None => {
                let name = &self.adjoint.program.memory(memory).ident;
                wrong(format!("the adjoint of `{name}` is not declared"))
            }
        }
    }

    /// To each active operand the adjoint times the partial derivative. Only what the row of the operation says is read.
    fn pull(&mut self, out: ValueId, op: Op, operands: &[Atom]) -> Evaluated<()> {
        let arrived = self.bar(out)?;
        let program = &self.adjoint.program;
        let active: Vec<bool> = operands.iter().map(|operand| program.active(operand).is_some()).collect();
        for k in (0..operands.len()).filter(|&k| op.has_partial(k) && active[k]) {
            // What it does not read is no number.
            let mut plain = vec![f64::NAN; operands.len()];
            let mut value = f64::NAN;
            for read in op.reads(k) {
                match read {
                    Read::A => plain[0] = self.atom(&operands[0])?.float()?,
                    Read::B => plain[1] = self.atom(&operands[1])?.float()?,
                    Read::C => plain[2] = self.atom(&operands[2])?.float()?,
                    Read::Y => value = self.value(out)?.float()?,
                    Read::Both => {}
                }
            }
            let partial = op.partials(&plain, value, &active)[k];
            if passes(op, partial) {
                self.add(&operands[k], arrived * partial)?;
            }
        }
        Ok(())
    }

    fn undo_init(&mut self, bar: &Found, init: &Init) -> Evaluated<()> {
        match init {
            Init::Passive(_) => Ok(()),
            Init::Atom(atom) => self.add(atom, bar.get()?.float()?),
            Init::List { elements, .. } | Init::Tuple(elements) => elements
                .iter()
                .enumerate()
                .try_for_each(|(at, element)| self.undo_init(&bar.at(at as i128)?, element)),
            Init::Repeat { element, .. } => match &**element {
                Init::Atom(atom) => {
                    let total = bar.get()?.flat().iter().map(|number| number.value).sum();
                    self.add(atom, total)
                }
                row => {
                    let count = bar.get()?.list()?.len();
                    (0..count).try_for_each(|at| self.undo_init(&bar.at(at as i128)?, row))
                }
            },
            Init::Copy { place, .. } => {
                let place = self.place(place, true)?;
                accumulate(&place, &bar.get()?)
            }
        }
    }

    fn undo_change(&mut self, place: &Found, change: &Change) -> Evaluated<()> {
        let mut items = place.get()?.list()?;
        let mut arrived = None;
        match change {
            Change::Swap(a, b) => {
                let (a, b) = (self.atom(a)?.size()?, self.atom(b)?.size()?);
                items.swap(a, b);
            }
            Change::Push(element) => match items.pop() {
                Some(popped) => arrived = Some((element, Found::from(cell(popped)))),
                None => return wrong("an adjoint without the element that was pushed"),
            },
            // Nothing arrives at what was never used.
            Change::Pop(Out::Value(out)) if !self.adjoint.program.value(*out).active => {
                items.push(Datum::from(0.0));
            }
            Change::Pop(Out::Value(out)) => items.push(Datum::from(self.bar(*out)?)),
            Change::Pop(out) => items.push(self.seed_of(out)?),
            Change::Truncate { before, .. } => items.resize(self.atom(before)?.size()?, Datum::from(0.0)),
        }
        place.set(Datum::List(items))?;
        arrived.map_or(Ok(()), |(element, amount)| self.undo_init(&amount, element))
    }

    fn undo_halves(&mut self, call: &Call) -> Evaluated<()> {
        let arguments = self.arguments(call)?;
        let seed = self.seed_of(&call.out)?;
        let gradients = self.world.reverse_half(&call.callee, &arguments, &seed, self.frame)?;
        for (argument, gradient) in call.arguments.iter().zip(gradients) {
            match (argument, gradient) {
                (Argument::Number { atom, .. }, Some(gradient)) => self.add(atom, gradient.float()?)?,
                (Argument::Place { place, .. }, Some(gradient)) => {
                    let place = self.place(place, true)?;
                    accumulate(&place, &gradient)?;
                }
                _ => {}
            }
        }
        Ok(())
    }

    fn seed_of(&self, out: &Out) -> Evaluated<Datum> {
        Ok(match out {
            Out::Value(value) if self.adjoint.program.value(*value).active => Datum::from(self.bar(*value)?),
            Out::Value(_) => Datum::Default,
            Out::Memory(memory) => self.memory_bar(*memory)?.get()?,
            Out::Tuple(parts) => {
                Datum::Tuple(parts.iter().map(|part| self.seed_of(part)).collect::<Evaluated<_>>()?)
            }
        })
    }

    // --- regions

    fn undo_branch(&mut self, branch: &Region, outs: &[ValueId]) -> Evaluated<()> {
        self.leave(branch.id);
        self.available(branch)?;
        self.declare(branch)?;
        for (out, atom) in outs.iter().zip(&branch.yields) {
            if self.adjoint.program.value(*out).active {
                self.add(atom, self.bar(*out)?)?;
            }
        }
        self.undo_all(branch)?;
        self.leave(branch.id);
        Ok(())
    }

    fn undo_loop(&mut self, repeat: &Loop) -> Evaluated<()> {
        let program = &self.adjoint.program;
        let (body, is_carried) = (&repeat.body, |value: ValueId| program.value(value).active);
        let active: Vec<_> = repeat
            .carried
            .iter()
            .zip(&body.yields)
            .filter(|(carried, _)| is_carried(carried.inside))
            .collect();
        let after = |value: ValueId| if is_carried(value) { self.bar(value) } else { Ok(-0.0) };
        let mut carries =
            active.iter().map(|(carried, _)| after(carried.after)).collect::<Evaluated<Vec<_>>>()?;
        let quiet = self.adjoint.quiet.contains(&body.id)
            && carries.iter().all(|carry| carry.to_bits() == (-0.0_f64).to_bits());
        for item in if quiet { Vec::new() } else { self.backward(repeat)? } {
            self.leave(body.id);
            if let Some(item) = item {
                match &repeat.items {
                    Some((replayed, _)) => self.set(*replayed, item.read()?),
                    None => self.set(repeat.index, item),
                }
            }
            self.available(body)?;
            active.iter().for_each(|(carried, _)| self.bars[carried.inside.0] = Some(-0.0));
            self.declare(body)?;
            for ((_, next), carry) in active.iter().zip(&carries) {
                self.add(next, *carry)?;
            }
            self.undo_all(body)?;
            carries = active.iter().map(|(carried, _)| self.bar(carried.inside)).collect::<Evaluated<_>>()?;
            self.leave(body.id);
        }
        for ((carried, _), carry) in active.iter().zip(carries) {
            self.add(&carried.start, carry)?;
        }
        Ok(())
    }

    /// The iterations that ran, in the order in which they are undone.
    fn backward(&mut self, repeat: &Loop) -> Evaluated<Vec<Option<Datum>>> {
        let trips = match &repeat.until {
            Some((_, trips)) => Some(self.value(*trips)?.size()?),
            None => None,
        };
        let mut items = match (&repeat.iterator, trips) {
            (Some(iterator), _) => {
                let iterator = self.template(iterator)?;
                let items = self.world.machine().iterated(iterator)?.all()?;
                items.into_iter().map(Some).collect()
            }
            (None, Some(trips)) => match &repeat.items {
                Some((_, items)) if self.adjoint.replayed.contains(&repeat.body.id) => {
                    let items = self.template(items)?;
                    self.world.machine().iterated(items)?.all()?.into_iter().map(Some).collect()
                }
                _ => vec![None; trips],
            },
            (None, None) => return unknown("a loop without an end"),
        };
        items.truncate(trips.unwrap_or(items.len()));
        if !self.adjoint.forward.contains(&repeat.body.id) {
            items.reverse();
        }
        Ok(items)
    }
}

/// Adds an adjoint to a place of the same shape.
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
