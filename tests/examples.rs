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
#[path = "../examples/gamma.rs"]
mod gamma;
#[path = "../examples/inverse_kinematics.rs"]
mod inverse_kinematics;
#[path = "../examples/iris.rs"]
mod iris;
#[path = "../examples/lynx_hare.rs"]
mod lynx_hare;
#[path = "../examples/moons.rs"]
mod moons;
#[path = "../examples/newton.rs"]
mod newton;
#[path = "../examples/o_rings.rs"]
mod o_rings;
#[path = "../examples/options.rs"]
mod options;
#[path = "../examples/orbit.rs"]
mod orbit;
#[path = "../examples/standard_errors.rs"]
mod standard_errors;
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
    let slopes = gradus::flat::to_vec(&slopes);
    assert!(slopes.iter().all(|slope| slope.abs() < 1e-6), "{slopes:?} after {}", fit.iterations);
    // At the maximum the noise is the standard deviation of the residuals, so the cost is that of a normal distribution.
    let noise = fit.logarithms.noise.exp();
    assert!((fit.cost - (0.5 + noise.ln() + 0.5 * std::f64::consts::TAU.ln())).abs() < 1e-6, "{}", fit.cost);
    assert!(noise < 0.3, "{noise}");
    let near: Vec<f64> = gradus::flat::to_vec(&fit.logarithms).iter().map(|x| x + 0.01).collect();
    assert_gradient!(lynx_hare::cost, gradus::flat::from_slice(&fit.logarithms, &near), &counted);
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

#[test]
fn the_probe_flies_to_mars_as_hohmann_would() {
    use gradus::check::assert_gradient;

    let (plan, costs) = orbit::improved(orbit::guess(), 300);
    let arrival = orbit::flight(&orbit::planets(), &plan);
    let fuel = plan.burn.norm() + arrival.slowing.norm();
    assert_learned(&costs, 1.25 * orbit::hohmann());
    assert!(
        arrival.miss.norm() < 0.02 && (fuel / orbit::hohmann() - 1.0).abs() < 0.03,
        "{plan:?} {arrival:?}"
    );
    // It flies half an ellipse, forwards.
    assert!((plan.flight - 0.71).abs() < 0.05, "{plan:?}");
    assert!(orbit::cost::backend().is_compiled(), "{}", orbit::cost::backend());
    assert_gradient!(orbit::cost, &orbit::guess(), &orbit::planets());
}

#[test]
fn greeks_are_those_of_the_formula() {
    use gradus::Differentiable;
    use options::{Book, Contract, Market, Position, QuoteError, Right};

    let market = options::market();
    let contract = |right| Contract { right, strike: 95.0, expiry: 0.5 };
    // The normal distribution, from its series.
    let (value, (by_contract, by_market)) = contract(Right::Call).price_grad(&market);
    let (d1, time) = ((98.0_f64 / 95.0).ln(), 0.5_f64);
    let d1 = (d1 + (0.03 - 0.01 + 0.5 * 0.22 * 0.22) * time) / (0.22 * time.sqrt());
    let density = (-0.5 * d1 * d1).exp() / std::f64::consts::TAU.sqrt();
    let (mut term, mut sum) = (d1, d1);
    for k in 1..40 {
        term *= d1 * d1 / f64::from(2 * k + 1);
        sum += term;
    }
    let below = 0.5 + density * sum;
    assert!((by_market.spot - (-0.01 * time).exp() * below).abs() < 1e-12, "{}", by_market.spot);
    let vega = 98.0 * (-0.01 * time).exp() * density * time.sqrt();
    assert!((by_market.volatility - vega).abs() < 1e-10, "{}", by_market.volatility);
    // The price is homogeneous in spot and strike.
    assert!((98.0 * by_market.spot + 95.0 * by_contract.strike - value).abs() < 1e-10);
    // A call less a put is a forward contract, and so are their derivatives.
    let (put, (_, put_by_market)) = contract(Right::Put).price_grad(&market);
    let parity = 98.0 * (-0.01 * time).exp() - 95.0 * (-0.03 * time).exp();
    assert!((value - put - parity).abs() < 1e-10);
    assert!((by_market.volatility - put_by_market.volatility).abs() < 1e-10);
    assert!((by_market.spot - put_by_market.spot - (-0.01 * time).exp()).abs() < 1e-12);

    // A book: the derivative by a quantity is a price, and the direction of a market is that of its gradient.
    let book = options::book();
    let (value, (by_book, by_market)) = book.value_grad(&market);
    for (Position { contract, .. }, by) in book.positions.iter().zip(&by_book.positions) {
        assert_eq!(by.quantity, contract.price(&market));
        assert_eq!(by.contract.right, contract.right);
    }
    let direction = Market { spot: 1.0, rate: 0.1, dividend: 0.2, volatility: -0.3 };
    let (same, tangent) = book.value_jvp(&market, &Book::zeros_like(&book), &direction);
    let product =
        by_market.spot + 0.1 * by_market.rate + 0.2 * by_market.dividend - 0.3 * by_market.volatility;
    assert_eq!(value, same);
    assert!((tangent - product).abs() < 1e-9 * product.abs());
    assert!(options::theta(&by_book) > 0.0);
    assert_eq!(Book::VALUE_BACKEND, gradus::Backend::Compiled);

    // A quote is the same, or it fails as its gradient does.
    let (quote, (quote_by_book, quote_by_market)) = book.quote_grad(&market).unwrap();
    assert_eq!(quote, value);
    assert!((quote_by_market.volatility - by_market.volatility).abs() < 1e-10);
    assert!((quote_by_book.positions[1].quantity - by_book.positions[1].quantity).abs() < 1e-12);
    let still = Market { volatility: 0.0, ..market };
    assert_eq!(book.quote_grad(&still), Err(QuoteError::Volatility(0.0)));
    let mut late = book.clone();
    late.positions[2].contract.expiry = -0.1;
    assert_eq!(late.quote_grad(&market), Err(QuoteError::Expired("upper wing".to_owned())));
    assert_eq!(late.quote(&market), Err(QuoteError::Expired("upper wing".to_owned())));
}

