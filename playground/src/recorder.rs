//! What a run tells, as the engine records it: the graph with its sites, and the path through the program.
//!
//! The engine's sites live as long as the program, as those of generated code do. The page runs the program anew for
//! every text, so that what is leaked here is gone with it.

use crate::arguments::Given;
use gradus::graph::Operand as GraphOperand;
use gradus::rt::{self, Recording, Traced};
use gradus::trace::{Input, Origin, Site, Source, Span};
use gradus::{Graph, Op, Trace, Value};
use gradus_compiler::interpret::{
    Argument, Complaint, File, Function, Look, Observer, Operand, Parameter, Place, Shape, Step,
};
use std::any::Any;
use std::collections::HashMap;
use std::ops::Range;
use std::rc::Rc;

/// Records a run.
struct Recorder {
    graph: Rc<Graph>,
    functions: Vec<Known>,
}

/// A function whose run is recorded.
struct Known {
    source: &'static Source,
    at: Range<usize>,
    branches: &'static [Site],
    operations: HashMap<(usize, usize), &'static Site>,
    /// Branches and all other places of the path.
    places: HashMap<(usize, usize), &'static Site>,
}

/// Runs a function, and makes a trace of the run.
pub fn trace(file: &File, function: &Function, source: &str, given: &Given) -> Result<Trace, Complaint> {
    let graph = Rc::new(Graph::with_sites());
    let functions: Vec<Known> = file.functions().iter().map(|function| Known::of(function, source)).collect();
    let root = file.functions().iter().position(|other| other.at == function.at).unwrap_or(0);
    let (text, branches) = (functions[root].source, functions[root].branches);
    let recording = Recording::of(&graph);
    let mut inputs = Vec::new();
    let parameters = function.parameters.iter().zip(&given.0);
    let arguments: Vec<Argument> = parameters
        .map(|(parameter, argument)| {
            if !parameter.differentiable {
                return argument.clone();
            }
            let mut nodes = Vec::new();
            let site = parameter_site(text, function, parameter);
            let given = with_nodes(argument, &parameter.shape, &graph, site, &parameter.name, &mut nodes);
            inputs.push(Input { name: leaked(&parameter.name), nodes });
            given
        })
        .collect();
    rt::function::<Traced>(text, branches);
    let recorder = Rc::new(Recorder { graph: graph.clone(), functions });
    let result = file.run(function, &arguments, recorder);
    let record = recording.end();
    let outputs: Vec<GraphOperand> = result?
        .into_iter()
        .map(|number| number.node.map_or(GraphOperand::Constant(number.value), GraphOperand::Node))
        .collect();
    let roots = outputs.iter().filter_map(|output| match output {
        GraphOperand::Node(node) => Some((graph.node(*node).value(), 1.0)),
        GraphOperand::Constant(_) => None,
    });
    let roots: Vec<_> = roots.collect();
    graph.backward(&roots);
    drop(roots);
    let Ok(graph) = Rc::try_unwrap(graph) else {
        unreachable!("the run has ended, and its recorder with it")
    };
    Ok(Trace::new(graph, text, inputs, outputs).with_record(record))
}

/// Where a parameter stands.
fn parameter_site(source: &'static Source, function: &Function, parameter: &Parameter) -> &'static Site {
    let span = span_in(&function.at, &parameter.at);
    Box::leak(Box::new(Site { source, span, operands: &[], name: Some(leaked(&parameter.name)) }))
}

/// The argument as inputs of the graph, named as those of `f_graph`.
fn with_nodes(
    argument: &Argument,
    shape: &Shape,
    graph: &Graph,
    site: &'static Site,
    name: &str,
    nodes: &mut Vec<usize>,
) -> Argument {
    match (argument, shape) {
        (Argument::Number(number), _) => {
            let value = graph.input(number.value, Some(Origin::Site(site))).named(name.to_owned());
            let node = value.node().map(gradus::graph::Node::index);
            nodes.extend(node);
            Argument::Number(Operand { value: number.value, node })
        }
        (Argument::List(items), Shape::List { element, .. }) => {
            let items = items.iter().enumerate();
            let items = items
                .map(|(at, item)| with_nodes(item, element, graph, site, &format!("{name}[{at}]"), nodes));
            Argument::List(items.collect())
        }
        (Argument::Tuple(items), Shape::Tuple(shapes)) => {
            let items = items.iter().zip(shapes).enumerate();
            let items = items.map(|(at, (item, shape))| {
                with_nodes(item, shape, graph, site, &format!("{name}.{at}"), nodes)
            });
            Argument::Tuple(items.collect())
        }
        (Argument::Struct { name: of, fields }, Shape::Struct { fields: shapes, .. }) => {
            let fields = fields.iter().zip(shapes).map(|(part, field)| {
                if !field.differentiable {
                    return part.clone();
                }
                with_nodes(part, &field.shape, graph, site, &format!("{name}.{}", field.name), nodes)
            });
            Argument::Struct { name: of.clone(), fields: fields.collect() }
        }
        // An argument has its parameter's shape.
        (
            Argument::Integer(_)
            | Argument::Truth(_)
            | Argument::List(_)
            | Argument::Tuple(_)
            | Argument::Struct { .. },
            _,
        ) => argument.clone(),
    }
}

impl Known {
    fn of(function: &Function, file: &str) -> Known {
        let text = file.get(function.at.clone()).unwrap_or_default();
        let before = file.get(..function.at.start).unwrap_or_default();
        let last = before.rfind('\n').map_or(0, |at| at + 1);
        let source: &'static Source = Box::leak(Box::new(Source {
            function: leaked(&function.name),
            file: "playground",
            line: to_u32(before.matches('\n').count() + 1),
            column: to_u32(before[last..].chars().count() + 1),
            text: leaked(text),
            adjoint: leaked(&function.adjoint),
        }));
        let sites = |places: &[Place]| -> &'static [Site] {
            let sites = places.iter().map(|place| site(source, &function.at, place));
            Box::leak(sites.collect::<Vec<_>>().into_boxed_slice())
        };
        let by_place = |sites: &'static [Site]| {
            sites.iter().map(|site| ((site.span.start as usize, site.span.end as usize), site))
        };
        let branches = sites(&function.branches);
        let places = by_place(sites(&function.places)).chain(by_place(branches)).collect();
        let operations = by_place(sites(&function.operations)).collect();
        Known { source, at: function.at.clone(), branches, operations, places }
    }
}

