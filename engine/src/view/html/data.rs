//! A trace as the page's script reads it.
//!
//! ```text
//! { "function": "neuron",
//!   "outputs": [operand, …],                    an operand is a node's index, or [constant]
//!   "seeds":   [weight, …],                     of each result in what was differentiated
//!   "inputs":  [[name, [node, …], [[path, [[name, node], …]], …]], …],  the last of structs only: see `Trace::parts`
//!   "sources": [{function, file, line, column, text, adjoint}, …],
//!   "sites":   [[source, start, end, [[start, end], …], name, line, column, last line], …],
//!   "nodes":   [[operation, [operand, …], value, [partial, …], gradient, site, name, scope], …],
//!   "scopes":  [[parent, "call" | "loop" | "arm", site, number, body ran or source called], …],
//!   "calls":   [[scope, [node of a result, …], name of the variable], …],
//!   "dead":    [[node, why], …],                the inputs that the result does not depend on
//!   "decisions": {
//!     "branches": [[site, [how often each arm was taken, …]], …],
//!     "guards":   [[site, "<", left operand, right operand, outcome, nodes before it], …],
//!     "cuts":     [[site, reason, node or null, nodes before it], …] },
//!   "operations": {name: [symbol, kind, rule, convention, value or null, [partial, …],
//!                         [[operand, operand, second partial], …]], …} }
//! ```
//!
//! Spans count UTF-16 units, as JavaScript does, not bytes. A site is an index, or the text `file:line:column` of a
//! place outside annotated functions, or null. Scope 0 is the function itself; that numbered n stands at n − 1.

use std::borrow::Cow;
use std::collections::HashMap;

use super::json::Json;
use crate::graph::{Node, Operand};
use crate::ops::{Kind, Op};
use crate::provenance::lines::Lines;
use crate::text::{operation_name, visible};
use crate::trace::{self, Call, DetachReason, Origin, Part, Site, Source, Span, Step, Trace};

/// The whole text.
pub(super) fn write(trace: &Trace) -> String {
    let mut tables = Tables::default();
    tables.source(trace.source());
    // What nodes and guards refer to is collected while they are written, and written after them.
    let mut nodes = Json::default();
    nodes.list(trace.graph().nodes(), |json, node| {
        let scope = tables.scope(trace.scope(node));
        tables.node(json, node, scope);
    });
    let mut decisions = Json::default();
    decisions.object(|json| tables.decisions(json, trace));
    let mut json = Json::default();
    let mut calls = Json::default();
    calls.list(trace.calls(), |json, call| tables.call(json, &call));
    json.object(|json| {
        json.key("function").string(trace.source().function);
        json.key("outputs").list(trace.outputs().iter().copied(), operand);
        json.key("seeds").list(trace.seeds().iter().copied(), Json::number);
        json.key("inputs").list(trace.inputs(), |json, input| {
            json.tuple(|json| {
                json.item().string(input.name);
                json.item().list(&input.nodes, Json::count);
                json.item().list(&trace.struct_parts(input), part);
            });
        });
        json.key("dead").list(trace.dead_inputs(), |json, dead| {
            json.tuple(|json| {
                json.item().count(dead.node);
                json.item().string(&dead.to_string());
            });
        });
        json.key("nodes").raw(&nodes.into_text());
        json.key("decisions").raw(&decisions.into_text());
        json.key("scopes").list(&tables.scopes, |json, scope| scope.write(json));
        json.key("calls").raw(&calls.into_text());
        json.key("sites").list(&tables.sites, |json, (site, source)| tables.site(json, site, *source));
        json.key("sources").list(&tables.functions, |json, function| function.write(json));
        json.key("operations").object(|json| tables.operations(json));
    });
    json.into_text()
}

/// Numbers that stand in the same struct: their path, and the name and node of each.
fn part(json: &mut Json, part: &Part) {
    json.tuple(|json| {
        json.item().string(&part.path);
        json.item().list(&part.numbers, |json, (name, node)| {
            json.tuple(|json| {
                json.item().string(name);
                json.item().count(*node);
            });
        });
    });
}