/// The table is the published one: its fit by maximum likelihood has the published parameters and deviance.
#[test]
fn the_o_rings_have_the_published_fit() {
    let flights = o_rings::flights();
    let mut line = [0.0, 0.0];
    for _ in 0..2000 {
        let (_, slope) = o_rings::log_likelihood_grad(line, &flights);
        line = [line[0] + 0.1 * slope[0], line[1] + 0.1 * slope[1]];
    }
    let (height, slope) = (line[0] - 7.0 * line[1], line[1] / 10.0);
    let deviance = -2.0 * o_rings::log_likelihood(line, &flights);
    assert_eq!(format!("{height:.4} {slope:.4} {deviance:.3}"), "15.0429 -0.2322 20.315");
}

/// The means and deviations of the chains against sums over a grid.
#[test]
fn the_chains_have_the_posterior_of_the_o_rings() {
    use o_rings::{FORECAST, Settings, log_posterior, posterior, probability, quantity, summary};

    let flights = o_rings::flights();
    let chains = posterior(&flights, &Settings { draws: 2500, ..Settings::default() });
    let quantities: [fn([f64; 2]) -> f64; 3] =
        [|line| line[0], |line| line[1], |line| probability(line, FORECAST)];
    for number in quantities {
        let [mut weights, mut sum, mut squares] = [0.0; 3];
        for i in 0..400 {
            for k in 0..400 {
                let line = [-6.0 + 0.025 * f64::from(i), -10.0 + 0.035 * f64::from(k)];
                let weight = log_posterior(line, &flights).exp();
                weights += weight;
                sum += weight * number(line);
                squares += weight * number(line).powi(2);
            }
        }
        let mean = sum / weights;
        let deviation = (squares / weights - mean * mean).sqrt();
        let found = summary(&quantity(&chains, number));
        assert!(found.r_hat < 1.01 && found.effective > 1000.0, "{} {}", found.r_hat, found.effective);
        let error = (found.mean - mean) / (deviation / found.effective.sqrt());
        assert!(error.abs() < 4.0, "{} is {error} standard errors from {mean}", found.mean);
        assert!((found.deviation / deviation - 1.0).abs() < 0.1, "{} {deviation}", found.deviation);
    }
    for chain in &chains {
        assert!(chain.accepted > 0.9, "{}", chain.accepted);
    }
}

/// The table that R prints for the same regression.
#[test]
fn the_standard_errors_are_the_published_ones() {
    let fit = standard_errors::fit(&standard_errors::flights());
    let table = standard_errors::table(&fit);
    let words = |line: &str| line.split_whitespace().skip(1).map(str::to_owned).collect::<Vec<_>>();
    let rows: Vec<_> = table.lines().skip(1).map(words).collect();
    assert_eq!(rows, [["15.0429", "7.3786", "2.039", "0.0415"], ["-0.2322", "0.1082", "-2.145", "0.0320"]]);
    assert_eq!(format!("{:.3}", fit.deviance), "20.315");
    assert!(fit.steps < 12);
    assert_eq!([standard_errors::log_likelihood::SECOND_COMPILED], [true]);
}

/// From either start: six certified digits of every parameter, and of its standard deviation.
#[test]
fn newtons_method_finds_what_nist_certifies() {
    let compiled = [newton::sum_of_squares::SECOND_COMPILED, newton::predicted::SECOND_COMPILED];
    assert_eq!(compiled, [true; 2]);
    for (model, name) in newton::PROBLEMS.iter().enumerate() {
        let data = newton::nist::load(name).unwrap();
        for number in [1, 2] {
            let fit = newton::fit(model, &data, &data.start(number));
            let (parameters, deviations) = newton::digits(&data, &fit);
            assert!(
                parameters >= 6.0 && deviations >= 6.0,
                "{name} from start {number}: {parameters:.1} and {deviations:.1} digits after {} steps: {:?}",
                fit.sums.len(),
                fit.parameters
            );
        }
    }
}

#[test]
fn second_derivatives_of_a_call_are_those_of_the_formulas() {
    use gamma::{call, call_hvp, closed_forms, greeks};
    assert_eq!([call::SECOND_COMPILED], [true]);
    for spot in [70.0, 95.0, 100.0, 130.0] {
        let (found, closed) =
            (greeks(spot, 0.25, 0.5, 100.0, 0.03), closed_forms(spot, 0.25, 0.5, 100.0, 0.03));
        for (found, closed) in [
            (found.gamma, closed.gamma),
            (found.vanna, closed.vanna),
            (found.volga, closed.volga),
            (found.charm, closed.charm),
        ] {
            assert!((found - closed).abs() < 1e-11 * closed.abs().max(1.0), "{spot}: {found}, {closed}");
        }
        let (_, _, product) = call_hvp(spot, 0.25, 0.5, 100.0, 0.03, 1.0, 0.0, 0.0);
        assert_eq!((product.0, product.1), (found.gamma, found.vanna));
    }
}
