//! Expressions that begin with a call and stand where a statement could: as a tail, an arm, the body of a closure.
use gradus::check::assert_gradient;
use gradus::differentiable;

#[differentiable]
fn pair(x: f64) -> [f64; 2] {
    [x * x, 3.0 * x]
}

#[differentiable]
fn parts(x: f64) -> (f64, f64) {
    (x * x, x)
}

#[differentiable]
fn tail(x: f64) -> f64 {
    pair(x)[0]
}

#[differentiable]
fn field(x: f64) -> f64 {
    parts(x).0
}

#[differentiable]
fn arm(x: f64) -> f64 {
    if x > 0.0 { pair(x)[0] } else { pair(x)[1] }
}

#[differentiable]
fn chosen(x: f64, n: usize) -> f64 {
    match n {
        0 => pair(x)[0],
        _ => {
            pair(x)[1]
        }
    }
}

#[differentiable]
fn closure(xs: &[f64]) -> f64 {
    let first = |x: f64| pair(x)[0];
    xs.iter().map(|x| pair(*x)[1] * first(*x)).sum()
}

#[differentiable]
fn on_graph(xs: &[f64]) -> f64 {
    xs.chunk_by(|a, b| a < b).map(|run| pair(run[0])[0]).sum::<f64>() + gradus::softmax(xs)[0]
}

#[differentiable]
fn soft(xs: &[f64]) -> f64 {
    gradus::softmax(xs)[0]
}

fn main() {
    assert_gradient!(tail, 2.0);
    assert_gradient!(field, 2.0);
    assert_gradient!(arm, 2.0);
    assert_gradient!(arm, -2.0);
    assert_gradient!(chosen, 2.0, 0);
    assert_gradient!(chosen, 2.0, 1);
    assert_gradient!(closure, &[1.0, 2.0]);
    assert_gradient!(on_graph, &[1.0, 2.0]);
    assert_gradient!(soft, &[1.0, 2.0]);
}
