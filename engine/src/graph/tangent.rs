//! Forward mode on a recorded graph.

use super::{Graph, Value};
use crate::arena::NOTHING;

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

    /// The product of the Hessian of `root` by the inputs and a direction: how fast the gradient changes when the inputs change with
    /// these speeds. One number an input.
    ///
    /// It is exact, by forward mode over reverse mode: each node has a tangent, and each adjoint of the reverse pass has one too.
    /// Nothing is recorded, and gradients stay what they are. The cost is that of a few walks over the graph, whatever the number of
    /// inputs. At a kink the second derivative is 0: what a selecting operation such as `max` takes has the partial 1, which does not
    /// change.
    ///
    /// ```
    /// use gradus::Graph;
    /// let graph = Graph::new();
    /// let (x, y) = (graph.value(3.0), graph.value(2.0));
    /// // The Hessian of x²y is [2y, 2x; 2x, 0].
    /// assert_eq!(graph.hvp(x * x * y, &[x, y], &[1.0, 0.0]), [4.0, 6.0]);
    /// assert_eq!(graph.hvp(x * x * y, &[x, y], &[0.0, 1.0]), [6.0, 0.0]);
    /// ```
    ///
    /// # Panics
    ///
    /// If there are more or fewer directions than inputs; if the root or an input belongs to another graph, or to a node that was
    /// removed; and if the root depends on the inputs by a custom operation
    /// [without second derivatives](crate::custom::CustomOperation::with_second).
    #[track_caller]
    #[must_use]
    pub fn hvp(&self, root: Value<'_>, inputs: &[Value<'_>], direction: &[f64]) -> Vec<f64> {
        let moves = self.moves(root, inputs, direction);
        let of_input = |input: &Value<'_>| {
            let node = input.node()?;
            moves.get(node.index()).map(|number| number + 0.0)
        };
        inputs.iter().map(|input| of_input(input).unwrap_or(0.0)).collect()
    }

    /// The same for every node up to the root; −0 where nothing changes.
    #[track_caller]
    fn moves(&self, root: Value<'_>, inputs: &[Value<'_>], direction: &[f64]) -> Vec<f64> {
        let (expected, given) = (inputs.len(), direction.len());
        assert!(expected == given, "there are {expected} inputs, and {given} numbers in the direction");
        let arena = &*self.arena.borrow();
        for node in inputs.iter().filter_map(|input| input.node()) {
            self.slot(arena, node);
        }
        let Some(node) = root.node() else { return Vec::new() };
        self.slot(arena, node);
        let given = inputs.iter().zip(direction);
        let given = given.filter_map(|(input, tangent)| Some((input.node()?.index(), *tangent)));
        let index = node.index();
        match arena.second(std::iter::once((index, 1.0, NOTHING)), given, index + 1) {
            Ok((_, moves)) => moves,
            Err(operation) => panic!("`{}` has no second derivatives", operation.shown_name()),
        }
    }

    /// The adjoints of the inputs and how fast they change, from roots with an adjoint and its tangent; −0 where nothing reached.
    ///
    /// # Panics
    ///
    /// If a custom operation on the way has no second derivatives.
    pub(crate) fn second_pairs(
        &self,
        roots: &[(usize, f64, f64)],
        inputs: &[Option<usize>],
        direction: &[f64],
    ) -> Vec<(f64, f64)> {
        let arena = &*self.arena.borrow();
        let end = roots.iter().map(|(root, ..)| root + 1).max().unwrap_or(0);
        let given = inputs.iter().zip(direction).filter_map(|(input, tangent)| Some(((*input)?, *tangent)));
        match arena.second(roots.iter().copied(), given, end) {
            Ok((adjoints, moves)) => {
                let of = |numbers: &[f64], at: usize| numbers.get(at).copied().unwrap_or(NOTHING);
                let of_input = |input: &Option<usize>| match input {
                    Some(at) => (of(&adjoints, *at), of(&moves, *at)),
                    None => (NOTHING, NOTHING),
                };
                inputs.iter().map(of_input).collect()
            }
            Err(operation) => panic!("`{}` has no second derivatives", operation.shown_name()),
        }
    }

    /// The same, put in the place of the gradients.
    #[track_caller]
    pub(crate) fn move_gradients(&self, root: Value<'_>, inputs: &[Value<'_>], direction: &[f64]) {
        let moves = self.moves(root, inputs, direction);
        self.arena.borrow_mut().gradients.replace(moves);
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
