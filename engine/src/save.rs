//! Training runs in files.
//!
//! Models and optimizers implement serde's traits; [`save()`] writes them, or a tuple or a struct of what makes up a run,
//! as JSON, and [`load`] reads them back, every number bit for bit: a run that goes on from a file is the run that was
//! never interrupted.
//!
//! ```
//! use gradus::nn::Mlp;
//! use gradus::optim::{Adam, Optimizer};
//! use gradus::save;
//!
//! # let folder = std::env::temp_dir().join(format!("gradus-save-{}", std::process::id()));
//! # std::fs::create_dir_all(&folder)?;
//! # let path = folder.join("run.json");
//! let (model, adam, step) = (Mlp::new(2, &[4, 1], 0), Adam::new(0.01), 100_usize);
//! save::save(&path, &(&model, &adam, step))?;
//! let restored: (Mlp, Adam, usize) = save::load(&path)?;
//! assert_eq!(restored, (model, adam, step));
//! # std::fs::remove_dir_all(&folder)?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::error::Category;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::{fmt, fs, io};

/// What tells our files from others.
const FORMAT: &str = "gradus training run";
/// The version of the envelope round the state.
const VERSION: u32 = 1;

/// The envelope, as it is written.
#[derive(Serialize)]
struct Written<'s, T> {
    format: &'static str,
    version: u32,
    state: &'s T,
}

/// The envelope, as it is read: the state unexamined until the rest is known to be ours.
#[derive(Deserialize)]
struct Read {
    format: String,
    version: u32,
    state: serde_json::Value,
}

/// Writes the state of a run to a file, in place of what the file held. If the program ends in the middle, what the file
/// held before is still there.
///
/// # Errors
///
/// If the file cannot be written, or if the state holds a NaN or an infinity, for which JSON has no words but `null`: a
/// run that has come to these is not worth going on with. As `null` is how JSON writes a `None` too, that is refused as
/// well.
pub fn save<T: Serialize>(path: impl AsRef<Path>, state: &T) -> Result<(), SaveError> {
    let path = path.as_ref();
    let fail = |kind| SaveError { path: path.into(), kind };
    let mut text = Vec::new();
    Written { format: FORMAT, version: VERSION, state }
        .serialize(&mut serde_json::Serializer::with_formatter(&mut text, Finite))
        .map_err(|error| fail(Kind::State(error.to_string())))?;
    let mut beside = OsString::from(path);
    beside.push(".part");
    let written = fs::write(&beside, text).and_then(|()| fs::rename(&beside, path));
    written.map_err(|error| fail(Kind::File(error)))
}

/// Reads what [`save()`] wrote.
///
/// # Errors
///
/// If the file cannot be read, is cut off, was not written by [`save()`], or holds something else than a `T`.
pub fn load<T: DeserializeOwned>(path: impl AsRef<Path>) -> Result<T, SaveError> {
    let path = path.as_ref();
    let fail = |kind| SaveError { path: path.into(), kind };
    let bytes = fs::read(path).map_err(|error| fail(Kind::File(error)))?;
    let envelope: Read = serde_json::from_slice(&bytes).map_err(|error| {
        fail(if error.classify() == Category::Eof { Kind::CutOff } else { Kind::Foreign(error.to_string()) })
    })?;
    if envelope.format != FORMAT {
        return Err(fail(Kind::Foreign(format!("its format is `{}`", envelope.format))));
    }
    if envelope.version != VERSION {
        return Err(fail(Kind::Version(envelope.version)));
    }
    serde_json::from_value(envelope.state).map_err(|error| fail(Kind::Mismatch(error.to_string())))
}

/// JSON without `null`.
struct Finite;

impl serde_json::ser::Formatter for Finite {
    fn write_null<W: io::Write + ?Sized>(&mut self, _: &mut W) -> io::Result<()> {
        Err(io::Error::other("it holds a number that is NaN or infinite, or a `None`"))
    }
}

/// Why a run could not be saved or loaded.
#[derive(Debug)]
pub struct SaveError {
    path: PathBuf,
    kind: Kind,
}

#[derive(Debug)]
enum Kind {
    /// What the system says.
    File(io::Error),
    /// The state cannot be written down.
    State(String),
    /// The file ends too soon.
    CutOff,
    /// The file is none of ours.
    Foreign(String),
    /// The file is of another version than ours.
    Version(u32),
    /// The file is ours, but holds another state.
    Mismatch(String),
}

impl fmt::Display for SaveError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let path = self.path.display();
        match &self.kind {
            Kind::File(error) => write!(f, "{path}: {error}"),
            Kind::State(problem) => write!(f, "{path}: the state cannot be saved: {problem}"),
            Kind::CutOff => write!(f, "{path} is cut off: the end of the training run is missing"),
            Kind::Foreign(reason) => write!(f, "{path} is not a training run saved by gradus: {reason}"),
            Kind::Version(version) => {
                write!(f, "{path} is of format version {version}; this gradus reads version {VERSION}")
            }
            Kind::Mismatch(reason) => write!(f, "{path} holds the state of another program: {reason}"),
        }
    }
}

impl std::error::Error for SaveError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match &self.kind {
            Kind::File(error) => Some(error),
            _ => None,
        }
    }
}
