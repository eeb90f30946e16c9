//! What may fail: `?`, and the methods of errors.

use super::Machine;
use crate::interpret::datum::{Datum, Evaluated, Stop, panics, unknown};

/// `value?`
pub(super) fn question_mark(value: Datum) -> Evaluated<Datum> {
    match value.read()? {
        Datum::Option(Some(inner)) => Ok(*inner),
        failed @ (Datum::Option(None) | Datum::Failure(_)) => Err(Stop::Return(Box::new(failed))),
        other => unknown(format!("`?` after {other}")),
    }
}

impl Machine {
    /// A method of an `Err`.
    pub(super) fn of_failure(&self, error: Datum, name: &str, arguments: Vec<Datum>) -> Evaluated<Datum> {
        let mut arguments = arguments.into_iter();
        let (first, second) = (arguments.next(), arguments.next());
        match (name, first, second) {
            ("is_ok", None, None) => Ok(Datum::Bool(false)),
            ("is_err", None, None) => Ok(Datum::Bool(true)),
            ("ok", None, None) => Ok(Datum::Option(None)),
            ("err", None, None) => Ok(Datum::some(error)),
            ("unwrap" | "expect", ..) => panics("`unwrap` of an error"),
            ("unwrap_or", Some(other), None) | ("map_or", Some(other), Some(_)) => Ok(other),
            ("unwrap_or_default", None, None) => Ok(Datum::Default),
            ("unwrap_or_else" | "or_else", Some(function), None)
            | ("map_or_else", Some(function), Some(_)) => self.applied(&function, vec![error]),
            ("map" | "and_then" | "inspect", Some(_), None)
            | ("clone" | "as_ref" | "copied" | "cloned", None, None) => Ok(Datum::Failure(Box::new(error))),
            ("map_err", Some(function), None) => {
                Ok(Datum::Failure(Box::new(self.applied(&function, vec![error])?)))
            }
            _ => unknown(format!("the method `{name}` of an error")),
        }
    }

    /// The methods that make a `Result` of an `Option`, or leave an `Ok` as it is.
    pub(super) fn with_error(&self, inside: Option<Datum>, name: &str, error: &Datum) -> Evaluated<Datum> {
        Ok(match (inside, name) {
            (Some(inside), _) => Datum::some(inside),
            (None, "ok_or") => Datum::Failure(Box::new(error.clone())),
            (None, _) => Datum::Failure(Box::new(self.applied(error, Vec::new())?)),
        })
    }
}
