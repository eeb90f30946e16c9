//! Which functions a function calls, and how their gradients are computed: for `NAME::backend()` at run time, and for the
//! check of `#[differentiable(compiled)]` at compile time. Each companion item adds its function and asks the items of its callees.

use crate::Backend;
use crate::provenance::Source;

/// How many functions a call may reach. Constants cannot hold a list that grows.
const MOST: usize = 1024;

/// One function: how its gradient is computed where it is asked for, and where another function calls it.
pub struct Reachable {
    /// The function.
    pub source: &'static Source,
    /// For its own `_grad` and the like.
    pub own: Backend,
    /// For callers, which may need the two sweeps apart.
    pub called: Backend,
    /// Whether nothing notices how often it runs.
    pub quiet: bool,
    /// The error for a caller with `#[differentiable(compiled)]`.
    pub refusal: &'static str,
}

/// The functions that were found.
pub struct Reached {
    functions: [Option<&'static Reachable>; MOST],
    count: usize,
    /// Whether the first of them was called by another one, or by itself.
    first_is_called: bool,
}

impl Default for Reached {
    fn default() -> Reached {
        Reached::new()
    }
}

impl Reached {
    /// Nothing found yet.
    pub const fn new() -> Reached {
        Reached { functions: [None; MOST], count: 0, first_is_called: false }
    }

    /// Adds a function. Returns whether it is new: then the caller adds its callees too.
    ///
    /// # Panics
    ///
    /// If there are more than 1024.
    pub const fn enter(&mut self, function: &'static Reachable) -> bool {
        let mut at = 0;
        while at < self.count {
            if let Some(known) = self.functions[at]
                && is_same(known.source, function.source)
            {
                self.first_is_called |= at == 0;
                return false;
            }
            at += 1;
        }
        assert!(self.count < MOST, "a differentiable function calls more than 1024 others");
        self.functions[self.count] = Some(function);
        self.count += 1;
        true
    }

    /// Refuses to compile a call if the gradient of a function that it leads to runs on a graph.
    ///
    /// # Panics
    ///
    /// If so.
    #[track_caller]
    pub const fn check(&self) {
        let mut at = 0;
        while at < self.count {
            if let Some(function) = self.functions[at]
                && let Backend::Graph { .. } = function.called
            {
                panic!("{}", function.refusal);
            }
            at += 1;
        }
    }

    /// Whether forward mode may run the functions once a column of a Jacobian: all are compiled, and nothing notices how often
    /// they run.
    #[must_use]
    pub const fn may_repeat(&self) -> bool {
        let mut at = 0;
        while at < self.count {
            if let Some(function) = self.functions[at]
                && (!function.quiet || matches!(function.called, Backend::Graph { .. }))
            {
                return false;
            }
            at += 1;
        }
        true
    }

    /// The functions in the order in which they are called, each with how its gradient is computed. The first is there twice if
    /// it is also called, and computed in another way there.
    pub(crate) fn backends(&self) -> impl Iterator<Item = (&'static Source, Backend)> {
        let functions = self.functions.iter().take(self.count).flatten();
        functions.enumerate().flat_map(|(at, function)| {
            let own = (at == 0).then_some((function.source, function.own));
            let is_called = at > 0 || (self.first_is_called && function.called != function.own);
            own.into_iter().chain(is_called.then_some((function.source, function.called)))
        })
    }
}

/// Whether two texts are one function's. Constants cannot compare addresses.
const fn is_same(a: &Source, b: &Source) -> bool {
    a.line == b.line && a.column == b.column && is_equal(a.function, b.function) && is_equal(a.file, b.file)
}

const fn is_equal(a: &str, b: &str) -> bool {
    let (a, b) = (a.as_bytes(), b.as_bytes());
    if a.len() != b.len() {
        return false;
    }
    let mut at = 0;
    while at < a.len() {
        if a[at] != b[at] {
            return false;
        }
        at += 1;
    }
    true
}

/// `NAME::backend()`.
pub fn backends(reach: fn(&mut Reached)) -> crate::Backends {
    let mut reached = Reached::new();
    reach(&mut reached);
    crate::Backends::of(reached.backends())
}
