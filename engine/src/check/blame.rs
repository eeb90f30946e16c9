//! Which expression is to blame for a wrong derivative.
//!
//! The function is traced three times: at the point, and with the number in question a little larger and smaller. For
//! every node there are then two derivatives for that number: how much its value changes, and how much it should by its
//! rule and the changes of its operands. The first node at which they differ is the one.

use super::{Functions, rounded};
use crate::graph::{Node, Operand};
use crate::rt::Shift;
use crate::text::one_line;
use crate::trace::scope::all_in_words;
use crate::trace::snippet::{Snippet, site};
use crate::trace::{DetachReason, Site, Trace};

/// The step, relative to the number: the cube root of the rounding error is best for central differences.
const STEP: f64 = 6e-6;
/// How far the two derivatives of a node may be apart.
const TOLERANCE: f64 = 1e-3;

/// The three traces, and how far the outer two are apart.
struct Traces<'t> {
    at: &'t Trace,
    below: Trace,
    above: Trace,
    run: f64,
    name: &'t str,
}

/// What is to blame for a wrong derivative for the number at `index`, in words.
pub(super) fn find(
    functions: &Functions<'_>,
    at: &Trace,
    index: usize,
    (name, number): &(String, f64),
) -> String {
    let step = STEP * if *number == 0.0 { 1.0 } else { number.abs() };
    let shifted = |by: f64| (functions.trace)(&mut Shift::of(index, by));
    let (below, above) = (shifted(-step), shifted(step));
    let run = (number + step) - (number - step);
    let traces = Traces { at, below, above, run, name };
    if let Some(told) = traces.other_way() {
        return told;
    }
    let start = at.inputs().iter().flat_map(|input| &input.nodes).nth(index).copied();
    let slopes = traces.slopes_by_rules(start);
    match at.graph().nodes().find(|node| !traces.agree(*node, &slopes)) {
        Some(node) => traces.accuse(node, &slopes),
        None => traces.no_node(),
    }
}

impl Traces<'_> {
    /// The comparison that comes out otherwise above than below, if the traces are not of one way.
    fn other_way(&self) -> Option<String> {
        let same = |a: &Trace, b: &Trace| {
            a.graph().len() == b.graph().len()
                && a.graph()
                    .nodes()
                    .zip(b.graph().nodes())
                    .all(|(a, b)| a.op() == b.op() && a.origin() == b.origin())
        };
        let guards = self.below.guards().into_iter().zip(self.above.guards());
        let turned =
            guards.into_iter().find(|(below, above)| below.at == above.at && below.outcome != above.outcome);
        if let Some((below, _)) = turned {
            let outcome = if below.outcome { "true below, false above" } else { "false below, true above" };
            let label = format!("{outcome}: the function takes another way on either side of this point");
            return Some(self.snippet(
                "note: the way through the function changes here",
                below.at,
                label,
                Vec::new(),
            ));
        }
        let one_way = same(self.at, &self.below) && same(self.at, &self.above);
        (!one_way).then(|| {
            "the function takes another way on either side of this point, where it may have a kink or a jump".to_owned()
        })
    }

    /// The derivative of every node for the number, by forward mode: the chain rule from the operands up.
    fn slopes_by_rules(&self, start: Option<usize>) -> Vec<f64> {
        let mut slopes = vec![0.0; self.at.graph().len()];
        if let Some(start) = start {
            slopes[start] = 1.0;
        }
        for node in self.at.graph().nodes() {
            for (operand, partial) in node.operands().zip(node.local_partials()) {
                if let Operand::Node(index) = operand {
                    // As backward: an operation that picks passes nothing of what it did not pick.
                    slopes[node.index()] += node.op().pull(partial, slopes[index]).unwrap_or(0.0);
                }
            }
        }
        slopes
    }

    /// How much a node's value changes with the number.
    fn slope(&self, node: Node<'_>) -> f64 {
        (self.value(&self.above, node) - self.value(&self.below, node)) / self.run
    }

    fn value(&self, trace: &Trace, node: Node<'_>) -> f64 {
        trace.graph().node(node.index()).data()
    }

    fn agree(&self, node: Node<'_>, slopes: &[f64]) -> bool {
        let (change, rule) = (self.slope(node), slopes[node.index()]);
        let rounding = 8.0 * f64::EPSILON * node.data().abs() / self.run;
        (change - rule).abs() <= TOLERANCE * change.abs().max(rule.abs()) + rounding
    }

    fn accuse(&self, node: Node<'_>, slopes: &[f64]) -> String {
        let (name, change, rule) = (self.name, short(self.slope(node)), short(slopes[node.index()]));
        let label =
            format!("when `{name}` grows by 1, this grows by {change}; by its rule it would by {rule}");
        let Some(site) = site(node) else { return format!("node {}: {label}", node.index()) };
        let mut notes = Vec::new();
        let sides = [&self.below, &self.above].map(|trace| trace.graph().node(node.index()).operands());
        let [below, above] = sides;
        for (at, (below, above)) in below.zip(above).enumerate() {
            if let (Operand::Constant(below), Operand::Constant(above)) = (below, above)
                && below != above
            {
                let text = site.operands.get(at).map(|span| one_line(site.source.slice(*span)));
                let text = text.map_or_else(|| format!("operand {at}"), |text| format!("`{text}`"));
                notes.push(format!(
                    "note: {text} is a plain number here, and changes with `{name}`: its derivative is lost"
                ));
            }
        }
        notes.extend(self.cuts());
        notes.extend(all_in_words(&self.at.path(node)).iter().map(|step| format!("note: in {step}")));
        self.snippet("the first expression whose derivative is off:", site, label, notes)
    }

    /// The places where a derivative is cut off on purpose.
    fn cuts(&self) -> Vec<String> {
        let mut told = Vec::new();
        for cut in self.at.detached().iter().filter(|cut| cut.reason == DetachReason::StopGradient) {
            let line = cut.at.source.position(cut.at.span.start).0;
            let note = format!("note: `{}` in line {line} cuts a derivative off", one_line(cut.at.text()));
            if !told.contains(&note) {
                told.push(note);
            }
        }
        told
    }

    /// Every node agrees.
    fn no_node(&self) -> String {
        let values = |trace: &Trace| trace.values();
        if self.at.values().is_empty() || values(&self.below) == values(&self.above) {
            return "every expression of the graph changes as its rule says".to_owned();
        }
        let mut told = vec![
            "every operation of the graph changes as its rule says; what is lost is lost between them"
                .to_owned(),
        ];
        told.extend(self.cuts());
        told.join("\n")
    }

    fn snippet(&self, title: &str, site: &Site, label: String, notes: Vec<String>) -> String {
        let Site { source, span, .. } = *site;
        Snippet { title: title.to_owned(), source, span, label, notes }.text(false)
    }
}

/// A slope by one pair of differences has few digits.
fn short(slope: f64) -> String {
    let digits = format!("{slope:.6e}");
    digits.parse().map_or(digits, rounded)
}
