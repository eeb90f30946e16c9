//! What each line of a function computed: one entry an expression, however often it ran.

use std::collections::BTreeMap;

use super::lines::Lines;
use super::{Origin, Source, Trace};
use crate::ops::Op;
use crate::view::text::{number, one_line, shorten, visible};

/// Significant digits in listings.
const DIGITS: usize = 6;
/// The longest label of an expression, in columns.
const LABEL: usize = 40;
/// An argument with more elements than this is abridged.
const ELEMENTS: usize = 8;

/// A function that took part, with what its lines computed.
pub(super) struct Function {
    pub lines: Lines,
    /// The entries of each line, in the order of their first execution.
    pub entries: BTreeMap<u32, Vec<Entry>>,
}

/// An expression (or an argument) and its numbers.
pub(super) struct Entry {
    pub label: String,
    /// How often it was computed, if more than once.
    pub count: usize,
    pub value: String,
    pub gradient: String,
    /// The sign of the gradient where it is one number.
    pub sign: Option<f64>,
}

/// The traced function first, then those it called, in the order of their first operation.
pub(super) fn functions(trace: &Trace) -> Vec<Function> {
    let mut sources = vec![trace.source()];
    // Where each expression keeps its nodes: function, line, span.
    let mut runs: BTreeMap<(usize, u32, u32), Vec<usize>> = BTreeMap::new();
    for node in trace.graph().nodes().filter(|node| node.op() != Op::Input) {
        if let Some(Origin::Site(site)) = node.origin() {
            let function = sources.iter().position(|&source| source == site.source).unwrap_or_else(|| {
                sources.push(site.source);
                sources.len() - 1
            });
            runs.entry((function, site.span.start, site.span.end)).or_default().push(node.index());
        }
    }
    let mut functions: Vec<Function> = sources
        .into_iter()
        .map(|source| Function { lines: Lines::new(source), entries: BTreeMap::new() })
        .collect();
    add_arguments(trace, &mut functions[0]);
    let mut runs: Vec<_> = runs.into_iter().collect();
    runs.sort_by_key(|(_, nodes)| nodes[0]);
    for ((function, ..), nodes) in runs {
        let function = &mut functions[function];
        if let Some(Origin::Site(site)) = trace.graph().node(nodes[0]).origin() {
            let line = function.lines.line_of(site);
            function.entries.entry(line).or_default().push(expression(trace, &nodes));
        }
    }
    functions
}

/// The arguments stand on the line of their parameter; where that is not recorded, on the line that names
/// the function.
fn add_arguments(trace: &Trace, function: &mut Function) {
    let signature = signature_line(trace.source(), &function.lines);
    for (argument, (name, values, gradients)) in trace.inputs().iter().zip(trace.gradients()) {
        let origin = argument.nodes.first().and_then(|&node| trace.graph().node(node).origin());
        let line = match origin {
            Some(Origin::Site(site)) if site.source == trace.source() => function.lines.line_of(site),
            _ => signature,
        };
        let entry = Entry {
            label: visible(name).into_owned(),
            count: 1,
            value: list(&values),
            gradient: list(&gradients),
            sign: one(&gradients),
        };
        function.entries.entry(line).or_default().push(entry);
    }
}

fn signature_line(source: &Source, lines: &Lines) -> u32 {
    let declares = |line: &u32| {
        let mut words = lines.text(*line).split(|c: char| !c.is_alphanumeric() && c != '_' && c != '#');
        words.any(|word| word == "fn")
    };
    lines.numbers().find(declares).unwrap_or(source.line)
}

fn expression(trace: &Trace, nodes: &[usize]) -> Entry {
    let graph = trace.graph();
    let first = graph.node(nodes[0]);
    let text = match first.origin() {
        Some(Origin::Site(site)) => one_line(site.name.unwrap_or_else(|| site.text())),
        _ => String::new(),
    };
    let values: Vec<f64> = nodes.iter().map(|&node| graph.node(node).data()).collect();
    let gradients: Vec<f64> = nodes.iter().map(|&node| graph.node(node).grad()).collect();
    Entry {
        label: shorten(&text, LABEL),
        count: nodes.len(),
        value: course(&values),
        gradient: course(&gradients),
        sign: one(&gradients),
    }
}

/// The only number, if there is but one.
fn one(numbers: &[f64]) -> Option<f64> {
    let first = *numbers.first()?;
    numbers.iter().all(|number| number.to_bits() == first.to_bits()).then_some(first)
}

/// The numbers of several executions: first and last, and the range if it goes beyond them.
fn course(numbers: &[f64]) -> String {
    if let Some(only) = one(numbers) {
        return number(only, DIGITS);
    }
    let (first, last) = (numbers[0], numbers[numbers.len() - 1]);
    let mut text = format!("{} … {}", number(first, DIGITS), number(last, DIGITS));
    let least = numbers.iter().copied().fold(f64::NAN, f64::min);
    let most = numbers.iter().copied().fold(f64::NAN, f64::max);
    if least < first.min(last) || most > first.max(last) {
        text = format!("{text} in [{}, {}]", number(least, DIGITS), number(most, DIGITS));
    }
    let hidden = numbers.iter().any(|number| number.is_nan()) && !first.is_nan() && !last.is_nan();
    if hidden { text + " with NaN" } else { text }
}

/// The elements of an argument or a result: a single number as it is, several in brackets.
pub(super) fn list(numbers: &[f64]) -> String {
    let shown = |numbers: &[f64]| numbers.iter().map(|&n| number(n, DIGITS)).collect::<Vec<_>>().join(", ");
    match numbers {
        [only] => number(*only, DIGITS),
        [start @ .., last] if numbers.len() > ELEMENTS => {
            let start = shown(&start[..ELEMENTS - 2]);
            format!("[{start}, …, {}] ({} values)", number(*last, DIGITS), numbers.len())
        }
        all => format!("[{}]", shown(all)),
    }
}
