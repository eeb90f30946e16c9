//! Leaving early. There are no jumps: `return`, `break` and `continue` set a code, and what would follow stands under a
//! condition on it. A loop stops when its code is set; further out the code goes on, until it reaches its target.

use super::{Lowered, Lowering, Meaning, class, unsupported};
use crate::ir::{Atom, Class, Literal, Piece, Place};
use crate::reasons::Reason;
use crate::types::tree::{Argument, Block, Expr, Function, Kind};
use crate::types::ty::{Sequence, Ty};
use crate::types::walk::{block_leaves, visit, visit_block};
use proc_macro2::Span;
use quote::quote;

/// What can be left.
pub(super) struct Target {
    label: Option<String>,
    /// Of a loop: what `break` and `continue` without a label mean.
    pub(super) is_loop: bool,
    is_function: bool,
    /// The code that leaves it, and that which only ends the iteration.
    pub(super) leave: u32,
    pub(super) again: u32,
    /// The variable that takes the value.
    value: usize,
}

/// Whether what follows runs.
pub(super) enum Running {
    Yes,
    No,
    Perhaps(Atom),
}

pub(super) fn code(code: u32) -> Atom {
    Atom::Literal(Literal::Exit(code))
}

impl Target {
    /// Loops that these codes end.
    pub(super) fn codes(leave: Option<u32>, again: Option<u32>) -> Target {
        let (leave, again) = (leave.unwrap_or(0), again.unwrap_or(0));
        Target { label: None, is_loop: true, is_function: false, leave, again, value: usize::MAX }
    }
}

impl<'t, 'a> Lowering<'t, 'a> {
    pub(super) fn running(&self) -> Running {
        let Meaning::Atom(exit) = &self.variables[&self.exit] else { return Running::No };
        match exit {
            Atom::Value(_) => Running::Perhaps(exit.clone()),
            Atom::Literal(_) if exit.is_code(0) => Running::Yes,
            Atom::Literal(_) => Running::No,
        }
    }

    /// Nothing that can fail may follow an exit within one expression: it would run although the code is set.
    pub(super) fn must_run(&self, span: Span) -> Lowered<()> {
        match self.running() {
            Running::Yes => Ok(()),
            Running::No | Running::Perhaps(_) => unsupported(Reason::LeavingInside, span),
        }
    }

    /// Runs `body` within something that can be left with a value.
    pub(super) fn target(
        &mut self,
        label: Option<String>,
        is_loop: bool,
        ty: &Ty,
        body: impl FnOnce(&mut Self, &Target) -> Lowered<Meaning<'t, 'a>>,
    ) -> Lowered<(Meaning<'t, 'a>, Meaning<'t, 'a>, Target)> {
        let span = Span::call_site();
        let nothing = match self.chosen_beside_exit(ty, span) {
            Some(chosen) => Meaning::Place(chosen),
            None => self.nothing(ty),
        };
        let value = self.own_variable("result", ty.clone(), nothing);
        self.codes += 2;
        let target =
            Target { label, is_loop, is_function: false, leave: self.codes - 1, again: self.codes, value };
        let description = Target { label: None, ..target };
        self.targets.push(target);
        let result = body(self, &description)?;
        let target = self.targets.pop().expect("pushed above");
        let left = self.variables.remove(&value).unwrap_or(Meaning::Never);
        Ok((result, left, target))
    }

    /// Runs a body that `return` leaves, if there is one in it.
    pub(super) fn returning(
        &mut self,
        ty: &Ty,
        leaves: bool,
        body: impl FnOnce(&mut Self) -> Lowered<Meaning<'t, 'a>>,
    ) -> Lowered<Meaning<'t, 'a>> {
        if !leaves {
            let outside = std::mem::take(&mut self.targets);
            let result = body(self);
            self.targets = outside;
            return result;
        }
        let outside = std::mem::take(&mut self.targets);
        let result = self.target(None, false, ty, |lowering, _| {
            lowering.targets.last_mut().expect("pushed before").is_function = true;
            body(lowering)
        });
        self.targets = outside;
        let (result, left, target) = result?;
        self.arrive(&target, result, left, ty)
    }

