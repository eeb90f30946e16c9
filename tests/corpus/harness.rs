//! One function, every oracle: what a `case!` checks.
//!
//! ```text
//! case! {
//!     power, power_grad, power_grad_add, power_graph;     the function and its companions
//!     for n in [0, 2, 5];                                 (optional) passive data to vary
//!     with |xs: Vec<f64>, k: f64| (&xs, k, n);            differentiable arguments, owned; then the call's arguments
//!     at (vec![1.0, 2.0], 0.5), (vec![], 3.0);            points
//!     without differences;                                (optional) the gradient is none of the plain function's
//!     gradient (xs.iter().map(…).collect(), …);           (optional) closed form by hand, in the arguments' shape
//!     forward |v| v[0] * v[2].sin();                      (optional) the function on dual numbers, arguments flat
//! }
//! ```
//!
//! * Every companion returns the plain function's value, to the last bit.
//! * The gradient has the arguments' shape. It agrees with finite differences, the closed form and forward mode.
//! * Forward mode gives the gradient's product with a direction, compiled and on the graph.
//! * Second derivatives: the product of the Hessian and a direction is the same on both back ends, and that of differences of
//!   the gradient; the Hessian is symmetric.
//! * `_grad_add` adds: twice into buffers that hold something leaves that plus twice the gradient.
//! * The graph's gradients, asked for by the arguments' names, are the compiled ones; each of its operations is linked to
//!   the expression that made it.

use gradus::Trace;
use gradus::graph::Operand;
use std::fmt::Debug;

use super::differences;
use super::dual::{self, Dual};
use super::flat::{Flat, flat};

/// Back ends agree to this, and so do closed forms; differences are less exact.
const EXACT: f64 = 1e-12;
const DIFFERENCES: f64 = 1e-7;

/// A function, its companions and its oracles, each taking the differentiable arguments as one owned value.
pub struct Case<'a, A> {
    pub name: &'a str,
    pub plain: &'a dyn Fn(A) -> f64,
    pub grad: &'a dyn Fn(A) -> (f64, A),
    pub grad_add: &'a dyn Fn(A, &mut A) -> f64,
    /// The value, and the gradients argument by argument.
    pub graph: &'a dyn Fn(A) -> (f64, Vec<f64>),
    /// The value, and its tangent for those of the arguments: in forward mode, and by the nodes of the graph.
    pub tangent: &'a dyn Fn(A, &A) -> (f64, f64),
    pub tangent_on_graph: &'a dyn Fn(A, &A) -> f64,
    /// Whether second derivatives are compiled where the gradient is.
    pub second_compiled: bool,
    /// The value, the gradient, and the product of the Hessian and a direction; and the same product by the nodes of the graph.
    pub second: Option<&'a dyn Fn(A, &A, &mut A, &mut A) -> f64>,
    pub second_on_graph: &'a dyn Fn(A, &A) -> Vec<f64>,
    pub differences: bool,
    pub closed_form: Option<&'a dyn Fn(A) -> A>,
    pub forward: Option<&'a dyn Fn(&[Dual]) -> Dual>,
}

