use gradus::differentiable;

/// A neuron of two inputs.
#[differentiable]
pub fn neuron(x: f64, y: f64, w: f64, b: f64) -> f64 {
    let n = x * w + y * y + b;
    let activation = n.tanh();
    activation / (1.0 + x.powi(2))
}
