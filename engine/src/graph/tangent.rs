//! Forward mode on a recorded graph.

use super::{Graph, Value};

impl Graph {
    /// The derivatives of the roots in one direction: how fast each changes when the inputs change with these speeds. A
    /// Jacobian-vector product, one number a root; 0 for a root that depends on none of the inputs.
    ///
    /// Nothing is recorded, and gradients stay what they are. The cost is that of one walk over the graph, whatever the number of
    /// roots.
    ///
    /// ```
    /// use gradus::Graph;
    /// let graph = Graph::new();
    /// let (x, y) = (graph.value(3.0), graph.value(4.0));
    /// let (radius, area) = (x.hypot(y), x * y);
    /// // d(x, y) = (1, 2)
    /// assert_eq!(graph.jvp(&[radius, area], &[(x, 1.0), (y, 2.0)]), [(3.0 + 2.0 * 4.0) / 5.0, 4.0 + 2.0 * 3.0]);
    /// ```
    ///
    /// # Panics
    ///
    /// If a root or an input belongs to another graph, or to a node that was removed.
    #[track_caller]
    #[must_use]
    pub fn jvp(&self, roots: &[Value<'_>], inputs: &[(Value<'_>, f64)]) -> Vec<f64> {
        // −0, of what nothing reached, becomes 0.
        self.tangents(roots, inputs).into_iter().map(|tangent| tangent + 0.0).collect()
    }

    /// The same; −0 for a root that depends on none of the inputs.
    #[track_caller]
    pub(crate) fn tangents(&self, roots: &[Value<'_>], inputs: &[(Value<'_>, f64)]) -> Vec<f64> {
        let arena = &*self.arena.borrow();
        let mut end = 0;
        for (at, value) in roots.iter().chain(inputs.iter().map(|(input, _)| input)).enumerate() {
            if let Some(node) = value.node() {
                self.slot(arena, node);
                if at < roots.len() {
                    end = end.max(node.index as usize + 1);
                }
            }
        }
        let given = inputs.iter().filter_map(|(input, tangent)| Some((input.node()?.index(), *tangent)));
        let tangents = arena.tangents(given, end);
        roots.iter().map(|root| root.node().map_or(-0.0, |node| tangents[node.index()])).collect()
    }
}
