//! Patterns: whether a value has their shape, and what they bind.

use super::passive::{host, tokens};
use super::{Lowered, Lowering, Meaning, class, unsupported};
use crate::ir::{
    Atom, Class, HostExpression, Init, Name, Named, Piece, Place, StatementKind, Step, Uses, ValueId,
};
use crate::reasons::{Reason, shown};
use crate::types::tree::{Binding, Expr, Pattern, VariableId};
use crate::types::ty::{Ty, is_f64};
use proc_macro2::{Ident, Literal, Span};
use quote::{ToTokens, quote};
use syn::ext::IdentExt;
use syn::spanned::Spanned;

impl<'t, 'a> Lowering<'t, 'a> {
    /// Binds the variables of a pattern.
    pub(super) fn bind(
        &mut self,
        pattern: &'t Pattern<'a>,
        written: &syn::Pat,
        meaning: Meaning<'t, 'a>,
    ) -> Lowered<()> {
        match (written, meaning) {
            // Nobody gets here.
            (_, Meaning::Never) => {
                self.bind_nothing(pattern);
                Ok(())
            }
            // What binds nothing is only tested.
            (_, _) if pattern.bindings.is_empty() => Ok(()),
            (syn::Pat::Type(typed), meaning) => {
                let meaning = self.of_type(pattern, &typed.pat, &typed.ty, meaning);
                self.bind(pattern, &typed.pat, meaning)
            }
            (syn::Pat::Paren(syn::PatParen { pat: inner, .. }), meaning) => {
                self.bind(pattern, inner, meaning)
            }
            (written, Meaning::Atom(atom)) if self.is_data(&atom) && !is_name(written) => {
                self.bind_parts_of_data(pattern, written, &host(vec![Piece::Atom(atom)]));
                Ok(())
            }
            // A place of data that is not copied first.
            (written, Meaning::Passive(place)) if takes_data_apart(written) => {
                self.bind_parts_of_data(pattern, written, &place);
                Ok(())
            }
            // What is written through the name is written to the place itself.
            (syn::Pat::Ident(name), meaning) if name.by_ref.is_some() && name.mutability.is_some() => {
                let binding = self.bound_by(pattern, &name.ident);
                match (binding, meaning) {
                    (Some(variable), meaning @ (Meaning::Place(_) | Meaning::Borrow(_))) => {
                        self.variables.insert(variable.0, meaning);
                        Ok(())
                    }
                    _ => unsupported(Reason::Pattern(shown(name)), written.span()),
                }
            }
            // What is bound by value, or behind a shared reference, is what it is now.
            (syn::Pat::Ident(name), Meaning::Borrow(variable))
                if name.subpat.is_none() && !self.is_bound_mutably(pattern, &name.ident) =>
            {
                let now = self.behind(variable).cloned().unwrap_or(Meaning::Never);
                self.bind_name(pattern, &name.ident, now)
            }
            (syn::Pat::Ident(name), meaning) => {
                if let Some((_, inner)) = &name.subpat
                    && !matches!(**inner, syn::Pat::Rest(_))
                {
                    self.bind(pattern, inner, meaning.clone())?;
                }
                self.bind_name(pattern, &name.ident, meaning)
            }
            (syn::Pat::Reference(reference), meaning) => self.bind(pattern, &reference.pat, meaning),
            // The parts of a variable that is borrowed are variables of their own from here on.
            (syn::Pat::Tuple(_) | syn::Pat::Slice(_), Meaning::Borrow(variable))
                if self.has_parts(variable) =>
            {
                let borrowed = self.borrowed_parts(variable, &shown(written), written.span())?;
                self.bind(pattern, written, borrowed)
            }
            (syn::Pat::Struct(fields), Meaning::Place(place)) => fields.fields.iter().try_for_each(|field| {
                let part = Meaning::Place(Self::field_of(&place, &field.member));
                self.bind(pattern, &field.pat, part)
            }),
            (syn::Pat::TupleStruct(fields), Meaning::Place(place))
                if !["Some", "Ok", "Err"].iter().any(|name| fields.path.is_ident(name)) =>
            {
                let parts = fields.elems.iter().take_while(|part| !matches!(part, syn::Pat::Rest(_)));
                parts.enumerate().try_for_each(|(at, part)| {
                    let member = syn::Member::Unnamed(syn::Index::from(at));
                    self.bind(pattern, part, Meaning::Place(Self::field_of(&place, &member)))
                })
            }
            (syn::Pat::Tuple(_) | syn::Pat::Slice(_) | syn::Pat::TupleStruct(_), meaning) => {
                let parts = parts(written, &meaning, true)?;
                parts.into_iter().try_for_each(|(part, of)| {
                    let of = self.part_of(&meaning, &of, part)?;
                    self.bind(pattern, part, of)
                })
            }
            (
                syn::Pat::Wild(_)
                | syn::Pat::Lit(_)
                | syn::Pat::Range(_)
                | syn::Pat::Path(_)
                | syn::Pat::Const(_),
                _,
            ) => Ok(()),
            (syn::Pat::Or(or), meaning) => {
                self.bind_nothing(pattern);
                let cases: Vec<_> = or.cases.iter().collect();
                self.bind_first(pattern, &cases, meaning)
            }
            (other, _) => unsupported(Reason::Pattern(shown(other)), other.span()),
        }
    }