fn site(source: &'static Source, function: &Range<usize>, place: &Place) -> Site {
    let operands: Vec<Span> = place.operands.iter().map(|operand| span_in(function, operand)).collect();
    Site {
        source,
        span: span_in(function, &place.at),
        operands: Box::leak(operands.into_boxed_slice()),
        name: place.name.as_deref().map(leaked),
    }
}

/// Bytes of the file as bytes of the function's text.
fn span_in(function: &Range<usize>, at: &Range<usize>) -> Span {
    let within = |byte: usize| to_u32(byte.saturating_sub(function.start));
    Span { start: within(at.start), end: within(at.end) }
}

fn leaked(text: &str) -> &'static str {
    Box::leak(text.to_owned().into_boxed_str())
}

fn to_u32(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}

impl Recorder {
    /// The function in which a place stands, and the place within its text.
    fn known(&self, at: &Range<usize>) -> Option<(&Known, (usize, usize))> {
        let known =
            self.functions.iter().find(|known| known.at.start <= at.start && at.end <= known.at.end)?;
        Some((known, (at.start - known.at.start, at.end - known.at.start)))
    }

    /// The place of a step, if the record of a compiled function has it.
    fn place(&self, at: &Range<usize>) -> Option<&'static Site> {
        let (known, place) = self.known(at)?;
        known.places.get(&place).copied()
    }

    fn value(&self, operand: Operand) -> Value<'_> {
        operand.node.map_or(Value::from(operand.value), |node| self.graph.node(node).value())
    }
}

impl Observer for Recorder {
    fn operation(&self, op: Op, operands: &[Operand], at: Range<usize>) -> Result<usize, String> {
        if self.graph.len() >= gradus::view::MOST_NODES {
            return Err(format!("the graph has more than {} nodes", gradus::view::MOST_NODES));
        }
        let site = self.known(&at).map(|(known, place)| {
            known.operations.get(&place).copied().unwrap_or_else(|| {
                // Of a function inside another, which the record of the outer one does not know.
                let span = Span { start: to_u32(place.0), end: to_u32(place.1) };
                Box::leak(Box::new(Site { source: known.source, span, operands: &[], name: None }))
            })
        });
        let origin = site.map(Origin::Site);
        let values: Vec<Value<'_>> = operands.iter().map(|operand| self.value(*operand)).collect();
        let result = match values[..] {
            [a] => rt::apply(op, [a], origin),
            [a, b] => rt::apply(op, [a, b], origin),
            [a, b, c] => rt::apply(op, [a, b, c], origin),
            _ => return Err(format!("an operation of {} operands", values.len())),
        };
        result.node().map(gradus::graph::Node::index).ok_or_else(|| "an operation of constants".to_owned())
    }

    fn step(&self, step: Step, at: Range<usize>) -> Option<Box<dyn Any>> {
        let site = self.place(&at)?;
        Some(match step {
            Step::Call { function } => {
                let callee = self.functions.iter().find(|known| known.at.contains(&function))?;
                let entry = rt::call::<Traced>(site);
                rt::function::<Traced>(callee.source, callee.branches);
                Box::new(entry)
            }
            Step::Closure => Box::new(rt::closure::<Traced>(site)),
            Step::Iteration { number } => Box::new(rt::iteration::<Traced>(site, number)),
            Step::Arm { number } => Box::new(rt::branch::<Traced>(site, number)),
        })
    }

    fn body_runs(&self) {
        rt::body_runs::<Traced>();
    }

    fn compared(&self, operator: &str, sides: [Operand; 2], at: Range<usize>) {
        let Some(site) = self.place(&at) else { return };
        let [left, right] = sides.map(|side| self.value(side));
        match operator {
            "==" => rt::equal::<Traced>(site, left, right),
            "!=" => rt::not_equal::<Traced>(site, left, right),
            "<" => rt::less::<Traced>(site, left, right),
            "<=" => rt::less_or_equal::<Traced>(site, left, right),
            ">" => rt::greater::<Traced>(site, left, right),
            ">=" => rt::greater_or_equal::<Traced>(site, left, right),
            _ => return,
        };
    }

    fn looked_at(&self, look: Look, operand: Operand, at: Range<usize>) {
        let Some(site) = self.place(&at) else { return };
        let value = self.value(operand);
        match look {
            Look::StopGradient => drop(rt::stopped::<Traced, _>(site, value)),
            Look::Question => drop(rt::question::<Traced>(site, value)),
            Look::Pattern => drop(rt::scrutinee::<Traced>(site, value)),
            Look::Assertion => drop(rt::assertion::<Traced, _>(site, value)),
            Look::Comparison => rt::collections::<Traced>(site),
        }
    }
}
