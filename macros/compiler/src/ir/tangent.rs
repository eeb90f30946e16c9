//! What forward mode adds to the grammar of [`ir`](super): beside a number its tangent, beside a storage that of its numbers.

use super::{Atom, Out, Outcome, Place, StorageId};

/// What makes a program one that computes tangents too.
#[derive(Clone)]
pub struct Tangent {
    /// The tangent of each differentiable parameter, by its position: the caller's, behind a reference.
    pub parameters: Vec<Option<StorageId>>,
    /// That of the result.
    pub outcome: Outcome,
    /// Of a program with a reverse sweep: the buffer for the tangent of each parameter's adjoint.
    pub buffers: Vec<Option<StorageId>>,
    /// The tangents of the weights, where the caller gives them.
    pub seed: Option<StorageId>,
}

/// The tangents that go into a call, and those that come out of it.
#[derive(Clone, Debug)]
pub struct CallTangents {
    pub out: Out,
    pub arguments: Vec<Direction>,
}

/// The tangent of an argument.
#[derive(Clone, Debug)]
pub enum Direction {
    Number(Atom),
    Place(Place),
    /// The argument does not change.
    Nothing,
}
