//! Loops: what they carry, and when they stop.

use super::exit::{Running, Target, code};
use super::iteration::Iteration;
use super::iterator_source::IteratorSource;
use super::pattern::has_ref_mut;
use super::{Lowered, Lowering, Meaning, class, unsupported};
use crate::ir::{Atom, Carried, Class, HostExpression, Loop, Order, Piece, Region, StatementKind, ValueId};
use crate::reasons::Reason;
use crate::types::tree::{Block, Expr, Kind, Pattern, Statement};
use crate::types::ty::Ty;
use crate::types::walk::{root_variable, visit, visit_block};
use proc_macro2::{Literal, Span};
use quote::quote;
use std::collections::BTreeSet;

/// What a loop goes through.
pub(super) enum Head<'v, 't, 'a> {
    IteratorSource(&'v IteratorSource<'t, 'a>),
    /// While this holds.
    While(&'t Expr<'a>),
    Endless,
}

/// Variables and what they are, and the atoms of all of them.
type Starts<'t, 'a> = (Vec<(usize, Meaning<'t, 'a>)>, Vec<Atom>);

/// What an iteration is made from.
struct Run<'r, 't, 'a> {
    head: &'r Head<'r, 't, 'a>,
    /// The class of the items of an iterator that runs once.
    class: Option<Class>,
    starts: &'r [(usize, Meaning<'t, 'a>)],
    assigned: &'r BTreeSet<usize>,
    target: Option<&'r Target>,
    /// Whether the iterations are counted as they run.
    counted: bool,
}

/// An iteration.
struct Made {
    index: ValueId,
    item: Option<ValueId>,
    /// The carried values within the body.
    insides: Vec<ValueId>,
    test: Option<(Region, Atom)>,
    body: Region,
    /// Whether the iteration was the last, and the exit that leads further out.
    exit: Option<(Atom, Option<Atom>)>,
}

impl<'t, 'a> Lowering<'t, 'a> {
    pub(super) fn for_loop(
        &mut self,
        label: Option<&'a syn::Label>,
        pattern: &'t Pattern<'a>,
        iterator: &'t Expr<'a>,
        body: &'t Block<'a>,
        span: Span,
    ) -> Lowered<Meaning<'t, 'a>> {
        let source = self.taken(iterator)?;
        let mut assigned = self.assigned_in_source(&source);
        self.assigned_in_block(body, &mut assigned);
        let label = label.map(|label| label.name.ident.to_string());
        self.target(label, true, &Ty::Unit, |lowering, target| {
            lowering.run(&source, &Iteration::until(target, assigned), span, &mut |lowering, item| {
                lowering.bind(pattern, pattern.written, item)?;
                lowering.block(body).map(drop)
            })?;
            Ok(Meaning::Unit)
        })?;
        Ok(Meaning::Unit)
    }

    pub(super) fn while_loop(
        &mut self,
        label: Option<&'a syn::Label>,
        condition: &'t Expr<'a>,
        body: &'t Block<'a>,
        span: Span,
    ) -> Lowered<Meaning<'t, 'a>> {
        let mut assigned = BTreeSet::new();
        self.assigned_in(condition, &mut assigned);
        let plain = assigned.is_empty() && self.is_plain_test(condition);
        self.assigned_in_block(body, &mut assigned);
        if plain {
            let head = Head::While(condition);
            return self.labelled_loop(&head, label, assigned, &Ty::Unit, span, |lowering, _| {
                lowering.block(body).map(drop)
            });
        }
        self.labelled_loop(&Head::Endless, label, assigned, &Ty::Unit, span, |lowering, _| {
            let stop = lowering.targets.last().map_or(0, |target| target.leave);
            let run = |lowering: &mut Self| lowering.block(body).map(|_| Meaning::Unit);
            lowering.conditional(condition, span, run, |lowering| {
                lowering.set.insert(stop);
                lowering.variables.insert(lowering.exit, Meaning::Atom(code(stop)));
                Ok(Meaning::Unit)
            })?;
            Ok(())
        })
    }

    /// Whether a condition leaves nothing behind: neither a binding nor anything in a frame.
    fn is_plain_test(&mut self, condition: &'t Expr<'a>) -> bool {
        let mut plain = true;
        visit(condition, &mut |part| {
            plain &= !matches!(part.kind, Kind::Let { .. } | Kind::Return(_) | Kind::Break { .. });
        });
        if !plain {
            return false;
        }
        let (before, storages) = (self.variables.clone(), self.storages.len());
        let trial = self.region(|lowering| lowering.number(condition));
        self.variables = before;
        // Nothing is left of the trial.
        self.storages.truncate(storages);
        trial.is_ok_and(|(_, statements, _)| statements.iter().all(leaves_nothing))
    }

