//! Walking the typed tree.

use crate::tree::{Argument, Block, Expr, Kind, Statement};

/// Calls `look` on the expression and on everything inside.
pub fn visit<'t, 'a>(expression: &'t Expr<'a>, look: &mut dyn FnMut(&'t Expr<'a>)) {
    look(expression);
    let arguments = |parts: &'t [Argument<'a>], look: &mut dyn FnMut(&'t Expr<'a>)| {
        parts.iter().for_each(|part| visit(&part.value, look));
    };
    match &expression.kind {
        Kind::Opaque | Kind::Variable(_) | Kind::Function { .. } | Kind::Show { .. } => {}
        Kind::Operation(operation) => operation.operands.iter().for_each(|part| visit(part, look)),
        Kind::Update { place: a, value: b, .. }
        | Kind::Assign { place: a, value: b }
        | Kind::Compare { left: a, right: b, .. }
        | Kind::Binary { left: a, right: b, .. }
        | Kind::Index { base: a, index: b, .. }
        | Kind::Repeat { element: a, length: b, .. } => {
            visit(a, look);
            visit(b, look);
        }
        Kind::Not(inner)
        | Kind::Minus(inner)
        | Kind::Deref(inner)
        | Kind::Paren(inner)
        | Kind::StopGradient(inner)
        | Kind::Reference(inner)
        | Kind::Cast { value: inner, .. }
        | Kind::Field { base: inner, .. }
        | Kind::Total { receiver: inner, .. }
        | Kind::Let { value: inner, .. } => visit(inner, look),
        Kind::Debug { values: parts, .. } => parts.iter().for_each(|part| visit(part, look)),
        Kind::Format { arguments, .. } => arguments.iter().for_each(|(_, part)| visit(part, look)),
        Kind::Into(argument) => visit(&argument.value, look),
        Kind::Predicate { receiver, arguments, .. } => {
            visit(receiver, look);
            arguments.iter().for_each(|part| visit(part, look));
        }
        Kind::Method { receiver, arguments: parts, .. } => {
            visit(receiver, look);
            arguments(parts, look);
        }
        Kind::Call { arguments: parts, .. } | Kind::Tuple(parts) | Kind::List { elements: parts, .. } => {
            parts.iter().for_each(|part| visit(part, look));
        }
        Kind::Apply { closure, arguments: parts } => {
            visit(closure, look);
            arguments(parts, look);
        }
        Kind::Standard { arguments: parts, .. } => {
            arguments(parts, look);
        }
        Kind::Range { start, end, .. } => {
            [start, end].into_iter().flatten().for_each(|part| visit(part, look));
        }
        Kind::Block(block) => visit_block(block, look),
        Kind::If { condition, then, otherwise } => {
            visit(condition, look);
            visit_block(then, look);
            otherwise.iter().for_each(|otherwise| visit(otherwise, look));
        }
        Kind::Match { value, arms } => {
            visit(value, look);
            for arm in arms {
                arm.guard.iter().for_each(|guard| visit(guard, look));
                visit(&arm.body, look);
            }
        }
        Kind::For { iterator: head, body, .. } | Kind::While { condition: head, body, .. } => {
            visit(head, look);
            visit_block(body, look);
        }
        Kind::Loop { body, .. } => visit_block(body, look),
        Kind::Break { value, .. } | Kind::Return(value) => {
            value.iter().for_each(|value| visit(&value.value, look));
        }
        Kind::Closure(closure) => visit(&closure.body, look),
    }
}

/// The same for a block.
pub fn visit_block<'t, 'a>(block: &'t Block<'a>, look: &mut dyn FnMut(&'t Expr<'a>)) {
    for statement in &block.statements {
        match statement {
            Statement::Verbatim(_) => {}
            Statement::Expr { value, .. } => visit(value, look),
            Statement::Let { value, otherwise, .. } => {
                value.iter().chain(otherwise).for_each(|part| visit(part, look));
            }
        }
    }
    block.tail.iter().for_each(|tail| visit(tail, look));
}

/// Whether there is a `return` inside.
pub fn returns(expression: &Expr<'_>) -> bool {
    let mut found = false;
    visit(expression, &mut |part| found |= matches!(part.kind, Kind::Return(_)));
    found
}

/// The same for a block.
pub fn block_returns(block: &Block<'_>) -> bool {
    let mut found = false;
    visit_block(block, &mut |part| found |= matches!(part.kind, Kind::Return(_)));
    found
}
