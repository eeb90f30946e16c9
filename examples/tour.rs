//! A tour of gradus in three screens: `cargo run --release --example tour`.
//!
//! The first shows one neuron whose every derivative stands beside the source; the second fits three models to
//! NIST's data and counts the digits that agree with the certified answers; the third prints a compiled gradient as the
//! program that it is. The tour is a check, too: it fails if a gradient is wrong or a fit agrees to fewer than six
//! digits.

#[path = "support/fit.rs"]
mod fit;
#[path = "support/nist.rs"]
mod nist;
#[path = "support/timing.rs"]
mod timing;

use fit::{Problem, fit};
use gradus::differentiable;
use nist::matching_digits;
use std::error::Error;
use std::hint::black_box;
use std::path::Path;
use std::process::ExitCode;

fn main() -> ExitCode {
    match neuron_screen().and_then(|()| regression_screen()).and_then(|()| adjoint_screen()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("\nThe tour ends early: {error}");
            ExitCode::FAILURE
        }
    }
}

// ── Screen one: a neuron, every gear visible ─────────────────────────────────────────────────────

#[differentiable]
fn neuron(x1: f64, x2: f64, w1: f64, w2: f64, b: f64) -> f64 {
    let n = x1 * w1 + x2 * w2 + b;
    n.tanh()
}

/// Uses its argument three times, so that the backward pass has something to add up.
#[differentiable]
fn parabola(a: f64) -> f64 {
    a * a + a
}

fn neuron_screen() -> Result<(), Box<dyn Error>> {
    headline("1. A neuron, every gear visible");
    println!(
        "gradus differentiates ordinary Rust: `#[differentiable]` on a function over f64 leaves the function"
    );
    println!(
        "as it is and writes its gradient beside it, `neuron_grad`, and its recorded graph, `neuron_graph`.\n"
    );

    let (x1, x2, w1, w2, b) = (2.0, 0.0, -3.0, 1.0, 6.881373587019543);
    let trace = neuron_graph(x1, x2, w1, w2, b);
    println!("{trace}\n");

    // n = asinh(1), so that tanh(n) = 1/√2, and its derivative 1 − tanh²(n) = 1/2 scales every gradient.
    let (value, (dx1, dx2, dw1, dw2, db)) = neuron_grad(x1, x2, w1, w2, b);
    println!("{:<10}{:>12}{:>12}", "", "computed", "by hand");
    expect("value", value, 0.5_f64.sqrt())?;
    expect("d/dx1", dx1, w1 / 2.0)?;
    expect("d/dx2", dx2, w2 / 2.0)?;
    expect("d/dw1", dw1, x1 / 2.0)?;
    expect("d/dw2", dw2, x2 / 2.0)?;
    expect("d/db", db, 0.5)?;

    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/tour");
    std::fs::create_dir_all(&folder)?;
    trace.save_dot(folder.join("neuron.dot"))?;
    trace.save_svg(folder.join("neuron.svg"))?;
    trace.save_html(folder.join("neuron.html"))?;
    parabola_graph(1.5).save_html(folder.join("parabola.html"))?;
    println!("\nThe graph lies in target/tour/neuron.svg, and for Graphviz in target/tour/neuron.dot.");
    println!("\nTo see both passes step by step, and to change the inputs, open in a browser");
    println!("    {}   (begin here: a gradient that adds up)", address(&folder.join("parabola.html")));
    println!("    {}", address(&folder.join("neuron.html")));
    Ok(())
}

/// What a browser, and many a terminal, opens.
fn address(file: &Path) -> String {
    file.canonicalize().unwrap_or_else(|_| file.to_owned()).display().to_string()
}

/// Prints what was computed beside what it must be; an error if they differ.
fn expect(name: &str, computed: f64, exact: f64) -> Result<(), Box<dyn Error>> {
    println!("{name:<10}{computed:>12.8}{exact:>12.8}");
    if (computed - exact).abs() <= 1e-12 {
        Ok(())
    } else {
        Err(format!("{name} is {computed}, not {exact}").into())
    }
}

// ── Screen two: nonlinear regression ─────────────────────────────────────────────────────────────

/// The volume adsorbed at pressure `x`: an exponential approach to saturation.
#[differentiable]
fn adsorption(b: &[f64], x: f64) -> f64 {
    b[0] * (1.0 - (-b[1] * x).exp())
}

#[differentiable]
fn misra1a(b: &[f64], #[constant] xs: &[f64], #[constant] ys: &[f64]) -> f64 {
    let mut loss = 0.0;
    for (x, y) in xs.iter().zip(ys) {
        let residual = y - adsorption(b, *x);
        loss += residual * residual;
    }
    loss
}

/// The mobility of electrons at the logarithm `x` of their density: a cubic over a cubic.
#[differentiable]
fn mobility(b: &[f64], x: f64) -> f64 {
    let above = b[0] + x * (b[1] + x * (b[2] + x * b[3]));
    let below = 1.0 + x * (b[4] + x * (b[5] + x * b[6]));
    above / below
}

