//! The examples' own training, on smaller budgets: what their last lines say is asserted.

#![allow(
    dead_code,
    missing_docs,
    clippy::duplicate_mod,
    reason = "the examples are programs; their `main`s and pictures are not run here"
)]

#[path = "../examples/circles.rs"]
mod circles;
#[path = "../examples/custom_operation.rs"]
mod custom_operation;
#[path = "../examples/digits.rs"]
mod digits;
#[path = "../examples/four_points.rs"]
mod four_points;
#[path = "../examples/inverse_kinematics.rs"]
mod inverse_kinematics;
#[path = "../examples/iris.rs"]
mod iris;
#[path = "../examples/lynx_hare.rs"]
mod lynx_hare;
#[path = "../examples/moons.rs"]
mod moons;
#[path = "../examples/three_mistakes.rs"]
mod three_mistakes;
#[path = "../examples/xor.rs"]
mod xor;

use gradus::nn::Activation;

/// Whether the last loss is below the bound, and the losses are those of learning: far less than the first.
#[track_caller]
fn assert_learned(losses: &[f64], bound: f64) {
    let (first, last) = (losses[0], losses[losses.len() - 1]);
    assert!(last < bound && last < first / 2.0, "from {first} to {last}");
}

#[test]
fn xor_is_learned() {
    let (network, loss) = xor::train(300, xor::progress::Progress::silent());
    assert!(loss < 1e-3, "{loss}");
    for (x, expected) in [([0.0, 0.0], 0.0), ([0.0, 1.0], 1.0), ([1.0, 0.0], 1.0), ([1.0, 1.0], 0.0)] {
        assert!((network.forward(&x)[0] - expected).abs() < 0.1);
    }
}

#[test]
fn moons_are_told_apart() {
    let run = moons::train(50, 60, moons::progress::Progress::silent());
    assert!(run.accuracy >= 0.95, "{}", run.accuracy);
    assert_learned(&run.losses, 0.3);
}

#[test]
fn circles_are_told_apart() {
    let run = circles::train(25, circles::progress::Progress::silent());
    assert!(run.accuracy >= 0.95, "{}", run.accuracy);
    assert_learned(&run.losses, 0.3);
}

#[test]
fn irises_are_told_apart() {
    let run = iris::train(60, iris::progress::Progress::silent()).unwrap();
    assert!(run.accuracy >= 0.9, "{}", run.accuracy);
    assert_learned(&run.losses, 0.2);
}

#[test]
fn digits_are_read() {
    let run = digits::train(600, 5, digits::progress::Progress::silent()).unwrap();
    assert!(run.accuracy >= 0.88, "{}", run.accuracy);
    assert_learned(&run.losses, 0.5);
    assert_eq!((run.held_out.len(), run.guesses.len()), (360, 360));
}

#[test]
fn a_rectifier_cannot_learn_negative_targets() {
    let (network, losses) = four_points::train(Activation::Relu, 100);
    assert!(losses.iter().all(|loss| *loss >= 2.0));
    assert!(network.forward(&[3.0, -1.0, 0.5])[0] >= 0.0);
    let (network, losses) = four_points::train(Activation::Linear, 100);
    assert_learned(&losses, 0.5);
    assert!(network.forward(&[3.0, -1.0, 0.5])[0] < -0.5);
}

#[test]
fn keplers_equation_is_solved_and_differentiated() {
    use custom_operation::{check, distance, distance_grad, fit};
    check();
    // The distance by bisection, and its slopes by differences.
    let by_bisection = |mean: f64, eccentricity: f64| {
        let (mut low, mut high) = (mean - 1.0, mean + 1.0);
        for _ in 0..100 {
            let middle = 0.5 * (low + high);
            if middle - eccentricity * middle.sin() < mean { low = middle } else { high = middle }
        }
        1.0 - eccentricity * low.cos()
    };
    let (mean, e, h) = (1.0, 0.2, 1e-5);
    let (r, (by_mean, by_e)) = distance_grad(mean, e);
    assert!((r - by_bisection(mean, e)).abs() < 1e-14 && r == distance(mean, e));
    let slope_of_mean = (by_bisection(mean + h, e) - by_bisection(mean - h, e)) / (2.0 * h);
    let slope_of_e = (by_bisection(mean, e + h) - by_bisection(mean, e - h)) / (2.0 * h);
    assert!((by_mean - slope_of_mean).abs() < 1e-9 && (by_e - slope_of_e).abs() < 1e-9);
    // What the example prints.
    assert_eq!(format!("{r:.6} {by_mean:.6} {by_e:.6}"), "0.924801 0.200394 -0.190308");
    let found = fit(0.2056, 0.4);
    assert!(found.len() < 12 && (found[found.len() - 1] - 0.2056).abs() < 1e-12, "{found:?}");
}

#[test]
fn the_three_mistakes_have_their_numbers() {
    // y = x² + x at 3: two ways to x through the square, each worth 3, and one of worth 1.
    let outcome = three_mistakes::outcome();
    assert_eq!(outcome.right, 3.0 + 3.0 + 1.0);
    assert_eq!(outcome.not_zeroed, 2.0 * 7.0);
    assert_eq!(outcome.no_seed, 0.0);
    // The sum's way comes first, then the square's operands, each in place of what was there.
    assert_eq!(outcome.assigned, 3.0);
    // With a fresh gradient the miss shrinks by 0.8 a step.
    let zeroed = three_mistakes::descend(true);
    assert!((zeroed[19] - 3.0 * (1.0 - 0.8_f64.powi(20))).abs() < 1e-12);
    // With a growing one it swings: past the goal within a few steps, and far from it even late.
    let kept = three_mistakes::descend(false);
    assert!(kept.iter().any(|w| *w > 5.0));
    assert!(kept[10..].iter().any(|w| (w - 3.0).abs() > 1.0));
}

#[test]
fn hares_and_lynxes_are_fitted() {
    use gradus::check::assert_gradient;

    let counted = lynx_hare::pelts();
    let fit = lynx_hare::fit(&counted).expect("a fit");
    let (_, slopes) = lynx_hare::cost_grad(fit.logarithms, &counted);
    assert!(slopes.iter().all(|slope| slope.abs() < 1e-6), "{slopes:?} after {}", fit.iterations);
    // At the maximum the noise is the standard deviation of the residuals, so the cost is that of a normal distribution.
    let noise = fit.logarithms[6].exp();
    assert!((fit.cost - (0.5 + noise.ln() + 0.5 * std::f64::consts::TAU.ln())).abs() < 1e-6, "{}", fit.cost);
    assert!(noise < 0.3, "{noise}");
    assert_gradient!(lynx_hare::cost, fit.logarithms.map(|x| x + 0.01), &counted);
    assert!(lynx_hare::cost::backend().is_compiled(), "{}", lynx_hare::cost::backend());
}

#[test]
fn the_arm_reaches_every_point_of_its_path() {
    let mut angles = [0.0, 0.5, -0.5, -0.5];
    for target in inverse_kinematics::path() {
        let calls;
        (angles, calls) = inverse_kinematics::reach(target, angles);
        let miss = inverse_kinematics::miss(&angles, target);
        assert!(miss < 1e-6 && calls < 50, "{target:?}: {miss:e} after {calls} calls");
    }
}
