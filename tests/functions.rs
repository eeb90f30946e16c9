//! `softmax` and `log_sum_exp`: against closed forms and differences, where naive forms overflow, and at the edges.

use gradus::functions::{
    log_sum_exp_grad, log_sum_exp_grad_add, log_sum_exp_graph, softmax_jacobian, softmax_vjp,
};
use gradus::{Graph, differentiable, log_sum_exp, softmax};

const MODERATE: [&[f64]; 4] = [&[0.0], &[1.0, 2.0, 4.0], &[-3.0, 0.5, 0.5, 2.25], &[1e-9, -1e-9]];

/// Where `exp` alone overflows or underflows: the offset is exact in an `f64`, so the shares are those without it.
const OFFSETS: [f64; 5] = [0.0, 1e3, -1e3, 1048576.0, -1048576.0];

/// The textbook's formula.
fn shares(xs: &[f64]) -> Vec<f64> {
    let total: f64 = xs.iter().map(|x| x.exp()).sum();
    xs.iter().map(|x| x.exp() / total).collect()
}

fn close(what: &str, ours: &[f64], reference: &[f64], tolerance: f64) {
    assert_eq!(ours.len(), reference.len(), "{what}: {ours:?}, {reference:?}");
    for (o, r) in ours.iter().zip(reference) {
        assert!((o - r).abs() <= tolerance * r.abs().max(1e-3), "{what}: {ours:?} is not {reference:?}");
    }
}

/// The partial derivative for `xs[at]`, by central differences and one step of Richardson's extrapolation.
fn difference(function: impl Fn(&[f64]) -> f64, xs: &[f64], at: usize) -> f64 {
    let slope = |step: f64| {
        let mut moved = xs.to_vec();
        moved[at] = xs[at] + step;
        let above = function(&moved);
        moved[at] = xs[at] - step;
        (above - function(&moved)) / (2.0 * step)
    };
    let step = 1.0 / 512.0;
    (4.0 * slope(step / 2.0) - slope(step)) / 3.0
}

fn differences(function: impl Fn(&[f64]) -> f64, xs: &[f64]) -> Vec<f64> {
    (0..xs.len()).map(|at| difference(&function, xs, at)).collect()
}

/// The points, and what the shares are there.
fn points() -> impl Iterator<Item = (Vec<f64>, Vec<f64>)> {
    MODERATE.iter().flat_map(|xs| {
        OFFSETS.iter().filter_map(|offset| {
            let moved: Vec<f64> = xs.iter().map(|x| x + offset).collect();
            let exact = moved.iter().zip(*xs).all(|(moved, x)| moved - offset == *x);
            exact.then(|| (moved, shares(xs)))
        })
    })
}

#[test]
fn softmax_is_the_textbooks_where_that_does_not_overflow() {
    for (xs, shares) in points() {
        close("softmax", &softmax(&xs), &shares, 1e-14);
    }
    assert_eq!(softmax(&[1e3, -1e3]), [1.0, 0.0]);
}

#[test]
fn log_sum_exp_is_the_logarithm_of_the_sum() {
    for xs in MODERATE {
        let naive = xs.iter().map(|x| x.exp()).sum::<f64>().ln();
        for offset in OFFSETS {
            let moved: Vec<f64> = xs.iter().map(|x| x + offset).collect();
            assert!(
                (log_sum_exp(&moved) - (naive + offset)).abs() <= 1e-15 * (offset.abs() + 8.0),
                "{moved:?}"
            );
        }
    }
    assert_eq!(log_sum_exp(&[1e3, -1e3]), 1e3);
}

