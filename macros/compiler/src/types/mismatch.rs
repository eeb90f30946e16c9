//! Integer literals where floats are asked for: `2 * x`. Rustc reports such a mistake in the user's function, and would report it again
//! in generated code. Only literals are looked at: the types of other integers may be guesses here.

use crate::types::check::{is_unknown, special_refusal};
use crate::types::tree::FloatOperation;
use crate::types::tree::{Argument, Block, Expr, Function, Kind, Statement};
use crate::types::ty::{Ty, Types};
use crate::types::walk::visit_block;
use gradus_ops::Op;
use proc_macro2::Span;

/// Whether an integer literal meets a float in a function.
pub fn is_mistaken(function: &Function<'_>) -> bool {
    let types = &function.types;
    let mut mistaken =
        goes_to(types, function.body.tail.as_deref(), &function.output) || block(types, &function.body);
    visit_block(&function.body, &mut |part| mistaken |= expression(types, part));
    mistaken
}

/// The first method that is called on an active number and is not one of `f64`'s: it is one of a trait, or it does not exist,
/// which rustc reports.
pub fn unknown_method(function: &Function<'_>) -> Option<Span> {
    let types = &function.types;
    let mut found = None;
    visit_block(&function.body, &mut |part| {
        if let Kind::Method { call, receiver, arguments } = &part.kind
            && let (Ty::Float(_), name) = (types.peeled(&receiver.ty), call.method.to_string())
            && name != "clone"
            && is_unknown(&name, call.args.len())
            && special_refusal(call.method.span(), &name).is_none()
            && (types.is_active(&receiver.ty)
                || arguments.iter().any(|argument| types.is_active(&argument.value.ty)))
        {
            found.get_or_insert(call.method.span());
        }
    });
    found
}

/// `2`, `-2` or `(2)`, and what begins with one: `xs.iter().fold(0, …)`.
fn is_integer(written: &syn::Expr) -> bool {
    match written {
        syn::Expr::Lit(syn::ExprLit { lit: syn::Lit::Int(number), .. }) => {
            !matches!(number.suffix(), "f32" | "f64")
        }
        syn::Expr::Paren(syn::ExprParen { expr: inner, .. })
        | syn::Expr::Unary(syn::ExprUnary { op: syn::UnOp::Neg(_), expr: inner, .. }) => is_integer(inner),
        syn::Expr::MethodCall(call) if call.method == "fold" => call.args.first().is_some_and(is_integer),
        _ => false,
    }
}

/// What says that it is a float: `xs.iter().sum::<f64>()`.
fn gives_float(written: &syn::Expr) -> bool {
    let syn::Expr::MethodCall(syn::ExprMethodCall { method, turbofish: Some(turbofish), .. }) = written
    else {
        return false;
    };
    let mut given = turbofish.args.iter();
    let is_f64 = matches!(given.next(), Some(syn::GenericArgument::Type(syn::Type::Path(ty))) if ty.path.is_ident("f64"));
    is_f64 && given.next().is_none() && (method == "sum" || method == "product")
}

/// Whether a value is a float for certain: one that is not active may be a guess, since integers have `min` and `max` too.
fn is_float(types: &Types, ty: &Ty) -> bool {
    matches!(types.peeled(ty), Ty::Float(_)) && types.is_active(ty)
}

/// Whether an integer literal goes to a place for a float, or for floats.
fn goes_to(types: &Types, value: Option<&Expr<'_>>, place: &Ty) -> bool {
    let Some(value) = value else { return false };
    match (&value.kind, types.peeled(place)) {
        (_, Ty::Float(_) | Ty::Sequence(..)) if is_integer(value.written) => true,
        (Kind::Tuple(parts), Ty::Tuple(places)) if parts.len() == places.len() => {
            parts.iter().zip(&places).any(|(part, place)| goes_to(types, Some(part), place))
        }
        (Kind::List { elements, .. }, Ty::Sequence(_, place)) => {
            elements.iter().any(|element| goes_to(types, Some(element), &place))
        }
        _ => false,
    }
}

