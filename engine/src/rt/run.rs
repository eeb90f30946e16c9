//! How the companions run a graph.

use super::Flatten;
use super::differentiable::Roots;
use super::frame::{Frame, reached};
use super::idle::{self, Idle};
use super::recorded::Recorded;
use super::tangent::Tangent;
use crate::graph::{Graph, Node, Operand, Value};
use crate::trace::Input;
use std::cell::RefCell;
use std::collections::VecDeque;
use std::rc::Rc;

thread_local! {
    static GRAPHS: RefCell<Idle<Graph>> = const { RefCell::new(Idle::new()) };
}

/// Runs on an empty lean graph: no names, no sites, its memory used again by the next call on this thread. If
/// `inside` panics the graph is dropped.
pub fn lean<R>(inside: impl FnOnce(&Graph) -> R) -> R {
    let graph = idle::take(&GRAPHS);
    let result = inside(&graph);
    keep(graph);
    result
}

/// Keeps a graph for the next call, unless it has been used for nearly as many as it can tell apart.
fn keep(graph: Graph) {
    if !graph.is_worn() {
        graph.clear();
        let bytes = graph.bytes();
        idle::keep(&GRAPHS, graph, bytes);
    }
}

/// The values of a result.
pub fn roots<'g, T: Roots + 'g>(result: &T) -> Vec<Value<'g>> {
    let mut found = Vec::new();
    result.roots(&mut found);
    found
}

