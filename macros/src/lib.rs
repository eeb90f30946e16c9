//! The `#[differentiable]` attribute of [gradus](https://docs.rs/gradus). Depend on that crate: it re-exports the
//! attribute, and the code that the attribute generates needs it.

use proc_macro::TokenStream;

/// Gives a function over `f64` its gradient, or every method in an `impl` block of a struct.
///
/// The function itself stays as it is written: it takes and returns plain numbers, and has no overhead. The attribute also
/// generates *companion* functions with the same visibility and const generics.
///
/// ```
/// use gradus::differentiable;
///
/// /// The squared distance of two points, weighted.
/// #[differentiable]
/// fn distance(a: &[f64], b: &[f64], weight: f64) -> f64 {
///     a.iter().zip(b).map(|(a, b)| weight * (a - b).powi(2)).sum()
/// }
///
/// let (a, b) = ([1.0, 2.0], [4.0, 6.0]);
/// assert_eq!(distance(&a, &b, 0.5), 12.5);
///
/// let (value, (da, db, dweight)) = distance_grad(&a, &b, 0.5);
/// assert_eq!(value, 12.5);
/// assert_eq!((da, db, dweight), (vec![-3.0, -4.0], vec![3.0, 4.0], 25.0));
/// ```
///
/// # Companions
///
/// Of a function `f` that returns one `f64`:
///
/// | | returns | |
/// |---|---|---|
/// | `f_grad(args)` | `(value, gradient)` | one differentiable argument: its gradient; several: a tuple in their order |
/// | `f_grad_add(args, &mut buffers…)` | the value | adds the gradient into one buffer for each differentiable argument |
///
/// Of a function that returns several numbers, in a tuple, an array, a `Vec` or a struct, or that changes what a `&mut` parameter
/// leads to, in their place:
///
/// | | returns | |
/// |---|---|---|
/// | `f_vjp(args, seed)` | `(value, gradient)` | the gradient of the sum of all numbers, each weighted by that of `seed` |
/// | `f_jacobian(args)` | `(value, rows)` | one gradient for each number, in reading order |
///
/// Of both:
///
/// | | | |
/// |---|---|---|
/// | `f_jvp(args, tangents)` | `(value, tangent)` | forward mode: how fast the value changes when each differentiable argument changes as fast as its tangent says; tangents have the types of the arguments, and that of the value its type |
/// | `f_graph(args)` | a `Trace` | the recorded graph, linked to the source, gradients filled in |
/// | `f::on_values(args)` | `Value`s | the same function on the caller's own values: `&[Value]` where it takes `&[f64]` |
/// | `f::SOURCE` | `&str` | the text of the function |
/// | `f::BACKEND` | `Backend` | how the gradient of the body is computed: compiled, or on a graph and because of which construct |
/// | `f::backend()` | `Backends` | the same for `f` and every differentiable function that it calls, directly or through others |
/// | `f::ADJOINT_SOURCE` | `&str` | the compiled adjoint, for reading: both sweeps, every statement under the line it belongs to |
///
/// A parameter may be a pattern: in companions, it is named after its variables (`(x, y): (f64, f64)` is `x_y`).
///
/// Every companion computes the value of the function itself to the last bit, and panics, prints and asserts where it does: with
/// the same message, at the same line, once and in order.
///
/// ```
/// use gradus::{Graph, differentiable};
///
/// #[differentiable]
/// fn polar(x: f64, y: f64) -> (f64, f64) {
///     (x.hypot(y), y.atan2(x))
/// }
///
/// let ((radius, _), rows) = polar_jacobian(3.0, 4.0);
/// assert_eq!(radius, 5.0);
/// assert_eq!(rows, [(3.0 / 5.0, 4.0 / 5.0), (-4.0 / 25.0, 3.0 / 25.0)]);
/// assert_eq!(polar_vjp(3.0, 4.0, (10.0, 0.0)).1, (6.0, 8.0));
/// // x grows by 3, y by 4: away from the origin, and nothing turns.
/// assert_eq!(polar_jvp(3.0, 4.0, 3.0, 4.0).1, (5.0, 0.0));
///
/// let graph = Graph::new();
/// let x = graph.value(3.0);
/// let (radius, _) = polar::on_values(x, 4.0 * x);
/// radius.backward();
/// assert!((x.grad() - 17_f64.sqrt()).abs() < 1e-15); // the radius is √17 x
/// ```
///
/// # Shapes
///
/// | argument | its gradient | its buffer |
/// |---|---|---|
/// | `f64`, `&f64` | `f64` | `&mut f64` |
/// | `[f64; N]`, `&[f64; N]` | `[f64; N]` | `&mut [f64; N]` |
/// | `&[f64]`, `Vec<f64>`, `&Vec<f64>` | `Vec<f64>` | `&mut [f64]` |
/// | `&[[f64; N]]` | `Vec<[f64; N]>` | `&mut [[f64; N]]` |
/// | `&[Vec<f64>]`, `&[&[f64]]` | `Vec<Vec<f64>>` | `&mut [Vec<f64>]` |
/// | `(f64, [f64; N])` | `(f64, [f64; N])` | `&mut (f64, [f64; N])` |
/// | `VecDeque<f64>`, `&VecDeque<f64>` | `VecDeque<f64>` | `&mut VecDeque<f64>` |
/// | a struct that derives [`Differentiable`](macro@Differentiable) | the same struct | `&mut` of it |
///
/// and so on for arrays, slices, `Vec`s, tuples (of up to six) and structs in each other, and for aliases of such types. Arguments of
/// integer, `bool`, `char` and string types and sequences of them are data: they carry no gradient and have no place in it.
/// `#[constant]` before a parameter makes float data such an argument, and data of your own types; no gradient is computed for it.
///
/// `f_grad_add` **adds**. The buffers hold the sum over all calls since the caller zeroed them, which is what a loss over
/// many samples needs:
///
/// ```
/// use gradus::differentiable;
///
/// #[differentiable]
/// fn error(weights: &[f64], #[constant] sample: &[f64], target: f64) -> f64 {
///     let predicted: f64 = weights.iter().zip(sample).map(|(w, x)| w * x).sum();
///     (predicted - target).powi(2)
/// }
///
/// let weights = [1.0, 1.0];
/// let (mut dweights, mut dtarget) = ([0.0; 2], 0.0);
/// let mut loss = 0.0;
/// for (sample, target) in [([1.0, 0.0], 2.0), ([0.0, 1.0], 4.0)] {
///     loss += error_grad_add(&weights, &sample, target, &mut dweights, &mut dtarget);
/// }
/// assert_eq!((loss, dweights, dtarget), (10.0, [-2.0, -6.0], 8.0));
/// ```
///
/// # The language
///
/// Ordinary Rust over `f64`:
///
/// * `let` with patterns, shadowing, `mut`, late initialisation; assignments to variables, elements, fields of tuples and
///   through references, compound ones too;
/// * `if`, `match`, `if let`, `let … else`, `for`, `while`, `loop`, labels, `break` with a value, `continue`, `return`, `?`;
/// * arrays, slices, `Vec`, `VecDeque`, tuples, references, `Option`s, `Result`s, with their usual methods; iterators with the usual
///   adapters; `&mut` borrows of variables and elements, `std::mem::{swap, replace, take}`, `std::array::from_fn`,
///   `std::iter::{once, repeat, from_fn, successors, zip, …}`; closures bound by `let` or passed to those methods;
/// * the methods of `f64` that have a derivative somewhere, in either form (`x.sin()`, `f64::sin(x)`, `.map(f64::sin)`), `%`,
///   and the activations of neural networks (`relu`, `sigmoid`, …); comparisons and predicates see the plain number;
/// * calls of other annotated functions by any path, recursion included, and calls of any function with data alone;
/// * structs that derive [`Differentiable`](macro@Differentiable): fields, literals with `..base`, patterns, annotated methods and
///   operators;
/// * `print!`, `assert!`, `dbg!`, `panic!` and their kin, which see the plain numbers; `matches!`; `format!` of data.
///
/// Code over data alone may use any types and functions: texts, structs, enums, collections, iterators and closures of your own.
/// It stays as you wrote it in every companion.
///
/// A function may have any length. Blocks, parentheses and calls may be nested 256 deep, and an expression may have 4096
/// operators and methods. Where branches and loops are nested more than 128 deep, the gradient runs on a graph.
///
/// `stop_gradient(x)` is `x` with the derivative 0. What comes out of it is data: it can be cast to an integer, be an
/// index, or go to any function.
///
/// `gradus::constructs` lists every construct, whether its gradient is compiled, and what a graph costs where it is not.
///
/// What is not in the language is refused at compile time: each refusal names the construct, points at its token, and says
/// what to write instead. Among them are `f32`, casts of active values (those that depend on a differentiable argument) to
/// integers, calls with active values of functions and methods that are not annotated, generic types, `unsafe` and
/// `async`. `gradus::refusals` has them all, with the failing code and its repair.
///
/// ```compile_fail
/// use gradus::differentiable;
///
/// #[differentiable]
/// fn step(x: f64) -> f64 {
///     let whole = x as i64; // error: casting an active value to `i64` loses its derivative
///     whole as f64
/// }
/// ```
///
/// `f::on_values` belongs to an empty enum named `f` in the type namespace. `use` imports it together with the function, so
/// annotated functions call each other through imports, renames and crates. It cannot be next to a module or a type of the same
/// name: where `mod loss; pub use loss::loss;` is an error (E0255), give it another name by
/// the option `item`. Where a plain function of your own hides an annotated one that a glob import
/// (`use other::*`) brings along, a companion that calls it with an active value panics and names both: annotate yours too,
/// or give it another name.
///
/// On a single function inside an `impl` or `trait` block the attribute is an error, since the items that it generates are not
/// allowed there: it goes before the block.
///
/// # Methods and operators
///
/// On an `impl` block of a struct that derives [`Differentiable`](macro@Differentiable), the attribute gives each method
/// companions, which are methods too:
///
/// ```
/// use gradus::{Backend, Differentiable, differentiable};
/// use std::ops::Add;
///
/// #[derive(Clone, Copy, Debug, PartialEq, Differentiable)]
/// struct Vec2 {
///     x: f64,
///     y: f64,
/// }
///
/// #[differentiable]
/// impl Vec2 {
///     fn dot(self, other: Vec2) -> f64 {
///         self.x * other.x + self.y * other.y
///     }
///
///     fn scaled(self, by: f64) -> Vec2 {
///         Vec2 { x: by * self.x, y: by * self.y }
///     }
///
///     fn turn(&mut self) {
///         (self.x, self.y) = (-self.y, self.x);
///     }
/// }
///
/// #[differentiable]
/// impl Add for Vec2 {
///     type Output = Vec2;
///     fn add(self, other: Vec2) -> Vec2 {
///         Vec2 { x: self.x + other.x, y: self.y + other.y }
///     }
/// }
///
/// /// Other annotated functions call them.
/// #[differentiable]
/// fn area(a: Vec2, b: Vec2) -> f64 {
///     let mut side = a + b;
///     side.turn();
///     side.dot(a)
/// }
///
/// let (a, b) = (Vec2 { x: 1.0, y: 2.0 }, Vec2 { x: 3.0, y: 4.0 });
/// assert_eq!(a.dot_grad(b), (11.0, (b, a))); // the gradient for `self` comes first
/// assert_eq!(a.scaled_vjp(2.0, b), (Vec2 { x: 2.0, y: 4.0 }, (Vec2 { x: 6.0, y: 8.0 }, 11.0)));
/// assert_eq!(Vec2::DOT_BACKEND, Backend::Compiled);
///
/// let mut changed = a;
/// let ((), gradient) = changed.turn_vjp(&b); // weighted by `b`
/// assert_eq!((changed, gradient), (Vec2 { x: -2.0, y: 1.0 }, Vec2 { x: 4.0, y: -3.0 }));
///
/// let (value, (by_a, by_b)) = area_grad(a, b);
/// assert_eq!((value, by_a, by_b), (2.0, Vec2 { x: -4.0, y: 3.0 }, Vec2 { x: 2.0, y: -1.0 }));
/// ```
///
/// | of a method | |
/// |---|---|
/// | `x.m_grad(args)`, `x.m_grad_add(args, &mut buffers…)` | as of a function; the gradient and the buffer for `self` come first |
/// | `x.m_vjp(args, seed)`, `x.m_jacobian(args)` | the same, where the method gives several numbers |
/// | `x.m_jvp(args, tangents)`, `x.m_graph(args)` | the same of both |
/// | `x.m_vjp(args, &seed)`, `x.m_jvp(args, &mut tangent, …)` | of a method that changes `self`: both change it, and the tangent becomes that of what is left |
/// | `Type::M_BACKEND` | how the gradient is computed |
///
/// Functions without `self` have them as functions of the type: `Vec2::new_vjp(…)`. Methods whose result carries no gradient,
/// such as `is_empty(&self) -> bool`, are *predicates*: they see the plain numbers, of arguments too, and have no companions.
/// What `#[passive]` stands before is a plain method, which the attribute leaves alone. Blocks of `std::ops::{Add, Sub, Mul, Div,
/// Rem, Neg}` and the assigning ones give operators, each reference form with the attribute that is to be used.
///
/// A method that changes `self` may return a value: `let y = filter.update(x);`. Where nothing but its name could tell that it changes
/// its receiver, it is written `Filter::update(&mut self.filter, x)`. Its `_vjp` takes the seed of the value first. Methods with generic
/// parameters of their own, returned references, and `impl` blocks of other traits are refused.
///
/// # Functions that take functions
///
/// A parameter `f: impl Fn(f64) -> f64`, or `f: F` with `F: Fn(f64) -> f64`, is given a closure or a differentiable function by its
/// name. What the closure captures is differentiated:
///
/// ```
/// use gradus::differentiable;
///
/// /// The midpoint rule.
/// #[differentiable]
/// fn integrate(f: impl Fn(f64) -> f64, a: f64, b: f64, #[constant] n: usize) -> f64 {
///     let h = (b - a) / n as f64;
///     (0..n).map(|i| h * f(a + h * (i as f64 + 0.5))).sum()
/// }
///
/// #[differentiable]
/// fn work(stiffness: f64, length: f64) -> f64 {
///     integrate(|x| stiffness * x, 0.0, length, 4)
/// }
///
/// assert_eq!(work_grad(3.0, 2.0), (6.0, (2.0, 6.0)));
/// // Its own companions take functions of values: a plain closure has no derivative.
/// assert_eq!(integrate_grad(|x| 3.0 * x, 0.0, 2.0, 4), (6.0, (0.0, 6.0)));
/// ```
///
/// Such functions, and those that call them, run on the graph.
///
/// # Functions that change their arguments
///
/// A parameter `&mut T` is an input and an output. Other annotated functions call such a function with `&mut` of variables,
/// elements, fields and parts. Its own companions change their arguments as the function does:
///
/// ```
/// use gradus::differentiable;
///
/// /// A step of the heat equation.
/// #[differentiable]
/// fn relax(grid: &mut [f64], rate: f64) -> f64 {
///     for i in 1..grid.len() {
///         grid[i] += rate * (grid[i - 1] - grid[i]);
///     }
///     grid[0]
/// }
///
/// #[differentiable]
/// fn last(start: &[f64], rate: f64) -> f64 {
///     let mut grid = start.to_vec();
///     for _ in 0..2 {
///         relax(&mut grid, rate);
///     }
///     grid[grid.len() - 1]
/// }
///
/// assert_eq!(last_grad(&[4.0, 0.0], 0.5), (3.0, (vec![0.75, 0.25], 4.0)));
///
/// // The seed of the result, then one for each changed argument, of its final numbers; a gradient for what went in.
/// let mut grid = [4.0, 0.0];
/// let (value, (by_grid, by_rate)) = relax_vjp(&mut grid, 0.5, 0.0, &[0.0, 1.0]);
/// assert_eq!((value, grid), (4.0, [4.0, 2.0]));
/// assert_eq!((by_grid, by_rate), (vec![0.5, 0.5], 4.0));
/// ```
///
/// | of a function with `&mut` parameters | returns | |
/// |---|---|---|
/// | `f_vjp(args, seed, &seeds…)` | `(value, gradient)` | `seed` if the result carries a gradient, and a seed for each `&mut` parameter: `&[f64]` for slices and `Vec`s |
/// | `f_jacobian(args)` | `(value, rows)` | one gradient for each number of the result and of what is left, in reading order |
/// | `f_jvp(args, tangents)` | `(value, tangent)` | the tangents of `&mut` parameters are `&mut` too, and become those of what is left |
/// | `f_graph(&args)` | a `Trace` | of what it would do: nothing is changed |
///
/// Data behind `&mut`, such as a counter, changes as in the function, and has no seed. `#[scratch]` before a `&mut` parameter marks memory
/// to work in: what goes in and what is left in it have no derivatives. A function whose one result is a number, and which changes
/// nothing but data and such memory, has `f_grad` and `f_grad_add`.
///
/// A `Vec` may grow and shrink. `f_vjp` panics if a seed has not the length of what it is the seed of. `&mut` of data
/// (`&mut usize`) and `&mut` arguments of methods are refused.
///
/// # Errors in your function
///
/// The compiler reports a mistake in the function once, at its line, as without the attribute; a function that nothing uses is
/// reported as dead code. Companions carry the attributes `cfg`, `must_use`, `deprecated` and `doc(hidden)` of the function. `cfg` and
/// `cfg_attr` may also stand on parameters, statements and arms.
///
/// If the attribute itself panics, that is one error that asks for a report, and the function works without the attribute.
///
/// # Derivatives of your own
///
/// `#[differentiable(partials = function)]` takes the derivatives from that function and does not look at the body, which may
/// be any Rust: a solver, a table, a call into another library. `function` takes the same arguments, the constant ones too,
/// and returns what `f_grad` gives as the gradient: one partial derivative for each differentiable argument, in its shape, in
/// a tuple if there are several. The function itself returns one `f64`. All companions are there, other annotated functions
/// call it as they call any, and in a graph a call is one node with its name.
///
/// ```
/// use gradus::differentiable;
///
/// /// The y with y³ + y = x, by bisection.
/// #[differentiable(partials = inverse_partials)]
/// fn inverse(x: f64, #[constant] precision: f64) -> f64 {
///     let (mut low, mut high) = (x.min(0.0), x.max(0.0));
///     while high - low > precision {
///         let middle = (low + high) / 2.0;
///         if middle.powi(3) + middle < x { low = middle } else { high = middle }
///     }
///     (low + high) / 2.0
/// }
///
/// /// ∂y/∂x = 1/(3y² + 1), by the implicit function theorem.
/// fn inverse_partials(x: f64, precision: f64) -> f64 {
///     1.0 / (3.0 * inverse(x, precision).powi(2) + 1.0)
/// }
///
/// #[differentiable]
/// fn squared(x: f64) -> f64 {
///     inverse(x, 1e-14).powi(2)
/// }
///
/// let (value, slope) = squared_grad(10.0); // y = 2
/// assert!((value - 4.0).abs() < 1e-12 && (slope - 2.0 * 2.0 / 13.0).abs() < 1e-12);
/// ```
///
/// gradus does not check these derivatives. Test them with `gradus::check::assert_gradient!`.
///
/// # Second derivatives
///
/// `#[differentiable(second)]` gives a function that returns one number, or a method, these as well:
///
/// | | returns | |
/// |---|---|---|
/// | `f_hvp(args, tangents)` | `(value, gradient, product)` | the product of the Hessian and a direction, in the shape of the gradient: how fast the gradient changes when each differentiable argument changes as fast as its tangent says |
/// | `f_hvp_add(args, tangents, &mut buffers…, &mut buffers…)` | the value | adds the gradient into the first buffers, the product into the last |
/// | `f_hessian(args)` | `(value, gradient, rows)` | one row in the shape of the gradient for each number of the arguments, in reading order |
///
/// ```
/// use gradus::differentiable;
///
/// #[differentiable(second)]
/// fn f(p: &[f64], k: f64) -> f64 {
///     p[0] * p[0] * p[1] + k.sin()
/// }
///
/// let (value, gradient, product) = f_hvp(&[3.0, 2.0], 0.0, &[1.0, 0.0], 0.0);
/// assert_eq!((value, gradient, product), (18.0, (vec![12.0, 9.0], 1.0), (vec![4.0, 6.0], 0.0)));
///
/// let (_, _, rows) = f_hessian(&[3.0, 2.0], 0.0);
/// assert_eq!(rows, [(vec![4.0, 6.0], 0.0), (vec![6.0, 0.0], 0.0), (vec![0.0, 0.0], 0.0)]);
/// ```
///
/// They are exact, by forward mode over reverse mode, and compiled where the gradient is: `f::SECOND_COMPILED` says so. Else they are
/// computed on a graph. Functions that `f` calls need the option too. The second derivative of an
/// operation that selects, as `max` and `abs` do, is 0, and that of the branch that is taken is what it is: at a kink nothing is
/// said of the other side. A function with derivatives of its own gives second ones by a function that takes the arguments and a
/// tangent for each differentiable one, and returns how fast the partial derivatives change:
///
/// ```
/// use gradus::differentiable;
///
/// #[differentiable(partials = softabs_partials, second_partials = softabs_second)]
/// fn softabs(x: f64, k: f64) -> f64 {
///     x.hypot(k)
/// }
///
/// fn softabs_partials(x: f64, k: f64) -> (f64, f64) {
///     (x / x.hypot(k), k / x.hypot(k))
/// }
///
/// fn softabs_second(x: f64, k: f64, dx: f64, dk: f64) -> (f64, f64) {
///     let turned = (k * dx - x * dk) / x.hypot(k).powi(3);
///     (k * turned, -x * turned)
/// }
///
/// assert_eq!(softabs_hvp(3.0, 4.0, 1.0, 0.0).2, (16.0 / 125.0, -12.0 / 125.0));
/// ```
///
/// # Options
///
/// * `#[differentiable(compiled)]`: the gradient must be compiled. It is an error if a construct of the body is not, at that
///   construct, and if any differentiable function that a call leads to runs on a graph, at that call: also through other
///   functions, other crates, closures, functions named as values and recursion. A function with `partials` counts as
///   compiled. The other functions need not have the option themselves.
/// * `#[differentiable(second)]`: second derivatives too, as described above.
/// * `#[differentiable(partials = function)]`: `function` gives the derivatives, as described above; and
///   `second_partials = function` beside it the second ones.
/// * `#[differentiable(item = name)]`: the companion item is called `name`, for a function in a module of its own name.
///   `name` is a second name of the function too, by which other differentiable functions call it:
///
/// ```
/// mod loss {
///     use gradus::differentiable;
///
///     #[differentiable(item = squared_error)]
///     pub fn loss(predicted: f64, measured: f64) -> f64 {
///         (predicted - measured).powi(2)
///     }
/// }
/// pub use loss::{loss, loss_grad, squared_error};
/// use gradus::differentiable;
///
/// #[differentiable]
/// fn twice(x: f64) -> f64 {
///     2.0 * squared_error(x, 1.0)
/// }
///
/// assert_eq!(loss_grad(3.0, 1.0), (4.0, (4.0, -4.0)));
/// assert_eq!(twice_grad(3.0), (8.0, 8.0));
/// assert!(squared_error::SOURCE.contains("predicted - measured"));
/// ```
///
/// * `#[differentiable(crate = path)]`: where the engine is, if not at `::gradus`; for crates that re-export it.
#[proc_macro_attribute]
pub fn differentiable(options: TokenStream, item: TokenStream) -> TokenStream {
    gradus_compiler::expand(options.into(), &item.into()).into()
}

