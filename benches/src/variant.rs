//! One way of computing a gradient, ready to be run.

use gradus::{Backend, Graph, Value};
use std::hint::black_box;

/// The columns of the table.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Column {
    /// The gradient that an expert writes by hand: the measure of the others.
    Hand,
    /// `NAME_grad_add`, with the zeroing of its buffers.
    GradAdd,
    /// `NAME_grad`.
    Grad,
    /// `NAME::on_values` on a lean graph that is used again.
    Graph,
    /// The tape of the crate `reverse`.
    Reverse,
    /// The dual numbers of the crate `num-dual`.
    NumDual,
}

impl Column {
    /// All, in the order of the table.
    pub const ALL: [Column; 6] =
        [Column::Hand, Column::GradAdd, Column::Grad, Column::Graph, Column::Reverse, Column::NumDual];

    /// The head of the column.
    pub fn title(self) -> &'static str {
        match self {
            Column::Hand => "hand-written",
            Column::GradAdd => "_grad_add",
            Column::Grad => "_grad",
            Column::Graph => "graph",
            Column::Reverse => "reverse",
            Column::NumDual => "num-dual",
        }
    }
}

/// A way of computing a gradient.
pub struct Variant<'a> {
    /// Where it stands.
    pub column: Column,
    /// How it computes, if it is one of the companions.
    pub backend: Option<Backend>,
    run: Box<dyn Run + 'a>,
}

impl<'a> Variant<'a> {
    /// `call` computes the value, and *sets* the gradient, which begins as `room`.
    pub fn new<G: Gradient + 'a>(
        column: Column,
        room: G,
        call: impl FnMut(&mut G) -> f64 + 'a,
    ) -> Variant<'a> {
        Variant { column, backend: None, run: Box::new(Runner { value: f64::NAN, gradient: room, call }) }
    }

    /// The gradient by hand.
    pub fn hand<G: Gradient + 'a>(room: G, call: impl FnMut(&mut G) -> f64 + 'a) -> Variant<'a> {
        Variant::new(Column::Hand, room, call)
    }

    /// `NAME_grad_add`: zeroes the buffers, which have the shape of `room`, and adds into them.
    pub fn grad_add<G: Gradient + 'a>(
        backend: Backend,
        room: G,
        mut call: impl FnMut(&mut G) -> f64 + 'a,
    ) -> Variant<'a> {
        let zeroed = move |gradient: &mut G| {
            gradient.zero();
            call(gradient)
        };
        Variant { backend: Some(backend), ..Variant::new(Column::GradAdd, room, zeroed) }
    }

    /// `NAME_grad`: its results are moved into place.
    pub fn grad<G: Gradient + Default + 'a>(mut call: impl FnMut() -> (f64, G) + 'a) -> Variant<'a> {
        let moved = move |gradient: &mut G| {
            let (value, new) = call();
            *gradient = new;
            value
        };
        Variant::new(Column::Grad, G::default(), moved)
    }

    /// The rewritten function on the caller's graph, as a training loop uses it: the inputs stay, what a call records is
    /// removed by the next one.
    pub fn graph(
        graph: &'a Graph,
        inputs: &'a [Value<'a>],
        function: impl Fn(&[Value<'a>]) -> Value<'a> + 'a,
    ) -> Variant<'a> {
        let mark = graph.mark();
        let call = move |gradient: &mut Vec<f64>| {
            graph.rewind(mark);
            graph.zero_grad();
            let y = function(black_box(inputs));
            y.backward();
            for (x, x_b) in inputs.iter().zip(gradient) {
                *x_b = x.grad();
            }
            y.data()
        };
        Variant::new(Column::Graph, vec![0.0; inputs.len()], call)
    }

    /// Computes the gradient this many times.
    pub fn repeat(&mut self, calls: usize) {
        self.run.repeat(calls);
    }

    /// The value and the numbers of the gradient of the last call, in argument order.
    pub fn result(&self) -> (f64, Vec<f64>) {
        self.run.result()
    }
}

/// Inputs on a graph.
pub fn on_graph<'g>(graph: &'g Graph, numbers: &[f64]) -> Vec<Value<'g>> {
    numbers.iter().map(|&x| graph.value(x)).collect()
}

trait Run {
    fn repeat(&mut self, calls: usize);
    fn result(&self) -> (f64, Vec<f64>);
}

struct Runner<G, F> {
    value: f64,
    gradient: G,
    call: F,
}

impl<G: Gradient, F: FnMut(&mut G) -> f64> Run for Runner<G, F> {
    fn repeat(&mut self, calls: usize) {
        for _ in 0..calls {
            self.value = black_box((self.call)(black_box(&mut self.gradient)));
        }
    }

    fn result(&self) -> (f64, Vec<f64>) {
        let mut numbers = Vec::new();
        self.gradient.append_to(&mut numbers);
        (self.value, numbers)
    }
}

/// The shapes of gradients.
pub trait Gradient {
    /// Makes every number 0.
    fn zero(&mut self);
    /// Appends the numbers in reading order.
    fn append_to(&self, numbers: &mut Vec<f64>);
}

impl Gradient for f64 {
    #[inline]
    fn zero(&mut self) {
        *self = 0.0;
    }
    fn append_to(&self, numbers: &mut Vec<f64>) {
        numbers.push(*self);
    }
}

impl Gradient for Vec<f64> {
    #[inline]
    fn zero(&mut self) {
        self.fill(0.0);
    }
    fn append_to(&self, numbers: &mut Vec<f64>) {
        numbers.extend_from_slice(self);
    }
}

impl<const N: usize> Gradient for [f64; N] {
    #[inline]
    fn zero(&mut self) {
        self.fill(0.0);
    }
    fn append_to(&self, numbers: &mut Vec<f64>) {
        numbers.extend_from_slice(self);
    }
}

macro_rules! tuples {
    ($( ($($T:ident $at:tt),*) )*) => { $(
        impl<$($T: Gradient),*> Gradient for ($($T,)*) {
            #[inline]
            fn zero(&mut self) {
                $(self.$at.zero();)*
            }
            fn append_to(&self, numbers: &mut Vec<f64>) {
                $(self.$at.append_to(numbers);)*
            }
        }
    )* };
}
tuples! {
    (A 0, B 1)
    (A 0, B 1, C 2)
    (A 0, B 1, C 2, D 3)
    (A 0, B 1, C 2, D 3, E 4)
}
