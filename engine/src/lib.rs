//! Gradients of ordinary Rust functions, and a scalar autograd engine to read in one sitting.
//!
//! # Values by hand
//!
//! A [`Graph`] records what is computed with its [`Value`]s; [`backward`](Value::backward) then walks the record from
//! the result to the inputs and leaves in each the derivative of the result.
//!
//! ```
//! use gradus::Graph;
//!
//! let graph = Graph::new();
//! let x = graph.value(2.0);
//! let y = graph.value(3.0);
//! let z = x * y + x;
//! z.backward();
//! assert_eq!(z.data(), 8.0);
//! assert_eq!(x.grad(), 4.0); // ∂z/∂x = y + 1
//! assert_eq!(y.grad(), 2.0); // ∂z/∂y = x
//! ```
//!
//! Values are written like `f64`s: operators mix them with plain numbers, methods have the names of `f64`'s and give
//! the same numbers bit for bit, comparisons steer ordinary control flow. Plain numbers are constants; they need no
//! graph, and nothing flows to them.
//!
//! ```
//! use gradus::{Graph, Value};
//!
//! fn neuron<'g>(inputs: &[f64], weights: &[Value<'g>], bias: Value<'g>) -> Value<'g> {
//!     let weighted: Value = weights.iter().zip(inputs).map(|(w, x)| w * x).sum();
//!     (weighted + bias).tanh()
//! }
//!
//! let graph = Graph::new();
//! let weights = [0.5, -1.0].map(|w| graph.value(w));
//! let bias = graph.value(0.25);
//! let output = neuron(&[1.0, 2.0], &weights, bias);
//! output.backward();
//! let slope = 1.0 - output.data() * output.data();
//! assert_eq!([weights[0].grad(), weights[1].grad(), bias.grad()], [slope, slope * 2.0, slope]);
//! ```
//!
//! # Training
//!
//! Gradients accumulate until [`zero_grad`](Graph::zero_grad). What a step has recorded is removed by
//! [`rewind`](Graph::rewind), which keeps the parameters and the memory.
//!
//! ```
//! use gradus::Graph;
//!
//! let samples = [(0.0, 1.0), (1.0, 3.0), (2.0, 5.0)]; // y = 2x + 1
//! let graph = Graph::new();
//! let (slope, offset) = (graph.value(0.0), graph.value(0.0));
//! let parameters = graph.mark();
//! for _ in 0..500 {
//!     graph.rewind(parameters);
//!     graph.zero_grad();
//!     for (x, y) in samples {
//!         (slope * x + offset - y).powi(2).backward();
//!     }
//!     for parameter in [slope, offset] {
//!         parameter.set_data(parameter.data() - 0.05 * parameter.grad());
//!     }
//! }
//! assert!((slope.data() - 2.0).abs() < 1e-6 && (offset.data() - 1.0).abs() < 1e-6);
//! ```
//!
//! # Every gear visible
//!
//! Each node shows the [operation](Op) that made it, its operands, its value and gradient, and the local derivatives
//! that the chain rule multiplies; each operation states its rule, and what holds where there is no derivative.
//!
//! ```
//! use gradus::{Graph, Op};
//!
//! let graph = Graph::new();
//! let x = graph.value(3.0);
//! let y = x * x;
//! assert_eq!(y.op(), Some(Op::Mul));
//! assert!(y.local_partials().eq([3.0, 3.0]));
//! assert_eq!(Op::Mul.rule(), "∂(a × b)/∂a = b, ∂(a × b)/∂b = a");
//! assert_eq!(Op::Relu.conventions(), "0 at 0");
//! ```
//!
//! # The gradient of a function
//!
//! Nobody wants to write `Value` all over a program. [`differentiable`] on a function over `f64` leaves the function as it
//! is, and generates companions beside it that give what the graph gives:
//!
//! ```
//! use gradus::differentiable;
//!
//! #[differentiable]
//! fn neuron(x: &[f64], w: &[f64], b: f64) -> f64 {
//!     let weighted: f64 = w.iter().zip(x).map(|(w, x)| w * x).sum();
//!     (weighted + b).tanh()
//! }
//!
//! let (x, w, b) = ([1.0, 2.0], [0.5, -1.0], 0.25);
//! let (output, (dx, dw, db)) = neuron_grad(&x, &w, b);
//! assert_eq!(output, neuron(&x, &w, b));
//! let slope = 1.0 - output * output;
//! assert_eq!((dx, dw, db), (vec![slope * 0.5, -slope], vec![slope, slope * 2.0], slope));
//! ```
//!
//! **`neuron_grad`** allocates the gradient that it returns. **`neuron_grad_add`** adds it into buffers of the caller's
//! instead, and that is what a training loop calls: sums over samples come out by themselves, as long as the buffers are
//! zeroed when a new sum begins.
//!
//! ```
//! # use gradus::differentiable;
//! # #[differentiable]
//! # fn neuron(x: &[f64], w: &[f64], b: f64) -> f64 {
//! #     let weighted: f64 = w.iter().zip(x).map(|(w, x)| w * x).sum();
//! #     (weighted + b).tanh()
//! # }
//! /// What the neuron is off by. The samples carry no gradient.
//! #[differentiable]
//! fn error(w: &[f64], b: f64, #[constant] x: &[f64], #[constant] truth: f64) -> f64 {
//!     (neuron(x, w, b) - truth).powi(2)
//! }
//!
//! let samples = [([1.0, 1.0], 0.9), ([1.0, -1.0], -0.9), ([-1.0, 1.0], 0.9), ([-1.0, -1.0], -0.9)];
//! let (mut w, mut b) = ([0.1, 0.1], 0.1);
//! let mut loss = f64::INFINITY;
//! for _ in 0..200 {
//!     let (mut dw, mut db) = ([0.0; 2], 0.0);
//!     loss = samples.iter().map(|(x, truth)| error_grad_add(&w, b, x, *truth, &mut dw, &mut db)).sum();
//!     for (parameter, slope) in w.iter_mut().zip(dw).chain([(&mut b, db)]) {
//!         *parameter -= 0.2 * slope;
//!     }
//! }
//! assert!(loss < 1e-6 && w[1] > w[0].abs()); // the second input tells the sign
//! ```
//!
//! **`neuron_graph`** records one call. The [`Trace`] that it returns prints the function with values and derivatives
//! beside each line, draws [pictures](view), writes a [page to explore](Trace::to_html), and finds the node of any
//! expression:
//!
//! ```
//! # use gradus::differentiable;
//! # #[differentiable]
//! # fn neuron(x: &[f64], w: &[f64], b: f64) -> f64 {
//! #     let weighted: f64 = w.iter().zip(x).map(|(w, x)| w * x).sum();
//! #     (weighted + b).tanh()
//! # }
//! let trace = neuron_graph(&[1.0, 2.0], &[0.5, -1.0], 0.25);
//! println!("{trace}");
//! assert_eq!(trace.value(), (-1.25_f64).tanh());
//! assert_eq!(trace.gradient("w").len(), 2);
//! assert!(trace.to_svg()?.starts_with("<svg"));
//! # Ok::<(), gradus::view::TooLarge>(())
//! ```
//!
//! The trace also answers when something is wrong: [`first_non_finite`](Trace::first_non_finite) shows where a NaN first appears,
//! [`dead_inputs`](Trace::dead_inputs) why an argument has no effect, [`explain`](Trace::explain) the arithmetic of a line;
//! and [`check::assert_gradient!`](check::assert_gradient) holds a gradient against finite differences in a test.
//!
//! And **`neuron::on_values`** is the function on the caller's own values, as a part of a graph by hand. All companions,
//! the shapes of arguments and gradients, and the language are described at [`differentiable`].
//!
//! # Operations of your own
//!
//! Where a better derivative is known than that of the steps of the computation, a [`CustomOperation`] takes value and
//! partial derivatives from plain functions, on values by hand; for annotated functions the option `partials` does. Both are at
//! [`custom`], with a check of such partials against finite differences.
//!
//! ```
//! use gradus::differentiable;
//!
//! /// The y with y³ + y = x, by bisection: nothing to differentiate step by step.
//! #[differentiable(partials = root_partials)]
//! fn root(x: f64) -> f64 {
//!     let (mut low, mut high) = (x.min(0.0), x.max(0.0));
//!     for _ in 0..100 {
//!         let middle = 0.5 * (low + high);
//!         if middle.powi(3) + middle < x { low = middle } else { high = middle }
//!     }
//!     low
//! }
//!
//! fn root_partials(x: f64) -> f64 {
//!     1.0 / (3.0 * root(x).powi(2) + 1.0)
//! }
//!
//! let (y, slope) = root_grad(10.0);
//! assert!((y - 2.0).abs() < 1e-12 && (slope - 1.0 / 13.0).abs() < 1e-12);
//! ```
//!
//! # Conventions
//!
//! Where a derivative does not exist, one of the numbers it could be is taken; which one is said in the row of the
//! [table](ops), by [`Op::conventions`], and here in short:
//!
//! * A branch that was taken is what is differentiated: of `if x > 0.0 { x } else { 0.0 }` at 0 the `else`.
//! * `abs` and `relu` have the derivative 0 at 0; `floor`, `round`, `signum` and the other steps have it everywhere.
//! * `max` and `min` at a tie: the first operand takes the whole derivative if both carry one. If only one does it gets 0,
//!   so that `x.max(0.0)` is `relu`. `clamp` has the derivative 1 for `x` inside and at the bounds.
//! * `powi(0)` has the derivative 0 everywhere. `x.powf(y)` for `y` at `x = 0` has the limit 0 if `y > 0`; where there is
//!   no limit, and where `x < 0`, it is NaN, but only if `y` carries a derivative: otherwise it is not computed.
//! * `sqrt` at 0 has the derivative ∞, so `(x * x + y * y).sqrt()` at the origin has `∞ · 0`, NaN. `x.hypot(y)` is the
//!   same number with the derivative 0 there. `atan2(0, 0)` has 0 too, `acos(1)` has −∞.
//! * What picks among its operands passes the derivative on or skips it. It is never multiplied by 0, so an infinite
//!   derivative on the branch that was not taken does no harm.
//!
//! ```
//! use gradus::differentiable;
//!
//! #[differentiable]
//! fn naive(x: f64, y: f64) -> f64 {
//!     (x * x + y * y).sqrt()
//! }
//! #[differentiable]
//! fn distance(x: f64, y: f64) -> f64 {
//!     x.hypot(y)
//! }
//! #[differentiable]
//! fn guarded(x: f64) -> f64 {
//!     if x > 0.0 { x.sqrt() } else { 0.0 }
//! }
//!
//! assert!(naive_grad(0.0, 0.0).1.0.is_nan());
//! assert_eq!(distance_grad(0.0, 0.0), (0.0, (0.0, 0.0)));
//! assert_eq!(guarded_grad(0.0), (0.0, 0.0));
//! ```
//!
//! # What is refused, and the ways out
//!
//! Nothing is differentiated silently wrong: what [`differentiable`] does not know, or what would lose a derivative, is a
//! compile error that points at the token and says what to do; [`refusals`] has them all, each with its repair. In most
//! cases that is one of three things:
//!
//! * The derivative is not wanted: say so with [`stop_gradient`], which makes data of an active value. A table is looked
//!   up with `table[stop_gradient(x).floor() as usize]`; any function may be called with `stop_gradient(x)`.
//! * An argument is data: mark it `#[constant]`.
//! * A function that is called is not annotated: put `#[differentiable]` on it.
//!
//! ```
//! use gradus::{differentiable, stop_gradient};
//!
//! /// Interpolates between the entries of a table.
//! #[differentiable]
//! fn interpolated(table: &[f64], x: f64) -> f64 {
//!     let below = stop_gradient(x).floor();
//!     let at = below as usize;
//!     let share = x - below;
//!     (1.0 - share) * table[at] + share * table[at + 1]
//! }
//!
//! let (value, (dtable, dx)) = interpolated_grad(&[1.0, 2.0, 5.0], 1.25);
//! assert_eq!((value, dtable, dx), (2.75, vec![0.0, 0.75, 0.25], 3.0));
//! ```
//!
//! # Memory and the stack
//!
//! A thread keeps the memory of its calls for the next ones: at most 256 MiB of what compiled gradients record, and at most 256 MiB
//! of graphs, however deep calls are nested. The rest is freed when its call returns.
//!
//! Companions recurse where the function does, and a level takes several times as much of the stack as in the function
//! itself. A small function that calls itself 10,000 times deep fits into 8 MiB. A deeper recursion needs a thread with a
//! larger stack:
//!
//! ```
//! use gradus::differentiable;
//!
//! #[differentiable]
//! fn tower(x: f64, floors: u32) -> f64 {
//!     if floors == 0 { x } else { x + (0.5 * tower(x, floors - 1)).sin() }
//! }
//!
//! let thread = std::thread::Builder::new().stack_size(256 << 20).spawn(|| tower_grad(0.3, 100_000))?;
//! let (value, slope) = thread.join().expect("it does not panic");
//! assert!((value - (0.3 + (0.5 * value).sin())).abs() < 1e-12 && slope > 1.0); // one floor more changes nothing
//! # Ok::<(), std::io::Error>(())
//! ```
//!
//! # Features
//!
//! | feature | gives | depends on |
//! |---|---|---|
//! | `nn`, on by default | networks, losses, data sets | `rand` |
//! | `parallel` | gradients of many samples, summed on all cores | `rayon` |
//! | `serde` | serde's traits, and `save` for training runs in files | `serde`, `serde_json`, `sha2`, `tempfile` |
//!
//! # To read
//!
//! [`ops`] is the table of derivatives, [`graph`] has the record and [`Value`], the handle with its operators; the files that
//! matter are fewer than 800 lines. [`reading`] is a tour through them that begins with the few lines at the heart. Nothing is recursive, nothing is `unsafe`.

