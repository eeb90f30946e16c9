//! The colours of all pictures, light and dark.
//!
//! Meaning never rests on colour alone: positive gradient flow is solid and negative dashed, and a
//! stripe stands beside the number of its line.

/// A colour on light ground and its counterpart on dark ground.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Colour {
    pub light: &'static str,
    pub dark: &'static str,
}

const fn colour(light: &'static str, dark: &'static str) -> Colour {
    Colour { light, dark }
}

pub(crate) const PAGE: Colour = colour("#fbfbf9", "#12161c");
pub(crate) const BOX: Colour = colour("#ffffff", "#1f2630");
pub(crate) const INK: Colour = colour("#1c2430", "#e6eaf0");
pub(crate) const MUTED: Colour = colour("#5d6876", "#9aa6b5");
pub(crate) const EDGE: Colour = colour("#7d8896", "#778494");
pub(crate) const POSITIVE: Colour = colour("#0b62c4", "#6db3ff");
pub(crate) const NEGATIVE: Colour = colour("#b8500a", "#ffa05c");

/// Stripes for source lines: the palette of Okabe and Ito (2008), which stays distinct with every
/// common kind of colour vision, without its black; its yellow is darker here, to be seen on white.
pub(crate) const STRIPES: [&str; 7] =
    ["#0072b2", "#e69f00", "#009e73", "#cc79a7", "#56b4e9", "#d55e00", "#d9c400"];
