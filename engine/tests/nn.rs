//! Networks: what they print, compute and learn from, against `PyTorch` and against a plain function.
#![cfg(feature = "nn")]

use gradus::nn::{
    Activation, Layer, Mlp, Neuron, Scalar, argmax, cross_entropy, l2, log_softmax, max_margin,
    mean_cross_entropy, mean_squared_error,
};
use gradus::{Graph, differentiable};

#[test]
fn networks_print_like_micrograds() {
    let network = Mlp::new(3, &[4, 4, 1], 1);
    let four = "ReLUNeuron(3), ReLUNeuron(3), ReLUNeuron(3), ReLUNeuron(3)";
    let text = format!(
        "MLP of [Layer of [{four}], Layer of [{}], Layer of [LinearNeuron(4)]]",
        four.replace('3', "4")
    );
    assert_eq!(network.to_string(), text);
    assert_eq!(Neuron::new(2, Activation::Tanh, 0).to_string(), "TanhNeuron(2)");
    assert_eq!(
        Layer::new(2, 2, Activation::Linear, 0).to_string(),
        "Layer of [LinearNeuron(2), LinearNeuron(2)]"
    );
}

#[test]
fn initial_weights_fill_their_range_and_follow_the_seed() {
    let network = Mlp::new(10, &[50, 1], 3);
    assert_eq!(network.parameters().len(), 50 * 11 + 51);
    assert_eq!(network, Mlp::new(10, &[50, 1], 3));
    assert_ne!(network, Mlp::new(10, &[50, 1], 4));
    let weights: Vec<f64> = network.layers[0].neurons.iter().flat_map(|n| n.weights.clone()).collect();
    let mean = weights.iter().sum::<f64>() / 500.0;
    let mean_square = weights.iter().map(|w| w * w).sum::<f64>() / 500.0;
    // Uniform in ±1: mean 0, variance 1/3; five standard errors of 500 draws.
    assert!(mean.abs() < 5.0 * (1.0_f64 / 3.0 / 500.0).sqrt(), "{mean}");
    assert!((mean_square - 1.0 / 3.0).abs() < 5.0 * (4.0_f64 / 45.0 / 500.0).sqrt(), "{mean_square}");
    assert!(weights.iter().all(|w| (-1.0..1.0).contains(w)));
    assert!(network.layers.iter().flat_map(|l| &l.neurons).all(|n| n.bias == 0.0));
    let scaled = network.clone().scaled();
    let ratio = scaled.layers[0].neurons[0].weights[0] / network.layers[0].neurons[0].weights[0];
    assert!((ratio - 0.1_f64.sqrt()).abs() < 1e-15);
}

#[test]
fn parameters_come_and_go_in_order() {
    let mut network = Mlp::new(2, &[2, 1], 0);
    let row: Vec<f64> = (0..9).map(f64::from).collect();
    network.set_parameters(&row);
    assert_eq!(network.parameters(), row);
    assert_eq!(network.layers[0].neurons[1].weights, [3.0, 4.0]);
    assert_eq!(network.layers[1].neurons[0].bias, 8.0);
    assert_eq!(network.on(&Graph::new()).plain(), network);
}

#[test]
#[should_panic(expected = "8 parameters for a network of 9")]
fn a_row_of_another_length_is_refused() {
    Mlp::new(2, &[2, 1], 0).set_parameters(&[0.0; 8]);
}

#[test]
#[should_panic(expected = "3 inputs for a neuron with 2 weights")]
fn inputs_of_another_number_are_refused() {
    Mlp::new(2, &[2, 1], 0).forward(&[0.0; 3]);
}

#[test]
#[should_panic(expected = "a network needs a layer")]
fn a_network_without_layers_is_refused() {
    Mlp::new(2, &[], 0);
}

// ── PyTorch ──────────────────────────────────────────────────────────────────────────────────────

/// The numbers of one case of `tests/reference/nn.csv`.
fn reference(case: &str) -> Vec<f64> {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/reference/nn.csv");
    let text = std::fs::read_to_string(path).expect(path);
    let mut rows = text.lines().map(|line| line.split(',').collect::<Vec<_>>());
    let row = rows.find(|cells| cells[0] == case).expect(case);
    row[1..].iter().map(|cell| cell.parse().unwrap()).collect()
}

#[track_caller]
fn assert_close(ours: &[f64], theirs: &[f64], what: &str) {
    assert_eq!(ours.len(), theirs.len(), "{what}");
    let scale = theirs.iter().fold(0.0_f64, |most, x| most.max(x.abs()));
    for (a, b) in ours.iter().zip(theirs) {
        assert!((a - b).abs() <= 1e-12 * scale, "{what}: {a}, but PyTorch has {b}");
    }
}

/// The losses of `tests/reference/nn.py` on its six samples.
fn reference_loss<T: Scalar>(network: &Mlp<T>, loss: &str) -> T {
    let sample = |i: i32| [0, 1, 2].map(|j| f64::from(1 + 3 * i + j).sin());
    let outputs: Vec<Vec<T>> = (0..6).map(|i| network.forward(&sample(i))).collect();
    let first: Vec<T> = outputs.iter().map(|output| output[0]).collect();
    match loss {
        "mean_squared_error" => mean_squared_error(&first, &[0, 1, 2, 3, 4, 5].map(|i| f64::from(i).cos())),
        "max_margin" => max_margin(&first, &[1.0, -1.0, 1.0, 1.0, -1.0, -1.0]),
        _ => mean_cross_entropy(&outputs, &[0, 1, 2, 2, 1, 0]),
    }
}