/// Runs backward from the roots with these seeds.
///
/// # Panics
///
/// If there are more or fewer seeds than roots.
#[track_caller]
pub fn seeded(graph: &Graph, roots: &[Value<'_>], seeds: &[f64]) {
    let (expected, given) = (roots.len(), seeds.len());
    assert!(expected == given, "the result has {expected} values, the seed {given}");
    let pairs = roots.iter().copied().zip(seeds.iter().copied());
    // A weight of 0 counts for nothing.
    graph.backward(&pairs.filter(|(_, seed)| *seed != 0.0).collect::<Vec<_>>());
}

/// Runs backward from the sum of the values of a result.
pub fn backward_from_all<T: Roots>(graph: &Graph, result: &T) {
    let roots: Vec<_> = roots(result).into_iter().map(|root| (root, 1.0)).collect();
    graph.backward(&roots);
}

/// Runs backward from each root by itself, and collects what `gradient` reads then.
pub fn rows<R>(graph: &Graph, roots: &[Value<'_>], gradient: impl Fn() -> R) -> Vec<R> {
    let row = |root: &Value<'_>| {
        graph.zero_grad();
        root.backward();
        gradient()
    };
    roots.iter().map(row).collect()
}

/// The nodes of an argument, for a trace.
pub fn trace_input<T: Roots>(name: &'static str, active: &T) -> Input {
    let nodes = roots(active).into_iter().filter_map(Value::node).map(Node::index).collect();
    Input { name, nodes }
}

/// The outputs of a function: where the graph holds them.
pub fn outputs<T: Roots>(result: &T) -> Vec<Operand> {
    operands(&roots(result))
}

/// The forward half on a graph, which the frame keeps.
pub fn forward_on_graph<R>(
    frame: &mut Frame,
    inside: impl FnOnce(&Graph) -> (R, Vec<Operand>, Vec<Operand>),
) -> R {
    let graph = idle::take(&GRAPHS);
    let (value, inputs, outputs) = inside(&graph);
    frame.graphs.push(Rc::new(Recorded { graph, inputs, outputs }));
    value
}

/// The reverse half: the gradients of the inputs, in reading order.
///
/// # Panics
///
/// If there was no forward half.
pub fn reverse_on_graph(frame: &mut Frame, seed: &(impl Flatten + ?Sized)) -> std::vec::IntoIter<f64> {
    let recorded = frame.graphs.pop().expect("a graph for every forward half");
    let Recorded { graph, inputs, outputs } = &*recorded;
    let mut seeds = Vec::new();
    seed.flatten(&mut seeds);
    let node = |operand: &Operand| match operand {
        Operand::Node(index) => Some(graph.node(*index)),
        Operand::Constant(_) => None,
    };
    let seeds = outputs.iter().zip(seeds).filter(|(_, seed)| reached(*seed));
    let roots = seeds.filter_map(|(output, seed)| Some((node(output)?.value(), seed)));
    graph.zero_grad();
    graph.backward(&roots.collect::<Vec<_>>());
    let gradient = |node: Node<'_>| if node.is_reached() { node.grad() } else { -0.0 };
    let gradients: Vec<f64> = inputs.iter().map(|input| node(input).map_or(-0.0, gradient)).collect();
    if let Ok(Recorded { graph, .. }) = Rc::try_unwrap(recorded) {
        keep(graph);
    }
    gradients.into_iter()
}

/// The forward half on a graph with tangents, and the tangent of its value.
pub fn second_forward_on_graph<R: Tangent>(
    frame: &mut Frame,
    directions: &[f64],
    inside: impl FnOnce(&Graph) -> (R, Vec<Operand>, Vec<Operand>),
) -> (R, R) {
    let graph = idle::take(&GRAPHS);
    let (value, inputs, outputs) = inside(&graph);
    let node = |operand: &Operand| match operand {
        Operand::Node(index) => Some(graph.node(*index).value()),
        Operand::Constant(_) => None,
    };
    let given: Vec<_> =
        inputs.iter().zip(directions).filter_map(|(input, tangent)| Some((node(input)?, *tangent))).collect();
    let roots: Vec<_> = outputs.iter().filter_map(node).collect();
    let mut tangents = graph.tangents(&roots, &given).into_iter();
    let mut outcome = outputs.iter().map(|output| node(output).and_then(|_| tangents.next()).unwrap_or(-0.0));
    let tangent = value.unmoved().renumbered(&mut |_| outcome.next().unwrap_or(-0.0));
    frame.graphs.push(Rc::new(Recorded { graph, inputs, outputs }));
    (value, tangent)
}

/// The reverse half with tangents: the gradients of the inputs and how fast they change, in reading order.
///
/// # Panics
///
/// If there was no forward half.
pub fn second_reverse_on_graph(
    frame: &mut Frame,
    directions: &[f64],
    seed: &(impl Flatten + ?Sized),
    turn: &(impl Flatten + ?Sized),
) -> (std::vec::IntoIter<f64>, std::vec::IntoIter<f64>) {
    let recorded = frame.graphs.pop().expect("a graph for every forward half");
    let Recorded { graph, inputs, outputs } = &*recorded;
    let (mut seeds, mut turns) = (Vec::new(), Vec::new());
    seed.flatten(&mut seeds);
    turn.flatten(&mut turns);
    let node = |operand: &Operand| match operand {
        Operand::Node(index) => Some(*index),
        Operand::Constant(_) => None,
    };
    let roots = outputs.iter().zip(seeds.into_iter().zip(turns));
    let roots = roots.filter_map(|(output, (seed, turn))| Some((node(output)?, seed, turn)));
    let (roots, inputs): (Vec<_>, Vec<_>) = (roots.collect(), inputs.iter().map(node).collect());
    let (gradients, turned): (Vec<f64>, Vec<f64>) =
        graph.second_pairs(&roots, &inputs, directions).into_iter().unzip();
    if let Ok(Recorded { graph, .. }) = Rc::try_unwrap(recorded) {
        keep(graph);
    }
    (gradients.into_iter(), turned.into_iter())
}

/// Where the graph holds these values.
pub fn operands(values: &[Value<'_>]) -> Vec<Operand> {
    values
        .iter()
        .map(|value| match value.node() {
            Some(node) => Operand::Node(node.index()),
            None => Operand::Constant(value.data()),
        })
        .collect()
}

impl Roots for Value<'_> {
    fn roots<'a>(&self, found: &mut Vec<Value<'a>>)
    where
        Self: 'a,
    {
        found.push(*self);
    }
}

