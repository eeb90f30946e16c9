//! A graph as a picture without coordinates: boxes and arrows, and what is written on them.

use std::collections::{BTreeMap, BTreeSet};

use super::layout::constants::{REACH, USES_OF_INPUT, USES_OF_OPERATION};
use super::layout::{self, Link};
use crate::graph::{Graph, Node, Operand};
use crate::ops::Op;
use crate::provenance::lines::{self, Lines};
use crate::text::{one_line, operation_name, visible};
use crate::trace::{Input, Origin, Source};
use std::borrow::Cow;

/// What a box stands for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Role {
    /// An input of the function.
    Input,
    /// An operation.
    Operation,
    /// A further use of a node whose own box is elsewhere.
    Use,
    /// A constant operand.
    Constant,
}

/// A box, and what is written on it.
pub(crate) struct Figure {
    pub role: Role,
    /// The node's index in the graph; none for a constant.
    pub node: Option<usize>,
    /// The operation's symbol; empty for all but operations.
    pub symbol: Cow<'static, str>,
    /// The name, else the source text, else the index; on one line and harmless, of any length.
    pub title: String,
    /// Whether `title` is a name.
    pub named: bool,
    pub data: f64,
    /// The gradient; at a use what this use adds to it; none for a constant.
    pub grad: Option<f64>,
    /// The index of its line in [`Diagram::stripes`].
    pub stripe: Option<usize>,
    /// `file:line:column`, and the source text.
    pub place: Option<String>,
    /// The layer, from [`layout::ranks`].
    pub rank: usize,
}

/// An arrow from an operand to the operation that uses it.
pub(crate) struct Arrow {
    pub link: Link,
    /// The derivative of the operation's result with respect to this operand; none for a constant.
    pub partial: Option<f64>,
    /// What flows back along the arrow: the partial times the gradient of the result.
    pub flow: Option<f64>,
}

/// A line of source that operations of the graph stand on.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(crate) struct Stripe {
    pub file: &'static str,
    pub line: u32,
}

/// The picture.
pub(crate) struct Diagram {
    pub figures: Vec<Figure>,
    pub arrows: Vec<Arrow>,
    pub stripes: Vec<Stripe>,
    /// The functions that the operations were written in, in the order of their first operation.
    pub sources: Vec<&'static Source>,
}

impl Diagram {
    /// The picture of a graph, some of whose nodes are the arguments of a function.
    pub fn new(graph: &Graph, inputs: &[Input]) -> Self {
        let labels = labels(inputs);
        let mut places = Places::default();
        let stripes: BTreeSet<Stripe> = graph.nodes().filter_map(|node| places.stripe(node)).collect();
        let mut diagram = Diagram {
            figures: Vec::with_capacity(graph.len()),
            arrows: Vec::new(),
            stripes: stripes.into_iter().collect(),
            sources: Vec::new(),
        };
        let mut figure_of = Vec::with_capacity(graph.len());
        for node in graph.nodes() {
            diagram.add_operands(node, &figure_of);
            figure_of.push(diagram.figures.len());
            let figure = diagram.figure(node, labels.get(&node.index()), &places);
            diagram.figures.push(figure);
        }
        diagram.sources = places.functions.into_iter().map(|lines| lines.source).collect();
        let links: Vec<Link> = diagram.arrows.iter().map(|arrow| arrow.link).collect();
        let ranks = layout::ranks(diagram.figures.len(), &links);
        for (figure, rank) in diagram.figures.iter_mut().zip(ranks) {
            figure.rank = rank;
        }
        diagram.cut_long_arrows();
        diagram
    }

    /// Adds the arrows into a node, whose own figure comes next, and the figures of its constants.
    fn add_operands(&mut self, node: Node<'_>, figure_of: &[usize]) {
        let first = self.arrows.len();
        for (slot, (operand, partial)) in node.operands().zip(node.local_partials()).enumerate() {
            let (from, partial) = match operand {
                Operand::Node(index) => (figure_of[index], Some(partial)),
                Operand::Constant(value) => {
                    self.figures.push(constant(value));
                    (self.figures.len() - 1, None)
                }
            };
            let flow = partial.map(|partial| node.op().pull(partial, node.grad()).unwrap_or(0.0));
            self.arrows.push(Arrow { link: Link { from, to: 0, slot }, partial, flow });
        }
        let own = self.figures.len();
        self.arrows[first..].iter_mut().for_each(|arrow| arrow.link.to = own);
    }

