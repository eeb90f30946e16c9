//! Calls of other differentiable functions: the callee gives its value and the tangent of that at once.

use super::Transformation;
use crate::ir::{Argument, Call, CallTangents, Direction, Out, StatementKind, Storage, StorageId};
use crate::syntax::callee::Callee;

impl Transformation {
    /// `None` if the callee belongs to a type, or changes an argument: such callees give no tangents.
    pub(super) fn call(&mut self, call: &Call) -> Option<()> {
        match call.callee {
            Callee::Function(_) => {}
            Callee::Method(_) | Callee::Changing(_) | Callee::Associated { .. } | Callee::Operator(..) => {
                return None;
            }
        }
        let mut call = call.clone();
        let mut directions = Vec::new();
        for argument in &mut call.arguments {
            directions.push(match argument {
                Argument::Number { atom, partial } => {
                    *partial = None;
                    // The callee's parameter has a tangent wherever the argument is active.
                    if self.program.active(atom).is_some() {
                        Direction::Number(self.tangent_atom(atom))
                    } else {
                        Direction::Nothing
                    }
                }
                Argument::Place { place, .. } => match self.place(place) {
                    Some(place) => Direction::Place(place),
                    None => Direction::Nothing,
                },
                Argument::Passive(_) => Direction::Nothing,
                Argument::Changed { .. } => return None,
            });
        }
        let out = self.out(&call.out);
        call.tangents = Some(CallTangents { out, arguments: directions });
        call.in_halves = true;
        self.push(StatementKind::Call(Box::new(call)));
        Some(())
    }

    /// The tangents of what a callee gives. Nobody reads those of data.
    fn out(&mut self, out: &Out) -> Out {
        match out {
            Out::Value(value) => Out::Value(match self.tangent_of(*value) {
                Some(tangent) => tangent,
                None => {
                    let class = self.program.value(*value).class;
                    self.value_here("unused", class)
                }
            }),
            Out::Storage(storage) => Out::Storage(match self.storage_of(*storage) {
                Some(tangent) => tangent,
                None => {
                    let ident = self.named("unused");
                    let kind = self.program.storage(*storage).kind;
                    self.program.storages.push(Storage { ident, kind });
                    StorageId(self.program.storages.len() - 1)
                }
            }),
            Out::Tuple(parts) => Out::Tuple(parts.iter().map(|part| self.out(part)).collect()),
        }
    }
}