impl<A: Flat + Debug> Case<'_, A> {
    /// Holds the companions against the plain function and the oracles at `point`.
    pub fn check(&self, point: &A) {
        let (value, gradient) = (self.grad)(point.clone());
        self.check_value("gradient", point, value);
        assert_eq!(shape(&gradient), shape(point), "{}", self.at(point, "the gradient's shape"));
        let gradient = flat(&gradient);
        self.check_against_oracles(point, &gradient);
        self.check_accumulation(point, &gradient);
        self.check_tangents(point, &gradient);
        self.check_second(point, &gradient);

        let (value, from_graph) = (self.graph)(point.clone());
        self.check_value("graph", point, value);
        assert_close(&self.at(point, "graph and gradient"), &from_graph, &gradient, EXACT, 1e-3);
    }

    fn check_value(&self, companion: &str, point: &A, value: f64) {
        let plain = (self.plain)(point.clone());
        let what = self.at(point, &format!("the {companion}'s value {value:e} is not {plain:e}"));
        assert_eq!(value.to_bits(), plain.to_bits(), "{what}");
    }

    fn check_against_oracles(&self, point: &A, gradient: &[f64]) {
        if self.differences {
            let reference = differences::gradient(self.plain, point);
            assert_close(&self.at(point, "gradient and differences"), gradient, &reference, DIFFERENCES, 1.0);
        }
        if let Some(closed_form) = self.closed_form {
            let reference = flat(&closed_form(point.clone()));
            assert_close(&self.at(point, "gradient and closed form"), gradient, &reference, EXACT, 1.0);
        }
        if let Some(forward) = self.forward {
            let reference = dual::gradient(forward, &flat(point));
            assert_close(&self.at(point, "gradient and forward mode"), gradient, &reference, EXACT, 1.0);
        }
    }

    /// One direction in which everything changes, and one in which every third number does.
    fn check_tangents(&self, point: &A, gradient: &[f64]) {
        for every in [1, 3] {
            let mut direction = point.clone();
            for (index, component) in direction.components().into_iter().enumerate() {
                let speed = 0.25 + ((index * 7 + 3) % 11) as f64 / 8.0;
                *component = if index % every == 0 { speed } else { -0.0 };
            }
            let shares: Vec<f64> = flat(&direction).iter().zip(gradient).map(|(d, g)| d * g).collect();
            let shares = shares.into_iter().enumerate().filter(|(index, _)| index % every == 0);
            let shares: Vec<f64> = shares.map(|(_, share)| share).collect();
            let (sum, size) =
                (shares.iter().sum::<f64>(), shares.iter().map(|share| share.abs()).sum::<f64>());
            let (value, tangent) = (self.tangent)(point.clone(), &direction);
            self.check_value("tangent", point, value);
            let on_graph = (self.tangent_on_graph)(point.clone(), &direction);
            for (which, tangent) in [("compiled", tangent), ("graph", on_graph)] {
                assert!(
                    (tangent - sum).abs() <= EXACT * size.max(1e-3 * largest(gradient)),
                    "{}",
                    self.at(point, &format!("the {which} tangent is {tangent:e}, not {sum:e}"))
                );
            }
        }
    }

    /// Second derivatives in two directions: by both back ends, by differences of the gradient, and symmetric.
    fn check_second(&self, point: &A, gradient: &[f64]) {
        let Some(second) = self.second else { return };
        assert!(self.second_compiled, "the second derivatives of {} are not compiled", self.name);
        let products = [(7, 3), (5, 1)].map(|(factor, first)| {
            let mut direction = point.clone();
            for (index, component) in direction.components().into_iter().enumerate() {
                *component = 0.25 + ((index * factor + first) % 11) as f64 / 8.0;
            }
            let [mut again, mut product] = [point.clone(), point.clone()];
            for number in again.components().into_iter().chain(product.components()) {
                *number = 0.0;
            }
            let value = second(point.clone(), &direction, &mut again, &mut product);
            self.check_value("second derivative", point, value);
            let what = self.at(point, "the gradient beside second derivatives");
            assert_close(&what, &flat(&again), gradient, EXACT, 1e-3);
            let (product, direction_numbers) = (flat(&product), flat(&direction));
            let on_graph = (self.second_on_graph)(point.clone(), &direction);
            assert_close(&self.at(point, "second derivatives by back ends"), &product, &on_graph, 1e-9, 1.0);
            if self.differences {
                self.check_second_differences(point, &direction_numbers, &product, gradient);
            }
            (direction_numbers, product)
        });
        let [(u, hu), (v, hv)] = products;
        let product = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(a, b)| a * b).collect::<Vec<_>>();
        let (left, right) = (product(&u, &hv), product(&v, &hu));
        let size: f64 = left.iter().chain(&right).map(|share| share.abs()).sum();
        let apart = (left.iter().sum::<f64>() - right.iter().sum::<f64>()).abs();
        // Terms that cancel leave what is left of the gradient.
        assert!(
            apart <= 1e-9 * size + 1e-13 * largest(gradient),
            "{}",
            self.at(point, "the Hessian is not symmetric")
        );
    }

    /// Where differences with two steps tell the same; near a kink they do not.
    fn check_second_differences(&self, point: &A, direction: &[f64], product: &[f64], gradient: &[f64]) {
        let scale = flat(point).iter().fold(1.0_f64, |scale, x| scale.max(x.abs()));
        let differences = |step: f64| -> Vec<f64> {
            let [above, below] = [step, -step].map(|step| {
                let mut moved = point.clone();
                for (component, speed) in moved.components().into_iter().zip(direction) {
                    *component += step * speed;
                }
                // A function that panics there is tried elsewhere.
                let grad = std::panic::AssertUnwindSafe(|| flat(&(self.grad)(moved.clone()).1));
                std::panic::catch_unwind(grad).unwrap_or_default()
            });
            above.iter().zip(&below).map(|(a, b)| (a - b) / (2.0 * step)).collect()
        };
        let [wide, near] = [1e-5, 5e-6].map(|step| differences(step * scale));
        if wide.len() != product.len() || near.len() != product.len() {
            return;
        }
        let reference = largest(gradient).max(1e-3);
        if !wide.iter().chain(&near).all(|slope| slope.is_finite()) || self.jumps(point, direction, gradient)
        {
            return;
        }
        let (size, doubt) = (
            largest(&near).max(1e-3 * reference),
            wide.iter().zip(&near).fold(0.0_f64, |doubt, (a, b)| doubt.max((a - b).abs())),
        );
        if doubt.is_nan() || doubt > 1e-5 * size {
            return;
        }
        let what = self.at(point, "second derivatives and differences of the gradient");
        for (index, (ours, theirs)) in product.iter().zip(&near).enumerate() {
            let allowed = 1e-4 * size + 1e-9 * reference;
            assert!((ours - theirs).abs() <= allowed, "{what}: {index}\n{product:?}\n{near:?}");
        }
    }

    /// Whether the gradient beside a point is another one: where numbers are compared for equality.
    fn jumps(&self, point: &A, direction: &[f64], gradient: &[f64]) -> bool {
        [1e-9, -1e-9].iter().any(|step| {
            let mut moved = point.clone();
            for (component, speed) in moved.components().into_iter().zip(direction) {
                *component += step * speed;
            }
            let beside = flat(&(self.grad)(moved).1);
            beside.iter().zip(gradient).any(|(a, b)| (a - b).abs() > 1e-3 * largest(gradient).max(1e-3))
        })
    }

    fn check_accumulation(&self, point: &A, gradient: &[f64]) {
        // What the buffers hold before is of the gradient's size, so that rounding hides neither.
        let largest = largest(gradient);
        let unit = if largest > 0.0 { largest } else { 1.0 };
        let mut buffers = point.clone();
        for (index, component) in buffers.components().into_iter().enumerate() {
            *component = unit * (1.0 + (index % 7) as f64) / 8.0;
        }
        let expected: Vec<f64> =
            flat(&buffers).iter().zip(gradient).map(|(before, g)| before + 2.0 * g).collect();
        for _ in 0..2 {
            let value = (self.grad_add)(point.clone(), &mut buffers);
            self.check_value("accumulated gradient", point, value);
        }
        assert_close(
            &self.at(point, "buffers and twice the gradient"),
            &flat(&buffers),
            &expected,
            EXACT,
            1.0,
        );
    }

    fn at(&self, point: &A, what: &str) -> String {
        format!("{} at {point:?}: {what}", self.name)
    }
}

