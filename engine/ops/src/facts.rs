//! What a row states besides its formulas.

/// How an operation treats the adjoint of its output.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Kind {
    /// An input: the adjoint stays.
    Leaf,
    /// The adjoint is multiplied by the partial derivatives, whatever they are.
    Smooth,
    /// The operation picks among its operands: the adjoint skips those whose partial is 0. It is never multiplied
    /// by such a 0, which would make `0 · ∞ = NaN` on a branch that was not taken.
    Selecting,
    /// The derivative is 0 wherever it exists: nothing flows back at all.
    Flat,
}

/// What the value of an operation costs to recompute.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Cost {
    /// No more than an addition: cheaper than a branch that the processor mispredicts.
    Light,
    /// A few instructions: recomputed in the reverse sweep rather than recorded.
    Cheap,
    /// More than a load from memory: recorded for the reverse sweep.
    Expensive,
}

/// How Rust code writes an operation on `f64`.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Form {
    /// An operator: `a + b`, `-a`.
    Operator,
    /// The method of `f64` that has the operation's [name](crate::Op::name): `a.tanh()`.
    Method,
    /// A function of this table: `rules::relu(a)`. `powi` is one too, since its exponent is held as an `f64`.
    Own,
}

/// What a partial derivative reads.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Read {
    /// The first operand.
    A,
    /// The second operand.
    B,
    /// The third operand.
    C,
    /// The output.
    Y,
    /// Whether the first and the second operand are both active, that is, carry a derivative.
    Both,
}
