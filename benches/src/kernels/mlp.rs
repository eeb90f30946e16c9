//! A network 2-16-16-1 over one flat slice of parameters: its squared error on 100 samples.
//!
//! The parameters of a layer are the rows of its matrix, then its biases.

use super::Kernel;
use crate::data::{rows, uniform};
use crate::peers::Number;
use crate::session::Session;
use crate::variant::{Variant, on_graph};
use gradus::{Graph, differentiable};
use std::hint::black_box;

pub const TANH: Kernel = Kernel { name: "MLP 2-16-16-1, tanh", sizes: &[SAMPLES], run: run_tanh };
pub const RELU: Kernel = Kernel { name: "MLP 2-16-16-1, relu", sizes: &[SAMPLES], run: run_relu };

const SAMPLES: usize = 100;
/// Neurons of a hidden layer.
const H: usize = 16;
/// Where the parts begin: second matrix, its biases, last row, its bias. The first matrix begins at 0.
const BIAS_1: usize = 2 * H;
const ROWS_2: usize = BIAS_1 + H;
const BIAS_2: usize = ROWS_2 + H * H;
const ROW_3: usize = BIAS_2 + H;
const BIAS_3: usize = ROW_3 + H;

#[differentiable]
fn tanh_loss(parameters: &[f64], #[constant] inputs: &[[f64; 2]], #[constant] targets: &[f64]) -> f64 {
    let mut loss = 0.0;
    for (input, target) in inputs.iter().zip(targets) {
        let mut first = [0.0; H];
        for j in 0..H {
            let row = &parameters[2 * j..2 * j + 2];
            first[j] = (row[0] * input[0] + row[1] * input[1] + parameters[BIAS_1 + j]).tanh();
        }
        let mut second = [0.0; H];
        for j in 0..H {
            let row = &parameters[ROWS_2 + H * j..ROWS_2 + H * (j + 1)];
            let sum: f64 = row.iter().zip(&first).map(|(w, a)| w * a).sum();
            second[j] = (sum + parameters[BIAS_2 + j]).tanh();
        }
        let mut output = parameters[BIAS_3];
        for j in 0..H {
            output += parameters[ROW_3 + j] * second[j];
        }
        loss += (output - target).powi(2);
    }
    loss
}

#[differentiable]
fn relu_loss(parameters: &[f64], #[constant] inputs: &[[f64; 2]], #[constant] targets: &[f64]) -> f64 {
    let mut loss = 0.0;
    for (input, target) in inputs.iter().zip(targets) {
        let mut first = [0.0; H];
        for j in 0..H {
            let row = &parameters[2 * j..2 * j + 2];
            first[j] = (row[0] * input[0] + row[1] * input[1] + parameters[BIAS_1 + j]).max(0.0);
        }
        let mut second = [0.0; H];
        for j in 0..H {
            let row = &parameters[ROWS_2 + H * j..ROWS_2 + H * (j + 1)];
            let sum: f64 = row.iter().zip(&first).map(|(w, a)| w * a).sum();
            second[j] = (sum + parameters[BIAS_2 + j]).max(0.0);
        }
        let mut output = parameters[BIAS_3];
        for j in 0..H {
            output += parameters[ROW_3 + j] * second[j];
        }
        loss += (output - target).powi(2);
    }
    loss
}

/// Value and derivative of an activation: the derivative from the value.
type Activation = (fn(f64) -> f64, fn(f64) -> f64);

/// One pass over the samples, forward and back for each, whole rows at a time.
#[inline(always)]
#[allow(clippy::inline_always, reason = "so that the activation is known")]
fn by_hand(
    parameters: &[f64],
    inputs: &[[f64; 2]],
    targets: &[f64],
    gradient: &mut [f64],
    (activation, slope): Activation,
) -> f64 {
    let (first_layer, rest) = parameters.split_at(ROWS_2);
    let (rows_1, bias_1) = first_layer.split_at(BIAS_1);
    let (second_layer, last_layer) = rest.split_at(ROW_3 - ROWS_2);
    let (rows_2, bias_2) = second_layer.split_at(H * H);
    let (rows_1, rows_2) = (rows_1.as_chunks::<2>().0, rows_2.as_chunks::<H>().0);
    let (row_3, bias_3) = last_layer.split_first_chunk::<H>().expect("the last layer has a row");

    gradient.fill(0.0);
    let (by_first_layer, by_rest) = gradient.split_at_mut(ROWS_2);
    let (by_rows_1, by_bias_1) = by_first_layer.split_at_mut(BIAS_1);
    let (by_second_layer, by_last_layer) = by_rest.split_at_mut(ROW_3 - ROWS_2);
    let (by_rows_2, by_bias_2) = by_second_layer.split_at_mut(H * H);
    let (by_rows_1, by_rows_2) = (by_rows_1.as_chunks_mut::<2>().0, by_rows_2.as_chunks_mut::<H>().0);
    let (by_row_3, by_bias_3) = by_last_layer.split_first_chunk_mut::<H>().expect("the last layer has a row");

    let mut loss = 0.0;
    for (input, target) in inputs.iter().zip(targets) {
        let (mut first, mut second) = ([0.0; H], [0.0; H]);
        for j in 0..H {
            first[j] = activation(rows_1[j][0] * input[0] + rows_1[j][1] * input[1] + bias_1[j]);
        }
        for j in 0..H {
            second[j] = activation(rows_2[j].iter().zip(&first).map(|(w, a)| w * a).sum::<f64>() + bias_2[j]);
        }
        let output = row_3.iter().zip(&second).map(|(w, a)| w * a).sum::<f64>() + bias_3[0];
        let error = output - target;
        loss += error * error;

        let by_output = 2.0 * error;
        by_bias_3[0] += by_output;
        let mut by_first = [0.0; H];
        for j in 0..H {
            by_row_3[j] += by_output * second[j];
            let by_sum = by_output * row_3[j] * slope(second[j]);
            by_bias_2[j] += by_sum;
            for i in 0..H {
                by_rows_2[j][i] += by_sum * first[i];
                by_first[i] += by_sum * rows_2[j][i];
            }
        }
        for j in 0..H {
            let by_sum = by_first[j] * slope(first[j]);
            by_bias_1[j] += by_sum;
            by_rows_1[j][0] += by_sum * input[0];
            by_rows_1[j][1] += by_sum * input[1];
        }
    }
    loss
}