    /// What a variable holds, and whatever it is a borrow of.
    pub(super) fn behind(&self, variable: VariableId) -> Option<&Meaning<'t, 'a>> {
        let meaning = self.variables.get(&variable.0)?;
        if let Meaning::Borrow(further) = meaning { self.behind(*further) } else { Some(meaning) }
    }

    /// Whether a variable holds a tuple, an array or an `Option` of which the parts are known.
    pub(super) fn has_parts(&self, variable: VariableId) -> bool {
        matches!(self.behind(variable), Some(Meaning::Tuple(_) | Meaning::List(_) | Meaning::Option(..)))
    }

    /// What patterns take apart: a variable's parts are borrowed where a pattern borrows them.
    pub(super) fn subject_for(
        &mut self,
        patterns: &[&'t Pattern<'a>],
        value: &'t Expr<'a>,
    ) -> Lowered<Meaning<'t, 'a>> {
        let borrow = patterns.iter().find_map(|pattern| self.borrowed_by(pattern, value));
        let subject = match borrow {
            Some(borrow) => borrow,
            None => self.subject_of(value)?,
        };
        if let Meaning::Borrow(variable) = subject
            && self.has_parts(variable)
        {
            return self.borrowed_parts(variable, &shown(value.written), value.span);
        }
        Ok(subject)
    }

    /// Whether a pattern binds a name to a mutable reference.
    fn is_bound_mutably(&self, pattern: &Pattern<'a>, name: &Ident) -> bool {
        self.bound_by(pattern, name).is_none_or(|variable| {
            let ty = self.function.types.shallow(&self.function.variables[variable.0].ty);
            matches!(ty, Ty::Ref { mutable: true, .. } | Ty::Unknown(_) | Ty::Data)
        })
    }

    /// Where parts of a variable from outside were borrowed inside a branch, loop or closure, the variable holds what the parts hold
    /// at its end.
    pub(super) fn ends_borrows(&mut self, outside: &super::Variables<'t, 'a>) {
        self.put_together(outside.iter().map(|(variable, _)| variable), &|of| outside.contains_key(&of));
    }

    /// What is about to change is borrowed no more: a variable whose parts were borrowed holds what they hold.
    pub(super) fn ends_borrows_of(&mut self, variables: &std::collections::BTreeSet<usize>) {
        self.put_together(variables.iter().copied(), &|_| false);
    }

    fn put_together(&mut self, variables: impl Iterator<Item = usize>, stays: &dyn Fn(usize) -> bool) {
        if self.parts.is_empty() {
            return;
        }
        // What the user borrowed and put into a tuple stays borrowed.
        let stays = |of: usize| !self.parts.contains(&of) || stays(of);
        let parted = |meaning: &Meaning<'t, 'a>| is_parted(meaning, &stays);
        let variables: Vec<usize> =
            variables.filter(|variable| self.variables.get(variable).is_some_and(parted)).collect();
        let wholes: Vec<_> = variables
            .iter()
            .map(|variable| self.without_borrows(self.variables[variable].clone(), &stays))
            .collect();
        for (variable, whole) in variables.into_iter().zip(wholes) {
            self.variables.insert(variable, whole);
        }
    }

    fn without_borrows(&self, meaning: Meaning<'t, 'a>, stays: &dyn Fn(usize) -> bool) -> Meaning<'t, 'a> {
        meaning.with_parts(|part| {
            let Meaning::Borrow(of) = part else { return self.without_borrows(part, stays) };
            match self.variables.get(&of.0) {
                Some(now) if !stays(of.0) => self.without_borrows(now.clone(), stays),
                Some(_) | None => part,
            }
        })
    }