/// What several nodes share, each once.
#[derive(Default)]
struct Tables {
    functions: Vec<Function>,
    /// Each with the index of its function.
    sites: Vec<(&'static Site, usize)>,
    /// By the site's address.
    index_of_site: HashMap<usize, usize>,
    /// Operation, name, symbol; a custom operation under a name that no row of the table has.
    operations: Vec<(Op, Cow<'static, str>, String)>,
    scopes: Vec<Scope>,
    /// From the trace's number of a scope to the page's.
    number_of_scope: HashMap<usize, usize>,
}

/// A step of the way to nodes: see the table above.
struct Scope {
    parent: usize,
    kind: &'static str,
    site: usize,
    number: usize,
    /// Of an iteration, whether its body ran; of a call, the index of the function that is called.
    more: usize,
}

impl Scope {
    fn write(&self, json: &mut Json) {
        json.tuple(|json| {
            json.item().count(self.parent);
            json.item().string(self.kind);
            json.item().count(self.site);
            json.item().count(self.number);
            json.item().count(self.more);
        });
    }
}

/// An annotated function, and the UTF-16 unit at which each byte of its text stands.
struct Function {
    lines: Lines,
    units: Vec<u32>,
}

impl Function {
    fn new(source: &'static Source) -> Self {
        let mut units = Vec::with_capacity(source.text.len() + 1);
        let mut unit = 0;
        for character in source.text.chars() {
            units.extend(std::iter::repeat_n(unit, character.len_utf8()));
            unit += if character.len_utf16() == 2 { 2 } else { 1 };
        }
        units.push(unit);
        Function { lines: Lines::new(source), units }
    }

    fn unit(&self, byte: u32) -> u32 {
        self.units[(byte as usize).min(self.units.len() - 1)]
    }

    fn write(&self, json: &mut Json) {
        let Source { function, file, line, column, text, adjoint } = *self.lines.source;
        json.object(|json| {
            json.key("function").string(function);
            json.key("file").string(file);
            json.key("line").count(line);
            json.key("column").count(column);
            json.key("text").string(text);
            json.key("adjoint").string(adjoint);
        });
    }
}

impl Tables {
    fn source(&mut self, source: &'static Source) -> usize {
        // By its address first: to compare texts for every site takes long.
        let is_known = |function: &Function| std::ptr::eq(function.lines.source, source);
        let known = self.functions.iter().position(is_known);
        let known =
            known.or_else(|| self.functions.iter().position(|function| function.lines.source == source));
        known.unwrap_or_else(|| {
            self.functions.push(Function::new(source));
            self.functions.len() - 1
        })
    }

    fn index_of(&mut self, site: &'static Site) -> usize {
        let address = std::ptr::from_ref(site).addr();
        if let Some(&index) = self.index_of_site.get(&address) {
            return index;
        }
        let source = self.source(site.source);
        self.sites.push((site, source));
        self.index_of_site.insert(address, self.sites.len() - 1);
        self.sites.len() - 1
    }

    /// The page's number of a scope, which joins the table with all around it.
    fn scope(&mut self, scope: trace::Scope<'_>) -> usize {
        // From the inside out up to one that is known, then back.
        let mut new = Vec::new();
        let mut at = scope;
        while !self.number_of_scope.contains_key(&at.number())
            && let (Some(step), Some(parent)) = (at.step(), at.parent())
        {
            new.push((at, step));
            at = parent;
        }
        let mut number = self.number_of_scope.get(&at.number()).copied().unwrap_or(0);
        while let Some((scope, step)) = new.pop() {
            let site = self.index_of(step.at());
            let (kind, place, more) = match step {
                Step::Call { source, .. } => ("call", 0, self.source(source)),
                Step::Iteration { number, .. } => ("loop", number, usize::from(scope.ran())),
                Step::Branch { arm, .. } => ("arm", arm, 0),
            };
            self.scopes.push(Scope { parent: number, kind, site, number: place, more });
            number = self.scopes.len();
            self.number_of_scope.insert(scope.number(), number);
        }
        number
    }

    /// A call in whose scope nodes were created, and its results.
    fn call(&self, json: &mut Json, call: &Call) {
        json.tuple(|json| {
            // Scopes without nodes are not in the table.
            json.item().count(self.number_of_scope.get(&call.scope).copied().unwrap_or(0));
            json.item().list(&call.results, Json::count);
            json.item().optional(call.name());
        });
    }

    /// Which way the program took, and on what that hung.
    fn decisions(&mut self, json: &mut Json, trace: &Trace) {
        json.key("branches").list(trace.branches(), |json, branch| {
            json.tuple(|json| {
                json.item().count(self.index_of(branch.at));
                json.item().list(&branch.taken, Json::count);
            });
        });
        json.key("guards").list(trace.guards(), |json, guard| {
            json.tuple(|json| {
                json.item().count(self.index_of(guard.at));
                json.item().string(guard.comparison.symbol());
                operand(json.item(), guard.left);
                operand(json.item(), guard.right);
                json.item().count(guard.outcome);
                json.item().count(guard.after);
            });
        });
        json.key("cuts").list(trace.detached(), |json, cut| {
            json.tuple(|json| {
                json.item().count(self.index_of(cut.at));
                json.item().string(match cut.reason {
                    DetachReason::StopGradient => "stop",
                    DetachReason::Question => "question",
                    DetachReason::Pattern => "pattern",
                    DetachReason::Comparison => "comparison",
                    DetachReason::Assertion => "assertion",
                });
                match cut.node {
                    Some(node) => json.item().count(node),
                    None => json.item().optional(None),
                }
                json.item().count(cut.after);
            });
        });
    }

    fn node(&mut self, json: &mut Json, node: Node<'_>, scope: usize) {
        let (op, symbol) = (node.op(), operation_name(node.symbol()));
        let name = if op == Op::Custom { format!("custom {symbol}").into() } else { Cow::from(op.name()) };
        json.tuple(|json| {
            json.item().string(&name);
            json.item().list(node.operands(), operand);
            json.item().number(node.data());
            json.item().list(node.local_partials(), Json::number);
            json.item().number(node.grad());
            match node.origin() {
                Some(Origin::Site(site)) => json.item().count(self.index_of(site)),
                Some(line) => json.item().string(&line.to_string()),
                None => json.item().optional(None),
            }
            json.item().optional(node.name().as_deref().map(visible).as_deref());
            json.item().count(scope);
        });
        if !self.operations.iter().any(|(_, known, _)| *known == name) {
            self.operations.push((op, name, symbol));
        }
    }

    fn site(&self, json: &mut Json, site: &Site, source: usize) {
        let function = &self.functions[source];
        let (line, column) = function.lines.position(site.span.start);
        let ends = |span: Span| [function.unit(span.start), function.unit(span.end)];
        let [start, end] = ends(site.span);
        json.tuple(|json| {
            json.item().count(source);
            json.item().count(start);
            json.item().count(end);
            json.item().list(site.operands, |json, &span| json.list(ends(span), Json::count));
            json.item().optional(site.name);
            json.item().count(line);
            json.item().count(column);
            json.item().count(function.lines.line_of(site));
        });
    }

    fn operations(&self, json: &mut Json) {
        for &(op, ref name, ref symbol) in &self.operations {
            if op == Op::Input {
                continue;
            }
            let kind = match op.kind() {
                Kind::Leaf => "leaf",
                Kind::Smooth => "smooth",
                Kind::Selecting => "selecting",
                Kind::Flat => "flat",
            };
            json.key(name).tuple(|json| {
                json.item().string(symbol);
                json.item().string(kind);
                json.item().string(op.rule());
                json.item().string(op.conventions());
                json.item().optional(Some(op.value_text()).filter(|text| !text.is_empty()));
                json.item().list(0..op.arity(), |json, k| json.optional(op.partial_text(k)));
                let pairs = (0..op.arity()).flat_map(|k| (0..op.arity()).map(move |j| (k, j)));
                let seconds = pairs.filter_map(|(k, j)| Some((k, j, op.second_text(k, j)?)));
                json.item().list(seconds, |json, (k, j, text)| {
                    json.tuple(|json| {
                        json.item().count(k);
                        json.item().count(j);
                        json.item().string(text);
                    });
                });
            });
        }
    }
}

fn operand(json: &mut Json, operand: Operand) {
    match operand {
        Operand::Node(index) => json.count(index),
        Operand::Constant(value) => json.list([value], Json::number),
    }
}
