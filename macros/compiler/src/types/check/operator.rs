//! Operators and assignments.

use super::Checker;
use super::operators::{Decision, is_struct_data};
use crate::syntax::callee::Operator;
use crate::syntax::refusals;
use crate::types::tree::FloatOperation;
use crate::types::tree::{Expr, Kind, Operation};
use crate::types::ty::{Act, Sequence, Ty};
use gradus_ops::Op;
use syn::spanned::Spanned;

/// What an operator is to a derivative.
enum Class {
    /// An operation of the engine.
    Arithmetic(Op),
    /// The same, written to the place on the left.
    Update(Op),
    Comparison,
    /// Operators that floats do not have.
    Other,
}

fn classify(operator: &syn::BinOp) -> Class {
    match operator {
        syn::BinOp::Add(_) => Class::Arithmetic(Op::Add),
        syn::BinOp::Sub(_) => Class::Arithmetic(Op::Sub),
        syn::BinOp::Mul(_) => Class::Arithmetic(Op::Mul),
        syn::BinOp::Div(_) => Class::Arithmetic(Op::Div),
        syn::BinOp::Rem(_) => Class::Arithmetic(Op::Rem),
        syn::BinOp::AddAssign(_) => Class::Update(Op::Add),
        syn::BinOp::SubAssign(_) => Class::Update(Op::Sub),
        syn::BinOp::MulAssign(_) => Class::Update(Op::Mul),
        syn::BinOp::DivAssign(_) => Class::Update(Op::Div),
        syn::BinOp::RemAssign(_) => Class::Update(Op::Rem),
        syn::BinOp::Eq(_)
        | syn::BinOp::Ne(_)
        | syn::BinOp::Lt(_)
        | syn::BinOp::Le(_)
        | syn::BinOp::Gt(_)
        | syn::BinOp::Ge(_) => Class::Comparison,
        _ => Class::Other,
    }
}

