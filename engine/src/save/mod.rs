//! Training runs in files.
//!
//! Models and optimizers implement serde's traits; [`save()`] writes them, or a tuple or a struct of what makes up a run,
//! as JSON, and [`load`] reads them back, every number bit for bit: a run that continues from a file computes what it would
//! have computed without interruption.
//!
//! ```
//! # #[cfg(feature = "nn")] {
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
//! # }
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # The file
//!
//! One JSON object: `format`, `version`, `sha256` and `state`. `sha256` is the SHA-256 checksum of the text of `state`, as
//! `sha256sum` prints it. A file whose state has changed since it was saved is refused, and so is a model or an optimizer
//! whose parts do not fit together.
//!
//! # Several writers, interruptions, permissions
//!
//! * A save writes a new temporary file in the folder of the target, flushes it to the disk and renames it to the target.
//!   Readers see the old file or the new one, never a mixture; of several writers the last one wins. A save that fails
//!   removes its temporary file. A program that is killed in the middle can leave one, named `.gradus-XXXXXX.tmp`.
//! * On Unix the new file has the permissions and the owner of the file that it replaces. Where the owner or the group cannot be
//!   kept, the group gets no more than everybody had. A new file gets the usual permissions of new files.
//! * If the path is a symbolic link, the file that it leads to is replaced, and the link stays. A link that leads nowhere
//!   is refused, and so is everything that is not a regular file. Other hard links to the old file keep the old state.

mod check;
mod file;

use crate::text::{shorten, visible};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::error::Category;
use serde_json::value::RawValue;
use sha2::{Digest, Sha256};
use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::{fmt, fs, io};

/// What tells our files from others.
const FORMAT: &str = "gradus training run";
/// The version of the envelope round the state.
const VERSION: u32 = 2;
/// How many columns of a reason, which can quote the file, a message shows.
const SHOWN: usize = 300;

/// The envelope, as it is read: the state unexamined until the rest is known to be ours.
#[derive(Deserialize)]
struct Envelope<'t> {
    format: String,
    version: u32,
    /// Of every version but the first.
    sha256: Option<String>,
    #[serde(borrow)]
    state: &'t RawValue,
}

