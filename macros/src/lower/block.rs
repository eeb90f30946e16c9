//! Blocks, `let`, and patterns.

use super::exit::Running;
use super::{Lowered, Lowering, Meaning, class, unsupported};
use crate::ir::{Atom, Class, Piece, StatementKind, Step};
use crate::tree::{Block, Expr, Kind, Pattern, Statement};
use crate::ty::Ty;
use proc_macro2::{Literal, Span};
use quote::quote;

impl<'t, 'a> Lowering<'t, 'a> {
    pub(super) fn block(&mut self, block: &'t Block<'a>) -> Lowered<Meaning<'t, 'a>> {
        self.sequence(&block.statements, block.tail.as_deref())
    }

    /// A block that may be left with a value, and the type of what it gives.
    pub(super) fn block_of(&mut self, block: &'t Block<'a>, ty: &Ty) -> Lowered<Meaning<'t, 'a>> {
        let Some(label) = block.label else { return self.block(block) };
        let name = label.name.ident.to_string();
        let (result, left, target) =
            self.target(Some(name), false, ty, |lowering, _| lowering.block(block))?;
        self.arrive(&target, result, left, ty)
    }

    /// Statements, those after one that may leave under the condition that it has not.
    fn sequence(
        &mut self,
        statements: &'t [Statement<'a>],
        tail: Option<&'t Expr<'a>>,
    ) -> Lowered<Meaning<'t, 'a>> {
        for (at, statement) in statements.iter().enumerate() {
            self.statement(statement)?;
            let rest = &statements[at + 1..];
            match self.running() {
                Running::Yes => {}
                Running::No => return Ok(Meaning::Never),
                Running::Perhaps(_) if rest.is_empty() && tail.is_none() => return Ok(Meaning::Unit),
                Running::Perhaps(exit) => {
                    let ty = tail.map_or(Ty::Unit, |tail| tail.ty.clone());
                    let span = tail.map_or_else(Span::call_site, |tail| tail.span);
                    return self.if_running(&exit, span, |lowering| {
                        let value = lowering.sequence(rest, tail)?;
                        lowering.settled(value, &ty, span)
                    });
                }
            }
        }
        tail.as_ref().map_or(Ok(Meaning::Unit), |tail| self.meaning(tail))
    }

    /// What runs only if nothing has left.
    pub(super) fn if_running(
        &mut self,
        exit: &Atom,
        span: Span,
        rest: impl FnOnce(&mut Self) -> Lowered<Meaning<'t, 'a>>,
    ) -> Lowered<Meaning<'t, 'a>> {
        let test = super::passive::template(vec![
            Piece::Atom(exit.clone()),
            super::passive::tokens(quote!(==)),
            Piece::Atom(super::exit::code(0)),
        ]);
        let test = self.computed(test, Class::Scalar, "running", span);
        let pending = std::mem::take(&mut self.set);
        let result = self.fork(
            test,
            span,
            |lowering| {
                lowering.variables.insert(lowering.exit, Meaning::Atom(super::exit::code(0)));
                rest(lowering)
            },
            |_| Ok(Meaning::Never),
        );
        self.set.extend(pending);
        result
    }

    fn statement(&mut self, statement: &'t Statement<'a>) -> Lowered<()> {
        match statement {
            Statement::Verbatim(syn::Stmt::Item(item)) if self.is_hoisted(item) => Ok(()),
            Statement::Verbatim(syn::Stmt::Item(item)) => {
                unsupported("this item inside the function", syn::spanned::Spanned::span(item))
            }
            Statement::Verbatim(_) => unsupported("a macro", Span::call_site()),
            Statement::Expr { value, .. } if !crate::emit::attributes(value.written).is_empty() => {
                unsupported("an attribute", value.span)
            }
            Statement::Let { written, .. } if !written.attrs.is_empty() => {
                unsupported("an attribute", written.let_token.span)
            }
            Statement::Expr { value, .. } => self.meaning(value).map(drop),
            Statement::Let { pattern, value: Some(value), otherwise: None, .. } => {
                self.bind_let(pattern, value)
            }
            Statement::Let { pattern, value: Some(value), otherwise: Some(otherwise), .. } => {
                self.bind_or_leave(pattern, value, otherwise)
            }
            Statement::Let { pattern, value: None, .. } => self.declare(pattern),
        }
    }

    /// `let x;`: what is assigned later.
    fn declare(&mut self, pattern: &'t Pattern<'a>) -> Lowered<()> {
        let [binding] = pattern.bindings.as_slice() else {
            return unsupported("a `let` without a value", Span::call_site());
        };
        let variable = &self.function.variables[binding.variable.0];
        let nothing = self.nothing(&variable.ty);
        if matches!(nothing, Meaning::Never) {
            return unsupported("a `let` without a value", variable.name.span());
        }
        self.variables.insert(binding.variable.0, nothing);
        Ok(())
    }

    fn bind_let(&mut self, pattern: &'t Pattern<'a>, value: &'t Expr<'a>) -> Lowered<()> {
        let ty = self.function.types.shallow(&value.ty);
        let each = matches!((plain(pattern.written), &value.kind), (syn::Pat::Tuple(_), Kind::Tuple(_)));
        if !each && !self.function.involves(value) && class(&ty) == Class::Data && !self.is_memory(pattern) {
            return match (plain(pattern.written), &ty) {
                (syn::Pat::Tuple(_) | syn::Pat::Wild(_), Ty::Tuple(_)) => {
                    let meaning = self.meaning(value)?;
                    self.bind(pattern, pattern.written, meaning)
                }
                _ => self.bind_data(pattern, value),
            };
        }
        if let Some(binding) = self.memory_binding(pattern, value) {
            return self.bind_memory(binding, value);
        }
        if let (syn::Pat::Tuple(patterns), Kind::Tuple(values)) = (plain(pattern.written), &value.kind)
            && patterns.elems.len() == values.len()
        {
            return self.bind_each(pattern, patterns, values);
        }
        let meaning = self.meaning(value)?;
        let meaning = self.held(meaning, value)?;
        if let Meaning::Place(place) = &meaning
            && !place.steps.is_empty()
        {
            // The part must be there, whether or not it is read.
            let pieces = vec![super::passive::tokens(quote!(let _ = &)), Piece::Place(place.clone())];
            let template = super::passive::template(pieces);
            self.push(StatementKind::Passive { out: None, template }, value.span);
        }
        self.bind(pattern, pattern.written, meaning)
    }

    /// `let (a, b) = (x, y);`: each by itself.
    fn bind_each(
        &mut self,
        pattern: &'t Pattern<'a>,
        patterns: &syn::PatTuple,
        values: &'t [Expr<'a>],
    ) -> Lowered<()> {
        let mut meanings = Vec::new();
        for (part, value) in patterns.elems.iter().zip(values) {
            let binding = match plain(part) {
                syn::Pat::Ident(name) => pattern
                    .bindings
                    .iter()
                    .find(|binding| self.function.variables[binding.variable.0].name == name.ident),
                _ => None,
            };
            meanings.push(match binding.filter(|binding| self.makes_memory(binding, value)) {
                Some(binding) => {
                    let known = &self.function.variables[binding.variable.0];
                    let (name, ty) = (known.name.to_string(), self.function.types.shallow(&known.ty));
                    Meaning::Place(self.memory_of(value, &ty, &name)?)
                }
                None => {
                    let meaning = self.meaning(value)?;
                    self.held(meaning, value)?
                }
            });
        }
        for (part, meaning) in patterns.elems.iter().zip(meanings) {
            self.bind(pattern, part, meaning)?;
        }
        Ok(())
    }

    /// Passive data keeps the user's name, which the tokens of later expressions mention.
    fn bind_data(&mut self, pattern: &'t Pattern<'a>, value: &'t Expr<'a>) -> Lowered<()> {
        let (syn::Pat::Ident(name), [binding]) = (plain(pattern.written), pattern.bindings.as_slice()) else {
            return unsupported("a pattern for passive data", value.span);
        };
        let template = match pattern.written {
            // The annotation may be what tells the type.
            syn::Pat::Type(typed) => {
                let (ty, template) = (&typed.ty, self.template(value)?);
                let pure = template.pure;
                let inner = super::passive::template(vec![
                    super::passive::tokens(quote!(let value: #ty =)),
                    template.into(),
                    super::passive::tokens(quote!(; value)),
                ]);
                let mut whole = super::passive::template(vec![Piece::Braces(inner)]);
                whole.pure = pure;
                whole
            }
            _ => self.template(value)?,
        };
        let out = self.data_named(&name.ident)?;
        if name.mutability.is_some() {
            self.changing.insert(out);
        }
        self.push(StatementKind::Passive { out: Some(out), template }, value.span);
        self.variables.insert(binding.variable.0, Meaning::Atom(Atom::Value(out)));
        Ok(())
    }

    /// Passive data under the user's name.
    fn data_named(&mut self, name: &proc_macro2::Ident) -> Lowered<crate::ir::ValueId> {
        if !self.data.insert(name.to_string()) {
            return unsupported("passive data under a name that is taken", name.span());
        }
        Ok(self.value_named(name.clone(), Class::Data, false))
    }

    /// `let pattern = value else { … };`
    fn bind_or_leave(
        &mut self,
        pattern: &'t Pattern<'a>,
        value: &'t Expr<'a>,
        otherwise: &'t Expr<'a>,
    ) -> Lowered<()> {
        let meaning = self.meaning(value)?;
        let (Meaning::Option(some, inside), Some(part)) = (meaning, some_part(pattern.written)) else {
            return unsupported("this `let … else`", value.span);
        };
        let span = value.span;
        self.fork(
            some,
            span,
            |_| Ok(Meaning::Unit),
            |lowering| lowering.meaning(otherwise).map(|_| Meaning::Never),
        )?;
        match self.running() {
            Running::Yes => self.bind(pattern, part, *inside),
            Running::No => Ok(()),
            Running::Perhaps(exit) => {
                // What is bound is read under the condition that it is there.
                for binding in &pattern.bindings {
                    let nothing = self.nothing(&self.function.variables[binding.variable.0].ty);
                    self.variables.insert(binding.variable.0, nothing);
                }
                self.if_running(&exit, span, |lowering| {
                    lowering.bind(pattern, part, *inside).map(|()| Meaning::Unit)
                })?;
                self.variables.insert(self.exit, Meaning::Atom(exit));
                Ok(())
            }
        }
    }

    /// Binds the variables of a pattern.
    pub(super) fn bind(
        &mut self,
        pattern: &'t Pattern<'a>,
        written: &syn::Pat,
        meaning: Meaning<'t, 'a>,
    ) -> Lowered<()> {
        match (written, meaning) {
            (syn::Pat::Ident(name), meaning) if name.subpat.is_none() => {
                self.bind_name(pattern, &name.ident, meaning)
            }
            (syn::Pat::Type(typed), meaning) => self.bind(pattern, &typed.pat, meaning),
            (syn::Pat::Paren(paren), meaning) => self.bind(pattern, &paren.pat, meaning),
            (syn::Pat::Reference(reference), Meaning::Atom(atom)) if self.is_data(&atom) => {
                unsupported("passive data behind a reference", syn::spanned::Spanned::span(reference))
            }
            (syn::Pat::Reference(reference), meaning) => self.bind(pattern, &reference.pat, meaning),
            (syn::Pat::Wild(_), _) => Ok(()),
            (syn::Pat::Tuple(tuple), Meaning::Tuple(parts)) if tuple.elems.len() == parts.len() => tuple
                .elems
                .iter()
                .zip(parts)
                .try_for_each(|(part, meaning)| self.bind(pattern, part, meaning)),
            (syn::Pat::Slice(slice), meaning @ (Meaning::List(_) | Meaning::Place(_)))
                if slice.elems.iter().any(|part| matches!(part, syn::Pat::Rest(_))) =>
            {
                self.bind_ends(pattern, slice, &meaning)
            }
            (syn::Pat::Slice(slice), Meaning::List(parts)) if slice.elems.len() == parts.len() => slice
                .elems
                .iter()
                .zip(parts)
                .try_for_each(|(part, meaning)| self.bind(pattern, part, meaning)),
            (syn::Pat::Slice(slice), Meaning::Place(place))
                if !slice.elems.iter().any(|part| {
                    matches!(part, syn::Pat::Rest(_) | syn::Pat::Ident(syn::PatIdent { subpat: Some(_), .. }))
                }) =>
            {
                slice.elems.iter().enumerate().try_for_each(|(at, part)| {
                    let mut place = place.clone();
                    let index = Literal::usize_unsuffixed(at);
                    let index = super::passive::template(vec![super::passive::tokens(index)]);
                    place.steps.push(Step::Index(index));
                    self.bind(pattern, part, Meaning::Place(place))
                })
            }
            (syn::Pat::Tuple(tuple), Meaning::Passive(whole)) => {
                tuple.elems.iter().enumerate().try_for_each(|(at, part)| {
                    let member = Literal::usize_unsuffixed(at);
                    let field = vec![whole.clone().into(), super::passive::tokens(quote!(.#member))];
                    self.bind(pattern, part, Meaning::Passive(super::passive::template(field)))
                })
            }
            (syn::Pat::Tuple(tuple), Meaning::Place(place)) => {
                let parts = tuple.elems.iter().enumerate();
                parts.into_iter().try_for_each(|(at, part)| {
                    let mut place = place.clone();
                    let member = Literal::usize_unsuffixed(at);
                    place.steps.push(Step::Field(quote!(#member)));
                    self.bind(pattern, part, Meaning::Place(place))
                })
            }
            // Nobody gets here.
            (_, Meaning::Never) => pattern.bindings.iter().try_for_each(|binding| {
                let nothing = self.nothing(&self.function.variables[binding.variable.0].ty);
                self.variables.insert(binding.variable.0, nothing);
                Ok(())
            }),
            (other, _) => unsupported("this pattern", syn::spanned::Spanned::span(other)),
        }
    }

    /// A number, or a shared reference to one, which does not change while it is there.
    fn is_number(&self, ty: &Ty) -> bool {
        match ty {
            Ty::Float(_) => true,
            Ty::Ref { mutable: false, inner } => self.is_number(&self.function.types.shallow(inner)),
            _ => false,
        }
    }

    /// `[first, .., last]`: from the front, and from the back.
    fn bind_ends(
        &mut self,
        pattern: &'t Pattern<'a>,
        slice: &syn::PatSlice,
        meaning: &Meaning<'t, 'a>,
    ) -> Lowered<()> {
        let count = slice.elems.len();
        let rest = slice.elems.iter().position(|part| matches!(part, syn::Pat::Rest(_))).unwrap_or(count);
        for (at, part) in slice.elems.iter().enumerate().filter(|(at, _)| *at != rest) {
            let element = match meaning {
                Meaning::List(parts) => {
                    let at = if at < rest { at } else { (parts.len() + at).wrapping_sub(count) };
                    match parts.get(at) {
                        Some(part) => part.clone(),
                        None => return unsupported("this pattern", syn::spanned::Spanned::span(slice)),
                    }
                }
                Meaning::Place(place) if at < rest => Meaning::Place(Self::at_literal(place, at)),
                Meaning::Place(place) => {
                    let from_back = Literal::usize_unsuffixed(count - at);
                    let index = vec![
                        Piece::Place(place.clone()),
                        super::passive::tokens(quote!(.len() - #from_back)),
                    ];
                    let mut place = place.clone();
                    place.steps.push(Step::Index(super::passive::template(index)));
                    Meaning::Place(place)
                }
                _ => return unsupported("this pattern", syn::spanned::Spanned::span(slice)),
            };
            self.bind(pattern, part, element)?;
        }
        Ok(())
    }

    fn bind_name(
        &mut self,
        pattern: &'t Pattern<'a>,
        name: &proc_macro2::Ident,
        meaning: Meaning<'t, 'a>,
    ) -> Lowered<()> {
        // Hygiene apart, a pattern binds a name once.
        let mut bindings = pattern.bindings.iter();
        let binding = bindings.find(|binding| self.function.variables[binding.variable.0].name == *name);
        let Some(binding) = binding else { return Ok(()) };
        let ty = self.function.types.shallow(&self.function.variables[binding.variable.0].ty);
        let meaning = match meaning {
            // A number read from a memory is read now.
            place @ Meaning::Place(_) if self.is_number(&ty) => {
                Meaning::Atom(self.scalar(place, name.span())?)
            }
            // What is changed, here or there, is copied.
            Meaning::Place(place)
                if matches!(ty, Ty::Sequence(..))
                    && !self.is_fresh(&place)
                    && (binding.mutable || self.is_local(&place)) =>
            {
                Meaning::Place(self.copied(place, &ty, name)?)
            }
            place @ Meaning::Place(_) if matches!(ty, Ty::Tuple(_)) => {
                self.settled(place, &ty, name.span())?
            }
            // An item that has no name of the user's yet.
            Meaning::Atom(Atom::Value(id))
                if self.values[id.0].class == Class::Data
                    && self.values[id.0].ident.to_string().ends_with('_') =>
            {
                let template = super::passive::template(vec![Piece::Atom(Atom::Value(id))]);
                let out = self.data_named(name)?;
                self.push(StatementKind::Passive { out: Some(out), template }, name.span());
                Meaning::Atom(Atom::Value(out))
            }
            Meaning::Passive(template) => match class(&self.function.types.peeled(&ty)) {
                Class::Data => {
                    let piece: Piece = template.into();
                    let whole = match &ty {
                        Ty::Ref { .. } => vec![super::passive::tokens(quote!(&)), piece],
                        _ => vec![piece, super::passive::tokens(quote!(.clone()))],
                    };
                    let template = super::passive::template(whole);
                    let out = self.data_named(name)?;
                    self.push(StatementKind::Passive { out: Some(out), template }, name.span());
                    Meaning::Atom(Atom::Value(out))
                }
                class => Meaning::Atom(self.computed(template, class, &name.to_string(), name.span())),
            },
            list @ Meaning::List(_) if self.wants_memory(binding.variable) => {
                Meaning::Place(self.materialized(&list, &name.to_string(), name.span())?)
            }
            other => other,
        };
        if let Meaning::Place(place) = &meaning {
            self.bound.insert(place.memory);
        }
        self.variables.insert(binding.variable.0, meaning);
        Ok(())
    }

    /// Whether a place is a whole memory that has no name yet.
    pub(super) fn is_fresh(&self, place: &crate::ir::Place) -> bool {
        place.steps.is_empty() && self.is_local(place) && !self.bound.contains(&place.memory)
    }
}

/// A pattern without its type annotation and its guard.
pub(super) fn plain(pattern: &syn::Pat) -> &syn::Pat {
    match pattern {
        syn::Pat::Type(typed) => &typed.pat,
        syn::Pat::Guard(guarded) => &guarded.pat,
        other => other,
    }
}

/// `p` of `Some(p)`.
pub(super) fn some_part(pattern: &syn::Pat) -> Option<&syn::Pat> {
    match plain(pattern) {
        syn::Pat::TupleStruct(some) if some.path.is_ident("Some") => some.elems.first(),
        syn::Pat::Paren(paren) => some_part(&paren.pat),
        _ => None,
    }
}
