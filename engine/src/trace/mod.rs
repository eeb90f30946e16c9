//! What a function computed, linked to its source.
//!
//! A [`Trace`] owns the [`Graph`] of one call of an annotated function. Every operation in it knows its
//! [`Site`]: the expression of the [`Source`] that it carried out. Printing a trace prints the function with
//! the values and gradients of each line beside it.

mod adjoint;
mod calls;
mod contributions;
mod dead;
mod explain;
mod finite;
mod listing;
mod parts;
mod reach;
pub(crate) mod record;
pub(crate) mod scope;
pub(crate) mod snippet;
mod style;
mod summary;

use std::{fmt, io, ptr};

use crate::graph::{Graph, Node, Operand};
use crate::provenance::lines::{self, Lines};
use record::Record;

pub use crate::provenance::{Origin, Site, Source, Span};
pub use calls::Call;
pub use contributions::{Contribution, Contributions};
pub use dead::{DeadInput, DeadReason};
pub use explain::Explanation;
pub use finite::{NonFinite, Pass};
pub use listing::Listing;
pub use parts::Part;
pub use scope::{Branch, Comparison, DetachReason, Detached, Guard, Loop, Scope, Step};

/// The recorded graph of one call of a differentiable function, with the gradients filled in.
///
/// `f_graph(args)` makes it, where `f` is annotated with `#[differentiable]`.
///
/// ```
/// # use gradus::trace::{Input, Origin, Site, Source, Span, Trace};
/// # use gradus::{Graph, Op, graph::Operand, rt::apply};
/// # static SOURCE: Source = Source {
/// #     function: "area", file: "src/lib.rs", line: 12, column: 1,
/// #     text: "fn area(a: f64, b: f64) -> f64 {\n    a * b\n}", adjoint: "",
/// # };
/// # static PRODUCT: Site =
/// #     Site { source: &SOURCE, span: Span { start: 37, end: 42 }, operands: &[], name: None };
/// # fn area_graph(a: f64, b: f64) -> Trace {
/// #     let graph = Graph::with_sites();
/// #     let (a, b) = (graph.value(a), graph.value(b));
/// #     apply(Op::Mul, [a, b], Some(Origin::Site(&PRODUCT))).backward();
/// #     let inputs = vec![Input { name: "a", nodes: vec![0] }, Input { name: "b", nodes: vec![1] }];
/// #     Trace::new(graph, &SOURCE, inputs, vec![Operand::Node(2)])
/// # }
/// // #[differentiable]
/// // fn area(a: f64, b: f64) -> f64 {
/// //     a * b
/// // }
/// let trace = area_graph(2.0, 3.0);
/// assert_eq!(trace.value(), 6.0);
/// assert_eq!(trace.gradient("a"), [3.0]);
/// assert!(trace.to_string().contains("a * b = 6  ∂ 1"));
/// ```
pub struct Trace {
    graph: Graph,
    source: &'static Source,
    inputs: Vec<Input>,
    outputs: Vec<Operand>,
    /// The weight of each result in what was differentiated.
    seeds: Vec<f64>,
    /// Calls, iterations, arms and comparisons; empty if nothing recorded them.
    record: Record,
}

/// An argument of a traced function.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Input {
    /// The parameter's name.
    pub name: &'static str,
    /// The nodes of its numbers, in reading order.
    pub nodes: Vec<usize>,
}

impl Trace {
    /// A trace from its parts: the graph after its backward pass, the traced function, and where the
    /// graph holds the function's arguments and results.
    #[doc(hidden)]
    pub fn new(graph: Graph, source: &'static Source, inputs: Vec<Input>, outputs: Vec<Operand>) -> Trace {
        let seeds = vec![1.0; outputs.len()];
        Trace { graph, source, inputs, outputs, seeds, record: Record::default() }
    }

    /// The same trace with what was recorded of the run.
    #[doc(hidden)]
    #[must_use]
    pub fn with_record(self, record: Record) -> Trace {
        Trace { record, ..self }
    }

