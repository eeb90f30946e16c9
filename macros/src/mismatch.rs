//! Integers where floats are asked for: `2 * x`. Rustc reports such a mistake in the user's function; what would be made of it
//! here would be reported again.

use crate::lower::visit::visit_block;
use crate::tree::{Argument, Block, Expr, Function, Kind, Statement};
use crate::ty::{Ty, Types};

/// Whether an integer meets a float in a function: for certain, by what is known of types here.
pub fn is_mistaken(function: &Function<'_>) -> bool {
    let types = &function.types;
    let mut mistaken = meet(types, tail(&function.body), &function.output) || block(types, &function.body);
    visit_block(&function.body, &mut |part| mistaken |= expression(types, part));
    mistaken
}

/// The last expression of a block, or the type of a block without one.
fn tail<'t>(block: &'t Block<'_>) -> &'t Ty {
    block.tail.as_ref().map_or(&block.ty, |tail| &tail.ty)
}

/// Whether the one is an integer, and the other a float.
fn meet(types: &Types, a: &Ty, b: &Ty) -> bool {
    match (types.peeled(a), types.peeled(b)) {
        (Ty::Int, Ty::Float(_) | Ty::Sequence(..)) | (Ty::Float(_) | Ty::Sequence(..), Ty::Int) => true,
        (Ty::Tuple(a), Ty::Tuple(b)) => {
            a.len() == b.len() && a.iter().zip(&b).any(|(a, b)| meet(types, a, b))
        }
        (Ty::Sequence(_, a), Ty::Sequence(_, b)) => meet(types, &a, &b),
        _ => false,
    }
}

fn expression(types: &Types, expression: &Expr<'_>) -> bool {
    let is_float = |expression: &Expr<'_>| matches!(types.peeled(&expression.ty), Ty::Float(_));
    let is_int = |expression: &Expr<'_>| matches!(types.peeled(&expression.ty), Ty::Int);
    let goes = |arguments: &[Argument<'_>]| {
        arguments.iter().any(|argument| meet(types, &argument.value.ty, &argument.slot))
    };
    match &expression.kind {
        Kind::Operation(operation) => {
            // The exponent of `powi` is an integer.
            let (integers, operands) = match operation.operands.as_slice() {
                [base, exponent] if operation.name == "powi" => {
                    (is_float(exponent), std::slice::from_ref(base))
                }
                operands => (false, operands),
            };
            integers || operands.iter().any(is_int) && operands.iter().any(is_float)
        }
        Kind::Update { place: a, value: b, .. }
        | Kind::Assign { place: a, value: b }
        | Kind::Compare { left: a, right: b, .. }
        | Kind::Binary { left: a, right: b, .. } => meet(types, &a.ty, &b.ty),
        Kind::List { elements, .. } => elements.iter().any(is_int) && elements.iter().any(is_float),
        Kind::Apply { arguments, .. } | Kind::Method { arguments, .. } => goes(arguments),
        Kind::Return(Some(value)) | Kind::Break { value: Some(value), .. } => {
            goes(std::slice::from_ref(value))
        }
        Kind::If { then, otherwise, .. } => {
            block(types, then)
                || otherwise.as_ref().is_some_and(|otherwise| meet(types, tail(then), &otherwise.ty))
        }
        Kind::Match { arms, .. } => {
            arms.windows(2).any(|arms| meet(types, &arms[0].body.ty, &arms[1].body.ty))
        }
        Kind::Block(inner)
        | Kind::For { body: inner, .. }
        | Kind::While { body: inner, .. }
        | Kind::Loop { body: inner, .. } => block(types, inner),
        Kind::Closure(closure) => meet(types, &closure.body.ty, &closure.output),
        _ => false,
    }
}

/// The statements of a block: the expressions inside are seen apart.
fn block(types: &Types, block: &Block<'_>) -> bool {
    block.statements.iter().any(|statement| match statement {
        Statement::Let { pattern, value: Some(value), .. } => meet(types, &value.ty, &pattern.ty),
        Statement::Let { value: None, .. } | Statement::Verbatim(_) | Statement::Expr { .. } => false,
    })
}
