//! Operators, comparisons and casts.

use super::super::datum::{Datum, Evaluated, Scope, panics, unknown};
use super::super::integer::{self, checked};
use super::super::number::operation;
use super::super::width::Width;
use super::Machine;
use crate::syntax::callee::Operator;
use gradus_ops::Op;
use quote::ToTokens;
use std::cmp::Ordering;
use syn::{BinOp, Expr};

impl Machine {
    pub(super) fn unary(
        &self,
        expression: &Expr,
        unary: &syn::ExprUnary,
        scope: &mut Scope,
    ) -> Evaluated<Datum> {
        match unary.op {
            syn::UnOp::Deref(_) => self.place(&unary.expr, scope)?.followed()?.get(),
            syn::UnOp::Neg(_) => {
                // The least integer has no positive twin.
                match self.expression(&unary.expr, scope)?.read()? {
                    Datum::Int(value, width) => {
                        let (value, width) = checked(value.checked_neg(), width, "negate")?;
                        Ok(Datum::Int(value, width))
                    }
                    value => {
                        self.here(expression);
                        match self.operation_of(Operator::Minus, &value, None)? {
                            Some(minus) => self.called(&minus, vec![value]),
                            None => self.operated("neg", vec![value]),
                        }
                    }
                }
            }
            syn::UnOp::Not(_) => match self.expression(&unary.expr, scope)?.read()? {
                Datum::Bool(value) => Ok(Datum::Bool(!value)),
                Datum::Default => Ok(Datum::Bool(true)),
                other => unknown(format!("`!` of {other}")),
            },
            _ => unknown(format!("`{}`", unary.to_token_stream())),
        }
    }

    pub(super) fn binary(
        &self,
        expression: &Expr,
        binary: &syn::ExprBinary,
        scope: &mut Scope,
    ) -> Evaluated<Datum> {
        let (left, right) = (&binary.left, &binary.right);
        if let Some(plain) = assigning(&binary.op) {
            return self.update(expression, binary, &plain, scope);
        }
        match &binary.op {
            BinOp::And(_) => Ok(Datum::Bool(
                self.expression(left, scope)?.bool()? && self.expression(right, scope)?.bool()?,
            )),
            BinOp::Or(_) => Ok(Datum::Bool(
                self.expression(left, scope)?.bool()? || self.expression(right, scope)?.bool()?,
            )),
            operator => {
                let (a, b) = (self.expression(left, scope)?, self.expression(right, scope)?);
                self.here(expression);
                self.binary_of(&operator.to_token_stream().to_string(), a, b)
            }
        }
    }

    fn update(
        &self,
        expression: &Expr,
        binary: &syn::ExprBinary,
        operator: &str,
        scope: &mut Scope,
    ) -> Evaluated<Datum> {
        let value = self.expression(&binary.right, scope)?;
        let place = self.place(&binary.left, scope)?.followed()?;
        self.here(expression);
        let old = place.get()?;
        if let Some(op) = operation_named(operator)
            && let (old, value) = (old.clone().read()?, value.clone().read()?)
            && let Some(assigning) = self.operation_of(Operator::Assign(op), &old, Some(&value))?
        {
            return self.called(&assigning, vec![Datum::Reference(place), value]);
        }
        let new = self.binary_of(operator, old, value)?;
        place.set(new)?;
        Ok(Datum::Unit)
    }
}

/// `+` of `+=`.
fn assigning(operator: &BinOp) -> Option<String> {
    let text = operator.to_token_stream().to_string();
    let plain = text.strip_suffix('=')?;
    (!plain.is_empty() && !matches!(plain, "=" | "!" | "<" | ">")).then(|| plain.to_owned())
}

impl Machine {
    /// A float operation by its name.
    pub(super) fn operated(&self, name: &str, operands: Vec<Datum>) -> Evaluated<Datum> {
        let Some(op) = operation(name) else { return unknown(format!("the operation `{name}`")) };
        let operands = operands.into_iter().map(Datum::number).collect::<Evaluated<Vec<_>>>()?;
        if operands.len() != op.arity() {
            return unknown(format!("`{name}` of {} operands", operands.len()));
        }
        if name == "clamp" && operands[1].value.partial_cmp(&operands[2].value).is_none_or(Ordering::is_gt) {
            return panics("the bounds of `clamp`");
        }
        self.applied_op(op, &operands).map(Datum::Float)
    }

