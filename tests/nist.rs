//! What the examples do with NIST's regression problems: the reader, what it reads and refuses; the fit, where it ends.

#[path = "../examples/support/fit.rs"]
mod fit;
#[path = "../examples/support/nist.rs"]
mod nist;

use fit::{Problem, fit};
use nist::{Dataset, FormatError, load, matching_digits, parse};

const NAMES: [&str; 11] = [
    "BoxBOD", "Chwirut2", "DanWood", "Eckerle4", "Gauss1", "Hahn1", "Lanczos3", "MGH17", "Misra1a", "Rat43",
    "Thurber",
];

/// A small file of the format, whose every field is known.
const SMALL: &str = "\
NIST/ITL StRD
Dataset Name:  Line              (Line.dat)

Data:          1 Response  (y)
               3 Observations

Model:         Linear Class
               2 Parameters (b1 and b2)

               y = b1
                   + b2*x  +  e

          Starting Values                  Certified Values

        Start 1     Start 2           Parameter     Standard Deviation
  b1 =   1E1         -2          5.0E-01      0.25
  b2 =   .5          3           2.0E+00      1.5

Residual Sum of Squares:                    6.0E-1
Number of Observations:                     3

Data:   y       x
      .5E0      0
      2.5E0     1.0
      4.5       2.0E0
";

fn text(name: &str) -> String {
    let path = format!("{}/examples/data/nist/{name}.dat", env!("CARGO_MANIFEST_DIR"));
    std::fs::read_to_string(path).unwrap()
}

/// The error of `SMALL` with its one occurrence of `from` replaced.
fn refusal(from: &str, to: &str) -> FormatError {
    assert_eq!(SMALL.matches(from).count(), 1, "`{from}` stands once");
    parse(&SMALL.replace(from, to)).unwrap_err()
}

#[test]
fn every_field_is_read() {
    let line = parse(SMALL).unwrap();
    assert_eq!((line.name.as_str(), line.class.as_str()), ("Line", "Linear"));
    assert_eq!(line.model, "y = b1 + b2*x + e");
    assert_eq!(line.start(1), [10.0, 0.5]);
    assert_eq!(line.start(2), [-2.0, 3.0]);
    let certified = line.parameters.iter().map(|p| (p.certified, p.deviation)).collect::<Vec<_>>();
    assert_eq!(certified, [(0.5, 0.25), (2.0, 1.5)]);
    assert_eq!(line.residual_sum_of_squares, 0.6);
    assert_eq!((line.x.as_slice(), line.y.as_slice()), (&[0.0, 1.0, 2.0][..], &[0.5, 2.5, 4.5][..]));
    assert_eq!(line.total_sum_of_squares(), 8.0);
}

#[test]
fn line_endings_and_trailing_blanks_do_not_matter() {
    assert_eq!(parse(&SMALL.replace('\n', "\r\n")), parse(SMALL));
    assert_eq!(parse(&SMALL.replace('\n', "  \n")), parse(SMALL));
    assert_eq!(parse(&format!("{SMALL}\n\n")), parse(SMALL));
}

#[test]
fn every_file_is_read() {
    for name in NAMES {
        let dataset = load(name).unwrap();
        assert_eq!(dataset.name, name);
        assert!(dataset.model.ends_with("+ e"), "{name}: {}", dataset.model);
        assert!(dataset.x.len() > dataset.parameters.len(), "{name}");
        assert!(dataset.residual_sum_of_squares < dataset.total_sum_of_squares(), "{name}");
        assert!(dataset.parameters.iter().all(|parameter| parameter.deviation > 0.0), "{name}");
    }
}