    /// What a block gives that may have been left with a value.
    pub(super) fn arrive(
        &mut self,
        target: &Target,
        result: Meaning<'t, 'a>,
        left: Meaning<'t, 'a>,
        ty: &Ty,
    ) -> Lowered<Meaning<'t, 'a>> {
        if !self.set.remove(&target.leave) {
            return Ok(result);
        }
        let span = Span::call_site();
        let Meaning::Atom(exit) = self.variables[&self.exit].clone() else { return Ok(Meaning::Never) };
        if let Atom::Literal(_) = exit {
            // Nothing but this exit is possible here, or the exit goes further out.
            if !exit.is_code(target.leave) {
                return Ok(Meaning::Never);
            }
            self.variables.insert(self.exit, Meaning::Atom(code(0)));
            return Ok(left);
        }
        let arrived = code(target.leave);
        let test = super::passive::host(vec![
            Piece::Atom(exit.clone()),
            super::passive::tokens(quote!(==)),
            Piece::Atom(arrived),
        ]);
        let test = self.computed(test, Class::Scalar, "left", span);
        let holder = self.holder(&left, ty);
        let chosen = self.fork(
            test,
            span,
            |lowering| {
                lowering.variables.insert(lowering.exit, Meaning::Atom(code(0)));
                if holder.is_some() { Ok(Meaning::Unit) } else { lowering.settled(left, ty, span) }
            },
            |lowering| lowering.given_to(holder.as_ref(), result, ty, span),
        )?;
        let chosen = Self::choice(holder, chosen);
        if self.set.is_empty() {
            self.variables.insert(self.exit, Meaning::Atom(code(0)));
        }
        Ok(chosen)
    }

    /// `return value`.
    pub(super) fn leave_function(
        &mut self,
        value: Option<&'t Argument<'a>>,
        span: Span,
    ) -> Lowered<Meaning<'t, 'a>> {
        if let Some(failure) = value.filter(|value| self.is_failure(&value.value)) {
            return self.meaning(&failure.value);
        }
        let at = self.targets.iter().rposition(|target| target.is_function);
        self.leave(at, value, span)
    }

    /// `break 'label value`.
    pub(super) fn leave_labelled(
        &mut self,
        label: Option<&syn::Lifetime>,
        value: Option<&'t Argument<'a>>,
        span: Span,
    ) -> Lowered<Meaning<'t, 'a>> {
        let at = self.labelled(label);
        self.leave(at, value, span)
    }

    /// `continue 'label`.
    pub(super) fn go_on(&mut self, label: Option<&syn::Lifetime>, span: Span) -> Lowered<Meaning<'t, 'a>> {
        let Some(at) = self.labelled(label) else { return unsupported(Reason::LeftTarget, span) };
        let again = self.targets[at].again;
        self.must_run(span)?;
        self.set.insert(again);
        self.variables.insert(self.exit, Meaning::Atom(code(again)));
        Ok(Meaning::Never)
    }

    fn labelled(&self, label: Option<&syn::Lifetime>) -> Option<usize> {
        let label = label.map(|label| label.ident.to_string());
        self.targets.iter().rposition(|target| match &label {
            Some(_) => target.label == label,
            None => target.is_loop,
        })
    }

    fn leave(
        &mut self,
        at: Option<usize>,
        value: Option<&'t Argument<'a>>,
        span: Span,
    ) -> Lowered<Meaning<'t, 'a>> {
        let Some(at) = at else { return unsupported(Reason::LeftTarget, span) };
        let (leave, holder) = (self.targets[at].leave, self.targets[at].value);
        let meaning = match value {
            Some(value) => {
                let (_, ty) = self.known(holder);
                let active = self.function.types.is_active(&ty);
                let meaning = if active { self.listed(&value.value)? } else { self.meaning(&value.value)? };
                // The function has failed.
                if matches!(meaning, Meaning::Never) && self.is_given_back(&value.value) {
                    return Ok(Meaning::Never);
                }
                let place = self.holder(&self.variables[&holder], &ty);
                let given = self.given_to(place.as_ref(), meaning, &ty, span)?;
                let is_held = matches!(given, Meaning::Unit) && place.is_some();
                if is_held { self.variables[&holder].clone() } else { given }
            }
            None => Meaning::Unit,
        };
        self.must_run(span)?;
        self.variables.insert(holder, meaning);
        self.set.insert(leave);
        self.variables.insert(self.exit, Meaning::Atom(code(leave)));
        Ok(Meaning::Never)
    }

    /// That of the innermost target.
    pub(super) fn own_holder(&self) -> Option<usize> {
        let own = self.targets.last().map(|target| target.value);
        own.filter(|own| self.holders().any(|holder| holder == *own))
    }

