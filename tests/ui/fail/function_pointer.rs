use gradus::differentiable;

#[differentiable]
fn layer(#[constant] activation: fn(f64) -> f64, xs: &[f64], bias: f64) -> f64 {
    let outputs: Vec<f64> = xs.iter().copied().map(activation).collect();
    outputs.iter().sum::<f64>() + activation(bias)
}

fn main() {
    println!("{:?}", layer_grad(f64::tanh, &[1.0], 2.0));
}