#[test]
fn the_gradient_of_log_sum_exp_is_softmax() {
    for (xs, shares) in points() {
        let (value, gradient) = log_sum_exp_grad(&xs);
        assert_eq!(value.to_bits(), log_sum_exp(&xs).to_bits());
        close("closed form", &gradient, &shares, 1e-13);
        close("graph", &log_sum_exp_graph(&xs).gradient("xs"), &shares, 1e-13);
        if xs.iter().all(|x| x.abs() < 10.0) {
            close("differences", &gradient, &differences(log_sum_exp, &xs), 1e-8);
        }
        let mut buffer = vec![1.0; xs.len()];
        log_sum_exp_grad_add(&xs, &mut buffer);
        let expected: Vec<f64> = shares.iter().map(|share| 1.0 + share).collect();
        close("added to a buffer", &buffer, &expected, 1e-13);
    }
}

#[test]
fn the_jacobian_of_softmax() {
    for (xs, y) in points() {
        let (value, rows) = softmax_jacobian(&xs);
        assert_eq!(value, softmax(&xs));
        for (i, row) in rows.iter().enumerate() {
            let one_if = |k: usize| if i == k { 1.0 } else { 0.0 };
            let by_hand: Vec<f64> = (0..y.len()).map(|k| y[i] * (one_if(k) - y[k])).collect();
            close("closed form", row, &by_hand, 1e-12);
            if xs.iter().all(|x| x.abs() < 10.0) {
                close("differences", row, &differences(|xs| softmax(xs)[i], &xs), 1e-8);
            }
        }
        let seed: Vec<f64> = (0..y.len()).map(|k| k as f64 - 0.5).collect();
        let mean: f64 = seed.iter().zip(&y).map(|(s, y)| s * y).sum();
        let by_hand: Vec<f64> = seed.iter().zip(&y).map(|(s, y)| y * (s - mean)).collect();
        close("the vector-Jacobian product", &softmax_vjp(&xs, seed).1, &by_hand, 1e-12);
    }
}

/// What a classifier loses where `class` is the truth.
#[differentiable]
fn cross_entropy(scores: &[f64], class: usize) -> f64 {
    log_sum_exp(scores) - scores[class]
}

/// The same less exactly, and by another rule.
#[differentiable]
fn cross_entropy_of_shares(scores: &[f64], class: usize) -> f64 {
    -softmax(scores)[class].ln()
}

#[test]
fn inside_other_differentiable_functions() {
    for (scores, mut expected) in points() {
        let class = scores.len() - 1;
        expected[class] -= 1.0;
        close("by log_sum_exp", &cross_entropy_grad(&scores, class).1, &expected, 1e-12);
        close("by softmax", &cross_entropy_of_shares_grad(&scores, class).1, &expected, 1e-12);
        let trace = cross_entropy_graph(&scores, class);
        close("on the graph", &trace.gradient("scores"), &expected, 1e-12);
    }
    // The share of class 1 is 0 for an `f64`; its logarithm is not.
    assert_eq!(cross_entropy(&[1e3, -1e3], 1), 2e3);
    assert_eq!(cross_entropy_grad(&[1e3, -1e3], 1).1, [1.0, -1.0]);
}

#[test]
fn on_the_callers_own_values() {
    let graph = Graph::new();
    let xs = [1000.0, 1001.0].map(|x| graph.value(x));
    let y = softmax::on_values(&xs);
    (y[1] * 3.0).backward();
    let share = 1.0 / (1.0 + (-1.0_f64).exp());
    let slope = 3.0 * share * (1.0 - share);
    close("softmax", &xs.map(|x| x.grad()), &[-slope, slope], 1e-13);

    graph.zero_grad();
    log_sum_exp::on_values(&xs).backward();
    close("log_sum_exp", &xs.map(|x| x.grad()), &[1.0 - share, share], 1e-13);
}

fn all_nan(numbers: &[f64]) -> bool {
    numbers.iter().all(|number| number.is_nan())
}

#[test]
fn nothing_at_all() {
    assert_eq!(softmax(&[]), [0.0; 0]);
    assert_eq!(log_sum_exp(&[]), f64::NEG_INFINITY);
    assert_eq!(log_sum_exp_grad(&[]), (f64::NEG_INFINITY, vec![]));
}