    pub(super) fn endless_loop(
        &mut self,
        label: Option<&'a syn::Label>,
        body: &'t Block<'a>,
        ty: &Ty,
        span: Span,
    ) -> Lowered<Meaning<'t, 'a>> {
        let mut assigned = BTreeSet::new();
        self.assigned_in_block(body, &mut assigned);
        let mut gives = false;
        visit_block(body, &mut |part| gives |= matches!(part.kind, Kind::Break { value: Some(_), .. }));
        let ty = if gives { ty } else { &Ty::Unit };
        self.labelled_loop(&Head::Endless, label, assigned, ty, span, |lowering, _| {
            lowering.block(body).map(drop)
        })
    }

    fn labelled_loop(
        &mut self,
        head: &Head<'_, 't, 'a>,
        label: Option<&'a syn::Label>,
        mut assigned: BTreeSet<usize>,
        ty: &Ty,
        span: Span,
        body: impl FnOnce(&mut Self, Meaning<'t, 'a>) -> Lowered<()>,
    ) -> Lowered<Meaning<'t, 'a>> {
        let label = label.map(|label| label.name.ident.to_string());
        let ty = if *ty == Ty::Never { &Ty::Unit } else { ty };
        let (_, left, _) = self.target(label, true, ty, |lowering, target| {
            if *ty != Ty::Unit {
                assigned.extend(lowering.own_holder());
            }
            lowering.looped(head, &assigned, Some(target), span, body)?;
            Ok(Meaning::Unit)
        })?;
        Ok(left)
    }

    /// The loop itself: carries the variables in `assigned`, and stops when an exit is set.
    pub(super) fn looped(
        &mut self,
        head: &Head<'_, 't, 'a>,
        assigned: &BTreeSet<usize>,
        target: Option<&Target>,
        span: Span,
        body: impl FnOnce(&mut Self, Meaning<'t, 'a>) -> Lowered<()>,
    ) -> Lowered<()> {
        self.must_run(span)?;
        self.may_nest(span)?;
        let (iterator, items) = match head {
            Head::IteratorSource(IteratorSource::Items { iterator, class, .. }) => {
                (None, Some((iterator.clone(), *class)))
            }
            Head::IteratorSource(source) => (Some(self.iterated(source, span)?), None),
            Head::While(_) | Head::Endless => (None, None),
        };
        let pending = std::mem::take(&mut self.set);
        self.ends_borrows_of(assigned);
        let before = self.variables.clone();
        let (starts, start_atoms) = self.starts(assigned, span)?;
        let class = items.as_ref().map(|(_, class)| *class);
        let run = Run { head, class, starts: &starts, assigned, target, counted: iterator.is_none() };
        let made = self.iteration(&run, &before, span, body)?;
        if start_atoms.len() != made.body.yields.len() {
            return unsupported(Reason::LoopShape, span);
        }
        self.variables = before;
        let Made { index, item, insides, test, mut body, exit } = made;
        let mut carried = self.afters(&starts, start_atoms, insides)?;
        let until = exit.map(|exit| self.left(exit, &mut body, &mut carried));
        self.set.extend(pending);
        let items = item.zip(items.map(|(items, _)| items));
        let order = Order::Forward;
        let kind =
            Loop { index, iterator, items, carried, test, body, until, order, fused: None, block: None };
        self.push(StatementKind::Loop(Box::new(kind)), span);
        Ok(())
    }

    /// What the assigned variables are before the loop.
    fn starts(&mut self, assigned: &BTreeSet<usize>, span: Span) -> Lowered<Starts<'t, 'a>> {
        let starts: Vec<(usize, Meaning<'t, 'a>)> =
            assigned.iter().map(|variable| (*variable, self.variables[variable].clone())).collect();
        let mut atoms = Vec::new();
        for (variable, start) in &starts {
            if self.atoms(start, &mut atoms).is_none() {
                let place = self.place_of(*variable, span);
                return unsupported(Reason::LoopVariable(self.named(*variable)), place);
            }
        }
        Ok((starts, atoms))
    }