    /// The same trace, with the gradients of one result: of the first if `result` is 0. The trace of a function with several
    /// results has those of their sum at first.
    ///
    /// ```
    /// # use gradus::differentiable;
    /// #[differentiable]
    /// fn polar(x: f64, y: f64) -> (f64, f64) {
    ///     (x.hypot(y), y.atan2(x))
    /// }
    ///
    /// let trace = polar_graph(3.0, 4.0);
    /// assert_eq!(trace.gradient("x"), [0.6 - 4.0 / 25.0]);
    /// let radius = trace.of_result(0);
    /// assert_eq!(radius.gradient("x"), [0.6]);
    /// assert!(radius.to_string().contains("gradient of result 1 of 2"));
    /// let angle = radius.of_result(1);
    /// assert_eq!(angle.gradient("x"), [-4.0 / 25.0]);
    /// ```
    ///
    /// # Panics
    ///
    /// If there is no such result.
    #[must_use]
    #[track_caller]
    pub fn of_result(self, result: usize) -> Trace {
        let (function, count) = (self.source.function, self.outputs.len());
        assert!(result < count, "`{function}` returned {count} numbers, there is none at {result}");
        let seed: Vec<f64> = (0..count).map(|at| if at == result { 1.0 } else { 0.0 }).collect();
        self.with_seed(&seed)
    }

    /// The same trace, with the gradients of the sum of the results weighted by `seed`, as `f_vjp` computes them.
    ///
    /// # Panics
    ///
    /// If the seed has another length than there are results.
    #[must_use]
    #[track_caller]
    pub fn with_seed(mut self, seed: &[f64]) -> Trace {
        let (expected, given) = (self.outputs.len(), seed.len());
        assert!(expected == given, "the result has {expected} values, the seed {given}");
        seed.clone_into(&mut self.seeds);
        self.graph.zero_grad();
        let roots: Vec<_> = self.roots().map(|(node, seed)| (self.graph.node(node).value(), seed)).collect();
        self.graph.backward(&roots);
        self
    }

    /// The weight of each result in what was differentiated, in reading order.
    pub fn seeds(&self) -> &[f64] {
        &self.seeds
    }

    /// What was differentiated: the nodes among the results, and their weights.
    fn roots(&self) -> impl Iterator<Item = (usize, f64)> {
        self.outputs.iter().zip(&self.seeds).filter_map(|(output, seed)| match output {
            Operand::Node(node) if *seed != 0.0 => Some((*node, *seed)),
            Operand::Node(_) | Operand::Constant(_) => None,
        })
    }

    /// Of what the gradients are, where that is not the one result.
    fn differentiated(&self) -> Option<String> {
        let count = self.outputs.len();
        if count == 1 && self.seeds == [1.0] {
            return None;
        }
        let mut weighted = self.seeds.iter().enumerate().filter(|(_, seed)| **seed != 0.0);
        Some(match (weighted.next(), weighted.next()) {
            (Some((at, 1.0)), None) => format!("result {} of {count}", at + 1),
            _ if self.seeds.iter().all(|seed| *seed == 1.0) => format!("the sum of the {count} results"),
            _ => format!("the sum of the {count} results, weighted"),
        })
    }

    /// The function's value; the first of them if it returns several numbers.
    ///
    /// # Panics
    ///
    /// If the function returned no number at all (an empty `Vec`).
    pub fn value(&self) -> f64 {
        let output =
            self.outputs.first().unwrap_or_else(|| panic!("`{}` returned no number", self.source.function));
        self.read(*output)
    }

    /// All numbers that the function returned, in reading order.
    pub fn values(&self) -> Vec<f64> {
        self.outputs.iter().map(|&output| self.read(output)).collect()
    }

    /// The gradient for the argument of this name: one number for each of the argument's, in reading order. Of a function
    /// with several results it is the gradient of their sum, or that of [`of_result`](Trace::of_result).
    ///
    /// A part of an argument has a name, too: `body.velocity`, `body.velocity.x`, `w[0]`.
    ///
    /// # Panics
    ///
    /// If the function has no differentiable argument of this name; the message lists those it has.
    /// [`gradients`](Trace::gradients) goes through them all.
    #[track_caller]
    pub fn gradient(&self, name: &str) -> Vec<f64> {
        let Some(nodes) = parts::named(self, name) else { self.no_argument(name) };
        nodes.into_iter().map(|node| self.graph.node(node).grad()).collect()
    }