mod arena;
mod backend;
pub mod check;
pub mod constructs;
pub mod custom;
#[cfg(feature = "nn")]
pub mod datasets;
pub mod flat;
pub mod float;
pub mod functions;
pub mod graph;
#[cfg(feature = "nn")]
pub mod nn;
pub mod optim;
#[cfg(feature = "parallel")]
pub mod parallel;
mod provenance;
pub mod reading;
pub mod refusals;
#[doc(hidden)]
pub mod rt;
#[cfg(feature = "serde")]
pub mod save;
mod text;
pub mod trace;
pub mod view;

pub use backend::{Backend, Backends, FunctionBackend};
pub use custom::CustomOperation;
pub use float::{Activations, stop_gradient};
pub use functions::{log_sum_exp, softmax};
pub use gradus_macros::{Differentiable, differentiable};
#[doc(inline)]
pub use gradus_ops::{self as ops, Op};
pub use graph::{Graph, Value};
pub use rt::Differentiable;
pub use trace::Trace;

/// What most programs need: `use gradus::prelude::*;`.
pub mod prelude {
    pub use crate::{Activations, Graph, Value, differentiable, stop_gradient};
}

/// The examples of the READMEs, run with those of the documentation.
#[cfg(doctest)]
mod readme {
    #[doc = include_str!("../README.md")]
    struct OfThePackage;
    #[doc = include_str!("../../README.md")]
    struct OfTheWorkspace;
}