#[test]
fn minus_infinity_counts_for_nothing() {
    let none = f64::NEG_INFINITY;
    assert_eq!(softmax(&[0.0, none, 0.0]), [0.5, 0.0, 0.5]);
    assert_eq!(log_sum_exp_grad(&[7.0, none]), (7.0, vec![1.0, 0.0]));
    assert_eq!(softmax_jacobian(&[0.0, none]).1, [[0.0, 0.0], [0.0, 0.0]]);

    assert!(all_nan(&softmax(&[none, none])));
    let (value, gradient) = log_sum_exp_grad(&[none, none]);
    assert_eq!(value, none);
    assert!(all_nan(&gradient));
}

#[test]
fn plus_infinity_outweighs_all() {
    for finite in [0.0, 1e3, f64::MAX] {
        let shares = softmax(&[finite, f64::INFINITY]);
        assert!(shares[0] == 0.0 && shares[1].is_nan(), "{shares:?}");
        let (value, gradient) = log_sum_exp_grad(&[finite, f64::INFINITY]);
        assert_eq!(value, f64::INFINITY);
        assert!(gradient[0] == 0.0 && gradient[1].is_nan(), "{gradient:?}");
    }
}

#[test]
fn not_a_number_spoils_all() {
    for xs in [
        [f64::NAN, 1.0],
        [1.0, f64::NAN],
        [f64::NAN; 2],
        [f64::INFINITY, f64::NAN],
        [f64::NAN, f64::NEG_INFINITY],
    ] {
        assert!(all_nan(&softmax(&xs)), "{xs:?}");
        let (value, gradient) = log_sum_exp_grad(&xs);
        assert!(value.is_nan() && all_nan(&gradient), "{xs:?}: {value}, {gradient:?}");
    }
}

#[test]
fn extremes_of_the_finite() {
    assert_eq!(softmax(&[f64::MAX, f64::MIN]), [1.0, 0.0]);
    assert_eq!(softmax(&[f64::MIN, f64::MIN]), [0.5, 0.5]);
    assert_eq!(log_sum_exp_grad(&[f64::MAX, f64::MIN]), (f64::MAX, vec![1.0, 0.0]));
}

/// Value for value what the formula gives on plain numbers, to the last bit, and without a graph.
#[test]
fn both_are_compiled_and_their_values_are_those_of_the_formula() {
    let shifted = |xs: &[f64]| {
        let shift = xs.iter().copied().fold(f64::MIN, f64::max).min(f64::MAX);
        (shift, xs.iter().map(|x| (x - shift).exp()).collect::<Vec<f64>>())
    };
    let bits = |numbers: &[f64]| numbers.iter().map(|number| number.to_bits()).collect::<Vec<_>>();
    let edges: [&[f64]; 7] = [
        &[],
        &[f64::NEG_INFINITY, 1.0],
        &[f64::INFINITY, 1.0],
        &[f64::NEG_INFINITY; 2],
        &[f64::MAX, f64::MIN],
        &[-0.0, 0.0],
        &[1.0, f64::NAN, 2.0],
    ];
    for xs in edges.map(<[f64]>::to_vec).into_iter().chain(points().map(|(xs, _)| xs)) {
        let (shift, exponentials) = shifted(&xs);
        let total: f64 = exponentials.iter().sum();
        let shares: Vec<f64> = exponentials.iter().map(|exponential| exponential / total).collect();
        assert_eq!(bits(&softmax(&xs)), bits(&shares), "{xs:?}");
        assert_eq!(bits(&softmax_jacobian(&xs).0), bits(&shares), "{xs:?}");
        let logarithm = shift + total.ln();
        assert_eq!(log_sum_exp(&xs).to_bits(), logarithm.to_bits(), "{xs:?}");
        assert_eq!(log_sum_exp_grad(&xs).0.to_bits(), logarithm.to_bits(), "{xs:?}");
    }
    assert!(softmax::backend().is_compiled() && log_sum_exp::backend().is_compiled());
}
