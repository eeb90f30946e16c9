//! The ways from an argument to the result that contribute most to its gradient.

use std::fmt;

use super::summary::{DIGITS, node_name};
use super::{Trace, parts, reach};
use crate::graph::{Node, Operand};
use crate::text::{number, one_line, shorten};

/// How many ways are found.
const WAYS: usize = 10;
/// The longest name of a node on a way, in columns.
const NAME: usize = 24;

/// The largest ways from an argument to the result: see [`Trace::contributions`]. Its `Display` lists them.
#[derive(Clone)]
pub struct Contributions<'t> {
    trace: &'t Trace,
    /// The gradient: the sum of what all ways contribute. Of an argument of several numbers, the sum of theirs.
    pub gradient: f64,
    /// The sum of the magnitudes of what all ways contribute. Where it is far greater than the gradient, ways cancel out.
    pub magnitude: f64,
    /// The ten ways that contribute most, in magnitude, the greatest first. Ways that contribute 0 are left out.
    pub largest: Vec<Contribution>,
}

/// A way from an argument to the result.
#[derive(Clone, PartialEq, Debug)]
#[non_exhaustive]
pub struct Contribution {
    /// The product of the local partial derivatives along the way.
    pub value: f64,
    /// Its magnitude as a share of [`Contributions::magnitude`], 0 to 1.
    pub share: f64,
    /// The nodes from the argument to the result.
    pub nodes: Vec<usize>,
}

/// A way from a node to the result.
#[derive(Clone, Copy)]
struct Path {
    value: f64,
    /// The next node, and which of its ways goes on from there; `None` at the result itself.
    next: Option<(usize, usize)>,
}

#[track_caller]
pub(super) fn largest<'t>(trace: &'t Trace, name: &str) -> Contributions<'t> {
    let starts = starts(trace, name);
    let graph = trace.graph();
    let between = between(trace, &starts);
    let mut ways: Vec<Vec<Path>> = vec![Vec::new(); graph.len()];
    let mut magnitudes = vec![0.0; graph.len()];
    for (output, seed) in trace.roots() {
        keep(&mut ways[output], Path { value: seed, next: None });
        magnitudes[output] += seed.abs();
    }
    for node in graph.nodes().rev().filter(|node| between[node.index()]) {
        let index = node.index();
        for (operand, partial) in node.operands().zip(node.local_partials()) {
            let Operand::Node(below) = operand else { continue };
            if !between[below] || partial == 0.0 {
                continue;
            }
            magnitudes[below] += partial.abs() * magnitudes[index];
            for rank in 0..ways[index].len() {
                let way = Path { value: partial * ways[index][rank].value, next: Some((index, rank)) };
                keep(&mut ways[below], way);
            }
        }
    }
    let magnitude: f64 = starts.iter().map(|&start| magnitudes[start]).sum();
    let mut found: Vec<(usize, usize)> =
        starts.iter().flat_map(|&start| (0..ways[start].len()).map(move |rank| (start, rank))).collect();
    let size = |&(start, rank): &(usize, usize)| weight(ways[start][rank].value);
    found.sort_by(|a, b| size(b).total_cmp(&size(a)));
    found.truncate(WAYS);
    let contribution = |(start, rank)| contribution(&ways, start, rank, magnitude);
    Contributions {
        trace,
        gradient: starts.iter().map(|&start| graph.node(start).grad()).sum(),
        magnitude,
        largest: found.into_iter().map(contribution).collect(),
    }
}

/// The nodes of the argument, the part of one or the number of this name.
#[track_caller]
fn starts(trace: &Trace, name: &str) -> Vec<usize> {
    parts::named(trace, name).unwrap_or_else(|| trace.no_argument(name))
}

/// The nodes that lie between the starts and the result.
fn between(trace: &Trace, starts: &[usize]) -> Vec<bool> {
    let above = reach::by_operands(trace);
    let mut below = vec![false; trace.graph().len()];
    starts.iter().for_each(|&start| below[start] = true);
    for node in trace.graph().nodes() {
        let index = node.index();
        let made_of = |operand| matches!(operand, Operand::Node(index) if below[index]);
        below[index] = above[index] && (below[index] || node.operands().any(made_of));
    }
    below
}

/// What a way weighs: NaN more than all else, since it spoils the sum.
fn weight(value: f64) -> f64 {
    if value.is_nan() { f64::INFINITY } else { value.abs() }
}

/// Keeps a way if it is one of the greatest, which stand in order.
fn keep(ways: &mut Vec<Path>, way: Path) {
    if way.value == 0.0 {
        return;
    }
    let at = ways.partition_point(|known| weight(known.value) >= weight(way.value));
    if at < WAYS {
        ways.truncate(WAYS - 1);
        ways.insert(at, way);
    }
}

fn contribution(ways: &[Vec<Path>], start: usize, rank: usize, magnitude: f64) -> Contribution {
    let value = ways[start][rank].value;
    let mut nodes = vec![start];
    let mut next = ways[start][rank].next;
    while let Some((node, rank)) = next {
        nodes.push(node);
        next = ways[node][rank].next;
    }
    Contribution { value, share: value.abs() / magnitude, nodes }
}

impl fmt::Display for Contributions<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let shown = |value| number(value, DIGITS);
        writeln!(f, "∂ {}, magnitudes sum to {}", shown(self.gradient), shown(self.magnitude))?;
        for way in &self.largest {
            let share = number(100.0 * way.share, 3);
            writeln!(f, "{:>12} {share:>6} %  {}", shown(way.value), self.names(&way.nodes))?;
        }
        Ok(())
    }
}

impl Contributions<'_> {
    /// The way in words. Expressions that it passes through several times are named once, with their number.
    fn names(&self, nodes: &[usize]) -> String {
        let mut names: Vec<(String, usize)> = Vec::new();
        for &index in nodes {
            let name = short_name(self.trace.graph().node(index));
            match names.iter_mut().find(|(known, _)| *known == name) {
                Some((_, count)) => *count += 1,
                None => names.push((name, 1)),
            }
        }
        let shown = |(name, count)| if count > 1 { format!("{name} ({count}×)") } else { name };
        names.into_iter().map(shown).collect::<Vec<_>>().join(" → ")
    }
}

fn short_name(node: Node<'_>) -> String {
    shorten(&one_line(&node_name(node)), NAME)
}

impl fmt::Debug for Contributions<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = f.debug_struct("Contributions");
        shown.field("gradient", &self.gradient).field("magnitude", &self.magnitude);
        shown.field("largest", &self.largest).finish_non_exhaustive()
    }
}
