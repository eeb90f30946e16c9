//! `f::backend()`: how the gradients of a function and of all that it calls are computed.

use gradus::{Backend, Backends, differentiable};
use neighbour::logistic;

/// The names of the functions, those on a graph with a star.
fn names(backends: &Backends) -> Vec<String> {
    let star = |backend| if backend == Backend::Compiled { "" } else { "*" };
    backends
        .functions()
        .iter()
        .map(|function| format!("{}{}", function.function, star(function.backend)))
        .collect()
}

#[differentiable]
fn gains(xs: &[f64]) -> f64 {
    let mut kept = xs.to_vec();
    kept.retain(|x| *x > 0.0);
    kept.iter().sum()
}

#[differentiable]
fn square(x: f64) -> f64 {
    x * x
}

#[differentiable]
fn direct(xs: &[f64]) -> f64 {
    square(gains(xs))
}

#[differentiable]
fn indirect(xs: &[f64]) -> f64 {
    direct(xs) + square(xs[0])
}

#[test]
fn callees_are_followed_and_the_body_has_a_backend_of_its_own() {
    assert_eq!(indirect::BACKEND, Backend::Compiled);
    assert_eq!(names(&indirect::backend()), ["indirect", "direct", "square", "gains*"]);
    assert!(!indirect::backend().is_compiled());
    assert!(square::backend().is_compiled());
    assert_eq!(square::backend().to_string(), "compiled");
    let slow = *indirect::backend().on_graph().next().expect("one of them");
    assert_eq!((slow.function, slow.file, slow.backend), ("gains", file!(), gains::BACKEND));
    let Backend::Graph { line, .. } = gains::BACKEND else { panic!("on a graph") };
    // The method stands three lines after the attribute's function begins.
    assert_eq!(line, slow.line + 2);
    let text = indirect::backend().to_string();
    assert_eq!(text, format!("`gains` ({}:{}): {}", file!(), slow.line, gains::BACKEND));
    assert!(
        text.ends_with("is not compiled\nhelp: write what `retain` does as a loop over indices"),
        "{text}"
    );
}

#[differentiable]
fn even(x: f64, #[constant] depth: u32) -> f64 {
    if depth == 0 { x } else { odd(x * x, depth - 1) }
}

#[differentiable]
fn odd(x: f64, #[constant] depth: u32) -> f64 {
    if depth == 0 { -x } else { even(x.sin(), depth - 1) }
}

#[differentiable]
fn even_slow(xs: &[f64], #[constant] depth: u32) -> f64 {
    if depth == 0 { xs[0] } else { gains(xs) * odd_slow(xs, depth - 1) }
}

#[differentiable]
fn odd_slow(xs: &[f64], #[constant] depth: u32) -> f64 {
    if depth == 0 { xs[0] } else { even_slow(xs, depth - 1) }
}

#[test]
fn recursion_ends() {
    assert_eq!(names(&even::backend()), ["even", "odd"]);
    assert_eq!(names(&odd::backend()), ["odd", "even"]);
    assert!(even::backend().is_compiled());
    assert_eq!(names(&odd_slow::backend()), ["odd_slow", "even_slow", "gains*"]);
    assert_eq!(names(&even_slow::backend()), ["even_slow", "gains*", "odd_slow"]);
}

#[differentiable]
fn across(x: f64) -> f64 {
    logistic(x) + neighbour::mechanics::spring(x, 2.0)
}

#[differentiable]
fn across_to_the_graph(xs: &[f64]) -> f64 {
    across(xs[0]) * neighbour::winnings(xs)
}

#[test]
fn other_crates_are_followed() {
    assert_eq!(names(&across::backend()), ["across", "logistic", "spring"]);
    assert!(across::backend().is_compiled());
    assert_eq!(
        names(&across_to_the_graph::backend()),
        ["across_to_the_graph", "across", "logistic", "spring", "winnings", "above*"]
    );
}

#[differentiable]
fn softplus(x: f64) -> f64 {
    (1.0 + x.exp()).ln()
}

