//! Operators whose operands may be structs of the user's.
//!
//! Whether `a * b` multiplies numbers or calls an operator of a struct is often told only later: by what the result is used for, or
//! by a field that is read of it. So a function with such operators is checked twice. The first time they are left open and noted;
//! at the end, what is known of their types decides. The second time the decisions are there.

use super::Checker;
use crate::syntax::callee::Operator;
use crate::types::tree::{Expr, Kind, address};
use crate::types::ty::Ty;
use gradus_ops::Op;
use proc_macro2::Span;
use std::collections::HashMap;

/// What an operator is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Decision {
    /// An operation on numbers.
    Numbers,
    /// An operator of a struct that gives a struct.
    Struct,
    /// An operator of which only rustc knows the types.
    Open,
}

/// The operators of a function, by the address of their expression.
pub(super) type Decisions = HashMap<usize, Decision>;

/// An operator that is not decided yet.
pub(super) struct OpenOperator {
    address: usize,
    operator: Operator,
    operands: Vec<Ty>,
    /// What it gives, or the place that it writes to.
    result: Ty,
}

/// Whether an expression is a struct of data as it is written out, or an operator on one.
pub(super) fn is_struct_data(operand: &Expr<'_>) -> bool {
    fn is_written_out(written: &syn::Expr) -> bool {
        match written {
            syn::Expr::Struct(_) => true,
            syn::Expr::Paren(syn::ExprParen { expr: inner, .. })
            | syn::Expr::Group(syn::ExprGroup { expr: inner, .. })
            | syn::Expr::Unary(syn::ExprUnary { op: syn::UnOp::Neg(_), expr: inner, .. }) => {
                is_written_out(inner)
            }
            syn::Expr::Binary(binary) => is_written_out(&binary.left) || is_written_out(&binary.right),
            _ => false,
        }
    }
    let operand = operand.unparenthesized();
    matches!(operand.kind, Kind::Opaque) && is_written_out(operand.written)
}

