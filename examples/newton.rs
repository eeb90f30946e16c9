//! Newton's method in a trust region, on regressions of NIST with certified results: `cargo run --release --example newton`.
//!
//! The sum of squared residuals is minimised with its exact gradient and Hessian, from `sum_of_squares_hessian`. The Hessian is made
//! positive definite by a multiple of its own diagonal, which grows when a step does not lower the sum and shrinks when it does. At the
//! minimum, the Jacobian of the residuals gives the standard deviations of the parameters, which NIST certifies too. The program prints how
//! many digits agree, and draws how the sums fall to `target/pictures/newton.svg`.

#[path = "support/nist.rs"]
pub mod nist;
#[path = "support/picture.rs"]
mod picture;

use gradus::differentiable;
use nist::{Dataset, load, matching_digits};
use picture::Curves;
use std::error::Error;

/// The problems, by the names of the files. Their models stand in [`predicted`], in this order.
pub const PROBLEMS: [&str; 4] = ["Misra1a", "DanWood", "Chwirut2", "Rat43"];

/// What a model says of one observation.
#[differentiable(compiled, second)]
pub fn predicted(b: &[f64], #[constant] model: usize, #[constant] x: f64) -> f64 {
    match model {
        0 => b[0] * (1.0 - (-b[1] * x).exp()),
        1 => b[0] * x.powf(b[1]),
        2 => (-b[0] * x).exp() / (b[1] + b[2] * x),
        _ => b[0] / (1.0 + (b[1] - b[2] * x).exp()).powf(1.0 / b[3]),
    }
}

/// The sum of squared residuals.
#[differentiable(compiled, second)]
pub fn sum_of_squares(
    b: &[f64],
    #[constant] model: usize,
    #[constant] xs: &[f64],
    #[constant] ys: &[f64],
) -> f64 {
    let mut sum = 0.0;
    for (x, y) in xs.iter().zip(ys) {
        sum += (y - predicted(b, model, *x)).powi(2);
    }
    sum
}

/// The residuals.
#[differentiable(compiled)]
pub fn residuals(
    b: &[f64],
    #[constant] model: usize,
    #[constant] xs: &[f64],
    #[constant] ys: &[f64],
) -> Vec<f64> {
    xs.iter().zip(ys).map(|(x, y)| y - predicted(b, model, *x)).collect()
}

/// Solves `a x = b` for a positive definite matrix by Cholesky's method; `None` if it is not.
fn solved(a: &[Vec<f64>], b: &[f64]) -> Option<Vec<f64>> {
    let n = b.len();
    let mut lower = vec![vec![0.0; n]; n];
    for i in 0..n {
        for j in 0..=i {
            let known: f64 = (0..j).map(|k| lower[i][k] * lower[j][k]).sum();
            let rest = a[i][j] - known;
            if i == j {
                if rest.is_nan() || rest <= 0.0 {
                    return None;
                }
                lower[i][i] = rest.sqrt();
            } else {
                lower[i][j] = rest / lower[j][j];
            }
        }
    }
    let mut x = b.to_vec();
    for i in 0..n {
        let known: f64 = (0..i).map(|k| lower[i][k] * x[k]).sum();
        x[i] = (x[i] - known) / lower[i][i];
    }
    for i in (0..n).rev() {
        let known: f64 = (i + 1..n).map(|k| lower[k][i] * x[k]).sum();
        x[i] = (x[i] - known) / lower[i][i];
    }
    Some(x)
}

/// Where a fit ends.
pub struct Fit {
    /// The parameters.
    pub parameters: Vec<f64>,
    /// Their standard deviations.
    pub deviations: Vec<f64>,
    /// The sum of squared residuals before each step and at the end.
    pub sums: Vec<f64>,
}

