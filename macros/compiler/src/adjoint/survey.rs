//! Where values come from, and what the statements of the reverse sweep read.

use super::history::History;
use super::{is_active, is_active_loop};
use crate::ir::{
    Argument, Atom, Change, Class, Init, Loop, MemoryId, Out, Piece, Place, Program, Region, RegionId,
    Statement, StatementKind, Step, Template, ValueId,
};
use crate::lower::Unsupported;
use crate::reasons::Reason;
use gradus_ops::{Cost, Op, Read};
use proc_macro2::{Span, TokenStream, TokenTree};
use std::collections::BTreeMap;

/// What lies around a region.
#[derive(Clone, Copy)]
pub enum Around {
    Branch(RegionId),
    Loop,
}

/// Where a value comes from, as far as the reverse sweep is concerned.
pub enum Origin {
    /// Cheap to compute again from these values and memories.
    Again {
        reads: Vec<ValueId>,
        looks: Vec<MemoryId>,
    },
    /// A loop's index, which the reverse loop has too.
    Index,
    /// An item of the user's iterator, which can run a second time.
    Item {
        body: RegionId,
        reads: Vec<ValueId>,
        looks: Vec<MemoryId>,
    },
    Kept(Span),
}

pub struct Survey<'p> {
    program: &'p Program,
    history: History,
    pub regions: BTreeMap<RegionId, Around>,
    pub origins: BTreeMap<ValueId, Origin>,
    /// The values that statements of the reverse sweep read.
    pub needed: Vec<ValueId>,
    /// The memories that they look at.
    pub looked: Vec<MemoryId>,
}