    /// Whether a variable of this type is a storage from the start, where exits leave their values.
    fn chosen_for(&self, ty: &Ty) -> bool {
        let ty = self.function.types.shallow(ty);
        matches!(ty, Ty::Sequence(Sequence::Vec, _)) && self.function.types.is_active(&ty)
            || self.leaves_with_array(&ty)
    }

    /// Where a value is left that an exit may leave too.
    pub(super) fn chosen_beside_exit(&mut self, ty: &Ty, span: Span) -> Option<Place> {
        if self.leaves_with_array(ty) { Some(self.array_of_zeros(ty, span)) } else { self.chosen(ty, span) }
    }

    /// Whether arrays that something is left with are storages, not numbers: one is left with in a loop, or is data.
    fn leaves_with_array(&self, ty: &Ty) -> bool {
        let types = &self.function.types;
        self.arrays_leave
            && matches!(types.shallow(ty), Ty::Sequence(Sequence::Array, _))
            && types.is_active(ty)
            && self.is_fixed(ty)
    }

    /// The storage that takes what is left with, if one takes it.
    fn holder(&self, meaning: &Meaning<'t, 'a>, ty: &Ty) -> Option<Place> {
        let Meaning::Place(holder) = meaning else { return None };
        self.chosen_for(ty).then(|| holder.clone())
    }

    /// The variables that exits inside may set: those that take values.
    pub(super) fn holders(&self) -> impl Iterator<Item = usize> + '_ {
        // A storage is changed where it is.
        let is_storage = |value: &usize| matches!(self.variables.get(value), Some(Meaning::Place(_)));
        self.targets.iter().map(|target| target.value).filter(move |value| !is_storage(value))
    }

    /// What a variable of this type holds before it has a value.
    pub(super) fn nothing(&mut self, ty: &Ty) -> Meaning<'t, 'a> {
        let ty = self.function.types.peeled(ty);
        if ty == Ty::Unit {
            return Meaning::Unit;
        }
        if let Ty::Tuple(parts) = ty {
            return Meaning::Tuple(parts.iter().map(|part| self.nothing(part)).collect());
        }
        match class(&ty) {
            Class::Float => Meaning::Atom(Atom::number(0.0)),
            Class::Scalar => Meaning::Atom(Atom::Literal(Literal::Default)),
            Class::Data => Meaning::Never,
        }
    }
}

/// Whether something is left with an array that no list of numbers can stand for.
pub(super) fn arrays_leave(function: &Function<'_>) -> bool {
    let is_array =
        |part: &Expr<'_>| matches!(function.types.shallow(&part.ty), Ty::Sequence(Sequence::Array, _));
    let is_data = |part: &Expr<'_>| is_array(part) && !function.involves(part) && !Lowering::is_list(part);
    let with_array = |part: &Expr<'_>| value_left(part).is_some_and(is_array);
    let mut leaves =
        function.body.tail.as_ref().is_some_and(|tail| is_data(tail)) && block_leaves(&function.body);
    visit_block(&function.body, &mut |part| {
        leaves |= value_left(part).is_some_and(is_data);
        if let Kind::For { body, .. } | Kind::While { body, .. } | Kind::Loop { body, .. } = &part.kind {
            visit_block(body, &mut |inner| leaves |= with_array(inner));
        }
        if let Kind::Block(Block { label: Some(_), tail: Some(tail), .. }) = &part.kind {
            leaves |= is_data(tail);
        }
        if let Kind::Closure(closure) = &part.kind {
            let (mut tail, mut returns) = (&*closure.body, false);
            while let Kind::Block(block) = &tail.kind
                && let Some(last) = &block.tail
            {
                tail = last;
            }
            visit(&closure.body, &mut |inner| returns |= matches!(inner.kind, Kind::Return(_)));
            leaves |= returns && is_data(tail);
        }
    });
    leaves
}

/// The value of a `return` or `break`.
pub(super) fn value_left<'t, 'a>(part: &'t Expr<'a>) -> Option<&'t Expr<'a>> {
    let (Kind::Return(value) | Kind::Break { value, .. }) = &part.kind else { return None };
    value.as_ref().map(|value| &*value.value)
}

impl Atom {
    fn is_code(&self, expected: u32) -> bool {
        matches!(self, Atom::Literal(Literal::Exit(code)) if *code == expected)
    }
}