/// Makes a struct the shape of arguments, results and gradients of [`differentiable`](macro@differentiable) functions.
///
/// The gradient of a struct is a struct of the same type: each number is the derivative for that number, and fields that
/// carry no gradient hold the argument's own data.
///
/// ```
/// use gradus::{Differentiable, differentiable};
///
/// #[derive(Clone, Debug, PartialEq, Differentiable)]
/// struct Spring {
///     stiffness: f64,
///     rest: f64,
///     name: String,
/// }
///
/// /// The energy of a spring that is stretched to `length`.
/// #[differentiable]
/// fn energy(spring: &Spring, length: f64) -> f64 {
///     0.5 * spring.stiffness * (length - spring.rest).powi(2)
/// }
///
/// let spring = Spring { stiffness: 4.0, rest: 1.0, name: "steel".to_owned() };
/// let (value, (gradient, force)) = energy_grad(&spring, 3.0);
/// assert_eq!((value, force), (8.0, 8.0));
/// assert_eq!(gradient, Spring { stiffness: 2.0, rest: -8.0, name: "steel".to_owned() });
///
/// // A buffer to add gradients into, and the numbers in a row.
/// let mut sum = Spring::zeros_like(&spring);
/// energy_grad_add(&spring, 3.0, &mut sum, &mut 0.0);
/// assert_eq!(gradus::flat::to_vec(&sum), [2.0, -8.0]);
/// ```
///
/// # Fields
///
/// Fields are `f64`s, arrays, `Vec`s and tuples of them, and other structs that derive `Differentiable`, from any module or
/// crate. Fields of integer, `bool`, `char` and string types and sequences of them carry no gradient, and `#[constant]`
/// before a field makes it such a field: an enum, a date, or numbers of which no derivative is wanted. These fields must be
/// `Clone`. The struct may be public or private, with named fields or a tuple struct, and generic over constants.
///
/// # Shapes
///
/// | argument | its gradient | its buffer, its seed, its tangent |
/// |---|---|---|
/// | `Body`, `&Body` | `Body` | `&mut Body`, `Body` |
/// | `&[Body]`, `Vec<Body>` | `Vec<Body>` | `&mut [Body]`, `Vec<Body>` |
/// | `[Body; N]` | `[Body; N]` | `&mut [Body; N]`, `[Body; N]` |
///
/// A function that returns a struct, even of one number, has `_vjp`, whose seed is a struct, and `_jacobian`, with a gradient for
/// each number in reading order. The methods of a struct get their companions from
/// [`#[differentiable]`](macro@differentiable#methods-and-operators) on the `impl` block.
///
/// # Panics
///
/// `gradus::flat::from_slice` panics if there are more or fewer numbers than the shape has, and `_grad_add` if a buffer has a
/// `Vec` of another length than the argument.
///
/// `#[gradus(crate = path)]` on the struct says where the engine is, if not at `::gradus`; for crates that re-export it.
///
/// # Errors
///
/// A field whose type carries no gradient is a compile error at the field. So are enums, structs with type parameters, and
/// structs that borrow.
#[proc_macro_derive(Differentiable, attributes(constant, gradus))]
pub fn derive_differentiable(item: TokenStream) -> TokenStream {
    gradus_compiler::derive(&item.into()).into()
}