    fn figure(&self, node: Node<'_>, label: Option<&String>, places: &Places) -> Figure {
        let origin = node.origin();
        let is_input = node.op() == Op::Input;
        let site = origin.and_then(|origin| if let Origin::Site(site) = origin { Some(site) } else { None });
        let text = site.map(|site| one_line(site.text())).filter(|text| !text.is_empty());
        let bound = site.and_then(|site| site.name);
        let name = node.name().or(label.map(|label| label.clone().into())).or(bound.map(Into::into));
        let name = name.map(|name| visible(&name).into_owned());
        let place = origin.map(|origin| visible(&origin.to_string()).into_owned());
        Figure {
            role: if is_input { Role::Input } else { Role::Operation },
            node: Some(node.index()),
            symbol: if is_input { "".into() } else { operation_name(node.symbol()).into() },
            named: name.is_some(),
            data: node.data(),
            grad: Some(node.grad()),
            stripe: places.known_stripe(node).and_then(|stripe| self.stripes.binary_search(&stripe).ok()),
            place: place.map(|place| text.iter().fold(place, |place, text| place + "  " + text)),
            title: name.or(text).unwrap_or_else(|| format!("#{}", node.index())),
            rank: 0,
        }
    }

    /// Replaces arrows from much used nodes, and arrows across many layers, by a small box at their end.
    fn cut_long_arrows(&mut self) {
        let mut uses = vec![0; self.figures.len()];
        for arrow in &self.arrows {
            uses[arrow.link.from] += 1;
        }
        for arrow in &mut self.arrows {
            let (from, user) = (&self.figures[arrow.link.from], &self.figures[arrow.link.to]);
            let most = match from.role {
                Role::Input => USES_OF_INPUT,
                Role::Operation => USES_OF_OPERATION,
                Role::Use | Role::Constant => continue,
            };
            if uses[arrow.link.from] > most || user.rank - from.rank > REACH {
                let (title, place, rank) = (from.title.clone(), from.place.clone(), user.rank - 1);
                let figure = Figure {
                    role: Role::Use,
                    symbol: "".into(),
                    title,
                    place,
                    rank,
                    grad: arrow.flow,
                    ..*from
                };
                arrow.link.from = self.figures.len();
                self.figures.push(figure);
            }
        }
    }
}

fn constant(value: f64) -> Figure {
    Figure {
        role: Role::Constant,
        node: None,
        symbol: "".into(),
        title: String::new(),
        named: false,
        data: value,
        grad: None,
        stripe: None,
        place: None,
        rank: 0,
    }
}

/// The names of arguments' numbers: that of the argument, with an index if it has several.
fn labels(inputs: &[Input]) -> BTreeMap<usize, String> {
    let labels = |input: &Input| match input.nodes[..] {
        [only] => vec![(only, input.name.to_owned())],
        _ => {
            input.nodes.iter().enumerate().map(|(i, &node)| (node, format!("{}[{i}]", input.name))).collect()
        }
    };
    inputs.iter().flat_map(labels).collect()
}

/// The functions met so far, with their lines.
#[derive(Default)]
struct Places {
    functions: Vec<Lines>,
}

impl Places {
    /// The line that an operation stands on; takes note of its function.
    fn stripe(&mut self, node: Node<'_>) -> Option<Stripe> {
        if let Some(Origin::Site(site)) = node.origin() {
            lines::find(&mut self.functions, site.source);
        }
        self.known_stripe(node)
    }

    fn known_stripe(&self, node: Node<'_>) -> Option<Stripe> {
        if node.op() == Op::Input {
            return None;
        }
        match node.origin()? {
            Origin::Site(site) => {
                let lines = self.functions.iter().find(|lines| lines.source == site.source)?;
                Some(Stripe { file: site.source.file, line: lines.line_of(site) })
            }
            Origin::Line(location) => Some(Stripe { file: location.file(), line: location.line() }),
        }
    }
}
