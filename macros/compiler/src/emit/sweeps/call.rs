//! Calls of other differentiable functions, and of their reverse halves.

use super::Printer;
use crate::emit::call::{
    Along, forward_half, partials_of, reverse_half, second_forward_half, second_reverse_half, tangent_of,
};
use crate::emit::code::{Code, Piece as _, code};
use crate::emit::method::Given;
use crate::ir::{Argument, Call, CallReverse, Class, Direction, Out, Place, Seed};
use crate::syntax::callee::Callee;

impl<'p> Printer<'p> {
    pub(super) fn call(&'p self, out: &mut Code<'p>, call: &'p Call) {
        let arguments = self.arguments(&call.callee, &call.arguments);
        if let Some(tangents) = &call.tangents {
            let directions = self.directions(&tangents.arguments);
            let has_sweep = self.reverse.is_some();
            code!(out <- let (#(self.out(&call.out)), #(self.out(&tangents.out))) = #{
                if has_sweep {
                    second_forward_half(out, self.names, &call.callee, arguments, &directions);
                } else {
                    tangent_of(out, self.names, &call.callee, arguments, directions);
                }
            };);
            if has_sweep {
                let mut storages = Vec::new();
                call.out.parts(&mut Vec::new(), &mut storages);
                storages.into_iter().for_each(|storage| self.see(out, storage));
            }
            return;
        }
        if call.in_halves {
            let may_fail = call.rest.is_some();
            code!(out <- let #(self.out(&call.out)) = #{
                forward_half(out, self.names, &call.callee, arguments, may_fail);
                call.rest.iter().for_each(|rest| self.host(out, rest));
            };);
            let mut storages = Vec::new();
            call.out.parts(&mut Vec::new(), &mut storages);
            storages.into_iter().for_each(|storage| self.see(out, storage));
            return;
        }
        code!(out <- let (#(self.out(&call.out)), (#{
            out.parts(&call.arguments, |out, argument| match argument {
                Argument::Number { partial: Some(partial), .. } => self.ident(*partial).append(out),
                Argument::Number { partial: None, .. }
                | Argument::Place { .. }
                | Argument::Changed { .. }
                | Argument::Passive(_) => {
                    out.token("_");
                }
            });
        })) = #{
            partials_of(out, self.names, &call.callee, arguments);
        };);
    }

    fn directions(&'p self, directions: &'p [Direction]) -> Vec<Given<'p>> {
        let direction = |direction: &'p Direction| match direction {
            Direction::Number(atom) => Given::Of(Code::of(|out| {
                code!(out <- &#(self.atom(atom)));
            })),
            Direction::Place(place) => Given::Of(Code::of(|out| self.borrowed(out, place, false))),
            Direction::Nothing => Given::Nobody,
        };
        directions.iter().map(direction).collect()
    }

    fn arguments(&'p self, callee: &Callee, arguments: &'p [Argument]) -> Vec<Code<'p>> {
        let is_operator = matches!(callee, Callee::Operator(..));
        let argument = |argument: &'p Argument| {
            Code::of(|out| match argument {
                // An operator borrows its operands.
                Argument::Number { atom, .. } if is_operator => {
                    code!(out <- &#(self.atom(atom)));
                }
                Argument::Passive(host) if is_operator => {
                    code!(out <- &(#(self.host(host))));
                }
                Argument::Number { atom, .. } => self.atom(out, atom),
                Argument::Place { place, borrowed: true } => self.borrowed(out, place, false),
                Argument::Changed { place, .. } => self.borrowed(out, place, true),
                Argument::Place { place, borrowed: false } => {
                    code!(out <- #(self.place(place, place.span)).clone());
                }
                Argument::Passive(host) => self.host(out, host),
            })
        };
        arguments.iter().map(argument).collect()
    }

    pub(super) fn out(&'p self, out: &mut Code<'p>, given: &'p Out) {
        match given {
            Out::Value(value) => self.ident(*value).append(out),
            Out::Storage(storage) => {
                let ident = self.storage(*storage);
                code!(out <- mut #ident);
            }
            Out::Tuple(parts) => {
                code!(out <- (#{ out.parts(parts, |out, part| self.out(out, part)); }));
            }
        }
    }

    /// The reverse half of a callee.
    pub(super) fn call_reverse(&'p self, out: &mut Code<'p>, call: &'p CallReverse) {
        let lent = |buffer: &'p Option<Place>| match buffer {
            Some(place) => Given::Of(Code::of(|out| self.borrowed(out, place, true))),
            None => Given::Nobody,
        };
        let given = |seed: &'p Seed| {
            Code::of(|out| {
                code!(out <- &#(self.seed(seed)));
            })
        };
        let (buffers, seed) = (call.buffers.iter().map(lent).collect(), given(&call.seed));
        let arguments = self.arguments(&call.callee, &call.arguments);
        match &call.tangents {
            None => {
                let seed = (seed, call.may_fail);
                reverse_half(out, self.names, &call.callee, arguments, seed, buffers);
            }
            Some(tangents) => {
                let turned = tangents.buffers.iter().map(lent).collect();
                let along = Along {
                    directions: self.directions(&tangents.arguments),
                    seed: given(&tangents.seed),
                    buffers: turned,
                };
                second_reverse_half(out, self.names, &call.callee, (arguments, seed, buffers), &along);
            }
        }
    }

    /// The adjoint of what a callee gave.
    fn seed(&'p self, out: &mut Code<'p>, seed: &'p Seed) {
        let engine = &self.names.engine;
        match seed {
            Seed::Number(expression) => {
                code!(out <- (#(self.expression(expression))));
            }
            // What the caller takes for data is data: rustc refuses a number.
            Seed::Nothing(Class::Scalar) => {
                code!(out <- #engine::rt::no_seed());
            }
            Seed::Nothing(Class::Float) => {
                code!(out <- -0.0);
            }
            Seed::Nothing(Class::Data) => {
                code!(out <- __gradus_std::default::Default::default());
            }
            Seed::Storage(storage) => self.storage(*storage).append(out),
            Seed::Tuple(parts) => {
                code!(out <- (#{
                    out.parts(parts, |out, part| {
                        self.seed(out, part);
                        if matches!(part, Seed::Storage(_)) {
                            code!(out <- .clone());
                        }
                    });
                }));
            }
        }
    }
}