    #[track_caller]
    fn no_argument(&self, name: &str) -> ! {
        let names: Vec<_> = self.inputs.iter().map(|input| format!("`{}`", input.name)).collect();
        let (function, names) = (self.source.function, names.join(", "));
        panic!("`{function}` has no differentiable argument `{name}`; it has {names}")
    }

    /// Name, values and gradient of each differentiable argument, in the order of the parameters.
    pub fn gradients(&self) -> impl Iterator<Item = (&'static str, Vec<f64>, Vec<f64>)> {
        let values = |input: &Input| input.nodes.iter().map(|&node| self.graph.node(node).data()).collect();
        self.inputs.iter().map(move |input| (input.name, values(input), self.gradient_of(input)))
    }

    /// The differentiable arguments and their nodes, in the order of the parameters.
    pub fn inputs(&self) -> &[Input] {
        &self.inputs
    }

    /// The numbers of an argument by the structs, arrays and tuples that they stand in, in reading order. Listing, page and
    /// pictures group them so.
    ///
    /// ```
    /// use gradus::{Differentiable, differentiable};
    ///
    /// #[derive(Clone, Copy, Differentiable)]
    /// struct Vec2 {
    ///     x: f64,
    ///     y: f64,
    /// }
    ///
    /// #[derive(Clone, Copy, Differentiable)]
    /// struct Body {
    ///     velocity: Vec2,
    ///     mass: f64,
    /// }
    ///
    /// #[differentiable]
    /// fn energy(body: Body) -> f64 {
    ///     0.5 * body.mass * (body.velocity.x * body.velocity.x + body.velocity.y * body.velocity.y)
    /// }
    ///
    /// let trace = energy_graph(Body { velocity: Vec2 { x: 3.0, y: 4.0 }, mass: 2.0 });
    /// let paths: Vec<String> = trace.parts("body").into_iter().map(|part| part.path).collect();
    /// assert_eq!(paths, ["body.velocity", "body"]);
    /// assert_eq!(trace.gradient("body.velocity"), [6.0, 8.0]);
    /// assert_eq!(trace.gradient("body.mass"), [12.5]);
    /// ```
    ///
    /// # Panics
    ///
    /// If the function has no differentiable argument of this name.
    #[track_caller]
    pub fn parts(&self, name: &str) -> Vec<Part> {
        let Some(input) = self.inputs.iter().find(|input| input.name == name) else { self.no_argument(name) };
        parts::parts(self, input)
    }

    /// The parts of an argument in which there are structs; nothing of any other argument.
    pub(crate) fn struct_parts(&self, input: &Input) -> Vec<Part> {
        let parts = parts::parts(self, input);
        if parts.iter().any(Part::is_of_struct) { parts } else { Vec::new() }
    }

    /// Where the graph has the function's results, in reading order.
    pub fn outputs(&self) -> &[Operand] {
        &self.outputs
    }

    /// The graph.
    pub fn graph(&self) -> &Graph {
        &self.graph
    }

