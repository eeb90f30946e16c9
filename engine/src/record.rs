//! The way from an operator to [`Graph::record`], with a shortcut for what nearly always comes: nodes, and room for one more.
//!
//! Nothing here is needed to understand the graph. It is what makes recording fast: the shortcut has no call in it that would
//! make the compiler keep numbers in memory, and is small enough to be copied to wherever an operator stands.

use crate::arena::NONE;
use crate::graph::{Graph, Node};
use crate::ops::Op;
use crate::trace::Origin;
use crate::value::Value;
use std::ptr;

/// `op` of the operands, as many as its arity, recorded as coming from `origin`: what every operator and method is
/// made of, and generated code too.
#[doc(hidden)]
#[inline(always)]
#[allow(clippy::inline_always, reason = "as for `Graph::record`")]
#[track_caller]
pub fn apply<const N: usize>(op: Op, operands: [Value<'_>; N], origin: Option<Origin>) -> Value<'_> {
    debug_assert_eq!(N, op.arity(), "operands of `{}`", op.name());
    match operands[0].graph.and_then(|graph| graph.record_at_once(op, operands)) {
        Some(value) => value,
        // A copy, so that the operands themselves need no place in memory on the way that is nearly always taken.
        None => {
            let (number, place) = apply_with_care(op, operands.map(|operand| operand), origin);
            let mut graph = None;
            for k in 0..N {
                graph = graph.or(operands[k].graph);
            }
            Value { graph, number, index: (place >> 32) as u32, generation: place as u32 }
        }
    }
}

/// The same, out of the way of the commonest case.
#[inline(never)]
#[track_caller]
fn apply_with_care<const N: usize>(op: Op, operands: [Value<'_>; N], origin: Option<Origin>) -> (f64, u64) {
    let Value { number, index, generation, .. } = apply_mixed(op, operands, origin);
    (number, u64::from(index) << 32 | u64::from(generation))
}

/// The same where constants are expected among the operands.
#[doc(hidden)]
#[inline(always)]
#[allow(clippy::inline_always, reason = "as for `Graph::record`")]
#[track_caller]
pub fn apply_mixed<const N: usize>(op: Op, operands: [Value<'_>; N], origin: Option<Origin>) -> Value<'_> {
    match operands.iter().find_map(|operand| operand.graph) {
        Some(graph) => graph.record(op, operands, origin),
        None => Value::from(op.value(&operands.map(|operand| operand.number))),
    }
}

impl Graph {
    /// A new node that is `op` of nodes, where nothing is in the way: there is room for it, no origins are kept, and the
    /// operands are nodes of this graph. None if that is not so: then [`record`](Graph::record) does it, or tells.
    #[inline(always)]
    #[allow(clippy::inline_always, reason = "it folds: the operation is known")]
    pub(crate) fn record_at_once<'g, const N: usize>(
        &'g self,
        op: Op,
        operands: [Value<'g>; N],
    ) -> Option<Value<'g>> {
        let arena = &mut *self.arena.try_borrow_mut().ok()?;
        if N == 3 || !arena.has_room() {
            return None;
        }
        let at_once = arena.at_once;
        let (mut links, mut numbers) = ([NONE; 2], [0.0; N]);
        for k in 0..N {
            let Value { graph, number, index, generation } = operands[k];
            if !graph.is_some_and(|graph| ptr::eq(graph, self)) {
                return None;
            }
            links[k] = index;
            numbers[k] = number;
            if generation != at_once {
                numbers[k] = arena.number_of_older(index, generation)?;
            }
        }
        let number = op.value(&numbers);
        let index = arena.push_slot(op, number, links, at_once);
        Some(Value { graph: Some(self), number, index, generation: at_once })
    }
}
