//! The likelihood of a mixture of 5 Gaussians with diagonal covariances, for their means, the logarithms of their precisions and
//! their weights: loops in loops, a sum of exponentials.

use super::Kernel;
use crate::data::uniform;
use crate::peers::Number;
use crate::session::Session;
use crate::variant::{Variant, on_graph};
use gradus::{Graph, differentiable};
use std::hint::black_box;

/// By the number of dimensions.
pub const KERNEL: Kernel = Kernel { name: "Gaussian mixture, 500 points", sizes: &[2, 10], run };

const POINTS: usize = 500;
const PARTS: usize = 5;

#[differentiable]
fn mixture(means: &[f64], precisions: &[f64], weights: &[f64], #[constant] points: &[f64], d: usize) -> f64 {
    let parts = weights.len();
    let mut total = 0.0;
    for i in 0..points.len() / d {
        let mut terms = vec![0.0; parts];
        for k in 0..parts {
            let mut sum = 0.0;
            for j in 0..d {
                let z = (points[i * d + j] - means[k * d + j]) * precisions[k * d + j].exp();
                sum += precisions[k * d + j] - 0.5 * z * z;
            }
            terms[k] = weights[k] + sum;
        }
        let most = terms.iter().fold(f64::NEG_INFINITY, |most, term| most.max(*term));
        let sum: f64 = terms.iter().map(|term| (term - most).exp()).sum();
        total += most + sum.ln();
    }
    total
}

/// What the hand-written gradient keeps between calls.
struct Room {
    terms: [f64; PARTS],
    /// The exponentials of the precisions, which are the same for every point.
    scales: Vec<f64>,
}

type Gradient = (Vec<f64>, Vec<f64>, Vec<f64>);

/// The derivative by a term is the share that its part has in a point.
fn by_hand(
    [means, precisions, weights]: [&[f64]; 3],
    points: &[f64],
    d: usize,
    (by_mean, by_precision, by_weight): &mut Gradient,
    Room { terms, scales }: &mut Room,
) -> f64 {
    for gradient in [&mut *by_mean, by_precision, by_weight] {
        gradient.fill(0.0);
    }
    scales.clear();
    scales.extend(precisions.iter().map(|precision| precision.exp()));
    let mut total = 0.0;
    for point in points.chunks_exact(d) {
        let parts = means.chunks_exact(d).zip(precisions.chunks_exact(d)).zip(scales.chunks_exact(d));
        for ((term, weight), ((mean, precision), scale)) in terms.iter_mut().zip(weights).zip(parts) {
            let mut sum = 0.0;
            for j in 0..d {
                let z = (point[j] - mean[j]) * scale[j];
                sum += precision[j] - 0.5 * z * z;
            }
            *term = weight + sum;
        }
        let most = terms.iter().fold(f64::NEG_INFINITY, |most, term| most.max(*term));
        terms.iter_mut().for_each(|term| *term = (*term - most).exp());
        let sum: f64 = terms.iter().sum();
        total += most + sum.ln();
        for (k, term) in terms.iter().enumerate() {
            let share = term / sum;
            by_weight[k] += share;
            let own = k * d..(k + 1) * d;
            let (by_mean, by_precision) = (&mut by_mean[own.clone()], &mut by_precision[own.clone()]);
            let (mean, scale) = (&means[own.clone()], &scales[own]);
            for j in 0..d {
                let z = (point[j] - mean[j]) * scale[j];
                by_mean[j] += share * z * scale[j];
                by_precision[j] += share * (1.0 - z * z);
            }
        }
    }
    total
}

fn of_numbers<T: Number>(all: &[T], points: &[f64], d: usize) -> T {
    let (means, rest) = all.split_at(PARTS * d);
    let (precisions, weights) = rest.split_at(PARTS * d);
    let mut total = all[0].constant(0.0);
    for point in points.chunks_exact(d) {
        let term = |k: usize| {
            let mut sum = weights[k];
            for (j, &x) in point.iter().enumerate() {
                let z = means[k * d + j].taken_from(x) * precisions[k * d + j].exp();
                sum = sum + precisions[k * d + j] - z * z * 0.5;
            }
            sum
        };
        let terms: [T; PARTS] = std::array::from_fn(term);
        let most = terms.iter().fold(f64::NEG_INFINITY, |most, term| most.max(term.value()));
        let exponentials = terms.map(|term| (term - most).exp());
        let sum = exponentials[1..].iter().fold(exponentials[0], |sum, &term| sum + term);
        total = total + sum.ln() + most;
    }
    total
}

fn run(d: usize, session: &mut Session) {
    let numbers = uniform(PARTS * (2 * d + 1), 12, -0.5..0.5);
    let (means, rest) = numbers.split_at(PARTS * d);
    let (precisions, weights) = rest.split_at(PARTS * d);
    let points = uniform(POINTS * d, 13, -2.0..2.0);
    let graph = Graph::new();
    let values = on_graph(&graph, &numbers);
    let mut room = Room { terms: [0.0; PARTS], scales: Vec::new() };
    let zeros = || (vec![0.0; PARTS * d], vec![0.0; PARTS * d], vec![0.0; PARTS]);
    let variants = vec![
        Variant::hand(zeros(), |g| {
            by_hand(black_box([means, precisions, weights]), &points, d, g, &mut room)
        }),
        Variant::grad_add(mixture::BACKEND, zeros(), |(by_mean, by_precision, by_weight)| {
            let [means, precisions, weights] = black_box([means, precisions, weights]);
            mixture_grad_add(means, precisions, weights, &points, d, by_mean, by_precision, by_weight)
        }),
        Variant::grad(|| mixture_grad(black_box(means), precisions, weights, &points, d)),
        Variant::graph(&graph, &values, |v| {
            let (means, rest) = v.split_at(PARTS * d);
            let (precisions, weights) = rest.split_at(PARTS * d);
            mixture::on_values(means, precisions, weights, &points, d)
        }),
        Variant::reverse(&numbers, |v| of_numbers(v, &points, d)),
    ];
    session.measure(Some(POINTS * PARTS), variants);
}