#[differentiable]
fn thurber(b: &[f64], #[constant] xs: &[f64], #[constant] ys: &[f64]) -> f64 {
    xs.iter().zip(ys).map(|(&x, &y)| (y - mobility(b, x)).powi(2)).sum()
}

#[differentiable]
fn peak(x: f64, height: f64, centre: f64, width: f64) -> f64 {
    let z = (x - centre) / width;
    height * (-z * z).exp()
}

/// Two Gaussian peaks on an exponentially falling baseline.
#[differentiable]
fn spectrum(b: &[f64], x: f64) -> f64 {
    let baseline = b[0] * (-b[1] * x).exp();
    baseline + peak(x, b[2], b[3], b[4]) + peak(x, b[5], b[6], b[7])
}

#[differentiable]
fn gauss1(b: &[f64], #[constant] xs: &[f64], #[constant] ys: &[f64]) -> f64 {
    xs.iter().zip(ys).map(|(&x, &y)| y - spectrum(b, x)).map(|residual| residual * residual).sum()
}

fn regression_screen() -> Result<(), Box<dyn Error>> {
    headline("2. Three regressions that NIST certifies, by BFGS from the far starting point");
    let problems = [
        Problem { data: nist::load("Misra1a")?, value: misra1a, gradient: misra1a_grad },
        Problem { data: nist::load("Thurber")?, value: thurber, gradient: thurber_grad },
        Problem { data: nist::load("Gauss1")?, value: gauss1, gradient: gauss1_grad },
    ];
    problems.iter().try_for_each(regression)
}

/// Fits one problem and reports on it; an error if fewer than six digits of any parameter are right.
fn regression(problem: &Problem) -> Result<(), Box<dyn Error>> {
    let Problem { data, value, gradient } = problem;
    let fit = fit(problem, &data.start(1))?;

    println!("{}: {} model, {} observations", data.name, data.class.to_lowercase(), data.x.len());
    println!("    {}", data.model);
    println!("    {:<10}{:>20}{:>20}{:>10}", "", "fitted", "certified", "digits");
    let mut fewest = f64::INFINITY;
    for (index, (fitted, parameter)) in fit.parameters.iter().zip(&data.parameters).enumerate() {
        let digits = compare(&format!("b{}", index + 1), *fitted, parameter.certified);
        fewest = fewest.min(digits);
    }
    compare("loss", fit.loss, data.residual_sum_of_squares);

    // The compiler must not see that every call is the same.
    let parameters = || black_box(fit.parameters.as_slice());
    let value_time = timing::microseconds(|| value(parameters(), &data.x, &data.y));
    let gradient_time = timing::microseconds(|| gradient(parameters(), &data.x, &data.y));
    let ratio = gradient_time / value_time;
    println!("    {} iterations, {} gradients, {} losses", fit.iterations, fit.gradients, fit.values);
    println!(
        "    {gradient_time:.2} µs a gradient, {ratio:.1} times the {value_time:.2} µs of the loss alone\n"
    );

    if fewest >= 6.0 { Ok(()) } else { Err(format!("{}: only {fewest:.1} digits agree", data.name).into()) }
}

/// Prints what was fitted beside what is certified, and returns the number of digits that agree.
fn compare(name: &str, fitted: f64, certified: f64) -> f64 {
    let digits = matching_digits(fitted, certified);
    println!("    {name:<10}{:>20}{:>20}{digits:>10.1}", eleven_digits(fitted), eleven_digits(certified));
    digits
}

/// `x` to the eleven significant digits that NIST certifies, without an exponent.
fn eleven_digits(x: f64) -> String {
    let scientific = format!("{x:.10e}");
    let exponent = scientific.split_once('e').and_then(|(_, exponent)| exponent.parse::<i32>().ok());
    let decimals = exponent.and_then(|exponent| usize::try_from(10 - exponent).ok()).unwrap_or(0);
    format!("{x:.decimals$}")
}

// ── Screen three: the derivative is a program, too ───────────────────────────────────────────────

/// What is left of a substance after some steps of decay.
#[differentiable]
fn left_after(rate: f64, steps: usize) -> f64 {
    let mut left = 1.0;
    for _ in 0..steps {
        left -= rate * left;
    }
    left
}

fn adjoint_screen() -> Result<(), Box<dyn Error>> {
    headline("3. The derivative is a program, too");
    println!(
        "The gradient of this function is compiled as plain Rust. The listing shows each source line, then its compiled"
    );
    println!(
        "statements: → is the forward sweep (read down), which records what the reverse sweep needs; ← is the reverse"
    );
    println!("sweep (read up). x_b is the gradient accumulated for x.\n");
    println!("{}", left_after_graph(0.25, 3).listing().with_adjoint());

    // (1 − rate)ⁿ and −n (1 − rate)ⁿ⁻¹.
    let (value, slope) = left_after_grad(0.25, 3);
    println!("{:<10}{:>12}{:>12}", "", "computed", "by hand");
    expect("value", value, 0.75_f64.powi(3))?;
    expect("d/drate", slope, -3.0 * 0.75_f64.powi(2))
}

fn headline(text: &str) {
    println!("\n── {text} {}\n", "─".repeat(96 - text.chars().count()));
}
