//! The reverse sweep: every statement undone, the last one first.

use super::Printer;
use crate::adjoint::{is_active, is_active_loop};
use crate::emit::code::{Code, Piece as _, code};
use crate::ir::{Atom, Change, Init, Out, Outcome, Place, Region, Statement, StatementKind, ValueId};
use gradus_ops::{Kind, Op, Read};
use proc_macro2::{Ident, Span};

impl<'p> Printer<'p> {
    /// The reverse sweep, the seed at hand as `seed`.
    pub fn reverse(&'p self, out: &mut Code<'p>) {
        let program = &self.adjoint.program;
        let seed = &self.seed;
        self.declared(out, &program.body);
        self.seeded(out, &program.outcome, &|out| {
            code!(out <- (*#seed));
        });
        self.undo_all(out, &program.body);
    }

    /// The reverse half.
    pub fn reverse_half(&'p self, out: &mut Code<'p>) {
        self.available(out, &self.adjoint.program.body);
        self.reverse(out);
    }

    /// The seed of the result, which `seed` prints, added to the adjoints of what it is made of.
    fn seeded(&'p self, out: &mut Code<'p>, outcome: &'p Outcome, seed: &dyn Fn(&mut Code<'p>)) {
        match outcome {
            Outcome::Atom(atom) => self.add(out, atom, seed),
            Outcome::Place(place) => {
                let engine = &self.names.engine;
                code!(out <- #engine::rt::accumulate(#(self.borrowed(place, true)), &#{ seed(out); }););
            }
            Outcome::Tuple(parts) => {
                for (at, part) in parts.iter().enumerate() {
                    let of = |out: &mut Code<'p>| {
                        seed(out);
                        code!(out <- .#at);
                    };
                    self.seeded(out, part, &of);
                }
            }
            Outcome::List(parts) => {
                for (at, part) in parts.iter().enumerate() {
                    let of = |out: &mut Code<'p>| {
                        seed(out);
                        code!(out <- [#at]);
                    };
                    self.seeded(out, part, &of);
                }
            }
        }
    }

    /// The adjoints of a region's values, before anything has arrived: −0, since −0 + x is x to the last bit.
    pub(super) fn declared(&'p self, out: &mut Code<'p>, region: &'p Region) {
        let declare = |out: &mut Code<'p>, value: ValueId| {
            if self.adjoint.program.value(value).active {
                let bar = self.bar(value);
                code!(out <- let mut #bar = #(self.zero()););
            }
        };
        let outs = |out: &mut Code<'p>, results: &Out| {
            let (mut values, mut memories) = (Vec::new(), Vec::new());
            results.parts(&mut values, &mut memories);
            values.into_iter().for_each(|value| declare(out, value));
            memories.into_iter().for_each(|memory| self.declared_memory(out, memory));
        };
        for statement in &region.statements {
            match &statement.kind {
                StatementKind::Operation { out: result, .. } | StatementKind::Load { out: result, .. } => {
                    declare(out, *result);
                }
                StatementKind::Call(call) => outs(out, &call.out),
                StatementKind::Change { change: Change::Pop(last), .. } => outs(out, last),
                StatementKind::New { memory, .. } => self.declared_memory(out, *memory),
                StatementKind::If { outs, .. } => outs.iter().for_each(|result| declare(out, *result)),
                StatementKind::Loop(repeat) => {
                    repeat.carried.iter().for_each(|carried| declare(out, carried.after));
                }
                _ => {}
            }
        }
    }

    /// What the reverse sweep of a region reads, made available: taken back, or computed again in the order of the forward
    /// sweep.
    pub(super) fn available(&'p self, out: &mut Code<'p>, region: &'p Region) {
        self.apart(out, |out| {
            self.restore(out, region);
            for (value, name) in self.adjoint.exported.get(&region.id).into_iter().flatten() {
                let (value, name) = (self.ident(*value), self.ident(*name));
                code!(out <- let #value = #name;);
            }
            for statement in &region.statements {
                match &statement.kind {
                    StatementKind::Operation { out: result, .. }
                    | StatementKind::Load { out: result, .. }
                    | StatementKind::Passive { out: Some(result), .. }
                        if self.adjoint.again.contains(result) =>
                    {
                        self.statement(out, statement);
                    }
                    _ => {}
                }
            }
        });
    }

    /// What adjoints begin with.
    pub fn zero(&'p self, out: &mut Code<'p>) {
        if self.adjoint.passes.negative_zeros {
            out.token("-");
        }
        out.token("0.0_f64");
    }

    /// `value_b += amount`, for an active atom.
    pub(super) fn add(&'p self, out: &mut Code<'p>, atom: &Atom, amount: impl FnOnce(&mut Code<'p>)) {
        if let Some(value) = self.adjoint.program.active(atom) {
            self.give(out, value, amount);
        }
    }

    /// The same, the amount an adjoint.
    fn add_bar(&'p self, out: &mut Code<'p>, atom: &Atom, arrived: ValueId) {
        self.add(out, atom, |out| self.bar(arrived).append(out));
    }

    /// `value_b += amount`; from a light branch only if it was taken.
    fn give(&'p self, out: &mut Code<'p>, value: ValueId, amount: impl FnOnce(&mut Code<'p>)) {
        let bar = self.bar(value);
        match &*self.guard.borrow() {
            Some((region, condition, taken)) if self.adjoint.program.value(value).region != *region => {
                code!(out <- #bar += if #{
                    if !taken {
                        out.token("!");
                    }
                    self.atom(out, condition);
                } { #{ amount(out); } } else { -0.0 };);
            }
            _ => {
                code!(out <- #bar += #{ amount(out); };);
            }
        }
    }

    pub(super) fn undo_all(&'p self, out: &mut Code<'p>, region: &'p Region) {
        region.statements.iter().rev().for_each(|statement| self.undo(out, statement));
    }

    fn undo(&'p self, out: &mut Code<'p>, statement: &'p Statement) {
        self.headed(out, statement.span, |out| self.undo_statement(out, statement));
    }

    fn undo_statement(&'p self, out: &mut Code<'p>, statement: &'p Statement) {
        let (program, engine) = (&self.adjoint.program, &self.names.engine);
        let span = statement.span;
        match &statement.kind {
            StatementKind::Operation { out: result, op, operands, slope }
                if program.value(*result).active =>
            {
                match slope {
                    Some(slope) => self.pull_slope(out, *op == Op::Sin, (*result, *slope), operands),
                    None => self.pull(out, *op, *result, operands),
                }
            }
            StatementKind::Load { out: result, place } if program.value(*result).active => {
                let bar = self.bar(*result);
                code!(out <- #(self.place(place, true, span)) += #bar;);
            }
            StatementKind::New { memory, init } => {
                self.undo_init(out, &|out| self.memory_bar(*memory).append(out), init);
            }
            StatementKind::Store { place, value } => {
                let (stored, given) = (&self.stored, &self.stored);
                code!(out <- {
                    let #stored = __gradus_std::mem::replace(&mut #(self.place(place, true, span)), 0.0);
                    #(self.add(value, |out| given.append(out)))
                });
            }
            StatementKind::Copy { to, from } => {
                let (stored, given) = (&self.stored, &self.stored);
                code!(out <- {
                    let #stored = #engine::rt::take(&mut #(self.place(to, true, span)));
                    #engine::rt::accumulate(#(self.borrowed(from, true)), &#given);
                });
            }
            StatementKind::Swap { a, b } => {
                code!(out <- __gradus_std::mem::swap(
                    &mut #(self.place(a, true, span)), &mut #(self.place(b, true, span))
                ););
            }
            StatementKind::Change { place, change } => self.undo_change(out, place, change, span),
            StatementKind::Call(call) => self.undo_call(out, call),
            StatementKind::If { condition, then, otherwise, outs }
                if self.adjoint.light.contains(&then.id) =>
            {
                for (branch, taken) in [(then, true), (otherwise, false)] {
                    *self.guard.borrow_mut() = Some((branch.id, condition.clone(), taken));
                    code!(out <- { #(self.undo_branch(branch, outs)) });
                    *self.guard.borrow_mut() = None;
                }
            }
            StatementKind::If { condition, then, otherwise, outs }
                if is_active(program, then)
                    || is_active(program, otherwise)
                    || outs.iter().any(|out| program.value(*out).active) =>
            {
                code!(out <- if #(self.atom(condition)) {
                    #(self.undo_branch(then, outs))
                } else {
                    #(self.undo_branch(otherwise, outs))
                });
            }
            StatementKind::Loop(repeat) if is_active_loop(program, repeat) => self.undo_loop(out, repeat),
            _ => {}
        }
    }

    /// What changed a length or an order, on the adjoint of the place.
    fn undo_change(&'p self, out: &mut Code<'p>, place: &'p Place, change: &'p Change, span: Span) {
        let program = &self.adjoint.program;
        match change {
            Change::Push(Init::Atom(value)) if program.active(value).is_some() => {
                self.add(out, value, |out| {
                    code!(out <- #(self.place(place, true, span)).pop().unwrap_or_default());
                });
            }
            Change::Push(Init::Atom(_) | Init::Passive(_)) => {
                code!(out <- #(self.place(place, true, span)).pop(););
            }
            Change::Push(element) => {
                let pushed = &self.pushed;
                code!(out <- if let __gradus_std::option::Option::Some(#pushed) = #(self.place(place, true, span)).pop() {
                    #{ self.undo_init(out, &|out| pushed.append(out), element); }
                });
            }
            Change::Swap(a, b) => {
                code!(out <- #(self.place(place, true, span)).swap(#(self.atom(a)), #(self.atom(b))););
            }
            Change::Pop(last) => {
                code!(out <- #(self.place(place, true, span)).push(#{
                    match last {
                        Out::Value(last) if program.value(*last).active => self.bar(*last).append(out),
                        Out::Memory(last) => self.memory_bar(*last).append(out),
                        _ => out.token("0.0"),
                    }
                }););
            }
            Change::Truncate { before, .. } => {
                code!(out <- #(self.place(place, true, span)).resize(#(self.atom(before)), 0.0););
            }
        }
    }

    /// The adjoint of a sine or cosine, with which the other one was computed.
    fn pull_slope(
        &'p self,
        out: &mut Code<'p>,
        is_sin: bool,
        (result, slope): (ValueId, ValueId),
        operands: &'p [Atom],
    ) {
        let (arrived, slope) = (self.bar(result), self.ident(slope));
        for operand in operands {
            self.add(out, operand, |out| {
                code!(out <- #arrived *);
                if !is_sin {
                    out.token("-");
                }
                slope.append(out);
            });
        }
    }

    /// The adjoint of an operation: to each active operand the adjoint times the partial derivative.
    fn pull(&'p self, out: &mut Code<'p>, op: Op, result: ValueId, operands: &'p [Atom]) {
        let arrived = self.bar(result);
        let program = &self.adjoint.program;
        let both = operands.iter().filter(|operand| program.active(operand).is_some()).count() > 1;
        for ((k, operand), d) in operands.iter().enumerate().zip(["da", "db", "dc"]) {
            let (true, Some(to)) = (op.has_partial(k), program.active(operand)) else { continue };
            let rule = Ident::new(&format!("{}_{d}", op.name()), Span::call_site());
            let partial = |out: &mut Code<'p>| {
                code!(out <- __gradus_rules::#rule(#{
                    out.list(op.reads(k), |out, read| match read {
                        Read::A => self.atom(out, &operands[0]),
                        Read::B => self.atom(out, &operands[1]),
                        Read::C => self.atom(out, &operands[2]),
                        Read::Y => self.ident(result).append(out),
                        Read::Both => out.token(if both { "true" } else { "false" }),
                    });
                }));
            };
            if op.kind() == Kind::Selecting {
                // Skipped rather than multiplied by 0, which would make NaN of an infinite adjoint.
                out.at(Span::mixed_site(), |out| {
                    code!(out <- { let __partial = #{ partial(out); }; #(self.give(to, |out| {
                        code!(out <- if __partial != 0.0 { #arrived * __partial } else { -0.0 });
                    })) });
                });
            } else if op == Op::Div && !self.adjoint.passes.divisions_apart && d == "da" {
                self.give(out, to, |out| {
                    code!(out <- #arrived / #(self.atom(&operands[1])));
                });
            } else {
                self.give(out, to, |out| {
                    code!(out <- #arrived * #{ partial(out); });
                });
            }
        }
    }

    fn undo_branch(&'p self, out: &mut Code<'p>, branch: &'p Region, outs: &'p [ValueId]) {
        self.available(out, branch);
        self.declared(out, branch);
        for (result, atom) in outs.iter().zip(&branch.yields) {
            if self.adjoint.program.value(*result).active {
                self.add_bar(out, atom, *result);
            }
        }
        self.undo_all(out, branch);
    }
}
