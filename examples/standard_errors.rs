//! Standard errors from the Hessian: did the cold damage the Space Shuttle's O-rings? `cargo run --release --example
//! standard_errors`.
//!
//! A logistic regression of damage on the temperature of the joints is fitted by Newton's method, which needs the gradient of the
//! log-likelihood and its Hessian: `log_likelihood_hessian`. At the maximum, the inverse of minus the Hessian is the covariance of the
//! estimates. The program prints the table that R prints for `glm(damaged ~ temperature, binomial)`, and draws the probability of damage
//! with a band of two standard errors to `target/pictures/standard_errors.svg`.

#[path = "support/picture.rs"]
mod picture;

use gradus::{Activations, differentiable};
use picture::Curves;
use std::error::Error;

/// One flight: the temperature in degrees Fahrenheit, and 1 if an O-ring was damaged, else 0.
pub type Flight = [f64; 2];

/// The flights of the file.
///
/// # Panics
///
/// If the file is damaged.
pub fn flights() -> Vec<Flight> {
    let rows = include_str!("data/o_rings.csv").lines().skip(1);
    rows.map(|row| {
        let (temperature, damaged) = row.split_once(',').expect("two cells");
        [temperature, damaged].map(|cell| cell.parse().expect("a number"))
    })
    .collect()
}

/// The logarithm of the likelihood. The logarithm of the odds of damage is `height + slope · temperature`.
#[differentiable(compiled, second)]
pub fn log_likelihood(height: f64, slope: f64, #[constant] flights: &[Flight]) -> f64 {
    let mut total = 0.0;
    for [temperature, damaged] in flights {
        let odds = height + slope * temperature;
        total += damaged * odds - odds.softplus();
    }
    total
}

/// A symmetric matrix of two rows.
type Matrix = [[f64; 2]; 2];

fn inverse([[a, b], [c, d]]: Matrix) -> Matrix {
    let determinant = a * d - b * c;
    [[d / determinant, -b / determinant], [-c / determinant, a / determinant]]
}

/// What the table shows.
pub struct Fit {
    /// Height and slope.
    pub estimates: [f64; 2],
    /// Their covariance.
    pub covariance: Matrix,
    /// −2 times the log-likelihood.
    pub deviance: f64,
    /// Steps of Newton's method.
    pub steps: usize,
}

impl Fit {
    /// The standard errors of the estimates.
    pub fn errors(&self) -> [f64; 2] {
        [self.covariance[0][0].sqrt(), self.covariance[1][1].sqrt()]
    }

    /// The logarithm of the odds at a temperature, and its standard error.
    pub fn odds(&self, temperature: f64) -> (f64, f64) {
        let ([height, slope], [[a, b], [_, d]]) = (self.estimates, self.covariance);
        let variance = a + 2.0 * b * temperature + d * temperature * temperature;
        (height + slope * temperature, variance.sqrt())
    }
}

/// The most likely line, by Newton's method.
pub fn fit(flights: &[Flight]) -> Fit {
    let (mut estimates, mut steps) = ([0.0, 0.0], 0);
    loop {
        let (value, gradient, rows) = log_likelihood_hessian(estimates[0], estimates[1], flights);
        let covariance = inverse([[-rows[0].0, -rows[0].1], [-rows[1].0, -rows[1].1]]);
        let step = covariance.map(|row| row[0] * gradient.0 + row[1] * gradient.1);
        if step.iter().zip(estimates).all(|(step, estimate)| step.abs() <= 1e-10 * estimate.abs()) {
            return Fit { estimates, covariance, deviance: -2.0 * value, steps };
        }
        estimates = [estimates[0] + step[0], estimates[1] + step[1]];
        steps += 1;
    }
}

/// The share of a normal distribution beyond ±z, from the continued fraction of its tail or the series of its middle.
pub fn beyond(z: f64) -> f64 {
    let z = z.abs();
    let density = (-0.5 * z * z).exp() / std::f64::consts::TAU.sqrt();
    if z < 3.0 {
        let (mut term, mut sum) = (z, z);
        for k in 1..60 {
            term *= z * z / f64::from(2 * k + 1);
            sum += term;
        }
        1.0 - 2.0 * density * sum
    } else {
        2.0 * density / (1..60).rev().fold(z, |below, k| z + f64::from(k) / below)
    }
}

/// The table, as R prints it.
pub fn table(fit: &Fit) -> String {
    let head = format!("{:12}{:>10}{:>12}{:>9}{:>10}\n", "", "Estimate", "Std. Error", "z value", "Pr(>|z|)");
    let mut rows = vec![head];
    for ((name, estimate), error) in
        ["(Intercept)", "temperature"].iter().zip(fit.estimates).zip(fit.errors())
    {
        let z = estimate / error;
        rows.push(format!("{name:12}{estimate:>10.4}{error:>12.4}{z:>9.3}{:>10.4}\n", beyond(z)));
    }
    rows.concat()
}

fn main() -> Result<(), Box<dyn Error>> {
    let flights = flights();
    let fit = fit(&flights);
    print!("{}", table(&fit));
    println!("\nresidual deviance: {:.3} after {} steps of Newton's method", fit.deviance, fit.steps);
    let (odds, error) = fit.odds(31.0);
    println!(
        "at 31 °F: a probability of {:.4}, between {:.2} and {:.4} within two standard errors",
        odds.sigmoid(),
        (odds - 2.0 * error).sigmoid(),
        (odds + 2.0 * error).sigmoid()
    );
    let line = |errors: f64| -> Vec<[f64; 2]> {
        let temperatures = (60..=170).map(|half| 0.5 * f64::from(half));
        temperatures
            .map(|temperature| {
                let (odds, error) = fit.odds(temperature);
                [temperature, (odds + errors * error).sigmoid()]
            })
            .collect()
    };
    let path = picture::place("standard_errors")?;
    picture::lines(
        &path,
        Curves {
            title: "The probability of damage",
            axes: ["temperature in °F", ""],
            spans: [(30.0, 85.0), (0.0, 1.0)],
            lines: vec![("estimate", line(0.0)), ("2 errors less", line(-2.0)), ("2 errors more", line(2.0))],
        },
    )?;
    println!("{}", path.display());
    Ok(())
}