    fn binary_of(&self, operator: &str, a: Datum, b: Datum) -> Evaluated<Datum> {
        let (a, b) = (a.read()?, b.read()?);
        if let Some(test) = comparison(operator) {
            Self::comparable(operator, &a)?;
            self.tell_compared(operator, &a, &b);
            return Ok(Datum::Bool(compared(a, b)?.map_or(operator == "!=", test)));
        }
        match (a, b) {
            (Datum::Bool(a), Datum::Bool(b)) => Ok(Datum::Bool(match operator {
                "&" => a & b,
                "|" => a | b,
                "^" => a ^ b,
                _ => return unknown(format!("`{operator}` of truth values")),
            })),
            (Datum::Int(a, of_a), Datum::Int(b, of_b)) => integers(operator, (a, of_a), (b, of_b)),
            (Datum::Int(a, of_a), Datum::Default) => integers(operator, (a, of_a), (0, Width::Open)),
            (Datum::Default, Datum::Int(b, of_b)) => integers(operator, (0, Width::Open), (b, of_b)),
            (a, b) => {
                let Some(op) = operation_named(operator) else {
                    return unknown(format!("`{operator}` of {a} and {b}"));
                };
                match self.operation_of(Operator::Binary(op), &a, Some(&b))? {
                    Some(own) => self.called(&own, vec![a, b]),
                    None => self.operated(op.name(), vec![a, b]),
                }
            }
        }
    }
}

/// The operation of an operator between floats.
fn operation_named(operator: &str) -> Option<Op> {
    operation(match operator {
        "+" => "add",
        "-" => "sub",
        "*" => "mul",
        "/" => "div",
        "%" => "rem",
        _ => return None,
    })
}

fn integers(operator: &str, (a, of_a): (i128, Width), (b, of_b): (i128, Width)) -> Evaluated<Datum> {
    if matches!(operator, "<<" | ">>") {
        return shifted(operator, a, of_a, b);
    }
    let width = of_a.and(of_b);
    let ((a, _), (b, _)) = (integer::fitted(a, of_a, width)?, integer::fitted(b, of_b, width)?);
    let (value, what) = match operator {
        "+" => (a.checked_add(b), "add"),
        "-" => (a.checked_sub(b), "subtract"),
        "*" => (a.checked_mul(b), "multiply"),
        "/" if b == 0 => return panics("attempt to divide by zero"),
        "%" if b == 0 => return panics("attempt to calculate the remainder with a divisor of zero"),
        "/" => (a.checked_div(b), "divide"),
        "%" => (a.checked_rem(b), "calculate the remainder"),
        "&" => (Some(a & b), "and"),
        "|" => (Some(a | b), "or"),
        "^" => (Some(a ^ b), "xor"),
        _ => return unknown(format!("`{operator}` of integers")),
    };
    checked(value, width, what).map(|(value, width)| Datum::Int(value, width))
}

/// Bits that are shifted out are gone; by too many Rust panics.
fn shifted(operator: &str, value: i128, width: Width, by: i128) -> Evaluated<Datum> {
    let Width::Known { least, greatest, .. } = width else {
        return if (0..32).contains(&by) {
            let value = if operator == "<<" {
                value.checked_shl(u32::try_from(by).unwrap_or(0))
            } else {
                Some(value >> by)
            };
            checked(value, width, "shift").map(|(value, width)| Datum::Int(value, width))
        } else {
            unknown("a shift of an integer whose type is not written")
        };
    };
    let bits = if least == 0 {
        i128::BITS - greatest.leading_zeros()
    } else {
        i128::BITS - greatest.leading_zeros() + 1
    };
    let Some(by) = u32::try_from(by).ok().filter(|by| *by < bits) else {
        let what = if operator == "<<" { "left" } else { "right" };
        return panics(format!("attempt to shift {what} with overflow"));
    };
    let value = if operator == ">>" {
        value >> by
    } else if bits < 65 {
        let (value, all) = (value << by, greatest - least + 1);
        (value - least).rem_euclid(all) + least
    } else {
        return unknown("a shift of 128 bits");
    };
    Ok(Datum::Int(value, width))
}

