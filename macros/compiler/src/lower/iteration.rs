//! What the loops that an iterator becomes have in common.

use super::exit::Target;
use super::iterator_source::IteratorSource;
use super::passive::{host, tokens};
use crate::ir::HostExpression;
use quote::quote;
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
    pub(super) asks: Asks,
}

/// How items are asked for. It matters to `zip`: if all are asked for at once, the standard library calls the first iterator no
/// more often than the second.
#[derive(Clone)]
pub(super) enum Asks {
    /// One after the other, as a `for` loop does.
    OneByOne,
    /// All at once, as `sum` and `fold` do.
    AtOnce,
    /// So many one after the other, and then the rest at once: `reduce` and `skip`.
    AtOnceAfter(HostExpression),
}

impl Iteration {
    /// Loops that nothing ends early.
    pub(super) fn on(assigned: BTreeSet<usize>) -> Iteration {
        Iteration { assigned, leave: None, again: None, asks: Asks::AtOnce }
    }

    /// Loops that `target` ends.
    pub(super) fn until(target: &Target, assigned: BTreeSet<usize>) -> Iteration {
        Iteration { assigned, leave: Some(target.leave), again: Some(target.again), asks: Asks::OneByOne }
    }

    /// Loops within these, or beside others of these: what ends all of them is taken back further out.
    pub(super) fn within(&self) -> Iteration {
        Iteration { leave: None, ..self.clone() }
    }

    /// The same, one item after the other.
    pub(super) fn one_by_one(self) -> Iteration {
        Iteration { asks: Asks::OneByOne, ..self }
    }

    /// The same, where so many items more are asked for one after the other.
    pub(super) fn after(&self, count: &HostExpression) -> Iteration {
        let asks = match &self.asks {
            Asks::OneByOne => Asks::OneByOne,
            Asks::AtOnce => Asks::AtOnceAfter(count.clone()),
            Asks::AtOnceAfter(before) => Asks::AtOnceAfter(host(vec![
                tokens(quote!(__gradus_std::primitive::usize::saturating_add)),
                host(vec![before.clone().into(), tokens(quote!(,)), count.clone().into()]).into(),
            ])),
        };
        Iteration { asks, ..self.clone() }
    }

    /// Whether a `zip` of which all items are asked for at once may be found by index.
    pub(super) fn finds_by_index(&self, source: &IteratorSource<'_, '_>) -> bool {
        let IteratorSource::Zip(a, b) = source else { return false };
        matches!(self.asks, Asks::AtOnce)
            && [a, b].into_iter().all(|side| side.tells_length() && side.is_indexed())
    }

    pub(super) fn with(&self, variable: usize) -> Iteration {
        let mut iteration = self.clone();
        iteration.assigned.insert(variable);
        iteration
    }
}
