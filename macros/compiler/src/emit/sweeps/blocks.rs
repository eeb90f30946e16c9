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

/// The name of the record of an iteration.
fn slot(number: usize) -> Ident {
    format_ident!("record{number}_", span = Span::mixed_site())
}

fn items(number: usize) -> Ident {
    format_ident!("items{number}_", span = Span::mixed_site())
}

impl<'p> Printer<'p> {
    /// The iterator of a loop with a block, which tells how long the block is.
    pub(super) fn block_items(&'p self, out: &mut Code<'p>, repeat: &'p Loop) {
        if let (Some(number), Some(iterator)) = (repeat.block, &repeat.iterator) {
            let items = items(number);
            either(
                out,
                |out| {
                    code!(out <- let #items = (#(self.host(iterator))););
                },
                |_| {},
            );
        }
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
        let (slot, items, counted) = (slot(number), items(number), items(number));
        either(
            out,
            |out| match repeat.order {
                Order::Forward => {
                    code!(out <- for (#slot, #index) in
                        #engine::rt::Frame::block(#frame, &#counted).iter_mut().zip(#items));
                }
                Order::Backward { .. } => {
                    code!(out <- for (#slot, #index) in
                        #engine::rt::Frame::block_back(#frame, &#counted).iter().rev().zip(#items.rev()));
                }
            },
            plain,
        );
    }

    /// What an iteration records in its block, beside what it records without one, which `plain` prints.
    pub(super) fn block_record(
        &'p self,
        out: &mut Code<'p>,
        record: &'p Record,
        plain: impl FnOnce(&mut Code<'p>),
    ) {
        let slot = slot(record.number);
        either(
            out,
            |out| {
                code!(out <- *#slot = [#{
                out.list(&record.values, |out, value| self.ident(*value).append(out));
            }];);
            },
            plain,
        );
    }

    /// The same, as it comes back.
    pub(super) fn block_replay(
        &'p self,
        out: &mut Code<'p>,
        record: &'p Record,
        plain: impl FnOnce(&mut Code<'p>),
    ) {
        let slot = slot(record.number);
        either(
            out,
            |out| {
                code!(out <- let [#{
                out.list(&record.values, |out, value| self.ident(*value).append(out));
            }] = *#slot;);
            },
            plain,
        );
    }
}
