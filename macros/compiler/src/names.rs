//! What the macro knows of the engine's operations: their names, and which methods are written how.
//!
//! Their derivatives stand in the engine's rule table alone; the test below holds this list against it.

/// Methods of `f64` that the engine has a rule for, and the number of their arguments after the receiver.
pub const OPERATIONS: &[(&str, usize)] = &[
    ("abs", 0),
    ("acos", 0),
    ("acosh", 0),
    ("asin", 0),
    ("asinh", 0),
    ("atan", 0),
    ("atan2", 1),
    ("atanh", 0),
    ("cbrt", 0),
    ("ceil", 0),
    ("clamp", 2),
    ("copysign", 1),
    ("cos", 0),
    ("cosh", 0),
    ("div_euclid", 1),
    ("exp", 0),
    ("exp2", 0),
    ("exp_m1", 0),
    ("floor", 0),
    ("fract", 0),
    ("gelu", 0),
    ("hypot", 1),
    ("leaky_relu", 1),
    ("ln", 0),
    ("ln_1p", 0),
    ("log", 1),
    ("log10", 0),
    ("log2", 0),
    ("max", 1),
    ("min", 1),
    ("mul_add", 2),
    ("powf", 1),
    ("powi", 1),
    ("recip", 0),
    ("relu", 0),
    ("rem_euclid", 1),
    ("round", 0),
    ("round_ties_even", 0),
    ("sigmoid", 0),
    ("signum", 0),
    ("silu", 0),
    ("sin", 0),
    ("sin_cos", 0),
    ("sinh", 0),
    ("softplus", 0),
    ("sqrt", 0),
    ("tan", 0),
    ("tanh", 0),
    ("to_degrees", 0),
    ("to_radians", 0),
    ("trunc", 0),
];

/// Methods of `f64` whose result is data: they see the plain number, and whether it is passive does not matter.
pub const PREDICATES: &[&str] = &[
    "is_nan",
    "is_finite",
    "is_infinite",
    "is_normal",
    "is_subnormal",
    "is_sign_positive",
    "is_sign_negative",
    "classify",
    "partial_cmp",
    "total_cmp",
    "eq",
    "ne",
    "lt",
    "le",
    "gt",
    "ge",
];

/// Other methods of `f64`, which have no rule. A method in none of these lists is one of a trait, or does not exist.
const WITHOUT_RULE: &[&str] = &[
    "abs_sub",
    "algebraic_add",
    "algebraic_div",
    "algebraic_mul",
    "algebraic_rem",
    "algebraic_sub",
    "erf",
    "erfc",
    "gamma",
    "ln_gamma",
    "maximum",
    "midpoint",
    "minimum",
    "next_down",
    "next_up",
];

/// Whether a method is not one of `f64`'s own.
pub fn is_unknown(name: &str, arguments: usize) -> bool {
    operation(name, arguments).is_none() && !PREDICATES.contains(&name) && !WITHOUT_RULE.contains(&name)
}

/// The operation of that method name with that number of arguments.
pub fn operation(name: &str, arguments: usize) -> Option<&'static str> {
    OPERATIONS.iter().find(|(known, count)| *known == name && *count == arguments).map(|(known, _)| *known)
}

#[cfg(test)]
mod tests {
    use super::*;
    use gradus::Op;
    use std::collections::BTreeMap;

    /// Written as operators, and what is no operation on operands.
    const NOT_METHODS: &[Op] = &[Op::Input, Op::Add, Op::Sub, Op::Mul, Op::Div, Op::Rem, Op::Neg];

    /// Made of rows of the table, as in the standard library: `1 / x`, `ln x / ln base`, the pair of `sin` and `cos`.
    const DERIVED: &[(&str, usize)] = &[("log", 1), ("recip", 0), ("sin_cos", 0)];

    #[test]
    fn the_operations_are_those_of_the_rule_table() {
        let methods = Op::ALL.iter().filter(|op| !NOT_METHODS.contains(op));
        let table = methods.map(|op| (op.name(), op.arity() - 1)).chain(DERIVED.iter().copied());
        let (table, listed): (BTreeMap<_, _>, BTreeMap<_, _>) =
            (table.collect(), OPERATIONS.iter().copied().collect());
        assert_eq!(listed, table, "left: this list; right: the engine's table and what is derived from it");
        assert_eq!(listed.len(), OPERATIONS.len(), "an operation is listed twice");
    }

    #[test]
    fn what_is_derived_has_no_row() {
        for (name, _) in DERIVED {
            assert!(Op::ALL.iter().all(|op| op.name() != *name), "`{name}` has a row of its own");
        }
    }

    #[test]
    fn predicates_are_no_operations() {
        for name in PREDICATES {
            assert!(Op::ALL.iter().all(|op| op.name() != *name), "`{name}` has a rule");
        }
    }
}
