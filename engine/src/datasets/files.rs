//! Data sets in files of comma-separated values.

use super::Dataset;
use crate::text::{one_line, shorten, visible};
use std::fmt;
use std::ops::RangeInclusive;
use std::path::{Path, PathBuf};
use std::str::FromStr;

/// Reads the *Optical recognition of handwritten digits* (Alpaydin and Kaynak, 1998): a line holds the 8 × 8 pixels of an
/// image, row by row, from 0 (paper) to 16 (ink), and the digit. The pixels are given from 0 to 1.
///
/// # Errors
///
/// If the file cannot be read, or for the first line that is not of this form.
///
/// ```no_run
/// use gradus::datasets;
/// let digits = datasets::digits("examples/data/digits.csv")?;
/// assert_eq!((digits.len(), digits.names.len()), (1797, 10));
/// # Ok::<(), datasets::DataError>(())
/// ```
pub fn digits(path: impl AsRef<Path>) -> Result<Dataset<64>, DataError> {
    let path = path.as_ref();
    let text = read(path)?;
    let names = (0..10).map(|digit| digit.to_string()).collect();
    let mut digits = rows(path, text.lines().enumerate(), names, 0.0..=16.0)?;
    digits.inputs.iter_mut().flatten().for_each(|pixel| *pixel /= 16.0);
    Ok(digits)
}

/// Reads the *Iris* flowers (Fisher, *The use of multiple measurements in taxonomic problems*, 1936): the first line holds
/// the numbers of flowers and measurements and the names of the species; every other line sepal length, sepal width,
/// petal length and petal width in centimetres, and the species, from 0.
///
/// # Errors
///
/// If the file cannot be read, for the first line that is not of this form, and if there are more lines than the first
/// one says, or fewer.
///
/// ```no_run
/// use gradus::datasets;
/// let iris = datasets::iris("examples/data/iris.csv")?;
/// assert_eq!((iris.len(), iris.names[0].as_str()), (150, "setosa"));
/// # Ok::<(), datasets::DataError>(())
/// ```
pub fn iris(path: impl AsRef<Path>) -> Result<Dataset<4>, DataError> {
    let path = path.as_ref();
    let text = read(path)?;
    let mut lines = text.lines().enumerate();
    let header: Vec<&str> =
        lines.next().map(|(_, line)| line.split(',').map(str::trim).collect()).unwrap_or_default();
    let (flowers, names) = match header.as_slice() {
        [flowers, "4", names @ ..] if !names.is_empty() => (number::<usize>(path, 1, flowers)?, names),
        _ => {
            return Err(wrong(
                path,
                1,
                "expected a number of flowers, 4 for their measurements, and the species",
            ));
        }
    };
    let names = names.iter().copied().map(String::from).collect();
    let iris = rows(path, lines, names, 0.0..=f64::MAX)?;
    if iris.len() != flowers {
        let problem = format!("{flowers} flowers are announced, but {} follow", iris.len());
        return Err(wrong(path, 1, problem));
    }
    Ok(iris)
}

/// Reads lines of `N` numbers within the range and a class.
fn rows<'t, const N: usize>(
    path: &Path,
    lines: impl Iterator<Item = (usize, &'t str)>,
    names: Vec<String>,
    range: RangeInclusive<f64>,
) -> Result<Dataset<N>, DataError> {
    let mut data = Dataset { inputs: Vec::new(), labels: Vec::new(), names };
    for (index, text) in lines.filter(|(_, text)| !text.trim().is_empty()) {
        let line = index + 1;
        let cells: Vec<&str> = text.split(',').map(str::trim).collect();
        if cells.len() != N + 1 {
            let problem = format!("expected {N} numbers and a class, found {} columns", cells.len());
            return Err(wrong(path, line, problem));
        }
        let mut input = [0.0; N];
        for (x, cell) in input.iter_mut().zip(&cells) {
            *x = number(path, line, cell)?;
            if !range.contains(x) {
                let problem = if *range.end() == f64::MAX {
                    format!("{} is not a finite number from {} on", shown(cell), range.start())
                } else {
                    format!("{} is not from {} to {}", shown(cell), range.start(), range.end())
                };
                return Err(wrong(path, line, problem));
            }
        }
        let label: usize = number(path, line, cells[N])?;
        if label >= data.names.len() {
            return Err(wrong(path, line, format!("class {label}, but there are {}", data.names.len())));
        }
        data.inputs.push(input);
        data.labels.push(label);
    }
    if data.is_empty() { Err(wrong(path, 1, "no samples")) } else { Ok(data) }
}

fn number<T: FromStr>(path: &Path, line: usize, cell: &str) -> Result<T, DataError> {
    cell.parse()
        .map_err(|_| wrong(path, line, format!("`{}` is not a number of the expected kind", shown(cell))))
}

fn read(path: &Path) -> Result<String, DataError> {
    let text = std::fs::read_to_string(path);
    let mut text = text.map_err(|source| DataError::Unreadable { path: path.into(), source })?;
    // Spreadsheets begin a file with a byte order mark.
    if text.starts_with('\u{feff}') {
        text.drain(..'\u{feff}'.len_utf8());
    }
    Ok(text)
}

/// A cell of the file as a message shows it: without characters that act on a terminal, and cut.
fn shown(cell: &str) -> String {
    const COLUMNS: usize = 40;
    shorten(&one_line(cell), COLUMNS)
}

fn wrong(path: &Path, line: usize, problem: impl Into<String>) -> DataError {
    DataError::Malformed { path: path.into(), line, problem: problem.into() }
}

/// Why a data file could not be used.
#[derive(Debug)]
#[non_exhaustive]
pub enum DataError {
    /// It could not be read.
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What the system says.
        source: std::io::Error,
    },
    /// A line is not of the expected form.
    Malformed {
        /// The file.
        path: PathBuf,
        /// The line, from 1.
        line: usize,
        /// What is wrong with it.
        problem: String,
    },
}

impl fmt::Display for DataError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let shown = |path: &Path| visible(&path.display().to_string()).into_owned();
        match self {
            DataError::Unreadable { path, source } => write!(f, "cannot read {}: {source}", shown(path)),
            DataError::Malformed { path, line, problem } => write!(f, "{}:{line}: {problem}", shown(path)),
        }
    }
}

impl std::error::Error for DataError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            DataError::Unreadable { source, .. } => Some(source),
            DataError::Malformed { .. } => None,
        }
    }
}