/// NIST states the sum of squares beside the parameters: the models, written out once more here, must agree.
#[test]
fn the_certified_parameters_leave_the_certified_residuals() {
    let rational = |b: &[f64], x: f64| {
        (b[0] + b[1] * x + b[2] * x * x + b[3] * x.powi(3))
            / (1.0 + b[4] * x + b[5] * x * x + b[6] * x.powi(3))
    };
    let saturation = |b: &[f64], x: f64| b[0] * (1.0 - (-b[1] * x).exp());
    assert_residuals("Misra1a", saturation);
    assert_residuals("BoxBOD", saturation);
    assert_residuals("Thurber", rational);
    assert_residuals("Hahn1", rational);
    assert_residuals("Rat43", |b, x| b[0] / (1.0 + (b[1] - b[2] * x).exp()).powf(1.0 / b[3]));
    assert_residuals("DanWood", |b, x| b[0] * x.powf(b[1]));
    assert_residuals("Gauss1", |b, x| {
        let peak = |b: &[f64]| b[0] * (-(x - b[1]).powi(2) / b[2].powi(2)).exp();
        b[0] * (-b[1] * x).exp() + peak(&b[2..5]) + peak(&b[5..8])
    });
}

fn assert_residuals(name: &str, model: impl Fn(&[f64], f64) -> f64) {
    let Dataset { parameters, residual_sum_of_squares, x, y, .. } = load(name).unwrap();
    let b = parameters.iter().map(|parameter| parameter.certified).collect::<Vec<_>>();
    let residuals = x.iter().zip(&y).map(|(&x, &y)| (y - model(&b, x)).powi(2)).sum::<f64>();
    // The minimum is flat: parameters rounded to eleven digits move it in its eighth digit at the very most.
    let digits = matching_digits(residuals, residual_sum_of_squares);
    assert!(digits > 8.0, "{name}: {residuals} and {residual_sum_of_squares} agree to {digits} digits");
}

#[test]
fn a_truncated_file_is_refused_wherever_it_ends() {
    for text in NAMES.map(text).iter().map(String::as_str).chain([SMALL]) {
        let lines = text.lines().collect::<Vec<_>>();
        for kept in 0..lines.len() {
            let start = lines[..kept].iter().flat_map(|line| [line, "\n"]).collect::<String>();
            let error = parse(&start).unwrap_err();
            assert_eq!(error.line, kept, "{error}");
        }
    }
    let half = &SMALL[..SMALL.find("4.5 ").unwrap()];
    assert_eq!(parse(half).unwrap_err().to_string(), "line 25: the file ends before observation 3 of 3");
}

#[test]
fn foreign_files_are_refused() {
    assert_eq!(parse("").unwrap_err().to_string(), "line 0: expected the heading `NIST/ITL StRD`");
    assert_eq!(parse("x,y\n1,2\n").unwrap_err().line, 1);
    assert!(parse("NIST/ITL StRD\nhello\n").unwrap_err().reason.contains("`Dataset Name:`"));
    let two_predictors = refusal("Data:   y       x", "Data:   y   x1   x2");
    assert_eq!(two_predictors.to_string(), "line 22: expected the columns `y x`, found `y x1 x2`");
}

#[test]
fn counts_that_disagree_are_refused() {
    let more = refusal("Observations:                     3", "Observations: 4");
    assert_eq!(more.to_string(), "line 25: the file ends before observation 4 of 4");
    assert!(refusal("2 Parameters", "3 Parameters").reason.starts_with("expected `b3 = …`, found `Residual"));
    assert!(refusal("2 Parameters", "0 Parameters").reason.contains("positive whole number"));
    let one_more = parse(&format!("{SMALL}  6.5  3.0\n")).unwrap_err();
    assert_eq!(one_more.to_string(), "line 26: expected the end after 3 observations, found `6.5  3.0`");
}