/// Newton's method from a start.
pub fn fit(model: usize, data: &Dataset, start: &[f64]) -> Fit {
    let Dataset { x, y, .. } = data;
    let mut b = start.to_vec();
    let (mut damping, mut scale) = (1e-3_f64, vec![0.0_f64; b.len()]);
    let mut sums = Vec::new();
    'steps: for _ in 0..1000 {
        let (sum, gradient, hessian) = sum_of_squares_hessian(&b, model, x, y);
        sums.push(sum);
        for (scale, (i, row)) in scale.iter_mut().zip(hessian.iter().enumerate()) {
            *scale = scale.max(row[i].abs());
        }
        let downhill: Vec<f64> = gradient.iter().map(|slope| -slope).collect();
        while damping < 1e20 {
            let mut damped = hessian.clone();
            for (i, row) in damped.iter_mut().enumerate() {
                row[i] += damping * scale[i];
            }
            if let Some(step) = solved(&damped, &downhill) {
                let moved: Vec<f64> = b.iter().zip(&step).map(|(b, step)| b + step).collect();
                if sum_of_squares(&moved, model, x, y) < sum {
                    (b, damping) = (moved, damping * 0.1);
                    continue 'steps;
                }
            }
            damping = (damping * 10.0).max(1e-12);
        }
        // No step lowers the sum any more.
        break;
    }
    let deviations = deviations(model, data, &b);
    Fit { parameters: b, deviations, sums }
}

/// The standard deviations of the parameters: by the inverse of `JᵀJ` and the variance of the residuals.
pub fn deviations(model: usize, data: &Dataset, b: &[f64]) -> Vec<f64> {
    let Dataset { x, y, .. } = data;
    let (residuals, rows) = residuals_jacobian(b, model, x, y);
    let n = b.len();
    let squares: Vec<Vec<f64>> =
        (0..n).map(|i| (0..n).map(|j| rows.iter().map(|row| row[i] * row[j]).sum()).collect()).collect();
    let variance = residuals.iter().map(|r| r * r).sum::<f64>() / (residuals.len() - n) as f64;
    let column = |i: usize| {
        let unit: Vec<f64> = (0..n).map(|j| if i == j { 1.0 } else { 0.0 }).collect();
        solved(&squares, &unit).map_or(f64::NAN, |column| column[i])
    };
    (0..n).map(|i| (variance * column(i)).sqrt()).collect()
}

/// The digits of the worst parameter and of the worst deviation that are the certified ones.
pub fn digits(data: &Dataset, fit: &Fit) -> (f64, f64) {
    let fewest = |digits: &mut dyn Iterator<Item = f64>| digits.fold(f64::INFINITY, f64::min);
    let of = data.parameters.iter();
    (
        fewest(&mut of.clone().zip(&fit.parameters).map(|(p, b)| matching_digits(*b, p.certified))),
        fewest(&mut of.zip(&fit.deviations).map(|(p, s)| matching_digits(*s, p.deviation))),
    )
}

fn main() -> Result<(), Box<dyn Error>> {
    let mut lines = Vec::new();
    println!("{:10}{:>6}{:>7}{:>12}{:>13}", "problem", "start", "steps", "parameters", "deviations");
    for (model, name) in PROBLEMS.iter().enumerate() {
        let data = load(name)?;
        for number in [1, 2] {
            let fit = fit(model, &data, &data.start(number));
            let (parameters, deviations) = digits(&data, &fit);
            println!(
                "{:10}{number:>6}{:>7}{parameters:>12.1}{deviations:>13.1}",
                data.name,
                fit.sums.len() - 1,
            );
            if number == 1 {
                let least = data.residual_sum_of_squares;
                let above = fit.sums.iter().map(|sum| ((sum - least) / least).max(1e-12).log10());
                lines.push((*name, (0..).map(f64::from).zip(above).map(|(step, sum)| [step, sum]).collect()));
            }
        }
    }
    let path = picture::place("newton")?;
    picture::lines(
        &path,
        Curves {
            title: "How far above the least sum of squares, in powers of ten",
            axes: ["step", ""],
            spans: [(0.0, 30.0), (-12.0, 6.0)],
            lines,
        },
    )?;
    println!("{}", path.display());
    Ok(())
}