    /// Makes variables of the parts of a tuple or array in a variable, and borrows each.
    pub(super) fn borrowed_parts(
        &mut self,
        variable: VariableId,
        written: &str,
        span: Span,
    ) -> Lowered<Meaning<'t, 'a>> {
        let root = self.root_of_borrow(variable);
        let (name, ty) = self.known(root);
        let types = &self.function.types;
        let held = self.variables.get(&root).cloned();
        let (parts, types) = match (held.clone(), types.peeled(&ty)) {
            (Some(Meaning::Tuple(parts)), Ty::Tuple(types)) => (parts, types),
            (Some(Meaning::List(parts)), Ty::Sequence(_, element)) => {
                let types = vec![*element; parts.len()];
                (parts, types)
            }
            (Some(Meaning::Option(_, inside)), Ty::Option(ty)) => (vec![*inside], vec![*ty]),
            _ => return unsupported(Reason::Pattern(written.to_owned()), span),
        };
        let parts = parts.into_iter().zip(types).map(|(part, ty)| {
            if let Meaning::Borrow(_) | Meaning::Place(_) = part {
                return part;
            }
            let own = self.own_variable(&name, ty, part);
            self.parts.insert(own);
            Meaning::Borrow(VariableId(own))
        });
        let mut parts: Vec<_> = parts.collect();
        let whole = match held {
            Some(Meaning::Tuple(_)) => Meaning::Tuple(parts),
            Some(Meaning::Option(some, _)) => {
                Meaning::Option(some, Box::new(parts.pop().unwrap_or(Meaning::Never)))
            }
            _ => Meaning::List(parts),
        };
        self.variables.insert(root, whole.clone());
        Ok(whole)
    }

    /// Passive data has the type that the user wrote.
    pub(super) fn of_type(
        &mut self,
        pattern: &'t Pattern<'a>,
        written: &syn::Pat,
        ty: &syn::Type,
        meaning: Meaning<'t, 'a>,
    ) -> Meaning<'t, 'a> {
        match (written, ty, meaning) {
            (syn::Pat::Paren(inner), ty, meaning) => self.of_type(pattern, &inner.pat, ty, meaning),
            (syn::Pat::Tuple(names), syn::Type::Tuple(types), Meaning::Tuple(parts))
                if names.elems.len() == types.elems.len() && names.elems.len() == parts.len() =>
            {
                let parts = parts.into_iter().zip(names.elems.iter().zip(&types.elems));
                let parts = parts.map(|(part, (name, ty))| self.of_type(pattern, name, ty, part));
                Meaning::Tuple(parts.collect())
            }
            (syn::Pat::Slice(names), syn::Type::Array(of), Meaning::List(parts))
                if names.elems.len() == parts.len() && !names.elems.iter().any(is_rest) =>
            {
                let parts = parts.into_iter().zip(&names.elems);
                let parts = parts.map(|(part, name)| self.of_type(pattern, name, &of.elem, part));
                Meaning::List(parts.collect())
            }
            (syn::Pat::Ident(name), ty, meaning) => match self.bound_by(pattern, &name.ident) {
                Some(variable) => self.declared_as(variable, ty, meaning),
                None => meaning,
            },
            (_, _, meaning) => meaning,
        }
    }

    /// A value for a variable that was declared with a type.
    pub(super) fn declared_as(
        &mut self,
        variable: VariableId,
        ty: &syn::Type,
        meaning: Meaning<'t, 'a>,
    ) -> Meaning<'t, 'a> {
        let known = &self.function.variables[variable.0];
        let known_ty = self.function.types.shallow(&known.ty);
        let class = class(&known_ty);
        // Another name of `f64` is what tells the type of a literal.
        let is_plain = class == Class::Float && is_f64(ty);
        if is_plain || matches!(known_ty, Ty::Ref { .. }) || self.function.types.is_active(&known_ty) {
            if is_plain && !self.function.types.is_active(&known_ty) {
                self.types.insert(variable.0, ty.to_token_stream());
            }
            return meaning;
        }
        let (name, span) = (known.name.clone(), known.name.span());
        self.types.insert(variable.0, ty.to_token_stream());
        let of = if let Meaning::Atom(atom) = meaning {
            host(vec![Piece::Atom(atom)])
        } else if let Meaning::Passive(of) = meaning {
            of
        } else {
            return meaning;
        };
        if let [Piece::Atom(Atom::Value(made))] = of.pieces.as_slice()
            && class == Class::Data
            && self.takes_name(*made, &name)
        {
            self.values[made.0].declared = Some(ty.to_token_stream());
            return Meaning::Atom(Atom::Value(*made));
        }
        let out = self.value_after(&name, class);
        self.values[out.0].declared = Some(ty.to_token_stream());
        self.push(StatementKind::Passive { out: Some(out), host: of }, span);
        Meaning::Atom(Atom::Value(out))
    }

    /// The variable that a pattern binds to a name; of alternatives that bind it, the last.
    fn bound_by(&self, pattern: &Pattern<'a>, name: &Ident) -> Option<VariableId> {
        let mut variables = pattern.bindings.iter().rev().map(|binding| binding.variable);
        variables.find(|variable| self.function.variables[variable.0].name == *name)
    }

