//! Fits a model's parameters with the BFGS method of [argmin](https://argmin-rs.org), given its loss and the gradient.
//!
//! Nothing here knows how a gradient is computed: a [`Problem`] holds two plain functions.

use crate::nist::Dataset;
use argmin::core::{CostFunction, Error, Executor, Gradient};
use argmin::solver::linesearch::{BacktrackingLineSearch, condition::ArmijoCondition};
use argmin::solver::quasinewton::BFGS;
use std::cell::{Cell, RefCell};
use std::fmt;

/// The loss of parameters `b` on observations: `loss(b, xs, ys)`.
pub type Loss = fn(&[f64], &[f64], &[f64]) -> f64;

/// The same loss together with its gradient in `b`.
pub type LossAndGradient = fn(&[f64], &[f64], &[f64]) -> (f64, Vec<f64>);

/// A least squares problem: observations, and the sum of squared residuals as a function of the parameters.
pub struct Problem {
    /// The observations, starting points and certified parameters.
    pub data: Dataset,
    /// The sum of squared residuals.
    pub value: Loss,
    /// That sum and its gradient.
    pub gradient: LossAndGradient,
}

/// Where a fit arrived, and what it took.
pub struct Fit {
    /// The fitted parameters.
    pub parameters: Vec<f64>,
    /// The loss there.
    pub loss: f64,
    /// How many steps of BFGS were taken.
    pub iterations: u64,
    /// How often the loss was evaluated.
    pub values: u64,
    /// How often the gradient was evaluated.
    pub gradients: u64,
}

/// Minimises the loss of `problem` from the parameters `start`.
///
/// BFGS descends until a step changes no bit of the loss. It then starts afresh from the best point, rescaled and
/// without its worn estimate of the curvature, until that lowers the loss no further.
///
/// # Errors
///
/// When the loss at the start is not finite.
pub fn fit(problem: &Problem, start: &[f64]) -> Result<Fit, Error> {
    let mut fit =
        Fit { parameters: start.to_vec(), loss: f64::INFINITY, iterations: 0, values: 0, gradients: 0 };
    loop {
        let leg = descend(problem, &fit.parameters)?;
        fit.iterations += leg.iterations;
        fit.values += leg.values;
        fit.gradients += leg.gradients;
        if leg.loss >= fit.loss {
            return Ok(fit);
        }
        (fit.parameters, fit.loss) = (leg.parameters, leg.loss);
    }
}

/// One descent by BFGS, whose line search halves a step until the loss falls enough.
fn descend(problem: &Problem, start: &[f64]) -> Result<Fit, Error> {
    let scaled = &Scaled::around(problem, start)?;
    let unit = start.iter().zip(&scaled.scales).map(|(b, scale)| b / scale).collect::<Vec<_>>();
    let slope = scaled.gradient(&unit)?;
    // Before it has seen any curvature, a step goes at most a tenth of the parameters' magnitudes far.
    let first_step = f64::min(1.0, 0.1 / slope.iter().map(|slope| slope * slope).sum::<f64>().sqrt());

    let line_search = BacktrackingLineSearch::new(ArmijoCondition::new(1e-4)?).rho(0.5)?;
    let solver = BFGS::new(line_search).with_tolerance_grad(1e-12)?.with_tolerance_cost(f64::MIN_POSITIVE)?;
    let inverse_hessian = diagonal(start.len(), first_step);
    let run = Executor::new(scaled, solver)
        .configure(|state| state.param(unit).gradient(slope).inv_hessian(inverse_hessian).max_iters(1000))
        .run();
    match run {
        Err(error) if !error.is::<Astray>() => return Err(error),
        _ => {}
    }
    let (loss, parameters) = scaled.best.take();
    let (values, gradients) = (scaled.values.get(), scaled.gradients.get());
    // Every step ends with one gradient; the first was taken before the first step.
    Ok(Fit { parameters, loss, iterations: gradients - 1, values, gradients })
}

fn diagonal(size: usize, value: f64) -> Vec<Vec<f64>> {
    (0..size).map(|row| (0..size).map(|column| if row == column { value } else { 0.0 }).collect()).collect()
}

/// A problem in the units in which a descent is well behaved; it counts its evaluations and keeps the best point.
struct Scaled<'p> {
    problem: &'p Problem,
    /// What each parameter is divided by: its magnitude at the start.
    scales: Vec<f64>,
    /// What the loss is divided by: the total sum of squares.
    unit_of_loss: f64,
    /// The lowest loss so far, and its parameters.
    best: RefCell<(f64, Vec<f64>)>,
    values: Cell<u64>,
    gradients: Cell<u64>,
}

impl<'p> Scaled<'p> {
    fn around(problem: &'p Problem, start: &[f64]) -> Result<Self, Error> {
        let Dataset { x, y, .. } = &problem.data;
        let loss = (problem.value)(start, x, y);
        if !loss.is_finite() {
            return Err(Error::msg(format!("the loss is {loss} at the starting point {start:?}")));
        }
        Ok(Self {
            problem,
            scales: start.iter().map(|b| if *b == 0.0 { 1.0 } else { b.abs() }).collect(),
            unit_of_loss: problem.data.total_sum_of_squares(),
            best: RefCell::new((loss, start.to_vec())),
            values: Cell::new(1),
            gradients: Cell::new(0),
        })
    }

    fn parameters(&self, unit: &[f64]) -> Vec<f64> {
        unit.iter().zip(&self.scales).map(|(b, scale)| b * scale).collect()
    }
}

/// The direction of a step is not finite: BFGS divides by the change of the gradient along the step before, which
/// rounding may bring to 0. No step in that direction is short enough for the line search.
#[derive(Debug)]
struct Astray;

impl std::error::Error for Astray {}

impl fmt::Display for Astray {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a step led to parameters that are not finite")
    }
}

impl CostFunction for &Scaled<'_> {
    type Param = Vec<f64>;
    type Output = f64;

    fn cost(&self, unit: &Vec<f64>) -> Result<f64, Error> {
        if !unit.iter().all(|b| b.is_finite()) {
            return Err(Astray.into());
        }
        self.values.set(self.values.get() + 1);
        let Dataset { x, y, .. } = &self.problem.data;
        let parameters = self.parameters(unit);
        let loss = (self.problem.value)(&parameters, x, y);
        if loss < self.best.borrow().0 {
            self.best.replace((loss, parameters));
        }
        Ok(loss / self.unit_of_loss)
    }
}

impl Gradient for &Scaled<'_> {
    type Param = Vec<f64>;
    type Gradient = Vec<f64>;

    fn gradient(&self, unit: &Vec<f64>) -> Result<Vec<f64>, Error> {
        self.gradients.set(self.gradients.get() + 1);
        let Dataset { x, y, .. } = &self.problem.data;
        let (_, gradient) = (self.problem.gradient)(&self.parameters(unit), x, y);
        Ok(gradient
            .iter()
            .zip(&self.scales)
            .map(|(slope, scale)| slope * scale / self.unit_of_loss)
            .collect())
    }
}
