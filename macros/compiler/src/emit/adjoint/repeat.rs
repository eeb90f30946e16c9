//! Loops, forward and backward.

use super::Printer;
use crate::emit::code::{Code, Piece as _, code};
use crate::ir::{Atom, Carried, Loop, Piece, Template};
use proc_macro2::{Ident, Span};
use quote::format_ident;

impl<'p> Printer<'p> {
    pub(super) fn repeat(&'p self, out: &mut Code<'p>, repeat: &'p Loop) {
        for carried in &repeat.carried {
            let inside = self.ident(carried.inside);
            code!(out <- let mut #inside = #(self.atom(&carried.start)););
        }
        if let Some((_, trips)) = &repeat.until {
            let trips = self.ident(*trips);
            code!(out <- let mut #trips = 0_usize;);
        }
        code!(out <- #(self.repeat_head(repeat)) {
            #{
                if let Some((test, atom)) = &repeat.test {
                    code!(out <- if !{ #(self.run(test)) #(self.atom(atom)) } { break; });
                }
                self.item_of_users(out, repeat);
                self.run(out, &repeat.body);
                self.save(out, &repeat.body);
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
        });
        for carried in &repeat.carried {
            let (after, inside) = (self.ident(carried.after), self.ident(carried.inside));
            code!(out <- let #after = #inside;);
        }
    }

    fn repeat_head(&'p self, out: &mut Code<'p>, repeat: &'p Loop) {
        match (&repeat.iterator, &repeat.items) {
            (Some(iterator), _) => {
                let index = self.ident(repeat.index);
                code!(out <- for #index in (#(self.template(iterator))));
            }
            (None, Some((item, items))) => {
                let item = self.ident(*item);
                code!(out <- for #item in (#(self.template(items))));
            }
            (None, None) => {
                code!(out <- loop);
            }
        }
    }

    /// The number that a user's iterator gives, whichever form it comes in.
    fn item_of_users(&'p self, out: &mut Code<'p>, repeat: &'p Loop) {
        if let (None, Some((item, _))) = (&repeat.iterator, &repeat.items)
            && self.is_float(*item)
        {
            let (engine, item) = (&self.names.engine, self.ident(*item));
            code!(out <- let #item = #engine::rt::number(#item););
        }
    }

    pub(super) fn undo_loop(&'p self, out: &mut Code<'p>, repeat: &'p Loop) {
        let program = &self.adjoint.program;
        let body = &repeat.body;
        let carry = |carried: &Carried| {
            format_ident!("{}carried", self.ident(carried.inside), span = Span::mixed_site())
        };
        let active = repeat.carried.iter().zip(&body.yields);
        let active = active.filter(|(carried, _)| program.value(carried.inside).active);
        let active: Vec<_> = active.map(|(carried, next)| (carried, next, carry(carried))).collect();
        for (carried, _, carry) in &active {
            let carry = carry.clone();
            code!(out <- let mut #carry = #{
                if program.value(carried.after).active {
                    self.bar(carried.after).append(out);
                } else {
                    self.zero(out);
                }
            };);
        }
        let engine = &self.names.engine;
        if self.adjoint.quiet.contains(&body.id) && !active.is_empty() {
            code!(out <- if #{
                for (at, (_, _, carry)) in active.iter().enumerate() {
                    if at > 0 {
                        out.token("||");
                    }
                    let carry = carry.clone();
                    code!(out <- #engine::rt::arrived(#carry));
                }
            } {
                #(self.undo_iterations(repeat, &active))
            });
        } else {
            self.undo_iterations(out, repeat, &active);
        }
        for (carried, _, carry) in active {
            self.add(out, &carried.start, |out| carry.append(out));
        }
    }

    fn undo_iterations(
        &'p self,
        out: &mut Code<'p>,
        repeat: &'p Loop,
        active: &[(&'p Carried, &'p Atom, Ident)],
    ) {
        let body = &repeat.body;
        let index = match &repeat.items {
            Some((item, _)) if self.adjoint.replayed.contains(&body.id) => self.ident(*item),
            _ => self.ident(repeat.index),
        };
        code!(out <- for #index in #(self.backward(repeat)) {
            #{
                if self.adjoint.replayed.contains(&body.id) {
                    self.item_of_users(out, repeat);
                }
            }
            #(self.available(body))
            #{
                for (carried, ..) in active {
                    let inside = self.bar(carried.inside);
                    code!(out <- let mut #inside = #(self.zero()););
                }
                self.declared(out, body);
                for (_, next, carry) in active {
                    self.add(out, next, |out| carry.clone().append(out));
                }
                self.undo_all(out, body);
                for (carried, _, carry) in active {
                    let (carry, inside) = (carry.clone(), self.bar(carried.inside));
                    code!(out <- #carry = #inside;);
                }
            }
        });
    }

    /// The iterations that ran, the last one first.
    fn backward(&'p self, out: &mut Code<'p>, repeat: &'p Loop) {
        let trips = repeat.until.as_ref().map(|(_, trips)| self.ident(*trips));
        if let (Some((_, items)), Some(trips)) = (&repeat.items, trips)
            && self.adjoint.replayed.contains(&repeat.body.id)
        {
            if self.adjoint.forward.contains(&repeat.body.id) {
                code!(out <- (#(self.template(items))));
            } else {
                let engine = &self.names.engine;
                code!(out <- #engine::rt::backward((#(self.template(items))), #trips));
            }
            return;
        }
        match (&repeat.iterator, trips) {
            (Some(iterator), None) if self.adjoint.forward.contains(&repeat.body.id) => {
                self.template(out, iterator);
            }
            (Some(iterator), None) => {
                code!(out <- (#(self.template(iterator))).rev());
            }
            // The indices of as many iterations as there were.
            (Some(iterator), Some(trips)) if counts_up(iterator) => {
                code!(out <- (0..#trips).rev());
            }
            (Some(iterator), Some(trips)) => {
                code!(out <-
                    (#(self.template(iterator))).rev().skip((#(self.template(iterator))).count() - #trips)
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
fn counts_up(iterator: &Template) -> bool {
    match iterator.pieces.as_slice() {
        [Piece::Tokens(start), Piece::Atom(_)] => start.to_string().replace(' ', "") == "0..",
        _ => false,
    }
}
