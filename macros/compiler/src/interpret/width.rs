//! Types of integers, as far as they are known.

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
    pub fn is_unsigned(self) -> bool {
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