impl<T: Roots> Roots for [T] {
    fn roots<'a>(&self, found: &mut Vec<Value<'a>>)
    where
        Self: 'a,
    {
        for part in self {
            part.roots(found);
        }
    }
}

macro_rules! sequences {
    ($( [$($generics:tt)*] $T:ty; )*) => { $(
        impl<T: Roots, $($generics)*> Roots for $T {
            fn roots<'a>(&self, found: &mut Vec<Value<'a>>) where Self: 'a {
                for part in self {
                    part.roots(found);
                }
            }
        }
        impl<T: super::Flatten, $($generics)*> super::Flatten for $T {
            fn flatten(&self, found: &mut Vec<f64>) {
                for part in self {
                    part.flatten(found);
                }
            }
        }
    )* };
}

sequences! {
    [] Vec<T>;
    [] VecDeque<T>;
    [const N: usize] [T; N];
}

/// Data among the results carries no gradient.
macro_rules! data {
    ($($T:ty),*) => { $(
        impl Roots for $T {
            fn roots<'a>(&self, _: &mut Vec<Value<'a>>) where Self: 'a {}
        }
        impl super::Flatten for $T {
            fn flatten(&self, _: &mut Vec<f64>) {}
        }
    )* };
}

data!(bool, char, u8, u16, u32, u64, u128, usize, i8, i16, i32, i64, i128, isize);

/// One mistake, one error: a parameter of generated code goes through a gate that stands on the type check of the user's
/// own body. Where that fails, rustc has told so at the user's line, and what comes through the gate has no type, about
/// which rustc stays silent.
pub struct Gate<const BODY: usize>;

/// A type behind a gate.
pub trait Same<T> {
    /// The type itself.
    type Type;
    /// The value itself.
    fn same(value: T) -> Self::Type;
}

impl<T, const BODY: usize> Same<T> for Gate<BODY> {
    type Type = T;
    #[inline]
    fn same(value: T) -> T {
        value
    }
}

/// The value, through the gate.
#[inline]
pub fn gate<const BODY: usize, T>(value: T) -> <Gate<BODY> as Same<T>>::Type {
    Gate::<BODY>::same(value)
}

/// Never implemented: a body behind a gate that rustc understands, and the attribute does not.
#[diagnostic::on_unimplemented(
    message = "this function is written with syntax that `#[differentiable]` does not know\n\nhelp: write it in other words, or \
               move that part into a plain function",
    label = "its body could not be read"
)]
pub trait KnownSyntax {
    /// Only to be asked for.
    const CHECKED: usize;
}

/// Never implemented: a method behind a gate that rustc finds in a trait, and that is none of `f64`'s own.
#[diagnostic::on_unimplemented(
    message = "a method of a trait is called with an active value\n\nhelp: write a free function with `#[differentiable]`, or say \
               that the derivative is not wanted: `stop_gradient(…)`\n\n[method_of_trait]\n\
               https://docs.rs/gradus/latest/gradus/refusals/values/#method_of_trait",
    label = "this call would lose the derivative"
)]
pub trait KnownMethod {
    /// Only to be asked for.
    const CHECKED: usize;
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Calls inside each other, each on a graph with room for 96 MiB of nodes.
    fn nested(levels: usize) {
        lean(|graph| {
            graph.arena.borrow_mut().slots.reserve_exact(1 << 22);
            if levels > 1 {
                nested(levels - 1);
            }
        });
    }

    #[test]
    fn what_a_thread_keeps_of_graphs_is_bounded() {
        nested(10);
        let (bytes, graphs) = GRAPHS.with_borrow(Idle::kept);
        assert!(bytes <= idle::MOST_KEPT);
        assert_eq!(graphs.len(), 2, "{graphs:?}");
        nested(10);
        assert_eq!(GRAPHS.with_borrow(Idle::kept), (bytes, graphs));
    }
}