/// The tangent of a trace's value for those of these arguments, one after the other.
pub fn tangent<A: Flat>(trace: &Trace, names: &[&str], tangents: &A) -> f64 {
    let graph = trace.graph();
    let inputs = names.iter().flat_map(|name| trace.inputs().iter().find(|input| input.name == *name));
    let inputs = inputs.flat_map(|input| &input.nodes).map(|node| graph.node(*node).value());
    let inputs: Vec<_> = inputs.zip(flat(tangents)).collect();
    let Some(Operand::Node(root)) = trace.outputs().first() else { return 0.0 };
    graph.jvp(&[graph.node(*root).value()], &inputs)[0]
}

/// The product of the Hessian of a trace's value by these arguments and a direction.
pub fn second<A: Flat>(trace: &Trace, names: &[&str], tangents: &A) -> Vec<f64> {
    let graph = trace.graph();
    let inputs = names.iter().flat_map(|name| trace.inputs().iter().find(|input| input.name == *name));
    let inputs: Vec<_> =
        inputs.flat_map(|input| &input.nodes).map(|node| graph.node(*node).value()).collect();
    let Some(Operand::Node(root)) = trace.outputs().first() else { return vec![0.0; inputs.len()] };
    graph.hvp(graph.node(*root).value(), &inputs, &flat(tangents))
}

/// What is left of a value when every float in it is forgotten.
fn shape<A: Flat + Debug>(value: &A) -> String {
    let mut value = value.clone();
    value.components().into_iter().for_each(|component| *component = 0.0);
    format!("{value:?}")
}

fn largest(components: &[f64]) -> f64 {
    components.iter().fold(0.0, |largest, c| largest.max(c.abs()))
}

/// Each component within `tolerance · max(|reference|, floor · largest)` of its reference.
pub fn assert_close(what: &str, ours: &[f64], reference: &[f64], tolerance: f64, floor: f64) {
    assert_eq!(ours.len(), reference.len(), "{what}: {ours:?} and {reference:?} differ in length");
    let largest = largest(reference);
    for (index, (&o, &r)) in ours.iter().zip(reference).enumerate() {
        let allowed = tolerance * r.abs().max(floor * largest);
        assert!(
            (o - r).abs() <= allowed,
            "{what}: component {index} is {o:e}, not {r:e}\n{ours:?}\n{reference:?}"
        );
    }
}

