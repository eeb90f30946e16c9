//! Operators, comparisons and casts.

use super::super::datum::{Datum, Evaluated, Scope, panics, unknown};
use super::super::number::{apply, operation};
use super::Machine;
use quote::ToTokens;
use std::cmp::Ordering;
use syn::{BinOp, Expr};

impl Machine {
    pub(super) fn unary(&self, unary: &syn::ExprUnary, scope: &mut Scope) -> Evaluated<Datum> {
        match unary.op {
            syn::UnOp::Deref(_) => self.place(&unary.expr, scope)?.followed()?.get(),
            syn::UnOp::Neg(_) => {
                // The least integer has no positive twin.
                match self.expression(&unary.expr, scope)?.read()? {
                    Datum::Int(value) => Ok(Datum::Int(-value)),
                    value => operated("neg", vec![value]),
                }
            }
            syn::UnOp::Not(_) => match self.expression(&unary.expr, scope)?.read()? {
                Datum::Bool(value) => Ok(Datum::Bool(!value)),
                Datum::Default => Ok(Datum::Bool(true)),
                other => unknown(format!("`!` of {other:?}")),
            },
            _ => unknown(format!("`{}`", unary.to_token_stream())),
        }
    }

    pub(super) fn binary(&self, binary: &syn::ExprBinary, scope: &mut Scope) -> Evaluated<Datum> {
        let (left, right) = (&binary.left, &binary.right);
        if let Some(plain) = assigning(&binary.op) {
            return self.update(left, &plain, right, scope);
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
                binary_of(&operator.to_token_stream().to_string(), a, b)
            }
        }
    }

    fn update(&self, place: &Expr, operator: &str, value: &Expr, scope: &mut Scope) -> Evaluated<Datum> {
        let value = self.expression(value, scope)?;
        let place = self.place(place, scope)?.followed()?;
        let new = binary_of(operator, place.get()?, value)?;
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

/// A float operation by its name.
pub fn operated(name: &str, operands: Vec<Datum>) -> Evaluated<Datum> {
    let Some(op) = operation(name) else { return unknown(format!("the operation `{name}`")) };
    let operands = operands.into_iter().map(Datum::number).collect::<Evaluated<Vec<_>>>()?;
    if operands.len() != op.arity() {
        return unknown(format!("`{name}` of {} operands", operands.len()));
    }
    if name == "clamp" && operands[1].value.partial_cmp(&operands[2].value).is_none_or(Ordering::is_gt) {
        return panics("the bounds of `clamp`");
    }
    Ok(Datum::Float(apply(op, &operands)))
}

fn binary_of(operator: &str, a: Datum, b: Datum) -> Evaluated<Datum> {
    let (a, b) = (a.read()?, b.read()?);
    if let Some(test) = comparison(operator) {
        return Ok(Datum::Bool(compared(a, b)?.map_or(operator == "!=", test)));
    }
    match (a, b) {
        (Datum::Bool(a), Datum::Bool(b)) => Ok(Datum::Bool(match operator {
            "&" => a & b,
            "|" => a | b,
            "^" => a ^ b,
            _ => return unknown(format!("`{operator}` of truth values")),
        })),
        (Datum::Int(a), Datum::Int(b)) => integers(operator, a, b).map(Datum::Int),
        (Datum::Int(a), Datum::Default) => integers(operator, a, 0).map(Datum::Int),
        (Datum::Default, Datum::Int(b)) => integers(operator, 0, b).map(Datum::Int),
        (a, b) => {
            let name = match operator {
                "+" => "add",
                "-" => "sub",
                "*" => "mul",
                "/" => "div",
                "%" => "rem",
                _ => return unknown(format!("`{operator}` of {a:?} and {b:?}")),
            };
            operated(name, vec![a, b])
        }
    }
}

fn integers(operator: &str, a: i128, b: i128) -> Evaluated<i128> {
    Ok(match operator {
        "+" => a + b,
        "-" => a - b,
        "*" => a * b,
        "/" | "%" if b == 0 => return panics("a division by zero"),
        "/" => a / b,
        "%" => a % b,
        "&" => a & b,
        "|" => a | b,
        "^" => a ^ b,
        "<<" => a << b,
        ">>" => a >> b,
        _ => return unknown(format!("`{operator}` of integers")),
    })
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
        (Datum::Int(a), Datum::Int(b)) => Some(a.cmp(&b)),
        (Datum::Int(a), Datum::Default) => Some(a.cmp(&0)),
        (Datum::Default, Datum::Int(b)) => Some(0.cmp(&b)),
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
        (Datum::Tuple(a), Datum::Tuple(b)) | (Datum::List(a), Datum::List(b)) => {
            for (a, b) in a.iter().zip(&b) {
                match compared(a.clone(), b.clone())? {
                    Some(Ordering::Equal) => {}
                    other => return Ok(other),
                }
            }
            Some(a.len().cmp(&b.len()))
        }
        (a, b) => return unknown(format!("{a:?} compared with {b:?}")),
    })
}

/// `value as ty`.
#[allow(clippy::cast_possible_truncation, reason = "as `as` does")]
pub fn cast(value: Datum, ty: &str) -> Evaluated<Datum> {
    let bounds = match ty {
        "f64" => {
            return Ok(match value.read()? {
                Datum::Int(value) => Datum::from(value as f64),
                Datum::Default => Datum::from(0.0),
                other => Datum::Float(other.number()?),
            });
        }
        "usize" | "u64" => (0, i128::from(u64::MAX)),
        "isize" | "i64" => (i128::from(i64::MIN), i128::from(i64::MAX)),
        "u32" => (0, i128::from(u32::MAX)),
        "i32" => (i128::from(i32::MIN), i128::from(i32::MAX)),
        "u16" => (0, i128::from(u16::MAX)),
        "i16" => (i128::from(i16::MIN), i128::from(i16::MAX)),
        "u8" => (0, i128::from(u8::MAX)),
        "i8" => (i128::from(i8::MIN), i128::from(i8::MAX)),
        // To be inferred.
        "_" => return value.read(),
        _ => return unknown(format!("a cast to `{ty}`")),
    };
    let (low, high) = bounds;
    Ok(Datum::Int(match value.read()? {
        Datum::Float(number) => (number.value as i128).clamp(low, high),
        Datum::Bool(truth) => i128::from(truth),
        Datum::Char(letter) => i128::from(u32::from(letter)),
        other => {
            let (value, width) = (other.int()?, high - low + 1);
            (value - low).rem_euclid(width) + low
        }
    }))
}
