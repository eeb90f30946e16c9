//! Pictures of graphs: [`svg`] for pages and slides, [`dot`] for the tools of Graphviz.
//!
//! Both show the same: a box for every node with its operation, its name or source text, `data` and
//! `grad`; a stripe in the colour of its source line; an arrow from every operand, solid where what flows
//! back along it is positive and dashed where it is negative. They work on every [`Graph`], with or
//! without a record of where its nodes came from, and the same graph always gives the same text.
//!
//! ```
//! use gradus::{Graph, view};
//! let graph = Graph::new();
//! let x = graph.value(2.0);
//! (x * x + x).backward();
//! let picture = view::svg(&graph)?;
//! assert!(picture.starts_with("<svg"));
//! assert!(view::dot(&graph).starts_with("digraph"));
//! # Ok::<(), view::TooLarge>(())
//! ```

pub(crate) mod diagram;
mod dot;
pub(crate) mod layout;
mod svg;
pub(crate) mod text;
pub(crate) mod theme;

use std::fmt;

use crate::graph::Graph;
use crate::trace::{Input, Trace};
use diagram::Diagram;

/// The most nodes that [`svg`] draws: a larger picture could be neither read nor drawn at once.
pub const MOST_NODES: usize = 2000;

/// Why a graph was not drawn: it has more than [`MOST_NODES`] nodes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct TooLarge {
    /// How many nodes the graph has.
    pub nodes: usize,
}

impl fmt::Display for TooLarge {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "a graph of {} nodes is too large to draw (at most {MOST_NODES}): trace a smaller case, with fewer \
             iterations or samples, or read the trace's listing, which sums up loops",
            self.nodes
        )
    }
}

impl std::error::Error for TooLarge {}

/// The graph as a self-contained SVG picture, light or dark as its reader's system is.
///
/// Pointing at a box shows its exact numbers and where it stands in the source. An input that is used
/// often is drawn once, with a small dashed box at each use, which shows what that use adds to the gradient.
///
/// # Errors
///
/// [`TooLarge`] for a graph of more than [`MOST_NODES`] nodes.
pub fn svg(graph: &Graph) -> Result<String, TooLarge> {
    draw(graph, &[])
}

/// The graph in the language of Graphviz, for `dot -Tsvg` and its kin.
///
/// Every graph is written, however large; what Graphviz makes of a large one is another matter.
pub fn dot(graph: &Graph) -> String {
    dot::write(&Diagram::new(graph, &[]))
}

/// [`svg`] of a trace, which knows the names of its arguments.
pub(crate) fn svg_of_trace(trace: &Trace) -> Result<String, TooLarge> {
    draw(trace.graph(), trace.inputs())
}

/// [`dot`] of a trace, which knows the names of its arguments.
pub(crate) fn dot_of_trace(trace: &Trace) -> String {
    dot::write(&Diagram::new(trace.graph(), trace.inputs()))
}

fn draw(graph: &Graph, inputs: &[Input]) -> Result<String, TooLarge> {
    if graph.len() > MOST_NODES {
        return Err(TooLarge { nodes: graph.len() });
    }
    Ok(svg::draw(&Diagram::new(graph, inputs)))
}