#[test]
fn rows_that_do_not_fit_are_refused() {
    assert_eq!(
        refusal("2.5E0     1.0", "2.5E0     one").to_string(),
        "line 24: expected a number, found `one`"
    );
    assert_eq!(refusal("2.5E0     1.0", "2.5E0").to_string(), "line 24: expected 2 numbers, found 1");
    assert_eq!(refusal("2.5E0     1.0", "2.5E0 1 1").to_string(), "line 24: expected 2 numbers, found 3");
    assert_eq!(refusal("2.5E0     1.0", "2.5E0 inf").to_string(), "line 24: expected a number, found `inf`");
    assert_eq!(refusal("b2 =", "b3 =").to_string(), "line 17: expected parameter b2, found `b3`");
    assert_eq!(refusal(".5          3 ", ".5 ").to_string(), "line 17: expected 4 numbers, found 3");
    assert_eq!(refusal("6.0E-1", "").to_string(), "line 19: expected a number, found ``");
    assert!(refusal("Linear Class", "Linear").reason.contains("class"));
    assert!(
        refusal("               y = b1\n                   + b2*x  +  e\n", "").reason.contains("formula")
    );
}

#[test]
fn a_file_that_is_not_there_is_named() {
    let error = load("Nowhere").unwrap_err().to_string();
    assert!(error.contains("Nowhere.dat"), "{error}");
}

#[test]
fn digits_are_the_log_relative_error() {
    let agree =
        |computed, certified, digits: f64| (matching_digits(computed, certified) - digits).abs() < 1e-6;
    assert!(agree(1.001, 1.0, 3.0));
    assert!(agree(-1.001, -1.0, 3.0));
    assert!(agree(100.1, 100.0, 3.0));
    assert!(agree(1e-4, 0.0, 4.0));
    assert_eq!(matching_digits(0.3, 0.3), 11.0);
    assert_eq!(matching_digits(30.0, 0.3), 0.0);
    assert_eq!(matching_digits(f64::NAN, 0.3), 0.0);
    assert_eq!(matching_digits(f64::INFINITY, 0.3), 0.0);
}

/// `b1 · xᵇ²`, the model of `DanWood`.
fn power_law(b: &[f64], xs: &[f64], ys: &[f64]) -> f64 {
    xs.iter().zip(ys).map(|(x, y)| (y - b[0] * x.powf(b[1])).powi(2)).sum()
}

/// Its gradient, by hand.
fn power_law_grad(b: &[f64], xs: &[f64], ys: &[f64]) -> (f64, Vec<f64>) {
    let mut gradient = vec![0.0; 2];
    for (x, y) in xs.iter().zip(ys) {
        let power = x.powf(b[1]);
        let residual = y - b[0] * power;
        gradient[0] -= 2.0 * residual * power;
        gradient[1] -= 2.0 * residual * b[0] * power * x.ln();
    }
    (power_law(b, xs, ys), gradient)
}

#[test]
fn a_fit_ends_at_the_certified_parameters() {
    let problem = Problem { data: load("DanWood").unwrap(), value: power_law, gradient: power_law_grad };
    for start in [1, 2] {
        let fit = fit(&problem, &problem.data.start(start)).unwrap();
        for (fitted, parameter) in fit.parameters.iter().zip(&problem.data.parameters) {
            assert!(matching_digits(*fitted, parameter.certified) >= 6.0, "{fitted} from start {start}");
        }
        assert!(matching_digits(fit.loss, problem.data.residual_sum_of_squares) >= 9.0);
        assert!(
            fit.iterations < fit.gradients && fit.gradients <= fit.values,
            "a step takes a gradient and losses"
        );
    }
}

#[test]
fn a_fit_with_a_wrong_gradient_does_not_get_there() {
    let wrong = |b: &[f64], xs: &[f64], ys: &[f64]| {
        let (loss, gradient) = power_law_grad(b, xs, ys);
        (loss, vec![gradient[0], 0.0])
    };
    let problem = Problem { data: load("DanWood").unwrap(), value: power_law, gradient: wrong };
    let fit = fit(&problem, &problem.data.start(2)).unwrap();
    assert!(matching_digits(fit.parameters[1], problem.data.parameters[1].certified) < 2.0);
}

#[test]
fn a_fit_from_where_there_is_no_loss_is_refused() {
    let problem = Problem { data: load("DanWood").unwrap(), value: power_law, gradient: power_law_grad };
    let error = fit(&problem, &[1.0, f64::NAN]).err().expect("an error").to_string();
    assert!(error.contains("NaN"), "{error}");
}
