//! Arithmetic and conditions.

use super::Printer;
use crate::emit::code::{Code, code};
use crate::ir::{Atom, Expression, Test};
use gradus_ops::{Form, Op};
use proc_macro2::{Delimiter, Ident, Span};

/// How tightly an expression must bind to stand without parentheses.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Binding {
    Loose,
    Sum,
    Product,
    Operand,
}

impl<'p> Printer<'p> {
    /// An operation on atoms; a panic of it points to the span.
    pub(super) fn operation(&'p self, out: &mut Code<'p>, op: Op, operands: &'p [Atom], span: Span) {
        match operator(op) {
            Some(operator) => match operands {
                [a, b] => {
                    self.atom(out, a);
                    out.token(operator);
                    self.atom(out, b);
                }
                operands => {
                    out.token(operator);
                    self.atoms(out, operands);
                }
            },
            None => out.at(span, |out| self.function(out, op, span, |out| self.atoms(out, operands))),
        }
    }

    fn function(&'p self, out: &mut Code<'p>, op: Op, span: Span, operands: impl FnOnce(&mut Code<'p>)) {
        let name = Ident::new(op.name(), span);
        match op.form() {
            Form::Own => {
                code!(out <- __gradus_rules::#name);
            }
            Form::Method | Form::Operator => {
                code!(out <- __gradus_f64::#name);
            }
        }
        out.group(Delimiter::Parenthesis, operands);
    }

    pub(super) fn atoms(&'p self, out: &mut Code<'p>, atoms: &'p [Atom]) {
        out.list(atoms, |out, atom| self.atom(out, atom));
    }

    pub(super) fn expression(&'p self, out: &mut Code<'p>, expression: &'p Expression) {
        self.bound(out, expression, Binding::Loose);
    }

    /// An expression that binds at least so tightly.
    fn bound(&'p self, out: &mut Code<'p>, expression: &'p Expression, binding: Binding) {
        if tightness(expression) < binding {
            out.group(Delimiter::Parenthesis, |out| self.bound(out, expression, Binding::Loose));
            return;
        }
        match expression {
            Expression::Atom(atom) => self.atom(out, atom),
            Expression::Operation(op, operands) => match (operator(*op), operands.as_slice()) {
                (Some(operator), [a, b]) => {
                    let is_sum = tightness(expression) == Binding::Sum;
                    let (left, right) = if is_sum {
                        (Binding::Sum, Binding::Product)
                    } else {
                        (Binding::Product, Binding::Operand)
                    };
                    self.bound(out, a, left);
                    out.token(operator);
                    self.bound(out, b, right);
                }
                (Some(operator), operands) => {
                    out.token(operator);
                    operands.iter().for_each(|operand| self.bound(out, operand, Binding::Operand));
                }
                (None, operands) => {
                    self.function(out, *op, Span::call_site(), |out| {
                        out.list(operands, |out, operand| self.expression(out, operand));
                    });
                }
            },
            Expression::Second { op, operands: [first, other], reads } => {
                let name = op.second(*first, *other).map_or("", |(name, _)| name);
                let name = Ident::new(name, Span::call_site());
                code!(out <- __gradus_rules::#name(#(self.atoms(reads))));
            }
            Expression::Partial { op, operand, reads, .. } => {
                let suffix = ["da", "db", "dc"][*operand];
                let name = Ident::new(&format!("{}_{suffix}", op.name()), Span::call_site());
                code!(out <- __gradus_rules::#name(#(self.atoms(reads))));
            }
            Expression::Push { partial, tangent } => {
                let engine = &self.names.engine;
                code!(out <- #engine::rt::push(#(self.expression(partial)), #(self.expression(tangent))));
            }
            Expression::Choice { condition, then, otherwise } => {
                code!(out <- if #(self.atom(condition)) {
                    #(self.atom(then))
                } else {
                    #(self.atom(otherwise))
                });
            }
            Expression::Where { condition, holds, then } => {
                code!(out <- if #{
                    if !holds {
                        out.token("!");
                    }
                    self.atom(out, condition);
                } { #(self.expression(then)) } else { -0.0 });
            }
        }
    }

    pub(super) fn test(&'p self, out: &mut Code<'p>, test: &'p Test) {
        match test {
            Test::Atom { condition, holds } => {
                if !holds {
                    out.token("!");
                }
                self.atom(out, condition);
            }
            Test::Reached(atom) => {
                let engine = &self.names.engine;
                code!(out <- #engine::rt::reached(#(self.atom(atom))));
            }
            Test::Nonzero(expression) => {
                code!(out <- #(self.expression(expression)) != 0.0);
            }
            Test::Taken(host) => self.host(out, host),
            Test::Both(a, b) => {
                for (at, test) in [a, b].into_iter().enumerate() {
                    if at > 0 {
                        out.token("&&");
                    }
                    match **test {
                        Test::Taken(_) => out.group(Delimiter::Parenthesis, |out| self.test(out, test)),
                        Test::Atom { .. } | Test::Reached(_) | Test::Nonzero(_) | Test::Both(..) => {
                            self.test(out, test);
                        }
                    }
                }
            }
        }
    }
}

fn tightness(expression: &Expression) -> Binding {
    match expression {
        Expression::Atom(_)
        | Expression::Partial { .. }
        | Expression::Second { .. }
        | Expression::Push { .. } => Binding::Operand,
        Expression::Operation(op, operands) => match (operator(*op), operands.len()) {
            (None, _) | (Some(_), 1) => Binding::Operand,
            (Some("+" | "-"), _) => Binding::Sum,
            (Some(_), _) => Binding::Product,
        },
        Expression::Where { .. } | Expression::Choice { .. } => Binding::Loose,
    }
}

fn operator(op: Op) -> Option<&'static str> {
    match op {
        Op::Add => Some("+"),
        Op::Sub | Op::Neg => Some("-"),
        Op::Mul => Some("*"),
        Op::Div => Some("/"),
        Op::Rem => Some("%"),
        _ => None,
    }
}
