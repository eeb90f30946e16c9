//! Integer literals where floats are asked for: `2 * x`. Rustc reports such a mistake in the user's function, and would report it again
//! in generated code. Only literals are looked at: the types of other integers may be guesses here.

use crate::types::check::{is_unknown, special_refusal};
use crate::types::tree::FloatOperation;
use crate::types::tree::{Argument, Block, Expr, Function, Kind, Statement};
use crate::types::ty::{Ty, Types};
use crate::types::walk::visit_block;
use gradus_ops::Op;
use proc_macro2::Span;
use std::collections::BTreeSet;

/// Whether an integer literal meets a float in a function.
pub fn is_mistaken(function: &Function<'_>) -> bool {
    let types = &function.types;
    let known = Known { types, declared: &declared(function) };
    let mut mistaken =
        goes_to(types, function.body.tail.as_deref(), &function.output) || block(types, &function.body);
    visit_block(&function.body, &mut |part| mistaken |= expression(known, part));
    mistaken
}

/// The smallest expression in which an integer literal meets a float, if there is one; the body itself where only its
/// value is such a literal.
#[cfg(any(test, feature = "interpreter"))]
pub fn smallest_mistake<'a>(function: &Function<'a>) -> Option<&'a syn::Expr> {
    let types = &function.types;
    let known = Known { types, declared: &declared(function) };
    let mut found = None;
    // Outer expressions come before inner ones.
    visit_block(&function.body, &mut |part| {
        if expression(known, part) {
            found = Some(part.written);
        }
    });
    let tail = function.body.tail.as_deref();
    let value = tail.filter(|tail| goes_to(types, Some(tail), &function.output)).map(|tail| tail.written);
    found.or(value).or_else(|| bound(types, &function.body))
}

/// The first value of a statement that is an integer where a float is declared.
#[cfg(any(test, feature = "interpreter"))]
fn bound<'a>(types: &Types, body: &Block<'a>) -> Option<&'a syn::Expr> {
    body.statements.iter().find_map(|statement| match statement {
        Statement::Let { pattern, value: Some(value), .. } => {
            goes_to(types, Some(value), &pattern.ty).then_some(value.written)
        }
        Statement::Let { value: None, .. } | Statement::Verbatim(_) | Statement::Expr { .. } => None,
    })
}

/// The first `if` whose block has a value, while there is no `else` to give one when the condition is false.
#[cfg(any(test, feature = "interpreter"))]
pub fn missing_else(function: &Function<'_>) -> Option<Span> {
    let types = &function.types;
    let mut found = None;
    visit_block(&function.body, &mut |part| {
        if let (Kind::If { then, otherwise: None, .. }, syn::Expr::If(written)) = (&part.kind, part.written)
            && then.tail.is_some()
            && is_value(&types.peeled(&then.ty))
        {
            found = found.or(Some(written.if_token.span));
        }
    });
    found
}

/// Whether a type is known, and is that of a value. The types of integers may be guesses here.
#[cfg(any(test, feature = "interpreter"))]
fn is_value(ty: &Ty) -> bool {
    match ty {
        Ty::Float(_) | Ty::F32 | Ty::Sequence(..) | Ty::Range | Ty::Struct(_) => true,
        Ty::Tuple(parts) => !parts.is_empty(),
        Ty::Int
        | Ty::Bool
        | Ty::Data
        | Ty::Unit
        | Ty::Never
        | Ty::Ref { .. }
        | Ty::Iter(_)
        | Ty::Option(_)
        | Ty::Closure(..)
        | Ty::Unknown(_) => false,
    }
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

/// Whether a value is a float for certain: one that is not active may be a guess, since integers have `min` and `max` too,
/// unless it is declared or written as a float.
fn is_float(known: Known<'_, '_>, value: &Expr<'_>) -> bool {
    known.types.peeled(&value.ty).is_float()
        && (known.types.is_active(&value.ty) || is_float_for_certain(known, value))
}

fn is_float_for_certain(known: Known<'_, '_>, value: &Expr<'_>) -> bool {
    let value = value.unparenthesized();
    if let Kind::Operation(operation) = &value.kind {
        return operation.operands.iter().any(|operand| is_float_for_certain(known, operand));
    }
    if let Some(root) = crate::types::walk::root_variable(value) {
        return known.declared.contains(&root);
    }
    matches!(value.written, syn::Expr::Lit(syn::ExprLit { lit: syn::Lit::Float(_), .. }))
}

/// The variables that are declared with a type in which `f64` is the only number.
fn declared(function: &Function<'_>) -> BTreeSet<usize> {
    let parameters = function.parameters.iter();
    let mut declared: BTreeSet<usize> = parameters
        .filter(|parameter| says_f64(parameter.written))
        .map(|parameter| parameter.binding.variable.0)
        .collect();
    let mut of_block = |block: &Block<'_>| {
        for statement in &block.statements {
            if let Statement::Let { pattern, .. } = statement
                && let (syn::Pat::Type(written), [binding]) = (pattern.written, pattern.bindings.as_slice())
                && says_f64(&written.ty)
            {
                declared.insert(binding.variable.0);
            }
        }
    };
    of_block(&function.body);
    visit_block(&function.body, &mut |part| {
        if let Kind::Block(inner)
        | Kind::For { body: inner, .. }
        | Kind::While { body: inner, .. }
        | Kind::Loop { body: inner, .. }
        | Kind::If { then: inner, .. } = &part.kind
        {
            of_block(inner);
        }
    });
    declared
}

