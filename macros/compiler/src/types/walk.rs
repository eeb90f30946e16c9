//! Walking the typed tree.

use crate::types::tree::{Argument, Arm, Block, Expr, Kind, Statement};

/// What is directly inside an expression.
pub enum Child<'t, 'a> {
    Expr(&'t Expr<'a>),
    Block(&'t Block<'a>),
    Arm(&'t Arm<'a>),
}

/// Calls `each` on what is directly inside, in the order in which it stands.
pub fn children<'t, 'a>(expression: &'t Expr<'a>, each: &mut dyn FnMut(Child<'t, 'a>)) {
    let arguments = |parts: &'t [Argument<'a>], each: &mut dyn FnMut(Child<'t, 'a>)| {
        parts.iter().for_each(|part| each(Child::Expr(&part.value)));
    };
    match &expression.kind {
        Kind::Opaque | Kind::Variable(_) | Kind::Function { .. } | Kind::Show { .. } | Kind::Plain(_) => {}
        Kind::Operation(operation) => operation.operands.iter().for_each(|part| each(Child::Expr(part))),
        Kind::Update { place: a, value: b, .. }
        | Kind::Assign { place: a, value: b }
        | Kind::Compare { left: a, right: b, .. }
        | Kind::Binary { left: a, right: b, .. }
        | Kind::Index { base: a, index: b, .. }
        | Kind::Repeat { element: a, length: b, .. } => {
            each(Child::Expr(a));
            each(Child::Expr(b));
        }
        Kind::Try(inner)
        | Kind::Not(inner)
        | Kind::Minus(inner)
        | Kind::Deref(inner)
        | Kind::Paren(inner)
        | Kind::StopGradient(inner)
        | Kind::Reference(inner)
        | Kind::Cast { value: inner, .. }
        | Kind::Field { base: inner, .. }
        | Kind::Total { receiver: inner, .. }
        | Kind::Let { value: inner, .. } => each(Child::Expr(inner)),
        Kind::Debug { values: parts, .. } => parts.iter().for_each(|part| each(Child::Expr(part))),
        Kind::Format { arguments, .. } => arguments.iter().for_each(|(_, part)| each(Child::Expr(part))),
        Kind::Into(argument) => each(Child::Expr(&argument.value)),
        Kind::Predicate { receiver, arguments, .. } => {
            each(Child::Expr(receiver));
            arguments.iter().for_each(|part| each(Child::Expr(part)));
        }
        Kind::Method { receiver, arguments: parts, .. } => {
            each(Child::Expr(receiver));
            arguments(parts, each);
        }
        Kind::Operator { operands: parts, .. }
        | Kind::Call { arguments: parts, .. }
        | Kind::Tuple(parts)
        | Kind::List { elements: parts, .. } => {
            parts.iter().for_each(|part| each(Child::Expr(part)));
        }
        Kind::Struct(literal) => {
            literal.fields.iter().chain(literal.base.as_deref()).for_each(|part| each(Child::Expr(part)));
        }
        Kind::Apply { closure, arguments: parts } => {
            each(Child::Expr(closure));
            arguments(parts, each);
        }
        Kind::Standard { arguments: parts, .. } => arguments(parts, each),
        Kind::Range { start, end, .. } => {
            [start, end].into_iter().flatten().for_each(|part| each(Child::Expr(part)));
        }
        Kind::Block(block) | Kind::Loop { body: block, .. } => each(Child::Block(block)),
        Kind::If { condition, then, otherwise } => {
            each(Child::Expr(condition));
            each(Child::Block(then));
            otherwise.iter().for_each(|otherwise| each(Child::Expr(otherwise)));
        }
        Kind::Match { value, arms } => {
            each(Child::Expr(value));
            arms.iter().for_each(|arm| each(Child::Arm(arm)));
        }
        Kind::For { iterator: head, body, .. } | Kind::While { condition: head, body, .. } => {
            each(Child::Expr(head));
            each(Child::Block(body));
        }
        Kind::Break { value, .. } | Kind::Return(value) => {
            value.iter().for_each(|value| each(Child::Expr(&value.value)));
        }
        Kind::Closure(closure) => each(Child::Expr(&closure.body)),
    }
}

/// Calls `look` on the expression and on everything inside.
pub fn visit<'t, 'a>(expression: &'t Expr<'a>, look: &mut dyn FnMut(&'t Expr<'a>)) {
    visit_where(expression, &mut |part| {
        look(part);
        true
    });
}

/// The same for a block.
pub fn visit_block<'t, 'a>(block: &'t Block<'a>, look: &mut dyn FnMut(&'t Expr<'a>)) {
    visit_block_where(block, &mut |part| {
        look(part);
        true
    });
}

/// The same, but not inside what `look` answers `false` for.
fn visit_where<'t, 'a>(expression: &'t Expr<'a>, look: &mut dyn FnMut(&'t Expr<'a>) -> bool) {
    if !look(expression) {
        return;
    }
    children(expression, &mut |child| match child {
        Child::Expr(inner) => visit_where(inner, look),
        Child::Block(block) => visit_block_where(block, look),
        Child::Arm(arm) => {
            arm.guard.iter().for_each(|guard| visit_where(guard, look));
            visit_where(&arm.body, look);
        }
    });
}

/// The expressions of a block, and inside of those of which `look` says so.
pub fn visit_block_where<'t, 'a>(block: &'t Block<'a>, look: &mut dyn FnMut(&'t Expr<'a>) -> bool) {
    for statement in &block.statements {
        match statement {
            Statement::Verbatim(_) => {}
            Statement::Expr { value, .. } => visit_where(value, look),
            Statement::Let { value, otherwise, .. } => {
                value.iter().chain(otherwise).for_each(|part| visit_where(part, look));
            }
        }
    }
    block.tail.iter().for_each(|tail| visit_where(tail, look));
}

/// Whether there is a `return` inside, those of closures apart.
pub fn returns(expression: &Expr<'_>) -> bool {
    let mut found = false;
    visit_where(expression, &mut |part| {
        found |= matches!(part.kind, Kind::Return(_));
        !matches!(part.kind, Kind::Closure(_))
    });
    found
}

/// Whether a block is left early, by a `return` or a jump: closures apart, which have their own.
pub fn block_leaves(block: &Block<'_>) -> bool {
    let mut found = false;
    visit_block_where(block, &mut |part| {
        found |= matches!(part.kind, Kind::Break { .. } | Kind::Return(_))
            || matches!(part.written, syn::Expr::Continue(_));
        !matches!(part.kind, Kind::Closure(_))
    });
    found
}

/// The variable that a place is a part of.
pub fn root_variable(place: &Expr<'_>) -> Option<usize> {
    let mut place = place;
    while let Some(base) = place.base() {
        place = base;
    }
    place.variable().map(|variable| variable.0)
}
