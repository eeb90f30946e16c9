//! Whether a function does anything besides computing its value, as far as its own text tells: then it must run once.

use super::tree::{Block, Expr, Function, FunctionValue, Kind, Statement};
use super::ty::{Ty, Types};
use super::walk::visit_block;
use crate::syntax::callee::Callee;

/// Macros that do nothing unless they panic.
const CHECKS: [&str; 10] = [
    "assert",
    "assert_eq",
    "assert_ne",
    "debug_assert",
    "debug_assert_eq",
    "debug_assert_ne",
    "panic",
    "todo",
    "unimplemented",
    "unreachable",
];

/// Whether nothing notices how often the function runs, its differentiable callees apart. Code of which only rustc knows the
/// meaning may do anything.
pub fn is_quiet(function: &Function<'_>) -> bool {
    let mut quiet = has_no_macros(&function.body);
    visit_block(&function.body, &mut |part| quiet &= is_quiet_part(&function.types, part));
    quiet
}

fn has_no_macros(block: &Block<'_>) -> bool {
    block.statements.iter().all(|statement| match statement {
        Statement::Verbatim(verbatim) => matches!(verbatim, syn::Stmt::Item(_)),
        Statement::Expr { .. } | Statement::Let { .. } => true,
    })
}

/// Whether an expression does nothing itself, what is inside apart.
fn is_quiet_part(types: &Types, part: &Expr<'_>) -> bool {
    match &part.kind {
        Kind::Opaque => {
            matches!(part.written, syn::Expr::Lit(_) | syn::Expr::Path(_) | syn::Expr::Continue(_))
        }
        Kind::Show { written, .. } => {
            written.path.get_ident().is_some_and(|name| CHECKS.iter().any(|check| name == check))
        }
        Kind::Method { receiver, .. } => is_of_standard(&types.peeled(&receiver.ty)),
        // The callee tells.
        Kind::Call { callee, arguments } => {
            matches!(callee, Callee::Function(_))
                && arguments.iter().any(|argument| types.is_active(&argument.ty))
        }
        Kind::Function { what, .. } => match what {
            FunctionValue::Callee => types.is_active_closure(&part.ty),
            FunctionValue::Operation(..)
            | FunctionValue::Predicate
            | FunctionValue::Stopped
            | FunctionValue::Named => true,
        },
        // The functions of operators are the user's own.
        Kind::Debug { .. } | Kind::Plain(_) | Kind::Operator { .. } => false,
        Kind::For { iterator, body, .. } => is_known(types, iterator) && has_no_macros(body),
        Kind::Index { base, .. } => is_known(types, base),
        Kind::Block(block) | Kind::Loop { body: block, .. } | Kind::While { body: block, .. } => {
            has_no_macros(block)
        }
        Kind::If { then, .. } => has_no_macros(then),
        Kind::Variable(_)
        | Kind::Operation(_)
        | Kind::Update { .. }
        | Kind::Assign { .. }
        | Kind::Compare { .. }
        | Kind::Binary { .. }
        | Kind::Not(_)
        | Kind::Minus(_)
        | Kind::Deref(_)
        | Kind::Predicate { .. }
        | Kind::Total { .. }
        | Kind::Apply { .. }
        | Kind::Standard { .. }
        | Kind::StopGradient(_)
        | Kind::Into(_)
        | Kind::Cast { .. }
        | Kind::Field { .. }
        | Kind::Reference(_)
        | Kind::Paren(_)
        | Kind::Tuple(_)
        | Kind::Struct(_)
        | Kind::List { .. }
        | Kind::Repeat { .. }
        | Kind::Range { .. }
        | Kind::Let { .. }
        | Kind::Match { .. }
        | Kind::Break { .. }
        | Kind::Return(_)
        | Kind::Try(_)
        | Kind::Closure(_)
        | Kind::Format { .. } => true,
    }
}

/// Whether it is told what something is. A type of the user's own may do anything when it is gone through or indexed.
fn is_known(types: &Types, part: &Expr<'_>) -> bool {
    !matches!(types.peeled(&part.ty), Ty::Unknown(_))
}

/// Whether the methods of a type are those of the standard library.
fn is_of_standard(ty: &Ty) -> bool {
    match ty {
        Ty::Float(_)
        | Ty::F32
        | Ty::Int
        | Ty::Bool
        | Ty::Data
        | Ty::Sequence(..)
        | Ty::Range
        | Ty::Iter(_)
        | Ty::Option(_) => true,
        Ty::Unit
        | Ty::Never
        | Ty::Closure(..)
        | Ty::Struct(_)
        | Ty::Tuple(_)
        | Ty::Ref { .. }
        | Ty::Unknown(_) => false,
    }
}
