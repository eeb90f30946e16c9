//! Closures, where they are called.

use super::passive::{host, tokens};
use super::{Lowered, Lowering, Meaning, Variables, unsupported};
use crate::ir::{Class, Piece};
use crate::reasons::Reason;
use crate::types::tree::{Closure, FunctionValue, Kind};
use crate::types::ty::{Sequence, Ty};
use proc_macro2::Span;
use quote::quote;
use std::collections::BTreeSet;

impl<'t, 'a> Lowering<'t, 'a> {
    /// A closure where it is made: a `move` closure copies the arrays that it takes.
    pub(super) fn closure(&mut self, closure: &'t Closure<'a>) -> Lowered<Meaning<'t, 'a>> {
        let mut seen = self.variables.clone();
        if closure.written.capture.is_some() {
            let mut used = BTreeSet::new();
            crate::types::walk::visit(&closure.body, &mut |part| {
                if let Kind::Variable(variable) = &part.kind {
                    used.insert(variable.0);
                }
            });
            for variable in used {
                let Some(Meaning::Place(place)) = self.variables.get(&variable).cloned() else { continue };
                let known = &self.function.variables[variable];
                let ty = self.function.types.shallow(&known.ty);
                if matches!(ty, Ty::Sequence(Sequence::Array, _)) && self.is_local(&place) {
                    let copy = self.copied(place, &ty, &known.name)?;
                    seen.insert(variable, Meaning::Place(copy));
                }
            }
        }
        Ok(Meaning::Closure(closure, seen))
    }

    /// The body of a closure in the place of its call.
    pub(super) fn inlined(
        &mut self,
        closure: Meaning<'t, 'a>,
        arguments: Vec<Meaning<'t, 'a>>,
        span: Span,
    ) -> Lowered<Meaning<'t, 'a>> {
        if let Meaning::Closure(closure, seen) = closure {
            return self.inlined_body(closure, &seen, arguments, span);
        }
        let Meaning::Function(path, what) = closure else { return unsupported(Reason::CalledValue, span) };
        self.function_value(path, what, arguments, span)
    }

    fn inlined_body(
        &mut self,
        closure: &'t Closure<'a>,
        seen: &Variables<'t, 'a>,
        arguments: Vec<Meaning<'t, 'a>>,
        span: Span,
    ) -> Lowered<Meaning<'t, 'a>> {
        self.must_run(span)?;
        if self.inlining > DEPTH {
            return unsupported(Reason::DeepClosures, span);
        }
        if self.inlining > 0 && self.values.len() > COPIES + COPIES_OF_ONE * self.function.sites.len() {
            return unsupported(Reason::LongClosures, span);
        }
        let mut assigned = BTreeSet::new();
        self.assigned_in(&closure.body, &mut assigned);
        assigned.retain(|variable| seen.contains_key(variable));
        // What it is given to change changes outside.
        let given: Vec<usize> = arguments
            .iter()
            .filter_map(
                |argument| if let Meaning::Borrow(variable) = argument { Some(variable.0) } else { None },
            )
            .collect();
        let moves = closure.written.capture.is_some();
        self.ends_borrows_of(&assigned);
        if moves && !assigned.is_empty() {
            return unsupported(Reason::MoveClosure, span);
        }
        // What is borrowed is as it is now; what was moved in is as it was then.
        let outside = self.variables.clone();
        if moves {
            self.variables = seen.clone();
            for (variable, meaning) in outside.iter().filter(|(variable, _)| !seen.contains_key(variable)) {
                self.variables.insert(variable, meaning.clone());
            }
            self.variables.insert(self.exit, outside[&self.exit].clone());
        }
        self.inlining += 1;
        let result =
            self.returning(&closure.output, crate::types::walk::returns(&closure.body), |lowering| {
                let bound = closure
                    .inputs
                    .iter()
                    .zip(arguments)
                    .try_for_each(|(input, argument)| lowering.bind(input, input.written, argument));
                bound?;
                let meaning = lowering.meaning(&closure.body)?;
                lowering.held(meaning, &closure.body)
            });
        self.inlining -= 1;
        let result = result?;
        self.ends_borrows(&outside);
        // What the closure binds is its own; what it assigns stays.
        let mut after = outside;
        for variable in assigned.into_iter().chain(given).chain([self.exit]) {
            if let Some(meaning) = self.variables.get(&variable) {
                after.insert(variable, meaning.clone());
            }
        }
        self.variables = after;
        Ok(result)
    }

    /// A function named as a value, called.
    fn function_value(
        &mut self,
        path: &'t syn::Path,
        what: FunctionValue,
        arguments: Vec<Meaning<'t, 'a>>,
        span: Span,
    ) -> Lowered<Meaning<'t, 'a>> {
        let atoms =
            arguments.into_iter().map(|argument| self.scalar(argument, span)).collect::<Lowered<Vec<_>>>()?;
        match what {
            FunctionValue::Operation(operation, _) => self.operated(operation, atoms, "t", span),
            FunctionValue::Stopped => {
                let [atom] = atoms.as_slice() else { return unsupported(Reason::CalledValue, span) };
                let stopped = host(vec![Piece::Atom(atom.clone())]);
                Ok(Meaning::Atom(self.computed(stopped, Class::Float, "stopped", span)))
            }
            FunctionValue::Named => unsupported(Reason::CalledValue, span),
            FunctionValue::Callee => {
                self.must_run(span)?;
                Ok(self.called(path, atoms, span))
            }
            FunctionValue::Predicate => {
                let two = atoms.len() > 1;
                let mut inner = Vec::new();
                for atom in atoms {
                    // Two numbers are compared by reference.
                    inner.extend(two.then(|| tokens(quote!(&))));
                    inner.extend([Piece::Atom(atom), tokens(quote!(,))]);
                }
                let test = host(vec![tokens(path), host(inner).into()]);
                let class = if two { Class::Data } else { Class::Scalar };
                Ok(Meaning::Atom(self.computed(test, class, "test", span)))
            }
        }
    }
}

/// How deep closures that call closures are inlined.
const DEPTH: usize = 32;

/// How many values a function may have before closures that call closures are inlined no more, and how many more for each
/// operation that is written in it. A closure that calls another twice doubles what it stands for.
const COPIES: usize = 4000;
const COPIES_OF_ONE: usize = 16;
