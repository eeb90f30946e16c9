//! Calls of other differentiable functions: forward and undone.

use super::Printer;
use crate::emit::call::{Buffer, forward_half, partials_of, reverse_half};
use crate::emit::code::{Code, Piece as _, code};
use crate::ir::{Argument, Call, Class, Out};
use proc_macro2::{Ident, Span};

impl<'p> Printer<'p> {
    pub(super) fn call(&'p self, out: &mut Code<'p>, call: &'p Call) {
        let arguments = self.arguments(call);
        if call.in_halves {
            code!(out <- let #(self.out(&call.out)) = #{
                forward_half(out, self.names, &call.callee, arguments);
            };);
            let mut memories = Vec::new();
            call.out.parts(&mut Vec::new(), &mut memories);
            memories.into_iter().for_each(|memory| self.seen(out, memory));
            return;
        }
        code!(out <- let (#(self.out(&call.out)), (#{
            out.parts(&call.arguments, |out, argument| match argument {
                Argument::Number { partial: Some(partial), .. } => self.ident(*partial).append(out),
                _ => out.token("_"),
            });
        })) = #{
            partials_of(out, self.names, &call.callee, arguments);
        };);
    }

    fn arguments(&'p self, call: &'p Call) -> Vec<Code<'p>> {
        let argument = |argument: &'p Argument| {
            Code::of(|out| match argument {
                Argument::Number { atom, .. } => self.atom(out, atom),
                Argument::Place { place, borrowed: true } => self.borrowed(out, place, false),
                Argument::Place { place, borrowed: false } => {
                    code!(out <- #(self.place(place, false, place.span)).clone());
                }
                Argument::Passive(template) => self.template(out, template),
            })
        };
        call.arguments.iter().map(argument).collect()
    }

    pub(super) fn out(&'p self, out: &mut Code<'p>, given: &'p Out) {
        match given {
            Out::Value(value) => self.ident(*value).append(out),
            Out::Memory(memory) => {
                let ident = self.memory(*memory);
                code!(out <- mut #ident);
            }
            Out::Tuple(parts) => {
                code!(out <- (#{ out.parts(parts, |out, part| self.out(out, part)); }));
            }
        }
    }

    pub(super) fn undo_call(&'p self, out: &mut Code<'p>, call: &'p Call) {
        let value = match call.out {
            Out::Value(value) if !call.in_halves => value,
            _ => return self.undo_halves(out, call),
        };
        if !self.adjoint.program.value(value).active {
            return;
        }
        let arrived = self.bar(value);
        for argument in &call.arguments {
            if let Argument::Number { atom, partial: Some(partial) } = argument {
                let partial = self.ident(*partial);
                self.add(out, atom, |out| {
                    code!(out <- #arrived * #partial);
                });
            }
        }
    }

    /// The reverse half of a callee.
    fn undo_halves(&'p self, out: &mut Code<'p>, call: &'p Call) {
        let (engine, program) = (&self.names.engine, &self.adjoint.program);
        code!(out <- {#{
            let (mut after, mut buffers, mut taken) = (Vec::new(), Vec::new(), Vec::new());
            for (at, argument) in call.arguments.iter().enumerate() {
                let own = Ident::new(&format!("argument{at}_b"), Span::mixed_site());
                let lent = own.clone();
                let lent = Code::of(|out| { code!(out <- &mut #lent); });
                buffers.push(match argument {
                    Argument::Number { atom, .. } if program.active(atom).is_some() => {
                        let name = own.clone();
                        code!(out <- let mut #name = 0.0;);
                        after.push(Code::of(|out| self.add(out, atom, |out| own.append(out))));
                        Buffer::Of(lent)
                    }
                    Argument::Place { place, .. } if taken.contains(&place.memory) => {
                        let name = own.clone();
                        code!(out <- let mut #name =
                            #engine::rt::Differentiable::zeros(#(self.borrowed(place, false)));
                        );
                        after.push(Code::of(|out| {
                            code!(out <- #engine::rt::accumulate(#(self.borrowed(place, true)), &#own););
                        }));
                        Buffer::Of(lent)
                    }
                    Argument::Place { place, .. } => {
                        taken.push(place.memory);
                        Buffer::Of(Code::of(|out| self.borrowed(out, place, true)))
                    }
                    Argument::Number { .. } | Argument::Passive(_) => Buffer::Nobody,
                });
            }
            let seed = Code::of(|out| {
                code!(out <- &#(self.seed_of(&call.out)));
            });
            reverse_half(out, self.names, &call.callee, self.arguments(call), seed, buffers);
            after.into_iter().for_each(|after| after.append(out));
        }});
    }

    /// The adjoint of what a callee gave.
    fn seed_of(&'p self, out: &mut Code<'p>, given: &'p Out) {
        match given {
            Out::Value(value) if self.adjoint.program.value(*value).active => {
                let bar = self.bar(*value);
                // Not −0, which the callee's own numbers need not be.
                code!(out <- (#bar + 0.0));
            }
            // What the caller takes for data is data: rustc refuses a number.
            Out::Value(value) if self.adjoint.program.value(*value).class == Class::Scalar => {
                let engine = &self.names.engine;
                code!(out <- #engine::rt::no_seed());
            }
            Out::Value(_) => {
                code!(out <- __gradus_std::default::Default::default());
            }
            Out::Memory(memory) => self.memory_bar(*memory).append(out),
            Out::Tuple(parts) => {
                code!(out <- (#{
                    out.parts(parts, |out, part| {
                        self.seed_of(out, part);
                        if matches!(part, Out::Memory(_)) {
                            code!(out <- .clone());
                        }
                    });
                }));
            }
        }
    }
}
