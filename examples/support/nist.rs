//! Reads the file format of NIST's Statistical Reference Datasets for nonlinear regression.
//!
//! Such a file is written for people: prose, a model in mathematical notation, a table of parameters, and the
//! observations, response first. In outline, with the names that the fields of [`Dataset`] carry:
//!
//! ```text
//! NIST/ITL StRD
//! Dataset Name:  <name>  (<file>)
//! …
//! Model:         <class> Class
//!                <n> Parameters (b1 to bn)
//!                <model, on one or several lines>
//!         Start 1   Start 2     Parameter   Standard Deviation
//!   b1 =   <one start, the other, the certified value, its deviation>
//!   …
//! Residual Sum of Squares:   <residual_sum_of_squares>
//! Number of Observations:    <observations>
//! Data:   y   x
//!         <y> <x>
//!         …
//! ```
//!
//! The reader finds its way by these labels, not by line numbers, and holds the counts that a file states against
//! what it contains: a truncated file is an error, never a smaller problem. It passes over the degrees of freedom,
//! which follow from the counts, and which `Rat43.dat` misstates (9 for 15 observations and 4 parameters).

use std::error::Error;
use std::fmt;
use std::path::PathBuf;

/// A regression problem with its certified solution.
#[derive(Clone, Debug, PartialEq)]
pub struct Dataset {
    /// NIST's name of the problem, such as `Misra1a`.
    pub name: String,
    /// The family of its model, such as `Exponential` or `Rational`.
    pub class: String,
    /// The model in NIST's notation (`e` is the error term), runs of spaces joined.
    pub model: String,
    /// The parameters `b1`, `b2`, … in order.
    pub parameters: Vec<Parameter>,
    /// The certified minimum of the sum of squared residuals, in squared units of the response.
    pub residual_sum_of_squares: f64,
    /// The observed predictors, one an observation.
    pub x: Vec<f64>,
    /// The observed responses, one an observation.
    pub y: Vec<f64>,
}

/// One row of a problem's table of parameters.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Parameter {
    /// NIST's two starting points: the first far from the solution, the second near it.
    pub starts: [f64; 2],
    /// The certified least squares estimate, to eleven digits.
    pub certified: f64,
    /// The certified standard deviation of that estimate.
    pub deviation: f64,
}

/// Why a text is not a dataset.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FormatError {
    /// The line at fault, counted from 1; of a text that ends too early, its last.
    pub line: usize,
    /// What was expected there, and what was found.
    pub reason: String,
}

impl fmt::Display for FormatError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}: {}", self.line, self.reason)
    }
}

impl Error for FormatError {}

/// Reads `examples/data/nist/<name>.dat`.
///
/// # Errors
///
/// When the file cannot be read or is not a dataset; the message names the file.
pub fn load(name: &str) -> Result<Dataset, Box<dyn Error>> {
    let path = [env!("CARGO_MANIFEST_DIR"), "examples", "data", "nist", &format!("{name}.dat")];
    let path = path.iter().collect::<PathBuf>();
    let text = std::fs::read_to_string(&path).map_err(|error| format!("{}: {error}", path.display()))?;
    Ok(parse(&text).map_err(|error| format!("{}: {error}", path.display()))?)
}

/// Reads a dataset from the text of its file.
///
/// # Errors
///
/// A [`FormatError`] at the first line that does not fit the format.
pub fn parse(text: &str) -> Result<Dataset, FormatError> {
    let mut lines = Lines::new(text);
    if lines.next().is_none_or(|line| line.trim() != "NIST/ITL StRD") {
        return Err(lines.error("expected the heading `NIST/ITL StRD`".into()));
    }
    let name = lines.labelled("Dataset Name:")?.split_whitespace().next();
    let name = name.ok_or_else(|| lines.error("the dataset has no name".into()))?.to_owned();
    let (class, count, model) = model(&mut lines)?;
    let parameters = parameters(&mut lines, count)?;
    let residual_sum_of_squares = lines.labelled_number("Residual Sum of Squares:")?;
    let observations = lines.labelled_count("Number of Observations:")?;
    let (x, y) = observed(&mut lines, observations)?;
    Ok(Dataset { name, class, model, parameters, residual_sum_of_squares, x, y })
}

impl Dataset {
    /// NIST's starting point 1, far from the solution, or 2, near it.
    ///
    /// # Panics
    ///
    /// When `number` is neither 1 nor 2.
    pub fn start(&self, number: usize) -> Vec<f64> {
        self.parameters.iter().map(|parameter| parameter.starts[number - 1]).collect()
    }

    /// The sum of squared deviations of the responses from their mean: what is left to explain before any model.
    pub fn total_sum_of_squares(&self) -> f64 {
        let mean = self.y.iter().sum::<f64>() / self.y.len() as f64;
        self.y.iter().map(|y| (y - mean).powi(2)).sum()
    }
}

/// How many digits of `computed` agree with the `certified` value: the log relative error, `−log₁₀(|q − c| / |c|)`.
///
/// The measure is that of *Assessing the Reliability of Statistical Software: Part I*, The American Statistician 52
/// (1998), 358–366. It lies between 0 and 11, the number of digits that NIST certifies; where `certified` is 0 the
/// absolute error counts; a `computed` value that is not a number has no digit right.
pub fn matching_digits(computed: f64, certified: f64) -> f64 {
    let scale = if certified == 0.0 { 1.0 } else { certified.abs() };
    let digits = -((computed - certified).abs() / scale).log10();
    if digits.is_nan() { 0.0 } else { digits.clamp(0.0, 11.0) }
}

