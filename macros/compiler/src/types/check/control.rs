//! Control flow and closures.

use super::wanted::{Consumer, is_pattern_of_options};
use super::{Breakable, Checker};
use crate::types::tree::{Argument, Arm, Block, Closure, Expr, Kind, Pattern};
use crate::types::ty::Ty;

impl<'a> Checker<'a> {
    pub(super) fn block_expression(&mut self, block: &'a syn::ExprBlock, written: &'a syn::Expr) -> Expr<'a> {
        let Some(label) = &block.label else {
            let block = self.block(&block.block, None, None);
            let ty = block.ty.clone();
            return self.expr(Kind::Block(block), ty, written);
        };
        let slot = self.types.unknown();
        let name = Some(label.name.ident.to_string());
        self.breaks.push(Breakable { label: name, slot: slot.clone(), is_loop: false, left: false });
        let block = self.block(&block.block, Some(label), None);
        self.breaks.pop();
        self.types.flow(&block.ty, &slot);
        self.expr(Kind::Block(block), slot, written)
    }

    pub(super) fn branch(&mut self, branch: &'a syn::ExprIf, written: &'a syn::Expr) -> Expr<'a> {
        let (condition, then) = self.scoped(|checker| {
            let condition = checker.boxed(&branch.cond);
            checker.types.expect(&condition.ty, &Ty::Bool);
            let then = checker.block(&branch.then_branch, None, None);
            (condition, then)
        });
        let otherwise = branch.else_branch.as_ref().map(|(_, otherwise)| self.boxed(otherwise));
        let ty = match &otherwise {
            Some(otherwise) => self.join([&then.ty, &otherwise.ty]),
            None => Ty::Unit,
        };
        self.expr(Kind::If { condition, then, otherwise }, ty, written)
    }

    /// The type of a place that any of `branches` goes to.
    fn join<const N: usize>(&mut self, branches: [&Ty; N]) -> Ty {
        self.join_all(&branches.map(Clone::clone))
    }

    fn join_all(&mut self, branches: &[Ty]) -> Ty {
        let ends: Vec<_> = branches.iter().filter(|branch| self.types.shallow(branch) != Ty::Never).collect();
        let Some(first) = ends.first() else { return Ty::Never };
        // What surrounds the function gives no more of its type when it is chosen from: it may be an integer.
        let is_given = |branch: &&Ty| {
            matches!(self.types.shallow(branch), Ty::Unknown(_)) && self.types.is_foreign(branch)
        };
        let slot = if ends.iter().copied().all(|branch| is_given(&branch)) {
            self.data()
        } else {
            self.types.fresh_like(first)
        };
        ends.iter().for_each(|branch| self.types.flow(branch, &slot));
        slot
    }

    pub(super) fn let_condition(&mut self, binding: &'a syn::ExprLet, written: &'a syn::Expr) -> Expr<'a> {
        let value = Box::new(self.consumed(&binding.expr, Consumer::pattern(&binding.pat)));
        let pattern = self.pattern(&binding.pat, &value.ty);
        self.expr(Kind::Let { pattern, value }, Ty::Bool, written)
    }

    pub(super) fn choice(&mut self, choice: &'a syn::ExprMatch, written: &'a syn::Expr) -> Expr<'a> {
        let of_option = choice.arms.iter().any(|arm| is_pattern_of_options(&arm.pat));
        let consumer = if of_option { Consumer::Option } else { Consumer::Any };
        let value = Box::new(self.consumed(&choice.expr, consumer));
        let arms: Vec<_> = choice.arms.iter().map(|arm| self.arm(arm, &value.ty)).collect();
        let bodies: Vec<_> = arms.iter().map(|arm| arm.body.ty.clone()).collect();
        let ty = self.join_all(&bodies);
        self.expr(Kind::Match { value, arms }, ty, written)
    }

    fn arm(&mut self, arm: &'a syn::Arm, value: &Ty) -> Arm<'a> {
        self.scoped(|checker| {
            let pattern = checker.pattern(&arm.pat, value);
            let guard = match &arm.pat {
                syn::Pat::Guard(guarded) => Some(checker.expression(&guarded.guard)),
                _ => None,
            };
            let body = checker.expression(&arm.body);
            Arm { attributes: &arm.attrs, pattern, guard, body }
        })
    }

    // --- loops

    /// The body of a loop; what `break` with a value gives, if there is a `break`.
    fn loop_body(&mut self, label: Option<&'a syn::Label>, body: &'a syn::Block) -> (Block<'a>, Option<Ty>) {
        let slot = self.types.unknown();
        let label = label.map(|label| label.name.ident.to_string());
        self.breaks.push(Breakable { label, slot: slot.clone(), is_loop: true, left: false });
        if let Some(syn::Stmt::Expr(tail, None)) = body.stmts.last() {
            self.unused.insert(crate::types::tree::address(tail));
        }
        let body = self.block(body, None, None);
        let left = self.breaks.pop().is_some_and(|breakable| breakable.left);
        (body, left.then_some(slot))
    }

    pub(super) fn for_loop(&mut self, repeat: &'a syn::ExprForLoop, written: &'a syn::Expr) -> Expr<'a> {
        let iterator = self.boxed(&repeat.expr);
        let item = self.item_of(&iterator.ty);
        let (pattern, body) = self.scoped(|checker| {
            let pattern = checker.pattern(&repeat.pat, &item);
            let (body, _) = checker.loop_body(repeat.label.as_ref(), &repeat.body);
            (pattern, body)
        });
        self.expr(Kind::For { label: repeat.label.as_ref(), pattern, iterator, body }, Ty::Unit, written)
    }

    /// What iterating over a value of this type gives.
    pub(super) fn item_of(&mut self, ty: &Ty) -> Ty {
        let whole = self.types.shallow(ty);
        match whole {
            Ty::Range => Ty::Int,
            Ty::Sequence(_, item) | Ty::Iter(item) | Ty::Option(item) => *item,
            Ty::Ref { mutable, inner } => self.item_behind(mutable, &inner),
            // As active as the whole.
            Ty::Unknown(whole) => self.types.part(whole),
            Ty::Float(_)
            | Ty::F32
            | Ty::Int
            | Ty::Bool
            | Ty::Data
            | Ty::Unit
            | Ty::Never
            | Ty::Tuple(_)
            | Ty::Struct(_)
            | Ty::Closure(..) => self.flown_from(ty),
        }
    }

    /// What iterating over a reference to a value of this type gives.
    fn item_behind(&mut self, mutable: bool, ty: &Ty) -> Ty {
        let ty = self.types.shallow(ty);
        if let Ty::Ref { .. } | Ty::Iter(_) = ty {
            return self.item_of(&ty);
        }
        // Its items are pairs of references, or references.
        if let Ty::Unknown(whole) = ty
            && self.types.is_collection(&ty)
        {
            return self.types.part(whole);
        }
        // An alias of an array, or what a call gave, turns out to be a sequence.
        match self.types.element(&ty) {
            Some(element) => Ty::Ref { mutable, inner: Box::new(element) },
            None => self.flown_from(&ty),
        }
    }

    /// An unknown that values of this type flow into.
    fn flown_from(&mut self, ty: &Ty) -> Ty {
        let to = self.types.unknown();
        self.types.flow(ty, &to);
        to
    }

    pub(super) fn while_loop(&mut self, repeat: &'a syn::ExprWhile, written: &'a syn::Expr) -> Expr<'a> {
        let (condition, body) = self.scoped(|checker| {
            let condition = checker.boxed(&repeat.cond);
            checker.types.expect(&condition.ty, &Ty::Bool);
            let (body, _) = checker.loop_body(repeat.label.as_ref(), &repeat.body);
            (condition, body)
        });
        self.expr(Kind::While { label: repeat.label.as_ref(), condition, body }, Ty::Unit, written)
    }

    pub(super) fn endless_loop(&mut self, repeat: &'a syn::ExprLoop, written: &'a syn::Expr) -> Expr<'a> {
        let (body, value) = self.loop_body(repeat.label.as_ref(), &repeat.body);
        self.expr(Kind::Loop { label: repeat.label.as_ref(), body }, value.unwrap_or(Ty::Never), written)
    }

    pub(super) fn leave(&mut self, leave: &'a syn::ExprBreak, written: &'a syn::Expr) -> Expr<'a> {
        let label = leave.label.as_ref().map(|label| label.ident.to_string());
        // Without a label `break` leaves a loop, though a labelled block may stand between.
        let breakable = match &label {
            Some(_) => self.breaks.iter_mut().rev().find(|breakable| breakable.label == label),
            None => self.breaks.iter_mut().rev().find(|breakable| breakable.is_loop),
        };
        let slot = breakable.map_or(Ty::Unit, |breakable| {
            breakable.left = true;
            breakable.slot.clone()
        });
        let value = leave.expr.as_deref().map(|value| self.argument(value, &slot));
        self.expr(Kind::Break { label: leave.label.as_ref(), value }, Ty::Never, written)
    }

    pub(super) fn give_back(&mut self, back: &'a syn::ExprReturn, written: &'a syn::Expr) -> Expr<'a> {
        let slot = self.returns.last().cloned().unwrap_or(Ty::Unit);
        let value = back.expr.as_deref().map(|value| self.argument(value, &slot));
        self.expr(Kind::Return(value), Ty::Never, written)
    }

    /// A value that goes to a place of type `slot`.
    pub(super) fn argument(&mut self, written: &'a syn::Expr, slot: &Ty) -> Argument<'a> {
        let value = self.boxed(written);
        self.types.flow(&value.ty, slot);
        Argument { value, slot: slot.clone() }
    }

    // --- closures

    /// A closure; `expected` are the types of its parameters where the caller fixes them.
    pub(super) fn closure(
        &mut self,
        closure: &'a syn::ExprClosure,
        expected: Option<&[Ty]>,
        written: &'a syn::Expr,
    ) -> Expr<'a> {
        let output = match &closure.output {
            syn::ReturnType::Type(_, ty) => self.annotation(ty),
            syn::ReturnType::Default => self.types.unknown(),
        };
        // `break` does not leave a closure.
        let breaks = std::mem::take(&mut self.breaks);
        self.returns.push(output.clone());
        let captured = self.types.fresh_act();
        self.closures.push((self.variables.len(), captured));
        let (inputs, body) = self.scoped(|checker| {
            let inputs: Vec<_> = closure
                .inputs
                .iter()
                .enumerate()
                .map(|(at, input)| {
                    checker.closure_input(input, expected.and_then(|expected| expected.get(at)))
                })
                .collect();
            (inputs, checker.boxed(&closure.body))
        });
        self.closures.pop();
        self.returns.pop();
        self.breaks = breaks;
        self.types.flow(&body.ty, &output);
        let parameters = inputs.iter().map(|input| input.ty.clone()).collect();
        let ty = Ty::Closure(parameters, Box::new(output.clone()), captured);
        self.expr(Kind::Closure(Closure { written: closure, inputs, output, body }), ty, written)
    }

    fn closure_input(&mut self, written: &'a syn::Pat, expected: Option<&Ty>) -> Pattern<'a> {
        let annotation = match written {
            syn::Pat::Type(typed) => Some(self.annotation(&typed.ty)),
            _ => None,
        };
        let ty = match (expected, annotation) {
            (Some(expected), Some(annotation)) => {
                self.types.equate(expected, &annotation);
                expected.clone()
            }
            (Some(expected), None) => expected.clone(),
            (None, Some(annotation)) => annotation,
            (None, None) => self.types.unknown(),
        };
        self.pattern(written, &ty)
    }
}
