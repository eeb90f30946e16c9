//! The calls of other differentiable functions in a run, and what they returned.
//!
//! The record tells which nodes a call created. Its results are those of them that something outside the call uses.

use super::{Site, Source, Trace};
use crate::graph::{Node, Operand};
use std::collections::BTreeMap;

/// One call of another differentiable function: see [`Trace::calls`].
#[derive(Clone, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub struct Call {
    /// The call, in the function that calls.
    pub at: &'static Site,
    /// The function that is called.
    pub source: &'static Source,
    /// The [number](super::Scope::number) of the call's scope.
    pub scope: usize,
    /// The nodes that the call created and something outside it uses, in the order of creation. Empty if the result is an
    /// argument, a constant, or not used.
    pub results: Vec<usize>,
}

impl Call {
    /// The variable that the result is bound or assigned to, where the call is the whole right side of `let` or `=`.
    ///
    /// The site of a call has no name, so the text around it is read.
    pub fn name(&self) -> Option<&'static str> {
        let Site { source, span, .. } = self.at;
        let (before, after) =
            (source.text.get(..span.start as usize)?, source.text.get(span.end as usize..)?);
        let left = before.trim_end().strip_suffix('=').filter(|_| after.trim_start().starts_with(';'))?;
        let statement = left.rsplit(['{', '}', ';']).next()?.trim();
        let bound = statement.strip_prefix("let ").map(str::trim_start);
        let name = bound.map_or(statement, |bound| bound.strip_prefix("mut ").unwrap_or(bound));
        let name = name.split(':').next()?.trim();
        let is_name = !name.is_empty() && name.chars().all(|c| c.is_alphanumeric() || c == '_' || c == '#');
        is_name.then_some(name)
    }
}

pub(super) fn of(trace: &Trace) -> Vec<Call> {
    let mut calls: Vec<Call> = Vec::new();
    // From the scope of each call to its place in the list.
    let mut index: BTreeMap<u32, usize> = BTreeMap::new();
    for (scope, at, source) in trace.record.calls() {
        index.insert(scope, calls.len());
        calls.push(Call { at, source, scope: scope as usize, results: Vec::new() });
    }
    if calls.is_empty() {
        return calls;
    }
    // The innermost call around each scope, which is older than the scopes in it, and how many calls are around a call.
    let count = trace.record.len() + 1;
    let mut innermost = vec![0_u32; count];
    let mut around = vec![(0_u32, 0_u32); count];
    for scope in 1..count {
        let parent = trace.record.parent(scope);
        let outer = innermost[parent as usize];
        let is_call = index.contains_key(&u32::try_from(scope).unwrap_or(u32::MAX));
        innermost[scope] = if is_call { u32::try_from(scope).unwrap_or(u32::MAX) } else { outer };
        around[scope] = (outer, around[outer as usize].1 + 1);
    }
    let call_of = |node: Node<'_>| innermost.get(node.scope().unwrap_or(0) as usize).copied().unwrap_or(0);
    let mut leave = |node: usize, user: u32| {
        let mut inside = call_of(trace.graph().node(node));
        let mut outside = user;
        while inside != outside {
            if around[inside as usize].1 >= around[outside as usize].1 && inside != 0 {
                let results = &mut calls[index[&inside]].results;
                if results.last() != Some(&node) && !results.contains(&node) {
                    results.push(node);
                }
                inside = around[inside as usize].0;
            } else {
                outside = around[outside as usize].0;
            }
        }
    };
    for user in trace.graph().nodes() {
        for operand in user.operands() {
            if let Operand::Node(node) = operand {
                leave(node, call_of(user));
            }
        }
    }
    for output in trace.outputs() {
        if let Operand::Node(node) = *output {
            leave(node, 0);
        }
    }
    calls.iter_mut().for_each(|call| call.results.sort_unstable());
    calls
}