/// The model's class, number of parameters and formula.
fn model(lines: &mut Lines<'_>) -> Result<(String, usize, String), FormatError> {
    let class = lines.labelled("Model:")?;
    let class = class.split_once("Class").map(|(class, _)| class.trim().to_owned());
    let class =
        class.ok_or_else(|| lines.error("expected the model's class, as in `Rational Class`".into()))?;

    let line = lines.filled("the number of parameters")?;
    let count = match line.split_whitespace().collect::<Vec<_>>()[..] {
        [count, word, ..] if word.starts_with("Parameter") => lines.whole(count)?,
        _ => return Err(lines.error(format!("expected a number of parameters, found `{}`", line.trim()))),
    };

    let mut formula = Vec::new();
    loop {
        let line = lines.filled("the starting values")?;
        if line.trim_start().to_ascii_lowercase().starts_with("starting values") {
            break;
        }
        formula.extend(line.split_whitespace());
    }
    if formula.is_empty() {
        return Err(lines.error("the model has no formula".into()));
    }
    Ok((class, count, formula.join(" ")))
}

/// The table's rows `b1 = start 1, start 2, certified, deviation`.
fn parameters(lines: &mut Lines<'_>, count: usize) -> Result<Vec<Parameter>, FormatError> {
    let heading = lines.filled("the heading of the table of parameters")?;
    if !heading.contains("Start 1") || !heading.contains("Start 2") {
        return Err(lines.error("expected the columns `Start 1` and `Start 2`".into()));
    }
    (1..=count)
        .map(|number| {
            let line = lines.filled(&format!("parameter b{number}"))?;
            let words = line.split_whitespace().collect::<Vec<_>>();
            let [name, "=", numbers @ ..] = &words[..] else {
                return Err(lines.error(format!("expected `b{number} = …`, found `{}`", line.trim())));
            };
            if *name != format!("b{number}") {
                return Err(lines.error(format!("expected parameter b{number}, found `{name}`")));
            }
            let [start_1, start_2, certified, deviation] = lines.numbers(numbers)?;
            Ok(Parameter { starts: [start_1, start_2], certified, deviation })
        })
        .collect()
}

/// The observations `(x, y)`; the file states `y` first, and nothing follows them.
fn observed(lines: &mut Lines<'_>, count: usize) -> Result<(Vec<f64>, Vec<f64>), FormatError> {
    let columns = lines.labelled("Data:")?.split_whitespace().collect::<Vec<_>>();
    if columns != ["y", "x"] {
        return Err(lines.error(format!("expected the columns `y x`, found `{}`", columns.join(" "))));
    }
    let (mut x, mut y) = (Vec::with_capacity(count), Vec::with_capacity(count));
    for number in 1..=count {
        let line = lines.filled(&format!("observation {number} of {count}"))?;
        let [response, predictor] = lines.numbers(&line.split_whitespace().collect::<Vec<_>>())?;
        y.push(response);
        x.push(predictor);
    }
    match lines.find(|line| !line.trim().is_empty()) {
        Some(line) => {
            Err(lines.error(format!("expected the end after {count} observations, found `{}`", line.trim())))
        }
        None => Ok((x, y)),
    }
}

/// The lines of a text, read once from top to bottom, and how many have been read.
struct Lines<'t> {
    lines: std::str::Lines<'t>,
    read: usize,
}

impl<'t> Iterator for Lines<'t> {
    type Item = &'t str;

    fn next(&mut self) -> Option<&'t str> {
        let line = self.lines.next()?;
        self.read += 1;
        Some(line)
    }
}

impl<'t> Lines<'t> {
    fn new(text: &'t str) -> Self {
        Self { lines: text.lines(), read: 0 }
    }

    /// An error at the last line read.
    fn error(&self, reason: String) -> FormatError {
        FormatError { line: self.read, reason }
    }

    /// The next line that is not blank.
    fn filled(&mut self, what: &str) -> Result<&'t str, FormatError> {
        let line = self.find(|line| !line.trim().is_empty());
        line.ok_or_else(|| self.error(format!("the file ends before {what}")))
    }

    /// What follows `label` on the next line that starts with it.
    fn labelled(&mut self, label: &str) -> Result<&'t str, FormatError> {
        let rest = self.find_map(|line| line.strip_prefix(label));
        rest.map(str::trim).ok_or_else(|| self.error(format!("the file ends before `{label}`")))
    }

    fn labelled_number(&mut self, label: &str) -> Result<f64, FormatError> {
        let text = self.labelled(label)?;
        self.number(text)
    }

    fn labelled_count(&mut self, label: &str) -> Result<usize, FormatError> {
        let text = self.labelled(label)?;
        self.whole(text)
    }

    fn number(&self, text: &str) -> Result<f64, FormatError> {
        let number = text.parse().ok().filter(|number: &f64| number.is_finite());
        number.ok_or_else(|| self.error(format!("expected a number, found `{text}`")))
    }

    fn whole(&self, text: &str) -> Result<usize, FormatError> {
        let count = text.parse().ok().filter(|&count| count > 0);
        count.ok_or_else(|| self.error(format!("expected a positive whole number, found `{text}`")))
    }

    fn numbers<const N: usize>(&self, words: &[&str]) -> Result<[f64; N], FormatError> {
        let numbers = words.iter().map(|word| self.number(word)).collect::<Result<Vec<_>, _>>()?;
        let found = numbers.len();
        numbers.try_into().map_err(|_| self.error(format!("expected {N} numbers, found {found}")))
    }
}
