//! Second derivatives on a graph.

use gradus::custom::CustomOperation;
use gradus::{Graph, Value};

/// The Hessian by products with units.
fn hessian(graph: &Graph, root: Value<'_>, inputs: &[Value<'_>]) -> Vec<Vec<f64>> {
    let unit = |at: usize| (0..inputs.len()).map(|j| if at == j { 1.0 } else { 0.0 }).collect::<Vec<_>>();
    (0..inputs.len()).map(|at| graph.hvp(root, inputs, &unit(at))).collect()
}

#[test]
fn rosenbrock_has_its_closed_form() {
    let graph = Graph::new();
    let (x, y) = (graph.value(-1.2), graph.value(1.0));
    let z = (1.0 - x).powi(2) + 100.0 * (y - x * x).powi(2);
    z.backward();
    let gradient = (x.grad(), y.grad());
    let h = hessian(&graph, z, &[x, y]);
    let expected = [2.0 - 400.0 * (1.0 - 3.0 * 1.44), 480.0, 480.0, 200.0];
    for (got, expected) in h.concat().iter().zip(expected) {
        assert!((got - expected).abs() < 1e-11, "{h:?}");
    }
    // Gradients stay what they are.
    assert_eq!((x.grad(), y.grad()), gradient);
}

#[test]
fn a_product_with_a_direction_is_that_of_the_hessian() {
    let graph = Graph::new();
    let [x, y, z] = [0.4, 1.3, -0.7].map(|number| graph.value(number));
    let root = (x * y.sin()).exp() / (1.0 + z * z) + x.hypot(z).ln() * y.powf(x) - (x / y).tanh();
    let inputs = [x, y, z];
    let h = hessian(&graph, root, &inputs);
    let direction = [0.3, -1.7, 0.9];
    let product = graph.hvp(root, &inputs, &direction);
    for i in 0..3 {
        let expected: f64 = h[i].iter().zip(direction).map(|(a, b)| a * b).sum();
        assert!((product[i] - expected).abs() < 1e-13 * expected.abs().max(1.0));
        for j in 0..3 {
            assert!((h[i][j] - h[j][i]).abs() < 1e-13 * h[i][j].abs().max(1.0), "{h:?}");
        }
    }
}

#[test]
fn the_hessian_is_symmetric_at_conventions() {
    let graph = Graph::new();
    let (a, b) = (graph.value(0.0), graph.value(0.5));
    assert_eq!(hessian(&graph, a.leaky_relu(0.1) * b, &[a, b]), [[0.0, 0.1], [0.1, 0.0]]);
    let (a, b) = (graph.value(4.0), graph.value(0.0));
    let h = hessian(&graph, a.powf(b), &[a, b]);
    assert_eq!((h[0][0], h[0][1], h[1][0]), (0.0, 0.25, 0.25));
    assert!((h[1][1] - 4.0_f64.ln().powi(2)).abs() < 1e-15);
    assert_eq!(hessian(&graph, a.max(4.0) * a, &[a]), [[0.0]], "at a tie the constant is taken");
    assert_eq!(hessian(&graph, (b * a).abs(), &[a, b]), [[0.0, 0.0], [0.0, 0.0]]);
}

#[test]
fn what_was_not_selected_has_no_second_derivative() {
    let graph = Graph::new();
    let x = graph.value(-1.0);
    // The partial of √ at 0 is infinite, and is never used.
    assert_eq!(graph.hvp(x.max(0.0).sqrt() + x * x, &[x], &[1.0]), [2.0]);
    let y = graph.value(3.0);
    assert_eq!(graph.hvp(x * x, &[x, y], &[1.0, 5.0]), [2.0, 0.0]);
    assert_eq!(graph.hvp(y, &[x, y], &[1.0, 5.0]), [0.0, 0.0]);
}

#[test]
fn a_custom_operation_gives_its_second_derivatives() {
    let product = CustomOperation::new("product", |[a, b]: [f64; 2]| a * b, |[a, b]| [b, a])
        .with_second(|_, d| vec![d[1], d[0]]);
    let graph = Graph::new();
    let (x, y) = (graph.value(2.0), graph.value(5.0));
    let root = product.apply(&[x * x, y.sin()]);
    let expected = x * x * y.sin();
    for direction in [[1.0, 0.0], [0.0, 1.0], [0.5, -2.0]] {
        let (got, expected) =
            (graph.hvp(root, &[x, y], &direction), graph.hvp(expected, &[x, y], &direction));
        assert!(got.iter().zip(&expected).all(|(a, b)| (a - b).abs() < 1e-14));
    }
}

#[test]
#[should_panic(expected = "`lookup` has no second derivatives")]
fn one_without_them_panics() {
    let lookup = CustomOperation::new("lookup", |[a]: [f64; 1]| a * a, |[a]| [2.0 * a]);
    let graph = Graph::new();
    let x = graph.value(2.0);
    let _ = graph.hvp(lookup.apply(&[x]), &[x], &[1.0]);
}

#[test]
#[should_panic(expected = "there are 1 inputs, and 2 numbers in the direction")]
fn a_direction_has_a_number_for_each_input() {
    let graph = Graph::new();
    let x = graph.value(2.0);
    let _ = graph.hvp(x * x, &[x], &[1.0, 2.0]);
}