impl<'a> Checker<'a> {
    pub(super) fn unary(&mut self, unary: &'a syn::ExprUnary, written: &'a syn::Expr) -> Expr<'a> {
        let operand = self.boxed(&unary.expr);
        match &unary.op {
            syn::UnOp::Deref(_) => {
                let ty = self.types.shallow(&operand.ty);
                // A `Box`, say: what is in it is another thing.
                let ty = if let Ty::Unknown(whole) = ty { self.types.part(whole) } else { ty.behind() };
                self.expr(Kind::Deref(operand), ty, written)
            }
            syn::UnOp::Neg(minus) => {
                let decision = self.decision(written);
                if self.may_be_of_struct(&[&operand]) && decision != Some(Decision::Numbers) {
                    return self.operator_of_struct(
                        Operator::Minus,
                        vec![*operand],
                        decision,
                        minus.span,
                        written,
                    );
                }
                if is_struct_data(&operand) {
                    let ty = self.types.named(Act::PASSIVE);
                    return self.opaque(ty, written);
                }
                if self.is_number(&operand.ty) {
                    let site = self.site(written, &[&operand]);
                    let ty = self.float_of(&[&operand]);
                    let operation = Operation {
                        what: FloatOperation::Row(Op::Neg),
                        operands: vec![*operand],
                        site,
                        span: minus.span,
                    };
                    self.expr(Kind::Operation(operation), ty, written)
                } else {
                    let ty = self.types.peeled(&operand.ty);
                    self.expr(Kind::Minus(operand), ty, written)
                }
            }
            _ => {
                let ty = self.types.peeled(&operand.ty);
                self.expr(Kind::Not(operand), ty, written)
            }
        }
    }

    /// A float, or something of the body that is not known yet: arithmetic makes it one.
    pub(super) fn is_number(&self, ty: &Ty) -> bool {
        matches!(self.types.peeled(ty), Ty::Float(_) | Ty::Unknown(_)) && !self.types.is_foreign(ty)
    }

    pub(super) fn is_float(&self, ty: &Ty) -> bool {
        self.types.peeled(ty).is_float()
    }

    pub(super) fn binary(&mut self, binary: &'a syn::ExprBinary, written: &'a syn::Expr) -> Expr<'a> {
        match classify(&binary.op) {
            Class::Arithmetic(op) => self.arithmetic(op, binary, written),
            Class::Update(op) => self.update(op, binary, written),
            Class::Comparison => {
                let left = self.boxed(&binary.left);
                let right = self.boxed(&binary.right);
                self.expect_integers(&left, &right);
                self.expr(Kind::Compare { operator: &binary.op, left, right }, Ty::Bool, written)
            }
            Class::Other => {
                let left = self.boxed(&binary.left);
                let right = self.boxed(&binary.right);
                for side in [&left, &right] {
                    match &binary.op {
                        syn::BinOp::And(_) | syn::BinOp::Or(_) => self.types.expect(&side.ty, &Ty::Bool),
                        syn::BinOp::Shl(_) | syn::BinOp::Shr(_) => self.types.expect(&side.ty, &Ty::Int),
                        _ => {}
                    }
                }
                let ty = match &binary.op {
                    syn::BinOp::And(_) | syn::BinOp::Or(_) => Ty::Bool,
                    syn::BinOp::BitAnd(_) | syn::BinOp::BitOr(_) | syn::BinOp::BitXor(_) => {
                        self.types.peeled(&left.ty)
                    }
                    syn::BinOp::Shl(_) | syn::BinOp::Shr(_) => Ty::Int,
                    _ => Ty::Unit,
                };
                self.expr(Kind::Binary { operator: &binary.op, left, right }, ty, written)
            }
        }
    }

    fn arithmetic(&mut self, op: Op, binary: &'a syn::ExprBinary, written: &'a syn::Expr) -> Expr<'a> {
        let left = self.expression(&binary.left);
        let right = self.expression(&binary.right);
        self.expect_integers(&left, &right);
        for (side, other) in [(&left, &right), (&right, &left)] {
            if self.types.peeled(&other.ty) == Ty::F32 {
                self.tell_float(side, &Ty::F32);
            }
        }
        let is_data = |operand: &Expr<'a>| self.types.is_passive_for_good(&operand.ty);
        if (is_struct_data(&left) || is_struct_data(&right)) && is_data(&left) && is_data(&right) {
            let ty = self.types.named(Act::PASSIVE);
            return self.opaque(ty, written);
        }
        if self.may_be_of_struct(&[&left, &right]) {
            let decision = self.decision(written);
            if decision != Some(Decision::Numbers) {
                let operator = Operator::Binary(op);
                return self.operator_of_struct(
                    operator,
                    vec![left, right],
                    decision,
                    binary.op.span(),
                    written,
                );
            }
        }
        let floats = self.is_float(&left.ty)
            || self.is_float(&right.ty)
            || (self.is_number(&left.ty) && !self.is_integer(&right.ty))
            || (self.is_number(&right.ty) && !self.is_integer(&left.ty));
        if floats {
            let site = self.site(written, &[&left, &right]);
            let ty = self.float_of(&[&left, &right]);
            let operation = Operation {
                what: FloatOperation::Row(op),
                operands: vec![left, right],
                site,
                span: binary.op.span(),
            };
            return self.expr(Kind::Operation(operation), ty, written);
        }
        let ty = match (self.types.peeled(&left.ty), self.types.peeled(&right.ty)) {
            (Ty::Int, _) | (_, Ty::Int) => Ty::Int,
            (Ty::F32, _) | (_, Ty::F32) => Ty::F32,
            (Ty::Data, _) => Ty::Data,
            _ => self.types.unknown_with(Act::PASSIVE),
        };
        let kind = Kind::Binary { operator: &binary.op, left: Box::new(left), right: Box::new(right) };
        self.expr(kind, ty, written)
    }

    /// What meets an integer in an operation is one.
    fn expect_integers(&mut self, left: &Expr<'a>, right: &Expr<'a>) {
        for (side, other) in [(left, right), (right, left)] {
            if self.types.peeled(&other.ty) == Ty::Int {
                self.types.expect(&side.ty, &Ty::Int);
            }
        }
    }

    fn is_integer(&self, ty: &Ty) -> bool {
        matches!(self.types.peeled(ty), Ty::Int | Ty::Data | Ty::F32)
    }

    fn update(&mut self, op: Op, binary: &'a syn::ExprBinary, written: &'a syn::Expr) -> Expr<'a> {
        let place = self.boxed(&binary.left);
        let value = self.boxed(&binary.right);
        self.expect_integers(&place, &value);
        if self.may_be_of_struct(&[&place, &value]) {
            let decision = self.decision(written);
            if decision != Some(Decision::Numbers) {
                let operands = vec![*place, *value];
                return self.operator_of_struct(
                    Operator::Assign(op),
                    operands,
                    decision,
                    binary.op.span(),
                    written,
                );
            }
        }
        let floats = self.is_float(&place.ty)
            || self.is_float(&value.ty)
            || (self.is_number(&place.ty) && !self.is_integer(&value.ty));
        if !floats {
            let kind = Kind::Binary { operator: &binary.op, left: place, right: value };
            return self.expr(kind, Ty::Unit, written);
        }
        let site = self.site(written, &[&place, &value]);
        self.oblige_place(&value.ty, &place.ty, &binary.left);
        let sum = self.float_of(&[&place, &value]);
        self.types.flow(&sum, &place.ty);
        let node = self.expr(Kind::Update { place, op, value, site }, Ty::Unit, written);
        self.name_site(&node, &self.source_text(&binary.left));
        node
    }

    pub(super) fn assign(&mut self, assign: &'a syn::ExprAssign, written: &'a syn::Expr) -> Expr<'a> {
        if let syn::Expr::Infer(_) = &*assign.left {
            let value = self.boxed(&assign.right);
            return self.expr(Kind::Paren(value), Ty::Unit, written);
        }
        let place = Box::new(self.place(&assign.left));
        let value = self.boxed(&assign.right);
        self.oblige_place(&value.ty, &place.ty, &assign.left);
        self.types.flow(&value.ty, &place.ty);
        let text = self.source_text(&assign.left);
        self.name_site(&value, &text);
        self.expr(Kind::Assign { place, value }, Ty::Unit, written)
    }

    /// What stands on the left of `=`: a place, or a tuple or array of places.
    fn place(&mut self, written: &'a syn::Expr) -> Expr<'a> {
        match written {
            syn::Expr::Paren(paren) => self.place(&paren.expr),
            syn::Expr::Infer(_) => {
                let ty = self.types.unknown();
                self.opaque(ty, written)
            }
            syn::Expr::Tuple(tuple) => {
                let parts: Vec<_> = tuple.elems.iter().map(|part| self.place(part)).collect();
                let ty = Ty::Tuple(parts.iter().map(|part| part.ty.clone()).collect());
                self.expr(Kind::Tuple(parts), ty, written)
            }
            syn::Expr::Array(array) => {
                let elements: Vec<_> = array.elems.iter().map(|element| self.place(element)).collect();
                let slot = elements.first().map_or(Ty::Unit, |first| self.types.fresh_like(&first.ty));
                for element in &elements {
                    self.types.equate(&slot, &element.ty);
                }
                let ty = Ty::sequence(Sequence::Array, slot);
                self.expr(Kind::List { vec: false, elements }, ty, written)
            }
            syn::Expr::Struct(_) | syn::Expr::Call(_) | syn::Expr::Range(_) => {
                self.refusals.refuse(refusals::destructuring_assignment(written.span()).over(written));
                self.foreign(written)
            }
            place => self.expression(place),
        }
    }

    fn source_text(&self, written: &syn::Expr) -> String {
        let range = self.source.range(written);
        self.source.text.get(range.start..range.end).unwrap_or_default().to_owned()
    }
}
