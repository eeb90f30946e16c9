//! `if`, `match`, and what differs between branches.

use super::pattern::plain;
use super::{Lowered, Lowering, Meaning, truth, unsupported};
use crate::ir::{Atom, Class, Init, Piece, Place, Region, RegionId, Statement, StatementKind, ValueId};
use crate::reasons::Reason;
use crate::types::tree::{Block, Expr, Kind};
use crate::types::ty::{Sequence, Ty};
use proc_macro2::{Literal, Span, TokenStream};
use quote::quote;

/// What runs in a branch; boxed, since a chain of conditions would be a type without end.
type Run<'r, 't, 'a> = Box<dyn FnOnce(&mut Lowering<'t, 'a>) -> Lowered<Meaning<'t, 'a>> + 'r>;

impl<'t, 'a> Lowering<'t, 'a> {
    pub(super) fn branch(
        &mut self,
        condition: &'t Expr<'a>,
        then: &'t Block<'a>,
        otherwise: Option<&'t Expr<'a>>,
        ty: &Ty,
        span: Span,
    ) -> Lowered<Meaning<'t, 'a>> {
        let arms = then.tail.as_deref().into_iter().chain(otherwise);
        let chosen = match self.chosen_array(arms, ty, span) {
            None => self.chosen_or_copied(ty, span),
            chosen => chosen,
        };
        let value = self.conditional(
            condition,
            span,
            |lowering| {
                let (value, ty) = (lowering.block(then)?, lowering.type_of_block(then));
                lowering.given_to(chosen.as_ref(), value, &ty, span)
            },
            |lowering| {
                let value = otherwise.map_or(Ok(Meaning::Unit), |otherwise| lowering.meaning(otherwise))?;
                let ty = otherwise.map_or(Ty::Unit, |otherwise| lowering.type_of(otherwise));
                lowering.given_to(chosen.as_ref(), value, &ty, span)
            },
        )?;
        Ok(Self::choice(chosen, value))
    }

    /// Where branches that give a `Vec` leave it.
    pub(super) fn chosen(&mut self, ty: &Ty, span: Span) -> Option<Place> {
        let ty = self.function.types.shallow(ty);
        let Ty::Sequence(Sequence::Vec, element) = &ty else { return None };
        let is_of_values = self.function.types.is_active(&ty) && self.numbers(&ty, span).is_ok();
        is_of_values.then(|| self.empty_vec("chosen", element, span))
    }

    /// Where branches leave an array that one of them takes from data: how many elements it has, only rustc knows.
    pub(super) fn chosen_array(
        &mut self,
        mut arms: impl Iterator<Item = &'t Expr<'a>>,
        ty: &Ty,
        span: Span,
    ) -> Option<Place> {
        let ty = self.function.types.shallow(ty);
        let Ty::Sequence(Sequence::Array, _) = &ty else { return None };
        if !self.function.types.is_active(&ty)
            || !self.is_fixed(&ty)
            || !arms.any(|arm| self.is_array_of_data(arm))
        {
            return None;
        }
        Some(self.array_of_zeros(&ty, span))
    }

    /// A storage for an array of this type.
    pub(super) fn array_of_zeros(&mut self, ty: &Ty, span: Span) -> Place {
        let zeros = super::passive::host(vec![super::passive::tokens(self.zeros(ty))]);
        self.new_storage("chosen", true, Init::Passive(zeros), span)
    }

    /// Whether an expression, or a branch of it, gives an array that is data and not written there.
    fn is_array_of_data(&self, arm: &Expr<'a>) -> bool {
        let tail = |block: &Block<'a>| block.tail.as_ref().is_some_and(|tail| self.is_array_of_data(tail));
        let arm = arm.unparenthesized();
        if let Some(variable) = arm.variable() {
            return matches!(self.variables.get(&variable.0), Some(Meaning::Atom(atom)) if self.is_data(atom));
        }
        if let Kind::Block(block) = &arm.kind {
            tail(block)
        } else if let Kind::If { then, otherwise, .. } = &arm.kind {
            tail(then) || otherwise.as_ref().is_some_and(|otherwise| self.is_array_of_data(otherwise))
        } else if let Kind::Match { arms, .. } = &arm.kind {
            arms.iter().any(|arm| self.is_array_of_data(&arm.body))
        } else {
            !self.function.involves(arm) && !Self::is_list(arm)
        }
    }