/// See the head of this file. The test's module bears the gradient's name: the function's own is taken.
macro_rules! case {
    (
        $plain:ident, $grad:ident, $grad_add:ident, $graph:ident;
        $(for $passive:ident in $values:expr;)?
        with |$($x:ident: $t:ty),+| ($($argument:expr),+);
        at $($point:expr),+;
        $(without $differences:ident;)?
        $(gradient $closed_form:expr;)?
        $(forward |$duals:ident| $forward:expr;)?
    ) => {
        #[allow(unused_parens, unused_variables, reason = "one argument needs no tuple; a form may not read them all")]
        mod $grad {
            #[allow(unused_imports, reason = "a case may name nothing but its function")]
            use super::*;

            type Arguments = ($($t),+);

            #[test]
            fn agrees() {
                let points: Vec<Arguments> = vec![$($point),+];
                $(for $passive in $values)? {
                    for point in &points {
                        crate::corpus::harness::Case {
                            // The operators of a type that only rustc knows run on the graph, and so do calls that leave.
                            second_compiled: if_second!(super::$plain::SECOND_COMPILED
                                || ["aliased", "taken_out"].contains(&stringify!($plain))
                                || !matches!(super::$plain::BACKEND, gradus::Backend::Compiled))
                            .unwrap_or(true),
                            name: stringify!($plain),
                            plain: &|($($x),+): Arguments| super::$plain($($argument),+),
                            grad: &|($($x),+): Arguments| super::$grad($($argument),+),
                            grad_add: &|($($x),+): Arguments, buffers: &mut Arguments| {
                                case!(@add $grad_add [$($argument),+] buffers [] $($x)+)
                            },
                            graph: &|($($x),+): Arguments| {
                                let trace = super::$graph($($argument),+);
                                crate::corpus::spans::check(&trace);
                                (trace.value(), [$(trace.gradient(stringify!($x))),+].concat())
                            },
                            tangent: &|($($x),+): Arguments, tangents: &Arguments| {
                                case!(@tangent $plain [$($argument),+] tangents [] $($x)+)
                            },
                            tangent_on_graph: &|($($x),+): Arguments, tangents: &Arguments| {
                                let trace = super::$graph($($argument),+);
                                crate::corpus::harness::tangent(&trace, &[$(stringify!($x)),+], tangents)
                            },
                            second: if_second!(&|($($x),+): Arguments, tangents: &Arguments, gradient: &mut Arguments, product: &mut Arguments| {
                                case!(@second $plain [$($argument),+] tangents gradient product [] $($x)+)
                            }),
                            second_on_graph: &|($($x),+): Arguments, tangents: &Arguments| {
                                let trace = super::$graph($($argument),+);
                                crate::corpus::harness::second(&trace, &[$(stringify!($x)),+], tangents)
                            },
                            differences: case!(@with $($differences)?),
                            closed_form: case!(@closed_form ($($x),+) $($closed_form)?),
                            forward: case!(@forward $($duals, $forward)?),
                        }
                        .check(point);
                    }
                }
            }
        }
    };
    // Makes one buffer `b`, each of its own hygiene, for each argument.
    (@add $grad_add:ident $arguments:tt $buffers:ident [$($b:ident)*] $x:ident $($rest:ident)*) => {
        case!(@add $grad_add $arguments $buffers [$($b)* b] $($rest)*)
    };
    (@add $grad_add:ident [$($argument:expr),+] $buffers:ident [$($b:ident)+]) => {{
        let ($($b),+) = $buffers;
        super::$grad_add($($argument),+, $($b),+)
    }};
    (@tangent $plain:ident $arguments:tt $tangents:ident [$($t:ident)*] $x:ident $($rest:ident)*) => {
        case!(@tangent $plain $arguments $tangents [$($t)* t] $($rest)*)
    };
    (@tangent $plain:ident [$($argument:expr),+] $tangents:ident [$($t:ident)+]) => {{
        let ($($t),+) = $tangents;
        super::$plain::__jvp($($argument),+, $($t),+)
    }};
    (@second $plain:ident $arguments:tt $tangents:ident $gradient:ident $product:ident [$($t:ident $g:ident $h:ident)*] $x:ident $($rest:ident)*) => {
        case!(@second $plain $arguments $tangents $gradient $product [$($t $g $h)* t g h] $($rest)*)
    };
    (@second $plain:ident [$($argument:expr),+] $tangents:ident $gradient:ident $product:ident [$($t:ident $g:ident $h:ident)+]) => {{
        let ($($t),+) = $tangents;
        let ($($g),+) = $gradient;
        let ($($h),+) = $product;
        super::$plain::__second($($argument),+, $($t),+, $($g),+, $($h),+)
    }};
    (@with) => { true };
    (@with differences) => { false };
    (@closed_form $x:tt) => { None };
    (@closed_form ($($x:ident),+) $closed_form:expr) => { Some(&|($($x),+): Arguments| -> Arguments { $closed_form }) };
    (@forward) => { None };
    (@forward $duals:ident, $forward:expr) => { Some(&|$duals: &[crate::corpus::dual::Dual]| $forward) };
}