#[test]
fn losses_and_gradients_are_those_of_pytorch() {
    use Activation::{Gelu, Relu, Sigmoid, Silu, Softplus, Tanh};
    for (name, activation) in [
        ("relu", Relu),
        ("tanh", Tanh),
        ("sigmoid", Sigmoid),
        ("softplus", Softplus),
        ("gelu", Gelu),
        ("silu", Silu),
    ] {
        let mut network = Mlp::new(3, &[5, 4, 3], 0).hidden(activation);
        let row: Vec<f64> = (0..59).map(|k| (2.0 * f64::from(k) + 0.5).sin()).collect();
        network.set_parameters(&row);
        for loss in ["mean_squared_error", "max_margin", "cross_entropy"] {
            let case = format!("{name}/{loss}");
            let (value, gradient) = network.value_and_grad(|network| reference_loss(network, loss));
            assert_close(&[&[value], gradient.as_slice()].concat(), &reference(&case), &case);
            assert_eq!(value, reference_loss(&network, loss), "{case} on plain numbers");
        }
    }
}

#[test]
fn log_softmax_is_that_of_pytorch() {
    assert_close(&log_softmax(&[1.0, -2.0, 0.5, 30.0]), &reference("log_softmax"), "log_softmax");
    assert_close(&log_softmax(&[1e3, 1001.0, -1e3]), &reference("log_softmax_large"), "large scores");
}

// ── The same network as a plain function ─────────────────────────────────────────────────────────

/// The max-margin loss with L2 of a network 2-16-16-1 over one flat slice, as in micrograd's demo.
#[differentiable]
fn demo_loss(parameters: &[f64], #[constant] points: &[[f64; 2]], #[constant] signs: &[f64]) -> f64 {
    let mut margin = 0.0;
    for (point, sign) in points.iter().zip(signs) {
        let mut first = [0.0; 16];
        for i in 0..16 {
            let w = &parameters[3 * i..3 * i + 3];
            first[i] = (w[2] + w[0] * point[0] + w[1] * point[1]).max(0.0);
        }
        let mut second = [0.0; 16];
        for i in 0..16 {
            let w = &parameters[48 + 17 * i..48 + 17 * (i + 1)];
            let mut sum = w[16];
            for j in 0..16 {
                sum += w[j] * first[j];
            }
            second[i] = sum.max(0.0);
        }
        let last = &parameters[320..];
        let mut score = last[16];
        for j in 0..16 {
            score += last[j] * second[j];
        }
        margin += (1.0 - sign * score).max(0.0);
    }
    let squares: f64 = parameters.iter().map(|w| w * w).sum();
    margin / points.len() as f64 + 1e-4 * squares
}

#[test]
fn a_network_and_the_plain_function_have_the_same_gradients() {
    let network = Mlp::new(2, &[16, 16, 1], 1337);
    let moons = gradus::datasets::moons(20, 0.1, 1337);
    let signs = moons.signs();
    let (value, gradient) = network.value_and_grad(|network| {
        let scores: Vec<_> = moons.inputs.iter().map(|x| network.forward(x)[0]).collect();
        max_margin(&scores, &signs) + l2(&network.parameters()) * 1e-4
    });
    let (same, plain) = demo_loss_grad(&network.parameters(), &moons.inputs, &signs);
    assert!((value - same).abs() <= 1e-14 * value, "{value} and {same}");
    let scale = plain.iter().fold(0.0_f64, |most, x| most.max(x.abs()));
    assert!(scale > 0.1 && plain.len() == 337);
    for (index, (a, b)) in gradient.iter().zip(&plain).enumerate() {
        assert!((a - b).abs() <= 1e-12 * b.abs().max(1e-3 * scale), "parameter {index}: {a} and {b}");
    }
}

// ── Corners ──────────────────────────────────────────────────────────────────────────────────────

#[test]
fn gradients_add_up_until_zero_grad() {
    let graph = Graph::new();
    let network = Mlp::new(1, &[1], 0).on(&graph);
    for _ in 0..2 {
        network.forward(&[3.0])[0].backward();
    }
    assert_eq!(network.gradient(), [6.0, 2.0]);
    network.zero_grad();
    assert_eq!(network.gradient(), [0.0, 0.0]);
}

#[test]
fn activations_are_set_where_they_belong() {
    let network = Mlp::new(2, &[2, 2, 1], 0).hidden(Activation::Tanh).output(Activation::Sigmoid);
    let activations: Vec<_> = network.layers.iter().map(|layer| layer.neurons[0].activation).collect();
    assert_eq!(activations, [Activation::Tanh, Activation::Tanh, Activation::Sigmoid]);
}

#[test]
fn argmax_passes_over_nan() {
    assert_eq!(argmax(&[f64::NAN, -1.0, 0.5]), 2);
    assert_eq!(argmax(&[f64::NEG_INFINITY, f64::NEG_INFINITY]), 0);
}

#[test]
#[should_panic(expected = "2 outputs, but 1 targets")]
fn targets_of_another_number_are_refused() {
    mean_squared_error(&[1.0, 2.0], &[1.0]);
}

#[test]
#[should_panic(expected = "the mean loss of no outputs")]
fn an_empty_batch_is_refused() {
    max_margin::<f64>(&[], &[]);
}

#[test]
#[should_panic(expected = "class 2 of 2")]
fn a_class_without_a_score_is_refused() {
    cross_entropy(&[0.0, 1.0], 2);
}
