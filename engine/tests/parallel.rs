//! Sums over cores: the same bits as a sum over the chunks one after the other.
#![cfg(all(feature = "parallel", feature = "nn"))]

use gradus::differentiable;
use gradus::nn::{Mlp, Scalar, max_margin};
use gradus::{datasets, parallel};

const SAMPLES: usize = 101;

fn loss<T: Scalar>(network: &Mlp<T>, inputs: &[[f64; 2]], signs: &[f64]) -> T {
    let scores: Vec<T> = inputs.iter().map(|x| network.forward(x)[0]).collect();
    max_margin(&scores, signs) * scores.len() as f64
}

fn bits(numbers: &[f64]) -> Vec<u64> {
    numbers.iter().map(|x| x.to_bits()).collect()
}

#[test]
fn networks_sum_to_the_same_bits_on_any_number_of_cores() {
    let network = Mlp::new(2, &[8, 1], 2);
    let data = datasets::moons(SAMPLES, 0.1, 3);
    let signs = data.signs();
    let of = |range: std::ops::Range<usize>| {
        network.value_and_grad(|network| loss(network, &data.inputs[range.clone()], &signs[range]))
    };
    for chunks in [1, 2, 7, SAMPLES, 1000] {
        // By hand: every chunk's gradient, added up in order.
        let used = chunks.min(SAMPLES);
        let (mut total, mut sum) = (0.0, vec![0.5; network.parameters().len()]);
        for chunk in 0..used {
            let (value, gradient) = of(SAMPLES * chunk / used..SAMPLES * (chunk + 1) / used);
            total += value;
            sum.iter_mut().zip(gradient).for_each(|(sum, derivative)| *sum += derivative);
        }
        for cores in [1, 2, 5] {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(cores).build().unwrap();
            let mut gradient = vec![0.5; sum.len()]; // what is there stays
            let value = pool.install(|| {
                parallel::sum_gradients(SAMPLES, chunks, &mut gradient, |range, buffer| {
                    let (value, gradient) = of(range);
                    buffer.iter_mut().zip(gradient).for_each(|(sum, derivative)| *sum += derivative);
                    value
                })
            });
            assert_eq!(value.to_bits(), total.to_bits(), "{chunks} chunks on {cores} cores");
            assert_eq!(bits(&gradient), bits(&sum), "{chunks} chunks on {cores} cores");
        }
    }
}

#[differentiable]
fn squares(p: &[f64], #[constant] xs: &[f64]) -> f64 {
    xs.iter().map(|x| (p[0] * x + p[1]).tanh().powi(2)).sum()
}

#[test]
fn companions_serve_and_chunks_only_round() {
    let xs: Vec<f64> = (0..1000).map(|i| (f64::from(i) * 0.7).sin()).collect();
    let p = [0.3, -0.4];
    let (whole, gradient) = squares_grad(&p, &xs);
    let mut sum = [0.0; 2];
    let total = parallel::sum_gradients(xs.len(), 16, &mut sum, |range, buffer| {
        squares_grad_add(&p, &xs[range], buffer)
    });
    assert!((total - whole).abs() <= 1e-12 * whole);
    assert!(sum.iter().zip(&gradient).all(|(a, b)| (a - b).abs() <= 1e-12 * b.abs()));
}

#[test]
fn a_sum_over_no_samples_changes_nothing() {
    let mut gradient = [1.0, 2.0];
    let value = parallel::sum_gradients(0, 4, &mut gradient, |_, _| unreachable!("there is nothing to add"));
    assert_eq!((value, gradient), (0.0, [1.0, 2.0]));
}