    /// Gives data that the statement before has made the user's name, if that is free.
    fn takes_name(&mut self, made: ValueId, name: &Ident) -> bool {
        let is_made = matches!(
            self.statements.last().map(|statement| &statement.kind),
            Some(StatementKind::Passive { out: Some(out), .. }) if *out == made
        );
        let value = &self.values[made.0];
        let is_free = !self.renamed.contains(&name.to_string()) && !self.data.contains(&name.to_string());
        if !is_made || !is_free || value.pattern.is_some() || !value.ident.to_string().ends_with('_') {
            return false;
        }
        self.data.insert(name.to_string());
        self.names.insert(super::stem(&name.to_string()).to_owned());
        self.values[made.0].ident = name.clone();
        true
    }

    /// A number, or a sequence of the body's own, that begins as passive data.
    fn made_of_data(&mut self, data: Atom, ty: &Ty, name: &Ident) -> Lowered<Meaning<'t, 'a>> {
        if self.is_number(ty) {
            return Ok(Meaning::Atom(self.plain_number(data, name.span())));
        }
        if matches!(ty, Ty::Ref { .. }) {
            return Ok(Meaning::Atom(data));
        }
        let init = Init::Passive(self.as_vec(host(vec![Piece::Atom(data)]), ty));
        let place = self.new_storage(&name.to_string(), self.is_fixed(ty), init, name.span());
        let whole = Meaning::Place(place);
        if let Ty::Tuple(_) = ty { self.settled(whole, ty, name.span()) } else { Ok(whole) }
    }

    /// A literal that a variable holds is a value, so that all uses of the variable agree on its type.
    pub(super) fn held_literal(&mut self, variable: usize, meaning: Meaning<'t, 'a>) -> Meaning<'t, 'a> {
        let Meaning::Atom(Atom::Literal(literal)) = &meaning else { return meaning };
        let Some(known) = self.function.variables.get(variable) else { return meaning };
        let ty = self.function.types.shallow(&known.ty);
        if self.function.types.is_active(&ty) || !matches!(ty, Ty::Int | Ty::Float(_)) {
            return meaning;
        }
        let (hint, span) = (known.name.to_string(), known.name.span());
        let out = self.value(&hint, class(&ty), false);
        self.values[out.0].declared = match self.types.get(&variable) {
            // Only a call that rustc alone understands can ask for another type of float.
            None if class(&ty) == Class::Float && !self.retyped.contains(&hint) => Some(quote!(f64)),
            declared => declared.cloned(),
        };
        let of = host(vec![tokens(literal)]);
        self.push(StatementKind::Passive { out: Some(out), host: of }, span);
        Meaning::Atom(Atom::Value(out))
    }

    /// The variables of a pattern, before they have a value.
    fn bind_nothing(&mut self, pattern: &'t Pattern<'a>) {
        for binding in &pattern.bindings {
            let nothing = self.nothing(&self.function.variables[binding.variable.0].ty);
            self.variables.insert(binding.variable.0, nothing);
        }
    }

    /// What the first alternative that test binds; the last one does if no other.
    fn bind_first(
        &mut self,
        pattern: &'t Pattern<'a>,
        cases: &[&syn::Pat],
        meaning: Meaning<'t, 'a>,
    ) -> Lowered<()> {
        let [first, rest @ ..] = cases else { return Ok(()) };
        if rest.is_empty() {
            return self.bind(pattern, first, meaning);
        }
        let Some(test) = self.tested(pattern, first, &meaning)? else {
            return self.bind(pattern, first, meaning);
        };
        let of_first = meaning.clone();
        self.fork(
            test,
            first.span(),
            |lowering| lowering.bind(pattern, first, of_first).map(|()| Meaning::Unit),
            |lowering| lowering.bind_first(pattern, rest, meaning).map(|()| Meaning::Unit),
        )
        .map(drop)
    }

