//! The rewritten functions on `Value`s of the caller's own graph.

use gradus::{Graph, Value, differentiable};

use super::harness::assert_close;

#[differentiable(second)]
fn saddle(x: f64, y: f64) -> f64 {
    x * x * y - y.sin()
}

#[test]
fn scalars() {
    let graph = Graph::new();
    let (x, y) = (graph.value(1.5), graph.value(-0.4));
    // The caller goes on with the result, and uses an argument again.
    let result = saddle::on_values(x, y) * 3.0 + x;
    assert_eq!(result.data().to_bits(), (saddle(1.5, -0.4) * 3.0 + 1.5).to_bits());
    result.backward();
    let expected = [3.0 * 2.0 * 1.5 * -0.4 + 1.0, 3.0 * (1.5 * 1.5 - (-0.4_f64).cos())];
    assert_close("scalars", &[x.grad(), y.grad()], &expected, 1e-12, 1.0);
}

#[differentiable(second)]
fn weighted(xs: &[f64], ws: [f64; 2], power: i32, #[constant] offset: f64) -> f64 {
    let mut s = offset;
    for (x, w) in xs.iter().zip(ws) {
        s += w * x.powi(power);
    }
    s
}

#[test]
fn slices_arrays_and_passive_data() {
    let graph = Graph::new();
    let xs: Vec<Value> = [2.0, 0.5].iter().map(|&x| graph.value(x)).collect();
    // A constant may stand where a `Value` is taken.
    let ws = [graph.value(3.0), Value::from(4.0)];
    let result = weighted::on_values(&xs, ws, 3, 0.25);
    assert_eq!(result.data(), weighted(&[2.0, 0.5], [3.0, 4.0], 3, 0.25));
    result.backward();
    let gradients = [xs[0].grad(), xs[1].grad(), ws[0].grad()];
    assert_close("slices", &gradients, &[3.0 * 12.0, 4.0 * 0.75, 8.0], 1e-12, 1.0);
}

#[test]
fn operations_are_linked_to_their_source() {
    crate::corpus::spans::check(&saddle_graph(1.0, 2.0));
    crate::corpus::spans::check(&weighted_graph(&[1.0, 2.0], [0.5, 0.25], 2, 1.0));
}
