/// A layer: a weighted sum for each row of weights,
/// bent by tanh.
#[differentiable]
fn layer(weights: &[Vec<f64>], biases: &[f64], inputs: &[f64]) -> Vec<f64> {
    let mut outputs = Vec::new();
    for (row, bias) in weights.iter().zip(biases) {
        let mut sum = *bias;
        for (weight, input) in row.iter().zip(inputs) {
            sum += weight * input;
        }
        outputs.push(sum.tanh());
    }
    outputs
}

/// A network of one hidden layer, and how far its
/// output is from the target.
#[differentiable]
fn loss(hidden: &[Vec<f64>], biases: &[f64], out: &[f64], x: &[f64], target: f64) -> f64 {
    let features = layer(hidden, biases, x);
    let mut prediction = 0.0;
    for (weight, feature) in out.iter().zip(&features) {
        prediction += weight * feature;
    }
    let error = prediction - target;
    error * error
}
