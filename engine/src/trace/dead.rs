//! Numbers among the arguments that the result does not depend on, and why.

use std::fmt;

use super::snippet::site;
use super::{DetachReason, Site, Source, Span, Trace, reach};
use crate::graph::Operand;
use crate::text::{one_line, visible};

/// A number among the arguments that the result does not depend on at this point: see [`Trace::dead_inputs`].
///
/// Its `Display` is a sentence: `` `w[3]`: no operation uses it ``.
#[derive(Clone, PartialEq, Debug)]
#[non_exhaustive]
pub struct DeadInput {
    /// Its name: that of the argument, and its place in it.
    pub name: String,
    /// Its node.
    pub node: usize,
    /// Why.
    pub reason: DeadReason,
}

/// Why the result does not depend on a number.
#[derive(Clone, Copy, PartialEq, Debug)]
#[non_exhaustive]
pub enum DeadReason {
    /// No operation uses it, and no branch that was not taken names it.
    Unused,
    /// A branch that names it was not taken.
    BranchNotTaken {
        /// The function.
        source: &'static Source,
        /// The arm.
        arm: Span,
    },
    /// Its derivative is cut off.
    Detached {
        /// Where.
        at: &'static Site,
        /// By what.
        reason: DetachReason,
    },
    /// It only decides a comparison.
    OnlyCompared {
        /// Which.
        at: &'static Site,
    },
    /// It is computed with, but the result is not made of that.
    ResultUnused {
        /// The last operation that depends on it.
        at: Option<&'static Site>,
    },
    /// On every way from it to the result a local derivative is 0.
    ZeroPartial {
        /// The node at which one of the ways ends.
        node: usize,
        /// Its expression.
        at: Option<&'static Site>,
    },
    /// No local derivative is 0, but their products are too small for an `f64`.
    Vanished,
}

