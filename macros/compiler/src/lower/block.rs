//! Blocks, `let`, and patterns.

use super::exit::Running;
use super::pattern::{plain, unguarded};
use super::{Lowered, Lowering, Meaning, class, unsupported};
use crate::ir::{Atom, Class, Piece, StatementKind};
use crate::reasons::{Reason, shown};
use crate::types::tree::{Block, Expr, Kind, Pattern, Statement};
use crate::types::ty::Ty;
use proc_macro2::Span;
use quote::{ToTokens, quote};

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
            let rest = &statements[at + 1..];
            if let Some((condition, leaving)) = guard(statement)
                && !(rest.is_empty() && tail.is_none())
                && !self.ends_in_failure(leaving)
            {
                return self.guarded(condition, leaving, rest, tail);
            }
            let unbound = self.statement(statement)?;
            if self.has_failed(statement) {
                return Ok(Meaning::Never);
            }
            match self.running() {
                Running::Yes => {
                    unbound.map_or(Ok(()), |(pattern, meaning)| {
                        self.bind(pattern, unguarded(pattern.written), meaning)
                    })?;
                }
                Running::No => return Ok(Meaning::Never),
                Running::Perhaps(_) if rest.is_empty() && tail.is_none() => return Ok(Meaning::Unit),
                Running::Perhaps(exit) => {
                    let ty = tail.map_or(Ty::Unit, |tail| self.type_of(tail));
                    let span = tail.map_or_else(Span::call_site, |tail| tail.span);
                    let chosen = self.chosen_beside_exit(&ty, span);
                    let value = self.if_running(&exit, span, |lowering| {
                        if let Some((pattern, meaning)) = unbound {
                            lowering.bind(pattern, unguarded(pattern.written), meaning)?;
                        }
                        let value = lowering.sequence(rest, tail)?;
                        lowering.given_to(chosen.as_ref(), value, &ty, span)
                    })?;
                    return Ok(Self::choice(chosen, value));
                }
            }
        }
        tail.as_ref().map_or(Ok(Meaning::Unit), |tail| self.meaning(tail))
    }

    /// `if condition { …; return; }` and what follows, which is the other branch: whether it runs need not be asked again.
    fn guarded(
        &mut self,
        condition: &'t Expr<'a>,
        leaving: &'t Block<'a>,
        rest: &'t [Statement<'a>],
        tail: Option<&'t Expr<'a>>,
    ) -> Lowered<Meaning<'t, 'a>> {
        let ty = tail.map_or(Ty::Unit, |tail| self.type_of(tail));
        let span = tail.map_or(condition.span, |tail| tail.span);
        let chosen = self.chosen_beside_exit(&ty, span);
        let value = self.conditional(
            condition,
            condition.span,
            |lowering| lowering.block(leaving),
            |lowering| {
                let pending = std::mem::take(&mut lowering.set);
                let value = lowering.sequence(rest, tail)?;
                lowering.set.extend(pending);
                lowering.given_to(chosen.as_ref(), value, &ty, span)
            },
        )?;
        Ok(Self::choice(chosen, value))
    }

    /// What runs only if nothing has left.
    pub(super) fn if_running(
        &mut self,
        exit: &Atom,
        span: Span,
        rest: impl FnOnce(&mut Self) -> Lowered<Meaning<'t, 'a>>,
    ) -> Lowered<Meaning<'t, 'a>> {
        let test = super::passive::host(vec![
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

    /// A statement; gives what is still to be bound, if it has not left.
    fn statement(
        &mut self,
        statement: &'t Statement<'a>,
    ) -> Lowered<Option<(&'t Pattern<'a>, Meaning<'t, 'a>)>> {
        match statement {
            Statement::Verbatim(syn::Stmt::Item(item)) if self.is_hoisted(item) => Ok(None),
            Statement::Verbatim(syn::Stmt::Item(item)) => {
                unsupported(Reason::InnerItem, syn::spanned::Spanned::span(item))
            }
            Statement::Verbatim(_) => unsupported(Reason::MacroStatement, Span::call_site()),
            Statement::Expr { value, .. }
                if !crate::syntax::attributes::attributes(value.written).is_empty() =>
            {
                unsupported(Reason::Attribute, value.span)
            }
            Statement::Let { written, .. } if !written.attrs.is_empty() => {
                unsupported(Reason::Attribute, written.let_token.span)
            }
            // What a statement of data gives is dropped, and dropping it may do what it is there for: `v.drain(..2);`.
            Statement::Expr { value, semicolon: true }
                if matches!(self.function.types.peeled(&value.ty), Ty::Iter(_) | Ty::Range)
                    && self.is_verbatim(value) =>
            {
                let host = super::passive::impure(self.host(value)?);
                self.must_run(value.span)?;
                self.push(StatementKind::Passive { out: None, host }, value.span);
                Ok(None)
            }
            Statement::Expr { value, .. } => self.meaning(value).map(|_| None),
            Statement::Let { pattern, value: Some(value), otherwise: None, .. } => {
                self.bind_let(pattern, value).map(|()| None)
            }
            Statement::Let { pattern, value: Some(value), otherwise: Some(otherwise), .. } => {
                Ok(Some((pattern, self.bind_or_leave(pattern, value, otherwise)?)))
            }
            Statement::Let { pattern, value: None, .. } => self.declare(pattern).map(|()| None),
        }
    }

    /// `let x;`: what is assigned later.
    fn declare(&mut self, pattern: &'t Pattern<'a>) -> Lowered<()> {
        let [binding] = pattern.bindings.as_slice() else {
            return unsupported(Reason::LaterPattern, Span::call_site());
        };
        let variable = &self.function.variables[binding.variable.0];
        let mut nothing = self.nothing(&variable.ty);
        if matches!(nothing, Meaning::Never) && self.is_plain_data_type(&variable.ty) && !self.leaves_early()
        {
            let out = self.data_named(&variable.name);
            if let syn::Pat::Type(typed) = pattern.written {
                self.values[out.0].declared = Some(typed.ty.to_token_stream());
            }
            self.changing.insert(out);
            // Nothing yet.
            let kind = StatementKind::Passive { out: Some(out), host: super::passive::host(Vec::new()) };
            self.push(kind, variable.name.span());
            self.variables.insert(binding.variable.0, Meaning::Atom(Atom::Value(out)));
            return Ok(());
        }
        if matches!(nothing, Meaning::Never) {
            return unsupported(Reason::LaterData(variable.name.to_string()), variable.name.span());
        }
        if let syn::Pat::Type(typed) = pattern.written {
            nothing = self.declared_as(binding.variable, &typed.ty, nothing);
        }
        self.variables.insert(binding.variable.0, nothing);
        Ok(())
    }

    fn is_plain_data_type(&self, ty: &Ty) -> bool {
        !self.function.types.is_active(ty) && class(&self.function.types.shallow(ty)) == Class::Data
    }

    /// Whether something in the body leaves early: what follows then stands under a condition, of which rustc cannot tell that a
    /// variable has its value.
    fn leaves_early(&self) -> bool {
        crate::types::walk::block_leaves(&self.function.body)
    }

    fn bind_let(&mut self, pattern: &'t Pattern<'a>, value: &'t Expr<'a>) -> Lowered<()> {
        let ty = self.function.types.shallow(&value.ty);
        let place_class = class(&self.function.types.shallow(&pattern.ty));
        let each = matches!((plain(pattern.written), &value.kind), (syn::Pat::Tuple(_), Kind::Tuple(_)));
        if let Some(behind) = self.number_behind(value) {
            return self.bind(pattern, plain(pattern.written), behind);
        }
        let lent = pattern.bindings.iter().any(|binding| self.lent.contains(&binding.variable.0));
        let is_name = matches!(plain(pattern.written), syn::Pat::Ident(_) | syn::Pat::Wild(_));
        let is_data = class(&ty) == Class::Data || place_class == Class::Data || lent || !is_name;
        let types = &self.function.types;
        let becomes_active = (is_name || each)
            && pattern.bindings.iter().any(|binding| {
                types.is_active(&types.shallow(&self.function.variables[binding.variable.0].ty))
            });
        if self.is_verbatim(value) && is_data && !becomes_active && !self.is_storage(pattern) {
            return match plain(pattern.written) {
                syn::Pat::Wild(_) => {
                    let meaning = self.meaning(value)?;
                    self.bind(pattern, pattern.written, meaning)
                }
                // A closure that assigns to numbers is inlined where it is called.
                _ if matches!(value.kind, Kind::Closure(_)) && self.host(value).is_err() => {
                    let meaning = self.meaning(value)?;
                    self.bind(pattern, pattern.written, meaning)
                }
                syn::Pat::Ident(name) if name.by_ref.is_none() && name.subpat.is_none() => {
                    self.bind_data(pattern, value)
                }
                written => {
                    let data = self.host(value)?;
                    self.bind_let_of_data(pattern, written, data, value.span);
                    Ok(())
                }
            };
        }
        if let Some(binding) = self.storage_binding(pattern, value) {
            return self.bind_storage(pattern, binding, value);
        }
        if let (syn::Pat::Tuple(patterns), Kind::Tuple(values)) = (plain(pattern.written), &value.kind)
            && patterns.elems.len() == values.len()
        {
            return self.bind_each(pattern, patterns, values);
        }
        let meaning = if let Some(borrow) = self.borrowed_by(pattern, value) {
            borrow
        } else if let Kind::Tuple(parts) = &value.kind
            && becomes_active
        {
            // Arrays in it are numbers too.
            self.tuple(parts)?
        } else if self.is_storage(pattern) {
            self.listed(value)?
        } else if let Some(place) = value.lent()
            && becomes_active
        {
            self.borrowed(place)?
        } else {
            self.meaning(value)?
        };
        let meaning = self.held(meaning, value)?;
        if let (Meaning::Place(place), syn::Pat::Type(typed)) = (&meaning, unguarded(pattern.written))
            && place.steps.is_empty()
            && matches!(value.kind, Kind::Standard { .. })
        {
            // The declared type tells what is made.
            let ty = &typed.ty;
            let declared = super::passive::tokens(quote!(let _: &#ty = &));
            let host = super::passive::host(vec![declared, Piece::Place(place.clone())]);
            self.push(StatementKind::Passive { out: None, host }, value.span);
        }
        if let Meaning::Place(place) = &meaning
            && !place.steps.is_empty()
        {
            // The part must be there, whether or not it is read.
            let pieces = vec![super::passive::tokens(quote!(let _ = &)), Piece::Place(place.clone())];
            let host = super::passive::host(pieces);
            self.push(StatementKind::Passive { out: None, host }, value.span);
        }
        self.bind(pattern, pattern.written, meaning)
    }

    /// The variable that a pattern with `ref mut` takes apart.
    pub(super) fn borrowed_by(
        &self,
        pattern: &'t Pattern<'a>,
        value: &'t Expr<'a>,
    ) -> Option<Meaning<'t, 'a>> {
        let mut inner = value;
        while let Kind::Paren(within) = &inner.kind {
            inner = within;
        }
        let Kind::Variable(variable) = &inner.kind else { return None };
        let is_own = matches!(
            self.variables.get(&variable.0),
            Some(Meaning::Atom(_) | Meaning::Tuple(_) | Meaning::List(_) | Meaning::Option(..))
        );
        (is_own && super::pattern::has_ref_mut(pattern.written)).then_some(Meaning::Borrow(*variable))
    }

    /// A reference to a number that does not change: the number itself.
    fn number_behind(&self, value: &Expr<'a>) -> Option<Meaning<'t, 'a>> {
        let Kind::Reference(inner) = &value.kind else { return None };
        let Kind::Variable(variable) = &inner.kind else { return None };
        match self.variables.get(&variable.0) {
            Some(Meaning::Atom(atom)) if value.lent().is_none() && !self.is_data(atom) => {
                Some(Meaning::Atom(atom.clone()))
            }
            _ => None,
        }
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
            meanings.push(match binding.filter(|binding| self.makes_storage(binding, value)) {
                Some(binding) => {
                    let known = &self.function.variables[binding.variable.0];
                    let (name, ty) = (known.name.to_string(), self.function.types.shallow(&known.ty));
                    Meaning::Place(self.storage_of(value, &ty, &name)?)
                }
                None => self.part(value)?,
            });
        }
        let types = match pattern.written {
            syn::Pat::Type(syn::PatType { ty, .. }) => match &**ty {
                syn::Type::Tuple(types) => types.elems.iter().map(Some).collect(),
                _ => Vec::new(),
            },
            _ => Vec::new(),
        };
        let types = types.into_iter().chain(std::iter::repeat(None));
        for ((part, meaning), ty) in patterns.elems.iter().zip(meanings).zip(types) {
            let meaning = match ty {
                Some(ty) => self.of_type(pattern, part, ty, meaning),
                None => meaning,
            };
            self.bind(pattern, part, meaning)?;
        }
        Ok(())
    }

    /// Whether an expression is an array or a `Vec` of integers or `bool`s that are written there: a frame can hold it.
    fn is_of_literals(&self, value: &Expr<'a>) -> bool {
        let is_literal = |element: &Expr<'a>| {
            let literal = matches!(element.written, syn::Expr::Lit(_));
            literal && matches!(self.function.types.shallow(&element.ty), Ty::Int | Ty::Bool)
        };
        let inner = |element: &Expr<'a>| is_literal(element) || self.is_of_literals(element);
        if let Kind::List { elements, .. } = &value.kind {
            return elements.iter().all(inner);
        }
        matches!(&value.kind, Kind::Repeat { element, .. } if inner(element))
    }

    /// Passive data keeps the user's name, which the tokens of later expressions mention.
    fn bind_data(&mut self, pattern: &'t Pattern<'a>, value: &'t Expr<'a>) -> Lowered<()> {
        let (syn::Pat::Ident(name), [binding]) = (plain(pattern.written), pattern.bindings.as_slice()) else {
            return unsupported(Reason::Pattern(shown(pattern.written)), value.span);
        };
        let host = self.host(value)?;
        let out = self.data_named(&name.ident);
        if let syn::Pat::Type(typed) = pattern.written {
            self.values[out.0].declared = Some(typed.ty.to_token_stream());
            self.types.insert(binding.variable.0, typed.ty.to_token_stream());
        }
        if name.mutability.is_some() {
            self.changing.insert(out);
        } else if !self.moved.contains(&name.ident.to_string()) {
            self.values[out.0].recordable = self.is_of_literals(value);
        }
        self.notes_ownership(out, &self.function.variables[binding.variable.0].ty.clone());
        self.push(StatementKind::Passive { out: Some(out), host }, value.span);
        self.variables.insert(binding.variable.0, Meaning::Atom(Atom::Value(out)));
        Ok(())
    }

    /// Passive data under the user's name.
    pub(super) fn data_named(&mut self, name: &proc_macro2::Ident) -> crate::ir::ValueId {
        if !self.renamed.contains(&name.to_string()) && self.data.insert(name.to_string()) {
            return self.value_named(name.clone(), Class::Data, false);
        }
        // Another variable has the name: the user's tokens are given a new one.
        self.value(&name.to_string(), Class::Data, false)
    }

    /// `let pattern = value else { … };`: what is bound where it has not left.
    fn bind_or_leave(
        &mut self,
        pattern: &'t Pattern<'a>,
        value: &'t Expr<'a>,
        otherwise: &'t Expr<'a>,
    ) -> Lowered<Meaning<'t, 'a>> {
        let meaning = self.subject_for(&[pattern], value)?;
        if let Some(test) = self.tested(pattern, plain(pattern.written), &meaning)? {
            self.fork(
                test,
                value.span,
                |_| Ok(Meaning::Unit),
                |lowering| lowering.meaning(otherwise).map(|_| Meaning::Never),
            )?;
        }
        Ok(meaning)
    }

    /// Whether a place is a whole storage that has no name yet.
    pub(super) fn is_fresh(&self, place: &crate::ir::Place) -> bool {
        place.steps.is_empty() && self.is_local(place) && !self.bound.contains(&place.storage)
    }
}

/// The condition and the block of an `if` whose block ends by leaving.
fn guard<'t, 'a>(statement: &'t Statement<'a>) -> Option<(&'t Expr<'a>, &'t Block<'a>)> {
    let Statement::Expr { value, .. } = statement else { return None };
    let Kind::If { condition, then, otherwise: None } = &value.kind else { return None };
    let last = match (&then.tail, then.statements.last()) {
        (Some(tail), _) => tail,
        (None, Some(Statement::Expr { value, .. })) => value,
        _ => return None,
    };
    let leaves = matches!(last.kind, Kind::Return(_) | Kind::Break { .. })
        || matches!(last.written, syn::Expr::Continue(_));
    (leaves && crate::syntax::attributes::attributes(value.written).is_empty()).then_some((condition, then))
}
