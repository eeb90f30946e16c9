//! Loops, in either order.

use super::Printer;
use crate::emit::code::{Code, Piece as _, Token, code};
use crate::ir::{Atom, HostExpression, Loop, Order, Piece, ValueId};
use quote::quote;

impl<'p> Printer<'p> {
    pub(super) fn repeat(&'p self, out: &mut Code<'p>, repeat: &'p Loop) {
        for carried in &repeat.carried {
            let inside = self.ident(carried.inside);
            code!(out <- let mut #inside #{
                // Methods may be called on it before anything else tells the type of a literal.
                if matches!(&carried.start, Atom::Literal(start) if start.number().is_some()) {
                    out.tokens.push(Token::Either(quote!(: __gradus_f64), Vec::new()));
                }
            } = #(self.atom(&carried.start)););
        }
        if let Some((_, trips)) = &repeat.until {
            let trips = self.ident(*trips);
            code!(out <- let mut #trips = 0_usize;);
        }
        self.block_begins(out, repeat);
        code!(out <- #(self.head(repeat)) { #(self.iteration(repeat)) });
        self.block_ends(out, repeat);
        for carried in repeat.carried.iter().filter(|carried| self.read.contains(&carried.after)) {
            let (after, inside) = (self.ident(carried.after), self.ident(carried.inside));
            code!(out <- let #after = #inside;);
        }
    }

    fn iteration(&'p self, out: &mut Code<'p>, repeat: &'p Loop) {
        if let Some((test, atom)) = &repeat.test {
            code!(out <- if !{ #(self.region(test)) #(self.atom(atom)) } { break; });
        }
        // The number that a user's iterator gives, whichever form it comes in.
        if let Some((item, _)) = &repeat.items
            && self.is_float(*item)
        {
            let (engine, item) = (&self.names.engine, self.ident(*item));
            code!(out <- let #item = #engine::rt::number(#item););
        }
        self.region(out, &repeat.body);
        if let Some(fused) = &repeat.fused {
            out.tokens.push(Token::Note("The reverse of this iteration:"));
            self.region(out, fused);
            out.tokens.push(Token::End);
        }
        if !repeat.carried.is_empty() {
            let carried = &repeat.carried;
            self.one_or_tuple(out, carried, |out, carried| self.ident(carried.inside).append(out));
            code!(out <- = #(self.yields(&repeat.body)););
        }
        if let Some((last, trips)) = &repeat.until {
            let trips = self.ident(*trips);
            code!(out <- #trips += 1; if #(self.atom(last)) { break; });
        }
    }

    fn head(&'p self, out: &mut Code<'p>, repeat: &'p Loop) {
        match repeat.block {
            Some(number) => self.block_head(out, repeat, number, |out| self.plain_head(out, repeat)),
            None => self.plain_head(out, repeat),
        }
    }

    fn plain_head(&'p self, out: &mut Code<'p>, repeat: &'p Loop) {
        let item = match &repeat.items {
            Some((item, _)) => self.ident(*item),
            None => self.ident(repeat.index),
        };
        let items = repeat.iterator.as_ref().or(repeat.items.as_ref().map(|(_, items)| items));
        match (repeat.order, items) {
            (Order::Forward, Some(items)) => {
                code!(out <- for #item in (#(self.host(items))));
            }
            (Order::Forward, None) => {
                code!(out <- loop);
            }
            (Order::Backward { trips, .. }, items) => {
                code!(out <- for #item in #{
                    match (items, trips) {
                        (Some(items), Some(trips)) if repeat.items.is_some() => {
                            let (engine, trips) = (&self.names.engine, self.ident(trips));
                            code!(out <- #engine::rt::backward((#(self.host(items))), #trips));
                        }
                        (items, trips) => self.backward(out, items, trips),
                    }
                });
            }
        }
    }

    /// The iterations that ran, the last one first.
    fn backward(&'p self, out: &mut Code<'p>, iterator: Option<&'p HostExpression>, trips: Option<ValueId>) {
        match (iterator, trips.map(|trips| self.ident(trips))) {
            (Some(iterator), None) => {
                code!(out <- (#(self.host(iterator))).rev());
            }
            // The indices of as many iterations as there were.
            (Some(iterator), Some(trips)) if counts_up(iterator) => {
                code!(out <- (0..#trips).rev());
            }
            (Some(iterator), Some(trips)) => {
                code!(out <-
                    (#(self.host(iterator))).rev().skip((#(self.host(iterator))).count() - #trips)
                );
            }
            (None, Some(trips)) => {
                code!(out <- (0..#trips).rev());
            }
            (None, None) => {
                code!(out <- __gradus_std::iter::empty::<()>());
            }
        }
    }
}

/// `0..n` of the compiler's own making.
fn counts_up(iterator: &HostExpression) -> bool {
    matches!(iterator.pieces.as_slice(), [Piece::Below(_)])
}