/// Writes the state of a run to a file, in place of what the file held. If the program ends in the middle, what the file
/// held before is still there.
///
/// # Errors
///
/// If the file cannot be written; what it held before is then still there. And if the state holds something that
/// [`load`] could not read back:
///
/// * a NaN or an infinity, which JSON cannot represent;
/// * a `Some` of something that is written as `null`: `Some(None)`, `Some(())`;
/// * more than 127 lists and structs inside each other;
/// * a map whose keys JSON cannot write as text.
///
/// serde itself reads some types through a buffer, which cannot hold 128-bit integers or maps with numbers as keys: what is
/// marked `flatten` or `untagged`, and enums with an internal `tag`. Such a field of such a type can be saved, but not
/// loaded.
pub fn save<T: Serialize>(path: impl AsRef<Path>, state: &T) -> Result<(), SaveError> {
    let path = path.as_ref();
    let fail = |cause| SaveError { path: path.into(), cause };
    check::readable(state).map_err(|refusal| fail(Cause::State(refusal.to_string())))?;
    let state = serde_json::to_string(state).map_err(|error| fail(Cause::State(error.to_string())))?;
    let checksum = checksum(&state);
    let head = format!(r#"{{"format":"{FORMAT}","version":{VERSION},"sha256":"{checksum}","state":"#);
    file::replace(path, &[&head, &state, "}"]).map_err(|error| fail(Cause::File(error)))
}

/// Reads what [`save()`] wrote.
///
/// # Errors
///
/// If the file cannot be read, is cut off, has changed since it was saved, was not written by [`save()`], or holds
/// something else than a `T`: also a network whose layers do not fit together.
pub fn load<T: DeserializeOwned>(path: impl AsRef<Path>) -> Result<T, SaveError> {
    let path = path.as_ref();
    let fail = |cause| SaveError { path: path.into(), cause };
    let bytes = fs::read(path).map_err(|error| fail(Cause::File(error)))?;
    let envelope: Envelope<'_> = serde_json::from_slice(&bytes).map_err(|error| {
        let ours = bytes.starts_with(format!(r#"{{"format":"{FORMAT}","#).as_bytes());
        // A number that is cut off after its sign is wrong at the last byte.
        let at_the_end = ours && error.line() == 1 && error.column() >= bytes.len();
        fail(match error.classify() {
            Category::Eof => Cause::CutOff,
            _ if at_the_end => Cause::CutOff,
            _ if ours => Cause::Damaged(error.to_string()),
            _ => Cause::Foreign(error.to_string()),
        })
    })?;
    if envelope.format != FORMAT {
        return Err(fail(Cause::Foreign(format!("its format is `{}`", envelope.format))));
    }
    if envelope.version != VERSION {
        return Err(fail(Cause::Version(envelope.version)));
    }
    let state = envelope.state.get();
    if envelope.sha256.is_none_or(|saved| saved != checksum(state)) {
        return Err(fail(Cause::Damaged("the checksum is not that of the state".into())));
    }
    serde_json::from_str(state).map_err(|error| fail(Cause::Mismatch(without_position(&error))))
}

/// The SHA-256 checksum in 64 hexadecimal digits, as `sha256sum` prints it.
fn checksum(text: &str) -> String {
    let mut digits = String::with_capacity(64);
    for byte in Sha256::digest(text) {
        let _ = write!(digits, "{byte:02x}");
    }
    digits
}

/// The message without the place in the text of the state, which is not that in the file.
fn without_position(error: &serde_json::Error) -> String {
    let message = error.to_string();
    let position = format!(" at line {} column {}", error.line(), error.column());
    message.strip_suffix(&position).unwrap_or(&message).to_owned()
}

/// Why a run could not be saved or loaded.
#[derive(Debug)]
pub struct SaveError {
    path: PathBuf,
    cause: Cause,
}

#[derive(Debug)]
enum Cause {
    /// What the system says.
    File(io::Error),
    /// The state cannot be written down.
    State(String),
    /// The file ends too soon.
    CutOff,
    /// The file is ours, and has changed since it was saved.
    Damaged(String),
    /// The file is none of ours.
    Foreign(String),
    /// The file is of another version than ours.
    Version(u32),
    /// The file is ours, but holds another state.
    Mismatch(String),
}

/// What kind of error a [`SaveError`] is.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
#[non_exhaustive]
pub enum SaveErrorKind {
    /// The file cannot be read or written; the source of the error is an [`io::Error`].
    File,
    /// The state cannot be saved.
    State,
    /// The end of the file is missing.
    CutOff,
    /// The file has changed since it was saved.
    Damaged,
    /// The file was not written by [`save()`].
    Foreign,
    /// The file has a format version that this version of gradus does not read.
    Version,
    /// The file holds a state of another type.
    Mismatch,
}

impl SaveError {
    /// What kind of error it is.
    ///
    /// ```
    /// use gradus::save::{self, SaveErrorKind};
    ///
    /// let error = save::load::<Vec<f64>>("no such file").unwrap_err();
    /// assert_eq!(error.kind(), SaveErrorKind::File);
    /// ```
    pub fn kind(&self) -> SaveErrorKind {
        match &self.cause {
            Cause::File(_) => SaveErrorKind::File,
            Cause::State(_) => SaveErrorKind::State,
            Cause::CutOff => SaveErrorKind::CutOff,
            Cause::Damaged(_) => SaveErrorKind::Damaged,
            Cause::Foreign(_) => SaveErrorKind::Foreign,
            Cause::Version(_) => SaveErrorKind::Version,
            Cause::Mismatch(_) => SaveErrorKind::Mismatch,
        }
    }

    /// The file.
    pub fn path(&self) -> &Path {
        &self.path
    }
}

impl fmt::Display for SaveError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let path = self.path.display().to_string();
        let path = visible(&path);
        let shown = |reason: &str| shorten(&visible(reason), SHOWN);
        match &self.cause {
            Cause::File(error) => write!(f, "{path}: {}", visible(&error.to_string())),
            Cause::State(reason) => write!(f, "{path}: the state cannot be saved: {}", shown(reason)),
            Cause::CutOff => write!(f, "{path} is cut off: the end of the training run is missing"),
            Cause::Damaged(reason) => {
                write!(f, "{path} has changed since it was saved: {}", shown(reason))
            }
            Cause::Foreign(reason) => {
                write!(f, "{path} is not a training run saved by gradus: {}", shown(reason))
            }
            Cause::Version(version) => {
                write!(f, "{path} is of format version {version}; this gradus reads version {VERSION}")
            }
            Cause::Mismatch(reason) => {
                write!(f, "{path} holds the state of another program: {}", shown(reason))
            }
        }
    }
}

impl std::error::Error for SaveError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match &self.cause {
            Cause::File(error) => Some(error),
            Cause::State(_)
            | Cause::CutOff
            | Cause::Damaged(_)
            | Cause::Foreign(_)
            | Cause::Version(_)
            | Cause::Mismatch(_) => None,
        }
    }
}
