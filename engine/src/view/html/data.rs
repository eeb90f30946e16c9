//! A trace as the page's script reads it.
//!
//! ```text
//! { "function": "neuron",
//!   "outputs": [operand, …],                    an operand is a node's index, or [constant]
//!   "inputs":  [[name, [node, …]], …],
//!   "sources": [{function, file, line, column, text}, …],
//!   "sites":   [[source, start, end, [[start, end], …], name, line, column, last line], …],
//!   "nodes":   [[operation, [operand, …], value, [partial, …], gradient, site, name, scope], …],
//!   "scopes":  [[parent, "call" | "loop" | "arm", site, number], …],
//!   "branches": [[site, [how often each arm was taken, …]], …],
//!   "guards":  [[site, "<", left operand, right operand, outcome, nodes before it, scope], …],
//!   "cuts":    [[site, reason, node, nodes before it], …],
//!   "operations": {name: [symbol, kind, rule, convention, value, [partial, …]], …} }
//! ```
//!
//! Spans count UTF-16 units, as JavaScript does, not bytes. A site is an index, or the text `file:line:column` of a
//! place outside annotated functions, or null. Scope 0 is the function itself; that numbered n stands at n − 1.

use std::collections::HashMap;

use super::json::Json;
use crate::graph::{Node, Operand};
use crate::ops::{Kind, Op};
use crate::trace::lines::Lines;
use crate::trace::{Origin, Site, Source, Span, Trace};

/// The whole text.
pub(super) fn write(trace: &Trace) -> String {
    let mut tables = Tables::default();
    tables.source(trace.source());
    // What nodes refer to is collected while they are written, and written after them.
    let mut nodes = Json::default();
    nodes.list(trace.graph().nodes(), |json, node| tables.node(json, node));
    let mut json = Json::default();
    json.object(|json| {
        json.key("function").string(trace.source().function);
        json.key("outputs").list(trace.outputs().iter().copied(), operand);
        json.key("inputs").list(trace.inputs(), |json, input| {
            json.tuple(|json| {
                json.item().string(input.name);
                json.item().list(&input.nodes, Json::count);
            });
        });
        json.key("nodes").raw(&nodes.into_text());
        json.key("sites").list(&tables.sites, |json, (site, source)| tables.site(json, site, *source));
        json.key("sources").list(&tables.functions, |json, function| function.write(json));
        json.key("operations").object(|json| tables.operations(json));
    });
    json.into_text()
}

/// What several nodes share, each once.
#[derive(Default)]
struct Tables {
    functions: Vec<Function>,
    /// Each with the index of its function.
    sites: Vec<(&'static Site, usize)>,
    /// By the site's address.
    index_of_site: HashMap<usize, usize>,
    operations: Vec<Op>,
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
        let Source { function, file, line, column, text } = *self.lines.source;
        json.object(|json| {
            json.key("function").string(function);
            json.key("file").string(file);
            json.key("line").count(line);
            json.key("column").count(column);
            json.key("text").string(text);
        });
    }
}

impl Tables {
    fn source(&mut self, source: &'static Source) -> usize {
        let known = self.functions.iter().position(|function| function.lines.source == source);
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

    fn node(&mut self, json: &mut Json, node: Node<'_>) {
        if !self.operations.contains(&node.op()) {
            self.operations.push(node.op());
        }
        json.tuple(|json| {
            json.item().string(node.op().name());
            json.item().list(node.operands(), operand);
            json.item().number(node.data());
            json.item().list(node.local_partials(), Json::number);
            json.item().number(node.grad());
            match node.origin() {
                Some(Origin::Site(site)) => json.item().count(self.index_of(site)),
                Some(line) => json.item().string(&line.to_string()),
                None => json.item().optional(None),
            }
            json.item().optional(node.name().as_deref());
        });
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
        for &op in &self.operations {
            if op == Op::Input {
                continue;
            }
            let kind = match op.kind() {
                Kind::Leaf => "leaf",
                Kind::Smooth => "smooth",
                Kind::Selecting => "selecting",
                Kind::Flat => "flat",
            };
            json.key(op.name()).tuple(|json| {
                json.item().string(op.symbol());
                json.item().string(kind);
                json.item().string(op.rule());
                json.item().string(op.conventions());
                json.item().string(op.value_text());
                json.item().list(0..op.arity(), |json, k| json.optional(op.partial_text(k)));
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
