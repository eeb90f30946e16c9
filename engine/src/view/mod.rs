//! Pictures of graphs: [`svg`] for pages and slides, [`dot`] for the tools of Graphviz, and of traces a page to explore:
//! [`Trace::to_html`].
//!
//! `svg` and `dot` show the same: a box for every node with its operation, its name or source text, `data` and
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
mod html;
pub(crate) mod layout;
mod svg;
pub(crate) mod theme;

use std::cmp::Reverse;
use std::collections::{BTreeMap, HashMap};
use std::path::Path;
use std::{fmt, fs, io};

use crate::graph::{Graph, Node};
use crate::provenance::lines;
use crate::text::{escape, visible};
use crate::trace::{Input, Origin, Trace};
use diagram::Diagram;

/// The most nodes that [`svg`] and [`Trace::to_html`] draw: a larger picture could be neither read nor drawn at once.
pub const MOST_NODES: usize = 2000;

/// Why a graph was not drawn: it has more than [`MOST_NODES`] nodes.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct TooLarge {
    /// How many nodes the graph has.
    pub nodes: usize,
    /// The lines of source that most of them come from, the busiest first; at most three, none in a graph without
    /// a record of where its nodes came from.
    pub busiest: Vec<BusyLine>,
}

/// A line of source, and how many nodes were made there.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct BusyLine {
    /// The file, as the compiler names it.
    pub file: &'static str,
    /// The line in the file, from 1.
    pub line: u32,
    /// How many nodes.
    pub nodes: usize,
}

impl TooLarge {
    /// How many lines advice may name.
    const LINES: usize = 3;