    /// Passive data is taken apart by the user's own pattern, once, where it stands: in an arm of a `match` whose other arm nobody
    /// takes.
    fn bind_parts_of_data(&mut self, pattern: &'t Pattern<'a>, written: &syn::Pat, data: &HostExpression) {
        let bound = self.bound_in(pattern, written);
        let mut given = Vec::new();
        for binding in &bound {
            let known = &self.function.variables[binding.variable.0];
            let part = host(vec![tokens(&known.name)]);
            given.push(match self.class_bound(&known.ty) {
                Class::Float => Piece::Number(part),
                Class::Scalar | Class::Data => part.into(),
            });
            given.push(tokens(quote!(,)));
        }
        let mut arms = vec![tokens(quote!(#written =>)), host(given).into(), tokens(quote!(,))];
        arms.push(tokens(quote!(_ => __gradus_std::unreachable!())));
        let mut parts = host(vec![tokens(quote!(match)), data.clone().into(), Piece::Braces(host(arms))]);
        // Nothing can be moved out from behind a shared reference.
        let through_reference = self.reads_references(data);
        parts.pure &= through_reference || bound.iter().all(|binding| self.is_copied(binding));
        let whole = self.computed(parts, Class::Data, "parts", written.span());
        for (at, binding) in bound.into_iter().enumerate() {
            let member = Literal::usize_unsuffixed(at);
            let part = host(vec![Piece::Atom(whole.clone()), tokens(quote!(.#member))]);
            self.bind_part_of_data(binding, part, through_reference);
        }
    }

    /// `let pattern: type = data;`, as the user wrote it: what it borrows from lives as long.
    pub(super) fn bind_let_of_data(
        &mut self,
        pattern: &'t Pattern<'a>,
        written: &syn::Pat,
        mut data: HostExpression,
        span: Span,
    ) {
        let bound = self.bound_in(pattern, written);
        let names: Vec<(Ident, Ident)> = bound
            .iter()
            .map(|binding| {
                let name = &self.function.variables[binding.variable.0].name;
                let own = format!("{}_part_{}_", name.unraw(), self.values.len());
                (name.clone(), Ident::new(&own, Span::mixed_site()))
            })
            .collect();
        let through_reference = self.reads_references(&data);
        data.pure &= through_reference || bound.iter().all(|binding| self.is_copied(binding));
        let whole = self.value("parts", Class::Data, false);
        self.values[whole.0].pattern = Some(renamed(written, &names).to_token_stream());
        if let syn::Pat::Type(typed) = unguarded(pattern.written) {
            self.values[whole.0].declared = Some(typed.ty.to_token_stream());
        }
        self.push(StatementKind::Passive { out: Some(whole), host: data }, span);
        for (binding, (_, own)) in bound.into_iter().zip(names) {
            let known = &self.function.variables[binding.variable.0];
            let uses = Uses::At(std::collections::BTreeSet::new());
            let name = Name { ident: own.clone(), stands_for: Named::Atom(Atom::Value(whole), 0), uses };
            let mut part = host(vec![tokens(own)]);
            part.names.push(name);
            if self.class_bound(&known.ty) == Class::Float {
                part = host(vec![Piece::Number(part)]);
            }
            self.bind_part_of_data(binding, part, through_reference);
        }
    }

    /// The variables that a pattern, or a part of one, binds: of alternatives that bind a name, the last.
    fn bound_in(&self, pattern: &'t Pattern<'a>, written: &syn::Pat) -> Vec<&'t Binding> {
        let mut words = Vec::new();
        super::passive::words_of(written.to_token_stream(), &mut words);
        let mut bound: Vec<&Binding> = Vec::new();
        for binding in pattern.bindings.iter().rev() {
            let name = |binding: &Binding| &self.function.variables[binding.variable.0].name;
            if words.contains(name(binding)) && !bound.iter().any(|known| name(known) == name(binding)) {
                bound.push(binding);
            }
        }
        bound.reverse();
        bound
    }

    /// Whether all data that a host expression looks at stands behind shared references.
    fn reads_references(&self, host: &HostExpression) -> bool {
        let mut reads = Vec::new();
        host.read(&mut reads);
        host.pure
            && !reads.is_empty()
            && reads.iter().all(|read| self.values[read.0].class != Class::Data || self.shared.contains(read))
            && reads.iter().any(|read| self.shared.contains(read))
    }

    /// Whether what a pattern binds is copied: what is moved out cannot be moved out again.
    fn is_copied(&self, binding: &Binding) -> bool {
        let ty = self.function.types.shallow(&self.function.variables[binding.variable.0].ty);
        matches!(ty, Ty::Float(_) | Ty::Int | Ty::Bool | Ty::Ref { mutable: false, .. })
    }

    /// What a variable holds that is bound to a part of data: a float is read through any shared reference; what else stands
    /// behind a reference is the user's data.
    fn class_bound(&self, ty: &Ty) -> Class {
        let ty = self.function.types.shallow(ty);
        if let Ty::Ref { mutable, inner } = &ty {
            return match self.class_bound(inner) {
                Class::Float if !mutable => Class::Float,
                Class::Float | Class::Scalar | Class::Data => Class::Data,
            };
        }
        // A number that turns out to be one by what is done with it may stand behind a reference, which the user's own
        // tokens take off.
        if ty.is_float() && !self.function.types.is_active(&ty) { Class::Data } else { class(&ty) }
    }

    fn bind_part_of_data(&mut self, binding: &Binding, part: HostExpression, through_reference: bool) {
        let known = &self.function.variables[binding.variable.0];
        let (name, ty) = (known.name.clone(), self.function.types.shallow(&known.ty));
        let class = if known.told_by_method { Class::Data } else { self.class_bound(&ty) };
        let out = self.value_after(&name, class);
        self.notes_ownership(out, &ty);
        if through_reference && class == Class::Data {
            self.shared.insert(out);
            self.owned.remove(&out);
        }
        if binding.mutable && class == Class::Data {
            self.changing.insert(out);
        }
        self.push(StatementKind::Passive { out: Some(out), host: part }, name.span());
        self.variables.insert(binding.variable.0, Meaning::Atom(Atom::Value(out)));
    }

    pub(super) fn part_of(
        &mut self,
        whole: &Meaning<'t, 'a>,
        of: &Part,
        written: &syn::Pat,
    ) -> Lowered<Meaning<'t, 'a>> {
        let span = written.span();
        match (whole, of) {
            (Meaning::Option(_, inside), Part::Front(0)) => Ok((**inside).clone()),
            (Meaning::Tuple(parts) | Meaning::List(parts), Part::Front(at)) if *at < parts.len() => {
                Ok(parts[*at].clone())
            }
            (Meaning::Tuple(parts) | Meaning::List(parts), Part::Back(at)) if *at <= parts.len() => {
                Ok(parts[parts.len() - at].clone())
            }
            (Meaning::List(parts), Part::Between(front, back)) if front + back <= parts.len() => {
                Ok(Meaning::List(parts[*front..parts.len() - back].to_vec()))
            }
            (Meaning::Place(place), Part::Front(at)) => Ok(Meaning::Place(Self::at_literal(place, *at))),
            (Meaning::Place(place), Part::Back(at)) => {
                let at = Literal::usize_unsuffixed(*at);
                // A value of its own: the length may change later.
                let at = Self::looked(place.clone(), quote!(.len() - #at));
                let at = self.computed(at, Class::Scalar, "at", span);
                Ok(Meaning::Place(place.part(Step::Index(host(vec![Piece::Atom(at)])))))
            }
            (Meaning::Place(place), Part::Between(front, back)) => {
                let [front, back] = [*front, *back].map(Literal::usize_unsuffixed);
                let end = Self::looked(place.clone(), quote!(.len() - #back));
                let end = self.computed(end, Class::Scalar, "n", span);
                let range = host(vec![tokens(quote!(#front..)), Piece::Atom(end)]);
                Ok(Meaning::Place(place.part(Step::Range(range))))
            }
            (Meaning::Place(place), Part::Field(at)) => {
                let member = Literal::usize_unsuffixed(*at);
                Ok(Meaning::Place(place.part(Step::Field(quote!(#member)))))
            }
            (Meaning::Passive(whole), Part::Front(at)) => {
                let at = Literal::usize_unsuffixed(*at);
                Ok(Meaning::Passive(host(vec![whole.clone().into(), tokens(quote!([#at]))])))
            }
            (Meaning::Passive(whole), Part::Back(at)) => {
                let at = Literal::usize_unsuffixed(*at);
                let length = host(vec![whole.clone().into(), tokens(quote!(.len() - #at))]);
                let at = self.computed(length, Class::Scalar, "at", span);
                Ok(Meaning::Passive(host(vec![whole.clone().into(), Piece::Index(at)])))
            }
            (Meaning::Passive(whole), Part::Field(at)) => {
                let member = Literal::usize_unsuffixed(*at);
                Ok(Meaning::Passive(host(vec![whole.clone().into(), tokens(quote!(.#member))])))
            }
            _ => unsupported(Reason::Pattern(shown(written)), span),
        }
    }

    /// A number, or a shared reference to one, which does not change while it is there.
    fn is_number(&self, ty: &Ty) -> bool {
        let Ty::Ref { mutable: false, inner } = ty else { return ty.is_float() };
        self.is_number(&self.function.types.shallow(inner))
    }

    fn bind_name(&mut self, pattern: &'t Pattern<'a>, name: &Ident, meaning: Meaning<'t, 'a>) -> Lowered<()> {
        // Hygiene apart, a pattern binds a name once.
        // Alternatives bind the same name, of which the last is seen.
        let mut bindings = pattern.bindings.iter().rev();
        let binding = bindings.find(|binding| self.function.variables[binding.variable.0].name == *name);
        let Some(binding) = binding else { return Ok(()) };
        let ty = self.function.types.shallow(&self.function.variables[binding.variable.0].ty);
        let meaning = if let Meaning::Atom(atom) = meaning {
            self.bound_atom(binding, name, &ty, atom)?
        } else if let Meaning::Place(place) = meaning {
            self.bound_place(binding, name, &ty, place)?
        } else if let Meaning::Passive(of) = meaning {
            self.bound_host(name, &ty, of)
        } else if matches!(meaning, Meaning::List(_)) && self.wants_storage(binding.variable) {
            Meaning::Place(self.materialized(&meaning, &name.to_string(), name.span())?)
        } else {
            meaning
        };
        if let Meaning::Place(place) = &meaning {
            self.bound.insert(place.storage);
        }
        if let Meaning::Atom(atom @ Atom::Value(id)) = &meaning
            && binding.mutable
            && self.is_data(atom)
        {
            self.changing.insert(*id);
        }
        self.variables.insert(binding.variable.0, meaning);
        Ok(())
    }

    fn bound_atom(
        &mut self,
        binding: &Binding,
        name: &Ident,
        ty: &Ty,
        atom: Atom,
    ) -> Lowered<Meaning<'t, 'a>> {
        let has_name = matches!(&atom, Atom::Value(id) if self.values[id.0].ident == *name);
        if self.lent.contains(&binding.variable.0) && !has_name {
            let out = self.data_named(name);
            self.values[out.0].declared = self.types.get(&binding.variable.0).cloned();
            self.changing.insert(out);
            let host = host(vec![Piece::Atom(atom)]);
            self.push(StatementKind::Passive { out: Some(out), host }, name.span());
            return Ok(Meaning::Atom(Atom::Value(out)));
        }
        // Data that active values go into.
        if self.is_data(&atom) && self.function.types.is_active(ty) {
            return self.made_of_data(atom, ty, name);
        }
        // An item that has no name of the user's yet.
        if let Atom::Value(id) = atom
            && self.is_data(&atom)
            && self.values[id.0].ident.to_string().ends_with('_')
        {
            if !self.takes_name(id, name) {
                return Ok(self.named_data(name, ty, host(vec![Piece::Atom(atom)])));
            }
            self.notes_ownership(id, ty);
            return Ok(Meaning::Atom(atom));
        }
        Ok(self.held_literal(binding.variable.0, Meaning::Atom(atom)))
    }

    fn bound_place(
        &mut self,
        binding: &Binding,
        name: &Ident,
        ty: &Ty,
        place: Place,
    ) -> Lowered<Meaning<'t, 'a>> {
        // A number read from a storage is read now.
        if self.is_number(ty) {
            return self.scalar(Meaning::Place(place), name.span()).map(Meaning::Atom);
        }
        if let Ty::Tuple(_) = ty {
            return self.settled(Meaning::Place(place), ty, name.span());
        }
        // What is changed, here or there, is copied.
        let changes = binding.mutable || self.is_local(&place);
        if matches!(ty, Ty::Sequence(..) | Ty::Struct(_) | Ty::Unknown(_))
            && !self.is_fresh(&place)
            && changes
        {
            return self.copied(place, ty, name).map(Meaning::Place);
        }
        Ok(Meaning::Place(place))
    }

    fn bound_host(&mut self, name: &Ident, ty: &Ty, of: HostExpression) -> Meaning<'t, 'a> {
        let class = class(&self.function.types.peeled(ty));
        if class != Class::Data {
            return Meaning::Atom(self.computed(of, class, &name.to_string(), name.span()));
        }
        let piece: Piece = of.into();
        let whole = if ty.is_reference() {
            vec![tokens(quote!(&)), piece]
        } else {
            vec![piece, tokens(quote!(.clone()))]
        };
        self.named_data(name, ty, host(whole))
    }

    /// Data under the user's name.
    fn named_data(&mut self, name: &Ident, ty: &Ty, host: HostExpression) -> Meaning<'t, 'a> {
        let out = self.data_named(name);
        if matches!(ty, Ty::Ref { mutable: false, .. }) {
            self.shared.insert(out);
        }
        self.push(StatementKind::Passive { out: Some(out), host }, name.span());
        Meaning::Atom(Atom::Value(out))
    }

    /// A value under the user's name, if it is data, or named after it.
    fn value_after(&mut self, name: &Ident, class: Class) -> ValueId {
        match class {
            Class::Data => self.data_named(name),
            Class::Float | Class::Scalar => self.value(&name.to_string(), class, false),
        }
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

/// A pattern that binds other names.
fn renamed(written: &syn::Pat, names: &[(Ident, Ident)]) -> syn::Pat {
    struct Rename<'n>(&'n [(Ident, Ident)]);
    impl syn::visit_mut::VisitMut for Rename<'_> {
        fn visit_pat_ident_mut(&mut self, pattern: &mut syn::PatIdent) {
            if let Some((_, own)) = self.0.iter().find(|(name, _)| *name == pattern.ident) {
                pattern.ident = own.clone();
            }
            syn::visit_mut::visit_pat_ident_mut(self, pattern);
        }

        fn visit_field_pat_mut(&mut self, field: &mut syn::FieldPat) {
            field.colon_token.get_or_insert_with(Default::default);
            syn::visit_mut::visit_field_pat_mut(self, field);
        }
    }
    let mut written = written.clone();
    syn::visit_mut::VisitMut::visit_pat_mut(&mut Rename(names), &mut written);
    written
}

/// A pattern without its guard.
pub(super) fn unguarded(pattern: &syn::Pat) -> &syn::Pat {
    match pattern {
        syn::Pat::Guard(guarded) => &guarded.pat,
        other => other,
    }
}

/// A part of a value, as a pattern has it.
pub(super) enum Part {
    /// The element at this index.
    Front(usize),
    /// So many from the back; the last is 1.
    Back(usize),
    /// What is left between so many in front and at the back.
    Between(usize, usize),
    /// A field of a tuple that is not taken apart yet.
    Field(usize),
}

/// The parts of a pattern, and the parts of the value that they are matched with; `rest @ ..` only if asked for.
pub(super) fn parts<'p>(
    written: &'p syn::Pat,
    meaning: &Meaning<'_, '_>,
    with_rest: bool,
) -> Lowered<Vec<(&'p syn::Pat, Part)>> {
    let elements = match written {
        syn::Pat::Tuple(syn::PatTuple { elems, .. }) | syn::Pat::Slice(syn::PatSlice { elems, .. }) => elems,
        syn::Pat::TupleStruct(some) if ["Some", "Ok"].iter().any(|name| some.path.is_ident(name)) => {
            &some.elems
        }
        // What an error holds is not there; `Err(_)` looks at nothing.
        syn::Pat::TupleStruct(error) if error.path.is_ident("Err") => {
            let inside =
                if ignores(error) { Ok(Vec::new()) } else { unsupported(Reason::Fallible, written.span()) };
            return inside;
        }
        _ => return unsupported(Reason::Pattern(shown(written)), written.span()),
    };
    let fields = matches!(written, syn::Pat::Tuple(_)) && !matches!(meaning, Meaning::Tuple(_));
    let count = elements.len();
    let rest = elements.iter().position(is_rest).unwrap_or(count);
    let mut parts = Vec::new();
    for (at, part) in elements.iter().enumerate() {
        match part {
            syn::Pat::Rest(_) => {}
            _ if at == rest && !with_rest => {}
            _ if at == rest => parts.push((part, Part::Between(rest, count - rest - 1))),
            _ if at > rest && fields => return unsupported(Reason::Pattern(shown(written)), written.span()),
            _ if at > rest => parts.push((part, Part::Back(count - at))),
            _ if fields => parts.push((part, Part::Field(at))),
            _ => parts.push((part, Part::Front(at))),
        }
    }
    Ok(parts)
}

/// Whether a pattern looks at nothing of what is inside.
pub(super) fn ignores(pattern: &syn::PatTupleStruct) -> bool {
    pattern.elems.iter().all(|part| matches!(part, syn::Pat::Wild(_) | syn::Pat::Rest(_)))
}

/// A name and nothing else.
fn is_name(written: &syn::Pat) -> bool {
    matches!(written, syn::Pat::Ident(syn::PatIdent { subpat: None, .. }) | syn::Pat::Wild(_))
}

/// A pattern of the user's types.
fn takes_data_apart(written: &syn::Pat) -> bool {
    match written {
        syn::Pat::Struct(_) | syn::Pat::TupleStruct(_) => true,
        syn::Pat::Reference(syn::PatReference { pat: inner, .. })
        | syn::Pat::Paren(syn::PatParen { pat: inner, .. }) => takes_data_apart(inner),
        syn::Pat::Or(or) => or.cases.iter().any(takes_data_apart),
        _ => false,
    }
}

/// Whether parts of a value are borrowed, but for those that stay so.
fn is_parted(meaning: &Meaning<'_, '_>, stays: &dyn Fn(usize) -> bool) -> bool {
    meaning
        .parts()
        .iter()
        .any(|part| if let Meaning::Borrow(of) = part { !stays(of.0) } else { is_parted(part, stays) })
}

/// Whether a pattern binds by `ref mut`.
pub(super) fn has_ref_mut(written: &syn::Pat) -> bool {
    struct Find(bool);
    impl<'ast> syn::visit::Visit<'ast> for Find {
        fn visit_pat_ident(&mut self, name: &'ast syn::PatIdent) {
            self.0 |= name.by_ref.is_some() && name.mutability.is_some();
            syn::visit::visit_pat_ident(self, name);
        }
    }
    let mut find = Find(false);
    syn::visit::Visit::visit_pat(&mut find, written);
    find.0
}

/// `..` or `rest @ ..`.
pub(super) fn is_rest(part: &syn::Pat) -> bool {
    match part {
        syn::Pat::Rest(_) => true,
        syn::Pat::Ident(name) => {
            matches!(&name.subpat, Some((_, inner)) if matches!(**inner, syn::Pat::Rest(_)))
        }
        _ => false,
    }
}
