//! How a graph shrinks: back to a mark, and to nothing.

use super::Graph;
use crate::arena::Size;
use std::{fmt, ptr};

impl Graph {
    /// Remembers how far the graph has grown, for [`rewind`](Graph::rewind).
    pub fn mark(&self) -> Mark<'_> {
        Mark { graph: self, size: self.arena.borrow().size() }
    }

    /// Removes all nodes that are younger than the mark, and keeps their memory for new ones. The nodes before the
    /// mark keep their values and gradients. A training loop marks after the parameters and rewinds every step:
    ///
    /// ```
    /// use gradus::Graph;
    /// let graph = Graph::new();
    /// let w = graph.value(1.0);
    /// let mark = graph.mark();
    /// for _ in 0..50 {
    ///     graph.rewind(mark);
    ///     graph.zero_grad();
    ///     let loss = (w * 2.0 - 6.0).powi(2);
    ///     loss.backward();
    ///     w.set_data(w.data() - 0.1 * w.grad());
    /// }
    /// assert!((w.data() - 3.0).abs() < 1e-9);
    /// ```
    ///
    /// # Panics
    ///
    /// If the mark is another graph's, or if the nodes before it have been removed since. Also if the graph has been rewound,
    /// cleared or given new inputs 2³² − 2 times: it has no number left to mark its new nodes as new.
    #[track_caller]
    pub fn rewind(&self, mark: Mark<'_>) {
        assert!(ptr::eq(self, mark.graph), "the mark belongs to another graph");
        let mut arena = self.arena.borrow_mut();
        assert!(arena.reaches(mark.size), "the nodes before the mark were removed");
        let removed = arena.truncate(mark.size);
        drop(arena);
        drop(removed);
    }

    /// Removes all nodes, and keeps their memory for new ones.
    ///
    /// # Panics
    ///
    /// If the graph has been rewound, cleared or given new inputs 2³² − 2 times, as [`rewind`](Graph::rewind).
    #[track_caller]
    pub fn clear(&self) {
        let removed = self.arena.borrow_mut().truncate(Size::default());
        drop(removed);
    }

    /// Whether it panics when its nodes are removed once more.
    pub(crate) fn is_worn(&self) -> bool {
        self.arena.borrow().is_worn()
    }

    /// The memory that it holds.
    pub(crate) fn bytes(&self) -> usize {
        self.arena.borrow().bytes()
    }
}

/// A point in the growth of a graph, made by [`Graph::mark`].
#[derive(Clone, Copy)]
pub struct Mark<'g> {
    graph: &'g Graph,
    size: Size,
}

impl fmt::Debug for Mark<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Mark").field("nodes", &self.size.nodes).finish_non_exhaustive()
    }
}