impl<'p> Survey<'p> {
    pub fn of(program: &'p Program) -> Result<Survey<'p>, Unsupported> {
        let mut survey = Survey {
            program,
            history: History::of(program),
            regions: BTreeMap::new(),
            origins: BTreeMap::new(),
            needed: Vec::new(),
            looked: Vec::new(),
        };
        survey.region(&program.body)?;
        Ok(survey)
    }

    fn region(&mut self, region: &'p Region) -> Result<(), Unsupported> {
        for statement in &region.statements {
            self.history.next();
            self.statement(region, statement)?;
        }
        Ok(())
    }

    fn statement(&mut self, around: &'p Region, statement: &'p Statement) -> Result<(), Unsupported> {
        let span = statement.span;
        match &statement.kind {
            StatementKind::Operation { out, op, operands, slope } => {
                if let Some(slope) = slope {
                    self.origins.insert(*slope, Origin::Kept(span));
                    if self.program.value(*out).active {
                        self.needed.push(*slope);
                    }
                }
                let cheap = op.cost() < Cost::Expensive;
                let mut reads = Vec::new();
                operands.iter().for_each(|operand| operand.read(&mut reads));
                let again = Origin::Again { reads, looks: Vec::new() };
                self.origins.insert(*out, if cheap { again } else { Origin::Kept(span) });
                if self.program.value(*out).active && slope.is_none() {
                    self.partial_reads(*out, *op, operands);
                }
            }
            StatementKind::Passive { out, template } => {
                if let Some(out) = out {
                    // A variable that statements of the user's change has its first value only here.
                    let again = if self.is_changed(*out) { None } else { self.again(template) };
                    self.origins.insert(*out, again.unwrap_or(Origin::Kept(span)));
                }
            }
            StatementKind::Load { out, place } => {
                if self.program.value(*out).active {
                    self.adjoint_place(place);
                }
                let mut reads = Vec::new();
                place.read(&mut reads);
                let mut looks = Vec::new();
                place.look_at(&mut looks);
                let there = self.history.keeps_elements(place.memory) && self.keeps_lengths(&looks);
                let origin = if there { Origin::Again { reads, looks } } else { Origin::Kept(span) };
                self.origins.insert(*out, origin);
            }
            StatementKind::New { init, .. } => self.init_places(init),
            StatementKind::Store { place, .. } => self.adjoint_place(place),
            StatementKind::Copy { to: a, from: b } | StatementKind::Swap { a, b } => {
                self.adjoint_place(a);
                self.adjoint_place(b);
            }
            StatementKind::Change { place, change } => {
                self.adjoint_place(place);
                match change {
                    Change::Push(element) => self.init_places(element),
                    Change::Swap(a, b) => {
                        a.read(&mut self.needed);
                        b.read(&mut self.needed);
                    }
                    Change::Pop(Out::Value(out)) => drop(self.origins.insert(*out, Origin::Kept(span))),
                    Change::Pop(_) => {}
                    Change::Truncate { before, .. } => before.read(&mut self.needed),
                }
            }
            StatementKind::Call(call) => {
                let mut outs = Vec::new();
                call.out.parts(&mut outs, &mut Vec::new());
                outs.into_iter().for_each(|out| drop(self.origins.insert(out, Origin::Kept(span))));
                for argument in &call.arguments {
                    self.argument(argument, call.in_halves, span)?;
                }
            }
            StatementKind::If { condition, then, otherwise, outs } => {
                let any_active = outs.iter().any(|out| self.program.value(*out).active);
                if any_active || is_active(self.program, then) || is_active(self.program, otherwise) {
                    condition.read(&mut self.needed);
                }
                for branch in [then, otherwise] {
                    self.regions.insert(branch.id, Around::Branch(around.id));
                    self.region(branch)?;
                }
                for out in outs {
                    self.origins.insert(*out, Origin::Kept(span));
                }
            }
            StatementKind::Loop(repeat) => self.repeat(repeat, span)?,
        }
        Ok(())
    }

    /// What the reverse half of a callee is given again, or the partial derivative that it gave.
    fn argument(&mut self, argument: &'p Argument, in_halves: bool, span: Span) -> Result<(), Unsupported> {
        match argument {
            Argument::Number { partial: Some(partial), .. } => {
                self.origins.insert(*partial, Origin::Kept(span));
                self.needed.push(*partial);
            }
            Argument::Number { atom, partial: None } if in_halves => atom.read(&mut self.needed),
            Argument::Passive(template) if in_halves => template.read(&mut self.needed),
            Argument::Number { .. } | Argument::Passive(_) => {}
            Argument::Place { place, .. } => {
                self.adjoint_place(place);
                place.look_at(&mut self.looked);
                if !self.history.keeps_elements(place.memory) || !self.history.keeps_length(place.memory) {
                    return Err(Unsupported { reason: Reason::ChangedArgument, span });
                }
            }
        }
        Ok(())
    }

    fn repeat(&mut self, repeat: &'p Loop, span: Span) -> Result<(), Unsupported> {
        if is_active_loop(self.program, repeat) {
            if let Some(iterator) = &repeat.iterator {
                let Some(Origin::Again { reads, looks }) = self.again(iterator) else {
                    return Err(Unsupported { reason: Reason::OnceOnly, span });
                };
                self.needed.extend(reads);
                self.looked.extend(looks);
            }
            self.needed.extend(repeat.until.iter().map(|(_, trips)| *trips));
        }
        if let Some((_, trips)) = &repeat.until {
            self.origins.insert(*trips, Origin::Kept(span));
        }
        if let Some((item, items)) = &repeat.items {
            let origin = match self.again(items) {
                Some(Origin::Again { reads, looks }) => Origin::Item { body: repeat.body.id, reads, looks },
                _ => Origin::Kept(span),
            };
            self.origins.insert(*item, origin);
        }
        self.origins.insert(repeat.index, Origin::Index);
        for carried in &repeat.carried {
            self.origins.insert(carried.inside, Origin::Kept(span));
            self.origins.insert(carried.after, Origin::Kept(span));
        }
        self.regions.insert(repeat.body.id, Around::Loop);
        self.history.enter(repeat.body.id);
        if let Some((test, _)) = &repeat.test {
            self.skip(test);
        }
        let result = self.region(&repeat.body);
        self.history.leave();
        result
    }

    /// How a passive expression is evaluated again, if it may be.
    fn again(&self, template: &Template) -> Option<Origin> {
        let (mut reads, mut looks, mut elements) = (Vec::new(), Vec::new(), Vec::new());
        template.read(&mut reads);
        template.look_at(&mut looks);
        named_memories(template, &mut elements);
        let there =
            self.keeps_lengths(&looks) && elements.iter().all(|memory| self.history.keeps_elements(*memory));
        // What stands on data that no frame holds is better saved itself.
        let gone = reads.iter().any(|read| {
            let data = self.program.value(*read).class == Class::Data;
            data && matches!(self.origins.get(read), Some(Origin::Kept(_)))
        });
        (template.pure && there && !gone).then_some(Origin::Again { reads, looks })
    }

    /// Whether statements that only rustc understands may change a value: it is declared `mut`.
    fn is_changed(&self, value: ValueId) -> bool {
        let pattern = self.program.value(value).pattern.iter().cloned();
        self.program.changing.contains(&value) || pattern.into_iter().any(says_mut)
    }

    fn keeps_lengths(&self, memories: &[MemoryId]) -> bool {
        memories.iter().all(|memory| self.history.keeps_length(*memory))
    }

    /// The adjoint of a place is found by its indices.
    fn adjoint_place(&mut self, place: &Place) {
        place.read(&mut self.needed);
        for step in &place.steps {
            if let Step::Index(template) = step {
                template.look_at(&mut self.looked);
            }
        }
    }

    /// A region that the reverse sweep has nothing to do with.
    fn skip(&mut self, region: &Region) {
        for statement in &region.statements {
            self.history.next();
            match &statement.kind {
                StatementKind::If { then, otherwise, .. } => {
                    self.skip(then);
                    self.skip(otherwise);
                }
                StatementKind::Loop(repeat) => {
                    repeat.test.iter().for_each(|(test, _)| self.skip(test));
                    self.skip(&repeat.body);
                }
                _ => {}
            }
        }
    }

    fn init_places(&mut self, init: &Init) {
        match init {
            Init::Copy { place, .. } => self.adjoint_place(place),
            Init::List { elements, .. } | Init::Tuple(elements) => {
                elements.iter().for_each(|element| self.init_places(element));
            }
            Init::Repeat { element, .. } => self.init_places(element),
            Init::Passive(_) | Init::Atom(_) => {}
        }
    }

    /// What the partial derivatives of an operation read.
    fn partial_reads(&mut self, out: ValueId, op: Op, operands: &[Atom]) {
        for (k, operand) in operands.iter().enumerate() {
            if self.program.active(operand).is_none() {
                continue;
            }
            for read in op.reads(k) {
                match read {
                    Read::A => operands[0].read(&mut self.needed),
                    Read::B => operands[1].read(&mut self.needed),
                    Read::C => operands[2].read(&mut self.needed),
                    Read::Y => self.needed.push(out),
                    Read::Both => {}
                }
            }
        }
    }
}

/// Memories of which the user's own tokens may read anything.
fn named_memories(template: &Template, found: &mut Vec<MemoryId>) {
    for name in &template.names {
        if let crate::ir::Named::Place(place) | crate::ir::Named::Copy(place) = &name.stands_for {
            found.push(place.memory);
        }
    }
    for piece in &template.pieces {
        if let Piece::Template(inner) | Piece::Braces(inner) | Piece::Number(inner) = piece {
            named_memories(inner, found);
        }
    }
}

fn says_mut(tokens: TokenStream) -> bool {
    tokens.into_iter().any(|token| match token {
        TokenTree::Ident(word) => word == "mut",
        TokenTree::Group(group) => says_mut(group.stream()),
        TokenTree::Punct(_) | TokenTree::Literal(_) => false,
    })
}
