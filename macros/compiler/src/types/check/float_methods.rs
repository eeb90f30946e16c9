//! The methods of `f64`: those with a derivative, those whose result is data, and the others.

use crate::types::tree::FloatOperation;
use gradus_ops::{Form, Op};

/// Operations made of rows of the table, as in the standard library.
const DERIVED: [FloatOperation; 3] = [FloatOperation::Log, FloatOperation::Recip, FloatOperation::SinCos];

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

/// The operation that is called as this method with that number of arguments after the receiver.
pub fn operation(name: &str, arguments: usize) -> Option<FloatOperation> {
    let row = Op::from_name(name).filter(|op| op.form() != Form::Operator).map(FloatOperation::Row);
    let derived = || DERIVED.into_iter().find(|derived| derived.name() == name);
    row.or_else(derived).filter(|operation| operation.arity() == arguments + 1)
}

/// Whether a method is not one of `f64`'s own.
pub fn is_unknown(name: &str, arguments: usize) -> bool {
    operation(name, arguments).is_none() && !PREDICATES.contains(&name) && !WITHOUT_RULE.contains(&name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn methods_are_found_by_name_and_number_of_arguments() {
        assert_eq!(operation("tanh", 0), Some(FloatOperation::Row(Op::Tanh)));
        assert_eq!(operation("clamp", 2), Some(FloatOperation::Row(Op::Clamp)));
        assert_eq!(operation("relu", 0), Some(FloatOperation::Row(Op::Relu)));
        assert_eq!(operation("log", 1), Some(FloatOperation::Log));
        for (name, arguments) in [("tanh", 1), ("log", 0), ("add", 1), ("neg", 0), ("input", 0), ("erf", 0)] {
            assert_eq!(operation(name, arguments), None, "`{name}` of {arguments}");
        }
    }

    #[test]
    fn what_is_named_here_has_no_row() {
        let derived = DERIVED.iter().map(|derived| derived.name());
        for name in derived.chain(PREDICATES.iter().chain(WITHOUT_RULE).copied()) {
            assert_eq!(Op::from_name(name), None, "`{name}`");
        }
    }

    /// Tools read the rows as Rust text.
    #[test]
    fn the_rows_are_expressions() {
        for op in Op::ALL.iter().filter(|op| op.arity() > 0) {
            let partials = (0..op.arity()).filter_map(|k| op.partial_text(k));
            for text in partials.chain([op.value_text()]) {
                let parsed = syn::parse_str::<syn::Expr>(text);
                assert!(parsed.is_ok(), "`{}`: {text}", op.name());
            }
        }
    }
}