fn comparison(operator: &str) -> Option<fn(Ordering) -> bool> {
    Some(match operator {
        "==" => Ordering::is_eq,
        "!=" => Ordering::is_ne,
        "<" => Ordering::is_lt,
        "<=" => Ordering::is_le,
        ">" => Ordering::is_gt,
        ">=" => Ordering::is_ge,
        _ => return None,
    })
}

/// As `partial_cmp` has it.
pub fn compared(a: Datum, b: Datum) -> Evaluated<Option<Ordering>> {
    Ok(match (a.read()?, b.read()?) {
        (Datum::Float(a), Datum::Float(b)) => a.value.partial_cmp(&b.value),
        (Datum::Float(a), Datum::Default) => a.value.partial_cmp(&0.0),
        (Datum::Default, Datum::Float(b)) => 0.0_f64.partial_cmp(&b.value),
        (Datum::Int(a, _), Datum::Int(b, _)) => Some(a.cmp(&b)),
        (Datum::Int(a, _), Datum::Default) => Some(a.cmp(&0)),
        (Datum::Default, Datum::Int(b, _)) => Some(0.cmp(&b)),
        (Datum::Bool(a), Datum::Bool(b)) => Some(a.cmp(&b)),
        (Datum::Char(a), Datum::Char(b)) => Some(a.cmp(&b)),
        (Datum::Text(a), Datum::Text(b)) => Some(a.cmp(&b)),
        (Datum::Ordering(a), Datum::Ordering(b)) => Some(a.cmp(&b)),
        (Datum::Option(None), Datum::Option(None)) | (Datum::Default, Datum::Default) => {
            Some(Ordering::Equal)
        }
        (Datum::Option(None), Datum::Option(Some(_))) => Some(Ordering::Less),
        (Datum::Option(Some(_)), Datum::Option(None)) => Some(Ordering::Greater),
        (Datum::Option(Some(a)), Datum::Option(Some(b))) => compared(*a, *b)?,
        (Datum::Tuple(a), Datum::Tuple(b))
        | (Datum::List(a), Datum::List(b))
        | (Datum::Struct(_, a), Datum::Struct(_, b)) => {
            for (a, b) in a.iter().zip(&b) {
                match compared(a.clone(), b.clone())? {
                    Some(Ordering::Equal) => {}
                    other => return Ok(other),
                }
            }
            Some(a.len().cmp(&b.len()))
        }
        (a, b) => return unknown(format!("{a} compared with {b}")),
    })
}

/// `value as ty`.
#[allow(clippy::cast_possible_truncation, reason = "as `as` does")]
pub fn cast(value: Datum, ty: &str) -> Evaluated<Datum> {
    if ty == "f64" {
        return Ok(match value.read()? {
            Datum::Int(value, _) => Datum::from(value as f64),
            Datum::Default => Datum::from(0.0),
            other => Datum::Float(other.number()?),
        });
    }
    // To be inferred.
    if ty == "_" {
        return value.read();
    }
    let Some(width @ Width::Known { least, greatest, .. }) = Width::named(ty) else {
        return unknown(format!("a cast to `{ty}`"));
    };
    let value = match value.read()? {
        Datum::Float(number) => (number.value as i128).clamp(least, greatest),
        Datum::Bool(truth) => i128::from(truth),
        Datum::Char(letter) => i128::from(u32::from(letter)),
        other => match (other.int()?, greatest.checked_sub(least)) {
            (value, _) if (least..=greatest).contains(&value) => value,
            (value, Some(all)) if all < i128::MAX => (value - least).rem_euclid(all + 1) + least,
            _ => return unknown(format!("a cast to `{ty}` of a number this large")),
        },
    };
    Ok(Datum::Int(value, width))
}
