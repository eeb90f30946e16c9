//! How memories begin, and what becomes of that in the reverse sweep.

use super::Printer;
use crate::emit::code::{Code, code};
use crate::ir::{Init, MemoryId};
use proc_macro2::Delimiter;

impl<'p> Printer<'p> {
    /// What a memory begins with.
    pub(super) fn init(&'p self, out: &mut Code<'p>, init: &'p Init) {
        match init {
            Init::Passive(template) => self.template(out, template),
            Init::List { vec, elements } => {
                self.bracketed(out, *vec, |out| out.list(elements, |out, element| self.init(out, element)));
            }
            Init::Tuple(parts) => {
                code!(out <- (#{ out.parts(parts, |out, part| self.init(out, part)); }));
            }
            Init::Repeat { vec, element, length } => {
                self.bracketed(out, *vec, |out| {
                    code!(out <- #(self.init(element)); #(self.template(length)));
                });
            }
            Init::Copy { place, method } => {
                code!(out <- #(self.place(place, false, place.span)) #method);
            }
            Init::Atom(atom) => self.atom(out, atom),
        }
    }

    /// An array, or a `Vec`.
    fn bracketed(&'p self, out: &mut Code<'p>, vec: bool, elements: impl FnOnce(&mut Code<'p>)) {
        if vec {
            code!(out <- __gradus_std::vec!);
        }
        out.group(Delimiter::Bracket, elements);
    }

    /// The adjoint of a memory, of the shape that the memory has at its end.
    pub(super) fn declared_memory(&'p self, out: &mut Code<'p>, memory: MemoryId) {
        let (engine, ident, bar) = (&self.names.engine, self.memory(memory), self.memory_bar(memory));
        if self.adjoint.is_at_hand(memory) {
            code!(out <- let mut #bar = #engine::rt::Shaped::zeros(&#ident););
        } else {
            let witness = Self::witness(ident);
            code!(out <- let mut #bar = #witness.zeros(););
        }
    }

    /// What a memory began with gets the memory's adjoint, which `adjoint` prints.
    pub(super) fn undo_init(&'p self, out: &mut Code<'p>, adjoint: &dyn Fn(&mut Code<'p>), init: &'p Init) {
        match init {
            Init::Passive(_) => {}
            Init::Atom(atom) => self.add(out, atom, adjoint),
            Init::List { elements, .. } => {
                for (at, element) in elements.iter().enumerate() {
                    let part = |out: &mut Code<'p>| {
                        adjoint(out);
                        code!(out <- [#at]);
                    };
                    self.undo_init(out, &part, element);
                }
            }
            Init::Tuple(parts) => {
                for (at, part) in parts.iter().enumerate() {
                    let of = |out: &mut Code<'p>| {
                        adjoint(out);
                        code!(out <- .#at);
                    };
                    self.undo_init(out, &of, part);
                }
            }
            Init::Repeat { element, .. } => match &**element {
                Init::Atom(atom) => self.add(out, atom, |out| {
                    adjoint(out);
                    code!(out <- .iter().sum::<__gradus_f64>());
                }),
                Init::Passive(_) => {}
                row => {
                    let element = &self.element;
                    code!(out <- for #element in #{ adjoint(out); }.iter() {
                        #{ self.undo_init(out, &|out| { code!(out <- (*#element)); }, row); }
                    });
                }
            },
            Init::Copy { place, .. } => {
                let engine = &self.names.engine;
                code!(out <- #engine::rt::accumulate(#(self.borrowed(place, true)), &#{ adjoint(out); }););
            }
        }
    }
}
