//! Calls of other differentiable functions: times the partial derivatives that the callee gave, or its own reverse half.

use super::Reversal;
use super::adjoint::Contribution;
use super::partial::times;
use crate::ir::{
    Amount, Argument, Atom, Call, CallReverse, Class, Expression, Init, Out, Place, Seed, Shape,
    StatementKind, StorageId,
};
use std::collections::HashSet;

/// What a buffer of the caller's own is for.
enum Own<'c> {
    Number(&'c Atom, StorageId),
    /// A second borrow of a storage.
    Storage(Place, StorageId),
}

impl Reversal {
    pub(super) fn call(&mut self, call: &Call) {
        match call.out {
            Out::Value(out) if !call.in_halves => {
                let Some(adjoint) = self.finish(out) else { return };
                for argument in &call.arguments {
                    if let Argument::Number { atom, partial: Some(partial) } = argument {
                        let partial = Expression::Atom(Atom::Value(*partial));
                        let product = times(Expression::Atom(adjoint.atom.clone()), partial);
                        self.add(atom, Contribution { distinct: false, ..adjoint.times(product) });
                    }
                }
            }
            Out::Value(_) | Out::Storage(_) | Out::Tuple(_) => self.halves(call),
        }
    }

    /// The reverse half of a callee. It runs whatever has been reached, since it takes its records from the frame.
    fn halves(&mut self, call: &Call) {
        let seed = self.seed_of(&call.out);
        let (mut buffers, mut own, mut lent) = (Vec::new(), Vec::new(), HashSet::new());
        for argument in &call.arguments {
            buffers.push(match argument {
                Argument::Number { atom, .. } if self.program.active(atom).is_some() => {
                    let buffer = self.buffer(Shape::Number);
                    own.push(Own::Number(atom, buffer));
                    Some(self.whole(buffer))
                }
                Argument::Place { place, .. } if lent.contains(&place.storage) => {
                    let buffer = self.buffer(Shape::Like(place.clone()));
                    own.push(Own::Storage(self.adjoint_of(place), buffer));
                    Some(self.whole(buffer))
                }
                // What goes in and comes out is taken from the adjoint, and put back.
                Argument::Changed { place, .. } if lent.contains(&place.storage) => {
                    let buffer = self.adjoint_storage("argument_b");
                    let place = self.adjoint_of(place);
                    self.push(StatementKind::Take { out: Some(Out::Storage(buffer)), place: place.clone() });
                    own.push(Own::Storage(place, buffer));
                    Some(self.whole(buffer))
                }
                Argument::Place { place, .. } | Argument::Changed { place, .. } => {
                    lent.insert(place.storage);
                    Some(self.adjoint_of(place))
                }
                Argument::Number { .. } | Argument::Passive(_) => None,
            });
        }
        let callee = call.callee.clone();
        let given = |argument: &Argument| match argument {
            Argument::Changed { before, .. } => Argument::Place { place: before.clone(), borrowed: true },
            Argument::Number { .. } | Argument::Place { .. } | Argument::Passive(_) => argument.clone(),
        };
        let arguments = call.arguments.iter().map(given).collect();
        self.push(StatementKind::CallReverse(Box::new(CallReverse {
            callee,
            arguments,
            seed,
            may_fail: call.rest.is_some(),
            buffers,
            tangents: None,
        })));
        for own in own {
            match own {
                Own::Number(atom, buffer) => {
                    let out = self.value("argument", Class::Float);
                    let place = self.whole(buffer);
                    self.push(StatementKind::Load { out, place });
                    let gradient = self.found(out);
                    self.add(atom, gradient);
                }
                Own::Storage(place, buffer) => {
                    let amount = Amount::Storage(self.whole(buffer));
                    self.push(StatementKind::Accumulate { place, amount });
                }
            }
        }
    }

    fn buffer(&mut self, shape: Shape) -> StorageId {
        let buffer = self.adjoint_storage("argument_b");
        self.push(StatementKind::New { storage: buffer, init: Init::Unreached(shape) });
        buffer
    }

    /// The adjoint of what a callee gave.
    fn seed_of(&mut self, out: &Out) -> Seed {
        match out {
            Out::Value(value) if self.program.value(*value).active => {
                let unreached = Expression::Atom(Atom::number(-0.0));
                let adjoint = self.finish(*value);
                let seed = adjoint.map(|adjoint| self.distinct(adjoint.contribution()));
                Seed::Number(seed.unwrap_or(unreached))
            }
            Out::Value(value) => Seed::Nothing(self.program.value(*value).class),
            Out::Storage(storage) => Seed::Storage(self.storages[storage]),
            Out::Tuple(parts) => Seed::Tuple(parts.iter().map(|part| self.seed_of(part)).collect()),
        }
    }
}
