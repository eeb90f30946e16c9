//! What the reverse sweep adds to the grammar of [`ir`](super): arithmetic on adjoints, and what is recorded for it.

use super::{Argument, Atom, Class, Direction, HostExpression, Place, Region, RegionId, StorageId, ValueId};
use crate::syntax::callee::Callee;
use gradus_ops::{Op, Read};
use std::collections::BTreeMap;

/// The reverse sweep of a program.
///
/// An adjoint is ∂result/∂value. One that nothing has reached is −0, and −0 + x is x to the last bit.
#[derive(Clone)]
pub struct Reverse {
    pub region: Region,
    pub mode: Mode,
    /// For each region of the forward sweep, the one that reverses it.
    pub regions: BTreeMap<RegionId, RegionId>,
    /// For each region of the reverse sweep, how many statements at its beginning restore or recompute what it reads.
    pub restored: BTreeMap<RegionId, usize>,
    /// How many statements at the end add the gradients of numbers to the caller's buffers.
    pub closing: usize,
    /// The caller's buffer for each differentiable parameter, by its position.
    pub buffers: Vec<Option<StorageId>>,
    /// The weights of the result's numbers; without it the result is one number, of weight 1.
    pub seed: Option<StorageId>,
}

/// How the two sweeps stand to each other.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Mode {
    /// In one function: what the body computes is still there in the reverse sweep.
    Joint,
    /// In two functions, with the frame and the arguments alone between them.
    Split,
}

/// Arithmetic of the reverse sweep.
#[derive(Clone, Debug)]
pub enum Expression {
    Atom(Atom),
    Operation(Op, Vec<Expression>),
    /// A partial derivative that is more than arithmetic: the function of the rule table, and what it reads.
    Partial {
        op: Op,
        operand: usize,
        reads: Vec<Atom>,
        /// What its own tangent needs besides, where there are second derivatives.
        also: Vec<(Read, Atom)>,
    },
    /// A second derivative: the function of the rule table for two operands, and what it reads.
    Second {
        op: Op,
        operands: [usize; 2],
        reads: Vec<Atom>,
    },
    /// A contribution that counts only where a condition holds, or fails; else −0.
    Where {
        condition: Atom,
        holds: bool,
        then: Box<Expression>,
    },
    /// The share of an operand in a tangent: the partial derivative times the operand's tangent, and −0 where that is −0.
    Push {
        partial: Box<Expression>,
        tangent: Box<Expression>,
    },
    /// One of two contributions.
    Choice {
        condition: Atom,
        then: Atom,
        otherwise: Atom,
    },
}

/// A condition of the reverse sweep.
#[derive(Clone, Debug)]
pub enum Test {
    Atom {
        condition: Atom,
        holds: bool,
    },
    /// Whether anything has reached an adjoint.
    Reached(Atom),
    /// Whether a selecting operation took its operand.
    Nonzero(Expression),
    /// The condition under which it does, in the words of the rule table.
    Taken(HostExpression),
    Both(Box<Test>, Box<Test>),
}

/// What is added to an adjoint.
#[derive(Clone, Debug)]
pub enum Amount {
    Number(Expression),
    /// Number by number.
    Storage(Place),
    /// The same of a field, which may be data: nothing is added then. Nothing is left of it if it is `taken`.
    Field {
        from: Place,
        taken: bool,
    },
}

/// How the adjoint of a storage begins: −0 everywhere, in this shape.
#[derive(Clone, Debug)]
pub enum Shape {
    Number,
    /// That of a place.
    Like(Place),
    /// That which the type of a storage tells.
    Type(StorageId),
    /// That of a place, and of its type: for a tangent.
    Same(Place),
}

/// What the forward sweep leaves for the reverse sweep at the end of a region.
#[derive(Clone, Debug)]
pub struct Record {
    pub number: usize,
    pub values: Vec<ValueId>,
    /// Recorded whole.
    pub storages: Vec<StorageId>,
}

/// The reverse half of a call.
#[derive(Clone, Debug)]
pub struct CallReverse {
    pub callee: Callee,
    pub arguments: Vec<Argument>,
    pub seed: Seed,
    /// Whether the callee may fail: its halves are others then.
    pub may_fail: bool,
    /// For each argument where its gradient is added; nobody reads that of the others.
    pub buffers: Vec<Option<Place>>,
    /// The same of their tangents.
    pub tangents: Option<ReverseTangents>,
}

/// The tangents that go into the reverse half of a call, and where those of the gradients are added.
#[derive(Clone, Debug)]
pub struct ReverseTangents {
    pub arguments: Vec<Direction>,
    pub seed: Seed,
    pub buffers: Vec<Option<Place>>,
}

/// The adjoint of what a callee gave.
#[derive(Clone, Debug)]
pub enum Seed {
    Number(Expression),
    Storage(StorageId),
    /// Of what the caller takes for data.
    Nothing(Class),
    Tuple(Vec<Seed>),
}

/// In which order a loop goes through its iterator.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Order {
    Forward,
    /// Backward, through the iterations that ran.
    Backward {
        /// Their number, where it is not that of the iterator's items.
        trips: Option<ValueId>,
        /// Whether nothing but the iterator ended the loop.
        complete: bool,
    },
}