fn tanh_by_hand(parameters: &[f64], inputs: &[[f64; 2]], targets: &[f64], gradient: &mut [f64]) -> f64 {
    by_hand(parameters, inputs, targets, gradient, (f64::tanh, |y| 1.0 - y * y))
}

fn relu_by_hand(parameters: &[f64], inputs: &[[f64; 2]], targets: &[f64], gradient: &mut [f64]) -> f64 {
    let slope = |y| if y > 0.0 { 1.0 } else { 0.0 };
    by_hand(parameters, inputs, targets, gradient, (|x| x.max(0.0), slope))
}

fn of_numbers<T: Number>(
    parameters: &[T],
    inputs: &[[f64; 2]],
    targets: &[f64],
    activation: impl Fn(T) -> T,
) -> T {
    let mut loss = parameters[0].constant(0.0);
    for (input, &target) in inputs.iter().zip(targets) {
        let first: [T; H] = std::array::from_fn(|j| {
            let row = &parameters[2 * j..];
            activation(row[0] * input[0] + row[1] * input[1] + parameters[BIAS_1 + j])
        });
        let dense = |row: usize, bias: usize, inputs: &[T; H]| {
            let mut sum = parameters[bias];
            for (&w, &a) in parameters[row..].iter().zip(inputs) {
                sum = sum + w * a;
            }
            sum
        };
        let second: [T; H] = std::array::from_fn(|j| activation(dense(ROWS_2 + H * j, BIAS_2 + j, &first)));
        let error = dense(ROW_3, BIAS_3, &second) - target;
        loss = loss + error * error;
    }
    loss
}

fn relu_of_number<T: Number>(x: T) -> T {
    if x.value() > 0.0 { x } else { x.constant(0.0) }
}

/// Parameters, inputs and targets.
fn data(samples: usize) -> (Vec<f64>, Vec<[f64; 2]>, Vec<f64>) {
    (uniform(BIAS_3 + 1, 11, -1.0..1.0), rows(samples, 12, -1.0..1.0), uniform(samples, 13, -1.0..1.0))
}

fn run_tanh(samples: usize, session: &mut Session) {
    let (parameters, inputs, targets) = data(samples);
    let (p, x, y) = (&parameters[..], &inputs[..], &targets[..]);
    let graph = Graph::new();
    let values = on_graph(&graph, p);
    let zeros = || vec![0.0; p.len()];
    let variants = vec![
        Variant::hand(zeros(), |g| tanh_by_hand(black_box(p), x, y, g)),
        Variant::grad_add(tanh_loss::BACKEND, zeros(), |g| tanh_loss_grad_add(black_box(p), x, y, g)),
        Variant::grad(|| tanh_loss_grad(black_box(p), x, y)),
        Variant::graph(&graph, &values, |v| tanh_loss::on_values(v, x, y)),
        Variant::reverse(p, |v| of_numbers(v, x, y, Number::tanh)),
    ];
    session.measure(Some(samples), variants);
}

fn run_relu(samples: usize, session: &mut Session) {
    let (parameters, inputs, targets) = data(samples);
    let (p, x, y) = (&parameters[..], &inputs[..], &targets[..]);
    let graph = Graph::new();
    let values = on_graph(&graph, p);
    let zeros = || vec![0.0; p.len()];
    let variants = vec![
        Variant::hand(zeros(), |g| relu_by_hand(black_box(p), x, y, g)),
        Variant::grad_add(relu_loss::BACKEND, zeros(), |g| relu_loss_grad_add(black_box(p), x, y, g)),
        Variant::grad(|| relu_loss_grad(black_box(p), x, y)),
        Variant::graph(&graph, &values, |v| relu_loss::on_values(v, x, y)),
        Variant::reverse(p, |v| of_numbers(v, x, y, relu_of_number)),
    ];
    session.measure(Some(samples), variants);
}