    /// An error if the graph has too many nodes to be drawn.
    fn check(graph: &Graph) -> Result<(), TooLarge> {
        if graph.len() <= MOST_NODES {
            return Ok(());
        }
        // By address first: a million nodes come from a handful of expressions.
        let mut counts: HashMap<usize, (Origin, usize)> = HashMap::new();
        for origin in graph.nodes().filter_map(Node::origin) {
            let address = match origin {
                Origin::Site(site) => std::ptr::from_ref(site).addr(),
                Origin::Line(location) => std::ptr::from_ref(location).addr(),
            };
            counts.entry(address).or_insert((origin, 0)).1 += 1;
        }
        let mut lines: BTreeMap<(&'static str, u32), usize> = BTreeMap::new();
        let mut known = Vec::new();
        for (origin, nodes) in counts.into_values() {
            let line = match origin {
                Origin::Site(site) => lines::find(&mut known, site.source).line_of(site),
                Origin::Line(location) => location.line(),
            };
            *lines.entry((origin.file(), line)).or_default() += nodes;
        }
        let line = |((file, line), nodes)| BusyLine { file, line, nodes };
        let mut busiest: Vec<BusyLine> = lines.into_iter().map(line).collect();
        busiest.sort_by_key(|line| Reverse(line.nodes));
        // A line that made next to nothing is no advice.
        busiest.retain(|line| line.nodes * 100 >= graph.len());
        busiest.truncate(TooLarge::LINES);
        Err(TooLarge { nodes: graph.len(), busiest })
    }
}

impl fmt::Display for TooLarge {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "a graph of {} nodes is too large to draw (at most {MOST_NODES}): ", self.nodes)?;
        for (index, BusyLine { file, line, nodes }) in self.busiest.iter().enumerate() {
            f.write_str(if index == 0 { "most of them come from " } else { ", " })?;
            write!(f, "{file}:{line} ({nodes} nodes)")?;
        }
        let these = if self.busiest.is_empty() {
            "trace a smaller case"
        } else {
            "; trace a case that runs these less often"
        };
        write!(
            f,
            "{these}, with fewer iterations or samples, or read the trace's listing, which sums up loops"
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

/// Pictures of a trace, which knows the names of its arguments.
/// A trace as the page's script reads it.
#[doc(hidden)]
pub fn page_data(trace: &Trace) -> String {
    html::data(trace)
}

/// What every page is made of: style, body, script, and the numbers of the layout.
#[doc(hidden)]
pub fn page_parts() -> [String; 4] {
    html::parts()
}

impl Trace {
    /// The graph in the language of Graphviz: see [`dot`](dot()).
    pub fn to_dot(&self) -> String {
        dot::write(&Diagram::new(self.graph(), self.inputs()))
    }

    /// The graph as an SVG picture with its source: see [`svg`](svg()).
    ///
    /// # Errors
    ///
    /// [`TooLarge`] for a graph of more than [`MOST_NODES`] nodes.
    pub fn to_svg(&self) -> Result<String, TooLarge> {
        draw(self.graph(), self.inputs())
    }

    /// A page to explore the trace in a browser: source and graph side by side, linked to each other expression by
    /// expression; the forward and the backward pass in numbers, step by step; inputs to change. It opens on an overview,
    /// which names the first NaN and the inputs without effect. It is one file, opens without a server, and loads nothing.
    ///
    /// The page's state stands in the fragment of its address, so that one can link to it: `neuron.html#step=8`. `?` on the
    /// page lists its keys.
    ///
    /// ```
    /// use gradus::differentiable;
    ///
    /// #[differentiable]
    /// fn parabola(a: f64) -> f64 {
    ///     a * a + a
    /// }
    ///
    /// let page = parabola_graph(1.5).to_html()?;
    /// assert!(page.starts_with("<!doctype html>"));
    /// # Ok::<(), gradus::view::TooLarge>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`TooLarge`] for a graph of more than [`MOST_NODES`] nodes; it names the lines that made most of them.
    pub fn to_html(&self) -> Result<String, TooLarge> {
        TooLarge::check(self.graph())?;
        Ok(html::page(self))
    }

    /// Shows the page in a notebook: the [protocol of evcxr](https://github.com/evcxr/evcxr/blob/main/evcxr_jupyter/README.md#custom-output)
    /// for Jupyter. A cell whose value is a trace calls it. A graph that is too large for a page is shown as its listing.
    pub fn evcxr_display(&self) {
        let mut out = io::stdout().lock();
        // A closed pipe is no reason to panic.
        let _ = self.write_evcxr(&mut out);
    }

    /// The page in a frame of its own, then the listing, for front ends without HTML.
    fn write_evcxr(&self, out: &mut impl io::Write) -> io::Result<()> {
        const HEIGHT: u32 = 640;
        if let Ok(page) = self.to_html() {
            writeln!(out, "EVCXR_BEGIN_CONTENT text/html")?;
            writeln!(
                out,
                r#"<iframe title="{}" style="width:100%;height:{HEIGHT}px;border:0" srcdoc="{}"></iframe>"#,
                escape(&visible(self.source().function)),
                escape(&page)
            )?;
            writeln!(out, "EVCXR_END_CONTENT")?;
        }
        writeln!(out, "EVCXR_BEGIN_CONTENT text/plain\n{self}EVCXR_END_CONTENT")
    }

    /// Writes [`to_html`](Trace::to_html) to a file.
    ///
    /// # Errors
    ///
    /// When the graph is too large to draw, or the file cannot be written.
    pub fn save_html(&self, path: impl AsRef<Path>) -> io::Result<()> {
        fs::write(path, self.to_html().map_err(io::Error::other)?)
    }

    /// Writes [`to_dot`](Trace::to_dot) to a file.
    ///
    /// # Errors
    ///
    /// When the file cannot be written.
    pub fn save_dot(&self, path: impl AsRef<Path>) -> io::Result<()> {
        fs::write(path, self.to_dot())
    }

    /// Writes [`to_svg`](Trace::to_svg) to a file.
    ///
    /// # Errors
    ///
    /// When the graph is too large to draw, or the file cannot be written.
    pub fn save_svg(&self, path: impl AsRef<Path>) -> io::Result<()> {
        fs::write(path, self.to_svg().map_err(io::Error::other)?)
    }
}

fn draw(graph: &Graph, inputs: &[Input]) -> Result<String, TooLarge> {
    TooLarge::check(graph)?;
    Ok(svg::draw(&Diagram::new(graph, inputs)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Graph;
    use crate::graph::Operand;
    use crate::trace::Source;

    #[test]
    fn a_notebook_gets_the_page_and_the_listing() {
        static SOURCE: Source = Source {
            function: "f",
            file: "f.rs",
            line: 1,
            column: 1,
            text: "fn f(x: f64) -> f64 { x }",
            adjoint: "",
        };
        let graph = Graph::with_sites();
        graph.value(2.0).backward();
        let trace =
            Trace::new(graph, &SOURCE, vec![Input { name: "x", nodes: vec![0] }], vec![Operand::Node(0)]);
        let mut shown = Vec::new();
        trace.write_evcxr(&mut shown).expect("a Vec takes all");
        let shown = String::from_utf8(shown).expect("text");
        let (html, plain) = shown.split_once("EVCXR_END_CONTENT\n").expect("two contents");
        let frame = html.strip_prefix("EVCXR_BEGIN_CONTENT text/html\n<iframe title=\"f\"").expect("a frame");
        // The page is an attribute's value: neither quotes nor tags end it.
        let page = frame.split_once("srcdoc=\"").expect("the page").1;
        let page = page.strip_suffix("\"></iframe>\n").expect("the end of the frame");
        assert!(!page.contains(['"', '<', '>']) && page.starts_with("&lt;!doctype html&gt;"));
        assert_eq!(plain, format!("EVCXR_BEGIN_CONTENT text/plain\n{trace}EVCXR_END_CONTENT\n"));
    }
}
