//! Gradients of ordinary Rust functions over `f64`, on stable Rust.
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
//! [`#[differentiable]`](macro@differentiable) keeps your function unchanged and generates functions that compute its gradient:
//!
//! * **`neuron_grad`** returns the value and the gradient, in the shapes of the arguments. **`neuron_grad_add`** adds the gradient into
//!   buffers that you own: use it in training loops, and zero the buffers before each step.
//! * **`neuron_jacobian`** and **`neuron_vjp`** are there instead if the function returns several numbers.
//! * **`neuron_jvp`** is the derivative in one direction, in [forward mode](guide::forward_mode).
//! * **`neuron_graph`** records one call as a [`Trace`]: it prints the function with every value and derivative next to its line, draws
//!   [pictures](view), writes a [page to explore](Trace::to_html), and [finds the first NaN](Trace::first_non_finite).
//! * **`neuron::on_values`** is the function on [`Value`]s, for [graphs that you build yourself](guide::values).
//!
//! Arguments and results are numbers, arrays, slices, `Vec`s, tuples and [structs of your own](guide::structs), with their methods and
//! operators.
//!
//! The gradient is compiled to plain `f64` code, without a tape; [`performance`](guide::performance) has figures. A construct that is not
//! compiled makes it run on a graph; [`constructs`] lists every construct. Code whose derivative would be lost is a compile error that
//! says what to write instead; [`refusals`] has all of them.
//!
//! # The guide
//!
//! | | |
//! |---|---|
//! | [`start`](guide::start) | the first gradient, its check and its listing |
//! | [`choosing`](guide::choosing) | when not to use it, limits, comparison with other crates |
//! | [`arguments`](guide::arguments), [`structs`](guide::structs) | shapes, `#[constant]`, `stop_gradient`, `&mut`; structs, methods and operators |
//! | [`forward_mode`](guide::forward_mode) | derivatives in one direction |
//! | [`language`](guide::language), [`performance`](guide::performance) | what a function may contain; figures and memory |
//! | [`cookbook`](guide::cookbook) | [fits](guide::cookbook::fit), [least squares](guide::cookbook::least_squares), [differential equations](guide::cookbook::ode), [solvers](guide::cookbook::implicit), [training](guide::cookbook::training), [second derivatives](guide::cookbook::second_derivatives), [arrays](guide::cookbook::arrays) |
//! | [`testing`](guide::testing), [`debugging`](guide::debugging) | checks against finite differences; NaNs, zeros |
//! | [`sharp_bits`](guide::sharp_bits), [`errors`](guide::errors) | where the derivative is not what one expects; messages |
//! | [`migrating`](guide::migrating), [`stability`](guide::stability) | from `PyTorch`, micrograd, num-dual, `std::autodiff`; what may change |
//!
//! [`reading`] is a tour of the engine's source: the files that matter have fewer than 800 lines. [`ops`] is the table of derivatives.
//!
//! # Values
//!
//! The engine needs no attribute. A [`Graph`] records what is computed with its [`Value`]s; [`backward`](Value::backward) computes the
//! derivative of the result with respect to every value and stores it there:
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
//! # Conventions
//!
//! Where a derivative does not exist, gradus returns one subgradient; the [table of operations](ops) says which, and
//! [`sharp_bits`](guide::sharp_bits#points-without-a-derivative) lists them.
//!
//! * A branch that was taken is what is differentiated. `max`, `min`, `if` and `match` pass the gradient to the selected operand only.
//! * `abs` and `relu` have the derivative 0 at 0. `floor`, `round`, `signum` and other step functions have derivative 0 everywhere.
//! * `sqrt` at 0 has the derivative ∞, so `(x * x + y * y).sqrt()` has a NaN at the origin, and `x.hypot(y)` has not.
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
//! | `nn` | networks, losses, data sets | `rand` |
//! | `num-traits` | `Value` in functions generic over `num_traits::Float` | `num-traits` |
//! | `parallel` | gradients of many samples, summed on all cores | `rayon` |
//! | `serde` | serde's traits for models and optimizers | `serde` |
//! | `save` | training runs in files | `serde`, `serde_json`, `sha2`, `tempfile` |

#![cfg_attr(docsrs, feature(doc_cfg))]
// Documentation names what belongs to optional features; links are checked where all of them are on.
#![cfg_attr(
    not(all(feature = "nn", feature = "num-traits", feature = "parallel", feature = "save")),
    allow(rustdoc::broken_intra_doc_links)
)]

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
#[cfg(any(doc, doctest))]
pub mod guide;
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
#[cfg(feature = "save")]
pub mod save;
mod text;
pub mod trace;
pub mod view;

pub use backend::{Backend, Backends, FunctionBackend};
#[doc(inline)]
pub use custom::CustomOperation;
#[doc(inline)]
pub use float::{Activations, stop_gradient};
#[doc(inline)]
pub use functions::{log_sum_exp, softmax};
#[doc(inline)]
pub use gradus_macros::Differentiable;
/// The [guide] has a chapter for each question, [`constructs`] lists the language, and [`refusals`] has each refusal with its repair.
///
#[doc(inline)]
pub use gradus_macros::differentiable;
#[doc(inline)]
pub use gradus_ops::{self as ops, Op};
#[doc(inline)]
pub use graph::{Graph, Value, gradient};
pub use rt::Differentiable;
#[doc(inline)]
pub use trace::Trace;

/// The examples of the package's README, run with those of the documentation.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
