//! How storages begin.

use super::Printer;
use crate::emit::code::{Code, Piece as _, code};
use crate::ir::{Init, Shape};
use proc_macro2::Delimiter;
use quote::ToTokens;

impl<'p> Printer<'p> {
    /// What a storage begins with.
    pub(super) fn init(&'p self, out: &mut Code<'p>, init: &'p Init) {
        match init {
            Init::Passive(host) => self.host(out, host),
            Init::List { vec, elements } => {
                self.bracketed(out, *vec, |out| out.list(elements, |out, element| self.init(out, element)));
            }
            Init::Tuple(parts) => {
                code!(out <- (#{ out.parts(parts, |out, part| self.init(out, part)); }));
            }
            Init::Struct { path, fields, base } => {
                path.to_token_stream().append(out);
                out.group(Delimiter::Brace, |out| {
                    out.list(fields, |out, (member, init)| {
                        let member = member.to_token_stream();
                        code!(out <- #member: #(self.init(init)));
                    });
                    if let Some(base) = base {
                        if !fields.is_empty() {
                            out.token(",");
                        }
                        code!(out <- ..#(self.place(base, base.span)).clone());
                    }
                });
            }
            Init::Repeat { vec, element, length } => {
                self.bracketed(out, *vec, |out| {
                    code!(out <- #(self.init(element)); #(self.host(length)));
                });
            }
            Init::Copy { place, method } => {
                code!(out <- #(self.place(place, place.span)) #method);
            }
            Init::Atom(atom) => self.atom(out, atom),
            Init::Unset => unreachable!("nothing begins with what is not there"),
            Init::Storage(storage) => self.storage(*storage).append(out),
            Init::Number(expression) => self.expression(out, expression),
            Init::Unreached(Shape::Number) => {
                code!(out <- -0.0_f64);
            }
            Init::Unreached(Shape::Like(place)) => {
                let engine = &self.names.engine;
                code!(out <- #engine::rt::Shaped::unreached(#(self.borrowed(place, false))));
            }
            Init::Unreached(Shape::Same(place)) => {
                let engine = &self.names.engine;
                code!(out <- #engine::rt::absent(#(self.borrowed(place, false))));
            }
            Init::Unreached(Shape::Type(storage)) => {
                let witness = Self::witness(self.storage(*storage));
                code!(out <- #witness.unreached());
            }
        }
    }

    /// An array, or a `Vec`.
    fn bracketed(&'p self, out: &mut Code<'p>, vec: bool, elements: impl FnOnce(&mut Code<'p>)) {
        if vec {
            code!(out <- __gradus_std::vec!);
        }
        out.group(Delimiter::Bracket, elements);
    }
}
