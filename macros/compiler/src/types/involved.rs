//! Whether anything active takes part in an expression: if not, a back end prints the user's tokens.

use crate::types::tree::{Argument, Block, Expr, Function, Kind, Statement};

impl<'a> Function<'a> {
    /// Whether an active value is computed, read, given back or changed anywhere inside.
    pub fn involves(&self, expression: &Expr<'a>) -> bool {
        *expression.involved.get_or_init(|| self.is_involved(expression))
    }

    fn is_involved(&self, expression: &Expr<'a>) -> bool {
        if self.types.is_active(&expression.ty) {
            return true;
        }
        let any = |parts: &[&Expr<'a>]| parts.iter().any(|part| self.involves(part));
        let all = |parts: &[Expr<'a>]| parts.iter().any(|part| self.involves(part));
        let arguments = |parts: &[Argument<'a>]| parts.iter().any(|part| self.involves_argument(part));
        match &expression.kind {
            Kind::Opaque => false,
            Kind::Variable(variable) => self.is_active_variable(*variable),
            Kind::Operation(operation) => all(&operation.operands),
            Kind::Operator { operands, .. } => all(operands),
            Kind::Update { place, value, .. } | Kind::Assign { place, value } => any(&[place, value]),
            Kind::Compare { left, right, .. } | Kind::Binary { left, right, .. } => any(&[left, right]),
            Kind::Try(inner)
            | Kind::Not(inner)
            | Kind::Minus(inner)
            | Kind::Deref(inner)
            | Kind::Paren(inner)
            | Kind::StopGradient(inner)
            | Kind::Reference(inner)
            | Kind::Cast { value: inner, .. }
            | Kind::Field { base: inner, .. }
            | Kind::Total { receiver: inner, .. } => self.involves(inner),
            Kind::Into(argument) => self.involves_argument(argument),
            Kind::Predicate { receiver, arguments, .. } => self.involves(receiver) || all(arguments),
            Kind::Method { receiver, arguments: parts, .. } => self.involves(receiver) || arguments(parts),
            Kind::Call { arguments, .. } => all(arguments),
            Kind::Apply { closure, arguments: parts } => {
                self.types.is_active_closure(&closure.ty) || self.involves(closure) || arguments(parts)
            }
            Kind::Standard { arguments: parts, .. } => arguments(parts),
            Kind::Index { base, index, .. } => any(&[base, index]),
            Kind::Struct(literal) => {
                all(&literal.fields) || literal.base.as_ref().is_some_and(|base| self.involves(base))
            }
            Kind::Tuple(parts) | Kind::List { elements: parts, .. } => all(parts),
            Kind::Repeat { element, length, .. } => any(&[element, length]),
            Kind::Range { start, end, .. } => {
                [start, end].into_iter().flatten().any(|part| self.involves(part))
            }
            Kind::Block(block) => self.involves_block(block),
            Kind::If { condition, then, otherwise } => {
                self.involves(condition)
                    || self.involves_block(then)
                    || otherwise.as_ref().is_some_and(|otherwise| self.involves(otherwise))
            }
            Kind::Let { pattern, value } => self.types.is_active(&pattern.ty) || self.involves(value),
            Kind::Match { value, arms } => {
                self.involves(value)
                    || arms.iter().any(|arm| {
                        self.involves(&arm.body)
                            || arm.guard.as_ref().is_some_and(|guard| self.involves(guard))
                    })
            }
            Kind::For { iterator, body, pattern, .. } => {
                self.involves(iterator) || self.types.is_active(&pattern.ty) || self.involves_block(body)
            }
            Kind::While { condition, body, .. } => self.involves(condition) || self.involves_block(body),
            Kind::Loop { body, .. } => self.involves_block(body),
            Kind::Break { value, .. } | Kind::Return(value) => {
                value.as_ref().is_some_and(|value| self.involves_argument(value))
            }
            Kind::Closure(closure) => {
                self.involves(&closure.body)
                    || self.types.is_active(&closure.output)
                    || closure.inputs.iter().any(|input| self.types.is_active(&input.ty))
            }
            Kind::Function { .. } => self.types.is_active_closure(&expression.ty),
            Kind::Debug { values, .. } => all(values),
            Kind::Format { arguments, .. } => arguments.iter().any(|(_, value)| self.involves(value)),
            Kind::Plain(variables) | Kind::Show { variables, .. } => {
                variables.iter().any(|variable| self.types.is_active(&self.variables[variable.0].ty))
            }
        }
    }

    /// A variable that holds an active value, or a closure that computes with them.
    fn is_active_variable(&self, variable: crate::types::tree::VariableId) -> bool {
        let variable = &self.variables[variable.0];
        self.types.is_active(&variable.ty) || self.types.is_active_closure(&variable.ty)
    }

    pub fn involves_argument(&self, argument: &Argument<'a>) -> bool {
        self.types.is_active(&argument.slot) || self.involves(&argument.value)
    }

    pub fn involves_block(&self, block: &Block<'a>) -> bool {
        block.statements.iter().any(|statement| self.involves_statement(statement))
            || block.tail.as_ref().is_some_and(|tail| self.involves(tail))
    }

    pub fn involves_statement(&self, statement: &Statement<'a>) -> bool {
        match statement {
            Statement::Verbatim(_) => false,
            Statement::Expr { value, .. } => self.involves(value),
            Statement::Let { pattern, value, otherwise, .. } => {
                self.types.is_active(&pattern.ty)
                    || pattern.bindings.iter().any(|binding| self.is_active_variable(binding.variable))
                    || value.iter().chain(otherwise).any(|part| self.involves(part))
            }
        }
    }
}
