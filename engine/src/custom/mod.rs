//! Operations that are not in the table: value and partial derivatives as plain functions of the user's own.
//!
//! Three reasons to write one: the value comes from code that nothing can look into (a solver, a lookup, another language);
//! its derivative is known in closed form, and cheaper or more accurate than that of the single steps; or another
//! derivative than the true one is wanted (a *straight-through* rounding, a clipped gradient).
//!
//! On [`Value`]s it is a [`CustomOperation`], one node in the graph whatever happens inside:
//!
//! ```
//! use gradus::{Graph, custom::CustomOperation};
//!
//! // |x|, rounded off at 0: √(x² + k²), with ∂/∂x = x/y and ∂/∂k = k/y.
//! let softabs = CustomOperation::new(
//!     "softabs",
//!     |[x, k]: [f64; 2]| x.hypot(k),
//!     |[x, k]| [x / x.hypot(k), k / x.hypot(k)],
//! );
//! let graph = Graph::new();
//! let (x, k) = (graph.value(3.0), graph.value(4.0));
//! let y = softabs.apply(&[x, k]);
//! (2.0 * y).backward();
//! assert_eq!((y.data(), x.grad(), k.grad()), (5.0, 2.0 * 0.6, 2.0 * 0.8));
//! ```
//!
//! Inside [`differentiable`](macro@crate::differentiable) functions it is a function with the option `partials`, and called like any
//! other:
//!
//! ```
//! use gradus::differentiable;
//!
//! #[differentiable(partials = softabs_partials)]
//! fn softabs(x: f64, k: f64) -> f64 {
//!     x.hypot(k)
//! }
//! fn softabs_partials(x: f64, k: f64) -> (f64, f64) {
//!     let y = x.hypot(k);
//!     (x / y, k / y)
//! }
//!
//! #[differentiable]
//! fn loss(x: f64) -> f64 {
//!     2.0 * softabs(x, 4.0)
//! }
//! assert_eq!(loss_grad(3.0), (10.0, 2.0 * 0.6));
//! ```
//!
//! gradus does not check these derivatives. [`assert_partials`] compares them with finite differences, and
//! belongs in a test beside every one.

mod check;

use crate::graph::Value;
use crate::provenance::Origin;

pub use crate::arena::CustomOperation;
pub use check::assert_partials;

impl CustomOperation {
    /// The operation on values: a new node, or a constant if all operands are.
    ///
    /// # Panics
    ///
    /// As [`value`](CustomOperation::value) and [`partials`](CustomOperation::partials) do; and if the operands belong to
    /// different graphs, or to nodes that were removed.
    #[track_caller]
    pub fn apply<'g>(&self, operands: &[Value<'g>]) -> Value<'g> {
        self.apply_at(operands, Origin::here())
    }

    /// The same, recorded as coming from `origin`.
    #[track_caller]
    pub(crate) fn apply_at<'g>(&self, operands: &[Value<'g>], origin: Option<Origin>) -> Value<'g> {
        let numbers: Vec<f64> = operands.iter().map(|operand| operand.data()).collect();
        // The user's functions run before the graph is borrowed.
        let value = self.value(&numbers);
        match operands.iter().find_map(|operand| operand.node()) {
            Some(node) => node.graph.record_custom(self, operands, value, &self.partials(&numbers), origin),
            None => Value::from(value),
        }
    }
}
