//! Networks of layers with methods.

use gradus::{Activations, Differentiable, differentiable};

#[derive(Clone, Debug, Differentiable)]
struct Layer {
    weights: Vec<Vec<f64>>,
    biases: Vec<f64>,
    is_last: bool,
}

#[differentiable]
impl Layer {
    fn forward(&self, x: &[f64]) -> Vec<f64> {
        let mut out = Vec::with_capacity(self.biases.len());
        for (row, bias) in self.weights.iter().zip(&self.biases) {
            let mut sum = *bias;
            for (w, x) in row.iter().zip(x) {
                sum += w * x;
            }
            out.push(if self.is_last { sum } else { sum.tanh() });
        }
        out
    }
}

#[derive(Clone, Debug, Differentiable)]
struct Mlp {
    layers: Vec<Layer>,
}

#[differentiable]
impl Mlp {
    fn forward(&self, x: &[f64]) -> Vec<f64> {
        let mut x = x.to_vec();
        for layer in &self.layers {
            x = layer.forward(&x);
        }
        x
    }

    fn loss(&self, #[constant] x: &[f64], #[constant] y: &[f64]) -> f64 {
        let out = self.forward(x);
        out.iter().zip(y).map(|(o, y)| (o - y).powi(2)).sum()
    }
}

fn layer(inputs: usize, outputs: usize, is_last: bool) -> Layer {
    let number = |i: usize, j: usize| ((3 * i + 5 * j) as f64).sin() * 0.5;
    Layer {
        weights: (0..outputs).map(|i| (0..inputs).map(|j| number(i, j)).collect()).collect(),
        biases: (0..outputs).map(|i| 0.1 * i as f64).collect(),
        is_last,
    }
}

fn mlp() -> Mlp {
    Mlp { layers: vec![layer(2, 3, false), layer(3, 2, true)] }
}

case! {
    Layer::FORWARD_BACKEND => Compiled;
    Layer::forward, Layer::forward_vjp, Layer::forward_jacobian, Layer::forward_graph;
    with layer_forward |layer: Layer, x: Vec<f64>| (&layer, &x);
    at (layer(2, 3, false), vec![0.5, -1.0]);
}

case! {
    Mlp::FORWARD_BACKEND => Compiled;
    Mlp::forward, Mlp::forward_vjp, Mlp::forward_jacobian, Mlp::forward_graph;
    with mlp_forward |mlp: Mlp, x: Vec<f64>| (&mlp, &x);
    at (mlp(), vec![0.5, -1.0]);
}

case! {
    Mlp::LOSS_BACKEND => Compiled;
    Mlp::loss, Mlp::loss_grad, Mlp::loss_graph;
    with mlp_loss |mlp: Mlp| (&mlp, &[0.5, -1.0], &[1.0, 0.0]);
    at mlp();
}

/// Layers whose sizes are in their types.
#[derive(Clone, Copy, Debug, Differentiable)]
struct Dense<const IN: usize, const OUT: usize> {
    weights: [[f64; IN]; OUT],
    bias: [f64; OUT],
}

#[differentiable]
impl<const IN: usize, const OUT: usize> Dense<IN, OUT> {
    fn forward(&self, x: [f64; IN]) -> [f64; OUT] {
        let mut out = self.bias;
        for o in 0..OUT {
            for i in 0..IN {
                out[o] += self.weights[o][i] * x[i];
            }
            out[o] = out[o].sigmoid();
        }
        out
    }
}

#[derive(Clone, Copy, Debug, Differentiable)]
struct Autoencoder {
    encoder: Dense<3, 2>,
    decoder: Dense<2, 3>,
}

#[differentiable]
impl Autoencoder {
    fn error(&self, x: [f64; 3]) -> f64 {
        let code = self.encoder.forward(x);
        let back = self.decoder.forward(code);
        let mut sum = 0.0;
        for i in 0..3 {
            sum += (back[i] - x[i]).powi(2);
        }
        sum
    }
}

case! {
    Autoencoder::ERROR_BACKEND => Compiled;
    Autoencoder::error, Autoencoder::error_grad, Autoencoder::error_graph;
    with autoencoder |net: Autoencoder, x: [f64; 3]| (&net, x);
    at (Autoencoder {
        encoder: Dense { weights: [[0.1, 0.2, -0.3], [0.5, -0.4, 0.2]], bias: [0.1, -0.1] },
        decoder: Dense { weights: [[0.3, 0.2], [0.5, -0.7], [-0.2, 0.6]], bias: [0.0, 0.2, 0.1] },
    }, [0.3, 0.9, 0.5]);
}

/// A recurrent cell, its state a struct.
#[derive(Clone, Copy, Debug, Differentiable)]
struct Memory {
    cell: f64,
    hidden: f64,
}

#[derive(Clone, Copy, Debug, Differentiable)]
struct Gate {
    input: f64,
    recurrent: f64,
    bias: f64,
}

#[differentiable]
impl Gate {
    fn of(&self, x: f64, h: f64) -> f64 {
        self.input * x + self.recurrent * h + self.bias
    }
}

#[derive(Clone, Copy, Debug, Differentiable)]
struct Lstm {
    forget: Gate,
    write: Gate,
    output: Gate,
    candidate: Gate,
}

#[differentiable]
impl Lstm {
    fn step(&self, m: Memory, x: f64) -> Memory {
        let forget = self.forget.of(x, m.hidden).sigmoid();
        let write = self.write.of(x, m.hidden).sigmoid();
        let output = self.output.of(x, m.hidden).sigmoid();
        let cell = forget * m.cell + write * self.candidate.of(x, m.hidden).tanh();
        Memory { cell, hidden: output * cell.tanh() }
    }

    fn last(&self, sequence: &[f64]) -> f64 {
        let mut memory = Memory { cell: 0.0, hidden: 0.0 };
        for &x in sequence {
            memory = self.step(memory, x);
        }
        memory.hidden
    }
}

fn lstm() -> Lstm {
    let gate = |k: f64| Gate { input: k, recurrent: 0.5 - k, bias: 0.1 * k };
    Lstm { forget: gate(0.3), write: gate(-0.2), output: gate(0.7), candidate: gate(1.1) }
}

case! {
    Lstm::STEP_BACKEND => Compiled;
    Lstm::step, Lstm::step_vjp, Lstm::step_jacobian, Lstm::step_graph;
    with lstm_step |lstm: Lstm, m: Memory, x: f64| (&lstm, m, x);
    at (lstm(), Memory { cell: 0.2, hidden: -0.4 }, 0.8);
}

case! {
    Lstm::LAST_BACKEND => Compiled;
    Lstm::last, Lstm::last_grad, Lstm::last_graph;
    with lstm_last |lstm: Lstm, sequence: Vec<f64>| (&lstm, &sequence);
    at (lstm(), vec![0.8, -0.3, 0.5]);
}