    /// An iteration, in a region of its own.
    fn iteration(
        &mut self,
        run: &Run<'_, 't, 'a>,
        before: &super::Variables<'t, 'a>,
        span: Span,
        body: impl FnOnce(&mut Self, Meaning<'t, 'a>) -> Lowered<()>,
    ) -> Lowered<Made> {
        let (mut item, mut test, mut insides, mut yields) = (None, None, Vec::new(), Vec::new());
        let (id, statements, (index, exit)) = self.region(|lowering| {
            let index = lowering.value("i", Class::Scalar, false);
            for (variable, start) in run.starts {
                let inside = lowering.carried(*variable, start, &mut insides)?;
                lowering.variables.insert(*variable, inside);
            }
            let given = match (run.head, run.class) {
                (Head::IteratorSource(source), Some(class)) => {
                    let value = lowering.value("item", class, false);
                    item = Some(value);
                    lowering.item(source, &Atom::Value(value), span)?
                }
                (Head::IteratorSource(source), None) => lowering.item(source, &Atom::Value(index), span)?,
                (Head::While(_) | Head::Endless, _) => Meaning::Unit,
            };
            if let Head::While(condition) = run.head {
                let (id, statements, atom) = lowering.region(|lowering| lowering.number(condition))?;
                lowering.must_run(span)?;
                test = Some((Region { id, statements, yields: Vec::new() }, atom));
            }
            body(lowering, given)?;
            lowering.ends_borrows(before);
            for variable in run.assigned {
                let meaning = lowering.variables[variable].clone();
                if lowering.atoms(&meaning, &mut yields).is_none() {
                    let place = lowering.place_of(*variable, span);
                    return unsupported(Reason::LoopVariable(lowering.named(*variable)), place);
                }
            }
            lowering.only_assigned(before, run.assigned, span)?;
            Ok((index, lowering.exit_of_iteration(run.target, run.counted, span)))
        })?;
        let body = Region { id, statements, yields };
        Ok(Made { index, item, insides, test, body, exit })
    }

    /// What the assigned variables are after the loop.
    fn afters(
        &mut self,
        starts: &[(usize, Meaning<'t, 'a>)],
        atoms: Vec<Atom>,
        insides: Vec<ValueId>,
    ) -> Lowered<Vec<Carried>> {
        let mut afters = Vec::new();
        for (variable, start) in starts {
            let after = self.carried(*variable, start, &mut afters)?;
            self.variables.insert(*variable, after);
        }
        self.variables.insert(self.exit, Meaning::Atom(code(0)));
        let carried = atoms.into_iter().zip(insides).zip(afters);
        Ok(carried.map(|((start, inside), after)| Carried { start, inside, after }).collect())
    }

    /// A loop that an exit ends counts its iterations, and carries the exit outward if it leads further.
    fn left(
        &mut self,
        (last, outward): (Atom, Option<Atom>),
        body: &mut Region,
        carried: &mut Vec<Carried>,
    ) -> (Atom, ValueId) {
        let trips = self.value("trips", Class::Scalar, false);
        if let Some(outward) = outward {
            let after = self.value("exit", Class::Scalar, false);
            let inside = self.value("exit", Class::Scalar, false);
            self.values[inside.0].region = body.id;
            carried.push(Carried { start: code(0), inside, after });
            body.yields.push(outward);
            self.variables.insert(self.exit, Meaning::Atom(Atom::Value(after)));
        }
        (last, trips)
    }

    /// What a body assigns must be carried to the next iteration.
    fn only_assigned(
        &self,
        before: &super::Variables<'t, 'a>,
        assigned: &BTreeSet<usize>,
        span: Span,
    ) -> Lowered<()> {
        let changed = before.changed_in([&self.variables, &self.variables]);
        for (variable, meaning) in changed.filter(|(variable, _)| !assigned.contains(variable)) {
            let (mut old, mut new) = (Vec::new(), Vec::new());
            let known = self.atoms(meaning, &mut old).and(self.atoms(&self.variables[&variable], &mut new));
            let changed = known.is_some()
                && (old.len() != new.len()
                    || old.iter().zip(&new).any(|(old, new)| !super::branch::same(old, new)));
            if changed && variable != self.exit {
                return unsupported(
                    Reason::ClosureInLoop(self.known(variable).0),
                    self.place_of(variable, span),
                );
            }
        }
        Ok(())
    }