#[differentiable]
fn as_values(xs: &[f64]) -> f64 {
    xs.iter().copied().map(softplus).sum()
}

#[differentiable]
#[allow(clippy::redundant_closure, reason = "the closure is what is tested")]
fn in_closures(xs: &[f64]) -> f64 {
    let shifted = |row: &[f64]| square(gains(row));
    xs.chunks(2).map(|row| shifted(row)).sum()
}

#[differentiable(partials = operation_partials)]
fn operation(x: f64) -> f64 {
    let rows = [x, 2.0 * x];
    gains(&rows)
}

fn operation_partials(x: f64) -> f64 {
    if x > 0.0 { 3.0 } else { 0.0 }
}

#[differentiable]
fn calls_an_operation(x: f64) -> f64 {
    operation(x)
}

#[differentiable]
fn plain_calls(x: f64, #[constant] data: &[f64]) -> f64 {
    // No gradient goes through it.
    x * gains(data)
}

#[test]
fn function_values_closures_operations_and_plain_calls() {
    assert_eq!(names(&as_values::backend()), ["as_values", "softplus"]);
    assert_eq!(names(&in_closures::backend()), ["in_closures", "square", "gains*"]);
    assert_eq!(names(&calls_an_operation::backend()), ["calls_an_operation", "operation"]);
    assert_eq!(names(&plain_calls::backend()), ["plain_calls"]);
    assert!(plain_calls::backend().is_compiled());
}

mod models {
    use gradus::differentiable;

    #[differentiable]
    pub fn linear(x: f64) -> f64 {
        3.0 * x
    }

    pub mod inner {
        use gradus::differentiable;

        #[differentiable(item = cubic_model)]
        pub fn cubic(x: f64) -> f64 {
            x * x * x
        }
    }
}

#[differentiable]
#[allow(clippy::items_after_statements, reason = "names are looked up across statements")]
fn scoped(x: f64) -> f64 {
    use models::linear as line;
    let first = line(x);
    let second = {
        use models::inner;
        inner::cubic_model(x)
    };
    #[cfg(any())]
    let second = not_there::at_all(x);
    #[differentiable]
    fn local(x: f64) -> f64 {
        x + 1.0
    }
    first + second + local(x)
}

#[test]
fn callees_are_found_where_they_are_called() {
    assert_eq!(names(&scoped::backend()), ["scoped*", "linear", "cubic", "local"]);
}

#[differentiable]
fn on_the_graph_itself(xs: &[f64]) -> f64 {
    let mut sorted = xs.to_vec();
    sorted.retain(|x| x.is_finite());
    square(sorted[0])
}

#[test]
fn what_a_function_on_a_graph_calls_is_listed_too() {
    assert_eq!(names(&on_the_graph_itself::backend()), ["on_the_graph_itself*", "square"]);
    // Constant generics have one backend for all.
    assert_eq!(names(&mean_square::backend()), ["mean_square", "square"]);
    assert_eq!(mean_square_grad([1.0, 3.0]), (5.0, [1.0, 3.0]));
}

#[differentiable]
fn mean_square<const N: usize>(xs: [f64; N]) -> f64 {
    xs.iter().map(|&x| square(x)).sum::<f64>() / N as f64
}

/// All that is called must be compiled, and is.
#[differentiable(compiled)]
fn must_be_compiled(xs: &[f64]) -> f64 {
    let total: f64 = xs.iter().copied().map(softplus).sum();
    even(total, 3) + across(total) + calls_an_operation(total)
}

#[test]
fn what_must_be_compiled_is() {
    assert!(must_be_compiled::backend().is_compiled());
    let (value, gradient) = must_be_compiled_grad(&[0.25, -0.5]);
    assert_eq!(value, must_be_compiled(&[0.25, -0.5]));
    let step = 1e-6;
    let slope =
        (must_be_compiled(&[0.25 + step, -0.5]) - must_be_compiled(&[0.25 - step, -0.5])) / (2.0 * step);
    assert!((gradient[0] - slope).abs() < 1e-6 * slope.abs(), "{} and {slope}", gradient[0]);
}
