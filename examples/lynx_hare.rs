//! Predator and prey: the equations of Lotka and Volterra, fitted to twenty-one years of pelts by maximum likelihood.
//! `cargo run --release --example lynx_hare`.
//!
//! The number of hares u and of lynxes v change by u' = (α − β v) u and v' = (δ u − γ) v. Solver and likelihood are plain
//! annotated functions; argmin's BFGS gets the likelihood and its gradient, which goes through every step of the solver.

use argmin::core::{CostFunction, Error, Executor, Gradient, State};
use argmin::solver::linesearch::MoreThuenteLineSearch;
use argmin::solver::quasinewton::BFGS;
use gradus::{Differentiable, differentiable};
use std::f64::consts::TAU;

/// What the fit looks for. All of it is positive, so the solver works with the logarithms.
#[derive(Clone, Copy, Debug, PartialEq, Differentiable)]
pub struct Model {
    /// Births of hares, a year.
    pub births: f64,
    /// Hares caught by a thousand lynxes, a year.
    pub caught: f64,
    /// Deaths of lynxes, a year.
    pub deaths: f64,
    /// Growth of lynxes by a thousand hares, a year.
    pub growth: f64,
    /// Thousands of hares in the first year.
    pub hares: f64,
    /// Thousands of lynxes in the first year.
    pub lynxes: f64,
    /// The standard deviation of the logarithms of what was counted.
    pub noise: f64,
}

/// Of the equations, with the state as hares and lynxes.
#[differentiable]
fn change(model: Model, state: [f64; 2]) -> [f64; 2] {
    let [u, v] = state;
    [(model.births - model.caught * v) * u, (model.growth * u - model.deaths) * v]
}

#[differentiable]
fn moved(state: [f64; 2], change: [f64; 2], step: f64) -> [f64; 2] {
    [state[0] + step * change[0], state[1] + step * change[1]]
}

/// The populations of each year, by the method of Runge and Kutta.
#[differentiable]
pub fn populations(model: Model, years: usize, steps: usize) -> Vec<[f64; 2]> {
    let step = 1.0 / steps as f64;
    let mut state = [model.hares, model.lynxes];
    let mut all = vec![state];
    for _ in 1..years {
        for _ in 0..steps {
            let a = change(model, state);
            let b = change(model, moved(state, a, 0.5 * step));
            let c = change(model, moved(state, b, 0.5 * step));
            let d = change(model, moved(state, c, step));
            for i in 0..2 {
                state[i] += step / 6.0 * (a[i] + 2.0 * b[i] + 2.0 * c[i] + d[i]);
            }
        }
        all.push(state);
    }
    all
}

/// Minus the logarithm of the likelihood of what was counted, as a mean over the counts. `logarithms` has those of the model's
/// fields.
#[differentiable]
pub fn cost(logarithms: [f64; 7], #[constant] counted: &[[f64; 2]]) -> f64 {
    let [births, caught, deaths, growth, hares, lynxes, noise] = logarithms.map(f64::exp);
    let model = Model { births, caught, deaths, growth, hares, lynxes, noise };
    let mut total = 0.0;
    for (expected, counted) in populations(model, counted.len(), 20).iter().zip(counted) {
        for i in 0..2 {
            let z = (counted[i].ln() - expected[i].ln()) / noise;
            total += 0.5 * z * z + noise.ln() + 0.5 * TAU.ln();
        }
    }
    total / (2 * counted.len()) as f64
}

/// The pelts of a file, in thousands: hares and lynxes of each year.
pub fn pelts() -> Vec<[f64; 2]> {
    let rows = include_str!("data/lynx_hare.csv").lines().skip(1);
    rows.map(|row| {
        let cells: Vec<f64> = row.split(',').map(|cell| cell.parse().expect("a number")).collect();
        [cells[2], cells[1]]
    })
    .collect()
}

struct Likelihood(Vec<[f64; 2]>);

/// argmin works with `Vec`s.
fn seven(parameters: &[f64]) -> [f64; 7] {
    parameters.try_into().expect("seven parameters")
}

impl CostFunction for Likelihood {
    type Param = Vec<f64>;
    type Output = f64;
    fn cost(&self, parameters: &Vec<f64>) -> Result<f64, Error> {
        Ok(cost(seven(parameters), &self.0))
    }
}

impl Gradient for Likelihood {
    type Param = Vec<f64>;
    type Gradient = Vec<f64>;
    fn gradient(&self, parameters: &Vec<f64>) -> Result<Vec<f64>, Error> {
        Ok(cost_grad(seven(parameters), &self.0).1.to_vec())
    }
}

/// Where a fit ended: the logarithms of the model, the cost there, and the iterations.
pub struct Fit {
    /// The logarithms of the model's fields.
    pub logarithms: [f64; 7],
    /// The mean of minus the logarithm of the likelihood.
    pub cost: f64,
    /// Steps of BFGS.
    pub iterations: u64,
}

/// Fits the model, from a guess by eye: hares that double within two years, lynxes that halve within one.
///
/// # Errors
///
/// Those of the solver.
pub fn fit(counted: &[[f64; 2]]) -> Result<Fit, Error> {
    let guess = [0.5, 0.03, 0.8, 0.03, counted[0][0], counted[0][1], 0.5].map(f64::ln);
    let identity =
        (0..7).map(|i| (0..7).map(|k| if i == k { 1.0 } else { 0.0 }).collect()).collect::<Vec<Vec<_>>>();
    let solver = BFGS::new(MoreThuenteLineSearch::new()).with_tolerance_grad(1e-7)?;
    let result = Executor::new(Likelihood(counted.to_vec()), solver)
        .configure(|state| state.param(guess.to_vec()).inv_hessian(identity).max_iters(200))
        .run()?;
    let state = result.state();
    let best = state.get_best_param().expect("the solver has made a step");
    Ok(Fit { logarithms: seven(best), cost: state.get_best_cost(), iterations: state.get_iter() })
}

fn main() -> Result<(), Error> {
    let counted = pelts();
    let fit = fit(&counted)?;
    let [births, caught, deaths, growth, hares, lynxes, noise] = fit.logarithms.map(f64::exp);
    println!("{} iterations of BFGS; minus log-likelihood a count: {:.4}\n", fit.iterations, fit.cost);
    println!("u' = ({births:.3} − {caught:.4} v) u");
    println!("v' = ({growth:.4} u − {deaths:.3}) v");
    println!("in 1900 {hares:.1} thousand hares and {lynxes:.1} thousand lynxes; noise {noise:.2}\n");
    println!("{:>6}{:>16}{:>16}", "year", "hares, model", "lynxes, model");
    let model = Model { births, caught, deaths, growth, hares, lynxes, noise };
    for (year, (counted, [u, v])) in (1900..).zip(counted.iter().zip(populations(model, counted.len(), 20))) {
        println!("{year:>6}{:>8.1}{u:>8.1}{:>8.1}{v:>8.1}", counted[0], counted[1]);
    }
    Ok(())
}