/// `f64`, `&[f64]`, `[f64; 3]`, `Vec<Vec<f64>>`.
fn says_f64(ty: &syn::Type) -> bool {
    match ty {
        syn::Type::Path(path) => path.path.segments.last().is_some_and(|last| match &last.arguments {
            syn::PathArguments::None => last.ident == "f64",
            syn::PathArguments::AngleBracketed(of) => {
                last.ident == "Vec"
                    && of.args.iter().any(|of| matches!(of, syn::GenericArgument::Type(ty) if says_f64(ty)))
            }
            syn::PathArguments::Parenthesized(_) => false,
        }),
        syn::Type::Reference(reference) => says_f64(&reference.elem),
        syn::Type::Slice(slice) => says_f64(&slice.elem),
        syn::Type::Array(array) => says_f64(&array.elem),
        _ => false,
    }
}

/// What is known of the types of a function.
#[derive(Clone, Copy)]
struct Known<'k, 'f> {
    types: &'k Types,
    declared: &'f BTreeSet<usize>,
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
fn meet(known: Known<'_, '_>, a: &Expr<'_>, b: &Expr<'_>) -> bool {
    is_integer(a.written) && is_float(known, b) || is_integer(b.written) && is_float(known, a)
}

fn expression(known: Known<'_, '_>, expression: &Expr<'_>) -> bool {
    let types = known.types;
    let goes = |arguments: &[Argument<'_>]| {
        arguments.iter().any(|argument| goes_to(types, Some(&argument.value), &argument.slot))
    };
    match &expression.kind {
        Kind::Operation(operation) => match operation.operands.as_slice() {
            // The exponent of `powi` is an integer.
            [base, exponent] if operation.what == FloatOperation::Row(Op::Powi) => {
                let is_literal =
                    matches!(exponent.written, syn::Expr::Lit(syn::ExprLit { lit: syn::Lit::Float(_), .. }));
                is_integer(base.written) || is_literal || is_float(known, exponent)
            }
            operands => {
                operands.iter().any(|operand| is_integer(operand.written))
                    && operands.iter().any(|operand| is_float(known, operand))
            }
        },
        Kind::Update { place: a, value: b, .. }
        | Kind::Assign { place: a, value: b }
        | Kind::Compare { left: a, right: b, .. }
        | Kind::Binary { left: a, right: b, .. } => meet(known, a, b),
        Kind::List { elements, .. } => {
            elements.iter().any(|element| is_integer(element.written))
                && elements.iter().any(|element| is_float(known, element))
        }
        Kind::Apply { arguments, .. } | Kind::Method { arguments, .. } => goes(arguments),
        Kind::Return(value) | Kind::Break { value, .. } => goes(value.as_slice()),
        Kind::If { then, otherwise, .. } => otherwise.as_ref().is_some_and(|otherwise| {
            goes_to(types, then.tail.as_deref(), &otherwise.ty)
                || goes_to(types, Some(otherwise_value(otherwise)), &then.ty)
        }),
        Kind::Match { arms, .. } => arms.windows(2).any(|arms| meet(known, &arms[0].body, &arms[1].body)),
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
