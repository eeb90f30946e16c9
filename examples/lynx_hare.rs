//! Predator and prey: the equations of Lotka and Volterra, fitted to twenty-one years of pelts by maximum likelihood.
//! `cargo run --release --example lynx_hare`.
//!
//! The number of hares u and of lynxes v change by u' = (α − β v) u and v' = (δ u − γ) v. Solver and likelihood are plain
//! annotated functions; argmin's BFGS gets the likelihood and its gradient, which goes through every step of the solver. The parameters
//! are a struct, and argmin's are a `Vec`: `gradus::flat` converts both.

use argmin::core::{CostFunction, Error, Executor, Gradient, State};
use argmin::solver::linesearch::MoreThuenteLineSearch;
use argmin::solver::quasinewton::BFGS;
use gradus::{Differentiable, differentiable, flat};
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

#[differentiable]
impl Model {
    /// The model whose logarithms these are.
    #[must_use]
    pub fn exp(self) -> Model {
        Model {
            births: self.births.exp(),
            caught: self.caught.exp(),
            deaths: self.deaths.exp(),
            growth: self.growth.exp(),
            hares: self.hares.exp(),
            lynxes: self.lynxes.exp(),
            noise: self.noise.exp(),
        }
    }
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
pub fn cost(logarithms: Model, #[constant] counted: &[[f64; 2]]) -> f64 {
    let model = logarithms.exp();
    let mut total = 0.0;
    for (expected, counted) in populations(model, counted.len(), 20).iter().zip(counted) {
        for i in 0..2 {
            let z = (counted[i].ln() - expected[i].ln()) / model.noise;
            total += 0.5 * z * z + model.noise.ln() + 0.5 * TAU.ln();
        }
    }
    total / (2 * counted.len()) as f64
}

/// The pelts of a file, in thousands: hares and lynxes of each year.
///
/// # Panics
///
/// If the file is damaged.
pub fn pelts() -> Vec<[f64; 2]> {
    let rows = include_str!("data/lynx_hare.csv").lines().skip(1);
    rows.map(|row| {
        let cells: Vec<f64> = row.split(',').map(|cell| cell.parse().expect("a number")).collect();
        [cells[2], cells[1]]
    })
    .collect()
}

/// The problem as argmin sees it: its parameters are the numbers of a model in a row.
struct Likelihood {
    counted: Vec<[f64; 2]>,
    guess: Model,
}

impl Likelihood {
    fn model(&self, numbers: &[f64]) -> Model {
        flat::from_slice(&self.guess, numbers)
    }
}

impl CostFunction for Likelihood {
    type Param = Vec<f64>;
    type Output = f64;
    fn cost(&self, numbers: &Vec<f64>) -> Result<f64, Error> {
        Ok(cost(self.model(numbers), &self.counted))
    }
}

impl Gradient for Likelihood {
    type Param = Vec<f64>;
    type Gradient = Vec<f64>;
    fn gradient(&self, numbers: &Vec<f64>) -> Result<Vec<f64>, Error> {
        Ok(flat::to_vec(&cost_grad(self.model(numbers), &self.counted).1))
    }
}

/// Where a fit ended.
pub struct Fit {
    /// The logarithms of the model's fields.
    pub logarithms: Model,
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
///
/// # Panics
///
/// If nothing was counted.
pub fn fit(counted: &[[f64; 2]]) -> Result<Fit, Error> {
    let [hares, lynxes] = counted[0].map(f64::ln);
    let [births, caught, deaths, growth, noise] = [0.5_f64, 0.03, 0.8, 0.03, 0.5].map(f64::ln);
    let guess = Model { births, caught, deaths, growth, hares, lynxes, noise };
    let numbers = flat::to_vec(&guess);
    let identity = (0..numbers.len())
        .map(|i| (0..numbers.len()).map(|k| if i == k { 1.0 } else { 0.0 }).collect())
        .collect::<Vec<Vec<_>>>();
    let solver = BFGS::new(MoreThuenteLineSearch::new()).with_tolerance_grad(1e-7)?;
    let result = Executor::new(Likelihood { counted: counted.to_vec(), guess }, solver)
        .configure(|state| state.param(numbers).inv_hessian(identity).max_iters(200))
        .run()?;
    let state = result.state();
    let best = state.get_best_param().expect("the solver has made a step");
    let logarithms = flat::from_slice(&guess, best);
    Ok(Fit { logarithms, cost: state.get_best_cost(), iterations: state.get_iter() })
}

fn main() -> Result<(), Error> {
    let counted = pelts();
    let fit = fit(&counted)?;
    let model = fit.logarithms.exp();
    let Model { births, caught, deaths, growth, hares, lynxes, noise } = model;
    println!("{} iterations of BFGS; minus log-likelihood a count: {:.4}\n", fit.iterations, fit.cost);
    println!("u' = ({births:.3} − {caught:.4} v) u");
    println!("v' = ({growth:.4} u − {deaths:.3}) v");
    println!("in 1900 {hares:.1} thousand hares and {lynxes:.1} thousand lynxes; noise {noise:.2}\n");
    println!("{:>6}{:>16}{:>16}", "year", "hares, model", "lynxes, model");
    for (year, (counted, [u, v])) in (1900..).zip(counted.iter().zip(populations(model, counted.len(), 20))) {
        println!("{year:>6}{:>8.1}{u:>8.1}{:>8.1}{v:>8.1}", counted[0], counted[1]);
    }
    Ok(())
}
