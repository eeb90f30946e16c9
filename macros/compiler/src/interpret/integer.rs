//! Integers with their types, as far as these are known: Rust infers the type of a literal from its whole use, which an
//! evaluation of values does not see.

use super::datum::{Evaluated, Stop, panics, unknown};
use super::width::Width;

/// A result of `what` in its type. Out of its range Rust panics where overflow is checked, as in a debug build.
pub fn checked(value: Option<i128>, width: Width, what: &str) -> Evaluated<(i128, Width)> {
    let overflow = || -> Evaluated<(i128, Width)> { panics(format!("attempt to {what} with overflow")) };
    let Some(value) = value else {
        return if matches!(width, Width::Known { name: "u128" | "i128", .. }) {
            overflow()
        } else {
            too_large()
        };
    };
    match width {
        Width::Known { least, greatest, .. } if value < least || value > greatest => overflow(),
        Width::Known { .. } => Ok((value, width)),
        // The type may be `i32`, which is what literals are without a reason for another.
        Width::Open | Width::OpenSigned if i32::try_from(value).is_err() => too_large(),
        Width::Open if value < 0 => Ok((value, Width::OpenSigned)),
        open => Ok((value, open)),
    }
}

/// Numbers of literals that nothing gives a type.
fn too_large<T>() -> Evaluated<T> {
    Err(Stop::Unknown(
        "an integer this large whose type is not written: give the literal its type, as in `1_u64`"
            .to_owned(),
    ))
}

/// A number that has come to a place of this type.
pub fn fitted(value: i128, from: Width, to: Width) -> Evaluated<(i128, Width)> {
    match to {
        Width::Known { name, least, greatest } => {
            if value < least || value > greatest || from == Width::OpenSigned && to.is_unsigned() {
                return if matches!(from, Width::Open | Width::OpenSigned) {
                    panics(format!("attempt to compute {value} as a `{name}`, which overflows"))
                } else {
                    unknown(format!("{value} as a `{name}`"))
                };
            }
            Ok((value, to))
        }
        Width::Open | Width::OpenSigned => Ok((value, from)),
    }
}
