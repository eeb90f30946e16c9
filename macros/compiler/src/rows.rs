//! What the compiled adjoint knows of an operation: what its partial derivatives read, and whether it is computed again
//! in the reverse sweep or kept. The derivatives themselves stand in the engine's rule table; generated code calls them.

/// How an operation treats the adjoint, as the engine's `Kind` has it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Kind {
    Smooth,
    /// A partial derivative of 0 passes nothing on.
    Selecting,
    Flat,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Cost {
    Cheap,
    Expensive,
}

#[derive(Debug)]
pub struct Row {
    pub name: &'static str,
    pub kind: Kind,
    pub cost: Cost,
    /// For each operand what its partial reads (`"a b y"`), or that it has none.
    pub partials: &'static [Option<&'static str>],
}

const fn row(name: &'static str, kind: Kind, cost: Cost, partials: &'static [Option<&'static str>]) -> Row {
    Row { name, kind, cost, partials }
}

pub const ROWS: &[Row] = &[
    row("add", Kind::Smooth, Cost::Cheap, &[Some(""), Some("")]),
    row("sub", Kind::Smooth, Cost::Cheap, &[Some(""), Some("")]),
    row("mul", Kind::Smooth, Cost::Cheap, &[Some("b"), Some("a")]),
    row("div", Kind::Smooth, Cost::Expensive, &[Some("b"), Some("b y")]),
    row("rem", Kind::Smooth, Cost::Expensive, &[Some(""), Some("a b y")]),
    row("neg", Kind::Smooth, Cost::Cheap, &[Some("")]),
    row("mul_add", Kind::Smooth, Cost::Expensive, &[Some("b"), Some("a"), Some("")]),
    row("powi", Kind::Smooth, Cost::Expensive, &[Some("a b"), None]),
    row("powf", Kind::Smooth, Cost::Expensive, &[Some("a b y"), Some("a b y")]),
    row("sqrt", Kind::Smooth, Cost::Expensive, &[Some("y")]),
    row("cbrt", Kind::Smooth, Cost::Expensive, &[Some("y")]),
    row("hypot", Kind::Smooth, Cost::Expensive, &[Some("a y"), Some("b y")]),
    row("exp", Kind::Smooth, Cost::Expensive, &[Some("y")]),
    row("exp2", Kind::Smooth, Cost::Expensive, &[Some("y")]),
    row("exp_m1", Kind::Smooth, Cost::Expensive, &[Some("y")]),
    row("ln", Kind::Smooth, Cost::Expensive, &[Some("a")]),
    row("ln_1p", Kind::Smooth, Cost::Expensive, &[Some("a")]),
    row("log2", Kind::Smooth, Cost::Expensive, &[Some("a")]),
    row("log10", Kind::Smooth, Cost::Expensive, &[Some("a")]),
    row("sin", Kind::Smooth, Cost::Expensive, &[Some("a")]),
    row("cos", Kind::Smooth, Cost::Expensive, &[Some("a")]),
    row("tan", Kind::Smooth, Cost::Expensive, &[Some("y")]),
    row("asin", Kind::Smooth, Cost::Expensive, &[Some("a")]),
    row("acos", Kind::Smooth, Cost::Expensive, &[Some("a")]),
    row("atan", Kind::Smooth, Cost::Expensive, &[Some("a")]),
    row("atan2", Kind::Smooth, Cost::Expensive, &[Some("a b"), Some("a b")]),
    row("to_degrees", Kind::Smooth, Cost::Cheap, &[Some("")]),
    row("to_radians", Kind::Smooth, Cost::Cheap, &[Some("")]),
    row("sinh", Kind::Smooth, Cost::Expensive, &[Some("a")]),
    row("cosh", Kind::Smooth, Cost::Expensive, &[Some("a")]),
    row("tanh", Kind::Smooth, Cost::Expensive, &[Some("y")]),
    row("asinh", Kind::Smooth, Cost::Expensive, &[Some("a")]),
    row("acosh", Kind::Smooth, Cost::Expensive, &[Some("a")]),
    row("atanh", Kind::Smooth, Cost::Expensive, &[Some("a")]),
    row("abs", Kind::Selecting, Cost::Cheap, &[Some("a")]),
    row("copysign", Kind::Selecting, Cost::Cheap, &[Some("a b"), None]),
    row("max", Kind::Selecting, Cost::Cheap, &[Some("a b both"), Some("a b")]),
    row("min", Kind::Selecting, Cost::Cheap, &[Some("a b both"), Some("a b")]),
    row("clamp", Kind::Selecting, Cost::Cheap, &[Some("a b c"), Some("a b"), Some("a c")]),
    row("relu", Kind::Selecting, Cost::Cheap, &[Some("a")]),
    row("leaky_relu", Kind::Selecting, Cost::Cheap, &[Some("a b"), Some("a")]),
    row("ceil", Kind::Flat, Cost::Expensive, &[None]),
    row("floor", Kind::Flat, Cost::Expensive, &[None]),
    row("round", Kind::Flat, Cost::Expensive, &[None]),
    row("round_ties_even", Kind::Flat, Cost::Expensive, &[None]),
    row("trunc", Kind::Flat, Cost::Cheap, &[None]),
    row("signum", Kind::Flat, Cost::Cheap, &[None]),
    row("div_euclid", Kind::Flat, Cost::Expensive, &[None, None]),
    row("fract", Kind::Smooth, Cost::Cheap, &[Some("")]),
    row("rem_euclid", Kind::Smooth, Cost::Expensive, &[Some(""), Some("a b y")]),
    row("sigmoid", Kind::Smooth, Cost::Expensive, &[Some("y")]),
    row("softplus", Kind::Smooth, Cost::Expensive, &[Some("a")]),
    row("silu", Kind::Smooth, Cost::Expensive, &[Some("a")]),
    row("gelu", Kind::Smooth, Cost::Expensive, &[Some("a")]),
];

/// The row of that name.
pub fn find(name: &str) -> Option<&'static Row> {
    ROWS.iter().find(|row| row.name == name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use gradus::Op;

    #[test]
    fn the_rows_are_those_of_the_engine() {
        for op in Op::ALL.iter().filter(|op| op.arity() > 0) {
            let row = find(op.name()).unwrap_or_else(|| panic!("no row for `{}`", op.name()));
            assert_eq!(format!("{:?}", row.kind), format!("{:?}", op.kind()), "{}", op.name());
            assert_eq!(row.partials.len(), op.arity(), "{}", op.name());
            for (k, partial) in row.partials.iter().enumerate() {
                assert_eq!(partial.unwrap_or_default(), op.reads(k), "{}, operand {k}", op.name());
                // A partial that is listed as missing must be 0 wherever one looks.
                if partial.is_none() {
                    let operands = [2.5, 3.0, 4.0];
                    let partials = op.partials(&operands[..op.arity()], op.value(&operands), &[true; 3]);
                    assert_eq!(partials[k], 0.0, "{}, operand {k}", op.name());
                }
            }
        }
        assert_eq!(ROWS.len() + 1, Op::ALL.len());
    }
}