/// What the nodes made of each node come to, where that is not the result. Filled from the results down, so that all
/// uses of a node are known when its turn comes.
struct Ends {
    /// A node with a local partial of 0, at which a way from here to the result ends.
    zero: Vec<Option<usize>>,
    cut: Vec<Option<(&'static Site, DetachReason)>>,
    compared: Vec<Option<&'static Site>>,
    /// The last node made of this one.
    last: Vec<Option<usize>>,
    /// Whether anything but 0 flowed to the node.
    flows: Vec<bool>,
}

pub(super) fn inputs(trace: &Trace) -> Vec<DeadInput> {
    let made_of = reach::by_operands(trace);
    let depends_on = reach::by_partials(trace);
    // If not all results were differentiated, a node that leads to the others alone has no gradient.
    let all = trace.seeds.iter().all(|seed| *seed != 0.0);
    let ends = ends(trace, &made_of, &depends_on);
    let mut dead = Vec::new();
    for input in trace.inputs() {
        for &index in &input.nodes {
            let reason = if !made_of[index] {
                not_in_result(trace, &ends, input.name, index)
            } else if !depends_on[index] {
                let node = ends.zero[index].unwrap_or(index);
                DeadReason::ZeroPartial { node, at: site(trace.graph().node(node)) }
            } else if all && !ends.flows[index] && !trace.outputs.contains(&Operand::Node(index)) {
                DeadReason::Vanished
            } else {
                continue;
            };
            let name = trace.graph().node(index).name();
            let name = name.map_or_else(|| input.name.to_owned(), std::borrow::Cow::into_owned);
            dead.push(DeadInput { name, node: index, reason });
        }
    }
    dead
}

fn ends(trace: &Trace, made_of: &[bool], depends_on: &[bool]) -> Ends {
    let count = trace.graph().len();
    let mut ends = Ends {
        zero: vec![None; count],
        cut: vec![None; count],
        compared: vec![None; count],
        last: vec![None; count],
        flows: vec![false; count],
    };
    for cut in trace.detached() {
        if let Some(node) = cut.node {
            let known = &mut ends.cut[node];
            // A `stop_gradient` says more than a question or an assertion.
            if known.is_none() || cut.reason == DetachReason::StopGradient {
                *known = Some((cut.at, cut.reason));
            }
        }
    }
    for guard in trace.guards() {
        for side in [guard.left, guard.right] {
            if let Operand::Node(node) = side {
                ends.compared[node] = Some(guard.at);
            }
        }
    }
    for node in trace.graph().nodes().rev() {
        let index = node.index();
        for (operand, partial) in node.operands().zip(node.local_partials()) {
            let Operand::Node(below) = operand else { continue };
            if made_of[index] {
                let end = if partial == 0.0 && depends_on[index] { Some(index) } else { ends.zero[index] };
                ends.zero[below] = ends.zero[below].or(end);
            }
            ends.cut[below] = ends.cut[below].or(ends.cut[index]);
            ends.compared[below] = ends.compared[below].or(ends.compared[index]);

            ends.flows[below] |= node.op().pull(partial, node.grad()).is_some_and(|flow| flow != 0.0);
            ends.last[below] = ends.last[below].or(ends.last[index]).or(Some(index));
        }
    }
    ends
}

/// Why nothing that the result is made of is made of this node.
fn not_in_result(trace: &Trace, ends: &Ends, name: &str, index: usize) -> DeadReason {
    let cut = ends.cut[index].map(|(at, reason)| DeadReason::Detached { at, reason });
    if let Some(why @ DeadReason::Detached { reason: DetachReason::StopGradient, .. }) = cut {
        return why;
    }
    let named = trace.branches().into_iter().filter(|branch| branch.at.source == trace.source());
    let named = named.flat_map(|branch| branch.not_taken().collect::<Vec<_>>());
    let mut named = named.filter(|arm| words(trace.source().slice(*arm)).any(|word| word == name));
    let named = named.next().map(|arm| DeadReason::BranchNotTaken { source: trace.source(), arm });
    let compared = ends.compared[index].map(|at| DeadReason::OnlyCompared { at });
    let last = ends.last[index].map(|last| DeadReason::ResultUnused { at: site(trace.graph().node(last)) });
    named
        .or(last.filter(|_| cut.is_none() && compared.is_none()))
        .or(cut)
        .or(compared)
        .unwrap_or(DeadReason::Unused)
}

/// The words of a text: what could be names.
fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|character: char| !character.is_alphanumeric() && character != '_')
}

impl fmt::Display for DeadInput {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}`: ", visible(&self.name))?;
        let text = |site: &Site| format!("`{}`", one_line(site.text()));
        let line = |source: &Source, span: Span| source.position(span.start).0;
        let of = |site: &Site| format!("{} (line {})", text(site), line(site.source, site.span));
        match self.reason {
            DeadReason::Unused => f.write_str("no operation uses it"),
            DeadReason::BranchNotTaken { source, arm } => {
                write!(f, "the branch in line {}, which names it, was not taken", line(source, arm))
            }
            DeadReason::Detached { at, reason: DetachReason::StopGradient } => {
                write!(f, "its derivative is cut off by {}", of(at))
            }
            DeadReason::Detached { at, .. } => {
                write!(f, "{} reads its value without recording a derivative", of(at))
            }
            DeadReason::OnlyCompared { at } => {
                write!(f, "it is used only in {}, and a comparison has no derivative", of(at))
            }
            DeadReason::ResultUnused { at: Some(at) } => write!(f, "the result is not made of {}", of(at)),
            DeadReason::ResultUnused { at: None } => {
                f.write_str("no value computed from it reaches the result")
            }
            DeadReason::ZeroPartial { at: Some(at), .. } => {
                write!(f, "the derivative of {} is 0 here (line {})", text(at), line(at.source, at.span))
            }
            DeadReason::ZeroPartial { at: None, node } => {
                write!(f, "the derivative of node {node} is 0 here")
            }
            DeadReason::Vanished => {
                f.write_str("the product of the local derivatives is too small for an `f64`")
            }
        }
    }
}
