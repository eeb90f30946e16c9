//! Integers with their types, as far as these are known: Rust infers the type of a literal from its whole use, which an
//! evaluation of values does not see.

use super::datum::{Evaluated, Stop, panics, unknown};

/// The type of an integer.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Width {
    /// Nothing has told it yet: a literal, and what is computed of literals alone.
    Open,
    /// The same, but a negative number was among them: no unsigned type.
    OpenSigned,
    /// A type with a least and a greatest number.
    Known { name: &'static str, least: i128, greatest: i128 },
}

macro_rules! widths {
    ($($name:ident)*) => {
        const KNOWN: &[(&str, i128, i128)] = &[
            $((stringify!($name), $name::MIN as i128, $name::MAX as i128)),*,
            // On machines of today.
            ("usize", 0, u64::MAX as i128),
            ("isize", i64::MIN as i128, i64::MAX as i128),
            // Larger numbers are refused, so that nothing is computed otherwise than in Rust.
            ("u128", 0, i128::MAX),
            ("i128", i128::MIN, i128::MAX),
        ];
    };
}
widths!(u8 i8 u16 i16 u32 i32 u64 i64);

impl Width {
    /// The type of this name.
    pub fn named(name: &str) -> Option<Width> {
        let known = KNOWN.iter().find(|(known, ..)| *known == name);
        known.map(|&(name, least, greatest)| Width::Known { name, least, greatest })
    }

    /// What lengths and indices are.
    pub fn size() -> Width {
        Width::Known { name: "usize", least: 0, greatest: i128::from(u64::MAX) }
    }

    /// Whether numbers of the type have no sign.
    fn is_unsigned(self) -> bool {
        matches!(self, Width::Known { least: 0, .. })
    }

    /// The type that two integers share which stand on the sides of an operator.
    pub fn and(self, other: Width) -> Width {
        match (self, other) {
            (Width::OpenSigned, Width::Open) => Width::OpenSigned,
            (Width::Open | Width::OpenSigned, other) => other,
            (known, _) => known,
        }
    }
}

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
