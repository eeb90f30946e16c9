//! A tour of the engine's source, for one sitting.
//!
//! Four files are the engine: `graph/mod.rs`, `graph/value.rs` and `graph/operators.rs` of this crate, and `table.rs` of the crate
//! `gradus-ops`. Together they have fewer than 800 lines with all their documentation. Other files make them fast, and make
//! their results visible. This page starts with the idea, shows the lines of each file that matter, and says what to read in
//! which order. It quotes the source word for word; a test compares them.
//!
//! # 1. The idea, in forty lines
//!
//! To differentiate a computation, write down each of its steps with its *local* derivatives: how its result changes with
//! each of its operands. Then walk the record backwards, and multiply and add as the chain rule says. That is all, and
//! this is a whole engine:
//!
//! ```
//! /// A step: its value, the derivative of the result for it, and where it came from with which local derivative.
//! struct Step {
//!     value: f64,
//!     gradient: f64,
//!     operands: Vec<(usize, f64)>,
//! }
//!
//! #[derive(Default)]
//! struct Record(Vec<Step>);
//!
//! impl Record {
//!     fn step(&mut self, value: f64, operands: Vec<(usize, f64)>) -> usize {
//!         self.0.push(Step { value, gradient: 0.0, operands });
//!         self.0.len() - 1
//!     }
//!     fn input(&mut self, value: f64) -> usize {
//!         self.step(value, vec![])
//!     }
//!     fn add(&mut self, a: usize, b: usize) -> usize {
//!         self.step(self.0[a].value + self.0[b].value, vec![(a, 1.0), (b, 1.0)])
//!     }
//!     fn mul(&mut self, a: usize, b: usize) -> usize {
//!         let (x, y) = (self.0[a].value, self.0[b].value);
//!         self.step(x * y, vec![(a, y), (b, x)])
//!     }
//!     fn backward(&mut self, result: usize) {
//!         self.0[result].gradient = 1.0;
//!         for at in (0..=result).rev() {
//!             for k in 0..self.0[at].operands.len() {
//!                 let (operand, partial) = self.0[at].operands[k];
//!                 self.0[operand].gradient += self.0[at].gradient * partial;
//!             }
//!         }
//!     }
//! }
//!
//! let mut record = Record::default();
//! let (x, y) = (record.input(2.0), record.input(3.0));
//! let product = record.mul(x, y);
//! let z = record.add(product, x); // z = x y + x
//! record.backward(z);
//! assert_eq!(record.0[z].value, 8.0);
//! assert_eq!((record.0[x].gradient, record.0[y].gradient), (4.0, 2.0)); // y + 1, and x
//! ```
//!
//! Two things in it deserve a second look. An operand is always older than what is made of it, so the *order of creation* is an
//! order in which the chain rule may be applied: no sorting, no recursion. And the gradient is `+=`, not `=`, because `x`
//! reaches `z` on two ways, and both count. The rest of this page is how the engine does the same with `x * y + x`
//! written as such.
//!
//! # 2. What a `Value` is
//!
//! `graph/value.rs`. A [`Value`] is a handle of three words that knows its [`Graph`], so that operators need nothing else:
//!
//! ```text
//! // graph/value.rs
//! #[derive(Clone, Copy)]
//! pub struct Value<'g> {
//!     /// None for a constant.
//!     pub(crate) graph: Option<&'g Graph>,
//! ```
//!
//! Without a graph it is a plain number: constants are no nodes, which keeps `2.0 * x` as cheap as it looks. The number of a
//! node stands in the graph, so that all copies of a handle see it change. The handle has it too, as it was when the handle was
//! made: that saves looking it up as long as nothing has changed.
//!
//! # 3. How `+` records
//!
//! All binary operators come from one macro in `graph/operators.rs`, and each is one line:
//!
//! ```text
//! // graph/operators.rs
//!                 $apply(Op::$Trait, [self.into(), rhs.into()], Origin::here())
//! ```
//!
//! `apply` finds the graph among the operands and calls `Graph::record`, which is the forward pass. Its last lines, in
//! `graph/mod.rs`:
//!
//! ```text
//! // graph/mod.rs
//!         let mut data = [0.0; N];
//!         for k in 0..N {
//!             data[k] = match operands[k].node() {
//!                 Some(node) => self.slot(arena, node).data,
//!                 None => operands[k].number,
//!             };
//!         }
//!         let value = op.value(&data);
//!         let (index, generation) = arena.push(op, value, [links[0], links[1]], origin);
//!         Value::of_node(Node { graph: self, index, generation }, value)
//! ```
//!
//! The numbers of the operands are looked up, the table says what the operation makes of them, and a new node goes to the end
//! of the arena. Unlike the engine above it keeps no local derivatives: they follow from the operands, and are
//! computed when the walk comes by. That makes a node 24 bytes, and 8 more for its gradient.
//!
//! ```
//! use gradus::{Graph, Op};
//! let graph = Graph::new();
//! let x = graph.value(2.0);
//! let z = x * 3.0 + x;
//! let made: Vec<Op> = graph.nodes().map(|node| node.op()).collect();
//! assert_eq!(made, [Op::Input, Op::Mul, Op::Add]); // in the order of creation; the 3.0 is no node
//! assert_eq!(z.node().unwrap().index(), 2);
//! ```
//!
//! # 4. Where the derivatives stand
//!
//! `table.rs`, in the crate `gradus-ops` (the folder `engine/ops`), which `gradus` exports as [`ops`](crate::ops). It has one row
//! an operation, and no other file states a derivative:
//!
//! ```text
//! // table.rs
//!     Mul "×": Smooth Light Operator, mul(a, b) = a * b;
//!         d/da mul_da(b) = b;
//!         d/db mul_db(a) = a;
//!         second a b mul_dadb() = 1.0;
//!         rule "∂(a × b)/∂a = b, ∂(a × b)/∂b = a";
//! ```
//!
//! ```text
//! // table.rs
//!     Tanh: Smooth Expensive, tanh(a) = a.tanh();
//!         d/da tanh_da(y) = 1.0 - y * y;
//!         second a a tanh_dada(y) = -2.0 * y * (1.0 - y * y);
//!         rule "∂tanh a/∂a = 1 − tanh² a";
//! ```
//!
//! Between the colon and the comma stand how the operation treats the adjoint, what it costs, and how Rust writes it where that
//! is no method of `f64`. A partial names what it reads: the operands `a`, `b`, `c`, or the output `y` where calculus uses it.
//! The macro that makes the enum [`Op`] of the rows is in `table/grammar.rs`, and can wait.
//!
//! ```
//! use gradus::Op;
//! let (a, y) = (0.5, 0.5_f64.tanh());
//! assert_eq!(Op::Tanh.value(&[a]), y);
//! assert_eq!(Op::Tanh.partials(&[a], y, &[true]), [1.0 - y * y, 0.0, 0.0]);
//! ```
//!
//! # 5. How `backward` walks
//!
//! [`Graph::backward`] seeds the roots and starts the sweep, which is in `arena/sweep.rs`:
//!
//! ```text
//! // arena/sweep.rs
//!         for index in (0..end).rev() {
//! ```
//!
//! ```text
//! // arena/sweep.rs
//!         let partials = op.partials(&data, slot.data, &active);
//!         for k in 0..op.arity() {
//!             if active[k]
//!                 && let Some(contribution) = op.pull(partials[k], adjoint)
//!             {
//!                 receive(&mut adjoints[links[k] as usize], contribution);
//!             }
//!         }
//! ```
//!
//! Downwards, and for each operand that is a node: the local derivative times what has arrived, added to the operand's own.
//! Only nodes that something has *reached* take part. [`Op::pull`] is the product, but for operations that pick among their
//! operands, `max` for one: what was not picked receives nothing, where `0 × ∞` would be NaN.
//!
//! The graph shows all that the walk needs, so it can be written by hand on top:
//!
//! ```
//! use gradus::{Graph, graph::Operand};
//!
//! let graph = Graph::new();
//! let x = graph.value(2.0);
//! let y = graph.value(3.0);
//! let z = (x * y + x).tanh();
//!
//! let mut gradients = vec![0.0; graph.len()];
//! gradients[z.node().unwrap().index()] = 1.0;
//! for node in graph.nodes().rev() {
//!     for (operand, partial) in node.operands().zip(node.local_partials()) {
//!         if let Operand::Node(operand) = operand {
//!             gradients[operand] += gradients[node.index()] * partial;
//!         }
//!     }
//! }
//!
//! z.backward();
//! assert!(graph.nodes().all(|node| node.grad() == gradients[node.index()]));
//! ```
//!
//! # 6. The order to read in
//!
//! 1. `graph/value.rs`: the struct, [`data`](Value::data), [`backward`](Value::backward); then `graph/operators.rs`.
//! 2. `graph/mod.rs` from the top down to `record`.
//! 3. `table.rs`: how a row is written, then any rows you like. At `Max` and `Powf` see what is done where there is no derivative.
//! 4. `arena/mod.rs`: the slot of 24 bytes, `recompute`; and `arena/sweep.rs`. Gradients of earlier sweeps are laid aside while a new one
//!    runs: what they left must not flow twice.
//!
//! That is the engine. Beside these files, in whatever order you need them: `rewind.rs` and the *generations* by which a handle
//! notices that its node has gone; `methods.rs` for what has the names of `f64`'s methods; `node.rs` for what a node shows;
//! `table/grammar.rs`, the macro behind the table; `apply.rs`, which is there for speed alone; [`custom`](crate::custom) for operations of
//! your own. [`trace`](crate::trace) and [`view`](crate::view) make listings and pictures, [`nn`](crate::nn) and
//! [`optim`](crate::optim) learn. The code that [`differentiable`](macro@crate::differentiable) generates stands on `rt/`.

#[cfg(doc)]
use crate::{Graph, Op, Value};
