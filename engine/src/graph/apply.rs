//! The way from an operator to [`Graph::record`], with a shortcut for what nearly always comes: nodes, and room for one more.
//!
//! Nothing here is needed to understand the graph. It is what makes recording fast: the shortcut has no call in it that would
//! make the compiler keep numbers in memory, and is small enough to be copied to wherever an operator stands.

use super::{Graph, Value};
use crate::arena::{NEVER, NONE};
use crate::ops::Op;
use crate::provenance::Origin;
use std::ptr;

/// `op` of the operands, as many as its arity, recorded as coming from `origin`: what every operator and method is
/// made of, and generated code too. Without optimizations it is not inlined: rustc would give every inlined copy space of its own
/// in the stack frame, and functions that recurse would need a larger stack.
#[doc(hidden)]
#[cfg_attr(not(debug_assertions), inline(always))]
#[cfg_attr(debug_assertions, inline(never))]
#[allow(clippy::inline_always, reason = "it folds: the operation is known")]
#[track_caller]
pub fn apply<const N: usize>(op: Op, operands: [Value<'_>; N], origin: Option<Origin>) -> Value<'_> {
    apply_to::<N, false>(op, operands, origin)
}

/// The same where constants are expected among the operands.
#[doc(hidden)]
#[cfg_attr(not(debug_assertions), inline(always))]
#[cfg_attr(debug_assertions, inline(never))]
#[allow(clippy::inline_always, reason = "also which operands are constants is often known")]
#[track_caller]
pub fn apply_mixed<const N: usize>(op: Op, operands: [Value<'_>; N], origin: Option<Origin>) -> Value<'_> {
    apply_to::<N, true>(op, operands, origin)
}

#[inline(always)]
#[allow(clippy::inline_always, reason = "as above")]
#[track_caller]
fn apply_to<const N: usize, const MIXED: bool>(
    op: Op,
    operands: [Value<'_>; N],
    origin: Option<Origin>,
) -> Value<'_> {
    debug_assert_eq!(N, op.arity(), "operands of `{}`", op.name());
    let mut graph = operands[0].graph;
    for operand in &operands[1..] {
        if MIXED && graph.is_none() {
            graph = operand.graph;
        }
    }
    match graph.and_then(|graph| graph.record_at_once::<N, MIXED>(op, operands)) {
        Some(value) => value,
        // A copy, so that the operands themselves need no place in memory on the way that is nearly always taken.
        None => {
            let (number, [index, generation]) = apply_with_care(op, operands.map(|operand| operand), origin);
            for operand in &operands {
                graph = graph.or(operand.graph);
            }
            Value { graph, number, index, generation }
        }
    }
}

/// The same, out of the way of the commonest case. What it returns fits into registers: all of the value but its graph,
/// which is the first that an operand has.
#[inline(never)]
#[track_caller]
fn apply_with_care<const N: usize>(
    op: Op,
    operands: [Value<'_>; N],
    origin: Option<Origin>,
) -> (f64, [u32; 2]) {
    match operands.iter().find_map(|operand| operand.graph) {
        Some(graph) => {
            let Value { number, index, generation, .. } = graph.record(op, operands, origin);
            (number, [index, generation])
        }
        None => (op.value(&operands.map(|operand| operand.number)), [0; 2]),
    }
}

impl Graph {
    /// A new node that is `op` of the operands, where nothing is in the way: there is room for it, no origins are kept, and the
    /// operands are nodes of this graph, or else `MIXED` and constants. None if that is not so: then
    /// [`record`](Graph::record) does it, or tells.
    #[inline(always)]
    #[allow(clippy::inline_always, reason = "it folds: the operation is known")]
    fn record_at_once<'g, const N: usize, const MIXED: bool>(
        &'g self,
        op: Op,
        operands: [Value<'g>; N],
    ) -> Option<Value<'g>> {
        let arena = &mut *self.arena.try_borrow_mut().ok()?;
        let at_once = arena.at_once;
        if N == 3 || !arena.has_room() || (MIXED && at_once == NEVER) {
            return None;
        }
        let (mut links, mut numbers) = ([NONE; 2], [0.0; N]);
        for k in 0..N {
            let Value { graph, number, index, generation } = operands[k];
            numbers[k] = number;
            links[k] = match graph {
                None if MIXED => arena.constant_at_once(number)?,
                Some(graph) if ptr::eq(graph, self) => index,
                _ => return None,
            };
            if graph.is_some() && generation != at_once {
                numbers[k] = arena.number_of_older(index, generation)?;
            }
        }
        let number = op.value(&numbers);
        let index = arena.push_slot(op, number, links, at_once);
        Some(Value { graph: Some(self), number, index, generation: at_once })
    }
}
