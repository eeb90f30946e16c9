//! Where the first NaN or infinity was born.

use std::{fmt, io};

use super::explain::{formula, operand_name};
use super::scope::all_in_words;
use super::snippet::{Snippet, site};
use super::style::wants_colour;
use super::summary::DIGITS;
use super::{Trace, reach};
use crate::graph::{Node, Operand};
use crate::ops::Op;
use crate::text::{number, one_line};

/// The birth of the first number that is not finite: found by [`Trace::first_non_finite`], told in the style of rustc by
/// its `Display` (`{:#}` in colour where standard error is).
#[derive(Clone, Copy)]
pub struct NonFinite<'t> {
    trace: &'t Trace,
    /// The node that bore it.
    pub node: Node<'t>,
    /// In which pass.
    pub pass: Pass,
}

/// The pass in which a number that is not finite was born.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Pass {
    /// Forward: the node's value is not finite, and those before it are.
    Forward,
    /// Backward: all values are finite, and so is the node's gradient, but not what it passed on to this operand.
    Backward {
        /// The operand, from 0.
        operand: usize,
    },
    /// Backward: what the node was passed is finite, and the sum of it is not.
    Sum,
}

/// The first birth: in the order of the forward pass, then of the backward pass.
pub(super) fn first(trace: &Trace) -> Option<NonFinite<'_>> {
    let graph = trace.graph();
    let birth = |node, pass| NonFinite { trace, node, pass };
    if let Some(node) = graph.nodes().find(|node| !node.data().is_finite()) {
        return Some(birth(node, Pass::Forward));
    }
    let reached = reach::by_adjoints(trace);
    for node in graph.nodes().rev().filter(|node| reached[node.index()]) {
        if !node.grad().is_finite() {
            return Some(birth(node, Pass::Sum));
        }
        let passed = node.operands().zip(node.local_partials()).position(|(operand, partial)| {
            let flow = node.op().pull(partial, node.grad());
            matches!(operand, Operand::Node(_)) && flow.is_some_and(|flow| !flow.is_finite())
        });
        if let Some(operand) = passed {
            return Some(birth(node, Pass::Backward { operand }));
        }
    }
    None
}

impl NonFinite<'_> {
    /// `NaN` or `an infinity`.
    fn what(&self) -> &'static str {
        let born = match self.pass {
            Pass::Forward => self.node.data(),
            Pass::Sum => self.node.grad(),
            Pass::Backward { operand } => self.flow(operand).1,
        };
        if born.is_nan() { "NaN" } else { "an infinity" }
    }

    /// The partial for an operand, and what flowed to it.
    fn flow(&self, operand: usize) -> (f64, f64) {
        let partial = self.node.local_partials().nth(operand).unwrap_or(f64::NAN);
        (partial, self.node.op().pull(partial, self.node.grad()).unwrap_or(0.0))
    }

    fn name(&self, at: usize, index: usize) -> String {
        match site(self.node) {
            Some(site) => operand_name(self.trace, site, self.node, at, index),
            None => format!("#{index}"),
        }
    }

    fn label(&self) -> String {
        let node = self.node;
        let shown = |value| number(value, DIGITS);
        match self.pass {
            Pass::Forward if node.op() == Op::Input => {
                let name = node.name().map_or_else(|| format!("#{}", node.index()), Into::into);
                format!("`{}` is {}", one_line(&name), shown(node.data()))
            }
            Pass::Forward => format!("{} = {}", formula(node), shown(node.data())),
            Pass::Sum => format!("∂ {}", shown(node.grad())),
            Pass::Backward { operand } => {
                let (partial, flow) = self.flow(operand);
                let name = node.operands().nth(operand).map_or(String::new(), |link| match link {
                    Operand::Node(index) => self.name(operand, index),
                    Operand::Constant(value) => shown(value),
                });
                format!("∂{name} += {} × {} = {}", shown(partial), shown(node.grad()), shown(flow))
            }
        }
    }

    fn notes(&self) -> Vec<String> {
        let node = self.node;
        let mut notes = Vec::new();
        for (at, operand) in node.operands().enumerate() {
            if let Operand::Node(index) = operand {
                let value = number(self.trace.graph().node(index).data(), DIGITS);
                notes.push(format!("note: {} = {value}", self.name(at, index)));
            }
        }
        if matches!(self.pass, Pass::Backward { .. }) {
            let convention = match node.op().conventions() {
                "" => String::new(),
                convention => format!("; by convention {convention}"),
            };
            notes.push(format!("note: {}{convention}", node.op().rule()));
        }
        if self.pass == Pass::Sum {
            notes.push("note: each of the terms of this gradient is finite, their sum is not".to_owned());
        }
        notes.extend(all_in_words(&self.trace.path(node)).iter().map(|step| format!("note: in {step}")));
        notes
    }
}

impl fmt::Display for NonFinite<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let argument = self.node.op() == Op::Input && self.pass == Pass::Forward;
        let pass = if self.pass == Pass::Forward { "forward" } else { "backward" };
        let title = if argument {
            format!("error: {} comes in with an argument", self.what())
        } else {
            format!("error: {} is born here, in the {pass} pass", self.what())
        };
        let Some(site) = site(self.node) else {
            return writeln!(f, "{title}\n  node {}: {}", self.node.index(), self.label());
        };
        let colour = f.alternate() && wants_colour(&io::stderr());
        let snippet =
            Snippet { title, source: site.source, span: site.span, label: self.label(), notes: self.notes() };
        f.write_str(&snippet.text(colour))
    }
}

impl fmt::Debug for NonFinite<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("NonFinite")
            .field("node", &self.node)
            .field("pass", &self.pass)
            .finish_non_exhaustive()
    }
}