    /// The function's text, and where it stands.
    pub fn source(&self) -> &'static Source {
        self.source
    }

    /// The value of the smallest expression at a line and column of the function's file (both from 1, columns in
    /// characters, as in compiler messages), if a node of the graph holds it. Of several iterations the last.
    pub fn node_at(&self, line: u32, column: u32) -> Option<Node<'_>> {
        let mut byte = ByteAt { file: self.source.file, line, column, known: Vec::new() };
        let mut best: Option<(u32, usize)> = None;
        for node in self.graph.nodes() {
            let Some(Origin::Site(site)) = node.origin() else { continue };
            let Some(byte) = byte.of(site.source) else { continue };
            let operands =
                site.operands.iter().zip(node.operands()).filter_map(|(&span, operand)| match operand {
                    Operand::Node(index) => Some((span, index)),
                    Operand::Constant(_) => None,
                });
            for (span, index) in operands.chain([(site.span, node.index())]) {
                let length = span.end.saturating_sub(span.start);
                let closer = best.is_none_or(|(shortest, last)| (length, last) <= (shortest, index));
                if (span.start..span.end).contains(&byte) && closer {
                    best = Some((length, index));
                }
            }
        }
        best.map(|(_, index)| self.graph.node(index))
    }

    /// The nodes of the expressions that end on this line of the function's file, in the order in which they
    /// were computed.
    pub fn nodes_of_line(&self, line: u32) -> impl Iterator<Item = Node<'_>> {
        let mut known: Vec<Lines> = Vec::new();
        self.graph.nodes().filter(move |node| match node.origin() {
            Some(Origin::Site(site)) if site.source.file == self.source.file => {
                lines::find(&mut known, site.source).line_of(site) == line
            }
            _ => false,
        })
    }

    /// The path through the program to a node of this trace, from the outside in: calls, iterations, branches.
    ///
    /// ```
    /// use gradus::differentiable;
    /// use gradus::trace::Step;
    ///
    /// #[differentiable]
    /// fn power(x: f64, n: usize) -> f64 {
    ///     let mut product = x;
    ///     for _ in 1..n {
    ///         product *= x;
    ///     }
    ///     product
    /// }
    ///
    /// let trace = power_graph(2.0, 3);
    /// let last = trace.graph().nodes().last().unwrap();
    /// assert!(matches!(trace.path(last)[..], [Step::Iteration { number: 1, .. }]));
    /// ```
    ///
    /// # Panics
    ///
    /// If the node belongs to another graph.
    #[track_caller]
    pub fn path(&self, node: Node<'_>) -> Vec<Step> {
        self.record.path(self.scope(node).number)
    }

    /// The scope in which a node of this trace was created: the innermost call, iteration or arm around it.
    ///
    /// # Panics
    ///
    /// If the node belongs to another graph.
    #[track_caller]
    pub fn scope(&self, node: Node<'_>) -> Scope<'_> {
        assert!(
            ptr::eq(node.graph, &raw const self.graph),
            "the node belongs to another graph than the trace's"
        );
        Scope::of(self, node.scope().unwrap_or(0))
    }

    /// Every `if`, `match` and `let … else` of the functions that ran, and how often each of its arms was taken. (Those
    /// in which no active value takes part are not recorded.)
    ///
    /// ```
    /// use gradus::differentiable;
    ///
    /// #[differentiable]
    /// fn size(x: f64) -> f64 {
    ///     if x < 0.0 { -x } else { x }
    /// }
    ///
    /// let trace = size_graph(2.0);
    /// let [branch] = &trace.branches()[..] else { panic!("there is one `if`") };
    /// assert_eq!(branch.taken, [0, 1]);
    /// let unused = branch.not_taken().next().unwrap();
    /// assert_eq!(trace.source().slice(unused), "{ -x }");
    /// ```
    pub fn branches(&self) -> Vec<Branch> {
        self.record.branches()
    }

    /// Every loop that was entered and every closure that was called, and how often their bodies ran.
    ///
    /// ```
    /// # use gradus::differentiable;
    /// #[differentiable]
    /// fn power(x: f64, n: usize) -> f64 {
    ///     let mut product = 1.0;
    ///     for _ in 0..n {
    ///         product *= x;
    ///     }
    ///     product
    /// }
    ///
    /// let loops = power_graph(2.0, 3).loops();
    /// assert_eq!((loops[0].entered, loops[0].iterations), (1, 3));
    /// ```
    pub fn loops(&self) -> Vec<Loop> {
        self.record.loops()
    }

    /// Every call of another differentiable function, in order, with the nodes of its results.
    ///
    /// ```
    /// use gradus::differentiable;
    ///
    /// #[differentiable]
    /// fn square(x: f64) -> f64 {
    ///     x * x
    /// }
    ///
    /// #[differentiable]
    /// fn sum_of_squares(x: f64, y: f64) -> f64 {
    ///     let first = square(x);
    ///     first + square(y)
    /// }
    ///
    /// let trace = sum_of_squares_graph(3.0, 4.0);
    /// let [first, second] = &trace.calls()[..] else { panic!("there are two calls") };
    /// assert_eq!((first.name(), second.name()), (Some("first"), None));
    /// assert_eq!(trace.graph().node(first.results[0]).data(), 9.0);
    /// ```
    pub fn calls(&self) -> Vec<Call> {
        calls::of(self)
    }

    /// Every comparison with a node, in order: as long as all come out as they did, the program takes the way that was
    /// recorded, unless it depends on one of the [`detached`](Trace::detached).
    ///
    /// ```
    /// # use gradus::differentiable;
    /// # #[differentiable]
    /// # fn size(x: f64) -> f64 {
    /// #     if x < 0.0 { -x } else { x }
    /// # }
    /// use gradus::graph::Operand;
    /// use gradus::trace::Comparison;
    ///
    /// let guards = size_graph(2.0).guards();
    /// assert_eq!((guards[0].left, guards[0].right), (Operand::Node(0), Operand::Constant(0.0)));
    /// assert_eq!((guards[0].comparison, guards[0].outcome), (Comparison::Less, false));
    /// ```
    pub fn guards(&self) -> Vec<Guard> {
        self.record.guards().collect()
    }

    /// Every place where a value left the record as a plain number, in order. Only while the nodes that were cut keep
    /// their numbers is the graph, computed anew, what the function would compute.
    ///
    /// ```
    /// use gradus::trace::DetachReason;
    /// use gradus::{differentiable, stop_gradient};
    ///
    /// #[differentiable]
    /// fn scaled(x: f64) -> f64 {
    ///     x / stop_gradient(x)
    /// }
    ///
    /// let detached = scaled_graph(2.0).detached();
    /// assert_eq!((detached[0].reason, detached[0].node), (DetachReason::StopGradient, Some(0)));
    /// assert_eq!(detached[0].at.text(), "stop_gradient(x)");
    /// ```
    pub fn detached(&self) -> Vec<Detached> {
        self.record.cuts().collect()
    }

    /// The annotated listing, to be coloured, given a width, shown with the adjoint, printed. `Display` shows it plain.
    pub fn listing(&self) -> Listing<'_> {
        Listing::new(self)
    }

    /// What one line of the function's file computed, in full: each operation with its numbers, its rule, and the
    /// products that it passed back to its operands. Of an expression that ran several times, the first and the last.
    ///
    /// ```
    /// # use gradus::differentiable;
    /// #[differentiable]
    /// fn area(a: f64, b: f64) -> f64 {
    ///     a * b
    /// }
    ///
    /// let trace = area_graph(2.0, 3.0);
    /// let explained = trace.explain(trace.source().line + 1).to_string();
    /// assert!(explained.contains("a * b = 2 × 3 = 6"));
    /// assert!(explained.contains("∂a += 3 × 1 = 3"));
    /// ```
    pub fn explain(&self, line: u32) -> Explanation<'_> {
        Explanation::new(self, line)
    }

    /// Where the first NaN or infinity was born: in the order of the forward pass, then of the backward pass. Printed, it
    /// is a message with the source, a caret, and the numbers that went in.
    ///
    /// ```
    /// # use gradus::differentiable;
    /// #[differentiable]
    /// fn distance(x: f64, y: f64) -> f64 {
    ///     let squared = x * x + y * y;
    ///     squared.sqrt()
    /// }
    ///
    /// assert!(distance_graph(3.0, 4.0).first_non_finite().is_none());
    ///
    /// let trace = distance_graph(0.0, 0.0); // the derivative of √ at 0 is ∞
    /// let born = trace.first_non_finite().expect("∞ in the backward pass").to_string();
    /// assert!(born.starts_with("error: an infinity is born here, in the backward pass"));
    /// assert!(born.contains("∂squared += ∞ × 1 = ∞"));
    /// ```
    pub fn first_non_finite(&self) -> Option<NonFinite<'_>> {
        finite::first(self)
    }

    /// The numbers among the arguments that the result does not depend on at this point, each with the reason: it is not
    /// used, it was cut off, the branch that uses it was not taken, or a local derivative on every way to it is 0. (A
    /// gradient that is 0 because its terms cancel out is not among them: such a number does reach the result.)
    ///
    /// ```
    /// # use gradus::differentiable;
    /// use gradus::Activations;
    ///
    /// #[differentiable]
    /// fn model(x: f64, w: f64, unused: f64) -> f64 {
    ///     (w * x).relu() + x
    /// }
    ///
    /// let dead = model_graph(1.0, -2.0, 0.0).dead_inputs();
    /// let told: Vec<_> = dead.iter().map(|dead| dead.to_string()).collect();
    /// assert_eq!(told.len(), 2);
    /// assert!(told[0].starts_with("`w`: the derivative of `(w * x).relu()` is 0 here"));
    /// assert!(told[1].starts_with("`unused`: no operation uses it"));
    /// ```
    pub fn dead_inputs(&self) -> Vec<DeadInput> {
        dead::inputs(self)
    }

    /// The largest ways from an argument (`"w"`), or one of its numbers (`"w[2]"`), to the result.
    ///
    /// A way is a chain of nodes, each an operand of the next. What it contributes is the product of the local partial
    /// derivatives along it; by the chain rule the gradient is the sum of that over all ways. There may be more ways than
    /// atoms in the universe, so the greatest are found without going through them all.
    ///
    /// ```
    /// # use gradus::differentiable;
    /// #[differentiable]
    /// fn f(x: f64) -> f64 {
    ///     x * x * 10.0 + x
    /// }
    ///
    /// let trace = f_graph(3.0);
    /// let contributions = trace.contributions("x");
    /// let largest: Vec<f64> = contributions.largest.iter().map(|way| way.value).collect();
    /// assert_eq!(largest, [30.0, 30.0, 1.0]); // x·x by its left side, by its right side, and x itself
    /// assert_eq!(contributions.gradient, 61.0);
    /// ```
    ///
    /// # Panics
    ///
    /// If the function has no argument or number of this name, or returned no number.
    #[track_caller]
    pub fn contributions(&self, name: &str) -> Contributions<'_> {
        contributions::largest(self, name)
    }

    /// How many columns an argument has, if its numbers are those of a matrix of more than one row, which is small enough to
    /// be printed as one.
    fn columns(&self, name: &str) -> Option<usize> {
        const MOST: usize = 12;
        let input = self.inputs.iter().find(|input| input.name == name)?;
        let last = self.graph.node(*input.nodes.last()?).name()?;
        let mut indices = last.strip_prefix(name)?.strip_prefix('[')?.strip_suffix(']')?.split("][");
        let (row, column) = (indices.next()?.parse::<usize>().ok()?, indices.next()?.parse::<usize>().ok()?);
        let (rows, columns) = (row + 1, column + 1);
        let is_matrix = indices.next().is_none() && rows > 1 && rows * columns == input.nodes.len();
        (is_matrix && rows <= MOST && columns <= MOST).then_some(columns)
    }

    fn read(&self, operand: Operand) -> f64 {
        match operand {
            Operand::Node(index) => self.graph.node(index).data(),
            Operand::Constant(value) => value,
        }
    }

    fn gradient_of(&self, input: &Input) -> Vec<f64> {
        input.nodes.iter().map(|&node| self.graph.node(node).grad()).collect()
    }
}

/// The annotated listing. `{}` is without colour, wherever it goes; `{:#}` is for standard output: as wide as `COLUMNS`
/// says, in colour if that is a terminal and `NO_COLOR` is not set.
impl fmt::Display for Trace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let listing = self.listing();
        if f.alternate() { listing.for_terminal(&io::stdout()).fmt(f) } else { listing.fmt(f) }
    }
}

impl fmt::Debug for Trace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = f.debug_struct("Trace");
        shown.field("function", &self.source.function).field("nodes", &self.graph.len());
        shown.field("values", &self.values()).finish_non_exhaustive()
    }
}

/// The byte at a line and column in each function of a file.
struct ByteAt {
    file: &'static str,
    line: u32,
    column: u32,
    known: Vec<(&'static Source, Option<u32>)>,
}

impl ByteAt {
    fn of(&mut self, source: &'static Source) -> Option<u32> {
        if let Some((_, byte)) = self.known.iter().find(|(known, _)| *known == source) {
            return *byte;
        }
        let byte =
            if source.file == self.file { Lines::new(source).byte(self.line, self.column) } else { None };
        self.known.push((source, byte));
        byte
    }
}
