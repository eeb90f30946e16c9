/// A neuron: two inputs, two weights, a bias.
#[differentiable]
fn neuron(x1: f64, x2: f64, w1: f64, w2: f64, b: f64) -> f64 {
    let s = w1 * x1 + w2 * x2;
    let n = s + b;
    n.tanh()
}
