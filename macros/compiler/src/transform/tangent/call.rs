//! Calls of other differentiable functions: the callee gives its value and the tangent of that at once. In a program with a reverse
//! sweep its two halves take tangents too.

use super::Transformation;
use crate::ir::{
    Argument, Atom, Call, CallReverse, CallTangents, Class, Direction, Expression, Init, Out, Piece, Place,
    Program, ReverseTangents, Seed, Shape, StatementKind, Storage, StorageId, StorageKind,
};
use crate::syntax::callee::Callee;

/// Makes calls that give partial derivatives at once calls of two halves: the partial derivatives have tangents. `None` where
/// an argument is data that could not be given twice.
pub fn calls_in_halves(program: &mut Program) -> Option<()> {
    let is_data = |argument: &Argument| match argument {
        Argument::Passive(host) => match host.pieces.as_slice() {
            [Piece::Atom(Atom::Value(value))] => program.values[value.0].class == Class::Data,
            [Piece::Atom(Atom::Literal(_))] => false,
            _ => true,
        },
        Argument::Number { .. } | Argument::Place { .. } | Argument::Changed { .. } => false,
    };
    let mut may = true;
    program.body.each(&mut |_, statement| {
        if let StatementKind::Call(call) = &statement.kind {
            may &= call.in_halves || !call.arguments.iter().any(is_data);
        }
    });
    if !may {
        return None;
    }
    program.body.each_region_mut(&mut |region| {
        for statement in &mut region.statements {
            if let StatementKind::Call(call) = &mut statement.kind {
                call.in_halves = true;
                for argument in &mut call.arguments {
                    if let Argument::Number { partial, .. } = argument {
                        *partial = None;
                    }
                }
            }
        }
    });
    Some(())
}

impl Transformation {
    /// `None` if the callee belongs to a type, changes an argument, or may fail: such callees give no tangents.
    pub(super) fn call(&mut self, call: &Call) -> Option<()> {
        is_function(&call.callee)?;
        if call.rest.is_some() {
            return None;
        }
        let arguments = self.directions(&call.arguments)?;
        let mut call = call.clone();
        for argument in &mut call.arguments {
            if let Argument::Number { partial, .. } = argument {
                *partial = None;
            }
        }
        let out = self.out(&call.out);
        call.tangents = Some(CallTangents { out, arguments });
        call.in_halves = true;
        self.push(StatementKind::Call(Box::new(call)));
        Some(())
    }

    fn directions(&mut self, arguments: &[Argument]) -> Option<Vec<Direction>> {
        let of = |argument: &Argument| {
            Some(match argument {
                Argument::Number { atom, .. } => {
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
            })
        };
        arguments.iter().map(of).collect()
    }

    /// The reverse half of a callee, with tangents.
    pub(super) fn call_reverse(&mut self, call: &CallReverse) -> Option<()> {
        is_function(&call.callee)?;
        let arguments = self.directions(&call.arguments)?;
        let seed = self.seed(&call.seed);
        let buffers = call.buffers.iter().map(|place| match place {
            Some(place) => self.place(place).map(Some),
            None => Some(None),
        });
        let buffers = buffers.collect::<Option<Vec<_>>>()?;
        let mut call = call.clone();
        call.tangents = Some(ReverseTangents { arguments, seed, buffers });
        self.push(StatementKind::CallReverse(Box::new(call)));
        Some(())
    }

    /// The tangent of the adjoint of what a callee gave.
    fn seed(&mut self, seed: &Seed) -> Seed {
        match seed {
            Seed::Number(expression) => {
                let nothing = Expression::Atom(Atom::number(-0.0));
                Seed::Number(self.moved(expression).unwrap_or(nothing))
            }
            Seed::Storage(storage) => Seed::Storage(match self.storage_of(*storage) {
                Some(storage) => storage,
                None => self.unmoved_adjoint(*storage),
            }),
            Seed::Nothing(class) => Seed::Nothing(*class),
            Seed::Tuple(parts) => Seed::Tuple(parts.iter().map(|part| self.seed(part)).collect()),
        }
    }

    /// A storage of the tangents of an adjoint that does not change.
    fn unmoved_adjoint(&mut self, of: StorageId) -> StorageId {
        let ident = self.named("unmoved");
        let kind = StorageKind::Adjoint { region: self.region };
        self.program.storages.push(Storage { ident, kind, declared: None });
        let storage = StorageId(self.program.storages.len() - 1);
        let place = Place { storage: of, steps: Vec::new(), span: self.span };
        self.push(StatementKind::New { storage, init: Init::Unreached(Shape::Like(place)) });
        storage
    }

    /// The tangents of what a callee gives. Nobody reads those of data.
    pub(super) fn out(&mut self, out: &Out) -> Out {
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
                    self.program.storages.push(Storage { ident, kind, declared: None });
                    StorageId(self.program.storages.len() - 1)
                }
            }),
            Out::Tuple(parts) => Out::Tuple(parts.iter().map(|part| self.out(part)).collect()),
        }
    }
}

fn is_function(callee: &Callee) -> Option<()> {
    match callee {
        Callee::Function(_) => Some(()),
        Callee::Method(_) | Callee::Changing(..) | Callee::Associated { .. } | Callee::Operator(..) => None,
    }
}