    /// At the end of an iteration: whether it is the last, and the code that goes further out.
    fn exit_of_iteration(
        &mut self,
        target: Option<&Target>,
        counted: bool,
        span: Span,
    ) -> Option<(Atom, Option<Atom>)> {
        let (leave, again) = target.map_or((0, 0), |target| (target.leave, target.again));
        let stops = self.set.iter().any(|set| *set != again);
        self.set.remove(&again);
        self.set.remove(&leave);
        let exit = match self.running() {
            // Nothing ends this loop but its iterator, or a panic.
            Running::Yes if counted => return Some((Atom::truth(false), None)),
            Running::Yes => return None,
            Running::Perhaps(exit) => exit,
            Running::No => {
                let Meaning::Atom(literal) = &self.variables[&self.exit] else { return None };
                literal.clone()
            }
        };
        if !stops && !counted {
            return None;
        }
        let again = Literal::u32_suffixed(again);
        let test = super::passive::host(vec![
            Piece::Atom(exit.clone()),
            super::passive::tokens(quote!(!= 0 &&)),
            Piece::Atom(exit.clone()),
            super::passive::tokens(quote!(!= #again)),
        ]);
        let last = self.computed(test, Class::Scalar, "last", span);
        if self.set.is_empty() {
            return Some((last, None));
        }
        let leave = Literal::u32_suffixed(leave);
        let outward = super::passive::host(vec![
            super::passive::tokens(quote!(match)),
            Piece::Atom(exit),
            super::passive::tokens(quote!({ #leave | #again => 0_u32, outward => outward })),
        ]);
        let outward = self.computed(outward, Class::Scalar, "exit", span);
        Some((last, Some(outward)))
    }

    fn place_of(&self, variable: usize, span: Span) -> Span {
        self.function.variables.get(variable).map_or(span, |known| known.name.span())
    }

    /// The atoms that a meaning is made of, if it is made of atoms.
    pub(super) fn atoms(&self, meaning: &Meaning<'t, 'a>, atoms: &mut Vec<Atom>) -> Option<()> {
        match meaning {
            Meaning::Unit | Meaning::Tuple(_) | Meaning::List(_) => {}
            Meaning::Atom(atom) if self.is_data(atom) => return None,
            Meaning::Atom(atom) | Meaning::Option(atom, _) => atoms.push(atom.clone()),
            Meaning::Never
            | Meaning::Passive(_)
            | Meaning::Borrow(_)
            | Meaning::Place(_)
            | Meaning::Iterator(_)
            | Meaning::Closure(..)
            | Meaning::Function(..) => return None,
        }
        meaning.parts().iter().try_for_each(|part| self.atoms(part, atoms))
    }

    /// New values for a variable that a loop carries.
    fn carried(
        &mut self,
        variable: usize,
        start: &Meaning<'t, 'a>,
        values: &mut Vec<ValueId>,
    ) -> Lowered<Meaning<'t, 'a>> {
        let (name, ty) = self.known(variable);
        let shown = self.named(variable);
        self.carried_part((&name, &shown), &ty, start, values)
    }

    fn carried_part(
        &mut self,
        (name, shown): (&str, &str),
        ty: &Ty,
        start: &Meaning<'t, 'a>,
        values: &mut Vec<ValueId>,
    ) -> Lowered<Meaning<'t, 'a>> {
        let ty = self.function.types.peeled(ty);
        match (start, &ty) {
            (Meaning::Atom(_), _) => {
                let value = self.value(name, class(&ty), self.function.types.is_active(&ty));
                values.push(value);
                Ok(Meaning::Atom(Atom::Value(value)))
            }
            (Meaning::Tuple(parts), Ty::Tuple(types)) if parts.len() == types.len() => {
                let parts = parts.iter().zip(types);
                let parts = parts.map(|(part, ty)| self.carried_part((name, shown), ty, part, values));
                Ok(Meaning::Tuple(parts.collect::<Lowered<_>>()?))
            }
            (Meaning::List(parts), Ty::Sequence(_, element)) => {
                let parts = parts.iter().map(|part| self.carried_part((name, shown), element, part, values));
                Ok(Meaning::List(parts.collect::<Lowered<_>>()?))
            }
            (Meaning::Option(some, inside), Ty::Option(of)) => {
                let some =
                    self.carried_part((name, shown), &Ty::Bool, &Meaning::Atom(some.clone()), values)?;
                let Meaning::Atom(some) = some else { return Ok(Meaning::Never) };
                let inside = self.carried_part((name, shown), of, inside, values)?;
                Ok(Meaning::Option(some, Box::new(inside)))
            }
            (Meaning::Unit, _) => Ok(Meaning::Unit),
            _ => unsupported(Reason::LoopVariable(shown.to_owned()), Span::call_site()),
        }
    }

    // --- what is assigned

    /// The variables from outside that a block assigns.
    pub(super) fn assigned_in_block(&self, body: &'t Block<'a>, assigned: &mut BTreeSet<usize>) {
        let mut called = BTreeSet::new();
        self.assigned_by_patterns(body, assigned);
        visit_block(body, &mut |part| self.assigned_by(part, assigned, &mut called));
    }

    /// The variables that `ref mut` borrows.
    fn assigned_by_patterns(&self, block: &'t Block<'a>, assigned: &mut BTreeSet<usize>) {
        for statement in &block.statements {
            if let Statement::Let { pattern, value: Some(value), .. } = statement
                && has_ref_mut(pattern.written)
            {
                self.assign_root(value, assigned);
            }
        }
    }

    pub(super) fn assigned_in(&self, expression: &'t Expr<'a>, assigned: &mut BTreeSet<usize>) {
        let mut called = BTreeSet::new();
        visit(expression, &mut |part| self.assigned_by(part, assigned, &mut called));
    }

    /// What a part assigns; into each closure that is called it looks once.
    fn assigned_by(&self, part: &'t Expr<'a>, assigned: &mut BTreeSet<usize>, called: &mut BTreeSet<usize>) {
        part.assigned().or(part.lent()).iter().for_each(|place| self.assign_root(place, assigned));
        if let Kind::Let { pattern, value } = &part.kind
            && has_ref_mut(pattern.written)
        {
            self.assign_root(value, assigned);
        }
        if let Kind::Match { value, arms } = &part.kind
            && arms.iter().any(|arm| has_ref_mut(arm.pattern.written))
        {
            self.assign_root(value, assigned);
        }
        if let Kind::Block(block)
        | Kind::For { body: block, .. }
        | Kind::While { body: block, .. }
        | Kind::Loop { body: block, .. }
        | Kind::If { then: block, .. } = &part.kind
        {
            self.assigned_by_patterns(block, assigned);
        }
        // What leaves with a value sets the variable that takes it.
        if super::exit::value_left(part).is_some() {
            assigned.extend(self.holders());
        }
        // What a closure assigns is assigned where it is called.
        if let Kind::Apply { closure, .. } = &part.kind
            && let Kind::Variable(variable) = &closure.kind
            && let Some(Meaning::Closure(closure, _)) = self.variables.get(&variable.0)
            && called.insert(variable.0)
        {
            visit(&closure.body, &mut |part| self.assigned_by(part, assigned, called));
        }
    }

    fn assign_root(&self, place: &'t Expr<'a>, assigned: &mut BTreeSet<usize>) {
        if let Kind::Tuple(parts) | Kind::List { elements: parts, .. } = &place.kind {
            parts.iter().for_each(|part| self.assign_root(part, assigned));
            return;
        }
        let Some(variable) = root_variable(place) else { return };
        match self.variables.get(&variable) {
            // Memories are changed where they are, and data is the user's own.
            None | Some(Meaning::Place(_)) => {}
            Some(Meaning::Atom(atom)) if self.is_data(atom) => {}
            Some(Meaning::Borrow(of)) => drop(assigned.insert(self.root_of_borrow(*of))),
            Some(_) => drop(assigned.insert(variable)),
        }
    }

    /// The iterator of a loop: integers.
    fn iterated(&mut self, source: &IteratorSource<'t, 'a>, span: Span) -> Lowered<HostExpression> {
        if let IteratorSource::Range(range) = source {
            return Ok(range.clone());
        }
        if let IteratorSource::InOrder(of) = source {
            return self.iterated(of, span);
        }
        // A value of its own: what the length is later does not matter.
        let length = Self::length(source, span)?;
        let length = self.computed(length, Class::Scalar, "n", span);
        Ok(super::passive::host(vec![Piece::Below(length)]))
    }
}

/// Whether a variable that a loop changes can hold this: numbers and tuples of them.
pub(super) fn holds(meaning: &Meaning<'_, '_>) -> bool {
    matches!(meaning, Meaning::Atom(_) | Meaning::Unit | Meaning::Tuple(_) | Meaning::List(_))
        && meaning.parts().iter().all(holds)
}

fn leaves_nothing(statement: &crate::ir::Statement) -> bool {
    match &statement.kind {
        StatementKind::Operation { .. } | StatementKind::Passive { .. } | StatementKind::Load { .. } => true,
        StatementKind::If { then, otherwise, .. } => {
            then.statements.iter().chain(&otherwise.statements).all(leaves_nothing)
        }
        StatementKind::Call(call) => !call.in_halves,
        StatementKind::New { .. }
        | StatementKind::Store { .. }
        | StatementKind::Copy { .. }
        | StatementKind::Swap { .. }
        | StatementKind::Change { .. }
        | StatementKind::Choose { .. }
        | StatementKind::Loop(_)
        | StatementKind::Compute { .. }
        | StatementKind::Test { .. }
        | StatementKind::Accumulate { .. }
        | StatementKind::Take { .. }
        | StatementKind::Sum { .. }
        | StatementKind::Record(_)
        | StatementKind::Replay(_)
        | StatementKind::CallReverse(_) => false,
    }
}
