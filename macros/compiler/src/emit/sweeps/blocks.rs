//! The records of a loop that lie in one block of the frame. Readers see a record an iteration, as of any other loop.

use super::Printer;
use crate::emit::code::{Code, Piece as _, Token, code};
use crate::ir::{Loop, Order, Record, Region, StatementKind};
use proc_macro2::{Ident, Span};
use quote::format_ident;
use std::collections::BTreeSet;

/// The numbers of the records that lie in blocks.
pub(super) fn numbers(body: &Region) -> BTreeSet<usize> {
    let mut found = BTreeSet::new();
    body.each(&mut |_, statement| {
        if let StatementKind::Loop(repeat) = &statement.kind {
            found.extend(repeat.block);
        }
    });
    found
}

/// Code for the compiler, and another for readers.
fn either<'p>(out: &mut Code<'p>, compiled: impl FnOnce(&mut Code<'p>), read: impl FnOnce(&mut Code<'p>)) {
    out.tokens.push(Token::Either(Code::of(compiled).stream(), Code::of(read).tokens));
}

/// Nothing for readers.
fn hidden<'p>(out: &mut Code<'p>, compiled: impl FnOnce(&mut Code<'p>)) {
    either(out, compiled, |_| {});
}

/// The names of what belongs to the record of this number.
struct Names {
    /// What the loop runs over.
    items: Ident,
    /// The room for the records that follow.
    block: Ident,
    /// The record of an iteration.
    record: Ident,
}

impl Names {
    fn of(number: usize) -> Names {
        let here = Span::mixed_site();
        Names {
            items: format_ident!("items{number}_", span = here),
            block: format_ident!("block{number}_", span = here),
            record: format_ident!("record{number}_", span = here),
        }
    }
}

impl<'p> Printer<'p> {
    /// What comes before a loop with a block: the iterator, which tells how long the block is, and in the forward sweep the block.
    pub(super) fn block_begins(&'p self, out: &mut Code<'p>, repeat: &'p Loop) {
        let (Some(number), Some(iterator)) = (repeat.block, &repeat.iterator) else { return };
        let (engine, frame) = (&self.names.engine, &self.frame);
        let Names { items, block, .. } = Names::of(number);
        let counted = items.clone();
        hidden(out, |out| {
            code!(out <- let #items = (#(self.host(iterator))););
            if repeat.order == Order::Forward {
                code!(out <- let mut #block = #engine::rt::Frame::block(#frame, &#counted););
            }
        });
    }

    /// What comes after it: in the forward sweep, the rest of the block is given back.
    pub(super) fn block_ends(&'p self, out: &mut Code<'p>, repeat: &'p Loop) {
        let Some(number) = repeat.block.filter(|_| repeat.order == Order::Forward) else { return };
        let (engine, frame) = (&self.names.engine, &self.frame);
        let Names { block, .. } = Names::of(number);
        let (unused, given) = (block.clone(), block.clone());
        hidden(out, |out| {
            code!(out <- let #unused = #engine::rt::room(&#block); #engine::rt::Frame::unused(#frame, #given););
        });
    }

    /// The head of a loop with a block, beside that of one without, which `plain` prints.
    pub(super) fn block_head(
        &'p self,
        out: &mut Code<'p>,
        repeat: &'p Loop,
        number: usize,
        plain: impl FnOnce(&mut Code<'p>),
    ) {
        let (engine, frame, index) = (&self.names.engine, &self.frame, self.ident(repeat.index));
        let Names { items, record, .. } = Names::of(number);
        let counted = items.clone();
        let head = |out: &mut Code<'p>| match repeat.order {
            Order::Forward => {
                code!(out <- for #index in #items);
            }
            Order::Backward { .. } => {
                code!(out <- for (#record, #index) in
                    #engine::rt::Frame::block_back(#frame, &#counted).iter().rev().zip(#items.rev()));
            }
        };
        either(out, head, plain);
    }

    /// What an iteration records in its block, beside what it records without one, which `plain` prints.
    pub(super) fn block_record(
        &'p self,
        out: &mut Code<'p>,
        of: &'p Record,
        plain: impl FnOnce(&mut Code<'p>),
    ) {
        let (engine, frame) = (&self.names.engine, &self.frame);
        let Names { block, record, .. } = Names::of(of.number);
        let (more, written) = (block.clone(), record.clone());
        let write = |out: &mut Code<'p>| {
            code!(out <- let #record = [#{
                out.list(&of.values, |out, value| self.ident(*value).append(out));
            }];);
            code!(out <- while !#engine::rt::write(&mut #block, #written) { #more = #engine::rt::Frame::more(#frame); });
        };
        either(out, write, plain);
    }

    /// The same, as it comes back.
    pub(super) fn block_replay(
        &'p self,
        out: &mut Code<'p>,
        of: &'p Record,
        plain: impl FnOnce(&mut Code<'p>),
    ) {
        let Names { record, .. } = Names::of(of.number);
        let read = |out: &mut Code<'p>| {
            code!(out <- let [#{
                out.list(&of.values, |out, value| self.ident(*value).append(out));
            }] = *#record;);
        };
        either(out, read, plain);
    }
}