/// Whether one of two operands is an integer literal, and the other a float.
fn meet(types: &Types, a: &Expr<'_>, b: &Expr<'_>) -> bool {
    is_integer(a.written) && is_float(types, &b.ty) || is_integer(b.written) && is_float(types, &a.ty)
}

fn expression(types: &Types, expression: &Expr<'_>) -> bool {
    let goes = |arguments: &[Argument<'_>]| {
        arguments.iter().any(|argument| goes_to(types, Some(&argument.value), &argument.slot))
    };
    match &expression.kind {
        Kind::Operation(operation) => match operation.operands.as_slice() {
            // The exponent of `powi` is an integer.
            [base, exponent] if operation.what == FloatOperation::Row(Op::Powi) => {
                let is_literal =
                    matches!(exponent.written, syn::Expr::Lit(syn::ExprLit { lit: syn::Lit::Float(_), .. }));
                is_integer(base.written) || is_literal || is_float(types, &exponent.ty)
            }
            operands => {
                operands.iter().any(|operand| is_integer(operand.written))
                    && operands.iter().any(|operand| is_float(types, &operand.ty))
            }
        },
        Kind::Update { place: a, value: b, .. }
        | Kind::Assign { place: a, value: b }
        | Kind::Compare { left: a, right: b, .. }
        | Kind::Binary { left: a, right: b, .. } => meet(types, a, b),
        Kind::List { elements, .. } => {
            elements.iter().any(|element| is_integer(element.written))
                && elements.iter().any(|element| is_float(types, &element.ty))
        }
        Kind::Apply { arguments, .. } | Kind::Method { arguments, .. } => goes(arguments),
        Kind::Return(value) | Kind::Break { value, .. } => goes(value.as_slice()),
        Kind::If { then, otherwise, .. } => otherwise.as_ref().is_some_and(|otherwise| {
            goes_to(types, then.tail.as_deref(), &otherwise.ty)
                || goes_to(types, Some(otherwise_value(otherwise)), &then.ty)
        }),
        Kind::Match { arms, .. } => arms.windows(2).any(|arms| meet(types, &arms[0].body, &arms[1].body)),
        Kind::Block(inner)
        | Kind::For { body: inner, .. }
        | Kind::While { body: inner, .. }
        | Kind::Loop { body: inner, .. } => block(types, inner),
        Kind::Closure(closure) => goes_to(types, Some(&closure.body), &closure.output),
        Kind::Opaque
        | Kind::Variable(_)
        | Kind::Not(_)
        | Kind::Minus(_)
        | Kind::Deref(_)
        | Kind::Predicate { .. }
        | Kind::Total { .. }
        | Kind::Call { .. }
        | Kind::Standard { .. }
        | Kind::StopGradient(_)
        | Kind::Into(_)
        | Kind::Cast { .. }
        | Kind::Index { .. }
        | Kind::Field { .. }
        | Kind::Reference(_)
        | Kind::Paren(_)
        | Kind::Tuple(_)
        | Kind::Struct(_)
        | Kind::Operator { .. }
        | Kind::Repeat { .. }
        | Kind::Range { .. }
        | Kind::Let { .. }
        | Kind::Function { .. }
        | Kind::Debug { .. }
        | Kind::Format { .. }
        | Kind::Try(_)
        | Kind::Plain(_)
        | Kind::Show { .. } => false,
    }
}

/// What an `else` gives: the last expression of its block.
fn otherwise_value<'t, 'a>(otherwise: &'t Expr<'a>) -> &'t Expr<'a> {
    if let Kind::Block(Block { tail: Some(tail), .. }) = &otherwise.kind { tail } else { otherwise }
}

/// The statements of a block: the expressions inside are seen apart.
fn block(types: &Types, block: &Block<'_>) -> bool {
    block.statements.iter().any(|statement| match statement {
        Statement::Let { pattern, value: Some(value), .. } => {
            goes_to(types, Some(value), &pattern.ty)
                || gives_float(value.written) && types.peeled(&pattern.ty) == Ty::Int
        }
        Statement::Let { value: None, .. } | Statement::Verbatim(_) | Statement::Expr { .. } => false,
    })
}