impl<'a> Checker<'a> {
    /// Whether an operator on these types may be one of a struct's.
    pub(super) fn may_be_of_struct(&self, operands: &[&Expr<'a>]) -> bool {
        let types = &self.types;
        // A constant of the user's may be a struct.
        let is_constant = |operand: &Expr<'a>| {
            matches!(operand.kind, Kind::Opaque) && matches!(operand.written, syn::Expr::Path(_))
                || is_struct_data(operand)
        };
        let may_be_named = |operand: &Expr<'a>| {
            types.may_be_struct(&operand.ty)
                && (!types.is_passive_for_good(&operand.ty) || is_constant(operand))
        };
        let named = operands.iter().any(|operand| may_be_named(operand))
            && operands.iter().any(|operand| !types.is_passive_for_good(&operand.ty));
        let others = operands.iter().all(|operand| {
            matches!(types.peeled(&operand.ty), Ty::Float(_) | Ty::Unknown(_) | Ty::Struct(_))
        });
        named && others
    }

    /// What the operator is, as far as it has been decided.
    pub(super) fn decision(&self, written: &syn::Expr) -> Option<Decision> {
        self.decisions.as_ref().map(|known| *known.get(&address(written)).unwrap_or(&Decision::Numbers))
    }

    /// An operator of a struct, or one that is open.
    pub(super) fn operator_of_struct(
        &mut self,
        operator: Operator,
        operands: Vec<Expr<'a>>,
        decision: Option<Decision>,
        span: Span,
        written: &'a syn::Expr,
    ) -> Expr<'a> {
        let act = self.types.fresh_act();
        for operand in &operands {
            self.types.depends(act, &operand.ty);
        }
        let writes = matches!(operator, Operator::Assign(_));
        let result = if writes {
            let place = operands[0].ty.clone();
            self.types.activates(act, &place);
            place
        } else if decision == Some(Decision::Struct) {
            self.types.structure(act)
        } else {
            self.types.named(act)
        };
        if decision.is_none() {
            self.open_operators.push(OpenOperator {
                address: address(written),
                operator,
                operands: operands.iter().map(|operand| operand.ty.clone()).collect(),
                result: result.clone(),
            });
        }
        let site = self.site(written, &operands.iter().collect::<Vec<_>>());
        let ty = if writes { Ty::Unit } else { result };
        self.expr(Kind::Operator { operator, operands, site, span }, ty, written)
    }

    /// What the open operators are, at the end of the first time; nothing if there are none.
    pub(super) fn decided(&mut self) -> Option<Decisions> {
        if self.open_operators.is_empty() {
            return None;
        }
        let open = std::mem::take(&mut self.open_operators);
        let mut not_assumed: Vec<&OpenOperator> = open.iter().collect();
        loop {
            let before: Vec<_> = open.iter().map(|operator| self.is_known(operator)).collect();
            open.iter().for_each(|operator| self.infer(operator));
            if open.iter().map(|operator| self.is_known(operator)).eq(before)
                && !self.assume_numbers(&mut not_assumed)
            {
                break;
            }
        }
        Some(open.iter().map(|operator| (operator.address, self.decide(operator))).collect())
    }

    fn is_known(&self, operator: &OpenOperator) -> Vec<(bool, bool)> {
        let types = operator.operands.iter().chain([&operator.result]);
        types.map(|ty| (self.is_float(ty), self.types.is_struct(ty))).collect()
    }

    /// What some of the types tell of the others.
    fn infer(&mut self, open: &OpenOperator) {
        let all: Vec<Ty> = open.operands.iter().chain([&open.result]).cloned().collect();
        // Sums are of one type, and so is what is negated.
        let is_sum = match open.operator {
            Operator::Binary(op) | Operator::Assign(op) => matches!(op, Op::Add | Op::Sub),
            Operator::Minus => true,
        };
        if is_sum {
            if all.iter().any(|ty| self.is_float(ty)) {
                all.iter().for_each(|ty| self.types.expect_float(ty));
            } else if all.iter().any(|ty| self.types.is_struct(ty)) {
                all.iter().for_each(|ty| self.types.expect_struct(ty));
            }
            return;
        }
        let [left, right] = open.operands.as_slice() else { return };
        let structs = [left, right].iter().filter(|ty| self.types.is_struct(ty)).count();
        let floats = [left, right].iter().filter(|ty| self.is_float(ty)).count();
        // Two structs may have a product that is a number; of two aliases of `f64` rustc knows.
        let may_be_struct = |ty: &Ty| {
            !self.is_float(ty) && self.types.may_be_struct(ty) && !self.types.is_passive_for_good(ty)
        };
        let may_be_structs = may_be_struct(left) && may_be_struct(right);
        // A struct that is scaled is a struct, and what gives one scales one.
        if structs == 1 && floats == 1 {
            self.types.expect_struct(&open.result);
        } else if self.types.is_struct(&open.result) && floats == 1 {
            [left, right].iter().for_each(|ty| {
                if !self.is_float(ty) {
                    self.types.expect_struct(ty);
                }
            });
        } else if self.is_float(&open.result) && structs == 0 && !may_be_structs || floats == 2 {
            all.iter().for_each(|ty| self.types.expect_float(ty));
        }
    }

    /// Where nothing is known to be a struct, what meets an element or an item is a number: the names are those of numbers then.
    /// An operator is assumed to be one of numbers once: its operands may be of other types, and then rustc says what is wrong.
    fn assume_numbers(&mut self, not_assumed: &mut Vec<&OpenOperator>) -> bool {
        if self.types.has_structs() {
            return false;
        }
        let has_item = |open: &OpenOperator| {
            let mut operands = open.operands.iter();
            // A constant of the user's may be a struct, but with a number it is one.
            let is_number = |ty: &Ty| self.is_float(ty) || self.types.is_foreign(ty);
            operands.clone().any(|ty| !is_number(ty) && !self.types.may_be_struct(ty))
                || operands.clone().any(|ty| self.is_float(ty))
                    && operands.clone().any(|ty| self.types.is_foreign(ty))
                    && operands.all(is_number)
        };
        let Some(first) = not_assumed.iter().position(|open| has_item(open)) else { return false };
        let first = not_assumed.remove(first);
        first.operands.iter().chain([&first.result]).for_each(|ty| self.types.expect_float(ty));
        true
    }

    fn decide(&self, open: &OpenOperator) -> Decision {
        let all = open.operands.iter().chain([&open.result]);
        if all.clone().all(|ty| self.is_float(ty)) {
            Decision::Numbers
        } else if self.types.is_struct(&open.result) {
            Decision::Struct
        } else {
            Decision::Open
        }
    }
}
