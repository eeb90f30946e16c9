//! What the loops that an iterator becomes have in common.

use super::exit::Target;
use std::collections::BTreeSet;

/// What the loops of an iterator carry, and the codes that end them.
#[derive(Clone)]
pub(super) struct Iteration {
    /// The variables that change on the way.
    pub(super) assigned: BTreeSet<usize>,
    /// The code that ends all of them; none if whoever made it takes it back.
    pub(super) leave: Option<u32>,
    /// The code that only ends what is done with an item.
    pub(super) again: Option<u32>,
    /// Whether all items are asked for at once, as `sum` and `fold` do, and not one after the other, as a `for` loop does: then
    /// the standard library calls the first iterator of a `zip` no more often than the second.
    pub(super) at_once: bool,
}

impl Iteration {
    /// Loops that nothing ends early.
    pub(super) fn on(assigned: BTreeSet<usize>) -> Iteration {
        Iteration { assigned, leave: None, again: None, at_once: true }
    }

    /// Loops that `target` ends.
    pub(super) fn until(target: &Target, assigned: BTreeSet<usize>) -> Iteration {
        Iteration { assigned, leave: Some(target.leave), again: Some(target.again), at_once: false }
    }

    /// Loops within these, or beside others of these: what ends all of them is taken back further out.
    pub(super) fn within(&self) -> Iteration {
        Iteration { leave: None, ..self.clone() }
    }

    /// The same, one item after the other.
    pub(super) fn one_by_one(self) -> Iteration {
        Iteration { at_once: false, ..self }
    }

    pub(super) fn with(&self, variable: usize) -> Iteration {
        let mut iteration = self.clone();
        iteration.assigned.insert(variable);
        iteration
    }
}