    /// Zeros in the shape of a type.
    fn zeros(&self, ty: &Ty) -> TokenStream {
        let ty = self.function.types.shallow(ty);
        if let Ty::Sequence(_, element) = ty {
            let element = self.zeros(&element);
            return quote!(__gradus_std::array::from_fn(|_| #element));
        }
        let Ty::Tuple(parts) = ty else { return quote!(0.0_f64) };
        let parts = parts.iter().map(|part| self.zeros(part));
        quote!((#(#parts,)*))
    }

    /// The same for slices that branches choose among: a copy, since nothing changes them while they are borrowed.
    pub(super) fn chosen_or_copied(&mut self, ty: &Ty, span: Span) -> Option<Place> {
        let types = &self.function.types;
        let ty = types.shallow(ty);
        let Ty::Ref { mutable: false, inner } = &ty else { return self.chosen(&ty, span) };
        let Ty::Sequence(Sequence::Slice | Sequence::Vec, element) = types.shallow(inner) else {
            return None;
        };
        self.chosen(&Ty::Sequence(Sequence::Vec, element), span)
    }

    /// What a branch gives, left where it is wanted.
    pub(super) fn given_to(
        &mut self,
        chosen: Option<&Place>,
        value: Meaning<'t, 'a>,
        ty: &Ty,
        span: Span,
    ) -> Lowered<Meaning<'t, 'a>> {
        let Some(chosen) = chosen else { return self.settled(value, ty, span) };
        if let Meaning::Never | Meaning::Unit = value {
            return Ok(value);
        }
        let is_array = self.is_array(chosen);
        let method = if is_array { quote!(.clone()) } else { quote!(.to_vec()) };
        let from = if let Meaning::Place(place) = value {
            if self.is_fresh(&place) {
                place
            } else {
                self.new_storage("copy", false, Init::Copy { place, method }, span)
            }
        } else if let Meaning::Atom(data) = &value
            && self.is_data(data)
        {
            let pieces = vec![Piece::Atom(data.clone()), super::passive::tokens(method)];
            self.new_storage("copy", is_array, Init::Passive(super::passive::host(pieces)), span)
        } else if matches!(value, Meaning::List(_)) && is_array {
            self.materialized(&value, "copy", span)?
        } else {
            return unsupported(Reason::BranchVec(self.described(&value)), span);
        };
        self.push(StatementKind::Swap { a: chosen.clone(), b: from }, span);
        Ok(Meaning::Unit)
    }

    fn is_array(&self, place: &Place) -> bool {
        matches!(self.storages[place.storage.0].kind, crate::ir::StorageKind::Local { fixed: true, .. })
    }

    /// What branches have given.
    pub(super) fn choice(chosen: Option<Place>, value: Meaning<'t, 'a>) -> Meaning<'t, 'a> {
        match (chosen, value) {
            (Some(chosen), Meaning::Unit) => Meaning::Place(chosen),
            (_, value) => value,
        }
    }

    /// A branch on a condition, which may be an `if let`.
    pub(super) fn conditional(
        &mut self,
        condition: &'t Expr<'a>,
        span: Span,
        then: impl FnOnce(&mut Self) -> Lowered<Meaning<'t, 'a>>,
        otherwise: impl FnOnce(&mut Self) -> Lowered<Meaning<'t, 'a>>,
    ) -> Lowered<Meaning<'t, 'a>> {
        let condition = condition.unparenthesized();
        if let Kind::Let { pattern, value } = &condition.kind {
            let meaning = self.subject_for(&[pattern], value)?;
            let written = plain(pattern.written);
            let test = self.tested(pattern, written, &meaning)?;
            let bound = |lowering: &mut Self| {
                lowering.bind(pattern, written, meaning)?;
                then(lowering)
            };
            return match test {
                Some(test) => self.fork(test, span, bound, otherwise),
                None => bound(self),
            };
        }
        if let Kind::Binary { operator: syn::BinOp::And(_), left, right } = &condition.kind
            && (has_let(left) || has_let(right))
        {
            return self.chained([left, right], span, Box::new(then), Box::new(otherwise));
        }
        let condition = self.number(condition)?;
        self.fork(condition, span, then, otherwise)
    }

    /// `if let … && …`: what follows a condition that does not hold is not looked at, and `otherwise` stands once.
    fn chained(
        &mut self,
        [left, right]: [&'t Expr<'a>; 2],
        span: Span,
        then: Run<'_, 't, 'a>,
        otherwise: Run<'_, 't, 'a>,
    ) -> Lowered<Meaning<'t, 'a>> {
        let taken = self.own_variable("taken", Ty::Bool, truth(false));
        let inner: Run<'_, 't, 'a> = Box::new(move |lowering| {
            lowering.variables.insert(taken, truth(true));
            then(lowering)
        });
        let value = self.conditional(
            left,
            span,
            |lowering| lowering.conditional(right, span, inner, |_| Ok(Meaning::Never)),
            |_| Ok(Meaning::Never),
        )?;
        let taken = self.variables.remove(&taken).unwrap_or(Meaning::Never);
        let taken = self.scalar(taken, span)?;
        let pending = std::mem::take(&mut self.set);
        let result = self.fork(
            taken,
            span,
            |_| Ok(value),
            |lowering| {
                lowering.variables.insert(lowering.exit, Meaning::Atom(super::exit::code(0)));
                otherwise(lowering)
            },
        );
        self.set.extend(pending);
        result
    }

    /// A condition is a truth value, whatever rustc alone knows of its type.
    pub(super) fn condition(&mut self, condition: Atom, span: Span) -> Atom {
        if !self.is_data(&condition) {
            return condition;
        }
        let test = super::passive::host(vec![Piece::Atom(condition)]);
        self.computed(test, Class::Scalar, "test", span)
    }

    /// Runs the one or the other.
    pub(super) fn fork(
        &mut self,
        condition: Atom,
        span: Span,
        then: impl FnOnce(&mut Self) -> Lowered<Meaning<'t, 'a>>,
        otherwise: impl FnOnce(&mut Self) -> Lowered<Meaning<'t, 'a>>,
    ) -> Lowered<Meaning<'t, 'a>> {
        self.may_nest(span)?;
        let condition = self.condition(condition, span);
        let before = self.variables.clone();
        let pending = self.set.clone();
        let (values, storages) = (self.values.len(), self.storages.len());
        let (then_id, then_statements, (then_value, then_variables)) = self.region(|lowering| {
            let value = then(lowering)?;
            lowering.ends_borrows(&before);
            Ok((value, std::mem::replace(&mut lowering.variables, before.clone())))
        })?;
        let then_set = std::mem::replace(&mut self.set, pending);
        let (else_id, else_statements, (else_value, else_variables)) = self.region(|lowering| {
            let value = otherwise(lowering)?;
            lowering.ends_borrows(&before);
            Ok((value, std::mem::replace(&mut lowering.variables, before.clone())))
        })?;
        self.set.extend(then_set);
        let regions = [then_id, else_id];
        let mut join = Join::between(values, storages, regions);
        for (variable, _) in before.changed_in([&then_variables, &else_variables]) {
            let (a, b) = (&then_variables[&variable], &else_variables[&variable]);
            let (name, _) = self.known(variable);
            let joined = self.joined(a, b, &name, &mut join, span)?;
            self.variables.insert(variable, joined);
        }
        let value = self.joined(&then_value, &else_value, "chosen", &mut join, span)?;
        let Join { outs, then, otherwise, last: [then_last, else_last], .. } = join;
        let statements = then_statements.into_iter().chain(then_last).collect();
        let then = Region { id: then_id, statements, yields: then };
        let statements = else_statements.into_iter().chain(else_last).collect();
        let otherwise = Region { id: else_id, statements, yields: otherwise };
        self.push(StatementKind::If { condition, then, otherwise, outs }, span);
        Ok(value)
    }

    /// The value of a branch: a number read from a storage is read inside.
    pub(super) fn settled(
        &mut self,
        meaning: Meaning<'t, 'a>,
        ty: &Ty,
        span: Span,
    ) -> Lowered<Meaning<'t, 'a>> {
        let is_reference = matches!(self.function.types.shallow(ty), Ty::Ref { .. });
        match (meaning, self.function.types.peeled(ty)) {
            (Meaning::Borrow(variable), _) => {
                let meaning = self.variable(variable, span)?;
                self.settled(meaning, ty, span)
            }
            (place @ Meaning::Place(_), Ty::Float(_)) => Ok(Meaning::Atom(self.scalar(place, span)?)),
            (Meaning::Place(place), Ty::Tuple(types)) => {
                let parts = types.iter().enumerate().map(|(at, ty)| {
                    let mut place = place.clone();
                    let member = Literal::usize_unsuffixed(at);
                    place.steps.push(crate::ir::Step::Field(quote!(#member)));
                    self.settled(Meaning::Place(place), ty, span)
                });
                Ok(Meaning::Tuple(parts.collect::<Lowered<_>>()?))
            }
            (Meaning::Tuple(parts), Ty::Tuple(types)) => {
                let parts = parts.into_iter().zip(&types).map(|(part, ty)| self.settled(part, ty, span));
                Ok(Meaning::Tuple(parts.collect::<Lowered<_>>()?))
            }
            (Meaning::List(parts), Ty::Sequence(_, element)) => {
                let parts = parts.into_iter().map(|part| self.settled(part, &element, span));
                Ok(Meaning::List(parts.collect::<Lowered<_>>()?))
            }
            (value @ (Meaning::Tuple(_) | Meaning::List(_)), _) => {
                unsupported(Reason::BranchValue(self.described(&value)), span)
            }
            (Meaning::Place(place), Ty::Struct(_) | Ty::Unknown(_)) if !is_reference => {
                self.given.insert(format!("{place:?}"));
                Ok(Meaning::Place(place))
            }
            (other, _) => Ok(other),
        }
    }

    /// What is the one after one branch, and the other after the other.
    fn joined(
        &mut self,
        a: &Meaning<'t, 'a>,
        b: &Meaning<'t, 'a>,
        hint: &str,
        join: &mut Join,
        span: Span,
    ) -> Lowered<Meaning<'t, 'a>> {
        match (a, b) {
            (Meaning::Atom(a), Meaning::Atom(b)) if same(a, b) => Ok(Meaning::Atom(a.clone())),
            (Meaning::Atom(a), Meaning::Atom(b)) => {
                let active = self.is_active(a) || self.is_active(b);
                let class = match (self.class_of(a), self.class_of(b)) {
                    (Some(class), _) | (None, Some(class)) => class,
                    (None, None) => literal_class(a, b),
                };
                if class == Class::Data {
                    return unsupported(Reason::BranchData, span);
                }
                let out = self.value(hint, class, active);
                join.outs.push(out);
                join.then.push(a.clone());
                join.otherwise.push(b.clone());
                Ok(Meaning::Atom(Atom::Value(out)))
            }
            (Meaning::Tuple(a), Meaning::Tuple(b)) if a.len() == b.len() => {
                self.joined_parts(a, b, hint, join, span).map(Meaning::Tuple)
            }
            (Meaning::List(a), Meaning::List(b)) if a.len() == b.len() => {
                self.joined_parts(a, b, hint, join, span).map(Meaning::List)
            }
            (Meaning::Option(a, x), Meaning::Option(b, y)) => {
                let (a, b) = (Meaning::Atom(a.clone()), Meaning::Atom(b.clone()));
                let some = self.joined(&a, &b, hint, join, span)?;
                let some = self.scalar(some, span)?;
                Ok(Meaning::Option(some, Box::new(self.joined(x, y, hint, join, span)?)))
            }
            (Meaning::Unit, Meaning::Unit | Meaning::Never) | (Meaning::Never, Meaning::Unit) => {
                Ok(Meaning::Unit)
            }
            (Meaning::Never, Meaning::Never) => Ok(Meaning::Never),
            (Meaning::Never, some) | (some, Meaning::Never) => {
                let nothing = self.stand_in(some, join, span)?;
                if matches!(a, Meaning::Never) {
                    self.joined(&nothing, some, hint, join, span)
                } else {
                    self.joined(some, &nothing, hint, join, span)
                }
            }
            // A closure cannot be assigned to; a reference can, and may then be another in each branch.
            (closure @ Meaning::Closure(..), Meaning::Closure(..)) => Ok(closure.clone()),
            (Meaning::Borrow(a), Meaning::Borrow(b)) if a == b => Ok(Meaning::Borrow(*a)),
            (Meaning::Iterator(a), Meaning::Iterator(b)) if std::rc::Rc::ptr_eq(a, b) => {
                Ok(Meaning::Iterator(a.clone()))
            }
            (function @ Meaning::Function(..), Meaning::Function(..)) => Ok(function.clone()),
            (Meaning::Place(a), Meaning::Place(b)) if format!("{a:?}") == format!("{b:?}") => {
                self.outside(a, join, span)?;
                Ok(Meaning::Place(a.clone()))
            }
            (Meaning::Place(_), Meaning::Place(_) | Meaning::Passive(_) | Meaning::Atom(_))
            | (Meaning::Passive(_) | Meaning::Atom(_), Meaning::Place(_))
                if self.is_given_struct(a) && self.is_given_struct(b) =>
            {
                let chosen = self.new_storage(hint, false, Init::Unset, span);
                for (at, meaning) in [a, b].into_iter().enumerate() {
                    let last = self.left_in(&chosen, meaning.clone(), join.regions[at], span)?;
                    join.last[at].extend(last);
                }
                self.given.insert(format!("{chosen:?}"));
                Ok(Meaning::Place(chosen))
            }
            _ => {
                let (one, other) = (self.described(a), self.described(b));
                let reason =
                    if one == other { Reason::BranchChoice(one) } else { Reason::BranchShapes(one, other) };
                unsupported(reason, span)
            }
        }
    }

    /// Whether it is the struct that a branch gives, or what may be one.
    fn is_given_struct(&self, meaning: &Meaning<'t, 'a>) -> bool {
        match meaning {
            Meaning::Place(place) => self.given.contains(&format!("{place:?}")),
            Meaning::Passive(_) | Meaning::Atom(_) => true,
            Meaning::Unit
            | Meaning::Tuple(_)
            | Meaning::List(_)
            | Meaning::Option(..)
            | Meaning::Never
            | Meaning::Borrow(_)
            | Meaning::Iterator(_)
            | Meaning::Closure(..)
            | Meaning::Function(..) => false,
        }
    }

    /// The last statements of a branch, which leave what it gives in a place.
    fn left_in(
        &mut self,
        chosen: &Place,
        meaning: Meaning<'t, 'a>,
        region: RegionId,
        span: Span,
    ) -> Lowered<Vec<Statement>> {
        let outer = std::mem::replace(&mut self.region, region);
        let before = std::mem::take(&mut self.statements);
        let from = self.stored(meaning, "given", span);
        let mut last = std::mem::replace(&mut self.statements, before);
        self.region = outer;
        last.push(Statement { kind: StatementKind::Copy { to: chosen.clone(), from: from? }, span });
        Ok(last)
    }

    fn joined_parts(
        &mut self,
        a: &[Meaning<'t, 'a>],
        b: &[Meaning<'t, 'a>],
        hint: &str,
        join: &mut Join,
        span: Span,
    ) -> Lowered<Vec<Meaning<'t, 'a>>> {
        a.iter().zip(b).map(|(a, b)| self.joined(a, b, hint, join, span)).collect()
    }

    /// What stands for `some` where the branch has left.
    fn stand_in(&self, some: &Meaning<'t, 'a>, join: &Join, span: Span) -> Lowered<Meaning<'t, 'a>> {
        let parts = |parts: &[Meaning<'t, 'a>]| {
            parts.iter().map(|part| self.stand_in(part, join, span)).collect::<Lowered<_>>()
        };
        Ok(match some {
            Meaning::Atom(atom) => Meaning::Atom(match self.class_of(atom) {
                Some(Class::Scalar) => Atom::Literal(crate::ir::Literal::Default),
                Some(Class::Float) => Atom::number(0.0),
                // Nobody reads it: the literal itself will do.
                None => atom.clone(),
                Some(Class::Data) => match atom {
                    Atom::Value(id) if id.0 < join.values => atom.clone(),
                    Atom::Value(_) | Atom::Literal(_) => return unsupported(Reason::BranchData, span),
                },
            }),
            Meaning::Tuple(inner) => Meaning::Tuple(parts(inner)?),
            Meaning::List(inner) => Meaning::List(parts(inner)?),
            Meaning::Option(_, inner) => {
                Meaning::Option(Atom::truth(false), Box::new(self.stand_in(inner, join, span)?))
            }
            Meaning::Unit
            | Meaning::Never
            | Meaning::Passive(_)
            | Meaning::Borrow(_)
            | Meaning::Place(_)
            | Meaning::Iterator(_)
            | Meaning::Closure(..)
            | Meaning::Function(..) => some.clone(),
        })
    }

    /// A place that is named after a branch must not stand on what only the branch knows.
    fn outside(&self, place: &Place, join: &Join, span: Span) -> Lowered<()> {
        let mut reads = Vec::new();
        place.read(&mut reads);
        let inside = place.storage.0 >= join.storages || reads.iter().any(|read| read.0 >= join.values);
        if inside { unsupported(Reason::BranchPart, span) } else { Ok(()) }
    }

    pub(super) fn class_of(&self, atom: &Atom) -> Option<Class> {
        match atom {
            Atom::Value(id) => Some(self.values[id.0].class),
            Atom::Literal(_) => None,
        }
    }
}

/// Whether a condition binds, as it may among conditions that `&&` joins.
fn has_let(condition: &Expr<'_>) -> bool {
    let mut condition = condition;
    while let Kind::Binary { operator: syn::BinOp::And(_), left, right } = &condition.kind {
        if matches!(right.kind, Kind::Let { .. }) {
            return true;
        }
        condition = left;
    }
    matches!(condition.kind, Kind::Let { .. })
}

/// The values in which two branches differ, and how many values and storages there were before them.
struct Join {
    outs: Vec<ValueId>,
    then: Vec<Atom>,
    otherwise: Vec<Atom>,
    values: usize,
    storages: usize,
    /// The branches, and the statements that they end with besides.
    regions: [RegionId; 2],
    last: [Vec<Statement>; 2],
}

impl Join {
    fn between(values: usize, storages: usize, regions: [RegionId; 2]) -> Join {
        let (outs, then, otherwise) = (Vec::new(), Vec::new(), Vec::new());
        Join { outs, then, otherwise, values, storages, regions, last: [Vec::new(), Vec::new()] }
    }
}

pub(super) fn same(a: &Atom, b: &Atom) -> bool {
    match (a, b) {
        (Atom::Value(a), Atom::Value(b)) => a == b,
        (Atom::Literal(a), Atom::Literal(b)) => a.is_same(b),
        (Atom::Value(_), Atom::Literal(_)) | (Atom::Literal(_), Atom::Value(_)) => false,
    }
}

/// Two literals are numbers with a point, or integers and truth values.
fn literal_class(a: &Atom, b: &Atom) -> Class {
    let is_float = |atom: &Atom| matches!(atom, Atom::Literal(literal) if literal.is_float());
    if is_float(a) || is_float(b) { Class::Float } else { Class::Scalar }
}
